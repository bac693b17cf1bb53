//! Messages in both directions, delivery states and read receipts.
//!
//! ```text
//! submitted ─▶ pending ─▶ sent ─▶ delivered (the customer's phone is on) ─▶ read (online, or somebody reads for them)
//! ```

use queunir_core::text::comparable_body;

use super::due::Task;
use super::{Inner, PageId, PhoneEvent, SimError};
use crate::chance::Origin;
use crate::clock::Millis;
use crate::ledger::hash;
use crate::wire::{Msg, ToPage, WireAck, wire_ack};
use crate::world::phone::{digits, is_phone};
use crate::world::{Ack, Act, ActKind, Body, Change, Chat, ChatKind, Message, Reach};

/// Who submits.
pub(super) struct Sender {
    /// Through which page.
    pub page: PageId,
    /// Whose account.
    pub account: String,
    /// Which of its devices.
    pub device: String,
}

/// What they submit.
pub(super) struct Written {
    /// The page's id for the row.
    pub temp_id: String,
    /// The words or the file.
    pub body: Body,
    /// Hash of the file's bytes.
    pub file: Option<String>,
    /// Key of the message that it answers.
    pub quotes: Option<String>,
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

    /// A page submitted its composer, or a file with its hash.
    pub(super) fn submitted(&mut self, sender: &Sender, chat: &str, written: Written) -> Result<(), SimError> {
        let Written { temp_id, body, file, quotes } = written;
        let Sender { page, account, device } = sender;
        let known = self.world.accounts.get(account).and_then(|account| account.accepted.get(&temp_id).cloned());
        if let Some((chat, key)) = known {
            self.answer_submission(*page, account, &chat, &temp_id, &key);
            return Ok(());
        }
        let found = self.world.chat(account, chat).filter(|chat| chat.writable).ok_or(SimError::NotFound("chat"))?;
        let quotes = quotes.filter(|key| found.position(key).is_some());
        let at = self.now();
        let accepted = !self.trouble.send_never_delivered;
        let (place, id) = (chat.to_owned(), temp_id.clone());
        let kind = match file {
            Some(hash) => ActKind::Attached { chat: place, temp_id: id, hash, accepted },
            None => {
                let hash = hash(&comparable_body(body.text()));
                ActKind::Submitted { chat: place, temp_id: id, hash, accepted, quotes: quotes.clone() }
            }
        };
        let mut changes =
            vec![Change::Did { account: account.clone(), act: Act { at, device: Some(device.clone()), kind } }];
        if !accepted {
            return self.commit(changes);
        }
        let shaped = temp_id.len() == 22 && temp_id.starts_with("3EB0");
        let key = if shaped && !self.trouble.rekey { temp_id.clone() } else { self.chance.key(Origin::Web) };
        let mut message = live(key.clone(), true, at, body);
        message.temp_id = Some(temp_id.clone());
        message.quotes = quotes;
        message.page_error = self.trouble.send_delivered_but_error;
        let message = Box::new(message);
        changes.push(Change::MessageAdded { account: account.clone(), chat: chat.to_owned(), message });
        self.commit(changes)?;
        self.answer_submission(*page, account, chat, &temp_id, &key);
        for other in self.live_pages(account).into_iter().filter(|other| other != page) {
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

    /// Sends a new or changed message to all live pages; the row follows separately.
    pub(super) fn push_new(&self, account: &str, chat: &str, key: &str) {
        if let Some(frame) = self.message_frame(account, chat, key) {
            self.push_account(account, &frame);
        }
    }

    pub(super) fn push_message(&self, page: PageId, account: &str, chat: &str, key: &str) {
        if let Some(frame) = self.message_frame(account, chat, key) {
            self.push(page, &frame);
        }
    }

    fn message_frame(&self, account: &str, chat_id: &str, key: &str) -> Option<ToPage> {
        let account = self.world.accounts.get(account)?;
        let chat = account.chats.get(chat_id)?;
        let found = chat.position(key).map(|index| &chat.messages[index])?;
        let message = Some(found).filter(|m| m.later.removed.is_none()).map(|m| Msg::of(account, chat, m))?;
        Some(ToPage::Message { chat: chat_id.to_owned(), message: Box::new(message) })
    }

    /// Plans the states a message of ours will go through by itself.
    #[expect(clippy::cast_precision_loss, reason = "delays of seconds")]
    pub(super) fn plan_delivery(&mut self, account: &str, chat: &str, key: &str) {
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

    pub(super) fn try_move_ack(&mut self, account: &str, chat: &str, key: &str, ack: Ack) -> Result<(), SimError> {
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

/// A message that comes to be now.
pub(super) fn live(key: String, from_me: bool, at: Millis, body: Body) -> Message {
    let acks = if from_me { vec![(Ack::Pending, at)] } else { Vec::new() };
    Message { acks, live: true, ..Message::new(key, from_me, at, body) }
}
