//! What holds of any slice, whatever is wanted of it and whatever runs.

use proptest::prelude::*;
use queunir_core::slice::StopReason;

use super::*;

fn any_slice() -> impl Strategy<Value = Wanted> {
    let desired =
        prop_oneof![Just(Desired::Stopped), Just(Desired::Service), Just(Desired::Linked), Just(Desired::Deleted)];
    let phase = prop_oneof![
        Just(Phase::Requested),
        Just(Phase::Provisioning),
        Just(Phase::Starting),
        Just(Phase::Service),
        Just(Phase::Qr),
        Just(Phase::Linked),
        Just(Phase::Degraded),
        Just(Phase::Stopped),
        Just(Phase::Failed),
        Just(Phase::Deleting)
    ];
    let page = proptest::option::of(prop_oneof![
        Just(PageState::NoBrowser),
        Just(PageState::Starting),
        Just(PageState::Qr),
        Just(PageState::Linked)
    ]);
    let seconds = || -100_i64..100_000;
    (desired, phase, page, any::<bool>(), proptest::option::of(seconds()), seconds(), seconds()).prop_map(
        |(desired, phase, page, seen, attempt, wanted_at, asked)| {
            with(slice(desired, phase, page), |one| {
                one.memory.seen = seen;
                one.row.observed.next_attempt_at = attempt.map(ago);
                one.row.observed.stop_reason = seen.then_some(StopReason::User);
                one.row.wanted_at = ago(wanted_at);
                one.row.last_request_at = ago(wanted_at);
                one.memory.looked_at = Some(ago(asked));
                one.memory.unanswered_since = attempt.map(ago);
            })
        },
    )
}

proptest! {
    #[test]
    fn no_plan_starts_what_runs_or_what_nobody_wants(one in any_slice(), runs in proptest::option::of(3_i64..6)) {
        let running = runs.map(running).unwrap_or_default();
        let step = step(&one, &running);
        let unwanted = matches!(one.row.desired, Desired::Stopped | Desired::Deleted);
        prop_assert!(!unwanted || !matches!(step, Some(Step::Start { .. } | Step::StartBrowser)), "nobody wants it");
        prop_assert!(running.is_empty() || !matches!(step, Some(Step::Start { .. })), "it runs");
        if unwanted && !running.is_empty() {
            prop_assert!(matches!(step, Some(Step::Stop | Step::StopStray | Step::NoteDeleting)));
        }
    }
}
