//! The rule by which looks at the page become stored rows: which stored row a seen row is, what that becomes, where it
//! goes, and which rows nothing stands behind any more (DEL-01, 02, 03).
//!
//! It is pure. What is stored and what was seen come in, a plan of changes comes out; `ingest` loads the one and writes
//! the other in one transaction. It lives in this crate, because no other knows both the page's rows and the store's.
//!
//! What holds of every plan, whatever was seen in whatever order:
//! - a stored row is at most one row of a window, and a row of a window at most one stored row;
//! - nothing that was read in a conversation is removed, except a bubble of ours that never reached the server;
//! - no field goes back: a kind never says less, a text is replaced only by an edit, ticks only rise (reactions, stars
//!   and pins come and go: of them the latest look is the truth);
//! - the rows of a window stand in the store as they stand in the window;
//! - a window that was stored changes nothing when it is seen again.

mod absorb;
mod adopt;
mod chat;
mod join;
mod place;
mod recognise;

use std::collections::HashSet;

use jiff::Timestamp;
use queunir_core::{
    id::{ChatId, MessageId},
    message::{Ack, Direction, Source},
};
use queunir_db::slice::messages::StoredMessage;
use queunir_whatsapp::seen::SeenConversation;
use uuid::Uuid;

pub use chat::{Listed, list_row, read_conversation, shows_news};
pub use join::{Joined, join, part};

/// Where new ids come from.
pub type Ids<'a> = &'a mut dyn FnMut() -> Uuid;

/// What a window may touch of a chat.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Rows with one of these keys: those of the window, and those that it would get beside a row with the same.
    pub keys: Vec<String>,
    /// Rows without a key of one of these minutes.
    pub minutes: Vec<Option<Timestamp>>,
    /// All rows of these minutes: the window has one without a key there.
    pub keyless: Vec<Option<Timestamp>>,
    /// The time of its first drawn row.
    pub first_at: Option<Timestamp>,
}

impl Asked {
    /// What this window may touch.
    #[must_use]
    pub fn by(seen: &SeenConversation) -> Self {
        let mut asked = Self { first_at: first_at(seen), ..Self::default() };
        for message in &seen.messages {
            let without_key = message.key.is_empty();
            if !without_key {
                asked.keys.extend([message.key.clone(), recognise::second_key(message)]);
            }
            if message.drawn {
                asked.minutes.push(message.sent_at);
                asked.keyless.extend(without_key.then_some(message.sent_at));
            }
        }
        for minutes in [&mut asked.minutes, &mut asked.keyless] {
            minutes.sort_unstable();
            minutes.dedup();
        }
        asked.keys.sort_unstable();
        asked.keys.dedup();
        asked
    }
}

/// What is stored of a chat, as far as a window can touch it: what [`Asked`] names, and every row that waits for its own
/// row to be read (previews, bubbles on their way).
#[derive(Clone, Debug, Default)]
pub struct Neighbourhood {
    /// The rows, in order.
    pub rows: Vec<StoredMessage>,
    /// Those of them that belong to an outgoing message.
    pub bound: HashSet<MessageId>,
    /// Places, rising: the rows', those directly above and below each of them and of `until`, the first and the last.
    pub places: Vec<String>,
    /// The last place of what is not newer than the window's first row.
    pub until: Option<String>,
    /// Whether `rows` are all rows of the chat.
    pub whole: bool,
}

impl Neighbourhood {
    /// A whole chat, in order, as the neighbourhood of any window.
    #[must_use]
    pub fn whole(rows: Vec<StoredMessage>, bound: HashSet<MessageId>, asked: &Asked) -> Self {
        let old = |row: &&StoredMessage| asked.first_at.is_some_and(|at| row.sent_at.is_some_and(|sent| sent <= at));
        let until = rows.iter().rfind(old).map(|row| row.order_key.clone());
        let places = rows.iter().map(|row| row.order_key.clone()).collect();
        Self { rows, bound, places, until, whole: true }
    }
}

/// One row to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Save {
    /// As it was; absent if it is new.
    pub before: Option<StoredMessage>,
    /// As it becomes.
    pub now: StoredMessage,
    /// The text that an edit replaced.
    pub replaced_text: Option<String>,
}

/// What a window changes; all of it or nothing is to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The window's rows as they will be stored, in its order, each with its key in the page.
    pub rows: Vec<(String, StoredMessage)>,
    /// Rows to store; only such as change.
    pub saves: Vec<Save>,
    /// Rows to remove: nothing stands behind them.
    pub removals: Vec<MessageId>,
    /// Bubbles of what somebody sent or forwarded, which are gone before they reached the server: what became of them is
    /// open.
    pub vanished: Vec<MessageId>,
    /// Bubbles of ours that got another key, old and new: who remembers the old one has to follow.
    pub rekeyed: Vec<(String, String)>,
    /// Rows that are kept beside another one with the same key.
    pub shared_keys: usize,
}

/// What a window makes of a chat; `None` if the rows have to be brought into another order, for which the whole chat is
/// needed.
#[must_use]
pub fn merge(near: &Neighbourhood, chat: ChatId, seen: &SeenConversation, ids: Ids<'_>) -> Option<Plan> {
    let mut plan = Plan::default();
    let mut rows = recognise::recognise(near, chat, &seen.messages, ids, &mut plan);
    adopt::previews_and_keyless(near, &mut rows, ids);
    if seen.at_end {
        adopt::rekeyed(near, seen.at_start, &mut rows, ids, &mut plan);
    }
    place::place_new(near, seen, &mut rows);
    place::link_neighbours(&mut rows);
    for recognise::Row { seen, slot } in rows {
        let Some(slot) = slot else { continue };
        plan.rows.push((seen.key.clone(), slot.now.clone()));
        plan.saves.push(Save { before: slot.before, now: slot.now, replaced_text: slot.replaced_text });
    }
    if !plan.rows.windows(2).all(|pair| pair[0].1.order_key < pair[1].1.order_key) {
        if !near.whole {
            return None;
        }
        place::rearrange(near, &mut plan);
    }
    if seen.messages.iter().all(|message| message.drawn) {
        drop_leftovers(near, seen, &mut plan);
    }
    plan.saves.retain(|save| save.before.as_ref() != Some(&save.now));
    plan.rows.retain(|(_, row)| row.source == Source::Row);
    Some(plan)
}

/// What a completely drawn range does not show, although it would, is gone: previews inside it, whose rows are read now,
/// and bubbles of ours that never reached the server; apart from the others those of messages that somebody sent.
fn drop_leftovers(near: &Neighbourhood, seen: &SeenConversation, plan: &mut Plan) {
    let (first, last) = (plan.rows.first().map(|(_, row)| row), plan.rows.last().map(|(_, row)| row));
    let here = |id: MessageId| plan.rows.iter().any(|(_, row)| row.id == id);
    let waits = |row: &StoredMessage| is_on_its_way(row) && !here(row.id);
    // Its own place may be a guess; what it was seen directly below is none.
    let hung_below = |row: &StoredMessage| {
        let mut above = row.after;
        for _ in 0..near.rows.len() {
            match above {
                Some(id) if here(id) => return seen.at_end || last.is_some_and(|last| last.id != id),
                Some(id) => above = near.rows.iter().find(|row| row.id == id && waits(row)).and_then(|row| row.after),
                None => break,
            }
        }
        seen.at_start && seen.at_end
    };
    let inside = |row: &StoredMessage| {
        let below = seen.at_start || first.is_some_and(|first| row.order_key > first.order_key);
        let above = seen.at_end || last.is_some_and(|last| row.order_key < last.order_key);
        let dated =
            |first: &StoredMessage| first.sent_at_certain && row.sent_at.is_some() && row.sent_at >= first.sent_at;
        (below && above) || (seen.at_end && first.is_some_and(dated))
    };
    let moved = |row: &StoredMessage| plan.saves.iter().find(|save| save.now.id == row.id).map(|save| save.now.clone());
    let gone = |row: &&StoredMessage| match row.source {
        Source::List => !here(row.id) && inside(&moved(row).unwrap_or_else(|| (*row).clone())),
        Source::Row => waits(row) && !seen.offline && hung_below(row),
    };
    let (vanished, removals) = near.rows.iter().filter(gone).map(|row| row.id).partition(|id| near.bound.contains(id));
    (plan.vanished, plan.removals) = (vanished, removals);
    plan.saves.retain(|save| !plan.removals.contains(&save.now.id));
}

/// Whether a bubble of ours has not reached the server yet, as far as is known. What somebody else wrote never waits.
fn is_on_its_way(row: &StoredMessage) -> bool {
    row.source == Source::Row && row.direction != Direction::In && row.ack == Some(Ack::Pending)
}

fn first_at(seen: &SeenConversation) -> Option<Timestamp> {
    seen.messages.iter().find(|message| message.drawn).and_then(|message| message.sent_at)
}
