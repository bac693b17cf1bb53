//! Collects the past of every conversation, one after the other, while nobody works in the app.
//!
//! ```text
//! (never begun) -> begun ─(its past ends)─> collected
//!                    │ └─(somebody works, news, a send, no link)─> goes first when nothing is in the way
//!                    └─(failed)─> rests ─(3 times)─> given up ─(a person says so)─> begun
//! ```
//!
//! A step of the loop that reads chats ([`crate::reading`]), so nothing else opens a chat meanwhile by itself; between two
//! jobs on the page it looks whether it may go on. What may be touched at all is decided in [`mod@decide`].

pub mod decide;
mod walk;

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::SignedDuration;
use queunir_core::{
    collection::{Collection, CollectionState},
    id::ChatId,
    link::{PageState, ReadingMode},
};
use queunir_db::{
    DbError,
    slice::{SliceDb, chats::StoredChat, collections, settings},
};
use queunir_whatsapp::{Page, PageError, Priority};
use tokio::{sync::watch, time::Instant};
use uuid::Uuid;

use self::{
    decide::{Left, Moment, Presence, Step, decide, hindrance},
    walk::End,
};
use crate::{
    app::App,
    ingest::{IngestError, Read},
    reading::ReadError,
};

/// Name of the setting that says whether a person paused it.
pub const SETTING: &str = "collection_paused";
/// How old the figures may get that everybody is shown.
const FIGURES: Duration = Duration::from_secs(15);
/// How long a chat rests that WhatsApp is still bringing messages of.
const SYNCING: SignedDuration = SignedDuration::from_secs(60);

/// What a slice knows of collecting beside its store.
#[derive(Debug, Default)]
pub struct Collecting {
    now: watch::Sender<Collection>,
    paused: AtomicBool,
    moments: Mutex<Moments>,
}

#[derive(Debug, Default)]
struct Moments {
    /// When the last conversation was left.
    left: Option<Instant>,
    /// When the figures were counted.
    counted: Option<Instant>,
}

impl Collecting {
    /// To be told of changes.
    #[must_use]
    pub fn listen(&self) -> watch::Receiver<Collection> {
        self.now.subscribe()
    }

    /// The chat that is being collected.
    #[must_use]
    pub fn chat(&self) -> Option<ChatId> {
        self.now.borrow().chat_id
    }

    fn moments(&self) -> MutexGuard<'_, Moments> {
        self.moments.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn came(&self, messages: usize) {
        if messages > 0 {
            self.now.send_modify(|now| now.messages = now.messages.saturating_add(messages as u64));
        }
    }
}

/// What the store says at the start: whether a person paused it, and which chats have a text of which the rest was still
/// to be asked for when the process ended.
///
/// # Errors
/// When the database fails.
pub async fn recall(collecting: &Collecting, db: &SliceDb) -> Result<(), DbError> {
    let mut tx = db.begin().await?;
    let paused = settings::find(&mut tx, SETTING).await?.is_some_and(|value| value == true);
    collecting.paused.store(paused, Ordering::SeqCst);
    collections::reopen_cut(&mut tx).await?;
    tx.commit().await
}

/// A person pauses it, or lets it go on; then what was given up is tried again.
///
/// # Errors
/// When the store refuses.
pub async fn pause(app: &App, paused: bool, user: queunir_core::id::UserId) -> Result<(), DbError> {
    let mut tx = app.db.begin().await?;
    settings::set(&mut tx, SETTING, &paused.into(), Some(user), app.now()).await?;
    if !paused {
        collections::forgive(&mut tx).await?;
    }
    tx.commit().await?;
    app.collection.paused.store(paused, Ordering::SeqCst);
    app.wake_reading.notify_one();
    Ok(())
}

/// How far it is now, freshly counted.
///
/// # Errors
/// When the database fails.
pub async fn view(app: &App) -> Result<Collection, DbError> {
    count(app).await?;
    let now = app.collection.now.borrow().clone();
    // Between a wish and the loop that obeys it, the wish is what holds.
    let quick = hindrance(&moment(app, Vec::new())).filter(|why| *why != CollectionState::NotLinked);
    Ok(Collection { state: quick.unwrap_or(now.state), ..now })
}

/// Collects one conversation, or a part of it, if that may be done now; false if not. Called when no chat waits to be read.
///
/// # Errors
/// When the store refuses.
pub async fn step(app: &App, page: &dyn Page, viewed: &[ChatId]) -> Result<bool, ReadError> {
    let mut moment = moment(app, viewed.to_vec());
    if let Some(why) = hindrance(&moment) {
        show(app, why).await?;
        return Ok(false);
    }
    moment.busy = is_something_first(app, &moment).await?;
    let (left, next) = left(app, &moment).await?;
    match (decide(&moment, None, left), next) {
        (Step::Begin(_, priority), Some(chat)) => {
            collect(app, page, &chat, priority).await?;
            Ok(true)
        }
        (Step::Rest(why), _) => {
            show(app, why).await?;
            Ok(false)
        }
        _ => Ok(false),
    }
}

/// A conversation was stored. What comes to a chat that somebody looks at is as good as a touch: whoever follows a
/// conversation without a hand on the keys does not wait for the next message until the page is back from another chat.
pub fn heard(app: &App, read: &Read) {
    if read.news && app.viewers.chats(app.now()).contains(&read.chat) {
        app.presence.works(read.chat.0, Duration::from_millis(app.spec.collection.idle_ms));
    }
}

/// Somebody stopped looking at a chat.
pub fn left_alone(app: &App, chat: ChatId) {
    if !app.viewers.chats(app.now()).contains(&chat) {
        app.presence.left(chat.0);
    }
}

/// Says that nothing can be collected, because there is no link.
///
/// # Errors
/// When the store refuses.
pub async fn unlinked(app: &App) -> Result<(), IngestError> {
    show(app, hindrance(&moment(app, Vec::new())).unwrap_or(CollectionState::NotLinked)).await
}

fn moment(app: &App, viewed: Vec<ChatId>) -> Moment {
    let presence = if app.presence.anybody() {
        Presence::Working
    } else if *app.streams.borrow() > 0 {
        Presence::Idle
    } else {
        Presence::Away
    };
    let pause = Duration::from_millis(app.spec.collection.pause_ms);
    Moment {
        enabled: app.spec.collection.messages > 0,
        paused: app.collection.paused.load(Ordering::SeqCst),
        linked: app.link.state() == PageState::Linked && !app.is_parting(),
        mode: app.mode(),
        presence,
        // The page is loaded again for a number that somebody typed.
        busy: app.new_chats.looking().is_some(),
        rested: app.collection.moments().left.is_none_or(|left| left.elapsed() >= pause),
        viewed,
    }
}

/// The chats that may be touched; `None` for all.
fn only(moment: &Moment) -> Option<Vec<Uuid>> {
    (moment.mode == ReadingMode::OnOpen).then(|| moment.viewed.iter().map(|chat| chat.0).collect())
}

async fn is_something_first(app: &App, moment: &Moment) -> Result<bool, IngestError> {
    let mut tx = app.db.begin().await?;
    Ok(moment.busy || collections::is_something_first(&mut tx, only(moment).as_deref(), app.now()).await?)
}

async fn left(app: &App, moment: &Moment) -> Result<(Left, Option<StoredChat>), IngestError> {
    let mut tx = app.db.begin().await?;
    if let Some(chat) = collections::next(&mut tx, only(moment).as_deref(), app.now()).await? {
        return Ok((Left::Chat(chat.id), Some(chat)));
    }
    let left = if collections::left(&mut tx).await? > 0 { Left::Others } else { Left::Nothing };
    Ok((left, None))
}

/// Why the chat that is being collected may not be gone on with; `None` if it may.
async fn stopped(app: &App, chat: ChatId) -> Result<Option<CollectionState>, IngestError> {
    let mut moment = moment(app, app.viewers.chats(app.now()));
    if hindrance(&moment).is_none() {
        moment.busy = is_something_first(app, &moment).await?;
    }
    match decide(&moment, Some(chat), Left::Nothing) {
        Step::Rest(why) => Ok(Some(why)),
        Step::Begin(..) | Step::GoOn(_) => Ok(None),
    }
}

/// Collects a conversation until its past ends or something is in the way.
async fn collect(app: &App, page: &dyn Page, chat: &StoredChat, priority: Priority) -> Result<(), ReadError> {
    note(app, async |batch| collections::begin(&mut batch.tx, chat.id, batch.now).await).await?;
    app.collection.now.send_modify(|now| {
        now.state = CollectionState::Running;
        now.chat_id = Some(chat.id);
    });
    let outcome = walk::to_the_end(app, page, chat, priority).await;
    app.collection.moments().left = Some(Instant::now());
    app.collection.now.send_modify(|now| now.chat_id = None);
    let state = match outcome {
        Ok(End::Reached(boundary)) => {
            note(app, async |batch| collections::complete(&mut batch.tx, chat.id, boundary, batch.now).await).await?;
            tracing::info!(chat = %chat.id, ?boundary, "a conversation is collected");
            CollectionState::Running
        }
        Ok(End::Stopped(why)) => why,
        Ok(End::Syncing) => {
            let until = app.now().saturating_add(SYNCING).ok();
            let rest = async |batch: &mut crate::ingest::Batch| {
                collections::postpone(&mut batch.tx, chat.id, false, "syncing", until).await
            };
            note(app, rest).await?;
            CollectionState::Running
        }
        Err(error) if error.is_the_pages() => CollectionState::NotLinked,
        // Somebody led the page to another chat, and goes first.
        Err(ReadError::Page(PageError::WrongChat)) if app.open_chat() != Some(chat.id) => CollectionState::Busy,
        Err(ReadError::Page(error)) => {
            tracing::info!(%error, chat = %chat.id, "a conversation was not collected");
            fail(app, chat.id, &error).await?;
            CollectionState::Running
        }
        Err(error) => return Err(error),
    };
    count(app).await.map_err(IngestError::from)?;
    show(app, state).await?;
    Ok(())
}

/// One write with nothing for anybody to be told.
async fn note(
    app: &App,
    write: impl AsyncFnOnce(&mut crate::ingest::Batch) -> Result<(), DbError>,
) -> Result<(), IngestError> {
    let (_turn, mut batch) = app.ingest.begin().await?;
    write(&mut batch).await?;
    app.ingest.finish(batch).await
}

/// Tries a conversation again later, and after several attempts not by itself.
async fn fail(app: &App, chat: ChatId, error: &PageError) -> Result<(), IngestError> {
    let reason = error.to_string();
    note(app, async |batch| {
        let attempts = collections::attempts(&mut batch.tx, chat).await?;
        let until = batch.now.saturating_add(SignedDuration::from_secs(30 << attempts.clamp(0, 6))).ok();
        collections::postpone(&mut batch.tx, chat, true, &reason, until).await
    })
    .await
}

/// Shows what it does now, and counts anew what may have changed.
async fn show(app: &App, state: CollectionState) -> Result<(), IngestError> {
    app.collection.now.send_if_modified(|now| std::mem::replace(&mut now.state, state) != state);
    let counted = app.collection.moments().counted;
    if state != CollectionState::Off && counted.is_none_or(|at| at.elapsed() >= FIGURES) {
        count(app).await?;
    }
    Ok(())
}

async fn count(app: &App) -> Result<(), DbError> {
    let mut tx = app.db.begin().await?;
    let found = collections::figures(&mut tx).await?;
    app.collection.moments().counted = Some(Instant::now());
    app.collection.now.send_if_modified(|now| {
        let before = now.clone();
        (now.chats, now.collected, now.failed) = (found.chats, found.collected, found.failed);
        (now.ambiguous, now.messages) = (found.ambiguous, found.messages);
        *now != before
    });
    Ok(())
}
