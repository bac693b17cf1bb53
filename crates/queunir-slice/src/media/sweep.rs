//! Makes directory and tables agree: what is not noted is nobody's, and what is not there any more is wanted again.

use queunir_db::slice::{media, pictures};

use super::{FetchError, tell, tell_chat};
use crate::app::App;

/// Makes directory and tables agree after whatever ended the last run, if nobody has since the start.
///
/// # Errors
/// When the disk or the database refuses.
pub(super) async fn ready(app: &App) -> Result<tokio::sync::MutexGuard<'_, bool>, FetchError> {
    let mut swept = app.files.keeping.lock().await;
    if !*swept {
        sweep(app).await?;
        *swept = true;
    }
    Ok(swept)
}

/// Makes directory and tables agree; nothing else may write there meanwhile.
///
/// # Errors
/// When the disk or the database refuses.
pub async fn sweep(app: &App) -> Result<(), FetchError> {
    let (_turn, mut batch) = app.ingest.begin().await?;
    media::forget_unused(&mut batch.tx).await?;
    let noted = media::files(&mut batch.tx).await?;
    // Nothing else writes here now, so what is not noted is nobody's.
    let lost = app.files.folder.sweep(&noted).await?;
    for hash in &lost {
        for chat in pictures::lose(&mut batch.tx, hash).await? {
            tell_chat(&mut batch, chat).await?;
        }
        for message in media::lose_file(&mut batch.tx, hash).await? {
            tell(&mut batch, message).await?;
        }
    }
    app.ingest.finish(batch).await?;
    for hash in &lost {
        app.files.folder.remove(hash).await;
    }
    if !lost.is_empty() {
        tracing::warn!(files = lost.len(), "stored files were not there any more; they are wanted again");
    }
    Ok(())
}
