//! Typing a text or attaching a file, reading it back, pressing once, and looking for the bubble.

use std::{collections::HashSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use queunir_core::message::{Ack, Direction};
use serde_json::json;
use tokio::time::Instant;

use super::{
    Driver, LOOK,
    hands::{A, BACKSPACE, CONTROL, ENTER, SHIFT},
    open::keys,
    text::{Piece, pieces, same, same_in_bubble},
    turn::Turn,
};
use crate::{
    browser::HandedOver,
    page::raw,
    page_api::{ChatTarget, Draft, PageError, Pressed, Priority, SendTicket},
    seen::{SeenConversation, SeenMessage},
    sent::may_be_file,
};

/// How long the composer may take to show what was typed, or to be empty.
const SETTLE: Duration = Duration::from_secs(4);
/// How often the header is looked at while typing goes on.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
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
    anchor: Option<String>,
    /// The copy that the page reads.
    copy: Option<HandedOver>,
    turn: Turn,
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
                Ok((anchor, copy)) => {
                    driver.holds.at("composed").await;
                    let typed = Typed { driver, target, draft, anchor: anchor.clone(), copy, turn };
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

    /// Opens the chat, clears its composer, attaches and types, reads back; returns the key of the last message, and
    /// the copy of the file that the page will read.
    async fn put(
        &self,
        target: &ChatTarget,
        draft: &Draft,
        typing: Duration,
    ) -> Result<(Option<String>, Option<HandedOver>), PageError> {
        if draft.reply.is_some() {
            // The page's own menu is not used for this yet; without the quote nothing goes out.
            return Err(PageError::QuoteNotFound);
        }
        self.open(target).await?;
        self.leave_preview().await?;
        // A page that is just drawn has no composer yet; only one that goes without for long is read-only.
        if !self.composer_becomes(|composer| composer.writable).await? {
            self.ready().await?;
            self.verify_header(target).await?;
            return Err(PageError::ReadOnly);
        }
        let composer = self.composer().await?;
        self.verify_header(target).await?;
        self.clear(&composer).await?;
        let Some(file) = &draft.file else {
            self.type_text(target, &draft.text, typing).await?;
            if !self.composer_becomes(|composer| same(&composer.text, &draft.text)).await? {
                return Err(PageError::TextMismatch);
            }
            return Ok((self.newest_key(target).await?, None));
        };
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
        Ok((anchor, Some(copy)))
    }

    /// Types a text into what has the focus, looking at the header now and then.
    async fn type_text(&self, target: &ChatTarget, text: &str, typing: Duration) -> Result<(), PageError> {
        let all = pieces(text, usize::try_from(typing.as_millis()).unwrap_or(usize::MAX));
        let pause = typing / u32::try_from(all.len().max(1)).unwrap_or(u32::MAX);
        let mut verified = Instant::now();
        self.holds.at("before_typing").await;
        for (number, piece) in all.iter().enumerate() {
            let next = Instant::now() + pause;
            if number == 1 {
                self.holds.at("typing").await;
            }
            if verified.elapsed() > LOOK_AGAIN {
                self.verify_header(target).await?;
                verified = Instant::now();
            }
            match piece {
                Piece::Text(text) => self.insert_text(text).await?,
                Piece::LineBreak => self.press_key(ENTER, SHIFT).await?,
            }
            tokio::time::sleep_until(next).await;
        }
        self.verify_header(target).await
    }

    async fn composer(&self) -> Result<raw::Composer, PageError> {
        self.ask("composer", json!(null)).await
    }

    async fn composer_becomes(&self, wanted: impl Fn(&raw::Composer) -> bool) -> Result<bool, PageError> {
        let patience = Instant::now() + SETTLE;
        loop {
            let composer = self.composer().await?;
            if composer.present && wanted(&composer) {
                return Ok(true);
            }
            if Instant::now() > patience {
                return Ok(false);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Focuses the composer by a click and removes what is in it.
    async fn clear(&self, composer: &raw::Composer) -> Result<(), PageError> {
        self.click(composer.x, composer.y).await?;
        if !self.composer_becomes(|composer| composer.focused).await? {
            return Err(PageError::Unexpected("the composer does not take the focus".into()));
        }
        for _ in 0..3 {
            if self.composer().await?.empty {
                return Ok(());
            }
            self.press_key(A, CONTROL).await?;
            self.press_key(BACKSPACE, 0).await?;
            if self.composer_becomes(|composer| composer.empty).await? {
                return Ok(());
            }
        }
        Err(PageError::TextMismatch)
    }

    /// Removes a text that is not to be sent, if its chat is still open.
    async fn clean(&self, target: &ChatTarget) {
        let cleaning = async {
            self.leave_preview().await?;
            self.verify_header(target).await?;
            let composer = self.composer().await?;
            if composer.present && !composer.empty { self.clear(&composer).await } else { Ok(()) }
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
        if let Some(copy) = self.copy.take().filter(|_| !has_left) {
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
        let driver = &self.driver;
        let mut composer = driver.composer().await?;
        if !composer.focused {
            driver.click(composer.x, composer.y).await?;
            driver.composer_becomes(|composer| composer.focused).await?;
            composer = driver.composer().await?;
        }
        if !composer.focused || !same(&composer.text, &self.draft.text) {
            return Err(PageError::TextMismatch);
        }
        Ok(())
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
        file && same_in_bubble(&self.draft.text, &bubble.text, bubble.cut)
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
