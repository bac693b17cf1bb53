//! The table of architecture 6.9, and what a missing browser means.

use jiff::SignedDuration;
use queunir_core::id::SliceId;

use super::*;

fn now() -> Timestamp {
    Timestamp::from_second(1_795_000_000).unwrap()
}

fn ago(seconds: i64) -> Timestamp {
    now() - SignedDuration::from_secs(seconds)
}

fn row(desired: Desired, phase: Phase, page: PageState) -> SliceRow {
    SliceRow {
        id: SliceId(1),
        desired,
        wanted_at: ago(100),
        wanted_reason: None,
        outdated_generation: 0,
        reading_mode: None,
        locale: "en".into(),
        time_zone: "UTC".into(),
        last_request_at: ago(5),
        paying: false,
        queued_at: None,
        phase_since: ago(70),
        port: Some(5001),
        generation: 1,
        observed: Observed {
            phase,
            stop_reason: None,
            page_state: Some(page),
            failures: 1,
            next_attempt_at: None,
            detail: None,
            wa_connected: false,
            wa_phone: Some("+55".into()),
            contacts: 0,
            messages: 0,
            last_health_at: None,
        },
    }
}

fn health(state: PageState, stop_reason: Option<StopReason>) -> SliceHealth {
    SliceHealth {
        status: "ok".into(),
        version: "1".into(),
        generation: 1,
        state,
        stop_reason,
        phone: None,
        chats: 2,
        messages: 9,
        reader_alarm: false,
        reader_misses: Vec::new(),
        condition: None,
        contacts: 1,
        last_inbound_at: None,
        browser_since: None,
        quiet: true,
        over_quota: false,
        unlinked_at: None,
    }
}

fn seen(row: &SliceRow, state: PageState, reason: Option<StopReason>) -> Finding {
    observe(&Rules::default(), row, &health(state, reason), now())
}

#[test]
fn pages_become_phases() {
    use {PageState as P, Phase as F};
    let table = [
        (P::Starting, F::Starting),
        (P::Qr, F::Qr),
        (P::QrTimeout, F::Qr),
        (P::PasskeyRequired, F::Qr),
        (P::Syncing, F::Linked),
        (P::Linked, F::Linked),
        (P::Unknown, F::Degraded),
        (P::Offline, F::Degraded),
        (P::Conflict, F::Degraded),
        (P::LoggedOut, F::Degraded),
        (P::UnsupportedBrowser, F::Degraded),
        (P::Blocked, F::Degraded),
    ];
    for (page, phase) in table {
        let finding = seen(&row(Desired::Linked, F::Linked, P::Linked), page, None);
        assert_eq!(finding.observed.phase, phase, "{page:?}");
        assert_eq!(finding.observed.page_state, Some(page));
        assert_eq!(finding.observed.wa_connected, page == P::Linked, "{page:?}");
        assert_eq!((finding.observed.contacts, finding.observed.messages), (2, 9));
        assert_eq!(finding.observed.wa_phone.as_deref(), Some("+55"), "a number once known stays");
        assert!(!finding.withdraw_link);
    }
    let mut fresh = row(Desired::Linked, F::Starting, P::Starting);
    fresh.phase_since = ago(1);
    assert_eq!(seen(&fresh, P::Unknown, None).observed.phase, F::Starting, "it is only loading");
}

#[test]
fn a_missing_browser_means_different_things() {
    use {Desired::*, PageState as P, Phase as F, StopReason as R};
    let fresh = |mut row: SliceRow| {
        row.phase_since = ago(2);
        row
    };
    let asked_again = |mut row: SliceRow| {
        row.wanted_at = ago(1);
        row
    };
    // name, row, reason -> phase, reason, page, withdrawn
    let table = [
        ("codes ran out", row(Linked, F::Qr, P::Qr), Some(R::QrTimeout), F::Stopped, Some(R::QrTimeout), true),
        ("logged out", row(Linked, F::Linked, P::Linked), Some(R::LoggedOut), F::Stopped, Some(R::LoggedOut), true),
        (
            "codes ran out while somebody pressed Connect",
            asked_again(row(Linked, F::Qr, P::Qr)),
            Some(R::QrTimeout),
            F::Degraded,
            None,
            false,
        ),
        ("it crashed", row(Linked, F::Linked, P::Linked), None, F::Degraded, None, false),
        (
            "asked for, not there yet",
            fresh(row(Linked, F::Starting, P::Starting)),
            Some(R::QrTimeout),
            F::Starting,
            None,
            false,
        ),
        ("asked for, does not come", row(Linked, F::Starting, P::Starting), None, F::Degraded, None, false),
        ("ended as asked", row(Service, F::Qr, P::Qr), Some(R::User), F::Stopped, Some(R::User), false),
        ("ended, the slice says no more", row(Service, F::Qr, P::Qr), None, F::Stopped, Some(R::User), false),
        ("at level service", row(Service, F::Service, P::NoBrowser), None, F::Service, None, false),
    ];
    for (name, row, reason, phase, stop_reason, withdrawn) in table {
        let finding = seen(&row, P::NoBrowser, reason);
        assert_eq!(finding.observed.phase, phase, "{name}");
        assert_eq!(finding.observed.stop_reason, stop_reason, "{name}");
        assert_eq!(finding.withdraw_link, withdrawn, "{name}");
        assert!(!finding.observed.wa_connected, "{name}");
    }
    let mut stopped = row(Service, F::Stopped, P::NoBrowser);
    stopped.observed.stop_reason = Some(R::QrTimeout);
    let finding = seen(&stopped, P::NoBrowser, Some(R::QrTimeout));
    assert_eq!((finding.observed.phase, finding.observed.stop_reason), (F::Stopped, Some(R::QrTimeout)), "it stays so");
}

#[test]
fn an_alarm_of_the_reader_is_for_the_operator() {
    let mut report = health(PageState::Linked, None);
    report.reader_alarm = true;
    let finding = observe(&Rules::default(), &row(Desired::Linked, Phase::Linked, PageState::Linked), &report, now());
    assert!(finding.observed.detail.unwrap().contains("reads no messages"));
}
