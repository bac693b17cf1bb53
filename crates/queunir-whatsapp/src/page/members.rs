//! The members of a group that its info panel shows. A row says a saved name and what that person says of themselves, or
//! a number and the name that a stranger gave themselves (evidence 5.2); what anybody may write of themselves is never
//! taken for a number or a mark.

use queunir_core::{contact::Member, text::clean_name};

use super::{
    normalise::phone,
    panel::{TABLE, is_in, plain},
    raw,
};

/// Most members of one panel; it shows a few and leaves the others to a dialog of its own.
const MOST: usize = 300;
/// Longest name in characters.
const LONGEST: usize = 200;

/// The members in a panel, and how many it says there are. None where what it says does not agree with itself.
pub(super) fn members(raw: &raw::Texts) -> (Vec<Member>, Option<u32>) {
    let total = raw.texts.iter().find(|said| is_in(said, &TABLE.members_count)).and_then(|said| number_in(&said.text));
    let shown: Vec<Member> = rows(raw).iter().filter_map(|row| member(row)).take(MOST).collect();
    // Something else has the looks of a row.
    if total.is_some_and(|total| usize::try_from(total).is_ok_and(|total| shown.len() > total)) {
        return (Vec::new(), total);
    }
    (shown, total)
}

/// The texts of each row of the members' section.
fn rows(raw: &raw::Texts) -> Vec<Vec<&raw::Said>> {
    let mut rows: Vec<(&str, Vec<&raw::Said>)> = Vec::new();
    let Some(section) = TABLE.members_section() else { return Vec::new() };
    for said in raw.texts.iter().filter(|said| is_in(said, section)) {
        let Some(item) = said.names.iter().find(|name| name.starts_with('#')) else { continue };
        match rows.last_mut() {
            Some((last, texts)) if *last == item.as_str() => texts.push(said),
            _ => rows.push((item.as_str(), vec![said])),
        }
    }
    rows.into_iter().map(|(_, texts)| texts).collect()
}

fn member(row: &[&raw::Said]) -> Option<Member> {
    let table = &*TABLE;
    let (title, others) = row.split_first()?;
    let second = |said: &raw::Said| is_in(said, &table.row_second);
    let has_parts = row.iter().any(|said| second(said) || is_in(said, &table.row_title));
    if second(title) {
        return None;
    }
    // Without the names of a row's parts, the last text may be what somebody writes of themselves.
    let beside: Vec<String> = others
        .iter()
        .enumerate()
        .filter(|(place, said)| if has_parts { !second(said) } else { place + 1 < others.len() })
        .map(|(_, said)| plain(&said.text))
        .collect();
    let admin = beside.iter().any(|text| table.admin.contains(&text.to_lowercase()));
    let title = plain(&title.text);
    let own_name = |text: &str| text.strip_prefix('~').map(name).filter(|name| !name.is_empty());
    if let Some(number) = phone(&title) {
        let push_name = others.iter().find_map(|said| own_name(&plain(&said.text)));
        Some(Member { name: None, push_name, phone: Some(number), admin })
    } else if let Some(push_name) = own_name(&title) {
        let number = beside.iter().find_map(|text| phone(text));
        Some(Member { name: None, push_name: Some(push_name), phone: number, admin })
    } else {
        let saved = name(&title);
        (!saved.is_empty()).then_some(Member { name: Some(saved), push_name: None, phone: None, admin })
    }
}

fn name(text: &str) -> String {
    clean_name(text).chars().take(LONGEST).collect()
}

/// The only number in a text, with or without marks between its thousands.
fn number_in(text: &str) -> Option<u32> {
    let is_mark = |c: char| matches!(c, '.' | ',' | '\u{a0}' | '\u{202f}' | '’');
    let mut runs = text.split(|c: char| !c.is_ascii_digit() && !is_mark(c)).filter(|run| run.contains(is_digit));
    let run = runs.next()?.trim_matches(is_mark);
    let mut groups = run.split(is_mark);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let is_one = runs.next().is_none()
        && text.chars().all(|c| c.is_ascii_digit() || !c.is_numeric())
        && (rest.is_empty() || first.len() <= 3)
        && rest.iter().all(|group| group.len() == 3);
    if is_one { format!("{first}{}", rest.concat()).parse().ok() } else { None }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

#[cfg(test)]
#[path = "members_tests.rs"]
mod tests;
