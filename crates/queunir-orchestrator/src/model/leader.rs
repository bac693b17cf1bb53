//! An orchestrator of the model: what it remembers, and the steps that it has begun and not finished.

use std::collections::HashMap;

use queunir_core::{
    id::SliceId,
    link::PageState,
    slice::{Phase, StopReason},
};

use super::{Begun, Fenced, World, engine::Started};
use crate::{
    admission::{Pace, Scene, admit},
    monitor::heal::{Reason, Recycle},
    observe::observe,
    plan::{Asked, Memory, Step, Wanted, is_past, may_try, plan},
    rows::{self, Blame},
    runtime::RunningSlice,
};

pub struct Leader {
    epoch: i64,
    memory: HashMap<SliceId, Memory>,
    pub tasks: Vec<Task>,
    pace: Pace,
}

/// A step that is being carried out.
pub struct Task {
    id: SliceId,
    step: Step,
    one: Option<Wanted>,
    found: Option<RunningSlice>,
    stage: Stage,
}

#[derive(Clone, Copy)]
enum Stage {
    First,
    /// Checked that it leads; what it asks the engine next may come late.
    Leads {
        port: u16,
        generation: i64,
    },
    Answered(Started),
    /// The row says what is about to be done.
    Noted,
    Ended,
}

impl Leader {
    pub fn new(epoch: i64) -> Self {
        Self { epoch, memory: HashMap::new(), tasks: Vec::new(), pace: Pace::default() }
    }

    fn memory_of(&self, id: SliceId) -> Memory {
        self.memory.get(&id).copied().unwrap_or_default()
    }

    fn remember(&mut self, id: SliceId, change: impl FnOnce(&mut Memory)) {
        change(self.memory.entry(id).or_default());
    }

    /// The monitor beside it wishes a slice to be started anew.
    pub fn recycle(&mut self, id: SliceId) {
        self.remember(id, |memory| memory.recycle = Some(Recycle { patient: true, reason: Reason::Age }));
    }

    /// Look, plan, admit; the steps are begun.
    pub fn pass(&mut self, world: &mut World) {
        let Some(listed) = world.engine.list() else { return };
        let rows = world.db.rows.values().filter(|row| row.observed.phase != Phase::Deleted);
        let wanted: Vec<Wanted> = rows.map(|row| Wanted { row: row.clone(), memory: self.memory_of(row.id) }).collect();
        let running: HashMap<SliceId, RunningSlice> = listed.iter().map(|slice| (slice.id, *slice)).collect();
        let mut steps = plan(&world.rules, &wanted, &listed, world.now);
        steps.retain(|(id, _)| !self.tasks.iter().any(|task| task.id == *id));
        let starting = self.tasks.iter().filter_map(|task| match task.step {
            Step::Start { linked, .. } => Some((task.id, linked)),
            Step::StartBrowser => Some((task.id, true)),
            _ => None,
        });
        let starting: HashMap<SliceId, bool> = starting.collect();
        let scene = Scene { wanted: &wanted, running: &running, starting: &starting, pace: self.pace, now: world.now };
        let admission = admit(&world.rules, &scene, steps);
        assert!(admission.holders.len() <= SLICES_AT_MOST, "more places than slices");
        for row in world.db.rows.values_mut() {
            row.queued_at = None;
        }
        for waiting in &admission.queue {
            if let Some(row) = world.db.rows.get_mut(&waiting.id) {
                row.queued_at = Some(waiting.queued_at);
            }
        }
        for (id, step) in admission.steps {
            if matches!(step, Step::Start { linked: true, .. } | Step::StartBrowser) {
                self.pace.last_start = Some(world.now);
            }
            let one = wanted.iter().find(|one| one.row.id == id).cloned();
            self.tasks.push(Task { id, step, one, found: running.get(&id).copied(), stage: Stage::First });
        }
    }

    /// One stage of one step.
    pub fn advance(&mut self, world: &mut World, which: usize) {
        if self.tasks.is_empty() {
            return;
        }
        let mut task = self.tasks.remove(which % self.tasks.len());
        match self.carry_on(world, &task) {
            Ok(Some(stage)) => {
                task.stage = stage;
                self.tasks.push(task);
            }
            Ok(None) => {}
            // Deposed: everything it had begun is dropped.
            Err(Fenced) => self.tasks.clear(),
        }
    }

    fn carry_on(&mut self, world: &mut World, task: &Task) -> Result<Option<Stage>, Fenced> {
        let (id, now) = (task.id, world.now);
        let leads = if self.epoch == world.db.epoch { Ok(()) } else { Err(Fenced) };
        let Some(Wanted { row, memory }) = &task.one else {
            leads?;
            world.engine.stop(id);
            return Ok(None);
        };
        match (task.step, task.stage) {
            (Step::Start { .. }, Stage::First) => {
                let engine = &world.engine;
                match world.db.begin(self.epoch, id, now, |port| engine.is_free(port))? {
                    Begun::With { port, generation } => return Ok(Some(Stage::Leads { port, generation })),
                    Begun::NoPort => self.fail(world, task, Blame::Us)?,
                }
            }
            (Step::Start { linked, .. }, Stage::Leads { port, generation }) => {
                // The gap between the last look at the epoch and the engine is where a late leader slips through.
                return Ok(Some(Stage::Answered(world.engine.ensure(id, generation, port, linked))));
            }
            (Step::Start { linked, .. }, Stage::Answered(answer)) => match answer {
                Started::Ready => {
                    let started = rows::started(&row.observed, linked, now);
                    self.remember(id, |memory| {
                        *memory = Memory { seen: true, healthy_since: Some(now), ..memory.after_end() };
                    });
                    world.db.save(self.epoch, id, started, now)?;
                }
                Started::NotReady | Started::NoAnswer => self.fail(world, task, Blame::Slice)?,
                Started::Unreachable | Started::Busy => self.fail(world, task, Blame::Us)?,
            },
            (Step::Stop | Step::StopStray | Step::StopSilent | Step::Restart, Stage::First) => {
                leads?;
                if !world.engine.stop(id) {
                    return Ok(None);
                }
                self.remember(id, |memory| *memory = memory.after_end());
                return Ok(Some(Stage::Ended));
            }
            (Step::Stop, _) | (Step::NoteStopped, _) => {
                world.db.save(self.epoch, id, rows::ended(&row.observed, StopReason::User), now)?;
            }
            (Step::StopSilent, _) | (Step::NoteLost, _) => self.fail(world, task, Blame::Slice)?,
            (Step::Recycle(_), Stage::First) => {
                self.remember(id, |memory| memory.recycle = None);
                world.db.save(self.epoch, id, rows::recycled(&row.observed, "age"), now)?;
                return Ok(Some(Stage::Noted));
            }
            (Step::Recycle(_), Stage::Noted) => {
                leads?;
                if world.engine.stop(id) {
                    self.remember(id, |memory| *memory = memory.after_end());
                }
            }
            (Step::StopStray | Step::Restart | Step::Recycle(_), _)
            | (Step::Start { .. }, Stage::Noted | Stage::Ended) => {}
            (Step::Withdraw, _) => {
                let row = world.db.rows.get_mut(&id).ok_or(Fenced)?;
                leads?;
                if row.desired == queunir_core::slice::Desired::Service
                    && is_past(row.last_request_at, world.rules.idle_after, now)
                {
                    row.desired = queunir_core::slice::Desired::Stopped;
                }
            }
            (Step::StartBrowser, _) => self.ask(world, task, Asked::Start)?,
            (Step::StopBrowser, _) => self.ask(world, task, Asked::Stop)?,
            (Step::FailForward, _) => {
                self.remember(id, |memory| memory.asked = Some((Asked::Stop, now)));
                if let Some(process) = world.engine.find(id).filter(|process| !process.mute) {
                    (process.page, process.reason) = (PageState::NoBrowser, Some(StopReason::Admin));
                    world.db.save(self.epoch, id, rows::failed_forward(&world.rules, &row.observed, now), now)?;
                }
            }
            (Step::Look, _) => self.look(world, task, memory)?,
            (Step::NoteOverdue, _) => self.remember(id, |memory| memory.overdue_since = Some(row.phase_since)),
            (Step::NoteDeleting, _) => world.db.save(self.epoch, id, rows::deleting(&row.observed), now)?,
            (Step::Erase, _) => {
                leads?;
                world.engine.live.retain(|process| process.slice != id);
                world.engine.erased.insert(id);
                world.db.bury(self.epoch, id, now)?;
                self.memory.remove(&id);
            }
        }
        Ok(None)
    }

    fn fail(&mut self, world: &mut World, task: &Task, blame: Blame) -> Result<(), Fenced> {
        let Some(Wanted { row, .. }) = &task.one else { return Ok(()) };
        let mut row = row.clone();
        if task.step == (Step::Start { linked: true, afresh: true }) {
            row.observed.failures = 0;
        }
        let failed = rows::failed(&world.rules, &row, &self.memory_of(task.id), blame, world.now, 0.5);
        self.remember(task.id, |memory| *memory = failed.memory);
        world.db.save(self.epoch, task.id, failed.observed, world.now)
    }

    fn ask(&mut self, world: &mut World, task: &Task, what: Asked) -> Result<(), Fenced> {
        let (now, Some(Wanted { row, .. }), Some(found)) = (world.now, &task.one, task.found) else { return Ok(()) };
        self.remember(task.id, |memory| memory.asked = Some((what, now)));
        let reached = world.engine.find(task.id).filter(|one| one.generation == found.generation && !one.mute);
        let Some(process) = reached else {
            self.remember(task.id, |memory| {
                memory.unanswered_since.get_or_insert(now);
            });
            return Ok(());
        };
        (process.page, process.reason) = match what {
            Asked::Start => (PageState::Starting, None),
            Asked::Stop => (PageState::NoBrowser, Some(StopReason::User)),
        };
        let afresh = may_try(row, now) == Some(true);
        self.remember(task.id, |memory| memory.looked_at = None);
        world.db.save(self.epoch, task.id, rows::asked(&row.observed, what, StopReason::User, afresh), now)
    }

    fn look(&mut self, world: &mut World, task: &Task, before: &Memory) -> Result<(), Fenced> {
        let (now, Some(Wanted { row, .. }), Some(found)) = (world.now, &task.one, task.found) else { return Ok(()) };
        let health = world.engine.health(task.id, found.generation);
        self.remember(task.id, |memory| {
            memory.seen = true;
            memory.looked_at = Some(now);
        });
        let Some(health) = health else {
            let since = before.unanswered_since.unwrap_or(now);
            self.remember(task.id, |memory| memory.unanswered_since = Some(since));
            return Ok(());
        };
        self.remember(task.id, |memory| {
            memory.unanswered_since = None;
            memory.healthy_since.get_or_insert(now);
        });
        let mut finding = observe(&world.rules, row, &health, now);
        let healthy = before.healthy_since.is_some_and(|since| is_past(since, world.rules.healthy_after, now));
        if healthy && finding.observed.phase != Phase::Failed {
            finding.observed.failures = 0;
        }
        if finding.withdraw_link {
            let stored = world.db.rows.get_mut(&task.id).ok_or(Fenced)?;
            if stored.desired != queunir_core::slice::Desired::Linked || stored.wanted_at != row.wanted_at {
                return Ok(());
            }
            stored.desired = queunir_core::slice::Desired::Service;
        }
        world.db.save(self.epoch, task.id, finding.observed, now)
    }
}

/// No more places are ever given than there are slices.
const SLICES_AT_MOST: usize = 3;
