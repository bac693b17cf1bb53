//! Beginning a chat by a telephone number.

use axum::{extract::State, http::StatusCode};
use jiff::Timestamp;
use queunir_core::{link::PageState, phone::PhoneNumber};
use queunir_db::slice::{first_contacts, settings};
use queunir_service::{ApiError, Json, Path, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Human, failed, pairing::refusal};
use crate::{
    app::App,
    first_contacts::{LOOK_UPS_PER_DAY, PER_DAY, SETTING, allowance},
    new_chats::{self, NewChat},
};

/// Whom to write to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginChat {
    /// One number in the international form, `+5511987654321`; separators are let through. A Brazilian mobile number
    /// may have its ninth digit or not.
    phone: String,
}

/// Opens the chat of a number, in WhatsApp if it is not known here; nothing is written. The same number while it is
/// being looked for answers the same again.
#[utoipa::path(post, path = "/api/new-chats", tag = "chats", request_body = BeginChat, responses(
    (status = 200, description = "It was there already", body = NewChat),
    (status = 202, description = "WhatsApp is asked", body = NewChat),
    (status = 409, body = Problem),
    (status = 422, body = Problem),
    (status = 429, body = Problem),
))]
pub async fn begin(
    State(app): State<App>,
    Human(user): Human,
    Json(body): Json<BeginChat>,
) -> Result<(StatusCode, Json<NewChat>), ApiError> {
    let number = PhoneNumber::parse(&body.phone).map_err(refusal)?;
    if let Some((chat, phone)) = new_chats::known(&app, &number).await.map_err(failed)? {
        return Ok((StatusCode::OK, Json(NewChat::known(&number, Some(phone), chat))));
    }
    if let Some(looking) = app.new_chats.looking().filter(|looking| number.is(&looking.number)) {
        return Ok((StatusCode::ACCEPTED, Json(looking)));
    }
    let Some(page) = app.page().filter(|_| app.link.state() == PageState::Linked) else {
        return Err(ApiError::conflict("not_linked", "whatsapp is not connected"));
    };
    let mut tx = app.db.begin().await?;
    let now = app.now();
    let (looked_up, free_at) = first_contacts::looked_up(&mut tx, now).await?;
    if looked_up >= LOOK_UPS_PER_DAY {
        return Err(limited("too_many_numbers", "so many numbers were looked up today that no more are", now, free_at));
    }
    let busy = || ApiError::conflict("new_chat_under_way", "another number is being looked for");
    let begun = app.new_chats.begin(&number).ok_or_else(busy)?;
    // On record first: what is not counted is not looked up.
    let noted = async {
        first_contacts::note_look_up(&mut tx, user, now).await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        app.new_chats.give_up(begun.id);
        return Err(error.into());
    }
    app.life.spawn(new_chats::look(app.clone(), page, user, number, begun.clone()));
    Ok((StatusCode::ACCEPTED, Json(begun)))
}

/// Answers how far a chat is that was begun by its number; the latest 20 are known until the slice restarts.
#[utoipa::path(get, path = "/api/new-chats/{id}", tag = "chats", params(("id" = Uuid, Path)),
    responses((status = 200, body = NewChat), (status = 404, body = Problem)))]
pub async fn one(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Json<NewChat>, ApiError> {
    app.new_chats.find(id).map(Json).ok_or(ApiError::NotFound("new chat"))
}

/// How many people who never wrote may be written to in a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct FirstContacts {
    /// The tenant's own limit.
    pub per_day: u32,
    /// The limit in force; lower while the account is new here.
    pub limit: u32,
    /// First messages of the last 24 hours, those that wait included.
    pub used: u32,
    /// When another may go out, if not now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_at: Option<Timestamp>,
}

/// The tenant's own limit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstContactsChoice {
    /// 1 to 20.
    pub per_day: u32,
}

/// Answers how many people who never wrote may be written to in a day, and how many were.
#[utoipa::path(get, path = "/api/settings/first-contacts", tag = "settings",
    responses((status = 200, body = FirstContacts)))]
pub async fn first_contacts(State(app): State<App>) -> Result<Json<FirstContacts>, ApiError> {
    let mut tx = app.db.begin().await?;
    let now = allowance(&mut tx, app.now(), None).await?;
    Ok(Json(FirstContacts { per_day: now.chosen, limit: now.limit, used: now.used, free_at: now.free_at }))
}

/// Changes the tenant's own limit, and keeps who changed it on record. It cannot be raised above the ceiling.
#[utoipa::path(put, path = "/api/settings/first-contacts", tag = "settings", request_body = FirstContactsChoice,
    responses((status = 200, body = FirstContacts), (status = 422, body = Problem)))]
pub async fn set_first_contacts(
    state: State<App>,
    Human(user): Human,
    Json(body): Json<FirstContactsChoice>,
) -> Result<Json<FirstContacts>, ApiError> {
    if !(1..=PER_DAY).contains(&body.per_day) {
        return Err(ApiError::field("per_day", "out_of_range"));
    }
    let mut tx = state.db.begin().await?;
    settings::set(&mut tx, SETTING, &body.per_day.into(), Some(user), state.now()).await?;
    tx.commit().await?;
    first_contacts(state).await
}

/// A refusal that says from when on it is none.
pub(super) fn limited(code: &'static str, message: &str, now: Timestamp, free_at: Option<Timestamp>) -> ApiError {
    let seconds = free_at.map_or(60, |at| at.duration_since(now).as_secs().saturating_add(1));
    ApiError::Limited { code, message: message.to_owned(), retry_after_s: u64::try_from(seconds).unwrap_or(1).max(1) }
}
