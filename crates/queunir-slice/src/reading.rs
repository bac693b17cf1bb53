//! Opens chats that wait to be read, as far as the user's choice allows, and leaves them again (decision 9, DEL-04).
//!
//! In the mode *only what I open* a chat is opened while somebody looks at it, and never otherwise.

use std::{
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    time::Duration,
};

use jiff::SignedDuration;
use queunir_core::{
    history::GapState,
    id::ChatId,
    link::{PageState, ReadingMode},
};
use queunir_db::slice::{
    chats::{self, StoredChat},
    gaps::StoredGap,
};
use queunir_whatsapp::{Page, PageError, Priority, seen::SeenConversation};
use uuid::Uuid;

use crate::{
    app::{App, is_unlisted, target},
    collection, folded,
    ingest::{IngestError, Read},
    media,
    merge::shows_news,
    past::gaps,
    people,
};

/// How long one job on the page may take.
pub const JOB: Duration = Duration::from_secs(20);
/// Longest pause between two tries of what cannot be read, in seconds.
const LONGEST_PAUSE: i64 = 600;

/// So many chats with news are read before one goes first that only waits for its history. Fewer, and a customer's
/// message waits behind old chats; more, and a busy account never gets its history.
const NEWS_IN_A_ROW: u32 = 4;

/// Whose turn it is: a chat that somebody looks at goes first, but not twice in a row while another waits; then what
/// is new, but not for ever while history waits.
#[derive(Debug, Default)]
pub struct Turns {
    viewed_last: AtomicBool,
    news_in_a_row: AtomicU32,
}

impl Turns {
    fn favours_viewed(&self) -> bool {
        !self.viewed_last.load(Ordering::Relaxed)
    }

    fn favours_history(&self) -> bool {
        self.news_in_a_row.load(Ordering::Relaxed) >= NEWS_IN_A_ROW
    }

    fn served(&self, viewed: bool, history: bool) {
        self.viewed_last.store(viewed, Ordering::Relaxed);
        if history {
            self.news_in_a_row.store(0, Ordering::Relaxed);
        } else {
            self.news_in_a_row.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Why a chat was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The page did not do it.
    #[error(transparent)]
    Page(#[from] PageError),
    /// It was not stored.
    #[error(transparent)]
    Ingest(#[from] IngestError),
}

impl ReadError {
    /// Whether it says nothing about the chat: there is no page to read it in.
    pub(crate) fn is_the_pages(&self) -> bool {
        matches!(self, Self::Page(PageError::Gone | PageError::NotLinked | PageError::Cancelled))
    }
}

/// Another document is there: what failed in the last one is tried again at once.
///
/// # Errors
/// When the store refuses; the pauses stay.
pub async fn forgive(app: &App) -> Result<(), IngestError> {
    let (_turn, mut batch) = app.ingest.begin().await?;
    for mut chat in chats::list(&mut batch.tx).await? {
        if chat.read_attempts > 0 || chat.read_not_before.is_some() {
            chat.read_attempts = 0;
            chat.read_not_before = None;
            chats::update(&mut batch.tx, &chat).await?;
        }
    }
    app.ingest.finish(batch).await
}

/// Runs until the slice stops.
pub async fn run(app: App) {
    let stop = app.life.soft();
    let _stop_on_panic = stop.clone().drop_guard();
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = app.wake_reading.notified() => {}
            _ = tick.tick() => {}
        }
        loop {
            let step = tokio::select! {
                () = stop.cancelled() => return,
                step = pass(&app) => step,
            };
            match step {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(%error, "reading paused, the next tick tries again");
                    break;
                }
            }
        }
    }
}

/// One step: leave what nobody looks at, read one chat, or return to the chat somebody looks at; false if all is done.
pub async fn pass(app: &App) -> Result<bool, ReadError> {
    if app.link.state() != PageState::Linked {
        collection::unlinked(app).await?;
        return Ok(false);
    }
    let Some(page) = app.page() else { return Ok(false) };
    let viewed = app.viewers.chats(app.now());
    if app.mode() == ReadingMode::OnOpen {
        leave_unless_viewed(app, page.as_ref(), &viewed).await?;
    }
    if let Some(open) = app.open_chat().filter(|open| app.folded.waits(*open)) {
        let priority = if viewed.contains(&open) { Priority::Open } else { Priority::Collect };
        if let Some(chat) = load(app, open).await? {
            match folded::unfold(app, page.as_ref(), &chat, priority).await {
                Err(error) if !error.is_the_pages() => tracing::info!(%error, chat = %open, "long texts stay cut"),
                done => done?,
            }
        }
    }
    let viewed_ids: Vec<Uuid> = viewed.iter().map(|chat| chat.0).collect();
    let only = match app.mode() {
        ReadingMode::OnOpen => Some(viewed_ids.as_slice()),
        ReadingMode::Background => None,
    };
    let first = if app.turns.favours_viewed() { viewed_ids.as_slice() } else { &[] };
    if let Some(chat) = next(app, only, first).await? {
        let is_viewed = viewed.contains(&chat.id);
        app.turns.served(is_viewed, chat.for_history);
        let priority = if is_viewed { Priority::Open } else { Priority::Collect };
        if let Err(error) = read_chat(app, page.as_ref(), &chat, priority).await {
            tracing::info!(%error, chat = %chat.id, "a chat was not read");
            if error.is_the_pages() {
                return Ok(false);
            }
            postpone(app, chat.id).await?;
        }
        app.quiet.broken();
        return Ok(true);
    }
    if let Some(gap) = gaps::next(app, only).await? {
        return gaps::retry(app, page.as_ref(), gap, &viewed).await;
    }
    if collection::step(app, page.as_ref(), &viewed).await? {
        app.quiet.broken();
        return Ok(true);
    }
    match viewed.first() {
        Some(wanted) if !app.open_chat().is_some_and(|open| viewed.contains(&open)) => {
            let chat = load(app, *wanted).await?;
            if let Some(chat) = chat.filter(|chat| !chat.ambiguous && !is_unlisted(chat)) {
                let way = app.on_the_way();
                let seen = page.open_chat(&target(&chat), Priority::Open, JOB).await?;
                app.set_open_chat(Some(chat.id));
                drop(way);
                app.ingest.conversation(&seen).await?;
                app.quiet.broken();
            }
            Ok(false)
        }
        Some(_) => people::step(app, page.as_ref(), &viewed).await,
        None if media::stays(app).await => Ok(false),
        None => {
            if people::step(app, page.as_ref(), &viewed).await? {
                return Ok(true);
            }
            leave_unless_viewed(app, page.as_ref(), &viewed).await?;
            Ok(false)
        }
    }
}

/// Leaves the open chat if nobody looks at it, so that what arrives is not marked as read.
async fn leave_unless_viewed(app: &App, page: &dyn Page, viewed: &[ChatId]) -> Result<(), ReadError> {
    if app.open_chat().is_some_and(|open| !viewed.contains(&open)) {
        page.leave_chat().await?;
        app.set_open_chat(None);
        media::left(app);
    }
    Ok(())
}

async fn next(app: &App, only: Option<&[Uuid]>, first: &[Uuid]) -> Result<Option<StoredChat>, IngestError> {
    if only.is_some_and(<[Uuid]>::is_empty) {
        return Ok(None);
    }
    let mut tx = app.db.begin().await?;
    Ok(chats::next_to_read(&mut tx, only, first, app.turns.favours_history(), app.now()).await?)
}

pub(crate) async fn load(app: &App, id: ChatId) -> Result<Option<StoredChat>, IngestError> {
    let mut tx = app.db.begin().await?;
    Ok(chats::find(&mut tx, id).await?)
}

/// Opens a chat and stores what it shows; reads back until nothing is missing above what it has just shown, the start, or the
/// bound. A reading that was interrupted left its gaps behind, and goes on from them.
///
/// # Errors
/// When the page does not do it or the store refuses; what was read until then is stored.
pub async fn read_chat(app: &App, page: &dyn Page, chat: &StoredChat, priority: Priority) -> Result<(), ReadError> {
    let before = load(app, chat.id).await?;
    let read = open(app, page, chat, priority).await?;
    let id = read.chat;
    let is_new = |unclosed: &[StoredGap]| unclosed.iter().any(|one| one.gap.state == GapState::Reading);
    if !gaps::read_back(app, page, chat, priority, read, is_new).await? {
        gaps::give_up(app, id).await?;
    }
    settle(app, id, before.as_ref()).await?;
    Ok(())
}

/// Opens a chat in the page and stores what it shows.
///
/// # Errors
/// As [`read_chat`].
pub async fn open(app: &App, page: &dyn Page, chat: &StoredChat, priority: Priority) -> Result<Read, ReadError> {
    let seen = {
        let _way = app.on_the_way();
        let seen = page.open_chat(&target(chat), priority, JOB).await?;
        app.set_open_chat(Some(chat.id));
        seen
    };
    store(app, page, chat, &seen, priority).await
}

/// Stores a window, and then the rest of its long texts.
pub(crate) async fn store(
    app: &App,
    page: &dyn Page,
    chat: &StoredChat,
    seen: &SeenConversation,
    priority: Priority,
) -> Result<Read, ReadError> {
    let read = app.ingest.conversation(seen).await?;
    collection::heard(app, &read);
    if app.folded.hear(read.chat, seen) {
        folded::unfold(app, page, chat, priority).await?;
    }
    Ok(read)
}

/// The chat is read, unless the list has shown something newer since before it was opened.
async fn settle(app: &App, id: ChatId, before: Option<&StoredChat>) -> Result<(), IngestError> {
    let (_turn, mut batch) = app.ingest.begin().await?;
    if let Some(mut chat) = chats::find_for_update(&mut batch.tx, id).await? {
        chat.to_read_since = before.is_some_and(|before| shows_news(before, &chat)).then_some(batch.now);
        chat.read_attempts = 0;
        chat.read_not_before = None;
        chats::update(&mut batch.tx, &chat).await?;
    }
    app.ingest.finish(batch).await
}

/// Tries a chat again later, less and less often.
async fn postpone(app: &App, id: ChatId) -> Result<(), IngestError> {
    let (_turn, mut batch) = app.ingest.begin().await?;
    if let Some(mut chat) = chats::find_for_update(&mut batch.tx, id).await? {
        chat.read_attempts = chat.read_attempts.saturating_add(1);
        chat.read_not_before = batch.now.saturating_add(pause_after(chat.read_attempts)).ok();
        chats::update(&mut batch.tx, &chat).await?;
    }
    app.ingest.finish(batch).await
}

/// The pause after so many failures: twice as long after each, up to ten minutes. A page that stands still for two
/// minutes fails in every chat, and none of them may wait much longer than that for its news.
#[must_use]
pub(crate) fn pause_after(failures: i32) -> SignedDuration {
    SignedDuration::from_secs((1_i64 << failures.clamp(0, 16)).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_ten_minutes_and_stay_there() {
        let pauses: Vec<i64> = [0, 1, 5, 6, 9, 10, 11, i32::MAX].map(|n| pause_after(n).as_secs()).to_vec();
        assert_eq!(pauses, [1, 2, 32, 64, 512, 600, 600, 600]);
        let together: i64 = (1..=6).map(|n| pause_after(n).as_secs()).sum();
        assert!(together <= 126, "six failures in a row keep no chat waiting for more than two minutes");
    }
}
