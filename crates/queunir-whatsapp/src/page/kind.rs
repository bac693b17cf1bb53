//! Group, person or oneself: the page has no mark for it, so several weak ones are put together (evidence 2.4, 3.1, 3.2).

use std::collections::BTreeSet;

use queunir_core::{chat::ChatKind, message::Direction, text::clean_name};

use super::{direction::data_id, labels, normalise::phone, raw, rows};

/// A list row's kind: by its default picture, or by the author that only a group's preview has.
pub(super) fn of_row(row: &raw::ListRow, has_author: bool) -> ChatKind {
    match row.avatar.as_deref() {
        _ if row.yourself || is_yourself(&row.title) => ChatKind::Yourself,
        Some("group") => ChatKind::Group,
        _ if has_author => ChatKind::Group,
        Some("contact") => ChatKind::Contact,
        _ => ChatKind::Unknown,
    }
}

/// The open conversation's kind, the surest marks first.
pub(super) fn of_conversation(raw: &raw::Conversation, title: &str) -> ChatKind {
    let packed = |ends: &[&str]| raw.rows.iter().any(|row| ends.iter().any(|end| data_id(&row.id).chat.ends_with(end)));
    let subtitle = raw.subtitle.as_deref().unwrap_or_default();
    match raw.avatar.as_deref() {
        Some("yourself") => ChatKind::Yourself,
        _ if is_yourself(title) => ChatKind::Yourself,
        Some("group") => ChatKind::Group,
        _ if packed(&["@g.us"]) => ChatKind::Group,
        _ if packed(&["@c.us", "@lid", "@s.whatsapp.net"]) => ChatKind::Contact,
        Some("contact") => ChatKind::Contact,
        _ if names_us(subtitle) || says(&labels::labels().group_info, subtitle) => ChatKind::Group,
        _ if is_for_group(raw.composer_label.as_deref().unwrap_or_default(), title) => ChatKind::Group,
        _ if says(&labels::labels().contact_info, subtitle) => ChatKind::Contact,
        _ if authors(raw).len() > 1 || raw.rows.iter().any(|row| row.author.is_some()) => ChatKind::Group,
        _ if phone(title).is_some() => ChatKind::Contact,
        _ => ChatKind::Unknown,
    }
}

/// `Name (You)`.
fn is_yourself(title: &str) -> bool {
    let title = clean_name(title);
    let inner = title.strip_suffix([')', '）']).and_then(|rest| rest.rsplit_once(['(', '（']));
    inner.is_some_and(|(name, word)| !name.trim().is_empty() && labels::contains(&labels::labels().you, word))
}

/// The line of members ends in our own place in it: `Ana, Bruno, +55 ..., You`.
fn names_us(subtitle: &str) -> bool {
    let parts: Vec<&str> = subtitle.split([',', '、', '，']).collect();
    parts.len() > 1 && parts.iter().any(|part| labels::contains(&labels::labels().you, part))
}

/// The composer's label says so before the name.
fn is_for_group(label: &str, title: &str) -> bool {
    if title.is_empty() {
        return false;
    }
    let label = labels::plain(label);
    let before = label.strip_suffix(labels::plain(title).as_str()).unwrap_or_default();
    labels::labels().group_composer.iter().any(|word| before.ends_with(word.as_str()))
}

fn says(words: &[String], text: &str) -> bool {
    let text = labels::plain(text);
    words.iter().any(|word| text.contains(word.as_str()))
}

/// The others who write here.
fn authors(raw: &raw::Conversation) -> BTreeSet<String> {
    let theirs = |row: &&raw::Row| row.row == "message" && rows::is_plainly(row, Direction::In);
    raw.rows.iter().filter(theirs).filter_map(rows::written_sender).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation(title: &str, subtitle: &str) -> ChatKind {
        let json =
            serde_json::json!({"v": 1, "kind": "conversation", "visible": true, "open": true, "subtitle": subtitle});
        of_conversation(&serde_json::from_value(json).unwrap(), title)
    }

    #[test]
    fn the_second_line_tells_groups_from_people() {
        assert_eq!(conversation("Família", "Ana, Bruno, +55 11 90000-0000, Você"), ChatKind::Group);
        assert_eq!(conversation("Família", "clique aqui para mostrar os dados do grupo"), ChatKind::Group);
        assert_eq!(conversation("Ana", "last seen today at 10:00"), ChatKind::Contact);
        assert_eq!(conversation("Ana", "click here for contact info"), ChatKind::Contact);
        assert_eq!(conversation("Ana", ""), ChatKind::Unknown);
        assert_eq!(conversation("+55 11 90000-0000", ""), ChatKind::Contact);
    }

    #[test]
    fn the_composer_says_group_before_the_name() {
        let label = |label: &str| is_for_group(label, "Entregas");
        assert!(label("Digite uma mensagem para o grupo Entregas"));
        assert!(!label("Digite uma mensagem para Entregas"));
        assert!(!is_for_group("Digite uma mensagem para o grupo Entregas", "Outro"));
        assert!(!is_for_group("Digite uma mensagem para o grupo ", ""));
    }

    #[test]
    fn oneself_is_named_in_brackets() {
        assert_eq!(conversation("+55 11 90000-0000 (você)", ""), ChatKind::Yourself);
        assert_eq!(conversation("Loja (You)", ""), ChatKind::Yourself);
        assert_eq!(conversation("Loja (Centro)", ""), ChatKind::Unknown);
    }
}
