//! Compares what somebody stored with the ledger; used by every test and measurement, so that "right" has one meaning.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use queunir_core::text::{clean_name, comparable_body};

use super::{Fault, Ledger, LedgerAccount, LedgerChat, LedgerMessage};
use crate::clock::Millis;
use crate::world::Ack;
use crate::world::phone::digits;

/// What somebody stored.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Stored {
    /// Chats in any order.
    pub chats: Vec<StoredChat>,
}

/// A stored chat.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StoredChat {
    /// As the list shows it.
    pub title: String,
    /// Number, if known; it decides between chats of equal title.
    #[serde(default)]
    pub phone: Option<String>,
    /// Messages, oldest first.
    pub messages: Vec<StoredMessage>,
}

/// A stored message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoredMessage {
    /// Key of the row.
    pub key: String,
    /// Who wrote it.
    pub direction: StoredDirection,
    /// The words.
    pub text: String,
    /// When, at least to the minute; not compared if absent.
    #[serde(default)]
    pub sent_at: Option<String>,
    /// Delivery state, for ours.
    #[serde(default)]
    pub ack: Option<Ack>,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StoredDirection {
    /// The other side.
    In,
    /// The account.
    Out,
    /// The store does not know; always a fault.
    Unknown,
}

/// How much must be stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Every message of every chat.
    #[default]
    All,
    /// Of each stored chat, everything from its first stored message on.
    Suffix,
}

/// Where blue ticks may have been sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Receipts {
    /// Anywhere.
    #[default]
    Anywhere,
    /// Only in chats of these titles.
    OnlyIn(Vec<String>),
}

/// What to compare.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which account; may be left out when the ledger has one.
    pub account: Option<String>,
    /// How much must be stored.
    pub scope: Scope,
    /// Every message at or after this moment must be stored, whatever the scope.
    pub since: Option<Millis>,
    /// Where blue ticks are allowed.
    pub receipts: Receipts,
    /// No content may have been submitted twice in a chat.
    pub submitted_once: bool,
}

const MINUTE: Millis = 60_000;

/// Lists every difference; an empty list means that the store is right.
#[must_use]
pub fn compare(ledger: &Ledger, stored: &Stored, options: &Options) -> Vec<Fault> {
    let chosen = match &options.account {
        Some(id) => ledger.accounts.iter().find(|account| account.id == *id),
        None if ledger.accounts.len() == 1 => ledger.accounts.first(),
        None => None,
    };
    let Some(account) = chosen else {
        return vec![Fault::Account { wanted: options.account.clone().unwrap_or_else(|| "name one".to_owned()) }];
    };
    let mut comparison =
        Comparison { account, options, homes: homes(account), seen: HashSet::new(), faults: Vec::new() };
    comparison.run(stored);
    comparison.faults
}

/// Which chat each key and each temporary id belongs to, by position.
fn homes(account: &LedgerAccount) -> HashMap<&str, (usize, usize)> {
    let mut homes = HashMap::new();
    for (chat_index, chat) in account.chats.iter().enumerate() {
        for (index, message) in chat.messages.iter().enumerate() {
            homes.insert(message.key.as_str(), (chat_index, index));
        }
    }
    homes
}

struct Comparison<'a> {
    account: &'a LedgerAccount,
    options: &'a Options,
    homes: HashMap<&'a str, (usize, usize)>,
    seen: HashSet<String>,
    faults: Vec<Fault>,
}

/// Whether the page shows words that a store can be held to: not of what was deleted, nor of what has no caption.
fn has_words(message: &LedgerMessage) -> bool {
    let worded = matches!(message.kind.as_str(), "text" | "image" | "video" | "gif" | "document" | "album");
    worded && message.deleted_at.is_none()
}

impl<'a> Comparison<'a> {
    fn run(&mut self, stored: &Stored) {
        let mut firsts: HashMap<usize, usize> = HashMap::new();
        for chat in &stored.chats {
            let Some(index) = self.match_chat(chat) else {
                self.faults.push(Fault::UnknownChat { title: chat.title.clone() });
                continue;
            };
            if let Some(first) = self.check_chat(index, chat) {
                let earliest = firsts.entry(index).or_insert(first);
                *earliest = first.min(*earliest);
            }
        }
        for (index, chat) in self.account.chats.iter().enumerate() {
            self.check_complete(chat, firsts.get(&index).copied());
        }
        self.check_receipts();
        self.check_submissions();
    }

    /// The ledger's chat behind a stored one: by number, else by title, else by the keys that are in it.
    fn match_chat(&self, stored: &StoredChat) -> Option<usize> {
        let mut candidates: Vec<usize> = Vec::new();
        let wanted = stored.phone.as_deref().map(digits).filter(|phone| !phone.is_empty());
        if let Some(phone) = wanted {
            let same = |chat: &LedgerChat| chat.phone.as_deref().map(digits).as_deref() == Some(phone.as_str());
            candidates = self.positions(same);
        }
        if candidates.is_empty() {
            let title = clean_name(&stored.title);
            candidates = self.positions(|chat| clean_name(&chat.title) == title);
        }
        let overlap = |index: &usize| {
            stored.messages.iter().filter(|m| self.homes.get(m.key.as_str()).is_some_and(|(c, _)| c == index)).count()
        };
        candidates.into_iter().max_by_key(overlap)
    }

    fn positions(&self, wanted: impl Fn(&LedgerChat) -> bool) -> Vec<usize> {
        self.account.chats.iter().enumerate().filter(|(_, chat)| wanted(chat)).map(|(index, _)| index).collect()
    }

    /// Checks what is stored of a chat; gives the position of its earliest stored message.
    fn check_chat(&mut self, chat_index: usize, stored: &StoredChat) -> Option<usize> {
        let chat = &self.account.chats[chat_index];
        let mut first: Option<usize> = None;
        let mut last: Option<usize> = None;
        for message in &stored.messages {
            if !self.seen.insert(message.key.clone()) {
                self.faults.push(Fault::Twice { chat: chat.title.clone(), key: message.key.clone() });
                continue;
            }
            let Some((home, index)) = self.homes.get(message.key.as_str()).copied() else {
                self.faults.push(self.stranger(chat, message));
                continue;
            };
            if home != chat_index {
                let real = self.account.chats[home].title.clone();
                let stored = chat.title.clone();
                self.faults.push(Fault::WrongChat { key: message.key.clone(), stored, real });
                continue;
            }
            let truth = &chat.messages[index];
            self.check_message(chat, truth, message);
            if let Some(previous) = last.filter(|previous| *previous > index) {
                let behind = chat.messages[previous].key.clone();
                self.faults.push(Fault::Order { chat: chat.title.clone(), key: truth.key.clone(), behind });
            }
            last = Some(last.map_or(index, |previous| previous.max(index)));
            first = Some(first.map_or(index, |earliest| earliest.min(index)));
        }
        first
    }

    fn stranger(&self, chat: &LedgerChat, message: &StoredMessage) -> Fault {
        let temporary = |truth: &&LedgerMessage| truth.temp_id.as_deref() == Some(message.key.as_str());
        let real = self.account.chats.iter().flat_map(|chat| &chat.messages).find(temporary);
        let (chat, key) = (chat.title.clone(), message.key.clone());
        match real {
            Some(real) => Fault::Temporary { chat, key, real: real.key.clone() },
            None => Fault::Invented { chat, key },
        }
    }

    fn check_message(&mut self, chat: &LedgerChat, truth: &LedgerMessage, stored: &StoredMessage) {
        let (title, key) = (chat.title.clone(), truth.key.clone());
        if truth.kind == "system" {
            self.faults.push(Fault::NotAMessage { chat: title, key });
            return;
        }
        if has_words(truth) && comparable_body(&stored.text) != comparable_body(&truth.text) {
            let (stored, real) = (stored.text.clone(), truth.text.clone());
            self.faults.push(Fault::Text { chat: title.clone(), key: key.clone(), stored, real });
        }
        if stored.direction != truth.direction {
            let (stored, real) = (stored.direction, truth.direction);
            self.faults.push(Fault::Direction { chat: title.clone(), key: key.clone(), stored, real });
        }
        let reached = truth.acks.last().map(|state| state.ack);
        if let Some(ack) = stored.ack.filter(|ack| reached < Some(*ack)) {
            self.faults.push(Fault::AckAhead { chat: title.clone(), key: key.clone(), stored: ack, real: reached });
        }
        if let Some(sent_at) = &stored.sent_at {
            let minute = sent_at.parse::<Timestamp>().ok().map(|at| at.as_millisecond().div_euclid(MINUTE));
            if minute != Some(truth.at.div_euclid(MINUTE)) {
                self.faults.push(Fault::Time { chat: title, key, stored: sent_at.clone(), real: truth.at });
            }
        }
    }

    /// What of a chat should be stored and is not.
    fn check_complete(&mut self, chat: &'a LedgerChat, first: Option<usize>) {
        // What was deleted for the account alone may be stored or not: nobody knows who was first.
        let real = |message: &&LedgerMessage| {
            !matches!(message.kind.as_str(), "system" | "call") && message.removed_at.is_none()
        };
        let everything = self.options.scope == Scope::All;
        let count = chat.messages.iter().filter(real).count();
        if everything && first.is_none() && count > 0 {
            self.faults.push(Fault::LostChat { title: chat.title.clone(), messages: count });
            return;
        }
        for (index, message) in chat.messages.iter().enumerate().filter(|(_, message)| real(message)) {
            let in_suffix = first.is_some_and(|first| index >= first);
            let recent = self.options.since.is_some_and(|since| message.at >= since);
            if (everything || in_suffix || recent) && !self.seen.contains(&message.key) {
                let (chat, key) = (chat.title.clone(), message.key.clone());
                self.faults.push(Fault::Lost { chat, key, at: message.at });
            }
        }
    }

    fn check_receipts(&mut self) {
        let Receipts::OnlyIn(titles) = &self.options.receipts else { return };
        let allowed: HashSet<String> = titles.iter().map(|title| clean_name(title)).collect();
        for receipt in self.account.receipts.iter().filter(|receipt| receipt.device.is_some()) {
            if !allowed.contains(&clean_name(&receipt.title)) {
                let (chat, key) = (receipt.title.clone(), receipt.key.clone());
                self.faults.push(Fault::Receipt { chat, key, at: receipt.at });
            }
        }
    }

    fn check_submissions(&mut self) {
        if !self.options.submitted_once {
            return;
        }
        for submission in self.account.submissions.iter().filter(|submission| submission.count > 1) {
            self.faults.push(Fault::SubmittedTwice {
                chat: submission.title.clone(),
                hash: submission.hash.clone(),
                count: submission.count,
            });
        }
    }
}
