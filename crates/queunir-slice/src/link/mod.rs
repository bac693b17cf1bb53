//! What is known of the link to WhatsApp, as the snapshot that browsers get.
//!
//! ```text
//! no_browser ─(initialize)─> starting ─> qr ─(6 codes)─> qr_timeout ─(retry)─> qr
//!      ^                        │         └─(scan)─> syncing ─> linked <─> offline, conflict, unknown
//!      │                        └─(number)─> pairing ─(typed on the phone)─> syncing
//!      └──(stop, 3 batches, 10 min without a viewer)──┘            └─> logged_out ─> qr
//! ```

mod codes;
mod judging;
#[cfg(test)]
mod tests;

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use queunir_core::{
    link::{
        AccountQuestion, Condition, Link, PageState, Pairing, PairingStep, Parting, ReaderState, ReaderTrouble,
        ReadingMode, Repair,
    },
    slice::StopReason,
};
use queunir_db::slice::link_state::LinkState;
use queunir_whatsapp::{drift::Verdict, seen::SeenState};
use tokio::sync::watch;

pub use codes::Codes;
use codes::{code_on_screen, follow_pairing};
pub use judging::is_settled;
use judging::{enter, settle, under};

/// Whether what the page shows may be taken for the tenant's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Hold {
    /// It may.
    #[default]
    Free,
    /// Whose account is linked is being found out; the state shows `syncing`.
    Checking,
    /// A person is asked; the state shows `other_account`.
    Asked(AccountQuestion),
}

/// The link as every part of the slice sees it.
#[derive(Debug)]
pub struct LinkCell {
    sender: watch::Sender<Link>,
    hold: Mutex<Hold>,
}

/// What a new screen means for the rest of the slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The state before.
    pub from: PageState,
    /// The state now.
    pub to: PageState,
}

impl LinkCell {
    /// The link of a slice whose browser does not run.
    #[must_use]
    pub fn new(remembered: &LinkState, mode: Option<ReadingMode>, now: Timestamp) -> Self {
        Self {
            hold: Mutex::default(),
            sender: watch::Sender::new(Link {
                state: PageState::NoBrowser,
                condition: Condition::Disconnected,
                condition_since: now,
                repair: None,
                account: None,
                parting: None,
                qr: None,
                pairing: None,
                sync_percent: None,
                chats_found: 0,
                first_list_complete: remembered.first_list_complete,
                was_linked: remembered.was_linked,
                phone: remembered.phone.clone(),
                reading_mode: mode,
                since: now,
                certain_until: None,
                reader: None,
                stop_reason: None,
            }),
        }
    }

    /// The present link.
    #[must_use]
    pub fn now(&self) -> Link {
        self.sender.borrow().clone()
    }

    /// The present state.
    #[must_use]
    pub fn state(&self) -> PageState {
        self.sender.borrow().state
    }

    /// To be told of changes.
    #[must_use]
    pub fn listen(&self) -> watch::Receiver<Link> {
        self.sender.subscribe()
    }

    /// The page shows a screen; `code` is the number of the code on it.
    pub fn seen(&self, seen: &SeenState, code: Option<u8>, now: Timestamp) -> Turn {
        let hold = self.held();
        let shown = under(&hold, seen.state);
        let mut turn = Turn { from: shown, to: shown };
        self.change(|link| {
            turn.from = link.state;
            enter(link, shown, now);
            link.stop_reason = None;
            link.was_linked |= shown == PageState::Linked;
            if shown == PageState::Linked {
                link.parting = None;
            }
            if is_settled(seen.state) {
                link.repair = None;
            }
            link.sync_percent = seen.sync_percent.filter(|_| shown == PageState::Syncing);
            if seen.phone.is_some() && hold == Hold::Free {
                link.phone.clone_from(&seen.phone);
            }
            link.qr = match (&seen.qr, code) {
                (Some(value), Some(number)) if seen.state == PageState::Qr => {
                    Some(code_on_screen(link, value, number, now))
                }
                _ => None,
            };
            follow_pairing(link, seen, now);
            if seen.state == PageState::Qr {
                link.first_list_complete = false;
                link.chats_found = 0;
            }
            settle(link, now);
        });
        turn
    }

    /// A browser starts.
    pub fn starting(&self, now: Timestamp) {
        self.change(|link| {
            enter(link, PageState::Starting, now);
            link.stop_reason = None;
            link.qr = None;
            link.pairing = None;
            settle(link, now);
        });
    }

    /// No browser runs any more.
    pub fn stopped(&self, reason: Option<StopReason>, now: Timestamp) {
        self.change(|link| {
            enter(link, PageState::NoBrowser, now);
            link.stop_reason = reason;
            link.repair = None;
            link.qr = None;
            link.pairing = None;
            link.sync_percent = None;
            link.reader = None;
            link.account = None;
            settle(link, now);
        });
    }

    /// Holds what the page shows, or lets it go, without a word of the page; answers whether the link shows another
    /// state now.
    pub fn hold(&self, hold: Hold, now: Timestamp) -> bool {
        *self.hold.lock().unwrap_or_else(PoisonError::into_inner) = hold.clone();
        let before = self.state();
        self.change(|link| {
            link.account = match &hold {
                Hold::Asked(question) => Some(question.clone()),
                Hold::Free | Hold::Checking => None,
            };
            let was_held = matches!(link.state, PageState::Syncing | PageState::OtherAccount);
            if link.state == PageState::Linked || was_held && hold != Hold::Checking {
                enter(link, under(&hold, PageState::Linked), now);
                link.was_linked |= hold == Hold::Free;
            }
            settle(link, now);
        });
        self.state() != before
    }

    /// Whether what the page shows is held.
    #[must_use]
    pub fn held(&self) -> Hold {
        self.hold.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A browser ended without having come to a screen, or one did come to it.
    pub fn repair(&self, repair: Option<Repair>) {
        self.change(|link| link.repair = repair);
    }

    /// How far ending or erasing has come.
    pub fn parting(&self, parting: Option<Parting>) {
        self.change(|link| link.parting = parting);
    }

    /// Takes over what is remembered, because it was changed without a word of the page.
    pub fn recall(&self, remembered: &LinkState) {
        self.change(|link| {
            link.was_linked = remembered.was_linked;
            link.first_list_complete = remembered.first_list_complete;
            link.phone.clone_from(&remembered.phone);
        });
    }

    /// Linking by phone number has come to another step, or is over; a code comes from the page alone.
    pub fn pairing(&self, step: Option<PairingStep>) {
        self.change(|link| {
            link.pairing = step.map(|step| Pairing { step, code: None, number: 0, shown_at: None, expires_at: None });
        });
    }

    /// The page reported something while it was linked.
    pub fn certain(&self, now: Timestamp) {
        self.sender.send_if_modified(|link| {
            if link.state == PageState::Linked {
                link.certain_until = Some(now);
            }
            false
        });
    }

    /// How well the page is read; answers whether that is news.
    pub fn reader(&self, verdict: &Verdict, now: Timestamp) -> bool {
        let before = self.now().reader;
        self.change(|link| {
            let since = link.reader.as_ref().map_or(now, |trouble| trouble.since);
            link.reader = (!verdict.is_well()).then(|| ReaderTrouble {
                state: ReaderState::Degraded,
                since,
                dead: verdict.dead.clone(),
                unreadable: verdict.unreadable.clone(),
            });
            settle(link, now);
        });
        self.now().reader != before
    }

    /// How many chats are stored while the first list is read.
    pub fn found(&self, chats: u32) {
        self.change(|link| link.chats_found = chats);
    }

    /// The first complete list is stored.
    pub fn first_list_complete(&self, chats: u32) {
        self.change(|link| {
            link.first_list_complete = true;
            link.chats_found = chats;
        });
    }

    /// The user chose how chats are read.
    pub fn reading_mode(&self, mode: ReadingMode) {
        self.change(|link| link.reading_mode = Some(mode));
    }

    /// Changes the link and tells the listeners if that made a difference.
    fn change(&self, change: impl FnOnce(&mut Link)) {
        self.sender.send_if_modified(|link| {
            let before = link.clone();
            change(link);
            *link != before
        });
    }
}
