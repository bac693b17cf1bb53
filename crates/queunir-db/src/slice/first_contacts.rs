//! First messages to people who never wrote, counted in the outbox itself (POL-04).

use jiff::{SignedDuration, Timestamp};
use queunir_core::id::{ChatId, OutgoingId, UserId};

use super::{
    SliceTx,
    words::{jiff, moment},
};
use crate::DbError;

/// Whether a message would be the first in its chat: nobody has written there, as far as is stored, and no other
/// message is on its way.
pub async fn is_first(tx: &mut SliceTx, chat: ChatId, but: Option<OutgoingId>) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from chats where id = $1 and preview_text is null and kind <> 'group')
             and not exists (select from messages where chat_id = $1)
             and not exists (select from outgoing where chat_id = $1 and ($2::uuid is null or id <> $2)
                 and (intent_at is not null or state in ('queued', 'leased', 'composing', 'uncertain'))) as "first!""#,
        chat.0,
        but.map(|id| id.0),
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Marks a message as the first of its chat, or not.
pub async fn mark(tx: &mut SliceTx, id: OutgoingId, first: bool) -> Result<(), DbError> {
    sqlx::query!("update outgoing set first_contact = $2 where id = $1 and first_contact <> $2", id.0, first)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// How many first messages went out within a day before `now`, or wait to; without one of them.
pub async fn count(tx: &mut SliceTx, now: Timestamp, but: Option<OutgoingId>) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "n!" from outgoing
           where first_contact and ($2::uuid is null or id <> $2)
             and (intent_at > $1::timestamptz - interval '1 day'
                 or (intent_at is null and state in ('queued', 'leased', 'composing')))"#,
        moment(now) as _,
        but.map(|id| id.0),
    )
    .fetch_one(tx.conn())
    .await?)
}

/// When less than `limit` of them will be left within a day, if those that wait go out now.
pub async fn free_at(
    tx: &mut SliceTx,
    now: Timestamp,
    limit: u32,
    but: Option<OutgoingId>,
) -> Result<Timestamp, DbError> {
    let at = sqlx::query_scalar!(
        r#"select coalesce(intent_at, $1::timestamptz) + interval '1 day' as "at: jiff_sqlx::Timestamp" from outgoing
           where first_contact and ($3::uuid is null or id <> $3)
             and (intent_at > $1::timestamptz - interval '1 day'
                 or (intent_at is null and state in ('queued', 'leased', 'composing')))
           order by coalesce(intent_at, $1) desc offset $2 limit 1"#,
        moment(now) as _,
        i64::from(limit.max(1)) - 1,
        but.map(|id| id.0),
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(jiff(at.flatten()).unwrap_or(now))
}

/// Since when anything is stored: the account is new here for a while.
pub async fn known_since(tx: &mut SliceTx) -> Result<Option<Timestamp>, DbError> {
    let at = sqlx::query_scalar!(r#"select min(created_at) as "at: jiff_sqlx::Timestamp" from chats"#)
        .fetch_one(tx.conn())
        .await?;
    Ok(jiff(at))
}

/// How many numbers people had looked up within a day before `now`, and when the oldest of them leaves it.
pub async fn looked_up(tx: &mut SliceTx, now: Timestamp) -> Result<(i64, Option<Timestamp>), DbError> {
    let row = sqlx::query!(
        r#"select count(*) as "n!", min(at) + interval '1 day' as "free: jiff_sqlx::Timestamp" from audit
           where action = 'new_chat' and result = 'asked' and at > $1::timestamptz - interval '1 day'"#,
        moment(now) as _,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.n, jiff(row.free)))
}

/// Puts on record that somebody has a number looked up; the number itself is not kept.
pub async fn note_look_up(tx: &mut SliceTx, user: UserId, at: Timestamp) -> Result<(), DbError> {
    sqlx::query!(
        "insert into audit (at, user_id, action, result) values ($1, $2, 'new_chat', 'asked')",
        moment(at) as _,
        user.0,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether a message may still be on its way, so that the page must not be loaded again: its key was pressed and its
/// bubble was not seen, or its bubble had a clock a short while ago.
pub async fn is_sending(tx: &mut SliceTx, now: Timestamp) -> Result<bool, DbError> {
    let short = now.saturating_sub(SignedDuration::from_mins(10)).unwrap_or(now);
    Ok(sqlx::query_scalar!(
        r#"select exists (select from outgoing where state = 'intent')
             or exists (select from acts where state = 'doing')
             or exists (select from messages where ack = 'pending' and direction = 'out' and sent_at > $1) as "any!""#,
        moment(short) as _,
    )
    .fetch_one(tx.conn())
    .await?)
}
