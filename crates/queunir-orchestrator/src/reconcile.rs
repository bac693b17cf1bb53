//! Look, plan, act: closes the gap between wanted and running slices, woken by notices and guaranteed by a tick.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use queunir_core::id::SliceId;
use queunir_db::control::{leadership::Leadership, listen::Notices, observed};
use tokio::{
    sync::Notify,
    task::{Id, JoinError, JoinSet},
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    hands::{Deposed, Hands},
    plan::{Step, Wanted, look_at, plan},
    runtime::RunningSlice,
};

/// Nothing waits longer than this for a look, whatever notices were lost.
const TICK: Duration = Duration::from_secs(2);
/// Least pause between two passes, so that a storm of notices is answered by few looks.
const LEAST: Duration = Duration::from_millis(5);
/// Pause before listening again when the connection is lost.
const LOST_PAUSE: Duration = Duration::from_millis(250);
/// Time for the probe of the lock (ORC-03).
const PROBE_LIMIT: Duration = Duration::from_secs(3);
/// Time for one step; longer than any step's own limits together.
const STEP_LIMIT: Duration = Duration::from_secs(120);
/// Pause for a slice whose step failed for a reason that is not the slice's own.
const STEP_PAUSE: Duration = Duration::from_secs(1);
/// Time for steps under way when the orchestrator ends.
const FINISH_LIMIT: Duration = Duration::from_secs(10);

/// Acts for one term of leadership.
pub struct Reconciler {
    hands: Arc<Hands>,
    leadership: Leadership,
    wake: Arc<Notify>,
    busy: HashSet<SliceId>,
    tasks: JoinSet<anyhow::Result<()>>,
    owners: HashMap<Id, SliceId>,
    paused: HashMap<SliceId, Instant>,
}

impl Reconciler {
    /// A reconciler for the term of `leadership`; `wake` is rung when a process ends.
    #[must_use]
    pub fn new(hands: Arc<Hands>, leadership: Leadership, wake: Arc<Notify>) -> Self {
        Self {
            hands,
            leadership,
            wake,
            busy: HashSet::new(),
            tasks: JoinSet::new(),
            owners: HashMap::new(),
            paused: HashMap::new(),
        }
    }

    /// Reconciles until `stop` or until somebody else leads; steps under way are finished.
    ///
    /// # Errors
    /// When the lock or its connection is lost.
    pub async fn run(mut self, notices: &mut Notices, stop: &CancellationToken) -> anyhow::Result<()> {
        let outcome = self.until_stopped(notices, stop).await;
        let finish = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(FINISH_LIMIT, finish).await.is_err() {
            // Dropping a step leaves what it began; the next leader finds it.
            tracing::warn!("steps under way did not end in time and are dropped");
        }
        if outcome.is_ok() {
            self.leadership.resign().await?;
        }
        outcome
    }

    async fn until_stopped(&mut self, notices: &mut Notices, stop: &CancellationToken) -> anyhow::Result<()> {
        let mut next = Instant::now();
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                Some(done) = self.tasks.join_next_with_id() => self.finished(done)?,
                () = self.wake.notified() => {}
                notice = notices.next() => {
                    if let Err(error) = notice {
                        tracing::warn!(%error, "notices are lost, the tick goes on");
                        tokio::time::sleep(LOST_PAUSE).await;
                    }
                }
                () = sleep_until(next) => {}
            }
            next = match self.pass().await {
                Ok(pause) => Instant::now() + pause,
                Err(error) if error.is::<Deposed>() => return Err(error),
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), "reconcile failed, the next tick retries");
                    Instant::now() + TICK
                }
            };
        }
    }

    /// One look at everything and the steps that follow; returns when to look again at the latest.
    async fn pass(&mut self) -> anyhow::Result<Duration> {
        self.probe().await?;
        self.hands.follow_the_clock().await?;
        let hands = &self.hands;
        let mut tx = hands.db.begin().await?;
        let rows = observed::list_active(&mut tx).await?;
        tx.commit().await?;
        let running: HashMap<SliceId, RunningSlice> =
            hands.runtime.list().await?.into_iter().map(|slice| (slice.id, slice)).collect();
        let now = hands.now();
        let wanted: Vec<Wanted> = rows.into_iter().map(|row| Wanted { memory: hands.memory_of(row.id), row }).collect();
        let found: Vec<RunningSlice> = running.values().copied().collect();
        let steps = plan(&hands.rules, &wanted, &found, now);
        let pause = wanted
            .iter()
            .filter(|one| running.contains_key(&one.row.id) && !self.busy.contains(&one.row.id))
            .map(|one| look_at(&hands.rules, one))
            .chain(wanted.iter().filter_map(|one| one.row.observed.next_attempt_at))
            .filter(|at| *at > now)
            .filter_map(|at| Duration::try_from(at.duration_since(now)).ok())
            .fold(TICK, Duration::min)
            .max(LEAST);
        let mut by_id: HashMap<SliceId, Wanted> = wanted.into_iter().map(|one| (one.row.id, one)).collect();
        self.paused.retain(|_, until| *until > Instant::now());
        for (id, step) in steps {
            if !self.busy.contains(&id) && !self.paused.contains_key(&id) {
                self.begin(id, step, by_id.remove(&id), running.get(&id).copied());
            }
        }
        Ok(pause)
    }

    fn begin(&mut self, id: SliceId, step: Step, one: Option<Wanted>, found: Option<RunningSlice>) {
        if step != Step::Look {
            tracing::debug!(slice = %id, ?step, "next step");
        }
        let hands = Arc::clone(&self.hands);
        self.busy.insert(id);
        let task = self.tasks.spawn(async move {
            timeout(STEP_LIMIT, hands.carry_out(id, step, one, found))
                .await
                .with_context(|| format!("step {step:?} of slice {id} took too long"))?
                .with_context(|| format!("step {step:?} of slice {id}"))
        });
        self.owners.insert(task.id(), id);
    }

    /// Frees the slice for its next step; the loop looks again at once.
    fn finished(&mut self, done: Result<(Id, anyhow::Result<()>), JoinError>) -> anyhow::Result<()> {
        let (task, outcome) = match done {
            Ok(done) => done,
            Err(error) => (error.id(), Err(anyhow::Error::new(error).context("a step panicked"))),
        };
        if let Some(id) = self.owners.remove(&task) {
            self.busy.remove(&id);
            if let Err(error) = outcome {
                if error.chain().any(|cause| cause.is::<Deposed>()) {
                    return Err(Deposed.into());
                }
                tracing::warn!(error = format!("{error:#}"), "a step failed, the next pass decides again");
                // Without a pause a step that always fails would be repeated as fast as it fails.
                self.paused.insert(id, Instant::now() + STEP_PAUSE);
            }
        }
        Ok(())
    }

    /// Whether the lock is still ours; no answer counts as no.
    async fn probe(&mut self) -> anyhow::Result<()> {
        match timeout(PROBE_LIMIT, self.leadership.still_leads()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Deposed.into()),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the leader's connection is lost");
                Err(Deposed.into())
            }
            Err(_) => {
                tracing::warn!("the leader's connection does not answer");
                Err(Deposed.into())
            }
        }
    }
}
