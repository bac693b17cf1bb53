//! The monitor's side: samples are added, rolled up and forgotten.

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use queunir_core::id::SliceId;

use super::{ServerSample, SliceSample};
use crate::{
    DbError,
    control::{ControlTx, words::word},
};

/// Parts of a list that travels as one text.
const SEPARATOR: &str = "\u{1f}";

/// Makes room for the samples of a day (UTC); safe to repeat.
///
/// # Errors
/// When the statement fails or a lock is not to be had.
pub async fn prepare(tx: &mut ControlTx, day: Date) -> Result<(), DbError> {
    sqlx::query!("select telemetry_prepare($1::text::date)", day.to_string()).execute(tx.conn()).await?;
    Ok(())
}

/// Drops the days of samples before `raw` and the days of rolled-up ones before `rolled`; tells how many tables went.
///
/// # Errors
/// As [`prepare`].
pub async fn forget(tx: &mut ControlTx, raw: Date, rolled: Date) -> Result<i32, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select telemetry_forget($1::text::date, $2::text::date) as "dropped!""#,
        raw.to_string(),
        rolled.to_string(),
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Adds samples of slices; one that is there already stays.
///
/// # Errors
/// When the statement fails, as it does when the day was not prepared.
pub async fn insert_slices(tx: &mut ControlTx, samples: &[SliceSample]) -> Result<(), DbError> {
    let all = samples.iter();
    let told = || samples.iter().map(|one| one.told.as_ref());
    let misses = told().map(|told| told.map(|told| told.reader_misses.join(SEPARATOR)).unwrap_or_default());
    let inbound = told().map(|told| told.and_then(|told| told.last_inbound_at).map(Timestamp::to_sqlx));
    sqlx::query!(
        "insert into telemetry (slice_id, at, generation, cpu_percent, rss_bytes, pss_bytes, swap_bytes, processes,
             disk_bytes, session_bytes, media_bytes, records_bytes, database_bytes, wa_state, reader_alarm,
             reader_misses, last_inbound_at, contacts, chats, messages)
         select slice_id, at, generation, cpu_percent, rss_bytes, pss_bytes, swap_bytes, processes,
             disk_bytes, session_bytes, media_bytes, records_bytes, database_bytes, wa_state, reader_alarm,
             string_to_array(misses, $21), last_inbound_at, contacts, chats, messages
         from unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::real[], $5::bigint[], $6::bigint[], $7::bigint[],
             $8::integer[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::text[],
             $15::boolean[], $16::text[], $17::timestamptz[], $18::bigint[], $19::bigint[], $20::bigint[])
             as sample (slice_id, at, generation, cpu_percent, rss_bytes, pss_bytes, swap_bytes, processes,
                 disk_bytes, session_bytes, media_bytes, records_bytes, database_bytes, wa_state, reader_alarm,
                 misses, last_inbound_at, contacts, chats, messages)
         on conflict do nothing",
        &all.clone().map(|one| one.slice.0).collect::<Vec<_>>(),
        all.clone().map(|one| one.at.to_sqlx()).collect::<Vec<_>>() as _,
        &all.clone().map(|one| one.generation).collect::<Vec<_>>(),
        all.clone().map(|one| one.cpu_percent).collect::<Vec<_>>() as _,
        &all.clone().map(|one| one.rss_bytes).collect::<Vec<_>>(),
        all.clone().map(|one| one.pss_bytes).collect::<Vec<_>>() as _,
        all.clone().map(|one| one.swap_bytes).collect::<Vec<_>>() as _,
        &all.clone().map(|one| one.processes).collect::<Vec<_>>(),
        all.clone().map(|one| one.disk.bytes()).collect::<Vec<_>>() as _,
        all.clone().map(|one| one.disk.session_bytes).collect::<Vec<_>>() as _,
        all.clone().map(|one| one.disk.media_bytes).collect::<Vec<_>>() as _,
        all.clone().map(|one| one.disk.records_bytes).collect::<Vec<_>>() as _,
        all.map(|one| one.disk.database_bytes).collect::<Vec<_>>() as _,
        told().map(|told| told.map(|told| word(told.wa_state))).collect::<Vec<_>>() as _,
        told().map(|told| told.map(|told| told.reader_alarm)).collect::<Vec<_>>() as _,
        &misses.collect::<Vec<_>>(),
        inbound.collect::<Vec<_>>() as _,
        told().map(|told| told.map(|told| told.contacts)).collect::<Vec<_>>() as _,
        told().map(|told| told.map(|told| told.chats)).collect::<Vec<_>>() as _,
        told().map(|told| told.map(|told| told.messages)).collect::<Vec<_>>() as _,
        SEPARATOR,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Adds a sample of the host; one that is there already stays.
///
/// # Errors
/// As [`insert_slices`].
pub async fn insert_server(tx: &mut ControlTx, sample: &ServerSample) -> Result<(), DbError> {
    sqlx::query!(
        "insert into server_telemetry (at, cores, cpu_percent, load_1, load_5, load_15, ram_total_bytes, ram_used_bytes,
             swap_total_bytes, swap_used_bytes, disk_total_bytes, disk_used_bytes)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing",
        sample.at.to_sqlx() as _,
        sample.cores,
        sample.cpu_percent,
        sample.load_1,
        sample.load_5,
        sample.load_15,
        sample.ram_total_bytes,
        sample.ram_used_bytes,
        sample.swap_total_bytes,
        sample.swap_used_bytes,
        sample.disk_total_bytes,
        sample.disk_used_bytes,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What the rows of slices say of their disks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Storage {
    /// The slice.
    pub slice: SliceId,
    /// What it takes, if that was measured.
    pub bytes: Option<i64>,
    /// Whether it writes nothing new; unchanged if it did not say.
    pub over_quota: Option<bool>,
}

/// Notes what slices take in their rows, where that differs by a mebibyte or more. Does nothing for a leader of before.
///
/// # Errors
/// When the statement fails.
pub async fn note_storage(tx: &mut ControlTx, epoch: i64, storage: &[Storage]) -> Result<(), DbError> {
    sqlx::query!(
        "update slices set storage_bytes = coalesce(seen.bytes, storage_bytes),
             over_quota = coalesce(seen.over_quota, slices.over_quota)
         from unnest($2::bigint[], $3::bigint[], $4::boolean[]) as seen (id, bytes, over_quota)
         where slices.id = seen.id and $1 = (select epoch from leadership)
             and (abs(seen.bytes - storage_bytes) >= 1048576 or seen.over_quota <> slices.over_quota)",
        epoch,
        &storage.iter().map(|one| one.slice.0).collect::<Vec<_>>(),
        storage.iter().map(|one| one.bytes).collect::<Vec<_>>() as _,
        storage.iter().map(|one| one.over_quota).collect::<Vec<_>>() as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Rolls the samples from `since` to `until` up by five minutes; both are such borders. Safe to repeat.
///
/// # Errors
/// When a statement fails.
pub async fn roll_up(tx: &mut ControlTx, since: Timestamp, until: Timestamp) -> Result<(), DbError> {
    sqlx::query!(
        "insert into telemetry_5m (slice_id, at, samples, cpu_percent, cpu_percent_max, rss_bytes, rss_bytes_max,
             pss_bytes, swap_bytes, processes, disk_bytes, wa_state, messages)
         select slice_id, date_bin('5 minutes', at, 'epoch'), count(*), avg(cpu_percent), max(cpu_percent),
             avg(rss_bytes), max(rss_bytes), avg(pss_bytes), avg(swap_bytes), max(processes),
             (array_agg(disk_bytes order by at desc) filter (where disk_bytes is not null))[1],
             (array_agg(wa_state order by at desc) filter (where wa_state is not null))[1], max(messages)
         from telemetry where at >= $1 and at < $2 group by 1, 2
         on conflict (slice_id, at) do update set samples = excluded.samples, cpu_percent = excluded.cpu_percent,
             cpu_percent_max = excluded.cpu_percent_max, rss_bytes = excluded.rss_bytes,
             rss_bytes_max = excluded.rss_bytes_max, pss_bytes = excluded.pss_bytes, swap_bytes = excluded.swap_bytes,
             processes = excluded.processes, disk_bytes = excluded.disk_bytes, wa_state = excluded.wa_state,
             messages = excluded.messages",
        since.to_sqlx() as _,
        until.to_sqlx() as _,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "insert into server_telemetry_5m (at, samples, cpu_percent, cpu_percent_max, load_5, ram_total_bytes,
             ram_used_bytes, ram_used_bytes_max, swap_used_bytes, disk_total_bytes, disk_used_bytes)
         select date_bin('5 minutes', at, 'epoch'), count(*), avg(cpu_percent), max(cpu_percent), avg(load_5),
             max(ram_total_bytes), avg(ram_used_bytes), max(ram_used_bytes), avg(swap_used_bytes),
             (array_agg(disk_total_bytes order by at desc))[1], (array_agg(disk_used_bytes order by at desc))[1]
         from server_telemetry where at >= $1 and at < $2 group by 1
         on conflict (at) do update set samples = excluded.samples, cpu_percent = excluded.cpu_percent,
             cpu_percent_max = excluded.cpu_percent_max, load_5 = excluded.load_5,
             ram_total_bytes = excluded.ram_total_bytes, ram_used_bytes = excluded.ram_used_bytes,
             ram_used_bytes_max = excluded.ram_used_bytes_max, swap_used_bytes = excluded.swap_used_bytes,
             disk_total_bytes = excluded.disk_total_bytes, disk_used_bytes = excluded.disk_used_bytes",
        since.to_sqlx() as _,
        until.to_sqlx() as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
