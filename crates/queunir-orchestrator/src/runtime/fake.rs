//! A runtime without processes, whose failures tests choose.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use queunir_core::{id::SliceId, slice::SliceSpec};

use super::{RunningSlice, RuntimeError, SliceRuntime, Stopped};

/// Remembers what would run.
#[derive(Default)]
pub struct FakeRuntime {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    running: HashMap<SliceId, RunningSlice>,
    pids: HashMap<SliceId, i32>,
    failures: VecDeque<RuntimeError>,
    starts: usize,
}

impl FakeRuntime {
    /// The next `ensure` that would start something fails like this instead.
    pub fn fail_next(&self, error: RuntimeError) {
        self.state().failures.push_back(error);
    }

    /// Ends a slice as a crash would.
    pub fn crash(&self, id: SliceId) {
        self.state().running.remove(&id);
    }

    /// From now on a slice's process counts as this one, as long as the slice runs.
    pub fn runs_as(&self, id: SliceId, pid: i32) {
        self.state().pids.insert(id, pid);
    }

    /// How often something was started.
    #[must_use]
    pub fn starts(&self) -> usize {
        self.state().starts
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SliceRuntime for FakeRuntime {
    async fn list(&self) -> Result<Vec<RunningSlice>, RuntimeError> {
        let mut running: Vec<_> = self.state().running.values().copied().collect();
        running.sort_by_key(|slice| slice.id);
        Ok(running)
    }

    async fn pids(&self) -> Result<Vec<(SliceId, i32)>, RuntimeError> {
        let state = self.state();
        let mut pids: Vec<_> = state.pids.iter().map(|(id, pid)| (*id, *pid)).collect();
        pids.retain(|(id, _)| state.running.contains_key(id));
        pids.sort_by_key(|(id, _)| *id);
        Ok(pids)
    }

    async fn log_tail(&self, _id: SliceId, _lines: usize) -> Result<Vec<String>, RuntimeError> {
        Ok(Vec::new())
    }

    async fn ensure(&self, spec: &SliceSpec) -> Result<RunningSlice, RuntimeError> {
        let mut state = self.state();
        match state.running.get(&spec.slice) {
            Some(found) if found.generation == spec.generation => return Ok(*found),
            Some(_) => return Err(RuntimeError::Busy),
            None => {}
        }
        if let Some(error) = state.failures.pop_front() {
            return Err(error);
        }
        let slice = RunningSlice { id: spec.slice, generation: spec.generation, port: spec.port };
        state.running.insert(spec.slice, slice);
        state.starts += 1;
        Ok(slice)
    }

    async fn stop(&self, id: SliceId, _grace: Duration) -> Result<Stopped, RuntimeError> {
        Ok(if self.state().running.remove(&id).is_some() { Stopped::Ended } else { Stopped::Absent })
    }
}
