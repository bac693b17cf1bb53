//! What is known of a chat's past: what stands above its oldest message, and where something may be missing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{ChatId, GapId, MessageId};

/// What stands above the oldest message, by the latest look at the top of the chat in WhatsApp.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Older {
    /// Nobody has looked, or there are more to load.
    #[default]
    MayCome,
    /// They are on the phone alone; WhatsApp offers to ask it, and was not answered.
    OnPhone,
    /// The phone gives them only after its owner has permitted it there.
    NeedsPermission,
    /// WhatsApp is still bringing them.
    Syncing,
}

/// How far it is with a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapState {
    /// It was just found and is being read; shown to nobody.
    Reading,
    /// It could not be read back to known ground; it is tried again.
    Open,
    /// Known ground was reached: nothing is missing there any more.
    Closed,
}

/// A range of a chat in which messages may be missing (DEL-04).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Gap {
    /// Its id.
    pub id: GapId,
    /// Its conversation.
    pub chat_id: ChatId,
    /// How far it is.
    pub state: GapState,
    /// The newest message that is known above it.
    pub after_id: MessageId,
    /// The oldest message that hangs together with everything below it.
    pub before_id: MessageId,
    /// Time of the message above.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Time of the message below.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// How many messages were found in it since it was noted.
    pub found: u32,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// When it is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_try: Option<Timestamp>,
}

/// What came of asking for older messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OlderOutcome {
    /// Some came.
    Loaded,
    /// There are none: the chat begins where the stored messages begin.
    Start,
    /// They are on the phone, which gave none.
    OnPhone,
    /// Its owner has to permit it on the phone first.
    NeedsPermission,
    /// WhatsApp is still bringing them.
    Syncing,
    /// None came; it may be tried again.
    Nothing,
}

/// Why a chat is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LoadingReason {
    /// A person asked for older messages.
    Older,
    /// A gap is read back.
    Gap,
}

/// A chat whose past is being read now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Loading {
    /// Which chat.
    pub chat_id: ChatId,
    /// Why.
    pub reason: LoadingReason,
    /// How many messages came so far.
    pub messages: u32,
}

/// What is being read now; a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Activity {
    /// The chats whose past is read now.
    pub loading: Vec<Loading>,
}
