//! Where new rows go among the stored ones, and how runs that were read apart are joined (DEL-03).

use std::collections::{HashMap, HashSet};

use queunir_core::id::MessageId;
use queunir_db::slice::messages::StoredMessage;
use queunir_whatsapp::seen::SeenConversation;

use super::{
    Neighbourhood, Plan, Save, first_at,
    recognise::{Row, Slot},
};
use crate::order;

/// Gives every new row a place between its known neighbours.
pub(super) fn place_new(near: &Neighbourhood, seen: &SeenConversation, rows: &mut [Row<'_>]) {
    let mut slots: Vec<&mut Slot> =
        rows.iter_mut().filter_map(|row| row.slot.as_mut().filter(|slot| slot.sure)).collect();
    let mut at = 0;
    while at < slots.len() {
        if slots[at].before.is_some() {
            at += 1;
            continue;
        }
        let end = (at..slots.len()).find(|next| slots[*next].before.is_some()).unwrap_or(slots.len());
        let above = at.checked_sub(1).map(|above| slots[above].now.order_key.as_str());
        let below = slots.get(end).map(|below| below.now.order_key.as_str());
        let (low, high) = ends(near, seen, above, below);
        let keys = order::between(low, high, end - at);
        for (slot, key) in slots[at..end].iter_mut().zip(keys) {
            slot.now.order_key = key;
        }
        at = end;
    }
}

/// Between which places a run of new rows belongs that stands directly between two known neighbours in the page.
fn ends<'a>(
    near: &'a Neighbourhood,
    seen: &SeenConversation,
    above: Option<&'a str>,
    below: Option<&'a str>,
) -> (Option<&'a str>, Option<&'a str>) {
    let places = || near.places.iter().map(String::as_str);
    let after = |low: &str| places().find(|place| *place > low);
    match (above, below) {
        (Some(above), _) => (Some(above), after(above)),
        (None, Some(below)) => (places().rfind(|place| *place < below), Some(below)),
        (None, None) if seen.at_end => (places().next_back(), None),
        (None, None) if seen.at_start => (None, places().next()),
        (None, None) => {
            let low = if first_at(seen).is_some() { near.until.as_deref() } else { places().next_back() };
            (low, low.map_or_else(|| places().next(), after))
        }
    }
}

/// Remembers who stood directly above whom; an undrawn stranger in between leaves it open.
pub(super) fn link_neighbours(rows: &mut [Row<'_>]) {
    let mut above: Option<MessageId> = None;
    for row in rows {
        let Some(slot) = row.slot.as_mut().filter(|slot| slot.sure) else {
            above = None;
            continue;
        };
        if above.is_some() {
            slot.now.after = above;
        }
        above = Some(slot.now.id);
    }
}

/// Brings a chat into the order in which the page showed its rows, moving as few as possible.
pub(super) fn rearrange(near: &Neighbourhood, plan: &mut Plan) {
    let mut rows: Vec<StoredMessage> = plan.saves.iter().map(|save| save.now.clone()).collect();
    rows.extend(near.rows.iter().filter(|row| !plan.saves.iter().any(|save| save.now.id == row.id)).cloned());
    rows.sort_by(|a, b| (&a.order_key, a.id).cmp(&(&b.order_key, b.id)));
    let mut links: Vec<_> = rows.iter().map(|row| (row.id, row.after)).collect();
    for stale in contradicted(&links, plan) {
        links[stale].1 = None;
        change(plan, &rows[stale], |row| row.after = None);
    }
    let wanted = order::arrange(&links);
    let places: Vec<Option<&str>> = wanted.iter().map(|at| Some(rows[*at].order_key.as_str())).collect();
    let stays = order::rising(&places);
    let mut low: Option<String> = None;
    let mut at = 0;
    while at < wanted.len() {
        if stays[at] {
            low = Some(rows[wanted[at]].order_key.clone());
            at += 1;
            continue;
        }
        let end = (at..wanted.len()).find(|next| stays[*next]).unwrap_or(wanted.len());
        let high = wanted.get(end).map(|next| rows[*next].order_key.as_str());
        for (row, key) in wanted[at..end].iter().zip(order::between(low.as_deref(), high, end - at)) {
            change(plan, &rows[*row], |row| row.order_key.clone_from(&key));
        }
        at = end;
    }
}

/// Links of earlier windows that lead from a row of this one up to a row below it, or round in a circle.
fn contradicted(links: &[(MessageId, Option<MessageId>)], plan: &Plan) -> Vec<usize> {
    let index: HashMap<MessageId, usize> = links.iter().enumerate().map(|(at, link)| (link.0, at)).collect();
    let window: HashMap<MessageId, usize> = plan.rows.iter().enumerate().map(|(at, (_, row))| (row.id, at)).collect();
    let mut stale = Vec::new();
    for (place, (_, row)) in plan.rows.iter().enumerate() {
        let mut passed = HashSet::new();
        let mut at = index.get(&row.id).copied();
        while let Some(here) = at {
            let above = links[here].1.filter(|_| !stale.contains(&here));
            if above.is_some_and(|above| window.get(&above).is_some_and(|above| *above >= place))
                || !passed.insert(here)
            {
                stale.push(here);
                break;
            }
            at = above.filter(|above| !window.contains_key(above)).and_then(|above| index.get(&above).copied());
        }
    }
    stale
}

/// Changes a row that the plan stores, or will store now.
fn change(plan: &mut Plan, row: &StoredMessage, change: impl Fn(&mut StoredMessage)) {
    if let Some((_, row)) = plan.rows.iter_mut().find(|(_, other)| other.id == row.id) {
        change(row);
    }
    if let Some(save) = plan.saves.iter_mut().find(|save| save.now.id == row.id) {
        return change(&mut save.now);
    }
    let mut now = row.clone();
    change(&mut now);
    plan.saves.push(Save { before: Some(row.clone()), now, replaced_text: None });
}
