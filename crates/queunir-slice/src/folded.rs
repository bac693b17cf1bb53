//! Long texts of which the page shows only the beginning: each is asked for once.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use queunir_core::id::ChatId;
use queunir_db::slice::chats::StoredChat;
use queunir_whatsapp::{Page, Priority, seen::SeenConversation};

use crate::{
    app::{App, target},
    reading::{JOB, ReadError},
};

/// Most texts that are remembered as asked for; after that some are asked for again.
const MOST: usize = 10_000;

/// See the module.
#[derive(Debug, Default)]
pub struct Folded(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    waiting: HashMap<ChatId, HashSet<String>>,
    /// The page folds a text again whenever it draws it anew; asking once is enough.
    asked: HashSet<(ChatId, String)>,
}

impl Folded {
    /// Notes the texts of which a chat shows the beginning; false when there is none that was not asked for.
    pub fn hear(&self, chat: ChatId, seen: &SeenConversation) -> bool {
        let mut now = self.lock();
        let keys = seen.messages.iter().filter(|message| message.drawn && message.cut).map(|message| &message.key);
        let new: HashSet<String> = keys.filter(|key| !now.asked.contains(&(chat, (*key).clone()))).cloned().collect();
        let is_new = !new.is_empty();
        if is_new {
            now.waiting.entry(chat).or_default().extend(new);
        }
        is_new
    }

    /// Whether texts of this chat wait.
    pub fn waits(&self, chat: ChatId) -> bool {
        self.lock().waiting.contains_key(&chat)
    }

    fn take(&self, chat: ChatId) -> HashSet<String> {
        let mut now = self.lock();
        if now.asked.len() > MOST {
            now.asked.clear();
        }
        let keys = now.waiting.remove(&chat).unwrap_or_default();
        now.asked.extend(keys.iter().map(|key| (chat, key.clone())));
        keys
    }

    fn put_back(&self, chat: ChatId, keys: HashSet<String>) {
        let mut now = self.lock();
        for key in &keys {
            now.asked.remove(&(chat, key.clone()));
        }
        now.waiting.entry(chat).or_default().extend(keys);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Unfolds what waits in the open chat and stores it.
///
/// # Errors
/// When the page does not do it, and then it waits on, or the store refuses.
pub async fn unfold(app: &App, page: &dyn Page, chat: &StoredChat, priority: Priority) -> Result<(), ReadError> {
    let keys = app.folded.take(chat.id);
    if keys.is_empty() {
        return Ok(());
    }
    match page.unfold(&target(chat), priority, JOB).await {
        Ok(whole) => {
            app.ingest.conversation(&whole).await?;
            Ok(())
        }
        Err(error) => {
            app.folded.put_back(chat.id, keys);
            Err(error.into())
        }
    }
}
