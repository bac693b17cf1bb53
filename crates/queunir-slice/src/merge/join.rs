//! Where messages go when two chats turn out to be one, and which of them go back when they turn out to be two after all.
//!
//! It is pure, like the rest of the rule.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use queunir_core::id::MessageId;
use queunir_db::slice::join_moves::{Place, Placed};

use crate::order;

/// What becomes of the messages of a chat that is joined into another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// Messages that move, with their new places.
    pub places: Vec<Place>,
    /// Messages that the other has as well, each with that one; they stay.
    pub same: Vec<(MessageId, MessageId)>,
}

/// Lays the messages of one chat among those of another. Both keep their own order; messages that both have tie them
/// together, and between those the time decides, earlier first.
#[must_use]
pub fn join(from: &[Placed], into: &[Placed]) -> Joined {
    let known: HashMap<_, _> =
        into.iter().enumerate().filter_map(|(at, row)| row.key.as_ref().map(|key| (key, at))).collect();
    let twin = |row: &Placed| row.key.as_ref().and_then(|key| known.get(key)).copied();
    let same: HashMap<MessageId, MessageId> =
        from.iter().filter_map(|row| twin(row).map(|at| (row.id, into[at].id))).collect();
    let (times, from_times) = (rising_times(into), rising_times(from));
    // The places between two rows of `into`, each with what goes there.
    let mut slots: Vec<Vec<&Placed>> = vec![Vec::new(); into.len() + 1];
    let mut at = 0;
    for (here, row) in from.iter().enumerate() {
        if let Some(kept) = twin(row) {
            at = at.max(kept + 1);
            continue;
        }
        let next = from[here..].iter().find_map(twin).filter(|next| *next >= at).unwrap_or(into.len());
        while at < next && times[at] <= from_times[here] {
            at += 1;
        }
        slots[at].push(row);
    }
    let mut places = Vec::new();
    for (at, rows) in slots.iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
        let low = at.checked_sub(1).map(|above| into[above].order_key.as_str());
        let high = into.get(at).map(|below| below.order_key.as_str());
        for (row, order_key) in rows.iter().zip(order::between(low, high, rows.len())) {
            let after = row.after.map(|above| same.get(&above).copied().unwrap_or(above));
            places.push(Place { id: row.id, order_key, after });
        }
    }
    let same = from.iter().filter_map(|row| same.get(&row.id).map(|kept| (row.id, *kept))).collect();
    Joined { places, same }
}

/// Since when each row is there at the latest: its own time, or that of a row above it.
fn rising_times(rows: &[Placed]) -> Vec<Option<Timestamp>> {
    let mut latest = None;
    rows.iter()
        .map(|row| {
            latest = latest.max(row.sent_at);
            latest
        })
        .collect()
}

/// Which messages of a chat go back to the one that was joined into it, and to which places: those that came from there, as
/// they were, and those that were stored since and hang together with them and with nothing else. `stayed` are the
/// messages that never left the other.
#[must_use]
pub fn part(now: &[Placed], moved: &[Place], stayed: &[Placed]) -> Vec<Place> {
    let was: HashMap<MessageId, &Place> = moved.iter().map(|place| (place.id, place)).collect();
    let theirs: HashSet<MessageId> = with_hangers_on(now, &|row| was.contains_key(&row.id));
    let ours: HashSet<MessageId> = with_hangers_on(now, &|row| !was.contains_key(&row.id) && !row.is_new);
    let taken: HashSet<_> = stayed.iter().filter_map(|row| row.key.as_ref()).collect();
    let goes = |row: &&Placed| {
        let free = row.key.as_ref().is_none_or(|key| !taken.contains(key));
        free && (was.contains_key(&row.id) || (theirs.contains(&row.id) && !ours.contains(&row.id)))
    };
    let going: Vec<&Placed> = now.iter().filter(goes).collect();
    let ids: HashSet<MessageId> = going.iter().map(|row| row.id).chain(stayed.iter().map(|row| row.id)).collect();
    let mut used: Vec<&str> = stayed.iter().map(|row| row.order_key.as_str()).collect();
    used.extend(going.iter().filter_map(|row| was.get(&row.id)).map(|place| place.order_key.as_str()));
    used.sort_unstable();
    let mut places: Vec<Place> = Vec::with_capacity(going.len());
    let mut at = 0;
    while at < going.len() {
        if let Some(place) = was.get(&going[at].id) {
            let after = place.after.or(going[at].after).filter(|above| ids.contains(above));
            places.push(Place { after, ..(*place).clone() });
            at += 1;
            continue;
        }
        let end = (at..going.len()).find(|next| was.contains_key(&going[*next].id)).unwrap_or(going.len());
        let above = places.last().map(|place| place.order_key.clone());
        let low = above.as_deref();
        let high = match low {
            Some(low) => used.iter().find(|place| **place > low),
            None => used.first(),
        };
        let keys = order::between(low, high.copied(), end - at);
        for (row, order_key) in going[at..end].iter().zip(keys) {
            places.push(Place { id: row.id, order_key, after: row.after.filter(|above| ids.contains(above)) });
        }
        at = end;
    }
    places
}

/// These rows and the new ones that hang together with them: one stood directly above the other in the page.
fn with_hangers_on(rows: &[Placed], is_one: &dyn Fn(&Placed) -> bool) -> HashSet<MessageId> {
    let mut found: HashSet<MessageId> = rows.iter().filter(|row| is_one(row)).map(|row| row.id).collect();
    let new: HashSet<MessageId> = rows.iter().filter(|row| row.is_new).map(|row| row.id).collect();
    loop {
        let before = found.len();
        for row in rows {
            let Some(above) = row.after else { continue };
            if new.contains(&row.id) && found.contains(&above) {
                found.insert(row.id);
            }
            if new.contains(&above) && found.contains(&row.id) {
                found.insert(above);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(n: u128) -> MessageId {
        MessageId(Uuid::from_u128(n))
    }

    /// Rows of one chat: number, key, minute.
    fn chat(rows: &[(u128, &str, Option<i64>)]) -> Vec<Placed> {
        let keys = order::between(None, None, rows.len());
        let mut above = None;
        rows.iter()
            .zip(keys)
            .map(|((number, key, minute), order_key)| Placed {
                id: id(*number),
                key: Some(("in".to_owned(), (*key).to_owned())),
                sent_at: minute.map(|minute| Timestamp::from_second(minute * 60).unwrap()),
                order_key,
                after: above.replace(id(*number)),
                is_new: false,
            })
            .collect()
    }

    /// The numbers in the order of all places.
    fn merged(joined: &Joined, into: &[Placed]) -> Vec<u128> {
        let mut all: Vec<(&str, u128)> = into.iter().map(|row| (row.order_key.as_str(), row.id.0.as_u128())).collect();
        all.extend(joined.places.iter().map(|place| (place.order_key.as_str(), place.id.0.as_u128())));
        all.sort_unstable();
        all.into_iter().map(|(_, number)| number).collect()
    }

    #[test]
    fn messages_of_two_chats_are_laid_together_by_time() {
        let from = chat(&[(11, "k", Some(1)), (12, "l", None), (13, "m", Some(5))]);
        let into = chat(&[(1, "a", Some(0)), (2, "b", Some(2)), (3, "c", Some(6))]);
        assert_eq!(merged(&join(&from, &into), &into), [1, 11, 12, 2, 13, 3]);
    }

    #[test]
    fn what_both_have_ties_the_orders_together_and_is_there_once() {
        // The clock of the page was wrong in one of them.
        let from = chat(&[(11, "x", Some(90)), (12, "same", Some(91)), (13, "y", Some(92))]);
        let into = chat(&[(1, "a", Some(0)), (2, "same", Some(2)), (3, "c", Some(100))]);
        let joined = join(&from, &into);
        assert_eq!(joined.same, [(id(12), id(2))]);
        assert_eq!(merged(&joined, &into), [1, 11, 2, 13, 3]);
        assert_eq!(joined.places[1].after, Some(id(2)), "it hangs below the one that is kept");
    }

    #[test]
    fn what_came_since_goes_with_what_it_hangs_together_with() {
        let from = chat(&[(11, "k", Some(1)), (12, "l", Some(3))]);
        let into = chat(&[(1, "a", Some(0)), (2, "b", Some(2))]);
        let joined = join(&from, &into);
        let mut now = into.clone();
        for place in &joined.places {
            let row = from.iter().find(|row| row.id == place.id).unwrap();
            now.push(Placed { order_key: place.order_key.clone(), after: place.after, ..row.clone() });
        }
        let last = now.iter().map(|row| row.order_key.clone()).max().unwrap();
        let since = order::between(Some(&last), None, 3);
        let new = |number: u128, after: u128, key: &str| Placed {
            id: id(number),
            key: None,
            sent_at: None,
            order_key: key.to_owned(),
            after: (after > 0).then(|| id(after)),
            is_new: true,
        };
        now.extend([new(13, 12, &since[0]), new(3, 2, &since[1]), new(4, 0, &since[2])]);
        now.sort_by(|a, b| a.order_key.cmp(&b.order_key));
        let was: Vec<Place> =
            from.iter().map(|row| Place { id: row.id, order_key: row.order_key.clone(), after: row.after }).collect();
        let back = part(&now, &was, &[]);
        assert_eq!(back[..2], was[..], "as they were");
        assert_eq!(back.iter().map(|place| place.id).collect::<Vec<_>>(), [id(11), id(12), id(13)]);
        assert!(back.windows(2).all(|pair| pair[0].order_key < pair[1].order_key));
    }
}
