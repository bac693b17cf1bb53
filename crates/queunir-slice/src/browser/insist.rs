//! Storing what the page told, until it is stored.

use std::time::Duration;

use super::End;
use crate::{app::App, ingest::IngestError};

/// Tries until it is stored: a slow database pauses the reader, and nothing is dropped (DEL-11).
pub(super) async fn insist<T, F, W>(app: &App, mut attempt: W) -> Result<Option<T>, End>
where
    W: FnMut() -> F,
    F: Future<Output = Result<T, IngestError>>,
{
    let stop = app.life.soft();
    let mut wait = Duration::from_millis(100);
    let mut failures = 0;
    loop {
        match attempt().await {
            Ok(done) => return Ok(Some(done)),
            Err(IngestError::Fenced) => {
                tracing::error!("a newer generation holds the fence; this slice ends");
                return Err(End::Fenced);
            }
            Err(IngestError::Db(error)) => {
                failures += 1;
                tracing::warn!(%error, failures, source = ?std::error::Error::source(&error), "a batch was not stored");
                // What the database itself refuses it will refuse again; one bad batch must not stop the others.
                if failures >= 5 && !matches!(error, queunir_db::DbError::Unavailable(_)) {
                    tracing::error!("a batch is given up");
                    return Ok(None);
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return Err(End::Shutdown),
            () = tokio::time::sleep(wait) => {}
        }
        wait = (wait * 2).min(Duration::from_secs(5));
    }
}
