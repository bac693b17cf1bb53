//! An open conversation becomes messages, by the rule of [`crate::merge`].

use std::collections::HashSet;

use queunir_core::id::{ChatId, MessageId};
use queunir_db::slice::messages::StoredMessage;
use queunir_whatsapp::seen::SeenConversation;

use super::{
    Batch, IngestError, facts, holes,
    identity::{bounded, identify},
    write,
};
use crate::merge::read_conversation;

/// What a stored window was worth.
#[derive(Clone, Debug)]
pub struct Read {
    /// Which chat.
    pub chat: ChatId,
    /// Every row was drawn and the last one is the newest.
    pub complete: bool,
    /// Its first row is the first of the history.
    pub at_start: bool,
    /// The oldest drawn row.
    pub first: Option<MessageId>,
    /// Its place.
    pub first_order: Option<String>,
    /// The drawn rows as stored, in page order.
    pub rows: Vec<(String, MessageId)>,
    /// How many of them are new.
    pub added: usize,
    /// The newest message of the conversation was read for the first time, others of the window were before.
    pub news: bool,
    /// Keys of rows that are not drawn and not known: their words were never seen.
    pub unread: Vec<String>,
}

/// Stores a window of a conversation.
pub async fn store(batch: &mut Batch, seen: &SeenConversation) -> Result<Read, IngestError> {
    let seen = &cleaned(seen);
    let mut found = identify(batch, &seen.title, seen.phone.as_deref(), Some(seen)).await?;
    let chat = found.chat.id;
    let plan = write::plan(batch, chat, seen).await?;
    write::all(batch, chat, &plan).await?;
    holes::look(batch, chat, &plan.rows, seen.at_start).await?;
    read_conversation(&mut found.chat, seen);
    let stored = found.save(batch).await?;
    facts::from_composer(batch, &stored, &seen.title, seen.phone.as_deref()).await?;
    let first = plan.rows.first().map(|(_, row)| row);
    let is_new = |row: &StoredMessage| {
        let never_read = |before: Option<&StoredMessage>| before.is_none_or(|before| before.key.is_none());
        plan.saves.iter().any(|save| save.now.id == row.id && never_read(save.before.as_ref()))
    };
    Ok(Read {
        chat,
        complete: seen.at_end && seen.messages.iter().all(|message| message.drawn),
        at_start: seen.at_start,
        first: first.map(|row| row.id),
        first_order: first.map(|row| row.order_key.clone()),
        rows: plan.rows.iter().map(|(key, row)| (key.clone(), row.id)).collect(),
        news: seen.at_end
            && plan.rows.last().is_some_and(|(_, row)| is_new(row))
            && !plan.rows.iter().all(|(_, row)| is_new(row)),
        added: plan.saves.iter().filter(|save| save.before.is_none()).count(),
        unread: strangers(seen, &plan.rows),
    })
}

/// Keys of rows that are not drawn and not stored.
fn strangers(seen: &SeenConversation, rows: &[(String, StoredMessage)]) -> Vec<String> {
    let known: HashSet<&str> = rows.iter().map(|(key, _)| key.as_str()).collect();
    let hidden = seen.messages.iter().filter(|message| !message.drawn && !message.key.is_empty());
    hidden.filter(|message| !known.contains(message.key.as_str())).map(|message| message.key.clone()).collect()
}

/// PostgreSQL has no room for NUL; everything else is kept.
pub(super) fn without_nul(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text.to_owned() }
}

fn cleaned(seen: &SeenConversation) -> SeenConversation {
    let mut seen = seen.clone();
    seen.title = without_nul(&seen.title);
    seen.phone = seen.phone.as_deref().map(without_nul);
    seen.address = seen.address.as_deref().map(without_nul);
    for message in &mut seen.messages {
        message.key = bounded(&without_nul(&message.key));
        message.text = without_nul(&message.text);
        message.sender = message.sender.as_deref().map(without_nul);
        if let Some(quote) = &mut message.quoted {
            quote.text = without_nul(&quote.text);
            quote.sender = quote.sender.as_deref().map(without_nul);
        }
        for file in &mut message.files {
            file.name = file.name.as_deref().map(|name| bounded(&without_nul(name)));
            file.size_text = file.size_text.as_deref().map(|text| bounded(&without_nul(text)));
        }
    }
    seen
}
