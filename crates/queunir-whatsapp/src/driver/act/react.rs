//! Reactions: the tray alone tells which one is ours.

use std::{sync::atomic::Ordering, time::Duration};

use queunir_core::text::same_emoji;
use tokio::time::Instant;

use super::{Hand, LOOK, menu::TRIES, words::Name};
use crate::{
    page::raw::{Control, Controls},
    page_api::{ActError, PageError},
    seen::SeenMessage,
};

/// How long the row may take to show another reaction before the tray is asked.
const ROW: Duration = Duration::from_secs(6);
/// Fewest emoji of a tray.
const LEAST: usize = 3;

impl Hand {
    /// Brings our reaction to an emoji, or to none; true once the page shows it.
    pub(super) async fn react(&self, before: &SeenMessage, emoji: Option<&str>) -> Result<bool, ActError> {
        let tray = self.tray().await?;
        let ours = tray.controls.iter().find(|option| option.on == Some(true));
        if is_ours(ours, emoji) {
            return Ok(true);
        }
        let option = match emoji {
            None => ours,
            Some(emoji) => tray.controls.iter().find(|option| same_emoji(&option.label, emoji)),
        };
        let option = option.ok_or(ActError::NotOffered)?;
        self.driver.verify_header(&self.target).await?;
        self.pressed.store(true, Ordering::SeqCst);
        self.driver.click(option.x, option.y).await?;
        let patience = Instant::now() + ROW;
        while Instant::now() < patience {
            let seen = self.conversation().await?;
            let row = seen.messages.iter().find(|message| message.key == self.key && message.drawn);
            let changed = row.filter(|row| row.reactions != before.reactions);
            match (changed, emoji) {
                (Some(row), Some(emoji)) if row.reactions.iter().any(|one| same_emoji(&one.emoji, emoji)) => {
                    return Ok(true);
                }
                // Somebody else's may have changed; the tray knows.
                (Some(_), None) => break,
                _ => {}
            }
            tokio::time::sleep(LOOK).await;
        }
        // The row may look the same: two people with one emoji between them and no number.
        let tray = self.tray().await?;
        Ok(is_ours(tray.controls.iter().find(|option| option.on == Some(true)), emoji))
    }

    async fn tray(&self) -> Result<Controls, ActError> {
        for _ in 0..TRIES {
            self.press_in_row(Name::ReactButton).await?;
            if let Some(tray) = self.appears("act.tray", LEAST).await? {
                return Ok(tray);
            }
        }
        Err(PageError::Unexpected("no tray of reactions came".into()).into())
    }
}

fn is_ours(ours: Option<&Control>, emoji: Option<&str>) -> bool {
    match (ours, emoji) {
        (None, None) => true,
        (Some(ours), Some(emoji)) => same_emoji(&ours.label, emoji),
        _ => false,
    }
}
