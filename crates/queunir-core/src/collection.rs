//! Collecting the past of every conversation by itself: how far it is, what it waits for, and where a past ends.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::ChatId;

/// Pace and bounds of collecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionLimits {
    /// Pause between two conversations, in milliseconds. Shorter, and the page is worked like no person would.
    pub pause_ms: u64,
    /// So long without a touch and somebody who has the app open counts as idle, in milliseconds.
    pub idle_ms: u64,
    /// A conversation of which this many messages are stored is collected far enough; 0: nothing is collected.
    pub messages: u32,
}

impl Default for CollectionLimits {
    fn default() -> Self {
        Self { pause_ms: 3_000, idle_ms: 15_000, messages: 1_000 }
    }
}

/// Where collecting a conversation came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Boundary {
    /// The conversation begins there.
    Start,
    /// What is older is on the phone alone, which is asked only when a person wants that.
    OnPhone,
    /// Enough is stored; a person may load more.
    Limit,
    /// WhatsApp offered more and gave nothing.
    NothingMore,
}

/// What collecting does now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CollectionState {
    /// A conversation is being collected, or the next one is a few seconds away.
    Running,
    /// Somebody works in the app; goes on when nobody does.
    Working,
    /// What is new, or what is to be sent, goes first.
    Busy,
    /// A person paused it.
    Paused,
    /// WhatsApp is not connected.
    #[default]
    NotLinked,
    /// What is left would have to be opened, and the reading mode opens only what a person opens.
    OnlyOpened,
    /// What is left is tried again later.
    Later,
    /// Nothing is left.
    Done,
    /// The operator has switched it off.
    Off,
}

/// The snapshot `collection`: how far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Collection {
    /// What it does now.
    pub state: CollectionState,
    /// Conversations in WhatsApp's list and archive that can be told apart by their names.
    pub chats: u32,
    /// Those that are collected.
    pub collected: u32,
    /// Those that could not be, after several attempts.
    pub failed: u32,
    /// Conversations that share their name with another and are left out.
    pub ambiguous: u32,
    /// Stored messages of all conversations, those that were read otherwise included.
    pub messages: u64,
    /// The conversation that is being collected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
}
