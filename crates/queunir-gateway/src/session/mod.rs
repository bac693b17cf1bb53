//! Signing up, in and out.

mod auth_log;
pub(crate) mod cookie;
pub(crate) mod hasher;
mod limits;
pub(crate) mod lookup;
pub(crate) mod memory;
mod password;
pub(crate) mod recent;
mod register;
mod sign_in;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use queunir_core::{id::UserId, user::Me};
use queunir_db::control::{
    ControlTx,
    events::{self, NewEvent},
    sessions::{self, NewSession},
    users,
};
use queunir_service::{ApiError, Json, Problem, request_id};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::{App, Changed},
    client_address::ClientAddress,
    tenant::Caller,
};

pub(crate) use register::{__path_register, register};
pub(crate) use sign_in::{__path_login, login};

/// Days without a request after which a session ends (architecture, decision 11).
const IDLE_S: i64 = 7 * 24 * 3_600;
/// Days after which a session ends in any case.
const ABSOLUTE_S: i64 = 30 * 24 * 3_600;
/// Characters kept of what a browser calls itself.
const USER_AGENT: usize = 300;
/// Languages the app speaks.
const LOCALES: [&str; 3] = ["en", "pt-BR", "es"];

/// The signed-in user.
#[utoipa::path(get, path = "/auth/me", tag = "session", responses(
    (status = 200, body = Me),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn me(State(app): State<App>, caller: Caller) -> Result<Json<Me>, ApiError> {
    let mut tx = app.db.begin().await?;
    Ok(Json(users::find_me(&mut tx, caller.user).await?.ok_or(ApiError::Unauthenticated)?))
}

/// What a user may change of themselves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeChange {
    /// Language of the app: `en`, `pt-BR` or `es`.
    locale: String,
}

/// Changes the language of the app.
#[utoipa::path(put, path = "/auth/me", tag = "session", request_body = MeChange, responses(
    (status = 200, body = Me),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn change_me(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<MeChange>,
) -> Result<Json<Me>, ApiError> {
    if !LOCALES.contains(&body.locale.as_str()) {
        return Err(ApiError::field("locale", "invalid"));
    }
    let mut tx = app.db.begin().await?;
    users::set_locale(&mut tx, caller.user, &body.locale).await?;
    let me = users::find_me(&mut tx, caller.user).await?.ok_or(ApiError::Unauthenticated)?;
    tx.commit().await?;
    app.hint(Changed::User(caller.user));
    Ok(Json(me))
}

/// Ends the session, if there is one; its streams end within seconds.
#[utoipa::path(post, path = "/auth/logout", tag = "session", responses((status = 204)))]
pub(crate) async fn logout(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    if let Some(token) = cookie::token(&headers) {
        let mut tx = app.db.begin().await?;
        let ended = sessions::delete(&mut tx, &token).await?;
        if let Some(user) = ended {
            record(&mut tx, "signed_out", Some(user), address).await?;
        }
        tx.commit().await?;
        // Only the user's own streams: anybody may send cookies that look like tokens.
        if let Some(user) = ended {
            app.hint(Changed::User(user));
        }
    }
    // Cookies are not cleared by the header: on localhost it would take those of other ports along.
    let cleared = HeaderValue::from_static("\"storage\"");
    Ok((
        StatusCode::NO_CONTENT,
        AppendHeaders([
            (header::SET_COOKIE, cookie::REMOVE),
            (header::HeaderName::from_static("clear-site-data"), cleared),
        ]),
    ))
}

/// What signing up and signing in answer: the user, with a fresh cookie.
pub(crate) type Signed = (StatusCode, AppendHeaders<[(header::HeaderName, HeaderValue); 1]>, Json<Me>);

/// A session that begins when the transaction is committed.
struct Begun {
    cookie: HeaderValue,
    /// Whose session the request had; it dies.
    replaced: Option<UserId>,
}

impl Begun {
    /// To be called after the commit: what dies is forgotten.
    fn committed(self, app: &App) -> AppendHeaders<[(header::HeaderName, HeaderValue); 1]> {
        if let Some(user) = self.replaced {
            app.hint(Changed::User(user));
        }
        AppendHeaders([(header::SET_COOKIE, self.cookie)])
    }
}

/// Gives `user` a new token; the one that came with the request dies (AUTH-05).
async fn begin_session(
    tx: &mut ControlTx,
    user: UserId,
    address: ClientAddress,
    headers: &HeaderMap,
) -> Result<Begun, ApiError> {
    let replaced = match cookie::token(headers) {
        Some(old) => sessions::delete(tx, &old).await?,
        None => None,
    };
    let token =
        cookie::Token::draw().map_err(|error| ApiError::internal(anyhow::anyhow!("no random bytes: {error}")))?;
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let session = NewSession {
        token: token.hash,
        user,
        idle_seconds: IDLE_S,
        absolute_seconds: ABSOLUTE_S,
        ip: Some(address.0),
        user_agent: user_agent.chars().take(USER_AGENT).collect(),
    };
    sessions::insert(tx, &session).await?;
    Ok(Begun { cookie: token.set_cookie(ABSOLUTE_S).map_err(ApiError::internal)?, replaced })
}

/// Adds a security event (AUTH-15).
async fn record(tx: &mut ControlTx, kind: &str, user: Option<UserId>, address: ClientAddress) -> Result<(), ApiError> {
    let id = request_id::current();
    let event = NewEvent {
        kind,
        user,
        ip: Some(address.0),
        request_id: id.as_ref().map(request_id::RequestId::as_str),
        ..NewEvent::default()
    };
    Ok(events::insert(tx, &event).await?)
}

#[cfg(test)]
mod tests {
    use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

    use super::*;
    use crate::app::fixture;

    async fn log_out(app: &App, cookie: &str) {
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(cookie).unwrap())]);
        let address = ClientAddress([203, 0, 113, 7].into());
        logout(State(app.clone()), address, headers).await.map(|_| ()).unwrap();
    }

    #[sqlx::test(migrations = false)]
    async fn signing_out_wakes_the_users_own_streams_and_a_cookie_of_nobody_wakes_none(
        _: PgPoolOptions,
        options: PgConnectOptions,
    ) {
        let app = fixture::app(options, None).await;
        let mut hints = app.changed.subscribe();
        log_out(&app, &format!("__Host-qn={}", "A".repeat(43))).await;
        assert!(hints.try_recv().is_err(), "a stranger woke every stream");

        let user = users::NewUser {
            id: UserId(uuid::Uuid::from_u128(7)),
            email: "ana@example.org".to_owned(),
            password_hash: String::new(),
            locale: "en".to_owned(),
            time_zone: "UTC".to_owned(),
        };
        let mut tx = app.db.begin().await.unwrap();
        assert!(users::insert(&mut tx, &user).await.unwrap());
        let address = ClientAddress([203, 0, 113, 7].into());
        let begun = begin_session(&mut tx, user.id, address, &HeaderMap::new()).await.unwrap();
        tx.commit().await.unwrap();
        log_out(&app, begun.cookie.to_str().unwrap().split(';').next().unwrap()).await;
        assert_eq!(hints.try_recv().unwrap(), Changed::User(user.id));
        assert!(hints.try_recv().is_err());
    }
}
