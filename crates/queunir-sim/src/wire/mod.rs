//! The frames between server and page, as `PROTOCOL.md` says, and how they are made from the world.

mod message;
mod row;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::hub::Attach;
use crate::world::{Ack, Business, Message, OnMessage};

pub use message::{Msg, Pin, PollChoice, Quoted, ReactionCount, WireCall, WireMedia, WirePoll};
pub use row::{ChatRow, Last};

/// A frame from the page.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 3 describes each")]
pub enum FromPage {
    Hello {
        device: Option<DeviceKeys>,
        #[serde(default)]
        locale: Option<String>,
        #[serde(default = "yes")]
        visible: bool,
    },
    ReloadQr,
    OpenChat {
        chat: String,
    },
    LeaveChat,
    Focus {
        chat: Option<String>,
        visible: bool,
    },
    Send {
        chat: String,
        temp_id: String,
        text: String,
        #[serde(default)]
        attach: Option<Attach>,
        #[serde(default)]
        quotes: Option<String>,
    },
    Act {
        id: String,
        chat: String,
        key: String,
        what: OnMessage,
    },
    Forward {
        id: String,
        chat: String,
        key: String,
        to: Vec<Destination>,
    },
    LoadOlder {
        chat: String,
        before_key: String,
        count: usize,
        #[serde(default)]
        ask: bool,
    },
    Info {
        chat: String,
    },
    Search {
        query: String,
    },
    Resolve {
        phone: String,
    },
    LinkPhone {
        phone: String,
    },
    MarkUnread {
        chat: String,
        on: bool,
    },
    Play {
        chat: String,
        key: String,
    },
    Vote {
        chat: String,
        key: String,
        option: usize,
    },
    Typing {
        chat: String,
        on: bool,
    },
    DialogClosed {
        id: String,
        button: String,
    },
    UseHere,
    Logout,
    #[serde(other)]
    Unknown,
}

fn yes() -> bool {
    true
}

/// A chat that a message is passed on to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 3 describes each field")]
pub struct Destination {
    pub chat: String,
    pub temp_id: String,
}

/// What a linked page keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceKeys {
    /// Public id.
    pub id: String,
    /// Secret.
    pub secret: String,
}

/// A frame to the page.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 4 describes each")]
pub enum ToPage {
    Config {
        locale: String,
        hour12: bool,
        generation: String,
        speed: f64,
        own_name: Option<String>,
        own_phone: Option<String>,
        time_zone: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        preview_share: Option<f64>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        typing_bubble: bool,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        stranger_card: bool,
    },
    Qr {
        r#ref: String,
        index: usize,
        of: usize,
        ttl_ms: u64,
    },
    QrIdle,
    Paired {
        device: DeviceKeys,
    },
    Sync {
        percent: u8,
    },
    Ready {
        chats: Vec<ChatRow>,
        own_name: String,
        own_phone: String,
    },
    Chat {
        chat: Box<ChatRow>,
    },
    Messages {
        chat: String,
        messages: Vec<Msg>,
        at_start: bool,
        reason: Reason,
        unread: u32,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        on_phone: bool,
    },
    OlderRefused {
        chat: String,
    },
    Info {
        chat: String,
        phone: Option<String>,
        about: Option<String>,
        business: Option<Business>,
        members: Vec<MemberInfo>,
    },
    Found {
        query: String,
        messages: Vec<Found>,
    },
    Resolved {
        phone: String,
        shown: String,
        reached: Reached,
        chat: Option<String>,
    },
    LinkCode {
        code: String,
    },
    Screen {
        screen: String,
    },
    Banner {
        id: String,
        title: String,
        body: String,
    },
    History {
        percent: Option<u8>,
    },
    Odd {
        what: String,
    },
    Message {
        chat: String,
        message: Box<Msg>,
    },
    MessageGone {
        chat: String,
        key: String,
    },
    Pins {
        chat: String,
        pins: Vec<Pin>,
    },
    Acted {
        id: String,
        ok: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Refusal>,
    },
    Rekey {
        chat: String,
        temp_id: String,
        key: String,
        at: Millis,
    },
    Ack {
        chat: String,
        key: String,
        ack: WireAck,
    },
    Typing {
        chat: String,
        on: bool,
        author: Option<String>,
    },
    Presence {
        chat: String,
        state: Presence,
        at: Option<Millis>,
    },
    AnotherSession,
    LoggedOut,
    Offline {
        on: bool,
    },
    Dialog {
        id: String,
        title: Option<String>,
        text: String,
        ok: String,
        cancel: Option<String>,
    },
    Hang {
        ms: u64,
    },
    Eat {
        mb: u64,
    },
    Spin,
    Fill {
        mb: u64,
    },
    Crash,
    Reload,
    Blank,
    Swallow,
    Speed {
        speed: f64,
    },
}

/// Somebody in a group, as the panel shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct MemberInfo {
    pub name: Option<String>,
    pub phone: String,
    pub push: Option<String>,
    pub admin: bool,
    pub about: Option<String>,
}

/// A message that a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct Found {
    pub chat: String,
    pub key: String,
    pub at: Millis,
    pub from_me: bool,
    pub author: Option<String>,
    pub text: String,
}

/// What became of a number in the page's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Reached {
    Chat,
    Invalid,
    Absent,
}

/// Why an act was not done, as the page is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Refusal {
    Gone,
    Late,
    Refused,
    Failed,
}

/// Why messages are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Reason {
    Open,
    Older,
}

/// The second line of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Presence {
    Online,
    LastSeen,
    None,
}

/// Delivery state as the page draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum WireAck {
    Pending,
    Sent,
    Delivered,
    Read,
    Played,
    Failed,
}

impl From<Ack> for WireAck {
    fn from(ack: Ack) -> Self {
        match ack {
            Ack::Pending => Self::Pending,
            Ack::Sent => Self::Sent,
            Ack::Delivered => Self::Delivered,
            Ack::Read => Self::Read,
            Ack::Played => Self::Played,
        }
    }
}

/// The state the page is told; with the trouble switch it is told a lie.
#[must_use]
pub fn wire_ack(message: &Message) -> Option<WireAck> {
    if message.page_error { Some(WireAck::Failed) } else { message.ack().map(WireAck::from) }
}
