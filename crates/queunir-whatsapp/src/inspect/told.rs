//! The outer contract: the one object that `queunir inspect` prints.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, tz::TimeZone};
use queunir_core::{
    chat::ChatKind,
    message::{Ack, Direction, MessageKind},
    text::clean_name,
};
use serde::Serialize;

use super::window::Seen;
use crate::page::{
    clock::written,
    day::day_word,
    normalise::{self, Context},
    raw, rows,
};

/// What the reader sees in a saved page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Inspection {
    /// Which screen.
    pub screen: raw::Screen,
    /// Markup generation: `g2`, `g3`, `unknown`.
    pub generation: String,
    /// Rows of the chat list, then those of the archive where it is shown.
    pub chats: Vec<Chat>,
    /// The open conversation; absent when none is.
    pub conversation: Option<Conversation>,
    /// Its messages, oldest first.
    pub messages: Vec<Message>,
    /// What stands between them.
    pub system_rows: Vec<SystemRow>,
    /// What the read hit and missed.
    pub health: Health,
}

/// A row of the chat list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chat {
    /// Name.
    pub title: String,
    /// Preview without its author.
    pub preview: Option<String>,
    /// Who wrote the previewed message, in a group.
    pub preview_sender: Option<String>,
    /// Whether that message is ours.
    pub preview_from_me: bool,
    /// Number on the badge.
    pub unread: u32,
    /// A badge without a number.
    pub marked_unread: bool,
    /// The page's words for the time.
    pub time_text: String,
    /// Pinned.
    pub pinned: bool,
    /// Muted.
    pub muted: bool,
    /// Archived.
    pub archived: bool,
    /// Somebody types instead of a preview.
    pub typing: bool,
    /// A draft of ours instead of a preview.
    pub draft: bool,
    /// Kind.
    pub kind: ChatKind,
}

/// The open conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conversation {
    /// Name in the header; absent for bare rows.
    pub title: Option<String>,
    /// Second line.
    pub subtitle: Option<String>,
    /// Kind.
    pub kind: ChatKind,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// `data-id` as found.
    pub key: String,
    /// Who wrote it.
    pub direction: Direction,
    /// The name that a person reads: the author label, else the one in `data-pre-plain-text`, else the drawn one.
    pub sender: Option<String>,
    /// RFC 3339 in the zone that was asked for.
    pub sent_at: Option<String>,
    /// Whether the date is beyond doubt.
    pub sent_at_certain: bool,
    /// What it is.
    pub kind: MessageKind,
    /// Body alone.
    pub text: String,
    /// The body ends where the page cut it.
    pub cut: bool,
    /// The message it answers.
    pub quoted: Option<Quoted>,
    /// Delivery state of ours.
    pub ack: Option<Ack>,
    /// Shown as failed.
    pub failed: bool,
    /// Reactions.
    pub reactions: Vec<Reaction>,
    /// Forwarded.
    pub forwarded: bool,
    /// Edited.
    pub edited: bool,
    /// Deleted.
    pub deleted: bool,
    /// The file, of kinds that have one.
    pub media: Option<Media>,
}

/// A quoted message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quoted {
    /// Author as shown.
    pub sender: Option<String>,
    /// Text as shown.
    pub text: String,
}

/// One kind of reaction; the count is absent where the page only says how many there are of all kinds together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// How many.
    pub count: Option<u32>,
}

/// What a bubble tells of its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Media {
    /// As of the message.
    pub kind: MessageKind,
    /// Name of the file, or on the card.
    pub name: Option<String>,
    /// Length of what can be played.
    pub duration_s: Option<u32>,
}

/// A row that is no message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SystemRow {
    /// `date`, `unread`, `encryption` or `notice`.
    pub kind: &'static str,
    /// Its words.
    pub text: String,
    /// WhatsApp's name for what happened, where the row tells.
    pub subtype: Option<String>,
    /// `data-id`, where it has one.
    pub key: Option<String>,
}

/// What the read hit and missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Rows with content, of list and conversation.
    pub rows_seen: u32,
    /// Those from which something was read.
    pub rows_read: u32,
    /// Rows whose content is not in the file, because they were far from the view when it was saved.
    pub rows_undrawn: u32,
    /// Field to the family of the anchor that hit.
    pub anchors: BTreeMap<String, String>,
    /// Field to how often it was empty.
    pub empty: BTreeMap<String, u32>,
    /// Field, or field and family, to how often it was found and how often missed where it belongs.
    pub tallies: BTreeMap<String, (u32, u32)>,
    /// Rows were there and nothing could be read from them.
    pub alarm: bool,
}

/// Puts into words what the reader said.
pub(super) fn tell(seen: &Seen, context: &Context, zone: &TimeZone) -> Inspection {
    let title = clean_name(&seen.conversation.title);
    let conversation = seen.conversation.open.then(|| Conversation {
        title: (!title.is_empty()).then(|| title.clone()),
        subtitle: seen.conversation.subtitle.as_deref().map(clean_name).filter(|text| !text.is_empty()),
        kind: normalise::conversation_kind(&seen.conversation, &title),
    });
    let chats = chats(&seen.list, context, conversation.as_ref(), false);
    let archived = chats_of_archive(&seen.archive, context);
    Inspection {
        screen: seen.state.screen,
        generation: seen.state.generation.clone(),
        chats: chats.into_iter().chain(archived).collect(),
        messages: messages(&seen.conversation, &title, context, zone),
        system_rows: seen.conversation.rows.iter().filter_map(system_row).collect(),
        health: health(seen),
        conversation,
    }
}

fn chats_of_archive(list: &raw::List, context: &Context) -> Vec<Chat> {
    chats(list, context, None, true)
}

fn chats(list: &raw::List, context: &Context, open: Option<&Conversation>, archived: bool) -> Vec<Chat> {
    let of_open = |row: &raw::ListRow| open.filter(|open| row.selected && open.title == Some(clean_name(&row.title)));
    // What has no name is no chat.
    let rows = list.rows.iter().filter(|row| !clean_name(&row.title).is_empty());
    normalise::chats(&list.rows, list.lang.as_deref(), context)
        .into_iter()
        .zip(rows)
        .map(|(chat, row)| Chat {
            kind: match (chat.kind, of_open(row)) {
                (ChatKind::Unknown, Some(open)) => open.kind,
                (kind, _) => kind,
            },
            title: chat.title,
            preview: chat.preview,
            preview_sender: chat.preview_sender,
            preview_from_me: chat.preview_from_me,
            unread: chat.unread,
            marked_unread: chat.marked_unread,
            time_text: chat.time_text,
            pinned: chat.pinned,
            muted: chat.muted,
            archived: chat.archived || archived,
            typing: chat.typing,
            draft: row.draft,
        })
        .collect()
}

fn messages(conversation: &raw::Conversation, title: &str, context: &Context, zone: &TimeZone) -> Vec<Message> {
    let mut told = BTreeSet::new();
    rows::read(conversation, title, context)
        .into_iter()
        .filter(|(raw, seen)| seen.drawn && told.insert(raw.id.clone()))
        .map(|(raw, seen)| Message {
            key: raw.id.clone(),
            direction: seen.direction,
            sender: rows::written_sender(raw),
            sent_at: seen.sent_at.map(|at| in_zone(at, zone)),
            sent_at_certain: seen.sent_at_certain,
            kind: seen.kind,
            text: seen.text,
            cut: seen.cut,
            quoted: seen.quoted.map(|quote| Quoted { sender: quote.sender, text: quote.text }),
            ack: seen.ack,
            failed: seen.failed,
            reactions: seen
                .reactions
                .into_iter()
                .map(|found| Reaction { emoji: found.emoji, count: found.count })
                .collect(),
            forwarded: seen.forwarded,
            edited: seen.edited,
            deleted: seen.kind == MessageKind::Deleted,
            media: media(seen.kind, raw.media.as_ref()),
        })
        .collect()
}

fn in_zone(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn media(kind: MessageKind, facts: Option<&raw::RawMedia>) -> Option<Media> {
    use MessageKind::{Album, Audio, Contact, Document, Gif, Image, Sticker, Video, Voice};
    if !matches!(kind, Image | Video | Gif | Voice | Audio | Document | Sticker | Album | Contact) {
        return None;
    }
    let name = facts.and_then(|facts| facts.name.as_deref()).map(clean_name).filter(|name| !name.is_empty());
    Some(Media { kind, name, duration_s: facts.and_then(|facts| rows::seconds(facts.duration.as_deref()?)) })
}

fn system_row(row: &raw::Row) -> Option<SystemRow> {
    let text = clean_name(&row.text);
    let kind = match row.row.as_str() {
        _ if text.is_empty() && row.subtype.is_none() => return None,
        "marker" if day_word(&text).is_some() || written(&text).is_some() => "date",
        "divider" => "unread",
        "start" => "encryption",
        "marker" | "notice" => "notice",
        _ => return None,
    };
    Some(SystemRow { kind, text, subtype: row.subtype.clone(), key: (!row.id.is_empty()).then(|| row.id.clone()) })
}

fn health(seen: &Seen) -> Health {
    let mut whole = Health {
        rows_seen: 0,
        rows_read: 0,
        rows_undrawn: u32::try_from(seen.conversation.rows.iter().filter(|row| !row.drawn).count()).unwrap_or(u32::MAX),
        anchors: BTreeMap::new(),
        empty: BTreeMap::new(),
        tallies: BTreeMap::new(),
        alarm: false,
    };
    for part in [&seen.list.health, &seen.archive.health, &seen.conversation.health].into_iter().flatten() {
        whole.rows_seen += part.rows_seen;
        whole.rows_read += part.rows_read;
        for (field, family) in &part.anchors {
            whole.anchors.entry(field.clone()).or_insert_with(|| family.clone());
        }
        for (field, count) in &part.empty {
            *whole.empty.entry(field.clone()).or_default() += count;
        }
        for (name, (found, missed)) in &part.tallies {
            let sum = whole.tallies.entry(name.clone()).or_default();
            *sum = (sum.0 + found, sum.1 + missed);
        }
        whole.alarm |= part.alarm;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_seconds() {
        use rows::seconds;

        assert_eq!(seconds("0:07"), Some(7));
        assert_eq!(seconds("1:02:03"), Some(3723));
        assert_eq!(seconds("99999999:99999999:1"), None);
    }
}
