//! How many people who never wrote may be written to in a day (POL-04).

use jiff::{SignedDuration, Timestamp};
use queunir_core::id::{ChatId, OutgoingId};
use queunir_db::{
    DbError,
    slice::{SliceTx, first_contacts, settings},
};

/// Name of the setting that holds the tenant's own, lower limit.
pub const SETTING: &str = "first_contacts_per_day";
/// The ceiling. More, and a number is taken for one that advertises and is banned.
pub const PER_DAY: u32 = 20;
/// The ceiling while the account is new here.
pub const PER_DAY_NEW: u32 = 5;
/// How long an account is new here.
const NEW_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);
/// How many numbers may be looked up in a day, whether somebody has them or not.
pub const LOOK_UPS_PER_DAY: i64 = 60;

/// What is allowed and what is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The tenant's own limit.
    pub chosen: u32,
    /// The limit in force: at most the ceiling, which is lower while the account is new here.
    pub limit: u32,
    /// First messages of the last 24 hours, those that wait included.
    pub used: u32,
    /// When another may go out, if not now.
    pub free_at: Option<Timestamp>,
}

/// What is allowed now, leaving one message out of the count.
///
/// # Errors
/// When the database fails.
pub async fn allowance(tx: &mut SliceTx, now: Timestamp, but: Option<OutgoingId>) -> Result<Allowance, DbError> {
    let chosen = settings::find(tx, SETTING).await?;
    let chosen = chosen.and_then(|value| serde_json::from_value(value).ok()).unwrap_or(PER_DAY).clamp(1, PER_DAY);
    let since = first_contacts::known_since(tx).await?;
    let is_new = since.is_none_or(|since| now.duration_since(since) < NEW_FOR);
    let limit = if is_new { chosen.min(PER_DAY_NEW) } else { chosen };
    let used = u32::try_from(first_contacts::count(tx, now, but).await?).unwrap_or(u32::MAX);
    let free_at = if used < limit { None } else { Some(first_contacts::free_at(tx, now, limit, but).await?) };
    Ok(Allowance { chosen, limit, used, free_at })
}

/// Notes whether a message is the first of its chat; answers when it may go out, if not now.
///
/// # Errors
/// When the database fails.
pub async fn hold(
    tx: &mut SliceTx,
    id: OutgoingId,
    chat: ChatId,
    now: Timestamp,
) -> Result<Option<Timestamp>, DbError> {
    let first = first_contacts::is_first(tx, chat, Some(id)).await?;
    first_contacts::mark(tx, id, first).await?;
    if first { Ok(allowance(tx, now, Some(id)).await?.free_at) } else { Ok(None) }
}
