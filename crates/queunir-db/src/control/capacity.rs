//! What the host can take and who waits for it: published by the orchestrator, read by the gateway.

use jiff::Timestamp;
use queunir_core::{id::SliceId, slice::Queue};

use super::{ControlTx, wanted};
use crate::DbError;

/// What a host can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Slices that may have a browser at once.
    pub linked_cap: u32,
    /// Between two starts on average, in milliseconds.
    pub start_ms: u64,
    /// Between two places that become free on average, in milliseconds.
    pub release_ms: u64,
}

/// One slice that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub id: SliceId,
    /// Since when; whoever waits longer goes first.
    pub queued_at: Timestamp,
    /// What its tenant is told; nothing where it is a matter of a moment.
    pub queue: Option<Queue>,
}

/// Tells what the host can take; false when a newer leader exists.
///
/// # Errors
/// When the statement fails.
pub async fn publish(tx: &mut ControlTx, epoch: i64, capacity: Capacity) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "insert into host (singleton, linked_cap, start_ms, release_ms, updated_at)
         select true, $2::integer, $3::bigint, $4::bigint, now() where $1::bigint = (select epoch from leadership)
         on conflict (singleton) do update set linked_cap = excluded.linked_cap, start_ms = excluded.start_ms,
             release_ms = excluded.release_ms, updated_at = excluded.updated_at",
        epoch,
        i32::try_from(capacity.linked_cap).unwrap_or(i32::MAX),
        i64::try_from(capacity.start_ms).unwrap_or(i64::MAX),
        i64::try_from(capacity.release_ms).unwrap_or(i64::MAX),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes the whole queue: who is not in it waits no more. False when a newer leader exists.
///
/// # Errors
/// When the statement fails.
pub async fn publish_queue(tx: &mut ControlTx, epoch: i64, queue: &[Waiting]) -> Result<bool, DbError> {
    let ids: Vec<i64> = queue.iter().map(|one| one.id.0).collect();
    let since: Vec<i64> = queue.iter().map(|one| one.queued_at.as_microsecond()).collect();
    // Places that nobody is told are written as 0.
    let told = |part: fn(Queue) -> u32| -> Vec<i32> {
        queue.iter().map(|one| one.queue.map_or(0, |place| i32::try_from(part(place)).unwrap_or(i32::MAX))).collect()
    };
    let leads = sqlx::query_scalar!(r#"select epoch = $1 as "leads!" from leadership for share"#, epoch)
        .fetch_one(tx.conn())
        .await?;
    if !leads {
        return Ok(false);
    }
    sqlx::query!(
        "update slices set queued_at = null, queue_position = null, queue_seconds = null, epoch = $1
         where queued_at is not null and id <> all($2)",
        epoch,
        &ids,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update slices s set queued_at = q.since, queue_position = nullif(q.position, 0),
             queue_seconds = case when q.position > 0 then q.seconds end, epoch = $1
         from (select id, 'epoch'::timestamptz + micros * interval '1 microsecond' as since, position, seconds
               from unnest($2::bigint[], $3::bigint[], $4::integer[], $5::integer[]) as u (id, micros, position, seconds)) q
         where s.id = q.id and (s.queued_at, coalesce(s.queue_position, 0), coalesce(s.queue_seconds, 0))
             is distinct from (q.since, q.position, q.seconds)",
        epoch,
        &ids,
        &since,
        &told(|place| place.position),
        &told(|place| place.seconds),
    )
    .execute(tx.conn())
    .await?;
    Ok(true)
}

/// What was published last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bulletin {
    /// What the host can take.
    pub capacity: Capacity,
    /// How many slices wait.
    pub waiting: i64,
}

/// What was published, if that is not longer ago than a minute.
///
/// # Errors
/// When the statement fails.
pub async fn bulletin(tx: &mut ControlTx) -> Result<Option<Bulletin>, DbError> {
    let row = sqlx::query!(
        r#"select linked_cap, start_ms, release_ms,
               (select count(*) from slices where queued_at is not null) as "waiting!"
           from host where updated_at > now() - interval '1 minute'"#
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Bulletin {
        capacity: Capacity {
            linked_cap: u32::try_from(row.linked_cap).unwrap_or_default(),
            start_ms: row.start_ms.unsigned_abs(),
            release_ms: row.release_ms.unsigned_abs(),
        },
        waiting: row.waiting,
    }))
}

/// What whoever wants a browser now has to expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// There is room, or nobody knows.
    Room,
    /// All places are taken; this is the slice's place in the queue.
    Full(Queue),
}

/// Looks whether the host has a place for a slice that is wanted linked. What was published longer than a minute ago
/// counts as unknown.
///
/// # Errors
/// When the statement fails.
pub async fn outlook(tx: &mut ControlTx, slice: SliceId) -> Result<Outlook, DbError> {
    let row = sqlx::query!(
        r#"with live as (
               select id, queue_position, queue_seconds,
                      desired = 'linked' and (phase in ('requested', 'stopped', 'service') or queued_at is not null) as waits,
                      coalesce(page_state, 'no_browser') <> 'no_browser'
                          or desired = 'linked' and phase in ('provisioning', 'starting') and queued_at is null as holds
               from slices where desired in ('service', 'linked')
           )
           select h.linked_cap, h.release_ms, own.holds as "holds!", own.queue_position, own.queue_seconds,
                  (select count(*) from live where holds and id <> $1) as "held!",
                  (select count(*) from live where waits and not holds and id <> $1) as "ahead!"
           from host h, live own
           where own.id = $1 and h.updated_at > now() - interval '1 minute'"#,
        slice.0,
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(Outlook::Room) };
    let over = row.held + row.ahead - i64::from(row.linked_cap);
    if row.holds || over < 0 {
        return Ok(Outlook::Room);
    }
    if let Some(queue) = wanted::queue(row.queue_position, row.queue_seconds) {
        return Ok(Outlook::Full(queue));
    }
    let position = u32::try_from(over + 1).unwrap_or(u32::MAX);
    let seconds = i64::from(position).saturating_mul(row.release_ms) / 1000;
    Ok(Outlook::Full(Queue { position, seconds: u32::try_from(seconds).unwrap_or(u32::MAX) }))
}
