//! Keeps the pictures of chats as the list shows them: photographed one at a time, when nothing else is to be done on the
//! page, and let go when the row shows the default icon (decision 0002).
//!
//! ```text
//! none ──the row shows one, and is in view──> stored ──another token──> stored anew
//!                                               └──the default icon for a while──> none
//! ```
//!
//! The list rests at its top, so only the chats there are ever in view; the others wait until they have risen.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use queunir_core::{id::ChatId, link::PageState, media::Thumbnail};
use queunir_db::slice::{
    chats::{self, StoredChat},
    media::{self, StoredFile},
    pictures,
};
use queunir_whatsapp::{
    Page, PageError, Priority,
    seen::{Captured, RowPicture},
};
use tokio::time::Instant;

use super::{FetchError, has_room, ready, sniff, tell_chat};
use crate::{
    app::{App, target},
    ingest::ShownPicture,
    link::Hold,
    reading::JOB,
};

/// So long a row shows the same picture before it is photographed. Shorter, and one that fades in is caught half there.
const SETTLED: Duration = Duration::from_secs(2);
/// So long a row shows the default icon before a stored picture is let go. Shorter, and a page that is being loaded, which
/// shows icons first, costs all pictures; longer, and what a customer took back stays for longer.
const GONE: Duration = Duration::from_secs(60);
/// Least time between two photographs while the page has other work.
const BUSY: Duration = Duration::from_secs(20);
/// So long nothing was to be read before the page counts as idle.
const IDLE: Duration = Duration::from_secs(3);
/// How long to leave a chat alone whose picture was not to be had.
const NOT_NOW: Duration = Duration::from_secs(10);
/// So many chats from the top of the list may be in view. More only asks the page in vain.
const IN_VIEW: usize = 24;

/// When which chat was to be photographed.
#[derive(Debug)]
pub struct Tries {
    last: Mutex<HashMap<ChatId, Instant>>,
    haste: AtomicU32,
}

impl Default for Tries {
    fn default() -> Self {
        Self { last: Mutex::default(), haste: AtomicU32::new(1) }
    }
}

impl Tries {
    /// Makes every pause so many times shorter, for tests.
    pub fn hurry(&self, times: u32) {
        self.haste.store(times.max(1), Ordering::Relaxed);
    }

    /// Whether so much time has gone by since a moment.
    fn over(&self, since: Instant, pause: Duration) -> bool {
        since.elapsed() >= pause / self.haste.load(Ordering::Relaxed)
    }

    fn note(&self, chat: ChatId) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.retain(|_, at| !self.over(*at, NOT_NOW.max(BUSY)));
        last.insert(chat, Instant::now());
    }

    /// Whether none was tried for so long.
    fn rested(&self, pause: Duration) -> bool {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).values().all(|at| self.over(*at, pause))
    }

    fn may_try(&self, chat: ChatId) -> bool {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.get(&chat).is_none_or(|at| self.over(*at, NOT_NOW))
    }
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
            _ = tick.tick() => {}
        }
        let step = tokio::select! {
            () = stop.cancelled() => return,
            step = pass(&app) => step,
        };
        if let Err(error) = step {
            tracing::warn!(%error, "pictures of chats paused, the next tick tries again");
        }
    }
}

/// One step: lets go what is gone, and photographs one picture that is new; whether anything was stored or let go.
///
/// # Errors
/// When the store or the disk refuses.
pub async fn pass(app: &App) -> Result<bool, FetchError> {
    let linked = app.link.state() == PageState::Linked && app.link.held() == Hold::Free;
    if !linked || app.storage.is_short() || app.is_parting() {
        return Ok(false);
    }
    let shown = app.ingest.shown_pictures().await;
    if shown.is_empty() {
        return Ok(false);
    }
    let mut tx = app.db.begin().await?;
    let stored: HashMap<ChatId, String> = pictures::tokens(&mut tx).await?.into_iter().collect();
    drop(tx);
    for one in shown.iter().filter(|one| one.picture == RowPicture::Icon && stored.contains_key(&one.chat)) {
        if app.files.tries.over(one.since, GONE) {
            drop(ready(app).await?);
            return let_go(app, one.chat).await;
        }
    }
    let Some(page) = app.page() else { return Ok(false) };
    // Whoever sends goes first, and finds the page as it is.
    let pause = if app.quiet.lasts(IDLE) { Duration::ZERO } else { BUSY };
    if app.sending.try_lock().is_err() || !app.files.tries.rested(pause) {
        return Ok(false);
    }
    let Some((chat, token)) = next(app, &shown, &stored).await? else { return Ok(false) };
    app.files.tries.note(chat.id);
    match photograph(page.as_ref(), &chat, &token).await {
        Ok(Some(captured)) => {
            drop(ready(app).await?);
            keep(app, &chat, captured).await
        }
        Ok(None) => Ok(false),
        Err(error) => {
            tracing::debug!(%error, chat = %chat.id, "a picture was not photographed");
            Ok(false)
        }
    }
}

/// The highest chat in the list whose picture is not the stored one and was not tried just now.
async fn next(
    app: &App,
    shown: &[ShownPicture],
    stored: &HashMap<ChatId, String>,
) -> Result<Option<(StoredChat, String)>, FetchError> {
    let new: HashMap<ChatId, &String> = shown
        .iter()
        .filter(|one| app.files.tries.over(one.since, SETTLED) && app.files.tries.may_try(one.chat))
        .filter_map(|one| match &one.picture {
            RowPicture::Own(token) if stored.get(&one.chat) != Some(token) => Some((one.chat, token)),
            _ => None,
        })
        .collect();
    if new.is_empty() {
        return Ok(None);
    }
    let mut tx = app.db.begin().await?;
    let ranked = chats::ranked(&mut tx).await?;
    for (id, _) in ranked.into_iter().take(IN_VIEW) {
        let Some(token) = new.get(&id) else { continue };
        if let Some(chat) = chats::find(&mut tx, id).await?.filter(|chat| !chat.ambiguous && !chat.archived) {
            return Ok(Some((chat, (*token).clone())));
        }
    }
    Ok(None)
}

/// A photograph of what the row was said to show; anything that asks for the page meanwhile goes first.
async fn photograph(page: &dyn Page, chat: &StoredChat, token: &str) -> Result<Option<Captured>, PageError> {
    let captured = page.picture(&target(chat), Priority::Collect, JOB).await?;
    Ok(captured.filter(|captured| captured.token == token && sniff::content_type(&captured.bytes) == WEBP))
}

/// What a photograph is.
const WEBP: &str = "image/webp";

async fn keep(app: &App, chat: &StoredChat, captured: Captured) -> Result<bool, FetchError> {
    if !has_room(app, captured.bytes.len() as u64).await? {
        return Ok(false);
    }
    let mut incoming = app.files.folder.begin().await?;
    incoming.write(&captured.bytes).await?;
    let kept = incoming.keep().await?;
    let file = StoredFile {
        hash: kept.hash,
        content_type: WEBP.to_owned(),
        bytes: i64::try_from(kept.bytes).unwrap_or(i64::MAX),
        thumbnail_bytes: 0,
        width: None,
        height: None,
        thumbnail: Thumbnail::None,
    };
    let _keeping = app.files.keeping.lock().await;
    let (turn, mut batch) = app.ingest.begin().await?;
    // Renamed or gone meanwhile: the name that was asked for is no more this chat's.
    let now = chats::find_for_update(&mut batch.tx, chat.id).await?;
    let same = now.is_some_and(|now| target(&now) == target(chat) && !now.ambiguous);
    let mut news = false;
    media::insert_file(&mut batch.tx, &file).await?;
    if same {
        let at = batch.now;
        news = pictures::put(&mut batch.tx, chat.id, &captured.token, &file.hash, at).await?;
        if news {
            tell_chat(&mut batch, chat.id).await?;
        }
    }
    let unused = media::forget_unused(&mut batch.tx).await?;
    app.ingest.finish(batch).await?;
    drop(turn);
    for hash in &unused {
        app.files.folder.remove(hash).await;
    }
    Ok(news)
}

/// The row has shown the default icon for long enough.
async fn let_go(app: &App, chat: ChatId) -> Result<bool, FetchError> {
    let _keeping = app.files.keeping.lock().await;
    let (turn, mut batch) = app.ingest.begin().await?;
    let gone = pictures::remove(&mut batch.tx, chat).await?;
    if gone {
        tell_chat(&mut batch, chat).await?;
    }
    let unused = media::forget_unused(&mut batch.tx).await?;
    app.ingest.finish(batch).await?;
    drop(turn);
    for hash in &unused {
        app.files.folder.remove(hash).await;
    }
    Ok(gone)
}
