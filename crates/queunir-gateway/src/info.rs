//! What anybody may know: the app's configuration, the API description, health.

use axum::{extract::State, response::IntoResponse};
use queunir_service::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the app asks before it draws anything.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppConfig {
    /// Whether strangers may sign up.
    sign_up: bool,
    /// Whether plans and payments exist.
    billing: bool,
    /// The demo's phone page.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_url: Option<String>,
    /// Version of the executable.
    version: String,
}

/// Tells the app what exists here.
#[utoipa::path(get, path = "/api/config", tag = "app", responses((status = 200, body = AppConfig)))]
pub(crate) async fn app_config(State(app): State<App>) -> Json<AppConfig> {
    Json(AppConfig {
        sign_up: app.config.sign_up,
        billing: false,
        phone_url: app.config.phone_url.clone(),
        version: VERSION.to_owned(),
    })
}

/// A sign of life.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`.
    status: String,
    /// Version of the executable.
    version: String,
}

/// Answers while the gateway runs; looks at nothing else.
#[utoipa::path(get, path = "/health", tag = "app", responses((status = 200, body = Health)))]
pub(crate) async fn health() -> Json<Health> {
    Json(Health { status: "ok".to_owned(), version: VERSION.to_owned() })
}

/// The description of the whole API.
pub(crate) async fn openapi_document(State(app): State<App>) -> impl IntoResponse {
    axum::Json(app.config.openapi.clone())
}
