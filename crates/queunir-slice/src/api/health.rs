//! What the orchestrator and the monitor look at.

use axum::extract::State;
use queunir_core::slice::SliceHealth;
use queunir_db::slice::{chats, messages, partings, vitals::count_contacts};
use queunir_service::{ApiError, Json, Problem};

use crate::{app::App, vitals};

/// Answers whether the slice works, and what its page shows.
#[utoipa::path(get, path = "/api/health", tag = "status",
    responses((status = 200, body = SliceHealth), (status = 503, body = Problem)))]
pub async fn health(State(app): State<App>) -> Result<Json<SliceHealth>, ApiError> {
    let mut tx = app.db.begin().await?;
    let (chats, messages) = (chats::count(&mut tx).await?, messages::count(&mut tx).await?);
    let (contacts, quiet) = (count_contacts(&mut tx).await?, vitals::is_quiet(&app, &mut tx).await?);
    let unlinked_at = partings::last_unlinked(&mut tx).await?;
    let link = app.link.now();
    Ok(Json(SliceHealth {
        status: "ok".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        generation: app.spec.generation,
        state: link.state,
        stop_reason: link.stop_reason,
        phone: link.phone,
        chats,
        messages,
        reader_alarm: *app.reader_alarm.borrow() || link.reader.is_some(),
        reader_misses: link.reader.map(|trouble| [trouble.unreadable, trouble.dead].concat()).unwrap_or_default(),
        condition: Some(link.condition),
        contacts,
        last_inbound_at: app.vitals.last_inbound_at(),
        browser_since: app.vitals.browser_since(),
        quiet,
        over_quota: app.storage.is_over_quota(),
        unlinked_at,
    }))
}
