//! The same conversations from the other side: what the customer's phone shows.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Millis;
use crate::world::{Ack, Body, Chat, ChatKind, Message, World};

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
    /// Last words.
    pub preview: String,
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
    /// The words.
    pub text: String,
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
    let last = chat.messages.iter().rev().find(|message| !message.body.text().is_empty());
    CustomerChat {
        id: chat.id.clone(),
        title: chat.title().to_owned(),
        phone: chat.phone.clone(),
        kind: chat.kind,
        members: chat.members.iter().map(|m| m.name.clone().or(m.push.clone()).unwrap_or(m.phone.clone())).collect(),
        unread: chat.messages.iter().rev().take_while(|m| m.from_me).filter(waiting).count(),
        preview: last.map(|message| message.body.text().chars().take(120).collect()).unwrap_or_default(),
        last_at: chat.last_at(),
        colour: chat.colour.clone(),
    }
}

/// The last messages of a chat.
#[must_use]
pub fn messages(world: &World, account: &str, chat: &str) -> Option<Vec<CustomerMessage>> {
    let chat = world.chat(account, chat)?;
    let start = chat.messages.len().saturating_sub(LAST);
    let words = |message: &&Message| matches!(message.body, Body::Text { .. });
    Some(chat.messages[start..].iter().filter(words).map(|message| from_other_side(chat, message)).collect())
}

fn from_other_side(chat: &Chat, message: &Message) -> CustomerMessage {
    let member = message.author.as_deref().and_then(|phone| chat.member(phone));
    let ticks = if message.seen_at.is_some() { Ack::Read } else { Ack::Delivered };
    CustomerMessage {
        key: message.key.clone(),
        mine: !message.from_me,
        author: member.map(|m| m.name.clone().or(m.push.clone()).unwrap_or(m.phone.clone())),
        at: message.at,
        text: message.body.text().to_owned(),
        ticks: (!message.from_me).then_some(ticks),
    }
}
