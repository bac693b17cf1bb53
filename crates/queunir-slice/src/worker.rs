//! The loop of those who do one thing after another on the page: a pass, then a wait that news ends early.

use std::{future::Future, time::Duration};

use tokio::sync::Notify;

use crate::{app::App, ingest::IngestError};

/// How long nothing is tried after the database failed.
const DATABASE: Duration = Duration::from_secs(1);

/// Who does one thing after another.
pub(crate) trait Work: Sync {
    /// What the log calls it.
    const NAME: &'static str;

    /// One step; answers how long nothing is to be done unless woken.
    fn pass(&self) -> impl Future<Output = Result<Duration, IngestError>> + Send;
}

/// Lets a worker work until the slice stops; a pass that has begun is brought to its end. A newer generation of the slice
/// ends this one.
pub(crate) async fn run<W: Work>(app: &App, worker: &W, wake: &Notify) {
    let stop = app.life.soft();
    let _stop_on_panic = stop.clone().drop_guard();
    let mut wait = Duration::ZERO;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = wake.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
        wait = match worker.pass().await {
            Ok(wait) => wait,
            Err(IngestError::Fenced) => {
                tracing::error!("a newer generation holds the fence; this slice ends");
                stop.cancel();
                return;
            }
            Err(IngestError::Db(error)) => {
                tracing::warn!(%error, "{} paused", W::NAME);
                DATABASE
            }
        };
    }
}
