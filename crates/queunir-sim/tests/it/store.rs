//! Keeps what a page is told, as a reader would, for the comparison with the ledger.

use std::collections::BTreeMap;

use queunir_sim::ledger::{Stored, StoredChat, StoredDirection, StoredMessage};
use queunir_sim::wire::{ChatRow, Msg, Reason, ToPage, WireAck};
use queunir_sim::world::Ack;

/// Chats by id.
#[derive(Default)]
pub struct Store {
    pub chats: BTreeMap<String, Shelf>,
}

/// One chat.
#[derive(Default)]
pub struct Shelf {
    pub row: Option<ChatRow>,
    pub messages: Vec<Msg>,
    pub at_start: bool,
}

impl Store {
    /// Takes in whatever a frame says about chats and messages.
    pub fn take(&mut self, frame: ToPage) {
        match frame {
            ToPage::Ready { chats, .. } => chats.into_iter().for_each(|row| self.row(row)),
            ToPage::Chat { chat } => self.row(*chat),
            ToPage::Message { chat, message } => self.shelf(&chat).upsert(*message),
            ToPage::Messages { chat, messages, at_start, reason, .. } => {
                let shelf = self.shelf(&chat);
                match reason {
                    Reason::Open => shelf.open(messages, at_start),
                    Reason::Older => shelf.older(messages, at_start),
                }
            }
            ToPage::Rekey { chat, temp_id, key, at } => {
                if let Some(message) = self.shelf(&chat).find(&temp_id) {
                    message.key = key;
                    message.at = at;
                }
            }
            ToPage::Ack { chat, key, ack } => {
                if let Some(message) = self.shelf(&chat).find(&key) {
                    message.ack = Some(ack);
                }
            }
            _ => {}
        }
    }

    /// The form that the comparison takes; notices are no messages, and chats of which nothing was read are not stored.
    pub fn stored(&self) -> Stored {
        let read = self.chats.values().filter(|shelf| !shelf.messages.is_empty());
        Stored { chats: read.map(Shelf::stored).collect() }
    }

    pub fn shelf(&mut self, chat: &str) -> &mut Shelf {
        self.chats.entry(chat.to_owned()).or_default()
    }

    fn row(&mut self, row: ChatRow) {
        let id = row.id.clone();
        self.shelf(&id).row = Some(row);
    }
}

impl Shelf {
    fn find(&mut self, key: &str) -> Option<&mut Msg> {
        self.messages.iter_mut().rfind(|message| message.key == key)
    }

    fn upsert(&mut self, message: Msg) {
        // Of a chat that was never read, the last messages come when it is opened.
        let read = !self.messages.is_empty() || self.at_start;
        match self.find(&message.key) {
            Some(known) => *known = message,
            None if read => self.messages.push(message),
            None => {}
        }
    }

    fn open(&mut self, messages: Vec<Msg>, at_start: bool) {
        let first = messages.first().map(|message| message.key.clone());
        match first.and_then(|first| self.messages.iter().position(|known| known.key == first)) {
            Some(from) => self.messages.truncate(from),
            None => {
                assert!(self.messages.is_empty(), "a gap between what was known and what came");
                self.at_start = at_start;
            }
        }
        self.messages.extend(messages);
    }

    fn older(&mut self, mut messages: Vec<Msg>, at_start: bool) {
        self.at_start = at_start;
        messages.append(&mut self.messages);
        self.messages = messages;
    }

    fn stored(&self) -> StoredChat {
        let real = self.messages.iter().filter(|message| message.system.is_none() && message.kind != "system");
        StoredChat {
            title: self.row.as_ref().map(|row| row.title.clone()).unwrap_or_default(),
            phone: self.row.as_ref().and_then(|row| row.phone.clone()),
            messages: real.map(stored).collect(),
        }
    }
}

fn stored(message: &Msg) -> StoredMessage {
    StoredMessage {
        key: message.key.clone(),
        direction: if message.from_me { StoredDirection::Out } else { StoredDirection::In },
        text: message.text.clone(),
        sent_at: Some(jiff::Timestamp::from_millisecond(message.at).unwrap().to_string()),
        ack: message.ack.and_then(reached),
    }
}

fn reached(ack: WireAck) -> Option<Ack> {
    match ack {
        WireAck::Pending => Some(Ack::Pending),
        WireAck::Sent => Some(Ack::Sent),
        WireAck::Delivered => Some(Ack::Delivered),
        WireAck::Read => Some(Ack::Read),
        WireAck::Played => Some(Ack::Played),
        WireAck::Failed => None,
    }
}
