//! The codes that link a phone: counted by their difference, with how long each stays.

use jiff::{SignedDuration, Timestamp};
use queunir_core::link::{Link, PageState, Pairing, PairingStep, QrCode};
use queunir_whatsapp::seen::SeenState;

/// Codes per batch, by WhatsApp's own cadence.
const CODES: u8 = 6;
/// How long the first code of a batch stays.
const FIRST_CODE_S: i64 = 60;
/// How long every other code stays.
const NEXT_CODE_S: i64 = 20;

/// How long the characters of a link by phone number stay, by the page's own program: three and a quarter minutes.
const LINK_CODE_S: i64 = 195;

/// What the screen says of linking by phone number. While it is on its way the page still shows other screens.
pub(super) fn follow_pairing(link: &mut Link, seen: &SeenState, now: Timestamp) {
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

pub(super) fn code_on_screen(link: &Link, value: &str, number: u8, now: Timestamp) -> QrCode {
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
