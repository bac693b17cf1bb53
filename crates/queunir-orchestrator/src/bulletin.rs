//! Tells the gateway what the host can take and who waits, and the operator when the host is full (ORC-07).

use std::{collections::HashMap, time::Duration};

use queunir_core::{id::SliceId, slice::Queue};
use queunir_db::control::{
    alerts,
    capacity::{self, Capacity, Waiting},
};
use serde_json::json;
use tokio::time::Instant;

use crate::{
    admission::Admission,
    hands::{Deposed, Hands},
};

/// The gateway believes what is not older than a minute.
const REFRESH: Duration = Duration::from_secs(20);
/// The alert that no place is left.
const FULL: &str = "host.full";

/// What was told last.
#[derive(Debug, Default)]
pub struct Bulletin {
    capacity: Option<(Capacity, Instant)>,
    queue: Option<Vec<Waiting>>,
    full: Option<bool>,
}

impl Bulletin {
    /// Writes what is new; nothing in most passes.
    pub async fn publish(&mut self, hands: &Hands, admission: &Admission) -> anyhow::Result<()> {
        let (rules, pace) = (&hands.rules, hands.pace());
        let capacity = Capacity {
            linked_cap: u32::try_from(rules.linked_cap).unwrap_or(u32::MAX),
            start_ms: rounded(pace.start(rules)),
            release_ms: rounded(pace.release()),
        };
        let queue = self.steadied(&admission.queue);
        let told = self.capacity.is_some_and(|(before, at)| before == capacity && at.elapsed() < REFRESH);
        if told && self.queue.as_ref() == Some(&queue) && self.full == Some(admission.full) {
            return Ok(());
        }
        let mut tx = hands.db.begin().await?;
        let leads = capacity::publish(&mut tx, hands.epoch, capacity).await?
            && capacity::publish_queue(&mut tx, hands.epoch, &queue).await?;
        if !leads {
            return Err(Deposed.into());
        }
        if self.full != Some(admission.full) {
            if admission.full {
                let detail = json!({ "places": rules.linked_cap, "waiting": queue.len() });
                alerts::open(&mut tx, FULL, None, &detail).await?;
                tracing::warn!(places = rules.linked_cap, waiting = queue.len(), "the host is full");
            } else if alerts::close(&mut tx, FULL, None).await? {
                tracing::info!("the host has room again");
            }
        }
        tx.commit().await?;
        *self = Self { capacity: Some((capacity, Instant::now())), queue: Some(queue), full: Some(admission.full) };
        Ok(())
    }

    /// Leaves times as they were told where they are about the same, so that a queue that stands still is told once.
    fn steadied(&self, queue: &[Waiting]) -> Vec<Waiting> {
        let before: HashMap<SliceId, Queue> =
            self.queue.iter().flatten().filter_map(|one| Some((one.id, one.queue?))).collect();
        let steady = |one: &Waiting| {
            let told = before.get(&one.id).copied().zip(one.queue).filter(|(before, now)| {
                before.position == now.position && before.seconds.abs_diff(now.seconds) < (before.seconds / 10).max(2)
            });
            Waiting { queue: told.map_or(one.queue, |(before, _)| Some(before)), ..*one }
        };
        queue.iter().map(steady).collect()
    }
}

/// Milliseconds, to a tenth of themselves: an average that hardly moves is no news.
fn rounded(time: Duration) -> u64 {
    let ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let step = (10_u64.pow(ms.max(1).ilog10()) / 10).max(1);
    ms / step * step
}
