//! The numbered log of what happened; numbers come from a counter row, so commit order is number order (DEL-09).

use queunir_core::event::Event;

use super::SliceTx;
use crate::DbError;

/// A stored event, ready to be sent.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Its number.
    pub seq: i64,
    /// Its name on the wire.
    pub name: String,
    /// Its JSON.
    pub body: String,
}

/// The ends of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Cursors below this have to start over.
    pub floor: i64,
    /// The newest number.
    pub last: i64,
}

/// Appends events in order and returns the newest number; the counter stays locked until the transaction ends.
pub async fn append(tx: &mut SliceTx, events: &[Event]) -> Result<Option<i64>, DbError> {
    if events.is_empty() {
        return Ok(None);
    }
    let mut names = Vec::with_capacity(events.len());
    let mut bodies = Vec::with_capacity(events.len());
    for event in events {
        names.push(event.name().to_owned());
        bodies.push(serde_json::to_value(event).map_err(|_| DbError::Corrupt { column: "body" })?);
    }
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let last = sqlx::query_scalar!("update event_counter set last = last + $1 returning last", count)
        .fetch_one(tx.conn())
        .await?;
    sqlx::query!(
        "insert into event_log (seq, type, body)
         select $1 + n, type, body from unnest($2::text[], $3::jsonb[]) with ordinality as e (type, body, n)",
        last - count,
        &names,
        &bodies,
    )
    .execute(tx.conn())
    .await?;
    Ok(Some(last))
}

/// The ends of the log.
pub async fn bounds(tx: &mut SliceTx) -> Result<Bounds, DbError> {
    Ok(sqlx::query_as!(Bounds, "select floor, last from event_counter").fetch_one(tx.conn()).await?)
}

/// The ends of the log and the events after a cursor, oldest first, in one look.
pub async fn after(tx: &mut SliceTx, cursor: i64, limit: i64) -> Result<Vec<Logged>, DbError> {
    Ok(sqlx::query_as!(
        Logged,
        r#"select seq, type as name, body::text as "body!" from event_log where seq > $1 order by seq limit $2"#,
        cursor,
        limit,
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Makes every older cursor start over, because the log cannot describe what just changed.
pub async fn raise_floor(tx: &mut SliceTx) -> Result<i64, DbError> {
    let last = sqlx::query_scalar!("update event_counter set last = last + 1, floor = last + 1 returning last")
        .fetch_one(tx.conn())
        .await?;
    Ok(last)
}

/// Forgets events beyond `keep` or older than 30 days, at most `limit` rows; returns how many went.
pub async fn trim(tx: &mut SliceTx, keep: i64, limit: i64) -> Result<u64, DbError> {
    let newest_gone = sqlx::query_scalar!(
        r#"with gone as (
             select seq from event_log
             where seq <= (select last from event_counter) - $1 or at < now() - interval '30 days'
             order by seq limit $2
           ), removed as (delete from event_log using gone where event_log.seq = gone.seq returning event_log.seq)
           select max(seq) from removed"#,
        keep,
        limit,
    )
    .fetch_one(tx.conn())
    .await?;
    let Some(newest_gone) = newest_gone else { return Ok(0) };
    let changed = sqlx::query!("update event_counter set floor = greatest(floor, $1)", newest_gone)
        .execute(tx.conn())
        .await?
        .rows_affected();
    Ok(changed)
}
