//! Signing in: the same answer, at the same cost, whether or not the account exists (AUTH-03).

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use queunir_core::user::Me;
use queunir_db::control::users;
use queunir_service::{ApiError, Json, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Signed, auth_log, begin_session,
    hasher::Verdict,
    limits::Attempt,
    record,
    register::{is_too_long, normal_email},
};
use crate::{app::App, client_address::ClientAddress};

/// More characters than any accepted password has.
const LONGEST_PASSWORD: usize = 128;

/// Mail address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// Mail address.
    email: String,
    /// Exactly as chosen.
    password: String,
}

/// Signs in; the token that came with the request dies.
#[utoipa::path(post, path = "/auth/login", tag = "session", request_body = SignIn, responses(
    (status = 200, body = Me),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn login(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    Json(body): Json<SignIn>,
) -> Result<Signed, ApiError> {
    let email = normal_email(&body.email);
    if is_too_long(&email) {
        return Err(ApiError::field("email", "too_long"));
    }
    if body.password.chars().count() > LONGEST_PASSWORD {
        return Err(ApiError::field("password", "too_long"));
    }
    let attempt = Attempt::sign_in(&app.config.limits, address, &email);
    if let Err(error) = attempt.take(&app.db).await {
        auth_log::write("throttled", "sign_in", address, Some(&email));
        return Err(error);
    }
    let mut tx = app.db.begin().await?;
    let known = users::find_credentials(&mut tx, &email).await?;
    // No connection is held while the hash is computed.
    drop(tx);
    let stored = known.as_ref().map(|known| known.password_hash.clone());
    let verdict = app.hasher.check(body.password, stored).await?;
    let mut tx = app.db.begin().await?;
    let (Verdict::Right { better }, Some(known)) = (verdict, known) else {
        record(&mut tx, "sign_in_failed", None, address).await?;
        tx.commit().await?;
        auth_log::write("login_failed", "bad_password", address, Some(&email));
        return Err(ApiError::BadCredentials);
    };
    attempt.give_back(&mut tx).await?;
    users::set_signed_in(&mut tx, known.user, better.as_deref()).await?;
    let begun = begin_session(&mut tx, known.user, address, &headers).await?;
    record(&mut tx, "signed_in", Some(known.user), address).await?;
    let me = users::find_me(&mut tx, known.user).await?.ok_or(ApiError::Unauthenticated)?;
    tx.commit().await?;
    auth_log::write("login", "ok", address, Some(&email));
    Ok((StatusCode::OK, begun.committed(&app), Json(me)))
}
