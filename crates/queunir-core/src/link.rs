//! What a slice knows of its link to WhatsApp: the page's state, the code on screen, the progress.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the page shows, as far as evidence allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageState {
    /// No browser runs (level *service*).
    NoBrowser,
    /// The browser or the page is starting; nothing is known yet.
    Starting,
    /// A code waits to be scanned.
    Qr,
    /// The sixth code has expired; the page waits for a press on its reload button.
    QrTimeout,
    /// The page shows its form for linking by phone number, or the characters to type on the phone.
    Pairing,
    /// Scanned; chats are being downloaded to the page.
    Syncing,
    /// The chat list is there.
    Linked,
    /// The computer, or the phone, is not reachable; what is shown may be old.
    Offline,
    /// Another window or browser uses the account.
    Conflict,
    /// The phone removed this device.
    LoggedOut,
    /// Another account than the one whose data are stored may be linked; nothing is stored until a person answers.
    OtherAccount,
    /// WhatsApp asks for a passkey that a headless browser cannot give.
    PasskeyRequired,
    /// WhatsApp refuses this browser.
    UnsupportedBrowser,
    /// Temporary ban, terms block or "service unavailable".
    Blocked,
    /// None of the known screens.
    Unknown,
}

/// What the link is good for, by evidence (CHR-07).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The page answers, is linked, and is read.
    Connected,
    /// The page answers and is linked, and what arrives does not get here: no network, another window, or a page that
    /// cannot be read.
    Deaf,
    /// The page does not answer, or shows nothing that is known.
    Unknown,
    /// There is no link, or no browser.
    Disconnected,
}

/// A time in which the link was not good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkSpan {
    /// Rises from span to span.
    pub id: i64,
    /// What it was instead of connected.
    pub condition: Condition,
    /// Why, as far as is known: a word of `PageState` or `StopReason`, or `not_running` for the slice itself.
    pub reason: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub began_at: Timestamp,
    /// Until when; absent while it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// Chats that may lack messages of that time: not read back to known ground since, by what is stored now.
    pub chats_in_doubt: i64,
}

/// What is done about a page that does not come up (CHR-08).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Repair {
    /// Browsers in a row that came to no screen on which anything can be done.
    pub attempts: u32,
    /// When the first of them began.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// Nothing more is tried for half an hour, unless a person asks for it.
    pub needs_person: bool,
}

/// A question that keeps everything of a newly linked account from being stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountQuestion {
    /// The number that the stored data belong to, where the page had shown it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The number that is linked now, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// Stored chats.
    pub chats: i64,
}

/// What is being ended or erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartingKind {
    /// The link alone; messages and files stay.
    Disconnect,
    /// Link, messages and files.
    Wipe,
    /// Messages and files; the link stays.
    WipeData,
}

/// One step of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartingStep {
    /// The browser ends and its profile, which is the credential, is deleted.
    Credentials,
    /// Chats, messages and everything said about them.
    Messages,
    /// Files of messages.
    Files,
}

impl PartingKind {
    /// Its steps in their order.
    #[must_use]
    pub fn steps(self) -> &'static [PartingStep] {
        match self {
            Self::Disconnect => &[PartingStep::Credentials],
            Self::Wipe => &[PartingStep::Credentials, PartingStep::Messages, PartingStep::Files],
            Self::WipeData => &[PartingStep::Messages, PartingStep::Files],
        }
    }
}

/// How far ending or erasing has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Parting {
    /// What is done.
    pub kind: PartingKind,
    /// Steps that are done.
    pub done: Vec<PartingStep>,
    /// When the last step was done; absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

/// A code on screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QrCode {
    /// The page's `data-ref`, handed through unparsed; the browser draws it.
    pub value: String,
    /// 1 to 6.
    pub number: u8,
    /// How many codes a batch has: 6.
    pub of: u8,
    /// When this code appeared.
    #[schema(value_type = String, format = DateTime)]
    pub shown_at: Timestamp,
    /// When it is expected to be replaced.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// How far linking by phone number has come. Nothing of it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pairing {
    /// What happens now.
    pub step: PairingStep,
    /// The characters to type on the phone, without separators, in step `code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// How many codes there have been since the number was typed, this one included.
    pub number: u8,
    /// When this code appeared.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub shown_at: Option<Timestamp>,
    /// When it is expected to be replaced, as far as is known: 195 s after it appeared, by the page's own program.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

/// See [`Pairing`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PairingStep {
    /// The number is being typed into the page, or the page asks for a code.
    Typing,
    /// A code waits to be typed on the phone.
    Code,
    /// The page does not take the number.
    NumberRefused,
    /// The page could not be led there; the QR code still works.
    Failed,
}

/// Whether Queunir may open chats by itself (architecture, decision 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadingMode {
    /// Everything is stored as it arrives; customers see blue ticks.
    Background,
    /// Only chats that a person opens are opened in the page.
    OnOpen,
}

/// How well the page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReaderState {
    /// The page is not drawn as it was: something is found by a second choice only, or not at all.
    Degraded,
}

/// What is wrong with the reading of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReaderTrouble {
    /// How bad it is.
    pub state: ReaderState,
    /// Since when something is missed.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// Anchors that find nothing where something belongs, as `field:family`.
    pub dead: Vec<String>,
    /// What is not read at all; empty while every field has an anchor that finds it.
    pub unreadable: Vec<String>,
}

/// The snapshot `link`: everything a browser needs to draw the connection of a running slice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Link {
    /// What the page shows.
    pub state: PageState,
    /// The code on screen, in state `qr` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr: Option<QrCode>,
    /// Linking by phone number, from when a number was given until the page leaves that screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pairing: Option<Pairing>,
    /// Percentage shown while syncing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_percent: Option<u8>,
    /// Chats stored so far during the first list ("Found: N contacts").
    pub chats_found: u32,
    /// Whether the first complete list has been stored since linking.
    pub first_list_complete: bool,
    /// Whether a phone has been linked before; a code on screen then means that it removed this device.
    #[serde(default)]
    pub was_linked: bool,
    /// The linked number, where the page has shown it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Chosen at linking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading_mode: Option<ReadingMode>,
    /// What the link is good for.
    pub condition: Condition,
    /// Since when it is that.
    #[schema(value_type = String, format = DateTime)]
    pub condition_since: Timestamp,
    /// What is done about a page that does not come up; absent while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair: Option<Repair>,
    /// Asked in state `other_account`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountQuestion>,
    /// The latest ending or erasing, until somebody links again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parting: Option<Parting>,
    /// Since when `state` holds.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// Last moment at which the page was seen linked and reachable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub certain_until: Option<Timestamp>,
    /// What of the page is not found where it was; absent while everything is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<ReaderTrouble>,
    /// Why no browser runs, in state `no_browser`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<crate::slice::StopReason>,
}

impl Link {
    /// What the link is good for by its other fields.
    #[must_use]
    pub fn judged(&self) -> Condition {
        match self.state {
            PageState::Linked if self.reader.as_ref().is_some_and(|reader| !reader.unreadable.is_empty()) => {
                Condition::Deaf
            }
            PageState::Linked => Condition::Connected,
            PageState::Offline | PageState::Conflict => Condition::Deaf,
            PageState::Unknown => Condition::Unknown,
            PageState::NoBrowser
            | PageState::Starting
            | PageState::Qr
            | PageState::QrTimeout
            | PageState::Pairing
            | PageState::Syncing
            | PageState::LoggedOut
            | PageState::OtherAccount
            | PageState::PasskeyRequired
            | PageState::UnsupportedBrowser
            | PageState::Blocked => Condition::Disconnected,
        }
    }
}
