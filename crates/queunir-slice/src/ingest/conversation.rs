//! An open conversation becomes messages: each row once, in the page's order, changed only forward.

use queunir_core::{
    chat::ChatKind,
    id::{ChatId, MessageId},
    message::{Direction, Source},
};
use queunir_db::slice::{
    media,
    messages::{self, StoredMessage},
};
use queunir_whatsapp::seen::SeenConversation;

use super::{
    Batch, IngestError,
    adopt::{adopt_provisional, adopt_rekeyed, drop_leftovers},
    identity::{Found, bounded, identify},
    place::{self, Ends},
    recognise::{Row, Slot, recognise},
};

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
}

/// Stores a window of a conversation.
pub async fn store(batch: &mut Batch, seen: &SeenConversation) -> Result<Read, IngestError> {
    let seen = &cleaned(seen);
    let found = identify(batch, &seen.title, seen.phone.as_deref()).await?;
    let chat = found.chat.id;
    let mut rows = recognise(batch, chat, &seen.messages).await?;
    adopt_provisional(batch, chat, &mut rows).await?;
    if seen.at_end {
        adopt_rekeyed(batch, chat, seen.at_start, &mut rows).await?;
    }
    place_new(batch, chat, seen, &mut rows).await?;
    link_neighbours(&mut rows);
    let rows = write(batch, chat, rows).await?;
    let complete = seen.at_end && seen.messages.iter().all(|message| message.drawn);
    if complete {
        drop_leftovers(batch, chat, seen, &rows).await?;
    }
    settle_chat(batch, found, seen).await?;
    Ok(Read {
        chat,
        complete,
        at_start: seen.at_start,
        first: rows.first().map(|(_, row)| row.id),
        first_order: rows.first().map(|(_, row)| row.order_key.clone()),
        rows: rows.into_iter().map(|(key, row)| (key, row.id)).collect(),
    })
}

/// PostgreSQL has no room for NUL; everything else is kept.
pub(super) fn without_nul(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text.to_owned() }
}

fn cleaned(seen: &SeenConversation) -> SeenConversation {
    let mut seen = seen.clone();
    seen.title = without_nul(&seen.title);
    seen.phone = seen.phone.as_deref().map(without_nul);
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

/// Gives every new row a place between its known neighbours.
async fn place_new(
    batch: &mut Batch,
    chat: ChatId,
    seen: &SeenConversation,
    rows: &mut [Row<'_>],
) -> Result<(), IngestError> {
    let ends = Ends {
        at_start: seen.at_start,
        at_end: seen.at_end,
        first_at: seen.messages.iter().find(|m| m.drawn).and_then(|m| m.sent_at),
    };
    let mut slots: Vec<&mut Slot> = rows.iter_mut().filter_map(|row| row.slot.as_mut()).collect();
    let mut at = 0;
    while at < slots.len() {
        if slots[at].before.is_some() {
            at += 1;
            continue;
        }
        let end = (at..slots.len()).find(|next| slots[*next].before.is_some()).unwrap_or(slots.len());
        let above = at.checked_sub(1).map(|above| slots[above].now.order_key.clone());
        let below = slots.get(end).map(|below| below.now.order_key.clone());
        let keys = place::keys(batch, chat, above.as_deref(), below.as_deref(), ends, end - at).await?;
        for (slot, key) in slots[at..end].iter_mut().zip(keys) {
            slot.now.order_key = key;
        }
        at = end;
    }
    Ok(())
}

/// Remembers who stood directly above whom; an undrawn stranger in between leaves it open.
fn link_neighbours(rows: &mut [Row<'_>]) {
    let mut above: Option<MessageId> = None;
    for row in rows {
        let Some(slot) = &mut row.slot else {
            above = None;
            continue;
        };
        if above.is_some() {
            slot.now.after = above;
        }
        above = Some(slot.now.id);
    }
}

async fn write(
    batch: &mut Batch,
    chat: ChatId,
    rows: Vec<Row<'_>>,
) -> Result<Vec<(String, StoredMessage)>, IngestError> {
    let mut done: Vec<(String, StoredMessage)> = Vec::with_capacity(rows.len());
    let mut reports: Vec<(MessageId, bool)> = Vec::new();
    for Row { seen, slot } in rows {
        let Some(Slot { before, now, replaced_text }) = slot else { continue };
        if before.as_ref() != Some(&now) {
            messages::save(&mut batch.tx, &now).await?;
        }
        if before.as_ref().map(|before| &before.media) != Some(&now.media) {
            media::save(&mut batch.tx, now.id, &now.media).await?;
        }
        if let Some(text) = replaced_text {
            messages::keep_revision(&mut batch.tx, now.id, &text).await?;
        }
        if before.as_ref().map(StoredMessage::message) != Some(now.message()) {
            reports.push((now.id, before.is_none()));
        }
        done.push((seen.key.clone(), now));
    }
    if !done.windows(2).all(|pair| pair[0].1.order_key < pair[1].1.order_key) {
        for id in place::rearrange(batch, chat).await? {
            if !reports.iter().any(|(reported, _)| *reported == id) {
                reports.push((id, false));
            }
            if let (Some(now), Some(row)) =
                (messages::find(&mut batch.tx, id).await?, done.iter_mut().find(|(_, row)| row.id == id))
            {
                row.1 = now;
            }
        }
    }
    for (id, is_new) in reports {
        let row = match done.iter().find(|(_, row)| row.id == id) {
            Some((_, row)) => Some(row.message()),
            None => messages::find(&mut batch.tx, id).await?.map(|row| row.message()),
        };
        match row {
            Some(message) if is_new => batch.stored(message),
            Some(message) => batch.updated(message),
            None => {}
        }
    }
    done.retain(|(_, row)| row.source == Source::Row);
    Ok(done)
}

async fn settle_chat(batch: &mut Batch, mut found: Found, seen: &SeenConversation) -> Result<(), IngestError> {
    let chat = &mut found.chat;
    if seen.kind != ChatKind::Unknown {
        chat.kind = seen.kind;
    }
    chat.history_complete |= seen.at_start;
    if seen.at_end {
        let incoming = seen.messages.iter().filter(|m| m.drawn && m.direction != Direction::Out).count();
        let read = u32::try_from(incoming).unwrap_or(u32::MAX).min(chat.unread);
        chat.unread_stored = chat.unread_stored.max(read);
    }
    found.save(batch).await?;
    Ok(())
}
