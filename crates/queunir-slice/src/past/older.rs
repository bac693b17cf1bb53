//! Older messages of a chat, for a person who asks: from what the page has, else from the phone.

use std::time::Duration;

use queunir_core::{
    history::{LoadingReason, Older, OlderOutcome},
    id::{ChatId, MessageId},
    message::Source,
};
use queunir_db::{
    DbError,
    slice::{
        SliceTx,
        chats::{self, StoredChat},
        messages::{self, StoredMessage},
    },
};
use queunir_whatsapp::{Asked, HistoryTop, Page, Priority};
use tokio::time::Instant;

use super::activity::Progress;
use crate::{
    app::{App, target},
    ingest::{IngestError, Read},
    reading::{self, JOB, ReadError},
};

/// How long a person waits at most; the page may have to come through all that is stored first.
const LONGEST: Duration = Duration::from_secs(60);

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// In a word.
    pub outcome: OlderOutcome,
    /// How many messages are new.
    pub messages: usize,
}

/// Loads what stands above the oldest stored message, once; the phone is asked when the page has no more.
///
/// `None` when that chat's older messages are being loaded already.
///
/// # Errors
/// When the page does not do it or the store refuses; what came until then is stored.
pub async fn load(app: &App, page: &dyn Page, chat: &StoredChat) -> Result<Option<Loaded>, ReadError> {
    let Some(progress) = app.activity.begin(chat.id, LoadingReason::Older) else { return Ok(None) };
    let walk = Walk { app, page, chat, priority: Priority::Older };
    let read = reading::open(app, page, chat, walk.priority).await?;
    let before = Before::of(app, chat.id).await?;
    let mut messages = walk.reach_the_top_or_news(read, &before, &progress).await?;
    let mut top = page.history_top(&target(chat)).await?;
    let mut refused = false;
    if messages == 0 && top == HistoryTop::Phone {
        match page.ask_phone(&target(chat), Priority::Older, JOB).await? {
            Asked::Given(seen) => {
                let read = reading::store(app, page, chat, &seen, Priority::Older).await?;
                walk.draw(read).await?;
                messages = before.came(app).await?;
                top = page.history_top(&target(chat)).await?;
            }
            Asked::Refused => refused = true,
            Asked::Silent | Asked::NoButton => {}
        }
    }
    let older = match top {
        HistoryTop::Phone if refused => Older::NeedsPermission,
        HistoryTop::Phone => Older::OnPhone,
        HistoryTop::Syncing => Older::Syncing,
        HistoryTop::Start | HistoryTop::More => Older::MayCome,
    };
    note(app, chat.id, older).await?;
    let outcome = match (messages, top, older) {
        (1.., ..) => OlderOutcome::Loaded,
        (_, HistoryTop::Start, _) => OlderOutcome::Start,
        (.., Older::NeedsPermission) => OlderOutcome::NeedsPermission,
        (.., Older::OnPhone) => OlderOutcome::OnPhone,
        (.., Older::Syncing) => OlderOutcome::Syncing,
        (.., Older::MayCome) => OlderOutcome::Nothing,
    };
    Ok(Some(Loaded { outcome, messages }))
}

/// Remembers what stands above the oldest message.
pub(crate) async fn note(app: &App, id: ChatId, older: Older) -> Result<(), IngestError> {
    let (_turn, mut batch) = app.ingest.begin().await?;
    if let Some(mut chat) = chats::find_for_update(&mut batch.tx, id).await?
        && chat.older != older
    {
        chat.older = older;
        chats::update(&mut batch.tx, &chat).await?;
        batch.chat(chat.chat());
    }
    app.ingest.finish(batch).await
}

/// What was stored of a chat before more was looked for. What has come since is counted in the store and not in what
/// the looks gave: the page tells by itself what it shows, and may be the first to do so.
struct Before {
    chat: ChatId,
    rows: usize,
    newest: Option<MessageId>,
}

impl Before {
    async fn of(app: &App, chat: ChatId) -> Result<Self, IngestError> {
        let mut tx = app.db.begin().await?;
        let rows = rows(&mut tx, chat).await?;
        let newest = newest_rows(&mut tx, chat).await?.last().map(|message| message.id);
        Ok(Self { chat, rows, newest })
    }

    /// How many messages have come since; those that were just written do not count.
    async fn came(&self, app: &App) -> Result<usize, IngestError> {
        let mut tx = app.db.begin().await?;
        let rows = rows(&mut tx, self.chat).await?;
        let newest = newest_rows(&mut tx, self.chat).await?;
        let known = newest.iter().rposition(|message| Some(message.id) == self.newest);
        let written = known.map_or(0, |place| newest.len() - 1 - place);
        Ok(rows.saturating_sub(self.rows).saturating_sub(written))
    }
}

async fn rows(tx: &mut SliceTx, chat: ChatId) -> Result<usize, DbError> {
    Ok(usize::try_from(messages::counts(tx, chat).await?.rows).unwrap_or(usize::MAX))
}

/// The last messages that were read in the conversation, more than are written while older ones load.
async fn newest_rows(tx: &mut SliceTx, chat: ChatId) -> Result<Vec<StoredMessage>, DbError> {
    let mut newest = messages::page(tx, chat, None, 100).await?;
    newest.retain(|message| message.source == Source::Row);
    Ok(newest)
}

/// A way up through one chat.
pub(crate) struct Walk<'a> {
    pub(crate) app: &'a App,
    pub(crate) page: &'a dyn Page,
    pub(crate) chat: &'a StoredChat,
    pub(crate) priority: Priority,
}

/// What one scroll upwards was worth.
pub(crate) struct Up {
    /// The last look.
    pub(crate) read: Read,
    /// How many messages are new.
    pub(crate) came: usize,
    /// The page shows nothing older than before.
    pub(crate) stands: bool,
}

impl Walk<'_> {
    /// Opens the chat at its newest messages and looks at all that is loaded; answers how many are new.
    pub(crate) async fn open(&self) -> Result<(Read, usize), ReadError> {
        let read = reading::open(self.app, self.page, self.chat, self.priority).await?;
        let came = read.added;
        let (read, drawn) = self.draw(read).await?;
        Ok((read, came + drawn))
    }

    /// Scrolls up once, and looks at all that was loaded by that.
    pub(crate) async fn up(&self, read: &Read) -> Result<Up, ReadError> {
        let seen = self.page.load_older(&target(self.chat), self.priority, JOB).await?;
        let next = reading::store(self.app, self.page, self.chat, &seen, self.priority).await?;
        let came = next.added;
        let stands = next.first_order == read.first_order && next.unread.is_empty();
        let (read, drawn) = self.draw(next).await?;
        Ok(Up { read, came: came + drawn, stands })
    }

    /// Scrolls up until something comes that was not stored, or the page has no more; answers how much came.
    async fn reach_the_top_or_news(
        &self,
        mut read: Read,
        before: &Before,
        progress: &Progress<'_>,
    ) -> Result<usize, ReadError> {
        let began = Instant::now();
        let mut came = 0;
        while came == 0 && !read.at_start && began.elapsed() < LONGEST {
            let up = self.up(&read).await?;
            came = before.came(self.app).await?;
            progress.came(came);
            if up.stands {
                break;
            }
            read = up.read;
        }
        Ok(came)
    }

    /// Looks at the rows that were loaded and not drawn; answers the last look and how many more messages it gave.
    async fn draw(&self, mut read: Read) -> Result<(Read, usize), ReadError> {
        let mut came = 0;
        while let Some(key) = read.unread.last() {
            let seen = self.page.show_row(&target(self.chat), key, self.priority, JOB).await?;
            let next = reading::store(self.app, self.page, self.chat, &seen, self.priority).await?;
            came += next.added;
            if next.unread.len() >= read.unread.len() {
                break;
            }
            read = next;
        }
        Ok((read, came))
    }
}
