//! Look, plan, act: closes the gap between wanted and running slices, woken by notices and guaranteed by a tick.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use jiff::Timestamp;
use queunir_core::id::SliceId;
use queunir_db::control::{leadership::Leadership, listen::Notices, observed};
use tokio::{
    sync::Notify,
    task::{Id, JoinError, JoinSet},
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    admission::{Scene, admit},
    bulletin::Bulletin,
    hands::{Deposed, Hands},
    plan::{Step, Wanted, pause_of, plan, wake_at},
    runtime::RunningSlice,
};

/// Nothing waits longer than this for a look, whatever notices were lost.
const TICK: Duration = Duration::from_secs(2);
/// Least pause between two passes, so that a storm of notices is answered by few looks; and so many times what the last
/// pass took, so that a full host does not spend its time looking.
const LEAST: (Duration, u32) = (Duration::from_millis(2), 4);
/// Time to learn what runs. An engine that hangs must not keep the leader from noticing that it leads no more.
const LIST_LIMIT: Duration = Duration::from_secs(8);
/// Pause before listening again when the connection is lost.
const LOST_PAUSE: Duration = Duration::from_millis(250);
/// Time for the probe of the lock (ORC-03).
const PROBE_LIMIT: Duration = Duration::from_secs(3);
/// Pause for a slice whose step failed for a reason that is not the slice's own.
const STEP_PAUSE: Duration = Duration::from_secs(1);
/// Time for steps under way when the orchestrator ends.
const FINISH_LIMIT: Duration = Duration::from_secs(10);

/// Acts for one term of leadership.
pub struct Reconciler {
    hands: Arc<Hands>,
    leadership: Leadership,
    wake: Arc<Notify>,
    busy: HashMap<SliceId, Busy>,
    tasks: JoinSet<anyhow::Result<bool>>,
    owners: HashMap<Id, SliceId>,
    paused: HashMap<SliceId, Instant>,
    holders: HashSet<SliceId>,
    bulletin: Bulletin,
}

/// What is being done with a slice.
#[derive(Clone, Copy, Debug)]
struct Busy {
    /// Whether it is a start, and if so whether a browser starts.
    start: Option<bool>,
    /// When to look again at the latest if it changes nothing.
    again: Duration,
}

impl Reconciler {
    /// A reconciler for the term of `leadership`; `wake` is rung when a process ends.
    #[must_use]
    pub fn new(hands: Arc<Hands>, leadership: Leadership, wake: Arc<Notify>) -> Self {
        Self {
            hands,
            leadership,
            wake,
            busy: HashMap::new(),
            tasks: JoinSet::new(),
            owners: HashMap::new(),
            paused: HashMap::new(),
            holders: HashSet::new(),
            bulletin: Bulletin::default(),
        }
    }

    /// Reconciles until `stop` or until somebody else leads; steps under way are finished.
    ///
    /// # Errors
    /// When the lock or its connection is lost.
    pub async fn run(mut self, notices: &mut Notices, stop: &CancellationToken) -> anyhow::Result<()> {
        let outcome = self.until_stopped(notices, stop).await;
        // The next leader may want to start what they hold.
        self.hands.snapshots.stop();
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
        let (mut next, mut earliest) = (Instant::now(), Instant::now());
        loop {
            let soon = tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                () = sleep_until(next) => None,
                Some(done) = self.tasks.join_next_with_id() => Some(self.finished(done)?),
                () = self.wake.notified() => Some(Duration::ZERO),
                notice = notices.next() => {
                    if let Err(error) = notice {
                        tracing::warn!(%error, "notices are lost, the tick goes on");
                        tokio::time::sleep(LOST_PAUSE).await;
                    }
                    Some(Duration::ZERO)
                }
            };
            if let Some(soon) = soon {
                next = next.min((Instant::now() + soon).max(earliest));
                continue;
            }
            let began = Instant::now();
            next = match self.pass().await {
                Ok(pause) => began + pause,
                Err(error) if error.is::<Deposed>() => return Err(error),
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), "reconcile failed, the next tick retries");
                    Instant::now() + TICK
                }
            };
            earliest = Instant::now() + rest_after(began.elapsed());
            next = next.max(earliest);
        }
    }

    /// One look at everything and the steps that follow; returns when to look again at the latest.
    async fn pass(&mut self) -> anyhow::Result<Duration> {
        self.probe().await?;
        self.hands.follow_the_clock().await?;
        let hands = Arc::clone(&self.hands);
        let mut tx = hands.db.begin().await?;
        let rows = observed::list_active(&mut tx).await?;
        tx.commit().await?;
        let listed =
            timeout(LIST_LIMIT, hands.runtime.list()).await.context("the runtime does not tell what runs")??;
        let running: HashMap<SliceId, RunningSlice> = listed.iter().map(|slice| (slice.id, *slice)).collect();
        let now = hands.now();
        let wanted: Vec<Wanted> = rows.into_iter().map(|row| Wanted { memory: hands.memory_of(row.id), row }).collect();
        self.paused.retain(|_, until| *until > Instant::now());
        let mut steps = plan(&hands.rules, &wanted, &listed, now);
        steps.retain(|(id, _)| !self.busy.contains_key(id) && !self.paused.contains_key(id));
        // What ended well is kept first. That is nobody's failure, so it is not even tried.
        steps.retain(|(id, step)| !matches!(step, Step::Start { .. }) || !hands.snapshots.keeps_waiting(*id));
        let starting = self.busy.iter().filter_map(|(id, busy)| Some((*id, busy.start?))).collect();
        let scene = Scene { wanted: &wanted, running: &running, starting: &starting, pace: hands.pace(), now };
        let admission = admit(&hands.rules, &scene, steps);
        let released = self.holders.difference(&admission.holders).count();
        if released > 0 {
            hands.learn(|pace| pace.released(released, now));
        }
        match self.bulletin.publish(&hands, &admission).await {
            Err(error) if error.is::<Deposed>() => return Err(error),
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "the queue could not be published, the next pass retries");
            }
            Ok(()) => {}
        }
        let next_turn = admission.next_turn;
        self.holders = admission.holders;
        let quiet = self.quiet(&wanted, &running, next_turn, now);
        let mut by_id: HashMap<SliceId, Wanted> = wanted.into_iter().map(|one| (one.row.id, one)).collect();
        for (id, step) in admission.steps {
            self.begin(id, step, by_id.remove(&id), running.get(&id).copied());
        }
        Ok(quiet)
    }

    /// How long nothing is due by time alone.
    fn quiet(
        &self,
        wanted: &[Wanted],
        running: &HashMap<SliceId, RunningSlice>,
        next_turn: Option<Timestamp>,
        now: Timestamp,
    ) -> Duration {
        wanted
            .iter()
            .filter(|one| running.contains_key(&one.row.id) && !self.busy.contains_key(&one.row.id))
            .map(|one| wake_at(&self.hands.rules, one))
            .chain(wanted.iter().filter_map(|one| one.row.observed.next_attempt_at))
            .chain(next_turn)
            .filter(|at| *at > now)
            .filter_map(|at| Duration::try_from(at.duration_since(now)).ok())
            .fold(TICK, Duration::min)
    }

    fn begin(&mut self, id: SliceId, step: Step, one: Option<Wanted>, found: Option<RunningSlice>) {
        if step != Step::Look {
            tracing::debug!(slice = %id, ?step, "next step");
        }
        let start = match step {
            Step::Start { linked, .. } => Some(linked),
            Step::StartBrowser => Some(true),
            _ => None,
        };
        if start == Some(true) {
            let now = self.hands.now();
            self.hands.learn(|pace| pace.last_start = Some(now));
        }
        let again = one.as_ref().map_or(TICK, |one| pause_of(&self.hands.rules, one));
        self.busy.insert(id, Busy { start, again });
        let hands = Arc::clone(&self.hands);
        let task = self.tasks.spawn(async move {
            let limit = hands.rules.step_limit;
            let row = one.as_ref().map(|one| one.row.clone());
            let Ok(outcome) = timeout(limit, hands.carry_out(id, step, one, found)).await else {
                tracing::error!(slice = %id, ?step, "a step takes too long and is dropped");
                if let Some(row) = row {
                    hands.note_hang(&row, step, limit).await?;
                }
                anyhow::bail!("step {step:?} of slice {id} took too long");
            };
            outcome.with_context(|| format!("step {step:?} of slice {id}"))
        });
        self.owners.insert(task.id(), id);
    }

    /// Frees the slice for its next step; tells when to look again at the latest.
    fn finished(&mut self, done: Result<(Id, anyhow::Result<bool>), JoinError>) -> anyhow::Result<Duration> {
        let (task, outcome) = match done {
            Ok(done) => done,
            Err(error) => (error.id(), Err(anyhow::Error::new(error).context("a step panicked"))),
        };
        let Some(id) = self.owners.remove(&task) else { return Ok(Duration::ZERO) };
        let again = self.busy.remove(&id).map_or(Duration::ZERO, |busy| busy.again);
        match outcome {
            Ok(true) => Ok(Duration::ZERO),
            Ok(false) => Ok(again),
            Err(error) if error.chain().any(|cause| cause.is::<Deposed>()) => Err(Deposed.into()),
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "a step failed, the next pass decides again");
                // Without a pause a step that always fails would be repeated as fast as it fails.
                self.paused.insert(id, Instant::now() + STEP_PAUSE);
                Ok(STEP_PAUSE)
            }
        }
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

/// Least pause after a pass that took so long. Never longer than the tick: a process that was stopped for a while, or
/// waited for the database, must find out soon whether it still leads.
fn rest_after(took: Duration) -> Duration {
    (took * LEAST.1).clamp(LEAST.0, TICK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_pass_is_followed_by_a_rest_and_never_by_a_long_one() {
        assert_eq!(rest_after(Duration::ZERO), LEAST.0);
        assert_eq!(rest_after(Duration::from_millis(100)), Duration::from_millis(400));
        assert_eq!(rest_after(Duration::from_secs(13)), TICK);
    }
}
