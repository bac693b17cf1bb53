//! What a page does to a message through its menu: react, star, pin, edit, delete, pass on.
//!
//! Every act is in the ledger with its outcome, whatever became of it.

use super::due::Task;
use super::talk::live;
use super::{Inner, PageId, SimError};
use crate::chance::Origin;
use crate::clock::Millis;
use crate::wire::{Destination, Pin, Refusal, ToPage};
use crate::world::{Ack, Act, ActKind, Body, Change, Message, OnMessage, Outcome, ToMessage};

const MINUTE: Millis = 60_000;
/// The page offers an edit for fifteen minutes; the server takes it a little longer.
const EDIT_TAKEN: Millis = 20 * MINUTE;
/// How long a message can be deleted for everyone: two and a half days.
const REVOKE_TAKEN: Millis = 60 * 60 * MINUTE;
/// How many messages stand above a conversation.
const PINS_MOST: usize = 3;
/// How many chats a message goes to at once.
const FORWARD_MOST: usize = 5;
/// Counts above this say nothing new: "many times" begins at five.
const FORWARD_COUNTED: u8 = 127;

impl Inner {
    /// Does to a message what a page asks, and answers.
    pub(super) fn acted(
        &mut self,
        page: PageId,
        id: String,
        chat: &str,
        key: &str,
        what: OnMessage,
    ) -> Result<(), SimError> {
        let (account, device) = self.linked(page).ok_or(SimError::Refused("the page is not linked"))?;
        let found = self.world.chat(&account, chat).ok_or(SimError::NotFound("chat"))?;
        let message = found.position(key).map(|index| &found.messages[index]);
        let outcome = self.under_trouble(judge(message, &what, self.now()));
        let kind = ActKind::Acted { chat: chat.to_owned(), key: key.to_owned(), what: what.clone(), outcome };
        self.note_act(&account, device, kind)?;
        if matches!(outcome, Outcome::Done | Outcome::DoneButError) {
            self.deaf_while(page, outcome, |inner| {
                inner.change_message(&account, chat, key, to_message(what), String::new())
            })?;
        }
        self.answer_act(page, id, outcome);
        Ok(())
    }

    /// Passes a message on, and answers.
    pub(super) fn forwarded(
        &mut self,
        page: PageId,
        id: String,
        chat: &str,
        key: &str,
        to: Vec<Destination>,
    ) -> Result<(), SimError> {
        let (account, device) = self.linked(page).ok_or(SimError::Refused("the page is not linked"))?;
        let found = self.world.chat(&account, chat).ok_or(SimError::NotFound("chat"))?;
        let message = found.position(key).map(|index| found.messages[index].clone());
        let judged = match &message {
            None => Outcome::Gone,
            Some(message) if is_gone(message) => Outcome::Gone,
            Some(message) if !goes_on(&message.body) || to.is_empty() || to.len() > FORWARD_MOST => Outcome::Refused,
            Some(_) => Outcome::Done,
        };
        let outcome = self.under_trouble(judged);
        for Destination { chat: target, temp_id } in to {
            let writable = self.world.chat(&account, &target).is_some_and(|chat| chat.writable);
            let outcome = if writable { outcome } else { Outcome::Refused };
            let kind = ActKind::Forwarded {
                chat: chat.to_owned(),
                key: key.to_owned(),
                to: target.clone(),
                temp_id: temp_id.clone(),
                outcome,
            };
            self.note_act(&account, device.clone(), kind)?;
            let Some(message) = &message else { continue };
            if matches!(outcome, Outcome::Done | Outcome::DoneButError) {
                let copy = self.copy_of(message, temp_id);
                let added = (copy.key.clone(), Box::new(copy));
                self.deaf_while(page, outcome, |inner| {
                    let (key, message) = added;
                    let (owner, place) = (account.clone(), target.clone());
                    inner.commit(vec![Change::MessageAdded { account: owner, chat: place, message }])?;
                    inner.push_new(&account, &target, &key);
                    inner.push_row(&account, &target);
                    inner.plan_delivery(&account, &target, &key);
                    Ok(())
                })?;
            }
        }
        self.answer_act(page, id, outcome);
        Ok(())
    }

    /// The message as it stands in the chat it is passed on to.
    fn copy_of(&mut self, message: &Message, temp_id: String) -> Message {
        let shaped = temp_id.len() == 22 && temp_id.starts_with("3EB0");
        let key = if shaped && !self.trouble.rekey { temp_id.clone() } else { self.chance.key(Origin::Web) };
        let mut copy = live(key, true, self.now(), message.body.clone());
        copy.temp_id = Some(temp_id);
        copy.mentions.clone_from(&message.mentions);
        // What one wrote oneself bears no mark when it is passed on for the first time.
        let own = message.from_me && message.forwarded == 0;
        copy.forwarded = if own { 0 } else { message.forwarded.saturating_add(1).min(FORWARD_COUNTED) };
        copy
    }

    fn note_act(&mut self, account: &str, device: String, kind: ActKind) -> Result<(), SimError> {
        let act = Act { at: self.now(), device: Some(device), kind };
        self.commit(vec![Change::Did { account: account.to_owned(), act }])
    }

    fn under_trouble(&self, judged: Outcome) -> Outcome {
        match judged {
            _ if self.trouble.act_never_delivered => Outcome::Lost,
            Outcome::Done if self.trouble.act_done_but_error => Outcome::DoneButError,
            judged => judged,
        }
    }

    /// Does something; a page that is lied to does not hear of it before it is loaded again.
    fn deaf_while(
        &mut self,
        page: PageId,
        outcome: Outcome,
        work: impl FnOnce(&mut Self) -> Result<(), SimError>,
    ) -> Result<(), SimError> {
        let deaf = outcome == Outcome::DoneButError;
        let set = |inner: &mut Self, live: bool| {
            if let Some(page) = inner.pages.get_mut(&page).filter(|_| deaf) {
                page.live = live;
            }
        };
        set(self, false);
        let done = work(self);
        set(self, true);
        done
    }

    fn answer_act(&self, page: PageId, id: String, outcome: Outcome) {
        let (ok, reason) = match outcome {
            Outcome::Lost => return,
            Outcome::Done => (true, None),
            Outcome::DoneButError => (false, Some(Refusal::Failed)),
            Outcome::Gone => (false, Some(Refusal::Gone)),
            Outcome::Late => (false, Some(Refusal::Late)),
            Outcome::Refused => (false, Some(Refusal::Refused)),
        };
        self.push(page, &ToPage::Acted { id, ok, reason });
    }

    /// A pin begins: the oldest of too many goes, the chat says who did it, and it ends by itself.
    pub(super) fn pin_begins(&mut self, account: &str, chat: &str, key: &str, seconds: u32) -> Result<(), SimError> {
        let Some(found) = self.world.chat(account, chat) else { return Ok(()) };
        let pinned = found.pinned();
        let old: Vec<String> = pinned.iter().filter(|message| message.key != key).map(|m| m.key.clone()).collect();
        let surplus = (old.len() + 1).saturating_sub(PINS_MOST);
        let who = pinned.iter().find(|message| message.key == key).and_then(|message| message.later.pinned.as_ref());
        let who = who.map(|pin| pin.who.clone()).unwrap_or_default();
        let named = found.member(&who).and_then(|member| member.name.clone().or_else(|| member.push.clone()));
        let (notice, text) = match who.as_str() {
            "" => ("pin_us", String::new()),
            _ if found.members.is_empty() => ("pin", found.title().to_owned()),
            who => ("pin", named.unwrap_or_else(|| who.to_owned())),
        };
        for key in old.iter().take(surplus) {
            self.change_message(account, chat, key, ToMessage::Unpin {}, String::new())?;
        }
        self.add_notice(account, chat, notice, text)?;
        self.push_pins(account, chat, None);
        self.plan_unpin(account, chat, key, f64::from(seconds) * 1000.0);
        Ok(())
    }

    fn plan_unpin(&mut self, account: &str, chat: &str, key: &str, after_ms: f64) {
        let task = Task::Unpin { account: account.to_owned(), chat: chat.to_owned(), key: key.to_owned() };
        self.later(after_ms, task);
    }

    /// The time of a pin is over, unless it was taken away or pinned anew in the meantime.
    pub(super) fn pin_over(&mut self, account: &str, chat: &str, key: &str) {
        let now = self.now();
        let found = self.world.chat(account, chat);
        let pin = found.and_then(|chat| chat.messages[chat.position(key)?].later.pinned.clone());
        let Some(pin) = pin else { return };
        if pin.until > now {
            #[expect(clippy::cast_precision_loss, reason = "at most thirty days")]
            self.plan_unpin(account, chat, key, (pin.until - now) as f64 * self.clock.speed());
            return;
        }
        if let Err(error) = self.change_message(account, chat, key, ToMessage::Unpin {}, String::new()) {
            tracing::error!(error = %error, "the end of a pin was not written");
        }
    }

    /// After a restart, pins end when they would have ended.
    pub(super) fn resume_pins(&mut self) {
        let mut open = Vec::new();
        for account in self.world.accounts.values() {
            for chat in account.chats.values() {
                open.extend(chat.pinned().iter().map(|m| (account.id.clone(), chat.id.clone(), m.key.clone())));
            }
        }
        for (account, chat, key) in open {
            self.pin_over(&account, &chat, &key);
        }
    }

    /// Tells one page, or all, what stands above a conversation.
    pub(super) fn push_pins(&self, account: &str, chat: &str, page: Option<PageId>) {
        let Some(owner) = self.world.accounts.get(account) else { return };
        let Some(found) = owner.chats.get(chat) else { return };
        let frame = ToPage::Pins { chat: chat.to_owned(), pins: Pin::all(owner, found) };
        match page {
            Some(page) => self.push(page, &frame),
            None => self.push_account(account, &frame),
        }
    }
}

fn is_gone(message: &Message) -> bool {
    message.later.deleted.is_some() || message.later.removed.is_some()
}

/// Whether this can be passed on.
fn goes_on(body: &Body) -> bool {
    body.is_message() && !matches!(body, Body::ViewOnce { .. } | Body::Undecrypted {} | Body::Poll(_))
}

/// What becomes of an act if nothing disturbs it.
fn judge(message: Option<&Message>, what: &OnMessage, now: Millis) -> Outcome {
    let Some(message) = message.filter(|message| message.later.removed.is_none()) else { return Outcome::Gone };
    if !message.body.is_message() {
        return Outcome::Refused;
    }
    if message.later.deleted.is_some() {
        return if matches!(what, OnMessage::DeleteForMe {}) { Outcome::Done } else { Outcome::Gone };
    }
    let within = |most: Millis| if now - message.at <= most { Outcome::Done } else { Outcome::Late };
    match what {
        OnMessage::Edit { text } => {
            let words = matches!(message.body, Body::Text { .. }) && !text.trim().is_empty();
            let ours = message.from_me && message.forwarded == 0;
            if words && ours { within(EDIT_TAKEN) } else { Outcome::Refused }
        }
        OnMessage::DeleteForEveryone {} => {
            let handed_in = message.from_me && message.ack() >= Some(Ack::Sent);
            if handed_in { within(REVOKE_TAKEN) } else { Outcome::Refused }
        }
        OnMessage::Pin { seconds: 0 } => Outcome::Refused,
        OnMessage::Unpin {} if message.later.pinned.is_none() => Outcome::Refused,
        OnMessage::React { emoji: Some(emoji) } if emoji.is_empty() => Outcome::Refused,
        _ => Outcome::Done,
    }
}

fn to_message(what: OnMessage) -> ToMessage {
    let us = Some(String::new());
    match what {
        OnMessage::React { emoji } => ToMessage::React { emoji, who: us },
        OnMessage::Star { on } => ToMessage::Star { on },
        OnMessage::Pin { seconds } => ToMessage::Pin { seconds, who: us },
        OnMessage::Unpin {} => ToMessage::Unpin {},
        OnMessage::Edit { text } => ToMessage::Edit { text },
        OnMessage::DeleteForMe {} => ToMessage::Remove {},
        OnMessage::DeleteForEveryone {} => ToMessage::Delete { admin: None },
    }
}
