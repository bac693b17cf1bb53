//! Each kind of fault must be found, and a right store must pass.

use super::*;
use crate::world::Change;

const NOW: Millis = 1_790_000_000_000;

fn world() -> World {
    let mut world = World::default();
    let account = crate::scenario::built_in("test").unwrap().account(NOW).unwrap();
    world.apply(Change::AccountAdded { account: Box::new(account) });
    world
}

fn truth() -> Ledger {
    Ledger::of(&world(), None)
}

/// A store that has everything right.
fn stored(ledger: &Ledger) -> Stored {
    let message = |message: &LedgerMessage| StoredMessage {
        key: message.key.clone(),
        direction: message.direction,
        text: format!("{} ", message.text),
        sent_at: Some(minute(message.at)),
        ack: message.acks.last().map(|state| state.ack),
    };
    let chat = |chat: &LedgerChat| StoredChat {
        title: format!("\u{202A}{}\u{202C}", chat.title),
        phone: chat.phone.clone().filter(|_| chat.title.starts_with('+')),
        messages: chat.messages.iter().filter(|m| m.kind == "text").map(message).collect(),
    };
    Stored { chats: ledger.accounts[0].chats.iter().map(chat).collect() }
}

fn minute(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at - at.rem_euclid(60_000)).unwrap().to_string()
}

fn find<'a>(stored: &'a mut Stored, title: &str) -> &'a mut StoredChat {
    stored.chats.iter_mut().find(|chat| chat.title.contains(title)).unwrap()
}

/// What a change to a right store makes the comparison say.
fn faults(change: impl FnOnce(&mut Stored)) -> Vec<Fault> {
    let truth = truth();
    let mut stored = stored(&truth);
    change(&mut stored);
    compare(&truth, &stored, &Options::default())
}

fn suffix(since: Option<Millis>, change: impl FnOnce(&mut Stored)) -> Vec<Fault> {
    let truth = truth();
    let mut stored = stored(&truth);
    change(&mut stored);
    compare(&truth, &stored, &Options { scope: Scope::Suffix, since, ..Options::default() })
}

#[test]
fn a_right_store_passes() {
    assert_eq!(faults(|_| ()), []);
    assert_eq!(suffix(Some(0), |_| ()), []);
}

#[test]
fn a_lost_message_is_found() {
    let found = faults(|stored| drop(find(stored, "Alice").messages.remove(1)));
    assert!(matches!(found.as_slice(), [Fault::Lost { .. }]), "{found:?}");
}

#[test]
fn a_lost_chat_is_found() {
    let found = faults(|stored| stored.chats.retain(|chat| !chat.title.contains("Alice")));
    assert!(matches!(found.as_slice(), [Fault::LostChat { messages: 3, .. }]), "{found:?}");
}

#[test]
fn a_message_stored_twice_is_found() {
    let found = faults(|stored| {
        let chat = find(stored, "Alice");
        chat.messages.push(chat.messages[2].clone());
    });
    assert!(matches!(found.as_slice(), [Fault::Twice { .. }]), "{found:?}");
}

#[test]
fn an_invented_message_is_found() {
    let found = faults(|stored| {
        let chat = find(stored, "Alice");
        let mut invented = chat.messages[0].clone();
        invented.key = "3EB0000000000000000000".into();
        chat.messages.push(invented);
    });
    assert!(matches!(found.as_slice(), [Fault::Invented { .. }]), "{found:?}");
}

#[test]
fn an_invented_chat_is_found() {
    let found = faults(|stored| {
        stored.chats.push(StoredChat { title: "Nobody".into(), ..StoredChat::default() });
    });
    assert!(matches!(found.as_slice(), [Fault::UnknownChat { .. }]), "{found:?}");
}

#[test]
fn a_message_in_the_wrong_chat_is_found() {
    let found = faults(|stored| {
        let moved = find(stored, "Alice").messages.pop().unwrap();
        find(stored, "Carla").messages.push(moved);
    });
    assert!(matches!(found.as_slice(), [Fault::WrongChat { .. }]), "{found:?}");
}

#[test]
fn a_wrong_order_is_found() {
    let found = faults(|stored| find(stored, "Alice").messages.swap(0, 1));
    assert!(matches!(found.as_slice(), [Fault::Order { .. }]), "{found:?}");
}

#[test]
fn other_words_are_found() {
    let found =
        faults(|stored| find(stored, "Bruno").messages[2].text = "I will come at noon and bring the box".into());
    assert!(matches!(found.as_slice(), [Fault::Text { .. }]), "{found:?}");
}

#[test]
fn a_wrong_or_unknown_direction_is_found() {
    for direction in [StoredDirection::In, StoredDirection::Unknown] {
        let found = faults(|stored| find(stored, "Alice").messages[1].direction = direction);
        assert!(matches!(found.as_slice(), [Fault::Direction { .. }]), "{found:?}");
    }
}

#[test]
fn a_wrong_minute_is_found() {
    for wrong in ["2020-01-01T00:00:00Z", "not a time"] {
        let found = faults(|stored| find(stored, "Alice").messages[1].sent_at = Some(wrong.into()));
        assert!(matches!(found.as_slice(), [Fault::Time { .. }]), "{found:?}");
    }
}

#[test]
fn a_state_that_was_not_reached_is_found() {
    let ahead = faults(|stored| find(stored, "Carla").messages[1].ack = Some(Ack::Delivered));
    assert!(matches!(ahead.as_slice(), [Fault::AckAhead { .. }]), "{ahead:?}");
    let theirs = faults(|stored| find(stored, "Carla").messages[0].ack = Some(Ack::Sent));
    assert!(matches!(theirs.as_slice(), [Fault::AckAhead { .. }]), "{theirs:?}");
    let behind = faults(|stored| find(stored, "Alice").messages[1].ack = Some(Ack::Sent));
    assert_eq!(behind, []);
}

#[test]
fn a_notice_stored_as_a_message_is_found() {
    let notice = truth().accounts[0].chats[0].messages[0].clone();
    assert_eq!(notice.kind, "system");
    let title = truth().accounts[0].chats[0].title.clone();
    let found = faults(|stored| {
        let row = StoredMessage {
            key: notice.key,
            direction: StoredDirection::In,
            text: String::new(),
            sent_at: None,
            ack: None,
        };
        find(stored, &title).messages.insert(0, row);
    });
    assert!(matches!(found.as_slice(), [Fault::NotAMessage { .. }]), "{found:?}");
}

#[test]
fn a_suffix_may_begin_late_but_has_no_holes() {
    assert_eq!(suffix(None, |stored| drop(find(stored, "Alice").messages.remove(0))), []);
    assert_eq!(suffix(None, |stored| stored.chats.retain(|chat| chat.title.contains("Alice"))), []);
    let hole = suffix(None, |stored| drop(find(stored, "Alice").messages.remove(1)));
    assert!(matches!(hole.as_slice(), [Fault::Lost { .. }]), "{hole:?}");
    let end = suffix(None, |stored| drop(find(stored, "Alice").messages.pop()));
    assert!(matches!(end.as_slice(), [Fault::Lost { .. }]), "{end:?}");
}

#[test]
fn everything_since_a_moment_must_be_stored() {
    let last = truth().accounts[0].chats.iter().find(|chat| chat.title == "Alice Online").unwrap().messages[3].at;
    let found = suffix(Some(last), |stored| stored.chats.retain(|chat| !chat.title.contains("Alice")));
    assert!(matches!(found.as_slice(), [Fault::Lost { .. }]), "{found:?}");
    let later = suffix(Some(NOW + 1), |stored| stored.chats.clear());
    assert_eq!(later, []);
}

fn with_acts(kinds: &[ActKind]) -> Ledger {
    let mut world = world();
    for kind in kinds {
        let act = Act { at: NOW, device: Some("d_1".into()), kind: kind.clone() };
        world.apply(Change::Did { account: "test".into(), act });
    }
    Ledger::of(&world, None)
}

fn chat_id(title: &str) -> String {
    truth().accounts[0].chats.iter().find(|chat| chat.title == title).unwrap().id.clone()
}

#[test]
fn a_receipt_where_none_is_allowed_is_found() {
    let ledger = with_acts(&[ActKind::Receipt { chat: chat_id("Alice Online"), key: "K".into() }]);
    let stored = stored(&ledger);
    let with = |receipts| compare(&ledger, &stored, &Options { receipts, ..Options::default() });
    assert_eq!(with(Receipts::Anywhere), []);
    assert_eq!(with(Receipts::OnlyIn(vec!["Alice Online".into()])), []);
    let found = with(Receipts::OnlyIn(vec!["Bruno Away".into()]));
    assert!(matches!(found.as_slice(), [Fault::Receipt { .. }]), "{found:?}");
}

#[test]
fn content_submitted_twice_is_found() {
    let submitted = |temp_id: &str, chat: &str| ActKind::Submitted {
        chat: chat_id(chat),
        temp_id: temp_id.into(),
        hash: "h".into(),
        accepted: true,
        quotes: None,
    };
    let once = Options { submitted_once: true, ..Options::default() };
    let fine =
        with_acts(&[submitted("a", "Alice Online"), submitted("a", "Alice Online"), submitted("b", "Bruno Away")]);
    assert_eq!(compare(&fine, &stored(&fine), &once), []);
    let twice = with_acts(&[submitted("a", "Alice Online"), submitted("b", "Alice Online")]);
    let found = compare(&twice, &stored(&twice), &once);
    assert!(matches!(found.as_slice(), [Fault::SubmittedTwice { count: 2, .. }]), "{found:?}");
}

#[test]
fn a_temporary_id_that_was_kept_is_named() {
    let mut ledger = truth();
    let mut stored = stored(&ledger);
    let chat = ledger.accounts[0].chats.iter_mut().find(|chat| chat.title == "Alice Online").unwrap();
    chat.messages[2].temp_id = Some("3EB0AAAAAAAAAAAAAAAAAA".into());
    find(&mut stored, "Alice").messages[1].key = "3EB0AAAAAAAAAAAAAAAAAA".into();
    let found = compare(&ledger, &stored, &Options::default());
    assert!(found.iter().any(|fault| matches!(fault, Fault::Temporary { .. })), "{found:?}");
}

#[test]
fn chats_of_equal_title_are_told_apart() {
    let mut ledger = truth();
    let account = &mut ledger.accounts[0];
    for chat in &mut account.chats {
        if chat.title == "Bruno Away" {
            chat.title = "Alice Online".into();
        }
    }
    let stored = stored(&ledger);
    assert_eq!(compare(&ledger, &stored, &Options::default()), []);
}

#[test]
fn an_account_must_be_named_when_there_are_several() {
    let mut ledger = truth();
    let mut second = ledger.accounts[0].clone();
    second.id = "second".into();
    ledger.accounts.push(second);
    let stored = stored(&ledger);
    assert!(matches!(compare(&ledger, &stored, &Options::default()).as_slice(), [Fault::Account { .. }]));
    let named = Options { account: Some("second".into()), ..Options::default() };
    assert_eq!(compare(&ledger, &stored, &named), []);
}
