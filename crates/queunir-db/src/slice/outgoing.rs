//! The outbox; every change of state names the state it leaves and the generation that may make it (DEL-05).

use jiff::Timestamp;
use queunir_core::{
    id::{ChatId, MediaId, MessageId, OutgoingId, UserId},
    message::MessageKind,
    outgoing::{Outgoing, OutgoingFile, OutgoingState, ReplyTo},
    slice::Pacing,
};
use uuid::Uuid;

use super::{
    SliceTx,
    media::{Hash, StoredFile, hash_of},
    words::{jiff, moment, optional, value, word},
};
use crate::DbError;

pub use steps::{Step, bind, claim, intend, release_stale, step, unbind};

/// An outgoing message with what the browser does not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOutgoing {
    /// What the browser sees.
    pub outgoing: Outgoing,
    /// Hash of the comparable body.
    pub body_hash: Vec<u8>,
    /// The accountable human.
    pub user: UserId,
    /// How often sending was tried and did not reach the send key.
    pub attempts: i32,
    /// Key of the last bubble before the press.
    pub anchor: Option<String>,
    /// When the intent was committed.
    pub intent_at: Option<Timestamp>,
    /// Absence was proven once already.
    pub requeued: bool,
    /// Content of the file it carries, while that is kept.
    pub file: Option<Hash>,
    /// Key in the page of the message it answers, while that is stored.
    pub reply_key: Option<String>,
}

struct OutgoingRow {
    id: Uuid,
    chat_id: Uuid,
    client_key: String,
    text: String,
    body_hash: Vec<u8>,
    state: String,
    reason: Option<String>,
    user_id: Uuid,
    created_at: jiff_sqlx::Timestamp,
    attempts: i32,
    anchor_key: Option<String>,
    intent_at: Option<jiff_sqlx::Timestamp>,
    requeued: bool,
    bound_msg_id: Option<Uuid>,
    upload_id: Option<Uuid>,
    file_kind: Option<String>,
    file_name: Option<String>,
    hash: Option<Vec<u8>>,
    content_type: Option<String>,
    bytes: Option<i64>,
    thumbnail_bytes: Option<i64>,
    width: Option<i32>,
    height: Option<i32>,
    thumbnail: Option<String>,
    reply_to: Option<Uuid>,
    reply_key: Option<String>,
    reply_kind: Option<String>,
    reply_direction: Option<String>,
    reply_sender: Option<String>,
    reply_text: Option<String>,
}

impl OutgoingRow {
    /// What is stored of its file.
    fn stored(&self) -> Result<Option<StoredFile>, DbError> {
        let (Some(hash), Some(content_type), Some(bytes), Some(thumbnail)) =
            (&self.hash, &self.content_type, self.bytes, &self.thumbnail)
        else {
            return Ok(None);
        };
        Ok(Some(StoredFile {
            hash: hash_of(hash)?,
            content_type: content_type.clone(),
            bytes,
            thumbnail_bytes: self.thumbnail_bytes.unwrap_or(0),
            width: self.width,
            height: self.height,
            thumbnail: value(thumbnail, "thumbnail")?,
        }))
    }
}

impl TryFrom<OutgoingRow> for StoredOutgoing {
    type Error = DbError;

    fn try_from(row: OutgoingRow) -> Result<Self, DbError> {
        let stored = row.stored()?;
        let file = match (row.file_kind, row.file_name) {
            (Some(kind), Some(name)) => Some(OutgoingFile {
                kind: value(&kind, "file_kind")?,
                name,
                id: row.upload_id.map(MediaId),
                file: stored.as_ref().map(StoredFile::as_media_file),
            }),
            _ => None,
        };
        let reply_to = match row.reply_to {
            Some(id) => Some(ReplyTo {
                message_id: MessageId(id),
                kind: optional(row.reply_kind, "kind")?,
                direction: optional(row.reply_direction, "direction")?,
                sender: row.reply_sender,
                text: row.reply_text,
            }),
            None => None,
        };
        Ok(Self {
            outgoing: Outgoing {
                id: OutgoingId(row.id),
                chat_id: ChatId(row.chat_id),
                client_key: row.client_key,
                text: row.text,
                file,
                reply_to,
                state: value(&row.state, "state")?,
                message_id: row.bound_msg_id.map(MessageId),
                reason: row.reason,
                created_at: row.created_at.to_jiff(),
            },
            body_hash: row.body_hash,
            user: UserId(row.user_id),
            attempts: row.attempts,
            anchor: row.anchor_key,
            intent_at: jiff(row.intent_at),
            requeued: row.requeued,
            file: stored.map(|file| file.hash),
            reply_key: row.reply_key,
        })
    }
}

/// Selects whole outgoing messages as `o`; the argument is what follows the tables' names.
macro_rules! select_outgoing {
    ($tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            OutgoingRow,
            r#"select o.id, o.chat_id, o.client_key, o.text, o.body_hash, o.state, o.reason, o.user_id,
                o.created_at as "created_at: jiff_sqlx::Timestamp", o.attempts, o.anchor_key,
                o.intent_at as "intent_at: jiff_sqlx::Timestamp", o.requeued, o.bound_msg_id,
                o.upload_id, o.file_kind, o.file_name, f.hash as "hash?", f.content_type as "content_type?",
                f.bytes as "bytes?", f.thumbnail_bytes as "thumbnail_bytes?", f.width, f.height,
                f.thumbnail as "thumbnail?", o.reply_to, q.page_key as "reply_key?", q.kind as "reply_kind?",
                q.direction as "reply_direction?", q.sender as "reply_sender?", q.text as "reply_text?"
             from outgoing o left join uploads u on u.id = o.upload_id left join media_files f on f.hash = u.hash
             left join messages q on q.id = o.reply_to and q.chat_id = o.chat_id "# + $tail
            $(, $argument)*
        )
    };
}

mod steps;

/// A message that a person asked to send.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// Its id.
    pub id: OutgoingId,
    /// To which chat.
    pub chat: ChatId,
    /// The client's idempotency key.
    pub client_key: &'a str,
    /// The text as typed.
    pub text: &'a str,
    /// Hash of the comparable body.
    pub body_hash: &'a [u8],
    /// The accountable human.
    pub user: UserId,
    /// When.
    pub at: Timestamp,
    /// The upload it carries, as what, under which name.
    pub file: Option<(MediaId, MessageKind, &'a str)>,
    /// The message it answers.
    pub reply_to: Option<MessageId>,
}

/// Queues a message; false if the client's key is taken.
pub async fn insert(tx: &mut SliceTx, new: &New<'_>) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "insert into outgoing (id, chat_id, client_key, text, body_hash, user_id, created_at, upload_id, file_kind,
            file_name, reply_to)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict on constraint outgoing_client_key do nothing",
        new.id.0,
        new.chat.0,
        new.client_key,
        new.text,
        new.body_hash,
        new.user.0,
        moment(new.at) as _,
        new.file.map(|(id, _, _)| id.0),
        new.file.map(|(_, kind, _)| word(kind)),
        new.file.map(|(_, _, name)| name),
        new.reply_to.map(|id| id.0),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Finds one.
pub async fn find(tx: &mut SliceTx, id: OutgoingId) -> Result<Option<StoredOutgoing>, DbError> {
    let row = select_outgoing!("where o.id = $1", id.0).fetch_optional(tx.conn()).await?;
    row.map(StoredOutgoing::try_from).transpose()
}

/// Finds one and locks its row until the transaction ends.
pub async fn find_for_update(tx: &mut SliceTx, id: OutgoingId) -> Result<Option<StoredOutgoing>, DbError> {
    let row = select_outgoing!("where o.id = $1 for update of o", id.0).fetch_optional(tx.conn()).await?;
    row.map(StoredOutgoing::try_from).transpose()
}

/// What a change made of a message, if it made anything of one.
async fn changed(tx: &mut SliceTx, id: Option<Uuid>) -> Result<Option<StoredOutgoing>, DbError> {
    match id {
        Some(id) => find(tx, OutgoingId(id)).await,
        None => Ok(None),
    }
}

/// Finds the one with a client's key.
pub async fn find_by_client_key(tx: &mut SliceTx, key: &str) -> Result<Option<StoredOutgoing>, DbError> {
    let row = select_outgoing!("where o.client_key = $1", key).fetch_optional(tx.conn()).await?;
    row.map(StoredOutgoing::try_from).transpose()
}

/// The messages of a chat that are not final, oldest first; failed ones stay visible for a day.
pub async fn list_open(tx: &mut SliceTx, chat: ChatId, now: Timestamp) -> Result<Vec<StoredOutgoing>, DbError> {
    let rows = select_outgoing!(
        "where o.chat_id = $1 and (o.state not in ('sent', 'canceled', 'failed')
            or (o.state = 'failed' and o.created_at > $2::timestamptz - interval '1 day')) order by o.seq limit 500",
        chat.0,
        moment(now) as _,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(StoredOutgoing::try_from).collect()
}

/// The messages in a state, oldest first.
pub async fn list_in_state(tx: &mut SliceTx, state: OutgoingState) -> Result<Vec<StoredOutgoing>, DbError> {
    let rows =
        select_outgoing!("where o.state = $1 order by o.seq limit 500", word(state)).fetch_all(tx.conn()).await?;
    rows.into_iter().map(StoredOutgoing::try_from).collect()
}

/// Follows a bubble that got another key: it may be the anchor of a message whose fate is open.
pub async fn follow_anchor(tx: &mut SliceTx, chat: ChatId, old: &str, new: &str) -> Result<(), DbError> {
    sqlx::query!(
        "update outgoing set anchor_key = $3 where chat_id = $1 and anchor_key = $2 and state = 'intent'",
        chat.0,
        old,
        new,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Which of these stored messages are bound to an outgoing one.
pub async fn bound_among(tx: &mut SliceTx, messages: &[Uuid]) -> Result<Vec<MessageId>, DbError> {
    let rows =
        sqlx::query_scalar!(r#"select bound_msg_id as "id!" from outgoing where bound_msg_id = any($1)"#, messages)
            .fetch_all(tx.conn())
            .await?;
    Ok(rows.into_iter().map(MessageId).collect())
}

/// When the next send is allowed by the pace, if not now; counted over intents, so nothing escapes (POL-04).
pub async fn next_allowed(tx: &mut SliceTx, pacing: &Pacing, now: Timestamp) -> Result<Option<Timestamp>, DbError> {
    let limit = |count: u32| i64::from(count.max(1)) - 1;
    let gap = i64::try_from(pacing.min_gap_ms).unwrap_or(i64::MAX).min(86_400_000);
    let at = sqlx::query_scalar!(
        r#"select greatest(
             (select max(intent_at) + $2::bigint * interval '1 millisecond' from paced),
             (select intent_at + interval '1 minute' from paced where intent_at > $1::timestamptz - interval '1 minute'
                order by intent_at desc offset $3 limit 1),
             (select intent_at + interval '1 hour' from paced where intent_at > $1::timestamptz - interval '1 hour'
                order by intent_at desc offset $4 limit 1),
             (select intent_at + interval '1 day' from paced where intent_at > $1::timestamptz - interval '1 day'
                order by intent_at desc offset $5 limit 1)) as "at: jiff_sqlx::Timestamp""#,
        moment(now) as _,
        gap,
        limit(pacing.per_minute),
        limit(pacing.per_hour),
        limit(pacing.per_day),
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(jiff(at).filter(|at| *at > now))
}

/// When the next queued message may be claimed.
pub async fn next_due(tx: &mut SliceTx) -> Result<Option<Timestamp>, DbError> {
    let at = sqlx::query_scalar!(
        r#"select min(coalesce(not_before, created_at)) as "at: jiff_sqlx::Timestamp" from outgoing
           where state = 'queued'"#
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(jiff(at))
}
