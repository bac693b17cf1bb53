//! Reading a conversation back: rows that are loaded and not drawn, what stands above the oldest one, and the page's own
//! button that asks the phone.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::{Driver, LOOK, open::keys};
use crate::{
    page::raw,
    page_api::{Asked, ChatTarget, HistoryTop, PageError, Priority},
    seen::SeenConversation,
};

/// How long a row may take to be drawn once it is in view.
const DRAWN: Duration = Duration::from_secs(3);
/// How long the phone may take to answer. Shorter, and a phone in a pocket counts as silent; longer, and a chat that
/// somebody waits for stays blocked by one that nobody answers for.
const PHONE: Duration = Duration::from_secs(15);
/// The same while a more urgent job waits.
const PHONE_IN_THE_WAY: Duration = Duration::from_secs(3);
/// How long the button may take to stand still and be reached.
const STILL: Duration = Duration::from_secs(3);
/// Name of the catalogue's dialog that the phone's owner has to permit it.
const PERMISSION: &str = "older_permission";

impl Driver {
    /// Scrolls a row into view and waits until it is drawn.
    pub(crate) async fn show_row(&self, target: &ChatTarget, key: &str) -> Result<SeenConversation, PageError> {
        self.ready().await?;
        self.verify_header(target).await?;
        let _: serde_json::Value = self.ask_loose("messageRow", json!({"key": key, "show": true})).await?;
        let patience = Instant::now() + DRAWN;
        loop {
            tokio::time::sleep(LOOK).await;
            let raw: raw::Conversation = self.ask("conversation", json!(null)).await?;
            if !self.shows(&raw, target) {
                return Err(PageError::WrongChat);
            }
            let waits = raw.rows.iter().any(|row| row.id == key && !row.drawn);
            if !waits || Instant::now() > patience {
                return self.seen(&raw);
            }
        }
    }

    /// What stands above the oldest row.
    pub(crate) async fn history_top(&self, target: &ChatTarget) -> Result<HistoryTop, PageError> {
        let top = self.top(target).await?;
        Ok(match top.state {
            raw::TopState::Start => HistoryTop::Start,
            raw::TopState::Phone => HistoryTop::Phone,
            raw::TopState::Syncing => HistoryTop::Syncing,
            raw::TopState::More => HistoryTop::More,
        })
    }

    async fn top(&self, target: &ChatTarget) -> Result<raw::HistoryTop, PageError> {
        let top: raw::HistoryTop = self.ask("historyTop", json!(null)).await?;
        let header = raw::Header { present: !top.title.is_empty(), title: top.title.clone(), subtitle: None };
        if super::is_target(&header, target) { Ok(top) } else { Err(PageError::WrongChat) }
    }

    /// Presses the button that asks the phone, and waits for older rows or for the dialog that refuses them.
    pub(crate) async fn ask_phone(&self, target: &ChatTarget, priority: Priority) -> Result<Asked, PageError> {
        self.ready().await?;
        self.verify_header(target).await?;
        let _: serde_json::Value = self.ask_loose("scrollConversationTo", json!({"top": 0})).await?;
        let before: raw::Conversation = self.ask("conversation", json!(null)).await?;
        let first = keys(&before).into_iter().next();
        if !self.press_older(target).await? {
            return Ok(Asked::NoButton);
        }
        let pressed = Instant::now();
        loop {
            tokio::time::sleep(LOOK).await;
            let dialog: raw::Dialog = self.ask("dialog", json!(null)).await?;
            if dialog.present {
                let refused = dialog.known.as_deref() == Some(PERMISSION);
                self.dismiss(&dialog).await?;
                return Ok(if refused { Asked::Refused } else { Asked::Silent });
            }
            let raw: raw::Conversation = self.ask("conversation", json!(null)).await?;
            if !self.shows(&raw, target) {
                return Err(PageError::WrongChat);
            }
            if keys(&raw).into_iter().next() != first || (raw.at_start && !before.at_start) {
                return Ok(Asked::Given(Box::new(self.seen(&raw)?)));
            }
            let patience = if self.turns.more_urgent_than(priority) { PHONE_IN_THE_WAY } else { PHONE };
            if pressed.elapsed() > patience {
                return Ok(Asked::Silent);
            }
        }
    }

    /// Presses the button once two looks agree where it is; false if there is none.
    async fn press_older(&self, target: &ChatTarget) -> Result<bool, PageError> {
        let patience = Instant::now() + STILL;
        let mut last: Option<raw::HistoryTop> = None;
        while Instant::now() < patience {
            tokio::time::sleep(LOOK).await;
            let top = self.top(target).await?;
            if top.state != raw::TopState::Phone {
                return Ok(false);
            }
            if last.as_ref() == Some(&top) && self.press_aimed(json!({"older": true})).await? {
                return Ok(true);
            }
            last = Some(top);
        }
        Err(PageError::Unexpected("the button that asks the phone cannot be pressed".into()))
    }
}
