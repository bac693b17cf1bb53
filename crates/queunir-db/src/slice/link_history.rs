//! What the link was good for and when, as spans that follow each other without holes.

use jiff::Timestamp;
use queunir_core::link::{Condition, LinkSpan};

use super::{
    SliceTx,
    words::{moment, value, word},
};
use crate::DbError;

/// The newest span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newest {
    /// What the link was good for.
    pub condition: Condition,
    /// Why.
    pub reason: String,
    /// Until when that is known to have held.
    pub until: Timestamp,
    /// Whether it was ended in order; one that was not ended with its slice.
    pub ended: bool,
}

/// The newest span, if a phone was ever linked.
pub async fn newest(tx: &mut SliceTx) -> Result<Option<Newest>, DbError> {
    let row = sqlx::query!(
        r#"select condition, reason, until_at as "until_at: jiff_sqlx::Timestamp", ended
           from link_history order by id desc limit 1"#
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        Ok(Newest {
            condition: value(&row.condition, "link_history.condition")?,
            reason: row.reason,
            until: row.until_at.to_jiff(),
            ended: row.ended,
        })
    })
    .transpose()
}

/// Ends the open span at a moment and begins another there, if `generation` holds the fence.
pub async fn begin(
    tx: &mut SliceTx,
    condition: Condition,
    reason: &str,
    at: Timestamp,
    generation: i64,
) -> Result<(), DbError> {
    end(tx, at, generation).await?;
    sqlx::query!(
        "insert into link_history (condition, reason, began_at, until_at)
         select $1, $2, $3, $3 where (select generation from fence) = $4",
        word(condition),
        reason,
        moment(at) as _,
        generation,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Ends the open span at a moment, if `generation` holds the fence. A clock that was set back ends it where it began.
pub async fn end(tx: &mut SliceTx, at: Timestamp, generation: i64) -> Result<(), DbError> {
    sqlx::query!(
        "update link_history set ended = true, until_at = greatest(began_at, $1)
         where not ended and (select generation from fence) = $2",
        moment(at) as _,
        generation,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The open span still holds, for this reason, if `generation` holds the fence.
pub async fn still(tx: &mut SliceTx, reason: &str, at: Timestamp, generation: i64) -> Result<(), DbError> {
    sqlx::query!(
        "update link_history set until_at = greatest(began_at, $1), reason = $2
         where not ended and (select generation from fence) = $3",
        moment(at) as _,
        reason,
        generation,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The newest spans before `before` in which the link was not good, newest first. A chat is in doubt while it waits to
/// be read, or has a gap, since such a time or within ten minutes after it; longer, and what came later counts as well.
pub async fn page(tx: &mut SliceTx, before: Option<i64>, limit: i64) -> Result<Vec<LinkSpan>, DbError> {
    let rows = sqlx::query!(
        r#"select t.id, t.condition, t.reason, t.began_at as "began_at: jiff_sqlx::Timestamp",
                  t.until_at as "until_at: jiff_sqlx::Timestamp", t.ended,
                  (select count(*) from chats c
                   where c.joined_into is null and (c.to_read_since between t.began_at and t.until_at + interval '10 minutes'
                      or exists (select from gaps g where g.chat_id = c.id and g.closed_at is null
                          and g.found_at between t.began_at and t.until_at + interval '10 minutes'))) as "chats_in_doubt!"
           from link_history t
           where t.condition <> 'connected' and ($1::bigint is null or t.id < $1)
           order by t.id desc limit $2"#,
        before,
        limit,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(LinkSpan {
                id: row.id,
                condition: value(&row.condition, "link_history.condition")?,
                reason: row.reason,
                began_at: row.began_at.to_jiff(),
                ended_at: row.ended.then(|| row.until_at.to_jiff()),
                chats_in_doubt: row.chats_in_doubt,
            })
        })
        .collect()
}

/// Forgets what ended before a moment.
pub async fn trim(tx: &mut SliceTx, before: Timestamp) -> Result<(), DbError> {
    sqlx::query!("delete from link_history where ended and until_at < $1", moment(before) as _)
        .execute(tx.conn())
        .await?;
    Ok(())
}
