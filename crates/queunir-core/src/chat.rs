//! A conversation as the browser sees it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    history::Older,
    id::{ChatId, MessageId},
    message::Ack,
};

/// What kind of conversation it is; the list has no marker, so it may be unknown until opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChatKind {
    /// One other person.
    Contact,
    /// A group.
    Group,
    /// Messages to oneself.
    Yourself,
    /// Not known yet.
    Unknown,
}

/// The last message as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Preview {
    /// Text, possibly cut by the page.
    pub text: String,
    /// Whether it is ours.
    pub from_me: bool,
    /// Delivery state, for ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ack: Option<Ack>,
    /// When, as certain as the list allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// The page's own words for the time ("Yesterday"), for when `at` is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_text: Option<String>,
}

/// Why a person says that a customer does not want to be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OptOutReason {
    /// They said so.
    Asked,
    /// They wrote one of the words that mean it.
    Keyword,
    /// For another reason.
    Other,
}

/// A customer does not want to be written to (POL-05): only answers are sent, within 24 hours of a message of theirs that
/// came later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OptOut {
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Why.
    pub reason: OptOutReason,
}

/// One conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Chat {
    /// Its id.
    pub id: ChatId,
    /// Name as WhatsApp shows it, bidi marks removed.
    pub title: String,
    /// Phone in international form, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Kind.
    pub kind: ChatKind,
    /// Last message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<Preview>,
    /// Unread messages by the page's badge.
    pub unread: u32,
    /// Marked as unread by hand (badge without a number).
    pub marked_unread: bool,
    /// How many messages are known to exist but have not been read (*only what I open*): unread minus provisional rows.
    pub not_read_yet: u32,
    /// Pinned in WhatsApp.
    pub pinned: bool,
    /// Muted in WhatsApp.
    pub muted: bool,
    /// Archived in WhatsApp.
    pub archived: bool,
    /// Two chats share this name; neither is opened or written to until they can be told apart.
    pub ambiguous: bool,
    /// Sort key of WhatsApp's list, smaller is higher, with gaps so that one chat moves alone; absent when not in the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
    /// Whether the start of the history is stored.
    pub history_complete: bool,
    /// What stands above the oldest message while it is not.
    pub older: Older,
    /// They do not want to be written to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opt_out: Option<OptOut>,
    /// Their latest message when a person last said that they may be written to: it was no wish to be left alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opt_out_declined: Option<MessageId>,
    /// Version of its picture, which `/api/chats/{id}/picture?v=` answers; absent while none is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}
