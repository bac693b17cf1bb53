//! Chats that turned out to be one, or may be: why, and a person's say in it.

use axum::extract::State;
use queunir_core::{
    id::{ChatId, JoinId},
    join::{Join, JoinState},
};
use queunir_db::slice::joins;
use queunir_service::{ApiError, Json, Path, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Human, chats::find, failed};
use crate::{app::App, ingest::joins as deciding};

/// Every other chat that a chat is one with, may be, or is said not to be.
#[derive(Debug, Serialize, ToSchema)]
pub struct JoinList {
    /// The latest first.
    pub joins: Vec<Join>,
}

/// Answers what is known of a chat being one with others; also for a chat that belongs to another now.
#[utoipa::path(get, path = "/api/chats/{id}/joins", tag = "chats", params(("id" = ChatId, Path)),
    responses((status = 200, body = JoinList), (status = 404, body = Problem)))]
pub async fn list(State(app): State<App>, Path(id): Path<ChatId>) -> Result<Json<JoinList>, ApiError> {
    let mut tx = app.db.begin().await?;
    let joins = joins::of_chat(&mut tx, id).await?;
    drop(tx);
    if joins.is_empty() {
        find(&app, id).await?;
    }
    Ok(Json(JoinList { joins }))
}

/// What a person says of two chats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Say {
    /// They are one.
    One,
    /// They are two.
    Two,
}

/// What a person says of two chats.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Saying {
    /// Whether they are one.
    pub say: Say,
}

/// Says whether two chats are one. What was joined is taken apart by it as it was before, and is not joined again by itself;
/// what came since stays with the number unless it hangs together with what came from the other.
#[utoipa::path(post, path = "/api/chats/{id}/joins/{join}", tag = "chats", request_body = Saying,
    params(("id" = ChatId, Path), ("join" = JoinId, Path)),
    responses((status = 200, body = Join), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 503, body = Problem)))]
pub async fn say(
    State(app): State<App>,
    Human(user): Human,
    Path((id, join)): Path<(ChatId, JoinId)>,
    Json(body): Json<Saying>,
) -> Result<Json<Join>, ApiError> {
    // Whoever sends finds the chats as they are.
    let _sending = app.sending.try_lock().map_err(|_| ApiError::Busy { retry_after_s: 5 })?;
    let (turn, mut batch) = app.ingest.begin().await.map_err(failed)?;
    let known = joins::find_for_update(&mut batch.tx, join).await?;
    let known =
        known.filter(|known| known.from_chat == id || known.into_chat == id).ok_or(ApiError::NotFound("join"))?;
    let done = match (body.say, known.state) {
        (Say::One, JoinState::Joined) | (Say::Two, JoinState::Undone | JoinState::Declined) => return Ok(Json(known)),
        (Say::One, _) => deciding::confirm(&mut batch, &known, user).await.map_err(failed)?,
        (Say::Two, JoinState::Suggested) => {
            deciding::decline(&mut batch, &known, user).await.map_err(failed)?;
            true
        }
        (Say::Two, JoinState::Joined) => deciding::undo(&mut batch, &known, user).await.map_err(failed)?,
    };
    let now = joins::find_for_update(&mut batch.tx, join).await?.filter(|_| done);
    let now = now.ok_or_else(|| ApiError::conflict("changed", "the chats are not what they were"))?;
    app.ingest.finish(batch).await.map_err(failed)?;
    drop(turn);
    // What the page shows is stored anew, each thing in its chat.
    app.ingest.forget().await;
    app.wake_reading.notify_one();
    Ok(Json(now))
}
