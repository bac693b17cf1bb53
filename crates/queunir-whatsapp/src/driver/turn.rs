//! Whose turn it is: one job at a time, the most urgent of those who wait, in order of arrival among equals.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use crate::page_api::Priority;

#[derive(Default)]
struct Queue {
    taken: bool,
    arrivals: u64,
    waiting: BTreeMap<(Priority, u64), oneshot::Sender<Turn>>,
}

/// The queue for the page.
#[derive(Clone, Default)]
pub(super) struct Turns {
    queue: Arc<Mutex<Queue>>,
}

/// The right to use the page; passes on when dropped.
pub(super) struct Turn {
    turns: Turns,
    /// Refused by one who waits no more; already passed on.
    void: bool,
}

impl Turn {
    fn of(turns: &Turns) -> Self {
        Self { turns: turns.clone(), void: false }
    }
}

impl Turns {
    /// Waits for a turn; a dropped wait leaves the queue.
    pub(super) async fn take(&self, priority: Priority) -> Option<Turn> {
        let turn = {
            let mut queue = self.lock();
            if !queue.taken {
                queue.taken = true;
                return Some(Turn::of(self));
            }
            let (sender, receiver) = oneshot::channel();
            queue.arrivals += 1;
            let place = (priority, queue.arrivals);
            queue.waiting.insert(place, sender);
            receiver
        };
        turn.await.ok()
    }

    /// Whether somebody with a more urgent job waits.
    pub(super) fn more_urgent_than(&self, priority: Priority) -> bool {
        let queue = self.lock();
        queue.waiting.iter().any(|((waiting, _), sender)| *waiting < priority && !sender.is_closed())
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pass_on(&self) {
        loop {
            let next = {
                let mut queue = self.lock();
                match queue.waiting.pop_first() {
                    Some((_, sender)) => sender,
                    None => {
                        queue.taken = false;
                        return;
                    }
                }
            };
            match next.send(Turn::of(self)) {
                Ok(()) => return,
                Err(mut unwanted) => unwanted.void = true,
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.void {
            self.turns.pass_on();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_most_urgent_is_served_first_and_the_cancelled_never() {
        let turns = Turns::default();
        let first = turns.take(Priority::Collect).await.unwrap();
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for (name, priority) in
            [("fill", Priority::Fill), ("open", Priority::Open), ("gone", Priority::Open), ("send", Priority::Send)]
        {
            let (turns, order) = (turns.clone(), order.clone());
            #[expect(clippy::disallowed_methods, reason = "every task is waited for")]
            let task = tokio::spawn(async move {
                let _turn = turns.take(priority).await;
                order.lock().unwrap().push(name);
            });
            tokio::task::yield_now().await;
            if name == "gone" {
                task.abort();
            } else {
                tasks.push(task);
            }
        }
        tokio::task::yield_now().await;
        assert!(turns.more_urgent_than(Priority::Fill));
        assert!(!turns.more_urgent_than(Priority::Send));
        drop(first);
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), ["send", "open", "fill"]);
        assert!(turns.take(Priority::Collect).await.is_some());
    }
}
