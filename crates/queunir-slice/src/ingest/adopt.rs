//! Stored rows that stood for a message until its own row was read: previews, bubbles without a key, bubbles on their way.

use queunir_core::{
    id::{ChatId, MessageId},
    message::{Direction, MessageKind},
    text::clean_name,
};
use queunir_db::slice::{
    messages::{self, StoredMessage},
    outgoing,
};
use queunir_whatsapp::seen::{SeenConversation, SeenMessage};

use super::{
    Batch, IngestError,
    absorb::absorb_files,
    recognise::{Row, looks_like},
};

/// One line, single spaces, no marks of direction: what a list preview makes of a body.
pub(super) fn as_preview(text: &str) -> String {
    clean_name(text)
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
pub(super) async fn adopt_provisional(
    batch: &mut Batch,
    chat: ChatId,
    rows: &mut [Row<'_>],
) -> Result<(), IngestError> {
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
            slot.now.media.clone_from(&adopted.media);
            absorb_files(&mut slot.now, row.seen);
            slot.before = Some(adopted);
        }
    }
    Ok(())
}

/// A bubble of ours may get another key when the server has it; it stays the same message. One that stands above the
/// window is not among these rows under any key.
pub(super) async fn adopt_rekeyed(
    batch: &mut Batch,
    chat: ChatId,
    at_start: bool,
    rows: &mut [Row<'_>],
) -> Result<(), IngestError> {
    let is_new = |row: &Row<'_>| {
        row.seen.direction != Direction::In && row.slot.as_ref().is_some_and(|slot| slot.before.is_none())
    };
    if !rows.iter().any(is_new) {
        return Ok(());
    }
    let mut pending = messages::pending(&mut batch.tx, chat).await?;
    let first = rows.iter().find_map(|row| row.slot.as_ref()?.before.as_ref()).map(|row| row.order_key.clone());
    let inside = |old: &StoredMessage| at_start || first.as_ref().is_none_or(|first| old.order_key > *first);
    pending.retain(|old| inside(old) && !rows.iter().any(|row| Some(&row.seen.key) == old.page_key.as_ref()));
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
        slot.now.media.clone_from(&old.media);
        absorb_files(&mut slot.now, row.seen);
        slot.before = Some(old);
    }
    Ok(())
}

/// Previews inside the range that was read completely stood for rows that are gone or read differently.
pub(super) async fn drop_leftovers(
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
