//! What a conversation proves about a message whose fate is unknown (DEL-07).

use queunir_core::{
    message::{Ack, Direction, MessageKind},
    outgoing::{Outgoing, ReplyTo},
    text::comparable_body,
};
use queunir_whatsapp::{
    seen::{SeenConversation, SeenMessage},
    sent::{may_be_file, may_quote},
};

/// What can be said.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// Exactly one bubble below the anchor is like it.
    Bubble(Box<SeenMessage>),
    /// The anchor is visible, everything below it is read, nothing is pending, and no bubble can be it.
    Absent,
    /// Something below the anchor is still pending or not drawn; look again.
    Pending,
    /// The anchor is above what is loaded.
    AnchorAbove,
    /// More than one bubble is like it, a bubble's author cannot be told, or one of ours is there that may be it: a file,
    /// or the same text with another quote.
    Several,
}

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The text, or the caption.
    pub text: &'a str,
    /// Of a file what it was sent as and under which name.
    pub file: Option<(MessageKind, &'a str)>,
    /// The message it answers.
    pub answered: Option<&'a ReplyTo>,
}

impl<'a> Wanted<'a> {
    /// What a message looks like once it is sent.
    #[must_use]
    pub fn of(outgoing: &'a Outgoing) -> Self {
        let file = outgoing.file.as_ref().map(|file| (file.kind, file.name.as_str()));
        Self { text: &outgoing.text, file, answered: outgoing.reply_to.as_ref() }
    }

    /// Whether a bubble is like it.
    fn is_like(&self, message: &SeenMessage) -> bool {
        self.file.is_none_or(|(kind, name)| may_be_file(kind, name, message))
            && self.quotes_right(message)
            && same_body(self.text, message)
    }

    /// Whether a bubble quotes what it answers, and nothing if it answers nothing.
    fn quotes_right(&self, message: &SeenMessage) -> bool {
        match (self.answered, &message.quoted) {
            (None, None) => true,
            (Some(ReplyTo { kind: Some(kind), text: Some(text), .. }), Some(quote)) => {
                may_quote(*kind, text, false, &quote.text)
            }
            _ => false,
        }
    }

    /// Whether a bubble that is not like it may be it all the same: the page draws files in more ways than texts, and
    /// puts pictures that follow each other into one album; and the words of a quote may have changed since.
    fn may_be(&self, message: &SeenMessage) -> bool {
        if self.file.is_some() { message.kind.has_media() } else { same_body(self.text, message) }
    }
}

/// Looks for a message below an anchor; `bound` are keys of bubbles that belong to other messages.
#[must_use]
pub fn find(seen: &SeenConversation, anchor: Option<&str>, wanted: Wanted<'_>, bound: &[String]) -> Evidence {
    let below = match anchor {
        Some(anchor) => match seen.messages.iter().rposition(|message| message.key == anchor) {
            Some(at) => &seen.messages[at + 1..],
            None => return Evidence::AnchorAbove,
        },
        None if seen.at_start => seen.messages.as_slice(),
        None => return Evidence::AnchorAbove,
    };
    let ours: Vec<&SeenMessage> = below
        .iter()
        .filter(|message| message.drawn && message.direction != Direction::In && !bound.contains(&message.key))
        .collect();
    let alike: Vec<&&SeenMessage> = ours.iter().filter(|message| wanted.is_like(message)).collect();
    match alike.as_slice() {
        [one] if one.direction == Direction::Out => return Evidence::Bubble(Box::new((**one).clone())),
        [] if ours.iter().any(|message| wanted.may_be(message)) => return Evidence::Several,
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
    use queunir_core::{chat::ChatKind, id::MessageId, message::Quote};
    use queunir_whatsapp::{
        fake::message,
        seen::{SeenFile, Shown},
    };
    use uuid::Uuid;

    use super::*;

    fn find(seen: &SeenConversation, anchor: Option<&str>, text: &str, bound: &[String]) -> Evidence {
        super::find(seen, anchor, Wanted { text, file: None, answered: None }, bound)
    }

    fn conversation(messages: Vec<SeenMessage>) -> SeenConversation {
        SeenConversation {
            title: "Ana".into(),
            phone: None,
            address: None,
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

    #[test]
    fn an_answer_is_known_by_its_quote_and_the_same_words_with_another_leave_a_doubt() {
        let above = out("1", "a", Ack::Read);
        let answered = ReplyTo {
            message_id: MessageId(Uuid::nil()),
            kind: Some(MessageKind::Text),
            direction: Some(Direction::In),
            sender: None,
            text: Some("and *tomorrow*?".into()),
        };
        let look = |answered: Option<&ReplyTo>, quote: Option<&str>| {
            let quoted = quote.map(|text| Quote { sender: Some("Ana".into()), text: text.into() });
            let seen = conversation(vec![above.clone(), SeenMessage { quoted, ..out("2", "from 9", Ack::Sent) }]);
            super::find(&seen, Some("1"), Wanted { text: "from 9", file: None, answered }, &[])
        };
        assert!(matches!(look(Some(&answered), Some("and tomorrow?")), Evidence::Bubble(_)));
        assert_eq!(look(Some(&answered), Some("and today?")), Evidence::Several);
        assert_eq!(look(Some(&answered), None), Evidence::Several);
        assert_eq!(look(None, Some("and tomorrow?")), Evidence::Several);
        assert!(matches!(look(None, None), Evidence::Bubble(_)));
        // What is not stored any more cannot be compared.
        let lost = ReplyTo { kind: None, text: None, ..answered };
        assert_eq!(look(Some(&lost), Some("and tomorrow?")), Evidence::Several);
    }

    fn file(key: &str, kind: MessageKind, name: Option<&str>, caption: &str) -> SeenMessage {
        let name = name.map(str::to_owned);
        let file = SeenFile { shown: Shown::Nothing, name, duration_s: None, size_text: None };
        SeenMessage { kind, files: vec![file], ..out(key, caption, Ack::Sent) }
    }

    #[test]
    fn a_file_is_known_by_kind_name_and_caption_and_anything_near_it_leaves_a_doubt() {
        use MessageKind::{Album, Document, Image};
        let above = out("1", "a", Ack::Read);
        let wanted = Wanted { text: "see", file: Some((Document, "bill.pdf")), answered: None };
        let look = |below: SeenMessage| super::find(&conversation(vec![above.clone(), below]), Some("1"), wanted, &[]);
        let right = file("2", Document, Some("bill.pdf"), "see");
        assert_eq!(look(right.clone()), Evidence::Bubble(Box::new(right)));
        for near in [
            file("2", Document, Some("bill.pdf"), "seen"),
            file("2", Document, Some("other.pdf"), "see"),
            file("2", Image, None, "see"),
            file("2", Album, None, ""),
        ] {
            assert_eq!(look(near), Evidence::Several);
        }
        // A text is no file.
        assert_eq!(look(out("2", "see", Ack::Sent)), Evidence::Absent);
        // One that belongs to another message of ours is neither.
        let seen = conversation(vec![above.clone(), file("2", Document, Some("bill.pdf"), "see")]);
        assert_eq!(super::find(&seen, Some("1"), wanted, &["2".to_owned()]), Evidence::Absent);
    }
}
