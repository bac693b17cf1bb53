//! What titles, the composer and info panels say of the person or group behind a chat, with where it stood.

use queunir_core::{
    chat::ChatKind,
    contact::{FactKind, FactSource, Member, Members},
    id::ChatId,
};
use queunir_db::slice::{
    chats::{self, StoredChat},
    contacts::{self, StoredPanel},
    members,
};
use queunir_whatsapp::seen::{SeenConversation, SeenFact, SeenPanel};

use super::{Batch, IngestError, conversation::without_nul, joins, opt_outs};

/// All that a panel can say.
const ALL: &[FactKind] = &[
    FactKind::Name,
    FactKind::Phone,
    FactKind::PushName,
    FactKind::About,
    FactKind::Description,
    FactKind::Hours,
    FactKind::Email,
    FactKind::Website,
];

/// Whether a title is the number itself.
fn is_number(title: &str, phone: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    title.trim_start().starts_with('+') && digits(title) == digits(phone)
}

/// A chat's title says its saved name, its number, or the name that somebody gave themselves.
pub(super) async fn from_title(
    batch: &mut Batch,
    before: Option<&StoredChat>,
    chat: &StoredChat,
) -> Result<(), IngestError> {
    if before.is_some_and(|before| before.title == chat.title && before.phone == chat.phone) {
        return Ok(());
    }
    let number = chat.phone.as_deref().filter(|phone| is_number(&chat.title, phone));
    let told = match (number, chat.title.strip_prefix('~')) {
        (Some(phone), _) => (FactKind::Phone, phone.to_owned()),
        (None, Some(name)) => (FactKind::PushName, name.trim().to_owned()),
        (None, None) => (FactKind::Name, chat.title.clone()),
    };
    // A number that a title once said is still the number when the title says a name.
    let kinds: &[FactKind] = if number.is_some() {
        &[FactKind::Name, FactKind::PushName, FactKind::Phone]
    } else {
        &[FactKind::Name, FactKind::PushName]
    };
    let is_news = contacts::put(&mut batch.tx, chat.id, FactSource::Title, kinds, &[told], batch.now).await?;
    if is_news && before.is_some() {
        batch.contact(chat.id);
    }
    Ok(())
}

/// The composer says the number of somebody who is not saved; where the title says it too, that is enough.
pub(super) async fn from_composer(
    batch: &mut Batch,
    chat: &StoredChat,
    title: &str,
    phone: Option<&str>,
) -> Result<(), IngestError> {
    let Some(phone) = phone.filter(|phone| !is_number(title, phone)) else { return Ok(()) };
    let told = [(FactKind::Phone, phone.to_owned())];
    if contacts::put(&mut batch.tx, chat.id, FactSource::Composer, &[FactKind::Phone], &told, batch.now).await? {
        batch.contact(chat.id);
    }
    Ok(())
}

/// Stores what a panel said. A number that no chat is known by becomes this chat's own; one that another is known by shows
/// that both may be one.
pub(crate) async fn from_panel(
    batch: &mut Batch,
    chat: &StoredChat,
    seen: &SeenPanel,
    window: Option<&SeenConversation>,
) -> Result<(), IngestError> {
    let told: Vec<(FactKind, String)> =
        seen.facts.iter().map(|SeenFact { kind, value }| (*kind, without_nul(value))).collect();
    let number = told.iter().find(|(kind, _)| *kind == FactKind::Phone).map(|(_, value)| value);
    let number =
        number.filter(|_| chat.phone.is_none() && chat.kind != ChatKind::Group && seen.kind != ChatKind::Group);
    let (before, mut now) = match number {
        Some(phone) => joins::take_phone(batch, chat, phone, window).await?,
        None => (chat.clone(), chat.clone()),
    };
    let chat = &before;
    contacts::put(&mut batch.tx, chat.id, FactSource::Panel, ALL, &told, batch.now).await?;
    let panel = StoredPanel { read_at: Some(batch.now), number_hidden: seen.number_hidden, ..StoredPanel::default() };
    contacts::put_panel(&mut batch.tx, chat.id, &panel).await?;
    if chat.kind == ChatKind::Group || seen.kind == ChatKind::Group {
        put_members(batch, chat.id, seen).await?;
    }
    batch.contact(chat.id);

    if now.kind == ChatKind::Unknown {
        now.kind = seen.kind;
    }
    if now != *chat {
        from_title(batch, Some(chat), &now).await?;
        chats::update(&mut batch.tx, &now).await?;
        if now.phone.is_some() && now.phone != chat.phone {
            opt_outs::recall(batch, &mut now).await?;
        }
        batch.chat(now.chat());
    }
    Ok(())
}

/// A panel that shows no member says nothing of them: what another showed stands. So does the whole of a group beside a
/// panel that shows some of as many.
async fn put_members(batch: &mut Batch, chat: ChatId, seen: &SeenPanel) -> Result<(), IngestError> {
    if seen.members.is_empty() {
        return Ok(());
    }
    let told: Vec<Member> = seen
        .members
        .iter()
        .map(|member| Member {
            name: member.name.as_deref().map(without_nul),
            push_name: member.push_name.as_deref().map(without_nul),
            ..member.clone()
        })
        .collect();
    let known = members::of(&mut batch.tx, chat).await?;
    if seen.all_members || !known.is_some_and(|known| is_whole(&known, &told, seen.total)) {
        members::put(&mut batch.tx, chat, &told, seen.total, batch.now).await?;
    }
    Ok(())
}

/// Whether all members of a group of this size are known, and most of those who are shown are among them.
fn is_whole(known: &Members, told: &[Member], total: Option<u32>) -> bool {
    let is_known = |member: &&Member| known.shown.iter().any(|one| one.member == **member);
    let met = told.iter().filter(is_known).count();
    let count = u32::try_from(known.shown.len()).ok();
    total == known.total && total == count && known.shown.len() > told.len() && 2 * met >= told.len()
}
