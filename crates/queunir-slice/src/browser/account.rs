//! Whose account the page shows: what is remembered of the link, and what happens when another phone scanned the code.

use queunir_core::link::{AccountQuestion, PageState};
use queunir_db::slice::link_state::{self, LinkState};
use queunir_whatsapp::seen::SeenState;

use super::{End, session::Session};
use crate::{
    app::App,
    link::{Hold, Turn},
};

/// What earlier browsers knew.
pub(super) async fn remembered(app: &App) -> LinkState {
    let load = async {
        let mut tx = app.db.begin().await?;
        link_state::load(&mut tx).await
    };
    load.await.unwrap_or_else(|error| {
        tracing::warn!(%error, "what was known of the link could not be read");
        LinkState::default()
    })
}

impl Session<'_> {
    /// Keeps in mind whose account the page shows, and holds everything back if that may be another one's.
    pub(super) async fn whose(&mut self, seen: &SeenState) {
        match seen.state {
            PageState::Qr | PageState::QrTimeout | PageState::LoggedOut => {
                if self.app.link.now().pairing.is_none() {
                    self.number = None;
                }
                if self.remembered.was_linked && !self.remembered.relinked {
                    self.remember(LinkState { relinked: true, ..self.remembered.clone() }).await;
                }
            }
            PageState::Linked if self.remembered.relinked && self.app.link.held() == Hold::Free => {
                self.app.link.hold(Hold::Checking, self.app.now());
            }
            _ => {}
        }
        if seen.phone.is_some() && matches!(seen.state, PageState::Linked | PageState::Offline) {
            self.number.clone_from(&seen.phone);
        }
    }

    /// Compares the linked account with that of the stored data: the same goes on, another one is asked about, and so is
    /// one whose number no row shows.
    pub(super) async fn examine(&mut self, walked: bool) -> Option<End> {
        let chats = i64::from(self.count_chats().await);
        let before = self.remembered.phone.clone();
        if chats == 0 || (before.is_some() && before == self.number) {
            return self.same_account().await;
        }
        if self.number.is_none() && !walked {
            self.walk();
            return None;
        }
        let question = AccountQuestion { before, now: self.number.clone(), chats };
        if self.app.link.hold(Hold::Asked(question), self.app.now()) {
            tracing::warn!("another account than before may be linked; nothing of it is stored until somebody answers");
        }
        None
    }

    /// The linked account is the tenant's: from now on everything is stored.
    pub(super) async fn same_account(&mut self) -> Option<End> {
        if self.app.link.held() == Hold::Free {
            return None;
        }
        let phone = self.number.clone().or_else(|| self.remembered.phone.clone());
        self.remember(LinkState { relinked: false, phone, ..self.remembered.clone() }).await;
        if self.remembered.relinked {
            // It could not be written; the next look tries again.
            return None;
        }
        self.app.link.recall(&self.remembered);
        let from = self.app.link.state();
        self.app.link.hold(Hold::Free, self.app.now());
        self.turned(Turn { from, to: PageState::Linked }).await
    }

    pub(super) async fn remember(&mut self, state: LinkState) {
        if state == self.remembered {
            return;
        }
        let app = self.app;
        let save = async {
            let mut tx = app.db.begin().await?;
            link_state::save(&mut tx, &state, app.spec.generation).await?;
            tx.commit().await
        };
        match save.await {
            Ok(()) => self.remembered = state,
            Err(error) => tracing::warn!(%error, "what is known of the link could not be written"),
        }
    }
}
