//! What the fake hands out: a message that is ready to be sent, whose press may go wrong, and a file in pieces.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use queunir_core::{
    message::{Ack, Direction, MessageKind, Quote},
    text::comparable_body,
};
use tokio::sync::OwnedMutexGuard;

use super::{FakePage, message};
use crate::{
    page_api::{Draft, MediaError, MediaTicket, PageError, Pressed, SendTicket},
    seen::{SeenFile, SeenMessage, Shown},
};

/// What the fake does when the send key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterPress {
    /// The message is sent and its bubble is seen.
    Bubble,
    /// The bubble is seen, and WhatsApp has not handed the message in yet.
    Pending,
    /// The message is sent, its bubble appears, but the driver does not see it in time: `NotSeen`.
    LoseBubble,
    /// Nothing is sent and nothing is seen: `NotSeen`.
    Swallow,
    /// The message is sent and the page dies before it can be seen: `NotSeen`, then `Gone`.
    DieAfter,
    /// The key is not pressed: `WrongChat`.
    WrongChat,
}

/// A file of the fake.
#[derive(Clone, Debug)]
pub struct FakeFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The file itself and not a preview.
    pub whole: bool,
    /// The error that comes after so many pieces of 1,000 bytes.
    pub breaks: Option<(usize, MediaError)>,
    /// Waits before each piece until this is notified.
    pub slow: Option<Arc<tokio::sync::Notify>>,
}

impl FakeFile {
    /// A file that comes as it is.
    #[must_use]
    pub fn whole(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), whole: true, breaks: None, slow: None }
    }
}

/// A message that is ready to be sent.
pub(super) struct FakeTicket {
    pub(super) page: Arc<FakePage>,
    pub(super) title: String,
    pub(super) draft: Draft,
    /// What stood in the file when it was handed over.
    pub(super) bytes: Vec<u8>,
    pub(super) quoted: Option<Quote>,
    pub(super) anchor: Option<String>,
    pub(super) _driver: OwnedMutexGuard<()>,
}

impl FakeTicket {
    /// What the message looks like once it is sent.
    fn bubble(&self, key: &str, at: jiff::Timestamp) -> SeenMessage {
        let text = comparable_body(&self.draft.text);
        let mut bubble = message(key, Direction::Out, &text, Some(at), Some(Ack::Sent));
        bubble.quoted.clone_from(&self.quoted);
        if let Some(file) = &self.draft.file {
            bubble.kind = file.kind;
            let name = (file.kind == MessageKind::Document).then(|| file.name.clone());
            bubble.files = vec![SeenFile { shown: Shown::Nothing, name, duration_s: None, size_text: None }];
        }
        bubble
    }
}

impl Drop for FakeTicket {
    fn drop(&mut self) {
        self.page.lock().composer.clear();
    }
}

#[async_trait]
impl SendTicket for FakeTicket {
    fn anchor(&self) -> Option<&str> {
        self.anchor.as_deref()
    }

    async fn press(mut self: Box<Self>, _wait: Duration) -> Result<Pressed, PageError> {
        let page = self.page.clone();
        let mut now = page.begin()?;
        let what = now.after_press;
        if what == AfterPress::WrongChat {
            return Err(PageError::WrongChat);
        }
        now.presses += 1;
        now.composer.clear();
        if what == AfterPress::Swallow {
            return Ok(Pressed::NotSeen);
        }
        now.sent.push((self.title.clone(), self.draft.text.clone()));
        if let Some(file) = &self.draft.file {
            now.sent_files.push((file.name.clone(), std::mem::take(&mut self.bytes)));
        }
        let key = now.new_key();
        let mut bubble = self.bubble(&key, now.now);
        if what == AfterPress::Pending {
            bubble.ack = Some(Ack::Pending);
        }
        now.append(&self.title, bubble.clone());
        match what {
            AfterPress::Bubble | AfterPress::Pending => Ok(Pressed::Bubble(Box::new(bubble))),
            AfterPress::DieAfter => {
                now.die("scripted");
                Ok(Pressed::NotSeen)
            }
            _ => Ok(Pressed::NotSeen),
        }
    }
}

/// Bytes of one piece.
const PIECE: usize = 1_000;

/// A file that is being fetched.
pub(super) struct FakeHeld {
    pub(super) file: FakeFile,
    pub(super) pieces: usize,
}

#[async_trait]
impl MediaTicket for FakeHeld {
    fn is_whole(&self) -> bool {
        self.file.whole
    }

    fn bytes(&self) -> u64 {
        self.file.bytes.len() as u64
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, MediaError> {
        if let Some(slow) = &self.file.slow {
            slow.notified().await;
        }
        if let Some((_, error)) = self.file.breaks.as_ref().filter(|(after, _)| self.pieces >= *after) {
            return Err(error.clone());
        }
        let piece = self.file.bytes.chunks(PIECE).nth(self.pieces).map(<[u8]>::to_vec);
        self.pieces += 1;
        Ok(piece)
    }
}
