//! What the reader says, word for word: the wire schema, its caps, and the refusal of everything else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Longest accepted batch in bytes (CHR-11).
pub const MAX_BATCH: usize = 1 << 20;
/// Longest accepted text in characters (CHR-11); WhatsApp's own limit for a message is 65,536.
pub const MAX_TEXT: usize = 70_000;
/// Longest accepted name, label or other short text in characters.
pub const MAX_LABEL: usize = 4_000;
/// Most rows of a chat list in one batch.
pub const MAX_LIST: usize = 3_000;
/// Most rows of a conversation in one batch.
pub const MAX_ROWS: usize = 1_500;
/// Version of the schema.
pub const VERSION: u32 = 1;

/// Why a batch was refused; count these.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// More bytes than [`MAX_BATCH`].
    #[error("batch of {0} bytes is too large")]
    TooLarge(usize),
    /// Not JSON of the expected shape.
    #[error("batch is not of the expected shape: {0}")]
    Malformed(String),
    /// Another version of the schema.
    #[error("schema version {0} is not known")]
    Version(u32),
    /// A kind that this version does not have.
    #[error("unknown kind of observation")]
    Kind,
    /// A field is longer than its cap.
    #[error("field {0} is over its cap")]
    Cap(&'static str),
    /// A function of the reader answered `{error: code}`.
    #[error("the reader answered: {0}")]
    Reader(String),
}

/// Something with caps to keep.
pub trait Capped {
    /// Refuses what is over a cap.
    ///
    /// # Errors
    /// [`Rejected::Cap`] with the field's name.
    fn check(&self) -> Result<(), Rejected>;
}

fn short(field: &'static str, text: &str) -> Result<(), Rejected> {
    if text.len() > MAX_LABEL && text.chars().count() > MAX_LABEL { Err(Rejected::Cap(field)) } else { Ok(()) }
}

fn short_option(field: &'static str, text: Option<&String>) -> Result<(), Rejected> {
    text.map_or(Ok(()), |text| short(field, text))
}

fn long(field: &'static str, text: &str) -> Result<(), Rejected> {
    if text.len() > MAX_TEXT && text.chars().count() > MAX_TEXT { Err(Rejected::Cap(field)) } else { Ok(()) }
}

/// Decodes one batch and checks its size and caps.
///
/// # Errors
/// [`Rejected`] for everything that is not exactly a `T` within its caps.
pub fn decode<T: DeserializeOwned + Capped>(json: &str) -> Result<T, Rejected> {
    if json.len() > MAX_BATCH {
        return Err(Rejected::TooLarge(json.len()));
    }
    let value: T = serde_json::from_str(json).map_err(|error| malformed(&error))?;
    value.check()?;
    Ok(value)
}

/// Takes the value that a function of `globalThis.__qn` returned.
///
/// # Errors
/// [`Rejected::Reader`] when it answered `{error: code}`, else as [`decode`].
pub fn answer<T: DeserializeOwned + Capped>(value: serde_json::Value) -> Result<T, Rejected> {
    if let Some(code) = value.get("error").and_then(serde_json::Value::as_str) {
        return Err(Rejected::Reader(code.chars().take(200).collect()));
    }
    let value: T = serde_json::from_value(value).map_err(|error| malformed(&error))?;
    value.check()?;
    Ok(value)
}

/// The error's category and place, never the page's own words.
fn malformed(error: &serde_json::Error) -> Rejected {
    Rejected::Malformed(format!("{:?} at {}:{}", error.classify(), error.line(), error.column()))
}

/// Which kind a pushed observation is.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope {
    /// Version of the schema.
    pub v: u32,
    /// `state`, `list`, `conversation` or `health`.
    pub kind: String,
}

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
        short_option("own_title", self.own_title.as_ref())?;
        self.dialog.as_ref().map_or(Ok(()), Capped::check)
    }
}

/// One row of the chat list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListRow {
    /// The `title` attribute, as found.
    pub title: String,
    /// Offset in the list, from `translateY`.
    pub y: f64,
    /// Height.
    pub height: f64,
    /// Place in the whole list, as far as the offsets tell.
    pub position: u32,
    /// Time words.
    pub time: String,
    /// Preview: the `title` of the last message's element, as found.
    pub preview: Option<String>,
    /// Author before the preview, without its colon.
    pub author: Option<String>,
    /// Delivery icon: its names.
    pub ack_icon: Option<String>,
    /// Its computed colours.
    pub ack_colours: Vec<String>,
    /// Media icon's name.
    pub media_icon: Option<String>,
    /// `aria-label` of the unread badge.
    pub unread_label: Option<String>,
    /// Whether the badge is there.
    pub unread_badge: bool,
    /// Pinned.
    pub pinned: bool,
    /// Muted.
    pub muted: bool,
    /// Archived.
    pub archived: bool,
    /// Somebody types: a preview line without the last message's element.
    pub typing: bool,
    /// A draft of ours hides the preview.
    pub draft: bool,
    /// `group`, `contact` or absent, by the default avatar.
    pub avatar: Option<String>,
    /// Messages to oneself.
    pub yourself: bool,
}

impl Capped for ListRow {
    fn check(&self) -> Result<(), Rejected> {
        short("list.title", &self.title)?;
        short("list.time", &self.time)?;
        self.preview.as_ref().map_or(Ok(()), |text| long("list.preview", text))?;
        short_option("list.author", self.author.as_ref())?;
        short_option("list.unread_label", self.unread_label.as_ref())?;
        short_option("list.ack_icon", self.ack_icon.as_ref())?;
        short_option("list.media_icon", self.media_icon.as_ref())?;
        short_option("list.avatar", self.avatar.as_ref())?;
        self.ack_colours.iter().try_for_each(|colour| short("list.ack_colours", colour))
    }
}

/// Kind `list`: the rendered window of the chat list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Version of the schema.
    pub v: u32,
    /// `list`.
    pub kind: String,
    /// Whether the tab counts as visible.
    pub visible: bool,
    /// Whether the list is there at all.
    pub present: bool,
    /// A search or filter is active: what is shown is not the list.
    #[serde(default)]
    pub searching: bool,
    /// `html[lang]`.
    #[serde(default)]
    pub lang: Option<String>,
    /// `aria-rowcount`.
    #[serde(default)]
    pub total: Option<u32>,
    /// Whether the window is the whole list.
    #[serde(default)]
    pub complete: bool,
    /// Rows by offset.
    #[serde(default)]
    pub rows: Vec<ListRow>,
    /// Report on the read.
    #[serde(default)]
    pub health: Option<HealthReport>,
}

impl Capped for List {
    fn check(&self) -> Result<(), Rejected> {
        if self.rows.len() > MAX_LIST {
            return Err(Rejected::Cap("list.rows"));
        }
        short_option("lang", self.lang.as_ref())?;
        self.health.as_ref().map_or(Ok(()), Capped::check)?;
        self.rows.iter().try_for_each(Capped::check)
    }
}

/// A quoted message in a bubble.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawQuote {
    /// Author as shown.
    pub sender: Option<String>,
    /// Text as shown.
    pub text: String,
}

/// What a file row tells of its file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawMedia {
    /// File name.
    pub name: Option<String>,
    /// Duration words, as in `0:12`.
    pub duration: Option<String>,
}

/// One row of a conversation: a message, a date marker or a notice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Row {
    /// `message`, `marker`, `notice`, `divider` or `start`.
    pub row: String,
    /// `data-id`, as found; messages only.
    pub id: String,
    /// Whether the content is drawn.
    pub drawn: bool,
    /// Text of a marker or notice, body of a message.
    pub text: String,
    /// The body ends in an unopened "Read more".
    pub cut: bool,
    /// What the markers say it is: a [`queunir_core::message::MessageKind`] name, or `none` when no marker was found.
    pub kind: Option<String>,
    /// Signal 2: `out` or `in` by class.
    pub class: Option<String>,
    /// Signal 3: `out` or `in` by tail icon.
    pub tail: Option<String>,
    /// Signal 4: a delivery state is drawn in the bubble.
    pub status: bool,
    /// Signal 5: the hidden author label, as found.
    pub author_label: Option<String>,
    /// The author's name as drawn in a group.
    pub author: Option<String>,
    /// Signal 6 and time: `data-pre-plain-text`, as found.
    pub pre: Option<String>,
    /// Signal 7: `start` or `end` side of the pane by geometry, in reading direction.
    pub side: Option<String>,
    /// The visible clock.
    pub clock: Option<String>,
    /// `aria-label` of the delivery state.
    pub ack_label: Option<String>,
    /// Its icon's names.
    pub ack_icon: Option<String>,
    /// Its icon's computed colours.
    pub ack_colours: Vec<String>,
    /// Shown as failed.
    pub failed: bool,
    /// Quoted message.
    pub quoted: Option<RawQuote>,
    /// Texts of the meta line besides clock and state ("Edited").
    pub meta: Vec<String>,
    /// Forwarded.
    pub forwarded: bool,
    /// Labels of reactions, as found.
    pub reactions: Vec<String>,
    /// File facts.
    pub media: Option<RawMedia>,
    /// `subtype-...` of a notice.
    pub subtype: Option<String>,
}

impl Capped for Row {
    fn check(&self) -> Result<(), Rejected> {
        short("row.row", &self.row)?;
        short("row.id", &self.id)?;
        long("row.text", &self.text)?;
        let shorts = [
            &self.kind,
            &self.class,
            &self.tail,
            &self.author_label,
            &self.author,
            &self.pre,
            &self.side,
            &self.clock,
            &self.ack_label,
            &self.ack_icon,
            &self.subtype,
        ];
        shorts.into_iter().try_for_each(|text| short_option("row.label", text.as_ref()))?;
        let lists = [&self.ack_colours, &self.meta, &self.reactions];
        lists.into_iter().flatten().try_for_each(|text| short("row.labels", text))?;
        if let Some(quote) = &self.quoted {
            short_option("row.quoted.sender", quote.sender.as_ref())?;
            long("row.quoted.text", &quote.text)?;
        }
        if let Some(media) = &self.media {
            short_option("row.media", media.name.as_ref())?;
            short_option("row.media", media.duration.as_ref())?;
        }
        Ok(())
    }
}

/// Kind `conversation`, and what `__qn.conversation()` and `__qn.messages()` return.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversation {
    /// Version of the schema.
    pub v: u32,
    /// `conversation`.
    pub kind: String,
    /// Whether the tab counts as visible; if not, the rows mean nothing.
    pub visible: bool,
    /// Whether a conversation is open.
    pub open: bool,
    /// `html[lang]`.
    #[serde(default)]
    pub lang: Option<String>,
    /// Title in the header, as found.
    #[serde(default)]
    pub title: String,
    /// Second line of the header.
    #[serde(default)]
    pub subtitle: Option<String>,
    /// `group`, `contact`, `yourself` or absent, by the header's marks.
    #[serde(default)]
    pub avatar: Option<String>,
    /// The composer's label, which contains the phone of unsaved contacts.
    #[serde(default)]
    pub composer_label: Option<String>,
    /// Rows in page order.
    #[serde(default)]
    pub rows: Vec<Row>,
    /// The encryption notice is drawn.
    #[serde(default)]
    pub at_start: bool,
    /// Scrolled to the end.
    #[serde(default)]
    pub at_end: bool,
    /// Offline banner.
    #[serde(default)]
    pub offline: bool,
    /// A composer is there.
    #[serde(default)]
    pub writable: bool,
    /// Report on the read.
    #[serde(default)]
    pub health: Option<HealthReport>,
}

impl Capped for Conversation {
    fn check(&self) -> Result<(), Rejected> {
        if self.rows.len() > MAX_ROWS {
            return Err(Rejected::Cap("conversation.rows"));
        }
        short_option("lang", self.lang.as_ref())?;
        short("conversation.title", &self.title)?;
        self.subtitle.as_ref().map_or(Ok(()), |text| long("conversation.subtitle", text))?;
        short_option("conversation.avatar", self.avatar.as_ref())?;
        short_option("conversation.composer_label", self.composer_label.as_ref())?;
        self.health.as_ref().map_or(Ok(()), Capped::check)?;
        self.rows.iter().try_for_each(Capped::check)
    }
}

/// Report on the latest reads of list and conversation together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HealthReport {
    /// `g2`, `g3`, `unknown`.
    pub generation: String,
    /// Row nodes seen.
    pub rows_seen: u32,
    /// Rows read.
    pub rows_read: u32,
    /// Field to family.
    pub anchors: BTreeMap<String, String>,
    /// Field to count.
    pub empty: BTreeMap<String, u32>,
    /// Rows, but nothing read from them.
    pub alarm: bool,
}

impl Capped for HealthReport {
    fn check(&self) -> Result<(), Rejected> {
        if self.anchors.len() > 200 || self.empty.len() > 200 {
            return Err(Rejected::Cap("health"));
        }
        short("health", &self.generation)?;
        self.anchors.iter().try_for_each(|(field, family)| short("health", field).and(short("health", family)))?;
        self.empty.keys().try_for_each(|field| short("health", field))
    }
}

/// Kind `health`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Health {
    /// Version of the schema.
    pub v: u32,
    /// `health`.
    pub kind: String,
    /// The report.
    pub health: HealthReport,
}

impl Capped for Health {
    fn check(&self) -> Result<(), Rejected> {
        self.health.check()
    }
}

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
    /// In view, not covered, not moving, and its pointer events are on: a click at (x, y) now reaches the row.
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
        short_option("composer.label", self.label.as_ref())
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

impl<T: Capped> Capped for Option<T> {
    fn check(&self) -> Result<(), Rejected> {
        self.as_ref().map_or(Ok(()), Capped::check)
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
without_text!(ChatRow, ScrollBox, Point, bool);
