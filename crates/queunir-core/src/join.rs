//! Two chats that turned out to be one, or may be.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{ChatId, JoinId};

/// How a pair of chats stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JoinState {
    /// They may be one; a person says whether they are.
    Suggested,
    /// What was stored of the one belongs to the other.
    Joined,
    /// They were joined, and a person took them apart.
    Undone,
    /// A person says that they are two.
    Declined,
}

/// Why two chats are thought to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JoinEvidence {
    /// The page shows the number under the name, and both have the same message from it.
    Messages,
    /// The page shows the number under the name, and of one of the two nothing but its place in the list was known.
    Number,
    /// Both are known by the same hidden id, which the page has in the ids of their messages.
    Address,
    /// The page shows the number under the name; whether everything stored under that name is of it is not proven.
    Name,
}

/// Two chats that are one, may be one, or are said not to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Join {
    /// Its id.
    pub id: JoinId,
    /// How it stands.
    pub state: JoinState,
    /// Why.
    pub evidence: JoinEvidence,
    /// The chat that was known by its name alone; while they are joined there is none of this id.
    pub from_chat: ChatId,
    /// The chat that is known by its number, or by its hidden id.
    pub into_chat: ChatId,
    /// The name under which the page showed the number.
    pub name: String,
    /// What the chat with the number was called until then.
    pub into_name: String,
    /// The number, in the form `+digits`; empty where it is hidden and the other is known by its hidden id.
    pub phone: String,
    /// Messages that were moved; 0 unless they are joined.
    pub messages: u64,
    /// When it was found.
    #[schema(value_type = String, format = DateTime)]
    pub found_at: Timestamp,
    /// When it came to stand so.
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Timestamp,
    /// A person made it stand so; otherwise it happened by itself.
    pub by_person: bool,
}
