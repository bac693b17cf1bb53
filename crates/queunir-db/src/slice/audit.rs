//! Who did what to whom and what came of it; only ever grows (POL-03).

use queunir_core::id::{ActId, ChatId, MessageId, OutgoingId, UserId};
use uuid::Uuid;

use super::SliceTx;
use crate::DbError;

/// One entry of the trail.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The accountable human; absent for what the page did by itself.
    pub user: Option<UserId>,
    /// What was done: `send`, `send_again` where the first bubble vanished, `cancel`, `resolve`, `key_collision`, ...
    pub action: &'a str,
    /// In which chat.
    pub chat: Option<ChatId>,
    /// By which outgoing message.
    pub outgoing: Option<OutgoingId>,
    /// Hash of the body, never the body.
    pub body_hash: Option<&'a [u8]>,
    /// What came of it.
    pub result: &'a str,
}

/// Adds an entry; a second `send` of the same outgoing message is refused by a unique index.
pub async fn record(tx: &mut SliceTx, entry: &Entry<'_>) -> Result<(), DbError> {
    sqlx::query!(
        "insert into audit (user_id, action, chat_id, outgoing_id, body_hash, result) values ($1, $2, $3, $4, $5, $6)",
        entry.user.map(|id| id.0),
        entry.action,
        entry.chat.map(|id| id.0),
        entry.outgoing.map(|id| id.0),
        entry.body_hash,
        entry.result,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether the trail has the send of an outgoing message.
pub async fn has_send(tx: &mut SliceTx, outgoing: OutgoingId) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from audit where outgoing_id = $1 and action = 'send') as "has!""#,
        outgoing.0
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Adds an entry about the connection itself, which no chat has a part in.
pub async fn note(tx: &mut SliceTx, user: UserId, action: &str, result: &str) -> Result<(), DbError> {
    sqlx::query!("insert into audit (user_id, action, result) values ($1, $2, $3)", user.0, action, result)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Adds one entry for each number, with the chat that has it.
pub async fn note_numbers(
    tx: &mut SliceTx,
    user: UserId,
    action: &str,
    result: &str,
    numbers: &[(String, Option<ChatId>)],
) -> Result<(), DbError> {
    let (phones, chats): (Vec<String>, Vec<Option<Uuid>>) =
        numbers.iter().map(|(phone, chat)| (phone.clone(), chat.map(|chat| chat.0))).unzip();
    sqlx::query!(
        "insert into audit (user_id, action, result, chat_id, detail)
         select $1::uuid, $2::text, $3::text, chat, jsonb_build_object('phone', phone)
         from unnest($4::text[], $5::uuid[]) as numbers (phone, chat)",
        user.0,
        action,
        result,
        &phones,
        &chats as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The end of an act on a message.
#[derive(Clone, Debug)]
pub struct ActEntry<'a> {
    /// The accountable human.
    pub user: UserId,
    /// What was done: the name of the wish.
    pub action: &'a str,
    /// In which chat.
    pub chat: ChatId,
    /// To which message.
    pub message: MessageId,
    /// By which act.
    pub act: ActId,
    /// Hash of a new text, never the text.
    pub body_hash: Option<&'a [u8]>,
    /// What came of it.
    pub result: &'a str,
}

/// Adds the end of an act; a second `done` of the same act is refused by a unique index.
pub async fn record_act(tx: &mut SliceTx, entry: &ActEntry<'_>) -> Result<(), DbError> {
    sqlx::query!(
        "insert into audit (user_id, action, chat_id, message_id, act_id, body_hash, result)
         values ($1, $2, $3, $4, $5, $6, $7)",
        entry.user.0,
        entry.action,
        entry.chat.0,
        entry.message.0,
        entry.act.0,
        entry.body_hash,
        entry.result,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How many entries an action has.
pub async fn count(tx: &mut SliceTx, action: &str) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(r#"select count(*) as "n!" from audit where action = $1"#, action)
        .fetch_one(tx.conn())
        .await?)
}
