//! A stored message.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{ChatId, MessageId},
    media::Media,
};

/// Who wrote it; never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The other side.
    In,
    /// This account, from any of its devices.
    Out,
    /// The page did not say.
    Unknown,
}

/// Delivery state of an outgoing message; only moves forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ack {
    /// A clock: not at the server yet.
    Pending,
    /// One tick.
    Sent,
    /// Two grey ticks.
    Delivered,
    /// Two blue ticks.
    Read,
    /// A voice note that was played.
    Played,
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are WhatsApp's own")]
pub enum MessageKind {
    Text,
    Image,
    Video,
    Gif,
    Voice,
    Audio,
    Document,
    Sticker,
    Location,
    Contact,
    Poll,
    Album,
    Call,
    ViewOnce,
    Undecrypted,
    Deleted,
    /// Something we saw and could not name.
    Unknown,
}

/// Where a row was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// From the message row itself.
    Row,
    /// From the chat list's preview: provisional, possibly cut.
    List,
}

/// The quoted message of a reply, as far as the bubble shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quote {
    /// Author as shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// Text as shown.
    pub text: String,
}

/// What people answered to a message with one emoji.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reaction {
    /// The emoji as the page writes it.
    pub emoji: String,
    /// How many people; absent where the page tells a total of several emoji only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// One of them is this account, as far as Queunir set it; the row itself does not say.
    #[serde(default)]
    pub ours: bool,
}

/// One stored message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Its conversation.
    pub chat_id: ChatId,
    /// WhatsApp's key (`data-id`); absent on provisional rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Who wrote it.
    pub direction: Direction,
    /// Name of the author as shown, for incoming ones in groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// What it is.
    pub kind: MessageKind,
    /// Body with its line breaks; a caption is the body of its picture.
    pub text: String,
    /// The body ends where the page cut it ("Read more").
    #[serde(default)]
    pub cut: bool,
    /// Time to the minute, as the page shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sent_at: Option<Timestamp>,
    /// Whether day and month could be told apart.
    pub sent_at_certain: bool,
    /// Delivery state, for ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ack: Option<Ack>,
    /// Shown as failed by the page.
    pub failed: bool,
    /// The message it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted: Option<Quote>,
    /// Edited at least once.
    pub edited: bool,
    /// Forwarded.
    pub forwarded: bool,
    /// Reactions as its row shows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    /// Marked with a star.
    #[serde(default)]
    pub starred: bool,
    /// Pinned to the top of its chat.
    #[serde(default)]
    pub pinned: bool,
    /// Deleted for this account alone.
    #[serde(default)]
    pub deleted_for_me: bool,
    /// Its files, in the order in which the page shows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
    /// Row or list preview.
    pub source: Source,
    /// Sortable place in the chat; compare as text, byte by byte (DEL-03).
    pub order_key: String,
}
