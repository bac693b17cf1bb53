//! Reads gaps back to known ground (DEL-04).
//!
//! ```text
//! (a row without anything above it) -> reading ─(known ground)─> forgotten
//!                                        └─(the bound, no more to be had)─> open ─(known ground)─> closed
//!                                                                     └─(tried again, less and less often)─┘
//! ```
//!
//! A gap shrinks with every row that is found, whoever found it.

use std::time::Duration;

use queunir_core::{
    history::{GapState, LoadingReason},
    id::{ChatId, GapId},
};
use queunir_db::slice::{
    chats::StoredChat,
    gaps::{self, StoredGap},
};
use queunir_whatsapp::{Asked, HistoryTop, Page, Priority};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    app::{App, target},
    ingest::{IngestError, Read},
    reading::{self, JOB, ReadError},
};

/// Bounds of reading a chat back to known ground, at one attempt (DEL-04).
const MOST_ROWS: usize = 500;
const LONGEST: Duration = Duration::from_secs(60);

/// Reads upwards as long as the gaps that are not closed say so; false when the bound was reached
/// before, or nothing more came.
///
/// # Errors
/// When the page does not do it or the store refuses; what was read until then is stored.
pub async fn read_back(
    app: &App,
    page: &dyn Page,
    chat: &StoredChat,
    priority: Priority,
    mut read: Read,
    goes_on: impl Fn(&[StoredGap]) -> bool,
) -> Result<bool, ReadError> {
    let began = Instant::now();
    let progress = app.activity.begin(chat.id, LoadingReason::Gap);
    let mut added = 0;
    let mut looked_in_vain = false;
    loop {
        if !goes_on(&unclosed(app, read.chat).await?) {
            return Ok(true);
        }
        if added >= MOST_ROWS || began.elapsed() >= LONGEST {
            return Ok(false);
        }
        let undrawn = read.unread.last().filter(|_| !looked_in_vain).cloned();
        let seen = match &undrawn {
            Some(key) => page.show_row(&target(chat), key, priority, JOB).await?,
            None => page.load_older(&target(chat), priority, JOB).await?,
        };
        let next = reading::store(app, page, chat, &seen, priority).await?;
        added += next.added;
        if let Some(progress) = &progress {
            progress.came(added);
        }
        let stands = next.added == 0 && next.first_order == read.first_order && next.unread == read.unread;
        if stands && undrawn.is_none() {
            return Ok(!goes_on(&unclosed(app, next.chat).await?));
        }
        looked_in_vain = stands;
        read = next;
    }
}

async fn unclosed(app: &App, chat: ChatId) -> Result<Vec<StoredGap>, IngestError> {
    let mut tx = app.db.begin().await?;
    Ok(gaps::unclosed(&mut tx, chat).await?)
}

/// What was just found and could not be read back is shown from now on.
///
/// # Errors
/// When the store refuses.
pub async fn give_up(app: &App, chat: ChatId) -> Result<(), IngestError> {
    for stored in unclosed(app, chat).await? {
        if stored.gap.state == GapState::Reading {
            postpone(app, stored.gap.id, true).await?;
        }
    }
    Ok(())
}

/// An attempt did not close a gap: it is shown, and tried again later, less and less often while nothing is found.
async fn postpone(app: &App, id: GapId, progress: bool) -> Result<(), IngestError> {
    let (_turn, mut batch) = app.ingest.begin().await?;
    if let Some(mut stored) = gaps::find(&mut batch.tx, id).await?.filter(|one| one.gap.state != GapState::Closed) {
        let gap = &mut stored.gap;
        gap.state = GapState::Open;
        gap.attempts = if progress { 0 } else { gap.attempts.saturating_add(1) };
        let pause = reading::pause_after(i32::try_from(gap.attempts).unwrap_or(i32::MAX));
        gap.next_try = batch.now.saturating_add(pause).ok();
        stored.asked = false;
        gaps::update(&mut batch.tx, &stored, batch.now).await?;
        batch.gap(stored.gap);
    }
    app.ingest.finish(batch).await
}

/// The gap whose turn it is, among the chats `only` if given.
///
/// # Errors
/// When the store refuses.
pub async fn next(app: &App, only: Option<&[Uuid]>) -> Result<Option<StoredGap>, IngestError> {
    if only.is_some_and(<[Uuid]>::is_empty) {
        return Ok(None);
    }
    let mut tx = app.db.begin().await?;
    Ok(gaps::due(&mut tx, only, app.now()).await?)
}

/// Tries a gap once more; false if there is no page to try it on.
///
/// # Errors
/// When the store refuses.
pub async fn retry(app: &App, page: &dyn Page, stored: StoredGap, viewed: &[ChatId]) -> Result<bool, ReadError> {
    let gap = stored.gap;
    let Some(chat) = reading::load(app, gap.chat_id).await? else { return Ok(true) };
    let priority = if viewed.contains(&chat.id) { Priority::Older } else { Priority::Collect };
    let attempt = async {
        let read = reading::open(app, page, &chat, priority).await?;
        let goes_on = |unclosed: &[StoredGap]| unclosed.iter().any(|one| one.gap.id == gap.id);
        let closed = read_back(app, page, &chat, priority, read, goes_on).await?;
        if closed || !stored.asked || page.history_top(&target(&chat)).await? != HistoryTop::Phone {
            return Ok(closed);
        }
        let Asked::Given(seen) = page.ask_phone(&target(&chat), priority, JOB).await? else { return Ok(false) };
        let read = reading::store(app, page, &chat, &seen, priority).await?;
        read_back(app, page, &chat, priority, read, goes_on).await
    };
    let before = gap.found;
    match attempt.await {
        Ok(true) => {}
        Ok(false) => {
            let mut tx = app.db.begin().await.map_err(IngestError::from)?;
            let now = gaps::find(&mut tx, gap.id).await.map_err(IngestError::from)?;
            drop(tx);
            postpone(app, gap.id, now.is_some_and(|now| now.gap.found > before)).await?;
        }
        Err(ReadError::Ingest(error)) => return Err(error.into()),
        Err(error) => {
            tracing::info!(%error, chat = %chat.id, "a gap was not read back");
            if error.is_the_pages() {
                return Ok(false);
            }
            postpone(app, gap.id, false).await?;
        }
    }
    Ok(true)
}

/// A person wants a gap tried now; false if it is closed.
///
/// # Errors
/// When the store refuses.
pub async fn ask(app: &App, id: GapId) -> Result<bool, IngestError> {
    let (_turn, mut batch) = app.ingest.begin().await?;
    let Some(mut stored) = gaps::find(&mut batch.tx, id).await?.filter(|one| one.gap.state == GapState::Open) else {
        return Ok(false);
    };
    stored.asked = true;
    stored.gap.attempts = 0;
    stored.gap.next_try = None;
    gaps::update(&mut batch.tx, &stored, batch.now).await?;
    batch.gap(stored.gap);
    app.ingest.finish(batch).await?;
    app.wake_reading.notify_one();
    Ok(true)
}
