//! The field that texts are typed into: focused, cleared, filled as a person does, and read back.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::{
    Driver, LOOK,
    hands::{A, BACKSPACE, CONTROL, ENTER, SHIFT},
    text::{Piece, pieces},
};
use crate::{
    page::raw,
    page_api::{ChatTarget, PageError},
};

/// How long the composer may take to show what was typed, or to be empty.
const SETTLE: Duration = Duration::from_secs(4);
/// How often the header is looked at while typing goes on.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

impl Driver {
    /// Types a text into what has the focus, looking at the header now and then.
    pub(super) async fn type_text(&self, target: &ChatTarget, text: &str, typing: Duration) -> Result<(), PageError> {
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

    pub(super) async fn composer(&self) -> Result<raw::Composer, PageError> {
        self.ask("composer", json!(null)).await
    }

    pub(super) async fn composer_becomes(&self, wanted: impl Fn(&raw::Composer) -> bool) -> Result<bool, PageError> {
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

    /// Gives the composer the focus by a click, if it has none.
    pub(super) async fn focus(&self) -> Result<(), PageError> {
        let composer = self.composer().await?;
        if composer.focused {
            return Ok(());
        }
        self.click(composer.x, composer.y).await?;
        if self.composer_becomes(|composer| composer.focused).await? {
            return Ok(());
        }
        Err(PageError::Unexpected("the composer does not take the focus".into()))
    }

    /// Removes what is in the composer, and the quote above it.
    pub(super) async fn clear(&self) -> Result<(), PageError> {
        self.focus().await?;
        self.unquote().await?;
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
}
