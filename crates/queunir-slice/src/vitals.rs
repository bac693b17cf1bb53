//! What the monitor is told of a slice beside its link: how much it takes, how long its browser runs, and whether an end
//! now would interrupt anybody.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use queunir_core::link::PageState;
use queunir_db::{
    DbError,
    slice::{SliceTx, vitals},
};
use queunir_service::usage::{self, Bounds};

use crate::{app::App, browser};

/// How often the room that is taken is measured. Longer, and a tenant fills more of the disk before writing stops.
const MEASURE: Duration = Duration::from_secs(60);
/// Bounds of one measurement: a profile has a few thousand files, a tenant's media some ten thousand.
const ENTRIES: usize = 500_000;
const TIME: Duration = Duration::from_secs(20);

/// What is told.
#[derive(Debug, Default)]
pub struct Vitals(Mutex<Told>);

#[derive(Debug, Default)]
struct Told {
    browser_since: Option<Timestamp>,
    last_inbound_at: Option<Timestamp>,
}

impl Vitals {
    /// A browser began to run, or none runs.
    pub fn browser(&self, since: Option<Timestamp>) {
        self.lock().browser_since = since;
    }

    /// Since when the browser runs.
    #[must_use]
    pub fn browser_since(&self) -> Option<Timestamp> {
        self.lock().browser_since
    }

    /// When the latest message of somebody else was written, as of the last measurement.
    #[must_use]
    pub fn last_inbound_at(&self) -> Option<Timestamp> {
        self.lock().last_inbound_at
    }

    fn lock(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Measures until the slice stops.
pub async fn run(app: App) {
    let stop = app.life.soft();
    let mut tick = tokio::time::interval(MEASURE);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        if let Err(error) = measure(&app).await {
            tracing::warn!(%error, "what the slice takes was not measured");
        }
    }
}

/// Measures once: what is taken of the quota, and when somebody last wrote.
///
/// # Errors
/// When the database fails.
pub async fn measure(app: &App) -> Result<(), DbError> {
    let folders = folders(app);
    let mut tx = app.db.begin().await?;
    app.vitals.lock().last_inbound_at = vitals::last_inbound(&mut tx).await?;
    let stored = vitals::stored_bytes(&mut tx).await?;
    drop(tx);
    let walked = tokio::task::spawn_blocking(move || {
        let mut bounds = Bounds::new(ENTRIES, TIME);
        folders.iter().map(|folder| usage::of(folder, &mut bounds).bytes).sum::<u64>()
    });
    if let Ok(files) = walked.await {
        app.storage.note_used(files.saturating_add(stored));
    }
    Ok(())
}

/// Everything that the slice writes; the browser's home is beside its profile where the slice may make one there.
fn folders(app: &App) -> Vec<PathBuf> {
    let spec = &app.spec;
    let mut home = spec.profile_dir.file_name().unwrap_or_default().to_owned();
    home.push(".home");
    vec![
        spec.profile_dir.clone(),
        spec.profile_dir.with_file_name(home),
        spec.media_dir.clone(),
        spec.records_dir.clone(),
    ]
}

/// Whether an end now would interrupt nobody.
///
/// # Errors
/// When the database fails.
pub async fn is_quiet(app: &App, tx: &mut SliceTx) -> Result<bool, DbError> {
    let link = app.link.now();
    let linking = match link.state {
        // Without room no browser starts, however long that takes.
        PageState::Starting => !app.storage.is_short(),
        PageState::Syncing => true,
        PageState::Linked => !link.first_list_complete,
        state => browser::is_waiting(state) && *app.streams.borrow() > 0,
    };
    let busy = linking || app.presence.anybody() || app.is_parting() || app.new_chats.looking().is_some();
    Ok(!busy && !vitals::is_anything_to_do(tx).await?)
}
