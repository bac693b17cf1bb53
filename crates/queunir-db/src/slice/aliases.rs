//! The names, numbers and ids under which a chat is found; they change form, chats do not (DEL-01).

use jiff::Timestamp;
use queunir_core::id::ChatId;

use super::{
    SliceTx,
    words::{moment, word},
};
use crate::DbError;

/// Which chat each known alias belongs to.
pub async fn resolve(tx: &mut SliceTx, aliases: &[String]) -> Result<Vec<(String, ChatId)>, DbError> {
    let rows = sqlx::query!("select alias, chat_id from chat_alias where alias = any($1)", aliases)
        .fetch_all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| (row.alias, ChatId(row.chat_id))).collect())
}

/// The aliases of a chat that begin so.
pub async fn of_chat(tx: &mut SliceTx, chat: ChatId, prefix: &str) -> Result<Vec<String>, DbError> {
    let rows = sqlx::query_scalar!(
        "select alias from chat_alias where chat_id = $1 and starts_with(alias, $2) order by alias",
        chat.0,
        prefix
    );
    Ok(rows.fetch_all(tx.conn()).await?)
}

/// Where a chat was met under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// In its title.
    Title,
    /// In what the composer says of itself.
    Composer,
    /// In its info panel.
    Panel,
    /// It was begun by this number.
    NewChat,
    /// In the ids of its rows.
    Rows,
}

/// Makes a chat known under an alias, unless another has it.
pub async fn add(
    tx: &mut SliceTx,
    alias: &str,
    chat: ChatId,
    evidence: Evidence,
    since: Timestamp,
) -> Result<(), DbError> {
    sqlx::query!(
        "insert into chat_alias (alias, chat_id, evidence, since) values ($1, $2, $3, $4) on conflict do nothing",
        alias,
        chat.0,
        word(evidence),
        moment(since) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// An alias means another chat from now on.
pub async fn move_to(tx: &mut SliceTx, alias: &str, chat: ChatId, since: Timestamp) -> Result<(), DbError> {
    sqlx::query!("update chat_alias set chat_id = $2, since = $3 where alias = $1", alias, chat.0, moment(since) as _,)
        .execute(tx.conn())
        .await?;
    Ok(())
}
