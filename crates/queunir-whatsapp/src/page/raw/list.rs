//! Observation `list`: the rendered window of the chat list.

use serde::{Deserialize, Serialize};

use super::{Capped, HealthReport, MAX_LIST, Rejected, long, short, short_option};

/// One row of the chat list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListRow {
    /// Which look at the list showed it.
    #[serde(skip)]
    pub look: u64,
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
    /// Stands for the address of the chat's own picture.
    pub picture: Option<String>,
    /// Messages to oneself.
    pub yourself: bool,
    /// Marked as the open chat.
    pub selected: bool,
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
        short_option("list.picture", self.picture.as_ref())?;
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
    /// Tells the document from all others.
    #[serde(default)]
    pub document: String,
    /// Rises from one look at the document's lists to the next.
    #[serde(default)]
    pub look: u64,
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
        short_option("document", Some(&self.document))?;
        self.health.as_ref().map_or(Ok(()), Capped::check)?;
        self.rows.iter().try_for_each(Capped::check)
    }
}
