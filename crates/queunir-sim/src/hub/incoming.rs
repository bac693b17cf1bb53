//! What the customers write, and what the owner writes on the phone itself.

use serde::Deserialize;
use utoipa::ToSchema;

use super::talk::live;
use super::{Inner, SimError};
use crate::chance::Origin;
use crate::clock::Millis;
use crate::scenario::{colour, encryption_notice, origin_of};
use crate::world::body::Mention;
use crate::world::phone::{digits, format_phone, is_phone};
use crate::world::{Body, Change, Chat, ChatKind, Message, Reach};

/// The longest text or caption.
const TEXT_MOST: usize = 65_536;

/// A message from outside.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Incoming {
    /// Chat id, title or number; an unknown number starts a new chat.
    pub chat: String,
    /// The words, if there is no `body`.
    pub text: String,
    /// Anything else than words.
    pub body: Option<Body>,
    /// When it was written, in milliseconds; now if absent. Never before the chat's last message.
    pub at: Option<Millis>,
    /// In groups: the member's number, saved name or own name; the first member if absent.
    pub author: Option<String>,
    /// Key of the message it answers.
    pub quotes: Option<String>,
    /// How often it was passed on.
    pub forwarded: u8,
    /// Who is named in its words.
    pub mentions: Vec<Mention>,
}

impl Incoming {
    fn body(&self) -> Result<Body, SimError> {
        let body = self.body.clone().unwrap_or_else(|| Body::words(&self.text));
        if matches!(body, Body::Text { .. }) && body.text().is_empty() {
            return Err(SimError::Refused("the text is empty"));
        }
        if body.text().chars().count() > TEXT_MOST {
            return Err(SimError::Refused("the text is too long"));
        }
        Ok(body)
    }

    fn message(&self, key: String, from_me: bool, at: Millis) -> Result<Message, SimError> {
        let new = live(key, from_me, at, self.body()?);
        let (quotes, mentions) = (self.quotes.clone(), self.mentions.clone());
        Ok(Message { quotes, mentions, forwarded: self.forwarded, ..new })
    }
}

impl Inner {
    /// The customer writes; gives chat and key.
    pub fn incoming(&mut self, account: &str, message: &Incoming) -> Result<(String, String), SimError> {
        if !self.world.accounts.contains_key(account) {
            return Err(SimError::NotFound("account"));
        }
        message.body()?;
        let now = self.now();
        let mut changes = Vec::new();
        let chat = match self.find_chat(account, &message.chat) {
            Some(chat) => chat,
            None => self.new_chat(account, &message.chat, message.at.unwrap_or(now), &mut changes)?,
        };
        let known = self.world.chat(account, &chat);
        let at = message.at.unwrap_or_else(|| known.map_or(now, |chat| chat.last_at().max(now)));
        if known.is_some_and(|chat| at < chat.last_at()) {
            return Err(SimError::Refused("earlier than the chat's last message"));
        }
        let author = known.map(|chat| author(chat, message.author.as_deref())).transpose()?.flatten();
        let origin = origin_of(author.as_deref().or(known.and_then(|chat| chat.phone.as_deref())).unwrap_or(&chat));
        let key = self.chance.key(origin);
        let new = Message { author, ..message.message(key.clone(), false, at)? };
        changes.push(Change::MessageAdded { account: account.to_owned(), chat: chat.clone(), message: Box::new(new) });
        self.commit(changes)?;
        self.push_new(account, &chat, &key);
        // Who answers has read what came before; of a group that says nothing about the others.
        if self.world.chat(account, &chat).is_some_and(|chat| chat.kind == ChatKind::Contact) {
            self.customer_reads(account, &chat)?;
        }
        match self.watcher(account, &chat) {
            Some(device) => self.see(account, &chat, Some(device))?,
            None => self.push_row(account, &chat),
        }
        Ok((chat, key))
    }

    /// Begins a chat with a number and tells the pages.
    pub(super) fn open_new_chat(&mut self, account: &str, phone: &str) -> Result<String, SimError> {
        let mut changes = Vec::new();
        let chat = self.new_chat(account, phone, self.now(), &mut changes)?;
        self.commit(changes)?;
        self.push_row(account, &chat);
        Ok(chat)
    }

    fn new_chat(
        &mut self,
        account: &str,
        phone: &str,
        at: Millis,
        changes: &mut Vec<Change>,
    ) -> Result<String, SimError> {
        if !is_phone(phone) {
            return Err(SimError::NotFound("chat"));
        }
        let count = self.world.accounts.get(account).map_or(0, |account| account.chats.len());
        let id = format!("c_{}", digits(phone));
        let chat = Chat {
            id: id.clone(),
            kind: ChatKind::Contact,
            name: None,
            phone: Some(format_phone(phone)),
            hidden: None,
            push: None,
            members: Vec::new(),
            pinned: false,
            muted: false,
            archived: false,
            favorite: false,
            about: None,
            business: None,
            marked_unread: false,
            unread: 0,
            reach: Reach::Online,
            read_receipts: true,
            writable: true,
            colour: colour(count),
            picture: None,
            messages: vec![encryption_notice(&mut self.chance, at)],
        };
        changes.push(Change::ChatAdded { account: account.to_owned(), chat: Box::new(chat) });
        Ok(id)
    }

    /// The owner writes on the phone itself; gives the key.
    pub fn own_phone(&mut self, account: &str, message: &Incoming) -> Result<String, SimError> {
        let chat = self.find_chat(account, &message.chat).ok_or(SimError::NotFound("chat"))?;
        let at = self.now();
        let key = self.chance.key(Origin::Iphone);
        let new = message.message(key.clone(), true, at)?;
        self.commit(vec![Change::MessageAdded {
            account: account.to_owned(),
            chat: chat.clone(),
            message: Box::new(new),
        }])?;
        self.push_new(account, &chat, &key);
        self.see(account, &chat, None)?;
        self.push_row(account, &chat);
        self.plan_delivery(account, &chat, &key);
        Ok(key)
    }
}

/// The number of the member who writes; none outside groups.
fn author(chat: &Chat, wanted: Option<&str>) -> Result<Option<String>, SimError> {
    if chat.kind != ChatKind::Group {
        return Ok(None);
    }
    let member = match wanted {
        None => chat.members.first(),
        Some(who) => chat.member_named(who),
    };
    member.map(|member| Some(member.phone.clone())).ok_or(SimError::NotFound("member"))
}
