//! Ranges that could not be read back to known ground (DEL-04).

use queunir_core::id::{ChatId, MessageId};

use super::SliceTx;
use crate::DbError;

/// Notes that between known ground and `before` messages may be missing.
pub async fn open(tx: &mut SliceTx, chat: ChatId, before: Option<MessageId>, reason: &str) -> Result<(), DbError> {
    sqlx::query!(
        "insert into gaps (chat_id, before_id, reason)
         select $1, $2, $3 where not exists (select from gaps where chat_id = $1 and closed_at is null)",
        chat.0,
        before.map(|id| id.0),
        reason,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Closes the gaps of a chat that was read back to known ground.
pub async fn close(tx: &mut SliceTx, chat: ChatId) -> Result<(), DbError> {
    sqlx::query!("update gaps set closed_at = now() where chat_id = $1 and closed_at is null", chat.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// How many gaps are open.
pub async fn count_open(tx: &mut SliceTx) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(r#"select count(*) as "n!" from gaps where closed_at is null"#).fetch_one(tx.conn()).await?)
}
