//! What a script says happened to the message above.

use crate::world::body::{Body, LinkPreview, Mention};
use crate::world::phone::digits;
use crate::world::{Chat, ToMessage};

/// Applies one mark to the last message of the chat.
pub fn apply(chat: &mut Chat, mark: &str) -> Result<(), String> {
    let (word, rest) = mark.split_once(' ').map_or((mark, ""), |(word, rest)| (word, rest.trim()));
    let index = chat.messages.len().checked_sub(1).ok_or("there is no message")?;
    let at = chat.messages[index].at + 20_000;
    let happens = match word {
        "react" => {
            let (who, emoji) = who_and(chat, rest)?;
            Some((ToMessage::React { emoji: Some(emoji.to_owned()), who: None }, who))
        }
        "edit" => Some((ToMessage::Edit { text: rest.to_owned() }, String::new())),
        "delete" => {
            let admin = (!rest.is_empty()).then(|| rest.to_owned());
            Some((ToMessage::Delete { admin }, String::new()))
        }
        "star" => Some((ToMessage::Star { on: true }, String::new())),
        "play" => Some((ToMessage::Play {}, String::new())),
        "vote" => {
            let (who, option) = who_and(chat, rest)?;
            let option: usize = option.parse().map_err(|_| "a choice is a number")?;
            Some((ToMessage::Vote { option: option.saturating_sub(1), who: None }, who))
        }
        _ => None,
    };
    if let Some((what, who)) = happens {
        chat.messages[index].undergo(&what, &who, at);
        return Ok(());
    }
    match word {
        "quote" => {
            let back: usize = rest.parse().map_err(|_| "how far back is a number")?;
            let quoted = index.checked_sub(back).ok_or("nothing that far back")?;
            chat.messages[index].quotes = Some(chat.messages[quoted].key.clone());
        }
        "forwarded" => chat.messages[index].forwarded = rest.parse().unwrap_or(1),
        "late" => {
            for media in chat.messages[index].body.media_mut() {
                media.late = true;
            }
        }
        "mention" => {
            let id = chat.member_named(rest).map_or_else(|| "200000000000001".to_owned(), |m| hidden_id(&m.phone));
            chat.messages[index].mentions.push(Mention { name: rest.to_owned(), id, us: false });
        }
        "preview" => {
            let mut parts = rest.split('|').map(|part| part.trim().to_owned());
            let mut next = || parts.next().unwrap_or_default();
            let found = LinkPreview { title: next(), description: next(), domain: next() };
            let Body::Text { preview, .. } = &mut chat.messages[index].body else { return Err("no text".to_owned()) };
            *preview = Some(found);
        }
        other => return Err(format!("unknown mark {other:?}")),
    }
    Ok(())
}

/// The number of `me` (empty), of `<Name>`, or of the other side; and what stands behind it.
fn who_and<'a>(chat: &Chat, rest: &'a str) -> Result<(String, &'a str), String> {
    if let Some(rest) = rest.strip_prefix("me ") {
        return Ok((String::new(), rest));
    }
    if let Some((name, rest)) = rest.strip_prefix('<').and_then(|rest| rest.split_once("> ")) {
        let member = chat.member_named(name).ok_or_else(|| format!("no member {name:?}"))?;
        return Ok((member.phone.clone(), rest));
    }
    Ok((chat.phone.clone().unwrap_or_else(|| "+".to_owned()), rest))
}

/// The hidden id behind a number: fifteen digits that do not show it.
#[must_use]
pub fn hidden_id(phone: &str) -> String {
    let sum = digits(phone).bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    format!("2{:014}", sum % 100_000_000_000_000)
}
