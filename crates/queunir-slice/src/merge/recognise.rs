//! Which stored message a row of the page is, if any; a key alone does not decide, because senders choose keys (DEL-01).

use jiff::Timestamp;
use queunir_core::{
    id::{ChatId, MessageId},
    message::{Ack, Direction, MessageKind, Source},
    text::comparable_body,
};
use queunir_db::slice::messages::StoredMessage;
use queunir_whatsapp::seen::SeenMessage;
use sha2::{Digest, Sha256};

use super::{Ids, Neighbourhood, Plan, absorb::absorb};

/// A row of the window on its way into the store.
pub(super) struct Row<'a> {
    pub(super) seen: &'a SeenMessage,
    /// The stored row it is, as it was and as it becomes; absent for an undrawn unknown row.
    pub(super) slot: Option<Slot>,
}

/// A row and what it is in the store.
pub(super) struct Slot {
    pub(super) before: Option<StoredMessage>,
    pub(super) now: StoredMessage,
    pub(super) replaced_text: Option<String>,
    /// False for a row without a key that is taken for one with a key: it may as well be another with the same words.
    pub(super) sure: bool,
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
pub(super) fn second_key(seen: &SeenMessage) -> String {
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

/// Finds the stored row of every row of a window, or prepares a new one.
pub(super) fn recognise<'a>(
    near: &Neighbourhood,
    chat: ChatId,
    seen: &'a [SeenMessage],
    ids: Ids<'_>,
    plan: &mut Plan,
) -> Vec<Row<'a>> {
    let mut taken: Vec<MessageId> = Vec::new();
    let mut new: Vec<(Direction, String)> = Vec::new();
    let mut rows: Vec<Row<'a>> = Vec::with_capacity(seen.len());
    for message in seen {
        let stored = if message.key.is_empty() {
            find_keyless(near, message, seen, &taken)
        } else {
            find_keyed(near, message, seen, &taken)
        };
        if let Some(stored) = stored {
            taken.push(stored.id);
            rows.push(Row { seen: message, slot: Some(update_slot(stored.clone(), message, ids)) });
            continue;
        }
        if !message.drawn || is_repeated(&rows, message) {
            rows.push(Row { seen: message, slot: None });
            continue;
        }
        let mut row = blank(chat, message, ids);
        let used = |key: &str| {
            let stored = near.rows.iter().filter(|other| clashes(other, message));
            let shared =
                |other: &StoredMessage| other.key.as_deref() == Some(key) || other.page_key.as_deref() == Some(key);
            stored.into_iter().any(shared) || new.contains(&(message.direction, key.to_owned()))
        };
        if !message.key.is_empty() && used(&message.key) {
            let second = second_key(message);
            // Somebody may have chosen that one too.
            row.key = Some(if used(&second) { format!("{second}~{}", row.id.0.simple()) } else { second });
            plan.shared_keys += 1;
        }
        new.extend(row.key.clone().map(|key| (message.direction, key)));
        absorb(&mut row, message, ids);
        rows.push(Row { seen: message, slot: Some(Slot { before: None, now: row, replaced_text: None, sure: true }) });
    }
    rows
}

/// The same bubble twice in one window, as the page does for a moment while it redraws.
fn is_repeated(rows: &[Row<'_>], seen: &SeenMessage) -> bool {
    !seen.key.is_empty()
        && rows.iter().filter_map(|row| row.slot.as_ref()).any(|slot| {
            slot.now.page_key.as_deref() == Some(&seen.key) && clashes(&slot.now, seen) && !is_another(&slot.now, seen)
        })
}

/// Whether two looks may be at one message, as far as its side tells.
fn clashes(stored: &StoredMessage, seen: &SeenMessage) -> bool {
    let (stored, seen) = (side(stored.direction, stored.ack), side(seen.direction, seen.ack));
    stored == seen || stored == Direction::Unknown || seen == Direction::Unknown
}

/// Whose it is for telling messages apart: only what is ours has ticks, whatever else is known of its side.
pub(super) fn side(direction: Direction, ack: Option<Ack>) -> Direction {
    if direction == Direction::Unknown && ack.is_some() { Direction::Out } else { direction }
}

/// The stored row of a key: same direction first, then one whose direction was or is unknown.
fn find_keyed<'a>(
    near: &'a Neighbourhood,
    seen: &SeenMessage,
    window: &[SeenMessage],
    taken: &[MessageId],
) -> Option<&'a StoredMessage> {
    let second = second_key(seen);
    let mut candidates: Vec<&StoredMessage> = near
        .rows
        .iter()
        .filter(|row| row.page_key.as_deref() == Some(&seen.key) && clashes(row, seen))
        .filter(|row| !taken.contains(&row.id))
        .collect();
    candidates.sort_by_key(|row| (row.direction != seen.direction, row.key.as_deref() != Some(second.as_str())));
    // Of an undrawn row only the key is known: with two of them it may be either.
    let another = || window.iter().any(|other| other.drawn && other.key == seen.key);
    if !seen.drawn && (candidates.len() > 1 || another()) {
        return None;
    }
    candidates.into_iter().find(|row| !is_another(row, seen))
}

/// The stored row of a bubble without a readable key: same minute, author and body, the first that no other row of the
/// window is.
fn find_keyless<'a>(
    near: &'a Neighbourhood,
    seen: &SeenMessage,
    window: &[SeenMessage],
    taken: &[MessageId],
) -> Option<&'a StoredMessage> {
    let another = |row: &StoredMessage| window.iter().any(|other| row.page_key.as_deref() == Some(&other.key));
    let same = |row: &&StoredMessage| row.source == Source::Row && row.sent_at == seen.sent_at && looks_like(row, seen);
    near.rows.iter().filter(same).find(|row| seen.drawn && !taken.contains(&row.id) && !another(row))
}

pub(super) fn looks_like(row: &StoredMessage, seen: &SeenMessage) -> bool {
    clashes(row, seen)
        && (row.sender == seen.sender || row.sender.is_none() || seen.sender.is_none())
        && comparable_body(&row.text) == comparable_body(&seen.text)
}

fn update_slot(stored: StoredMessage, seen: &SeenMessage, ids: Ids<'_>) -> Slot {
    let mut now = stored.clone();
    let mut replaced_text = None;
    let sure = stored.synthetic || !seen.key.is_empty();
    if seen.drawn && sure {
        replaced_text = absorb(&mut now, seen, ids);
    }
    Slot { before: Some(stored), now, replaced_text, sure }
}

fn blank(chat: ChatId, seen: &SeenMessage, ids: Ids<'_>) -> StoredMessage {
    let id = MessageId(ids());
    let synthetic = seen.key.is_empty();
    let key = if synthetic {
        let body = hash8(&[seen.sender.as_deref().unwrap_or(""), &comparable_body(&seen.text)]);
        format!("none:{}:{body}:{}", minute(seen.sent_at), id.0.simple())
    } else {
        seen.key.clone()
    };
    StoredMessage {
        page_key: (!synthetic).then(|| key.clone()),
        key: Some(key),
        synthetic,
        sender: seen.sender.clone(),
        kind: seen.kind,
        ..StoredMessage::new(id, chat, seen.direction, Source::List)
    }
}
