//! What a linked page, or the phone, did: the record by which tests judge.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Millis;

/// Something a linked page did.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Act {
    /// When.
    pub at: Millis,
    /// Which device; none means the phone itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// What.
    #[serde(flatten)]
    pub kind: ActKind,
}

/// The kinds of acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum ActKind {
    /// The phone scanned the page's code.
    Linked,
    /// A page came up with the device's keys (first start, reload or reconnect).
    PageStarted,
    /// A dialog of the page was answered.
    DialogClosed {
        /// Its id.
        dialog: String,
        /// `ok` or `cancel`.
        button: String,
    },
    /// A page took over from another of the same device.
    UsedHere,
    /// The device was removed.
    LoggedOut,
    /// A chat was opened.
    ChatOpened {
        /// Its id.
        chat: String,
    },
    /// No chat is open any more.
    ChatLeft {
        /// Its id.
        chat: String,
    },
    /// A voice note was listened to.
    Played {
        /// Chat id.
        chat: String,
        /// The message.
        key: String,
    },
    /// A file was given to the page and sent.
    Attached {
        /// Chat id.
        chat: String,
        /// The page's id for the row.
        temp_id: String,
        /// Hash of the bytes.
        hash: String,
        /// Whether the server took it.
        accepted: bool,
    },
    /// A blue tick was sent for a message.
    Receipt {
        /// Chat id.
        chat: String,
        /// The message.
        key: String,
    },
    /// A composer's content was submitted.
    Submitted {
        /// Chat id.
        chat: String,
        /// The page's id for the row.
        temp_id: String,
        /// Hash of the comparable text.
        hash: String,
        /// Whether the server took it.
        accepted: bool,
        /// Key of the message that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quotes: Option<String>,
    },
    /// Something was done to a message through its menu.
    Acted {
        /// Chat id.
        chat: String,
        /// The message.
        key: String,
        /// What.
        what: OnMessage,
        /// What became of it.
        outcome: Outcome,
    },
    /// A message was passed on to another chat; one act for each.
    Forwarded {
        /// The chat it stands in.
        chat: String,
        /// The message.
        key: String,
        /// The chat it went to.
        to: String,
        /// The page's id for the new row.
        temp_id: String,
        /// What became of it.
        outcome: Outcome,
    },
}

/// What the menu of a message can do to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum OnMessage {
    /// Our reaction; none takes it back.
    React {
        /// The picture.
        emoji: Option<String>,
    },
    /// Starred, or not any more.
    Star {
        /// Whether.
        on: bool,
    },
    /// Put above the conversation.
    Pin {
        /// For how long.
        seconds: u32,
    },
    /// Taken from there.
    Unpin {},
    /// Other words.
    Edit {
        /// The words.
        text: String,
    },
    /// Deleted for the account's owner alone.
    DeleteForMe {},
    /// Deleted for everyone.
    DeleteForEveryone {},
}

/// What became of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was done, and the page was told that it failed (trouble).
    DoneButError,
    /// It never reached the server (trouble).
    Lost,
    /// The message was gone by then.
    Gone,
    /// Its time was over.
    Late,
    /// It cannot be done to this message.
    Refused,
}
