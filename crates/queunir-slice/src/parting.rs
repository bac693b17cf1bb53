//! Ending the link and erasing on demand, step by step; what a crash cut off is carried on at the next start.
//!
//! ```text
//! disconnect   credentials
//! wipe         credentials ─> messages ─> files
//! wipe_data                   messages ─> files ─> the browser starts again
//! ```
//!
//! A profile is deleted here and nowhere else (CHR-06): a person has asked for it.

use queunir_core::link::{PartingKind, PartingStep};
use queunir_db::slice::{
    audit,
    link_state::{self, LinkState},
    partings::{self, Asked},
};

use crate::{app::App, browser::Launcher, ingest::IngestError, media};

/// Why a step was not done; it is tried again.
#[derive(Debug, thiserror::Error)]
pub enum PartingError {
    /// The store, or another generation.
    #[error(transparent)]
    Store(#[from] IngestError),
    /// The profile's directory.
    #[error("the profile was not deleted: {0:#}")]
    Profile(anyhow::Error),
    /// The media directory.
    #[error("the files were not deleted: {0}")]
    Files(#[from] media::FetchError),
}

impl From<queunir_db::DbError> for PartingError {
    fn from(error: queunir_db::DbError) -> Self {
        Self::Store(IngestError::Db(error))
    }
}

/// Carries out what was asked for, and says what that was; the browser must have ended.
///
/// # Errors
/// When a step could not be done; those before it stay done.
pub async fn carry_out(app: &App, launcher: &dyn Launcher) -> Result<Option<PartingKind>, PartingError> {
    let Some(mut asked) = latest(app).await?.filter(|asked| asked.parting.ended_at.is_none()) else { return Ok(None) };
    let kind = asked.parting.kind;
    tracing::warn!(?kind, "ending or erasing on demand");
    for step in kind.steps() {
        if asked.parting.done.contains(step) {
            continue;
        }
        app.link.parting(Some(asked.parting.clone()));
        match step {
            PartingStep::Credentials => launcher.remove_profile().await.map_err(PartingError::Profile)?,
            PartingStep::Messages => {}
            PartingStep::Files => {
                let (turn, mut batch) = app.ingest.begin().await?;
                partings::erase_files(&mut batch.tx).await?;
                app.ingest.finish(batch).await?;
                drop(turn);
                // What is not noted is nobody's.
                media::sweep(app).await?;
            }
        }
        note(app, &mut asked, *step).await?;
    }
    app.link.parting(Some(asked.parting));
    Ok(Some(kind))
}

/// The latest wish.
pub(crate) async fn latest(app: &App) -> Result<Option<Asked>, queunir_db::DbError> {
    let mut tx = app.db.begin().await?;
    partings::latest(&mut tx).await
}

/// Notes a step in one transaction with what it changes in the store, and on record.
async fn note(app: &App, asked: &mut Asked, step: PartingStep) -> Result<(), PartingError> {
    let kind = asked.parting.kind;
    let last = kind.steps().last() == Some(&step);
    let now = app.now();
    let (turn, mut batch) = app.ingest.begin().await?;
    let before = link_state::load(&mut batch.tx).await?;
    let after = match step {
        PartingStep::Credentials => {
            LinkState { was_linked: false, first_list_complete: false, relinked: true, ..before }
        }
        PartingStep::Messages => {
            partings::erase_messages(&mut batch.tx).await?;
            batch.everything_changed();
            LinkState { was_linked: before.was_linked, ..LinkState::default() }
        }
        PartingStep::Files => before,
    };
    link_state::save(&mut batch.tx, &after, app.spec.generation).await?;
    partings::done(&mut batch.tx, asked.id, step, last, now).await?;
    let result = match step {
        PartingStep::Credentials => "credentials_deleted",
        PartingStep::Messages => "messages_deleted",
        PartingStep::Files => "files_deleted",
    };
    audit::note(&mut batch.tx, asked.user, action(kind), result).await?;
    app.ingest.finish(batch).await?;
    drop(turn);
    app.ingest.forget().await;
    app.link.recall(&after);
    asked.parting.done.push(step);
    asked.parting.ended_at = last.then_some(now);
    Ok(())
}

/// How what was asked for is called on record.
pub(crate) fn action(kind: PartingKind) -> &'static str {
    match kind {
        PartingKind::Disconnect => "disconnect",
        PartingKind::Wipe => "wipe",
        PartingKind::WipeData => "wipe_data",
    }
}
