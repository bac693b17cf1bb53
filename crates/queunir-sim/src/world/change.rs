//! The changes of the world: each one is a line of the journal, and applying them in order gives the state.

use serde::{Deserialize, Serialize};

use super::{Account, Ack, Act, ActKind, Chat, Device, Message, ToChat, ToMessage, World};
use crate::clock::Millis;

/// One step from a state to the next.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the names of what they change")]
pub enum Change {
    /// An account came to be, with everything its scenario says.
    AccountAdded { account: Box<Account> },
    /// The phone scanned a code.
    DeviceLinked { account: String, device: Device },
    /// The first long sync is over.
    DeviceSynced { account: String, device: String },
    /// A device was logged out.
    DeviceRemoved { account: String, device: String, at: Millis },
    /// A chat came to be.
    ChatAdded { account: String, chat: Box<Chat> },
    /// A message came to be at the end of its chat.
    MessageAdded { account: String, chat: String, message: Box<Message> },
    /// A delivery state moved forward.
    AckMoved { account: String, chat: String, key: String, ack: Ack, at: Millis },
    /// Incoming messages were seen; by a device (a receipt each) or on the phone.
    Seen { account: String, chat: String, keys: Vec<String>, at: Millis, device: Option<String> },
    /// Something happened to a message; `who` is a number, empty for the account's owner.
    MessageChanged { account: String, chat: String, key: String, what: ToMessage, who: String, at: Millis },
    /// Something happened to a chat.
    ChatChanged { account: String, chat: String, what: ToChat },
    /// A page did something that changes nothing else.
    Did { account: String, act: Act },
}

impl World {
    /// Applies one change; what it names and does not exist is left alone.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::AccountAdded { account } => {
                self.accounts.insert(account.id.clone(), *account);
            }
            Change::DeviceLinked { account, device } => self.with_account(&account, |account| {
                account.note(device.linked_at, Some(device.id.clone()), ActKind::Linked);
                account.devices.insert(device.id.clone(), device);
            }),
            Change::DeviceSynced { account, device } => self.with_account(&account, |account| {
                if let Some(device) = account.devices.get_mut(&device) {
                    device.synced = true;
                }
            }),
            Change::DeviceRemoved { account, device, at } => self.with_account(&account, |account| {
                account.devices.remove(&device);
                account.note(at, Some(device), ActKind::LoggedOut);
            }),
            Change::ChatAdded { account, chat } => self.with_account(&account, |account| {
                account.chats.insert(chat.id.clone(), *chat);
            }),
            Change::MessageAdded { account, chat, message } => {
                self.with_account(&account, |account| account.add(&chat, *message));
            }
            Change::AckMoved { account, chat, key, ack, at } => self.with_chat(&account, &chat, |chat| {
                if let Some(index) = chat.position(&key)
                    && chat.messages[index].ack() < Some(ack)
                {
                    chat.messages[index].acks.push((ack, at));
                }
            }),
            Change::Seen { account, chat, keys, at, device } => {
                self.with_account(&account, |account| account.see(&chat, &keys, at, device));
            }
            Change::MessageChanged { account, chat, key, what, who, at } => self.with_chat(&account, &chat, |chat| {
                if let Some(index) = chat.position(&key) {
                    chat.messages[index].undergo(&what, &who, at);
                }
            }),
            Change::ChatChanged { account, chat, what } => {
                self.with_chat(&account, &chat, |chat| chat.undergo(&what));
            }
            Change::Did { account, act } => self.with_account(&account, |account| account.acts.push(act)),
        }
    }

    fn with_account(&mut self, id: &str, change: impl FnOnce(&mut Account)) {
        if let Some(account) = self.accounts.get_mut(id) {
            change(account);
        }
    }

    fn with_chat(&mut self, account: &str, chat: &str, change: impl FnOnce(&mut Chat)) {
        self.with_account(account, |account| {
            if let Some(chat) = account.chats.get_mut(chat) {
                change(chat);
            }
        });
    }
}

impl Account {
    fn note(&mut self, at: Millis, device: Option<String>, kind: ActKind) {
        self.acts.push(Act { at, device, kind });
    }

    fn add(&mut self, chat: &str, message: Message) {
        if let Some(temp_id) = &message.temp_id {
            self.accepted.insert(temp_id.clone(), (chat.to_owned(), message.key.clone()));
        }
        if let Some(chat) = self.chats.get_mut(chat) {
            if !message.from_me && message.seen_at.is_none() {
                chat.unread += 1;
            }
            chat.messages.push(message);
        }
    }

    fn see(&mut self, chat_id: &str, keys: &[String], at: Millis, device: Option<String>) {
        let Some(chat) = self.chats.get_mut(chat_id) else { return };
        chat.marked_unread = false;
        let mut receipts = Vec::new();
        for key in keys {
            if let Some(index) = chat.position(key)
                && chat.messages[index].seen_at.is_none()
            {
                chat.messages[index].seen_at = Some(at);
                chat.unread = chat.unread.saturating_sub(1);
                receipts.push(key.clone());
            }
        }
        for key in receipts {
            self.note(at, device.clone(), ActKind::Receipt { chat: chat_id.to_owned(), key });
        }
    }
}
