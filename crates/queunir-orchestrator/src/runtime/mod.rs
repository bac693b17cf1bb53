//! What starts, lists and stops the processes that serve tenants: one contract, several runtimes.

pub mod docker;
pub mod fake;
pub(crate) mod lock;
mod logs;
pub mod process;
mod ready;
mod record;

use std::time::Duration;

use async_trait::async_trait;
use queunir_core::{id::SliceId, slice::SliceSpec};

use crate::client::Address;

/// A slice that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunningSlice {
    /// Its number.
    pub id: SliceId,
    /// Which start of it.
    pub generation: i64,
    /// Where its API listens; for connecting, not for binding.
    pub port: u16,
}

impl RunningSlice {
    /// How to talk to it.
    #[must_use]
    pub fn address(&self) -> Address {
        Address { slice: self.id, generation: self.generation, port: self.port }
    }
}

/// How a slice ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Nothing ran.
    Absent,
    /// It ended within the grace.
    Ended,
    /// It had to be killed; WhatsApp sessions have been lost that way (CHR-05), so it is counted.
    Killed,
}

/// Why a runtime could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// The engine or the file system does not answer; retry later, the slice is not to blame.
    #[error("the runtime cannot be used")]
    Unreachable(#[source] anyhow::Error),
    /// The slice was started and does not answer, or ended; report and retry.
    #[error("the slice did not become ready")]
    NotReady(#[source] anyhow::Error),
    /// Another start of the slice still holds its folder; stop that one first.
    #[error("another start of the slice still runs")]
    Busy,
    /// It will never work like this; an operator has to act.
    #[error("the runtime refuses")]
    Refused(#[source] anyhow::Error),
}

/// Starts, lists and stops the processes that serve tenants.
///
/// `list` is the truth and changes nothing: an orchestrator that restarts learns everything from it.
/// `ensure` may be repeated; it returns once the slice answers its health check, with the address to connect to.
/// It never starts a second process for a slice while another one lives.
/// `stop` lets the slice finish within `grace`; stopping what is not there succeeds.
#[async_trait]
pub trait SliceRuntime: Send + Sync {
    /// Every slice that runs.
    async fn list(&self) -> Result<Vec<RunningSlice>, RuntimeError>;
    /// The root process of every slice that runs, as this host numbers it: what the slice uses is used by it and its
    /// descendants.
    async fn pids(&self) -> Result<Vec<(SliceId, i32)>, RuntimeError>;
    /// The last lines of what the slice logged, at most so many, oldest first; for an operator's eyes.
    async fn log_tail(&self, id: SliceId, lines: usize) -> Result<Vec<String>, RuntimeError>;
    /// Makes this start of the slice run.
    async fn ensure(&self, spec: &SliceSpec) -> Result<RunningSlice, RuntimeError>;
    /// Makes nothing of the slice run.
    async fn stop(&self, id: SliceId, grace: Duration) -> Result<Stopped, RuntimeError>;
}
