//! The rows of a conversation.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::row::known_as;
use super::{WireAck, wire_ack};
use crate::clock::Millis;
use crate::world::body::{Body, Card, LinkPreview, Media, Mention, Place};
use crate::world::{Account, Chat, Message};

/// A message row.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct Msg {
    pub key: String,
    pub from_me: bool,
    pub author: String,
    pub author_phone: Option<String>,
    pub author_push: Option<String>,
    pub at: Millis,
    pub kind: String,
    pub text: String,
    pub ack: Option<WireAck>,
    pub deleted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_by_admin: Option<String>,
    pub edited: bool,
    pub system: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quoted: Option<Quoted>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<WireMedia>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<Card>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<WirePoll>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<WireCall>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<LinkPreview>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ReactionCount>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub forwarded: u8,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub starred: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub played: bool,
    /// View once: whether it is a film.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub video: bool,
}

/// What a message answers, as it is drawn inside it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct Quoted {
    pub from_me: bool,
    pub author: String,
    pub kind: String,
    pub text: String,
    pub thumb: Option<String>,
    pub seconds: Option<u32>,
}

/// A file of a message.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct WireMedia {
    pub url: String,
    pub mime: String,
    pub bytes: u64,
    pub name: Option<String>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub seconds: Option<u32>,
    pub pages: Option<u32>,
    pub thumb: Option<String>,
    pub late: bool,
}

/// A poll.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct WirePoll {
    pub several: bool,
    pub options: Vec<PollChoice>,
}

/// A choice of a poll.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct PollChoice {
    pub text: String,
    pub votes: usize,
    pub ours: bool,
}

/// A call.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct WireCall {
    pub video: bool,
    pub missed: bool,
    pub seconds: u32,
}

/// Equal reactions, counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct ReactionCount {
    pub emoji: String,
    pub count: usize,
    pub ours: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(count: &u8) -> bool {
    *count == 0
}

impl Msg {
    /// The row of a message as it is now.
    #[must_use]
    pub fn of(account: &Account, chat: &Chat, message: &Message) -> Self {
        let (author, author_phone, author_push) = author(account, chat, message);
        let body = &message.body;
        let gone = message.later.deleted.as_ref();
        let (system, preview) = match body {
            Body::System { notice, .. } => (Some(notice.clone()), None),
            Body::Text { preview, .. } => (None, preview.clone()),
            _ => (None, None),
        };
        let words = match body {
            Body::System { text, .. } => text,
            body => body.text(),
        };
        let mut row = Self {
            key: message.key.clone(),
            from_me: message.from_me,
            author,
            author_phone,
            author_push,
            at: message.at,
            kind: body.kind().to_owned(),
            text: words.to_owned(),
            ack: wire_ack(message),
            deleted: gone.is_some(),
            deleted_by_admin: gone.and_then(|deletion| deletion.admin.clone()),
            edited: !message.later.edits.is_empty(),
            system,
            quoted: message.quotes.as_deref().and_then(|key| Quoted::of(account, chat, key)),
            media: media(account, chat, message),
            place: if let Body::Location(place) = body { Some(place.clone()) } else { None },
            cards: if let Body::Contact { cards } = body { cards.clone() } else { Vec::new() },
            poll: WirePoll::of(body),
            call: if let Body::Call(call) = body { Some((*call).into()) } else { None },
            preview,
            mentions: message.mentions.clone(),
            reactions: reactions(message),
            forwarded: message.forwarded,
            starred: message.later.starred,
            pinned: message.later.pinned.is_some(),
            played: message.later.played,
            video: matches!(body, Body::ViewOnce { video: true }),
        };
        if row.deleted {
            row.empty();
        }
        row
    }

    /// Of what was deleted nothing but the fact goes to the page.
    fn empty(&mut self) {
        self.text.clear();
        self.media.clear();
        self.cards.clear();
        self.reactions.clear();
        self.mentions.clear();
        self.quoted = None;
        self.place = None;
        self.poll = None;
        self.preview = None;
        self.edited = false;
        self.starred = false;
    }
}

/// Name, number and own name of who wrote it, as the page shows them.
fn author(account: &Account, chat: &Chat, message: &Message) -> (String, Option<String>, Option<String>) {
    let member = message.author.as_deref().and_then(|phone| chat.member(phone));
    match (message.from_me, member) {
        (true, _) => (account.name.clone(), Some(account.phone.clone()), None),
        (false, Some(member)) => {
            let push = member.push.clone().filter(|_| member.name.is_none());
            (known_as(member).to_owned(), Some(member.phone.clone()), push)
        }
        (false, None) => (chat.title().to_owned(), chat.phone.clone(), None),
    }
}

impl Quoted {
    fn of(account: &Account, chat: &Chat, key: &str) -> Option<Self> {
        let message = &chat.messages[chat.position(key)?];
        let first = message.body.media().first();
        let text = match &message.body {
            Body::Document(with) if with.text.is_empty() => with.media.name.clone().unwrap_or_default(),
            body => body.text().to_owned(),
        };
        Some(Self {
            from_me: message.from_me,
            author: author(account, chat, message).0,
            kind: message.body.kind().to_owned(),
            text,
            thumb: first.and_then(crate::media::thumb),
            seconds: first.and_then(|media| media.seconds),
        })
    }
}

/// A message that stands above the conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct Pin {
    pub key: String,
    pub from_me: bool,
    pub author: String,
    pub kind: String,
    pub text: String,
}

impl Pin {
    /// What stands above a conversation now, the oldest pin first.
    #[must_use]
    pub fn all(account: &Account, chat: &Chat) -> Vec<Self> {
        let seen = chat.pinned().into_iter().filter(|message| message.later.removed.is_none());
        seen.map(|message| Self {
            key: message.key.clone(),
            from_me: message.from_me,
            author: author(account, chat, message).0,
            kind: message.body.kind().to_owned(),
            text: message.body.text().to_owned(),
        })
        .collect()
    }
}

impl WirePoll {
    fn of(body: &Body) -> Option<Self> {
        let Body::Poll(poll) = body else { return None };
        let choice = |option: &crate::world::body::PollOption| PollChoice {
            text: option.text.clone(),
            votes: option.voters.len(),
            ours: option.voters.iter().any(String::is_empty),
        };
        Some(Self { several: poll.several, options: poll.options.iter().map(choice).collect() })
    }
}

impl From<crate::world::body::Call> for WireCall {
    fn from(call: crate::world::body::Call) -> Self {
        Self { video: call.video, missed: call.missed, seconds: call.seconds }
    }
}

fn media(account: &Account, chat: &Chat, message: &Message) -> Vec<WireMedia> {
    let kind = message.body.kind();
    let wire = |(index, media): (usize, &Media)| WireMedia {
        url: format!("/_media/{}/{}/{}/{index}", account.id, chat.id, message.key),
        mime: crate::media::mime(kind, media),
        bytes: crate::media::size(kind, media, &message.key),
        name: media.name.clone(),
        width: media.width,
        height: media.height,
        seconds: media.seconds,
        pages: media.pages,
        thumb: crate::media::thumb(media),
        late: media.late,
    };
    message.body.media().iter().enumerate().map(wire).collect()
}

fn reactions(message: &Message) -> Vec<ReactionCount> {
    let mut counts: Vec<ReactionCount> = Vec::new();
    for reaction in &message.later.reactions {
        let ours = reaction.who.is_empty();
        match counts.iter_mut().find(|known| known.emoji == reaction.emoji) {
            Some(known) => {
                known.count += 1;
                known.ours |= ours;
            }
            None => counts.push(ReactionCount { emoji: reaction.emoji.clone(), count: 1, ours }),
        }
    }
    counts
}
