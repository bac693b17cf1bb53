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
    link::PageState,
    media::MediaLimits,
    slice::{Engine, Pacing, Phase, SliceHealth, StopReason},
    time::{SharedClock, Steps},
};
use queunir_db::{
    Endpoint,
    control::{
        ControlDb, counters, leadership,
        observed::{self, Observed, SliceRow},
    },
    provision::Provisioner,
};
use tokio::sync::Semaphore;

use crate::{
    client::SliceClient,
    observe::observe,
    pki::Pki,
    plan::{Asked, Memory, Rules, Step, Wanted, is_past},
    runtime::{RunningSlice, SliceRuntime, Stopped},
    start::SliceEnded,
};

/// How long a slice may take to end: the browser first (CHR-05).
const GRACE: Duration = Duration::from_secs(45);
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
    /// What makes their databases.
    pub provisioner: Provisioner,
    /// What talks to them.
    pub client: SliceClient,
    /// What signs their certificates.
    pub pki: Arc<Pki>,
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
    /// Starts under way at once.
    pub starts: Semaphore,
    /// What was seen since this orchestrator leads.
    pub memory: Mutex<HashMap<SliceId, Memory>>,
    /// What slices last said of themselves.
    pub health: Mutex<HashMap<SliceId, SliceHealth>>,
}

impl Hands {
    /// Carries out a step. Failures of a slice are written down here; what comes back is trouble of our own.
    ///
    /// # Errors
    /// When the database or the runtime does not answer, or somebody else leads.
    pub async fn carry_out(
        &self,
        id: SliceId,
        step: Step,
        one: Option<Wanted>,
        found: Option<RunningSlice>,
    ) -> anyhow::Result<()> {
        let Some(Wanted { row, memory }) = one else {
            return self.end(id, "slice.stray").await;
        };
        match (step, found) {
            (Step::Start { linked, afresh }, _) => self.start(&row, linked, afresh).await,
            (Step::StopStray, _) => self.end(id, "slice.stray").await,
            (Step::Stop, _) => {
                self.end(id, "slice.stop").await?;
                self.note_stopped(&row, StopReason::User).await
            }
            (Step::StopSilent, _) => {
                self.end(id, "slice.silent").await?;
                self.note_failure(&row, &SliceEnded("gave no answer").into()).await
            }
            // What follows is the start of a slice that nobody saw end.
            (Step::Restart, _) => self.end(id, "slice.restart").await,
            (Step::Recycle(recycle), Some(found)) => self.recycle(&row, found, recycle).await,
            (Step::NoteStopped, _) => self.note_stopped(&row, StopReason::User).await,
            (Step::NoteLost, _) => self.note_failure(&row, &SliceEnded("ended by itself").into()).await,
            (Step::Withdraw, _) => self.withdraw(&row).await,
            (Step::StartBrowser, Some(found)) => self.ask(&row, found, Asked::Start).await,
            (Step::StopBrowser, Some(found)) => self.ask(&row, found, Asked::Stop).await,
            (Step::Look, Some(found)) => self.look(&row, memory, found).await,
            (Step::Recycle(_) | Step::StartBrowser | Step::StopBrowser | Step::Look, None) => Ok(()),
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
    pub(crate) async fn end(&self, id: SliceId, why: &'static str) -> anyhow::Result<()> {
        self.must_lead().await?;
        let stopped = self.runtime.stop(id, GRACE).await?;
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
        Ok(())
    }

    /// The last look before something is done outside the database: an old leader's hands are tied here.
    pub async fn must_lead(&self) -> anyhow::Result<()> {
        let mut tx = self.db.begin().await?;
        let newest = leadership::newest_epoch(&mut tx).await?;
        if newest == self.epoch { Ok(()) } else { Err(Deposed.into()) }
    }

    async fn note_stopped(&self, row: &SliceRow, reason: StopReason) -> anyhow::Result<()> {
        let before = &row.observed;
        let observed = Observed {
            phase: Phase::Stopped,
            stop_reason: row.wanted_reason.or(before.stop_reason).or(Some(reason)),
            page_state: None,
            failures: 0,
            next_attempt_at: None,
            detail: None,
            wa_connected: false,
            ..before.clone()
        };
        self.save(row.id, &observed).await
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
        let before = row.observed.clone();
        let observed = match what {
            Asked::Start => Observed {
                phase: Phase::Starting,
                stop_reason: None,
                page_state: Some(PageState::Starting),
                detail: None,
                ..before
            },
            Asked::Stop => Observed {
                phase: Phase::Stopped,
                stop_reason: Some(StopReason::User),
                page_state: Some(PageState::NoBrowser),
                wa_connected: false,
                ..before
            },
        };
        self.remember(row.id, |memory| memory.looked_at = None);
        self.save(row.id, &observed).await
    }

    /// Asks for the slice's health and writes down what is new.
    async fn look(&self, row: &SliceRow, memory: Memory, found: RunningSlice) -> anyhow::Result<()> {
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
        self.remember(row.id, |memory| {
            memory.unanswered_since = None;
            memory.healthy_since.get_or_insert(now);
        });
        let mut finding = observe(&self.rules, row, &health, now);
        if memory.healthy_since.is_some_and(|since| is_past(since, self.rules.healthy_after, now)) {
            finding.observed.failures = 0;
        }
        let recent = row.observed.last_health_at.is_some_and(|at| !is_past(at, HEALTH_WRITES, now));
        let unchanged = Observed { last_health_at: row.observed.last_health_at, ..finding.observed.clone() };
        if recent && unchanged == row.observed && !finding.withdraw_link {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        if finding.withdraw_link && !observed::withdraw_link(&mut tx, self.epoch, row.id, row.wanted_at).await? {
            // Somebody pressed Connect just now; the next look decides with that in view.
            return Ok(());
        }
        if !observed::set_observed(&mut tx, self.epoch, row.id, &finding.observed, now).await? {
            return Err(Deposed.into());
        }
        tx.commit().await.context("cannot write what was observed")
    }

    async fn note_silence(
        &self,
        row: &SliceRow,
        memory: Memory,
        now: Timestamp,
        error: &crate::client::CallError,
    ) -> anyhow::Result<()> {
        tracing::debug!(slice = %row.id, %error, "the slice gave no answer");
        self.healths().remove(&row.id);
        let since = memory.unanswered_since.unwrap_or(now);
        self.remember(row.id, |memory| memory.unanswered_since = Some(since));
        let settled = matches!(row.observed.phase, Phase::Linked | Phase::Qr);
        if !settled || !is_past(since, SILENCE, now) {
            return Ok(());
        }
        let observed = Observed {
            phase: Phase::Degraded,
            detail: Some(format!("no answer: {error}")),
            wa_connected: false,
            ..row.observed.clone()
        };
        self.save(row.id, &observed).await
    }
}
