//! What the functions of `globalThis.__qn` return besides observations: points, figures, the editor's text.

use serde::{Deserialize, Serialize};

use super::{Capped, RawQuote, Rejected, long, short, short_option};

/// How many rows a search by title found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Found {
    #[default]
    None,
    One,
    Many,
}

/// What `__qn.chatRow({title, phone?})` returns; only rows of the rendered window are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChatRow {
    /// How many.
    pub found: Found,
    /// A point inside the cell frame, in viewport coordinates.
    pub x: f64,
    /// See `x`.
    pub y: f64,
    /// Place in the list.
    pub position: u32,
    /// In view, not covered, and its pointer events are on: a click at (x, y) now reaches the row.
    pub clickable: bool,
    /// Offset in the list, for `scrollListTo`.
    pub top: f64,
    /// Height.
    pub height: f64,
    /// Whether (x, y) lies inside the visible part of the list.
    #[serde(rename = "inView")]
    pub in_view: bool,
    /// Whether the row is marked as the open chat.
    pub selected: bool,
}

/// How far linking by phone number has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginStage {
    /// None of its screens.
    #[default]
    None,
    /// The QR code, with a way to the form.
    Offer,
    /// The form for the number.
    Form,
    /// The characters for the phone.
    Code,
}

/// What `__qn.phoneLogin()` returns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PhoneLogin {
    /// Which screen.
    pub stage: LoginStage,
    /// What leads from the QR code to the form.
    pub offer: Point,
    /// The field for the number.
    pub field: Point,
    /// What stands in it.
    pub value: String,
    /// Whether it has the focus.
    pub focused: bool,
    /// The button that asks for a code.
    pub next: Point,
    /// Whether the page says that the number is none.
    pub refused: bool,
}

impl Capped for PhoneLogin {
    fn check(&self) -> Result<(), Rejected> {
        short("value", &self.value)
    }
}

/// What `__qn.aimed()` returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Aimed {
    /// A press went elsewhere than to what `takeAim` named, and reached nothing.
    pub stopped: bool,
}

/// What `__qn.listBox()` and `__qn.conversationBox()` return: centre and scroll figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ScrollBox {
    /// Whether it is there.
    pub present: bool,
    /// Centre.
    pub x: f64,
    /// Centre.
    pub y: f64,
    /// `scrollTop`.
    pub scroll_top: f64,
    /// `scrollHeight`.
    pub scroll_height: f64,
    /// `clientHeight`.
    pub client_height: f64,
}

/// What the page shows above the oldest row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of `HistoryTop` in `page_api`")]
pub enum TopState {
    Start,
    Phone,
    Syncing,
    #[default]
    More,
}

/// What `__qn.historyTop()` returns: the open chat, what stands above its oldest row, and the button, if that is one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HistoryTop {
    /// Title of the open chat, as found.
    pub title: String,
    /// What stands there.
    pub state: TopState,
    /// Centre of the button.
    pub x: f64,
    /// See `x`.
    pub y: f64,
}

impl Capped for HistoryTop {
    fn check(&self) -> Result<(), Rejected> {
        short("top.title", &self.title)
    }
}

/// What `__qn.archiveDoor()` returns: the way into the archived chats, or out of the drawer that covers the list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArchiveDoor {
    /// Whether there is one.
    pub present: bool,
    /// What the way in says; of a drawer, what it says without its rows.
    pub label: String,
    /// Whether a drawer covers the list: then this is the way out.
    pub open: bool,
}

impl Capped for ArchiveDoor {
    fn check(&self) -> Result<(), Rejected> {
        short("archive.label", &self.label)
    }
}

/// What `__qn.composer()` returns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Composer {
    /// Whether the editor is there.
    pub present: bool,
    /// Whether it takes text.
    pub writable: bool,
    /// What a person reads in it.
    pub text: String,
    /// Nothing in it.
    pub empty: bool,
    /// A point inside it.
    pub x: f64,
    /// See `x`.
    pub y: f64,
    /// Has the focus.
    pub focused: bool,
    /// Holds text.
    pub has_draft: bool,
    /// Its label.
    pub label: Option<String>,
    /// What stands above it to be sent along.
    pub quote: Option<RawQuote>,
}

/// A button or other point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Point {
    /// Whether it is there.
    pub present: bool,
    /// Centre.
    pub x: f64,
    /// Centre.
    pub y: f64,
}

/// What `__qn.picture({title, phone?})` returns: where the chat's own picture is drawn, in viewport coordinates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Picture {
    /// One row has that name, and the whole of its picture is loaded, in view, and not covered.
    pub present: bool,
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// Stands for its address.
    pub token: String,
}

impl Capped for Picture {
    fn check(&self) -> Result<(), Rejected> {
        short("picture.token", &self.token)
    }
}

/// What `__qn.folded({skip})` returns: where the "Read more" of a message stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Folded {
    /// Whether there is one.
    pub present: bool,
    /// Centre.
    pub x: f64,
    /// Centre.
    pub y: f64,
    /// Whose it is.
    pub key: String,
}

impl Capped for Folded {
    fn check(&self) -> Result<(), Rejected> {
        short("folded", &self.key)
    }
}

/// What `__qn.preview()` returns: the screen that shows a file before it is sent. `present` and the point are those of
/// its caption's editor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preview {
    /// Whether the screen is there.
    pub present: bool,
    /// A point inside the editor.
    pub x: f64,
    /// See `x`.
    pub y: f64,
    /// What a person reads in the editor.
    pub text: String,
    /// The editor has the focus.
    pub focused: bool,
    /// The button that sends; not present while something lies above it.
    pub send: Point,
    /// How many files it says that it would send.
    pub count: u32,
    /// Names of files that it shows.
    pub names: Vec<String>,
}

/// What `__qn.lastMessage()` returns, or null.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LastMessage {
    /// `data-id`, as found.
    pub key: String,
    /// `in`, `out` or `unknown`, by the reader's own quick look.
    pub direction: String,
}

/// What `__qn.header()` returns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Header {
    /// Whether a conversation is open.
    pub present: bool,
    /// Title, as found.
    pub title: String,
    /// Second line.
    pub subtitle: Option<String>,
}

impl Capped for Composer {
    fn check(&self) -> Result<(), Rejected> {
        long("composer.text", &self.text)?;
        self.quote.as_ref().map_or(Ok(()), RawQuote::check)?;
        short_option("composer.label", self.label.as_ref())
    }
}

impl Capped for Preview {
    fn check(&self) -> Result<(), Rejected> {
        long("preview.text", &self.text)?;
        self.names.iter().take(20).try_for_each(|name| short("preview.names", name))
    }
}

impl Capped for LastMessage {
    fn check(&self) -> Result<(), Rejected> {
        short("lastMessage", &self.key)?;
        short("lastMessage", &self.direction)
    }
}

impl Capped for Header {
    fn check(&self) -> Result<(), Rejected> {
        short("header.title", &self.title)?;
        self.subtitle.as_ref().map_or(Ok(()), |text| long("header.subtitle", text))
    }
}

macro_rules! without_text {
    ($($name:ty),*) => {
        $(impl Capped for $name {
            fn check(&self) -> Result<(), Rejected> {
                Ok(())
            }
        })*
    };
}
without_text!(Aimed, ChatRow, ScrollBox, Point, bool);
