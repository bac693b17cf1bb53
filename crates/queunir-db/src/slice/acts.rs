//! Acts on messages; every change of state names the states it leaves and the generation that may make it.

use jiff::Timestamp;
use queunir_core::{
    act::{Act, ActState, Wish},
    id::{ActId, ChatId, MessageId, UserId},
};
use sqlx::types::Json;
use uuid::Uuid;

use super::{
    SliceTx,
    words::{jiff, maybe, moment, value, word},
};
use crate::DbError;

/// An act with what the browser does not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAct {
    /// What the browser sees.
    pub act: Act,
    /// The accountable human.
    pub user: UserId,
    /// How often it was tried.
    pub attempts: i32,
    /// Something was pressed for it at least once.
    pub pressed: bool,
    /// Of a forward: key of the last bubble of the other chat before the press.
    pub anchor: Option<String>,
    /// Of a forward: when its press was allowed.
    pub intent_at: Option<Timestamp>,
}

struct ActRow {
    id: Uuid,
    chat_id: Uuid,
    message_id: Uuid,
    client_key: String,
    wish: Json<Wish>,
    state: String,
    reason: Option<String>,
    user_id: Uuid,
    created_at: jiff_sqlx::Timestamp,
    attempts: i32,
    pressed: bool,
    anchor_key: Option<String>,
    intent_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<ActRow> for StoredAct {
    type Error = DbError;

    fn try_from(row: ActRow) -> Result<Self, DbError> {
        Ok(Self {
            act: Act {
                id: ActId(row.id),
                chat_id: ChatId(row.chat_id),
                message_id: MessageId(row.message_id),
                client_key: row.client_key,
                wish: row.wish.0,
                state: value(&row.state, "state")?,
                reason: row.reason,
                created_at: row.created_at.to_jiff(),
            },
            user: UserId(row.user_id),
            attempts: row.attempts,
            pressed: row.pressed,
            anchor: row.anchor_key,
            intent_at: jiff(row.intent_at),
        })
    }
}

/// A query that answers whole acts; the first argument stands before the columns, the second after them.
macro_rules! acts {
    ($before:literal, $after:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            ActRow,
            $before
                + r#" id, chat_id, message_id, client_key, wish as "wish: Json<Wish>", state, reason, user_id,
                created_at as "created_at: jiff_sqlx::Timestamp", attempts, pressed, anchor_key,
                intent_at as "intent_at: jiff_sqlx::Timestamp" "#
                + $after
            $(, $argument)*
        )
    };
}

/// An act that a person asks for.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// Its id.
    pub id: ActId,
    /// The message's chat.
    pub chat: ChatId,
    /// The message.
    pub message: MessageId,
    /// The client's idempotency key.
    pub client_key: &'a str,
    /// What is wished.
    pub wish: &'a Wish,
    /// The accountable human.
    pub user: UserId,
    /// When.
    pub at: Timestamp,
}

/// Queues an act; false if the client's key is taken.
pub async fn insert(tx: &mut SliceTx, new: &New<'_>) -> Result<bool, DbError> {
    let to = match new.wish {
        Wish::Forward { to } => Some(to.0),
        _ => None,
    };
    let done = sqlx::query!(
        "insert into acts (id, chat_id, message_id, client_key, wish, to_chat_id, user_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict on constraint acts_client_key do nothing",
        new.id.0,
        new.chat.0,
        new.message.0,
        new.client_key,
        Json(new.wish) as _,
        to,
        new.user.0,
        moment(new.at) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Finds one.
pub async fn find(tx: &mut SliceTx, id: ActId) -> Result<Option<StoredAct>, DbError> {
    let row = acts!("select", "from acts where id = $1", id.0).fetch_optional(tx.conn()).await?;
    row.map(StoredAct::try_from).transpose()
}

/// Finds one and locks its row until the transaction ends.
pub async fn find_for_update(tx: &mut SliceTx, id: ActId) -> Result<Option<StoredAct>, DbError> {
    let row = acts!("select", "from acts where id = $1 for update", id.0).fetch_optional(tx.conn()).await?;
    row.map(StoredAct::try_from).transpose()
}

/// Finds the one with a client's key.
pub async fn find_by_client_key(tx: &mut SliceTx, key: &str) -> Result<Option<StoredAct>, DbError> {
    let row = acts!("select", "from acts where client_key = $1", key).fetch_optional(tx.conn()).await?;
    row.map(StoredAct::try_from).transpose()
}

/// The acts of a chat that are not final, oldest first; failed ones stay visible for a day.
pub async fn list_open(tx: &mut SliceTx, chat: ChatId, now: Timestamp) -> Result<Vec<StoredAct>, DbError> {
    let rows = acts!(
        "select",
        "from acts where chat_id = $1 and (state in ('queued', 'doing', 'uncertain')
            or (state = 'failed' and created_at > $2::timestamptz - interval '1 day')) order by seq limit 500",
        chat.0,
        moment(now) as _,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(StoredAct::try_from).collect()
}

/// How many acts wait.
pub async fn count_queued(tx: &mut SliceTx) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(r#"select count(*) as "n!" from acts where state = 'queued'"#).fetch_one(tx.conn()).await?)
}

/// Claims the oldest queued act for `generation`; those on one message go in order, and a forward only if `forwards`.
pub async fn claim(
    tx: &mut SliceTx,
    generation: i64,
    now: Timestamp,
    forwards: bool,
) -> Result<Option<StoredAct>, DbError> {
    let row = acts!(
        "update acts set state = 'doing', generation = $1, reason = null
         where id = (
             select a.id from acts a
             where a.state = 'queued' and (a.not_before is null or a.not_before <= $2)
               and (a.to_chat_id is null or $3)
               and not exists (select from acts earlier where earlier.message_id = a.message_id
                   and earlier.seq < a.seq and earlier.state in ('queued', 'doing'))
             order by a.seq limit 1 for update skip locked)
           and state = 'queued' and (select generation from fence) = $1
         returning",
        "",
        generation,
        moment(now) as _,
        forwards,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(StoredAct::try_from).transpose()
}

/// A change of state: from which states, to which, with what it brings along.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// Which act.
    pub id: ActId,
    /// The states it may leave.
    pub from: &'a [ActState],
    /// The state it enters.
    pub to: ActState,
    /// A stable code.
    pub reason: Option<&'a str>,
    /// Not to be claimed before this.
    pub not_before: Option<Timestamp>,
    /// Whether this counts as a try.
    pub count_attempt: bool,
    /// Whether something was pressed.
    pub pressed: bool,
}

impl<'a> Step<'a> {
    /// A plain change of state.
    #[must_use]
    pub fn new(id: ActId, from: &'a [ActState], to: ActState) -> Self {
        Self { id, from, to, reason: None, not_before: None, count_attempt: false, pressed: false }
    }

    /// With a stable code.
    #[must_use]
    pub fn because(self, reason: &'a str) -> Self {
        Self { reason: Some(reason), ..self }
    }
}

/// Makes a change of state if the act is in one of the states it may leave and `generation` holds the fence. An act
/// whose press was allowed is never queued again.
pub async fn step(tx: &mut SliceTx, step: &Step<'_>, generation: i64) -> Result<Option<StoredAct>, DbError> {
    let from: Vec<String> = step.from.iter().map(|state| word(*state)).collect();
    let row = acts!(
        "update acts set state = $3, reason = $4, not_before = $5, pressed = pressed or $7,
           attempts = attempts + case when $6 then 1 else 0 end,
           ended_at = case when $3 in ('done', 'canceled', 'failed') then now() end
         where id = $1 and state = any($2) and (select generation from fence) = $8
           and ($3 <> 'queued' or intent_at is null)
         returning",
        "",
        step.id.0,
        &from,
        word(step.to),
        step.reason,
        maybe(step.not_before) as _,
        step.count_attempt,
        step.pressed,
        generation,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(StoredAct::try_from).transpose()
}

/// Writes the intent of a forward before its press; refused where the other chat may not be written to (POL-05).
pub async fn intend(
    tx: &mut SliceTx,
    id: ActId,
    anchor: Option<&str>,
    at: Timestamp,
    generation: i64,
) -> Result<Option<StoredAct>, DbError> {
    let row = acts!(
        "update acts set anchor_key = $2, intent_at = $3, generation = $4
         where id = $1 and state = 'doing' and intent_at is null and (select generation from fence) = $4
           and may_be_written_to(to_chat_id, $3)
           and exists (select from chats where chats.id = acts.to_chat_id and not ambiguous)
         returning",
        "",
        id.0,
        anchor,
        moment(at) as _,
        generation,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(StoredAct::try_from).transpose()
}

/// Takes back the intent of a forward that was certainly not pressed.
pub async fn unintend(tx: &mut SliceTx, id: ActId, generation: i64) -> Result<(), DbError> {
    sqlx::query!(
        "update acts set intent_at = null, anchor_key = null
         where id = $1 and state = 'doing' and (select generation from fence) = $2",
        id.0,
        generation,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Binds a forward to the bubble it became; refused by the unique index if the bubble belongs to another.
pub async fn bind(
    tx: &mut SliceTx,
    id: ActId,
    message: MessageId,
    generation: i64,
) -> Result<Option<StoredAct>, DbError> {
    let row = acts!(
        "update acts set state = 'done', bound_msg_id = $2, reason = null, pressed = true, ended_at = now()
         where id = $1 and state in ('doing', 'uncertain') and intent_at is not null
           and (select generation from fence) = $3
         returning",
        "",
        id.0,
        message.0,
        generation,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(StoredAct::try_from).transpose()
}

/// Leaves it to a person what became of a forward that was done before a moment: the bubble that it became never reached
/// the server and is gone.
pub async fn unbind(tx: &mut SliceTx, bubble: MessageId, done_before: Timestamp) -> Result<Option<StoredAct>, DbError> {
    let row = acts!(
        "update acts set state = 'uncertain', bound_msg_id = null, reason = 'vanished', ended_at = null
         where bound_msg_id = $1 and state = 'done' and ended_at < $2
         returning",
        "",
        bubble.0,
        moment(done_before) as _,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(StoredAct::try_from).transpose()
}

/// The acts that a process left in the middle, oldest first.
pub async fn interrupted(tx: &mut SliceTx) -> Result<Vec<StoredAct>, DbError> {
    let rows = acts!("select", "from acts where state = 'doing' order by seq limit 500").fetch_all(tx.conn()).await?;
    rows.into_iter().map(StoredAct::try_from).collect()
}

/// When the next queued act may be claimed.
pub async fn next_due(tx: &mut SliceTx) -> Result<Option<Timestamp>, DbError> {
    let at = sqlx::query_scalar!(
        r#"select min(coalesce(not_before, created_at)) as "at: jiff_sqlx::Timestamp" from acts where state = 'queued'"#
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(jiff(at))
}

/// Which of these stored messages are what a forward became.
pub async fn bound_among(tx: &mut SliceTx, messages: &[Uuid]) -> Result<Vec<MessageId>, DbError> {
    let rows = sqlx::query_scalar!(r#"select bound_msg_id as "id!" from acts where bound_msg_id = any($1)"#, messages)
        .fetch_all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(MessageId).collect())
}
