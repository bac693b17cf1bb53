//! What goes on beside the starts: an end is noticed at once, and walls that somebody took down stand again.

use std::{sync::Arc, time::Duration};

use futures::StreamExt;
use tokio::{
    sync::Notify,
    time::{MissedTickBehavior, interval, sleep},
};
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use super::{engine::Engine, firewall::Firewall};

/// How often the walls are looked at; so long they stay down after a `nft flush ruleset`.
const WALLS: Duration = Duration::from_secs(30);
/// Pause before listening again to an engine that went away; looks go on meanwhile.
const LOST_PAUSE: Duration = Duration::from_secs(2);

/// Watches until the guard is dropped.
pub(super) fn start(
    tasks: &TaskTracker,
    engine: Arc<Engine>,
    firewall: Arc<Firewall>,
    ended: Arc<Notify>,
) -> DropGuard {
    let stop = CancellationToken::new();
    let until = stop.clone();
    tasks.spawn(async move {
        tokio::select! {
            () = until.cancelled() => {}
            () = ends(&engine, &ended) => {}
            () = walls(&firewall) => {}
        }
    });
    stop.drop_guard()
}

/// Rings whenever a container of ours ends; never returns.
async fn ends(engine: &Engine, ended: &Notify) {
    loop {
        match engine.ends() {
            Ok(mut ends) => {
                while let Some(Ok(_)) = ends.next().await {
                    ended.notify_one();
                }
                tracing::debug!("the engine's events broke off");
            }
            Err(error) => tracing::debug!(%error, "the engine tells no events"),
        }
        sleep(LOST_PAUSE).await;
        // Whatever ended meanwhile.
        ended.notify_one();
    }
}

/// Puts up what somebody took down; never returns.
async fn walls(firewall: &Firewall) {
    let mut tick = interval(WALLS);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = firewall.ensure().await {
            tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), "the slices' firewall is not certain");
        }
    }
}
