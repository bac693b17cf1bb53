//! Messages of a chat, page by page from the newest.

use axum::extract::State;
use queunir_core::{id::ChatId, message::Message};
use queunir_db::slice::messages::{self, StoredMessage};
use queunir_service::{ApiError, Json, Path, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::chats::find;
use crate::app::App;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
pub struct PageQuery {
    /// Messages before this place (`order_key`); absent for the newest.
    pub before: Option<String>,
    /// How many, 1 to 200; 50 if absent.
    pub limit: Option<u32>,
}

/// A page of messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessagePage {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// Whether older ones are stored.
    pub more: bool,
}

/// Answers a page of a chat's messages.
#[utoipa::path(get, path = "/api/chats/{id}/messages", tag = "messages", params(("id" = ChatId, Path), PageQuery),
    responses((status = 200, body = MessagePage), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn list(
    State(app): State<App>,
    Path(id): Path<ChatId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<MessagePage>, ApiError> {
    find(&app, id).await?;
    if query.before.as_ref().is_some_and(|before| before.contains('\0')) {
        return Err(ApiError::Malformed { code: "bad_query", message: "before is not a place".to_owned() });
    }
    let limit = query.limit.unwrap_or(50).clamp(1, 200) as usize;
    let mut tx = app.db.begin().await?;
    // One more than asked for tells whether there are more.
    let wanted = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let rows = messages::page(&mut tx, id, query.before.as_deref(), wanted).await?;
    let more = rows.len() > limit;
    let messages = rows.iter().skip(rows.len().saturating_sub(limit)).map(StoredMessage::message).collect();
    Ok(Json(MessagePage { messages, more }))
}
