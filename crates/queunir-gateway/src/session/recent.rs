//! What may be done only shortly after the password was given: a session that somebody else sits down at, or that was
//! stolen, is not enough to end a link or to erase anything (AUTH-12).

use http::{HeaderMap, Method};
use queunir_db::control::sessions;
use queunir_service::ApiError;

use super::cookie;
use crate::app::App;

/// How long ago the sign-in may be, in seconds.
const RECENT_S: i64 = 5 * 60;

/// Of the slices' paths, those that end the link or erase.
const GRAVE: [&str; 3] = ["/api/status/account", "/api/status/disconnect", "/api/status/wipe"];

/// Whether a request wants a sign-in of the last five minutes.
pub(crate) fn is_wanted(method: &Method, path: &str) -> bool {
    *method == Method::POST && GRAVE.contains(&path)
}

/// Refuses with `sign_in_again` if the session was begun earlier. Signing in again begins a new one.
///
/// # Errors
/// The refusal, or a database that does not answer.
pub(crate) async fn require(app: &App, headers: &HeaderMap) -> Result<(), ApiError> {
    let token = cookie::token(headers).ok_or(ApiError::Unauthenticated)?;
    let mut tx = app.db.begin().await?;
    if sessions::is_younger(&mut tx, &token, RECENT_S).await? {
        return Ok(());
    }
    Err(ApiError::Forbidden { code: "sign_in_again", message: "give your password again first" })
}
