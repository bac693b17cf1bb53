//! Places between places: sortable texts, so that a row can be put between two others without moving them (DEL-03).
//!
//! A key is an integer part, whose first letter says how long it is, and an optional fraction; keys compare byte by
//! byte. Appending and prepending keep keys short; only repeated insertion into one spot lengthens them.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const FIRST: &str = "a0";

/// `count` keys strictly between two places, in order; places that contradict each other count as "after `low`".
#[must_use]
pub fn between(low: Option<&str>, high: Option<&str>, count: usize) -> Vec<String> {
    let high = high.filter(|high| low.is_none_or(|low| low < *high));
    let mut keys = Vec::with_capacity(count);
    fill(low, high, count, &mut keys);
    keys
}

fn fill(low: Option<&str>, high: Option<&str>, count: usize, keys: &mut Vec<String>) {
    match (count, low, high) {
        (0, _, _) => {}
        (1, _, _) => keys.push(one_between(low, high)),
        (_, _, None) => {
            let mut last = low.map(str::to_owned);
            for _ in 0..count {
                let key = one_between(last.as_deref(), None);
                last = Some(key.clone());
                keys.push(key);
            }
        }
        (_, None, Some(_)) => {
            let mut first = high.map(str::to_owned);
            let start = keys.len();
            for _ in 0..count {
                let key = one_between(None, first.as_deref());
                first = Some(key.clone());
                keys.push(key);
            }
            keys[start..].reverse();
        }
        _ => {
            let middle = one_between(low, high);
            let before = count / 2;
            fill(low, Some(&middle), before, keys);
            keys.push(middle.clone());
            fill(Some(&middle), high, count - before - 1, keys);
        }
    }
}

fn one_between(low: Option<&str>, high: Option<&str>) -> String {
    match (low, high) {
        (None, None) => FIRST.to_owned(),
        (None, Some(high)) => {
            let (whole, fraction) = split(high);
            if !fraction.is_empty() && !is_smallest(whole) {
                return whole.to_owned();
            }
            decrement(whole).unwrap_or_else(|| format!("{whole}{}", midpoint("", Some(fraction))))
        }
        (Some(low), None) => {
            let (whole, fraction) = split(low);
            increment(whole).unwrap_or_else(|| format!("{whole}{}", midpoint(fraction, None)))
        }
        (Some(low), Some(high)) => {
            let ((low_whole, low_fraction), (high_whole, high_fraction)) = (split(low), split(high));
            if low_whole == high_whole {
                return format!("{low_whole}{}", midpoint(low_fraction, Some(high_fraction)));
            }
            match increment(low_whole) {
                Some(next) if next.as_str() < high => next,
                _ => format!("{low_whole}{}", midpoint(low_fraction, None)),
            }
        }
    }
}

fn whole_length(head: u8) -> usize {
    match head {
        b'a'..=b'z' => usize::from(head - b'a') + 2,
        b'A'..=b'Z' => usize::from(b'Z' - head) + 2,
        _ => 1,
    }
}

fn split(key: &str) -> (&str, &str) {
    let length = key.bytes().next().map_or(0, whole_length).min(key.len());
    if key.is_char_boundary(length) { key.split_at(length) } else { (key, "") }
}

fn is_smallest(whole: &str) -> bool {
    whole.starts_with('A') && whole[1..].bytes().all(|b| b == b'0')
}

fn digit(byte: u8) -> usize {
    DIGITS.iter().position(|d| *d == byte).unwrap_or(0)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|_| FIRST.to_owned())
}

fn increment(whole: &str) -> Option<String> {
    let mut bytes = whole.as_bytes().to_vec();
    for byte in bytes.iter_mut().skip(1).rev() {
        let next = digit(*byte) + 1;
        if next < DIGITS.len() {
            *byte = DIGITS[next];
            return Some(text(bytes));
        }
        *byte = DIGITS[0];
    }
    match bytes.first().copied()? {
        b'Z' => Some(FIRST.to_owned()),
        b'z' => None,
        head => {
            let head = head + 1;
            bytes[0] = head;
            if head > b'a' {
                bytes.push(DIGITS[0])
            } else {
                bytes.truncate(whole_length(head))
            }
            Some(text(bytes))
        }
    }
}

fn decrement(whole: &str) -> Option<String> {
    if is_smallest(whole) {
        return None;
    }
    let mut bytes = whole.as_bytes().to_vec();
    for byte in bytes.iter_mut().skip(1).rev() {
        if let Some(previous) = digit(*byte).checked_sub(1) {
            *byte = DIGITS[previous];
            return Some(text(bytes));
        }
        *byte = DIGITS[61];
    }
    match bytes.first().copied()? {
        b'a' => Some("Zz".to_owned()),
        b'A' => None,
        head => {
            let head = head - 1;
            bytes[0] = head;
            if head < b'Z' {
                bytes.push(DIGITS[61])
            } else {
                bytes.truncate(whole_length(head))
            }
            Some(text(bytes))
        }
    }
}

/// A fraction between two fractions; `high` is absent for "one".
fn midpoint(low: &str, high: Option<&str>) -> String {
    let (low, high) = (low.as_bytes(), high.map(str::as_bytes));
    let mut out = Vec::new();
    let (mut at, mut high) = (0, high);
    loop {
        let a = low.get(at).copied().map_or(0, digit);
        let b = match high {
            Some(bytes) => bytes.get(at).copied().map_or(0, digit),
            None => DIGITS.len(),
        };
        if a == b && high.is_some_and(|bytes| at < bytes.len()) {
            out.push(DIGITS[a]);
            at += 1;
        } else if b > a + 1 {
            out.push(DIGITS[usize::midpoint(a, b)]);
            return text(out);
        } else if high.is_some_and(|bytes| at + 1 < bytes.len()) && b > a {
            out.push(DIGITS[b]);
            return text(out);
        } else {
            out.push(DIGITS[a]);
            at += 1;
            high = None;
        }
    }
}

/// Which items of a sequence may stay where they are: the members of a longest strictly rising subsequence.
#[must_use]
pub fn rising<T: Ord>(items: &[Option<T>]) -> Vec<bool> {
    let mut tails: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = vec![None; items.len()];
    for (index, item) in items.iter().enumerate() {
        let Some(item) = item else { continue };
        let place = tails.partition_point(|tail| items[*tail].as_ref().is_some_and(|tail| tail < item));
        previous[index] = place.checked_sub(1).map(|place| tails[place]);
        if place == tails.len() { tails.push(index) } else { tails[place] = index }
    }
    let mut kept = vec![false; items.len()];
    let mut at = tails.last().copied();
    while let Some(index) = at {
        kept[index] = true;
        at = previous[index];
    }
    kept
}

/// Orders rows by who stood directly above whom in the page; what nothing is known about stays where it is.
///
/// `rows` are (id, id of the row above) in their present order; the answer are indexes into it.
#[must_use]
pub fn arrange<I: Copy + Eq + std::hash::Hash>(rows: &[(I, Option<I>)]) -> Vec<usize> {
    use std::collections::HashMap;
    let index: HashMap<I, usize> = rows.iter().enumerate().map(|(at, row)| (row.0, at)).collect();
    let mut below: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut roots = Vec::new();
    for (at, (id, above)) in rows.iter().enumerate() {
        match above.filter(|above| above != id).and_then(|above| index.get(&above)) {
            Some(above) => below.entry(*above).or_default().push(at),
            None => roots.push(at),
        }
    }
    let mut order = Vec::with_capacity(rows.len());
    let mut placed = vec![false; rows.len()];
    // Whatever a circle of contradicting observations keeps from every root is appended in its present order.
    let starts = roots.into_iter().chain(0..rows.len()).collect::<Vec<_>>();
    for start in starts {
        let mut stack = vec![start];
        while let Some(at) = stack.pop() {
            if std::mem::replace(&mut placed[at], true) {
                continue;
            }
            order.push(at);
            if let Some(children) = below.get(&at) {
                stack.extend(children.iter().rev());
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ten_thousand_appended_keys_rise_and_stay_short() {
        let keys = between(None, None, 10_000);
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(keys.iter().all(|key| key.len() <= 4), "{:?}", keys.last());
        let older = between(None, Some(&keys[0]), 10_000);
        assert!(older.windows(2).all(|pair| pair[0] < pair[1]) && older[9_999] < keys[0]);
    }

    #[test]
    fn contradicting_places_count_as_after_the_first() {
        assert!(between(Some("a5"), Some("a3"), 1)[0].as_str() > "a5");
    }

    #[test]
    fn runs_that_were_read_apart_are_joined_in_the_order_of_the_page() {
        // Present order 3 4 1 2; the page showed 3 directly below 2.
        let rows = [(3, Some(2)), (4, Some(3)), (1, None), (2, Some(1))];
        let order: Vec<i32> = arrange(&rows).into_iter().map(|at| rows[at].0).collect();
        assert_eq!(order, [1, 2, 3, 4]);
    }

    #[test]
    fn a_circle_of_contradictions_loses_nobody() {
        let rows = [(1, Some(2)), (2, Some(1)), (3, None)];
        assert_eq!(arrange(&rows).len(), 3);
    }

    proptest! {
        #[test]
        fn a_key_fits_between_any_two_neighbours(places in proptest::collection::vec(0usize..64, 1..120)) {
            let mut keys = between(None, None, 2);
            for place in places {
                let place = place % (keys.len() + 1);
                let low = place.checked_sub(1).map(|at| keys[at].clone());
                let high = keys.get(place).cloned();
                let new = between(low.as_deref(), high.as_deref(), 1 + place % 3);
                keys.splice(place..place, new);
                prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
            }
        }

        #[test]
        fn what_stays_rises(items in proptest::collection::vec(proptest::option::of(0u8..30), 0..40)) {
            let kept = rising(&items);
            let staying: Vec<u8> = items.iter().zip(&kept).filter(|(_, kept)| **kept).filter_map(|(item, _)| *item).collect();
            prop_assert!(staying.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
