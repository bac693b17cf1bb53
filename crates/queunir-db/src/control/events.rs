//! Security and slice events: added, never changed.

use std::net::IpAddr;

use queunir_core::id::{SliceId, UserId};

use super::ControlTx;
use crate::DbError;

/// An event to be; `detail` never holds a token, a password, a mail address or a message.
#[derive(Clone, Debug, Default)]
pub struct NewEvent<'a> {
    /// What happened, as in `signed_in`.
    pub kind: &'a str,
    /// Who did it.
    pub user: Option<UserId>,
    /// To which slice.
    pub slice: Option<SliceId>,
    /// From where.
    pub ip: Option<IpAddr>,
    /// In which request.
    pub request_id: Option<&'a str>,
    /// More.
    pub detail: serde_json::Value,
}

/// Adds an event.
///
/// # Errors
/// When the statement fails.
pub async fn insert(tx: &mut ControlTx, event: &NewEvent<'_>) -> Result<(), DbError> {
    let detail = if event.detail.is_null() { serde_json::json!({}) } else { event.detail.clone() };
    // The schema is named because a tenant has a table of this name, too.
    sqlx::query!(
        "insert into gateway.events (kind, user_id, slice_id, ip, request_id, detail)
         values ($1, $2, $3, $4::text::inet, $5, $6)",
        event.kind,
        event.user.map(|user| user.0),
        event.slice.map(|slice| slice.0),
        event.ip.map(|ip| ip.to_string()),
        event.request_id,
        detail,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
