//! Carries out one step of the plan for one slice, and writes down what became of it.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use queunir_core::{
    collection::CollectionLimits,
    id::SliceId,
    media::MediaLimits,
    slice::{Engine, Pacing, Phase, SliceHealth, StopReason},
    time::{SharedClock, Steps},
};
use queunir_db::{
    Endpoint,
    control::{
        ControlDb, alerts, counters, leadership,
        observed::{self, Observed, SliceRow},
    },
    provision::Provisioner,
};

use crate::{
    admission::Pace,
    client::SliceClient,
    observe::observe,
    pki::Pki,
    plan::{Asked, Memory, Rules, Step, Wanted, is_past, may_try},
    room::Room,
    rows::{self, SliceEnded},
    runtime::{RunningSlice, SliceRuntime, Stopped},
    snapshots::Snapshots,
};

/// Answers that change nothing are written down this seldom.
const HEALTH_WRITES: Duration = Duration::from_secs(15);
/// A slice that is silent for so long counts as uncertain.
const SILENCE: Duration = Duration::from_secs(3);

/// Somebody else leads; nothing may be done any more.
#[derive(Debug, thiserror::Error)]
#[error("another orchestrator leads")]
pub struct Deposed;

/// What every slice is started with.
#[derive(Clone, Debug)]
pub struct Template {
    /// The cluster, for its socket.
    pub database: Endpoint,
    /// Where slices keep their things.
    pub state_dir: PathBuf,
    /// WhatsApp Web's address.
    pub whatsapp_url: String,
    /// Folder of reader profiles.
    pub reader_profiles: PathBuf,
    /// Which browser.
    pub engine: Engine,
    /// Sending pace.
    pub pacing: Pacing,
    /// How much room files may take.
    pub media: MediaLimits,
    /// Pace and bounds of collecting the past.
    pub collection: CollectionLimits,
    /// Room for everything of one tenant.
    pub disk_quota_bytes: u64,
    /// Port of slice 1.
    pub base_port: u16,
}

/// Everything a step needs.
pub struct Hands {
    /// The control tables.
    pub db: ControlDb,
    /// What runs slices.
    pub runtime: Arc<dyn SliceRuntime>,
    /// What bounds them on the disk.
    pub room: Arc<Room>,
    /// What makes their databases.
    pub provisioner: Provisioner,
    /// What talks to them.
    pub client: SliceClient,
    /// What signs their certificates.
    pub pki: Arc<Pki>,
    /// What keeps their profiles.
    pub snapshots: Snapshots,
    /// What they are started with.
    pub template: Template,
    /// How patient to be.
    pub rules: Rules,
    /// The time.
    pub clock: SharedClock,
    /// When somebody sets it.
    pub steps: Steps,
    /// This leader's number.
    pub epoch: i64,
    /// How starts went until now.
    pub pace: Mutex<Pace>,
    /// What was seen since this orchestrator leads.
    pub memory: Mutex<HashMap<SliceId, Memory>>,
    /// What slices last said of themselves.
    pub health: Mutex<HashMap<SliceId, SliceHealth>>,
}

impl Hands {
    /// Carries out a step and tells whether anything changed by it. Failures of a slice are written down here; what
    /// comes back as an error is trouble of our own.
    ///
    /// # Errors
    /// When the database or the runtime does not answer, or somebody else leads.
    pub async fn carry_out(
        &self,
        id: SliceId,
        step: Step,
        one: Option<Wanted>,
        found: Option<RunningSlice>,
    ) -> anyhow::Result<bool> {
        let Some(Wanted { row, memory }) = one else {
            self.end(id, "slice.stray").await?;
            return Ok(true);
        };
        if let (Step::Look, Some(found)) = (step, found) {
            return self.look(&row, memory, found).await;
        }
        self.change(&row, step, found).await?;
        Ok(true)
    }

    async fn change(&self, row: &SliceRow, step: Step, found: Option<RunningSlice>) -> anyhow::Result<()> {
        let id = row.id;
        match (step, found) {
            (Step::Start { linked, afresh }, _) => self.start(row, linked, afresh).await,
            (Step::StopStray, _) => self.end(id, "slice.stray").await.map(drop),
            (Step::Stop, found) => {
                self.end_and_keep(row, found, "slice.stop").await?;
                self.note_stopped(row, StopReason::User).await
            }
            (Step::StopSilent, _) => {
                self.end(id, "slice.silent").await?;
                self.note_failure(row, &SliceEnded("gave no answer").into()).await
            }
            // What follows is the start of a slice that nobody saw end.
            (Step::Restart, found) => {
                // Before it ends: whoever waits for a place must not get this one in between.
                self.save(id, &rows::recycled(&row.observed, "an operator's order")).await?;
                self.end_and_keep(row, found, "slice.restart").await
            }
            (Step::Recycle(wish), Some(found)) => self.recycle(row, found, wish).await,
            (Step::NoteStopped, _) => self.note_stopped(row, StopReason::User).await,
            (Step::NoteLost, _) => self.note_failure(row, &SliceEnded("ended by itself").into()).await,
            (Step::Withdraw, _) => self.withdraw(row).await,
            (Step::StartBrowser, Some(found)) => self.ask(row, found, Asked::Start).await,
            (Step::StopBrowser, Some(found)) => self.ask(row, found, Asked::Stop).await,
            (Step::FailForward, Some(found)) => self.fail_forward(row, found).await,
            (Step::NoteOverdue, _) => self.note_overdue(row).await,
            (Step::NoteDeleting, _) => {
                self.snapshots.give_up(id).await;
                self.save(id, &rows::deleting(&row.observed)).await
            }
            (Step::Erase, _) => self.erase(row).await,
            (Step::Recycle(_) | Step::StartBrowser | Step::StopBrowser | Step::FailForward, None) | (Step::Look, _) => {
                Ok(())
            }
        }
    }

    /// What is remembered of a slice.
    pub fn memory_of(&self, id: SliceId) -> Memory {
        self.memories().get(&id).copied().unwrap_or_default()
    }

    /// Changes what is remembered of a slice.
    pub fn remember(&self, id: SliceId, change: impl FnOnce(&mut Memory)) {
        change(self.memories().entry(id).or_default());
    }

    /// Forgets a slice that is gone.
    pub fn forget(&self, id: SliceId) {
        self.memories().remove(&id);
        self.healths().remove(&id);
    }

    /// What a slice last said of itself; nothing while it gives no answer.
    pub fn health_of(&self, id: SliceId) -> Option<SliceHealth> {
        self.healths().get(&id).cloned()
    }

    fn healths(&self) -> std::sync::MutexGuard<'_, HashMap<SliceId, SliceHealth>> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn memories(&self) -> std::sync::MutexGuard<'_, HashMap<SliceId, Memory>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Moves what was noted by the clock as it was before somebody set it. Without this a step back would keep the
    /// orchestrator from looking or starting anything until the old time comes again.
    pub async fn follow_the_clock(&self) -> anyhow::Result<()> {
        let Some(step) = self.steps.pending() else { return Ok(()) };
        tracing::warn!(seconds = step.as_secs(), "the machine's clock was set");
        self.move_rows(step).await?;
        for memory in self.memories().values_mut() {
            *memory = memory.moved(step);
        }
        self.steps.follow(step);
        Ok(())
    }

    /// Moves the moments in rows; none is left further in the future than any pause is long.
    pub async fn move_rows(&self, step: SignedDuration) -> anyhow::Result<()> {
        let now = self.now();
        let latest = now.saturating_add(SignedDuration::try_from(self.rules.failed_pause * 2)?)?;
        let mut tx = self.db.begin().await?;
        observed::follow_clock(&mut tx, self.epoch, step, now, latest).await?;
        tx.commit().await.context("cannot follow the clock")
    }

    /// Writes observed columns as the leader.
    pub async fn save(&self, id: SliceId, observed: &Observed) -> anyhow::Result<()> {
        let mut tx = self.db.begin().await?;
        if !observed::set_observed(&mut tx, self.epoch, id, observed, self.now()).await? {
            return Err(Deposed.into());
        }
        tx.commit().await.context("cannot write what was observed")
    }

    /// Ends whatever runs of a slice; a kill is counted and written down (CHR-05).
    pub async fn end(&self, id: SliceId, why: &'static str) -> anyhow::Result<Stopped> {
        self.must_lead().await?;
        let stopped = self.runtime.stop(id, self.rules.end_grace).await?;
        self.remember(id, |memory| *memory = memory.after_end());
        self.healths().remove(&id);
        tracing::info!(slice = %id, why, ?stopped, "ended a slice");
        if stopped == Stopped::Killed || why != "slice.stop" {
            let kind = if stopped == Stopped::Killed { "slice.killed" } else { why };
            let mut tx = self.db.begin().await?;
            observed::record_event(&mut tx, kind, id, &serde_json::json!({ "why": why })).await?;
            counters::add(&mut tx, "ends", kind, 1).await?;
            tx.commit().await?;
        }
        Ok(stopped)
    }

    /// The last look before something is done outside the database: an old leader's hands are tied here.
    pub async fn must_lead(&self) -> anyhow::Result<()> {
        let mut tx = self.db.begin().await?;
        let newest = leadership::newest_epoch(&mut tx).await?;
        if newest == self.epoch { Ok(()) } else { Err(Deposed.into()) }
    }

    async fn note_stopped(&self, row: &SliceRow, reason: StopReason) -> anyhow::Result<()> {
        let mut before = row.observed.clone();
        before.stop_reason = row.wanted_reason.or(before.stop_reason);
        self.save(row.id, &rows::ended(&before, reason)).await
    }

    async fn withdraw(&self, row: &SliceRow) -> anyhow::Result<()> {
        let limit = self.rules.idle_after;
        let quiet_since = self.now() - jiff::SignedDuration::try_from(limit)?;
        let mut tx = self.db.begin().await?;
        if observed::withdraw_idle(&mut tx, self.epoch, row.id, quiet_since).await? {
            tracing::info!(slice = %row.id, "nobody asks the slice anything; it is wanted no more");
        }
        tx.commit().await.context("cannot withdraw an idle slice")
    }

    /// Asks the slice to start or end its browser; what comes of it is seen at the next looks.
    async fn ask(&self, row: &SliceRow, found: RunningSlice, what: Asked) -> anyhow::Result<()> {
        let now = self.now();
        self.remember(row.id, |memory| memory.asked = Some((what, now)));
        let answer = match what {
            Asked::Start => self.client.start_browser(found.address()).await,
            Asked::Stop => self.client.stop_browser(found.address(), StopReason::User).await,
        };
        if let Err(error) = answer {
            tracing::warn!(slice = %row.id, ?what, %error, "the slice did not take the order");
            self.remember(row.id, |memory| {
                memory.unanswered_since.get_or_insert(now);
            });
            return Ok(());
        }
        let afresh = may_try(row, now) == Some(true);
        if afresh {
            self.close_alert("slice.crash_loop", row.id).await?;
        }
        let observed = rows::asked(&row.observed, what, StopReason::User, afresh);
        self.remember(row.id, |memory| memory.looked_at = None);
        self.save(row.id, &observed).await
    }

    /// Asks for the slice's health and writes down what is new; tells whether that is more than the time.
    async fn look(&self, row: &SliceRow, memory: Memory, found: RunningSlice) -> anyhow::Result<bool> {
        let answer = self.client.health(found.address()).await;
        let now = self.now();
        self.remember(row.id, |memory| {
            memory.seen = true;
            memory.looked_at = Some(now);
        });
        let health = match answer {
            Ok(health) => health,
            Err(error) => return self.note_silence(row, memory, now, &error).await,
        };
        self.healths().insert(row.id, health.clone());
        self.forget_unlinked(row.id, health.unlinked_at).await;
        self.remember(row.id, |memory| {
            memory.unanswered_since = None;
            memory.healthy_since.get_or_insert(now);
        });
        let mut finding = observe(&self.rules, row, &health, now);
        let healthy = memory.healthy_since.is_some_and(|since| is_past(since, self.rules.healthy_after, now));
        if healthy && row.observed.failures > 0 && finding.observed.phase != Phase::Failed {
            finding.observed.failures = 0;
            self.close_alert("slice.crash_loop", row.id).await?;
        }
        let booted = self.note_boot(row, finding.observed.phase, now);
        let recent = row.observed.last_health_at.is_some_and(|at| !is_past(at, HEALTH_WRITES, now));
        let unchanged = Observed { last_health_at: row.observed.last_health_at, ..finding.observed.clone() };
        let changed = unchanged != row.observed || finding.withdraw_link;
        if recent && !changed {
            return Ok(false);
        }
        let mut tx = self.db.begin().await?;
        if finding.withdraw_link && !observed::withdraw_link(&mut tx, self.epoch, row.id, row.wanted_at).await? {
            // Somebody pressed Connect just now; the next look decides with that in view.
            return Ok(true);
        }
        if !observed::set_observed(&mut tx, self.epoch, row.id, &finding.observed, now).await? {
            return Err(Deposed.into());
        }
        if let Some(took) = booted {
            counters::add_duration(&mut tx, "browsers", i64::try_from(took.as_millis()).unwrap_or(i64::MAX)).await?;
        }
        tx.commit().await.context("cannot write what was observed")?;
        Ok(changed)
    }

    async fn note_silence(
        &self,
        row: &SliceRow,
        memory: Memory,
        now: Timestamp,
        error: &crate::client::CallError,
    ) -> anyhow::Result<bool> {
        tracing::debug!(slice = %row.id, %error, "the slice gave no answer");
        self.healths().remove(&row.id);
        let since = memory.unanswered_since.unwrap_or(now);
        self.remember(row.id, |memory| memory.unanswered_since = Some(since));
        let settled = matches!(row.observed.phase, Phase::Linked | Phase::Qr);
        if !settled || !is_past(since, SILENCE, now) {
            return Ok(false);
        }
        self.save(row.id, &rows::silent(&row.observed, &error.to_string())).await?;
        Ok(true)
    }

    /// Learns how long a browser took to show its page, if it does now.
    fn note_boot(&self, row: &SliceRow, phase: Phase, now: Timestamp) -> Option<Duration> {
        let known = row.observed.phase == Phase::Starting && matches!(phase, Phase::Qr | Phase::Linked);
        let took = Duration::try_from(now.duration_since(row.phase_since)).ok().filter(|_| known)?;
        self.learn(|pace| pace.booted(took));
        Some(took)
    }

    /// How starts went until now.
    pub fn pace(&self) -> Pace {
        *self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds to what is known of how starts go.
    pub fn learn(&self, change: impl FnOnce(&mut Pace)) {
        change(&mut self.pace.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Opens an alert for the operator; one that is open already stays as it is.
    pub async fn alert(&self, kind: &str, id: Option<SliceId>, detail: &serde_json::Value) -> anyhow::Result<()> {
        let mut tx = self.db.begin().await?;
        if alerts::open(&mut tx, kind, id, detail).await? {
            tracing::error!(kind, slice = ?id, %detail, "an operator should look");
        }
        tx.commit().await.context("cannot open an alert")
    }

    /// Closes an alert about a slice, if one is open.
    pub async fn close_alert(&self, kind: &str, id: SliceId) -> anyhow::Result<()> {
        let mut tx = self.db.begin().await?;
        alerts::close(&mut tx, kind, Some(id)).await?;
        tx.commit().await.context("cannot close an alert")
    }
}
