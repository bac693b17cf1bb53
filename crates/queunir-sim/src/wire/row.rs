//! The rows of the chat list.

use serde::{Deserialize, Serialize};

use super::{WireAck, wire_ack};
use crate::clock::Millis;
use crate::picture;
use crate::world::{Body, Chat, ChatKind, Member, Message};

/// A row of the chat list.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct ChatRow {
    pub id: String,
    pub title: String,
    pub kind: String,
    pub phone: Option<String>,
    pub saved: bool,
    pub push_name: Option<String>,
    pub pinned: bool,
    pub muted: bool,
    pub archived: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub favorite: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    pub unread: u32,
    pub marked_unread: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mentioned: bool,
    pub last_at: Millis,
    pub last: Option<Last>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub begun: bool,
    pub draft: Option<String>,
    pub members: Option<Vec<String>>,
    pub writable: bool,
    pub colour: String,
    pub avatar: Option<String>,
}

/// The preview of a row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct Last {
    pub author: Option<String>,
    pub from_me: bool,
    pub text: String,
    pub kind: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    pub ack: Option<WireAck>,
}

/// How many characters of a message the list's preview carries.
const PREVIEW: usize = 400;

impl ChatRow {
    /// The row of a chat as it is now.
    #[must_use]
    pub fn of(chat: &Chat) -> Self {
        let group = chat.kind == ChatKind::Group;
        Self {
            id: chat.id.clone(),
            title: chat.title().to_owned(),
            kind: match chat.kind {
                ChatKind::Contact => "contact",
                ChatKind::Group => "group",
                ChatKind::Own => "self",
            }
            .to_owned(),
            phone: chat.phone.clone().filter(|_| chat.hidden.is_none()),
            saved: chat.name.is_some(),
            push_name: chat.push.clone(),
            pinned: chat.pinned,
            muted: chat.muted,
            archived: chat.archived,
            favorite: chat.favorite,
            about: chat.about.clone(),
            unread: chat.unread,
            marked_unread: chat.marked_unread,
            mentioned: names_us(chat),
            last_at: chat.last_at(),
            last: chat
                .messages
                .iter()
                .rev()
                .find(|message| previewed(message))
                .and_then(|message| Last::of(chat, message)),
            begun: chat.name.is_none() && chat.messages.iter().all(is_encryption_notice),
            draft: None,
            members: group.then(|| chat.members.iter().map(|member| known_as(member).to_owned()).collect()),
            writable: chat.writable,
            colour: chat.colour.clone(),
            avatar: chat.picture.map(picture::address),
        }
    }
}

fn is_encryption_notice(message: &Message) -> bool {
    matches!(&message.body, Body::System { notice, .. } if notice == "e2e")
}

/// Whether the list shows it: not what is gone for us, nor that something was pinned.
fn previewed(message: &Message) -> bool {
    let pin = matches!(&message.body, Body::System { notice, .. } if notice.starts_with("pin"));
    message.later.removed.is_none() && !pin
}

impl Last {
    fn of(chat: &Chat, message: &Message) -> Option<Self> {
        if matches!(message.body, Body::System { .. }) {
            return None;
        }
        let author = message.author.as_deref().and_then(|phone| chat.member(phone)).map(short_name);
        Some(Self {
            author: author.filter(|_| !message.from_me),
            from_me: message.from_me,
            text: words(message).chars().take(PREVIEW).collect(),
            kind: message.body.kind().to_owned(),
            deleted: message.later.deleted.is_some(),
            seconds: message.body.media().first().and_then(|media| media.seconds),
            ack: wire_ack(message),
        })
    }
}

/// The name before the colon of a group's preview: first name, else "~" and their own name, else the number.
fn short_name(member: &Member) -> String {
    match (&member.name, &member.push) {
        (Some(name), _) => name.split(' ').next().unwrap_or(name).to_owned(),
        (None, Some(push)) => format!("~{push}"),
        (None, None) => member.phone.clone(),
    }
}

/// The words of a preview: a document shows its name, a place and a card theirs.
fn words(message: &Message) -> &str {
    match &message.body {
        Body::Document(with) if with.text.is_empty() => with.media.name.as_deref().unwrap_or(""),
        Body::Location(place) => place.name.as_deref().unwrap_or(""),
        Body::Contact { cards } => cards.first().map_or("", |card| &card.name),
        body => body.text(),
    }
}

/// Whether one of the unread messages names the account's owner.
fn names_us(chat: &Chat) -> bool {
    let unread = chat.messages.iter().rev().filter(|message| !message.from_me).take(chat.unread as usize);
    let mut unread = unread.filter(|message| message.seen_at.is_none());
    unread.any(|message| message.mentions.iter().any(|mention| mention.us))
}

/// How a member is called where we know a name.
pub(super) fn known_as(member: &Member) -> &str {
    member.name.as_deref().unwrap_or(&member.phone)
}
