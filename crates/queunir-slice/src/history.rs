//! Writes down what the link was good for, and when: each change of condition is a span (`link_history`).

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use queunir_core::link::{Condition, Link, PageState};
use queunir_db::{DbError, slice::link_history};
use serde::Serialize;

use crate::app::App;

/// How often the open span is confirmed. Longer, and a slice that is killed loses so much of what it knew.
const CONFIRM: Duration = Duration::from_secs(20);
/// How long spans are kept.
const KEEP: SignedDuration = SignedDuration::from_hours(24 * 400);
/// Why there was no link: the slice itself did not run.
const NOT_RUNNING: &str = "not_running";

/// The open span.
pub struct Book {
    open: Option<(Condition, String)>,
}

impl Book {
    /// Goes on where the last slice ended: the time since then is a span of its own. Whether that slice was cut off
    /// while its browser ran is told to `app`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(app: &App) -> Result<Self, DbError> {
        let mut tx = app.db.begin().await?;
        let Some(last) = link_history::newest(&mut tx).await? else { return Ok(Self { open: None }) };
        // Nothing that rests is lost.
        let rested = last.condition == Condition::Disconnected;
        app.note_lost_browser(!last.ended && !rested);
        let reason = if rested { last.reason } else { NOT_RUNNING.to_owned() };
        link_history::begin(&mut tx, Condition::Disconnected, &reason, last.until, app.spec.generation).await?;
        tx.commit().await?;
        Ok(Self { open: Some((Condition::Disconnected, reason)) })
    }

    /// Notes what the link is now; nothing is noted before a phone was linked for the first time.
    async fn note(&mut self, app: &App, link: &Link, now: Timestamp) -> Result<(), DbError> {
        let (condition, generation) = (link.condition, app.spec.generation);
        let mut tx = app.db.begin().await?;
        let reason = match &self.open {
            None if condition != Condition::Connected => return Ok(()),
            Some((open, known)) if *open == condition => {
                let reason = reason(link).unwrap_or_else(|| known.clone());
                link_history::still(&mut tx, &reason, now, generation).await?;
                reason
            }
            _ => {
                let reason = reason(link).unwrap_or_else(|| word(link.state));
                link_history::begin(&mut tx, condition, &reason, link.condition_since, generation).await?;
                reason
            }
        };
        tx.commit().await?;
        self.open = Some((condition, reason));
        Ok(())
    }

    /// Runs until the slice stops; the span that is open then is ended in order.
    pub async fn keep(mut self, app: App) {
        let stop = app.life.soft();
        let mut changes = app.link.listen();
        let mut tick = tokio::time::interval(CONFIRM);
        loop {
            let link = changes.borrow_and_update().clone();
            if let Err(error) = self.note(&app, &link, app.now()).await {
                tracing::warn!(%error, "the history of the link was not written; the next look does it");
            }
            tokio::select! {
                () = stop.cancelled() => break,
                _ = tick.tick() => {}
                changed = changes.changed() => if changed.is_err() { break },
            }
        }
        if let Err(error) = end(&app).await {
            tracing::warn!(%error, "the history of the link was not closed");
        }
    }
}

async fn end(app: &App) -> Result<(), DbError> {
    let mut tx = app.db.begin().await?;
    link_history::end(&mut tx, app.now(), app.spec.generation).await?;
    tx.commit().await
}

/// Forgets what is older than a year.
///
/// # Errors
/// When the database fails.
pub async fn trim(app: &App) -> Result<(), DbError> {
    let mut tx = app.db.begin().await?;
    link_history::trim(&mut tx, app.now().saturating_sub(KEEP).unwrap_or(Timestamp::MIN)).await?;
    tx.commit().await
}

/// Why the link is as it is, where the state says more than that something is on its way.
fn reason(link: &Link) -> Option<String> {
    match link.state {
        PageState::Starting | PageState::Syncing => None,
        PageState::NoBrowser => link.stop_reason.map(word),
        state => Some(word(state)),
    }
}

fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
