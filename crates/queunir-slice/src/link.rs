//! What is known of the link to WhatsApp, as the snapshot that browsers get.
//!
//! ```text
//! no_browser ─(initialize)─> starting ─> qr ─(6 codes)─> qr_timeout ─(retry)─> qr
//!      ^                        │         └─(scan)─> syncing ─> linked <─> offline, conflict, unknown
//!      │                        └─(number)─> pairing ─(typed on the phone)─> syncing
//!      └──(stop, 3 batches, 10 min without a viewer)──┘            └─> logged_out ─> qr
//! ```

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use queunir_core::{
    link::{
        AccountQuestion, Condition, Link, PageState, Pairing, PairingStep, Parting, QrCode, ReaderState, ReaderTrouble,
        ReadingMode, Repair,
    },
    slice::StopReason,
};
use queunir_db::slice::link_state::LinkState;
use queunir_whatsapp::{drift::Verdict, seen::SeenState};
use tokio::sync::watch;

/// Codes per batch, by WhatsApp's own cadence.
const CODES: u8 = 6;
/// How long the first code of a batch stays.
const FIRST_CODE_S: i64 = 60;
/// How long every other code stays.
const NEXT_CODE_S: i64 = 20;

/// How long the characters of a link by phone number stay, by the page's own program: three and a quarter minutes.
const LINK_CODE_S: i64 = 195;

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

/// Whether a page with this state has come up: it shows what it is, even if that is a refusal.
#[must_use]
pub fn is_settled(state: PageState) -> bool {
    !matches!(state, PageState::NoBrowser | PageState::Starting | PageState::Syncing | PageState::Unknown)
}

/// The state that is shown for a linked page.
fn under(hold: &Hold, state: PageState) -> PageState {
    match (hold, state) {
        (Hold::Checking, PageState::Linked | PageState::Offline) => PageState::Syncing,
        (Hold::Asked(_), PageState::Linked | PageState::Offline | PageState::Syncing) => PageState::OtherAccount,
        _ => state,
    }
}

/// Judges the link anew after a change.
fn settle(link: &mut Link, now: Timestamp) {
    let judged = link.judged();
    if link.condition != judged {
        link.condition = judged;
        link.condition_since = now;
    }
}

fn enter(link: &mut Link, state: PageState, now: Timestamp) {
    if link.state == state {
        return;
    }
    if link.state == PageState::Linked || state == PageState::Linked {
        link.certain_until = Some(now);
    }
    link.state = state;
    link.since = now;
}

/// What the screen says of linking by phone number. While it is on its way the page still shows other screens.
fn follow_pairing(link: &mut Link, seen: &SeenState, now: Timestamp) {
    let step = link.pairing.as_ref().map(|pairing| pairing.step);
    let Some(code) = seen.link_code.as_ref().filter(|_| seen.state == PageState::Pairing) else {
        let on_the_way = matches!(
            seen.state,
            PageState::Starting | PageState::Qr | PageState::QrTimeout | PageState::Pairing | PageState::Unknown
        );
        match (&mut link.pairing, step) {
            // The code is over and the page waits for somebody who asks for another.
            (Some(pairing), Some(PairingStep::Code)) if seen.state == PageState::Pairing => pairing.code = None,
            (_, Some(PairingStep::Code)) => link.pairing = None,
            (_, Some(_)) if !on_the_way => link.pairing = None,
            _ => {}
        }
        return;
    };
    let before = link.pairing.as_ref();
    if before.is_some_and(|pairing| pairing.code.as_ref() == Some(code)) {
        return;
    }
    link.pairing = Some(Pairing {
        step: PairingStep::Code,
        code: Some(code.clone()),
        number: before.map_or(0, |pairing| pairing.number).saturating_add(1),
        shown_at: Some(now),
        expires_at: Some(now.saturating_add(SignedDuration::from_secs(LINK_CODE_S)).unwrap_or(now)),
    });
}

fn code_on_screen(link: &Link, value: &str, number: u8, now: Timestamp) -> QrCode {
    match &link.qr {
        Some(code) if code.value == value => code.clone(),
        _ => {
            let seconds = if number == 1 { FIRST_CODE_S } else { NEXT_CODE_S };
            QrCode {
                value: value.to_owned(),
                number,
                of: CODES,
                shown_at: now,
                expires_at: now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(now),
            }
        }
    }
}

/// Counts the codes of a batch by their difference; the page does not number them.
#[derive(Debug, Default)]
pub struct Codes {
    last: Option<String>,
    number: u8,
    batches: u8,
}

impl Codes {
    /// The number of the code on screen, if there is one.
    pub fn watch(&mut self, seen: &SeenState) -> Option<u8> {
        match (seen.state, &seen.qr) {
            (PageState::Qr, Some(value)) => {
                if self.last.as_ref() != Some(value) {
                    self.last = Some(value.clone());
                    self.number = if self.number >= CODES { 1 } else { self.number + 1 };
                }
                Some(self.number)
            }
            (PageState::Qr, None) => None,
            (PageState::QrTimeout, _) => {
                if self.last.take().is_some() {
                    self.batches = self.batches.saturating_add(1);
                }
                self.number = 0;
                None
            }
            _ => {
                *self = Self::default();
                None
            }
        }
    }

    /// How many batches nobody scanned.
    #[must_use]
    pub fn batches(&self) -> u8 {
        self.batches
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
