//! Typing a text or attaching a file, reading it back, pressing once, and looking for the bubble.

use std::{collections::HashSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use queunir_core::message::{Ack, Direction};
use serde_json::json;
use tokio::time::Instant;

use super::{
    Driver, LOOK,
    hands::ENTER,
    open::keys,
    quote::{is_meant, is_of},
    text::{same, same_in_bubble},
    turn::Turn,
};
use crate::{
    browser::HandedOver,
    page::raw,
    page_api::{ChatTarget, Draft, FileToSend, PageError, Pressed, Priority, SendTicket},
    seen::{SeenConversation, SeenMessage},
    sent::may_be_file,
};

/// How long a caption may take to show what was typed.
const SETTLE: Duration = Duration::from_secs(4);
/// How long the checks before the press may take.
const LAST_CHECK: Duration = Duration::from_secs(10);
/// How long a bubble's clock is watched; the page may give the row another key when the server has it.
const CLOCK: Duration = Duration::from_secs(12);
/// How long cleaning up may take.
const CLEAN: Duration = Duration::from_secs(10);

/// What was typed, where, and what was there before.
struct Typed {
    driver: Arc<Driver>,
    target: ChatTarget,
    draft: Draft,
    put: Put,
    turn: Turn,
}

/// What is in the page besides the text.
#[derive(Default)]
struct Put {
    /// Key of the last message.
    anchor: Option<String>,
    /// The copy of the file that the page reads.
    copy: Option<HandedOver>,
    /// The message whose quote stands above the composer, as its row was.
    answered: Option<SeenMessage>,
}

/// See [`SendTicket`].
pub(crate) struct LiveTicket {
    typed: Option<Typed>,
    anchor: Option<String>,
}

impl Driver {
    /// Puts a message where it is sent from; the turn stays with the ticket.
    pub(crate) async fn prepare(
        self: &Arc<Self>,
        target: ChatTarget,
        draft: Draft,
        typing: Duration,
        deadline: Duration,
    ) -> Result<LiveTicket, PageError> {
        let until = Instant::now() + deadline;
        let turn = self.turn(Priority::Send, until).await?;
        let driver = self.clone();
        let running = self.tracker.spawn(async move {
            let putting = driver.put(&target, &draft, typing);
            match tokio::time::timeout_at(until, putting).await.unwrap_or(Err(PageError::Deadline)) {
                Ok(put) => {
                    driver.holds.at("composed").await;
                    let anchor = put.anchor.clone();
                    let typed = Typed { driver, target, draft, put, turn };
                    Ok(LiveTicket { typed: Some(typed), anchor })
                }
                Err(error) => {
                    driver.clean(&target).await;
                    Err(error)
                }
            }
        });
        running.await.unwrap_or_else(|_| Err(PageError::Unexpected("a job of the driver panicked".into())))
    }

    /// Opens the chat, clears its composer, attaches or begins an answer, types, reads back.
    async fn put(self: &Arc<Self>, target: &ChatTarget, draft: &Draft, typing: Duration) -> Result<Put, PageError> {
        self.open(target).await?;
        self.leave_preview().await?;
        // A page that is just drawn has no composer yet; only one that goes without for long is read-only.
        if !self.composer_becomes(|composer| composer.writable).await? {
            self.ready().await?;
            self.verify_header(target).await?;
            return Err(PageError::ReadOnly);
        }
        self.verify_header(target).await?;
        self.clear().await?;
        match (&draft.file, &draft.reply) {
            (None, reply) => self.put_text(target, draft, reply.as_deref(), typing).await,
            (Some(file), None) => self.put_file(target, draft, file, typing).await,
            // Whether the page sends a quote along with a file is not known.
            (Some(_), Some(_)) => Err(PageError::QuoteNotFound),
        }
    }

    async fn put_text(
        self: &Arc<Self>,
        target: &ChatTarget,
        draft: &Draft,
        reply: Option<&str>,
        typing: Duration,
    ) -> Result<Put, PageError> {
        let answered = match reply {
            Some(key) => Some(self.reply(target, key).await?),
            None => None,
        };
        self.focus().await?;
        self.type_text(target, &draft.text, typing).await?;
        if !self.composer_becomes(|composer| same(&composer.text, &draft.text)).await? {
            return Err(PageError::TextMismatch);
        }
        Ok(Put { anchor: self.newest_key(target).await?, answered, ..Put::default() })
    }

    async fn put_file(
        &self,
        target: &ChatTarget,
        draft: &Draft,
        file: &FileToSend,
        typing: Duration,
    ) -> Result<Put, PageError> {
        let anchor = self.newest_key(target).await?;
        let copy = self.attach(target, file).await?;
        if !draft.text.is_empty() {
            let caption = self.preview().await?;
            self.click(caption.x, caption.y).await?;
            if !self.preview_becomes(|preview| preview.focused, SETTLE).await? {
                return Err(PageError::Unexpected("the caption does not take the focus".into()));
            }
            self.type_text(target, &draft.text, typing).await?;
        }
        if !self.preview_becomes(|preview| same(&preview.text, &draft.text), SETTLE).await? {
            return Err(PageError::TextMismatch);
        }
        self.ready_to_send(file, &draft.text).await?;
        Ok(Put { anchor, copy: Some(copy), ..Put::default() })
    }

    /// Removes a text that is not to be sent, if its chat is still open.
    async fn clean(&self, target: &ChatTarget) {
        let cleaning = async {
            self.leave_preview().await?;
            self.verify_header(target).await?;
            let composer = self.composer().await?;
            let is_clear = composer.empty && composer.quote.is_none();
            if composer.present && !is_clear { self.clear().await } else { Ok(()) }
        };
        match tokio::time::timeout(CLEAN, cleaning).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "the composer was not cleared; the next job there does it"),
            Err(_) => tracing::debug!("clearing the composer took too long; the next job there does it"),
        }
    }

    async fn newest_key(&self, target: &ChatTarget) -> Result<Option<String>, PageError> {
        let raw: raw::Conversation = self.ask("conversation", json!(null)).await?;
        self.verify_header(target).await?;
        Ok(self.seen(&raw)?.messages.last().map(|message| message.key.clone()))
    }
}

impl Typed {
    /// The checks, the one press, and the search for the bubble. An error means that it was certainly not pressed.
    async fn press(mut self, wait: Duration) -> Result<Pressed, PageError> {
        let checks = tokio::time::timeout(LAST_CHECK, self.last_check()).await.unwrap_or(Err(PageError::Deadline));
        let (before, button) = match checks {
            Ok(checked) => checked,
            Err(error) => {
                self.driver.clean(&self.target).await;
                return Err(error);
            }
        };
        // From here on nothing is an error: what was written to the browser may have arrived.
        let pressed = match button {
            Some(button) => self.driver.press_here(button.x, button.y).await,
            None => self.driver.press_key(ENTER, 0).await.map_err(PageError::from),
        };
        if let Err(error) = pressed {
            tracing::warn!(%error, "the press was not confirmed");
        }
        self.driver.holds.at("pressed").await;
        let bubble = tokio::time::timeout(wait, self.watch(&before)).await.unwrap_or(None);
        let has_left = bubble.as_ref().is_some_and(|bubble| bubble.ack > Some(Ack::Pending));
        if let Some(copy) = self.put.copy.take().filter(|_| !has_left) {
            copy.stay();
        }
        if bubble.is_none() && self.draft.file.is_some() {
            // A press that the page did not take leaves its screen in the way of everything else.
            self.driver.clean(&self.target).await;
        }
        Ok(bubble.map_or(Pressed::NotSeen, |bubble| Pressed::Bubble(Box::new(bubble))))
    }

    /// Header and content once more; returns the keys on screen, and beside a file the button to press.
    async fn last_check(&self) -> Result<(HashSet<String>, Option<raw::Point>), PageError> {
        let driver = &self.driver;
        driver.verify_header(&self.target).await?;
        let button = match &self.draft.file {
            None => {
                self.check_text().await?;
                None
            }
            Some(file) => {
                let button = driver.ready_to_send(file, &self.draft.text).await?;
                driver.point(button.x, button.y).await?;
                Some(button)
            }
        };
        let raw: raw::Conversation = driver.ask("conversation", json!(null)).await?;
        let before = keys(&raw).into_iter().chain(driver.seen(&raw)?.messages.into_iter().map(|m| m.key)).collect();
        if let Some(file) = &self.draft.file
            && Some(driver.ready_to_send(file, &self.draft.text).await?) != button
        {
            return Err(PageError::Unexpected("the send button does not stand still".into()));
        }
        driver.verify_header(&self.target).await?;
        Ok((before, button))
    }

    async fn check_text(&self) -> Result<(), PageError> {
        self.driver.focus().await?;
        let composer = self.driver.composer().await?;
        let answered = self.put.answered.as_ref();
        if !is_meant(composer.quote.as_ref(), answered, &self.target) {
            return Err(if answered.is_some() { PageError::QuoteNotFound } else { PageError::TextMismatch });
        }
        if composer.focused && same(&composer.text, &self.draft.text) { Ok(()) } else { Err(PageError::TextMismatch) }
    }

    /// Looks until the bubble is there and its clock is gone; a page that fails is looked at again until time is up.
    async fn watch(&self, before: &HashSet<String>) -> Option<SeenMessage> {
        let mut found: Option<(Instant, SeenMessage)> = None;
        loop {
            if let Ok(conversation) = self.look().await
                && let Some(bubble) = self.bubble(&conversation, before)
            {
                let since = found.as_ref().map_or_else(Instant::now, |(since, _)| *since);
                let settled = bubble.failed || bubble.ack.is_some_and(|ack| ack > Ack::Pending);
                if settled || since.elapsed() > CLOCK {
                    return Some(bubble);
                }
                found = Some((since, bubble));
            } else if let Some((since, bubble)) = found.as_ref().filter(|(since, _)| since.elapsed() > 2 * CLOCK) {
                tracing::debug!(waited = ?since.elapsed(), "the bubble went away again");
                return Some(bubble.clone());
            } else if !self.driver.page.client().is_alive() {
                return found.map(|(_, bubble)| bubble);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn look(&self) -> Result<SeenConversation, PageError> {
        let raw: raw::Conversation = self.driver.ask("conversation", json!(null)).await?;
        let header = raw::Header { present: raw.open, title: raw.title.clone(), subtitle: None };
        if !super::is_target(&header, &self.target) {
            return Err(PageError::WrongChat);
        }
        self.driver.seen(&raw)
    }

    /// The one new bubble of ours below the anchor with this text and file.
    fn bubble(&self, conversation: &SeenConversation, before: &HashSet<String>) -> Option<SeenMessage> {
        let after = self
            .put
            .anchor
            .as_ref()
            .and_then(|anchor| conversation.messages.iter().position(|message| message.key == *anchor))
            .map_or(0, |place| place + 1);
        conversation
            .messages
            .iter()
            .skip(after)
            .filter(|message| !before.contains(&message.key) && message.drawn && message.direction != Direction::In)
            .find(|message| self.is_like(message))
            .cloned()
    }
}

impl Typed {
    fn is_like(&self, bubble: &SeenMessage) -> bool {
        let file = self.draft.file.as_ref().is_none_or(|file| may_be_file(file.kind, &file.name, bubble));
        let quote = match (&self.put.answered, &bubble.quoted) {
            (None, None) => true,
            (Some(answered), Some(quote)) => is_of(answered, &quote.text),
            _ => false,
        };
        file && quote && same_in_bubble(&self.draft.text, &bubble.text, bubble.cut)
    }
}

#[async_trait]
impl SendTicket for LiveTicket {
    fn anchor(&self) -> Option<&str> {
        self.anchor.as_deref()
    }

    async fn press(mut self: Box<Self>, wait: Duration) -> Result<Pressed, PageError> {
        let Some(typed) = self.typed.take() else { return Err(PageError::Cancelled) };
        let tracker = typed.driver.tracker.clone();
        // In a task of its own: a caller that goes away must not leave a press without its outcome being awaited.
        let pressing = tracker.spawn(async move { typed.press(wait).await });
        pressing.await.unwrap_or(Ok(Pressed::NotSeen))
    }
}

impl Drop for LiveTicket {
    fn drop(&mut self) {
        let Some(typed) = self.typed.take() else { return };
        let tracker = typed.driver.tracker.clone();
        if tokio::runtime::Handle::try_current().is_ok() {
            tracker.spawn(async move {
                typed.driver.clean(&typed.target).await;
                drop(typed.turn);
            });
        }
    }
}
