//! The tenant's own choices.

use axum::extract::State;
use queunir_core::link::ReadingMode;
use queunir_db::slice::settings;
use queunir_service::{ApiError, Json, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Human;
use crate::app::{App, READING_MODE};

/// How chats are read.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadingModeSetting {
    /// `background` or `on_open`.
    pub reading_mode: ReadingMode,
}

/// Answers how chats are read.
#[utoipa::path(get, path = "/api/settings/reading-mode", tag = "settings",
    responses((status = 200, body = ReadingModeSetting)))]
pub async fn reading_mode(State(app): State<App>) -> Json<ReadingModeSetting> {
    Json(ReadingModeSetting { reading_mode: app.mode() })
}

/// Changes how chats are read, and keeps who changed it on record.
#[utoipa::path(put, path = "/api/settings/reading-mode", tag = "settings", request_body = ReadingModeSetting,
    responses((status = 200, body = ReadingModeSetting), (status = 422, body = Problem)))]
pub async fn set_reading_mode(
    State(app): State<App>,
    Human(user): Human,
    Json(body): Json<ReadingModeSetting>,
) -> Result<Json<ReadingModeSetting>, ApiError> {
    let value = serde_json::to_value(body.reading_mode).map_err(ApiError::internal)?;
    let mut tx = app.db.begin().await?;
    settings::set(&mut tx, READING_MODE, &value, Some(user), app.now()).await?;
    tx.commit().await?;
    app.set_mode(body.reading_mode);
    Ok(Json(body))
}
