//! The gateway's own loops: wake-ups from the tables, and rows that have ended.

use std::time::Duration;

use queunir_db::{
    DbError,
    control::{
        listen::{Channel, Notice, Notices},
        sessions, throttles,
    },
};
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::app::{App, Changed};

/// How long to wait before listening again. Too small hammers a database that is away; streams poll meanwhile.
const RETRY: Duration = Duration::from_secs(1);
/// How often ended rows are removed. They limit nothing; too large only lets the tables grow.
const CLEAN_UP: Duration = Duration::from_secs(60);

/// Turns notices about slices and users into hints.
pub(crate) async fn watch_changes(app: App) {
    let stop = app.lifecycle.soft();
    while !stop.is_cancelled() {
        let outcome = tokio::select! {
            () = stop.cancelled() => return,
            outcome = pass_notices(&app) => outcome,
        };
        if let Err(error) = outcome {
            tracing::warn!(error = %error, "listening failed, streams poll meanwhile");
        }
        app.hint(Changed::Everything);
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(RETRY) => {}
        }
    }
}

async fn pass_notices(app: &App) -> Result<(), DbError> {
    let mut notices = Notices::listen(&app.db, &[Channel::Observed, Channel::Wanted, Channel::Users]).await?;
    app.hint(Changed::Everything);
    loop {
        app.hint(match notices.next().await? {
            Notice::Slice(slice) => Changed::Slice(slice),
            Notice::User(user) => Changed::User(user),
            Notice::Everything => Changed::Everything,
        });
    }
}

/// Removes sessions and throttles that have ended.
pub(crate) async fn clean_up(app: App) {
    let stop = app.lifecycle.soft();
    let mut tick = interval(CLEAN_UP);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        match clean_up_once(&app).await {
            Ok(0) => tracing::debug!("nothing has ended"),
            Ok(removed) => tracing::info!(removed, "removed ended rows"),
            Err(error) => tracing::warn!(error = %error, "clean-up failed, next tick retries"),
        }
    }
}

async fn clean_up_once(app: &App) -> Result<u64, DbError> {
    let mut tx = app.db.begin().await?;
    let removed = sessions::delete_ended(&mut tx).await? + throttles::delete_idle(&mut tx).await?;
    tx.commit().await?;
    Ok(removed)
}
