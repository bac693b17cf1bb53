//! What a stored message becomes when its row is seen again: every field only moves forward (DEL-02).

use queunir_core::{
    id::MediaId,
    media::{Media, MediaState},
    message::{Ack, Direction, MessageKind, Source},
    text::comparable_body,
};
use queunir_db::slice::messages::StoredMessage;
use queunir_whatsapp::seen::{SeenMessage, Shown};

use super::Ids;

/// Takes over what a drawn row adds; returns the text that an edit replaced.
pub(super) fn absorb(stored: &mut StoredMessage, seen: &SeenMessage, ids: Ids<'_>) -> Option<String> {
    if stored.direction == Direction::Unknown {
        stored.direction = seen.direction;
    }
    if stored.sender.is_none() {
        stored.sender.clone_from(&seen.sender);
    }
    if certainty(seen.kind) > certainty(stored.kind) || stored.source == Source::List {
        stored.kind = seen.kind;
    }
    stored.deleted |= seen.kind == MessageKind::Deleted;
    let replaced = absorb_text(stored, seen);
    stored.edited |= seen.edited;
    stored.forwarded |= seen.forwarded;
    // A message of ours gets its minute from our own browser first; the server's replaces it.
    let left = stored.ack == Some(Ack::Pending) && seen.ack > stored.ack;
    if seen.sent_at.is_some()
        && (stored.sent_at.is_none() || (seen.sent_at_certain && (left || !stored.sent_at_certain)))
    {
        stored.sent_at = seen.sent_at;
        stored.sent_at_certain = seen.sent_at_certain;
    }
    stored.ack = stored.ack.max(seen.ack);
    stored.failed = (stored.failed || seen.failed) && stored.ack.is_none_or(|ack| ack < Ack::Sent);
    if stored.quoted.is_none() {
        stored.quoted.clone_from(&seen.quoted);
    }
    absorb_files(stored, seen, ids);
    absorb_marks(stored, seen);
    stored.source = Source::Row;
    replaced
}

/// Takes over what comes and goes on a row: the latest look is the truth.
fn absorb_marks(stored: &mut StoredMessage, seen: &SeenMessage) {
    if seen.reactions != stored.reactions {
        stored.reactions.clone_from(&seen.reactions);
    }
    stored.starred = seen.starred;
    stored.pinned = seen.pinned;
}

/// Takes over what the page shows of the files; what is stored of one stays, and more of it than before is wanted.
fn absorb_files(stored: &mut StoredMessage, seen: &SeenMessage, ids: Ids<'_>) {
    for (place, file) in seen.files.iter().enumerate() {
        let Some(known) = stored.media.get_mut(place) else {
            let state = if file.shown == Shown::Nothing { MediaState::NotShown } else { MediaState::Wanted };
            stored.media.push(Media {
                id: MediaId(ids()),
                state,
                name: file.name.clone(),
                duration_s: file.duration_s,
                size_text: file.size_text.clone(),
                file: None,
            });
            continue;
        };
        known.name = known.name.take().or_else(|| file.name.clone());
        known.duration_s = known.duration_s.or(file.duration_s);
        known.size_text = known.size_text.take().or_else(|| file.size_text.clone());
        match (known.state, file.shown) {
            (MediaState::NotShown, Shown::Whole | Shown::Preview) | (MediaState::Preview, Shown::Whole) => {
                known.state = MediaState::Wanted;
            }
            _ => {}
        }
    }
}

/// How much a kind says; a later look never makes it say less.
fn certainty(kind: MessageKind) -> u8 {
    match kind {
        MessageKind::Unknown | MessageKind::Deleted => 0,
        MessageKind::Undecrypted => 1,
        _ => 2,
    }
}

fn absorb_text(stored: &mut StoredMessage, seen: &SeenMessage) -> Option<String> {
    let provisional = stored.source == Source::List;
    if seen.kind == MessageKind::Deleted || (seen.text.is_empty() && !provisional) {
        return None;
    }
    let same = comparable_body(&stored.text) == comparable_body(&seen.text);
    if same && !provisional {
        stored.cut &= seen.cut;
        return None;
    }
    // An unedited text after an edited one is an old look at the row.
    if stored.edited && !seen.edited {
        return None;
    }
    let newly_edited = seen.edited && !stored.edited;
    // A text that the page cut replaces only nothing, a shorter cut, or what an edit made obsolete.
    if seen.cut && !provisional && !newly_edited && !stored.text.is_empty() {
        let longer = stored.cut && seen.text.len() > stored.text.len();
        if !longer {
            return None;
        }
    }
    let old = std::mem::replace(&mut stored.text, seen.text.clone());
    let completed = stored.cut && !newly_edited;
    stored.cut = seen.cut;
    (!provisional && !completed && !old.is_empty()).then_some(old)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use queunir_core::id::{ChatId, MessageId};
    use queunir_whatsapp::{fake, seen::SeenFile};

    use uuid::Uuid;

    use super::*;

    fn absorb(row: &mut StoredMessage, seen: &SeenMessage) -> Option<String> {
        super::absorb(row, seen, &mut Uuid::now_v7)
    }

    fn stored(text: &str) -> StoredMessage {
        StoredMessage {
            key: Some("k".into()),
            kind: MessageKind::Text,
            text: text.into(),
            ack: Some(Ack::Delivered),
            order_key: "a0".into(),
            ..StoredMessage::new(MessageId(Uuid::nil()), ChatId(Uuid::nil()), Direction::Out, Source::Row)
        }
    }

    fn seen(text: &str) -> SeenMessage {
        fake::message("k", Direction::Out, text, None::<Timestamp>, Some(Ack::Sent))
    }

    #[test]
    fn an_older_receipt_changes_nothing() {
        let mut row = stored("hello");
        assert_eq!(absorb(&mut row, &seen("hello")), None);
        assert_eq!(row, stored("hello"));
    }

    #[test]
    fn the_servers_minute_replaces_our_own_once_and_no_other_does() {
        let minute = |n: i64| Some(Timestamp::from_second(1_795_000_020 + n * 60).unwrap());
        let at = |n, ack| SeenMessage { sent_at: minute(n), sent_at_certain: true, ack: Some(ack), ..seen("hello") };
        let mut row =
            StoredMessage { ack: Some(Ack::Pending), sent_at: minute(0), sent_at_certain: true, ..stored("hello") };
        absorb(&mut row, &at(0, Ack::Pending));
        assert_eq!(row.sent_at, minute(0));
        absorb(&mut row, &at(1, Ack::Sent));
        assert_eq!(row.sent_at, minute(1));
        absorb(&mut row, &at(2, Ack::Read));
        assert_eq!(row.sent_at, minute(1));
    }

    #[test]
    fn an_edit_keeps_the_old_text_and_is_not_undone_by_an_old_look() {
        let mut row = stored("helo");
        let edited = SeenMessage { edited: true, ..seen("hello") };
        assert_eq!(absorb(&mut row, &edited), Some("helo".to_owned()));
        assert_eq!(absorb(&mut row, &seen("helo")), None);
        assert_eq!((row.text.as_str(), row.edited), ("hello", true));
    }

    #[test]
    fn a_cut_text_never_replaces_the_whole() {
        let mut row = stored("a long story with an end");
        let cut = SeenMessage { cut: true, ..seen("a long story") };
        assert_eq!(absorb(&mut row, &cut), None);
        assert_eq!(row.text, "a long story with an end");
        let mut row = StoredMessage { cut: true, ..stored("a long story") };
        assert_eq!(absorb(&mut row, &seen("a long story with an end")), None);
        assert_eq!((row.text.as_str(), row.cut), ("a long story with an end", false));
    }

    #[test]
    fn a_file_is_wanted_as_soon_as_the_page_shows_more_of_it_and_never_lost_again() {
        let file = |shown| SeenMessage {
            kind: MessageKind::Image,
            files: vec![SeenFile { shown, name: None, duration_s: None, size_text: None }],
            ..seen("")
        };
        let mut row = stored("");
        absorb(&mut row, &file(Shown::Nothing));
        assert_eq!(row.media[0].state, MediaState::NotShown);
        let id = row.media[0].id;
        absorb(&mut row, &file(Shown::Preview));
        assert_eq!((row.media[0].state, row.media[0].id), (MediaState::Wanted, id));
        row.media[0].state = MediaState::Preview;
        absorb(&mut row, &file(Shown::Preview));
        assert_eq!(row.media[0].state, MediaState::Preview);
        absorb(&mut row, &file(Shown::Whole));
        assert_eq!(row.media[0].state, MediaState::Wanted);
        for settled in [MediaState::Stored, MediaState::TooLarge, MediaState::Failed, MediaState::NoRoom] {
            row.media[0].state = settled;
            absorb(&mut row, &file(Shown::Whole));
            absorb(&mut row, &seen(""));
            assert_eq!((row.media.len(), row.media[0].state), (1, settled));
        }
    }

    #[test]
    fn a_deletion_keeps_the_body_and_stays() {
        let mut row = stored("secret");
        absorb(&mut row, &SeenMessage { kind: MessageKind::Deleted, ..seen("") });
        absorb(&mut row, &seen("secret"));
        assert!(row.deleted && row.text == "secret");
        assert_eq!(row.message().kind, MessageKind::Deleted);
    }
}
