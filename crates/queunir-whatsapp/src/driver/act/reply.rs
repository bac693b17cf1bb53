//! Beginning an answer: the menu's entry brings the message above the composer.

use std::sync::{Arc, atomic::AtomicBool};

use serde_json::json;

use super::{Hand, words::Name};
use crate::{
    driver::Driver,
    page_api::{ActError, ChatTarget, PageError},
    seen::SeenMessage,
};

impl Driver {
    /// Chooses "Reply" in a message's own menu and compares the quote that comes above the composer; answers the row.
    pub(in crate::driver) async fn reply(
        self: &Arc<Self>,
        target: &ChatTarget,
        key: &str,
    ) -> Result<SeenMessage, PageError> {
        let hand = Hand {
            driver: self.clone(),
            target: target.clone(),
            key: key.to_owned(),
            pressed: Arc::new(AtomicBool::new(false)),
        };
        match hand.begin_reply().await {
            Ok(answered) => {
                // Nothing is closed by Escape here: it would take the quote away.
                self.quoted(target, &answered).await?;
                self.scroll_conversation(json!("end")).await?;
                Ok(answered)
            }
            Err(error) => {
                hand.tidy().await;
                Err(match error {
                    ActError::NoMessage | ActError::NotOffered => PageError::QuoteNotFound,
                    ActError::Page(error) | ActError::Unclear(error) => error,
                })
            }
        }
    }
}

impl Hand {
    async fn begin_reply(&self) -> Result<SeenMessage, ActError> {
        let row = self.row().await?;
        self.choose(Name::Reply, false).await.map(|()| row)
    }
}
