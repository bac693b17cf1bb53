//! The simulator itself: how it is, what truly happened, what goes wrong on purpose, and its speed.

use std::convert::Infallible;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use serde::{Deserialize, Serialize};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;
use utoipa::ToSchema;

use super::{Answer, App, ProblemBody};
use crate::hub::{Disturbance, Lag, Look, PhoneEvent, SimError, Trouble};
use crate::ledger::Ledger;

/// How the simulator is.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `ok` when it answers.
    status: &'static str,
    /// How late its own scheduler runs.
    lag: Lag,
    /// The present factor.
    speed: f64,
    /// Accounts it holds.
    accounts: usize,
    /// Pages connected now.
    pages: usize,
    /// Since the start.
    uptime_ms: u64,
}

/// Says how the simulator is and how late it runs.
#[utoipa::path(get, path = "/_sim/health", responses((status = 200, body = Health)))]
pub(super) async fn health(State(hub): App) -> Json<Health> {
    Json(hub.with(|inner| Health {
        status: "ok",
        lag: inner.lag(),
        speed: inner.clock.speed(),
        accounts: inner.world.accounts.len(),
        pages: inner.page_count(),
        uptime_ms: u64::try_from(inner.uptime().as_millis()).unwrap_or(u64::MAX),
    }))
}

/// This description.
#[utoipa::path(get, path = "/_sim/openapi.json", responses((status = 200, body = serde_json::Value)))]
pub(super) async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(super::openapi())
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(super) struct LedgerQuery {
    /// Only this account.
    account: Option<String>,
}

/// Everything that truly happened.
#[utoipa::path(get, path = "/_sim/ledger", params(LedgerQuery), responses((status = 200, body = Ledger)))]
pub(super) async fn ledger(State(hub): App, Query(query): Query<LedgerQuery>) -> Json<Ledger> {
    Json(hub.with(|inner| Ledger::of(&inner.world, query.account.as_deref())))
}

/// What goes wrong on purpose now.
#[utoipa::path(get, path = "/_sim/trouble", responses((status = 200, body = Trouble)))]
pub(super) async fn get_trouble(State(hub): App) -> Json<Trouble> {
    Json(hub.with(|inner| inner.trouble))
}

/// Sets every switch; those left out are switched off.
#[utoipa::path(post, path = "/_sim/trouble", request_body = Trouble, responses((status = 200, body = Trouble)))]
pub(super) async fn set_trouble(State(hub): App, Json(trouble): Json<Trouble>) -> Json<Trouble> {
    hub.with(|inner| inner.trouble = trouble);
    Json(trouble)
}

/// What the page looks like.
#[utoipa::path(get, path = "/_sim/look", responses((status = 200, body = Look)))]
pub(super) async fn get_look(State(hub): App) -> Json<Look> {
    Json(hub.with(|inner| inner.look.clone()))
}

/// Sets what the page looks like; what is left out goes back to the usual. Open pages keep theirs until loaded again.
#[utoipa::path(post, path = "/_sim/look", request_body = Look,
    responses((status = 200, body = Look), (status = 422, body = ProblemBody)))]
pub(super) async fn set_look(State(hub): App, Json(look): Json<Look>) -> Answer<Look> {
    hub.with(|inner| inner.set_look(look.clone()))?;
    Ok(Json(look))
}

/// How many pages something happened to.
#[derive(Serialize, ToSchema)]
pub(super) struct Disturbed {
    pages: usize,
}

/// Lets something happen to pages: a dialog, a hanging renderer, a blank page, a cut line.
#[utoipa::path(post, path = "/_sim/disturb", request_body = Disturbance, responses((status = 200, body = Disturbed)))]
pub(super) async fn disturb(State(hub): App, Json(what): Json<Disturbance>) -> Json<Disturbed> {
    Json(Disturbed { pages: hub.with(|inner| inner.disturb(&what)) })
}

/// The factor.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct Speed {
    speed: f64,
}

/// The present factor.
#[utoipa::path(get, path = "/_sim/speed", responses((status = 200, body = Speed)))]
pub(super) async fn get_speed(State(hub): App) -> Json<Speed> {
    Json(Speed { speed: hub.with(|inner| inner.clock.speed()) })
}

/// Changes the factor; waits under way go on at the new pace.
#[utoipa::path(post, path = "/_sim/speed", request_body = Speed,
    responses((status = 200, body = Speed), (status = 422, body = ProblemBody)))]
pub(super) async fn set_speed(State(hub): App, Json(body): Json<Speed>) -> Answer<Speed> {
    if !(body.speed.is_finite() && body.speed > 0.0) {
        return Err(SimError::Refused("the speed must be above zero").into());
    }
    let speed = hub.with(|inner| {
        inner.set_speed(body.speed);
        inner.clock.speed()
    });
    Ok(Json(Speed { speed }))
}

/// Says what changed, as server-sent events; the phone page looks again.
#[utoipa::path(get, path = "/_sim/events", responses((status = 200, content_type = "text/event-stream")))]
pub(super) async fn events(State(hub): App) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let stream = BroadcastStream::new(hub.watch()).filter_map(|item| {
        let event = match item {
            Ok(event) => event,
            Err(BroadcastStreamRecvError::Lagged(_)) => PhoneEvent::Everything,
        };
        Event::default().json_data(event).ok().map(Ok)
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}
