//! What is known of the person or group behind a chat, and where each part of it was read.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::ChatId;

/// What a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// The name under which this account has saved them, or a group's subject.
    Name,
    /// Their number in `+digits` form.
    Phone,
    /// The name they gave themselves, which WhatsApp shows with a "~" before it.
    PushName,
    /// What they say about themselves.
    About,
    /// What a business or a group says of itself: description or address.
    Description,
    /// A line of a business's opening hours.
    Hours,
    /// A business's mail address.
    Email,
    /// A business's site.
    Website,
}

/// Where a fact was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactSource {
    /// In WhatsApp's info panel.
    Panel,
    /// In what the composer says of itself.
    Composer,
    /// In the chat's title.
    Title,
}

/// One thing that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fact {
    /// What it is.
    pub kind: FactKind,
    /// As WhatsApp showed it.
    pub value: String,
    /// Where.
    pub source: FactSource,
    /// Since when it has been seen there with this value.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// How far reading the info panel has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PanelState {
    /// Never read.
    Unread,
    /// A person asked for it; it comes when the page is free and the chat may be opened.
    Wanted,
    /// Read.
    Read,
    /// It could not be read; what was known before still stands.
    Failed,
}

/// A member of a group, as its info panel shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// As this account has them saved, or as the page calls them; the account itself is called "You" in its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The name they gave themselves, without its "~".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push_name: Option<String>,
    /// In `+digits` form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// They run the group.
    pub admin: bool,
}

/// A member, and where to write to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListedMember {
    /// Who.
    #[serde(flatten)]
    pub member: Member,
    /// The chat with their number, if exactly one has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
}

/// The members of a group that its info panel showed. The panel shows some of many: who is not among them may well be
/// one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Members {
    /// In the panel's order.
    pub shown: Vec<ListedMember>,
    /// How many the group has, where the panel says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    /// Since when just these have been shown.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// When they were last shown.
    #[schema(value_type = String, format = DateTime)]
    pub seen_at: Timestamp,
}

/// What is known of a chat's person or group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Contact {
    /// Whose chat.
    pub chat_id: ChatId,
    /// By kind, then by source, the surest first.
    pub facts: Vec<Fact>,
    /// The info panel.
    pub panel: PanelState,
    /// When the panel was last read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
    /// The panel says that the number is hidden.
    pub number_hidden: bool,
    /// Of a group whose panel has shown members.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<Members>,
}
