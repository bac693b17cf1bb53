//! The operator's side of `slices`: everything on one card, and wishes that are written with who wanted them.

use std::net::IpAddr;

use jiff_sqlx::Timestamp as DbTimestamp;
use queunir_core::{
    capacity::{Capacity, Cost, Costs, HostSize, LINKED, LevelCost, Running, SERVICE, estimate},
    id::SliceId,
    link::PageState,
    operator::{Order, Refusal, SliceCard, SliceUsage, masked, status},
};

use super::{
    ControlTx, capacity as published,
    events::{self, NewEvent},
    words::{parse, parse_optional, word},
};
use crate::DbError;

struct Raw {
    id: i64,
    email: Option<String>,
    desired: String,
    wanted_at: DbTimestamp,
    wanted_reason: Option<String>,
    outdated_generation: i64,
    last_request_at: DbTimestamp,
    phase: String,
    stop_reason: Option<String>,
    phase_since: DbTimestamp,
    port: Option<i32>,
    generation: i64,
    page_state: Option<String>,
    failures: i32,
    next_attempt_at: Option<DbTimestamp>,
    detail: Option<String>,
    wa_connected: bool,
    wa_phone: Option<String>,
    contacts: i64,
    messages: i64,
    last_health_at: Option<DbTimestamp>,
    created_at: DbTimestamp,
    measured_at: Option<DbTimestamp>,
    cpu_percent: Option<f32>,
    rss_bytes: Option<i64>,
    pss_bytes: Option<i64>,
    disk_bytes: Option<i64>,
}

impl Raw {
    fn usage(&self) -> Option<SliceUsage> {
        let at = self.measured_at?.to_jiff();
        let (pss_bytes, disk_bytes) = (self.pss_bytes, self.disk_bytes);
        Some(SliceUsage { at, cpu_percent: self.cpu_percent, rss_bytes: self.rss_bytes?, pss_bytes, disk_bytes })
    }
}

impl TryFrom<Raw> for SliceCard {
    type Error = DbError;

    fn try_from(raw: Raw) -> Result<Self, DbError> {
        let desired = parse("desired", &raw.desired)?;
        let wanted_reason = parse_optional("wanted_reason", raw.wanted_reason.as_deref())?;
        let usage = raw.usage();
        Ok(Self {
            number: SliceId(raw.id),
            account: raw.email,
            status: status(desired, wanted_reason),
            desired,
            wanted_at: raw.wanted_at.to_jiff(),
            wanted_reason,
            phase: parse("phase", &raw.phase)?,
            phase_since: raw.phase_since.to_jiff(),
            stop_reason: parse_optional("stop_reason", raw.stop_reason.as_deref())?,
            detail: raw.detail,
            failures: raw.failures,
            next_attempt_at: raw.next_attempt_at.map(DbTimestamp::to_jiff),
            generation: raw.generation,
            outdated_generation: raw.outdated_generation,
            port: raw.port.map(u16::try_from).transpose().map_err(|_| DbError::Corrupt { column: "port" })?,
            page_state: raw.page_state.map(|word| parse("page_state", &word).unwrap_or(PageState::Unknown)),
            wa_connected: raw.wa_connected,
            wa_phone: raw.wa_phone.as_deref().map(masked),
            chats: raw.contacts,
            messages: raw.messages,
            last_health_at: raw.last_health_at.map(DbTimestamp::to_jiff),
            last_request_at: raw.last_request_at.to_jiff(),
            created_at: raw.created_at.to_jiff(),
            usage,
        })
    }
}

/// Every slice by number, without those that are deleted; or only one of them, deleted or not. With it what was measured
/// of it within ten minutes.
///
/// # Errors
/// When the statement fails or a row holds a word that this version does not know.
pub async fn list(tx: &mut ControlTx, only: Option<SliceId>) -> Result<Vec<SliceCard>, DbError> {
    sqlx::query_as!(
        Raw,
        r#"select s.id, u.email as "email?", desired, wanted_at as "wanted_at: DbTimestamp", wanted_reason,
            outdated_generation, last_request_at as "last_request_at: DbTimestamp", phase, stop_reason,
            phase_since as "phase_since: DbTimestamp", port, generation, page_state, failures,
            next_attempt_at as "next_attempt_at: DbTimestamp", detail, wa_connected, wa_phone, contacts, messages,
            last_health_at as "last_health_at: DbTimestamp", s.created_at as "created_at: DbTimestamp",
            t.at as "measured_at?: DbTimestamp", t.cpu_percent as "cpu_percent?", t.rss_bytes as "rss_bytes?",
            t.pss_bytes as "pss_bytes?", t.disk_bytes as "disk_bytes?"
        from slices s left join users u on u.id = s.user_id
            left join lateral (
                select at, cpu_percent, rss_bytes, disk_bytes,
                    first_value(pss_bytes) over (order by pss_bytes is null, at desc) as pss_bytes
                from telemetry where slice_id = s.id and generation = s.generation and at > now() - interval '10 minutes'
                order by at desc limit 1
            ) t on true
        where case when $1::bigint is null then phase <> 'deleted' else s.id = $1 end
        order by s.id"#,
        only.map(|slice| slice.0),
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(SliceCard::try_from)
    .collect()
}

/// One slice.
///
/// # Errors
/// As [`list`].
pub async fn find(tx: &mut ControlTx, slice: SliceId) -> Result<Option<SliceCard>, DbError> {
    Ok(list(tx, Some(slice)).await?.pop())
}

/// How many more slices fit on a host, by what slices took there in the last day.
///
/// # Errors
/// As [`list`].
pub async fn capacity(tx: &mut ControlTx, host: HostSize) -> Result<Capacity, DbError> {
    let running = Running::of(&list(tx, None).await?);
    let costs = costs(tx).await?;
    let linked_cap = published::bulletin(tx).await?.map(|bulletin| bulletin.capacity.linked_cap).or(host.linked_cap);
    Ok(estimate(HostSize { linked_cap, ..host }, running, costs))
}

/// What slices of each level took, by their five minutes of the last day; assumed where that is too little to go by.
async fn costs(tx: &mut ControlTx) -> Result<Costs, DbError> {
    let rows = sqlx::query!(
        r#"select wa_state = 'no_browser' as "is_service!", sum(samples)::bigint as "samples!",
            percentile_cont(array[0.5, 0.95]) within group (order by memory) as "memory!: Vec<f64>",
            percentile_cont(array[0.5, 0.95]) within group (order by cpu_percent) as "cpu!: Vec<f64>"
        from (select wa_state, samples, (pss_bytes + coalesce(swap_bytes, 0))::float8 as memory,
                cpu_percent::float8 as cpu_percent
            from telemetry_5m where at > now() - interval '1 day') t
        where wa_state is not null and memory is not null and cpu_percent is not null
        group by 1"#
    )
    .fetch_all(tx.conn())
    .await?;
    let mut costs = Costs { service: SERVICE, linked: LINKED };
    for row in rows {
        let cost = |which: usize| {
            Some(Cost { memory_bytes: *row.memory.get(which)? as u64, cpu_percent: *row.cpu.get(which)? })
        };
        let measured = cost(0).zip(cost(1)).and_then(|(median, p95)| LevelCost::measured(median, p95, row.samples));
        if let Some(measured) = measured {
            *if row.is_service { &mut costs.service } else { &mut costs.linked } = measured;
        }
    }
    Ok(costs)
}

/// Who gave an order, and how.
#[derive(Clone, Debug)]
pub struct Author<'a> {
    /// A name that the operator knows: a user of the system, or what was proved instead.
    pub by: &'a str,
    /// Where it came from, if over the network.
    pub ip: Option<IpAddr>,
    /// In which request.
    pub request_id: Option<&'a str>,
}

/// What became of an order.
#[derive(Clone, Debug, PartialEq)]
pub enum Ordered {
    /// There is no such slice.
    Unknown,
    /// It cannot take the order; nothing was written.
    Refused(Refusal),
    /// It is written down; this is the slice as it was before.
    Written(Box<SliceCard>),
}

/// Writes down what is wanted from now on, with reason `admin`, and who wants it. The orchestrator does the rest.
///
/// # Errors
/// When a statement fails.
pub async fn order(tx: &mut ControlTx, slice: SliceId, order: Order, author: &Author<'_>) -> Result<Ordered, DbError> {
    let chosen = sqlx::query_scalar!(
        r#"select reading_mode is not null as "chosen!" from slices where id = $1 for update"#,
        slice.0
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(chosen) = chosen else { return Ok(Ordered::Unknown) };
    let Some(before) = find(tx, slice).await? else { return Ok(Ordered::Unknown) };
    let wish = match order.wish(before.desired, chosen) {
        Ok(wish) => wish,
        Err(refusal) => return Ok(Ordered::Refused(refusal)),
    };
    sqlx::query!(
        "update slices set desired = $2, wanted_at = clock_timestamp(), wanted_reason = 'admin',
            outdated_generation = case when $3 then generation else outdated_generation end
         where id = $1",
        slice.0,
        word(wish.desired),
        wish.replace,
    )
    .execute(tx.conn())
    .await?;
    let detail = serde_json::json!({
        "by": author.by, "order": order, "from": before.desired, "to": wish.desired, "generation": before.generation,
    });
    let event = NewEvent {
        kind: order.event(),
        slice: Some(slice),
        ip: author.ip,
        request_id: author.request_id,
        detail,
        ..NewEvent::default()
    };
    events::insert(tx, &event).await?;
    Ok(Ordered::Written(Box::new(before)))
}
