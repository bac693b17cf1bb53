//! Reading the info panel: opened by the header, read when it stands still, closed again whatever comes.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::{Driver, LOOK};
use crate::{
    page::{panel, raw},
    page_api::{ChatTarget, PageError, Priority},
    seen::SeenPanel,
};

/// How long the panel may take to be drawn.
const DRAWN: Duration = Duration::from_secs(6);
/// How long it must stand still to count as whole: its texts come from the network, one after the other.
const STILL: Duration = Duration::from_millis(800);
/// How long it may take to go.
const SHUT: Duration = Duration::from_secs(2);
/// How often it is told to go.
const TRIES: u32 = 3;

impl Driver {
    /// Opens the panel of the open chat, reads it, of a group with `all_members` if they are wanted, and closes it; the
    /// header is verified before and after.
    pub(crate) async fn read_panel(
        &self,
        target: &ChatTarget,
        all_members: bool,
        priority: Priority,
    ) -> Result<SeenPanel, PageError> {
        self.ready().await?;
        self.verify_header(target).await?;
        self.shut_panel().await?;
        let read = self.whole_panel(target, all_members, priority).await;
        let shut = self.shut_panel().await;
        let seen = read?;
        shut?;
        self.verify_header(target).await?;
        Ok(seen)
    }

    async fn whole_panel(
        &self,
        target: &ChatTarget,
        all_members: bool,
        priority: Priority,
    ) -> Result<SeenPanel, PageError> {
        let texts = self.opened_panel(target, priority).await?;
        let seen = panel::panel(&texts, target);
        if !all_members {
            return Ok(seen);
        }
        match self.all_members(&texts, &seen, target, priority).await? {
            Some(members) => Ok(SeenPanel { members, all_members: true, ..seen }),
            None => Ok(seen),
        }
    }

    async fn opened_panel(&self, target: &ChatTarget, priority: Priority) -> Result<raw::Texts, PageError> {
        let header = self.steady("panel.open").await?;
        self.verify_header(target).await?;
        self.click(header.x, header.y).await?;
        let patience = Instant::now() + DRAWN;
        let mut last: Option<raw::Texts> = None;
        let mut since = Instant::now();
        loop {
            if self.turns.more_urgent_than(priority) {
                return Err(PageError::Cancelled);
            }
            let now: raw::Texts = self.ask("texts", json!({"field": "panel"})).await?;
            if last.as_ref() != Some(&now) {
                since = Instant::now();
            } else if now.present && since.elapsed() > STILL {
                self.verify_header(target).await?;
                return if panel::is_of(&now, target) { Ok(now) } else { Err(PageError::WrongChat) };
            }
            if Instant::now() > patience {
                return Err(PageError::Unexpected("the info panel does not come to rest".into()));
            }
            last = Some(now);
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Closes an info panel, if one is there. Escape would leave the chat where no panel takes it.
    async fn shut_panel(&self) -> Result<(), PageError> {
        for _ in 0..TRIES {
            if !self.panel_is_there().await? {
                return Ok(());
            }
            let button = self.steady("panel.close").await?;
            self.click(button.x, button.y).await?;
            let patience = Instant::now() + SHUT;
            while Instant::now() < patience && self.panel_is_there().await? {
                tokio::time::sleep(LOOK).await;
            }
        }
        if self.panel_is_there().await? {
            return Err(PageError::Unexpected("the info panel stays open".into()));
        }
        Ok(())
    }

    async fn panel_is_there(&self) -> Result<bool, PageError> {
        let panel: raw::Point = self.ask("point", json!({"field": "panel"})).await?;
        Ok(panel.present)
    }

    /// A part of the page that stands at the same place at two looks.
    async fn steady(&self, field: &str) -> Result<raw::Point, PageError> {
        let patience = Instant::now() + SHUT;
        let mut last: Option<raw::Point> = None;
        while Instant::now() < patience {
            let now: raw::Point = self.ask("point", json!({"field": field})).await?;
            if now.present && last == Some(now) {
                return Ok(now);
            }
            last = Some(now);
            tokio::time::sleep(LOOK).await;
        }
        Err(PageError::Unexpected("a button of the info panel is not there".into()))
    }
}
