//! The link to WhatsApp: what it is, and orders to begin, to try again and to end it.

use axum::{extract::State, http::StatusCode};
use queunir_core::{link::Link, slice::StopReason};
use queunir_service::{ApiError, Json, Problem};
use serde::Deserialize;

use crate::{app::App, browser::Command};

/// Answers what is known of the link.
#[utoipa::path(get, path = "/api/status/state", tag = "status", responses((status = 200, body = Link)))]
pub async fn state(State(app): State<App>) -> Json<Link> {
    Json(app.link.now())
}

/// Wants a browser; nothing changes if one runs.
#[utoipa::path(post, path = "/api/status/initialize", tag = "status",
    responses((status = 202), (status = 503, body = Problem)))]
pub async fn initialize(State(app): State<App>) -> Result<StatusCode, ApiError> {
    order(&app, Command::Start)
}

/// Tries again after the codes have expired; starts a browser if none runs.
#[utoipa::path(post, path = "/api/status/retry", tag = "status",
    responses((status = 202), (status = 503, body = Problem)))]
pub async fn retry(State(app): State<App>) -> Result<StatusCode, ApiError> {
    order(&app, Command::Retry)
}

/// Why a browser is to end.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopBrowser {
    /// The reason that is shown.
    #[schema(value_type = String)]
    pub reason: StopReason,
}

/// Ends the browser; data and API stay. For the orchestrator only, and in no description of the public API.
pub async fn stop_browser(State(app): State<App>, Json(body): Json<StopBrowser>) -> Result<StatusCode, ApiError> {
    order(&app, Command::Stop(body.reason))
}

pub(super) fn order(app: &App, command: Command) -> Result<StatusCode, ApiError> {
    app.commands.try_send(command).map_err(|_| ApiError::Busy { retry_after_s: 1 })?;
    Ok(StatusCode::ACCEPTED)
}
