//! Encrypted snapshots of browser profiles after a clean end (BKP-04): each is the login of a tenant's account.
//!
//! ```text
//! stop, restart, recycle ── linked, ended by itself ──> waits for its turn ──> reads ──> renamed, the last 2 kept
//!                        └─ silent, killed, not linked, to be deleted: none └─ given up: nothing is left of it
//! ```
//!
//! It is taken beside the reconciler's steps, under the slice's lock, so nothing of the slice starts meanwhile. A start
//! that is wanted waits for it, though not for long; a deletion waits until it is given up, which is at once.

mod browser;
mod restore;
pub mod shelf;
mod take;

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::Context;
use jiff::Timestamp;
use queunir_core::{id::SliceId, link::PageState, slice::Desired};
use queunir_db::control::{
    ControlDb,
    observed::{self, SliceRow},
};
pub use queunir_snapshot::{Identities, KeyError, Recipient};
pub use restore::{Restore, RestoreError, Restored, restore};
use tokio::{
    sync::{Notify, Semaphore},
    task::spawn_blocking,
    time::{Instant, timeout},
};
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use self::take::{Outcome, Wish};
use crate::{
    folders::SliceFolders,
    hands::Hands,
    plan::Rules,
    runtime::{RunningSlice, Stopped, lock},
};

/// Time for what is left of the ended slice to let go of its lock.
const LOCK_LIMIT: Duration = Duration::from_secs(5);
/// Time to note one in the database; a start waits meanwhile.
const NOTE_LIMIT: Duration = Duration::from_secs(10);

/// What takes snapshots during one term.
pub struct Snapshots {
    recipient: Option<Recipient>,
    start_waits: Duration,
    wake: Arc<Notify>,
    turns: Arc<Semaphore>,
    tasks: TaskTracker,
    stop: CancellationToken,
    _stop_on_drop: DropGuard,
    under_way: Arc<Mutex<HashMap<SliceId, UnderWay>>>,
}

/// One that is being taken.
#[derive(Clone)]
struct UnderWay {
    began: Instant,
    stop: CancellationToken,
    done: CancellationToken,
}

impl Snapshots {
    /// For a public key; without one nothing is taken. `wake` is rung when one is done.
    #[must_use]
    pub fn new(recipient: Option<Recipient>, rules: &Rules, wake: Arc<Notify>) -> Self {
        let stop = CancellationToken::new();
        Self {
            recipient,
            start_waits: rules.snapshot_wait,
            wake,
            turns: Arc::new(Semaphore::new(rules.snapshots_at_once)),
            tasks: TaskTracker::new(),
            _stop_on_drop: stop.clone().drop_guard(),
            stop,
            under_way: Arc::default(),
        }
    }

    /// Whether a start has to wait for a snapshot; it is given up when the start has waited long enough.
    #[must_use]
    pub fn keeps_waiting(&self, id: SliceId) -> bool {
        let Some(one) = self.of(id) else { return false };
        if one.began.elapsed() >= self.start_waits {
            one.stop.cancel();
        }
        true
    }

    /// Gives up a slice's snapshot, if one is being taken, and returns when nothing of it goes on.
    pub async fn give_up(&self, id: SliceId) {
        if let Some(one) = self.of(id) {
            one.stop.cancel();
            one.done.cancelled().await;
        }
    }

    /// Gives up all of them.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Gives up all of them, and returns when nothing goes on.
    pub async fn close(&self) {
        self.stop();
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn of(&self, id: SliceId) -> Option<UnderWay> {
        all(&self.under_way).get(&id).cloned()
    }

    fn begin(&self, wish: Wish, db: ControlDb) {
        let (began, stop, done) = (Instant::now(), self.stop.child_token(), CancellationToken::new());
        let one = UnderWay { began, stop: stop.clone(), done };
        all(&self.under_way).insert(wish.slice, one);
        let end = End { slice: wish.slice, under_way: Arc::clone(&self.under_way), wake: Arc::clone(&self.wake) };
        let turns = Arc::clone(&self.turns);
        self.tasks.spawn(async move {
            // Also if it breaks off: the slice must be free to start.
            let _end = end;
            let slice = wish.slice;
            if let Err(error) = attempt(wish, &turns, stop, &db, began).await {
                tracing::warn!(%slice, error = format!("{error:#}"), "no snapshot was taken");
            }
        });
    }
}

/// Frees the slice.
struct End {
    slice: SliceId,
    under_way: Arc<Mutex<HashMap<SliceId, UnderWay>>>,
    wake: Arc<Notify>,
}

impl Drop for End {
    fn drop(&mut self) {
        if let Some(one) = all(&self.under_way).remove(&self.slice) {
            one.done.cancel();
        }
        self.wake.notify_one();
    }
}

fn all(under_way: &Mutex<HashMap<SliceId, UnderWay>>) -> MutexGuard<'_, HashMap<SliceId, UnderWay>> {
    under_way.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn attempt(
    wish: Wish,
    turns: &Semaphore,
    stop: CancellationToken,
    db: &ControlDb,
    began: Instant,
) -> anyhow::Result<()> {
    let slice = wish.slice;
    let folders = SliceFolders::new(&wish.state_dir, slice);
    let begin = async {
        // First, so that nothing else touches the profile while it waits for its turn.
        let held = lock::hold_within(&folders.lock(), LOCK_LIMIT).await?;
        anyhow::Ok((turns.acquire().await?, held))
    };
    let Some(ready) = stop.run_until_cancelled(begin).await else {
        tracing::info!(%slice, "a snapshot was given up before it began");
        return Ok(());
    };
    let (_turn, held) = ready?;
    let generation = wish.generation;
    let taking = spawn_blocking(move || {
        let taken = take::take(&wish, &|| !stop.is_cancelled());
        drop(held);
        taken
    });
    match taking.await.context("taking it broke off")?? {
        Outcome::Taken { bytes, count } => {
            let took_ms = began.elapsed().as_millis();
            let (entries, skipped) = (count.entries, count.skipped);
            tracing::info!(%slice, generation, bytes, entries, skipped, took_ms, "took a snapshot of a profile");
            let detail = serde_json::json!({ "generation": generation, "bytes": bytes, "entries": entries,
                "skipped": skipped, "took_ms": u64::try_from(took_ms).unwrap_or(u64::MAX) });
            timeout(NOTE_LIMIT, note(db, slice, &detail))
                .await
                .map_err(anyhow::Error::from)
                .flatten()
                .context("it is there, and not on record")?;
        }
        Outcome::Empty => tracing::info!(%slice, generation, "the profile was deleted, and what was kept of it"),
        Outcome::GivenUp => tracing::info!(%slice, generation, "a snapshot was given up"),
    }
    Ok(())
}

async fn note(db: &ControlDb, slice: SliceId, detail: &serde_json::Value) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    observed::record_event(&mut tx, "slice.snapshot", slice, detail).await?;
    Ok(tx.commit().await?)
}

impl Hands {
    /// Ends a slice as [`Self::end`] does, and keeps its profile if that was clean, its page was linked just before, and
    /// snapshots are wanted. Any other profile would push a login that may be good off the shelf.
    pub(crate) async fn end_and_keep(
        &self,
        row: &SliceRow,
        found: Option<RunningSlice>,
        why: &'static str,
    ) -> anyhow::Result<()> {
        let folders = SliceFolders::new(&self.template.state_dir, row.id);
        let answered = match found {
            Some(found) if self.snapshots.recipient.is_some() || shelf::holds_anything(&folders) => {
                self.client.health(found.address()).await.ok()
            }
            _ => None,
        };
        if let Some(health) = &answered {
            // The last chance to hear that the link was ended since the last look.
            self.forget_unlinked(row.id, health.unlinked_at).await;
        }
        let stopped = self.end(row.id, why).await?;
        let Some(recipient) = self.snapshots.recipient.clone() else { return Ok(()) };
        let was_linked = answered.is_some_and(|health| health.state == PageState::Linked);
        if !was_linked || stopped != Stopped::Ended || row.desired == Desired::Deleted {
            return Ok(());
        }
        let wish = Wish {
            state_dir: self.template.state_dir.clone(),
            slice: row.id,
            generation: row.generation,
            now: self.now(),
            recipient,
            at_once: self.rules.snapshots_at_once as u64,
        };
        self.snapshots.begin(wish, self.db.clone());
        Ok(())
    }

    /// Erases what was kept of a profile that its tenant has deleted since.
    pub(crate) async fn forget_unlinked(&self, id: SliceId, unlinked_at: Option<Timestamp>) {
        let Some(at) = unlinked_at.filter(|_| self.memory_of(id).unlinked_at != unlinked_at) else { return };
        let folders = SliceFolders::new(&self.template.state_dir, id);
        match spawn_blocking(move || shelf::forget_before(&folders, at)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(gone)) => tracing::info!(slice = %id, gone, "erased what was kept of a profile that was deleted"),
            Ok(Err(error)) => {
                let error = format!("{:#}", anyhow::Error::new(error));
                return tracing::error!(slice = %id, error, "what was kept of a deleted profile stays for now");
            }
            Err(error) => return tracing::error!(slice = %id, %error, "erasing snapshots broke off"),
        }
        self.remember(id, |memory| memory.unlinked_at = unlinked_at);
    }
}

/// What a slice's profile is called in a snapshot.
fn name(slice: SliceId) -> String {
    format!("slice-{slice}")
}

/// Forces to the disk what a folder's entries are called.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    std::fs::File::open(path)?.sync_all()
}
