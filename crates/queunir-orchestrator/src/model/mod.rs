//! A small world around the plan: tables, an engine that fails, delays, repeats itself and lies, and orchestrators of
//! which only the newest counts (ORC-01). Everything is a value here, so that ten thousand lives pass in seconds.
//!
//! The rules under test are the real ones: `plan`, `admit`, `observe`, `rows` and `ports`. The world only carries out
//! what they say, one stage at a time, so that anything may happen between two stages: a crash, another leader, a wish.

mod engine;
mod leader;
mod tests;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use queunir_core::{
    id::SliceId,
    link::PageState,
    slice::{Desired, Phase},
};
use queunir_db::control::observed::{Observed, SliceRow};

use self::{engine::Engine, leader::Leader};
use crate::plan::Rules;

/// Slices of the world; few, so that they meet.
const SLICES: i64 = 3;
/// First port, and how many there are: hardly more than slices.
const PORTS: (u16, u16) = (30_001, 30_009);
/// How long a port that was given back belongs to nobody.
const QUARANTINE: SignedDuration = SignedDuration::from_mins(10);

struct World {
    now: Timestamp,
    rules: Rules,
    db: Tables,
    engine: Engine,
    /// The newest leads; the others are late and do not know it.
    leaders: Vec<Leader>,
}

/// The control tables with their laws.
struct Tables {
    epoch: i64,
    rows: BTreeMap<SliceId, SliceRow>,
    released: Vec<(u16, SliceId, Timestamp)>,
}

/// A write that the tables refuse, as they refuse an old leader's.
#[derive(Debug)]
struct Fenced;

impl Tables {
    fn new(now: Timestamp) -> Self {
        let row = |id: i64| {
            let mut one = crate::plan::tests::slice(Desired::Stopped, Phase::Stopped, None).row;
            (one.id, one.port, one.generation) = (SliceId(id), None, 0);
            (one.wanted_at, one.last_request_at, one.phase_since) = (now, now, now);
            (one.id, one)
        };
        Self { epoch: 0, rows: (1..=SLICES).map(row).collect(), released: Vec::new() }
    }

    /// Writes a row as `set_observed` does, with the laws of `guard_slice`.
    fn save(&mut self, epoch: i64, id: SliceId, observed: Observed, now: Timestamp) -> Result<(), Fenced> {
        let leads = epoch == self.epoch;
        let row = self.rows.get_mut(&id).ok_or(Fenced)?;
        if !leads || row.observed.phase == Phase::Deleted {
            return Err(Fenced);
        }
        let (before, after) = (row.observed.phase, observed.phase);
        assert!(before != Phase::Deleting || matches!(after, Phase::Deleting), "{before:?} to {after:?}");
        assert!(after != Phase::Requested && after != Phase::Deleted, "{before:?} to {after:?}");
        assert!(after != Phase::Deleting || row.desired == Desired::Deleted, "nobody wants it deleted");
        let lives = matches!(after, Phase::Service | Phase::Qr | Phase::Linked | Phase::Degraded);
        assert!(!lives || row.generation > 0, "what was never started does not run");
        if before != after {
            row.phase_since = now;
        }
        row.observed = observed;
        Ok(())
    }

    /// Takes a port and the next generation, as `begin_start` does.
    fn begin(
        &mut self,
        epoch: i64,
        id: SliceId,
        now: Timestamp,
        is_free: impl Fn(u16) -> bool,
    ) -> Result<Begun, Fenced> {
        if epoch != self.epoch {
            return Err(Fenced);
        }
        let mut closed: Vec<u16> = self.rows.values().filter(|row| row.id != id).filter_map(|row| row.port).collect();
        let resting =
            |(_, owner, at): &&(u16, SliceId, Timestamp)| *owner != id && now.duration_since(*at) < QUARANTINE;
        closed.extend(self.released.iter().filter(resting).map(|(port, ..)| *port));
        let stored = self.rows[&id].port;
        let usable = |port| port <= PORTS.1 && is_free(port);
        let Some(port) = crate::ports::choose(PORTS.0, id, stored, &closed, usable) else { return Ok(Begun::NoPort) };
        assert!(!closed.contains(&port), "a port of somebody else");
        if let Some(given_back) = stored.filter(|stored| *stored != port) {
            self.released.push((given_back, id, now));
        }
        let row = self.rows.get_mut(&id).ok_or(Fenced)?;
        assert!(row.observed.phase != Phase::Deleted && row.observed.phase != Phase::Deleting, "it is to be deleted");
        row.port = Some(port);
        row.generation += 1;
        row.phase_since = if row.observed.phase == Phase::Provisioning { row.phase_since } else { now };
        (row.observed.phase, row.observed.page_state, row.observed.wa_connected) = (Phase::Provisioning, None, false);
        Ok(Begun::With { port, generation: row.generation })
    }

    fn bury(&mut self, epoch: i64, id: SliceId, now: Timestamp) -> Result<(), Fenced> {
        let row = self.rows.get_mut(&id).ok_or(Fenced)?;
        if epoch != self.epoch || row.observed.phase != Phase::Deleting {
            return Err(Fenced);
        }
        (row.observed.phase, row.observed.page_state, row.phase_since) = (Phase::Deleted, None, now);
        if let Some(port) = row.port.take() {
            self.released.push((port, id, now));
        }
        Ok(())
    }
}

enum Begun {
    NoPort,
    With { port: u16, generation: i64 },
}

impl World {
    fn new() -> Self {
        let now = crate::plan::tests::now();
        let rules = Rules { linked_cap: 2, deletion_delay: std::time::Duration::from_secs(60), ..Rules::default() };
        let mut world = Self { now, rules, db: Tables::new(now), engine: Engine::default(), leaders: Vec::new() };
        world.elect();
        world
    }

    /// Somebody else leads; whoever led before does not know it yet.
    fn elect(&mut self) {
        self.db.epoch += 1;
        // A third late leader can do nothing that a second cannot.
        if self.leaders.len() == 3 {
            self.leaders.remove(0);
        }
        self.leaders.push(Leader::new(self.db.epoch));
        self.engine.truthful &= self.leaders.len() == 1;
    }

    fn wish(&mut self, id: SliceId, desired: Desired) {
        let now = self.now;
        if let Some(row) = self.db.rows.get_mut(&id).filter(|row| row.desired != Desired::Deleted) {
            (row.desired, row.wanted_at, row.last_request_at) = (desired, now, now);
        }
    }

    fn pass(&mut self) {
        if let Some(mut leader) = self.leaders.pop() {
            leader.pass(self);
            self.leaders.push(leader);
        }
    }

    /// Carries on the oldest unfinished step of a leader, late or not, by one stage.
    fn advance(&mut self, which: usize) {
        if self.leaders.is_empty() {
            return;
        }
        let index = which % self.leaders.len();
        let mut leader = self.leaders.remove(index);
        leader.advance(self, which);
        self.leaders.insert(index, leader);
    }

    /// What must be true at every moment (INV-5).
    fn check(&self) {
        let mut seen = std::collections::HashSet::new();
        let mut ports = std::collections::HashSet::new();
        for process in &self.engine.live {
            assert!(seen.insert(process.slice), "two of slice {}", process.slice);
            assert!(ports.insert(process.port), "two on port {}", process.port);
        }
        // An engine that lies about what runs, or that an earlier leader still uses, may be made to run one more.
        let browsers = self.engine.live.iter().filter(|process| process.page != PageState::NoBrowser).count();
        assert!(browsers <= self.rules.linked_cap || !self.engine.truthful, "{browsers} browsers");
        let mut held = std::collections::HashSet::new();
        for row in self.db.rows.values() {
            assert!(row.port.is_none_or(|port| held.insert(port)), "two rows with a port");
            if row.observed.phase == Phase::Deleted {
                let runs = self.engine.live.iter().any(|process| process.slice == row.id);
                assert!(!runs || !self.engine.truthful, "a deleted slice runs");
            }
        }
    }
}
