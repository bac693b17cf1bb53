//! Files of messages: what is wanted, what is stored, and which stored files nobody needs. The caller owns the
//! transaction.

use jiff::Timestamp;
use queunir_core::{
    id::{ChatId, MediaId, MessageId},
    media::{Media, MediaFile, MediaState, Thumbnail},
};
use uuid::Uuid;

use super::{
    SliceTx,
    words::{maybe, moment, value, word},
};
use crate::DbError;

/// SHA-256 of a file's content, and its name in the media directory.
pub type Hash = [u8; 32];

/// A file that waits to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its id.
    pub id: MediaId,
    /// Whose it is.
    pub message: MessageId,
    /// The message's key in the page.
    pub page_key: String,
    /// Which of the message's files.
    pub place: u32,
    /// How often it was tried in vain.
    pub attempts: i32,
    /// A preview of it is stored already.
    pub has_preview: bool,
}

/// A file as it lies in the media directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// Its name there.
    pub hash: Hash,
    /// What it is.
    pub content_type: String,
    /// Its size.
    pub bytes: i64,
    /// Size of its thumbnail; 0 if there is none.
    pub thumbnail_bytes: i64,
    /// Width as people see it.
    pub width: Option<i32>,
    /// Height as people see it.
    pub height: Option<i32>,
    /// Whether there is a small picture of it.
    pub thumbnail: Thumbnail,
}

impl StoredFile {
    /// What tells this content from every other, as the browser sees it.
    #[must_use]
    pub fn version(&self) -> String {
        version_of(&self.hash)
    }

    /// What the browser sees.
    #[must_use]
    pub fn as_media_file(&self) -> MediaFile {
        MediaFile {
            version: self.version(),
            content_type: self.content_type.clone(),
            bytes: self.bytes,
            width: self.width,
            height: self.height,
            thumbnail: self.thumbnail,
        }
    }
}

/// One file of a message with what is stored of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundMedia {
    /// Whose it is.
    pub message: MessageId,
    /// Which chat's.
    pub chat: ChatId,
    /// How far it has come.
    pub state: MediaState,
    /// Name as the page showed it.
    pub name: Option<String>,
    /// What is stored.
    pub file: Option<StoredFile>,
}

/// Writes what is known of a message's files; one that becomes wanted is tried from the beginning.
pub async fn save(tx: &mut SliceTx, message: MessageId, media: &[Media]) -> Result<(), DbError> {
    for (place, one) in (0_i32..).zip(media) {
        sqlx::query!(
            "insert into media (id, message_id, place, state, name, duration_s, size_text)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict on constraint media_once do update set
                state = excluded.state, name = excluded.name, duration_s = excluded.duration_s,
                size_text = excluded.size_text,
                attempts = case when media.state = excluded.state then media.attempts else 0 end,
                not_before = case when media.state = excluded.state then media.not_before end",
            one.id.0,
            message.0,
            place,
            word(one.state),
            one.name,
            one.duration_s.map(|seconds| i32::try_from(seconds).unwrap_or(i32::MAX)),
            one.size_text,
        )
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// The newest message's first file that waits, among those whose page keys are drawn: whole ones at once, those of
/// which the page shows a preview only when they were first seen before `seen_before`.
pub async fn next_wanted(
    tx: &mut SliceTx,
    chat: ChatId,
    whole: &[String],
    previews: &[String],
    seen_before: Timestamp,
    now: Timestamp,
) -> Result<Option<Wanted>, DbError> {
    let row = sqlx::query!(
        r#"select m.id, m.message_id, t.page_key as "page_key!", m.place, m.attempts, m.hash is not null as "has_preview!"
         from media m join messages t on t.id = m.message_id
         where t.chat_id = $1 and m.state = 'wanted' and (m.not_before is null or m.not_before <= $5)
           and (t.page_key = any($2) or (t.page_key = any($3) and m.created_at <= $4))
         order by t.order_key desc, m.place limit 1"#,
        chat.0,
        whole,
        previews,
        moment(seen_before) as _,
        moment(now) as _,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Wanted {
        id: MediaId(row.id),
        message: MessageId(row.message_id),
        page_key: row.page_key,
        place: u32::try_from(row.place).unwrap_or(0),
        attempts: row.attempts,
        has_preview: row.has_preview,
    }))
}

/// Whether any file among these page keys of a chat waits to be fetched now.
pub async fn any_wanted(tx: &mut SliceTx, chat: ChatId, keys: &[String], now: Timestamp) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from media m join messages t on t.id = m.message_id
           where t.chat_id = $1 and t.page_key = any($2) and m.state = 'wanted'
             and (m.not_before is null or m.not_before <= $3)) as "any!""#,
        chat.0,
        keys,
        moment(now) as _,
    )
    .fetch_one(tx.conn())
    .await?)
}

struct FoundRow {
    message_id: Uuid,
    chat_id: Uuid,
    state: String,
    name: Option<String>,
    hash: Option<Vec<u8>>,
    content_type: Option<String>,
    bytes: Option<i64>,
    thumbnail_bytes: Option<i64>,
    width: Option<i32>,
    height: Option<i32>,
    thumbnail: Option<String>,
}

/// Finds a file of a message.
pub async fn find(tx: &mut SliceTx, id: MediaId) -> Result<Option<FoundMedia>, DbError> {
    let row = sqlx::query_as!(
        FoundRow,
        r#"select m.message_id, t.chat_id, m.state, m.name, f.hash as "hash?", f.content_type as "content_type?",
            f.bytes as "bytes?", f.thumbnail_bytes as "thumbnail_bytes?", f.width, f.height, f.thumbnail as "thumbnail?"
         from media m join messages t on t.id = m.message_id left join media_files f on f.hash = m.hash
         where m.id = $1"#,
        id.0,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(found).transpose()
}

fn found(row: FoundRow) -> Result<FoundMedia, DbError> {
    let file = match (row.hash, row.content_type, row.bytes, row.thumbnail) {
        (Some(hash), Some(content_type), Some(bytes), Some(thumbnail)) => Some(StoredFile {
            hash: hash_of(&hash)?,
            content_type,
            bytes,
            thumbnail_bytes: row.thumbnail_bytes.unwrap_or(0),
            width: row.width,
            height: row.height,
            thumbnail: value(&thumbnail, "thumbnail")?,
        }),
        _ => None,
    };
    Ok(FoundMedia {
        message: MessageId(row.message_id),
        chat: ChatId(row.chat_id),
        state: value(&row.state, "state")?,
        name: row.name,
        file,
    })
}

/// What tells a content from every other, as the browser sees it.
pub(super) fn version_of(hash: &[u8]) -> String {
    hash.iter().take(8).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

pub(super) fn hash_of(bytes: &[u8]) -> Result<Hash, DbError> {
    bytes.try_into().map_err(|_| DbError::Corrupt { column: "hash" })
}

/// Whether a file with this content is stored.
pub async fn has_file(tx: &mut SliceTx, hash: &Hash) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar!(r#"select exists (select from media_files where hash = $1) as "there!""#, hash.as_slice(),)
        .fetch_one(tx.conn())
        .await?)
}

/// What is noted of a content.
pub async fn stored_file(tx: &mut SliceTx, hash: &Hash) -> Result<Option<StoredFile>, DbError> {
    let row = sqlx::query!(
        "select content_type, bytes, thumbnail_bytes, width, height, thumbnail from media_files where hash = $1",
        hash.as_slice(),
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(StoredFile {
        hash: *hash,
        content_type: row.content_type,
        bytes: row.bytes,
        thumbnail_bytes: row.thumbnail_bytes,
        width: row.width,
        height: row.height,
        thumbnail: value(&row.thumbnail, "thumbnail")?,
    }))
}

/// Notes a file that lies in the media directory; one that is known stays as it is.
pub async fn insert_file(tx: &mut SliceTx, file: &StoredFile) -> Result<(), DbError> {
    sqlx::query!(
        "insert into media_files (hash, content_type, bytes, thumbnail_bytes, width, height, thumbnail)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (hash) do nothing",
        file.hash.as_slice(),
        file.content_type,
        file.bytes,
        file.thumbnail_bytes,
        file.width,
        file.height,
        word(file.thumbnail),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A file is there; says whether it was still wanted.
pub async fn settle_stored(tx: &mut SliceTx, id: MediaId, hash: &Hash, whole: bool) -> Result<bool, DbError> {
    let state = if whole { MediaState::Stored } else { MediaState::Preview };
    let done = sqlx::query!(
        "update media set state = $2, hash = $3, reason = null, not_before = null where id = $1 and state = 'wanted'",
        id.0,
        word(state),
        hash.as_slice(),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// A file will not come, or not now; what is stored of it stays.
pub async fn settle_without(tx: &mut SliceTx, id: MediaId, state: MediaState, reason: &str) -> Result<(), DbError> {
    sqlx::query!(
        "update media set state = $2, reason = $3, not_before = null where id = $1 and state = 'wanted'",
        id.0,
        word(state),
        reason,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// An attempt failed; another follows.
pub async fn postpone(
    tx: &mut SliceTx,
    id: MediaId,
    attempts: i32,
    not_before: Option<Timestamp>,
    reason: &str,
) -> Result<(), DbError> {
    sqlx::query!(
        "update media set attempts = $2, not_before = $3, reason = $4 where id = $1",
        id.0,
        attempts,
        maybe(not_before) as _,
        reason,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Tries a file anew because a person asks; says whether there was anything to try.
pub async fn retry(tx: &mut SliceTx, id: MediaId) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "update media set state = 'wanted', reason = null, attempts = 0, not_before = null
         where id = $1 and state in ('failed', 'no_room', 'wanted')",
        id.0,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The file of a message is one that we have ourselves, because we sent it; says whether that is news.
pub async fn settle_own(tx: &mut SliceTx, message: MessageId, hash: &Hash, name: &str) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "insert into media (id, message_id, place, state, name, hash) values ($1, $2, 0, 'stored', $3, $4)
         on conflict on constraint media_once do update set state = 'stored', hash = excluded.hash, reason = null,
            not_before = null where media.state <> 'stored'",
        Uuid::now_v7(),
        message.0,
        name,
        hash.as_slice(),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Bytes of all files with their thumbnails.
pub async fn used_bytes(tx: &mut SliceTx) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(r#"select coalesce(sum(bytes + thumbnail_bytes), 0)::bigint as "sum!" from media_files"#)
        .fetch_one(tx.conn())
        .await?)
}

/// Forgets the files that neither a message nor an upload nor a chat has any more; they may be deleted once the transaction is
/// committed.
pub async fn forget_unused(tx: &mut SliceTx) -> Result<Vec<Hash>, DbError> {
    let rows = sqlx::query_scalar!(
        "delete from media_files f where not exists (select from media m where m.hash = f.hash)
            and not exists (select from uploads u where u.hash = f.hash)
            and not exists (select from chat_pictures p where p.hash = f.hash) returning f.hash"
    )
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(|hash| hash_of(hash)).collect()
}

/// Every file that is noted, and whether a thumbnail of it is.
pub async fn files(tx: &mut SliceTx) -> Result<Vec<(Hash, bool)>, DbError> {
    let rows = sqlx::query!("select hash, thumbnail from media_files").fetch_all(tx.conn()).await?;
    rows.into_iter().map(|row| Ok((hash_of(&row.hash)?, row.thumbnail == "made"))).collect()
}

/// A noted file is not in the media directory: it is wanted again. Answers the messages that had it. Chats that had it as
/// their picture are told first, by [`super::pictures::lose`].
pub async fn lose_file(tx: &mut SliceTx, hash: &Hash) -> Result<Vec<MessageId>, DbError> {
    let messages = sqlx::query_scalar!(
        "update media set state = 'wanted', hash = null, attempts = 0, not_before = null where hash = $1
         returning message_id",
        hash.as_slice(),
    )
    .fetch_all(tx.conn())
    .await?;
    sqlx::query!("delete from uploads where hash = $1", hash.as_slice()).execute(tx.conn()).await?;
    sqlx::query!("delete from media_files where hash = $1", hash.as_slice()).execute(tx.conn()).await?;
    Ok(messages.into_iter().map(MessageId).collect())
}
