//! Acts on the fake's messages, as WhatsApp would do them.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use queunir_core::{
    act::Wish,
    message::{Ack, Direction, MessageKind, Reaction},
    text::{clean_name, same_emoji},
};
use tokio::sync::OwnedMutexGuard;

use super::{AfterPress, FakePage, state::State};
use crate::{
    page_api::{ActError, Acted, ChatTarget, PageError, Pressed, SendTicket},
    seen::SeenMessage,
};

/// What the fake does with an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnAct {
    /// It is done and shown.
    Do,
    /// It is pressed, and nothing comes of it.
    Swallow,
    /// It is done, and the page fails before anything is seen.
    DoUnseen,
    /// The page does not offer it.
    NotOffered,
}

impl FakePage {
    /// What the following acts come to.
    pub fn on_act(&self, what: OnAct) {
        self.lock().on_act = what;
    }

    /// Every press of an act: chat, key and wish.
    #[must_use]
    pub fn acts(&self) -> Vec<(String, String, Wish)> {
        self.lock().acts.clone()
    }

    pub(super) fn act_now(&self, target: &ChatTarget, key: &str, wish: &Wish) -> Result<Acted, ActError> {
        let mut now = self.begin_press()?;
        now.open(target, self.page_size)?;
        let title = clean_name(&target.title);
        let message = now.message(&title, key).ok_or(ActError::NoMessage)?;
        let own = now.own_reactions.get(key).cloned();
        let pressed = !shows(&message, own.as_deref(), wish);
        if pressed {
            if now.on_act == OnAct::NotOffered {
                return Err(ActError::NotOffered);
            }
            now.acts.push((title.clone(), key.to_owned(), wish.clone()));
            if now.on_act != OnAct::Swallow {
                now.apply(&title, key, wish);
            }
            if now.on_act == OnAct::DoUnseen {
                return Err(ActError::Unclear(PageError::Deadline));
            }
        }
        let own = now.own_reactions.get(key).cloned();
        let shown = match now.message(&title, key) {
            Some(message) => shows(&message, own.as_deref(), wish),
            None => *wish == Wish::DeleteForMe,
        };
        let seen = now.conversation().ok_or(PageError::WrongChat)?;
        now.emit_conversation();
        Ok(Acted { pressed, shown, seen })
    }
}

fn shows(message: &SeenMessage, own: Option<&str>, wish: &Wish) -> bool {
    match wish {
        Wish::React { emoji: None } => own.is_none(),
        Wish::React { emoji: Some(emoji) } => own.is_some_and(|own| same_emoji(own, emoji)),
        Wish::Star { on } => message.starred == *on,
        Wish::Pin { duration } => message.pinned == duration.is_some(),
        Wish::DeleteForMe | Wish::Forward { .. } => false,
        Wish::DeleteForEveryone => message.kind == MessageKind::Deleted,
        Wish::Edit { text } => message.text == *text,
    }
}

impl State {
    fn message(&mut self, title: &str, key: &str) -> Option<SeenMessage> {
        self.chat_mut(title)?.messages.iter().find(|message| message.key == key).cloned()
    }

    fn apply(&mut self, title: &str, key: &str, wish: &Wish) {
        if let Wish::React { emoji } = wish {
            let old = match emoji {
                Some(emoji) => self.own_reactions.insert(key.to_owned(), emoji.clone()),
                None => self.own_reactions.remove(key),
            };
            let Some(message) = self.chat_mut(title).and_then(|chat| chat.messages.iter_mut().find(|m| m.key == key))
            else {
                return;
            };
            message.reactions.retain(|one| old.as_deref() != Some(one.emoji.as_str()));
            let new = |emoji: &String| Reaction { emoji: emoji.clone(), count: Some(1), ours: false };
            message.reactions.extend(emoji.as_ref().map(new));
            return;
        }
        let Some(chat) = self.chat_mut(title) else { return };
        if *wish == Wish::DeleteForMe {
            chat.messages.retain(|message| message.key != key);
            return;
        }
        let Some(message) = chat.messages.iter_mut().find(|message| message.key == key) else { return };
        match wish {
            Wish::Star { on } => message.starred = *on,
            Wish::Pin { duration } => message.pinned = duration.is_some(),
            Wish::DeleteForEveryone => {
                message.kind = MessageKind::Deleted;
                message.text.clear();
            }
            Wish::Edit { text } => {
                message.text.clone_from(text);
                message.edited = true;
            }
            Wish::React { .. } | Wish::DeleteForMe | Wish::Forward { .. } => {}
        }
    }
}

/// A forward that waits for its press.
pub(super) struct FakeForward {
    pub(super) page: Arc<FakePage>,
    pub(super) source: SeenMessage,
    pub(super) from: ChatTarget,
    pub(super) to: ChatTarget,
    pub(super) anchor: Option<String>,
    pub(super) _driver: OwnedMutexGuard<()>,
}

impl FakePage {
    pub(super) fn forward_now(
        &self,
        target: &ChatTarget,
        key: &str,
        to: &ChatTarget,
        driver: OwnedMutexGuard<()>,
    ) -> Result<FakeForward, ActError> {
        let mut now = self.begin_press()?;
        let anchor = now.open(to, self.page_size)?.messages.last().map(|message| message.key.clone());
        now.open(target, self.page_size)?;
        let source = now.message(&clean_name(&target.title), key).ok_or(ActError::NoMessage)?;
        if now.on_act == OnAct::NotOffered {
            return Err(ActError::NotOffered);
        }
        drop(now);
        let page = self.me.upgrade().ok_or(PageError::Gone)?;
        Ok(FakeForward { page, source, from: target.clone(), to: to.clone(), anchor, _driver: driver })
    }
}

#[async_trait]
impl SendTicket for FakeForward {
    fn anchor(&self) -> Option<&str> {
        self.anchor.as_deref()
    }

    async fn press(self: Box<Self>, _wait: Duration) -> Result<Pressed, PageError> {
        let mut now = self.page.begin()?;
        let what = now.after_press;
        if what == AfterPress::WrongChat {
            return Err(PageError::WrongChat);
        }
        let wish = Wish::Forward { to: queunir_core::id::ChatId(uuid::Uuid::nil()) };
        now.acts.push((clean_name(&self.from.title), self.source.key.clone(), wish));
        now.presses += 1;
        if what == AfterPress::Swallow {
            return Ok(Pressed::NotSeen);
        }
        let bubble = SeenMessage {
            key: now.new_key(),
            direction: Direction::Out,
            ack: Some(if what == AfterPress::Pending { Ack::Pending } else { Ack::Sent }),
            sent_at: Some(now.now),
            forwarded: true,
            reactions: Vec::new(),
            starred: false,
            pinned: false,
            ..self.source.clone()
        };
        now.open(&self.to, self.page.page_size)?;
        now.append(&self.to.title, bubble.clone());
        match what {
            AfterPress::Bubble | AfterPress::Pending => Ok(Pressed::Bubble(Box::new(bubble))),
            AfterPress::DieAfter => {
                now.die("scripted");
                Ok(Pressed::NotSeen)
            }
            _ => Ok(Pressed::NotSeen),
        }
    }
}
