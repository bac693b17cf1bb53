//! Sends what people asked to send, one at a time, at most once (DEL-05..08).
//!
//! ```text
//! claim ─> leased ─> composing ─(typed and read back)─> intent committed ─> press ─> bubble ─> bind ─> sent
//!             any error before the press: nothing was sent, back to queued or failed
//!             after the press without a bubble: `recovery` looks for evidence before anything else is sent
//! ```

mod evidence;
mod recovery;
mod steps;

use std::{collections::HashSet, sync::Mutex, sync::PoisonError, time::Duration};

use jiff::SignedDuration;
use queunir_core::{
    chat::ChatKind,
    id::{MessageId, OutgoingId},
    link::PageState,
    outgoing::OutgoingState,
    text::comparable_body,
};
use queunir_db::{
    DbError,
    slice::{
        audit,
        chats::{self, StoredChat},
        first_contacts,
        media::{self, Hash},
        messages,
        outgoing::{self, Step, StoredOutgoing},
    },
};
use queunir_whatsapp::{
    Draft, FileToSend, Page, Pressed,
    seen::{SeenConversation, SeenMessage},
};
use sha2::{Digest, Sha256};

pub use steps::entry;

use crate::{
    app::{App, target},
    browser::until,
    clock,
    ingest::{Batch, IngestError},
    restored,
    worker::{self, Work},
};

/// How long a claim holds.
const LEASE_S: i64 = 60;
/// How long the page may take beside the typing.
const JOB: Duration = Duration::from_secs(30);
/// The same for a chat that the list may not have: the page is loaded again for it.
const LOADED_AGAIN: Duration = Duration::from_secs(120);
/// How long the page may take for each megabyte of a file.
const MEGABYTE: Duration = Duration::from_secs(1);
/// How long finding a message that is answered may take.
const FIND: Duration = Duration::from_secs(30);
/// How long one more line may take: each break is a key press of its own.
const LINE: Duration = Duration::from_millis(50);
/// How long the bubble is waited for after the press.
const BUBBLE: Duration = Duration::from_secs(30);

/// The hash by which a body is found again.
#[must_use]
pub fn body_hash(text: &str) -> Vec<u8> {
    Sha256::digest(comparable_body(text).as_bytes()).to_vec()
}

/// The same beside a file: of the caption and the file's content.
#[must_use]
pub fn content_hash(text: &str, file: Option<&Hash>) -> Vec<u8> {
    match file {
        None => body_hash(text),
        Some(hash) => Sha256::new().chain_update(body_hash(text)).chain_update(hash).finalize().to_vec(),
    }
}

/// The sender; one per slice.
pub struct Worker {
    app: App,
    /// Messages whose intent may be stored although the key was certainly not pressed by this process.
    not_pressed: Mutex<HashSet<OutgoingId>>,
}

impl Work for Worker {
    const NAME: &'static str = "sending";

    async fn pass(&self) -> Result<Duration, IngestError> {
        const IDLE: Duration = Duration::from_secs(5);
        let app = &self.app;
        let Some(page) = app.page().filter(|_| app.link.state() == PageState::Linked) else { return Ok(IDLE) };
        clock::follow(app).await?;
        self.take_back().await?;
        // Every uncertain fate is settled before anything new is sent.
        if let Some(wait) = recovery::recover_all(self, page.as_ref()).await? {
            return Ok(wait);
        }
        // A forward and a message never go out at once.
        let _sending = app.sending.lock().await;
        let (_turn, mut batch) = app.ingest.begin().await?;
        if let Some(at) = outgoing::next_allowed(&mut batch.tx, &app.spec.pacing, batch.now).await? {
            return Ok(until(at, batch.now).min(IDLE));
        }
        let lease = batch.now.saturating_add(SignedDuration::from_secs(LEASE_S)).unwrap_or(batch.now);
        let now = batch.now;
        let Some(row) = outgoing::claim(&mut batch.tx, app.spec.generation, now, lease).await? else {
            let due = outgoing::next_due(&mut batch.tx).await?;
            let pause = Duration::from_millis(200);
            return Ok(due.map_or(IDLE, |due| until(due, now)).clamp(pause, IDLE));
        };
        let chat = chats::find(&mut batch.tx, row.outgoing.chat_id).await?;
        batch.outgoing(row.outgoing.clone());
        app.ingest.finish(batch).await?;
        drop(_turn);
        match chat {
            Some(chat) if !chat.ambiguous => self.send(page.as_ref(), &chat, row).await?,
            Some(_) => self.fail(&row, &[OutgoingState::Leased], "ambiguous_chat").await?,
            None => self.fail(&row, &[OutgoingState::Leased], "chat_not_found").await?,
        }
        app.wake_reading.notify_one();
        Ok(Duration::ZERO)
    }
}

impl Worker {
    /// A sender for a slice.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app, not_pressed: Mutex::default() }
    }

    /// Runs until the slice stops; a send that has begun is brought to its end.
    pub async fn run(self) {
        worker::run(&self.app, &self, &self.app.wake_outgoing).await;
    }

    /// Puts back what is known not to have been sent: claims of a process that is gone, and intents without a press.
    async fn take_back(&self) -> Result<(), IngestError> {
        let (_turn, mut batch) = self.app.ingest.begin().await?;
        let generation = self.app.spec.generation;
        let mut changed = outgoing::release_stale(&mut batch.tx, generation).await?;
        let not_pressed: Vec<OutgoingId> = self.memory().iter().copied().collect();
        for id in &not_pressed {
            let step = Step::new(*id, &[OutgoingState::Intent], OutgoingState::Queued);
            changed.extend(outgoing::step(&mut batch.tx, &step, generation).await?);
        }
        for row in changed {
            batch.outgoing(row.outgoing);
        }
        self.app.ingest.finish(batch).await?;
        let mut memory = self.memory();
        for id in not_pressed {
            memory.remove(&id);
        }
        Ok(())
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, HashSet<OutgoingId>> {
        self.not_pressed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn send(&self, page: &dyn Page, chat: &StoredChat, row: StoredOutgoing) -> Result<(), IngestError> {
        let id = row.outgoing.id;
        let composing = Step::new(id, &[OutgoingState::Leased], OutgoingState::Composing);
        if self.step(&composing).await?.is_none() {
            return Ok(());
        }
        let draft = match self.draft(&row) {
            Ok(draft) => draft,
            Err(reason) => return self.fail(&row, &[OutgoingState::Composing], reason).await,
        };
        let pacing = &self.app.spec.pacing;
        let characters = u64::try_from(row.outgoing.text.chars().count()).unwrap_or(u64::MAX);
        let typing = Duration::from_millis(pacing.per_char_ms.saturating_mul(characters).min(pacing.max_typing_ms));
        let breaks = u32::try_from(row.outgoing.text.matches('\n').count()).unwrap_or(u32::MAX);
        let file = row.outgoing.file.as_ref().and_then(|file| file.file.as_ref()).map_or(0, |file| file.bytes >> 20);
        let file = MEGABYTE.saturating_mul(u32::try_from(file).unwrap_or(0));
        let find = if draft.reply.is_some() { FIND } else { Duration::ZERO };
        let more = LINE.saturating_mul(breaks).saturating_add(file).saturating_add(find);
        let target = target(chat);
        let job = if target.unlisted { LOADED_AGAIN } else { JOB };
        let deadline = job.saturating_add(typing).saturating_add(more);
        if target.unlisted && self.app.open_chat() != Some(chat.id) && self.is_sending().await? {
            // Loading the page again might lose what is on its way.
            let step = Step::new(id, &[OutgoingState::Composing], OutgoingState::Queued);
            return self.step(&Step { not_before: self.later(2), ..step }).await.map(drop);
        }
        self.app.set_open_chat(Some(chat.id));
        let ticket = match page.prepare(&target, &draft, typing, deadline).await {
            Ok(ticket) => ticket,
            Err(error) => return self.not_sent(&row, &[OutgoingState::Composing], &error).await,
        };
        let anchor = ticket.anchor().map(str::to_owned);
        // From here on a stored intent means "perhaps sent", unless this process knows better.
        self.memory().insert(id);
        match self.intend(id, chat.id, anchor.as_deref()).await {
            Ok(Some(_)) => {}
            Ok(None) => {
                // Taken back by a person, or the chat may not be written to any more; dropping the ticket clears
                // the composer, and what a person took back is not in the state that this leaves.
                drop(ticket);
                self.memory().remove(&id);
                return self.fail(&row, &[OutgoingState::Composing], "chat_not_allowed").await;
            }
            Err(error) => {
                // Whether the intent is stored is unknown, so the key is not pressed (DEL-06).
                drop(ticket);
                return Err(error);
            }
        }
        let noted = restored::note_press(&self.app).await;
        self.memory().remove(&id);
        let pressed = match noted {
            Ok(()) => ticket.press(BUBBLE).await,
            Err(error) => Err(error),
        };
        match pressed {
            Ok(Pressed::Bubble(bubble)) => self.bind(&row, chat, anchor.as_deref(), &bubble).await,
            Ok(Pressed::NotSeen) => {
                tracing::warn!(outgoing = %id, "no bubble was seen after the press; looking for evidence");
                Ok(())
            }
            Err(error) => self.not_sent(&row, &[OutgoingState::Intent], &error).await,
        }
    }

    async fn is_sending(&self) -> Result<bool, IngestError> {
        let mut tx = self.app.db.begin().await?;
        Ok(first_contacts::is_sending(&mut tx, self.app.now()).await?)
    }

    /// What the page is to be given, or why it cannot be.
    fn draft(&self, row: &StoredOutgoing) -> Result<Draft, &'static str> {
        let mut draft = Draft::text(&row.outgoing.text);
        if let Some(file) = &row.outgoing.file {
            let hash = row.file.ok_or("file_lost")?;
            let path = self.app.files.folder.file(&hash);
            if !path.is_file() {
                return Err("file_lost");
            }
            draft.file = Some(FileToSend { path, name: file.name.clone(), kind: file.kind });
        }
        if row.outgoing.reply_to.is_some() {
            draft.reply = Some(row.reply_key.clone().ok_or("quote_not_found")?);
        }
        Ok(draft)
    }

    /// The bubble is there: stores it, binds it, and the message is sent.
    async fn bind(
        &self,
        row: &StoredOutgoing,
        chat: &StoredChat,
        anchor: Option<&str>,
        bubble: &SeenMessage,
    ) -> Result<(), IngestError> {
        let seen = around(chat, anchor, bubble);
        let app = &self.app;
        app.holds.at("bubble").await;
        let (_turn, mut batch) = app.ingest.begin().await?;
        let read = app.ingest.conversation_in(&mut batch, &seen).await?;
        let Some((_, message)) = read.rows.last() else {
            return Ok(());
        };
        let now = batch.now;
        match outgoing::bind(&mut batch.tx, row.outgoing.id, *message, now, app.spec.generation).await {
            Ok(Some(bound)) => {
                let again = audit::has_send(&mut batch.tx, bound.outgoing.id).await?;
                let action = if again { "send_again" } else { "send" };
                audit::record(&mut batch.tx, &entry(&bound, action, "sent")).await?;
                self.settle_file(&mut batch, &bound, *message).await?;
                batch.outgoing(bound.outgoing);
                app.holds.at("binding").await;
                app.ingest.finish(batch).await
            }
            Ok(None) => Ok(()),
            Err(DbError::Constraint(name)) => {
                tracing::error!(constraint = name, outgoing = %row.outgoing.id, "the bubble belongs to another message");
                drop(batch);
                drop(_turn);
                let step = Step::new(row.outgoing.id, &[OutgoingState::Intent], OutgoingState::Uncertain);
                self.step(&step.because("bubble_taken")).await.map(drop)
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl Worker {
    /// What was sent is here already; the page need not be asked for it.
    async fn settle_file(
        &self,
        batch: &mut Batch,
        row: &StoredOutgoing,
        message: MessageId,
    ) -> Result<(), IngestError> {
        let (Some(hash), Some(file)) = (&row.file, &row.outgoing.file) else { return Ok(()) };
        if media::settle_own(&mut batch.tx, message, hash, &file.name).await?
            && let Some(message) = messages::find(&mut batch.tx, message).await?
        {
            batch.updated(message.message());
        }
        Ok(())
    }
}

/// The bubble below its anchor, as a window of the conversation.
pub(crate) fn around(chat: &StoredChat, anchor: Option<&str>, bubble: &SeenMessage) -> SeenConversation {
    let anchor = anchor.map(|key| SeenMessage { key: key.to_owned(), drawn: false, ..bubble.clone() });
    SeenConversation {
        title: chat.title.clone(),
        phone: chat.phone.clone(),
        address: None,
        subtitle: None,
        kind: ChatKind::Unknown,
        messages: anchor.into_iter().chain([bubble.clone()]).collect(),
        at_start: false,
        at_end: true,
        offline: false,
        writable: true,
    }
}
