//! The files of a message: what the page showed of them, and what is stored.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{id::MediaId, message::MessageKind};

/// How far a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediaState {
    /// The page shows it; it has not been fetched yet.
    Wanted,
    /// Stored whole.
    Stored,
    /// Only the small preview that the page shows is stored.
    Preview,
    /// Larger than a file may be.
    TooLarge,
    /// The files of this account fill the room they may take.
    NoRoom,
    /// The page does not show it: it is on the phone.
    NotShown,
    /// It could not be fetched, time and again.
    Failed,
}

/// What a picture that people look at is, once made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Thumbnail {
    /// Not a picture.
    None,
    /// Made: drawn anew from the file, without anything else that was in it.
    Made,
    /// The file says that it is a picture and cannot be drawn.
    Failed,
}

/// One file of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Media {
    /// Its id.
    pub id: MediaId,
    /// How far it has come.
    pub state: MediaState,
    /// Name as the page shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Length in seconds as the page shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_s: Option<u32>,
    /// Size as the page writes it, as in `120 kB`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_text: Option<String>,
    /// What is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<MediaFile>,
}

/// What is stored of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MediaFile {
    /// Changes with the content; as `v` in an address it makes the answer one to keep.
    pub version: String,
    /// What it is, found out from its first bytes and never from what anybody said.
    pub content_type: String,
    /// Size in bytes.
    pub bytes: i64,
    /// Width in pixels as people see it, of a picture that can be drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<i32>,
    /// Height in pixels as people see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<i32>,
    /// Whether there is a small picture of it.
    pub thumbnail: Thumbnail,
}

/// How much room files may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaLimits {
    /// Largest file in bytes.
    pub file_bytes: u64,
    /// Most bytes of all files of a tenant.
    pub tenant_bytes: u64,
}

impl Default for MediaLimits {
    fn default() -> Self {
        Self { file_bytes: 32 << 20, tenant_bytes: 2 << 30 }
    }
}

impl MessageKind {
    /// Whether such a message is or holds files.
    #[must_use]
    pub fn has_media(self) -> bool {
        use MessageKind::{Album, Audio, Document, Gif, Image, Sticker, Video, Voice};
        matches!(self, Image | Video | Gif | Voice | Audio | Document | Sticker | Album)
    }
}
