//! The past of a chat: older messages on demand, its gaps, and counts that can be checked.

use axum::{extract::State, http::StatusCode};
use jiff::Timestamp;
use queunir_core::{
    collection::Boundary,
    history::{Gap, OlderOutcome},
    id::{ChatId, GapId},
    link::{PageState, ReadingMode},
};
use queunir_db::slice::{collections, gaps, messages};
use queunir_service::{ApiError, Json, Path, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::{chats::find, failed};
use crate::{
    app::App,
    past::{gaps as retrying, older as loading},
    reading::ReadError,
};

/// What came of asking for older messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct OlderAnswer {
    /// In a word.
    pub outcome: OlderOutcome,
    /// How many messages are new; they arrive as events.
    pub messages: u32,
}

/// Loads older messages of a chat that somebody looks at, from WhatsApp or, when it has no more, from the phone.
///
/// The answer comes when it is over, within about two minutes; the progress is in the snapshot `activity`.
#[utoipa::path(post, path = "/api/chats/{id}/older", tag = "chats", params(("id" = ChatId, Path)),
    responses((status = 200, body = OlderAnswer), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn older(State(app): State<App>, Path(id): Path<ChatId>) -> Result<Json<OlderAnswer>, ApiError> {
    let chat = find(&app, id).await?;
    if chat.ambiguous {
        return Err(ApiError::conflict("ambiguous_chat", "two chats share this name"));
    }
    let Some(page) = app.page().filter(|_| app.link.state() == PageState::Linked) else {
        return Err(ApiError::conflict("not_linked", "whatsapp is not connected"));
    };
    if !app.viewers.chats(app.now()).contains(&id) {
        return Err(ApiError::conflict("not_open", "open the chat first"));
    }
    // It goes on if the caller hangs up, so that page and store agree.
    let task = app.clone();
    let (done, outcome) = tokio::sync::oneshot::channel();
    app.life.spawn(async move {
        let loaded = loading::load(&task, page.as_ref(), &chat).await;
        task.wake_reading.notify_one();
        let _caller_hung_up = done.send(loaded);
    });
    match outcome.await {
        Ok(Ok(Some(loaded))) => Ok(Json(OlderAnswer {
            outcome: loaded.outcome,
            messages: u32::try_from(loaded.messages).unwrap_or(u32::MAX),
        })),
        Ok(Ok(None)) => Err(ApiError::conflict("already_loading", "they are being loaded")),
        Ok(Err(ReadError::Page(error))) => {
            tracing::info!(%error, "older messages were not loaded");
            Err(ApiError::conflict("page_failed", "whatsapp did not show them"))
        }
        Ok(Err(ReadError::Ingest(error))) => Err(failed(error)),
        Err(_) => Err(ApiError::SliceUnavailable),
    }
}

/// What is stored of a chat's past.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChatHistory {
    /// Messages that were read in the conversation itself.
    pub messages: u64,
    /// Messages of which only the preview in the list is stored.
    pub provisional: u64,
    /// Gaps that are open, and those that were.
    pub gaps: Vec<Gap>,
    /// What was stored when the whole past was collected; absent while it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collected: Option<Collected>,
}

/// What was stored of a chat when its past was collected.
#[derive(Debug, Serialize, ToSchema)]
pub struct Collected {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Where its past ended.
    pub boundary: Boundary,
    /// Messages that were read in the conversation itself.
    pub messages: u32,
    /// Files of them that were stored.
    pub files: u32,
    /// Files that were not, whatever the reason.
    pub files_missing: u32,
}

/// Answers what is stored of a chat's past, in figures and gaps.
#[utoipa::path(get, path = "/api/chats/{id}/history", tag = "chats", params(("id" = ChatId, Path)),
    responses((status = 200, body = ChatHistory), (status = 404, body = Problem)))]
pub async fn of_chat(State(app): State<App>, Path(id): Path<ChatId>) -> Result<Json<ChatHistory>, ApiError> {
    find(&app, id).await?;
    let mut tx = app.db.begin().await?;
    let stored = messages::counts(&mut tx, id).await?;
    let gaps = gaps::list(&mut tx, id).await?.into_iter().map(|stored| stored.gap).collect();
    let collected = collections::collected(&mut tx, id).await?.map(|one| Collected {
        at: one.at,
        boundary: one.boundary,
        messages: one.messages,
        files: one.files,
        files_missing: one.files_missing,
    });
    Ok(Json(ChatHistory { messages: stored.rows, provisional: stored.provisional, gaps, collected }))
}

/// Tries to read a gap back at once; what comes of it arrives as `gap.updated`.
#[utoipa::path(post, path = "/api/chats/{id}/gaps/{gap}/retry", tag = "chats",
    params(("id" = ChatId, Path), ("gap" = GapId, Path)),
    responses((status = 202), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn retry_gap(State(app): State<App>, Path((id, gap)): Path<(ChatId, GapId)>) -> Result<StatusCode, ApiError> {
    find(&app, id).await?;
    let mut tx = app.db.begin().await?;
    let stored = gaps::find(&mut tx, gap).await?.filter(|stored| stored.gap.chat_id == id);
    drop(tx);
    if stored.is_none() {
        return Err(ApiError::NotFound("gap"));
    }
    if app.mode() == ReadingMode::OnOpen && !app.viewers.chats(app.now()).contains(&id) {
        return Err(ApiError::conflict("not_open", "open the chat first"));
    }
    if !retrying::ask(&app, gap).await.map_err(failed)? {
        return Err(ApiError::conflict("closed", "nothing is missing there any more"));
    }
    Ok(StatusCode::ACCEPTED)
}
