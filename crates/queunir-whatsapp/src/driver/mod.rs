//! The one hand on the page: every click, key and scroll is a job here, one at a time (decision 7).
//!
//! A job that has begun runs to its end even if its caller has gone, so nothing is left half done; its deadline still
//! holds. The header is verified before every read and write.

mod act;
mod archive;
mod attach;
mod composer;
mod hands;
mod history;
mod list;
mod login;
mod media;
mod members;
mod number;
mod open;
mod order;
mod panel;
mod picture;
mod quote;
mod send;
mod text;
mod turn;
mod unfold;

use std::{
    future::Future,
    sync::{Arc, Mutex, atomic::AtomicBool},
    time::Duration,
};

use queunir_core::{link::PageState, text::clean_name};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::{sync::watch, time::Instant};
use tokio_util::task::TaskTracker;

use self::{
    order::Order,
    turn::{Turn, Turns},
};
use crate::{
    browser::Outbox,
    cdp::{CdpError, Session},
    hold::Holds,
    page::{
        facts::{FACTS, FACTS_JS, FactReport, SeenFacts},
        normalise::{self, Context},
        raw::{self, Capped},
        structure::{KNOWN, MOST, STRUCTURE_JS, Structure},
    },
    page_api::{ChatTarget, PageError, Priority},
    profiles::Profile,
};

/// How long one evaluation may take.
const EVALUATE: Duration = Duration::from_secs(10);
/// How long a job waits for the reader to be there after a navigation.
const WORLD: Duration = Duration::from_secs(5);
/// Pause between two looks at something that is expected to change.
const LOOK: Duration = Duration::from_millis(60);
/// Pause after scrolling the list, until its rows take clicks again (evidence 2.3: 150 ms, wait at least 200).
const AFTER_SCROLL: Duration = Duration::from_millis(230);

/// What the catalogue calls the dialog without a button that says that a chat is being begun.
const STARTING: &str = "starting_chat";

/// Calls a function of the reader by name; the strings that come back never hold half a character.
const CALL_READER: &str = r#"function (name, argument) {
  const reader = globalThis.__qn;
  const ask = reader === undefined ? undefined : reader[name];
  if (typeof ask !== "function") return null;
  return JSON.stringify(ask.call(reader, argument) ?? null, (_, value) => typeof value === "string" ? value.toWellFormed() : value);
}"#;

/// Tells the reader's context apart from the page's own; `None` between two documents.
pub(crate) type World = watch::Receiver<Option<String>>;

/// What the driver was started with; makes the context for reading.
pub(crate) type ReadingContext = Arc<dyn Fn() -> Context + Send + Sync>;

/// See the module.
pub(crate) struct Driver {
    page: Session,
    world: World,
    context: ReadingContext,
    turns: Turns,
    outbox: Outbox,
    tracker: TaskTracker,
    holds: Holds,
    number_address: String,
    order: Mutex<Order>,
    /// Looks at the list are looks at the drawer of archived chats.
    in_archive: AtomicBool,
}

/// What the driver is given besides the page.
pub(crate) struct Belongings {
    pub(crate) outbox: Outbox,
    pub(crate) tracker: TaskTracker,
    pub(crate) holds: Holds,
    /// The address that begins a chat, up to the digits of its number.
    pub(crate) number_address: String,
}

impl From<CdpError> for PageError {
    fn from(error: CdpError) -> Self {
        match error {
            CdpError::Dead => Self::Gone,
            CdpError::Timeout(_) => Self::Deadline,
            other => Self::Unexpected(other.to_string()),
        }
    }
}

impl From<raw::Rejected> for PageError {
    fn from(rejected: raw::Rejected) -> Self {
        Self::Unexpected(rejected.to_string())
    }
}

impl Driver {
    pub(crate) fn new(page: Session, world: World, context: ReadingContext, belongings: Belongings) -> Arc<Self> {
        let Belongings { outbox, tracker, holds, number_address } = belongings;
        Arc::new(Self {
            page,
            world,
            context,
            turns: Turns::default(),
            outbox,
            tracker,
            holds,
            number_address,
            order: Mutex::default(),
            in_archive: AtomicBool::new(false),
        })
    }

    /// Waits for a turn and runs a job to its end or its deadline.
    pub(crate) async fn run<T, Job, Running>(
        self: &Arc<Self>,
        priority: Priority,
        deadline: Duration,
        job: Job,
    ) -> Result<T, PageError>
    where
        T: Send + 'static,
        Job: FnOnce(Arc<Self>) -> Running + Send + 'static,
        Running: Future<Output = Result<T, PageError>> + Send,
    {
        let until = Instant::now() + deadline;
        let turn = self.turn(priority, until).await?;
        let driver = self.clone();
        let running = self.tracker.spawn(async move {
            let _turn = turn;
            let began = Instant::now();
            let done = tokio::time::timeout_at(until, job(driver)).await.unwrap_or(Err(PageError::Deadline));
            tracing::debug!(?priority, took = ?began.elapsed(), error = ?done.as_ref().err(), "a job ended");
            done
        });
        running.await.unwrap_or_else(|_| Err(PageError::Unexpected("a job of the driver panicked".into())))
    }

    async fn turn(&self, priority: Priority, until: Instant) -> Result<Turn, PageError> {
        match tokio::time::timeout_at(until, self.turns.take(priority)).await {
            Ok(Some(turn)) => Ok(turn),
            Ok(None) => Err(PageError::Gone),
            Err(_) => Err(PageError::Deadline),
        }
    }

    fn context(&self) -> Context {
        (self.context)()
    }

    /// Calls a function of the reader and checks what it says.
    pub(crate) async fn ask<T: DeserializeOwned + Capped>(
        &self,
        name: &'static str,
        argument: Value,
    ) -> Result<T, PageError> {
        let value = self.ask_loose(name, argument).await?;
        raw::answer(value).map_err(|rejected| PageError::Unexpected(format!("{name}: {rejected}")))
    }

    /// What a function of the reader says, as text.
    pub(crate) async fn ask_text(&self, name: &'static str) -> Result<String, PageError> {
        Ok(self.ask_loose(name, json!(null)).await?.to_string())
    }

    /// Gives the reader other profiles; nothing is clicked, so nobody has to wait for a turn.
    pub(crate) async fn use_profiles(&self, profiles: &[Profile]) -> Result<(), PageError> {
        let taken = self.ask_loose("useProfiles", json!(profiles)).await?;
        if taken == Value::Bool(true) {
            Ok(())
        } else {
            Err(PageError::Unexpected("the reader refused a profile".into()))
        }
    }

    /// What the page is built of; reads only, so nobody has to wait for a turn.
    pub(crate) async fn structure(&self) -> Result<Structure, PageError> {
        let text = self
            .evaluate(without_remarks(STRUCTURE_JS), json!([{"value": *KNOWN}, {"value": MOST}]))
            .await
            .map_err(AskError::into_page)?;
        Ok(raw::decode(&text)?)
    }

    /// Which facts the page shows now; reads only, as [`Self::structure`] does.
    pub(crate) async fn facts(&self) -> Result<Vec<FactReport>, PageError> {
        let text =
            self.evaluate(without_remarks(FACTS_JS), json!([{"value": *FACTS}])).await.map_err(AskError::into_page)?;
        Ok(raw::decode::<SeenFacts>(&text)?.judged())
    }

    /// The same for an answer that nobody reads.
    async fn ask_loose(&self, name: &'static str, argument: Value) -> Result<Value, PageError> {
        match self.ask_once(name, &argument).await {
            // The document changed under the call: reads and scrolls may be repeated.
            Err(AskError::NoReader) => {
                tokio::time::sleep(LOOK).await;
                self.ask_once(name, &argument).await.map_err(AskError::into_page)
            }
            other => other.map_err(AskError::into_page),
        }
    }

    async fn ask_once(&self, name: &'static str, argument: &Value) -> Result<Value, AskError> {
        let text = self.evaluate(CALL_READER, json!([{"value": name}, {"value": argument}])).await?;
        serde_json::from_str(&text)
            .map_err(|_| AskError::Page(PageError::Unexpected(format!("{name} did not answer in JSON"))))
    }

    /// Calls a function in the reader's world, which answers with a text.
    async fn evaluate(&self, function: &str, arguments: Value) -> Result<String, AskError> {
        let mut world = self.world.clone();
        let context = match tokio::time::timeout(WORLD, world.wait_for(Option::is_some)).await {
            Ok(Ok(context)) => context.clone(),
            Ok(Err(_)) => return Err(AskError::Page(PageError::Gone)),
            Err(_) => None,
        };
        let Some(context) = context else { return Err(AskError::NoReader) };
        let params = json!({
            "functionDeclaration": function,
            "uniqueContextId": context,
            "arguments": arguments,
            "returnByValue": true,
        });
        let call = self.page.call("Runtime.callFunctionOn", params, EVALUATE);
        let called: Called = match self.unless_navigated(call).await {
            Err(CdpError::Refused { .. } | CdpError::Navigated) => return Err(AskError::NoReader),
            other => other.map_err(|error| AskError::Page(error.into()))?,
        };
        let Some(text) = called.result.value else { return Err(AskError::NoReader) };
        if text.len() > raw::MAX_BATCH {
            return Err(AskError::Page(raw::Rejected::TooLarge(text.len()).into()));
        }
        Ok(text)
    }

    /// Waits for a call as long as the document it is meant for is there.
    async fn unless_navigated<T>(&self, call: impl Future<Output = Result<T, CdpError>>) -> Result<T, CdpError> {
        let mut world = self.world.clone();
        world.mark_unchanged();
        tokio::select! {
            biased;
            answer = call => answer,
            Ok(()) = world.changed() => Err(CdpError::Navigated),
        }
    }

    /// Refuses to go on unless the main screen is there, visible and not covered.
    async fn ready(&self) -> Result<(), PageError> {
        let mut state: raw::State = self.ask("state", json!(null)).await?;
        if !state.visible {
            let _: Value = self.page.call("Page.bringToFront", json!({}), EVALUATE).await?;
            tokio::time::sleep(LOOK).await;
            state = self.ask("state", json!(null)).await?;
            if !state.visible {
                return Err(PageError::Unexpected("the page is hidden".into()));
            }
        }
        if !matches!(normalise::state(&state).state, PageState::Linked | PageState::Offline) {
            return Err(PageError::NotLinked);
        }
        if let Some(dialog) = state.dialog.filter(|dialog| dialog.present) {
            self.dismiss(&dialog).await?;
        }
        if self.in_archive() { self.leave_archive().await } else { Ok(()) }
    }

    /// Answers a dialog of the catalogue; any other is reported, never clicked (evidence 1.6).
    async fn dismiss(&self, dialog: &raw::Dialog) -> Result<(), PageError> {
        let Some(known) = dialog.known.as_deref().filter(|known| !["use_here", STARTING].contains(known)) else {
            let words: String = dialog.text.clone().unwrap_or_default().chars().take(200).collect();
            tracing::warn!(words, "a dialog that is not in the catalogue covers the page");
            return Err(PageError::UnknownDialog);
        };
        tracing::info!(known, "answering a dialog");
        self.click(dialog.x, dialog.y).await?;
        for _ in 0..30 {
            tokio::time::sleep(LOOK).await;
            let now: raw::Dialog = self.ask("dialog", json!(null)).await?;
            if !now.present {
                return Ok(());
            }
        }
        Err(PageError::Unexpected("a dialog does not go away".into()))
    }

    async fn header(&self) -> Result<raw::Header, PageError> {
        self.ask("header", json!(null)).await
    }

    /// Whether the open chat is the one meant.
    async fn verify_header(&self, target: &ChatTarget) -> Result<(), PageError> {
        if is_target(&self.header().await?, target) { Ok(()) } else { Err(PageError::WrongChat) }
    }

    /// Presses "Use here" and waits until that dialog is gone.
    pub(crate) async fn use_here(&self) -> Result<(), PageError> {
        let button: raw::Point = self.ask("useHere", json!(null)).await?;
        if !button.present {
            return Err(PageError::Unexpected("no other window is told of".into()));
        }
        self.click(button.x, button.y).await?;
        loop {
            tokio::time::sleep(LOOK).await;
            // A press may load the page again; between two documents nobody answers.
            if let Ok(raw::Point { present: false, .. }) = self.ask("useHere", json!(null)).await {
                return Ok(());
            }
        }
    }

    /// Presses the page's own "reload QR code".
    pub(crate) async fn reload_qr(&self) -> Result<(), PageError> {
        let button: raw::Point = self.ask("qrReload", json!(null)).await?;
        if !button.present {
            return Err(PageError::Unexpected("no reload button".into()));
        }
        self.click(button.x, button.y).await
    }
}

/// Whether a header shows the chat that is meant.
fn is_target(header: &raw::Header, target: &ChatTarget) -> bool {
    header.present && is_called(&clean_name(&header.title), target)
}

/// Whether a name on the page is the chat's.
fn is_called(name: &str, target: &ChatTarget) -> bool {
    name == clean_name(&target.title)
        || target.phone.as_deref().is_some_and(|phone| normalise::phone(name).as_deref() == Some(phone))
}

/// A function as the browser takes it: the expression alone.
fn without_remarks(file: &str) -> &str {
    file.find("\n(").map_or(file, |at| &file[at + 1..]).trim_end()
}

enum AskError {
    /// No document with the reader in it, or it went away during the call.
    NoReader,
    Page(PageError),
}

impl AskError {
    fn into_page(self) -> PageError {
        match self {
            Self::NoReader => PageError::Unexpected("the reader is not in the page".into()),
            Self::Page(error) => error,
        }
    }
}

#[derive(serde::Deserialize)]
struct Called {
    result: Remote,
}

#[derive(serde::Deserialize)]
struct Remote {
    #[serde(default)]
    value: Option<String>,
}
