//! The frames between server and page, as `PROTOCOL.md` says, and how they are made from the world.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::world::{Account, Ack, Body, Chat, ChatKind, Message};

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
    },
    LoadOlder {
        chat: String,
        before_key: String,
        count: usize,
    },
    MarkUnread {
        chat: String,
        on: bool,
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
        chat: ChatRow,
    },
    Messages {
        chat: String,
        messages: Vec<Msg>,
        at_start: bool,
        reason: Reason,
        unread: u32,
    },
    Message {
        chat: String,
        message: Msg,
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
    Blank,
    Swallow,
    Speed {
        speed: f64,
    },
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum WireAck {
    Pending,
    Sent,
    Delivered,
    Read,
    Failed,
}

impl From<Ack> for WireAck {
    fn from(ack: Ack) -> Self {
        match ack {
            Ack::Pending => Self::Pending,
            Ack::Sent => Self::Sent,
            Ack::Delivered => Self::Delivered,
            Ack::Read => Self::Read,
        }
    }
}

/// A row of the chat list.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct ChatRow {
    pub id: String,
    pub title: String,
    pub kind: String,
    pub phone: Option<String>,
    pub saved: bool,
    pub push_name: Option<String>,
    pub pinned: bool,
    pub muted: bool,
    pub archived: bool,
    pub unread: u32,
    pub marked_unread: bool,
    pub last_at: Millis,
    pub last: Option<Last>,
    pub draft: Option<String>,
    pub members: Option<Vec<String>>,
    pub writable: bool,
    pub colour: String,
    pub avatar: Option<String>,
}

/// The preview of a row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct Last {
    pub author: Option<String>,
    pub from_me: bool,
    pub text: String,
    pub kind: String,
    pub ack: Option<WireAck>,
}

/// A message row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 2 describes each field")]
pub struct Msg {
    pub key: String,
    pub from_me: bool,
    pub author: String,
    pub author_phone: Option<String>,
    pub author_push: Option<String>,
    pub at: Millis,
    pub kind: String,
    pub text: String,
    pub ack: Option<WireAck>,
    pub deleted: bool,
    pub edited: bool,
    pub quoted: Option<()>,
    pub system: Option<String>,
}

/// How many characters of a message the list's preview carries.
const PREVIEW: usize = 400;

impl ChatRow {
    /// The row of a chat as it is now.
    #[must_use]
    pub fn of(chat: &Chat) -> Self {
        let group = chat.kind == ChatKind::Group;
        Self {
            id: chat.id.clone(),
            title: chat.title().to_owned(),
            kind: match chat.kind {
                ChatKind::Contact => "contact",
                ChatKind::Group => "group",
                ChatKind::Own => "self",
            }
            .to_owned(),
            phone: chat.phone.clone(),
            saved: chat.name.is_some(),
            push_name: chat.push.clone(),
            pinned: chat.pinned,
            muted: chat.muted,
            archived: chat.archived,
            unread: chat.unread,
            marked_unread: chat.marked_unread,
            last_at: chat.last_at(),
            last: chat.messages.last().and_then(|message| Last::of(chat, message)),
            draft: None,
            members: group.then(|| chat.members.iter().map(|member| known_as(member).to_owned()).collect()),
            writable: chat.writable,
            colour: chat.colour.clone(),
            avatar: None,
        }
    }
}

impl Last {
    fn of(chat: &Chat, message: &Message) -> Option<Self> {
        let Body::Text { text } = &message.body else { return None };
        let author = message.author.as_deref().and_then(|phone| chat.member(phone)).map(short_name);
        Some(Self {
            author: author.filter(|_| !message.from_me),
            from_me: message.from_me,
            text: text.chars().take(PREVIEW).collect(),
            kind: "text".to_owned(),
            ack: wire_ack(message),
        })
    }
}

/// The name before the colon of a group's preview: first name, else "~" and their own name, else the number.
fn short_name(member: &crate::world::Member) -> String {
    match (&member.name, &member.push) {
        (Some(name), _) => name.split(' ').next().unwrap_or(name).to_owned(),
        (None, Some(push)) => format!("~{push}"),
        (None, None) => member.phone.clone(),
    }
}

fn known_as(member: &crate::world::Member) -> &str {
    member.name.as_deref().unwrap_or(&member.phone)
}

impl Msg {
    /// The row of a message as it is now.
    #[must_use]
    pub fn of(account: &Account, chat: &Chat, message: &Message) -> Self {
        let member = message.author.as_deref().and_then(|phone| chat.member(phone));
        let (author, phone, push) = match (message.from_me, member) {
            (true, _) => (account.name.clone(), Some(account.phone.clone()), None),
            (false, Some(member)) => {
                let push = member.push.clone().filter(|_| member.name.is_none());
                (known_as(member).to_owned(), Some(member.phone.clone()), push)
            }
            (false, None) => (chat.title().to_owned(), chat.phone.clone(), None),
        };
        let (kind, system) = match &message.body {
            Body::Text { .. } => ("text", None),
            Body::System { notice } => ("system", Some(notice.clone())),
        };
        Self {
            key: message.key.clone(),
            from_me: message.from_me,
            author,
            author_phone: phone,
            author_push: push,
            at: message.at,
            kind: kind.to_owned(),
            text: message.body.text().to_owned(),
            ack: wire_ack(message),
            deleted: false,
            edited: false,
            quoted: None,
            system,
        }
    }
}

/// The state the page is told; with the trouble switch it is told a lie.
#[must_use]
pub fn wire_ack(message: &Message) -> Option<WireAck> {
    if message.page_error { Some(WireAck::Failed) } else { message.ack().map(WireAck::from) }
}
