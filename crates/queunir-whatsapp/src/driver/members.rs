//! All members of a group: the dialog that its info panel opens, read from its top to its end and closed again whatever
//! comes.
//!
//! A virtualised list draws a row anew wherever it is near, so a row is known by its place in the whole list: two of one
//! name are two members. A dialog that does not begin with members of the panel is not clicked, and reported.

use std::{collections::BTreeMap, time::Duration};

use queunir_core::contact::Member;
use serde_json::json;
use tokio::time::Instant;

use super::{AFTER_SCROLL, Driver, LOOK, hands::ESCAPE};
use crate::{
    page::{members, raw},
    page_api::{ChatTarget, PageError, Priority},
    seen::SeenPanel,
};

/// How long the dialog may take to come, and its rows to stand still after scrolling.
const DRAWN: Duration = Duration::from_secs(6);
/// How long the dialog may take to go.
const SHUT: Duration = Duration::from_secs(2);
/// How often it is told to go.
const TRIES: u32 = 3;
/// The part of the window by which the list is moved: what stands at its end is met again at the next top.
const STEP: f64 = 0.7;
/// Two rows are nearer to each other only if they are one, met twice.
const SAME: i64 = 10;
/// Most members of a group. More, and something else than its members is scrolled.
const MOST: usize = 5_000;

impl Driver {
    /// Reads all members from the dialog that the open panel leads to, and closes the dialog. None if the panel leads to
    /// none, because it shows all.
    pub(super) async fn all_members(
        &self,
        texts: &raw::Texts,
        panel: &SeenPanel,
        target: &ChatTarget,
        priority: Priority,
    ) -> Result<Option<Vec<Member>>, PageError> {
        let total = panel.total.and_then(|total| usize::try_from(total).ok()).unwrap_or(usize::MAX);
        if panel.members.is_empty() || panel.members.len() >= total {
            return Ok(None);
        }
        let read = self.read_through_entry(texts, panel, target, priority).await;
        // What closes the panel stands at its top.
        let at_top = self.scroll_items("panel", 0.0).await;
        let read = read?;
        at_top?;
        if read.len() > total {
            return Err(PageError::Unexpected("more rows than the group has members".into()));
        }
        Ok(Some(read))
    }

    async fn read_through_entry(
        &self,
        texts: &raw::Texts,
        panel: &SeenPanel,
        target: &ChatTarget,
        priority: Priority,
    ) -> Result<Vec<Member>, PageError> {
        let entry = self.entry(texts, panel).await?;
        self.verify_header(target).await?;
        self.click(entry.x, entry.y).await?;
        let read = self.read_dialog(panel, priority).await;
        let shut = self.shut_dialog().await;
        let read = read?;
        shut?;
        Ok(read)
    }

    /// The one entry below the members that leads to all of them, where it can be pressed.
    async fn entry(&self, texts: &raw::Texts, panel: &SeenPanel) -> Result<raw::Control, PageError> {
        let list = self.scroll_items("panel", 0.0).await?;
        let found = self.find_entry(texts, panel).await?;
        self.scroll_items("panel", (found.y - list.y).max(0.0)).await?;
        self.find_entry(texts, panel).await
    }

    async fn find_entry(&self, texts: &raw::Texts, panel: &SeenPanel) -> Result<raw::Control, PageError> {
        let said: raw::Controls = self.ask("controls", json!({"field": "panel"})).await?;
        let is_entry = |control: &&raw::Control| members::is_entry(&control.label, texts, panel);
        let mut entries = said.controls.iter().filter(is_entry);
        match (entries.next(), entries.next()) {
            (Some(entry), None) => Ok(entry.clone()),
            (None, _) => Err(PageError::Unexpected("the panel leads to no list of all members".into())),
            _ => Err(PageError::Unexpected("several entries of the panel may lead to all members".into())),
        }
    }

    async fn read_dialog(&self, panel: &SeenPanel, priority: Priority) -> Result<Vec<Member>, PageError> {
        let first = self.expected_dialog(panel).await?;
        let mut list = self.scroll_items("dialog", 0.0).await?;
        let mut found: BTreeMap<i64, Member> = BTreeMap::new();
        let mut window = first;
        loop {
            for (place, member) in members::placed(&window) {
                let place = place + round(list.scroll_top);
                if found.range(place - SAME..=place + SAME).next().is_none() {
                    found.insert(place, member);
                }
            }
            if found.len() > MOST {
                return Err(PageError::Unexpected("the list of members does not end".into()));
            }
            if self.turns.more_urgent_than(priority) {
                return Err(PageError::Cancelled);
            }
            let before = list.scroll_top;
            list = self.scroll_items("dialog", before + list.client_height * STEP).await?;
            if list.scroll_top <= before {
                return Ok(found.into_values().collect());
            }
            window = self.still().await?;
        }
    }

    /// The dialog's rows, once they stand still and some of them are members whom the panel shows. What can be ticked is
    /// no list of members.
    async fn expected_dialog(&self, panel: &SeenPanel) -> Result<raw::Texts, PageError> {
        let patience = Instant::now() + DRAWN;
        loop {
            let window = self.still().await?;
            let shows = members::placed(&window).iter().any(|(_, member)| panel.members.contains(member));
            let said: raw::Controls = self.ask("controls", json!({"field": "dialog"})).await?;
            if shows && said.controls.iter().all(|control| control.on.is_none()) {
                return Ok(window);
            }
            if Instant::now() > patience {
                tracing::warn!(words = said.text, "what the panel opened is not the list of all members");
                let none = || PageError::Unexpected("no dialog came".into());
                return Err(if said.present { PageError::UnknownDialog } else { none() });
            }
        }
    }

    /// What the dialog says, when two looks in a row say the same.
    async fn still(&self) -> Result<raw::Texts, PageError> {
        let patience = Instant::now() + DRAWN;
        let mut last: Option<raw::Texts> = None;
        loop {
            let now: raw::Texts = self.ask("texts", json!({"field": "dialog"})).await?;
            if last.as_ref() == Some(&now) || Instant::now() > patience {
                return Ok(now);
            }
            last = Some(now);
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn scroll_items(&self, field: &str, top: f64) -> Result<raw::ScrollBox, PageError> {
        let list = self.ask("scrollItemsTo", json!({"field": field, "top": top})).await?;
        tokio::time::sleep(AFTER_SCROLL).await;
        Ok(list)
    }

    /// Closes the dialog, if one is there. Escape would close something else where none takes it.
    async fn shut_dialog(&self) -> Result<(), PageError> {
        for _ in 0..TRIES {
            if !self.dialog_is_there().await? {
                return Ok(());
            }
            self.press_key(ESCAPE, 0).await?;
            let patience = Instant::now() + SHUT;
            while Instant::now() < patience && self.dialog_is_there().await? {
                tokio::time::sleep(LOOK).await;
            }
        }
        if self.dialog_is_there().await? {
            return Err(PageError::UnknownDialog);
        }
        Ok(())
    }

    async fn dialog_is_there(&self) -> Result<bool, PageError> {
        let dialog: raw::Controls = self.ask("controls", json!({"field": "dialog"})).await?;
        Ok(dialog.present)
    }
}

/// A place in whole points.
#[expect(clippy::cast_possible_truncation, reason = "a list is far shorter than 2^63 points")]
fn round(place: f64) -> i64 {
    place.round() as i64
}
