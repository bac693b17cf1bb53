//! What a person does to a message that is there already, and the states of such an act.
//!
//! ```text
//! queued ─> doing ─> done                    the message's row shows what was wished
//!   │         ├──> queued                    nothing was pressed, or pressing again does no harm: once more
//!   │         ├──> failed                    certainly not done; `reason` says why
//!   │         └──> uncertain ─(a person decides)─> done | canceled
//!   └─> canceled
//! done ─> uncertain                          a forward whose bubble is gone from the page before it had a tick
//! ```
//!
//! All acts but a forward are goals: the row shows whether they are reached, so they are looked at before anything is
//! pressed and may be tried again. A forward makes a new message and is pressed at most once.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{ActId, ChatId, MessageId},
    message::{Direction, Message, MessageKind, Source},
};

/// How long a message stays pinned; WhatsApp offers these three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PinFor {
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// 30 days.
    Month,
}

/// What is wished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Wish {
    /// This account's reaction is this emoji, or none.
    React {
        /// One emoji; absent to take the reaction back.
        emoji: Option<String>,
    },
    /// The message has a star, or none.
    Star {
        /// Whether it has.
        on: bool,
    },
    /// The message is pinned for a time, or not at all.
    Pin {
        /// How long; absent to unpin.
        duration: Option<PinFor>,
    },
    /// The message is gone for this account.
    DeleteForMe,
    /// The message is gone for everyone; cannot be undone.
    DeleteForEveryone,
    /// Our message has another text.
    Edit {
        /// As typed, 1 to 65,536 characters.
        text: String,
    },
    /// One other chat gets the message as well; a person's act, never several chats at once (POL-02).
    Forward {
        /// Which chat.
        to: ChatId,
    },
}

impl Wish {
    /// The name of its kind, as in the audit trail.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::React { .. } => "react",
            Self::Star { .. } => "star",
            Self::Pin { .. } => "pin",
            Self::DeleteForMe => "delete_for_me",
            Self::DeleteForEveryone => "delete_for_everyone",
            Self::Edit { .. } => "edit",
            Self::Forward { .. } => "forward",
        }
    }

    /// Why this cannot be done to a message, as far as the message tells; WhatsApp has limits of time besides.
    #[must_use]
    pub fn refused_by(&self, message: &Message) -> Option<&'static str> {
        if message.key.is_none() || message.source == Source::List {
            return Some("not_read_yet");
        }
        if message.deleted_for_me || (message.kind == MessageKind::Deleted && *self != Self::DeleteForMe) {
            return Some("message_deleted");
        }
        let ours = message.direction == Direction::Out;
        match self {
            Self::DeleteForEveryone | Self::Edit { .. } if !ours => Some("not_ours"),
            Self::Edit { .. } if message.kind != MessageKind::Text || message.forwarded => Some("not_editable"),
            Self::Forward { .. } if matches!(message.kind, MessageKind::Undecrypted | MessageKind::ViewOnce) => {
                Some("not_forwardable")
            }
            _ => None,
        }
    }
}

/// Where an act is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActState {
    /// Waits for its turn.
    Queued,
    /// On the page now.
    Doing,
    /// The page shows it.
    Done,
    /// Taken back or put aside by a person.
    Canceled,
    /// Certainly not done; `reason` says why.
    Failed,
    /// It cannot be told whether it was done; a person decides.
    Uncertain,
}

/// One act as the browser sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Act {
    /// Its id.
    pub id: ActId,
    /// The message's conversation.
    pub chat_id: ChatId,
    /// The message.
    pub message_id: MessageId,
    /// Idempotency key given by the client.
    pub client_key: String,
    /// What is wished.
    pub wish: Wish,
    /// Where it is.
    pub state: ActState,
    /// A stable code for a failure or an uncertainty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When a person asked for it.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn message() -> Message {
        serde_json::from_value(serde_json::json!({
            "id": MessageId(Uuid::nil()), "chat_id": ChatId(Uuid::nil()), "key": "A", "direction": "out", "kind": "text",
            "text": "hi", "sent_at_certain": true, "failed": false, "edited": false, "forwarded": false,
            "source": "row", "order_key": "a",
        }))
        .unwrap()
    }

    #[test]
    fn what_the_message_tells_refuses_what_whatsapp_would_not_offer() {
        let ours = message();
        let theirs = Message { direction: Direction::In, ..message() };
        let edit = Wish::Edit { text: "ho".into() };
        assert_eq!(edit.refused_by(&ours), None);
        assert_eq!(edit.refused_by(&theirs), Some("not_ours"));
        assert_eq!(edit.refused_by(&Message { forwarded: true, ..message() }), Some("not_editable"));
        assert_eq!(Wish::DeleteForEveryone.refused_by(&theirs), Some("not_ours"));
        assert_eq!(Wish::DeleteForMe.refused_by(&theirs), None);
        let deleted = Message { kind: MessageKind::Deleted, ..message() };
        assert_eq!(Wish::Star { on: true }.refused_by(&deleted), Some("message_deleted"));
        assert_eq!(Wish::DeleteForMe.refused_by(&deleted), None);
        assert_eq!(Wish::Star { on: true }.refused_by(&Message { key: None, ..message() }), Some("not_read_yet"));
    }

    #[test]
    fn a_wish_names_one_chat_and_nothing_unknown() {
        let read = |json: &str| serde_json::from_str::<Wish>(json);
        assert_eq!(read(r#"{"kind":"react","emoji":null}"#).unwrap(), Wish::React { emoji: None });
        assert_eq!(read(r#"{"kind":"pin","duration":"week"}"#).unwrap(), Wish::Pin { duration: Some(PinFor::Week) });
        assert!(read(r#"{"kind":"forward","to":["chat_00000000000000000000000000000001"]}"#).is_err());
        assert!(read(r#"{"kind":"star","on":true,"also":1}"#).is_err());
    }
}
