//! Messages in both directions, delivery states and read receipts.
//!
//! ```text
//! submitted ─▶ pending ─▶ sent ─▶ delivered (the customer's phone is on) ─▶ read (online, or somebody reads for them)
//! ```

use serde::Deserialize;
use utoipa::ToSchema;

use queunir_core::text::comparable_body;

use super::due::Task;
use super::{Inner, PageId, PhoneEvent, SimError};
use crate::chance::Origin;
use crate::clock::Millis;
use crate::ledger::hash;
use crate::scenario::{colour, encryption_notice, origin_of};
use crate::wire::{Msg, ToPage, WireAck, wire_ack};
use crate::world::phone::{digits, format_phone, is_phone};
use crate::world::{Ack, Act, ActKind, Body, Change, Chat, ChatKind, Message, Reach};

/// A message from outside.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Incoming {
    /// Chat id, title or number; an unknown number starts a new chat.
    pub chat: String,
    /// The words.
    pub text: String,
    /// When it was written, in milliseconds; now if absent. Never before the chat's last message.
    pub at: Option<Millis>,
    /// In groups: the member's number, saved name or own name; the first member if absent.
    pub author: Option<String>,
}

impl Inner {
    /// Finds a chat by id, title or number.
    #[must_use]
    pub fn find_chat(&self, account: &str, wanted: &str) -> Option<String> {
        let chats = &self.world.accounts.get(account)?.chats;
        if chats.contains_key(wanted) {
            return Some(wanted.to_owned());
        }
        let by_title = chats.values().find(|chat| chat.title() == wanted);
        let number = is_phone(wanted).then(|| digits(wanted));
        let same = |chat: &&Chat| number.is_some() && chat.phone.as_deref().map(digits) == number;
        by_title.or_else(|| chats.values().find(same)).map(|chat| chat.id.clone())
    }

    /// The customer writes; gives chat and key.
    pub fn incoming(&mut self, account: &str, message: &Incoming) -> Result<(String, String), SimError> {
        if !self.world.accounts.contains_key(account) {
            return Err(SimError::NotFound("account"));
        }
        if message.text.is_empty() {
            return Err(SimError::Refused("the text is empty"));
        }
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
        let body = Body::Text { text: message.text.clone() };
        let new = Message { author, seen_at: None, ..live(key.clone(), false, at, body) };
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
            push: None,
            members: Vec::new(),
            pinned: false,
            muted: false,
            archived: false,
            marked_unread: false,
            unread: 0,
            reach: Reach::Online,
            read_receipts: true,
            writable: true,
            colour: colour(count),
            messages: vec![encryption_notice(&mut self.chance, at)],
        };
        changes.push(Change::ChatAdded { account: account.to_owned(), chat: Box::new(chat) });
        Ok(id)
    }

    /// The owner writes on the phone itself; gives the key.
    pub fn own_phone(&mut self, account: &str, chat: &str, text: &str) -> Result<String, SimError> {
        let chat = self.find_chat(account, chat).ok_or(SimError::NotFound("chat"))?;
        if text.is_empty() {
            return Err(SimError::Refused("the text is empty"));
        }
        let at = self.now();
        let key = self.chance.key(Origin::Iphone);
        let message = live(key.clone(), true, at, Body::Text { text: text.to_owned() });
        self.commit(vec![Change::MessageAdded {
            account: account.to_owned(),
            chat: chat.clone(),
            message: Box::new(message),
        }])?;
        self.push_new(account, &chat, &key);
        self.see(account, &chat, None)?;
        self.push_row(account, &chat);
        self.plan_delivery(account, &chat, &key);
        Ok(key)
    }

    /// A page submitted its composer.
    pub(super) fn submitted(
        &mut self,
        page: PageId,
        account: &str,
        device: &str,
        chat: &str,
        temp_id: String,
        text: String,
    ) -> Result<(), SimError> {
        let known = self.world.accounts.get(account).and_then(|account| account.accepted.get(&temp_id).cloned());
        if let Some((chat, key)) = known {
            self.answer_submission(page, account, &chat, &temp_id, &key);
            return Ok(());
        }
        self.world.chat(account, chat).filter(|chat| chat.writable).ok_or(SimError::NotFound("chat"))?;
        let at = self.now();
        let accepted = !self.trouble.send_never_delivered;
        let kind = ActKind::Submitted {
            chat: chat.to_owned(),
            temp_id: temp_id.clone(),
            hash: hash(&comparable_body(&text)),
            accepted,
        };
        let mut changes =
            vec![Change::Did { account: account.to_owned(), act: Act { at, device: Some(device.to_owned()), kind } }];
        if !accepted {
            return self.commit(changes);
        }
        let shaped = temp_id.len() == 22 && temp_id.starts_with("3EB0");
        let key = if shaped && !self.trouble.rekey { temp_id.clone() } else { self.chance.key(Origin::Web) };
        let mut message = live(key.clone(), true, at, Body::Text { text });
        message.temp_id = Some(temp_id.clone());
        message.page_error = self.trouble.send_delivered_but_error;
        changes.push(Change::MessageAdded {
            account: account.to_owned(),
            chat: chat.to_owned(),
            message: Box::new(message),
        });
        self.commit(changes)?;
        self.answer_submission(page, account, chat, &temp_id, &key);
        for other in self.live_pages(account).into_iter().filter(|other| *other != page) {
            self.push_message(other, account, chat, &key);
        }
        self.push_row(account, chat);
        self.plan_delivery(account, chat, &key);
        Ok(())
    }

    fn answer_submission(&self, page: PageId, account: &str, chat: &str, temp_id: &str, key: &str) {
        let Some(found) = self.world.chat(account, chat) else { return };
        let Some(message) = found.position(key).map(|index| &found.messages[index]) else { return };
        let (chat, key) = (chat.to_owned(), key.to_owned());
        self.push(
            page,
            &ToPage::Rekey { chat: chat.clone(), temp_id: temp_id.to_owned(), key: key.clone(), at: message.at },
        );
        if let Some(ack) = wire_ack(message).filter(|ack| *ack != WireAck::Pending) {
            self.push(page, &ToPage::Ack { chat, key, ack });
        }
    }

    /// Sends a new message to all live pages; the row follows separately.
    fn push_new(&self, account: &str, chat: &str, key: &str) {
        for page in self.live_pages(account) {
            self.push_message(page, account, chat, key);
        }
    }

    fn push_message(&self, page: PageId, account: &str, chat_id: &str, key: &str) {
        let Some(account) = self.world.accounts.get(account) else { return };
        let Some(chat) = account.chats.get(chat_id) else { return };
        let Some(message) = chat.position(key).map(|index| Msg::of(account, chat, &chat.messages[index])) else {
            return;
        };
        self.push(page, &ToPage::Message { chat: chat_id.to_owned(), message });
    }

    /// Plans the states a message of ours will go through by itself.
    #[expect(clippy::cast_precision_loss, reason = "delays of seconds")]
    fn plan_delivery(&mut self, account: &str, chat: &str, key: &str) {
        let Some(found) = self.world.chat(account, chat) else { return };
        let (reach, receipts, kind) = (found.reach, found.read_receipts, found.kind);
        let now_at = found.position(key).and_then(|index| found.messages[index].ack()).unwrap_or(Ack::Pending);
        let sent = self.chance.between(120, 350);
        let delivered = sent + self.chance.between(400, 1_200);
        let read = delivered + self.chance.between(2_500, 6_000);
        let mut steps = vec![(Ack::Sent, sent)];
        if reach != Reach::Off {
            steps.push((Ack::Delivered, delivered));
        }
        if reach == Reach::Online && receipts && kind == ChatKind::Contact {
            steps.push((Ack::Read, read));
        }
        for (ack, after) in steps.into_iter().filter(|(ack, _)| *ack > now_at) {
            let task = Task::Ack { account: account.to_owned(), chat: chat.to_owned(), key: key.to_owned(), ack };
            self.later(after as f64, task);
        }
    }

    /// After a restart, messages that were under way go on.
    pub(super) fn resume_deliveries(&mut self) {
        let mut open = Vec::new();
        for account in self.world.accounts.values() {
            for chat in account.chats.values() {
                let unfinished = |m: &&Message| m.live && m.from_me && m.ack() < Some(Ack::Read);
                open.extend(
                    chat.messages
                        .iter()
                        .filter(unfinished)
                        .map(|message| (account.id.clone(), chat.id.clone(), message.key.clone())),
                );
            }
        }
        for (account, chat, key) in open {
            self.plan_delivery(&account, &chat, &key);
        }
    }

    /// Moves one delivery state forward and tells the pages.
    pub(super) fn move_ack(&mut self, account: &str, chat: &str, key: &str, ack: Ack) {
        if let Err(error) = self.try_move_ack(account, chat, key, ack) {
            tracing::error!(error = %error, "a delivery state was not written");
        }
    }

    fn try_move_ack(&mut self, account: &str, chat: &str, key: &str, ack: Ack) -> Result<(), SimError> {
        let current = |inner: &Self| {
            let found = inner.world.chat(account, chat)?;
            found.position(key).map(|index| found.messages[index].clone())
        };
        let Some(before) = current(self).filter(|message| message.from_me && message.ack() < Some(ack)) else {
            return Ok(());
        };
        self.commit(vec![Change::AckMoved {
            account: account.to_owned(),
            chat: chat.to_owned(),
            key: key.to_owned(),
            ack,
            at: self.now(),
        }])?;
        let told = if before.page_error { WireAck::Failed } else { ack.into() };
        if !before.page_error || before.ack() == Some(Ack::Pending) {
            self.push_account(account, &ToPage::Ack { chat: chat.to_owned(), key: key.to_owned(), ack: told });
        }
        let last = self.world.chat(account, chat).and_then(|chat| chat.messages.last()).is_some_and(|m| m.key == key);
        if last {
            self.push_row(account, chat);
        } else {
            self.tell_phone(PhoneEvent::Chat { account: account.to_owned(), chat: chat.to_owned() });
        }
        Ok(())
    }

    /// The customer looks at the chat: everything of ours is delivered, and read if they show that.
    pub fn customer_reads(&mut self, account: &str, chat: &str) -> Result<(), SimError> {
        let found = self.world.chat(account, chat).ok_or(SimError::NotFound("chat"))?;
        let top = if found.read_receipts { Ack::Read } else { Ack::Delivered };
        // Who has read a message has read those above it.
        let ours = found.messages.iter().rev().filter(|message| message.from_me);
        let behind = ours.take_while(|message| message.ack() < Some(top));
        let mut keys: Vec<(String, Option<Ack>)> = behind.map(|m| (m.key.clone(), m.ack())).collect();
        keys.reverse();
        for (key, ack) in keys {
            for step in [Ack::Sent, Ack::Delivered, Ack::Read].into_iter().filter(|step| *step <= top) {
                if ack < Some(step) {
                    self.try_move_ack(account, chat, &key, step)?;
                }
            }
        }
        Ok(())
    }

    /// Everything in a chat is seen, by a device or (none) on the phone itself.
    pub fn see(&mut self, account: &str, chat: &str, device: Option<String>) -> Result<(), SimError> {
        let found = self.world.chat(account, chat).ok_or(SimError::NotFound("chat"))?;
        let keys = found.unseen();
        if !keys.is_empty() || found.marked_unread {
            let at = self.now();
            self.commit(vec![Change::Seen { account: account.to_owned(), chat: chat.to_owned(), keys, at, device }])?;
        }
        self.push_row(account, chat);
        Ok(())
    }

    /// Shows or ends "typing..." in the pages.
    pub fn customer_types(&mut self, account: &str, chat: &str, on: bool) -> Result<(), SimError> {
        let chat = self.find_chat(account, chat).ok_or(SimError::NotFound("chat"))?;
        self.push_account(account, &ToPage::Typing { chat, on, author: None });
        Ok(())
    }
}

fn live(key: String, from_me: bool, at: Millis, body: Body) -> Message {
    Message {
        key,
        from_me,
        author: None,
        at,
        body,
        acks: if from_me { vec![(Ack::Pending, at)] } else { Vec::new() },
        seen_at: None,
        temp_id: None,
        live: true,
        page_error: false,
    }
}

/// The number of the member who writes; none outside groups.
fn author(chat: &Chat, wanted: Option<&str>) -> Result<Option<String>, SimError> {
    if chat.kind != ChatKind::Group {
        return Ok(None);
    }
    let member = match wanted {
        None => chat.members.first(),
        Some(who) => chat
            .members
            .iter()
            .find(|member| member.name.as_deref() == Some(who) || member.push.as_deref() == Some(who))
            .or_else(|| chat.member(who)),
    };
    member.map(|member| Some(member.phone.clone())).ok_or(SimError::NotFound("member"))
}
