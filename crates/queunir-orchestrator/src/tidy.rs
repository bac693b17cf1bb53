//! Keeps what grows by itself within bounds: slices' logs, profiles that were moved aside, and events that nobody can want
//! any more.

use std::{fs, path::Path, time::Duration};

use queunir_db::control::{ControlDb, observed};
use queunir_service::logfile;
use tokio::task::spawn_blocking;

use crate::{folders, hands::Hands, snapshots::shelf};

/// How often logs are looked at. Longer, and a slice that writes as fast as it can fills more of the disk.
const LOG_LOOK: Duration = Duration::from_secs(10);
/// How often old events are removed.
const EVENT_LOOK: Duration = Duration::from_secs(3600);
/// How often profiles that were moved aside are looked at.
const ASIDE_LOOK: Duration = Duration::from_secs(3600);

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

/// Removes profiles that were moved aside long ago, as long as this orchestrator leads; never returns.
pub async fn profiles(hands: &Hands) {
    loop {
        let (state_dir, now) = (hands.template.state_dir.clone(), hands.now());
        match spawn_blocking(move || shelf::forget_aside(&state_dir, now)).await {
            Ok(Ok(0)) => tracing::debug!("no profile was moved aside long ago"),
            Ok(Ok(gone)) => tracing::info!(gone, "removed profiles that were moved aside long ago"),
            Ok(Err(error)) => tracing::warn!(%error, "profiles that were moved aside stay for now"),
            Err(error) => tracing::error!(%error, "removing profiles broke off"),
        }
        tokio::time::sleep(ASIDE_LOOK).await;
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
