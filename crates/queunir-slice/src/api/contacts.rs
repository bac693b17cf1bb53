//! What is known of the person or group behind a chat.

use axum::{extract::State, http::StatusCode};
use queunir_core::{contact::Contact, id::ChatId, link::PageState};
use queunir_db::slice::{contacts, members};
use queunir_service::{ApiError, Json, Path, Problem};

use super::{chats::find, failed};
use crate::{app::App, people};

/// Answers what is known of a chat's person or group, each part with where and since when.
#[utoipa::path(get, path = "/api/chats/{id}/contact", tag = "chats", params(("id" = ChatId, Path)),
    responses((status = 200, body = Contact), (status = 404, body = Problem)))]
pub async fn contact(State(app): State<App>, Path(id): Path<ChatId>) -> Result<Json<Contact>, ApiError> {
    find(&app, id).await?;
    let mut tx = app.db.begin().await?;
    let facts = contacts::facts(&mut tx, id).await?;
    let panel = contacts::panel(&mut tx, id).await?;
    let members = members::of(&mut tx, id).await?;
    Ok(Json(Contact {
        chat_id: id,
        facts,
        panel: panel.state(),
        read_at: panel.read_at,
        number_hidden: panel.number_hidden,
        members,
    }))
}

/// Reads the chat's info panel again, as soon as the page is free and the chat may be open; an event tells when.
#[utoipa::path(post, path = "/api/chats/{id}/contact/read", tag = "chats", params(("id" = ChatId, Path)),
    responses((status = 202), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn read(State(app): State<App>, Path(id): Path<ChatId>) -> Result<StatusCode, ApiError> {
    may_be_read(&app, id).await?;
    people::ask(&app, id).await.map_err(failed)?;
    Ok(StatusCode::ACCEPTED)
}

/// Reads all members of a group, which WhatsApp shows in a dialog of its own; otherwise like reading the info panel.
#[utoipa::path(post, path = "/api/chats/{id}/contact/members", tag = "chats", params(("id" = ChatId, Path)),
    responses((status = 202), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn read_members(State(app): State<App>, Path(id): Path<ChatId>) -> Result<StatusCode, ApiError> {
    may_be_read(&app, id).await?;
    people::ask_all_members(&app, id).await.map_err(failed)?;
    Ok(StatusCode::ACCEPTED)
}

async fn may_be_read(app: &App, id: ChatId) -> Result<(), ApiError> {
    if find(app, id).await?.ambiguous {
        return Err(ApiError::conflict("ambiguous_chat", "two chats share this name"));
    }
    if app.link.state() != PageState::Linked || app.page().is_none() {
        return Err(ApiError::conflict("not_linked", "whatsapp is not connected"));
    }
    Ok(())
}
