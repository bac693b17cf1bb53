//! Follows the machine's clock when somebody sets it: leases, pauses and pace stay as long as they were.

use std::time::Duration;

use jiff::SignedDuration;
use queunir_db::{DbError, slice::clock};

use crate::app::App;

/// How often the clock is looked at. Longer, and a chat that nobody looks at any more stays open for so long.
const LOOK: Duration = Duration::from_millis(500);
/// No pause that a slice makes is longer.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// Corrects what a clock left behind that was set back while the slice did not run.
///
/// # Errors
/// When the database fails.
pub async fn recall(app: &App) -> Result<(), DbError> {
    let mut tx = app.db.begin().await?;
    clock::recall(&mut tx, app.now(), LONGEST_PAUSE).await?;
    tx.commit().await
}

/// Moves everything that was noted by the clock as it was; nothing to do while nobody sets it.
///
/// # Errors
/// When the database fails; then everything is as before, and the next call tries again.
pub async fn follow(app: &App) -> Result<(), DbError> {
    // One at a time, so that nothing is moved twice.
    let _turn = app.following.lock().await;
    let Some(step) = app.steps.pending() else { return Ok(()) };
    tracing::warn!(seconds = step.as_secs(), "the machine's clock was set");
    let mut tx = app.db.begin().await?;
    clock::follow(&mut tx, step, app.now()).await?;
    tx.commit().await?;
    app.viewers.moved(step);
    app.steps.follow(step);
    Ok(())
}

/// Follows the clock until the slice stops.
pub async fn watch(app: App) {
    let stop = app.life.soft();
    loop {
        if let Err(error) = follow(&app).await {
            tracing::warn!(%error, "the clock was set and could not be followed yet");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}
