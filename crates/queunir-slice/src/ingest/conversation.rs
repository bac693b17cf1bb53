//! An open conversation becomes messages: each row once, in the page's order, changed only forward.

use jiff::Timestamp;
use queunir_core::{
    chat::ChatKind,
    id::{ChatId, MessageId},
    message::{Direction, MessageKind, Source},
    text::comparable_body,
};
use queunir_db::slice::{
    audit,
    messages::{self, StoredMessage},
    outgoing,
};
use queunir_whatsapp::seen::{SeenConversation, SeenMessage};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    Batch, IngestError,
    absorb::absorb,
    identity::{Found, bounded, identify},
    place::{self, Ends},
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

/// A row of the window on its way into the store.
struct Row<'a> {
    seen: &'a SeenMessage,
    /// The stored row it is, as it was and as it becomes; absent for an undrawn unknown row.
    slot: Option<Slot>,
}

struct Slot {
    before: Option<StoredMessage>,
    now: StoredMessage,
    replaced_text: Option<String>,
}

/// Stores a window of a conversation.
pub async fn store(batch: &mut Batch, seen: &SeenConversation) -> Result<Read, IngestError> {
    let seen = &cleaned(seen);
    let found = identify(batch, &seen.title, seen.phone.as_deref()).await?;
    let chat = found.chat.id;
    let mut rows = recognise(batch, chat, &seen.messages).await?;
    adopt_provisional(batch, chat, &mut rows).await?;
    if seen.at_end {
        adopt_rekeyed(batch, chat, &mut rows).await?;
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
    }
    seen
}

fn hash8(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(8).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn minute(at: Option<Timestamp>) -> String {
    at.map_or_else(String::new, |at| at.as_second().div_euclid(60).to_string())
}

/// The key of a second author who uses a key that is taken.
fn second_key(seen: &SeenMessage) -> String {
    format!("{}~{}", seen.key, hash8(&[seen.sender.as_deref().unwrap_or(""), &minute(seen.sent_at)]))
}

/// Whether a row with a known key is another person's message; names alone change when a contact is saved.
fn is_another(stored: &StoredMessage, seen: &SeenMessage) -> bool {
    if !seen.drawn {
        return false;
    }
    let sender = stored.sender.is_some() && seen.sender.is_some() && stored.sender != seen.sender;
    let time = stored.sent_at_certain && seen.sent_at_certain && stored.sent_at != seen.sent_at;
    let text = !stored.edited
        && !seen.edited
        && !stored.cut
        && !seen.cut
        && seen.kind != MessageKind::Deleted
        && !stored.deleted
        && comparable_body(&stored.text) != comparable_body(&seen.text);
    (sender && (time || text)) || (time && text)
}

async fn recognise<'a>(batch: &mut Batch, chat: ChatId, seen: &'a [SeenMessage]) -> Result<Vec<Row<'a>>, IngestError> {
    let mut keys: Vec<String> = seen.iter().filter(|m| !m.key.is_empty()).map(|m| m.key.clone()).collect();
    keys.sort_unstable();
    keys.dedup();
    let known = messages::by_keys(&mut batch.tx, chat, &keys).await?;
    let mut taken: Vec<MessageId> = Vec::new();
    let mut new_keys: Vec<(Direction, String)> = Vec::new();
    let mut rows = Vec::with_capacity(seen.len());
    for message in seen {
        let stored = if message.key.is_empty() {
            find_keyless(batch, chat, message, &taken).await?
        } else {
            find_keyed(&known, message, &taken)
        };
        if let Some(stored) = stored {
            taken.push(stored.id);
            rows.push(Row { seen: message, slot: Some(update_slot(stored, message)) });
            continue;
        }
        if !message.drawn || is_repeated(&rows, message) {
            rows.push(Row { seen: message, slot: None });
            continue;
        }
        let mut row = blank(chat, message);
        let clash =
            known.iter().any(|other| clashes(other.direction, message.direction) && other.page_key == row.page_key);
        if !message.key.is_empty() && (clash || new_keys.contains(&(message.direction, message.key.clone()))) {
            row.key = Some(second_key(message));
            if new_keys.contains(&(message.direction, second_key(message))) {
                rows.push(Row { seen: message, slot: None });
                continue;
            }
            report_collision(batch, chat).await?;
        }
        if let Some(key) = &row.key {
            new_keys.push((message.direction, key.clone()));
        }
        absorb(&mut row, message);
        rows.push(Row { seen: message, slot: Some(Slot { before: None, now: row, replaced_text: None }) });
    }
    Ok(rows)
}

/// The same bubble twice in one window, as the page does for a moment while it redraws.
fn is_repeated(rows: &[Row<'_>], seen: &SeenMessage) -> bool {
    !seen.key.is_empty()
        && rows.iter().filter_map(|row| row.slot.as_ref()).any(|slot| {
            slot.now.page_key.as_deref() == Some(&seen.key)
                && clashes(slot.now.direction, seen.direction)
                && !is_another(&slot.now, seen)
        })
}

fn clashes(stored: Direction, seen: Direction) -> bool {
    stored == seen || stored == Direction::Unknown || seen == Direction::Unknown
}

/// The stored row of a key: same direction first, then one whose direction was or is unknown.
fn find_keyed(known: &[StoredMessage], seen: &SeenMessage, taken: &[MessageId]) -> Option<StoredMessage> {
    let second = second_key(seen);
    let mut candidates: Vec<&StoredMessage> = known
        .iter()
        .filter(|row| row.page_key.as_deref() == Some(&seen.key) && clashes(row.direction, seen.direction))
        .filter(|row| !taken.contains(&row.id))
        .collect();
    candidates.sort_by_key(|row| (row.direction != seen.direction, row.key.as_deref() != Some(second.as_str())));
    candidates.into_iter().find(|row| !is_another(row, seen)).cloned()
}

/// The stored row of a bubble without a readable key: same minute, author and body, the first not yet taken.
async fn find_keyless(
    batch: &mut Batch,
    chat: ChatId,
    seen: &SeenMessage,
    taken: &[MessageId],
) -> Result<Option<StoredMessage>, IngestError> {
    if !seen.drawn {
        return Ok(None);
    }
    let rows = messages::of_minute(&mut batch.tx, chat, seen.sent_at).await?;
    Ok(rows.into_iter().find(|row| !taken.contains(&row.id) && looks_like(row, seen)))
}

fn looks_like(row: &StoredMessage, seen: &SeenMessage) -> bool {
    clashes(row.direction, seen.direction)
        && (row.sender == seen.sender || row.sender.is_none() || seen.sender.is_none())
        && comparable_body(&row.text) == comparable_body(&seen.text)
}

async fn report_collision(batch: &mut Batch, chat: ChatId) -> Result<(), IngestError> {
    tracing::warn!("two messages of one chat share a key; both are kept");
    audit::record(
        &mut batch.tx,
        &audit::Entry {
            user: None,
            action: "key_collision",
            chat: Some(chat),
            outgoing: None,
            body_hash: None,
            result: "kept_both",
        },
    )
    .await?;
    Ok(())
}

fn update_slot(stored: StoredMessage, seen: &SeenMessage) -> Slot {
    let mut now = stored.clone();
    let mut replaced_text = None;
    if seen.drawn {
        replaced_text = absorb(&mut now, seen);
        if now.synthetic && !seen.key.is_empty() {
            now.synthetic = false;
            now.key = Some(seen.key.clone());
            now.page_key = Some(seen.key.clone());
        }
    }
    Slot { before: Some(stored), now, replaced_text }
}

fn blank(chat: ChatId, seen: &SeenMessage) -> StoredMessage {
    let id = MessageId(Uuid::now_v7());
    let synthetic = seen.key.is_empty();
    let key = if synthetic {
        let body = hash8(&[seen.sender.as_deref().unwrap_or(""), &comparable_body(&seen.text)]);
        format!("none:{}:{body}:{}", minute(seen.sent_at), id.0.simple())
    } else {
        seen.key.clone()
    };
    StoredMessage {
        id,
        chat_id: chat,
        direction: seen.direction,
        page_key: (!synthetic).then(|| key.clone()),
        key: Some(key),
        synthetic,
        sender: seen.sender.clone(),
        kind: seen.kind,
        deleted: false,
        text: String::new(),
        cut: false,
        sent_at: None,
        sent_at_certain: false,
        ack: None,
        failed: false,
        quoted: None,
        edited: false,
        forwarded: false,
        source: Source::List,
        order_key: String::new(),
        after: None,
    }
}

/// One line, single spaces: what a list preview makes of a body.
pub(super) fn as_preview(text: &str) -> String {
    comparable_body(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a list preview may stand for this row.
fn stands_for(preview: &StoredMessage, seen: &SeenMessage) -> bool {
    if seen.direction == Direction::Out {
        return false;
    }
    if seen.kind != MessageKind::Text && seen.kind == preview.kind {
        return true;
    }
    let (short, whole) = (as_preview(&preview.text), as_preview(&seen.text));
    let stem = short.trim_end_matches(['…', '.']).trim_end();
    short == whole
        || (!stem.is_empty() && short.len() > stem.len() && whole.starts_with(stem))
        || (short.chars().count() >= 40 && whole.starts_with(&short))
}

/// New incoming rows take the place and the id of the previews that stood for them; synthetic rows get their key.
async fn adopt_provisional(batch: &mut Batch, chat: ChatId, rows: &mut [Row<'_>]) -> Result<(), IngestError> {
    let is_new = |row: &Row<'_>| row.slot.as_ref().is_some_and(|slot| slot.before.is_none());
    if !rows.iter().any(is_new) {
        return Ok(());
    }
    let mut previews = messages::provisional(&mut batch.tx, chat).await?;
    let mut taken: Vec<MessageId> =
        rows.iter().filter_map(|row| row.slot.as_ref()?.before.as_ref()).map(|row| row.id).collect();
    // The newest rows first: a preview is of the end of the chat.
    for row in rows.iter_mut().rev() {
        let Some(slot) = row.slot.as_mut().filter(|slot| slot.before.is_none()) else { continue };
        let preview = previews.iter().rposition(|preview| stands_for(preview, row.seen));
        let adopted = match preview {
            Some(at) => Some(previews.remove(at)),
            None if row.seen.key.is_empty() => None,
            None => messages::of_minute(&mut batch.tx, chat, row.seen.sent_at)
                .await?
                .into_iter()
                .rfind(|other| other.synthetic && !taken.contains(&other.id) && looks_like(other, row.seen)),
        };
        if let Some(adopted) = adopted {
            taken.push(adopted.id);
            slot.now.id = adopted.id;
            slot.now.order_key.clone_from(&adopted.order_key);
            slot.now.after = adopted.after;
            slot.before = Some(adopted);
        }
    }
    Ok(())
}

/// A bubble of ours may get another key when the server has it; it stays the same message.
async fn adopt_rekeyed(batch: &mut Batch, chat: ChatId, rows: &mut [Row<'_>]) -> Result<(), IngestError> {
    let is_new = |row: &Row<'_>| {
        row.seen.direction != Direction::In && row.slot.as_ref().is_some_and(|slot| slot.before.is_none())
    };
    if !rows.iter().any(is_new) {
        return Ok(());
    }
    let mut pending = messages::pending(&mut batch.tx, chat).await?;
    pending.retain(|old| !rows.iter().any(|row| Some(&row.seen.key) == old.page_key.as_ref()));
    for row in rows.iter_mut().filter(|row| is_new(row)) {
        let close = |old: &StoredMessage| match (old.sent_at, row.seen.sent_at) {
            (Some(old), Some(new)) => (new.as_second() - old.as_second()).abs() <= 120,
            _ => true,
        };
        let Some(at) = pending.iter().position(|old| close(old) && looks_like(old, row.seen)) else { continue };
        let old = pending.remove(at);
        let Some(slot) = row.slot.as_mut() else { continue };
        if let (Some(from), Some(to)) = (&old.page_key, &slot.now.page_key) {
            outgoing::follow_anchor(&mut batch.tx, chat, from, to).await?;
        }
        slot.now.id = old.id;
        slot.now.order_key.clone_from(&old.order_key);
        slot.now.after = old.after;
        slot.before = Some(old);
    }
    Ok(())
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
        match &before {
            None => messages::insert(&mut batch.tx, &now).await?,
            Some(before) if *before != now => messages::update(&mut batch.tx, &now).await?,
            Some(_) => {}
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

/// Previews inside the range that was read completely stood for rows that are gone or read differently.
async fn drop_leftovers(
    batch: &mut Batch,
    chat: ChatId,
    seen: &SeenConversation,
    rows: &[(String, StoredMessage)],
) -> Result<(), IngestError> {
    let first = rows.first().map(|(_, row)| row);
    for preview in messages::provisional(&mut batch.tx, chat).await? {
        let covered = seen.at_start
            || first.is_some_and(|first| {
                preview.order_key > first.order_key
                    || (first.sent_at_certain && preview.sent_at.is_some() && preview.sent_at >= first.sent_at)
            });
        if covered && messages::remove_unconfirmed(&mut batch.tx, preview.id).await? {
            batch.removed(chat, preview.id);
        }
    }
    if seen.offline {
        return Ok(());
    }
    // A bubble of ours that never reached the server and is not in the page any more was never a message.
    for bubble in messages::pending(&mut batch.tx, chat).await? {
        let here = rows.iter().any(|(_, row)| row.id == bubble.id);
        let covered = first.is_some_and(|first| bubble.order_key > first.order_key) || seen.at_start;
        if !here && covered && messages::remove_unconfirmed(&mut batch.tx, bubble.id).await? {
            batch.removed(chat, bubble.id);
        }
    }
    Ok(())
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
