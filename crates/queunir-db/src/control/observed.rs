//! The orchestrator's side of `slices`: every row as it is, and writes that only the newest leader may make.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use queunir_core::{
    id::SliceId,
    link::{PageState, ReadingMode},
    slice::{Desired, Phase, StopReason},
};

use super::{
    ControlTx, alerts,
    words::{parse, parse_optional, word},
};
use crate::DbError;

/// Key of the lock under which ports are chosen; any constant that nothing else in this database uses.
const PORTS: i64 = 0x7175_6e69_7202;

/// One slice: what is wanted and what was last observed.
#[derive(Clone, Debug, PartialEq)]
pub struct SliceRow {
    /// Its number.
    pub id: SliceId,
    /// What is wanted.
    pub desired: Desired,
    /// When somebody last pressed Connect.
    pub wanted_at: Timestamp,
    /// Why it is wanted so, if neither its tenant nor idleness is the reason.
    pub wanted_reason: Option<StopReason>,
    /// Starts up to this one are to be replaced.
    pub outdated_generation: i64,
    /// The choice made at linking.
    pub reading_mode: Option<ReadingMode>,
    /// Language of the page.
    pub locale: String,
    /// Zone of the page.
    pub time_zone: String,
    /// When the slice was last asked for something.
    pub last_request_at: Timestamp,
    /// Whether its owner pays; who does goes first.
    pub paying: bool,
    /// Since when it waits for a browser, as was published.
    pub queued_at: Option<Timestamp>,
    /// Since when the phase holds.
    pub phase_since: Timestamp,
    /// Its port, once it had one.
    pub port: Option<u16>,
    /// Counter of its starts.
    pub generation: i64,
    /// Everything else that was observed.
    pub observed: Observed,
}

/// The observed columns that change while a slice lives.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Phase.
    pub phase: Phase,
    /// Why no browser, or nothing, runs.
    pub stop_reason: Option<StopReason>,
    /// What the page shows; absent exactly while no process is believed to run.
    pub page_state: Option<PageState>,
    /// Failures since the last healthy while.
    pub failures: i32,
    /// When to try again.
    pub next_attempt_at: Option<Timestamp>,
    /// A remark for the operator, never shown to a tenant.
    pub detail: Option<String>,
    /// Whether WhatsApp is linked and reachable.
    pub wa_connected: bool,
    /// The linked number.
    pub wa_phone: Option<String>,
    /// Stored chats.
    pub contacts: i64,
    /// Stored messages.
    pub messages: i64,
    /// When the slice last answered.
    pub last_health_at: Option<Timestamp>,
}

struct Raw {
    id: i64,
    desired: String,
    wanted_at: jiff_sqlx::Timestamp,
    wanted_reason: Option<String>,
    outdated_generation: i64,
    reading_mode: Option<String>,
    locale: String,
    time_zone: String,
    last_request_at: jiff_sqlx::Timestamp,
    paying: bool,
    queued_at: Option<jiff_sqlx::Timestamp>,
    phase: String,
    stop_reason: Option<String>,
    phase_since: jiff_sqlx::Timestamp,
    port: Option<i32>,
    generation: i64,
    page_state: Option<String>,
    failures: i32,
    next_attempt_at: Option<jiff_sqlx::Timestamp>,
    detail: Option<String>,
    wa_connected: bool,
    wa_phone: Option<String>,
    contacts: i64,
    messages: i64,
    last_health_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Raw> for SliceRow {
    type Error = DbError;

    fn try_from(raw: Raw) -> Result<Self, DbError> {
        Ok(Self {
            id: SliceId(raw.id),
            desired: parse("desired", &raw.desired)?,
            wanted_at: raw.wanted_at.to_jiff(),
            wanted_reason: parse_optional("wanted_reason", raw.wanted_reason.as_deref())?,
            outdated_generation: raw.outdated_generation,
            reading_mode: parse_optional("reading_mode", raw.reading_mode.as_deref())?,
            locale: raw.locale,
            time_zone: raw.time_zone,
            last_request_at: raw.last_request_at.to_jiff(),
            paying: raw.paying,
            queued_at: raw.queued_at.map(jiff_sqlx::Timestamp::to_jiff),
            phase_since: raw.phase_since.to_jiff(),
            port: raw.port.map(u16::try_from).transpose().map_err(|_| DbError::Corrupt { column: "port" })?,
            generation: raw.generation,
            observed: Observed {
                phase: parse("phase", &raw.phase)?,
                stop_reason: parse_optional("stop_reason", raw.stop_reason.as_deref())?,
                // A word of an earlier version is no reason to lose sight of the slice.
                page_state: raw.page_state.map(|word| parse("page_state", &word).unwrap_or(PageState::Unknown)),
                failures: raw.failures,
                next_attempt_at: raw.next_attempt_at.map(jiff_sqlx::Timestamp::to_jiff),
                detail: raw.detail,
                wa_connected: raw.wa_connected,
                wa_phone: raw.wa_phone,
                contacts: raw.contacts,
                messages: raw.messages,
                last_health_at: raw.last_health_at.map(jiff_sqlx::Timestamp::to_jiff),
            },
        })
    }
}

/// Every slice that is not at rest as wanted; what runs without being listed here is not wanted.
///
/// # Errors
/// When the statement fails or a row holds a word that this version does not know.
pub async fn list_active(tx: &mut ControlTx) -> Result<Vec<SliceRow>, DbError> {
    sqlx::query_as!(
        Raw,
        r#"select id, desired, wanted_at as "wanted_at: jiff_sqlx::Timestamp", wanted_reason, outdated_generation,
            reading_mode, locale, time_zone,
            last_request_at as "last_request_at: jiff_sqlx::Timestamp", paying,
            queued_at as "queued_at: jiff_sqlx::Timestamp", phase, stop_reason,
            phase_since as "phase_since: jiff_sqlx::Timestamp", port, generation, page_state, failures,
            next_attempt_at as "next_attempt_at: jiff_sqlx::Timestamp", detail, wa_connected, wa_phone,
            contacts, messages, last_health_at as "last_health_at: jiff_sqlx::Timestamp"
        from slices
        where desired in ('service', 'linked') or page_state is not null
            or phase not in ('stopped', 'failed', 'deleted') or desired = 'deleted' and phase <> 'deleted'
        order by id"#
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(SliceRow::try_from)
    .collect()
}

/// Ports that a slice may not have: those of others, and those that others gave back within ten minutes. Until the
/// transaction ends nobody else chooses a port.
///
/// # Errors
/// When the statement fails.
pub async fn list_closed_ports(tx: &mut ControlTx, id: SliceId) -> Result<Vec<u16>, DbError> {
    sqlx::query!("select pg_advisory_xact_lock($1)", PORTS).execute(tx.conn()).await?;
    let ports = sqlx::query_scalar!(
        r#"select port as "port!" from slices where port is not null and id <> $1
        union
        select port from released_ports where slice_id <> $1 and released_at > now() - interval '10 minutes'"#,
        id.0,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(ports.into_iter().filter_map(|port| u16::try_from(port).ok()).collect())
}

/// Begins a start: counts the generation up, stores port and database, sets the phase to provisioning.
/// `None` when a newer leader exists.
///
/// # Errors
/// When the statement fails; `slices_port_key` when another slice has the port.
pub async fn begin_start(
    tx: &mut ControlTx,
    epoch: i64,
    id: SliceId,
    port: u16,
    database: &str,
    now: Timestamp,
) -> Result<Option<i64>, DbError> {
    let generation = sqlx::query_scalar!(
        "update slices set generation = generation + 1, port = $3, database_name = $4, epoch = $2,
            phase = 'provisioning', phase_since = $5, page_state = null, wa_connected = false
        where id = $1 and epoch <= $2 and $2 = (select epoch from leadership)
        returning generation",
        id.0,
        epoch,
        i32::from(port),
        database,
        now.to_sqlx() as _,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(generation)
}

/// Writes what was observed; a change of phase also becomes an event. False when a newer leader exists.
///
/// # Errors
/// When the statement fails.
pub async fn set_observed(
    tx: &mut ControlTx,
    epoch: i64,
    id: SliceId,
    observed: &Observed,
    now: Timestamp,
) -> Result<bool, DbError> {
    let Some(before) = sqlx::query_scalar!("select phase from slices where id = $1 for update", id.0)
        .fetch_optional(tx.conn())
        .await?
    else {
        return Ok(false);
    };
    let phase = word(observed.phase);
    let written = sqlx::query!(
        "update slices set epoch = $2, phase = $3, phase_since = case when phase = $3 then phase_since else $4 end,
            stop_reason = $5, page_state = $6, failures = $7, next_attempt_at = $8, detail = $9, wa_connected = $10,
            wa_phone = $11, contacts = $12, messages = $13, last_health_at = $14
        where id = $1 and epoch <= $2 and $2 = (select epoch from leadership)",
        id.0,
        epoch,
        phase,
        now.to_sqlx() as _,
        observed.stop_reason.map(word),
        observed.page_state.map(word),
        observed.failures,
        observed.next_attempt_at.map(Timestamp::to_sqlx) as _,
        observed.detail,
        observed.wa_connected,
        observed.wa_phone,
        observed.contacts,
        observed.messages,
        observed.last_health_at.map(Timestamp::to_sqlx) as _,
    )
    .execute(tx.conn())
    .await?
    .rows_affected();
    if written == 1 && before != phase {
        // What lasted too long is over.
        alerts::close(tx, "slice.stuck", Some(id)).await?;
        let reason = observed.stop_reason.map(word);
        let detail = serde_json::json!({ "from": before, "to": phase, "reason": reason, "detail": observed.detail });
        record_event(tx, "slice.phase", id, &detail).await?;
    }
    Ok(written == 1)
}

/// Follows a clock that was set by `step`: the next attempts are as far away as they were, and nothing that has
/// happened is still to come. No attempt is left later than `latest`.
///
/// # Errors
/// When the statement fails.
pub async fn follow_clock(
    tx: &mut ControlTx,
    epoch: i64,
    step: SignedDuration,
    now: Timestamp,
    latest: Timestamp,
) -> Result<(), DbError> {
    sqlx::query!(
        "update slices set next_attempt_at = least(next_attempt_at + $2::bigint * interval '1 millisecond', $4::timestamptz),
            phase_since = least(phase_since, $3::timestamptz), last_health_at = least(last_health_at, $3::timestamptz)
        where $1 = (select epoch from leadership)
            and (next_attempt_at is not null or phase_since > $3 or last_health_at > $3)",
        epoch,
        i64::try_from(step.as_millis()).unwrap_or_default(),
        now.to_sqlx() as _,
        latest.to_sqlx() as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes "linked" back to "service" after the browser ended by itself, unless somebody pressed Connect since `wanted_at`.
///
/// # Errors
/// When the statement fails.
pub async fn withdraw_link(tx: &mut ControlTx, epoch: i64, id: SliceId, wanted_at: Timestamp) -> Result<bool, DbError> {
    let changed = sqlx::query!(
        "update slices set desired = 'service', wanted_reason = null, epoch = $2
        where id = $1 and desired = 'linked' and wanted_at = $3
            and epoch <= $2 and $2 = (select epoch from leadership)",
        id.0,
        epoch,
        wanted_at.to_sqlx() as _,
    )
    .execute(tx.conn())
    .await?
    .rows_affected();
    Ok(changed == 1)
}

/// Stops wanting a slice at level service that nobody asked anything of since `quiet_since`.
///
/// # Errors
/// When the statement fails.
pub async fn withdraw_idle(
    tx: &mut ControlTx,
    epoch: i64,
    id: SliceId,
    quiet_since: Timestamp,
) -> Result<bool, DbError> {
    let changed = sqlx::query!(
        "update slices set desired = 'stopped', wanted_reason = null, stop_reason = coalesce(stop_reason, 'idle'), epoch = $2
        where id = $1 and desired = 'service' and last_request_at < $3
            and epoch <= $2 and $2 = (select epoch from leadership)",
        id.0,
        epoch,
        quiet_since.to_sqlx() as _,
    )
    .execute(tx.conn())
    .await?
    .rows_affected();
    Ok(changed == 1)
}

/// Makes a tombstone of a slice whose data are gone: without an owner, a number, a port. False when a newer leader
/// exists, or the slice is not on its way to be deleted.
///
/// # Errors
/// When the statement fails.
pub async fn bury(tx: &mut ControlTx, epoch: i64, id: SliceId, now: Timestamp) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "update slices set phase = 'deleted', phase_since = $3, epoch = $2, user_id = null, port = null,
            database_name = null, page_state = null, next_attempt_at = null, detail = null, wa_connected = false,
            wa_phone = null, contacts = 0, messages = 0, storage_bytes = 0
        where id = $1 and phase = 'deleting' and epoch <= $2 and $2 = (select epoch from leadership)",
        id.0,
        epoch,
        now.to_sqlx() as _,
    )
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 1 {
        let detail = serde_json::json!({ "from": "deleting", "to": "deleted" });
        record_event(tx, "slice.phase", id, &detail).await?;
    }
    Ok(done.rows_affected() == 1)
}

/// Appends an event about a slice.
///
/// # Errors
/// When the statement fails.
pub async fn record_event(
    tx: &mut ControlTx,
    kind: &str,
    id: SliceId,
    detail: &serde_json::Value,
) -> Result<(), DbError> {
    sqlx::query!("insert into events (kind, slice_id, detail) values ($1, $2, $3)", kind, id.0, detail)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Forgets the oldest events that are older than `days` or beyond the newest `rows`, at most 1,000 at once; tells how
/// many. The gateway, which writes most of them, may not do this (AUTH-15).
///
/// # Errors
/// When the statement fails.
pub async fn forget_events(tx: &mut ControlTx, days: i32, rows: i64) -> Result<u64, DbError> {
    let done = sqlx::query!(
        "delete from gateway.events
         where id in (select id from gateway.events order by id limit 1000)
           and (at < now() - make_interval(days => $1) or id <= (select max(id) from gateway.events) - $2::bigint)",
        days,
        rows,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}
