//! Alerts: events that stay open until their cause is gone, one of a kind and slice at a time.

use queunir_core::id::SliceId;

use super::{ControlReads, ControlTx};
use crate::DbError;

/// An alert that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAlert {
    /// Its kind.
    pub kind: String,
    /// Whose it is; the host's if absent.
    pub slice: Option<SliceId>,
}

/// Opens an alert; false if one of this kind is open for the slice, or for the host without one.
///
/// # Errors
/// When the statement fails.
pub async fn open(
    tx: &mut ControlTx,
    kind: &str,
    slice: Option<SliceId>,
    detail: &serde_json::Value,
) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "insert into gateway.events (kind, slice_id, detail, alert) values ($1, $2, $3, true) on conflict do nothing",
        kind,
        slice.map(|slice| slice.0),
        detail,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Closes the open alert of this kind; false if none was open.
///
/// # Errors
/// When the statement fails.
pub async fn close(tx: &mut ControlTx, kind: &str, slice: Option<SliceId>) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "update gateway.events set resolved_at = clock_timestamp()
         where alert and resolved_at is null and kind = $1 and coalesce(slice_id, 0) = $2",
        kind,
        slice.map_or(0, |slice| slice.0),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Every open alert, the oldest first.
///
/// # Errors
/// When the statement fails.
pub async fn list_open(reads: &mut ControlReads) -> Result<Vec<OpenAlert>, DbError> {
    let rows =
        sqlx::query!("select kind, slice_id from gateway.events where alert and resolved_at is null order by id")
            .fetch_all(reads.conn())
            .await?;
    Ok(rows.into_iter().map(|row| OpenAlert { kind: row.kind, slice: row.slice_id.map(SliceId) }).collect())
}
