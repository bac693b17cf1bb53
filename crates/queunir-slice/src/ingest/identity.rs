//! Which chat a title and a phone mean; names change, chats do not (DEL-01).

use queunir_core::{chat::ChatKind, id::ChatId};
use queunir_db::slice::{
    aliases::{self, Evidence},
    chats::{self, StoredChat},
};
use queunir_whatsapp::seen::SeenConversation;
use sha2::Digest;
use uuid::Uuid;

use super::{
    Batch, IngestError, facts,
    joins::{self, Shown},
    opt_outs,
};

/// A chat found or made, with what it was before this batch.
#[derive(Clone, Debug)]
pub struct Found {
    /// As stored; absent if it is new.
    pub before: Option<StoredChat>,
    /// As it will be stored.
    pub chat: StoredChat,
}

/// A name of any length as an index key of bounded length.
pub(super) fn bounded(text: &str) -> String {
    const LONGEST: usize = 400;
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let hash = sha2::Sha256::digest(text.as_bytes());
    hash.iter().take(16).fold(format!("{}~", &text[..end]), |text, byte| format!("{text}{byte:02x}"))
}

/// Under which name a title is known.
pub(super) fn title_alias(title: &str) -> String {
    bounded(&format!("title:{title}"))
}

/// Under which name a number is known.
pub(crate) fn phone_alias(phone: &str) -> String {
    bounded(&format!("phone:{phone}"))
}

const ADDRESS: &str = "address:";

/// Under which name a hidden id or a group's id is known.
pub(super) fn address_alias(address: &str) -> String {
    bounded(&format!("{ADDRESS}{address}"))
}

/// Finds the chat with this phone, hidden id or title, or makes one; learns the aliases that were missing. `window` is the
/// conversation that shows them.
pub async fn identify(
    batch: &mut Batch,
    title: &str,
    phone: Option<&str>,
    window: Option<&SeenConversation>,
) -> Result<Found, IngestError> {
    let by_title = title_alias(title);
    let by_phone = phone.map(phone_alias);
    let by_address = window.and_then(|seen| seen.address.as_deref()).map(address_alias);
    let mut names = vec![(by_title.clone(), Evidence::Title)];
    names.extend(by_phone.clone().map(|alias| (alias, Evidence::Composer)));
    names.extend(by_address.clone().map(|alias| (alias, Evidence::Rows)));
    let asked: Vec<String> = names.iter().map(|(alias, _)| alias.clone()).collect();
    let known = aliases::resolve(&mut batch.tx, &asked).await?;
    let owner = |alias: &str| known.iter().find(|(name, _)| name == alias).map(|(_, id)| *id);
    let title_owner = load(batch, owner(&by_title)).await?;
    let phone_owner = load(batch, by_phone.as_deref().and_then(owner)).await?;
    let address_owner = load(batch, by_address.as_deref().and_then(owner)).await?;
    // An id is as sure as a number; the chat that is known by the id alone is the one that the number meets.
    let (sure_owner, title_owner) = match (phone_owner, address_owner) {
        (Some(chat), Some(other)) if chat.id != other.id => (Some(chat), Some(other)),
        (chat, other) => (chat.or(other), title_owner),
    };

    let found = match (sure_owner, title_owner) {
        (Some(chat), Some(other)) if chat.id == other.id => renamed(chat, title, phone),
        (Some(chat), Some(other))
            if may_be_one(&chat, &other) && !is_other(batch, &other, by_address.as_deref()).await? =>
        {
            let phone = phone.or(chat.phone.as_deref());
            let shown = Shown { name: title, phone: phone.unwrap_or_default(), window };
            let now = joins::met(batch, &other, &chat, shown).await?;
            let mut found = renamed(now.unwrap_or_else(|| chat.clone()), title, phone);
            found.before = Some(chat);
            found
        }
        (Some(chat), Some(_)) => ambiguous(renamed(chat, title, phone)),
        (Some(chat), None) => renamed(chat, title, phone),
        (None, Some(chat))
            if (phone.is_some() && chat.phone.is_some() && chat.phone.as_deref() != phone)
                || is_other(batch, &chat, by_address.as_deref()).await? =>
        {
            let other = StoredChat { ambiguous: true, ..chat.clone() };
            if other != chat {
                chats::update(&mut batch.tx, &other).await?;
                batch.chat(other.chat());
            }
            ambiguous(fresh(batch, title, phone).await?)
        }
        (None, Some(chat)) => renamed(chat, title, phone),
        (None, None) => fresh(batch, title, phone).await?,
    };
    for (alias, evidence) in names {
        if owner(&alias).is_none() {
            aliases::add(&mut batch.tx, &alias, found.chat.id, evidence, batch.now).await?;
        }
    }
    Ok(found)
}

/// Whether a chat that is known by its name alone may be the one that has the number: a group has none.
pub(super) fn may_be_one(numbered: &StoredChat, named: &StoredChat) -> bool {
    named.phone.is_none() && numbered.kind != ChatKind::Group && named.kind != ChatKind::Group
}

/// Whether a chat is known by another id than this.
async fn is_other(batch: &mut Batch, chat: &StoredChat, address: Option<&str>) -> Result<bool, IngestError> {
    let Some(address) = address else { return Ok(false) };
    let known = aliases::of_chat(&mut batch.tx, chat.id, ADDRESS).await?;
    Ok(!known.is_empty() && known.iter().all(|alias| alias != address))
}

async fn load(batch: &mut Batch, id: Option<ChatId>) -> Result<Option<StoredChat>, IngestError> {
    match id {
        Some(id) => Ok(chats::find_for_update(&mut batch.tx, id).await?),
        None => Ok(None),
    }
}

fn renamed(chat: StoredChat, title: &str, phone: Option<&str>) -> Found {
    let mut now = chat.clone();
    title.clone_into(&mut now.title);
    if let Some(phone) = phone {
        now.phone = Some(phone.to_owned());
    }
    Found { before: Some(chat), chat: now }
}

fn ambiguous(mut found: Found) -> Found {
    found.chat.ambiguous = true;
    found
}

async fn fresh(batch: &mut Batch, title: &str, phone: Option<&str>) -> Result<Found, IngestError> {
    let mut chat = StoredChat::new(ChatId(Uuid::now_v7()), title.to_owned());
    chat.phone = phone.map(str::to_owned);
    chats::insert(&mut batch.tx, &chat).await?;
    Ok(Found { before: None, chat })
}

impl Found {
    /// Writes what changed and reports it if a browser would see a difference.
    pub async fn save(mut self, batch: &mut Batch) -> Result<StoredChat, IngestError> {
        if self.before.as_ref() != Some(&self.chat) {
            chats::update(&mut batch.tx, &self.chat).await?;
        }
        let phone = self.before.as_ref().and_then(|before| before.phone.as_ref());
        if self.chat.phone.is_some() && self.chat.phone.as_ref() != phone {
            opt_outs::recall(batch, &mut self.chat).await?;
        }
        facts::from_title(batch, self.before.as_ref(), &self.chat).await?;
        if self.before.as_ref().map(StoredChat::chat) != Some(self.chat.chat()) {
            batch.chat(self.chat.chat());
        }
        Ok(self.chat)
    }
}
