//! Connecting and disconnecting WhatsApp: writes what is wanted, nothing else.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{extract::State, http::StatusCode};
use queunir_core::{
    link::ReadingMode,
    slice::{Queue, SliceView, Trouble},
    user::Role,
};
use queunir_db::control::{
    capacity::{self, Outlook},
    events::{self, NewEvent},
    wanted::{self, Wish},
};
use queunir_service::{ApiError, Json, Problem, request_id};
use rand::Rng;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{App, Changed},
    client_address::ClientAddress,
    tenant::{Caller, TenantCtx},
};

/// The consent text in force; older ones have to be read again.
const CONSENT: &str = "2026-11";

/// So many may wait for a place on the host; who comes later is sent away. Longer, and the last one waits for a day.
const LONGEST_QUEUE: u32 = 100;
/// When to ask again, in seconds; spread, so that those who were sent away do not come back together (ORC-01).
const COME_BACK: std::ops::RangeInclusive<u64> = 30..=60;

/// How often somebody was told that the host is full, since this gateway started.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    /// Whose wish is kept.
    pub(crate) queued: AtomicU64,
    /// Whose is not.
    pub(crate) sent_away: AtomicU64,
}

/// The choice made at linking.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectRequest {
    /// Whether Queunir may open chats by itself; needed the first time.
    #[serde(default)]
    reading_mode: Option<ReadingMode>,
    /// Version of the consent text that was accepted; needed the first time.
    #[serde(default)]
    accepted: Option<String>,
}

/// What happens now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ConnectStatus {
    /// A slice is being made.
    Provisioned,
    /// The slice that is there starts its browser.
    Initializing,
}

/// Accepted; the phases arrive over `/api/events`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Connecting {
    /// What happens now.
    status: ConnectStatus,
}

/// Wants the caller's slice linked. Repeating it changes nothing but the time of the wish.
///
/// On a host that is full the answer is 429 `host_full`. With `queue` in it the wish is kept: the place in the queue
/// arrives over `/api/events`, and asking again neither helps nor harms. Without, too many wait already, and nothing is
/// kept.
#[utoipa::path(post, path = "/api/connect", tag = "connection", request_body = ConnectRequest, responses(
    (status = 202, body = Connecting),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn connect(
    State(app): State<App>,
    caller: Caller,
    address: ClientAddress,
    Json(body): Json<ConnectRequest>,
) -> Result<(StatusCode, Json<Connecting>), ApiError> {
    if caller.role != Role::Owner {
        return Err(ApiError::Forbidden { code: "owner_only", message: "only the owner connects WhatsApp" });
    }
    let chosen_before = caller.place.as_ref().is_some_and(|place| place.reading_mode.is_some());
    match body.accepted.as_deref() {
        None if chosen_before => {}
        Some(CONSENT) => {}
        _ => return Err(ApiError::rejected("consent_required", "the text about the risks has to be accepted first")),
    }
    if body.reading_mode.is_none() && !chosen_before {
        return Err(ApiError::rejected("reading_mode_required", "choose how messages are read first"));
    }
    let mut tx = app.db.begin().await?;
    let wish = Wish {
        user: caller.user,
        reading_mode: body.reading_mode,
        locale: &caller.locale,
        time_zone: &caller.time_zone,
    };
    let Some(wanted) = wanted::want_linked(&mut tx, &wish).await? else {
        return Err(ApiError::conflict("being_deleted", "this account's data are being deleted"));
    };
    let outlook = capacity::outlook(&mut tx, wanted.slice).await?;
    if let Outlook::Full(Queue { position, .. }) = outlook
        && position > LONGEST_QUEUE
    {
        drop(tx);
        app.refusals.sent_away.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(position, "the host's queue is full; somebody is sent away");
        return Err(ApiError::HostFull { queue: None, retry_after_s: come_back() });
    }
    let id = request_id::current();
    let event = NewEvent {
        kind: "connect_wanted",
        user: Some(caller.user),
        slice: Some(wanted.slice),
        ip: Some(address.0),
        request_id: id.as_ref().map(request_id::RequestId::as_str),
        detail: serde_json::json!({"reading_mode": body.reading_mode, "consent": body.accepted}),
    };
    events::insert(&mut tx, &event).await?;
    tx.commit().await?;
    app.hint(Changed::User(caller.user));
    if let Outlook::Full(queue) = outlook {
        app.refusals.queued.fetch_add(1, Ordering::Relaxed);
        return Err(ApiError::HostFull { queue: Some(queue), retry_after_s: come_back() });
    }
    let status = if wanted.added { ConnectStatus::Provisioned } else { ConnectStatus::Initializing };
    Ok((StatusCode::ACCEPTED, Json(Connecting { status })))
}

#[expect(clippy::disallowed_methods, reason = "spreads clients; no test depends on where")]
fn come_back() -> u64 {
    rand::rng().random_range(COME_BACK)
}

/// Wants no browser any more; data stay.
#[utoipa::path(post, path = "/api/connection/cancel", tag = "connection", responses(
    (status = 204),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn cancel(
    State(app): State<App>,
    tenant: TenantCtx,
    address: ClientAddress,
) -> Result<StatusCode, ApiError> {
    let mut tx = app.db.begin().await?;
    if wanted::want_no_browser(&mut tx, tenant.place.slice).await? {
        let id = request_id::current();
        let event = NewEvent {
            kind: "connect_cancelled",
            user: Some(tenant.user),
            slice: Some(tenant.place.slice),
            ip: Some(address.0),
            request_id: id.as_ref().map(request_id::RequestId::as_str),
            ..NewEvent::default()
        };
        events::insert(&mut tx, &event).await?;
    }
    tx.commit().await?;
    app.hint(Changed::User(tenant.user));
    Ok(StatusCode::NO_CONTENT)
}

/// The orchestrator's view of the caller's slice; empty while there is none.
#[utoipa::path(get, path = "/api/connection", tag = "connection", responses(
    (status = 200, body = SliceView),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn connection(State(app): State<App>, caller: Caller) -> Result<Json<SliceView>, ApiError> {
    let Some(place) = &caller.place else { return Ok(Json(NO_SLICE)) };
    let mut tx = app.db.begin().await?;
    let view = wanted::find_view(&mut tx, place.slice).await?.unwrap_or(NO_SLICE);
    let trouble = app.storage.is_short().then_some(Trouble::StorageFull).or(view.trouble);
    Ok(Json(SliceView { trouble, ..view }))
}

/// What a user without a slice sees.
pub(crate) const NO_SLICE: SliceView = SliceView {
    desired: None,
    phase: None,
    stop_reason: None,
    wanted_at: None,
    phase_since: None,
    queue: None,
    trouble: None,
};
