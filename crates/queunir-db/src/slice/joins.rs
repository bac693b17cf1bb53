//! Chats that are one, may be one, or are said not to be. The caller owns the transaction.

use jiff::Timestamp;
use queunir_core::{
    id::{ChatId, JoinId, UserId},
    join::{Join, JoinState},
};
use uuid::Uuid;

use super::{
    SliceTx,
    words::{moment, value, word},
};
use crate::DbError;

struct JoinRow {
    id: Uuid,
    from_chat: Uuid,
    into_chat: Uuid,
    state: String,
    evidence: String,
    name: String,
    into_name: String,
    phone: String,
    found_at: jiff_sqlx::Timestamp,
    changed_at: jiff_sqlx::Timestamp,
    by_person: bool,
    messages: i64,
}

impl TryFrom<JoinRow> for Join {
    type Error = DbError;

    fn try_from(row: JoinRow) -> Result<Self, DbError> {
        Ok(Self {
            id: JoinId(row.id),
            state: value(&row.state, "chat_joins.state")?,
            evidence: value(&row.evidence, "chat_joins.evidence")?,
            from_chat: ChatId(row.from_chat),
            into_chat: ChatId(row.into_chat),
            name: row.name,
            into_name: row.into_name,
            phone: row.phone,
            messages: u64::try_from(row.messages).unwrap_or(0),
            found_at: row.found_at.to_jiff(),
            changed_at: row.changed_at.to_jiff(),
            by_person: row.by_person,
        })
    }
}

/// Selects whole joins; the argument is what follows the table's name.
macro_rules! select_joins {
    ($tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            JoinRow,
            r#"select id, from_chat, into_chat, state, evidence, name, into_name, phone,
                found_at as "found_at: jiff_sqlx::Timestamp", changed_at as "changed_at: jiff_sqlx::Timestamp",
                changed_by is not null as "by_person!",
                (select count(*) from chat_join_moves m where m.join_id = chat_joins.id and m.what = 'message')
                    as "messages!" from chat_joins "# + $tail
            $(, $argument)*
        )
    };
}

/// What is known of two chats, whichever was met first.
pub async fn of_pair(tx: &mut SliceTx, one: ChatId, other: ChatId) -> Result<Option<Join>, DbError> {
    let row = select_joins!(
        "where least(from_chat, into_chat) = least($1::uuid, $2::uuid)
           and greatest(from_chat, into_chat) = greatest($1::uuid, $2::uuid)",
        one.0,
        other.0,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(Join::try_from).transpose()
}

/// Every pair that a chat is one of, the latest first.
pub async fn of_chat(tx: &mut SliceTx, chat: ChatId) -> Result<Vec<Join>, DbError> {
    let rows = select_joins!("where from_chat = $1 or into_chat = $1 order by changed_at desc, id", chat.0)
        .fetch_all(tx.conn())
        .await?;
    rows.into_iter().map(Join::try_from).collect()
}

/// One of them, locked until the transaction ends.
pub async fn find_for_update(tx: &mut SliceTx, id: JoinId) -> Result<Option<Join>, DbError> {
    let row = select_joins!("where id = $1 for update", id.0).fetch_optional(tx.conn()).await?;
    row.map(Join::try_from).transpose()
}

/// Stores a pair that was not known.
pub async fn insert(tx: &mut SliceTx, join: &Join) -> Result<(), DbError> {
    sqlx::query!(
        "insert into chat_joins (id, from_chat, into_chat, state, evidence, name, into_name, phone, found_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
        join.id.0,
        join.from_chat.0,
        join.into_chat.0,
        word(join.state),
        word(join.evidence),
        join.name,
        join.into_name,
        join.phone,
        moment(join.found_at) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A pair stands differently from now on.
pub async fn change(
    tx: &mut SliceTx,
    id: JoinId,
    state: JoinState,
    by: Option<UserId>,
    at: Timestamp,
) -> Result<(), DbError> {
    sqlx::query!(
        "update chat_joins set state = $2, changed_by = $3, changed_at = $4 where id = $1",
        id.0,
        word(state),
        by.map(|user| user.0),
        moment(at) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether two chats have the same message that somebody else wrote: the same key with the same words. What we wrote
/// ourselves proves nothing, because a broadcast has one key in many chats.
pub async fn share_a_message(tx: &mut SliceTx, one: ChatId, other: ChatId) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from messages a join messages b
               on b.chat_id = $2 and b.direction = a.direction and b.wa_msg_id = a.wa_msg_id and b.text = a.text
             where a.chat_id = $1 and a.direction = 'in' and a.source = 'row' and b.source = 'row'
               and not a.synthetic and not b.synthetic) as "shared!""#,
        one.0,
        other.0,
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Whether a chat has, as somebody else's and read in its conversation, a message with one of these keys and its words.
pub async fn has_a_message(tx: &mut SliceTx, chat: ChatId, keys: &[String], texts: &[String]) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from messages m join unnest($2::text[], $3::text[]) as seen (key, text)
               on m.wa_msg_id = seen.key and m.text = seen.text
             where m.chat_id = $1 and m.direction = 'in' and m.source = 'row' and not m.synthetic) as "has!""#,
        chat.0,
        keys,
        texts,
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Whether nothing of a chat was ever read in its conversation, and nothing written to it or done in it.
pub async fn is_blank(tx: &mut SliceTx, chat: ChatId) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select not exists (select from messages where chat_id = $1 and source = 'row')
              and not exists (select from outgoing where chat_id = $1)
              and not exists (select from acts where chat_id = $1 or to_chat_id = $1) as "blank!""#,
        chat.0,
    )
    .fetch_one(tx.conn())
    .await?)
}
