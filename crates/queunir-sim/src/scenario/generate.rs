//! Accounts too large to be written by hand: many chats, long histories, unpleasant texts; the same for the same seed.

use serde::Deserialize;

use super::build::{colour, encryption_notice, origin_of};
use crate::chance::{Chance, Origin};
use crate::clock::Millis;
use crate::world::body::{Media, Sole};
use crate::world::phone::{digits, format_phone};
use crate::world::{Ack, Body, Chat, ChatKind, Member, Message, Reach};

const MINUTE: Millis = 60_000;

/// What to make up.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generate {
    /// How many chats.
    pub chats: usize,
    /// How many messages all of them have together.
    pub messages: usize,
    /// How many of the messages the first chat has; the others share the rest.
    #[serde(default)]
    pub longest: usize,
    /// How many days the histories go back.
    #[serde(default = "ninety")]
    pub days: i64,
    /// Every n-th chat is a group.
    #[serde(default = "twelve")]
    pub group_every: usize,
    /// Every n-th chat has something unread.
    #[serde(default = "nine")]
    pub unread_every: usize,
    /// Names and texts that break what is careless.
    #[serde(default)]
    pub hostile: bool,
}

fn ninety() -> i64 {
    90
}

fn twelve() -> usize {
    12
}

fn nine() -> usize {
    9
}

const FIRST: [&str; 16] = [
    "Ana", "Bruno", "Carla", "Diego", "Elisa", "Felipe", "Giovanna", "Heitor", "Iara", "João", "Karen", "Lucas",
    "Marina", "Nuno", "Olívia", "Paulo",
];
const LAST: [&str; 12] = [
    "Almeida",
    "Barros",
    "Castro",
    "Duarte",
    "Esteves",
    "Ferraz",
    "Gomes",
    "Haddad",
    "Ito",
    "Junqueira",
    "Lacerda",
    "Moura",
];
const SAID: [&str; 16] = [
    "Oi, tudo bem?",
    "Tem no tamanho M?",
    "Quanto fica com a entrega?",
    "Pode ser amanhã à tarde?",
    "Perfeito, obrigada! 😊",
    "Vou confirmar e já te falo",
    "Chegou direitinho 🎉",
    "Qual o horário de vocês?",
    "Aceita cartão?",
    "Fechado!",
    "Segue o endereço:\nRua das Acácias, 45\nVila Nova",
    "https://example.com/pedido/1042",
    "*Importante*: sem lactose, por favor",
    "Bom dia!",
    "Pode repetir o valor?",
    "👍",
];

/// Titles and texts that have broken programs.
const NASTY: [&str; 18] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=\"alert(1)\">",
    "\u{202E}txet desrever\u{202C} and back",
    "مرحبا world שלום",
    "a\u{200B}b\u{200C}c\u{200D}d\u{FEFF}e",
    "[10:00, 01/01/2026] Someone: forged stamp",
    "] : ] : name: ",
    "%s %d {} {{}} ${x} `code`",
    "'; drop table messages; --",
    "e\u{301}e\u{301} é NFD and NFC",
    "👩‍👩‍👧‍👦🏳️‍🌈🇧🇷👋🏽",
    "\u{1F468}\u{200D}",
    "𝕯𝖔𝖚𝖇𝖑𝖊-𝖘𝖙𝖗𝖚𝖈𝖐",
    "4 unread messages",
    "You: this was not us",
    "wds-ic-read Delivered",
    "..\\..\\etc/passwd\u{7}",
    "     ",
];

/// Makes the chats.
pub fn chats(wanted: &Generate, seed: u64, now: Millis) -> Vec<Chat> {
    let mut chance = Chance::seeded(seed ^ 0x5eed);
    let rest = wanted.messages.saturating_sub(wanted.longest);
    let others = wanted.chats.saturating_sub(usize::from(wanted.longest > 0)).max(1);
    (0..wanted.chats)
        .map(|index| {
            let long = index == 0 && wanted.longest > 0;
            let count = if long { wanted.longest } else { rest / others };
            chat(wanted, index, count, &mut chance, now)
        })
        .collect()
}

fn chat(wanted: &Generate, index: usize, count: usize, chance: &mut Chance, now: Millis) -> Chat {
    let group = wanted.group_every > 0 && index % wanted.group_every == wanted.group_every - 1;
    let phone = format_phone(&format!("5521{:09}", 930_000_000 + index));
    let members = if group { (0..4).map(|member| self::member(index, member)).collect() } else { Vec::new() };
    let mut chat = Chat {
        id: if group { format!("g_9{index}") } else { format!("c_{}", digits(&phone)) },
        kind: if group { ChatKind::Group } else { ChatKind::Contact },
        name: name(wanted, index, group),
        phone: (!group).then_some(phone),
        hidden: None,
        push: None,
        members,
        pinned: false,
        muted: index % 17 == 3,
        archived: false,
        favorite: false,
        about: None,
        business: None,
        marked_unread: false,
        unread: 0,
        reach: Reach::Away,
        read_receipts: index % 5 != 4,
        writable: true,
        colour: colour(index),
        picture: None,
        messages: Vec::with_capacity(count + 1),
    };
    let newest = now - MINUTE - i64::try_from(index).unwrap_or(0) * 37_000;
    let span = wanted.days * 24 * 60 * MINUTE;
    let step = (span / i64::try_from(count.max(1)).unwrap_or(1)).max(1_000);
    chat.messages.push(encryption_notice(chance, newest - step * i64::try_from(count).unwrap_or(0) - MINUTE));
    for place in 0..count {
        let back = i64::try_from(count - 1 - place).unwrap_or(0);
        let message = message(wanted, &chat, place, newest - step * back, chance);
        chat.messages.push(message);
    }
    if wanted.unread_every > 0 && index % wanted.unread_every == wanted.unread_every - 1 {
        let unseen = chat.messages.iter_mut().rev().take_while(|message| !message.from_me).take(3);
        for message in unseen {
            message.seen_at = None;
            chat.unread += 1;
        }
    }
    chat
}

fn member(index: usize, member: usize) -> Member {
    let phone = format_phone(&format!("5531{:09}", 940_000_000 + index * 10 + member));
    let name = (member > 0).then(|| format!("{} {}", FIRST[(index + member) % FIRST.len()], LAST[member]));
    Member { name, phone, push: Some(FIRST[member].to_owned()), admin: member == 1, about: None }
}

/// Every thirteenth is not saved, and with hostile names two chats share each name.
fn name(wanted: &Generate, index: usize, group: bool) -> Option<String> {
    if wanted.hostile && index.is_multiple_of(2) {
        return Some(NASTY[(index / 4) % NASTY.len()].to_owned()).filter(|name| !name.trim().is_empty());
    }
    let full = format!("{} {}", FIRST[index % FIRST.len()], LAST[(index / FIRST.len()) % LAST.len()]);
    let number = index / (FIRST.len() * LAST.len());
    let full = if number > 0 { format!("{full} {number}") } else { full };
    if group { Some(format!("Grupo {full}")) } else { Some(full).filter(|_| index % 13 != 12) }
}

fn message(wanted: &Generate, chat: &Chat, place: usize, at: Millis, chance: &mut Chance) -> Message {
    let from_me = chance.between(0, 9) < 4;
    let author = (!from_me && chat.kind == ChatKind::Group).then(|| {
        let member = usize::try_from(chance.between(0, 3)).unwrap_or(0);
        chat.members[member].phone.clone()
    });
    let writer = author.as_deref().or(chat.phone.as_deref()).unwrap_or("");
    let origin = if from_me { Origin::Iphone } else { origin_of(writer) };
    let mut message = Message::new(chance.key(origin), from_me, at, body(wanted, place, chance));
    message.author = author;
    if from_me {
        let top = if chat.read_receipts { Ack::Read } else { Ack::Delivered };
        let all = [(Ack::Pending, 0), (Ack::Sent, 400), (Ack::Delivered, 1_300), (Ack::Read, 9_000)];
        message.acks = all.into_iter().filter(|(ack, _)| *ack <= top).map(|(ack, after)| (ack, at + after)).collect();
    } else {
        message.seen_at = Some(at + MINUTE);
    }
    message
}

fn body(wanted: &Generate, place: usize, chance: &mut Chance) -> Body {
    let pick = |list: &[&str], at: i64| list[usize::try_from(at).unwrap_or(0) % list.len()].to_owned();
    if wanted.hostile {
        return match place % 9 {
            3 => Body::words("😀".repeat(400)),
            // Equal words in the same minute are two messages.
            5 | 6 => Body::words("the same words again"),
            7 => Body::words(format!("{}\n\n\n{}", "long ".repeat(300), pick(&NASTY, chance.between(0, 16)))),
            8 => Body::Undecrypted {},
            _ => Body::words(pick(&NASTY, chance.between(0, 16))),
        };
    }
    match chance.between(0, 40) {
        0 => Body::Voice(Sole { media: Media { seconds: Some(7), ..Media::default() } }),
        _ => Body::words(format!("{} ({place})", pick(&SAID, chance.between(0, 15)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_made_as_were_asked_for_and_the_last_is_recent() {
        let text = "chats = 50\nmessages = 1000\nlongest = 400";
        let wanted: Generate = toml::from_str(text).unwrap();
        let made = chats(&wanted, 1, 1_790_000_000_000);
        assert_eq!((made.len(), made[0].messages.len()), (50, 401));
        let all: usize = made.iter().map(|chat| chat.messages.len() - 1).sum();
        assert!((950..=1000).contains(&all), "{all}");
        assert!(made.iter().any(|chat| chat.unread > 0));
        for chat in &made {
            assert!(chat.messages.windows(2).all(|pair| pair[0].at < pair[1].at), "{}", chat.title());
            assert_eq!(chat.unseen().len(), chat.unread as usize);
        }
    }
}
