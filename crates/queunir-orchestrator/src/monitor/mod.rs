//! The monitor: looks at slices and the host once a minute while this orchestrator leads, writes down what they use, opens
//! and closes alerts, and asks the reconciler to start anew what needs it. It touches no slice itself and holds up
//! nobody: what it cannot find out or write is left out of this look.

mod course;
mod disks;
pub mod heal;
mod host;
pub mod judge;
mod ledger;
mod processes;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use jiff::Timestamp;
use queunir_core::{
    id::SliceId,
    slice::{Phase, SliceHealth},
    time::Steps,
};
use queunir_db::{
    Endpoint,
    control::{
        observed::{self, SliceRow},
        telemetry::{ServerSample, SliceSample, Storage, Told},
    },
};
use tokio::{sync::Notify, task::spawn_blocking, time::Instant};

pub use self::course::{Course, Courses, Look, Says};
use self::{
    disks::{Walker, Walking},
    heal::{Healing, heal},
    judge::{Budgets, judge},
    ledger::Ledger,
    processes::{Measured, Use},
};
use crate::hands::Hands;

/// Time for measuring memory page by page in one look.
const MEASURE_LIMIT: Duration = Duration::from_secs(3);
/// Slices that take little are measured page by page in one look of so many.
const MEASURED_EVERY: u64 = 5;

/// When to look, and what is too much.
#[derive(Clone, Copy, Debug)]
pub struct MonitorConfig {
    /// Pause between two looks.
    pub every: Duration,
    /// What slices and the host may use.
    pub budgets: Budgets,
    /// When to help.
    pub healing: Healing,
}

impl Default for MonitorConfig {
    fn default() -> Self {
        Self { every: Duration::from_secs(60), budgets: Budgets::default(), healing: Healing::default() }
    }
}

/// Looks for one term of leadership.
pub struct Monitor {
    hands: Arc<Hands>,
    wake: Arc<Notify>,
    config: MonitorConfig,
    ledger: Ledger,
    courses: Courses,
    steps: Steps,
    meters: Meters,
    walker: Walker,
}

/// What remembers the look before.
#[derive(Default)]
struct Meters {
    processes: processes::Meter,
    host: host::Meter,
}

impl Monitor {
    /// A monitor beside the reconciler that `wake` wakes; it writes over a connection of its own.
    #[must_use]
    pub fn new(hands: Arc<Hands>, wake: Arc<Notify>, database: &Endpoint, config: MonitorConfig) -> Self {
        let again_after = Walking::default().again_after.min(config.every * 5);
        Self {
            ledger: Ledger::new(database, hands.epoch),
            steps: Steps::of(&hands.clock),
            walker: Walker::new(&hands.template.state_dir, Walking { again_after, ..Walking::default() }),
            hands,
            wake,
            config,
            courses: Courses::default(),
            meters: Meters::default(),
        }
    }

    /// Looks again and again; never returns.
    pub async fn run(mut self) {
        let mut tick = tokio::time::interval(self.config.every);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let began = Instant::now();
            match self.pass(self.hands.now()).await {
                Ok(slices) => tracing::debug!(slices, took_ms = began.elapsed().as_millis(), "looked at what is used"),
                Err(error) => tracing::warn!(error = format!("{error:#}"), "the monitor saw nothing this time"),
            }
        }
    }

    /// One look; tells how many slices run.
    ///
    /// # Errors
    /// When rows, processes or the host could not be looked at; writes that fail are only logged.
    pub async fn pass(&mut self, now: Timestamp) -> anyhow::Result<usize> {
        if let Some(step) = self.steps.pending() {
            self.courses.moved(step);
            self.steps.follow(step);
        }
        let mut tx = self.ledger.db.begin().await?;
        let rows = observed::list_active(&mut tx).await?;
        drop(tx);
        let roots = self.hands.runtime.pids().await?;
        let (uses, server) = self.measure(roots, now).await?;
        let starts = rows.iter().map(|row| (row.id, row.generation)).collect();
        self.walker.look(&self.ledger, &starts).await;
        let samples = self.note(&rows, &uses, now);
        self.courses.add_server(server.clone(), self.config.healing.memory());
        self.ledger.write(&samples, &server, &self.storage(), now).await;
        if let Err(error) = self.judge(now).await {
            tracing::warn!(%error, "alerts stay as they are for now");
        }
        self.help(now);
        Ok(samples.len())
    }

    async fn measure(
        &mut self,
        roots: Vec<(SliceId, i32)>,
        now: Timestamp,
    ) -> anyhow::Result<(HashMap<SliceId, Use>, ServerSample)> {
        let mut meters = std::mem::take(&mut self.meters);
        let state_dir = self.hands.template.state_dir.clone();
        let measured = Measured {
            above_bytes: self.config.budgets.slice_memory_bytes / 2,
            every: MEASURED_EVERY,
            limit: MEASURE_LIMIT,
        };
        let looked = spawn_blocking(move || {
            let uses = meters.processes.look(&roots, measured).context("cannot look at processes");
            let server = meters.host.look(&state_dir, now).context("cannot look at the host");
            (meters, uses, server)
        });
        let (meters, uses, server) = looked.await.context("the look at processes broke off")?;
        self.meters = meters;
        Ok((uses?, server?))
    }

    /// Adds a look at every slice that runs; tells what is to be stored of them.
    fn note(&mut self, rows: &[SliceRow], uses: &HashMap<SliceId, Use>, now: Timestamp) -> Vec<SliceSample> {
        let rows: BTreeMap<SliceId, &SliceRow> = rows.iter().map(|row| (row.id, row)).collect();
        let keep = self.config.healing.memory();
        self.courses.disks = self.walker.disks().clone();
        self.courses.slices.retain(|id, _| rows.contains_key(id) || uses.contains_key(id));
        for (id, course) in &mut self.courses.slices {
            if !uses.contains_key(id) {
                course.ended();
            }
        }
        let mut samples = Vec::with_capacity(uses.len());
        for (id, used) in uses {
            let row = rows.get(id).copied();
            let generation = row.map_or(0, |row| row.generation);
            let health = self.hands.health_of(*id).filter(|health| health.generation == generation);
            let sample = SliceSample {
                slice: *id,
                at: now,
                generation,
                cpu_percent: used.cpu_percent,
                rss_bytes: signed(used.rss_bytes),
                pss_bytes: used.pss_bytes.map(signed),
                swap_bytes: used.swap_bytes.map(signed),
                processes: i32::try_from(used.processes).unwrap_or(i32::MAX),
                disk: self.courses.disks.get(id).copied().unwrap_or_default(),
                told: health.as_ref().map(told),
            };
            samples.push(sample.clone());
            let linked = row.filter(|row| row.observed.phase == Phase::Linked);
            let look =
                Look { sample, says: health.as_ref().map(Says::from), linked_since: linked.map(|row| row.phase_since) };
            self.courses.slices.entry(*id).or_default().add(look, keep);
        }
        samples
    }

    /// What the rows of slices say of their disks, also of those that do not run.
    fn storage(&self) -> Vec<Storage> {
        let says = |id: &SliceId| self.courses.slices.get(id)?.latest()?.says;
        self.courses
            .disks
            .iter()
            .map(|(id, disk)| Storage {
                slice: *id,
                bytes: disk.bytes(),
                over_quota: says(id).map(|says| says.over_quota),
            })
            .collect()
    }

    async fn judge(&self, now: Timestamp) -> Result<(), queunir_db::DbError> {
        let open = self.ledger.open_alerts().await?;
        let judgement = judge(&self.courses, &open, &self.config.budgets, now);
        self.ledger.alert(&judgement).await
    }

    /// Tells the reconciler what to start anew; whether it does is its own decision.
    fn help(&self, now: Timestamp) {
        let wishes = heal(&self.courses, &self.config.budgets, &self.config.healing, now);
        for (id, recycle) in &wishes {
            tracing::info!(slice = %id, ?recycle, "to be started anew");
            self.hands.remember(*id, |memory| memory.recycle = Some(*recycle));
        }
        if !wishes.is_empty() {
            self.wake.notify_one();
        }
    }
}

fn told(health: &SliceHealth) -> Told {
    Told {
        wa_state: health.state,
        reader_alarm: health.reader_alarm,
        reader_misses: health.reader_misses.clone(),
        last_inbound_at: health.last_inbound_at,
        contacts: health.contacts,
        chats: health.chats,
        messages: health.messages,
    }
}

/// Bytes as the tables take them.
fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
