//! What pages ask for and get an answer to: panels, searches, numbers from an address.

use super::{Inner, PageId, SimError};
use crate::wire::{Found, MemberInfo, Reached, ToPage};
use crate::world::phone::{digits, format_phone, is_phone, without_ninth_digit};
use crate::world::{Chat, Member, Message};

/// The most message hits a search brings.
const FOUND_MOST: usize = 60;
/// How long the panel of a chat takes.
const INFO_MS: f64 = 400.0;
/// How long it takes to find out whether a number has an account.
const RESOLVE_MS: f64 = 900.0;

impl Inner {
    /// What the info panel of a chat shows.
    pub(super) fn info(&self, page: PageId, chat: &str) -> Result<(), SimError> {
        let (account, _) = self.linked(page).ok_or(SimError::Refused("the page is not linked"))?;
        let found = self.world.chat(&account, chat).ok_or(SimError::NotFound("chat"))?;
        let member = |member: &Member| MemberInfo {
            name: member.name.clone(),
            phone: member.phone.clone(),
            push: member.push.clone(),
            admin: member.admin,
            about: member.about.clone(),
        };
        let info = ToPage::Info {
            chat: chat.to_owned(),
            phone: found.phone.clone().filter(|_| found.hidden.is_none()),
            about: found.about.clone(),
            business: found.business.clone(),
            members: found.members.iter().map(member).collect(),
        };
        self.push_after(page, &info, INFO_MS);
        Ok(())
    }

    /// Messages that contain the words, newest first.
    pub(super) fn search(&self, page: PageId, query: String) -> Result<(), SimError> {
        let (account, _) = self.linked(page).ok_or(SimError::Refused("the page is not linked"))?;
        let account = self.world.accounts.get(&account).ok_or(SimError::NotFound("account"))?;
        let wanted = query.to_lowercase();
        let mut hits: Vec<Found> = account.chats.values().flat_map(|chat| hits(chat, &wanted)).collect();
        hits.sort_by_key(|hit| std::cmp::Reverse(hit.at));
        hits.truncate(FOUND_MOST);
        self.push(page, &ToPage::Found { query, messages: hits });
        Ok(())
    }

    /// Whether a number from the page's address has an account, and which chat it is.
    pub(super) fn resolve(&mut self, page: PageId, phone: String) -> Result<(), SimError> {
        let (account, _) = self.linked(page).ok_or(SimError::Refused("the page is not linked"))?;
        let older = without_ninth_digit(&phone);
        let canonical = older.clone().filter(|_| self.trouble.ninth_digit_follows).unwrap_or_else(|| phone.clone());
        let known = self.find_chat(&account, &phone).or_else(|| self.find_chat(&account, &canonical));
        let (reached, chat) = match known.filter(|_| !digits(&phone).is_empty()) {
            Some(chat) => (Reached::Chat, Some(chat)),
            None if !is_phone(&phone) => (Reached::Invalid, None),
            None if self.trouble.numbers_absent => (Reached::Absent, None),
            None if self.trouble.ninth_digit_absent && older.is_some() => (Reached::Absent, None),
            None => (Reached::Chat, Some(self.open_new_chat(&account, &canonical)?)),
        };
        let shown = format_phone(&phone);
        self.push_after(page, &ToPage::Resolved { phone, shown, reached, chat }, RESOLVE_MS);
        Ok(())
    }
}

fn hits<'a>(chat: &'a Chat, wanted: &'a str) -> impl Iterator<Item = Found> + 'a {
    let matching = move |message: &&Message| {
        message.later.deleted.is_none()
            && message.later.removed.is_none()
            && message.body.text().to_lowercase().contains(wanted)
    };
    let hit =
        |message: &Message| Found {
            chat: chat.id.clone(),
            key: message.key.clone(),
            at: message.at,
            from_me: message.from_me,
            author: message.author.as_deref().and_then(|phone| chat.member(phone)).map(|member| {
                member.name.clone().or_else(|| member.push.clone()).unwrap_or_else(|| member.phone.clone())
            }),
            text: message.body.text().chars().take(200).collect(),
        };
    chat.messages.iter().rev().filter(matching).take(FOUND_MOST).map(hit)
}
