//! The walk over the whole chat list: after each link, and again until it was seen to its end.

use std::time::Duration;

use queunir_core::link::PageState;
use queunir_db::slice::{chats, link_state::LinkState};
use queunir_whatsapp::{Priority, seen::SeenList};
use tokio::time::Instant;

use super::{End, insist::insist, session::Session};
use crate::link::Hold;

/// How long the walk over the whole list may take.
const WALK: Duration = Duration::from_secs(180);
/// After this many walks that did not see the whole list, what was seen counts as the first list.
const SHORT_WALKS: u32 = 4;
/// Longest pause between two walks.
const LONGEST_WALK_PAUSE: Duration = Duration::from_secs(300);

impl Session<'_> {
    /// Reads the whole list beside the events, so that nothing waits for it.
    pub(super) fn walk(&mut self) {
        if std::mem::replace(&mut self.walking, true) {
            return;
        }
        let (page, walked) = (self.page.clone(), self.walked.clone());
        self.app.life.spawn(async move {
            let list = page.walk_list(Priority::Fill, WALK).await;
            if let Err(error) = &list {
                tracing::info!(%error, "the chat list was not read to its end");
            }
            let _session_is_over = walked.send(list.ok()).await;
        });
    }

    pub(super) async fn walked(&mut self, list: Option<SeenList>) -> Option<End> {
        self.walking = false;
        if self.app.link.held() != Hold::Free {
            return self.examine(true).await;
        }
        let seen_any = list.as_ref().is_some_and(|list| !list.rows.is_empty());
        let mut complete = list.as_ref().is_some_and(|list| list.complete);
        if let Some(list) = list
            && let Err(end) = self.store_list(&list).await
        {
            return Some(end);
        }
        if !complete {
            self.short_walks += 1;
            let pause = Duration::from_secs(2).saturating_mul(1 << self.short_walks.min(8)).min(LONGEST_WALK_PAUSE);
            self.walk_again_at = Some(Instant::now() + pause);
            // A page that never shows its whole list must not keep the user waiting for ever.
            complete = seen_any && self.short_walks >= SHORT_WALKS;
            if complete {
                tracing::warn!("the list was never seen complete; going on with what there is");
            }
        } else {
            self.short_walks = 0;
        }
        if !complete {
            return None;
        }
        let link = self.app.link.now();
        if link.state == PageState::Linked && !link.first_list_complete {
            self.app.link.first_list_complete(self.count_chats().await);
            let first = LinkState { was_linked: true, first_list_complete: true, phone: link.phone, relinked: false };
            self.remember(first).await;
        }
        self.app.wake_reading.notify_one();
        None
    }

    pub(super) async fn store_list(&mut self, list: &SeenList) -> Result<(), End> {
        let app = self.app;
        let open = app.heard_chat();
        let read = insist(app, || app.ingest.list(list, open)).await?;
        if let Some(read) = read.flatten() {
            if !app.link.now().first_list_complete {
                app.link.found(self.count_chats().await);
            }
            if read.to_read {
                app.wake_reading.notify_one();
            }
        }
        Ok(())
    }

    pub(super) async fn count_chats(&self) -> u32 {
        let count = async {
            let mut tx = self.app.db.begin().await?;
            chats::count(&mut tx).await
        };
        count.await.ok().and_then(|count| u32::try_from(count).ok()).unwrap_or(0)
    }
}
