//! How a message that is being sent goes from state to state, each change with its event and, where it ends, its audit entry.

use jiff::{SignedDuration, Timestamp};
use queunir_core::{
    id::{ChatId, OutgoingId},
    outgoing::OutgoingState,
};
use queunir_db::slice::{
    audit,
    outgoing::{self, Step, StoredOutgoing},
};
use queunir_whatsapp::PageError;

use super::Worker;
use crate::{first_contacts::hold, ingest::IngestError};

/// Tries that do not reach the send key before a person is told.
const TRIES: i32 = 5;

impl Worker {
    pub(super) async fn intend(
        &self,
        id: OutgoingId,
        chat: ChatId,
        anchor: Option<&str>,
    ) -> Result<Option<StoredOutgoing>, IngestError> {
        let app = &self.app;
        let (_turn, mut batch) = app.ingest.begin().await?;
        let now = batch.now;
        if let Some(free_at) = hold(&mut batch.tx, id, chat, now).await? {
            let step = Step::new(id, &[OutgoingState::Composing], OutgoingState::Queued).because("first_contacts");
            let step = Step { not_before: Some(free_at), ..step };
            let row = outgoing::step(&mut batch.tx, &step, app.spec.generation).await?;
            if let Some(row) = &row {
                batch.outgoing(row.outgoing.clone());
            }
            app.ingest.finish(batch).await?;
            return Ok(None);
        }
        let row = outgoing::intend(&mut batch.tx, id, anchor, now, app.spec.generation).await?;
        if let Some(row) = &row {
            batch.outgoing(row.outgoing.clone());
        }
        app.holds.at("intending").await;
        app.ingest.finish(batch).await?;
        app.holds.at("intended").await;
        Ok(row)
    }

    /// Nothing was sent: tries again later, or says why not.
    pub(super) async fn not_sent(
        &self,
        row: &StoredOutgoing,
        from: &[OutgoingState],
        error: &PageError,
    ) -> Result<(), IngestError> {
        tracing::info!(%error, outgoing = %row.outgoing.id, "a message was not sent");
        let reason = match error {
            PageError::ChatNotFound => "chat_not_found",
            PageError::Ambiguous => "ambiguous_chat",
            PageError::NotOnWhatsApp => "not_on_whatsapp",
            PageError::ReadOnly => "read_only",
            PageError::FileRefused => "file_refused",
            PageError::QuoteNotFound => "quote_not_found",
            PageError::TextMismatch if row.attempts >= 1 => "text_mismatch",
            // These say nothing about the message; it waits for the page.
            PageError::NotLinked | PageError::Gone | PageError::Cancelled => {
                let pause = self.later(2);
                let step = Step { not_before: pause, ..Step::new(row.outgoing.id, from, OutgoingState::Queued) };
                return self.step(&step).await.map(drop);
            }
            _ if row.attempts + 1 >= TRIES => "page_failed",
            _ => {
                let pause = self.later(1 << row.attempts.clamp(0, 6));
                let step = Step::new(row.outgoing.id, from, OutgoingState::Queued);
                return self.step(&Step { not_before: pause, count_attempt: true, ..step }).await.map(drop);
            }
        };
        self.fail(row, from, reason).await
    }

    pub(super) fn later(&self, seconds: i64) -> Option<Timestamp> {
        self.app.now().saturating_add(SignedDuration::from_secs(seconds)).ok()
    }

    pub(super) async fn fail(
        &self,
        row: &StoredOutgoing,
        from: &[OutgoingState],
        reason: &str,
    ) -> Result<(), IngestError> {
        let step = Step::new(row.outgoing.id, from, OutgoingState::Failed).because(reason);
        let (_turn, mut batch) = self.app.ingest.begin().await?;
        if let Some(row) = outgoing::step(&mut batch.tx, &step, self.app.spec.generation).await? {
            audit::record(&mut batch.tx, &entry(&row, "send_failed", reason)).await?;
            batch.outgoing(row.outgoing);
        }
        self.app.ingest.finish(batch).await
    }

    /// A plain change of state with its event.
    pub(super) async fn step(&self, step: &Step<'_>) -> Result<Option<StoredOutgoing>, IngestError> {
        let (_turn, mut batch) = self.app.ingest.begin().await?;
        let row = outgoing::step(&mut batch.tx, step, self.app.spec.generation).await?;
        if let Some(row) = &row {
            batch.outgoing(row.outgoing.clone());
        }
        self.app.ingest.finish(batch).await?;
        Ok(row)
    }
}

/// An entry of the audit trail about an outgoing message.
#[must_use]
pub fn entry<'a>(row: &'a StoredOutgoing, action: &'a str, result: &'a str) -> audit::Entry<'a> {
    audit::Entry {
        user: Some(row.user),
        action,
        chat: Some(row.outgoing.chat_id),
        outgoing: Some(row.outgoing.id),
        body_hash: Some(&row.body_hash),
        result,
    }
}
