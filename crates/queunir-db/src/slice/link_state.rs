//! What outlives the process about the link.

use super::SliceTx;
use crate::DbError;

/// The remembered link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkState {
    /// A phone was linked and has not logged out.
    pub was_linked: bool,
    /// The first complete list since linking is stored.
    pub first_list_complete: bool,
    /// The linked number.
    pub phone: Option<String>,
    /// A code was shown since the stored messages came: whoever is linked now may be somebody else.
    pub relinked: bool,
}

/// Reads it.
pub async fn load(tx: &mut SliceTx) -> Result<LinkState, DbError> {
    Ok(sqlx::query_as!(LinkState, "select was_linked, first_list_complete, phone, relinked from link_state")
        .fetch_one(tx.conn())
        .await?)
}

/// Replaces it, if `generation` still holds the fence.
pub async fn save(tx: &mut SliceTx, state: &LinkState, generation: i64) -> Result<(), DbError> {
    sqlx::query!(
        "update link_state set was_linked = $1, first_list_complete = $2, phone = $3, relinked = $4
         where (select generation from fence) = $5",
        state.was_linked,
        state.first_list_complete,
        state.phone,
        state.relinked,
        generation,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
