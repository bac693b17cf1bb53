//! Takes files that people hand over to be sent: whole or not at all, as large as a file may be, by content.

use axum::body::Body;
use futures::StreamExt as _;
use jiff::SignedDuration;
use queunir_core::{
    id::{MediaId, UserId},
    media::Thumbnail,
    message::MessageKind,
    outgoing::Upload,
};
use queunir_db::slice::{
    media::{self, Hash},
    uploads::{self, StoredUpload},
};
use uuid::Uuid;

use super::{FetchError, described, has_room, ready, sniff};
use crate::app::App;

/// How long an upload is kept that no message waits with.
const KEPT: SignedDuration = SignedDuration::from_hours(48);

/// Why a file was not taken; nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger than a file may be.
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    /// The files of this account fill the room they may take.
    #[error("the account's files fill their room")]
    NoRoom,
    /// It ended before it was whole.
    #[error("the file did not come whole")]
    Cut,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The store or the disk refused.
    #[error(transparent)]
    Store(FetchError),
}

impl<E: Into<FetchError>> From<E> for UploadError {
    fn from(error: E) -> Self {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        match error.into() {
            FetchError::Disk(error) if matches!(error.kind(), StorageFull | QuotaExceeded) => Self::DiskFull,
            other => Self::Store(other),
        }
    }
}

/// Takes a file as it comes; `announced` is how long it says that it is.
///
/// # Errors
/// [`UploadError`].
pub async fn take(
    app: &App,
    body: Body,
    announced: Option<u64>,
    name: &str,
    user: UserId,
) -> Result<Upload, UploadError> {
    let largest = app.spec.media.file_bytes;
    if announced.is_some_and(|bytes| bytes > largest) {
        return Err(UploadError::TooLarge(largest));
    }
    drop(ready(app).await?);
    if !has_room(app, announced.unwrap_or(0)).await? {
        return Err(UploadError::NoRoom);
    }
    let mut incoming = app.files.folder.begin().await.map_err(FetchError::Disk)?;
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| UploadError::Cut)?;
        if incoming.bytes() + piece.len() as u64 > largest {
            return Err(UploadError::TooLarge(largest));
        }
        incoming.write(&piece).await.map_err(FetchError::Disk)?;
    }
    if incoming.bytes() == 0 {
        return Err(UploadError::Empty);
    }
    if announced.is_some_and(|bytes| bytes != incoming.bytes()) {
        return Err(UploadError::Cut);
    }
    let _keeping = app.files.keeping.lock().await;
    if !has_room(app, incoming.bytes()).await? {
        return Err(UploadError::NoRoom);
    }
    let file = described(app, incoming.keep().await.map_err(FetchError::Disk)?).await?;
    let (_turn, mut batch) = app.ingest.begin().await?;
    media::insert_file(&mut batch.tx, &file).await?;
    // What was known already keeps its description, and with it whether it can be drawn.
    let file = media::stored_file(&mut batch.tx, &file.hash).await?.unwrap_or(file);
    let kind = match sniff::sent_as(&file.content_type) {
        // WhatsApp would not draw it either.
        MessageKind::Image if file.thumbnail != Thumbnail::Made => MessageKind::Document,
        kind => kind,
    };
    let name = sniff::sent_name(name, &file.content_type, kind);
    let upload = StoredUpload { id: MediaId(Uuid::now_v7()), kind, name, file };
    let now = batch.now;
    uploads::insert(&mut batch.tx, &upload, user, now).await?;
    app.ingest.finish(batch).await?;
    let file = upload.file.as_media_file();
    Ok(Upload { id: upload.id, kind, name: upload.name, file })
}

/// Forgets uploads that are old and that no message waits with, and deletes what nobody has any more.
///
/// # Errors
/// When the store refuses.
pub async fn retire(app: &App) -> Result<(), FetchError> {
    let _keeping = ready(app).await?;
    let (turn, mut batch) = app.ingest.begin().await?;
    let before = batch.now.checked_sub(KEPT).unwrap_or(batch.now);
    let mut unused: Vec<Hash> = Vec::new();
    if uploads::forget(&mut batch.tx, before).await? > 0 {
        unused = media::forget_unused(&mut batch.tx).await?;
    }
    app.ingest.finish(batch).await?;
    drop(turn);
    for hash in &unused {
        app.files.folder.remove(hash).await;
    }
    Ok(())
}
