//! What a conversation proves about a message whose fate is unknown (DEL-07).

use queunir_core::{
    message::{Ack, Direction, MessageKind},
    text::comparable_body,
};
use queunir_whatsapp::seen::{SeenConversation, SeenMessage};

/// What can be said.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// Exactly one bubble below the anchor has its body.
    Bubble(Box<SeenMessage>),
    /// The anchor is visible, everything below it is read, nothing is pending, and no bubble has the body.
    Absent,
    /// Something below the anchor is still pending or not drawn; look again.
    Pending,
    /// The anchor is above what is loaded.
    AnchorAbove,
    /// More than one bubble has the body, or a bubble's author cannot be told.
    Several,
}

/// Looks for a body below an anchor; `bound` are keys of bubbles that belong to other messages.
#[must_use]
pub fn find(seen: &SeenConversation, anchor: Option<&str>, text: &str, bound: &[String]) -> Evidence {
    let below = match anchor {
        Some(anchor) => match seen.messages.iter().rposition(|message| message.key == anchor) {
            Some(at) => &seen.messages[at + 1..],
            None => return Evidence::AnchorAbove,
        },
        None if seen.at_start => seen.messages.as_slice(),
        None => return Evidence::AnchorAbove,
    };
    let alike: Vec<&SeenMessage> = below
        .iter()
        .filter(|message| message.drawn && message.direction != Direction::In && !bound.contains(&message.key))
        .filter(|message| same_body(text, message))
        .collect();
    match alike.as_slice() {
        [one] if one.direction == Direction::Out => return Evidence::Bubble(Box::new((*one).clone())),
        [] => {}
        _ => return Evidence::Several,
    }
    let open = below.iter().any(|message| {
        !message.drawn
            || message.ack == Some(Ack::Pending)
            || (message.direction != Direction::In && message.kind == MessageKind::Unknown)
    });
    if open || !seen.at_end || seen.offline { Evidence::Pending } else { Evidence::Absent }
}

/// Whether a bubble shows a text, if need be without the marks that WhatsApp turns into bold and the like.
fn same_body(sent: &str, message: &SeenMessage) -> bool {
    if comparable_body(sent) == comparable_body(&message.text) {
        return true;
    }
    let (sent, shown) = (bare(sent), bare(&message.text));
    sent == shown || (message.cut && !shown.is_empty() && sent.starts_with(shown.trim_end_matches('…')))
}

fn bare(text: &str) -> String {
    comparable_body(text).chars().filter(|c| !c.is_whitespace() && !matches!(c, '*' | '_' | '~' | '`' | '>')).collect()
}

#[cfg(test)]
mod tests {
    use queunir_core::chat::ChatKind;
    use queunir_whatsapp::fake::message;

    use super::*;

    fn conversation(messages: Vec<SeenMessage>) -> SeenConversation {
        SeenConversation {
            title: "Ana".into(),
            phone: None,
            subtitle: None,
            kind: ChatKind::Contact,
            messages,
            at_start: false,
            at_end: true,
            offline: false,
            writable: true,
        }
    }

    fn out(key: &str, text: &str, ack: Ack) -> SeenMessage {
        message(key, Direction::Out, text, None, Some(ack))
    }

    #[test]
    fn one_bubble_below_the_anchor_is_proof_and_one_above_is_not() {
        let seen = conversation(vec![out("1", "ok", Ack::Read), out("2", "hi", Ack::Read), out("3", "ok", Ack::Sent)]);
        assert_eq!(find(&seen, Some("2"), "ok", &[]), Evidence::Bubble(Box::new(seen.messages[2].clone())));
        assert_eq!(find(&seen, Some("3"), "ok", &[]), Evidence::Absent);
        assert_eq!(find(&seen, Some("2"), "ok", &["3".to_owned()]), Evidence::Absent);
    }

    #[test]
    fn absence_needs_a_visible_anchor_a_read_tail_and_no_clock() {
        let seen = conversation(vec![out("1", "a", Ack::Read), out("2", "b", Ack::Pending)]);
        assert_eq!(find(&seen, Some("1"), "ok", &[]), Evidence::Pending);
        assert_eq!(find(&seen, Some("0"), "ok", &[]), Evidence::AnchorAbove);
        assert_eq!(find(&seen, None, "ok", &[]), Evidence::AnchorAbove);
        let offline = SeenConversation { offline: true, ..conversation(vec![out("1", "a", Ack::Read)]) };
        assert_eq!(find(&offline, Some("1"), "ok", &[]), Evidence::Pending);
        let undrawn = SeenMessage { drawn: false, ..out("2", "", Ack::Read) };
        assert_eq!(
            find(&conversation(vec![out("1", "a", Ack::Read), undrawn]), Some("1"), "ok", &[]),
            Evidence::Pending
        );
    }

    #[test]
    fn two_alike_prove_nothing_and_an_incoming_imitation_does_not_count() {
        let seen = conversation(vec![out("1", "a", Ack::Read), out("2", "ok", Ack::Sent), out("3", "ok", Ack::Sent)]);
        assert_eq!(find(&seen, Some("1"), "ok", &[]), Evidence::Several);
        let theirs = conversation(vec![out("1", "a", Ack::Read), message("2", Direction::In, "ok", None, None)]);
        assert_eq!(find(&theirs, Some("1"), "ok", &[]), Evidence::Absent);
    }

    #[test]
    fn marks_that_became_bold_and_cut_bodies_still_match() {
        let bold = conversation(vec![out("1", "a", Ack::Read), out("2", "very good", Ack::Sent)]);
        assert!(matches!(find(&bold, Some("1"), "*very* good", &[]), Evidence::Bubble(_)));
        let cut = SeenMessage { cut: true, ..out("2", "a long sto", Ack::Sent) };
        let cut = conversation(vec![out("1", "a", Ack::Read), cut]);
        assert!(matches!(find(&cut, Some("1"), "a long story", &[]), Evidence::Bubble(_)));
    }
}
