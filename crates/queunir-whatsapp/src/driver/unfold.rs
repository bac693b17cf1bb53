//! Pressing "Read more": the page draws only the beginning of a long text until somebody asks for the rest.

use std::{collections::HashMap, time::Duration};

use serde_json::json;
use tokio::time::Instant;

use super::{Driver, LOOK};
use crate::{
    page::{direction::data_id, raw},
    page_api::{ChatTarget, PageError, Priority},
    seen::SeenConversation,
};

/// How long one job may press; what is left then is for the next.
const LONGEST: Duration = Duration::from_secs(10);
/// How long the rest of a text may take to be drawn.
const REST: Duration = Duration::from_secs(1);

impl Driver {
    /// Presses the open chat's texts open, one after the other, and returns the chat with them whole.
    pub(crate) async fn unfold(&self, target: &ChatTarget, priority: Priority) -> Result<SeenConversation, PageError> {
        self.ready().await?;
        let mut whole: HashMap<String, raw::Row> = HashMap::new();
        let mut stubborn: Vec<String> = Vec::new();
        let until = Instant::now() + LONGEST;
        loop {
            if Instant::now() > until {
                return Err(PageError::Deadline);
            }
            if self.turns.more_urgent_than(priority) {
                return Err(PageError::Cancelled);
            }
            self.verify_header(target).await?;
            let Some(button) = self.next_folded(&stubborn).await? else { break };
            let length = self.row(&button.key).await?.map_or(0, |row| row.text.len());
            if !self.press_more(&button).await? {
                continue;
            }
            match self.rest_of(&button.key, length).await? {
                Some(row) if row.cut => {}
                Some(row) => {
                    whole.insert(button.key, row);
                }
                None => stubborn.push(button.key),
            }
        }
        // Where new messages come.
        self.scroll_conversation(json!("end")).await?;
        let mut raw: raw::Conversation = self.ask("conversation", json!(null)).await?;
        if !self.shows(&raw, target) {
            return Err(PageError::WrongChat);
        }
        for row in &mut raw.rows {
            if let Some(kept) = whole.remove(data_id(&row.id).key).filter(|_| !row.drawn || row.cut) {
                *row = kept;
            }
        }
        self.seen(&raw)
    }

    /// The next button, once it stands where it was brought.
    async fn next_folded(&self, stubborn: &[String]) -> Result<Option<raw::Folded>, PageError> {
        let mut last: Option<raw::Folded> = None;
        loop {
            let now: raw::Folded = self.ask("folded", json!({"skip": stubborn})).await?;
            if !now.present {
                return Ok(None);
            }
            if last.as_ref() == Some(&now) {
                return Ok(last);
            }
            last = Some(now);
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Whether the press reached the button.
    async fn press_more(&self, button: &raw::Folded) -> Result<bool, PageError> {
        self.press_aimed(json!({"more": button.key})).await
    }

    /// The row when it shows more than before.
    async fn rest_of(&self, key: &str, length: usize) -> Result<Option<raw::Row>, PageError> {
        let patience = Instant::now() + REST;
        loop {
            let row = self.row(key).await?;
            if row.as_ref().is_some_and(|row| !row.cut || row.text.len() > length) {
                return Ok(row);
            }
            if Instant::now() > patience {
                return Ok(None);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn row(&self, key: &str) -> Result<Option<raw::Row>, PageError> {
        let raw: raw::Conversation = self.ask("conversation", json!(null)).await?;
        Ok(raw.rows.into_iter().find(|row| data_id(&row.id).key == key && row.drawn))
    }
}
