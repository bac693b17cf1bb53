//! How far down a chat was read before there was more: reading back ends there (DEL-04).

use queunir_core::id::ChatId;

use super::SliceTx;
use crate::DbError;

/// Remembers the newest read message as the ground, unless a reading is under way from an older one.
pub async fn remember(tx: &mut SliceTx, chat: ChatId) -> Result<(), DbError> {
    sqlx::query!(
        "insert into read_ground (chat_id, message_id)
         select chat_id, id from messages where chat_id = $1 and source = 'row' order by order_key desc limit 1
         on conflict do nothing",
        chat.0
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The place of the ground; absent when nothing of the chat was read before.
pub async fn place(tx: &mut SliceTx, chat: ChatId) -> Result<Option<String>, DbError> {
    Ok(sqlx::query_scalar!(
        "select order_key from read_ground join messages on messages.id = message_id where read_ground.chat_id = $1",
        chat.0
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// The chat was read down to its ground.
pub async fn forget(tx: &mut SliceTx, chat: ChatId) -> Result<(), DbError> {
    sqlx::query!("delete from read_ground where chat_id = $1", chat.0).execute(tx.conn()).await?;
    Ok(())
}
