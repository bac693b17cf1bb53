//! What happens later: QR refs, sync steps and delivery states, in factored time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use super::{Hub, Inner, PageId};
use crate::world::Ack;

/// Something that will happen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// The next QR ref of a batch.
    Qr { page: PageId, batch: u64, index: usize },
    /// The next step of the sync bar.
    Sync { page: PageId, step: usize },
    /// A delivery state moves forward.
    Ack { account: String, chat: String, key: String, ack: Ack },
    /// A pin is over.
    Unpin { account: String, chat: String, key: String },
}

/// The tasks by time.
#[derive(Debug, Default)]
pub struct Due {
    heap: BinaryHeap<Reverse<(u64, u64, Task)>>,
    count: u64,
}

impl Due {
    fn put(&mut self, at_ms: u64, task: Task) {
        self.count += 1;
        self.heap.push(Reverse((at_ms, self.count, task)));
    }

    fn next_at(&self) -> Option<u64> {
        self.heap.peek().map(|Reverse((at, _, _))| *at)
    }

    fn take(&mut self, now_ms: u64) -> Option<Task> {
        if self.next_at()? > now_ms { None } else { self.heap.pop().map(|Reverse((_, _, task))| task) }
    }
}

/// How late the scheduler ran, in real milliseconds; what a benchmark must know before it trusts a figure.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct Lag {
    /// The latest sample.
    pub last_ms: f64,
    /// The 99th of 100.
    pub p99_ms: f64,
    /// The worst.
    pub max_ms: f64,
    /// How many samples these come from; those of the last 26 seconds or so.
    pub samples: usize,
}

/// The scheduler looks at its tasks at least this often.
const HEARTBEAT: Duration = Duration::from_millis(250);
/// How often the lag is measured, whatever else happens: frames wake the scheduler long before it is late.
const PROBE: Duration = Duration::from_millis(100);
/// Samples that are kept: those of the last 26 seconds or so.
const LAG_SAMPLES: usize = 256;

impl Inner {
    /// Plans a task.
    pub(super) fn later(&mut self, after_ms: f64, task: Task) {
        let at = to_ms(self.clock.now() + after_ms.max(0.0));
        self.due.put(at, task);
    }

    /// Does what is due and gives the time until the next.
    fn run_due(&mut self) -> Duration {
        while let Some(task) = self.due.take(to_ms(self.clock.now())) {
            match task {
                Task::Qr { page, batch, index } => self.show_ref(page, batch, index),
                Task::Sync { page, step } => self.sync_step(page, step),
                Task::Ack { account, chat, key, ack } => self.move_ack(&account, &chat, &key, ack),
                Task::Unpin { account, chat, key } => self.pin_over(&account, &chat, &key),
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a simulator does not run for 285,000 years")]
        let wait = self.due.next_at().map(|at| self.clock.real(at as f64 - self.clock.now()));
        // One millisecond is the timer's own grain; less would spin.
        wait.map_or(HEARTBEAT, |wait| wait.clamp(Duration::from_millis(1), HEARTBEAT))
    }

    fn note_lag(&mut self, late: Duration) {
        if self.lags.len() == LAG_SAMPLES {
            self.lags.pop_front();
        }
        self.lags.push_back(late.as_secs_f64() * 1000.0);
    }

    /// The lag of the last wakes.
    #[must_use]
    pub fn lag(&self) -> Lag {
        let mut sorted: Vec<f64> = self.lags.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        let round = |value: f64| (value * 100.0).round() / 100.0;
        Lag {
            last_ms: round(self.lags.back().copied().unwrap_or(0.0)),
            p99_ms: round(sorted.get(sorted.len() * 99 / 100).copied().unwrap_or(0.0)),
            max_ms: round(sorted.last().copied().unwrap_or(0.0)),
            samples: sorted.len(),
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the clock starts at zero and stays small")]
fn to_ms(factored: f64) -> u64 {
    factored.max(0.0).ceil() as u64
}

/// Runs what is due until `stop`.
async fn run(hub: &Hub, stop: &CancellationToken) {
    loop {
        let wait = hub.lock().run_due();
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = hub.wake.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Measures how late a wake comes and how long it waits for the lock, until `stop`.
async fn probe(hub: &Hub, stop: &CancellationToken) {
    loop {
        let intended = Instant::now() + PROBE;
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = tokio::time::sleep_until(intended.into()) => {}
        }
        let mut inner = hub.lock();
        inner.note_lag(intended.elapsed());
    }
}

impl Hub {
    /// Runs the scheduler until `stop`.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        tokio::join!(run(&self, &stop), probe(&self, &stop));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::World;

    #[tokio::test]
    async fn the_lag_is_measured_while_frames_keep_the_scheduler_awake() {
        let hub = Arc::new(Hub::new(World::default(), None, 1.0, "en".to_owned()));
        let stop = CancellationToken::new();
        let busy = async {
            let measured = async {
                while hub.with(|inner| inner.lag().samples) < 2 {
                    tokio::task::yield_now().await;
                }
            };
            let done = tokio::time::timeout(Duration::from_secs(10), measured).await;
            stop.cancel();
            done
        };
        let (done, ()) = tokio::join!(busy, Arc::clone(&hub).run(stop.clone()));
        done.expect("no lag was measured");
    }
}
