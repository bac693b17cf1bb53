//! The operator's side of `slices`: everything on one card, and wishes that are written with who wanted them.

use std::net::IpAddr;

use jiff_sqlx::Timestamp as DbTimestamp;
use queunir_core::{
    capacity::{Capacity, Costs, HostSize, LINKED, Running, SERVICE, estimate},
    id::SliceId,
    link::PageState,
    operator::{Order, Refusal, SliceCard, masked, status},
};

use super::{
    ControlTx,
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
}

impl TryFrom<Raw> for SliceCard {
    type Error = DbError;

    fn try_from(raw: Raw) -> Result<Self, DbError> {
        let desired = parse("desired", &raw.desired)?;
        let wanted_reason = parse_optional("wanted_reason", raw.wanted_reason.as_deref())?;
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
            usage: None,
        })
    }
}

/// Every slice by number, without those that are deleted; or only one of them, deleted or not.
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
            last_health_at as "last_health_at: DbTimestamp", s.created_at as "created_at: DbTimestamp"
        from slices s left join users u on u.id = s.user_id
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

/// How many more slices fit on a host.
///
/// # Errors
/// As [`list`].
pub async fn capacity(tx: &mut ControlTx, host: HostSize) -> Result<Capacity, DbError> {
    let running = Running::of(&list(tx, None).await?);
    let told = sqlx::query_scalar!("select linked_cap from host where updated_at > now() - interval '1 minute'")
        .fetch_optional(tx.conn())
        .await?;
    let linked_cap = told.and_then(|cap| u32::try_from(cap).ok()).or(host.linked_cap);
    let host = HostSize { linked_cap, ..host };
    Ok(estimate(host, running, Costs { service: SERVICE, linked: LINKED }))
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
