//! Observation `state`: the screen and what stands on it.

use serde::{Deserialize, Serialize};

use super::{Capped, Rejected, short, short_option};

/// The screens of evidence 1.2 as the reader names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the evidence")]
pub enum Screen {
    /// No document worth the name yet.
    Blank,
    Startup,
    Syncing,
    /// A code is on screen.
    Qr,
    /// The place of the code is there, without a code.
    QrWait,
    /// The batch is over; the page waits for a press on reload.
    QrIdle,
    PhoneLogin,
    Main,
    AnotherSession,
    Conflict,
    Offline,
    Blocked,
    LoggedOut,
    Locked,
    Passkey,
    Unsupported,
    Unknown,
}

/// A dialog on top of the page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dialog {
    /// Whether one is there.
    pub present: bool,
    /// Its name in the catalogue, such as `use_here` or `fresh_look`; absent for an unknown one.
    pub known: Option<String>,
    /// Its text, cut, for the log of unknown ones only.
    pub text: Option<String>,
    /// Centre of the one button that answers a known dialog.
    pub x: f64,
    /// See `x`.
    pub y: f64,
}

impl Capped for Dialog {
    fn check(&self) -> Result<(), Rejected> {
        short_option("dialog", self.known.as_ref())?;
        short_option("dialog", self.text.as_ref())
    }
}

/// Kind `state`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Version of the schema.
    pub v: u32,
    /// `state`.
    pub kind: String,
    /// Whether the tab counts as visible; the page stops drawing rows when it does not.
    pub visible: bool,
    /// Markup generation: `g2`, `g3`, `unknown`.
    pub generation: String,
    /// `html[lang]`.
    #[serde(default)]
    pub lang: Option<String>,
    /// Which screen.
    pub screen: Screen,
    /// `data-ref`, as found.
    #[serde(default)]
    pub qr: Option<String>,
    /// The characters for the phone, on the screen for linking by phone number.
    #[serde(default)]
    pub link_code: Option<String>,
    /// Percentage, of the loading screen or the history banner.
    #[serde(default)]
    pub sync_percent: Option<f64>,
    /// Title of the row of messages to oneself, which may be our number.
    #[serde(default)]
    pub own_title: Option<String>,
    /// Offline banner on the main screen.
    #[serde(default)]
    pub offline: bool,
    /// Dialog.
    #[serde(default)]
    pub dialog: Option<Dialog>,
}

impl Capped for State {
    fn check(&self) -> Result<(), Rejected> {
        short("generation", &self.generation)?;
        short_option("lang", self.lang.as_ref())?;
        short_option("qr", self.qr.as_ref())?;
        short_option("link_code", self.link_code.as_ref())?;
        short_option("own_title", self.own_title.as_ref())?;
        self.dialog.as_ref().map_or(Ok(()), Capped::check)
    }
}
