//! Files that people handed over to be sent. The caller owns the transaction.

use jiff::Timestamp;
use queunir_core::{
    id::{MediaId, UserId},
    message::MessageKind,
};

use super::{
    SliceTx,
    media::{StoredFile, hash_of},
    words::{moment, value, word},
};
use crate::DbError;

/// An upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredUpload {
    /// Its id.
    pub id: MediaId,
    /// What it is sent as.
    pub kind: MessageKind,
    /// The name it is sent under.
    pub name: String,
    /// What is stored.
    pub file: StoredFile,
}

/// Notes an upload; its file is noted already.
pub async fn insert(tx: &mut SliceTx, upload: &StoredUpload, user: UserId, at: Timestamp) -> Result<(), DbError> {
    sqlx::query!(
        "insert into uploads (id, hash, kind, name, user_id, created_at) values ($1, $2, $3, $4, $5, $6)",
        upload.id.0,
        upload.file.hash.as_slice(),
        word(upload.kind),
        upload.name,
        user.0,
        moment(at) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Finds an upload, and keeps it where it is until the transaction ends.
pub async fn find(tx: &mut SliceTx, id: MediaId) -> Result<Option<StoredUpload>, DbError> {
    let row = sqlx::query!(
        "select u.id, u.kind, u.name, f.hash, f.content_type, f.bytes, f.thumbnail_bytes, f.width, f.height, f.thumbnail
         from uploads u join media_files f on f.hash = u.hash where u.id = $1 for share of u",
        id.0,
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(StoredUpload {
        id: MediaId(row.id),
        kind: value(&row.kind, "kind")?,
        name: row.name,
        file: StoredFile {
            hash: hash_of(&row.hash)?,
            content_type: row.content_type,
            bytes: row.bytes,
            thumbnail_bytes: row.thumbnail_bytes,
            width: row.width,
            height: row.height,
            thumbnail: value(&row.thumbnail, "thumbnail")?,
        },
    }))
}

/// Forgets the uploads from before a moment with which no message waits.
pub async fn forget(tx: &mut SliceTx, before: Timestamp) -> Result<u64, DbError> {
    let done = sqlx::query!(
        "delete from uploads u where u.created_at < $1 and not exists (select from outgoing o
            where o.upload_id = u.id and o.state not in ('sent', 'canceled', 'failed'))",
        moment(before) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}
