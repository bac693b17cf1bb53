//! The fence: which generation of the slice may write.

use super::SliceTx;
use crate::DbError;

/// The generation that may write now.
pub async fn generation(tx: &mut SliceTx) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!("select generation from fence").fetch_one(tx.conn()).await?)
}
