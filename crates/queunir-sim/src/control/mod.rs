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
use axum::routing::{get, post};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::hub::{Hub, SimError};
use crate::scenario;

type App = State<Arc<Hub>>;
type Answer<T> = Result<Json<T>, Problem>;

/// The largest request body; a scenario of a thousand chats fits.
const BODY_MOST: usize = 32 << 20;

/// The routes under `/_sim`.
pub fn router(hub: Arc<Hub>) -> Router {
    Router::new()
        .route("/health", get(machine::health))
        .route("/openapi.json", get(async || Json(Api::openapi())))
        .route("/ledger", get(machine::ledger))
        .route("/accounts", get(accounts::accounts).post(accounts::add_account))
        .route("/accounts/{account}/incoming", post(talk::incoming))
        .route("/accounts/{account}/own", post(talk::own))
        .route("/accounts/{account}/chats", get(talk::chats))
        .route("/accounts/{account}/chats/{chat}", post(talk::to_chat))
        .route("/accounts/{account}/chats/{chat}/messages", get(talk::messages))
        .route("/accounts/{account}/chats/{chat}/messages/{key}", post(talk::to_message))
        .route("/accounts/{account}/chats/{chat}/read", post(talk::read))
        .route("/accounts/{account}/chats/{chat}/typing", post(talk::typing))
        .route("/codes", get(accounts::codes))
        .route("/scan", post(accounts::scan))
        .route("/logout", post(accounts::logout))
        .route("/trouble", get(machine::get_trouble).post(machine::set_trouble))
        .route("/look", get(machine::get_look).post(machine::set_look))
        .route("/disturb", post(machine::disturb))
        .route("/speed", get(machine::get_speed).post(machine::set_speed))
        .route("/events", get(machine::events))
        .layer(DefaultBodyLimit::max(BODY_MOST))
        .with_state(hub)
}

/// The description of this API.
#[derive(OpenApi)]
#[openapi(
    info(title = "WhatsApp Web simulator", description = "Control API of the simulator."),
    paths(
        machine::health,
        machine::ledger,
        accounts::accounts,
        accounts::add_account,
        talk::incoming,
        talk::own,
        talk::chats,
        talk::messages,
        talk::to_message,
        talk::to_chat,
        talk::read,
        talk::typing,
        accounts::codes,
        accounts::scan,
        accounts::logout,
        machine::get_trouble,
        machine::set_trouble,
        machine::get_look,
        machine::set_look,
        machine::disturb,
        machine::get_speed,
        machine::set_speed,
        machine::events
    )
)]
struct Api;

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
