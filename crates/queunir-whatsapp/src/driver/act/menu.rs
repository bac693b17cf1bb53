//! The row's hover buttons and its menu.

use std::{sync::atomic::Ordering, time::Duration};

use serde_json::json;
use tokio::time::Instant;

use super::{Hand, LOOK, SETTLE, words, words::Name};
use crate::{
    page::raw::{Control, Controls},
    page_api::{ActError, PageError},
};

/// How long a hover button may take to come.
const HOVER: Duration = Duration::from_millis(1_500);
/// How often the row is hovered over anew.
pub(super) const TRIES: u32 = 4;

impl Hand {
    /// Hovers over the row until it shows a button, and presses that, as long as the row has not moved.
    pub(super) async fn press_in_row(&self, name: Name) -> Result<(), ActError> {
        for attempt in 0..TRIES {
            let row = self.in_view().await?;
            // From elsewhere, so that the page sees the pointer come.
            self.driver.point(row.x, row.y + f64::from(2 * attempt) - 9.0).await?;
            self.driver.point(row.x, row.y).await?;
            let Some(button) = self.row_button(name).await? else { continue };
            self.driver.point(button.x, button.y).await?;
            self.driver.verify_header(&self.target).await?;
            let again = self.controls("row").await?;
            let Some(still) = words::find(&again.controls, name) else { continue };
            if (still.x - button.x).abs() < 2.0 && (still.y - button.y).abs() < 2.0 {
                return Ok(self.press_aimed(button.x, button.y).await?);
            }
        }
        Err(PageError::Unexpected("the row shows no button".into()).into())
    }

    /// A press that reaches nothing outside the message's own row, whatever moves under the pointer.
    async fn press_aimed(&self, x: f64, y: f64) -> Result<(), PageError> {
        if !self.driver.press_aimed_at(json!({"row": self.key}), x, y).await? {
            tracing::debug!("the message moved under the pointer, or something came to lie above it");
        }
        Ok(())
    }

    async fn row_button(&self, name: Name) -> Result<Option<Control>, PageError> {
        let patience = Instant::now() + HOVER;
        while Instant::now() < patience {
            let row = self.controls("row").await?;
            if let Some(found) = words::find(&row.controls, name) {
                return Ok(Some(found.clone()));
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(None)
    }

    /// Opens the row's own menu.
    async fn menu(&self) -> Result<Controls, ActError> {
        for _ in 0..TRIES {
            self.press_in_row(Name::MenuButton).await?;
            let Some(menu) = self.appears("act.menu", 1).await? else { continue };
            let row = self.controls("row").await?;
            // Another row's menu if this one's button is there and not unfolded.
            if words::find(&row.controls, Name::MenuButton).and_then(|button| button.on) != Some(false) {
                return Ok(menu);
            }
            self.tidy().await;
        }
        Err(PageError::Unexpected("the message's menu does not open".into()).into())
    }

    /// A part of the page with at least so many controls, the same at two looks.
    pub(super) async fn appears(&self, field: &str, least: usize) -> Result<Option<Controls>, PageError> {
        let patience = Instant::now() + SETTLE;
        let mut last: Option<Controls> = None;
        while Instant::now() < patience {
            let now = self.controls(field).await?;
            if now.present && now.controls.len() >= least {
                if last.as_ref() == Some(&now) {
                    return Ok(Some(now));
                }
                last = Some(now);
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(None)
    }

    /// Opens the menu and presses an item; `last` if that does the act.
    pub(super) async fn choose(&self, name: Name, last: bool) -> Result<(), ActError> {
        let menu = self.menu().await?;
        let Some(item) = words::find(&menu.controls, name) else { return Err(ActError::NotOffered) };
        self.driver.verify_header(&self.target).await?;
        if last {
            self.pressed.store(true, Ordering::SeqCst);
        }
        Ok(self.driver.click(item.x, item.y).await?)
    }
}
