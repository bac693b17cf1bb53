//! Scenario files: an account with its people and conversations, placed in time relative to now.

mod build;
mod content;
mod generate;
mod marks;
mod script;

pub use build::{colour, encryption_notice, origin_of};
pub use generate::Generate;

use std::path::Path;

use serde::Deserialize;

use crate::clock::Millis;
use crate::world::{Account, Ack, Business, Member, Reach};

#[derive(rust_embed::RustEmbed)]
#[folder = "scenarios"]
struct BuiltIn;

/// Why a scenario cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// Neither a built-in name nor a file.
    #[error("no scenario {0:?}: not built in and not a readable file")]
    Unknown(String),
    /// Not the TOML we expect.
    #[error("scenario {name}: {source}")]
    Syntax {
        /// Which one.
        name: String,
        /// What the parser said.
        source: Box<toml::de::Error>,
    },
    /// A conversation has a line that means nothing.
    #[error("chat {chat:?}, script line {line}: {why}")]
    Script {
        /// Title of the chat.
        chat: String,
        /// Counted from one.
        line: usize,
        /// What is wrong.
        why: String,
    },
    /// A chat that cannot exist.
    #[error("chat {chat:?}: {why}")]
    Chat {
        /// Title or number.
        chat: String,
        /// What is wrong.
        why: String,
    },
}

/// A scenario as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Gives the same keys and gaps every time.
    pub seed: u64,
    /// Whose phone it is.
    pub account: Owner,
    /// The conversations.
    #[serde(default)]
    pub chats: Vec<Conversation>,
    /// More chats, made up.
    pub generate: Option<Generate>,
}

/// The owner of the phone.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// Short name for the control API.
    pub id: String,
    /// Profile name.
    pub name: String,
    /// Number.
    pub phone: String,
    /// Language of the page.
    pub locale: String,
    /// Clock setting of the phone.
    pub hour12: Option<bool>,
    /// Where the owner lives.
    pub time_zone: String,
}

/// One chat as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversation {
    /// Saved name or subject; absent for unsaved numbers.
    pub name: Option<String>,
    /// Number, absent for groups.
    pub phone: Option<String>,
    /// The name the contact gave themselves.
    pub push: Option<String>,
    /// Members make it a group.
    #[serde(default)]
    pub members: Vec<Member>,
    /// Kept on top.
    #[serde(default)]
    pub pinned: bool,
    /// No notifications.
    #[serde(default)]
    pub muted: bool,
    /// Out of the main list.
    #[serde(default)]
    pub archived: bool,
    /// Among the favourites.
    #[serde(default)]
    pub favorite: bool,
    /// The chat with oneself.
    #[serde(default)]
    pub own: bool,
    /// What the contact says about itself, or the group's description.
    pub about: Option<String>,
    /// What a business says of itself.
    pub business: Option<Business>,
    /// Number of the picture; absent, the default one is shown.
    pub picture: Option<u32>,
    /// How the other side behaves.
    #[serde(default)]
    pub reach: Reach,
    /// Whether the other side shows blue ticks.
    #[serde(default = "yes")]
    pub read_receipts: bool,
    /// Whether we may write.
    #[serde(default = "yes")]
    pub writable: bool,
    /// How many of the last incoming messages nobody has seen.
    #[serde(default)]
    pub unread: usize,
    /// Delivery state of our messages after their last one.
    pub last_ack: Option<Ack>,
    /// The conversation: see `script`.
    #[serde(default)]
    pub script: String,
}

fn yes() -> bool {
    true
}

/// Loads a scenario by built-in name or by path.
pub fn load(name: &str) -> Result<Scenario, ScenarioError> {
    if let Ok(scenario) = built_in(name) {
        return Ok(scenario);
    }
    match std::fs::read_to_string(Path::new(name)) {
        Ok(text) => parse(name, &text),
        Err(_) => built_in(name),
    }
}

/// Loads one that ships inside the executable.
pub fn built_in(name: &str) -> Result<Scenario, ScenarioError> {
    let file = BuiltIn::get(&format!("{name}.toml")).ok_or_else(|| ScenarioError::Unknown(name.to_owned()))?;
    parse(name, &String::from_utf8_lossy(&file.data))
}

/// Reads a scenario from its text.
pub fn parse(name: &str, text: &str) -> Result<Scenario, ScenarioError> {
    toml::from_str(text).map_err(|source| ScenarioError::Syntax { name: name.to_owned(), source: Box::new(source) })
}

impl Scenario {
    /// Builds the account as of `now`.
    pub fn account(&self, now: Millis) -> Result<Account, ScenarioError> {
        build::account(self, now)
    }
}
