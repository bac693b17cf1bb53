//! What exists: accounts, chats, messages and devices.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    act::Act,
    body::{Body, Later, Mention},
};
use crate::clock::Millis;

/// One WhatsApp account: a phone with its chats and the devices linked to it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// Our own name for it, used in the control API.
    pub id: String,
    /// The profile name.
    pub name: String,
    /// The number as shown.
    pub phone: String,
    /// UI language when the page's query says none.
    pub locale: String,
    /// The phone's clock setting; none means by language.
    pub hour12: Option<bool>,
    /// Where the owner lives; only used to place a scenario's messages in time.
    pub time_zone: String,
    /// Chats by id.
    pub chats: BTreeMap<String, Chat>,
    /// Linked devices by id.
    pub devices: BTreeMap<String, Device>,
    /// Everything the linked pages did, oldest first.
    pub acts: Vec<Act>,
    /// Submissions already accepted: temporary id to chat and key.
    #[serde(skip)]
    pub accepted: HashMap<String, (String, String)>,
}

/// A linked device: one browser profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Device {
    /// Public id.
    pub id: String,
    /// What the page must show to be let in.
    pub secret: String,
    /// When it was linked.
    pub linked_at: Millis,
    /// Whether the first long sync is over.
    pub synced: bool,
}

/// What a chat is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChatKind {
    /// One other person.
    Contact,
    /// Several.
    Group,
    /// Messages to oneself.
    #[serde(rename = "self")]
    Own,
}

/// How the other side behaves when we write to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Gets messages at once and reads them after some seconds.
    #[default]
    Online,
    /// Gets messages, reads only when someone acts for them.
    Away,
    /// The phone is off: one tick.
    Off,
}

/// A conversation with its messages, oldest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Chat {
    /// Opaque id.
    pub id: String,
    /// What it is.
    pub kind: ChatKind,
    /// Saved name or group subject.
    pub name: Option<String>,
    /// Formatted number, for contacts.
    pub phone: Option<String>,
    /// What is shown in place of the number once that is hidden.
    #[serde(default)]
    pub hidden: Option<String>,
    /// The name the contact gave themselves.
    pub push: Option<String>,
    /// Group members.
    pub members: Vec<Member>,
    /// Kept on top.
    pub pinned: bool,
    /// No notifications.
    pub muted: bool,
    /// Out of the main list.
    pub archived: bool,
    /// Among the favourites.
    #[serde(default)]
    pub favorite: bool,
    /// What the contact says about itself, or the group's description.
    #[serde(default)]
    pub about: Option<String>,
    /// What a business says of itself.
    #[serde(default)]
    pub business: Option<Business>,
    /// Marked unread by hand.
    pub marked_unread: bool,
    /// Incoming messages nobody has seen yet.
    pub unread: u32,
    /// How the other side behaves.
    pub reach: Reach,
    /// Whether the other side shows blue ticks.
    pub read_receipts: bool,
    /// Whether we may write.
    pub writable: bool,
    /// Colour of the drawn avatar.
    pub colour: String,
    /// Which picture it shows, see [`crate::picture`]; none shows the default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<u32>,
    /// Messages, oldest first.
    pub messages: Vec<Message>,
}

/// What a business says of itself in its panel; what is empty is not drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Business {
    /// What it does.
    pub description: String,
    /// A line for each day.
    pub hours: Vec<String>,
    /// Where it is.
    pub address: String,
    /// Where it reads mail.
    pub email: String,
    /// Its sites.
    pub websites: Vec<String>,
}

/// Someone in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// Saved name.
    #[serde(default)]
    pub name: Option<String>,
    /// Formatted number.
    pub phone: String,
    /// The name they gave themselves.
    #[serde(default)]
    pub push: Option<String>,
    /// Whether they may change the group.
    #[serde(default)]
    pub admin: bool,
    /// What they say about themselves.
    #[serde(default)]
    pub about: Option<String>,
}

/// Delivery state of one of our messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ack {
    /// At the server's door.
    Pending,
    /// One tick.
    Sent,
    /// Two ticks.
    Delivered,
    /// Two blue ticks.
    Read,
    /// A voice note that was listened to.
    Played,
}

/// A message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    /// The key, unique in the account.
    pub key: String,
    /// Whether the account's owner wrote it.
    pub from_me: bool,
    /// Number of the author, for groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When it was written.
    pub at: Millis,
    /// What it carries.
    pub body: Body,
    /// The message of the same chat that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotes: Option<String>,
    /// How often it was passed on; five or more is "many times".
    #[serde(default, skip_serializing_if = "is_zero")]
    pub forwarded: u8,
    /// Who is named in its words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// What became of it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub later: Later,
    /// Ours: the states it went through, with times.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acks: Vec<(Ack, Millis)>,
    /// Theirs: when the account saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Millis>,
    /// Ours, from a page: the id it had before it had a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temp_id: Option<String>,
    /// Whether it came to be while the simulator ran, not from a scenario.
    #[serde(default)]
    pub live: bool,
    /// Trouble: the page shows a failure although it was delivered.
    #[serde(default)]
    pub page_error: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(count: &u8) -> bool {
    *count == 0
}

fn is_default(later: &Later) -> bool {
    *later == Later::default()
}

impl Message {
    /// A message as it is when it is written.
    #[must_use]
    pub fn new(key: String, from_me: bool, at: Millis, body: Body) -> Self {
        Self {
            key,
            from_me,
            author: None,
            at,
            body,
            quotes: None,
            forwarded: 0,
            mentions: Vec::new(),
            later: Later::default(),
            acks: Vec::new(),
            seen_at: None,
            temp_id: None,
            live: false,
            page_error: false,
        }
    }

    /// The present delivery state.
    #[must_use]
    pub fn ack(&self) -> Option<Ack> {
        self.acks.last().map(|(ack, _)| *ack)
    }
}

impl Chat {
    /// What the list shows: saved name, subject or number.
    #[must_use]
    pub fn title(&self) -> &str {
        self.name.as_deref().or(self.hidden.as_deref()).or(self.phone.as_deref()).unwrap_or("")
    }

    /// Time of the last message, for the order of the list.
    #[must_use]
    pub fn last_at(&self) -> Millis {
        self.messages.last().map_or(0, |message| message.at)
    }

    /// The messages that stand above the conversation, the oldest pin first.
    #[must_use]
    pub fn pinned(&self) -> Vec<&Message> {
        let mut pinned: Vec<&Message> = self.messages.iter().filter(|message| message.later.pinned.is_some()).collect();
        pinned.sort_by_key(|message| message.later.pinned.as_ref().map(|pin| pin.at));
        pinned
    }

    /// Finds a message by key, from the end, where the changes happen.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        self.messages.iter().rposition(|message| message.key == key)
    }

    /// Keys of incoming messages nobody has seen.
    #[must_use]
    pub fn unseen(&self) -> Vec<String> {
        // Only the last messages can be unseen, so a long chat is not walked through.
        let unseen = |message: &&Message| !message.from_me && message.seen_at.is_none();
        let newest = self.messages.iter().rev().filter(unseen).take(self.unread as usize);
        let mut keys: Vec<String> = newest.map(|message| message.key.clone()).collect();
        keys.reverse();
        keys
    }

    /// The member with this number.
    #[must_use]
    pub fn member(&self, phone: &str) -> Option<&Member> {
        let wanted = super::phone::digits(phone);
        self.members.iter().find(|member| super::phone::digits(&member.phone) == wanted)
    }
}
