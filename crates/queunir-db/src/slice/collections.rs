//! How far collecting the past of chats is.

use jiff::Timestamp;
use queunir_core::{collection::Boundary, id::ChatId};
use uuid::Uuid;

use super::{
    SliceTx,
    chats::{self, StoredChat},
    words::{maybe, moment, value, word},
};
use crate::DbError;

/// After so many attempts in vain only a person makes us try again.
pub const ATTEMPTS: i32 = 3;

/// Longer texts are cut by the reader and not by the page, in bytes.
const LONGEST: i32 = 60_000;

/// What was stored of a chat when its past was collected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// When.
    pub at: Timestamp,
    /// Where its past ended.
    pub boundary: Boundary,
    /// Messages that were read in the conversation itself.
    pub messages: u32,
    /// Files of them that are stored.
    pub files: u32,
    /// Files that are not.
    pub files_missing: u32,
}

/// How far collecting is, in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Chats in WhatsApp's list and archive that can be told apart.
    pub chats: u32,
    /// Those that are collected.
    pub collected: u32,
    /// Those that were given up.
    pub failed: u32,
    /// Chats that share their name with another.
    pub ambiguous: u32,
    /// Stored messages of all chats.
    pub messages: u64,
}

/// The chat whose past is to be collected next, among `only` if given: one that was begun before, then one with a text of
/// which only the beginning was seen, then in the order of WhatsApp's list, archived ones last.
pub async fn next(tx: &mut SliceTx, only: Option<&[Uuid]>, now: Timestamp) -> Result<Option<StoredChat>, DbError> {
    let id = sqlx::query_scalar!(
        "select chats.id from chats left join collections c on c.chat_id = chats.id
         where joined_into is null and (rank is not null or archived) and not ambiguous
           and ($1::uuid[] is null or id = any($1))
           and c.completed_at is null and coalesce(c.attempts, 0) < $3 and (c.not_before is null or c.not_before <= $2)
         order by c.begun_at nulls last, exists (select from messages where chat_id = chats.id and cut) desc,
           rank nulls last, id limit 1",
        only,
        moment(now) as _,
        ATTEMPTS,
    )
    .fetch_optional(tx.conn())
    .await?;
    match id {
        Some(id) => chats::find(tx, ChatId(id)).await,
        None => Ok(None),
    }
}

/// How many chats are left, among all.
pub async fn left(tx: &mut SliceTx) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "n!" from chats left join collections c on c.chat_id = chats.id
           where joined_into is null and (rank is not null or archived) and not ambiguous and c.completed_at is null and coalesce(c.attempts, 0) < $1"#,
        ATTEMPTS,
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Whether something else is to be done first: a message or an act of a person, or a chat with news, among `only` if given.
pub async fn is_something_first(tx: &mut SliceTx, only: Option<&[Uuid]>, now: Timestamp) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from outgoing where state in ('leased', 'composing', 'intent')
                 or (state = 'queued' and (not_before is null or not_before <= $2)))
             or exists (select from acts where state = 'doing'
                 or (state = 'queued' and (not_before is null or not_before <= $2)))
             or exists (select from chats where to_read_since is not null and joined_into is null and (rank is not null or archived)
                 and not ambiguous and ($1::uuid[] is null or id = any($1)) and (read_not_before is null or read_not_before <= $2))
             as "first!""#,
        only,
        moment(now) as _,
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Has every chat collected again of which a text was stored that the page showed only the beginning of. Those that are
/// too long to be told are not asked for again.
pub async fn reopen_cut(tx: &mut SliceTx) -> Result<(), DbError> {
    sqlx::query!(
        "update collections set completed_at = null, boundary = null, attempts = 0, not_before = null, reason = null
         where completed_at is not null and exists (select from messages
             where messages.chat_id = collections.chat_id and cut and octet_length(text) < $1)",
        LONGEST,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes that a chat was begun, unless it was before.
pub async fn begin(tx: &mut SliceTx, chat: ChatId, now: Timestamp) -> Result<(), DbError> {
    sqlx::query!(
        "insert into collections (chat_id, begun_at) values ($1, $2) on conflict do nothing",
        chat.0,
        moment(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes that a chat rests until a moment, and whether that was an attempt in vain.
pub async fn postpone(
    tx: &mut SliceTx,
    chat: ChatId,
    in_vain: bool,
    reason: &str,
    until: Option<Timestamp>,
) -> Result<(), DbError> {
    sqlx::query!(
        "update collections set attempts = attempts + case when $2 then 1 else 0 end, reason = $3, not_before = $4
         where chat_id = $1",
        chat.0,
        in_vain,
        reason,
        maybe(until) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How often collecting a chat was tried in vain.
pub async fn attempts(tx: &mut SliceTx, chat: ChatId) -> Result<i32, DbError> {
    let attempts = sqlx::query_scalar!("select attempts from collections where chat_id = $1", chat.0)
        .fetch_optional(tx.conn())
        .await?;
    Ok(attempts.unwrap_or(0))
}

/// Lets everything be tried at once that rests or was given up.
pub async fn forgive(tx: &mut SliceTx) -> Result<(), DbError> {
    sqlx::query!("update collections set attempts = 0, not_before = null, reason = null where completed_at is null")
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Notes that a chat is collected, with what is stored of it now.
pub async fn complete(tx: &mut SliceTx, chat: ChatId, boundary: Boundary, now: Timestamp) -> Result<(), DbError> {
    sqlx::query!(
        "update collections set completed_at = $3, boundary = $2, reason = null, not_before = null,
            messages = (select count(*) from messages where chat_id = $1 and source = 'row'),
            files = (select count(*) from media m join messages t on t.id = m.message_id
                where t.chat_id = $1 and m.state = 'stored'),
            files_missing = (select count(*) from media m join messages t on t.id = m.message_id
                where t.chat_id = $1 and m.state <> 'stored')
         where chat_id = $1",
        chat.0,
        word(boundary),
        moment(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What was stored of a chat when it was collected, if it is.
pub async fn collected(tx: &mut SliceTx, chat: ChatId) -> Result<Option<Collected>, DbError> {
    let row = sqlx::query!(
        r#"select completed_at as "completed_at!: jiff_sqlx::Timestamp", boundary as "boundary!", messages, files,
              files_missing from collections where chat_id = $1 and completed_at is not null"#,
        chat.0,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        Ok(Collected {
            at: row.completed_at.to_jiff(),
            boundary: value(&row.boundary, "boundary")?,
            messages: row.messages.unsigned_abs(),
            files: row.files.unsigned_abs(),
            files_missing: row.files_missing.unsigned_abs(),
        })
    })
    .transpose()
}

/// How far collecting is.
pub async fn figures(tx: &mut SliceTx) -> Result<Figures, DbError> {
    let row = sqlx::query!(
        r#"select count(*) filter (where not ambiguous) as "chats!",
              count(*) filter (where not ambiguous and c.completed_at is not null) as "collected!",
              count(*) filter (where not ambiguous and c.completed_at is null and c.attempts >= $1) as "failed!",
              count(*) filter (where ambiguous) as "ambiguous!",
              (select count(*) from messages m join chats kept on kept.id = m.chat_id and kept.joined_into is null
                 where m.source = 'row') as "messages!"
           from chats left join collections c on c.chat_id = chats.id
           where joined_into is null and (rank is not null or archived)"#,
        ATTEMPTS,
    )
    .fetch_one(tx.conn())
    .await?;
    let small = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(Figures {
        chats: small(row.chats),
        collected: small(row.collected),
        failed: small(row.failed),
        ambiguous: small(row.ambiguous),
        messages: row.messages.unsigned_abs(),
    })
}
