//! Observation `conversation`: header and rows of the open chat, every signal as it is drawn.

use serde::{Deserialize, Serialize};

use super::{Capped, HealthReport, MAX_ROWS, Rejected, long, short, short_option};

/// A quoted message in a bubble.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawQuote {
    /// Author as shown.
    pub sender: Option<String>,
    /// Text as shown.
    pub text: String,
}

impl RawQuote {
    pub(super) fn check(&self) -> Result<(), Rejected> {
        short_option("quoted.sender", self.sender.as_ref())?;
        long("quoted.text", &self.text)
    }
}

/// What a file row tells of its file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawMedia {
    /// File name.
    pub name: Option<String>,
    /// Duration words, as in `0:12`.
    pub duration: Option<String>,
    /// Size words, as in `120 kB`.
    pub size: Option<String>,
    /// What is drawn of each file: `whole`, `preview` or `nothing`.
    pub files: Vec<String>,
}

/// Most files of one message; the page draws four of an album.
const MAX_FILES: usize = 40;
/// Longest data address of a preview.
const MAX_PREVIEW: usize = 400_000;

/// What `__qn.media({key, place})` returns: the open chat and the addresses under which the page shows a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MediaAddress {
    /// Title of the open chat, as found.
    pub title: String,
    /// Whether the row is drawn.
    pub drawn: bool,
    /// `blob:` address of the file itself.
    pub whole: Option<String>,
    /// `blob:` or `data:` address of a preview.
    pub preview: Option<String>,
}

impl Capped for MediaAddress {
    fn check(&self) -> Result<(), Rejected> {
        short("media.title", &self.title)?;
        short_option("media.whole", self.whole.as_ref())?;
        if self.preview.as_ref().is_some_and(|preview| preview.len() > MAX_PREVIEW) {
            return Err(Rejected::Cap("media.preview"));
        }
        Ok(())
    }
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
    /// `aria-label`s in the meta line; a delivery state without an icon is among them.
    pub meta_labels: Vec<String>,
    /// Forwarded.
    pub forwarded: bool,
    /// A star in the meta line.
    pub starred: bool,
    /// A pin in the meta line.
    pub pinned: bool,
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
        let lists = [&self.ack_colours, &self.meta, &self.meta_labels, &self.reactions];
        lists.into_iter().flatten().try_for_each(|text| short("row.labels", text))?;
        self.quoted.as_ref().map_or(Ok(()), RawQuote::check)?;
        if let Some(media) = &self.media {
            short_option("row.media", media.name.as_ref())?;
            short_option("row.media", media.duration.as_ref())?;
            short_option("row.media", media.size.as_ref())?;
            if media.files.len() > MAX_FILES {
                return Err(Rejected::Cap("row.media.files"));
            }
            media.files.iter().try_for_each(|shown| short("row.media.files", shown))?;
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
    /// How many pieces the whole conversation has, when only a stretch of it was asked for.
    #[serde(default)]
    pub pieces: Option<u32>,
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
