//! The drawer of archived chats: looked through and opened from like the list, and always left again.
//!
//! While a job is in the drawer, every look at "the list" is a look at the drawer. Every drawer over the list looks alike,
//! so this one is known by its heading, which is what the way into it is called. Escape would leave the open chat, so the
//! drawer is left by its own button.

use std::{sync::atomic::Ordering, time::Duration};

use serde_json::json;
use tokio::time::Instant;

use super::{Driver, LOOK};
use crate::{
    page::raw,
    page_api::{ChatTarget, PageError, Priority},
    seen::SeenList,
};

/// How long a drawer may take to open or to close.
const DRAWER: Duration = Duration::from_secs(3);
/// How often a button is pressed that does nothing.
const PRESSES: u32 = 3;

impl Driver {
    /// What the row says that leads to the archived chats; `None` if there is none.
    pub(crate) async fn archive_label(&self) -> Result<Option<String>, PageError> {
        let door = self.door().await?;
        Ok(Some(door.label).filter(|label| !label.is_empty()))
    }

    /// Which list is looked at.
    pub(super) fn in_archive(&self) -> bool {
        self.in_archive.load(Ordering::Relaxed)
    }

    /// Reads the archived chats; without a way to them there are none.
    pub(crate) async fn walk_archive(&self, priority: Priority) -> Result<SeenList, PageError> {
        self.ready().await?;
        if !self.enter_archive().await? {
            return Ok(SeenList { rows: Vec::new(), total: Some(0), complete: true, document: String::new() });
        }
        let walk = self.walk_once(priority).await;
        self.leave_archive().await?;
        Ok(walk?.finish(&self.context()))
    }

    /// Clicks the row of an archived chat in the drawer and leaves the drawer again.
    pub(super) async fn press_archived(&self, target: &ChatTarget) -> Result<(), PageError> {
        if !self.enter_archive().await? {
            return Err(PageError::ChatNotFound);
        }
        let pressed = self.press_row(target).await;
        let left = self.leave_archive().await;
        pressed.and(left)
    }

    async fn door(&self) -> Result<raw::ArchiveDoor, PageError> {
        self.ask("archiveDoor", json!(null)).await
    }

    /// Opens the drawer; false if there is no way into it.
    async fn enter_archive(&self) -> Result<bool, PageError> {
        // Whatever drawer covers the list, it is not known to be this one.
        let entry = self.pass_door(false).await?;
        if !entry.present {
            return Ok(false);
        }
        self.in_archive.store(true, Ordering::Relaxed);
        let passed = self.pass_door(true).await;
        if let Ok(drawer) = &passed
            && leads_to(&entry.label, &drawer.label)
        {
            return Ok(true);
        }
        self.leave_archive().await?;
        passed.and(Err(PageError::Unexpected("the drawer over the list is not the archive".into())))
    }

    /// Leaves the drawer.
    pub(super) async fn leave_archive(&self) -> Result<(), PageError> {
        self.in_archive.store(false, Ordering::Relaxed);
        self.pass_door(false).await.map(|_| ())
    }

    /// Presses the way in or out until the drawer is open or closed, and returns how it stands then.
    async fn pass_door(&self, open: bool) -> Result<raw::ArchiveDoor, PageError> {
        for _ in 0..PRESSES {
            let door = self.door().await?;
            if door.open == open {
                return Ok(door);
            }
            if !self.press_aimed(json!({"door": true})).await? {
                continue;
            }
            let patience = Instant::now() + DRAWER;
            while Instant::now() < patience {
                let door = self.door().await?;
                if door.open == open && !(open && door.label.is_empty()) {
                    return Ok(door);
                }
                tokio::time::sleep(LOOK).await;
            }
        }
        Err(PageError::Unexpected("the drawer over the list does not move".into()))
    }
}

/// Whether a drawer with this heading is the one that the way in is called after. The way in counts its chats as well.
fn leads_to(entry: &str, drawer: &str) -> bool {
    let words: Vec<&str> = entry.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).collect();
    !words.is_empty()
        && drawer.split_whitespace().zip(&words).filter(|(said, word)| said == *word).count() == words.len()
}

#[cfg(test)]
mod tests {
    use super::leads_to;

    #[test]
    fn the_archive_is_known_by_its_heading() {
        assert!(leads_to("Archived 3", "Archived These chats stay archived"));
        assert!(leads_to("12 Chats archivados", "Chats archivados"));
        assert!(!leads_to("Archived 3", "New chat Archived"));
        assert!(!leads_to("Archived 3", ""));
        assert!(!leads_to("3", "New chat"), "a way in without a name proves nothing");
    }
}
