//! What looks make of a chat, and what a row of the list makes of its messages: the preview of an unread chat stands for a row
//! until that is read, and the list alone turns the ticks of our newest message.

use jiff::{SignedDuration, Timestamp};
use queunir_core::{
    chat::ChatKind,
    id::MessageId,
    message::{Ack, Direction, Source},
};
use queunir_db::slice::{
    chats::{StoredChat, StoredPreview},
    messages::StoredMessage,
};
use queunir_whatsapp::seen::{SeenChat, SeenConversation};

use super::{
    Ids, Save,
    adopt::{as_preview, says},
};
use crate::order;

/// How long the rows of an open chat may take after the list has shown them.
const OPEN_GRACE: SignedDuration = SignedDuration::from_secs(2);

/// Takes over what a window says of its chat.
pub fn read_conversation(chat: &mut StoredChat, seen: &SeenConversation) {
    if seen.kind != ChatKind::Unknown {
        chat.kind = seen.kind;
    }
    chat.history_complete |= seen.at_start;
    if seen.at_end {
        let incoming = seen.messages.iter().filter(|m| m.drawn && m.direction != Direction::Out).count();
        let read = u32::try_from(incoming).unwrap_or(u32::MAX).min(chat.unread);
        chat.unread_stored = chat.unread_stored.max(read);
    }
}

/// A row of the list that was taken over into its chat, with what it says about messages still to be judged.
#[derive(Clone, Debug)]
#[must_use]
pub struct Listed {
    old: StoredChat,
    is_new: bool,
    news: bool,
    typing: bool,
}

/// Takes over what a row of the list shows of its chat, which was `before`.
pub fn list_row(before: Option<&StoredChat>, chat: &mut StoredChat, row: &SeenChat) -> Listed {
    let old = before.cloned().unwrap_or_else(|| StoredChat::new(chat.id, String::new()));
    if row.kind != ChatKind::Unknown {
        chat.kind = row.kind;
    }
    chat.preview = preview_of(row, old.preview.as_ref());
    chat.unread = row.unread;
    chat.unread_stored = chat.unread_stored.min(row.unread);
    chat.marked_unread = row.marked_unread;
    chat.pinned = row.pinned;
    chat.muted = row.muted;
    chat.archived = row.archived;
    let news = shows_news(&old, chat);
    Listed { old, is_new: before.is_none(), news, typing: row.typing }
}

fn preview_of(row: &SeenChat, old: Option<&StoredPreview>) -> Option<StoredPreview> {
    let Some(text) = &row.preview else {
        // Somebody types, or the row is half drawn: the last message is still the last message.
        let same_time = old.is_some_and(|old| old.time_text.as_deref() == Some(row.time_text.as_str()));
        return old.filter(|_| row.typing || same_time).cloned();
    };
    let old_time = old.filter(|old| row.time.is_none() && old.time_text.as_deref() == Some(row.time_text.as_str()));
    Some(StoredPreview {
        text: text.clone(),
        from_me: row.preview_from_me,
        sender: row.preview_sender.clone(),
        kind: row.preview_kind,
        ack: row.preview_ack,
        at: row.time.or(old_time.and_then(|old| old.at)),
        time_text: (!row.time_text.is_empty()).then(|| row.time_text.clone()),
    })
}

/// Whether the list shows a message that the last look did not show.
#[must_use]
pub fn shows_news(old: &StoredChat, now: &StoredChat) -> bool {
    if now.unread > old.unread {
        return true;
    }
    match (&old.preview, &now.preview) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(old), Some(now)) => {
            let later = matches!((old.at, now.at), (Some(old), Some(now)) if now > old);
            (&old.text, old.from_me, &old.sender, old.kind) != (&now.text, now.from_me, &now.sender, now.kind) || later
        }
    }
}

impl Listed {
    /// How many of the chat's newest messages are to be looked at.
    #[must_use]
    pub fn messages_needed(&self, chat: &StoredChat) -> i64 {
        if self.news || chat.preview != self.old.preview { 20 } else { 0 }
    }

    /// What the row says of messages, of which the newest are `recent`, oldest first: rows to store, and whether and
    /// since when the chat waits to be read.
    pub fn settle(
        self,
        chat: &mut StoredChat,
        recent: &[StoredMessage],
        open: bool,
        now: Timestamp,
        ids: Ids<'_>,
    ) -> Vec<Save> {
        let mut saves = Vec::new();
        if chat.preview != self.old.preview
            && let Some(newest) = our_newest(chat, recent)
        {
            saves.extend(take_tick(chat, newest));
            // What we sent ourselves is stored already; only an unread message would be news.
            if chat.unread <= self.old.unread {
                return saves;
            }
        }
        if !self.news {
            return saves;
        }
        chat.for_history = self.is_new && chat.unread == 0;
        if chat.to_read_since.is_none() || self.old.for_history {
            chat.to_read_since = Some(now);
            chat.read_attempts = 0;
            chat.read_not_before = None;
        }
        if open {
            // Its rows come by themselves; should the page die before they do, the chat still waits to be read.
            chat.unread_stored = chat.unread;
            chat.read_not_before = now.saturating_add(OPEN_GRACE).ok();
            return saves;
        }
        let incoming = chat.preview.as_ref().is_some_and(|preview| !preview.from_me && !preview.text.is_empty());
        if incoming && chat.unread > 0 && !chat.ambiguous && !self.typing {
            let badge = match self.old.unread {
                0 => Badge::Appeared,
                old if chat.unread > old => Badge::Grew,
                _ => Badge::Same,
            };
            saves.extend(keep_preview(chat, recent, badge, ids));
        }
        saves
    }
}

/// The newest stored message, if it is ours and the one that the list shows.
fn our_newest<'a>(chat: &StoredChat, recent: &'a [StoredMessage]) -> Option<&'a StoredMessage> {
    let preview = chat.preview.as_ref().filter(|preview| preview.from_me)?;
    recent.last().filter(|newest| {
        newest.direction == Direction::Out
            && as_preview(&newest.text) == as_preview(&preview.text)
            && (newest.sent_at.is_none() || preview.at.is_none() || newest.sent_at == preview.at)
    })
}

/// The list shows how far our last message got; nobody needs to open the chat for that. Of one that was on its way the row
/// itself has to tell, because it may have got another key.
fn take_tick(chat: &StoredChat, newest: &StoredMessage) -> Option<Save> {
    let ack = chat.preview.as_ref().and_then(|preview| preview.ack);
    let now = StoredMessage { ack, failed: false, ..newest.clone() };
    let later = ack > newest.ack && newest.ack != Some(Ack::Pending);
    later.then(|| Save { before: Some(newest.clone()), now, replaced_text: None })
}

/// What the unread badge did since the last look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Badge {
    Appeared,
    Grew,
    Same,
}

/// The preview of an unread chat as a message of its own, unless its row or the same preview is stored.
fn keep_preview(chat: &mut StoredChat, recent: &[StoredMessage], badge: Badge, ids: Ids<'_>) -> Option<Save> {
    let preview = chat.preview.clone()?;
    let same = |message: &StoredMessage| {
        message.direction != Direction::Out
            && says(&preview.text, &message.text)
            && (message.sent_at.is_none() || preview.at.is_none() || message.sent_at == preview.at)
    };
    // A row of this minute that says the same is this message, read before the list told of it. If it is another one
    // after all, the marker counts it. A preview that says the same is another message if the badge says so.
    let known = |source| recent.iter().any(|message| same(message) && message.source == source);
    if known(Source::Row) || (badge == Badge::Same && known(Source::List)) {
        return None;
    }
    // A page that begins draws a row before its badge: the preview still stands for what it stood for.
    if badge == Badge::Appeared && known(Source::List) {
        chat.unread_stored = chat.unread_stored.max(1).min(chat.unread);
        return None;
    }
    // Another preview at the same count stands for a message that took the place of one read elsewhere.
    if badge != Badge::Same {
        chat.unread_stored = (chat.unread_stored + 1).min(chat.unread);
    }
    let low = recent.last().map(|last| last.order_key.as_str());
    let now = StoredMessage {
        sender: preview.sender,
        kind: preview.kind,
        text: preview.text,
        cut: true,
        sent_at: preview.at,
        sent_at_certain: preview.at.is_some(),
        order_key: order::between(low, None, 1).pop().unwrap_or_default(),
        ..StoredMessage::new(MessageId(ids()), chat.id, Direction::In, Source::List)
    };
    Some(Save { before: None, now, replaced_text: None })
}
