//! Chats: the list, one of them, and somebody's look at it.

use axum::{extract::State, http::StatusCode};
use queunir_core::{
    chat::Chat,
    id::ChatId,
    link::{PageState, ReadingMode},
};
use queunir_db::slice::chats::{self, StoredChat};
use queunir_service::{ApiError, Json, Path, Problem};
use queunir_whatsapp::{PageError, Priority};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::failed;
use crate::{
    app::{App, is_unlisted},
    collection,
    reading::{self, ReadError},
    viewers::Looked,
};

/// All chats.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChatList {
    /// In the order of WhatsApp's list, those that are not in it last.
    pub chats: Vec<Chat>,
}

/// Answers all chats in the order of WhatsApp's list.
#[utoipa::path(get, path = "/api/chats", tag = "chats", responses((status = 200, body = ChatList)))]
pub async fn list(State(app): State<App>) -> Result<Json<ChatList>, ApiError> {
    let mut tx = app.db.begin().await?;
    let chats = chats::list(&mut tx).await?;
    Ok(Json(ChatList { chats: chats.iter().map(StoredChat::chat).collect() }))
}

/// Answers one chat.
#[utoipa::path(get, path = "/api/chats/{id}", tag = "chats", params(("id" = ChatId, Path)),
    responses((status = 200, body = Chat), (status = 404, body = Problem)))]
pub async fn one(State(app): State<App>, Path(id): Path<ChatId>) -> Result<Json<Chat>, ApiError> {
    Ok(Json(find(&app, id).await?.chat()))
}

/// Finds a chat or answers that there is none.
pub(super) async fn find(app: &App, id: ChatId) -> Result<StoredChat, ApiError> {
    let mut tx = app.db.begin().await?;
    chats::find(&mut tx, id).await?.ok_or(ApiError::NotFound("chat"))
}

/// Who looks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Viewer {
    /// One per window of the app.
    pub viewer: Uuid,
}

/// Whether the chat is open in WhatsApp now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Opened {
    /// Open, so that its messages arrive as they are written.
    pub opened: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

impl Opened {
    fn not(reason: &'static str) -> Json<Self> {
        Json(Self { opened: false, reason: Some(reason) })
    }
}

/// Somebody looks at a chat: it is opened in WhatsApp and stays open while this is repeated within 45 seconds.
#[utoipa::path(post, path = "/api/chats/{id}/open", tag = "chats", params(("id" = ChatId, Path)), request_body = Viewer,
    responses((status = 200, body = Opened), (status = 404, body = Problem)))]
pub async fn open(
    State(app): State<App>,
    Path(id): Path<ChatId>,
    Json(body): Json<Viewer>,
) -> Result<Json<Opened>, ApiError> {
    let chat = find(&app, id).await?;
    if chat.ambiguous {
        return Ok(Opened::not("ambiguous_chat"));
    }
    let looked = app.viewers.look(id, body.viewer, app.now());
    if looked == Looked::TooMany {
        return Err(ApiError::Busy { retry_after_s: 15 });
    }
    let Some(page) = app.page().filter(|_| app.link.state() == PageState::Linked) else {
        return Ok(Opened::not("not_linked"));
    };
    // A renewal does not take the page from a chat that somebody else looks at; news bring the page back.
    let open = app.open_chat();
    let shared = looked == Looked::Renewed && open.is_some_and(|open| app.viewers.chats(app.now()).contains(&open));
    let waits = chat.to_read_since.is_some() && chat.read_not_before.is_none_or(|at| at <= app.now());
    // Nor from one that is being collected while whoever looks does nothing.
    let aside = looked == Looked::Renewed && app.collection.chat().is_some() && app.mode() == ReadingMode::Background;
    if (open == Some(id) || shared || aside) && !waits {
        return Ok(Json(Opened { opened: true, reason: None }));
    }
    // There is nothing to read in it, and the page would have to be loaded again; the first message does that.
    if is_unlisted(&chat) {
        return Ok(Opened::not("unlisted"));
    }
    // The job goes on if the caller hangs up, so that page and store agree.
    let task = app.clone();
    let (done, outcome) = tokio::sync::oneshot::channel();
    app.life.spawn(async move {
        let read = reading::read_chat(&task, page.as_ref(), &chat, Priority::Open).await;
        task.wake_reading.notify_one();
        let _caller_hung_up = done.send(read);
    });
    match outcome.await {
        Ok(Ok(())) => Ok(Json(Opened { opened: true, reason: None })),
        Ok(Err(ReadError::Page(error))) => Ok(Opened::not(reason(&error))),
        Ok(Err(ReadError::Ingest(error))) => Err(failed(error)),
        Err(_) => Err(ApiError::SliceUnavailable),
    }
}

fn reason(error: &PageError) -> &'static str {
    match error {
        PageError::ChatNotFound => "chat_not_found",
        PageError::Ambiguous => "ambiguous_chat",
        PageError::NotLinked | PageError::Gone => "not_linked",
        PageError::Deadline => "page_busy",
        _ => "page_failed",
    }
}

/// Somebody stops looking; after the last one the chat is left in WhatsApp.
#[utoipa::path(post, path = "/api/chats/{id}/close", tag = "chats", params(("id" = ChatId, Path)), request_body = Viewer,
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn close(
    State(app): State<App>,
    Path(id): Path<ChatId>,
    Json(body): Json<Viewer>,
) -> Result<StatusCode, ApiError> {
    find(&app, id).await?;
    app.viewers.leave(id, body.viewer);
    collection::left_alone(&app, id);
    app.wake_reading.notify_one();
    Ok(StatusCode::NO_CONTENT)
}
