//! Two stored chats that may be one: the page shows, under a name that one of them is known by, the number that the other
//! is known by.
//!
//! That a row of the list leads to a number today does not say that everything ever stored under that name is of it: names
//! are given to other people. So they are joined only if a message proves it, or nothing of the named one is stored but its
//! place in the list; otherwise a person is asked. Either way the name belongs to the number from then on. While both are in
//! the list, each with a row of its own, one of the rows may be of before, and nothing is decided.
//!
//! Each join remembers what it moved, and what a person took apart or declined is never joined again by itself.

use queunir_core::{
    id::{JoinId, UserId},
    join::{Join, JoinEvidence, JoinState},
    message::Direction,
};
use queunir_db::slice::{
    aliases::{self, Evidence},
    chats::{self, StoredChat},
    join_moves, joins,
};
use queunir_whatsapp::seen::SeenConversation;
use uuid::Uuid;

use super::{
    Batch, IngestError,
    identity::{address_alias, may_be_one, phone_alias, title_alias},
};
use crate::merge;

/// What the page shows of the one that both may be.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its number.
    pub phone: &'a str,
    /// Its conversation.
    pub window: Option<&'a SeenConversation>,
}

/// Two chats have met. Returns the numbered one as it is from now on, not stored yet; `None` while it cannot be decided.
pub(super) async fn met(
    batch: &mut Batch,
    named: &StoredChat,
    numbered: &StoredChat,
    shown: Shown<'_>,
) -> Result<Option<StoredChat>, IngestError> {
    let known = joins::of_pair(&mut batch.tx, named.id, numbered.id).await?;
    let proof = if known.is_none() { prove(batch, named, numbered, shown.window).await? } else { None };
    if proof.is_none() && is_listed(named) && is_listed(numbered) {
        return Ok(None);
    }
    if known.is_none() {
        let join = Join {
            id: JoinId(Uuid::now_v7()),
            state: if proof.is_some() { JoinState::Joined } else { JoinState::Suggested },
            evidence: proof.unwrap_or(JoinEvidence::Name),
            from_chat: named.id,
            into_chat: numbered.id,
            name: named.title.clone(),
            into_name: numbered.title.clone(),
            phone: shown.phone.to_owned(),
            messages: 0,
            found_at: batch.now,
            changed_at: batch.now,
            by_person: false,
        };
        joins::insert(&mut batch.tx, &join).await?;
        batch.contact(numbered.id);
        if proof.is_some() {
            return join_chats(batch, &join, named, numbered).await.map(Some);
        }
    }
    // Whoever has this name in the list has this number.
    aliases::move_to(&mut batch.tx, &title_alias(shown.name), numbered.id, batch.now).await?;
    let left = StoredChat { ambiguous: true, rank: None, archived: false, to_read_since: None, ..named.clone() };
    chats::update(&mut batch.tx, &left).await?;
    batch.chat(left.chat());
    batch.contact(left.id);
    Ok(Some(with_place_of(numbered, named)))
}

/// What proves that everything stored of the named chat is of the numbered one.
async fn prove(
    batch: &mut Batch,
    named: &StoredChat,
    numbered: &StoredChat,
    window: Option<&SeenConversation>,
) -> Result<Option<JoinEvidence>, IngestError> {
    if named.ambiguous {
        return Ok(None);
    }
    let theirs = window.iter().flat_map(|seen| &seen.messages);
    let theirs =
        theirs.filter(|message| message.drawn && message.direction == Direction::In && !message.key.is_empty());
    let (keys, texts): (Vec<String>, Vec<String>) =
        theirs.map(|message| (message.key.clone(), message.text.clone())).unzip();
    if joins::has_a_message(&mut batch.tx, named.id, &keys, &texts).await?
        || joins::share_a_message(&mut batch.tx, named.id, numbered.id).await?
    {
        return Ok(Some(JoinEvidence::Messages));
    }
    if let Some(address) = window.and_then(|seen| seen.address.as_deref())
        && aliases::of_chat(&mut batch.tx, named.id, &address_alias(address)).await?.contains(&address_alias(address))
    {
        return Ok(Some(JoinEvidence::Address));
    }
    let blank = joins::is_blank(&mut batch.tx, named.id).await?;
    let took_its_row = is_listed(named) && !is_listed(numbered);
    Ok((blank && took_its_row).then_some(JoinEvidence::Number))
}

fn is_listed(chat: &StoredChat) -> bool {
    chat.rank.is_some() || chat.archived
}

/// The numbered chat, with what the list shows of the named one: that is its row now.
fn with_place_of(numbered: &StoredChat, named: &StoredChat) -> StoredChat {
    if !is_listed(named) {
        return numbered.clone();
    }
    let row = named.clone();
    StoredChat {
        id: numbered.id,
        phone: numbered.phone.clone(),
        kind: numbered.kind,
        ambiguous: numbered.ambiguous,
        history_complete: numbered.history_complete,
        older: numbered.older,
        to_read_since: numbered.to_read_since.or(named.to_read_since),
        ..row
    }
}

/// Moves everything of the named chat to the numbered one, which is returned as it is from now on, not stored yet.
async fn join_chats(
    batch: &mut Batch,
    join: &Join,
    named: &StoredChat,
    numbered: &StoredChat,
) -> Result<StoredChat, IngestError> {
    let from = join_moves::places(&mut batch.tx, named.id, join.id).await?;
    let into = join_moves::places(&mut batch.tx, numbered.id, join.id).await?;
    let plan = merge::join(&from, &into);
    join_moves::join(&mut batch.tx, join.id, (named.id, numbered.id), &plan.places, &plan.same).await?;
    batch.everything_changed();
    Ok(with_place_of(numbered, named))
}

/// A chat's panel says its number. Returns the chat that has it, as it was and as it is from now on, not stored yet: this one,
/// or the one that is known by the number already.
pub(super) async fn take_phone(
    batch: &mut Batch,
    chat: &StoredChat,
    phone: &str,
    window: Option<&SeenConversation>,
) -> Result<(StoredChat, StoredChat), IngestError> {
    let alias = phone_alias(phone);
    let known = aliases::resolve(&mut batch.tx, std::slice::from_ref(&alias)).await?;
    let owner = match known.first() {
        Some((_, owner)) if *owner != chat.id => chats::find_for_update(&mut batch.tx, *owner).await?,
        _ => None,
    };
    match owner {
        Some(owner) if may_be_one(&owner, chat) => {
            let shown = Shown { name: &chat.title, phone, window };
            match met(batch, chat, &owner, shown).await? {
                Some(now) => Ok((owner, StoredChat { title: chat.title.clone(), ..now })),
                None => Ok((chat.clone(), chat.clone())),
            }
        }
        Some(_) => Ok((chat.clone(), chat.clone())),
        None => {
            aliases::add(&mut batch.tx, &alias, chat.id, Evidence::Panel, batch.now).await?;
            Ok((chat.clone(), StoredChat { phone: Some(phone.to_owned()), ..chat.clone() }))
        }
    }
}

/// A person says that two chats are one. False if that cannot be, because one of them is gone or has got another number.
pub(crate) async fn confirm(batch: &mut Batch, join: &Join, user: UserId) -> Result<bool, IngestError> {
    let named = chats::find_for_update(&mut batch.tx, join.from_chat).await?;
    let numbered = chats::find_for_update(&mut batch.tx, join.into_chat).await?;
    let (Some(named), Some(numbered)) = (named, numbered) else { return Ok(false) };
    if !may_be_one(&numbered, &named) {
        return Ok(false);
    }
    let now = join_chats(batch, join, &named, &numbered).await?;
    if now != numbered {
        chats::update(&mut batch.tx, &now).await?;
    }
    joins::change(&mut batch.tx, join.id, JoinState::Joined, Some(user), batch.now).await?;
    Ok(true)
}

/// A person says that two chats that may be one are two.
pub(crate) async fn decline(batch: &mut Batch, join: &Join, user: UserId) -> Result<(), IngestError> {
    joins::change(&mut batch.tx, join.id, JoinState::Declined, Some(user), batch.now).await?;
    batch.contact(join.from_chat);
    batch.contact(join.into_chat);
    Ok(())
}

/// A person says that two chats that were joined are two: everything goes back to where it was. The name stays with the
/// number, beside which the page showed it; the other cannot be found by it, so nothing is opened or sent there.
pub(crate) async fn undo(batch: &mut Batch, join: &Join, user: UserId) -> Result<bool, IngestError> {
    if chats::find_joined(&mut batch.tx, join.from_chat).await?.is_none() {
        return Ok(false);
    }
    let now = join_moves::places(&mut batch.tx, join.into_chat, join.id).await?;
    let stayed = join_moves::places(&mut batch.tx, join.from_chat, join.id).await?;
    let moved = join_moves::moved(&mut batch.tx, join.id).await?;
    let places = merge::part(&now, &moved, &stayed);
    let chats = (join.from_chat, join.into_chat);
    join_moves::part(&mut batch.tx, join.id, chats, &places, &title_alias(&join.name)).await?;
    joins::change(&mut batch.tx, join.id, JoinState::Undone, Some(user), batch.now).await?;
    batch.everything_changed();
    Ok(true)
}
