//! What happened in a tenant, in order, and the snapshots that are stored nowhere.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    act::Act,
    chat::Chat,
    collection::Collection,
    history::{Activity, Gap},
    id::ChatId,
    link::Link,
    message::Message,
    outgoing::Outgoing,
    slice::SliceView,
};

/// A stored event: SSE `event:` is `type`, `id:` is its number, `data:` this JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type")]
pub enum Event {
    /// A message was stored for the first time.
    #[serde(rename = "message.stored")]
    MessageStored {
        /// The message.
        message: Message,
    },
    /// A stored message changed (ack, edit, deletion, provisional row replaced).
    #[serde(rename = "message.updated")]
    MessageUpdated {
        /// The message as it is now.
        message: Message,
    },
    /// A provisional message went away because the row itself was read.
    #[serde(rename = "message.removed")]
    MessageRemoved {
        /// Its conversation.
        chat_id: ChatId,
        /// Its id.
        message_id: crate::id::MessageId,
    },
    /// A chat appeared or changed.
    #[serde(rename = "chat.updated")]
    ChatUpdated {
        /// The chat as it is now.
        chat: Chat,
    },
    /// An outgoing message changed its state.
    #[serde(rename = "outgoing.updated")]
    OutgoingUpdated {
        /// The outgoing message as it is now.
        outgoing: Outgoing,
    },
    /// An act on a message changed its state.
    #[serde(rename = "act.updated")]
    ActUpdated {
        /// The act as it is now.
        act: Act,
    },
    /// A gap was found, shrank, was tried in vain, or is closed.
    #[serde(rename = "gap.updated")]
    GapUpdated {
        /// The gap as it is now.
        gap: Gap,
    },
    /// More, less or something else is known of a chat's person or group, or is being read; ask for it anew.
    #[serde(rename = "contact.updated")]
    ContactUpdated {
        /// Whose chat.
        chat_id: ChatId,
    },
}

impl Event {
    /// The name on the wire.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::MessageStored { .. } => "message.stored",
            Self::MessageUpdated { .. } => "message.updated",
            Self::MessageRemoved { .. } => "message.removed",
            Self::ChatUpdated { .. } => "chat.updated",
            Self::OutgoingUpdated { .. } => "outgoing.updated",
            Self::ActUpdated { .. } => "act.updated",
            Self::GapUpdated { .. } => "gap.updated",
            Self::ContactUpdated { .. } => "contact.updated",
        }
    }
}

/// A snapshot: sent on every connect and on change, without `id:`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type")]
pub enum Snapshot {
    /// From the gateway: the orchestrator's view.
    #[serde(rename = "slice")]
    Slice {
        /// The view.
        slice: SliceView,
    },
    /// From the slice: the link to WhatsApp.
    #[serde(rename = "link")]
    Link {
        /// The link.
        link: Box<Link>,
    },
    /// From the slice: what of the past is being read now.
    #[serde(rename = "activity")]
    Activity {
        /// What.
        activity: Activity,
    },
    /// From the slice: how far collecting the past is.
    #[serde(rename = "collection")]
    Collection {
        /// How far.
        collection: Collection,
    },
    /// The client's last id is too old or unknown: fetch everything again.
    #[serde(rename = "reset")]
    Reset {
        /// The newest event number; continue from here.
        last_event_id: i64,
    },
}
