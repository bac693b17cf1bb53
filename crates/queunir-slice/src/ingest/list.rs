//! The chat list becomes chats in its order, and the previews of unread chats stand for rows until those are read.

use std::collections::{HashMap, HashSet};

use jiff::SignedDuration;
use queunir_core::{
    chat::ChatKind,
    id::{ChatId, MessageId},
    message::{Direction, Source},
};
use queunir_db::slice::{
    chats::{self, StoredChat, StoredPreview},
    messages::{self, StoredMessage},
};
use queunir_whatsapp::seen::{SeenChat, SeenList};
use uuid::Uuid;

use super::{
    Batch, IngestError,
    adopt::as_preview,
    conversation::without_nul,
    identity::{Found, identify},
};
use crate::order;

/// Sort key of the first chat; half of the space is kept for chats that move to the top.
const RANK_START: i64 = 1 << 31;
/// Distance between neighbours. Too small and a move soon renumbers the list; too large and the space ends.
const RANK_GAP: i64 = 1 << 12;

/// How long the rows of an open chat may take after the list has shown them.
const OPEN_GRACE: SignedDuration = SignedDuration::from_secs(2);

/// What a stored sweep was worth.
#[derive(Clone, Debug)]
pub struct ListRead {
    /// Chats in the rows.
    pub rows: usize,
    /// Whether some chat now waits to be read.
    pub to_read: bool,
    /// Which look each chat was stored from.
    pub looks: Vec<(ChatId, u64)>,
}

/// Stores a sweep over the list, apart from rows of chats that a later look has shown already: a walk over the list
/// ends long after it met its first rows.
pub async fn store(
    batch: &mut Batch,
    seen: &SeenList,
    open: Option<ChatId>,
    looks: &HashMap<ChatId, u64>,
) -> Result<ListRead, IngestError> {
    // Two looks may have met one row in two places; only one look, or a list whose count is exact, shows two of a name.
    let one_look = |row: &SeenChat| if seen.complete { 0 } else { row.look };
    let mut titles: HashMap<(&str, u64), usize> = HashMap::new();
    for row in &seen.rows {
        *titles.entry((row.title.as_str(), one_look(row))).or_default() += 1;
    }
    let mut done: HashSet<ChatId> = HashSet::new();
    let mut found = Vec::with_capacity(seen.rows.len());
    let mut stored_from = Vec::with_capacity(seen.rows.len());
    for row in &seen.rows {
        if row.title.is_empty() {
            continue;
        }
        let row = &cleaned(row);
        let mut chat = identify(batch, &row.title, row.phone.as_deref()).await?;
        if !done.insert(chat.chat.id) || looks.get(&chat.chat.id).is_some_and(|look| *look > row.look) {
            continue;
        }
        stored_from.push((chat.chat.id, row.look));
        if titles.get(&(row.title.as_str(), one_look(row))).is_some_and(|count| *count > 1) {
            chat.chat.ambiguous = true;
        } else if seen.complete {
            chat.chat.ambiguous = false;
        }
        take_over(batch, &mut chat, row, open).await?;
        found.push(chat);
    }
    let from_top = seen.rows.first().is_some_and(|row| row.position == 0);
    rank(batch, &mut found, from_top).await?;
    let to_read = found.iter().any(|chat| chat.chat.to_read_since.is_some());
    for chat in found {
        chat.save(batch).await?;
    }
    if seen.complete && !seen.rows.is_empty() {
        unlist_absent(batch, &done).await?;
    }
    Ok(ListRead { rows: done.len(), to_read, looks: stored_from })
}

fn cleaned(row: &SeenChat) -> SeenChat {
    SeenChat {
        title: without_nul(&row.title),
        phone: row.phone.as_deref().map(without_nul),
        preview: row.preview.as_deref().map(without_nul),
        preview_sender: row.preview_sender.as_deref().map(without_nul),
        time_text: without_nul(&row.time_text),
        ..row.clone()
    }
}

fn preview_of(row: &SeenChat, old: Option<&StoredPreview>) -> Option<StoredPreview> {
    let Some(text) = &row.preview else {
        // Somebody types, or the row is half drawn: the last message is still the last message.
        let same_time = old.is_some_and(|old| old.time_text.as_deref() == Some(row.time_text.as_str()));
        return old.filter(|_| row.typing || same_time).cloned();
    };
    let old_time = old.filter(|old| row.time.is_none() && old.time_text.as_deref() == Some(row.time_text.as_str()));
    Some(StoredPreview {
        text: text.clone(),
        from_me: row.preview_from_me,
        sender: row.preview_sender.clone(),
        kind: row.preview_kind,
        ack: row.preview_ack,
        at: row.time.or(old_time.and_then(|old| old.at)),
        time_text: (!row.time_text.is_empty()).then(|| row.time_text.clone()),
    })
}

/// Whether the list shows a message that the last look did not show.
pub fn shows_news(old: &StoredChat, now: &StoredChat) -> bool {
    if now.unread > old.unread {
        return true;
    }
    match (&old.preview, &now.preview) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(old), Some(now)) => {
            let later = matches!((old.at, now.at), (Some(old), Some(now)) if now > old);
            (&old.text, old.from_me, &old.sender, old.kind) != (&now.text, now.from_me, &now.sender, now.kind) || later
        }
    }
}

async fn take_over(
    batch: &mut Batch,
    found: &mut Found,
    row: &SeenChat,
    open: Option<ChatId>,
) -> Result<(), IngestError> {
    let old = found.before.clone().unwrap_or_else(|| StoredChat::new(found.chat.id, String::new()));
    let chat = &mut found.chat;
    if row.kind != ChatKind::Unknown {
        chat.kind = row.kind;
    }
    chat.preview = preview_of(row, old.preview.as_ref());
    chat.unread = row.unread;
    chat.unread_stored = chat.unread_stored.min(row.unread);
    chat.marked_unread = row.marked_unread;
    chat.pinned = row.pinned;
    chat.muted = row.muted;
    chat.archived = row.archived;
    let news = shows_news(&old, chat);
    if chat.preview != old.preview
        && let Some(mut newest) = our_newest(batch, chat).await?
    {
        take_tick(batch, chat, &mut newest).await?;
        // What we sent ourselves is stored already; only an unread message would be news.
        if chat.unread <= old.unread {
            return Ok(());
        }
    }
    if !news {
        return Ok(());
    }
    chat.for_history = found.before.is_none() && chat.unread == 0;
    if chat.to_read_since.is_none() || old.for_history {
        chat.to_read_since = Some(batch.now);
        chat.read_attempts = 0;
        chat.read_not_before = None;
    }
    if open == Some(chat.id) {
        // Its rows come by themselves; should the page die before they do, the chat still waits to be read.
        chat.unread_stored = chat.unread;
        chat.read_not_before = batch.now.saturating_add(OPEN_GRACE).ok();
        return Ok(());
    }
    let incoming = chat.preview.as_ref().is_some_and(|preview| !preview.from_me && !preview.text.is_empty());
    if incoming && chat.unread > 0 && !chat.ambiguous && !row.typing {
        let badge = match old.unread {
            0 => Badge::Appeared,
            old if chat.unread > old => Badge::Grew,
            _ => Badge::Same,
        };
        keep_preview(batch, chat, badge).await?;
    }
    Ok(())
}

/// The newest stored message, if it is ours and the one that the list shows.
async fn our_newest(batch: &mut Batch, chat: &StoredChat) -> Result<Option<StoredMessage>, IngestError> {
    let Some(preview) = chat.preview.as_ref().filter(|preview| preview.from_me) else { return Ok(None) };
    let newest = messages::page(&mut batch.tx, chat.id, None, 1).await?.pop();
    Ok(newest.filter(|newest| {
        newest.direction == Direction::Out
            && as_preview(&newest.text) == as_preview(&preview.text)
            && (newest.sent_at.is_none() || preview.at.is_none() || newest.sent_at == preview.at)
    }))
}

/// The list shows how far our last message got; nobody needs to open the chat for that.
async fn take_tick(batch: &mut Batch, chat: &StoredChat, newest: &mut StoredMessage) -> Result<(), IngestError> {
    let ack = chat.preview.as_ref().and_then(|preview| preview.ack);
    if ack > newest.ack {
        newest.ack = ack;
        newest.failed = false;
        messages::save(&mut batch.tx, newest).await?;
        batch.updated(newest.message());
    }
    Ok(())
}

/// What the unread badge did since the last look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Badge {
    Appeared,
    Grew,
    Same,
}

/// Stores the preview of an unread chat as a message of its own, unless its row or the same preview is stored.
async fn keep_preview(batch: &mut Batch, chat: &mut StoredChat, badge: Badge) -> Result<(), IngestError> {
    let Some(preview) = chat.preview.clone() else { return Ok(()) };
    let recent = messages::page(&mut batch.tx, chat.id, None, 20).await?;
    let wanted = as_preview(&preview.text);
    let same = |message: &StoredMessage| {
        message.direction != Direction::Out
            && as_preview(&message.text) == wanted
            && (message.sent_at.is_none() || preview.at.is_none() || message.sent_at == preview.at)
    };
    // A row of this minute that says the same is this message, read before the list told of it. If it is another one
    // after all, the marker counts it. A preview that says the same is another message if the badge says so.
    let known = |source| recent.iter().any(|message| same(message) && message.source == source);
    if known(Source::Row) || (badge == Badge::Same && known(Source::List)) {
        return Ok(());
    }
    // A page that begins draws a row before its badge: the preview still stands for what it stood for.
    if badge == Badge::Appeared && known(Source::List) {
        chat.unread_stored = chat.unread_stored.max(1).min(chat.unread);
        return Ok(());
    }
    let low = messages::last_order(&mut batch.tx, chat.id).await?;
    let order_key = order::between(low.as_deref(), None, 1).pop().unwrap_or_default();
    let message = StoredMessage {
        sender: preview.sender.clone(),
        kind: preview.kind,
        text: preview.text.clone(),
        cut: true,
        sent_at: preview.at,
        sent_at_certain: preview.at.is_some(),
        order_key,
        ..StoredMessage::new(MessageId(Uuid::now_v7()), chat.id, Direction::In, Source::List)
    };
    messages::save(&mut batch.tx, &message).await?;
    batch.stored(message.message());
    // Another preview at the same count stands for a message that took the place of one read elsewhere.
    if badge != Badge::Same {
        chat.unread_stored = (chat.unread_stored + 1).min(chat.unread);
    }
    Ok(())
}

/// Gives every chat of a window a sort key so that the keys rise, moving as few chats as possible.
async fn rank(batch: &mut Batch, found: &mut [Found], from_top: bool) -> Result<(), IngestError> {
    let places: Vec<Option<i64>> = found.iter().map(|chat| chat.chat.rank).collect();
    let stays = order::rising(&places);
    let mut at = 0;
    while at < found.len() {
        if stays[at] {
            at += 1;
            continue;
        }
        let end = (at..found.len()).find(|next| stays[*next]).unwrap_or(found.len());
        let above = at.checked_sub(1).and_then(|above| found[above].chat.rank);
        let below = found.get(end).and_then(|below| below.chat.rank);
        let count = i64::try_from(end - at).unwrap_or(i64::MAX);
        let (low, high) = match (above, below) {
            (None, Some(below)) if !from_top => (chats::rank_below(&mut batch.tx, Some(below)).await?, Some(below)),
            (Some(above), None) => (Some(above), chats::rank_above(&mut batch.tx, above).await?),
            (None, None) => {
                let last = chats::rank_below(&mut batch.tx, None).await?;
                if from_top && last.is_some() {
                    (None, chats::rank_above(&mut batch.tx, i64::MIN).await?)
                } else {
                    (last, None)
                }
            }
            ends => ends,
        };
        let ranks = spread(low, high, count);
        let fits =
            ranks.as_ref().is_some_and(|ranks| ranks.iter().all(|rank| (0..=i64::from(u32::MAX)).contains(rank)));
        let Some(ranks) = ranks.filter(|_| fits) else {
            return renumber(batch, found).await;
        };
        for (chat, rank) in found[at..end].iter_mut().zip(ranks) {
            chat.chat.rank = Some(rank);
        }
        at = end;
    }
    Ok(())
}

/// Rising numbers strictly between two others; `None` if there is no room.
fn spread(low: Option<i64>, high: Option<i64>, count: i64) -> Option<Vec<i64>> {
    match (low, high) {
        (None, None) => Some((0..count).map(|n| RANK_START + n * RANK_GAP).collect()),
        (Some(low), None) => Some((1..=count).map(|n| low + n * RANK_GAP).collect()),
        (None, Some(high)) => Some((1..=count).rev().map(|n| high - n * RANK_GAP).collect()),
        (Some(low), Some(high)) => {
            let step = (high - low) / (count + 1);
            (step > 0).then(|| (1..=count).map(|n| low + n * step).collect())
        }
    }
}

/// Numbers the whole list anew: the window's chats in their order, where the first of them belongs.
async fn renumber(batch: &mut Batch, found: &mut [Found]) -> Result<(), IngestError> {
    let in_window: HashSet<ChatId> = found.iter().map(|chat| chat.chat.id).collect();
    let first = found.iter().filter_map(|chat| chat.before.as_ref().and_then(|chat| chat.rank)).min().unwrap_or(0);
    let ranked = chats::ranked(&mut batch.tx).await?;
    let others: Vec<(ChatId, i64)> = ranked.into_iter().filter(|(id, _)| !in_window.contains(id)).collect();
    let split = others.partition_point(|(_, rank)| *rank < first);
    let window: Vec<ChatId> = found.iter().map(|chat| chat.chat.id).collect();
    let order =
        others[..split].iter().map(|(id, _)| *id).chain(window).chain(others[split..].iter().map(|(id, _)| *id));
    let places: HashMap<ChatId, i64> =
        order.enumerate().map(|(n, id)| (id, RANK_START + i64::try_from(n).unwrap_or(0) * RANK_GAP)).collect();
    for chat in found.iter_mut() {
        chat.chat.rank = places.get(&chat.chat.id).copied();
    }
    let ids: Vec<Uuid> = others.iter().map(|(id, _)| id.0).collect();
    for mut chat in chats::list_by_ids(&mut batch.tx, &ids).await? {
        chat.rank = places.get(&chat.id).copied();
        chats::update(&mut batch.tx, &chat).await?;
        batch.chat(chat.chat());
    }
    Ok(())
}

/// Chats that a complete list no longer shows keep their messages and lose their place.
async fn unlist_absent(batch: &mut Batch, present: &HashSet<ChatId>) -> Result<(), IngestError> {
    let ranked = chats::ranked(&mut batch.tx).await?;
    let absent: Vec<Uuid> = ranked.iter().filter(|(id, _)| !present.contains(id)).map(|(id, _)| id.0).collect();
    if absent.is_empty() {
        return Ok(());
    }
    for mut chat in chats::list_by_ids(&mut batch.tx, &absent).await? {
        chat.rank = None;
        chat.to_read_since = None;
        chats::update(&mut batch.tx, &chat).await?;
        batch.chat(chat.chat());
    }
    Ok(())
}
