//! Which chat the rows of a conversation belong to, by the ids that the second generation packs (evidence 3.2): a number, a
//! hidden id or a group. The newer pages have bare keys, which say nothing of it.

use std::collections::BTreeSet;

use super::{direction::data_id, raw};

/// What the ids of all rows agree on; where they disagree nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// In `+digits` form.
    pub phone: Option<String>,
    /// A hidden id or a group, as in `123@lid`.
    pub address: Option<String>,
}

/// Reads the ids of all rows. A chat may be named by its number in older rows and by its hidden id in newer ones.
pub(super) fn named(rows: &[raw::Row]) -> Named {
    let chats: BTreeSet<&str> = rows.iter().map(|row| data_id(&row.id).chat).filter(|chat| !chat.is_empty()).collect();
    let phones = chats.iter().filter_map(|chat| phone(chat));
    let addresses = chats.iter().filter(|chat| is_address(chat)).map(|chat| (*chat).to_owned());
    let named = Named { phone: only(phones), address: only(addresses) };
    let known = usize::from(named.phone.is_some()) + usize::from(named.address.is_some());
    // A group has no number, and what is neither is somebody else's.
    let group = named.address.as_deref().is_some_and(|address| address.ends_with("@g.us"));
    if known == chats.len() && !(group && named.phone.is_some()) { named } else { Named::default() }
}

fn phone(chat: &str) -> Option<String> {
    let number = chat.strip_suffix("@c.us").or_else(|| chat.strip_suffix("@s.whatsapp.net"))?;
    (digits(number) && (7..=15).contains(&number.len())).then(|| format!("+{number}"))
}

fn is_address(chat: &str) -> bool {
    // Groups of the older kind are `<number>-<time>`.
    let hidden = chat.strip_suffix("@lid").is_some_and(digits);
    hidden || chat.strip_suffix("@g.us").is_some_and(|id| id.split('-').all(digits))
}

fn digits(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The one there is, if there is one.
fn only(mut found: impl Iterator<Item = String>) -> Option<String> {
    found.next().filter(|_| found.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ids: &[&str]) -> (Option<String>, Option<String>) {
        let rows: Vec<raw::Row> = ids
            .iter()
            .map(|id| serde_json::from_value(serde_json::json!({"row": "message", "id": id})).unwrap())
            .collect();
        let Named { phone, address } = named(&rows);
        (phone, address)
    }

    #[test]
    fn ids_name_a_number_a_hidden_id_or_a_group() {
        assert_eq!(
            of(&["false_5511999990000@c.us_A", "true_5511999990000@c.us_B"]).0.as_deref(),
            Some("+5511999990000")
        );
        assert_eq!(of(&["false_77@lid_A"]), (None, Some("77@lid".into())));
        assert_eq!(of(&["false_1203630@g.us_A_55@lid", "true_1203630@g.us_B"]), (None, Some("1203630@g.us".into())));
        assert_eq!(
            of(&["false_5511999990000-1400000000@g.us_A_1@c.us"]).1.as_deref(),
            Some("5511999990000-1400000000@g.us")
        );
        let both = of(&["false_5511999990000@c.us_A", "false_77@lid_B", "C"]);
        assert_eq!(both, (Some("+5511999990000".into()), Some("77@lid".into())));
        assert_eq!(of(&["A", "B"]), (None, None));
    }

    #[test]
    fn ids_that_disagree_name_nobody() {
        assert_eq!(of(&["false_77@lid_A", "false_78@lid_B"]), (None, None));
        assert_eq!(of(&["false_5511999990000@c.us_A", "false_5511999990001@c.us_B"]), (None, None));
        assert_eq!(of(&["false_1203630@g.us_A", "false_5511999990000@c.us_B"]), (None, None));
        assert_eq!(of(&["false_77@lid_A", "false_1@newsletter_B"]), (None, None));
        assert_eq!(of(&["false_x7@lid_A", "false_+55@c.us_B", "false_12@c.us_C"]), (None, None));
    }
}
