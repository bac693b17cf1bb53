//! What was seen on the page, validated and normalised; nothing here is a guess.

use jiff::Timestamp;
use queunir_core::{
    chat::ChatKind,
    contact::{FactKind, Member},
    link::PageState,
    message::{Ack, Direction, MessageKind, Quote, Reaction},
};
use serde::{Deserialize, Serialize};

/// The page's state with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenState {
    /// Which screen.
    pub state: PageState,
    /// The `data-ref` on screen, in state `qr`; never a value that starts with `undefined`.
    pub qr: Option<String>,
    /// The characters to type on the phone, in state `pairing`, without separators.
    pub link_code: Option<String>,
    /// Percentage on the loading screen or in the history banner.
    pub sync_percent: Option<u8>,
    /// The linked number, where the page shows it.
    pub phone: Option<String>,
}

impl SeenState {
    /// A screen with nothing on it.
    #[must_use]
    pub fn plain(state: PageState) -> Self {
        Self { state, qr: None, link_code: None, sync_percent: None, phone: None }
    }
}

/// What a row of the list shows as the chat's picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowPicture {
    /// Neither was recognised.
    #[default]
    Unknown,
    /// The icon that stands for people, or groups, without one.
    Icon,
    /// One of its own; the text stands for its address, which is not known here.
    Own(String),
}

impl RowPicture {
    /// Whether it says nothing of a picture of its own.
    #[must_use]
    pub fn is_none(&self) -> bool {
        !matches!(self, Self::Own(_))
    }
}

/// A chat's own picture as the list drew it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// What stood for its address, before and after.
    pub token: String,
    /// The picture, as WebP.
    pub bytes: Vec<u8>,
}

/// One row of the chat list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenChat {
    /// Name from the `title` attribute, cleaned with `queunir_core::text::clean_name`.
    pub title: String,
    /// The phone in `+digits` form when the title is one.
    pub phone: Option<String>,
    /// Kind, mostly unknown from the list.
    pub kind: ChatKind,
    /// Preview text, optional by nature.
    pub preview: Option<String>,
    /// Whether the last message is ours (presence of a delivery icon).
    pub preview_from_me: bool,
    /// Author of the preview in a group.
    pub preview_sender: Option<String>,
    /// Kind of the previewed message.
    pub preview_kind: MessageKind,
    /// Delivery state of our last message.
    pub preview_ack: Option<Ack>,
    /// Badge number.
    pub unread: u32,
    /// Badge without a number.
    pub marked_unread: bool,
    /// Pinned.
    pub pinned: bool,
    /// Muted.
    pub muted: bool,
    /// In the archived drawer.
    pub archived: bool,
    /// Somebody types; the preview is hidden by that.
    pub typing: bool,
    /// The page's words for the time.
    pub time_text: String,
    /// The time as far as the words allow.
    pub time: Option<Timestamp>,
    /// Place in the whole list: `translateY` order, 0 first.
    pub position: u32,
    /// Its picture.
    #[serde(default, skip_serializing_if = "RowPicture::is_none")]
    pub picture: RowPicture,
    /// Rises from one look at the list to the next, within its document: what a walk met early may be older than what
    /// the page pushed before the walk was over.
    pub look: u64,
}

/// A sweep over the chat list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenList {
    /// Rows in list order.
    pub rows: Vec<SeenChat>,
    /// `aria-rowcount`.
    pub total: Option<u32>,
    /// Whether `rows` are all rows of the list, not just the rendered window.
    pub complete: bool,
    /// Tells the document from all others.
    pub document: String,
}

/// How much of a file the page shows by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// All of it: the page holds its bytes under an address of its own.
    Whole,
    /// A small blurred picture of it.
    Preview,
    /// Nothing: it would have to be played or downloaded first, and that tells the sender or loads what nobody asked for.
    Nothing,
}

/// One file of a message as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenFile {
    /// How much of it can be had.
    pub shown: Shown,
    /// Its name.
    pub name: Option<String>,
    /// Its length in seconds.
    pub duration_s: Option<u32>,
    /// Its size as written.
    pub size_text: Option<String>,
}

/// One row of an open conversation that is a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenMessage {
    /// WhatsApp's key: the bare `data-id`, or the key part of a packed one.
    pub key: String,
    /// Whether the row's content is drawn; if false every other field is meaningless (evidence 3.2).
    pub drawn: bool,
    /// Who wrote it.
    pub direction: Direction,
    /// Author as a person reads it.
    pub sender: Option<String>,
    /// What it is.
    pub kind: MessageKind,
    /// Body alone with its line breaks.
    pub text: String,
    /// Whether the body ends in a "Read more" that was not opened.
    pub cut: bool,
    /// Time to the minute.
    pub sent_at: Option<Timestamp>,
    /// Whether the date is beyond doubt.
    pub sent_at_certain: bool,
    /// Delivery state of ours.
    pub ack: Option<Ack>,
    /// Shown as failed.
    pub failed: bool,
    /// Quoted message.
    pub quoted: Option<Quote>,
    /// Edited.
    pub edited: bool,
    /// Forwarded.
    pub forwarded: bool,
    /// Reactions; whose they are the row does not say.
    pub reactions: Vec<Reaction>,
    /// A star in the line with the clock.
    pub starred: bool,
    /// A pin in the line with the clock.
    pub pinned: bool,
    /// Its files in the order of the page; an album's as far as its tiles are drawn.
    pub files: Vec<SeenFile>,
}

/// The open conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenConversation {
    /// Header title, cleaned.
    pub title: String,
    /// Phone in `+digits` form, from header, composer label or the ids of its rows.
    pub phone: Option<String>,
    /// Its hidden id or its id as a group, where the ids of its rows say it: `123@lid`, `456@g.us`.
    #[serde(default)]
    pub address: Option<String>,
    /// Second line.
    pub subtitle: Option<String>,
    /// Kind.
    pub kind: ChatKind,
    /// Message rows in page order, oldest first.
    pub messages: Vec<SeenMessage>,
    /// The encryption notice is drawn above the first row: true start of the history.
    pub at_start: bool,
    /// The list is scrolled to its end, so the last row is the newest message.
    pub at_end: bool,
    /// Offline banner present.
    pub offline: bool,
    /// A composer is there and not read-only.
    pub writable: bool,
}

/// One thing that an info panel says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenFact {
    /// What it is.
    pub kind: FactKind,
    /// As it is shown; numbers in `+digits` form, names without their "~".
    pub value: String,
}

/// The info panel of the open chat; what cannot be told apart is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenPanel {
    /// A contact's panel or a group's; unknown where nothing marks it.
    pub kind: ChatKind,
    /// In the panel's order.
    pub facts: Vec<SeenFact>,
    /// The panel says that the number is hidden.
    pub number_hidden: bool,
    /// Those of a group's members that the panel shows, in its order; some of many.
    pub members: Vec<Member>,
    /// They are those of the dialog that lists all.
    #[serde(default)]
    pub all_members: bool,
    /// How many members it says the group has.
    pub total: Option<u32>,
}

/// What a read found, field by field; "rows but no messages" is an alarm (decision 6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderHealth {
    /// Markup generation by its anchors: `g2`, `g3`, `unknown`.
    pub generation: String,
    /// Row nodes seen.
    pub rows_seen: u32,
    /// Rows from which a message or chat was read.
    pub rows_read: u32,
    /// Field name to the family of the anchor that hit (`testid`, `role`, `structure`, `none`).
    pub anchors: std::collections::BTreeMap<String, String>,
    /// Field name to how often it was empty where it should not be.
    pub empty: std::collections::BTreeMap<String, u32>,
    /// How often a field, or a field by an anchor's family (`list.title:testid`), was found, and missed where it belongs.
    pub tallies: std::collections::BTreeMap<String, (u32, u32)>,
    /// Whether rows were there and nothing could be read.
    pub alarm: bool,
}
