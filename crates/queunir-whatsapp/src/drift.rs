//! Whether the page still is what the reader knows: from tallies over time to a verdict. Pure; time is an argument.
//!
//! WhatsApp changes its markup a few times a day. What the reader looks for by two anchors and finds by one is still
//! read; what it finds by none is not. Both are said by name, so that somebody can write the new anchor down.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use queunir_core::message::{Direction, MessageKind};

use crate::seen::{ReaderHealth, SeenConversation};

/// How long something must be missed without a single find before it counts as dead. Shorter, and a page that is half
/// drawn raises an alarm; longer, and a deaf night gets longer (an alarm is due within 90 s).
pub const SURE_AFTER: SignedDuration = SignedDuration::from_secs(10);

/// What is wrong, by name; empty lists when nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Anchors of the page's generation that find nothing where something belongs, as `field:family`, and fields that
    /// no anchor finds but the reader can do without.
    pub dead: Vec<String>,
    /// Fields that no anchor finds and nothing replaces, and facts of messages that cannot be made out
    /// (`message.direction`).
    pub unreadable: Vec<String>,
}

impl Verdict {
    /// Whether everything is found as it should be.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.dead.is_empty() && self.unreadable.is_empty()
    }
}

/// Remembers since when what has been missed.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// The page's generation, by the latest report; anchors of another are not looked for any more.
    generation: String,
    missed_since: BTreeMap<String, Timestamp>,
}

impl Watch {
    /// Takes a report of the reader.
    pub fn hear(&mut self, health: &ReaderHealth, now: Timestamp) {
        if self.generation != health.generation {
            self.generation.clone_from(&health.generation);
            self.missed_since.clear();
        }
        for (name, (found, missed)) in &health.tallies {
            self.count(name, *found, *missed, now);
        }
    }

    /// Takes what was made out of an open conversation.
    pub fn hear_conversation(&mut self, seen: &SeenConversation, now: Timestamp) {
        let drawn = || seen.messages.iter().filter(|message| message.drawn);
        let mut fact = |name: &str, of: &dyn Fn(&crate::seen::SeenMessage) -> Option<bool>| {
            let known = drawn().filter_map(of);
            let (found, missed) =
                known.fold((0, 0), |(found, missed), is| if is { (found + 1, missed) } else { (found, missed + 1) });
            self.count(name, found, missed, now);
        };
        fact("message.direction", &|message| Some(message.direction != Direction::Unknown));
        fact("message.time", &|message| Some(message.sent_at.is_some()));
        fact("message.content", &|message| Some(message.kind != MessageKind::Unknown || !message.text.is_empty()));
        fact("message.ack", &|message| {
            let silent = message.failed || matches!(message.kind, MessageKind::Deleted | MessageKind::Call);
            (message.direction == Direction::Out && !silent).then_some(message.ack.is_some())
        });
    }

    fn count(&mut self, name: &str, found: u32, missed: u32, now: Timestamp) {
        if found > 0 {
            self.missed_since.remove(name);
        } else if missed >= enough(name) {
            self.missed_since.entry(name.to_owned()).or_insert(now);
        }
    }

    /// What is wrong now.
    #[must_use]
    pub fn verdict(&self, now: Timestamp) -> Verdict {
        let sure = |since: &Timestamp| now.duration_since(*since) >= SURE_AFTER;
        let names = self.missed_since.iter().filter(|(_, since)| sure(since)).map(|(name, _)| name.clone());
        let (unreadable, dead) = names.partition(|name| is_needed(name));
        Verdict { dead, unreadable }
    }
}

/// Whether nothing replaces it: without its mark a bubble is still a row, without a list's title there is no chat.
fn is_needed(name: &str) -> bool {
    matches!(
        name,
        "list.pane"
            | "list.row"
            | "list.title"
            | "list.time"
            | "list.secondary"
            | "list.icon"
            | "header"
            | "header.title"
            | "row.id"
            | "composer"
            | "media.tile"
    ) || name.starts_with("message.")
}

/// How often something must be missed in one look. One chat may have few messages, and of those few may be texts; a
/// frame that is drawn once is missed at once.
fn enough(name: &str) -> u32 {
    match name.split(':').next().unwrap_or(name) {
        "list.title" | "list.time" | "list.secondary" | "list.icon" => 2,
        // One strange picture is no drift.
        name if name.starts_with("kind.") => 2,
        "row.id" => 1,
        name if name.starts_with("row.") || name.starts_with("message.") => 3,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::message;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    fn health(tallies: &[(&str, u32, u32)]) -> ReaderHealth {
        let tallies = tallies.iter().map(|(name, found, missed)| ((*name).to_owned(), (*found, *missed)));
        ReaderHealth { tallies: tallies.collect(), ..ReaderHealth::default() }
    }

    #[test]
    fn an_anchor_that_finds_nothing_for_ten_seconds_is_dead_and_named() {
        let mut watch = Watch::default();
        let report = health(&[("list.title", 9, 0), ("list.title:testid", 0, 9), ("list.pane:id", 1, 0)]);
        watch.hear(&report, at(0));
        assert!(watch.verdict(at(9)).is_well(), "a page that is half drawn is no alarm");
        // A page that does not change is not reported again; time passes all the same.
        let verdict = watch.verdict(at(10));
        assert_eq!((verdict.dead, verdict.unreadable), (vec!["list.title:testid".to_owned()], vec![]));
        watch.hear(&report, at(60));
        assert!(!watch.verdict(at(60)).is_well(), "the same again does not start anew");
        watch.hear(&health(&[("list.title:testid", 1, 8)]), at(61));
        assert!(watch.verdict(at(99)).is_well(), "one find is life");
    }

    #[test]
    fn what_no_anchor_finds_is_unreadable() {
        let mut watch = Watch::default();
        watch.hear(&health(&[("header.title", 0, 1), ("header.title:testid", 0, 1)]), at(0));
        let verdict = watch.verdict(at(10));
        assert_eq!(verdict.unreadable, ["header.title"]);
        assert_eq!(verdict.dead, ["header.title:testid"]);
    }

    #[test]
    fn a_few_rows_without_something_prove_nothing() {
        let mut watch = Watch::default();
        watch.hear(&health(&[("row.body:testid", 0, 2), ("row.tail", 0, 2), ("list.time:testid", 0, 1)]), at(0));
        assert!(watch.verdict(at(100)).is_well());
        watch.hear(&health(&[("row.body:testid", 0, 3)]), at(0));
        assert!(!watch.verdict(at(100)).is_well());
    }

    #[test]
    fn what_is_not_mentioned_stays_as_it_was() {
        let mut watch = Watch::default();
        watch.hear(&health(&[("row.meta:testid", 0, 5)]), at(0));
        watch.hear(&health(&[("list.pane:id", 1, 0)]), at(20));
        assert_eq!(watch.verdict(at(30)).dead, ["row.meta:testid"]);
    }

    #[test]
    fn what_another_generation_missed_is_void() {
        let mut watch = Watch::default();
        watch.hear(&health(&[("list.title:testid", 0, 5)]), at(0));
        let other = ReaderHealth { generation: "next".into(), ..health(&[("list.title:mark", 5, 0)]) };
        watch.hear(&other, at(20));
        assert!(watch.verdict(at(40)).is_well());
    }

    #[test]
    fn messages_whose_direction_nobody_can_tell_are_said() {
        let window = |direction| {
            let row = |n: i64| message(&n.to_string(), direction, "hello", Some(at(n)), None);
            SeenConversation {
                title: "Ana".into(),
                phone: None,
                address: None,
                subtitle: None,
                kind: queunir_core::chat::ChatKind::Contact,
                messages: (0..4).map(row).collect(),
                at_start: false,
                at_end: true,
                offline: false,
                writable: true,
            }
        };
        let mut watch = Watch::default();
        watch.hear_conversation(&window(Direction::Unknown), at(0));
        assert_eq!(watch.verdict(at(10)).unreadable, ["message.direction"]);
        watch.hear_conversation(&window(Direction::Out), at(11));
        assert_eq!(watch.verdict(at(30)).unreadable, ["message.ack"], "ours without any state");
        watch.hear_conversation(&window(Direction::In), at(31));
        assert_eq!(watch.verdict(at(60)).unreadable, ["message.ack"], "theirs say nothing of ticks");
    }
}
