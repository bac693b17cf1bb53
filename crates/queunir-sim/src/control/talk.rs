//! Both sides of a conversation without a page: the customers, and the owner on the phone.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Answer, App, Problem, ProblemBody};
use crate::customer::{self, CustomerChat, CustomerMessage};
use crate::hub::{Incoming, SimError};
use crate::world::{ToChat, ToMessage};

/// The key a message got.
#[derive(Serialize, ToSchema)]
pub(super) struct Written {
    /// Chat id.
    chat: String,
    /// Key of the message.
    key: String,
}

/// A customer writes.
#[utoipa::path(post, path = "/_sim/accounts/{account}/incoming", request_body = Incoming,
    responses((status = 200, body = Written), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn incoming(
    State(hub): App,
    Path(account): Path<String>,
    Json(message): Json<Incoming>,
) -> Answer<Written> {
    let (chat, key) = hub.with(|inner| inner.incoming(&account, &message))?;
    Ok(Json(Written { chat, key }))
}

/// The owner writes on the phone itself, not through a linked page; `at` and `author` are not looked at.
#[utoipa::path(post, path = "/_sim/accounts/{account}/own", request_body = Incoming,
    responses((status = 200, body = Written), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn own(
    State(hub): App,
    Path(account): Path<String>,
    Json(message): Json<Incoming>,
) -> Answer<Written> {
    let key = hub.with(|inner| inner.own_phone(&account, &message))?;
    Ok(Json(Written { chat: message.chat, key }))
}

/// Something happens to a message: an edit, a deletion, a reaction, a vote, files that arrive, words that become readable.
#[utoipa::path(post, path = "/_sim/accounts/{account}/chats/{chat}/messages/{key}", request_body = ToMessage,
    responses((status = 204), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn to_message(
    State(hub): App,
    Path((account, chat, key)): Path<(String, String, String)>,
    Json(what): Json<ToMessage>,
) -> Result<StatusCode, Problem> {
    hub.with(|inner| inner.happens(&account, &chat, &key, what))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Something happens to a chat: another name, pinned, muted, archived, a phone that is off, people who come and go.
#[utoipa::path(post, path = "/_sim/accounts/{account}/chats/{chat}", request_body = ToChat,
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub(super) async fn to_chat(
    State(hub): App,
    Path((account, chat)): Path<(String, String)>,
    Json(what): Json<ToChat>,
) -> Result<StatusCode, Problem> {
    hub.with(|inner| inner.happens_to_chat(&account, &chat, what))?;
    Ok(StatusCode::NO_CONTENT)
}

/// The chats as their customers see them, newest first.
#[utoipa::path(get, path = "/_sim/accounts/{account}/chats",
    responses((status = 200, body = Vec<CustomerChat>), (status = 404, body = ProblemBody)))]
pub(super) async fn chats(State(hub): App, Path(account): Path<String>) -> Answer<Vec<CustomerChat>> {
    Ok(Json(hub.with(|inner| customer::chats(&inner.world, &account)).ok_or(SimError::NotFound("account"))?))
}

/// The last messages of a chat as its customer sees them.
#[utoipa::path(get, path = "/_sim/accounts/{account}/chats/{chat}/messages",
    responses((status = 200, body = Vec<CustomerMessage>), (status = 404, body = ProblemBody)))]
pub(super) async fn messages(
    State(hub): App,
    Path((account, chat)): Path<(String, String)>,
) -> Answer<Vec<CustomerMessage>> {
    let list = hub.with(|inner| customer::messages(&inner.world, &account, &chat));
    Ok(Json(list.ok_or(SimError::NotFound("chat"))?))
}

/// The customer reads: our messages are delivered, and get blue ticks unless the customer hides them.
#[utoipa::path(post, path = "/_sim/accounts/{account}/chats/{chat}/read",
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub(super) async fn read(
    State(hub): App,
    Path((account, chat)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    hub.with(|inner| {
        let chat = inner.find_chat(&account, &chat).ok_or(SimError::NotFound("chat"))?;
        inner.customer_reads(&account, &chat)
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the customer is typing.
#[derive(Deserialize, ToSchema)]
pub(super) struct TypingBody {
    on: bool,
}

/// The customer types, or stops.
#[utoipa::path(post, path = "/_sim/accounts/{account}/chats/{chat}/typing", request_body = TypingBody,
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub(super) async fn typing(
    State(hub): App,
    Path((account, chat)): Path<(String, String)>,
    Json(body): Json<TypingBody>,
) -> Result<StatusCode, Problem> {
    hub.with(|inner| inner.customer_types(&account, &chat, body.on))?;
    Ok(StatusCode::NO_CONTENT)
}
