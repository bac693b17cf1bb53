//! Ending the link, erasing, and the answer to the question whose account is linked.

use axum::{extract::State, http::StatusCode};
use queunir_core::link::{PageState, PartingKind};
use queunir_db::slice::{audit, partings};
use queunir_service::{ApiError, Json, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Human, Owner};
use crate::{app::App, browser::Command, parting::action};

/// Ends the link: the browser is closed and its profile, which is the credential, deleted. Messages and files stay.
/// The phone still lists the device until somebody removes it there; WhatsApp Web offers us no way to do that.
#[utoipa::path(post, path = "/api/status/disconnect", tag = "status", responses(
    (status = 202), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn disconnect(State(app): State<App>, Owner(user): Owner) -> Result<StatusCode, ApiError> {
    part(&app, PartingKind::Disconnect, user).await
}

/// What is to be erased, said twice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wipe {
    /// The word `erase`.
    confirm: String,
}

/// Ends the link and erases every chat, message and file; the record of who did what stays. Steps come with the
/// snapshot `link`.
#[utoipa::path(post, path = "/api/status/wipe", tag = "status", request_body = Wipe, responses(
    (status = 202), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn wipe(State(app): State<App>, Owner(user): Owner, Json(body): Json<Wipe>) -> Result<StatusCode, ApiError> {
    if body.confirm != "erase" {
        return Err(ApiError::rejected("not_confirmed", "say that everything is to be erased"));
    }
    part(&app, PartingKind::Wipe, user).await
}

/// What becomes of the stored data.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// It is the same business: they stay, and what comes is added.
    Keep,
    /// They are erased first.
    Wipe,
    /// Nothing is stored of this account: the link ends.
    Disconnect,
}

/// The answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountAnswer {
    /// What becomes of the stored data.
    answer: Whose,
}

/// Answers whose account is linked; until then nothing of it is stored.
#[utoipa::path(post, path = "/api/status/account", tag = "status", request_body = AccountAnswer, responses(
    (status = 202), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn account(
    State(app): State<App>,
    Owner(user): Owner,
    Json(body): Json<AccountAnswer>,
) -> Result<StatusCode, ApiError> {
    if app.link.state() != PageState::OtherAccount {
        return Err(ApiError::conflict("not_asked", "nobody asks whose account is linked"));
    }
    match body.answer {
        Whose::Wipe => part(&app, PartingKind::WipeData, user).await,
        Whose::Disconnect => part(&app, PartingKind::Disconnect, user).await,
        Whose::Keep => {
            let mut tx = app.db.begin().await?;
            audit::note(&mut tx, user, "other_account", "kept").await?;
            tx.commit().await?;
            super::status::order(&app, Command::SameAccount)
        }
    }
}

/// Goes on in our window although WhatsApp is open in another one; a person decides that.
#[utoipa::path(post, path = "/api/status/use-here", tag = "status", responses(
    (status = 202), (status = 409, body = Problem)))]
pub async fn use_here(State(app): State<App>, Human(user): Human) -> Result<StatusCode, ApiError> {
    if app.link.state() != PageState::Conflict {
        return Err(ApiError::conflict("no_other_window", "WhatsApp is not open in another window"));
    }
    let mut tx = app.db.begin().await?;
    audit::note(&mut tx, user, "use_here", "asked").await?;
    tx.commit().await?;
    super::status::order(&app, Command::UseHere)
}

async fn part(app: &App, kind: PartingKind, user: queunir_core::id::UserId) -> Result<StatusCode, ApiError> {
    let mut tx = app.db.begin().await?;
    if partings::ask(&mut tx, kind, user, app.now()).await?.is_none() {
        return Err(ApiError::conflict("parting_under_way", "that is being done already"));
    }
    audit::note(&mut tx, user, action(kind), "asked").await?;
    tx.commit().await?;
    app.set_parting(true);
    super::status::order(app, Command::Part)
}
