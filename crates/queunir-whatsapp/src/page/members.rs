//! The members of a group that its info panel shows. A row says a saved name and what that person says of themselves, or
//! a number and the name that a stranger gave themselves (evidence 5.2); what anybody may write of themselves is never
//! taken for a number or a mark.

use queunir_core::{contact::Member, text::clean_name};

use super::{
    normalise::phone,
    panel::{TABLE, is_in, plain},
    raw,
};
use crate::seen::SeenPanel;

/// Most members of one look at a panel or at a dialog; the panel shows a few and leaves the others to the dialog.
const MOST: usize = 300;
/// Longest name in characters.
const LONGEST: usize = 200;

/// The members in a panel, and how many it says there are. None where what it says does not agree with itself.
pub(super) fn members(raw: &raw::Texts) -> (Vec<Member>, Option<u32>) {
    let total = raw.texts.iter().find(|said| is_in(said, &TABLE.members_count)).and_then(|said| number_in(&said.text));
    let section = TABLE.members_section();
    let rows = rows(raw, |said| section.is_some_and(|section| is_in(said, section)));
    let shown: Vec<Member> = rows.iter().filter_map(|(_, row)| member(row)).take(MOST).collect();
    // Something else has the looks of a row.
    if total.is_some_and(|total| usize::try_from(total).is_ok_and(|total| shown.len() > total)) {
        return (Vec::new(), total);
    }
    (shown, total)
}

/// The members in the dialog that lists all of them, each with its row's place on the screen.
pub(crate) fn placed(raw: &raw::Texts) -> Vec<(i64, Member)> {
    let place = |item: &str| item.split_once(':').and_then(|(_, top)| top.parse().ok());
    let rows = rows(raw, |_| true);
    rows.iter().filter_map(|(item, row)| Some((place(item)?, member(row)?))).take(MOST).collect()
}

/// Whether something that can be pressed is the entry of a panel that leads to all members: it says so in a language that
/// is known, and a number in it is that of all or of those who are not shown. What a member's row says is none.
pub(crate) fn is_entry(label: &str, panel: &raw::Texts, seen: &SeenPanel) -> bool {
    let label = plain(label);
    let lower = label.to_lowercase();
    let in_row = |said: &raw::Said| said.names.iter().any(|name| name.starts_with('#')) && plain(&said.text) == label;
    let counts = number_in(&label).is_none_or(|number| {
        let shown = u32::try_from(seen.members.len()).unwrap_or(u32::MAX);
        seen.total.is_some_and(|total| number == total || number == total.saturating_sub(shown))
    });
    TABLE.view_all.iter().any(|words| lower.starts_with(words)) && counts && !panel.texts.iter().any(in_row)
}

/// The texts of each row of a list, with what tells the row from the others.
fn rows(raw: &raw::Texts, is_meant: impl Fn(&raw::Said) -> bool) -> Vec<(&str, Vec<&raw::Said>)> {
    let mut rows: Vec<(&str, Vec<&raw::Said>)> = Vec::new();
    for said in raw.texts.iter().filter(|said| is_meant(said)) {
        let Some(item) = said.names.iter().find(|name| name.starts_with('#')) else { continue };
        match rows.last_mut() {
            Some((last, texts)) if *last == item.as_str() => texts.push(said),
            _ => rows.push((item.as_str(), vec![said])),
        }
    }
    rows
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
