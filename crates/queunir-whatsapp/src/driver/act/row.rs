//! Finding a message's row and bringing it into view.

use std::time::Duration;

use serde_json::json;

use super::Hand;
use crate::{
    page::raw::MessageRow,
    page_api::{ActError, PageError, Priority},
    seen::{SeenConversation, SeenMessage},
};

/// How often older messages are loaded to find a row.
const OLDER: u32 = 8;
/// How often a row is brought into view until it is drawn there.
const SHOWS: u32 = 20;

impl Hand {
    /// The row as it is drawn in view; older messages are loaded until it is there.
    pub(super) async fn row(&self) -> Result<SeenMessage, ActError> {
        let mut start = false;
        for _ in 0..OLDER {
            if self.place(false).await?.found {
                self.in_view().await?;
                let seen = self.conversation().await?;
                let row = seen.messages.into_iter().find(|message| message.key == self.key && message.drawn);
                return row.ok_or(ActError::Page(PageError::Unexpected("the row went away".into())));
            }
            if start {
                break;
            }
            start = self.driver.older(&self.target, Priority::Send).await?.at_start;
        }
        Err(ActError::NoMessage)
    }

    /// Brings the row into view; answers a point of its bubble.
    pub(super) async fn in_view(&self) -> Result<MessageRow, ActError> {
        let mut row = self.place(false).await?;
        for _ in 0..SHOWS {
            if !row.found {
                return Err(PageError::Unexpected("the row went away".into()).into());
            }
            if row.drawn && row.seen {
                return Ok(row);
            }
            self.place(true).await?;
            tokio::time::sleep(Duration::from_millis(150)).await;
            row = self.place(false).await?;
        }
        Err(PageError::Unexpected("the row is not drawn in view".into()).into())
    }

    async fn place(&self, show: bool) -> Result<MessageRow, PageError> {
        self.driver.ask("messageRow", json!({"key": self.key, "show": show})).await
    }

    /// The conversation as it is drawn now, of the right chat.
    pub(super) async fn conversation(&self) -> Result<SeenConversation, PageError> {
        self.driver.seen_in(&self.target).await
    }
}
