//! A message as it is stored, and what the browser sees of it.

use jiff::Timestamp;
use queunir_core::{
    id::{ChatId, MessageId},
    media::Media,
    message::{Ack, Direction, Message, MessageKind, Quote, Reaction, Source},
    text::same_emoji,
};

/// A message with what the browser does not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMessage {
    /// Its id.
    pub id: MessageId,
    /// Its conversation.
    pub chat_id: ChatId,
    /// Who wrote it.
    pub direction: Direction,
    /// WhatsApp's key, with a suffix where two authors share one; absent on provisional rows.
    pub key: Option<String>,
    /// The key as found in the page.
    pub page_key: Option<String>,
    /// The page showed no key.
    pub synthetic: bool,
    /// Author.
    pub sender: Option<String>,
    /// What it is, or was before its deletion.
    pub kind: MessageKind,
    /// Deleted for everyone.
    pub deleted: bool,
    /// Body.
    pub text: String,
    /// The body ends where the page cut it.
    pub cut: bool,
    /// Time to the minute.
    pub sent_at: Option<Timestamp>,
    /// Whether the date is beyond doubt.
    pub sent_at_certain: bool,
    /// Delivery state.
    pub ack: Option<Ack>,
    /// Shown as failed.
    pub failed: bool,
    /// Quoted message.
    pub quoted: Option<Quote>,
    /// Edited.
    pub edited: bool,
    /// Forwarded.
    pub forwarded: bool,
    /// Reactions as the row shows them, without whose they are.
    pub reactions: Vec<Reaction>,
    /// The emoji that this account gave, as far as it was given here.
    pub own_reaction: Option<String>,
    /// Marked with a star.
    pub starred: bool,
    /// Pinned.
    pub pinned: bool,
    /// Deleted for this account alone.
    pub deleted_for_me: bool,
    /// Its files, in order; written with [`crate::slice::media::save`].
    pub media: Vec<Media>,
    /// Row or list.
    pub source: Source,
    /// Place in the chat.
    pub order_key: String,
    /// The row directly above in the page.
    pub after: Option<MessageId>,
}

impl StoredMessage {
    /// A message of which nothing else is known.
    #[must_use]
    pub fn new(id: MessageId, chat_id: ChatId, direction: Direction, source: Source) -> Self {
        Self {
            id,
            chat_id,
            direction,
            key: None,
            page_key: None,
            synthetic: false,
            sender: None,
            kind: MessageKind::Unknown,
            deleted: false,
            text: String::new(),
            cut: false,
            sent_at: None,
            sent_at_certain: false,
            ack: None,
            failed: false,
            quoted: None,
            edited: false,
            forwarded: false,
            reactions: Vec::new(),
            own_reaction: None,
            starred: false,
            pinned: false,
            deleted_for_me: false,
            media: Vec::new(),
            source,
            order_key: String::new(),
            after: None,
        }
    }

    /// The reactions with ours among them.
    fn shown_reactions(&self) -> Vec<Reaction> {
        let own = self.own_reaction.as_deref();
        let ours = |one: &Reaction| own.is_some_and(|own| same_emoji(own, &one.emoji));
        self.reactions.iter().map(|one| Reaction { ours: ours(one), ..one.clone() }).collect()
    }

    /// The message as the browser sees it.
    #[must_use]
    pub fn message(&self) -> Message {
        Message {
            id: self.id,
            chat_id: self.chat_id,
            key: self.key.clone(),
            direction: self.direction,
            sender: self.sender.clone(),
            kind: if self.deleted || self.deleted_for_me { MessageKind::Deleted } else { self.kind },
            text: self.text.clone(),
            cut: self.cut,
            sent_at: self.sent_at,
            sent_at_certain: self.sent_at_certain,
            ack: self.ack,
            failed: self.failed,
            quoted: self.quoted.clone(),
            edited: self.edited,
            forwarded: self.forwarded,
            reactions: self.shown_reactions(),
            starred: self.starred,
            pinned: self.pinned,
            deleted_for_me: self.deleted_for_me,
            media: self.media.clone(),
            source: self.source,
            order_key: self.order_key.clone(),
        }
    }
}
