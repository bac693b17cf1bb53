//! How well the page is read: said when it changes, and what was read in part is read again.

use std::time::Duration;

use jiff::Timestamp;
use queunir_db::slice::chats;
use queunir_whatsapp::drift::{Verdict, Watch};
use tokio::time::Instant;

use super::session::Session;
use crate::ingest::IngestError;

/// How long a page must be read well before an earlier trouble is over. Shorter, and a page that is still drawn in an
/// unknown way is called healed at each reload; longer, and the alarm outlives its cause.
const PROBATION: Duration = Duration::from_secs(20);

impl Session<'_> {
    /// Begins to watch the reader's health anew, because what it said before is void.
    pub(super) fn watch_anew(&mut self) {
        self.drift = Watch::default();
        self.drift_since = Instant::now();
    }

    /// What was stored in part since a moment is read again, when its chat's turn comes.
    pub(super) async fn read_again(&self, since: Timestamp) -> Result<(), IngestError> {
        let (turn, mut batch) = self.app.ingest.begin().await?;
        let chats = chats::read_again(&mut batch.tx, since, batch.now).await?;
        self.app.ingest.finish(batch).await?;
        drop(turn);
        if chats > 0 {
            tracing::info!(chats, "chats that were read in part are read again");
            self.app.wake_reading.notify_one();
        }
        Ok(())
    }

    /// Says how well the page is read, if that has changed.
    pub(super) async fn judge_reader(&self) {
        let now = self.app.now();
        let verdict = self.drift.verdict(now);
        let before = self.app.link.now().reader;
        // What was wrong before another document or profile counts until this one has had its time.
        if verdict.is_well() && (before.is_none() || self.drift_since.elapsed() < PROBATION) {
            return;
        }
        if !self.app.link.reader(&verdict, now) {
            return;
        }
        if verdict.is_well() {
            tracing::info!("everything on the page is found again");
            if let Some(trouble) = before
                && let Err(error) = self.read_again(trouble.since).await
            {
                tracing::warn!(%error, "what was read in part was not marked to be read again");
            }
        } else {
            let Verdict { dead, unreadable } = &verdict;
            tracing::error!(?dead, ?unreadable, "the page is not drawn as it was");
            let (app, page) = (self.app.clone(), self.page.clone());
            self.app.life.spawn(async move { app.records.take(page.as_ref(), &verdict, now).await });
        }
    }
}
