//! Asking to send, taking back, and deciding what nothing could prove.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use queunir_core::{
    id::{ChatId, MediaId, MessageId, OutgoingId},
    message::{Direction, MessageKind, Source},
    outgoing::{Outgoing, OutgoingState},
    text::comparable_body,
};
use queunir_db::slice::{
    SliceTx, audit, chats, first_contacts, messages, opt_outs,
    outgoing::{self, Step, StoredOutgoing},
    uploads::{self, StoredUpload},
};
use queunir_service::{ApiError, Json, Path, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Human, chats::find, failed, new_chats::limited};
use crate::{
    app::App,
    first_contacts::allowance,
    outgoing::{content_hash, entry},
};

/// WhatsApp's own limit of a message.
const LONGEST: usize = 65_536;
/// The longest caption that WhatsApp shows everywhere.
const LONGEST_CAPTION: usize = 1_024;

/// A message to send.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendMessage {
    /// As typed, with its line breaks; 1 to 65,536 characters. Beside a file its caption, of 0 to 1,024.
    #[serde(default)]
    pub text: String,
    /// An upload that it carries.
    #[serde(default)]
    pub file: Option<MediaId>,
    /// A message of the same chat that it answers; not beside a file.
    #[serde(default)]
    pub reply_to: Option<MessageId>,
}

/// Queues a message for sending; the same key with the same message answers the same again.
#[utoipa::path(post, path = "/api/chats/{id}/messages", tag = "messages", request_body = SendMessage,
    params(("id" = ChatId, Path), ("Idempotency-Key" = String, Header, description = "One per message, 1 to 128 visible ASCII characters")),
    responses((status = 202, body = Outgoing), (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub async fn send(
    State(app): State<App>,
    Human(user): Human,
    Path(id): Path<ChatId>,
    headers: HeaderMap,
    Json(body): Json<SendMessage>,
) -> Result<(StatusCode, Json<Outgoing>), ApiError> {
    let client_key = idempotency_key(&headers)?;
    let text = match body.file {
        None => checked(&body.text)?,
        Some(_) => checked_caption(&body.text)?,
    };
    let asked = Asked { chat: id, text: &text, file: body.file, reply_to: body.reply_to };
    let (turn, mut batch) = app.ingest.begin().await.map_err(failed)?;
    let chat = chats::find(&mut batch.tx, id).await?.ok_or(ApiError::NotFound("chat"))?;
    if let Some(known) = outgoing::find_by_client_key(&mut batch.tx, &client_key).await? {
        return asked.same(known);
    }
    if chat.ambiguous {
        return Err(ApiError::conflict("ambiguous_chat", "two chats share this name"));
    }
    if !opt_outs::may_be_written_to(&mut batch.tx, id, batch.now).await? {
        return Err(ApiError::conflict("opted_out", "this customer does not want to be written to"));
    }
    let first = first_contacts::is_first(&mut batch.tx, id, None).await?;
    if first && let Some(free_at) = allowance(&mut batch.tx, batch.now, None).await?.free_at {
        let message = "so many people who never wrote were written to today that no more are";
        return Err(limited("first_contacts", message, batch.now, Some(free_at)));
    }
    asked.quotable(&mut batch.tx).await?;
    let upload = asked.upload(&mut batch.tx).await?;
    let new = outgoing::New {
        id: OutgoingId(Uuid::now_v7()),
        chat: id,
        client_key: &client_key,
        text: &text,
        body_hash: &content_hash(&text, upload.as_ref().map(|upload| &upload.file.hash)),
        user,
        at: batch.now,
        file: upload.as_ref().map(|upload| (upload.id, upload.kind, upload.name.as_str())),
        reply_to: body.reply_to,
    };
    if !outgoing::insert(&mut batch.tx, &new).await? {
        let known = outgoing::find_by_client_key(&mut batch.tx, &client_key).await?;
        return known.map_or(Err(ApiError::Busy { retry_after_s: 1 }), |known| asked.same(known));
    }
    first_contacts::mark(&mut batch.tx, new.id, first).await?;
    let row = outgoing::find(&mut batch.tx, new.id).await?.ok_or(ApiError::NotFound("message"))?;
    batch.outgoing(row.outgoing.clone());
    app.ingest.finish(batch).await.map_err(failed)?;
    drop(turn);
    app.wake_outgoing.notify_one();
    Ok((StatusCode::ACCEPTED, Json(row.outgoing)))
}

/// What a person asked to send.
struct Asked<'a> {
    chat: ChatId,
    text: &'a str,
    file: Option<MediaId>,
    reply_to: Option<MessageId>,
}

impl Asked<'_> {
    /// What is known under the key, if it is the same message.
    fn same(&self, known: StoredOutgoing) -> Result<(StatusCode, Json<Outgoing>), ApiError> {
        let it = &known.outgoing;
        let file = it.file.as_ref().map(|file| file.id);
        // An upload that is not kept any more cannot be told from another.
        let same_file = file == self.file.map(Some) || (file == Some(None) && self.file.is_some());
        let reply_to = it.reply_to.as_ref().map(|reply| reply.message_id);
        if it.chat_id == self.chat && it.text == self.text && same_file && reply_to == self.reply_to {
            Ok((StatusCode::ACCEPTED, Json(known.outgoing)))
        } else {
            Err(ApiError::conflict("key_reused", "this idempotency key belongs to another message"))
        }
    }

    /// The file, if there is to be one.
    async fn upload(&self, tx: &mut SliceTx) -> Result<Option<StoredUpload>, ApiError> {
        let Some(id) = self.file else { return Ok(None) };
        let upload = uploads::find(tx, id).await?;
        upload.map(Some).ok_or_else(|| ApiError::rejected("file_not_found", "hand the file over again"))
    }

    /// Refuses to answer what the page could not quote.
    async fn quotable(&self, tx: &mut SliceTx) -> Result<(), ApiError> {
        use MessageKind::{Call, Deleted, Undecrypted, Unknown};
        let Some(id) = self.reply_to else { return Ok(()) };
        if self.file.is_some() {
            return Err(ApiError::rejected("file_cannot_answer", "a file cannot be sent as an answer"));
        }
        let message = messages::find(tx, id).await?.filter(|message| message.chat_id == self.chat);
        let message =
            message.ok_or_else(|| ApiError::rejected("quote_not_found", "the message to answer is not here"))?;
        let is_there = message.source == Source::Row && message.page_key.is_some();
        let is_gone = message.deleted || message.deleted_for_me || message.failed;
        let is_told =
            message.direction != Direction::Unknown && !matches!(message.kind, Call | Deleted | Undecrypted | Unknown);
        if !is_there || is_gone || !is_told {
            return Err(ApiError::rejected("not_quotable", "this message cannot be answered"));
        }
        Ok(())
    }
}

pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<String, ApiError> {
    let mut values = headers.get_all("idempotency-key").iter();
    let key = values.next().and_then(|value| value.to_str().ok()).filter(|_| values.next().is_none());
    key.filter(|key| (1..=128).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()))
        .map(str::to_owned)
        .ok_or_else(|| ApiError::Malformed {
            code: "idempotency_key_required",
            message: "send one Idempotency-Key of 1 to 128 visible ASCII characters".to_owned(),
        })
}

/// The text if WhatsApp can carry it; line ends are unified, nothing is cut.
pub(super) fn checked(text: &str) -> Result<String, ApiError> {
    let text = readable(text)?;
    if comparable_body(&text).is_empty() {
        return Err(ApiError::rejected("empty_text", "there is nothing to send"));
    }
    Ok(text)
}

/// A caption if WhatsApp can carry it; one of blanks is none.
fn checked_caption(text: &str) -> Result<String, ApiError> {
    let text = readable(text)?;
    if text.chars().count() > LONGEST_CAPTION {
        return Err(ApiError::rejected("caption_too_long", "a caption has at most 1,024 characters"));
    }
    Ok(if comparable_body(&text).is_empty() { String::new() } else { text })
}

fn readable(text: &str) -> Result<String, ApiError> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if text.chars().count() > LONGEST {
        return Err(ApiError::rejected("text_too_long", "a message has at most 65,536 characters"));
    }
    let odd = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{FFFE}' | '\u{FFFF}' | '\u{2028}' | '\u{2029}');
    if text.chars().any(odd) {
        return Err(ApiError::rejected("unsupported_text", "the text has characters that a message cannot carry"));
    }
    Ok(text)
}

/// Messages on their way.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutgoingList {
    /// Oldest first; sent and taken back ones are not in it.
    pub outgoing: Vec<Outgoing>,
}

/// Answers the messages of a chat that are on their way, and those that failed within a day.
#[utoipa::path(get, path = "/api/chats/{id}/outgoing", tag = "messages", params(("id" = ChatId, Path)),
    responses((status = 200, body = OutgoingList), (status = 404, body = Problem)))]
pub async fn list(State(app): State<App>, Path(id): Path<ChatId>) -> Result<Json<OutgoingList>, ApiError> {
    find(&app, id).await?;
    let mut tx = app.db.begin().await?;
    let rows = outgoing::list_open(&mut tx, id, app.now()).await?;
    Ok(Json(OutgoingList { outgoing: rows.into_iter().map(|row| row.outgoing).collect() }))
}

/// Takes a message back before its send key is pressed.
#[utoipa::path(post, path = "/api/outgoing/{id}/cancel", tag = "messages", params(("id" = OutgoingId, Path)),
    responses((status = 200, body = Outgoing), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn cancel(
    State(app): State<App>,
    Human(user): Human,
    Path(id): Path<OutgoingId>,
) -> Result<Json<Outgoing>, ApiError> {
    use OutgoingState::{Canceled, Composing, Failed, Leased, Queued};
    let step = Step::new(id, &[Queued, Leased, Composing, Failed], Canceled);
    decide(&app, user, &step, "cancel", "canceled", &[Canceled]).await
}

/// What a person saw on the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The message is there.
    Sent,
    /// The message is not there.
    NotSent,
}

/// A person's decision about a message that nothing could prove.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolve {
    /// What the phone shows.
    pub outcome: Outcome,
}

/// Settles an uncertain message by what a person saw; it is never sent again by this.
#[utoipa::path(post, path = "/api/outgoing/{id}/resolve", tag = "messages", params(("id" = OutgoingId, Path)),
    request_body = Resolve,
    responses((status = 200, body = Outgoing), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn resolve(
    State(app): State<App>,
    Human(user): Human,
    Path(id): Path<OutgoingId>,
    Json(body): Json<Resolve>,
) -> Result<Json<Outgoing>, ApiError> {
    let (to, action, result) = match body.outcome {
        Outcome::Sent => (OutgoingState::Sent, "send", "sent_by_decision"),
        Outcome::NotSent => (OutgoingState::Canceled, "resolve", "not_sent"),
    };
    decide(&app, user, &Step::new(id, &[OutgoingState::Uncertain], to), action, result, &[to]).await
}

/// A person's change of state, on record; repeating it answers what already is.
async fn decide(
    app: &App,
    user: queunir_core::id::UserId,
    step: &Step<'_>,
    action: &str,
    result: &str,
    already: &[OutgoingState],
) -> Result<Json<Outgoing>, ApiError> {
    let (_turn, mut batch) = app.ingest.begin().await.map_err(failed)?;
    let known = outgoing::find_for_update(&mut batch.tx, step.id).await?.ok_or(ApiError::NotFound("message"))?;
    if already.contains(&known.outgoing.state) {
        return Ok(Json(known.outgoing));
    }
    let changed = outgoing::step(&mut batch.tx, step, app.spec.generation).await?;
    let Some(row) = changed else {
        return Err(ApiError::conflict("too_late", "the message is not in a state where this is possible"));
    };
    audit::record(&mut batch.tx, &audit::Entry { user: Some(user), ..entry(&row, action, result) }).await?;
    batch.outgoing(row.outgoing.clone());
    app.ingest.finish(batch).await.map_err(failed)?;
    Ok(Json(row.outgoing))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<&'static str> {
        match checked(text) {
            Err(ApiError::Rejected { code, .. }) => Some(code),
            _ => None,
        }
    }

    #[test]
    fn what_a_message_can_carry_is_taken_as_typed() {
        for text in ["👍", "🏳️‍🌈👩‍👩‍👧", "שלום עולם", "a\n\nb", "*bold*", &"x".repeat(65_536)]
        {
            assert_eq!(checked(text).ok().as_deref(), Some(text));
        }
        assert_eq!(checked("a\r\nb").ok().as_deref(), Some("a\nb"));
    }

    #[test]
    fn what_it_cannot_carry_is_refused_with_a_reason() {
        assert_eq!(code(""), Some("empty_text"));
        assert_eq!(code(" \n\u{a0} "), Some("empty_text"));
        assert_eq!(code(&"x".repeat(70_000)), Some("text_too_long"));
        assert_eq!(code("a\0b"), Some("unsupported_text"));
        assert_eq!(code("a\u{1b}[31m"), Some("unsupported_text"));
    }
}
