//! What the reader says, word for word: the wire schema, its caps, and the refusal of everything else.

mod acts;
mod calls;
mod conversation;
mod health;
mod list;
mod state;

use serde::{Deserialize, de::DeserializeOwned};

pub use acts::{Control, Controls, MessageRow, Said, Texts};
pub use calls::{
    Aimed, ArchiveDoor, ChatRow, Composer, Folded, Found, Header, HistoryTop, LastMessage, LoginStage, PhoneLogin,
    Picture, Point, Preview, ScrollBox, TopState,
};
pub use conversation::{Conversation, MediaAddress, RawMedia, RawQuote, Row};
pub use health::{Health, HealthReport};
pub use list::{List, ListRow};
pub use state::{Dialog, Screen, State};

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

impl<T: Capped> Capped for Option<T> {
    fn check(&self) -> Result<(), Rejected> {
        self.as_ref().map_or(Ok(()), Capped::check)
    }
}
