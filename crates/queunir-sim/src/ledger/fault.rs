//! The ways in which a store can differ from the ledger.

use std::fmt;

use serde::Serialize;

use super::StoredDirection;
use crate::clock::Millis;
use crate::world::Ack;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are what the sentence of each fault names")]
pub enum Fault {
    /// The ledger does not have this account, or several and none was named.
    Account { wanted: String },
    /// A stored chat that does not exist.
    UnknownChat { title: String },
    /// A chat of the ledger that is not stored.
    LostChat { title: String, messages: usize },
    /// A message of the ledger that is not stored.
    Lost { chat: String, key: String, at: Millis },
    /// A key that is stored more than once.
    Twice { chat: String, key: String },
    /// A stored key that never existed.
    Invented { chat: String, key: String },
    /// A stored key that was only the page's temporary id.
    Temporary { chat: String, key: String, real: String },
    /// A notice of the system that is stored as a message.
    NotAMessage { chat: String, key: String },
    /// A message stored in another chat than it was written in.
    WrongChat { key: String, stored: String, real: String },
    /// A message that is stored behind one that came later.
    Order { chat: String, key: String, behind: String },
    /// Other words than were written.
    Text { chat: String, key: String, stored: String, real: String },
    /// Ours as theirs, or theirs as ours.
    Direction { chat: String, key: String, stored: StoredDirection, real: StoredDirection },
    /// Another minute than it was written in.
    Time { chat: String, key: String, stored: String, real: Millis },
    /// A delivery state that was not reached.
    AckAhead { chat: String, key: String, stored: Ack, real: Option<Ack> },
    /// A blue tick where none was allowed.
    Receipt { chat: String, key: String, at: Millis },
    /// The same words submitted more than once in a chat.
    SubmittedTwice { chat: String, hash: String, count: usize },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account { wanted } => write!(f, "account: {wanted}"),
            Self::UnknownChat { title } => write!(f, "chat {title:?} is stored and does not exist"),
            Self::LostChat { title, messages } => write!(f, "chat {title:?} with {messages} messages is not stored"),
            Self::Lost { chat, key, at } => write!(f, "lost: {key} of {chat:?}, written at {at}"),
            Self::Twice { chat, key } => write!(f, "twice: {key} in {chat:?}"),
            Self::Invented { chat, key } => write!(f, "invented: {key} in {chat:?}"),
            Self::Temporary { chat, key, real } => {
                write!(f, "temporary: {key} in {chat:?} is stored, its message became {real}")
            }
            Self::NotAMessage { chat, key } => write!(f, "not a message: {key} in {chat:?} is a notice"),
            Self::WrongChat { key, stored, real } => {
                write!(f, "wrong chat: {key} is stored in {stored:?}, written in {real:?}")
            }
            Self::Order { chat, key, behind } => write!(f, "order: {key} in {chat:?} is stored behind {behind}"),
            Self::Text { chat, key, stored, real } => {
                write!(f, "text: {key} in {chat:?} is stored as {stored:?}, written as {real:?}")
            }
            Self::Direction { chat, key, stored, real } => {
                write!(f, "direction: {key} in {chat:?} is stored as {stored:?}, was {real:?}")
            }
            Self::Time { chat, key, stored, real } => {
                write!(f, "time: {key} in {chat:?} is stored at {stored}, written at {real}")
            }
            Self::AckAhead { chat, key, stored, real } => {
                write!(f, "ack: {key} in {chat:?} is stored as {stored:?}, reached {real:?}")
            }
            Self::Receipt { chat, key, at } => write!(f, "receipt: {key} in {chat:?} was marked read at {at}"),
            Self::SubmittedTwice { chat, hash, count } => {
                write!(f, "submitted {count} times in {chat:?}: content {hash}")
            }
        }
    }
}
