//! The same conversations from the other side: what the customer's phone shows.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Millis;
use crate::wire::Msg;
use crate::world::{Account, Ack, Chat, ChatKind, Message, Reach, World};

/// A chat in the customer's hand.
#[derive(Serialize, ToSchema)]
pub struct CustomerChat {
    /// Chat id.
    pub id: String,
    /// How the shop's phone calls it.
    pub title: String,
    /// Number, for contacts.
    pub phone: Option<String>,
    /// What it is.
    pub kind: ChatKind,
    /// In groups: who can write.
    pub members: Vec<String>,
    /// Messages of the shop that the customer has not read.
    pub unread: usize,
    /// Last words, or the kind of what came last.
    pub preview: String,
    /// Whether the customer's phone is on.
    pub reach: Reach,
    /// When they were written.
    pub last_at: Millis,
    /// Colour of the avatar.
    pub colour: String,
}

/// A message in the customer's hand.
#[derive(Serialize, ToSchema)]
pub struct CustomerMessage {
    /// Key.
    pub key: String,
    /// Whether the customer's side wrote it.
    pub mine: bool,
    /// In groups: who wrote it.
    pub author: Option<String>,
    /// When.
    pub at: Millis,
    /// The words; empty once deleted.
    pub text: String,
    /// What it is called where there is no room for it: `Photo`, `Voice note`; empty for words.
    pub name: String,
    /// Everything else that can be seen of it, as the page is told.
    pub row: Msg,
    /// The customer's own ticks: delivered, or read when the shop has seen it.
    pub ticks: Option<Ack>,
}

/// How many messages the customer sees.
const LAST: usize = 200;

/// The chats of an account, newest first.
#[must_use]
pub fn chats(world: &World, account: &str) -> Option<Vec<CustomerChat>> {
    let mut chats: Vec<CustomerChat> = world.accounts.get(account)?.chats.values().map(chat).collect();
    chats.sort_by(|a, b| b.last_at.cmp(&a.last_at).then_with(|| a.id.cmp(&b.id)));
    Some(chats)
}

fn chat(chat: &Chat) -> CustomerChat {
    let waiting = |message: &&Message| message.from_me && message.live && message.ack() < Some(Ack::Read);
    let last = chat.messages.iter().rev().find(|message| message.body.is_message());
    CustomerChat {
        id: chat.id.clone(),
        title: chat.title().to_owned(),
        phone: chat.phone.clone(),
        kind: chat.kind,
        members: chat.members.iter().map(|m| m.name.clone().or(m.push.clone()).unwrap_or(m.phone.clone())).collect(),
        unread: chat.messages.iter().rev().take_while(|m| m.from_me).filter(waiting).count(),
        preview: last.map(preview).unwrap_or_default(),
        reach: chat.reach,
        last_at: chat.last_at(),
        colour: chat.colour.clone(),
    }
}

/// The last messages of a chat.
#[must_use]
pub fn messages(world: &World, account: &str, chat: &str) -> Option<Vec<CustomerMessage>> {
    let account = world.accounts.get(account)?;
    let chat = account.chats.get(chat)?;
    let start = chat.messages.len().saturating_sub(LAST);
    let said = |message: &&Message| message.body.is_message();
    Some(chat.messages[start..].iter().filter(said).map(|message| from_other_side(account, chat, message)).collect())
}

fn preview(message: &Message) -> String {
    let words = message.body.text();
    if message.later.deleted.is_some() {
        return "Deleted message".to_owned();
    }
    if words.is_empty() { name_of(message.body.kind()).to_owned() } else { words.chars().take(120).collect() }
}

/// What a person calls a message without words.
fn name_of(kind: &str) -> &str {
    match kind {
        "image" => "Photo",
        "video" => "Video",
        "gif" => "GIF",
        "voice" => "Voice note",
        "audio" => "Audio",
        "document" => "Document",
        "sticker" => "Sticker",
        "album" => "Photos",
        "location" => "Location",
        "contact" => "Contact card",
        "poll" => "Poll",
        "view_once" => "View-once message",
        "call" => "Call",
        "undecrypted" => "Waiting for this message",
        other => other,
    }
}

fn from_other_side(account: &Account, chat: &Chat, message: &Message) -> CustomerMessage {
    let row = Msg::of(account, chat, message);
    let member = message.author.as_deref().and_then(|phone| chat.member(phone));
    let ticks = if message.seen_at.is_some() { Ack::Read } else { Ack::Delivered };
    CustomerMessage {
        key: message.key.clone(),
        mine: !message.from_me,
        author: member.map(|m| m.name.clone().or(m.push.clone()).unwrap_or(m.phone.clone())),
        at: message.at,
        text: row.text.clone(),
        name: if row.text.is_empty() { name_of(message.body.kind()).to_owned() } else { String::new() },
        row,
        ticks: (!message.from_me).then_some(ticks),
    }
}
