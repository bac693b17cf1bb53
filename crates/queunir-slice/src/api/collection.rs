//! Collecting the past: how far it is, its pause, and whether somebody works in the app.

use axum::{extract::State, http::StatusCode};
use queunir_core::collection::Collection;
use queunir_service::{ApiError, Json, Problem};
use serde::Deserialize;
use std::time::Duration;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Human;
use crate::{app::App, collection};

/// Answers how far collecting the past of all conversations is, counted now.
#[utoipa::path(get, path = "/api/settings/collection", tag = "settings", responses((status = 200, body = Collection)))]
pub async fn view(State(app): State<App>) -> Result<Json<Collection>, ApiError> {
    Ok(Json(collection::view(&app).await?))
}

/// Whether it is paused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CollectionPause {
    /// Paused until a person lets it go on.
    pub paused: bool,
}

/// Pauses collecting, or lets it go on and tries again what was given up; keeps who said so on record.
#[utoipa::path(put, path = "/api/settings/collection", tag = "settings", request_body = CollectionPause,
    responses((status = 200, body = Collection), (status = 422, body = Problem)))]
pub async fn pause(
    State(app): State<App>,
    Human(user): Human,
    Json(body): Json<CollectionPause>,
) -> Result<Json<Collection>, ApiError> {
    collection::pause(&app, body.paused, user).await?;
    Ok(Json(collection::view(&app).await?))
}

/// What somebody does in a window of the app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Touch {
    /// One per window of the app.
    pub window: Uuid,
    /// True when it was touched; false when it was closed or hidden.
    pub working: bool,
}

/// Somebody works in a window of the app, or leaves it: nothing is collected while somebody works, and for 15 seconds
/// after the last touch.
#[utoipa::path(post, path = "/api/status/presence", tag = "status", request_body = Touch, responses((status = 204)))]
pub async fn presence(State(app): State<App>, Json(body): Json<Touch>) -> StatusCode {
    if body.working {
        app.presence.works(body.window, Duration::from_millis(app.spec.collection.idle_ms));
    } else {
        app.presence.left(body.window);
    }
    app.wake_reading.notify_one();
    StatusCode::NO_CONTENT
}
