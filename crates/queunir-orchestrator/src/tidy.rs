//! Keeps what grows by itself within bounds: slices' logs, and events that nobody can want any more.

use std::{fs, path::Path, time::Duration};

use queunir_db::control::{ControlDb, observed};
use queunir_service::logfile;

use crate::folders;

/// How often logs are looked at. Longer, and a slice that writes as fast as it can fills more of the disk.
const LOG_LOOK: Duration = Duration::from_secs(10);
/// How often old events are removed.
const EVENT_LOOK: Duration = Duration::from_secs(3600);

/// Keeps the logs of all slices small; never returns.
pub async fn logs(state_dir: &Path) {
    loop {
        tokio::time::sleep(LOG_LOOK).await;
        // Before the first slice there is no folder.
        let Ok(slices) = fs::read_dir(folders::all(state_dir)) else { continue };
        for slice in slices.flatten() {
            let log = slice.path().join("slice.log");
            if let Err(error) = logfile::keep_small(&log, logfile::MOST) {
                tracing::warn!(log = %log.display(), %error, "a log cannot be kept small");
            }
        }
    }
}

/// Removes old events as long as this orchestrator leads; never returns.
pub async fn events(db: &ControlDb) {
    loop {
        match forget(db).await {
            Ok(0) => tracing::debug!("no event is too old"),
            Ok(forgotten) => tracing::info!(forgotten, "removed old events"),
            Err(error) => tracing::warn!(%error, "old events stay for now"),
        }
        tokio::time::sleep(EVENT_LOOK).await;
    }
}

async fn forget(db: &ControlDb) -> Result<u64, queunir_db::DbError> {
    let mut forgotten = 0;
    loop {
        let mut tx = db.begin().await?;
        let gone = observed::forget_events(&mut tx, KEPT_DAYS, KEPT_ROWS).await?;
        tx.commit().await?;
        forgotten += gone;
        if gone == 0 {
            return Ok(forgotten);
        }
    }
}

/// Events older than this are forgotten: a year, and time to notice that it is over.
const KEPT_DAYS: i32 = 400;
/// So many events are kept at most; a flood must not fill the disk.
const KEPT_ROWS: i64 = 1_000_000;
