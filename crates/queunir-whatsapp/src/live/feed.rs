//! From what the page pushes to what the slice is told; re-attaches after every navigation and notices when nothing answers.

use std::{sync::Arc, time::Duration};

use queunir_core::link::PageState;
use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    heart::{self, BEAT_LIMIT},
    wire::{BindingCalled, ContextCreated, ContextDestroyed, FrameNavigated, FrameTree, Navigated},
};
use crate::{
    browser::Browser,
    cdp::{CdpError, Event, Events},
    driver::{Driver, ReadingContext},
    page::{BINDING, WORLD, normalise},
    page_api::PageEvent,
    seen::SeenState,
};

/// Missed heartbeats after which the state is not known.
const UNCERTAIN_AFTER: u32 = 2;
/// Missed heartbeats after which the page is reloaded, and after which the browser is given up.
const RELOAD_AFTER: u32 = 4;
const GIVE_UP_AFTER: u32 = 8;
/// A page that starts or downloads without any progress for this long is loaded again (evidence 8, "stuck at loading").
const STUCK: Duration = Duration::from_secs(180);
/// A page is reloaded at most this often (CHR-08).
const RELOAD_EVERY: Duration = Duration::from_secs(300);
/// How long a screen may be none of the known ones, between two of them, before that is said.
const DOUBT: Duration = Duration::from_secs(2);
/// How long a navigation may take until it commits.
const NAVIGATE: Duration = Duration::from_secs(90);

/// See the module.
pub(super) struct Feed {
    pub(super) browser: Arc<Browser>,
    pub(super) driver: Arc<Driver>,
    pub(super) context: ReadingContext,
    pub(super) url: String,
    pub(super) events: mpsc::Sender<PageEvent>,
    pub(super) world: watch::Sender<Option<String>>,
    pub(super) closing: CancellationToken,
    /// Whatever the feed starts ends with the browser.
    pub(super) tracker: TaskTracker,
}

/// What the feed remembers between events.
#[derive(Default)]
struct Memory {
    /// The reader's context: its id as bindings name it.
    context: Option<i64>,
    /// What was said last of the state.
    said: Option<SeenState>,
    /// When that was.
    said_at: Option<Instant>,
    /// When to say that the screen is none of the known ones.
    doubt: Option<Instant>,
    /// Consecutive missed heartbeats.
    missed: u32,
    /// Last reload by us.
    reloaded: Option<Instant>,
    /// The address could not be reached.
    unreachable: bool,
    /// Refused pushes.
    rejected: u64,
}

/// The outcome of one step.
enum Step {
    Go,
    Stop(String),
}

impl Feed {
    /// Runs until the browser is gone or closed; says `Gone` last.
    pub(super) async fn run(self, mut events: Events) {
        let reason = self.live(&mut events).await;
        let on_purpose = self.closing.is_cancelled();
        if !on_purpose {
            tracing::warn!(reason, words = self.browser.last_words(), "the browser is lost");
        }
        let _unheard = self.events.send(PageEvent::Gone { reason }).await;
        // Also reached when the page was dropped without being closed.
        self.browser.close().await;
    }

    async fn live(&self, events: &mut Events) -> String {
        let mut memory = Memory::default();
        let main = match self.main_frame().await {
            Ok(main) => main,
            Err(error) => return format!("the page has no frame: {error}"),
        };
        self.say(&mut memory, SeenState::plain(PageState::Starting)).await;
        let (beats, mut heard) = mpsc::channel(1);
        let stop = self.closing.child_token();
        let _stop_with_us = stop.clone().drop_guard();
        self.tracker.spawn(heart::run(self.driver.clone(), beats, stop));
        let mut going = Some(self.navigate());
        loop {
            let step = tokio::select! {
                biased;
                () = self.closing.cancelled() => return "closed".into(),
                () = self.browser.gone() => return "the browser ended".into(),
                () = self.events.closed() => return "nobody listens".into(),
                event = events.next() => match event {
                    Some(event) => self.take(&event, &main, &mut memory).await,
                    None => Step::Stop("the browser ended".into()),
                },
                Some(beat) = heard.recv() => {
                    if memory.unreachable && going.is_none() {
                        going = Some(self.navigate());
                    }
                    self.beat(beat, &mut memory).await
                }
                () = until(memory.doubt) => {
                    self.say(&mut memory, SeenState::plain(PageState::Unknown)).await;
                    Step::Go
                }
                outcome = finish(&mut going) => self.arrived(outcome, &mut memory).await,
            };
            if events.lagged() {
                self.resynchronise(&mut memory).await;
            }
            if let Step::Stop(reason) = step {
                return reason;
            }
        }
    }

    async fn main_frame(&self) -> Result<String, CdpError> {
        let tree: FrameTree = self.browser.page().call("Page.getFrameTree", json!({}), BEAT_LIMIT).await?;
        Ok(tree.frame_tree.frame.id)
    }

    /// Goes to the address in a task of its own: pushes are taken meanwhile.
    fn navigate(&self) -> tokio::task::JoinHandle<Result<(), String>> {
        let (page, url) = (self.browser.page().clone(), self.url.clone());
        self.tracker.spawn(async move {
            page.forgive_crash();
            let done: Navigated =
                page.call("Page.navigate", json!({"url": url}), NAVIGATE).await.map_err(|error| error.to_string())?;
            done.error_text.map_or(Ok(()), Err)
        })
    }

    async fn arrived(&self, outcome: Result<(), String>, memory: &mut Memory) -> Step {
        memory.unreachable = outcome.is_err();
        if let Err(why) = outcome {
            tracing::warn!(why, "the address cannot be reached, trying again");
            self.say(memory, SeenState::plain(PageState::Offline)).await;
        }
        Step::Go
    }

    async fn take(&self, event: &Event, main: &str, memory: &mut Memory) -> Step {
        tracing::trace!(method = event.method, "an event of the page");
        match event.method.as_str() {
            "Runtime.bindingCalled" => {
                if let Some(call) = event.params::<BindingCalled>() {
                    self.pushed(&call, memory).await;
                }
            }
            "Runtime.executionContextCreated" => {
                if let Some(ContextCreated { context }) = event.params()
                    && context.name == WORLD
                    && context.aux_data.frame_id == main
                {
                    memory.context = Some(context.id);
                    self.world.send_replace(Some(context.unique_id));
                }
            }
            "Runtime.executionContextDestroyed" => {
                // By its unique id: the plain ones repeat from renderer to renderer.
                let destroyed = event.params::<ContextDestroyed>().map(|gone| gone.execution_context_unique_id);
                if destroyed.is_some() && destroyed == *self.world.borrow() {
                    self.lose_world(memory);
                }
            }
            "Runtime.executionContextsCleared" => self.lose_world(memory),
            "Page.frameNavigated" => {
                if let Some(FrameNavigated { frame }) = event.params()
                    && frame.parent_id.is_none()
                {
                    memory.unreachable = frame.unreachable_url.is_some();
                }
            }
            "Page.javascriptDialogOpening" => self.answer_dialog(),
            "Inspector.targetCrashed" => return self.crashed(memory).await,
            _ => {}
        }
        Step::Go
    }

    /// Accepts a dialog of the browser's own, such as the question before leaving; otherwise the page would stand still.
    fn answer_dialog(&self) {
        let page = self.browser.page().clone();
        self.tracker.spawn(async move {
            let done: Result<Value, _> =
                page.call("Page.handleJavaScriptDialog", json!({"accept": true}), BEAT_LIMIT).await;
            if let Err(error) = done {
                tracing::debug!(%error, "a dialog was gone before it was answered");
            }
        });
    }

    fn lose_world(&self, memory: &mut Memory) {
        memory.context = None;
        self.world.send_replace(None);
    }

    async fn pushed(&self, call: &BindingCalled, memory: &mut Memory) {
        if call.name != BINDING || memory.context != Some(call.execution_context_id) {
            return;
        }
        match normalise::observation(&call.payload, &(self.context)()) {
            Ok(events) => {
                for event in events {
                    self.pass_on(event, memory).await;
                }
            }
            Err(why) => {
                memory.rejected += 1;
                tracing::warn!(%why, rejected = memory.rejected, "a push of the reader was refused");
            }
        }
    }

    async fn pass_on(&self, event: PageEvent, memory: &mut Memory) {
        match event {
            PageEvent::State(state) => self.say_calmly(memory, state).await,
            other => {
                if let PageEvent::List(list) = &other {
                    self.driver.met(list.rows.iter().map(|row| (row.title.as_str(), row.position)));
                }
                let _unheard = self.events.send(other).await;
            }
        }
    }

    /// Says what the reader saw; that it saw nothing it knows only when that lasts.
    async fn say_calmly(&self, memory: &mut Memory, state: SeenState) {
        if state.state == PageState::Unknown && memory.said.as_ref() != Some(&state) {
            memory.doubt.get_or_insert_with(|| Instant::now() + DOUBT);
        } else {
            self.say(memory, state).await;
        }
    }

    /// Says a state unless it was the last one said.
    async fn say(&self, memory: &mut Memory, state: SeenState) {
        memory.doubt = None;
        if memory.said.as_ref() == Some(&state) {
            return;
        }
        memory.said = Some(state.clone());
        memory.said_at = Some(Instant::now());
        let _unheard = self.events.send(PageEvent::State(state)).await;
    }

    async fn beat(&self, beat: Option<SeenState>, memory: &mut Memory) -> Step {
        let Some(state) = beat else {
            memory.missed += 1;
            if memory.missed >= UNCERTAIN_AFTER && !memory.unreachable {
                self.say(memory, SeenState::plain(PageState::Unknown)).await;
            }
            return match memory.missed {
                GIVE_UP_AFTER.. if !memory.unreachable => Step::Stop("the page does not answer".into()),
                RELOAD_AFTER if !memory.unreachable => {
                    self.reload(memory, "it does not answer");
                    Step::Go
                }
                _ => Step::Go,
            };
        };
        memory.missed = 0;
        if memory.unreachable {
            return Step::Go;
        }
        let on_its_way = matches!(state.state, PageState::Starting | PageState::Syncing);
        self.say_calmly(memory, state).await;
        if on_its_way && memory.said_at.is_some_and(|at| at.elapsed() > STUCK) {
            let again = memory.reloaded.is_some_and(|at| at.elapsed() > STUCK);
            if !self.reload(memory, "it does not get any further") && again {
                return Step::Stop("the page does not get any further".into());
            }
        }
        Step::Go
    }

    async fn crashed(&self, memory: &mut Memory) -> Step {
        self.lose_world(memory);
        self.say(memory, SeenState::plain(PageState::Unknown)).await;
        if self.reload(memory, "its renderer crashed") {
            Step::Go
        } else {
            Step::Stop("the renderer crashed again".into())
        }
    }

    /// Loads the address again, not more often than every five minutes; says whether it did.
    fn reload(&self, memory: &mut Memory, why: &str) -> bool {
        if memory.reloaded.is_some_and(|at| at.elapsed() < RELOAD_EVERY) {
            return false;
        }
        tracing::warn!(why, "loading the page again");
        memory.reloaded = Some(Instant::now());
        // The outcome shows in the next heartbeats.
        drop(self.navigate());
        true
    }

    /// After pushes were lost: the contexts are listed again and everything is read afresh.
    async fn resynchronise(&self, memory: &mut Memory) {
        tracing::warn!("pushes of the reader came faster than they were taken; reading everything again");
        self.lose_world(memory);
        for method in ["Runtime.disable", "Runtime.enable"] {
            let done: Result<Value, _> = self.browser.page().call(method, json!({}), BEAT_LIMIT).await;
            if let Err(error) = done {
                tracing::warn!(%error, method, "resynchronising failed");
            }
        }
        let driver = self.driver.clone();
        let (events, context) = (self.events.clone(), self.context.clone());
        self.tracker.spawn(async move {
            for name in ["list", "conversation"] {
                let Ok(value) = driver.ask_text(name).await else { continue };
                for event in normalise::observation(&value, &context()).unwrap_or_default() {
                    let _unheard = events.send(event).await;
                }
            }
        });
    }
}

/// Waits for a moment; for ever when there is none.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// Waits for a navigation under way; for ever when there is none.
async fn finish(going: &mut Option<tokio::task::JoinHandle<Result<(), String>>>) -> Result<(), String> {
    let Some(running) = going else { return std::future::pending().await };
    let outcome = running.await.unwrap_or_else(|error| Err(error.to_string()));
    *going = None;
    outcome
}
