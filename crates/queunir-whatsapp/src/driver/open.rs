//! Opening, leaving and scrolling a conversation.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::{Driver, LOOK, hands::ESCAPE, is_target};
use crate::{
    page::{normalise, raw},
    page_api::{ChatTarget, PageError, Priority},
    seen::SeenConversation,
};

/// How long a click may take to change the header.
const HEADER: Duration = Duration::from_secs(6);
/// How often a row is clicked before the chat counts as not openable.
const CLICKS: u32 = 2;
/// How often a row may have moved away from the pointer.
const PRESSES: u32 = 20;
/// How long an empty conversation must stay empty to be believed.
const BELIEVE_EMPTY: Duration = Duration::from_secs(2);
/// So many looks in a row that differ by news below alone show a window that is drawn: in a busy chat no two are alike.
const LOOKS_WITH_NEWS: u32 = 3;
/// How long another conversation, or none, may show before the target counts as lost.
const LOST: Duration = Duration::from_secs(3);
/// How long older messages may take to come.
const OLDER: Duration = Duration::from_secs(12);
/// The same while a more urgent job waits.
const OLDER_IN_THE_WAY: Duration = Duration::from_secs(2);
/// Above this offset the page lifts its latch on loading (evidence 3.2: 80 px).
const LATCH: f64 = 500.0;

impl Driver {
    /// Opens a chat, unless it is open, and waits until its rows are drawn.
    pub(crate) async fn open(&self, target: &ChatTarget) -> Result<SeenConversation, PageError> {
        self.ready().await?;
        if is_target(&self.header().await?, target) {
            return self.drawn(target, &[]).await;
        }
        let stale = keys(&self.ask::<raw::Conversation>("conversation", json!(null)).await?);
        for _ in 0..CLICKS {
            let pressed =
                if target.archived { self.press_archived(target).await } else { self.press_row(target).await };
            match pressed {
                Err(PageError::ChatNotFound) if target.unlisted => return self.open_unlisted(target).await,
                pressed => pressed?,
            }
            if self.header_becomes(target).await? {
                let seen = self.drawn(target, &stale).await;
                self.rest_list().await?;
                return seen;
            }
        }
        Err(PageError::WrongChat)
    }

    /// Clicks the chat's row. The list moves under the pointer whenever another chat gets a message, and a click on what
    /// came to stand there would mark that chat as read: so the reader lets the press reach no other row. In a busy
    /// account the list never stands still, so a row is pressed while it moves.
    pub(super) async fn press_row(&self, target: &ChatTarget) -> Result<(), PageError> {
        for _ in 0..PRESSES {
            self.find_row(target).await?;
            let chat = json!({"title": target.title, "phone": target.phone, "archived": self.in_archive()});
            let reached = self.press_aimed(chat).await?;
            if !reached {
                tracing::debug!("the row moved under the pointer; the press reached nothing");
            }
            if reached || is_target(&self.header().await?, target) {
                return Ok(());
            }
        }
        Err(PageError::Unexpected("the chat's row does not stand still".into()))
    }

    async fn header_becomes(&self, target: &ChatTarget) -> Result<bool, PageError> {
        let patience = Instant::now() + HEADER;
        while Instant::now() < patience {
            if is_target(&self.header().await?, target) {
                return Ok(true);
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(false)
    }

    /// Waits until the target's own rows are drawn: others than before, and the same at two looks, or the same with news
    /// below at a few more.
    pub(super) async fn drawn(&self, target: &ChatTarget, stale: &[String]) -> Result<SeenConversation, PageError> {
        let mut last: Option<Vec<String>> = None;
        let mut with_news = 0;
        let mut empty_since: Option<Instant> = None;
        let mut shown = Instant::now();
        loop {
            let raw: raw::Conversation = self.ask("conversation", json!(null)).await?;
            let keys_now = keys(&raw);
            let is_stale = !stale.is_empty() && keys_now == stale;
            if self.shows(&raw, target) {
                shown = Instant::now();
            } else if shown.elapsed() > LOST {
                self.ready().await?;
                return Err(PageError::WrongChat);
            }
            if self.shows(&raw, target) && !is_stale {
                let same = last.as_ref() == Some(&keys_now);
                let goes_on = last.as_ref().is_some_and(|last| goes_on(last, &keys_now));
                with_news = if goes_on && !same { with_news + 1 } else { 0 };
                let settled = same || with_news >= LOOKS_WITH_NEWS;
                let newest_drawn = raw.rows.iter().rev().find(|row| row.row == "message").is_none_or(|row| row.drawn);
                if keys_now.is_empty() {
                    let since = *empty_since.get_or_insert_with(Instant::now);
                    if (raw.at_start && settled) || since.elapsed() > BELIEVE_EMPTY {
                        return self.seen(&raw);
                    }
                } else if settled && newest_drawn {
                    return self.seen(&raw);
                }
                last = Some(keys_now);
            } else {
                last = None;
                with_news = 0;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    pub(super) fn shows(&self, raw: &raw::Conversation, target: &ChatTarget) -> bool {
        let header = raw::Header { present: raw.open, title: raw.title.clone(), subtitle: None };
        raw.visible && is_target(&header, target)
    }

    pub(super) fn seen(&self, raw: &raw::Conversation) -> Result<SeenConversation, PageError> {
        normalise::conversation(raw, &self.context()).map_err(|why| PageError::Unexpected(why.to_string()))
    }

    /// What a chat shows now, if it is the open one.
    pub(super) async fn seen_in(&self, target: &ChatTarget) -> Result<SeenConversation, PageError> {
        let raw: raw::Conversation = self.ask("conversation", json!(null)).await?;
        if self.shows(&raw, target) { self.seen(&raw) } else { Err(PageError::WrongChat) }
    }

    /// Leaves the open chat by Escape.
    pub(crate) async fn leave(&self) -> Result<(), PageError> {
        for _ in 0..4 {
            if !self.header().await?.present {
                return Ok(());
            }
            self.press_key(ESCAPE, 0).await?;
            let patience = Instant::now() + Duration::from_secs(1);
            while Instant::now() < patience {
                tokio::time::sleep(LOOK).await;
                if !self.header().await?.present {
                    return Ok(());
                }
            }
        }
        Err(PageError::Unexpected("the chat stays open".into()))
    }

    /// Scrolls the open chat to its top once and waits for what comes.
    pub(crate) async fn older(&self, target: &ChatTarget, priority: Priority) -> Result<SeenConversation, PageError> {
        self.ready().await?;
        self.verify_header(target).await?;
        let before: raw::Conversation = self.ask("conversation", json!(null)).await?;
        if before.at_start {
            return self.seen(&before);
        }
        let view: raw::ScrollBox = self.ask("conversationBox", json!(null)).await?;
        if view.scroll_top < LATCH && view.scroll_height > view.client_height + LATCH {
            self.scroll_conversation(json!(LATCH)).await?;
        }
        self.scroll_conversation(json!(0)).await?;
        let first = keys(&before).into_iter().next();
        let asked = Instant::now();
        loop {
            let raw: raw::Conversation = self.ask("conversation", json!(null)).await?;
            if !self.shows(&raw, target) {
                return Err(PageError::WrongChat);
            }
            let more = keys(&raw).into_iter().next() != first;
            let patience = if self.turns.more_urgent_than(priority) { OLDER_IN_THE_WAY } else { OLDER };
            if more || raw.at_start || asked.elapsed() > patience {
                tokio::time::sleep(LOOK).await;
                let settled: raw::Conversation = self.ask("conversation", json!(null)).await?;
                return if self.shows(&settled, target) { self.seen(&settled) } else { Err(PageError::WrongChat) };
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    pub(super) async fn scroll_conversation(&self, top: serde_json::Value) -> Result<(), PageError> {
        let _: serde_json::Value = self.ask_loose("scrollConversationTo", json!({"top": top})).await?;
        tokio::time::sleep(Duration::from_millis(150)).await;
        Ok(())
    }
}

/// Keys of the message rows in page order.
pub(super) fn keys(raw: &raw::Conversation) -> Vec<String> {
    raw.rows.iter().filter(|row| row.row == "message").map(|row| row.id.clone()).collect()
}

/// Whether `now` is the window `before` with rows below it that came since; rows above may be gone.
fn goes_on(before: &[String], now: &[String]) -> bool {
    let Some(top) = now.first() else { return before.is_empty() };
    before.iter().position(|key| key == top).is_some_and(|at| now.starts_with(&before[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_goes_on_with_news_below_and_nothing_else() {
        let keys = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        let after = |before: &str, now: &str| goes_on(&keys(before), &keys(now));
        assert!(
            after("abc", "abc") && after("abc", "abcd") && after("abc", "bcde"),
            "news, and rows that went away above"
        );
        assert!(after("", "") && !after("", "a") && !after("a", ""), "drawn at last, or gone");
        assert!(!after("abc", "zabc") && !after("abc", "abd") && !after("abc", "ab") && !after("abc", "xyz"));
        assert!(!after("abc", "acd"), "a row is missing in between");
    }
}
