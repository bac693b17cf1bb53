//! Stored rows that stood for a message until its own row was read: previews, bubbles without a key, bubbles on their way.

use queunir_core::{
    id::MessageId,
    message::{Direction, MessageKind, Source},
    text::clean_name,
};
use queunir_db::slice::messages::StoredMessage;
use queunir_whatsapp::seen::SeenMessage;

use super::{
    Ids, Neighbourhood, Plan,
    absorb::absorb,
    is_on_its_way,
    recognise::{Row, Slot, looks_like, side},
};

/// One line, single spaces, no marks of direction: what a list preview makes of a body.
pub(super) fn as_preview(text: &str) -> String {
    clean_name(text)
}

/// Whether the list says of a body what its preview says, perhaps cut.
pub(super) fn says(preview: &str, body: &str) -> bool {
    let (short, whole) = (as_preview(preview), as_preview(body));
    let stem = short.trim_end_matches(['…', '.']).trim_end();
    short == whole
        || (!stem.is_empty() && short.len() > stem.len() && whole.starts_with(stem))
        || (short.chars().count() >= 40 && whole.starts_with(&short))
}

/// Whether a list preview may stand for this row.
fn stands_for(preview: &StoredMessage, seen: &SeenMessage) -> bool {
    let same_kind = seen.kind != MessageKind::Text && seen.kind == preview.kind;
    side(seen.direction, seen.ack) != Direction::Out && (same_kind || says(&preview.text, &seen.text))
}

/// The row takes the id and the place of the preview that stood for it, of whose words nothing stays.
fn replace(slot: &mut Slot, preview: &StoredMessage) {
    slot.now.id = preview.id;
    slot.now.order_key.clone_from(&preview.order_key);
    slot.now.after = preview.after;
    slot.before = Some(preview.clone());
}

/// The row is a stored one that had no key, or another: what is known of it stays, and its key is the one it has now.
fn rekey(slot: &mut Slot, seen: &SeenMessage, old: &StoredMessage, ids: Ids<'_>) {
    let mut now = old.clone();
    slot.replaced_text = absorb(&mut now, seen, ids);
    now.key = slot.now.key.take();
    now.page_key = slot.now.page_key.take();
    now.synthetic = false;
    slot.now = now;
    slot.before = Some(old.clone());
}

/// New incoming rows take the place and the id of the previews that stood for them; rows without a key get theirs.
pub(super) fn previews_and_keyless(near: &Neighbourhood, rows: &mut [Row<'_>], ids: Ids<'_>) {
    let mut taken: Vec<MessageId> =
        rows.iter().filter_map(|row| row.slot.as_ref()?.before.as_ref()).map(|row| row.id).collect();
    // The newest rows first: a preview is of the end of the chat.
    for row in rows.iter_mut().rev() {
        let seen = row.seen;
        let Some(slot) = row.slot.as_mut().filter(|slot| slot.before.is_none()) else { continue };
        let free = || near.rows.iter().filter(|old| !taken.contains(&old.id));
        // A row whose author the page does not tell is not taken for what somebody is known to have written.
        let author = |old: &StoredMessage| old.sender.is_none() || old.sender == seen.sender;
        let same =
            |old: &&StoredMessage| old.synthetic && old.sent_at == seen.sent_at && author(old) && looks_like(old, seen);
        if let Some(old) = free().rfind(same).filter(|_| !seen.key.is_empty()) {
            taken.push(old.id);
            rekey(slot, seen, old, ids);
        } else if let Some(preview) = free().rfind(|old| old.source == Source::List && stands_for(old, seen)) {
            taken.push(preview.id);
            replace(slot, preview);
        }
    }
}

/// A bubble of ours may get another key when the server has it; it stays the same message. One that stands above the
/// window, or may do so, is not among these rows under any key.
pub(super) fn rekeyed(near: &Neighbourhood, at_start: bool, rows: &mut [Row<'_>], ids: Ids<'_>, plan: &mut Plan) {
    let first = rows.iter().find_map(|row| row.slot.as_ref()?.before.as_ref()).map(|row| row.order_key.clone());
    let inside = |old: &StoredMessage| at_start || first.as_ref().is_some_and(|first| old.order_key > *first);
    let shown = |old: &StoredMessage| {
        let same = |row: &Row<'_>| row.slot.as_ref().is_some_and(|slot| slot.now.id == old.id);
        rows.iter().any(|row| Some(&row.seen.key) == old.page_key.as_ref() || same(row))
    };
    let waits = |old: &&StoredMessage| is_on_its_way(old);
    let mut pending: Vec<&StoredMessage> =
        near.rows.iter().filter(waits).filter(|old| inside(old) && !shown(old)).collect();
    for row in rows.iter_mut().filter(|row| row.seen.direction != Direction::In && !row.seen.key.is_empty()) {
        let Some(slot) = row.slot.as_mut().filter(|slot| slot.before.is_none()) else { continue };
        let close = |old: &StoredMessage| match (old.sent_at, row.seen.sent_at) {
            (Some(old), Some(new)) => (new.as_second() - old.as_second()).abs() <= 120,
            _ => true,
        };
        let same = |old: &StoredMessage| old.kind == row.seen.kind && looks_like(old, row.seen);
        let Some(at) = pending.iter().position(|old| close(old) && same(old)) else { continue };
        let old = pending.remove(at);
        if let (Some(from), Some(to)) = (&old.page_key, &slot.now.page_key) {
            plan.rekeyed.push((from.clone(), to.clone()));
        }
        rekey(slot, row.seen, old, ids);
    }
}
