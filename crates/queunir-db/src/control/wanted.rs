//! The gateway's side of `slices`: it writes what is wanted and reads what is observed.

use jiff_sqlx::Timestamp as DbTimestamp;
use queunir_core::{
    id::{SliceId, UserId},
    link::ReadingMode,
    slice::{Desired, Phase, Queue, SliceView, Trouble},
};

use super::{ControlTx, words};
use crate::DbError;

/// Where a slice is to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its number.
    pub slice: SliceId,
    /// What is wanted of it.
    pub desired: Desired,
    /// What is observed.
    pub phase: Phase,
    /// Loopback port of its API, once given.
    pub port: Option<u16>,
    /// Counter of its starts; part of its certificate's name.
    pub generation: i64,
    /// Chosen at linking.
    pub reading_mode: Option<ReadingMode>,
    /// Whether the last noted request is more than a minute ago.
    pub stale: bool,
}

pub(super) struct PlaceRow {
    pub id: i64,
    pub desired: String,
    pub phase: String,
    pub port: Option<i32>,
    pub generation: i64,
    pub reading_mode: Option<String>,
    pub stale: bool,
}

impl TryFrom<PlaceRow> for Place {
    type Error = DbError;

    fn try_from(row: PlaceRow) -> Result<Self, DbError> {
        let port = row.port.map(u16::try_from).transpose().map_err(|_| DbError::Corrupt { column: "slices.port" })?;
        Ok(Self {
            slice: SliceId(row.id),
            desired: words::parse("slices.desired", &row.desired)?,
            phase: words::parse("slices.phase", &row.phase)?,
            port,
            generation: row.generation,
            reading_mode: row.reading_mode.map(|text| words::parse("slices.reading_mode", &text)).transpose()?,
            stale: row.stale,
        })
    }
}

/// What a new slice needs to know of its owner.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// The owner.
    pub user: UserId,
    /// The choice, if one came with this wish.
    pub reading_mode: Option<ReadingMode>,
    /// Language of the page.
    pub locale: &'a str,
    /// IANA zone of the page.
    pub time_zone: &'a str,
}

/// What became of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The slice's number.
    pub slice: SliceId,
    /// Whether it is a new one.
    pub added: bool,
}

/// Wants the user's slice linked, adding it if there is none; however many ask at once, one slice results. `None` while
/// the user's slice is being deleted.
///
/// # Errors
/// When the statement fails.
pub async fn want_linked(tx: &mut ControlTx, wish: &Wish<'_>) -> Result<Option<Wanted>, DbError> {
    let mode = wish.reading_mode.map(reading_mode_word);
    let row = sqlx::query!(
        r#"insert into slices as s (user_id, desired, reading_mode, locale, time_zone)
           values ($1, 'linked', $2, $3, $4)
           on conflict (user_id) do update set desired = 'linked', wanted_at = clock_timestamp(), wanted_reason = null,
               reading_mode = coalesce(excluded.reading_mode, s.reading_mode), last_request_at = now()
               where s.desired <> 'deleted'
           returning id, (xmax = 0) as "added!""#,
        wish.user.0,
        mode,
        wish.locale,
        wish.time_zone,
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    sqlx::query!("update users set slice_id = $2 where id = $1 and slice_id is distinct from $2", wish.user.0, row.id,)
        .execute(tx.conn())
        .await?;
    Ok(Some(Wanted { slice: SliceId(row.id), added: row.added }))
}

/// Wants no browser any more; false if none was wanted.
///
/// # Errors
/// When the statement fails.
pub async fn want_no_browser(tx: &mut ControlTx, slice: SliceId) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "update slices set desired = 'service', wanted_at = clock_timestamp(), wanted_reason = null
         where id = $1 and desired = 'linked'",
        slice.0,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Wants a stopped slice back at level *service*; false if it was not stopped.
///
/// # Errors
/// When the statement fails.
pub async fn wake(tx: &mut ControlTx, slice: SliceId) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "update slices set desired = 'service', wanted_at = clock_timestamp(), wanted_reason = null, last_request_at = now()
         where id = $1 and desired = 'stopped'",
        slice.0,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes a request to the slice, at most once a minute.
///
/// # Errors
/// When the statement fails.
pub async fn touch(tx: &mut ControlTx, slice: SliceId) -> Result<(), DbError> {
    sqlx::query!(
        "update slices set last_request_at = now() where id = $1 and last_request_at < now() - interval '1 minute'",
        slice.0,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The slice as its tenant sees it.
///
/// # Errors
/// When the statement fails or a stored word is unknown.
pub async fn find_view(tx: &mut ControlTx, slice: SliceId) -> Result<Option<SliceView>, DbError> {
    let row = sqlx::query!(
        r#"select desired, phase, stop_reason, wanted_at as "wanted_at: DbTimestamp",
                  phase_since as "phase_since: DbTimestamp", queue_position, queue_seconds, over_quota
           from slices where id = $1"#,
        slice.0,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        Ok(SliceView {
            desired: Some(words::parse("slices.desired", &row.desired)?),
            phase: Some(words::parse("slices.phase", &row.phase)?),
            stop_reason: row.stop_reason.map(|text| words::parse("slices.stop_reason", &text)).transpose()?,
            wanted_at: Some(row.wanted_at.to_jiff()),
            phase_since: Some(row.phase_since.to_jiff()),
            queue: queue(row.queue_position, row.queue_seconds),
            trouble: row.over_quota.then_some(Trouble::StorageFull),
        })
    })
    .transpose()
}

pub(super) fn queue(position: Option<i32>, seconds: Option<i32>) -> Option<Queue> {
    let position = u32::try_from(position?).ok()?;
    Some(Queue { position, seconds: seconds.and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or_default() })
}

fn reading_mode_word(mode: ReadingMode) -> &'static str {
    match mode {
        ReadingMode::Background => "background",
        ReadingMode::OnOpen => "on_open",
    }
}
