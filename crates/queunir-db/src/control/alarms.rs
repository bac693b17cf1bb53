//! Alarms: events that are open until the evidence for them is gone; one of a kind for a slice, or for the host.

use queunir_core::id::SliceId;

use super::{ControlReads, ControlTx};
use crate::DbError;

/// What every kind of alarm begins with.
pub const PREFIX: &str = "alarm.";

/// An alarm that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAlarm {
    /// Its kind, with [`PREFIX`].
    pub kind: String,
    /// Whose it is; the host's if absent.
    pub slice: Option<SliceId>,
}

/// Opens an alarm; false if one of this kind is open.
///
/// # Errors
/// When the statement fails.
pub async fn open(
    tx: &mut ControlTx,
    kind: &str,
    slice: Option<SliceId>,
    detail: &serde_json::Value,
) -> Result<bool, DbError> {
    let opened = sqlx::query!(
        "insert into gateway.events (kind, slice_id, detail) values ($1, $2, $3)
         on conflict (kind, coalesce(slice_id, 0)) where kind like 'alarm.%' and resolved_at is null do nothing",
        kind,
        slice.map(|slice| slice.0),
        detail,
    )
    .execute(tx.conn())
    .await?
    .rows_affected();
    Ok(opened == 1)
}

/// Resolves an alarm; false if none of this kind is open.
///
/// # Errors
/// When the statement fails.
pub async fn resolve(tx: &mut ControlTx, kind: &str, slice: Option<SliceId>) -> Result<bool, DbError> {
    let resolved = sqlx::query!(
        "update gateway.events set resolved_at = now()
         where kind = $1 and kind like 'alarm.%' and coalesce(slice_id, 0) = coalesce($2::bigint, 0) and resolved_at is null",
        kind,
        slice.map(|slice| slice.0),
    )
    .execute(tx.conn())
    .await?
    .rows_affected();
    Ok(resolved > 0)
}

/// Every open alarm.
///
/// # Errors
/// When the statement fails.
pub async fn list_open(reads: &mut ControlReads) -> Result<Vec<OpenAlarm>, DbError> {
    let rows = sqlx::query!(
        "select kind, slice_id from gateway.events where kind like 'alarm.%' and resolved_at is null order by id"
    )
    .fetch_all(reads.conn())
    .await?;
    Ok(rows.into_iter().map(|row| OpenAlarm { kind: row.kind, slice: row.slice_id.map(SliceId) }).collect())
}
