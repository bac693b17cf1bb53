//! What a message carries, and what can happen to a message later.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Millis;

/// What a message carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    /// Words.
    Text {
        /// The words, with line breaks.
        text: String,
        /// What a link in them leads to, as the sender's phone saw it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        preview: Option<LinkPreview>,
    },
    /// A notice of the system.
    System {
        /// Which one: `e2e`, `group_created`, ...
        notice: String,
        /// Its words, where the page has none of its own.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
    },
    /// A picture.
    Image(Captioned),
    /// A film.
    Video(Captioned),
    /// A short film without sound that repeats.
    Gif(Captioned),
    /// Something recorded with the microphone.
    Voice(Sole),
    /// A sound file.
    Audio(Sole),
    /// A file.
    Document(Captioned),
    /// A sticker.
    Sticker(Sole),
    /// Several pictures or films in one bubble.
    Album {
        /// The words below, often none.
        #[serde(default)]
        text: String,
        /// Two or more.
        media: Vec<Media>,
    },
    /// A place.
    Location(Place),
    /// One or several contact cards.
    Contact {
        /// The cards.
        cards: Vec<Card>,
    },
    /// A question with choices.
    Poll(Poll),
    /// A call that was made or missed.
    Call(Call),
    /// A picture or film that opens once, on the phone only.
    ViewOnce {
        /// Whether it is a film.
        #[serde(default)]
        video: bool,
    },
    /// A message that this device cannot read, or not yet.
    Undecrypted {},
}

/// A medium with words below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Captioned {
    /// The words, often none.
    #[serde(default)]
    pub text: String,
    /// The medium.
    #[serde(flatten)]
    pub media: Media,
}

/// A medium that cannot have words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sole {
    /// The medium.
    #[serde(flatten)]
    pub media: Media,
}

/// A file in a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Media {
    /// One of the files in `scenarios/media`; or, with neither this nor `data`, one that is made up on demand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The bytes in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Its type; by kind and name if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mime: String,
    /// File name, for documents and sounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Size in bytes that a made-up document claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// How long it plays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// Pages of a document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// A tiny picture as a data URL, which comes with the message itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumb: Option<String>,
    /// The file itself has not arrived yet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

/// A place on a map.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Place {
    /// Degrees, as text, so that no digit is lost.
    pub latitude: String,
    /// Degrees.
    pub longitude: String,
    /// Its name, for places that have one.
    pub name: Option<String>,
    /// Its address.
    pub address: Option<String>,
}

/// A contact card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Card {
    /// The name on it.
    pub name: String,
    /// The number in it.
    pub phone: String,
}

/// A question with choices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Poll {
    /// The question.
    pub question: String,
    /// The choices.
    pub options: Vec<PollOption>,
    /// Whether one person may choose several.
    #[serde(default)]
    pub several: bool,
}

/// A choice of a poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PollOption {
    /// Its words.
    pub text: String,
    /// Who chose it: numbers; the account's owner is the empty text.
    #[serde(default)]
    pub voters: Vec<String>,
}

/// A call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Call {
    /// With pictures.
    pub video: bool,
    /// Nobody answered.
    pub missed: bool,
    /// How long.
    pub seconds: u32,
}

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkPreview {
    /// Title of the page.
    pub title: String,
    /// A sentence about it.
    #[serde(default)]
    pub description: String,
    /// The domain below.
    pub domain: String,
}

/// Somebody named in a text as `@name`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mention {
    /// The name as written after the `@`.
    pub name: String,
    /// The hidden id behind it, digits only.
    pub id: String,
    /// Whether it is the account's owner.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub us: bool,
}

/// A picture somebody put below a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reaction {
    /// Number of who did it; the account's owner is the empty text.
    pub who: String,
    /// The picture.
    pub emoji: String,
    /// When.
    pub at: Millis,
}

/// What became of a message after it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Later {
    /// Former words with the time at which each was replaced.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    /// When it was deleted for everyone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Deletion>,
    /// One per person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    /// The account's owner starred it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub starred: bool,
    /// A voice note that was listened to.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub played: bool,
    /// It stands above the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<Pinned>,
    /// When the account's owner deleted it for themselves; the other side keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed: Option<Millis>,
}

/// A message that stands above its conversation, for everybody in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pinned {
    /// Number of who pinned it; the account's owner is the empty text.
    pub who: String,
    /// Since when.
    pub at: Millis,
    /// Until when.
    pub until: Millis,
}

/// Words that were replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Edit {
    /// What it said before.
    pub before: String,
    /// When it was changed.
    pub at: Millis,
}

/// The end of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Deletion {
    /// When.
    pub at: Millis,
    /// The group admin who did it; none means the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin: Option<String>,
}

impl Body {
    /// Plain words.
    #[must_use]
    pub fn words(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), preview: None }
    }

    /// A notice that the page has words for.
    #[must_use]
    pub fn notice(notice: &str) -> Self {
        Self::System { notice: notice.to_owned(), text: String::new() }
    }

    /// The words: the text, the caption, the question; empty for what has none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text { text, .. } | Self::Album { text, .. } => text,
            Self::Image(with) | Self::Video(with) | Self::Gif(with) | Self::Document(with) => &with.text,
            Self::Poll(poll) => &poll.question,
            _ => "",
        }
    }

    /// The words that an edit replaces.
    pub fn text_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Text { text, .. } | Self::Album { text, .. } => Some(text),
            Self::Image(with) | Self::Video(with) | Self::Gif(with) | Self::Document(with) => Some(&mut with.text),
            _ => None,
        }
    }

    /// The files in it.
    #[must_use]
    pub fn media(&self) -> &[Media] {
        match self {
            Self::Image(with) | Self::Video(with) | Self::Gif(with) | Self::Document(with) => {
                std::slice::from_ref(&with.media)
            }
            Self::Voice(sole) | Self::Audio(sole) | Self::Sticker(sole) => std::slice::from_ref(&sole.media),
            Self::Album { media, .. } => media,
            _ => &[],
        }
    }

    /// The files in it, to change them.
    pub fn media_mut(&mut self) -> &mut [Media] {
        match self {
            Self::Image(with) | Self::Video(with) | Self::Gif(with) | Self::Document(with) => {
                std::slice::from_mut(&mut with.media)
            }
            Self::Voice(sole) | Self::Audio(sole) | Self::Sticker(sole) => std::slice::from_mut(&mut sole.media),
            Self::Album { media, .. } => media,
            _ => &mut [],
        }
    }

    /// One word for it, used on the wire and in the ledger.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::System { .. } => "system",
            Self::Image(_) => "image",
            Self::Video(_) => "video",
            Self::Gif(_) => "gif",
            Self::Voice(_) => "voice",
            Self::Audio(_) => "audio",
            Self::Document(_) => "document",
            Self::Sticker(_) => "sticker",
            Self::Album { .. } => "album",
            Self::Location(_) => "location",
            Self::Contact { .. } => "contact",
            Self::Poll(_) => "poll",
            Self::Call(_) => "call",
            Self::ViewOnce { .. } => "view_once",
            Self::Undecrypted {} => "undecrypted",
        }
    }

    /// Whether somebody wrote it, as opposed to a notice about what happened.
    #[must_use]
    pub fn is_message(&self) -> bool {
        !matches!(self, Self::System { .. } | Self::Call(_))
    }
}
