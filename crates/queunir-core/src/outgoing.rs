//! A message on its way out, and the states it may take (DEL-05).
//!
//! ```text
//! queued ─> leased ─> composing ─> intent ─> sent      (then the bound message's ack: delivered, read)
//!    │                    │          │  └──> uncertain ─(a person decides)─> sent | canceled
//!    │                    │          └─(absence proven, once)─> queued
//!    └─> canceled         └─> queued | failed
//! ```

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{ChatId, MediaId, MessageId, OutgoingId},
    media::MediaFile,
    message::{Direction, MessageKind},
};

/// Where an outgoing message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutgoingState {
    /// Waits for its turn.
    Queued,
    /// Claimed by the sender.
    Leased,
    /// The text is being typed; nothing was sent.
    Composing,
    /// Committed before the send key; from here on only evidence decides.
    Intent,
    /// Bound to a bubble.
    Sent,
    /// Taken back before the send key.
    Canceled,
    /// Certainly not sent; `reason` says why.
    Failed,
    /// Neither sent nor unsent can be proven; a person decides.
    Uncertain,
}

/// One outgoing message as the browser sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Outgoing {
    /// Its id.
    pub id: OutgoingId,
    /// Its conversation.
    pub chat_id: ChatId,
    /// Idempotency key given by the client.
    pub client_key: String,
    /// The text as typed; beside a file it is the caption and may be empty.
    pub text: String,
    /// The file it carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<OutgoingFile>,
    /// The message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ReplyTo>,
    /// Where it is.
    pub state: OutgoingState,
    /// The stored message it became.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// A stable code for a failure or an uncertainty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When a person pressed send.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// The file of an outgoing message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutgoingFile {
    /// What it is sent as: `image`, `video` or `document`.
    pub kind: MessageKind,
    /// The name it is sent under.
    pub name: String,
    /// Where it can be had; absent once it is not kept any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MediaId>,
    /// What is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<MediaFile>,
}

/// A stored message that an outgoing one answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReplyTo {
    /// Which message.
    pub message_id: MessageId,
    /// What it is; absent, like all that follows, once it is not stored any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<MessageKind>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Name of its author, for incoming ones in groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// Its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A file that was handed over to be sent; it is kept for two days, and longer while a message waits with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Upload {
    /// Its id, for the message that is to carry it and for looking at it.
    pub id: MediaId,
    /// What it will be sent as, by its content: `image`, `video` or `document`.
    pub kind: MessageKind,
    /// The name it will be sent under.
    pub name: String,
    /// What is stored.
    pub file: MediaFile,
}
