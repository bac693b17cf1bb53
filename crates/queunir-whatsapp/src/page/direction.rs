//! Who wrote a bubble: eight signals, strongest first, and `unknown` where they disagree (evidence 3.3).

use queunir_core::message::Direction;

/// What each signal says; absent where it says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signals {
    /// Packed `data-id` (`true_`, `false_`).
    pub id: Option<Direction>,
    /// Class `message-out` or `message-in`.
    pub class: Option<Direction>,
    /// Tail icon.
    pub tail: Option<Direction>,
    /// A delivery state is drawn inside the bubble: only ours have one.
    pub status: bool,
    /// Hidden author label.
    pub label: Option<Direction>,
    /// Sender in `data-pre-plain-text`.
    pub sender: Option<Direction>,
    /// Side of the pane.
    pub side: Option<Direction>,
    /// Direction of the bubble above in the same run.
    pub run: Option<Direction>,
}

/// Combines the signals.
///
/// The first five come from the page's own knowledge and must agree. The sender's name decides only when none of them
/// speaks (equal names collide) and geometry does not contradict. Geometry decides before the run does. Anything that
/// disagrees is `Unknown`: text that may be ours is never answered as theirs, and theirs never taken for ours.
#[must_use]
pub fn combine(signals: &Signals) -> Direction {
    let strong = [signals.id, signals.class, signals.tail, signals.status.then_some(Direction::Out), signals.label];
    agreed(&strong).or_else(|| agreed(&[signals.sender, signals.side])).or(signals.run).unwrap_or(Direction::Unknown)
}

/// The one direction that is named, `Unknown` when both are, nothing when none is.
fn agreed(signals: &[Option<Direction>]) -> Option<Direction> {
    signals.iter().flatten().copied().reduce(|a, b| if a == b { a } else { Direction::Unknown })
}

/// A `data-id` taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataId<'a> {
    /// What a packed id says.
    pub direction: Option<Direction>,
    /// The key alone.
    pub key: &'a str,
    /// The packed chat; empty for a bare key.
    pub chat: &'a str,
}

/// Takes a `data-id` apart: `true_<chat>_<key>[_<participant>]`, or the bare key.
#[must_use]
pub fn data_id(id: &str) -> DataId<'_> {
    let bare = DataId { direction: None, key: id, chat: "" };
    let (direction, rest) = match id.split_once('_') {
        Some(("true", rest)) => (Direction::Out, rest),
        Some(("false", rest)) => (Direction::In, rest),
        _ => return bare,
    };
    let Some((chat, rest)) = rest.split_once('_') else { return bare };
    let key = rest.split('_').next().unwrap_or(rest);
    if key.is_empty() || !chat.contains('@') {
        return bare;
    }
    DataId { direction: Some(direction), key, chat }
}

#[cfg(test)]
mod tests {
    use super::*;
    use queunir_core::message::Direction::{In, Out, Unknown};

    #[test]
    fn nothing_said_is_unknown() {
        assert_eq!(combine(&Signals::default()), Unknown);
    }

    #[test]
    fn one_strong_signal_is_enough_and_two_that_disagree_are_unknown() {
        assert_eq!(combine(&Signals { tail: Some(In), ..Signals::default() }), In);
        assert_eq!(combine(&Signals { status: true, ..Signals::default() }), Out);
        assert_eq!(combine(&Signals { status: true, tail: Some(In), ..Signals::default() }), Unknown);
        assert_eq!(combine(&Signals { id: Some(Out), class: Some(In), ..Signals::default() }), Unknown);
    }

    #[test]
    fn a_contact_with_our_name_is_still_theirs_when_the_page_says_so() {
        assert_eq!(combine(&Signals { tail: Some(In), sender: Some(Out), side: Some(In), ..Signals::default() }), In);
    }

    #[test]
    fn a_name_that_geometry_contradicts_is_unknown() {
        assert_eq!(combine(&Signals { sender: Some(Out), side: Some(In), ..Signals::default() }), Unknown);
    }

    #[test]
    fn a_run_speaks_last() {
        assert_eq!(combine(&Signals { run: Some(In), ..Signals::default() }), In);
        assert_eq!(combine(&Signals { run: Some(In), side: Some(Out), ..Signals::default() }), Out);
    }

    #[test]
    fn packed_ids_give_key_and_direction() {
        let id = data_id("false_120363000000000000@g.us_3EB0AA11_5511999990000@lid");
        assert_eq!(id, DataId { direction: Some(In), key: "3EB0AA11", chat: "120363000000000000@g.us" });
        assert_eq!(data_id("true_5511999990000@c.us_AC12").key, "AC12");
        assert_eq!(data_id("3EB0AA11"), DataId { direction: None, key: "3EB0AA11", chat: "" });
        assert_eq!(data_id("true_").key, "true_");
        assert_eq!(data_id("").key, "");
    }
}
