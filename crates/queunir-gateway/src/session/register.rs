//! Signing up.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use queunir_core::{id::UserId, user::Me};
use queunir_db::control::users::{self, NewUser};
use queunir_service::{ApiError, Json, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{LOCALES, Signed, auth_log, begin_session, limits::Attempt, password, record};
use crate::{app::App, client_address::ClientAddress};

/// Longest mail address (RFC 5321).
const LONGEST_EMAIL: usize = 254;

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registration {
    /// Mail address.
    email: String,
    /// 12 to 128 characters, none of the common ones.
    password: String,
    /// Language of the app: `en`, `pt-BR` or `es`.
    locale: String,
    /// IANA zone of the browser; one that this machine does not know becomes UTC.
    time_zone: String,
}

/// Makes an account and signs it in.
#[utoipa::path(post, path = "/auth/register", tag = "session", request_body = Registration, responses(
    (status = 201, body = Me),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn register(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    Json(body): Json<Registration>,
) -> Result<Signed, ApiError> {
    if !app.config.sign_up {
        return Err(ApiError::Forbidden { code: "sign_up_closed", message: "ask the operator for an account" });
    }
    let Registration { email, password, locale, time_zone } = body;
    let email = normal_email(&email);
    let fields = objections(&email, &password, &locale, &time_zone);
    if !fields.is_empty() {
        return Err(ApiError::Invalid { fields });
    }
    Attempt::sign_up(&app.config.limits, address).take(&app.db).await?;
    let user = NewUser {
        id: UserId(Uuid::new_v4()),
        password_hash: app.hasher.hash(password).await?,
        email,
        locale,
        time_zone: known_zone(&time_zone),
    };
    let mut tx = app.db.begin().await?;
    if !users::insert(&mut tx, &user).await? {
        auth_log::write("sign_up_refused", "email_taken", address, Some(&user.email));
        return Err(ApiError::conflict("email_taken", "this mail address has an account"));
    }
    let begun = begin_session(&mut tx, user.id, address, &headers).await?;
    record(&mut tx, "signed_up", Some(user.id), address).await?;
    let me = users::find_me(&mut tx, user.id).await?.ok_or(ApiError::Unauthenticated)?;
    tx.commit().await?;
    auth_log::write("sign_up", "ok", address, Some(&user.email));
    Ok((StatusCode::CREATED, begun.committed(&app), Json(me)))
}

/// The form under which a mail address is stored and looked for.
pub(super) fn normal_email(typed: &str) -> String {
    typed.trim().to_ascii_lowercase()
}

/// Whether no account can have it, by its length alone.
pub(super) fn is_too_long(email: &str) -> bool {
    email.len() > LONGEST_EMAIL
}

fn objections(email: &str, password: &str, locale: &str, time_zone: &str) -> BTreeMap<String, &'static str> {
    let email_objection = if is_too_long(email) {
        Some("too_long")
    } else if is_email(email) {
        None
    } else {
        Some("invalid")
    };
    let found = [
        ("email", email_objection),
        ("password", password::objection(password, email)),
        ("locale", (!LOCALES.contains(&locale)).then_some("invalid")),
        ("time_zone", (!is_zone_name(time_zone)).then_some("invalid")),
    ];
    found.into_iter().filter_map(|(field, code)| Some((field.to_owned(), code?))).collect()
}

/// Good enough to try a mail; only ASCII, so that two spellings are never one address.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let local_fits = (1..=64).contains(&local.len())
        && local.split('.').all(|part| !part.is_empty())
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b));
    let mut labels = 0;
    let domain_fits = domain.split('.').all(|label| {
        labels += 1;
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    local_fits && domain_fits && labels > 1
}

fn is_zone_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+-/".contains(&b))
}

fn known_zone(name: &str) -> String {
    if jiff::tz::TimeZone::get(name).is_ok() { name.to_owned() } else { "UTC".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_address_is_recognised_by_its_shape() {
        for good in ["ana@example.org", "a.b+c@sub.example.com.br", "o'hara@x-y.io"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "ana",
            "ana@",
            "@x.org",
            "a@b",
            "a b@x.org",
            "a@x..org",
            "a@-x.org",
            "a@x.org\n",
            "a@b@c.org",
            "á@x.org",
            ".a@x.org",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        assert_eq!(normal_email(" Ana@Example.ORG "), "ana@example.org");
    }

    #[test]
    fn a_zone_has_a_plain_name() {
        assert!(is_zone_name("America/Sao_Paulo") && is_zone_name("Etc/GMT+3"));
        assert!(!is_zone_name("") && !is_zone_name("../etc/passwd") && !is_zone_name("a b"));
    }
}
