//! The readers' side: the newest samples, and courses over days.

use std::time::Duration;

use jiff::Timestamp;
use jiff_sqlx::{Timestamp as DbTimestamp, ToSqlx as _};
use queunir_core::{id::SliceId, link::PageState};

use super::{Disk, ServerPoint, ServerSample, SlicePoint, SliceSample, Told};
use crate::{
    DbError,
    control::{ControlReads, words::parse},
};

struct Raw {
    slice_id: i64,
    at: DbTimestamp,
    generation: i64,
    cpu_percent: Option<f32>,
    rss_bytes: i64,
    pss_bytes: Option<i64>,
    swap_bytes: Option<i64>,
    processes: i32,
    session_bytes: Option<i64>,
    media_bytes: Option<i64>,
    records_bytes: Option<i64>,
    database_bytes: Option<i64>,
    wa_state: Option<String>,
    reader_alarm: Option<bool>,
    reader_misses: Vec<String>,
    last_inbound_at: Option<DbTimestamp>,
    contacts: Option<i64>,
    chats: Option<i64>,
    messages: Option<i64>,
}

impl From<Raw> for SliceSample {
    fn from(raw: Raw) -> Self {
        // A word of another version is no reason to see nothing.
        let state = raw.wa_state.map(|word| parse("wa_state", &word).unwrap_or(PageState::Unknown));
        Self {
            slice: SliceId(raw.slice_id),
            at: raw.at.to_jiff(),
            generation: raw.generation,
            cpu_percent: raw.cpu_percent,
            rss_bytes: raw.rss_bytes,
            pss_bytes: raw.pss_bytes,
            swap_bytes: raw.swap_bytes,
            processes: raw.processes,
            disk: Disk {
                session_bytes: raw.session_bytes,
                media_bytes: raw.media_bytes,
                records_bytes: raw.records_bytes,
                database_bytes: raw.database_bytes,
            },
            told: state.map(|wa_state| Told {
                wa_state,
                reader_alarm: raw.reader_alarm.unwrap_or_default(),
                reader_misses: raw.reader_misses,
                last_inbound_at: raw.last_inbound_at.map(DbTimestamp::to_jiff),
                contacts: raw.contacts.unwrap_or_default(),
                chats: raw.chats.unwrap_or_default(),
                messages: raw.messages.unwrap_or_default(),
            }),
        }
    }
}

/// What the slices' databases take; of slices that share one it is not known.
///
/// # Errors
/// When the statement fails.
pub async fn database_sizes(reads: &mut ControlReads) -> Result<Vec<(SliceId, i64)>, DbError> {
    let rows = sqlx::query!(
        r#"select t.slice_id, pg_database_size(d.oid) as "bytes!"
           from tenants t join pg_database d on d.datname = t.database_name where t.mode = 'database'"#
    )
    .fetch_all(reads.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (SliceId(row.slice_id), row.bytes)).collect())
}

/// The newest sample since `since` of every slice that has one.
///
/// # Errors
/// When the statement fails.
pub async fn latest(reads: &mut ControlReads, since: Timestamp) -> Result<Vec<SliceSample>, DbError> {
    let rows = sqlx::query_as!(
        Raw,
        r#"select t.slice_id as "slice_id!", t.at as "at!: DbTimestamp", t.generation as "generation!",
               t.cpu_percent as "cpu_percent?", t.rss_bytes as "rss_bytes!", t.pss_bytes as "pss_bytes?",
               t.swap_bytes as "swap_bytes?", t.processes as "processes!", t.session_bytes as "session_bytes?",
               t.media_bytes as "media_bytes?", t.records_bytes as "records_bytes?",
               t.database_bytes as "database_bytes?", t.wa_state as "wa_state?", t.reader_alarm as "reader_alarm?",
               t.reader_misses as "reader_misses!", t.last_inbound_at as "last_inbound_at?: DbTimestamp",
               t.contacts as "contacts?", t.chats as "chats?", t.messages as "messages?"
           from slices s cross join lateral (
               select * from telemetry where slice_id = s.id and at >= $1 order by at desc limit 1
           ) t order by t.slice_id"#,
        since.to_sqlx() as _,
    )
    .fetch_all(reads.conn())
    .await?;
    Ok(rows.into_iter().map(SliceSample::from).collect())
}

/// The samples of a slice from `since` to `until`, oldest first.
///
/// # Errors
/// When the statement fails.
pub async fn list_samples(
    reads: &mut ControlReads,
    slice: SliceId,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<SliceSample>, DbError> {
    let rows = sqlx::query_as!(
        Raw,
        r#"select slice_id, at as "at: DbTimestamp", generation, cpu_percent, rss_bytes, pss_bytes, swap_bytes, processes,
               session_bytes, media_bytes, records_bytes, database_bytes, wa_state, reader_alarm, reader_misses,
               last_inbound_at as "last_inbound_at: DbTimestamp", contacts, chats, messages
           from telemetry where slice_id = $1 and at >= $2 and at < $3 order by at"#,
        slice.0,
        since.to_sqlx() as _,
        until.to_sqlx() as _,
    )
    .fetch_all(reads.conn())
    .await?;
    Ok(rows.into_iter().map(SliceSample::from).collect())
}

/// The newest sample of the host since `since`.
///
/// # Errors
/// When the statement fails.
pub async fn latest_server(reads: &mut ControlReads, since: Timestamp) -> Result<Option<ServerSample>, DbError> {
    let row = sqlx::query!(
        r#"select at as "at: DbTimestamp", cores, cpu_percent, load_1, load_5, load_15, ram_total_bytes, ram_used_bytes,
               swap_total_bytes, swap_used_bytes, disk_total_bytes, disk_used_bytes
           from server_telemetry where at >= $1 order by at desc limit 1"#,
        since.to_sqlx() as _,
    )
    .fetch_optional(reads.conn())
    .await?;
    Ok(row.map(|row| ServerSample {
        at: row.at.to_jiff(),
        cores: row.cores,
        cpu_percent: row.cpu_percent,
        load_1: row.load_1,
        load_5: row.load_5,
        load_15: row.load_15,
        ram_total_bytes: row.ram_total_bytes,
        ram_used_bytes: row.ram_used_bytes,
        swap_total_bytes: row.swap_total_bytes,
        swap_used_bytes: row.swap_used_bytes,
        disk_total_bytes: row.disk_total_bytes,
        disk_used_bytes: row.disk_used_bytes,
    }))
}

/// A slice from `since` to `until` by steps that are laid from `since` on, oldest first; a step is five minutes or more.
///
/// # Errors
/// When the statement fails.
pub async fn list_slice_points(
    reads: &mut ControlReads,
    slice: SliceId,
    since: Timestamp,
    until: Timestamp,
    step: Duration,
) -> Result<Vec<SlicePoint>, DbError> {
    let rows = sqlx::query!(
        r#"select date_bin($4::bigint * interval '1 second', at, $2) as "at!: DbTimestamp",
               avg(cpu_percent)::real as cpu_percent, avg(rss_bytes)::bigint as "rss_bytes!",
               max(rss_bytes_max) as "rss_bytes_max!", avg(pss_bytes)::bigint as pss_bytes, max(disk_bytes) as disk_bytes
           from telemetry_5m where slice_id = $1 and at >= $2 and at < $3 group by 1 order by 1"#,
        slice.0,
        since.to_sqlx() as _,
        until.to_sqlx() as _,
        seconds(step),
    )
    .fetch_all(reads.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SlicePoint {
            at: row.at.to_jiff(),
            cpu_percent: row.cpu_percent,
            rss_bytes: row.rss_bytes,
            rss_bytes_max: row.rss_bytes_max,
            pss_bytes: row.pss_bytes,
            disk_bytes: row.disk_bytes,
        })
        .collect())
}

/// The host, as [`list_slice_points`].
///
/// # Errors
/// When the statement fails.
pub async fn list_server_points(
    reads: &mut ControlReads,
    since: Timestamp,
    until: Timestamp,
    step: Duration,
) -> Result<Vec<ServerPoint>, DbError> {
    let rows = sqlx::query!(
        r#"select date_bin($3::bigint * interval '1 second', at, $1) as "at!: DbTimestamp",
               avg(cpu_percent)::real as cpu_percent, avg(load_5)::real as "load_5!",
               avg(ram_used_bytes)::bigint as "ram_used_bytes!", max(ram_total_bytes) as "ram_total_bytes!",
               avg(swap_used_bytes)::bigint as "swap_used_bytes!", max(disk_used_bytes) as "disk_used_bytes!",
               max(disk_total_bytes) as "disk_total_bytes!"
           from server_telemetry_5m where at >= $1 and at < $2 group by 1 order by 1"#,
        since.to_sqlx() as _,
        until.to_sqlx() as _,
        seconds(step),
    )
    .fetch_all(reads.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ServerPoint {
            at: row.at.to_jiff(),
            cpu_percent: row.cpu_percent,
            load_5: row.load_5,
            ram_used_bytes: row.ram_used_bytes,
            ram_total_bytes: row.ram_total_bytes,
            swap_used_bytes: row.swap_used_bytes,
            disk_used_bytes: row.disk_used_bytes,
            disk_total_bytes: row.disk_total_bytes,
        })
        .collect())
}

/// At least one, of which a border is made.
fn seconds(step: Duration) -> i64 {
    i64::try_from(step.as_secs()).unwrap_or(i64::MAX).clamp(1, 366 * 86_400)
}

/// The first sample of the host since `since`, or since what is rolled up ends if that is not known.
///
/// # Errors
/// When the statement fails.
pub async fn first_to_roll(reads: &mut ControlReads, since: Option<Timestamp>) -> Result<Option<Timestamp>, DbError> {
    let at = sqlx::query_scalar!(
        r#"select at as "at: DbTimestamp" from server_telemetry
           where at >= coalesce($1, (select max(at) from server_telemetry_5m), '-infinity') order by at limit 1"#,
        since.map(Timestamp::to_sqlx) as _,
    )
    .fetch_optional(reads.conn())
    .await?;
    Ok(at.map(DbTimestamp::to_jiff))
}

/// How many slices are in each phase.
///
/// # Errors
/// When the statement fails.
pub async fn count_phases(reads: &mut ControlReads) -> Result<Vec<(String, i64)>, DbError> {
    let rows = sqlx::query!(r#"select phase, count(*) as "n!" from slices group by phase order by phase"#)
        .fetch_all(reads.conn())
        .await?;
    Ok(rows.into_iter().map(|row| (row.phase, row.n)).collect())
}
