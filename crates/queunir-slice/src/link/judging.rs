//! What a state of the page means for the link, and since when.

use jiff::Timestamp;
use queunir_core::link::{Link, PageState};

use super::Hold;

/// Whether a page with this state has come up: it shows what it is, even if that is a refusal.
#[must_use]
pub fn is_settled(state: PageState) -> bool {
    !matches!(state, PageState::NoBrowser | PageState::Starting | PageState::Syncing | PageState::Unknown)
}

/// The state that is shown for a linked page.
pub(super) fn under(hold: &Hold, state: PageState) -> PageState {
    match (hold, state) {
        (Hold::Checking, PageState::Linked | PageState::Offline) => PageState::Syncing,
        (Hold::Asked(_), PageState::Linked | PageState::Offline | PageState::Syncing) => PageState::OtherAccount,
        _ => state,
    }
}

/// Judges the link anew after a change.
pub(super) fn settle(link: &mut Link, now: Timestamp) {
    let judged = link.judged();
    if link.condition != judged {
        link.condition = judged;
        link.condition_since = now;
    }
}

pub(super) fn enter(link: &mut Link, state: PageState, now: Timestamp) {
    if link.state == state {
        return;
    }
    if link.state == PageState::Linked || state == PageState::Linked {
        link.certain_until = Some(now);
    }
    link.state = state;
    link.since = now;
}
