//! What of the past is being read now, for everybody who looks.

use queunir_core::{
    history::{Activity, Loading, LoadingReason},
    id::ChatId,
};
use tokio::sync::watch;

/// The present activity.
#[derive(Debug, Default)]
pub struct ActivityCell(watch::Sender<Activity>);

impl ActivityCell {
    /// To be told of changes.
    #[must_use]
    pub fn listen(&self) -> watch::Receiver<Activity> {
        self.0.subscribe()
    }

    /// Says that a chat is read, until what is answered is dropped; nothing if it is being read for that already.
    #[must_use]
    pub fn begin(&self, chat_id: ChatId, reason: LoadingReason) -> Option<Progress<'_>> {
        let is_new = self.0.send_if_modified(|now| {
            let known = now.loading.iter().any(|one| one.chat_id == chat_id && one.reason == reason);
            if !known {
                now.loading.push(Loading { chat_id, reason, messages: 0 });
            }
            !known
        });
        is_new.then_some(Progress { cell: self, chat_id, reason })
    }
}

/// A reading under way; over when dropped.
#[derive(Debug)]
pub struct Progress<'a> {
    cell: &'a ActivityCell,
    chat_id: ChatId,
    reason: LoadingReason,
}

impl Progress<'_> {
    /// So many messages came until now.
    pub fn came(&self, messages: usize) {
        let messages = u32::try_from(messages).unwrap_or(u32::MAX);
        self.cell.0.send_if_modified(|now| {
            let mine = now.loading.iter_mut().find(|one| one.chat_id == self.chat_id && one.reason == self.reason);
            mine.is_some_and(|one| std::mem::replace(&mut one.messages, messages) != messages)
        });
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.cell.0.send_modify(|now| {
            now.loading.retain(|one| one.chat_id != self.chat_id || one.reason != self.reason);
        });
    }
}
