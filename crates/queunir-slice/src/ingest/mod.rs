//! What the page showed becomes rows and their events, one batch in one transaction (DEL-01, 02, 03, 09).
//!
//! Replaying a batch writes nothing: every row is compared with what is stored, and only differences are written.

mod archived;
mod conversation;
mod facts;
mod holes;
pub(crate) mod identity;
pub(crate) mod joins;
mod list;
pub(crate) mod opt_outs;
mod write;

use std::collections::HashMap;

use jiff::Timestamp;
use queunir_core::{
    act::Act,
    event::Event,
    history::Gap,
    id::{ChatId, MessageId},
    message::Message,
    outgoing::Outgoing,
    time::SharedClock,
};
use queunir_db::{
    DbError,
    slice::{SliceDb, SliceTx, events, fence},
};
use queunir_whatsapp::seen::{RowPicture, SeenConversation, SeenList, Shown};
use tokio::{
    sync::{Mutex, MutexGuard},
    time::Instant,
};

use crate::wake::EventWake;

pub use conversation::Read;
pub(crate) use facts::from_panel;
pub use list::ListRead;

/// Why a batch was not stored.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// A newer generation of this slice runs; this one may not write any more.
    #[error("a newer generation of this slice holds the fence")]
    Fenced,
    /// The database refused or is away; the batch can be tried again.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// One transaction's changes and the events they cause.
pub struct Batch {
    /// The transaction.
    pub tx: SliceTx,
    /// The present.
    pub now: Timestamp,
    events: Vec<Event>,
    reset: bool,
}

impl Batch {
    /// A message appeared.
    fn stored(&mut self, message: Message) {
        self.events.push(Event::MessageStored { message });
    }

    /// A message changed.
    pub(crate) fn updated(&mut self, message: Message) {
        self.events.push(Event::MessageUpdated { message });
    }

    /// A provisional message went away.
    fn removed(&mut self, chat_id: ChatId, message_id: MessageId) {
        self.events.push(Event::MessageRemoved { chat_id, message_id });
    }

    /// A chat appeared or changed.
    pub fn chat(&mut self, chat: queunir_core::chat::Chat) {
        self.events.push(Event::ChatUpdated { chat });
    }

    /// An outgoing message changed its state.
    pub fn outgoing(&mut self, outgoing: Outgoing) {
        self.events.push(Event::OutgoingUpdated { outgoing });
    }

    /// An act on a message changed its state.
    pub fn act(&mut self, act: Act) {
        self.events.push(Event::ActUpdated { act });
    }

    /// A gap is not as it was.
    pub fn gap(&mut self, gap: Gap) {
        self.events.push(Event::GapUpdated { gap });
    }

    /// Something else is known of a chat's person or group.
    pub(crate) fn contact(&mut self, chat_id: ChatId) {
        self.events.push(Event::ContactUpdated { chat_id });
    }

    /// Something changed that no event can describe; everybody starts over.
    pub(crate) fn everything_changed(&mut self) {
        self.reset = true;
    }
}

/// The one writer of messages; batches go one after the other.
pub struct Ingest {
    db: SliceDb,
    generation: i64,
    clock: SharedClock,
    wake: EventWake,
    last: Mutex<Last>,
}

/// What the page shows of files.
#[derive(Clone, Debug, Default)]
pub struct ShownFiles {
    /// Messages of which a file is there.
    pub whole: Vec<String>,
    /// Messages of which only previews are there.
    pub previews: Vec<String>,
}

impl ShownFiles {
    /// Whether there is nothing to fetch.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.previews.is_empty()
    }
}

/// What a chat's row shows as its picture, and since when it has shown that.
#[derive(Clone, Debug)]
pub struct ShownPicture {
    /// Whose.
    pub chat: ChatId,
    /// What.
    pub picture: RowPicture,
    /// Since when, without a look at something else.
    pub since: Instant,
}

/// The latest batches, so that an unchanged push costs nothing.
#[derive(Default)]
struct Last {
    list: Option<SeenList>,
    /// The document of the last list, and which of its looks each chat was stored from.
    document: String,
    looks: HashMap<ChatId, u64>,
    pictures: HashMap<ChatId, (RowPicture, Instant)>,
    conversation: Option<SeenConversation>,
}

impl Ingest {
    /// A writer for one generation.
    #[must_use]
    pub fn new(db: SliceDb, generation: i64, clock: SharedClock, wake: EventWake) -> Self {
        Self { db, generation, clock, wake, last: Mutex::default() }
    }

    /// Stores a sweep over the chat list; `None` if it says what the last one said. The rows of the chat that is `open`
    /// in the page come by themselves.
    ///
    /// # Errors
    /// When another generation runs or the database fails; nothing is stored then.
    pub async fn list(&self, seen: &SeenList, open: Option<ChatId>) -> Result<Option<ListRead>, IngestError> {
        let mut last = self.last.lock().await;
        let timeless = without_looks(seen);
        if !seen.complete && last.list.as_ref() == Some(&timeless) {
            return Ok(None);
        }
        if last.document != seen.document {
            last.looks.clear();
            last.pictures.clear();
            last.document.clone_from(&seen.document);
        }
        let mut batch = self.begin_locked().await?;
        let read = list::store(&mut batch, seen, open, &last.looks).await?;
        self.finish(batch).await?;
        last.looks.extend(read.looks.iter().copied());
        for (chat, picture) in &read.pictures {
            if last.pictures.get(chat).is_none_or(|(known, _)| known != picture) {
                last.pictures.insert(*chat, (picture.clone(), Instant::now()));
            }
        }
        last.list = Some(timeless);
        Ok(Some(read))
    }

    /// Stores what the drawer of archived chats shows, after the list itself.
    ///
    /// # Errors
    /// When another generation runs or the database fails; nothing is stored then.
    pub async fn archive(&self, seen: &SeenList, open: Option<ChatId>) -> Result<ListRead, IngestError> {
        let mut last = self.last.lock().await;
        let mut batch = self.begin_locked().await?;
        let read = archived::store(&mut batch, seen, open, &last.looks).await?;
        self.finish(batch).await?;
        last.looks.extend(read.looks.iter().copied());
        Ok(read)
    }

    /// How many chats the list has, by the latest batch.
    pub async fn listed(&self) -> Option<u32> {
        self.last.lock().await.list.as_ref().and_then(|list| list.total)
    }

    /// Stores what an open conversation shows.
    ///
    /// # Errors
    /// When another generation runs or the database fails; nothing is stored then.
    pub async fn conversation(&self, seen: &SeenConversation) -> Result<Read, IngestError> {
        let mut last = self.last.lock().await;
        let mut batch = self.begin_locked().await?;
        let read = conversation::store(&mut batch, seen).await?;
        self.finish(batch).await?;
        last.conversation = Some(seen.clone());
        Ok(read)
    }

    /// Whether a pushed conversation says exactly what the last stored one said.
    pub async fn is_known(&self, seen: &SeenConversation) -> bool {
        self.last.lock().await.conversation.as_ref() == Some(seen)
    }

    /// The page keys of the drawn messages that show files, by the latest batch.
    pub async fn shown_files(&self) -> ShownFiles {
        let last = self.last.lock().await;
        let mut found = ShownFiles::default();
        for message in last.conversation.iter().flat_map(|seen| &seen.messages).filter(|message| message.drawn) {
            let shows = |shown| message.files.iter().any(|file| file.shown == shown);
            if shows(Shown::Whole) {
                found.whole.push(message.key.clone());
            } else if shows(Shown::Preview) {
                found.previews.push(message.key.clone());
            }
        }
        found
    }

    /// What the rows of the list show as pictures, in the document that is there now.
    pub async fn shown_pictures(&self) -> Vec<ShownPicture> {
        let last = self.last.lock().await;
        let shown = |(chat, (picture, since)): (&ChatId, &(RowPicture, Instant))| ShownPicture {
            chat: *chat,
            picture: picture.clone(),
            since: *since,
        };
        last.pictures.iter().map(shown).collect()
    }

    /// Forgets the latest batches, because something else changed what they were compared with.
    pub async fn forget(&self) {
        *self.last.lock().await = Last::default();
    }

    /// Begins a transaction among the batches; for writes that belong together with messages.
    ///
    /// # Errors
    /// When another generation runs or the database fails.
    pub async fn begin(&self) -> Result<(Turn<'_>, Batch), IngestError> {
        let turn = Turn { last: self.last.lock().await };
        Ok((turn, self.begin_locked().await?))
    }

    /// Stores a conversation inside a transaction begun with [`Self::begin`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn conversation_in(&self, batch: &mut Batch, seen: &SeenConversation) -> Result<Read, IngestError> {
        conversation::store(batch, seen).await
    }

    async fn begin_locked(&self) -> Result<Batch, IngestError> {
        let mut tx = self.db.begin().await?;
        if fence::generation(&mut tx).await? != self.generation {
            return Err(IngestError::Fenced);
        }
        Ok(Batch { tx, now: self.clock.now(), events: Vec::new(), reset: false })
    }

    /// Numbers the events, commits, and wakes the streams.
    ///
    /// # Errors
    /// When the database fails; the outcome of the commit may then be unknown.
    pub async fn finish(&self, mut batch: Batch) -> Result<(), IngestError> {
        let mut last = events::append(&mut batch.tx, &batch.events).await?;
        if batch.reset {
            last = Some(events::raise_floor(&mut batch.tx).await?);
        }
        batch.tx.commit().await?;
        if let Some(last) = last {
            self.wake.reached(last);
        }
        Ok(())
    }
}

/// What a list says, whenever it was looked at.
fn without_looks(seen: &SeenList) -> SeenList {
    let mut seen = seen.clone();
    seen.rows.iter_mut().for_each(|row| row.look = 0);
    seen
}

/// The right to write messages; dropped when the transaction is over.
pub struct Turn<'a> {
    last: MutexGuard<'a, Last>,
}

impl Turn<'_> {
    /// The latest conversation that was stored, if it is called so.
    #[must_use]
    pub fn window(&self, title: &str) -> Option<&SeenConversation> {
        self.last.conversation.as_ref().filter(|seen| seen.title == title)
    }
}
