//! Tables: orders and what they become, and when one is reached.

use super::*;

#[test]
fn orders_become_wishes_and_a_deletion_never_turns_back() {
    use {Desired as D, Order as O, Refusal as R};
    let keep = |desired| Ok(Wish { desired, replace: false });
    let anew = |desired| Ok(Wish { desired, replace: true });
    let table = [
        (O::Start, D::Stopped, keep(D::Service)),
        (O::Start, D::Service, keep(D::Service)),
        (O::Start, D::Linked, keep(D::Linked)),
        (O::Start, D::Deleted, Err(R::BeingDeleted)),
        (O::Link, D::Stopped, keep(D::Linked)),
        (O::Link, D::Linked, keep(D::Linked)),
        (O::Link, D::Deleted, Err(R::BeingDeleted)),
        (O::Stop, D::Linked, keep(D::Stopped)),
        (O::Stop, D::Stopped, keep(D::Stopped)),
        (O::Stop, D::Deleted, Err(R::BeingDeleted)),
        (O::Restart, D::Linked, anew(D::Linked)),
        (O::Restart, D::Service, anew(D::Service)),
        (O::Restart, D::Stopped, Err(R::Stopped)),
        (O::Restart, D::Deleted, Err(R::BeingDeleted)),
        (O::Destroy, D::Linked, keep(D::Deleted)),
        (O::Destroy, D::Deleted, keep(D::Deleted)),
    ];
    for (order, desired, wanted) in table {
        assert_eq!(order.wish(desired, true), wanted, "{order:?} of {desired:?}");
    }
    assert_eq!(O::Link.wish(D::Service, false), Err(R::NoChoice));
    assert_eq!(O::Start.wish(D::Stopped, false), keep(D::Service));
}

#[test]
fn of_a_number_only_the_ends_are_told() {
    for (phone, wanted) in
        [("+5511987654321", "+55•••••••••21"), ("+4930123", "+49•••23"), ("123456", "••••••"), ("", "")]
    {
        assert_eq!(masked(phone), wanted);
    }
}

fn card(desired: Desired, phase: Phase, page: Option<PageState>) -> SliceCard {
    let at = |second| Timestamp::from_second(second).unwrap();
    SliceCard {
        number: SliceId(1),
        account: None,
        status: status(desired, None),
        desired,
        wanted_at: at(100),
        wanted_reason: None,
        phase,
        phase_since: at(110),
        stop_reason: None,
        detail: Some("no room".to_owned()),
        failures: 0,
        next_attempt_at: None,
        generation: 4,
        outdated_generation: 0,
        port: None,
        page_state: page,
        wa_connected: false,
        wa_phone: None,
        chats: 0,
        messages: 0,
        last_health_at: None,
        last_request_at: at(0),
        created_at: at(0),
        usage: None,
    }
}

#[test]
fn an_order_is_reached_when_the_slice_is_seen_so_and_not_before() {
    use {Desired as D, Order as O, PageState as S, Phase as P, Progress as G};
    let gave_up = || G::GaveUp("no room".to_owned());
    let table = [
        (O::Start, 4, card(D::Service, P::Provisioning, None), G::UnderWay),
        (O::Start, 4, card(D::Service, P::Service, Some(S::NoBrowser)), G::Reached),
        (O::Start, 4, card(D::Linked, P::Starting, Some(S::Starting)), G::UnderWay),
        (O::Start, 4, card(D::Linked, P::Qr, Some(S::Qr)), G::Reached),
        (O::Start, 4, card(D::Service, P::Failed, None), gave_up()),
        (O::Start, 4, card(D::Stopped, P::Stopped, None), G::Overtaken),
        (O::Link, 4, card(D::Linked, P::Service, Some(S::NoBrowser)), G::UnderWay),
        (O::Link, 4, card(D::Linked, P::Linked, Some(S::Linked)), G::Reached),
        (O::Link, 4, card(D::Service, P::Stopped, Some(S::NoBrowser)), G::Overtaken),
        (O::Stop, 4, card(D::Stopped, P::Linked, Some(S::Linked)), G::UnderWay),
        (O::Stop, 4, card(D::Stopped, P::Stopped, None), G::Reached),
        (O::Stop, 4, card(D::Stopped, P::Failed, None), G::Reached),
        (O::Stop, 4, card(D::Service, P::Service, Some(S::NoBrowser)), G::Overtaken),
        (O::Restart, 4, card(D::Linked, P::Linked, Some(S::Linked)), G::UnderWay),
        (O::Restart, 3, card(D::Linked, P::Linked, Some(S::Linked)), G::Reached),
        (O::Restart, 3, card(D::Linked, P::Degraded, Some(S::Unknown)), G::UnderWay),
        (O::Restart, 3, card(D::Linked, P::Failed, None), gave_up()),
        (O::Restart, 3, card(D::Deleted, P::Stopped, None), G::Overtaken),
        (O::Destroy, 4, card(D::Deleted, P::Linked, Some(S::Linked)), G::UnderWay),
        (O::Destroy, 4, card(D::Deleted, P::Stopped, None), G::Reached),
    ];
    for (order, before, card, wanted) in table {
        assert_eq!(card.progress(order, before), wanted, "{order:?} {before} {card:?}");
    }
    let earlier = SliceCard { wanted_at: Timestamp::from_second(120).unwrap(), ..card(D::Service, P::Failed, None) };
    assert_eq!(earlier.progress(O::Start, 4), G::UnderWay, "a failure from before the order");
}
