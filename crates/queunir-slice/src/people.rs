//! Reads info panels: what a person asked for as soon as the page is free, and each other one once, when it is quiet.
//!
//! In the mode *only what I open* a panel is read while somebody looks at its chat, and never otherwise: opening a panel
//! tells nobody anything, opening a chat does.

use std::{
    collections::HashSet,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use jiff::SignedDuration;
use queunir_core::{
    id::ChatId,
    link::{PageState, ReadingMode},
};
use queunir_db::slice::{
    chats::StoredChat,
    contacts::{self, StoredPanel},
};
use queunir_whatsapp::{Page, PageError, Priority};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    app::{App, target},
    ingest::{self, IngestError},
    reading::{JOB, ReadError},
};

/// So long nothing was to be read before the panel of a chat that somebody looks at is opened unasked. Shorter, and it
/// comes in the way of whoever has just opened the chat.
const VIEWED: Duration = Duration::from_secs(3);
/// The same before a chat is opened for its panel, in the background. Shorter, and a slow hour looks like a machine's.
const ALONE: Duration = Duration::from_secs(30);
/// How long reading all members may take: a thousand of them are two hundred windows.
const MEMBERS: Duration = Duration::from_secs(180);
/// After so many failures only a person makes us try again.
const ATTEMPTS: i32 = 3;

/// Since when it has been quiet.
#[derive(Debug)]
pub struct Quiet {
    since: Mutex<Instant>,
    haste: AtomicU32,
}

impl Default for Quiet {
    fn default() -> Self {
        Self { since: Mutex::new(Instant::now()), haste: AtomicU32::new(1) }
    }
}

impl Quiet {
    /// Something was to be done.
    pub fn broken(&self) {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Makes so many times less quiet enough, for tests.
    pub fn hurry(&self, times: u32) {
        self.haste.store(times.max(1), Ordering::Relaxed);
    }

    /// Whether it has been quiet for so long.
    pub(crate) fn lasts(&self, long: Duration) -> bool {
        let long = long / self.haste.load(Ordering::Relaxed);
        self.since.lock().unwrap_or_else(PoisonError::into_inner).elapsed() >= long
    }
}

/// Groups of which a person wants to see all members. The wish ends with this process; the one for the panel does not, so
/// nobody waits for ever.
#[derive(Debug, Default)]
pub struct AllMembers {
    wanted: Mutex<HashSet<ChatId>>,
}

impl AllMembers {
    fn lock(&self) -> MutexGuard<'_, HashSet<ChatId>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn are_wanted(&self, chat: ChatId) -> bool {
        self.lock().contains(&chat)
    }

    fn settled(&self, chat: ChatId) {
        self.lock().remove(&chat);
    }
}

/// A person asks for all members of a group, which only a dialog of the panel shows.
///
/// # Errors
/// When the store refuses.
pub async fn ask_all_members(app: &App, chat: ChatId) -> Result<(), IngestError> {
    app.all_members.lock().insert(chat);
    ask(app, chat).await
}

/// A person asks for a chat's panel.
///
/// # Errors
/// When the store refuses.
pub async fn ask(app: &App, chat: ChatId) -> Result<(), IngestError> {
    let (_turn, mut batch) = app.ingest.begin().await?;
    let known = contacts::panel(&mut batch.tx, chat).await?;
    let asked = StoredPanel {
        asked_at: known.asked_at.or(Some(batch.now)),
        attempts: 0,
        not_before: None,
        reason: None,
        ..known
    };
    contacts::put_panel(&mut batch.tx, chat, &asked).await?;
    batch.contact(chat);
    app.ingest.finish(batch).await?;
    app.wake_reading.notify_one();
    Ok(())
}

/// Reads one panel, if one may be read now; false if not. Called when no chat waits to be read.
///
/// # Errors
/// When the store refuses, or there is no page.
pub async fn step(app: &App, page: &dyn Page, viewed: &[ChatId]) -> Result<bool, ReadError> {
    // Whoever sends goes first, and finds the page as it is.
    if app.link.state() != PageState::Linked || app.sending.try_lock().is_err() {
        return Ok(false);
    }
    let Some((chat, panel)) = choose(app, viewed).await? else { return Ok(false) };
    let priority = if panel.asked_at.is_some() { Priority::Older } else { Priority::Fill };
    let tried = attempt(app, page, &chat, priority).await?;
    if tried {
        app.quiet.broken();
    }
    Ok(tried)
}

/// Reads the panel of a chat that is open for its past, unless it was read or given up before.
///
/// # Errors
/// When the store refuses.
pub async fn once(app: &App, page: &dyn Page, chat: &StoredChat, priority: Priority) -> Result<(), ReadError> {
    let mut tx = app.db.begin().await.map_err(IngestError::from)?;
    let wanted = contacts::next(&mut tx, Some(&[chat.id.0]), app.now()).await.map_err(IngestError::from)?;
    drop(tx);
    if wanted.is_some() {
        attempt(app, page, chat, priority).await?;
    }
    Ok(())
}

/// Reads a panel or notes why not; false if there is no page to read it on.
async fn attempt(app: &App, page: &dyn Page, chat: &StoredChat, priority: Priority) -> Result<bool, ReadError> {
    match read(app, page, chat, priority).await {
        Ok(()) => Ok(true),
        Err(ReadError::Page(error)) => {
            tracing::info!(%error, chat = %chat.id, "an info panel was not read");
            if matches!(error, PageError::Gone | PageError::NotLinked) {
                return Ok(false);
            }
            postpone(app, chat.id, &error).await?;
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

async fn choose(app: &App, viewed: &[ChatId]) -> Result<Option<(StoredChat, StoredPanel)>, IngestError> {
    let mut tx = app.db.begin().await?;
    let ids: Vec<Uuid> = viewed.iter().map(|chat| chat.0).collect();
    let open: Vec<Uuid> = app.open_chat().map(|open| open.0).into_iter().filter(|open| ids.contains(open)).collect();
    let alone = viewed.is_empty() && app.mode() == ReadingMode::Background;
    // The chat that is open before those that would have to be opened.
    let mut places = vec![Some(open.as_slice()), Some(ids.as_slice())];
    if alone {
        places.push(None);
    }
    for (place, only) in places.into_iter().enumerate() {
        if only.is_some_and(<[Uuid]>::is_empty) {
            continue;
        }
        let Some(chat) = contacts::next(&mut tx, only, app.now()).await? else { continue };
        let panel = contacts::panel(&mut tx, chat.id).await?;
        let quiet = match place {
            0 => app.quiet.lasts(VIEWED),
            1 => false,
            _ => app.quiet.lasts(ALONE),
        };
        if panel.asked_at.is_some() || quiet {
            return Ok(Some((chat, panel)));
        }
    }
    Ok(None)
}

/// Reads a chat's panel and stores what it says; opens the chat if another is open.
async fn read(app: &App, page: &dyn Page, chat: &StoredChat, priority: Priority) -> Result<(), ReadError> {
    if app.open_chat() != Some(chat.id) {
        let way = app.on_the_way();
        let seen = page.open_chat(&target(chat), priority, JOB).await?;
        app.set_open_chat(Some(chat.id));
        drop(way);
        app.ingest.conversation(&seen).await?;
    }
    let all = app.all_members.are_wanted(chat.id);
    let limit = if all { MEMBERS } else { JOB };
    let seen = page.read_panel(&target(chat), all, priority, limit).await?;
    let (turn, mut batch) = app.ingest.begin().await?;
    // Renamed or gone meanwhile: the name that was asked for is no more this chat's.
    let now = queunir_db::slice::chats::find_for_update(&mut batch.tx, chat.id).await.map_err(IngestError::from)?;
    if let Some(now) = now.filter(|now| target(now) == target(chat)) {
        ingest::from_panel(&mut batch, &now, &seen, turn.window(&now.title)).await?;
    }
    app.ingest.finish(batch).await?;
    if all {
        app.all_members.settled(chat.id);
    }
    Ok(())
}

/// Notes a failure; one that only gave way to a person is none.
async fn postpone(app: &App, chat: ChatId, error: &PageError) -> Result<(), IngestError> {
    let (_turn, mut batch) = app.ingest.begin().await?;
    let mut panel = contacts::panel(&mut batch.tx, chat).await?;
    let pause = if *error == PageError::Cancelled {
        SignedDuration::from_secs(5)
    } else {
        // What nobody knows is not opened a second time by itself.
        let more = if *error == PageError::UnknownDialog { ATTEMPTS } else { 1 };
        panel.attempts = panel.attempts.saturating_add(more);
        panel.reason = Some(error.to_string());
        SignedDuration::from_secs(2 << panel.attempts.clamp(0, 6))
    };
    panel.not_before = batch.now.saturating_add(pause).ok();
    if panel.attempts >= ATTEMPTS {
        panel.asked_at = None;
        app.all_members.settled(chat);
    }
    contacts::put_panel(&mut batch.tx, chat, &panel).await?;
    batch.contact(chat);
    app.ingest.finish(batch).await
}
