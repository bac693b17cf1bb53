//! The link through screens, codes and verdicts.

use jiff::Timestamp;
use queunir_core::link::{AccountQuestion, Condition, PageState, PairingStep};
use queunir_db::slice::link_state::LinkState;
use queunir_whatsapp::{drift::Verdict, seen::SeenState};

use super::{Codes, Hold, LinkCell};

fn qr(value: &str) -> SeenState {
    SeenState { qr: Some(value.into()), ..SeenState::plain(PageState::Qr) }
}

fn screen(state: PageState) -> SeenState {
    SeenState::plain(state)
}

#[test]
fn codes_are_counted_by_difference_and_start_over_after_a_timeout() {
    let mut codes = Codes::default();
    assert_eq!(codes.watch(&qr("a")), Some(1));
    assert_eq!(codes.watch(&qr("a")), Some(1));
    assert_eq!(codes.watch(&qr("b")), Some(2));
    assert_eq!(codes.watch(&screen(PageState::QrTimeout)), None);
    assert_eq!(codes.watch(&screen(PageState::QrTimeout)), None);
    assert_eq!(codes.batches(), 1);
    assert_eq!(codes.watch(&qr("c")), Some(1));
}

#[test]
fn the_first_code_of_a_batch_stays_a_minute_and_the_others_twenty_seconds() {
    let start = Timestamp::UNIX_EPOCH;
    let cell = LinkCell::new(&LinkState::default(), None, start);
    cell.seen(&qr("a"), Some(1), start);
    let stays = |cell: &LinkCell| cell.now().qr.map(|code| code.expires_at.as_second() - code.shown_at.as_second());
    assert_eq!(stays(&cell), Some(60));
    cell.seen(&qr("b"), Some(2), start);
    assert_eq!(stays(&cell), Some(20));
    cell.seen(&screen(PageState::Syncing), None, start);
    assert_eq!(cell.now().qr, None);
}

fn characters(code: Option<&str>) -> SeenState {
    SeenState { link_code: code.map(str::to_owned), ..SeenState::plain(PageState::Pairing) }
}

#[test]
fn the_characters_for_the_phone_are_counted_and_live_as_long_as_the_page_keeps_them() {
    let start = Timestamp::UNIX_EPOCH;
    let cell = LinkCell::new(&LinkState::default(), None, start);
    cell.pairing(Some(PairingStep::Typing));
    cell.seen(&qr("b"), Some(2), start);
    assert_eq!(cell.now().pairing.unwrap().step, PairingStep::Typing, "a code that changes meanwhile ends nothing");
    cell.seen(&characters(None), None, start);
    cell.seen(&characters(Some("ABCD2345")), None, start);
    cell.seen(&characters(Some("ABCD2345")), None, start);
    let first = cell.now().pairing.unwrap();
    assert_eq!((first.step, first.number, first.code.as_deref()), (PairingStep::Code, 1, Some("ABCD2345")));
    assert_eq!(first.expires_at.unwrap().duration_since(first.shown_at.unwrap()).as_secs(), 195);
    cell.seen(&characters(Some("EFGH6789")), None, start);
    assert_eq!(cell.now().pairing.unwrap().number, 2);
    cell.seen(&characters(None), None, start);
    assert_eq!(cell.now().pairing.unwrap().code, None, "over, and the page asks for a press");
    cell.seen(&screen(PageState::Syncing), None, start);
    assert_eq!(cell.now().pairing, None);
}

#[test]
fn chr_07_the_condition_says_what_the_link_is_good_for_and_since_when() {
    let at = |second| Timestamp::from_second(second).unwrap();
    let cell = LinkCell::new(&LinkState::default(), None, at(0));
    let told = || (cell.now().condition, cell.now().condition_since.as_second());
    cell.starting(at(1));
    assert_eq!(told(), (Condition::Disconnected, 0));
    cell.seen(&screen(PageState::Linked), None, at(5));
    assert_eq!(told(), (Condition::Connected, 5));
    cell.seen(&screen(PageState::Offline), None, at(9));
    cell.seen(&screen(PageState::Conflict), None, at(11));
    assert_eq!(told(), (Condition::Deaf, 9));
    cell.seen(&screen(PageState::Unknown), None, at(12));
    assert_eq!(told(), (Condition::Unknown, 12));
    cell.seen(&screen(PageState::Linked), None, at(20));
    let verdict = Verdict { dead: Vec::new(), unreadable: vec!["list.title".into()] };
    cell.reader(&verdict, at(30));
    assert_eq!(told(), (Condition::Deaf, 30), "linked, and nothing of it is read");
    cell.reader(&Verdict::default(), at(40));
    assert_eq!(told(), (Condition::Connected, 40));
}

#[test]
fn a_held_link_shows_no_linked_page_and_takes_over_no_number() {
    let start = Timestamp::UNIX_EPOCH;
    let remembered = LinkState { phone: Some("+551".into()), ..LinkState::default() };
    let cell = LinkCell::new(&remembered, None, start);
    cell.hold(Hold::Checking, start);
    let linked = SeenState { phone: Some("+552".into()), ..screen(PageState::Linked) };
    assert_eq!(cell.seen(&linked, None, start).to, PageState::Syncing);
    let question = AccountQuestion { before: Some("+551".into()), now: Some("+552".into()), chats: 3 };
    assert!(cell.hold(Hold::Asked(question.clone()), start));
    assert_eq!(cell.seen(&linked, None, start).to, PageState::OtherAccount);
    let link = cell.now();
    assert_eq!((link.account, link.phone.as_deref(), link.was_linked), (Some(question), Some("+551"), false));
    assert!(cell.hold(Hold::Free, start));
    assert_eq!((cell.state(), cell.now().account), (PageState::Linked, None));
}

#[test]
fn a_code_after_a_link_can_be_told_from_a_first_code() {
    let start = Timestamp::UNIX_EPOCH;
    let cell = LinkCell::new(&LinkState::default(), None, start);
    cell.seen(&qr("a"), Some(1), start);
    assert!(!cell.now().was_linked);
    cell.seen(&screen(PageState::Linked), None, start);
    cell.seen(&screen(PageState::LoggedOut), None, start);
    cell.seen(&qr("b"), Some(1), start);
    assert!(cell.now().was_linked);
    let remembered = LinkState { was_linked: true, ..LinkState::default() };
    assert!(LinkCell::new(&remembered, None, start).now().was_linked, "also after a restart");
}
