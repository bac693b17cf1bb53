//! Asking for an act on a message, taking it back, and deciding what nothing could prove.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use queunir_core::{
    act::{Act, ActState, Wish},
    id::{ActId, ChatId, MessageId, UserId},
};
use queunir_db::slice::{
    acts::{self, Step, StoredAct},
    chats, messages,
};
use queunir_service::{ApiError, Json, Path, Problem};
use queunir_whatsapp::is_one_emoji;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Human,
    chats::find,
    failed,
    outgoing::{checked, idempotency_key},
};
use crate::{
    acts::{may_open, record},
    app::App,
};

/// Most acts that wait at once; a person does not come near it.
const MOST_WAITING: i64 = 50;

/// Queues an act on a message; the same key with the same wish answers the same again.
///
/// In the reading mode *only what I open* somebody has to have the message's chat open.
#[utoipa::path(post, path = "/api/messages/{id}/acts", tag = "messages", request_body = Wish,
    params(("id" = MessageId, Path), ("Idempotency-Key" = String, Header, description = "One per act, 1 to 128 visible ASCII characters")),
    responses((status = 202, body = Act), (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn ask(
    State(app): State<App>,
    Human(user): Human,
    Path(id): Path<MessageId>,
    headers: HeaderMap,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Act>), ApiError> {
    let client_key = idempotency_key(&headers)?;
    let wish = possible(wish)?;
    let (turn, mut batch) = app.ingest.begin().await.map_err(failed)?;
    let message = messages::find(&mut batch.tx, id).await?.ok_or(ApiError::NotFound("message"))?;
    if let Some(known) = acts::find_by_client_key(&mut batch.tx, &client_key).await? {
        return same(known, id, &wish);
    }
    let chat = chats::find(&mut batch.tx, message.chat_id).await?.ok_or(ApiError::NotFound("chat"))?;
    if chat.ambiguous {
        return Err(ApiError::conflict("ambiguous_chat", "two chats share this name"));
    }
    if !may_open(&app, &chat) {
        return Err(ApiError::conflict("not_open", "open the chat first"));
    }
    if let Some(code) = wish.refused_by(&message.message()) {
        return Err(ApiError::conflict(code, "this cannot be done to this message"));
    }
    if let Wish::Forward { to } = wish {
        let other = chats::find(&mut batch.tx, to).await?.ok_or(ApiError::NotFound("chat"))?;
        if other.ambiguous {
            return Err(ApiError::conflict("ambiguous_chat", "two chats share this name"));
        }
        if to == message.chat_id {
            return Err(ApiError::rejected("same_chat", "the message is in this chat already"));
        }
    }
    if acts::count_queued(&mut batch.tx).await? >= MOST_WAITING {
        return Err(ApiError::Busy { retry_after_s: 10 });
    }
    let new = acts::New {
        id: ActId(Uuid::now_v7()),
        chat: message.chat_id,
        message: id,
        client_key: &client_key,
        wish: &wish,
        user,
        at: batch.now,
    };
    if !acts::insert(&mut batch.tx, &new).await? {
        let known = acts::find_by_client_key(&mut batch.tx, &client_key).await?;
        return known.map_or(Err(ApiError::Busy { retry_after_s: 1 }), |known| same(known, id, &wish));
    }
    let row = acts::find(&mut batch.tx, new.id).await?.ok_or(ApiError::NotFound("act"))?;
    batch.act(row.act.clone());
    app.ingest.finish(batch).await.map_err(failed)?;
    drop(turn);
    app.wake_acts.notify_one();
    Ok((StatusCode::ACCEPTED, Json(row.act)))
}

/// The wish, if WhatsApp can be asked for it.
fn possible(wish: Wish) -> Result<Wish, ApiError> {
    match wish {
        Wish::Edit { text } => Ok(Wish::Edit { text: checked(&text)? }),
        Wish::React { emoji: Some(emoji) } if !is_one_emoji(&emoji) => {
            Err(ApiError::rejected("not_an_emoji", "a reaction is one emoji"))
        }
        other => Ok(other),
    }
}

fn same(known: StoredAct, message: MessageId, wish: &Wish) -> Result<(StatusCode, Json<Act>), ApiError> {
    if known.act.message_id == message && known.act.wish == *wish {
        Ok((StatusCode::ACCEPTED, Json(known.act)))
    } else {
        Err(ApiError::conflict("key_reused", "this idempotency key belongs to another act"))
    }
}

/// Acts on the messages of a chat.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActList {
    /// Oldest first; done and taken back ones are not in it.
    pub acts: Vec<Act>,
}

/// Answers the acts on a chat's messages that are not done, and those that failed within a day.
#[utoipa::path(get, path = "/api/chats/{id}/acts", tag = "messages", params(("id" = ChatId, Path)),
    responses((status = 200, body = ActList), (status = 404, body = Problem)))]
pub async fn list(State(app): State<App>, Path(id): Path<ChatId>) -> Result<Json<ActList>, ApiError> {
    find(&app, id).await?;
    let mut tx = app.db.begin().await?;
    let rows = acts::list_open(&mut tx, id, app.now()).await?;
    Ok(Json(ActList { acts: rows.into_iter().map(|row| row.act).collect() }))
}

/// Answers one act.
#[utoipa::path(get, path = "/api/acts/{id}", tag = "messages", params(("id" = ActId, Path)),
    responses((status = 200, body = Act), (status = 404, body = Problem)))]
pub async fn one(State(app): State<App>, Path(id): Path<ActId>) -> Result<Json<Act>, ApiError> {
    let mut tx = app.db.begin().await?;
    let row = acts::find(&mut tx, id).await?.ok_or(ApiError::NotFound("act"))?;
    Ok(Json(row.act))
}

/// Takes an act back that waits, or puts one aside that failed.
#[utoipa::path(post, path = "/api/acts/{id}/cancel", tag = "messages", params(("id" = ActId, Path)),
    responses((status = 200, body = Act), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn cancel(State(app): State<App>, Human(user): Human, Path(id): Path<ActId>) -> Result<Json<Act>, ApiError> {
    let step = Step::new(id, &[ActState::Queued, ActState::Failed], ActState::Canceled);
    decide(&app, user, &step, "canceled").await
}

/// What a person sees on the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActOutcome {
    /// It was done.
    Done,
    /// It was not done.
    NotDone,
}

/// A person's decision about an act that nothing could prove.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveAct {
    /// What the phone shows.
    pub outcome: ActOutcome,
}

/// Settles an uncertain act by what a person saw; nothing is pressed by this.
#[utoipa::path(post, path = "/api/acts/{id}/resolve", tag = "messages", params(("id" = ActId, Path)),
    request_body = ResolveAct,
    responses((status = 200, body = Act), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn resolve(
    State(app): State<App>,
    Human(user): Human,
    Path(id): Path<ActId>,
    Json(body): Json<ResolveAct>,
) -> Result<Json<Act>, ApiError> {
    let (to, result) = match body.outcome {
        ActOutcome::Done => (ActState::Done, "done_by_decision"),
        ActOutcome::NotDone => (ActState::Canceled, "not_done"),
    };
    decide(&app, user, &Step::new(id, &[ActState::Uncertain], to), result).await
}

/// A person's change of state, on record; repeating it answers what already is.
async fn decide(app: &App, user: UserId, step: &Step<'_>, result: &str) -> Result<Json<Act>, ApiError> {
    let (_turn, mut batch) = app.ingest.begin().await.map_err(failed)?;
    let known = acts::find_for_update(&mut batch.tx, step.id).await?.ok_or(ApiError::NotFound("act"))?;
    if known.act.state == step.to {
        return Ok(Json(known.act));
    }
    let Some(row) = acts::step(&mut batch.tx, step, app.spec.generation).await? else {
        return Err(ApiError::conflict("too_late", "the act is not in a state where this is possible"));
    };
    record(&mut batch.tx, &StoredAct { user, ..row.clone() }, result).await?;
    batch.act(row.act.clone());
    app.ingest.finish(batch).await.map_err(failed)?;
    Ok(Json(row.act))
}
