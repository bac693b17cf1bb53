//! Whether the store was put back to an earlier time, and what may not go on then: what waits in it may have been sent
//! since (DEL-08).
//!
//! Beside the store, in a file, stands the number of the newest event at the latest press. A store that has not come so
//! far is an older one; so is one that has messages waiting and no such file.

use std::{
    io::{self, ErrorKind},
    path::PathBuf,
};

use queunir_core::slice::SliceSpec;
use queunir_db::slice::{audit, events, restored};
use queunir_whatsapp::PageError;
use tokio::{fs, io::AsyncWriteExt};

use crate::{acts, app::App, ingest::IngestError, outgoing};

/// Name of the file, and of the one that becomes it.
const FILE: &str = "latest-press";
const UNFINISHED: &str = "latest-press.unfinished";

/// How far the store had come.
pub struct Mark {
    folder: PathBuf,
}

impl Mark {
    /// The mark of a slice.
    #[must_use]
    pub fn of(spec: &SliceSpec) -> Self {
        Self { folder: spec.records_dir.clone() }
    }

    /// The number in the file; none if there is no file or nothing that can be read in it.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn read(&self) -> io::Result<Option<i64>> {
        match fs::read_to_string(self.folder.join(FILE)).await {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidData) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes the number; on the disk when this returns.
    ///
    /// # Errors
    /// When the folder cannot be written; what was there before still is.
    pub async fn write(&self, number: i64) -> io::Result<()> {
        fs::create_dir_all(&self.folder).await?;
        let half = self.folder.join(UNFINISHED);
        let mut file = fs::File::create(&half).await?;
        file.write_all(number.to_string().as_bytes()).await?;
        file.sync_all().await?;
        fs::rename(&half, self.folder.join(FILE)).await?;
        fs::File::open(&self.folder).await?.sync_all().await
    }
}

/// Looks whether the store is an older one before anything is done with it.
///
/// # Errors
/// When the database fails, another generation runs, or the mark can neither be read nor written.
pub async fn check(app: &App) -> anyhow::Result<()> {
    let known = app.mark.read().await?;
    let last = {
        let mut tx = app.db.begin().await?;
        events::bounds(&mut tx).await?.last
    };
    if known.is_none_or(|known| known > last) {
        doubt(app, known).await?;
    }
    app.mark.write(app.wake.last().max(last)).await?;
    Ok(())
}

/// Notes beside the store how far it has come, to be called between the intent and the press.
///
/// # Errors
/// `Cancelled` when nothing can be noted: then nothing may be pressed.
pub async fn note_press(app: &App) -> Result<(), PageError> {
    app.mark.write(app.wake.last()).await.map_err(|error| {
        tracing::warn!(%error, "nothing is pressed while nothing can be noted beside the store");
        PageError::Cancelled
    })
}

/// What waits becomes uncertain, on record, and every browser starts over.
async fn doubt(app: &App, known: Option<i64>) -> Result<(), IngestError> {
    let (_turn, mut batch) = app.ingest.begin().await?;
    let generation = app.spec.generation;
    let outgoing = restored::doubt_outgoing(&mut batch.tx, generation).await?;
    let acts = restored::doubt_acts(&mut batch.tx, generation).await?;
    if known.is_none() && outgoing.is_empty() && acts.is_empty() {
        return Ok(());
    }
    tracing::error!(
        outgoing = outgoing.len(),
        acts = acts.len(),
        "the database was put back to an earlier time; what waited there is uncertain"
    );
    restored::leap(&mut batch.tx, known.unwrap_or(0)).await?;
    for row in outgoing {
        audit::record(&mut batch.tx, &outgoing::entry(&row, "restored", "uncertain")).await?;
        batch.outgoing(row.outgoing);
    }
    for row in acts {
        acts::record(&mut batch.tx, &row, "restored").await?;
        batch.act(row.act);
    }
    batch.everything_changed();
    app.ingest.finish(batch).await
}
