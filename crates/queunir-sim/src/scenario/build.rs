//! From a scenario as written to an account whose messages lie in the last days.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::script::{Line, Speaker, Start, Stretch};
use super::{Conversation, Scenario, ScenarioError, marks, script};
use crate::chance::{Chance, Origin};
use crate::clock::Millis;
use crate::world::phone::{digits, format_phone};
use crate::world::{Account, Ack, Body, Chat, ChatKind, Member, Message, Reach};

const MINUTE: Millis = 60_000;

/// Muted colours that avatars are drawn in.
const COLOURS: [&str; 10] =
    ["#6b8f71", "#8a6fa8", "#b0705a", "#4f86a6", "#a88a3d", "#7a7f9a", "#a65b78", "#5a9a96", "#94774f", "#6a6fb0"];

/// Colour for the n-th chat.
#[must_use]
pub fn colour(index: usize) -> String {
    COLOURS[index % COLOURS.len()].to_owned()
}

pub fn account(scenario: &Scenario, now: Millis) -> Result<Account, ScenarioError> {
    let owner = &scenario.account;
    let zone = TimeZone::get(&owner.time_zone)
        .map_err(|_| ScenarioError::Chat { chat: owner.name.clone(), why: "unknown time zone".to_owned() })?;
    let mut chance = Chance::seeded(scenario.seed);
    let mut chats = BTreeMap::new();
    for (index, conversation) in scenario.chats.iter().enumerate() {
        let mut place = Place { chance: &mut chance, zone: &zone, now };
        let chat = chat(conversation, index, &mut place)?;
        if chats.contains_key(&chat.id) {
            return Err(ScenarioError::Chat { chat: chat.title().to_owned(), why: "number used twice".to_owned() });
        }
        chats.insert(chat.id.clone(), chat);
    }
    if let Some(wanted) = &scenario.generate {
        for chat in super::generate::chats(wanted, scenario.seed, now) {
            chats.insert(chat.id.clone(), chat);
        }
    }
    Ok(Account {
        id: owner.id.clone(),
        name: owner.name.clone(),
        phone: format_phone(&owner.phone),
        locale: owner.locale.clone(),
        hour12: owner.hour12,
        time_zone: owner.time_zone.clone(),
        chats,
        devices: BTreeMap::new(),
        acts: Vec::new(),
        accepted: HashMap::new(),
    })
}

/// What placing messages needs.
struct Place<'a> {
    chance: &'a mut Chance,
    zone: &'a TimeZone,
    now: Millis,
}

fn chat(written: &Conversation, index: usize, place: &mut Place<'_>) -> Result<Chat, ScenarioError> {
    let label = written.name.clone().or_else(|| written.phone.clone()).unwrap_or_default();
    let stretches = script::parse(&written.script).map_err(|(line, why)| ScenarioError::Script {
        chat: label.clone(),
        line,
        why,
    })?;
    let mut chat = empty(written, index);
    if chat.title().is_empty() {
        return Err(ScenarioError::Chat { chat: label, why: "needs a name or a number".to_owned() });
    }
    for stretch in &stretches {
        add_stretch(&mut chat, stretch, place).map_err(|why| ScenarioError::Chat { chat: label.clone(), why })?;
    }
    let first = chat.messages.first().map_or(place.now - 60 * MINUTE, |message| message.at);
    chat.messages.insert(0, encryption_notice(place.chance, first - MINUTE));
    settle(&mut chat, written);
    Ok(chat)
}

/// The first row of every chat.
#[must_use]
pub fn encryption_notice(chance: &mut Chance, at: Millis) -> Message {
    Message { seen_at: Some(at), ..Message::new(chance.key(Origin::Web), false, at, Body::notice("e2e")) }
}

fn empty(written: &Conversation, index: usize) -> Chat {
    let group = !written.members.is_empty();
    let phone = written.phone.as_deref().map(format_phone);
    Chat {
        id: phone.as_deref().map_or_else(|| format!("g_{index}"), |phone| format!("c_{}", digits(phone))),
        kind: match (written.own, group) {
            (true, _) => ChatKind::Own,
            (false, true) => ChatKind::Group,
            (false, false) => ChatKind::Contact,
        },
        name: written.name.clone(),
        phone,
        push: written.push.clone(),
        hidden: None,
        members: written
            .members
            .iter()
            .map(|member| Member { phone: format_phone(&member.phone), ..member.clone() })
            .collect(),
        pinned: written.pinned,
        muted: written.muted,
        archived: written.archived,
        favorite: written.favorite,
        about: written.about.clone(),
        business: written.business.clone(),
        marked_unread: false,
        unread: 0,
        reach: written.reach,
        read_receipts: written.read_receipts,
        writable: written.writable,
        colour: colour(index),
        picture: written.picture,
        messages: Vec::new(),
    }
}

fn add_stretch(chat: &mut Chat, stretch: &Stretch, place: &mut Place<'_>) -> Result<(), String> {
    let floor = chat.last_at();
    let mut at = began(stretch.start, place).ok_or("a time that does not exist")?;
    let mut messages = Vec::new();
    for line in &stretch.lines {
        at += line.gap * MINUTE;
        messages.push((message(chat, line, at, place.chance)?, &line.marks));
        at += place.chance.between(15, 170) * 1000;
    }
    // A stretch that would end in the future moves back as a whole, and never before the one above it.
    let end = messages.last().map_or(0, |(message, _)| message.at);
    let late = (end - (place.now - MINUTE)).max(0);
    let mut previous = floor;
    for (mut message, written) in messages {
        message.at = (message.at - late).max(previous + 1000).min(place.now);
        previous = message.at;
        chat.messages.push(message);
        for mark in written {
            marks::apply(chat, mark).map_err(|why| format!("{mark:?}: {why}"))?;
        }
    }
    Ok(())
}

fn began(start: Start, place: &Place<'_>) -> Option<Millis> {
    match start {
        Start::Minutes(back) => Some(place.now - back * MINUTE),
        Start::Day { back, minute } => {
            let now = Timestamp::from_millisecond(place.now).ok()?.to_zoned(place.zone.clone());
            let day = now.date().checked_sub(back.days()).ok()?;
            let time = Time::new(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 7, 0).ok()?;
            Some(day.to_datetime(time).to_zoned(place.zone.clone()).ok()?.timestamp().as_millisecond())
        }
    }
}

fn message(chat: &Chat, line: &Line, at: Millis, chance: &mut Chance) -> Result<Message, String> {
    let notice = !line.body.is_message();
    let author = match &line.speaker {
        Speaker::Member(who) => {
            let member = chat.member_named(who).ok_or_else(|| format!("no member {who:?}"))?;
            Some(member.phone.clone())
        }
        Speaker::Contact if chat.kind == ChatKind::Group && !notice => {
            return Err("a group's message needs <Name>".to_owned());
        }
        Speaker::Contact | Speaker::Owner => None,
    };
    let from_me = line.speaker == Speaker::Owner;
    let writer = author.as_deref().or(chat.phone.as_deref()).unwrap_or("");
    let origin = if from_me { Origin::Iphone } else { origin_of(writer) };
    Ok(Message { author, ..Message::new(chance.key(origin), from_me, at, line.body.clone()) })
}

/// A contact keeps the same kind of phone; which one follows from the number.
#[must_use]
pub fn origin_of(phone: &str) -> Origin {
    let sum: u32 = digits(phone).bytes().map(u32::from).sum();
    if sum.is_multiple_of(3) { Origin::Iphone } else { Origin::Android }
}

/// Gives old messages the states they would have by now.
fn settle(chat: &mut Chat, written: &Conversation) {
    let said = |message: &Message| !message.from_me && message.body.is_message();
    let incoming: Vec<usize> =
        chat.messages.iter().enumerate().filter(|(_, message)| said(message)).map(|(index, _)| index).collect();
    let unseen: Vec<usize> = incoming.iter().rev().take(written.unread).copied().collect();
    chat.unread = u32::try_from(unseen.len()).unwrap_or(0);
    let last_word = incoming.last().copied().unwrap_or(0);
    let usual = match written.reach {
        Reach::Off => Ack::Sent,
        Reach::Online | Reach::Away => Ack::Read,
    };
    for (index, message) in chat.messages.iter_mut().enumerate() {
        let at = message.at;
        if message.from_me {
            let answered = index < last_word;
            let wanted = if answered { Ack::Read } else { written.last_ack.unwrap_or(usual) };
            let top = if written.read_receipts { Ack::Read } else { Ack::Delivered };
            let top = if message.later.played { Ack::Played } else { wanted.min(top) };
            message.acks = if message.body.is_message() { states(at, top) } else { Vec::new() };
        } else if !unseen.contains(&index) {
            message.seen_at = Some(at + MINUTE);
        }
    }
}

fn states(at: Millis, top: Ack) -> Vec<(Ack, Millis)> {
    let all = [(Ack::Pending, 0), (Ack::Sent, 400), (Ack::Delivered, 1_300), (Ack::Read, 9_000), (Ack::Played, 30_000)];
    all.into_iter().filter(|(ack, _)| *ack <= top).map(|(ack, after)| (ack, at + after)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_790_000_000_000;

    #[test]
    fn the_built_in_scenarios_are_valid_and_lie_in_the_past() {
        for name in ["demo", "test", "busy-seller", "hostile", "mixed-generations"] {
            let account = crate::scenario::built_in(name).unwrap().account(NOW).unwrap();
            for chat in account.chats.values() {
                assert!(chat.messages.windows(2).all(|pair| pair[0].at < pair[1].at), "{name}: {}", chat.title());
                assert!(chat.last_at() <= NOW, "{name}: {}", chat.title());
                assert_eq!(chat.unseen().len(), chat.unread as usize);
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_account() {
        let scenario = crate::scenario::built_in("demo").unwrap();
        let one = serde_json::to_string(&scenario.account(NOW).unwrap()).unwrap();
        assert_eq!(one, serde_json::to_string(&scenario.account(NOW).unwrap()).unwrap());
    }

    #[test]
    fn keys_are_unique_in_an_account() {
        let account = crate::scenario::built_in("demo").unwrap().account(NOW).unwrap();
        let keys: Vec<&str> = account.chats.values().flat_map(|c| c.messages.iter().map(|m| m.key.as_str())).collect();
        let unique: std::collections::HashSet<&str> = keys.iter().copied().collect();
        assert_eq!(keys.len(), unique.len());
    }

    #[test]
    fn a_message_without_a_member_in_a_group_is_refused() {
        let text = "seed=1\n[account]\nid='a'\nname='A'\nphone='5511'\nlocale='en'\ntime_zone='UTC'\n[[chats]]\nname='G'\nmembers=[{phone='551191'}]\nscript='''\n@ -1d 10:00\n< hi\n'''\n";
        assert!(crate::scenario::parse("x", text).unwrap().account(NOW).is_err());
    }
}
