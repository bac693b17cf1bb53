//! Does what people asked to do to messages, one act at a time.
//!
//! ```text
//! claim ─> doing ─(the page brings the row to what is wished, or finds it so)─> stored with its row ─> done
//!            an error before a press: nothing happened, once more or failed
//!            a press without anything to be seen: the row is looked at again, at last a person decides
//! ```
//!
//! Everything but a forward is a goal that the row shows, so trying again does no harm. A forward is pressed at most
//! once; see `forward`.

mod forward;

use std::time::Duration;

use jiff::SignedDuration;
use queunir_core::{
    act::{ActState, Wish},
    link::{PageState, ReadingMode},
};
use queunir_db::slice::{
    acts::{self, Step, StoredAct},
    audit,
    chats::{self, StoredChat},
    messages::{self, StoredMessage},
};
use queunir_whatsapp::{ActError, Acted, Page, PageError};

use crate::{
    app::{App, target},
    browser::until,
    clock,
    ingest::IngestError,
    outgoing::body_hash,
    restored,
    worker::{self, Work},
};

/// How long the page may take for an act; the row may have to be searched for in older messages.
const JOB: Duration = Duration::from_secs(60);
/// Tries before a person is told.
const TRIES: i32 = 3;

/// The worker; one per slice.
pub struct Worker {
    app: App,
}

/// An act with what it is about.
struct Task {
    row: StoredAct,
    chat: StoredChat,
    message: StoredMessage,
    /// The message's key in the page.
    key: String,
}

impl Work for Worker {
    const NAME: &'static str = "acts";

    async fn pass(&self) -> Result<Duration, IngestError> {
        const IDLE: Duration = Duration::from_secs(5);
        let app = &self.app;
        let Some(page) = app.page().filter(|_| app.link.state() == PageState::Linked) else { return Ok(IDLE) };
        clock::follow(app).await?;
        if !self.settle_interrupted(page.as_ref()).await? {
            return Ok(Duration::from_secs(2));
        }
        // Held through a forward, so that it and a message never go out at once (POL-04).
        let sending = app.sending.try_lock().ok();
        let forwards = match &sending {
            Some(_) => forward::may_go(app).await?,
            None => false,
        };
        let (turn, mut batch) = app.ingest.begin().await?;
        let now = batch.now;
        let Some(row) = acts::claim(&mut batch.tx, app.spec.generation, now, forwards).await? else {
            let due = acts::next_due(&mut batch.tx).await?;
            return Ok(due.map_or(IDLE, |due| until(due, now)).clamp(Duration::from_millis(200), IDLE));
        };
        let chat = chats::find(&mut batch.tx, row.act.chat_id).await?;
        let message = messages::find(&mut batch.tx, row.act.message_id).await?;
        batch.act(row.act.clone());
        app.ingest.finish(batch).await?;
        drop(turn);
        if let Err(error) = restored::note_press(app).await {
            self.not_done(&row, &error.into()).await?;
            return Ok(IDLE);
        }
        match self.task(row.clone(), chat, message) {
            Ok(task) => match task.row.act.wish {
                Wish::Forward { to } => forward::forward(self, page.as_ref(), &task, to).await?,
                _ => self.bring(page.as_ref(), &task).await?,
            },
            Err(reason) => self.end(&row, ActState::Failed, Some(reason)).await?,
        }
        drop(sending);
        app.wake_reading.notify_one();
        Ok(Duration::ZERO)
    }
}

impl Worker {
    /// A worker for a slice.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// Runs until the slice stops; an act that has begun is brought to its end.
    pub async fn run(self) {
        worker::run(&self.app, &self, &self.app.wake_acts).await;
    }

    /// What an act is about, unless it may not be done now.
    fn task(
        &self,
        row: StoredAct,
        chat: Option<StoredChat>,
        message: Option<StoredMessage>,
    ) -> Result<Task, &'static str> {
        let chat = chat.ok_or("chat_not_found")?;
        let message = message.ok_or("message_not_found")?;
        if chat.ambiguous {
            return Err("ambiguous_chat");
        }
        if !may_open(&self.app, &chat) {
            return Err("not_open");
        }
        let key = message.page_key.clone().filter(|_| !message.synthetic).ok_or("not_read_yet")?;
        Ok(Task { row, chat, message, key })
    }

    /// Brings a message to what is wished.
    async fn bring(&self, page: &dyn Page, task: &Task) -> Result<(), IngestError> {
        self.app.set_open_chat(Some(task.chat.id));
        match page.act(&target(&task.chat), &task.key, &task.row.act.wish, JOB).await {
            Ok(acted) if acted.shown => self.done(task, &acted).await,
            Ok(acted) => {
                self.app.ingest.conversation(&acted.seen).await?;
                self.again(&task.row, acted.pressed, "not_shown").await
            }
            Err(error) => self.not_done(&task.row, &error).await,
        }
    }

    /// The row shows what was wished: it is stored, and the act is done, at once.
    async fn done(&self, task: &Task, acted: &Acted) -> Result<(), IngestError> {
        let app = &self.app;
        let (_turn, mut batch) = app.ingest.begin().await?;
        app.ingest.conversation_in(&mut batch, &acted.seen).await?;
        if let Some(mut message) = messages::find(&mut batch.tx, task.message.id).await? {
            let before = message.clone();
            match &task.row.act.wish {
                Wish::React { emoji } => message.own_reaction.clone_from(emoji),
                Wish::DeleteForMe => message.deleted_for_me = true,
                _ => {}
            }
            if message != before {
                messages::save(&mut batch.tx, &message).await?;
                batch.updated(message.message());
            }
        }
        let step = Step { pressed: acted.pressed, ..Step::new(task.row.act.id, &[ActState::Doing], ActState::Done) };
        if let Some(row) = acts::step(&mut batch.tx, &step, app.spec.generation).await? {
            record(&mut batch.tx, &row, "done").await?;
            batch.act(row.act);
        }
        app.ingest.finish(batch).await
    }

    /// The page failed at some point.
    async fn not_done(&self, row: &StoredAct, error: &ActError) -> Result<(), IngestError> {
        tracing::info!(%error, act = %row.act.id, kind = row.act.wish.name(), "an act was not brought to its end");
        let reason = match error {
            ActError::NoMessage => "message_not_found",
            ActError::NotOffered => "not_offered",
            ActError::Page(PageError::ChatNotFound) => "chat_not_found",
            ActError::Page(PageError::Ambiguous) => "ambiguous_chat",
            // These say nothing about the message; it waits for the page.
            ActError::Page(PageError::NotLinked | PageError::Gone | PageError::Cancelled) => {
                let step = Step::new(row.act.id, &[ActState::Doing], ActState::Queued);
                return self.step(&Step { not_before: self.later(2), ..step }).await;
            }
            ActError::Page(_) => return self.again(row, false, "page_failed").await,
            ActError::Unclear(_) => return self.again(row, true, "not_shown").await,
        };
        self.end(row, ActState::Failed, Some(reason)).await
    }

    /// Once more, or it is told what is known: nothing was pressed, or nothing can be said.
    async fn again(&self, row: &StoredAct, pressed: bool, reason: &str) -> Result<(), IngestError> {
        let pressed = pressed || row.pressed;
        if row.attempts + 1 >= TRIES {
            let (to, reason) = if pressed { (ActState::Uncertain, "not_shown") } else { (ActState::Failed, reason) };
            return self.end(row, to, Some(reason)).await;
        }
        let step = Step::new(row.act.id, &[ActState::Doing], ActState::Queued);
        let not_before = self.later(1 << row.attempts.clamp(0, 4));
        self.step(&Step { not_before, count_attempt: true, pressed, ..step }).await
    }

    fn later(&self, seconds: i64) -> Option<jiff::Timestamp> {
        self.app.now().saturating_add(SignedDuration::from_secs(seconds)).ok()
    }

    /// An end, with its entry in the trail.
    async fn end(&self, row: &StoredAct, to: ActState, reason: Option<&str>) -> Result<(), IngestError> {
        let step = Step { reason, ..Step::new(row.act.id, &[ActState::Doing], to) };
        let (_turn, mut batch) = self.app.ingest.begin().await?;
        if let Some(row) = acts::step(&mut batch.tx, &step, self.app.spec.generation).await? {
            record(&mut batch.tx, &row, reason.unwrap_or("done")).await?;
            batch.act(row.act);
        }
        self.app.ingest.finish(batch).await
    }

    /// A plain change of state with its event.
    async fn step(&self, step: &Step<'_>) -> Result<(), IngestError> {
        let (_turn, mut batch) = self.app.ingest.begin().await?;
        if let Some(row) = acts::step(&mut batch.tx, step, self.app.spec.generation).await? {
            batch.act(row.act);
        }
        self.app.ingest.finish(batch).await
    }

    /// What an earlier pass or process left in the middle: goals go back into the queue, because the row will tell; of
    /// a forward the other chat may tell. False if the page cannot be asked now.
    async fn settle_interrupted(&self, page: &dyn Page) -> Result<bool, IngestError> {
        let rows = {
            let mut tx = self.app.db.begin().await?;
            acts::interrupted(&mut tx).await?
        };
        for row in rows {
            if row.intent_at.is_some() {
                if !forward::recover(self, page, &row).await? {
                    return Ok(false);
                }
                continue;
            }
            let step = Step::new(row.act.id, &[ActState::Doing], ActState::Queued);
            self.step(&Step { pressed: !matches!(row.act.wish, Wish::Forward { .. }), ..step }).await?;
        }
        Ok(true)
    }
}

/// Whether a chat may be opened for this: in the mode *only what I open* only while somebody looks at it.
pub fn may_open(app: &App, chat: &StoredChat) -> bool {
    app.mode() == ReadingMode::Background || app.viewers.chats(app.now()).contains(&chat.id)
}

/// An entry of the audit trail about the end of an act (POL-03).
pub async fn record(
    tx: &mut queunir_db::slice::SliceTx,
    row: &StoredAct,
    result: &str,
) -> Result<(), queunir_db::DbError> {
    let hash = match &row.act.wish {
        Wish::Edit { text } => Some(body_hash(text)),
        _ => None,
    };
    let entry = audit::ActEntry {
        user: row.user,
        action: row.act.wish.name(),
        chat: row.act.chat_id,
        message: row.act.message_id,
        act: row.act.id,
        body_hash: hash.as_deref(),
        result,
    };
    audit::record_act(tx, &entry).await
}
