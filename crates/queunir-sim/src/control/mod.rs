//! The control API `/_sim`: what the phone page, tests and measurements ask of the simulator.

mod accounts;
mod machine;
mod talk;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::hub::{Hub, SimError};
use crate::scenario;

type App = State<Arc<Hub>>;
type Answer<T> = Result<Json<T>, Problem>;

/// The largest request body; a scenario of a thousand chats fits.
const BODY_MOST: usize = 32 << 20;

/// The description of this API, apart from its routes.
#[derive(OpenApi)]
#[openapi(info(title = "WhatsApp Web simulator", description = "Control API of the simulator."))]
struct Description;

/// The routes, each with its description; what is added by `route` instead would be missing in the document.
fn routes() -> OpenApiRouter<Arc<Hub>> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(machine::health))
        .routes(routes!(machine::openapi))
        .routes(routes!(machine::ledger))
        .routes(routes!(accounts::accounts, accounts::add_account))
        .routes(routes!(talk::incoming))
        .routes(routes!(talk::own))
        .routes(routes!(talk::chats))
        .routes(routes!(talk::to_chat))
        .routes(routes!(talk::messages))
        .routes(routes!(talk::to_message))
        .routes(routes!(talk::read))
        .routes(routes!(talk::typing))
        .routes(routes!(accounts::codes))
        .routes(routes!(accounts::scan))
        .routes(routes!(accounts::logout))
        .routes(routes!(machine::get_trouble, machine::set_trouble))
        .routes(routes!(machine::get_look, machine::set_look))
        .routes(routes!(machine::disturb))
        .routes(routes!(machine::get_speed, machine::set_speed))
        .routes(routes!(machine::events))
}

/// The description of everything under `/_sim`.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes().split_for_parts().1
}

/// Everything under `/_sim`.
pub fn router(hub: Arc<Hub>) -> Router {
    routes().split_for_parts().0.layer(DefaultBodyLimit::max(BODY_MOST)).with_state(hub)
}

/// Why a request was not carried out.
#[derive(Serialize, ToSchema)]
struct ProblemBody {
    /// Stable word for it.
    code: &'static str,
    /// A sentence.
    detail: String,
}

struct Problem(StatusCode, ProblemBody);

impl From<SimError> for Problem {
    fn from(error: SimError) -> Self {
        let (status, code) = match &error {
            SimError::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            SimError::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "refused"),
            SimError::CodeExpired => (StatusCode::GONE, "code_expired"),
            SimError::Ending => (StatusCode::SERVICE_UNAVAILABLE, "ending"),
            SimError::Journal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "journal"),
        };
        Self(status, ProblemBody { code, detail: error.to_string() })
    }
}

impl From<scenario::ScenarioError> for Problem {
    fn from(error: scenario::ScenarioError) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, ProblemBody { code: "scenario", detail: error.to_string() })
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}
