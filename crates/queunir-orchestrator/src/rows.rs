//! What a slice's row becomes after something was done with it or happened to it: pure.

use jiff::{SignedDuration, Timestamp};
use queunir_core::{
    link::PageState,
    slice::{Phase, StopReason},
};
use queunir_db::{
    control::observed::{Observed, SliceRow},
    provision::ProvisionError,
};

use crate::{
    plan::{Asked, Memory, Rules, after_failure, signed, still_counted},
    runtime::RuntimeError,
};

/// Pause after trouble that is not the slice's fault.
const OUTAGE_PAUSE: SignedDuration = SignedDuration::from_secs(3);

/// Who is to blame for a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The slice: it is counted.
    Slice,
    /// The engine, the database or we: tried again in a moment, for ever.
    Us,
    /// The host as it is: an operator has to act.
    Host,
}

/// A slice that ran and does not any more.
#[derive(Debug, thiserror::Error)]
#[error("the slice {0}")]
pub struct SliceEnded(pub &'static str);

impl Blame {
    /// Who is to blame for an error.
    #[must_use]
    pub fn of(error: &anyhow::Error) -> Self {
        // Its tables cannot be brought to this version: trying again and again changes nothing.
        if error.downcast_ref::<ProvisionError>().is_some_and(ProvisionError::is_lasting) {
            return Self::Slice;
        }
        match error.downcast_ref::<RuntimeError>() {
            Some(RuntimeError::NotReady(_)) => Self::Slice,
            Some(RuntimeError::Refused(_)) => Self::Host,
            Some(RuntimeError::Unreachable(_) | RuntimeError::Busy) => Self::Us,
            None if error.is::<SliceEnded>() => Self::Slice,
            None => Self::Us,
        }
    }

    /// As it is counted.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Slice => "slice",
            Self::Us => "outage",
            Self::Host => "host",
        }
    }
}

/// Started, with its browser or without.
#[must_use]
pub fn started(before: &Observed, linked: bool, now: Timestamp) -> Observed {
    let (phase, page) =
        if linked { (Phase::Starting, PageState::Starting) } else { (Phase::Service, PageState::NoBrowser) };
    Observed {
        phase,
        stop_reason: before.stop_reason.filter(|_| !linked),
        page_state: Some(page),
        next_attempt_at: None,
        detail: None,
        wa_connected: false,
        last_health_at: Some(now),
        ..before.clone()
    }
}

/// Nothing runs any more, and nothing should.
#[must_use]
pub fn ended(before: &Observed, reason: StopReason) -> Observed {
    let deleting = before.phase == Phase::Deleting;
    Observed {
        phase: if deleting { Phase::Deleting } else { Phase::Stopped },
        stop_reason: Some(before.stop_reason.unwrap_or(reason)),
        page_state: None,
        failures: 0,
        next_attempt_at: None,
        detail: None,
        wa_connected: false,
        ..before.clone()
    }
}

/// On its way to be deleted; what runs is still to be ended.
#[must_use]
pub fn deleting(before: &Observed) -> Observed {
    Observed { phase: Phase::Deleting, failures: 0, next_attempt_at: None, detail: None, ..before.clone() }
}

/// The browser was asked to start or to end; `afresh` when somebody wants it again after it was given up.
#[must_use]
pub fn asked(before: &Observed, what: Asked, reason: StopReason, afresh: bool) -> Observed {
    match what {
        Asked::Start => Observed {
            phase: Phase::Starting,
            stop_reason: None,
            page_state: Some(PageState::Starting),
            failures: if afresh { 0 } else { before.failures },
            next_attempt_at: None,
            detail: None,
            ..before.clone()
        },
        Asked::Stop => Observed {
            phase: Phase::Stopped,
            stop_reason: Some(reason),
            page_state: Some(PageState::NoBrowser),
            wa_connected: false,
            ..before.clone()
        },
    }
}

/// The browser got nowhere for too long and was ended; the slice serves what is stored.
#[must_use]
pub fn failed_forward(rules: &Rules, before: &Observed, now: Timestamp) -> Observed {
    let failures = before.failures.max(rules.give_up_after - 1).saturating_add(1);
    let again = failures < rules.give_up_after.saturating_add(24);
    Observed {
        phase: Phase::Failed,
        page_state: Some(PageState::NoBrowser),
        failures,
        next_attempt_at: again.then(|| now.saturating_add(signed(rules.stuck_pause)).unwrap_or(Timestamp::MAX)),
        detail: Some("the browser got nowhere".to_owned()),
        wa_connected: false,
        ..before.clone()
    }
}

/// About to be ended so that it is started anew; it keeps its place meanwhile.
#[must_use]
pub fn recycled(before: &Observed, reason: &str) -> Observed {
    Observed {
        phase: Phase::Starting,
        page_state: None,
        next_attempt_at: None,
        detail: Some(format!("started anew: {reason}")),
        wa_connected: false,
        ..before.clone()
    }
}

/// Gives no answer although it runs.
#[must_use]
pub fn silent(before: &Observed, error: &str) -> Observed {
    Observed {
        phase: Phase::Degraded,
        detail: Some(format!("no answer: {error}")),
        wa_connected: false,
        ..before.clone()
    }
}

/// What follows a failure.
#[derive(Clone, Debug, PartialEq)]
pub struct Failed {
    /// The row's columns.
    pub observed: Observed,
    /// What is remembered.
    pub memory: Memory,
    /// Whether this very failure made us give the slice up.
    pub gave_up: bool,
}

/// Did not start, or ended by itself; `chance` between 0 and 1 spreads the next attempts.
#[must_use]
pub fn failed(rules: &Rules, row: &SliceRow, memory: &Memory, blame: Blame, now: Timestamp, chance: f64) -> Failed {
    let before = &row.observed;
    let (counted, failing_since) = still_counted(rules, before.failures, memory, now);
    let (phase, failures, next_attempt_at, gave_up) = match blame {
        Blame::Slice => {
            let verdict = after_failure(rules, counted, now, chance);
            let phase = if verdict.gave_up { Phase::Failed } else { Phase::Starting };
            (phase, verdict.failures, verdict.next_attempt_at, verdict.failures == rules.give_up_after)
        }
        Blame::Us => (Phase::Starting, before.failures, Some(now + OUTAGE_PAUSE), false),
        Blame::Host => (Phase::Failed, before.failures, None, false),
    };
    let observed =
        Observed { phase, page_state: None, failures, next_attempt_at, wa_connected: false, ..before.clone() };
    Failed { observed, memory: Memory { failing_since: Some(failing_since), ..memory.after_end() }, gave_up }
}
