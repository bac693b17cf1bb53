//! From a slice's own evidence to the observed columns, as the table of architecture 6.9 says; pure.

use jiff::Timestamp;
use queunir_core::{
    link::PageState,
    slice::{Desired, Phase, SliceHealth, StopReason},
};
use queunir_db::control::observed::{Observed, SliceRow};

use crate::plan::{Rules, is_past};

/// What a look at a slice means.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The columns as they should be now.
    pub observed: Observed,
    /// The browser ended by itself and for a reason: nobody wants it linked until somebody presses Connect again.
    pub withdraw_link: bool,
}

/// Reads a health report against the row as it was.
#[must_use]
pub fn observe(rules: &Rules, row: &SliceRow, health: &SliceHealth, now: Timestamp) -> Finding {
    let before = &row.observed;
    let mut observed = Observed {
        page_state: Some(health.state),
        wa_connected: health.state == PageState::Linked,
        wa_phone: health.phone.clone().or_else(|| before.wa_phone.clone()),
        contacts: health.chats,
        messages: health.messages,
        last_health_at: Some(now),
        // Given up and served without its browser: the next attempt stays where it is.
        next_attempt_at: before.next_attempt_at.filter(|_| before.phase == Phase::Failed),
        detail: remark(health),
        ..before.clone()
    };
    let mut withdraw_link = false;
    if health.state == PageState::NoBrowser {
        let expected = before.phase == Phase::Starting && !is_past(row.phase_since, rules.browser_limit, now);
        if row.desired == Desired::Linked && expected {
            // Asked for, not there yet.
            observed.page_state = before.page_state;
        } else {
            withdraw_link = without_browser(row, health.stop_reason, &mut observed);
        }
    } else {
        observed.phase = phase_of(health.state, row, rules, now);
        observed.stop_reason = None;
        observed.next_attempt_at = None;
    }
    Finding { observed, withdraw_link }
}

/// No browser runs: on purpose, by the slice's own decision, or by accident.
fn without_browser(row: &SliceRow, reason: Option<StopReason>, observed: &mut Observed) -> bool {
    let before = &row.observed;
    let believed = before.page_state.is_some_and(|page| page != PageState::NoBrowser);
    match (row.desired, reason) {
        // The slice itself ended it; a wish from before that is served.
        (Desired::Linked, Some(reason @ (StopReason::QrTimeout | StopReason::LoggedOut | StopReason::User)))
            if believed && row.wanted_at <= row.phase_since =>
        {
            observed.phase = Phase::Stopped;
            observed.stop_reason = Some(reason);
            true
        }
        // It went away by accident or does not start, or somebody pressed Connect since: the plan starts it.
        (Desired::Linked, _) => {
            if believed {
                observed.phase = Phase::Degraded;
                observed.detail = Some("no browser runs".to_owned());
            }
            false
        }
        _ if believed => {
            observed.phase = Phase::Stopped;
            observed.stop_reason = Some(reason.unwrap_or(StopReason::User));
            false
        }
        _ => {
            if before.phase != Phase::Stopped {
                observed.phase = Phase::Service;
            }
            false
        }
    }
}

fn phase_of(page: PageState, row: &SliceRow, rules: &Rules, now: Timestamp) -> Phase {
    let starting = matches!(row.observed.phase, Phase::Provisioning | Phase::Starting)
        && !is_past(row.phase_since, rules.unanswered_limit, now);
    match page {
        PageState::Starting | PageState::NoBrowser => Phase::Starting,
        PageState::Qr | PageState::QrTimeout | PageState::Pairing | PageState::PasskeyRequired => Phase::Qr,
        PageState::Syncing | PageState::Linked => Phase::Linked,
        // A page that just began to load shows nothing known for a moment.
        PageState::Unknown if starting => Phase::Starting,
        PageState::Unknown
        | PageState::Offline
        | PageState::Conflict
        | PageState::LoggedOut
        | PageState::OtherAccount
        | PageState::UnsupportedBrowser
        | PageState::Blocked => Phase::Degraded,
    }
}

/// What an operator should know beside the phase.
fn remark(health: &SliceHealth) -> Option<String> {
    if !health.reader_misses.is_empty() {
        let names = health.reader_misses.join(", ");
        return Some(format!("the reader misses on the page: {names}").chars().take(500).collect());
    }
    if health.reader_alarm {
        return Some("the reader sees rows and reads no messages".to_owned());
    }
    (health.status != "ok").then(|| "the slice reports trouble with its database".to_owned())
}

#[cfg(test)]
mod tests;
