//! The heartbeat: asks the reader for the state again and again, so that a silent page is noticed.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

use crate::{driver::Driver, page::normalise, seen::SeenState};

/// Time between two heartbeats (CHR-07).
const BEAT: Duration = Duration::from_secs(10);
/// How long a heartbeat may take.
pub(super) const BEAT_LIMIT: Duration = Duration::from_secs(6);

/// Asks the reader for the state at every beat; `None` when it does not answer.
pub(super) async fn run(driver: Arc<Driver>, beats: mpsc::Sender<Option<SeenState>>, stop: CancellationToken) {
    let mut tick = interval(BEAT);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tick.tick().await;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        let answer = tokio::time::timeout(BEAT_LIMIT, super::state(&driver)).await;
        let beat = match answer {
            Ok(Ok(state)) => Some(normalise::state(&state)),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a heartbeat failed");
                None
            }
            Err(_) => None,
        };
        if beats.send(beat).await.is_err() {
            return;
        }
    }
}
