//! Changes of state of an outgoing message; each names the states it leaves and the generation that may make it (DEL-05).

use jiff::Timestamp;
use queunir_core::{
    id::{MessageId, OutgoingId},
    outgoing::OutgoingState,
};

use super::{OutgoingRow, StoredOutgoing, changed};
use crate::{
    DbError,
    slice::{
        SliceTx,
        words::{maybe, moment, word},
    },
};

/// Claims the oldest queued message for `generation`; messages of one chat go in order.
pub async fn claim(
    tx: &mut SliceTx,
    generation: i64,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Option<StoredOutgoing>, DbError> {
    let id = sqlx::query_scalar!(
        r#"update outgoing set state = 'leased', generation = $1, lease_until = $3, reason = null
           where id = (
               select o.id from outgoing o
               where o.state = 'queued' and (o.not_before is null or o.not_before <= $2)
                 and not exists (select from outgoing earlier where earlier.chat_id = o.chat_id
                     and earlier.seq < o.seq and earlier.state in ('queued', 'leased', 'composing', 'intent'))
               order by o.seq limit 1 for update skip locked)
             and state = 'queued' and (select generation from fence) = $1
           returning id"#,
        generation,
        moment(now) as _,
        moment(lease_until) as _,
    )
    .fetch_optional(tx.conn())
    .await?;
    changed(tx, id).await
}

/// A change of state: from which states, to which, with what it brings along.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// Which message.
    pub id: OutgoingId,
    /// The states it may leave.
    pub from: &'a [OutgoingState],
    /// The state it enters.
    pub to: OutgoingState,
    /// A stable code.
    pub reason: Option<&'a str>,
    /// Not to be claimed before this.
    pub not_before: Option<Timestamp>,
    /// Whether this counts as a try that did not reach the send key.
    pub count_attempt: bool,
    /// Whether absence was proven.
    pub requeued: bool,
}

impl<'a> Step<'a> {
    /// A plain change of state.
    #[must_use]
    pub fn new(id: OutgoingId, from: &'a [OutgoingState], to: OutgoingState) -> Self {
        Self { id, from, to, reason: None, not_before: None, count_attempt: false, requeued: false }
    }

    /// With a stable code.
    #[must_use]
    pub fn because(self, reason: &'a str) -> Self {
        Self { reason: Some(reason), ..self }
    }
}

/// Makes a change of state if the message is in one of the states it may leave and `generation` holds the fence.
pub async fn step(tx: &mut SliceTx, step: &Step<'_>, generation: i64) -> Result<Option<StoredOutgoing>, DbError> {
    let from: Vec<String> = step.from.iter().map(|state| word(*state)).collect();
    let id = sqlx::query_scalar!(
        r#"update outgoing set state = $3, reason = $4, not_before = $5,
             attempts = attempts + case when $6 then 1 else 0 end, requeued = requeued or $7,
             intent_at = case when $3 = 'queued' then null else intent_at end,
             anchor_key = case when $3 = 'queued' then null else anchor_key end
           where id = $1 and state = any($2) and (select generation from fence) = $8
           returning id"#,
        step.id.0,
        &from,
        word(step.to),
        step.reason,
        maybe(step.not_before) as _,
        step.count_attempt,
        step.requeued,
        generation,
    )
    .fetch_optional(tx.conn())
    .await?;
    changed(tx, id).await
}

/// Writes the intent, before the send key is pressed (DEL-06).
pub async fn intend(
    tx: &mut SliceTx,
    id: OutgoingId,
    anchor: Option<&str>,
    at: Timestamp,
    generation: i64,
) -> Result<Option<StoredOutgoing>, DbError> {
    let id = sqlx::query_scalar!(
        r#"update outgoing set state = 'intent', anchor_key = $2, intent_at = $3, generation = $4
           where id = $1 and state = 'composing' and (select generation from fence) = $4
             and may_be_written_to(chat_id, $3)
             and not exists (select from chats where chats.id = outgoing.chat_id and ambiguous)
           returning id"#,
        id.0,
        anchor,
        moment(at) as _,
        generation,
    )
    .fetch_optional(tx.conn())
    .await?;
    changed(tx, id).await
}

/// Binds a message to the bubble it became; refused by the unique index if the bubble belongs to another.
pub async fn bind(
    tx: &mut SliceTx,
    id: OutgoingId,
    message: MessageId,
    at: Timestamp,
    generation: i64,
) -> Result<Option<StoredOutgoing>, DbError> {
    let id = sqlx::query_scalar!(
        r#"update outgoing set state = 'sent', bound_msg_id = $2, sent_at = $3, reason = null
           where id = $1 and state in ('intent', 'uncertain') and (select generation from fence) = $4
           returning id"#,
        id.0,
        message.0,
        moment(at) as _,
        generation,
    )
    .fetch_optional(tx.conn())
    .await?;
    changed(tx, id).await
}

/// Opens the fate of a message again that was sent before a moment: the bubble that it became never reached the server and
/// is gone.
pub async fn unbind(
    tx: &mut SliceTx,
    bubble: MessageId,
    sent_before: Timestamp,
) -> Result<Option<StoredOutgoing>, DbError> {
    let id = sqlx::query_scalar!(
        r#"update outgoing set state = 'intent', bound_msg_id = null, sent_at = null, reason = 'vanished'
           where bound_msg_id = $1 and state = 'sent' and sent_at < $2 returning id"#,
        bubble.0,
        moment(sent_before) as _,
    )
    .fetch_optional(tx.conn())
    .await?;
    changed(tx, id).await
}

/// Gives back what an earlier process had claimed but not brought to the send key.
pub async fn release_stale(tx: &mut SliceTx, generation: i64) -> Result<Vec<StoredOutgoing>, DbError> {
    let ids = sqlx::query_scalar!(
        r#"update outgoing set state = 'queued', lease_until = null
           where state in ('leased', 'composing') and (select generation from fence) = $1
           returning id"#,
        generation,
    )
    .fetch_all(tx.conn())
    .await?;
    let rows = select_outgoing!("where o.id = any($1) order by o.seq", &ids).fetch_all(tx.conn()).await?;
    rows.into_iter().map(StoredOutgoing::try_from).collect()
}
