//! The chat list becomes chats in its order, and the previews of unread chats stand for rows until those are read.

use std::collections::{HashMap, HashSet};

use queunir_core::id::ChatId;
use queunir_db::slice::{chats, messages};
use queunir_whatsapp::seen::{RowPicture, SeenChat, SeenList};
use uuid::Uuid;

use super::{
    Batch, IngestError,
    conversation::without_nul,
    identity::{Found, identify},
    write,
};
use crate::{merge::list_row, order};

/// Sort key of the first chat; half of the space is kept for chats that move to the top.
const RANK_START: i64 = 1 << 31;
/// Distance between neighbours. Too small and a move soon renumbers the list; too large and the space ends.
const RANK_GAP: i64 = 1 << 12;

/// What a stored sweep was worth.
#[derive(Clone, Debug)]
pub struct ListRead {
    /// Chats in the rows.
    pub rows: usize,
    /// Whether some chat now waits to be read.
    pub to_read: bool,
    /// Which look each chat was stored from.
    pub looks: Vec<(ChatId, u64)>,
    /// What each chat's row showed as its picture.
    pub pictures: Vec<(ChatId, RowPicture)>,
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
    let mut pictures = Vec::with_capacity(seen.rows.len());
    for row in &seen.rows {
        if row.title.is_empty() {
            continue;
        }
        let row = &cleaned(row);
        let mut chat = identify(batch, &row.title, row.phone.as_deref(), None).await?;
        if !done.insert(chat.chat.id) || looks.get(&chat.chat.id).is_some_and(|look| *look > row.look) {
            continue;
        }
        stored_from.push((chat.chat.id, row.look));
        if titles.get(&(row.title.as_str(), one_look(row))).is_some_and(|count| *count > 1) {
            chat.chat.ambiguous = true;
        } else if seen.complete {
            chat.chat.ambiguous = false;
        }
        // Of two chats with one name nobody knows whose picture it is.
        let picture = if chat.chat.ambiguous { RowPicture::Unknown } else { row.picture.clone() };
        pictures.push((chat.chat.id, picture));
        take_row(batch, &mut chat, row, open).await?;
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
    Ok(ListRead { rows: done.len(), to_read, looks: stored_from, pictures })
}

/// Takes over what a row says of its chat.
pub(super) async fn take_row(
    batch: &mut Batch,
    found: &mut Found,
    row: &SeenChat,
    open: Option<ChatId>,
) -> Result<(), IngestError> {
    let listed = list_row(found.before.as_ref(), &mut found.chat, row);
    let needed = listed.messages_needed(&found.chat);
    if needed > 0 {
        let recent = messages::page(&mut batch.tx, found.chat.id, None, needed).await?;
        let open = open == Some(found.chat.id);
        let saves = listed.settle(&mut found.chat, &recent, open, batch.now, &mut Uuid::now_v7);
        write::save(batch, &saves).await?;
    }
    Ok(())
}

/// A row without what PostgreSQL has no room for.
pub(super) fn cleaned(row: &SeenChat) -> SeenChat {
    SeenChat {
        title: without_nul(&row.title),
        phone: row.phone.as_deref().map(without_nul),
        preview: row.preview.as_deref().map(without_nul),
        preview_sender: row.preview_sender.as_deref().map(without_nul),
        time_text: without_nul(&row.time_text),
        ..row.clone()
    }
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

/// Chats that a complete list no longer shows keep their messages and lose their place. What waits to be read in them
/// goes on waiting, in case they come back.
async fn unlist_absent(batch: &mut Batch, present: &HashSet<ChatId>) -> Result<(), IngestError> {
    let ranked = chats::ranked(&mut batch.tx).await?;
    let absent: Vec<Uuid> = ranked.iter().filter(|(id, _)| !present.contains(id)).map(|(id, _)| id.0).collect();
    if absent.is_empty() {
        return Ok(());
    }
    for mut chat in chats::list_by_ids(&mut batch.tx, &absent).await? {
        chat.rank = None;
        chats::update(&mut batch.tx, &chat).await?;
        batch.chat(chat.chat());
    }
    Ok(())
}
