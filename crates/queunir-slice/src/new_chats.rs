//! Chats that a person begins by a telephone number: looked for here, then in the page, one at a time.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use queunir_core::{
    id::{ChatId, UserId},
    phone::PhoneNumber,
};
use queunir_db::slice::{
    aliases::{self, Evidence},
    audit, chats,
    first_contacts::is_sending,
};
use queunir_whatsapp::{ByNumber, Page, PageError, Priority};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    ingest::{IngestError, identity, opt_outs},
};

/// How long the page may take for all forms of a number; it is loaded again for each.
const LIMIT: Duration = Duration::from_secs(150);
/// How long is waited for a message on its way: loading the page again might lose it.
const SENDING: Duration = Duration::from_secs(30);
/// How many of the latest are remembered for those who ask.
const KEPT: usize = 20;

/// How far the search for a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NewChatState {
    /// WhatsApp is asked.
    Looking,
    /// The chat is there.
    Opened,
    /// It is not, and `reason` says why.
    Failed,
    /// WhatsApp did not answer in time; nothing was changed.
    Uncertain,
}

/// A chat that is begun by its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NewChat {
    /// To ask how far it is.
    pub id: Uuid,
    /// The number as it was understood, `+5511987654321`.
    pub number: String,
    /// How far it is.
    pub state: NewChatState,
    /// The form of the number under which WhatsApp knows the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened_as: Option<String>,
    /// The chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// Why not: a stable code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

impl NewChat {
    /// One that is there already.
    #[must_use]
    pub fn known(number: &PhoneNumber, opened_as: Option<String>, chat: ChatId) -> Self {
        let number = number.as_str().to_owned();
        Self { id: Uuid::now_v7(), number, state: NewChatState::Opened, opened_as, chat_id: Some(chat), reason: None }
    }

    fn ended(self, state: NewChatState, reason: &'static str) -> Self {
        Self { state, reason: Some(reason), ..self }
    }
}

/// The latest ones; a restart forgets them, and nothing is lost by that.
#[derive(Debug, Default)]
pub struct NewChats(Mutex<Vec<NewChat>>);

impl NewChats {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<NewChat>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One of the latest.
    #[must_use]
    pub fn find(&self, id: Uuid) -> Option<NewChat> {
        self.lock().iter().find(|one| one.id == id).cloned()
    }

    /// The one that is being looked for.
    #[must_use]
    pub fn looking(&self) -> Option<NewChat> {
        self.lock().iter().find(|one| one.state == NewChatState::Looking).cloned()
    }

    /// Begins to look for a number; nothing while another is being looked for.
    #[must_use]
    pub fn begin(&self, number: &PhoneNumber) -> Option<NewChat> {
        let mut all = self.lock();
        if all.iter().any(|one| one.state == NewChatState::Looking) {
            return None;
        }
        let (id, number) = (Uuid::now_v7(), number.as_str().to_owned());
        let begun = NewChat { id, number, state: NewChatState::Looking, opened_as: None, chat_id: None, reason: None };
        all.push(begun.clone());
        let surplus = all.len().saturating_sub(KEPT);
        all.drain(..surplus);
        Some(begun)
    }

    /// Forgets one that was begun and is not looked for after all.
    pub fn give_up(&self, id: Uuid) {
        self.lock().retain(|one| one.id != id);
    }

    fn put(&self, now: NewChat) {
        if let Some(one) = self.lock().iter_mut().find(|one| one.id == now.id) {
            *one = now;
        }
    }
}

/// The chat that is known under a number, in whichever form; and under which.
///
/// # Errors
/// When the database fails.
pub async fn known(app: &App, number: &PhoneNumber) -> Result<Option<(ChatId, String)>, IngestError> {
    let mut tx = app.db.begin().await?;
    for form in number.forms() {
        let alias = identity::phone_alias(form.as_str());
        if let Some((_, chat)) = aliases::resolve(&mut tx, &[alias]).await?.into_iter().next()
            && let Some(chat) = chats::find(&mut tx, chat).await?
        {
            return Ok(Some((chat.id, chat.phone.unwrap_or_else(|| form.as_str().to_owned()))));
        }
    }
    Ok(None)
}

/// Asks the page for a number and stores what it opens.
pub async fn look(app: App, page: std::sync::Arc<dyn Page>, user: UserId, number: PhoneNumber, begun: NewChat) {
    let ended = match settle(&app, page.as_ref(), &number, begun.clone()).await {
        Ok(ended) => ended,
        Err(error) => {
            tracing::warn!(%error, "a new chat was not stored");
            begun.ended(NewChatState::Uncertain, "internal")
        }
    };
    if let Err(error) = record(&app, user, &ended).await {
        tracing::warn!(%error, "the end of a new chat is not on record");
    }
    app.new_chats.put(ended);
    app.wake_reading.notify_one();
    app.wake_outgoing.notify_one();
}

async fn settle(app: &App, page: &dyn Page, number: &PhoneNumber, begun: NewChat) -> Result<NewChat, IngestError> {
    // Nothing may be on its way while the page is loaded again.
    let _sending = app.sending.lock().await;
    if !is_quiet(app).await? {
        return Ok(begun.ended(NewChatState::Failed, "still_sending"));
    }
    let opened = {
        let _way = app.on_the_way();
        app.set_open_chat(None);
        page.open_number(number, Priority::Open, LIMIT).await
    };
    match opened {
        Ok(found) => store(app, number, begun, &found).await,
        Err(error) => {
            tracing::info!(%error, "a number did not lead to a chat");
            let (state, reason) = reason(&error);
            Ok(begun.ended(state, reason))
        }
    }
}

/// Waits until no message is on its way; false when that lasts too long.
async fn is_quiet(app: &App) -> Result<bool, IngestError> {
    let patience = tokio::time::Instant::now() + SENDING;
    loop {
        let mut tx = app.db.begin().await?;
        if !is_sending(&mut tx, app.now()).await? {
            return Ok(true);
        }
        drop(tx);
        if tokio::time::Instant::now() > patience {
            return Ok(false);
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// The chat that the page shows becomes, or is, a stored one, and is known under every form of the number.
async fn store(app: &App, number: &PhoneNumber, begun: NewChat, found: &ByNumber) -> Result<NewChat, IngestError> {
    let (turn, mut batch) = app.ingest.begin().await?;
    let read = app.ingest.conversation_in(&mut batch, &found.seen).await?;
    let chat = chats::find(&mut batch.tx, read.chat).await?;
    let Some(mut chat) = chat.filter(|chat| !chat.ambiguous) else {
        return Ok(begun.ended(NewChatState::Failed, "ambiguous_chat"));
    };
    for form in number.forms() {
        let alias = identity::phone_alias(form.as_str());
        aliases::add(&mut batch.tx, &alias, read.chat, Evidence::NewChat, batch.now).await?;
    }
    let before = chat.opt_out;
    opt_outs::recall(&mut batch, &mut chat).await?;
    if chat.opt_out != before {
        batch.chat(chat.chat());
    }
    app.ingest.finish(batch).await?;
    drop(turn);
    app.set_open_chat(Some(read.chat));
    // Whoever asked for it is about to look at it.
    let _lease = app.viewers.look(read.chat, begun.id, app.now());
    Ok(NewChat {
        state: NewChatState::Opened,
        opened_as: Some(found.number.clone()),
        chat_id: Some(read.chat),
        ..begun
    })
}

fn reason(error: &PageError) -> (NewChatState, &'static str) {
    use NewChatState::{Failed, Uncertain};
    match error {
        PageError::NotOnWhatsApp => (Failed, "not_on_whatsapp"),
        PageError::Ambiguous => (Failed, "ambiguous_chat"),
        PageError::NotLinked => (Failed, "not_linked"),
        PageError::UnknownDialog => (Failed, "unknown_dialog"),
        PageError::Deadline | PageError::Gone | PageError::Cancelled => (Uncertain, "no_answer"),
        _ => (Failed, "page_failed"),
    }
}

async fn record(app: &App, user: UserId, ended: &NewChat) -> Result<(), IngestError> {
    let mut tx = app.db.begin().await?;
    let entry = audit::Entry {
        user: Some(user),
        action: "new_chat",
        chat: ended.chat_id,
        outgoing: None,
        body_hash: None,
        result: ended.reason.unwrap_or("opened"),
    };
    audit::record(&mut tx, &entry).await?;
    Ok(tx.commit().await?)
}
