//! What happens to pages on purpose: dialogs, a hanging or greedy renderer, a blank page, a cut line.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Inner, PageId, SimError};
use crate::wire::ToPage;
use crate::world::{Act, ActKind, Change};

/// Something that befalls the live pages of an account, or all pages.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Disturbance {
    /// Only pages of this account; all pages if absent, also those that show a code.
    pub account: Option<String>,
    /// Shows a dialog over the page.
    pub dialog: Option<Dialog>,
    /// Blocks the renderer that long, in real milliseconds.
    pub hang_ms: Option<u64>,
    /// Takes that much memory more, in MB (10^6 bytes), until the page is loaded again.
    pub eat_mb: Option<u64>,
    /// Uses a core on end beside what the page does, until it is loaded again.
    pub spin: bool,
    /// Puts that much into the page's own cache on the disk, in MB.
    pub fill_mb: Option<u64>,
    /// Ends the renderer's process, as life does when it runs out of memory.
    pub crash: bool,
    /// Lets the page load itself again, as it does after an update.
    pub reload: bool,
    /// Empties the page until it is loaded again.
    pub blank: bool,
    /// Takes the network of these pages away, or gives it back: "Computer not connected" shows, and until it is back
    /// neither side hears of the other. A page that is loaded again meanwhile is connected.
    pub offline: Option<bool>,
    /// Until the page is loaded again, a submitted message leaves the composer and nothing else happens.
    pub swallow: bool,
    /// Shows a full screen: `conflict`, `offline`, `temp_ban`, `tos`, `smb_tos`, `service_unavailable`, `screen_lock`,
    /// `proxy_block`, `call_takeover` or `passkey`; until the page is loaded again, or until `none`. Of several the
    /// strongest shows, in the order of evidence 1.2.
    pub screen: Option<String>,
    /// Shows a banner above the list.
    pub banner: Option<Banner>,
    /// Says how much of the history has arrived; 100 ends it. Until then the page knows that share of the chats, the newest,
    /// and gets no older messages.
    pub history: Option<u8>,
    /// Draws what nobody expects: `duplicate` (the last row twice) or `strange` (a row of unknown markup).
    pub odd: Option<String>,
    /// Cuts the line; the page connects again by itself.
    pub cut: bool,
}

/// A banner.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Banner {
    /// Its name in the markup.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Words.
    pub body: String,
}

/// A dialog.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Dialog {
    /// Comes back when it is answered.
    pub id: String,
    /// Heading.
    pub title: Option<String>,
    /// Words.
    pub text: String,
    /// Label of the main button.
    pub ok: String,
    /// Label of the other; without it the dialog asks nothing.
    pub cancel: Option<String>,
}

impl Inner {
    /// Lets it happen; gives the number of pages it happened to.
    pub fn disturb(&mut self, what: &Disturbance) -> usize {
        let wanted = |page: &super::pages::Page| {
            page.greeted && what.account.as_deref().is_none_or(|account| page.account() == Some(account))
        };
        let ids: Vec<PageId> = self.pages.iter().filter(|(_, page)| wanted(page)).map(|(id, _)| *id).collect();
        for id in &ids {
            for frame in frames(what) {
                self.push(*id, &frame);
            }
            let back = what.offline == Some(false) && self.pages.get(id).is_some_and(|page| page.away);
            if let Some(page) = self.pages.get_mut(id).filter(|_| what.offline == Some(true)) {
                page.away = true;
            }
            // A network that comes back finds the old line dead.
            if what.cut || back {
                // Dropping the sending half ends the socket's task.
                self.disconnect(*id);
            }
        }
        ids.len()
    }

    pub(super) fn dialog_closed(&mut self, id: PageId, dialog: String, button: String) -> Result<(), SimError> {
        let Some((account, device)) = self.pages.get(&id).and_then(|page| page.link.clone()) else { return Ok(()) };
        let act = Act { at: self.now(), device: Some(device), kind: ActKind::DialogClosed { dialog, button } };
        self.commit(vec![Change::Did { account, act }])
    }
}

fn frames(what: &Disturbance) -> Vec<ToPage> {
    let mut frames = Vec::new();
    if what.offline == Some(true) {
        frames.push(ToPage::Offline { on: true });
    }
    if let Some(Dialog { id, title, text, ok, cancel }) = what.dialog.clone() {
        frames.push(ToPage::Dialog { id, title, text, ok, cancel });
    }
    if let Some(screen) = what.screen.clone() {
        frames.push(ToPage::Screen { screen });
    }
    if let Some(Banner { id, title, body }) = what.banner.clone() {
        frames.push(ToPage::Banner { id, title, body });
    }
    if let Some(percent) = what.history {
        frames.push(ToPage::History { percent: (percent < 100).then_some(percent) });
    }
    if let Some(what) = what.odd.clone() {
        frames.push(ToPage::Odd { what });
    }
    if let Some(ms) = what.hang_ms {
        frames.push(ToPage::Hang { ms });
    }
    if let Some(mb) = what.eat_mb {
        frames.push(ToPage::Eat { mb });
    }
    if what.spin {
        frames.push(ToPage::Spin);
    }
    if let Some(mb) = what.fill_mb {
        frames.push(ToPage::Fill { mb });
    }
    if what.crash {
        frames.push(ToPage::Crash);
    }
    if what.reload {
        frames.push(ToPage::Reload);
    }
    if what.blank {
        frames.push(ToPage::Blank);
    }
    if what.swallow {
        frames.push(ToPage::Swallow);
    }
    frames
}
