//! Customers who do not want to be written to (POL-05), and the words by which that is suggested.

use axum::extract::State;
use queunir_core::{
    chat::{Chat, OptOutReason},
    id::ChatId,
};
use queunir_db::slice::{audit, chats, opt_outs, settings};
use queunir_service::{ApiError, Json, Path, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Human, failed};
use crate::app::App;

/// Name of the setting that holds the words.
const SETTING: &str = "opt_out_words";
/// The words that mean it where nobody chose others: in English, Portuguese and Spanish.
const WORDS: [&str; 12] = [
    "STOP",
    "UNSUBSCRIBE",
    "OPT OUT",
    "PARAR",
    "PARE",
    "SAIR",
    "REMOVER",
    "DESCADASTRAR",
    "BAJA",
    "ALTO",
    "SALIR",
    "NO MÁS",
];
/// Most words, and the length of the longest in characters.
const MOST: usize = 50;
const LONGEST: usize = 40;

/// What a person says of a customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OptOutWish {
    /// They do not want to be written to. False lifts that, or says that what they wrote was no such wish.
    pub opted_out: bool,
    /// Why; needed when they do not.
    pub reason: Option<OptOutReason>,
}

/// Notes that a customer does not want to be written to, or that they may be; who said so, when and why is on record.
///
/// From then on only answers are sent, within 24 hours of a later message of theirs; what waits to be sent is not.
#[utoipa::path(post, path = "/api/chats/{id}/opt-out", tag = "chats", params(("id" = ChatId, Path)),
    request_body = OptOutWish,
    responses((status = 200, body = Chat), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn set(
    State(app): State<App>,
    Human(user): Human,
    Path(id): Path<ChatId>,
    Json(body): Json<OptOutWish>,
) -> Result<Json<Chat>, ApiError> {
    let (_turn, mut batch) = app.ingest.begin().await.map_err(failed)?;
    let before = chats::find_for_update(&mut batch.tx, id).await?.ok_or(ApiError::NotFound("chat"))?;
    let (action, result) = match (body.opted_out, body.reason) {
        (true, None) => return Err(ApiError::field("reason", "missing")),
        (true, Some(reason)) => {
            opt_outs::set(&mut batch.tx, id, reason, batch.now).await?;
            ("opt_out", word(reason))
        }
        (false, _) => {
            opt_outs::clear(&mut batch.tx, id).await?;
            ("opt_in", if before.opt_out.is_some() { "lifted" } else { "declined" })
        }
    };
    let entry = audit::Entry { user: Some(user), action, chat: Some(id), outgoing: None, body_hash: None, result };
    audit::record(&mut batch.tx, &entry).await?;
    let chat = chats::find(&mut batch.tx, id).await?.ok_or(ApiError::NotFound("chat"))?.chat();
    batch.chat(chat.clone());
    app.ingest.finish(batch).await.map_err(failed)?;
    Ok(Json(chat))
}

fn word(reason: OptOutReason) -> &'static str {
    match reason {
        OptOutReason::Asked => "asked",
        OptOutReason::Keyword => "keyword",
        OptOutReason::Other => "other",
    }
}

/// The words by which a customer may say that they do not want to be written to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OptOutWords {
    /// A message that says one of them and nothing else makes the app ask whether it is an opt-out; nothing is decided by
    /// itself.
    pub words: Vec<String>,
}

/// Answers the words by which an opt-out is suggested.
#[utoipa::path(get, path = "/api/settings/opt-out-words", tag = "settings", responses((status = 200, body = OptOutWords)))]
pub async fn words(State(app): State<App>) -> Result<Json<OptOutWords>, ApiError> {
    let mut tx = app.db.begin().await?;
    let chosen = settings::find(&mut tx, SETTING).await?.and_then(|value| serde_json::from_value(value).ok());
    Ok(Json(OptOutWords { words: chosen.unwrap_or_else(|| WORDS.map(str::to_owned).to_vec()) }))
}

/// Changes the words by which an opt-out is suggested, and keeps who changed them on record.
#[utoipa::path(put, path = "/api/settings/opt-out-words", tag = "settings", request_body = OptOutWords,
    responses((status = 200, body = OptOutWords), (status = 422, body = Problem)))]
pub async fn set_words(
    state: State<App>,
    Human(user): Human,
    Json(body): Json<OptOutWords>,
) -> Result<Json<OptOutWords>, ApiError> {
    let mut words: Vec<String> = body.words.iter().map(|word| word.trim().to_owned()).collect();
    words.retain(|word| !word.is_empty());
    if words.len() > MOST || words.iter().any(|word| word.chars().count() > LONGEST || word.contains('\0')) {
        return Err(ApiError::field("words", "out_of_range"));
    }
    let value = serde_json::to_value(&words).map_err(ApiError::internal)?;
    let mut tx = state.db.begin().await?;
    settings::set(&mut tx, SETTING, &value, Some(user), state.now()).await?;
    tx.commit().await?;
    Ok(Json(OptOutWords { words }))
}
