//! The ledger: what truly happened, for tests and measurements to compare with.

mod compare;
mod fault;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use queunir_core::text::comparable_body;

pub use compare::{Options, Receipts, Scope, Stored, StoredChat, StoredDirection, StoredMessage, compare};
pub use fault::Fault;

use crate::clock::Millis;
use crate::world::body::{Media, Pinned, Reaction};
use crate::world::{Account, Ack, Act, ActKind, Chat, ChatKind, Message, World};

/// Everything, of all accounts.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Ledger {
    /// By account.
    pub accounts: Vec<LedgerAccount>,
}

/// One account's truth.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LedgerAccount {
    /// The control API's name for it.
    pub id: String,
    /// Profile name.
    pub name: String,
    /// Number as shown.
    pub phone: String,
    /// Devices linked now.
    pub devices: Vec<String>,
    /// All chats.
    pub chats: Vec<LedgerChat>,
    /// Everything the linked pages did, oldest first.
    pub acts: Vec<Act>,
    /// Composer contents, and how often each was submitted in its chat.
    pub submissions: Vec<Submission>,
    /// Every blue tick sent.
    pub receipts: Vec<Receipt>,
}

/// One chat's truth.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LedgerChat {
    /// Opaque id.
    pub id: String,
    /// What the list shows.
    pub title: String,
    /// Number, for contacts.
    pub phone: Option<String>,
    /// What it is.
    pub kind: ChatKind,
    /// Incoming messages nobody has seen.
    pub unread: u32,
    /// All messages in order, system notices included.
    pub messages: Vec<LedgerMessage>,
}

/// One message's truth.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LedgerMessage {
    /// Final key.
    pub key: String,
    /// Who wrote it.
    pub direction: StoredDirection,
    /// Author as shown, in groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When, to the millisecond.
    pub at: Millis,
    /// `text`, `image`, ... or `system`.
    pub kind: String,
    /// Its files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<LedgerMedia>,
    /// When its words were changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edited_at: Vec<Millis>,
    /// When it was deleted for everyone; the words stay in this ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Millis>,
    /// When the account's owner deleted it for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<Millis>,
    /// Whether the account's owner starred it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub starred: bool,
    /// Whether it stands above the conversation, by whom and until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned: Option<Pinned>,
    /// How often it was passed on before it came here.
    #[serde(default)]
    pub forwarded: u8,
    /// One per person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    /// Key of the message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotes: Option<String>,
    /// The words: the text, the caption, a poll's question; empty for what has none.
    pub text: String,
    /// Hash of the comparable words.
    pub hash: String,
    /// Delivery states with times, for ours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acks: Vec<AckAt>,
    /// When this account saw it, for theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Millis>,
    /// The id its row had before it had a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temp_id: Option<String>,
    /// Whether it came to be while the simulator ran.
    pub live: bool,
}

/// A file of a message.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LedgerMedia {
    /// Its type.
    pub mime: String,
    /// File name, for documents and sounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Size in bytes.
    pub bytes: u64,
    /// Hash of the bytes; none while they have not arrived or where they are made up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
}

/// A delivery state and when it was reached.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct AckAt {
    /// The state.
    pub ack: Ack,
    /// When.
    pub at: Millis,
}

/// One composer content in one chat.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Submission {
    /// Chat id.
    pub chat: String,
    /// Title now.
    pub title: String,
    /// Hash of the comparable words.
    pub hash: String,
    /// How many times it was submitted (repeats of one temporary id count once).
    pub count: usize,
    /// When each time.
    pub times: Vec<Millis>,
    /// How many of them the server took.
    pub accepted: usize,
}

/// A blue tick.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// When.
    pub at: Millis,
    /// Chat id.
    pub chat: String,
    /// Title now.
    pub title: String,
    /// For which message.
    pub key: String,
    /// By which device; none means on the phone itself.
    pub device: Option<String>,
}

/// Hash of a comparable body, as hexadecimal.
#[must_use]
pub fn hash(comparable: &str) -> String {
    hash_of(comparable.as_bytes())
}

/// Hash of a file, as hexadecimal.
#[must_use]
pub fn hash_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

impl Ledger {
    /// The truth of a world, or of one of its accounts.
    #[must_use]
    pub fn of(world: &World, account: Option<&str>) -> Self {
        let wanted = |known: &&Account| account.is_none_or(|id| known.id == id);
        Self { accounts: world.accounts.values().filter(wanted).map(LedgerAccount::of).collect() }
    }
}

impl LedgerAccount {
    fn of(account: &Account) -> Self {
        Self {
            id: account.id.clone(),
            name: account.name.clone(),
            phone: account.phone.clone(),
            devices: account.devices.keys().cloned().collect(),
            chats: account.chats.values().map(LedgerChat::of).collect(),
            acts: account.acts.clone(),
            submissions: submissions(account),
            receipts: receipts(account),
        }
    }
}

impl LedgerChat {
    fn of(chat: &Chat) -> Self {
        Self {
            id: chat.id.clone(),
            title: chat.title().to_owned(),
            phone: chat.phone.clone(),
            kind: chat.kind,
            unread: chat.unread,
            messages: chat.messages.iter().map(|message| LedgerMessage::of(chat, message)).collect(),
        }
    }
}

impl LedgerMessage {
    fn of(chat: &Chat, message: &Message) -> Self {
        let member = message.author.as_deref().and_then(|phone| chat.member(phone));
        Self {
            key: message.key.clone(),
            direction: if message.from_me { StoredDirection::Out } else { StoredDirection::In },
            author: member.map(|member| member.name.clone().unwrap_or_else(|| member.phone.clone())),
            at: message.at,
            kind: message.body.kind().to_owned(),
            media: media(message),
            edited_at: message.later.edits.iter().map(|edit| edit.at).collect(),
            deleted_at: message.later.deleted.as_ref().map(|deletion| deletion.at),
            removed_at: message.later.removed,
            starred: message.later.starred,
            pinned: message.later.pinned.clone(),
            forwarded: message.forwarded,
            reactions: message.later.reactions.clone(),
            quotes: message.quotes.clone(),
            text: message.body.text().to_owned(),
            hash: hash(&comparable_body(message.body.text())),
            acks: message.acks.iter().map(|(ack, at)| AckAt { ack: *ack, at: *at }).collect(),
            seen_at: message.seen_at,
            temp_id: message.temp_id.clone(),
            live: message.live,
        }
    }
}

fn media(message: &Message) -> Vec<LedgerMedia> {
    let kind = message.body.kind();
    let entry = |media: &Media| LedgerMedia {
        mime: crate::media::mime(kind, media),
        name: media.name.clone(),
        bytes: crate::media::size(kind, media, &message.key),
        hash: crate::media::given(media).map(|bytes| hash_of(&bytes)),
    };
    message.body.media().iter().map(entry).collect()
}

fn title(account: &Account, chat: &str) -> String {
    account.chats.get(chat).map(|chat| chat.title().to_owned()).unwrap_or_default()
}

fn submissions(account: &Account) -> Vec<Submission> {
    let mut seen: BTreeMap<&str, bool> = BTreeMap::new();
    let mut by_content: BTreeMap<(&str, &str), Submission> = BTreeMap::new();
    for act in &account.acts {
        let ActKind::Submitted { chat, temp_id, hash, accepted, .. } = &act.kind else { continue };
        let entry = by_content.entry((chat, hash)).or_insert_with(|| Submission {
            chat: chat.clone(),
            title: title(account, chat),
            hash: hash.clone(),
            count: 0,
            times: Vec::new(),
            accepted: 0,
        });
        let before = seen.insert(temp_id, *accepted);
        if before.is_none() {
            entry.count += 1;
            entry.times.push(act.at);
        }
        if *accepted && before != Some(true) {
            entry.accepted += 1;
        }
    }
    by_content.into_values().collect()
}

fn receipts(account: &Account) -> Vec<Receipt> {
    let receipt = |act: &Act| match &act.kind {
        ActKind::Receipt { chat, key } => Some(Receipt {
            at: act.at,
            chat: chat.clone(),
            title: title(account, chat),
            key: key.clone(),
            device: act.device.clone(),
        }),
        _ => None,
    };
    account.acts.iter().filter_map(receipt).collect()
}
