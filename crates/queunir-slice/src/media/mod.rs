//! Fetches the files that the open chat shows: one at a time, beside everything else, and no text waits for it.
//!
//! ```text
//! wanted ──fetched──> stored | preview ──the page shows it whole──> wanted
//!   │ ├──not now (chat left, page reloaded)──> wanted, a little later
//!   │ ├──failed──> wanted with growing pauses ──6 times──> failed ──a person asks──> wanted
//!   │ └──larger than a file may be──> too_large;  no room left──> no_room ──a person asks──> wanted
//! not_shown ──the page shows it──> wanted
//! ```
//!
//! A file is on the disk before its row is, and rows come before files go: what a crash leaves is swept at the start.
//! [`upload`] brings files the other way, [`pictures`] photographs those of the chats; all hold `Files::keeping` while
//! directory and tables are made to agree.

pub mod folder;
pub mod pictures;
pub mod sniff;
mod sweep;
pub mod thumbnail;
pub mod upload;

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::SignedDuration;
use queunir_core::{
    id::{ChatId, MediaId, MessageId},
    link::{PageState, ReadingMode},
    media::{MediaState, Thumbnail},
};
use queunir_db::slice::{
    chats::{self, StoredChat},
    media::{self, Hash, StoredFile, Wanted},
    messages,
};
use queunir_whatsapp::{MediaError, MediaTicket};
use tokio::time::Instant;

pub use self::sweep::sweep;
use self::{
    folder::{Folder, Kept},
    sweep::ready,
};
use crate::{
    app::{App, target},
    ingest::IngestError,
};

/// After so many failures only a person makes us try again.
const ATTEMPTS: i32 = 6;
/// How long a file may take in all.
const PATIENCE: Duration = Duration::from_secs(180);
/// How long to leave a file alone whose chat is not open or whose row is not drawn.
const NOT_NOW: SignedDuration = SignedDuration::from_secs(3);
/// How long the page may take to load a picture before its blurred preview is good enough to be stored.
const PREVIEW_AFTER: SignedDuration = SignedDuration::from_secs(3);
/// How often uploads that nothing waits with are looked for.
const RETIRE: Duration = Duration::from_secs(3_600);
/// How long a chat that was read in the background stays open for its files, once nothing else waits to be read.
const STAY: Duration = Duration::from_secs(8);

/// The files of a slice.
pub struct Files {
    /// Where they lie.
    pub folder: Folder,
    /// What draws their thumbnails.
    pub thumbnails: thumbnail::Step,
    /// Held while a file is kept and noted, or forgotten and deleted, so that nothing is deleted that came back
    /// meanwhile; says whether the directory was swept since the start.
    keeping: tokio::sync::Mutex<bool>,
    staying: Mutex<Option<(ChatId, Instant)>>,
    /// When which chat was to be photographed.
    pub tries: pictures::Tries,
}

/// Why a step of fetching did not go through; the file stays wanted.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The store refused.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The disk refused.
    #[error("the media directory refused")]
    Disk(#[from] std::io::Error),
}

impl From<queunir_db::DbError> for FetchError {
    fn from(error: queunir_db::DbError) -> Self {
        Self::Ingest(error.into())
    }
}

/// What became of an attempt.
enum Outcome {
    Stored { file: StoredFile, whole: bool },
    Without(MediaState, &'static str),
    NotNow,
    Failed(String),
}

impl Files {
    /// Files in `folder`.
    #[must_use]
    pub fn new(folder: Folder, thumbnails: thumbnail::Step) -> Self {
        Self {
            folder,
            thumbnails,
            keeping: tokio::sync::Mutex::default(),
            staying: Mutex::default(),
            tries: pictures::Tries::default(),
        }
    }
}

/// Runs until the slice stops.
pub async fn run(app: App) {
    let stop = app.life.soft();
    let _stop_on_panic = stop.clone().drop_guard();
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut retire = tokio::time::interval(RETIRE);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = app.wake_media.notified() => {}
            _ = tick.tick() => {}
            _ = retire.tick() => {
                if let Err(error) = upload::retire(&app).await {
                    tracing::warn!(%error, "old uploads stay for now");
                }
            }
        }
        loop {
            let step = async {
                drop(ready(&app).await?);
                pass(&app).await
            };
            let step = tokio::select! {
                () = stop.cancelled() => return,
                step = step => step,
            };
            match step {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(%error, "fetching files paused, the next tick tries again");
                    break;
                }
            }
        }
    }
}

/// One step: fetches a file of the open chat; false if none waits.
///
/// # Errors
/// When the store or the disk refuses; the file stays wanted.
pub async fn pass(app: &App) -> Result<bool, FetchError> {
    if app.link.state() != PageState::Linked || app.storage.is_short() {
        return Ok(false);
    }
    let (Some(page), Some(open)) = (app.page(), app.heard_chat()) else { return Ok(false) };
    let Some((chat, wanted)) = next(app, open).await? else { return Ok(false) };
    let chat = target(&chat);
    let fetch = fetch(app, page.media(&chat, &wanted.page_key, wanted.place));
    let outcome = match tokio::time::timeout(PATIENCE, fetch).await {
        Ok(outcome) => outcome?,
        Err(_) => Outcome::Failed("too slow".to_owned()),
    };
    settle(app, &wanted, outcome).await?;
    Ok(true)
}

/// The file whose turn it is: of the newest message that is drawn.
async fn next(app: &App, open: ChatId) -> Result<Option<(StoredChat, Wanted)>, FetchError> {
    let shown = app.ingest.shown_files().await;
    if shown.is_empty() {
        return Ok(None);
    }
    let now = app.now();
    let seen_before = now.checked_sub(PREVIEW_AFTER).unwrap_or(now);
    let mut tx = app.db.begin().await?;
    let wanted = media::next_wanted(&mut tx, open, &shown.whole, &shown.previews, seen_before, now).await?;
    let Some(wanted) = wanted else { return Ok(None) };
    Ok(chats::find(&mut tx, open).await?.map(|chat| (chat, wanted)))
}

/// Whether the open chat should not be left yet, because its files are on their way and nobody minds.
pub async fn stays(app: &App) -> bool {
    let Some(open) = app.open_chat().filter(|_| app.mode() == ReadingMode::Background) else { return false };
    let began = {
        let mut staying = app.files.staying.lock().unwrap_or_else(PoisonError::into_inner);
        let began = staying.filter(|(chat, _)| *chat == open).map_or_else(Instant::now, |(_, began)| began);
        *staying = Some((open, began));
        began
    };
    began.elapsed() <= STAY && waits(app, open).await
}

/// Whether files of a chat that the page shows are still to be fetched.
pub async fn waits(app: &App, open: ChatId) -> bool {
    let shown = app.ingest.shown_files().await;
    if shown.is_empty() {
        return false;
    }
    let keys: Vec<String> = shown.whole.into_iter().chain(shown.previews).collect();
    let wanted = async {
        let mut tx = app.db.begin().await?;
        media::any_wanted(&mut tx, open, &keys, app.now()).await
    };
    wanted.await.unwrap_or(false)
}

/// Forgets that a chat was kept open, because it is left.
pub fn left(app: &App) {
    *app.files.staying.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

async fn fetch<F>(app: &App, ticket: F) -> Result<Outcome, FetchError>
where
    F: Future<Output = Result<Box<dyn MediaTicket>, MediaError>>,
{
    let mut ticket = match ticket.await {
        Ok(ticket) => ticket,
        Err(error) => return Ok(refused(error)),
    };
    let limits = app.spec.media;
    if ticket.bytes() > limits.file_bytes {
        return Ok(Outcome::Without(MediaState::TooLarge, "larger than a file may be"));
    }
    if ticket.bytes() == 0 {
        return Ok(Outcome::Failed("empty".to_owned()));
    }
    if !has_room(app, ticket.bytes()).await? {
        return Ok(Outcome::Without(MediaState::NoRoom, "the account's files fill their room"));
    }
    let mut incoming = app.files.folder.begin().await?;
    loop {
        match ticket.next().await {
            Ok(Some(piece)) => incoming.write(&piece).await?,
            Ok(None) => break,
            Err(error) => return Ok(refused(error)),
        }
        if incoming.bytes() > ticket.bytes() {
            return Ok(Outcome::Failed("longer than it said".to_owned()));
        }
    }
    if incoming.bytes() < ticket.bytes() {
        return Ok(Outcome::Failed("cut short".to_owned()));
    }
    let whole = ticket.is_whole();
    let file = described(app, incoming.keep().await?).await?;
    Ok(Outcome::Stored { file, whole })
}

fn refused(error: MediaError) -> Outcome {
    match error {
        MediaError::NotHere | MediaError::Page(_) => Outcome::NotNow,
        MediaError::NotShown => Outcome::Without(MediaState::NotShown, "not on the page"),
        MediaError::Broken(why) => Outcome::Failed(why),
    }
}

async fn has_room(app: &App, bytes: u64) -> Result<bool, FetchError> {
    let mut tx = app.db.begin().await?;
    let used = u64::try_from(media::used_bytes(&mut tx).await?).unwrap_or(0);
    Ok(used.saturating_add(bytes) <= app.spec.media.tenant_bytes)
}

/// Finds out what a file is, and draws its thumbnail.
async fn described(app: &App, kept: Kept) -> Result<StoredFile, FetchError> {
    let content_type = sniff::content_type(&kept.head);
    let mut file = StoredFile {
        hash: kept.hash,
        content_type: content_type.to_owned(),
        bytes: i64::try_from(kept.bytes).unwrap_or(i64::MAX),
        thumbnail_bytes: 0,
        width: None,
        height: None,
        thumbnail: Thumbnail::None,
    };
    let known = {
        let mut tx = app.db.begin().await?;
        media::has_file(&mut tx, &kept.hash).await?
    };
    if known || !sniff::is_picture(content_type) {
        return Ok(file);
    }
    match app.files.thumbnails.draw(&app.files.folder.file(&kept.hash)).await {
        Ok(small) => {
            app.files.folder.put_thumbnail(&kept.hash, &small.bytes).await?;
            file.thumbnail = Thumbnail::Made;
            file.thumbnail_bytes = i64::try_from(small.bytes.len()).unwrap_or(0);
            file.width = i32::try_from(small.width).ok();
            file.height = i32::try_from(small.height).ok();
        }
        Err(error) => {
            tracing::info!(%error, bytes = file.bytes, "no thumbnail was drawn of a picture");
            file.thumbnail = Thumbnail::Failed;
        }
    }
    Ok(file)
}

/// Writes what became of an attempt, with the event that tells the browsers.
async fn settle(app: &App, wanted: &Wanted, outcome: Outcome) -> Result<(), FetchError> {
    let _keeping = app.files.keeping.lock().await;
    let (turn, mut batch) = app.ingest.begin().await?;
    let now = batch.now;
    match outcome {
        Outcome::Stored { file, whole } => {
            media::insert_file(&mut batch.tx, &file).await?;
            media::settle_stored(&mut batch.tx, wanted.id, &file.hash, whole).await?;
        }
        Outcome::Without(state, why) => {
            // Every other end stays what it is beside a preview: the page still shows the whole, and would make it wanted.
            let gone_again = state == MediaState::NotShown && wanted.has_preview;
            let state = if gone_again { MediaState::Preview } else { state };
            media::settle_without(&mut batch.tx, wanted.id, state, why).await?;
        }
        Outcome::NotNow => {
            let later = now.checked_add(NOT_NOW).ok();
            media::postpone(&mut batch.tx, wanted.id, wanted.attempts, later, "not here").await?;
        }
        Outcome::Failed(why) => {
            let attempts = wanted.attempts.saturating_add(1);
            tracing::info!(attempts, why, "a file was not fetched");
            let later = now.checked_add(SignedDuration::from_secs(1 << attempts.clamp(0, 9))).ok();
            media::postpone(&mut batch.tx, wanted.id, attempts, later, &why).await?;
            if attempts >= ATTEMPTS {
                media::settle_without(&mut batch.tx, wanted.id, MediaState::Failed, &why).await?;
            }
        }
    }
    // A preview that was replaced, or a file whose message went away meanwhile.
    let unused: Vec<Hash> = media::forget_unused(&mut batch.tx).await?;
    tell(&mut batch, wanted.message).await?;
    app.ingest.finish(batch).await?;
    drop(turn);
    for hash in &unused {
        app.files.folder.remove(hash).await;
    }
    Ok(())
}

/// Tells the browsers how a chat is now.
async fn tell_chat(batch: &mut crate::ingest::Batch, chat: ChatId) -> Result<(), FetchError> {
    if let Some(chat) = chats::find(&mut batch.tx, chat).await? {
        batch.chat(chat.chat());
    }
    Ok(())
}

/// Tells the browsers how a message is now.
async fn tell(batch: &mut crate::ingest::Batch, message: MessageId) -> Result<(), FetchError> {
    if let Some(message) = messages::find(&mut batch.tx, message).await? {
        batch.updated(message.message());
    }
    Ok(())
}

/// Tries a file anew because a person asks; false if there is nothing to try.
///
/// # Errors
/// When the store refuses.
pub async fn retry(app: &App, id: MediaId, message: MessageId) -> Result<bool, FetchError> {
    let (_turn, mut batch) = app.ingest.begin().await?;
    let tried = media::retry(&mut batch.tx, id).await?;
    if tried {
        tell(&mut batch, message).await?;
    }
    app.ingest.finish(batch).await?;
    app.wake_media.notify_one();
    Ok(tried)
}
