//! Finding sessions: what was found a moment ago is remembered ([`super::memory`]), and requests that have to ask at the
//! same time share a statement. Requests end, streams do not: they ask the tables themselves, each time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use queunir_db::{
    DbError,
    control::{
        ControlReads,
        sessions::{self, SignedIn, TokenHash},
    },
};
use tokio::sync::oneshot;

use crate::app::App;

/// Tokens in one statement. Fewer makes a crowd wait for several statements, more makes all wait for a long one.
const MOST: usize = 64;

/// Requests that wait for their session to be found.
#[derive(Default)]
pub(crate) struct Lookup {
    queue: Mutex<Queue>,
    /// Kept between statements: to take it from the pool and to give it back costs as much as to ask.
    reads: tokio::sync::Mutex<Option<ControlReads>>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// Whether a task is at work that takes them off.
    served: bool,
}

type Waiting = (TokenHash, oneshot::Sender<Option<SignedIn>>);

impl Lookup {
    /// Adds a request; true if nobody serves the queue yet.
    fn add(&self, waiting: Waiting) -> bool {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.waiting.push(waiting);
        !std::mem::replace(&mut queue.served, true)
    }

    /// The next ones; nobody serves the queue any more when there are none.
    fn next(&self) -> Vec<Waiting> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let some = queue.waiting.len().min(MOST);
        queue.served = some > 0;
        queue.waiting.drain(..some).collect()
    }

    /// Nobody serves the queue any more; whoever waits asks alone.
    fn give_up(&self) {
        *self.queue.lock().unwrap_or_else(PoisonError::into_inner) = Queue::default();
    }
}

/// Gives up when serving ends in any way but the good one: a task that is gone must not be waited for.
struct Serving {
    app: App,
    done: bool,
}

impl Drop for Serving {
    fn drop(&mut self) {
        if !self.done {
            self.app.lookup.give_up();
        }
    }
}

/// Finds the valid session of a token, with its user and the address of the user's slice.
///
/// # Errors
/// When the statement fails or a stored word is unknown.
pub(crate) async fn find(app: &App, token: &TokenHash) -> Result<Option<Arc<SignedIn>>, DbError> {
    let now = Instant::now();
    if let Some(session) = app.memory.get(token, now) {
        return Ok(Some(session));
    }
    let asked = app.memory.asked(now);
    let found = ask(app, token).await?.map(Arc::new);
    if let Some(session) = &found {
        app.memory.keep(asked, *token, Arc::clone(session));
    }
    Ok(found)
}

async fn ask(app: &App, token: &TokenHash) -> Result<Option<SignedIn>, DbError> {
    let (answer, found) = oneshot::channel();
    if app.lookup.add((*token, answer)) {
        // A task of its own: the request that began it may be cancelled, the others wait for it.
        app.lifecycle.spawn(serve(app.clone()));
    }
    match found.await {
        Ok(found) => Ok(found),
        // The shared statement failed. One of our own tells how, and whether it was somebody else's row.
        Err(_) => sessions::find(&mut app.db.begin().await?, token).await,
    }
}

/// Answers until nobody waits.
async fn serve(app: App) {
    let mut serving = Serving { app: app.clone(), done: false };
    loop {
        let waiting = app.lookup.next();
        if waiting.is_empty() {
            serving.done = true;
            return;
        }
        match find_all(&app, &waiting).await {
            Ok(found) => {
                for (token, answer) in waiting {
                    // Nobody waits any more when the browser has hung up.
                    let _ = answer.send(found.get(&token).cloned());
                }
            }
            Err(error) => tracing::debug!(error = %error, "a shared lookup failed, each request asks alone"),
        }
    }
}

async fn find_all(app: &App, waiting: &[Waiting]) -> Result<HashMap<TokenHash, SignedIn>, DbError> {
    let mut tokens: Vec<TokenHash> = waiting.iter().map(|(token, _)| *token).collect();
    tokens.sort_unstable();
    tokens.dedup();
    let mut kept = app.lookup.reads.lock().await;
    // Put back only after a good answer: a connection that failed is not asked again.
    let mut reads = match kept.take() {
        Some(reads) => reads,
        None => app.db.reads().await?,
    };
    let found = sessions::find_all(&mut reads, &tokens).await?;
    *kept = Some(reads);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_task_serves_all_who_wait_and_the_next_comer_starts_another() {
        let lookup = Lookup::default();
        let wait = |byte| lookup.add(([byte; 32], oneshot::channel().0));
        assert!(wait(0));
        assert!((1..=70).all(|byte| !wait(byte)));
        assert_eq!(lookup.next().len(), MOST);
        assert!(!wait(71));
        assert_eq!(lookup.next().len(), 72 - MOST);
        assert!(lookup.next().is_empty());
        assert!(wait(72));
        let (answer, found) = oneshot::channel();
        assert!(!lookup.add(([73; 32], answer)));
        lookup.give_up();
        assert!(found.blocking_recv().is_err(), "who waited asks alone");
        assert!(wait(74));
    }
}
