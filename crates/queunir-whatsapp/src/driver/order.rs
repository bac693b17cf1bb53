//! Where each chat stands in the list, as far as it was seen: a chat is looked for there before the list is walked.
//!
//! Only a place to begin: a chat that is not where it is thought to be is looked for from the top, row by row.

use std::collections::HashSet;

/// Most names that are kept.
const MOST: usize = 20_000;

/// Names of the list from its top, put together from the windows that were drawn.
#[derive(Default)]
pub(crate) struct Order {
    names: Vec<String>,
}

impl Order {
    /// Takes up rows that stand below each other, the first of them at `place`.
    pub(crate) fn met(&mut self, place: usize, names: Vec<String>) {
        let drawn: HashSet<&str> = names.iter().map(String::as_str).collect();
        self.names.retain(|name| !drawn.contains(name.as_str()));
        let at = place.min(self.names.len());
        self.names.splice(at..at, names);
        self.names.truncate(MOST);
    }

    /// How far down a chat stands, as a part of the list's length.
    pub(crate) fn part(&self, is_it: impl Fn(&str) -> bool) -> Option<f64> {
        let at = self.names.iter().position(|name| is_it(name))?;
        let (at, of) = (u32::try_from(at).ok()?, u32::try_from(self.names.len()).ok()?);
        Some((f64::from(at) + 0.5) / f64::from(of))
    }
}

#[cfg(test)]
mod tests {
    use super::Order;

    fn names(from: std::ops::Range<u32>) -> Vec<String> {
        from.map(|n| format!("chat {n}")).collect()
    }

    fn place(order: &Order, name: &str) -> Option<f64> {
        order.part(|one| one == name).map(|part| (part * 100.0).round() / 100.0)
    }

    #[test]
    fn windows_are_put_together_and_a_chat_that_rises_moves_the_others_down() {
        let mut order = Order::default();
        assert_eq!(place(&order, "chat 7"), None);
        order.met(0, names(0..6));
        order.met(5, names(5..10));
        assert_eq!(place(&order, "chat 7"), Some(0.75));
        order.met(0, vec!["chat 9".into(), "chat 0".into()]);
        assert_eq!(place(&order, "chat 9"), Some(0.05));
        assert_eq!(place(&order, "chat 7"), Some(0.85));
        order.met(0, vec!["new".into()]);
        assert_eq!(place(&order, "chat 8"), Some((10.0_f64 + 0.5) / 11.0).map(|part| (part * 100.0).round() / 100.0));
    }

    #[test]
    fn a_window_beyond_what_is_known_is_taken_as_its_end() {
        let mut order = Order::default();
        order.met(400, names(0..2));
        assert_eq!(place(&order, "chat 1"), Some(0.75));
    }
}
