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

use crate::id::{ChatId, MessageId, OutgoingId};

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
    /// The text as typed.
    pub text: String,
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
