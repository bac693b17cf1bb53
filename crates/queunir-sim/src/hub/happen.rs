//! What happens to messages and chats after they came to be, and how the pages learn of it.

use super::{Inner, PageId, SimError};
use crate::scenario::encryption_notice;
use crate::wire::ToPage;
use crate::world::{Ack, Act, ActKind, Body, Change, Chat, Message, ToChat, ToMessage};

impl Inner {
    /// Lets something happen to a message, as its people would do on their phones.
    pub fn happens(&mut self, account: &str, chat: &str, key: &str, what: ToMessage) -> Result<(), SimError> {
        let chat = self.find_chat(account, chat).ok_or(SimError::NotFound("chat"))?;
        let found = self.world.chat(account, &chat).ok_or(SimError::NotFound("chat"))?;
        let message = found.position(key).map(|index| &found.messages[index]).ok_or(SimError::NotFound("message"))?;
        possible(message, &what)?;
        let who = match &what {
            ToMessage::React { who, .. } | ToMessage::Vote { who, .. } | ToMessage::Pin { who, .. } => {
                doer(found, who.as_deref())?
            }
            _ => String::new(),
        };
        let ours_played = what == ToMessage::Play {} && message.from_me;
        if ours_played {
            self.try_move_ack(account, &chat, key, Ack::Played)?;
        }
        self.change_message(account, &chat, key, what, who)
    }

    /// Changes a message and tells the pages.
    pub(super) fn change_message(
        &mut self,
        account: &str,
        chat: &str,
        key: &str,
        what: ToMessage,
        who: String,
    ) -> Result<(), SimError> {
        let at = self.now();
        let (owner, place, name) = (account.to_owned(), chat.to_owned(), key.to_owned());
        let change = Change::MessageChanged { account: owner, chat: place, key: name, what: what.clone(), who, at };
        self.commit(vec![change])?;
        if what == (ToMessage::Remove {}) {
            self.push_account(account, &ToPage::MessageGone { chat: chat.to_owned(), key: key.to_owned() });
        }
        self.push_new(account, chat, key);
        match what {
            ToMessage::Pin { seconds, .. } => self.pin_begins(account, chat, key, seconds)?,
            ToMessage::Unpin {} | ToMessage::Remove {} | ToMessage::Delete { .. } => {
                self.push_pins(account, chat, None);
            }
            _ => {}
        }
        self.push_row(account, chat);
        Ok(())
    }

    /// Lets something happen to a chat.
    pub fn happens_to_chat(&mut self, account: &str, chat: &str, what: ToChat) -> Result<(), SimError> {
        let chat = self.find_chat(account, chat).ok_or(SimError::NotFound("chat"))?;
        if let ToChat::Leave { who } = &what {
            let found = self.world.chat(account, &chat).and_then(|chat| chat.member_named(who));
            found.ok_or(SimError::NotFound("member"))?;
        }
        let notice = notice_of(&what);
        let (owner, place) = (account.to_owned(), chat.clone());
        self.commit(vec![Change::ChatChanged { account: owner, chat: place, what }])?;
        if let Some((notice, text)) = notice {
            self.add_notice(account, &chat, notice, text)?;
        }
        self.push_row(account, &chat);
        Ok(())
    }

    /// Puts a system row at the end of a chat.
    pub(super) fn add_notice(&mut self, account: &str, chat: &str, notice: &str, text: String) -> Result<(), SimError> {
        let at = self.now().max(self.world.chat(account, chat).map_or(0, Chat::last_at));
        let body = Body::System { notice: notice.to_owned(), text };
        let message = Message { body, live: true, ..encryption_notice(&mut self.chance, at) };
        let key = message.key.clone();
        let (owner, place) = (account.to_owned(), chat.to_owned());
        self.commit(vec![Change::MessageAdded { account: owner, chat: place, message: Box::new(message) }])?;
        self.push_new(account, chat, &key);
        Ok(())
    }

    /// The page's person listened to a voice note.
    pub(super) fn played(&mut self, page: PageId, chat: &str, key: &str) -> Result<(), SimError> {
        let (account, device) = self.linked(page).ok_or(SimError::Refused("the page is not linked"))?;
        let found = self.world.chat(&account, chat).ok_or(SimError::NotFound("chat"))?;
        let message = found.position(key).map(|index| &found.messages[index]).ok_or(SimError::NotFound("message"))?;
        if message.later.played || !matches!(message.body, Body::Voice(_)) || message.from_me {
            return Ok(());
        }
        let kind = ActKind::Played { chat: chat.to_owned(), key: key.to_owned() };
        self.commit(vec![Change::Did {
            account: account.clone(),
            act: Act { at: self.now(), device: Some(device), kind },
        }])?;
        self.change_message(&account, chat, key, ToMessage::Play {}, String::new())
    }

    /// The page's person chose in a poll.
    pub(super) fn voted(&mut self, page: PageId, chat: &str, key: &str, option: usize) -> Result<(), SimError> {
        let (account, _) = self.linked(page).ok_or(SimError::Refused("the page is not linked"))?;
        self.happens(&account, chat, key, ToMessage::Vote { option, who: Some(String::new()) })
    }
}

fn possible(message: &Message, what: &ToMessage) -> Result<(), SimError> {
    let fits = match what {
        ToMessage::Edit { text } => message.body.clone().text_mut().is_some() && !text.is_empty(),
        ToMessage::Delete { .. } | ToMessage::React { .. } | ToMessage::Star { .. } | ToMessage::Remove {} => {
            message.body.is_message()
        }
        ToMessage::Pin { seconds, .. } => message.body.is_message() && *seconds > 0,
        ToMessage::Unpin {} => message.later.pinned.is_some(),
        ToMessage::Decrypt { body } => matches!(message.body, Body::Undecrypted {}) && body.is_message(),
        ToMessage::Arrive {} => message.body.media().iter().any(|media| media.late),
        ToMessage::Play {} => matches!(message.body, Body::Voice(_)),
        ToMessage::Vote { option, .. } => matches!(&message.body, Body::Poll(poll) if *option < poll.options.len()),
    };
    let outlives = matches!(what, ToMessage::Star { .. } | ToMessage::Remove {});
    let gone = message.later.removed.is_some() || (message.later.deleted.is_some() && !outlives);
    if fits && !gone { Ok(()) } else { Err(SimError::Refused("that cannot happen to this message")) }
}

/// The number of who does something; empty for the account's owner.
fn doer(chat: &Chat, who: Option<&str>) -> Result<String, SimError> {
    match who {
        Some("") => Ok(String::new()),
        Some(who) => {
            let member = chat.member_named(who).map(|member| member.phone.clone());
            member.or_else(|| chat.phone.clone()).ok_or(SimError::NotFound("member"))
        }
        None => {
            let first = chat.members.first().map(|member| member.phone.clone());
            Ok(chat.phone.clone().or(first).unwrap_or_else(|| "+".to_owned()))
        }
    }
}

/// The system row that a change leaves in the chat.
fn notice_of(what: &ToChat) -> Option<(&'static str, String)> {
    match what {
        ToChat::Join { member } => Some(("add", member.name.clone().unwrap_or_else(|| member.phone.clone()))),
        ToChat::Leave { who } => Some(("leave", who.clone())),
        _ => None,
    }
}
