//! Acts on a message: its row is brought into view, its menu or tray opened by hovering, one thing chosen, the dialog
//! that belongs to it answered, and the row looked at again.
//!
//! A row is found by its key directly before each press, and the menu button must say that it is unfolded: the list
//! may move under the pointer at any moment.

mod forward;
mod goal;
mod menu;
mod react;
mod reply;
mod row;
mod words;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use queunir_core::act::{PinFor, Wish};
use serde_json::json;
use tokio::time::Instant;

use self::words::Name;
use super::{
    Driver, LOOK,
    hands::{A, BACKSPACE, CONTROL, ENTER, ESCAPE, SHIFT},
    text::{Piece, pieces, same},
};
use crate::{
    page::raw::{Control, Controls},
    page_api::{ActError, Acted, ChatTarget, PageError, Priority},
    seen::SeenMessage,
};

/// How long a menu, a tray or a dialog may take to come or to go.
const SETTLE: Duration = Duration::from_secs(4);
/// How long the row may take to show what was done.
const SHOWN: Duration = Duration::from_secs(12);
/// How long putting things back may take.
const TIDY: Duration = Duration::from_secs(6);

/// A hand on one message.
struct Hand {
    driver: Arc<Driver>,
    target: ChatTarget,
    key: String,
    /// Set directly before the press that does the act.
    pressed: Arc<AtomicBool>,
}

impl Driver {
    /// Brings a message to what is wished; see [`crate::Page::act`].
    pub(crate) async fn act(
        self: &Arc<Self>,
        target: &ChatTarget,
        key: &str,
        wish: &Wish,
        deadline: Duration,
    ) -> Result<Acted, ActError> {
        let pressed = Arc::new(AtomicBool::new(false));
        let (flag, target, key, wish) = (pressed.clone(), target.clone(), key.to_owned(), wish.clone());
        let run = self.run(Priority::Send, deadline, move |driver| async move {
            let hand = Hand { driver, target, key, pressed: flag };
            let time = deadline.saturating_sub(TIDY);
            let done = tokio::time::timeout(time, hand.bring(&wish)).await;
            hand.tidy().await;
            Ok(done.unwrap_or(Err(ActError::Page(PageError::Deadline))))
        });
        let error = match run.await {
            Ok(Err(ActError::Page(error))) | Err(error) => error,
            Ok(done) => return done,
        };
        Err(if pressed.load(Ordering::SeqCst) { ActError::Unclear(error) } else { ActError::Page(error) })
    }
}

impl Hand {
    async fn bring(&self, wish: &Wish) -> Result<Acted, ActError> {
        self.driver.open(&self.target).await?;
        let before = self.row().await?;
        let reached = match wish {
            Wish::React { emoji } => self.react(&before, emoji.as_deref()).await?,
            _ if goal::is_reached(wish, &before) => true,
            Wish::Star { on } => {
                self.choose(if *on { Name::Star } else { Name::Unstar }, true).await.map(|()| false)?
            }
            Wish::Pin { duration: None } => self.choose(Name::Unpin, true).await.map(|()| false)?,
            Wish::Pin { duration: Some(duration) } => self.pin(*duration).await.map(|()| false)?,
            Wish::DeleteForMe => self.delete(Name::ForMe).await.map(|()| false)?,
            Wish::DeleteForEveryone => self.delete(Name::ForEveryone).await.map(|()| false)?,
            Wish::Edit { text } => self.edit(text).await.map(|()| false)?,
            Wish::Forward { .. } => return Err(PageError::Unexpected("a forward is no goal".into()).into()),
        };
        self.look(wish, &before, reached).await
    }

    /// Looks at the row until it shows what was wished, or for long enough.
    async fn look(&self, wish: &Wish, before: &SeenMessage, reached: bool) -> Result<Acted, ActError> {
        let patience = Instant::now() + SHOWN;
        let mut gone = 0;
        loop {
            let seen = self.conversation().await?;
            let row = seen.messages.iter().find(|message| message.key == self.key);
            let shown = match (wish, row) {
                (Wish::DeleteForMe, None) => {
                    gone += 1;
                    gone >= 3
                }
                (_, None) => false,
                (Wish::React { .. }, Some(_)) => reached,
                (_, Some(row)) => reached || goal::is_shown(wish, before, row),
            };
            if shown || Instant::now() > patience {
                return Ok(Acted { pressed: self.pressed.load(Ordering::SeqCst), shown, seen });
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn delete(&self, whom: Name) -> Result<(), ActError> {
        self.choose(Name::Delete, false).await?;
        let dialog = self.dialog(|controls| {
            // Both are there for ours, or one with a way out.
            words::find(controls, Name::ForMe).is_some()
        });
        let dialog = dialog.await?;
        let button = words::find(&dialog.controls, whom).ok_or(ActError::NotOffered)?;
        self.press_last(button).await
    }

    async fn pin(&self, duration: PinFor) -> Result<(), ActError> {
        self.choose(Name::Pin, false).await?;
        let radios = |controls: &[Control]| controls.iter().filter(|control| control.on.is_some()).count() == 3;
        let dialog = self.dialog(radios).await?;
        let place = match duration {
            PinFor::Day => 0,
            PinFor::Week => 1,
            PinFor::Month => 2,
        };
        let radio = |controls: &[Control]| controls.iter().filter(|one| one.on.is_some()).nth(place).cloned();
        let Some(choice) = radio(&dialog.controls) else { return Err(ActError::NotOffered) };
        if choice.on != Some(true) {
            self.driver.click(choice.x, choice.y).await?;
        }
        let chosen = |controls: &[Control]| {
            radio(controls).is_some_and(|radio| radio.on == Some(true))
                && words::find(controls, Name::PinConfirm).is_some()
        };
        let dialog = self.dialog(chosen).await?;
        let Some(confirm) = words::find(&dialog.controls, Name::PinConfirm) else { return Err(ActError::NotOffered) };
        self.press_last(confirm).await
    }

    async fn edit(&self, text: &str) -> Result<(), ActError> {
        self.choose(Name::Edit, false).await?;
        let dialog = self.dialog(|controls| field(controls).is_some()).await?;
        let Some(editor) = field(&dialog.controls) else { return Err(ActError::NotOffered) };
        let driver = &self.driver;
        driver.click(editor.x, editor.y).await?;
        self.dialog(|controls| field(controls).is_some_and(|field| field.focused)).await?;
        driver.press_key(A, CONTROL).await.map_err(PageError::from)?;
        driver.press_key(BACKSPACE, 0).await.map_err(PageError::from)?;
        let empty = |one: &Control| one.text.as_deref().is_some_and(|text| text.trim().is_empty());
        self.dialog(|controls| field(controls).is_some_and(empty)).await?;
        for piece in pieces(text, 0) {
            match piece {
                Piece::Text(text) => driver.insert_text(&text).await?,
                Piece::LineBreak => driver.press_key(ENTER, SHIFT).await.map_err(PageError::from)?,
            }
        }
        let typed = |one: &Control| one.text.as_deref().is_some_and(|shown| same(shown, text));
        let ready = |controls: &[Control]| {
            field(controls).is_some_and(typed) && words::find(controls, Name::EditConfirm).is_some()
        };
        let dialog = self.dialog(ready).await.map_err(|_| PageError::TextMismatch)?;
        let Some(confirm) = words::find(&dialog.controls, Name::EditConfirm) else { return Err(ActError::NotOffered) };
        self.press_last(confirm).await
    }

    /// The press that does the act, after the header was looked at once more.
    async fn press_last(&self, button: &Control) -> Result<(), ActError> {
        self.driver.verify_header(&self.target).await?;
        self.pressed.store(true, Ordering::SeqCst);
        Ok(self.driver.click(button.x, button.y).await?)
    }

    async fn controls(&self, field: &str) -> Result<Controls, PageError> {
        self.driver.ask("controls", json!({"field": field, "key": self.key})).await
    }

    /// The dialog that the last choice opened, when it is as it should be; any other is reported and not clicked.
    async fn dialog(&self, fits: impl Fn(&[Control]) -> bool) -> Result<Controls, ActError> {
        let patience = Instant::now() + SETTLE;
        loop {
            let dialog = self.controls("dialog").await?;
            if dialog.present && fits(&dialog.controls) {
                return Ok(dialog);
            }
            if Instant::now() > patience {
                if dialog.present {
                    tracing::warn!(words = dialog.text, "a dialog of an act is not as it is known");
                    tracing::debug!(controls = ?dialog.controls, "what is in it");
                    return Err(ActError::NotOffered);
                }
                return Err(PageError::Unexpected("no dialog came".into()).into());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn is_something_open(&self) -> Result<bool, PageError> {
        let tray = self.controls("act.tray").await?;
        let is_tray = tray.present && tray.controls.iter().filter(|option| option.on.is_some()).count() >= 3;
        Ok(is_tray || self.controls("act.menu").await?.present || self.controls("dialog").await?.present)
    }

    /// Closes what is open of menu, tray and dialog, and goes back to the newest message.
    async fn tidy(&self) {
        let tidying = async {
            for _ in 0..4 {
                // Escape with nothing open would leave the chat.
                if !self.is_something_open().await? {
                    break;
                }
                self.driver.press_key(ESCAPE, 0).await?;
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
            self.driver.verify_header(&self.target).await?;
            self.driver.scroll_conversation(json!("end")).await
        };
        match tokio::time::timeout(TIDY, tidying).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "the page was not put back after an act"),
            Err(_) => tracing::debug!("putting the page back after an act took too long"),
        }
    }
}

/// The one field of a dialog.
fn field(controls: &[Control]) -> Option<&Control> {
    controls.iter().find(|control| control.text.is_some() && control.on.is_none())
}
