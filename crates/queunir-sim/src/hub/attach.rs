//! Files that a page hands in: first the bytes, then the message that names them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::{Inner, SimError};
use crate::world::Body;
use crate::world::body::{Captioned, Media, Sole};

/// Uploads that no message named yet; the oldest goes first.
const WAITING_MOST: usize = 20;

/// The file of a submission.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "PROTOCOL.md section 3 describes each field")]
pub struct Attach {
    pub upload: String,
    pub kind: String,
    pub mime: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub width: Option<u32>,
    #[serde(default)]
    pub height: Option<u32>,
    #[serde(default)]
    pub seconds: Option<u32>,
    #[serde(default)]
    pub thumb: Option<String>,
}

impl Inner {
    /// Keeps bytes until a message names them; gives their id.
    pub fn upload(&mut self, bytes: Vec<u8>) -> String {
        let id = self.chance.hex(16);
        if self.uploads.len() >= WAITING_MOST {
            self.uploads.remove(0);
        }
        self.uploads.push((id.clone(), bytes));
        id
    }

    /// The body of a submission with a file, and the hash of its bytes.
    pub(super) fn attached(&mut self, attach: Attach, text: String) -> Result<(Body, String), SimError> {
        let found = self.uploads.iter().position(|(id, _)| *id == attach.upload);
        let (_, bytes) = self.uploads.remove(found.ok_or(SimError::NotFound("upload"))?);
        let media = Media {
            data: Some(STANDARD.encode(&bytes)),
            mime: attach.mime,
            name: attach.name,
            width: attach.width,
            height: attach.height,
            seconds: attach.seconds,
            thumb: attach.thumb,
            ..Media::default()
        };
        let captioned = |media| Captioned { text, media };
        let body = match attach.kind.as_str() {
            "image" => Body::Image(captioned(media)),
            "video" => Body::Video(captioned(media)),
            "voice" => Body::Voice(Sole { media }),
            "audio" => Body::Audio(Sole { media }),
            "sticker" => Body::Sticker(Sole { media }),
            _ => Body::Document(captioned(media)),
        };
        Ok((body, crate::ledger::hash_of(&bytes)))
    }
}
