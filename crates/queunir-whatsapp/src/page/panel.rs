//! What an info panel says, by the names of its parts and by what its texts are; the names alone do not tell the number
//! from the name (evidence 5.1), and what neither tells is left out.

use std::{collections::BTreeMap, sync::LazyLock};

use queunir_core::{
    chat::ChatKind,
    contact::FactKind,
    text::{clean_name, is_bidi_mark},
};
use serde::Deserialize;

use super::{members::members, normalise::phone, raw};
use crate::{
    page_api::ChatTarget,
    seen::{SeenFact, SeenPanel},
};

/// Most facts of one panel; hours and sites are the only ones that repeat.
const MOST_FACTS: usize = 40;
/// Longest fact in characters.
const LONGEST: usize = 2_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Section {
    /// Before any section: picture, name, number, and what a business says.
    #[serde(skip)]
    Top,
    Phone,
    About,
    Members,
    Description,
    /// One that is not known.
    #[serde(skip)]
    Other,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Table {
    #[serde(rename = "about")]
    _about: String,
    group: Vec<String>,
    contact: Vec<String>,
    header: Vec<String>,
    sections: BTreeMap<Section, Vec<String>>,
    headings: BTreeMap<Section, Vec<String>>,
    selectable: Vec<String>,
    subtitle: Vec<String>,
    hours: Vec<String>,
    email: Vec<String>,
    website: Vec<String>,
    hidden_number: Vec<String>,
    pub(super) members_count: Vec<String>,
    pub(super) row_title: Vec<String>,
    pub(super) row_second: Vec<String>,
    pub(super) admin: Vec<String>,
    /// How what leads to all members begins, in lower case.
    pub(super) view_all: Vec<String>,
}

impl Table {
    /// What names the section of a group's members.
    pub(super) fn members_section(&self) -> Option<&Vec<String>> {
        self.sections.get(&Section::Members)
    }
}

pub(super) static TABLE: LazyLock<Table> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../profiles/panel.json")).unwrap_or_default());

/// Test ids may be several words (evidence 3.5).
fn is_called(name: &str, names: &[String]) -> bool {
    name.split_whitespace().any(|word| names.iter().any(|known| known == word))
}

pub(super) fn is_in(said: &raw::Said, names: &[String]) -> bool {
    said.names.iter().any(|name| is_called(name, names))
}

/// Whether a panel is that of a chat: it says the chat's name or number.
pub(crate) fn is_of(raw: &raw::Texts, target: &ChatTarget) -> bool {
    let title = clean_name(&target.title);
    raw.texts.iter().any(|said| {
        let text = clean_name(&said.text);
        text == title || (target.phone.is_some() && phone(&text) == target.phone)
    })
}

/// Reads a panel that is of a chat.
pub(crate) fn panel(raw: &raw::Texts, target: &ChatTarget) -> SeenPanel {
    let table = &*TABLE;
    let any = |names: &[String]| raw.texts.iter().any(|said| is_in(said, names));
    let is_business = any(&table.hours) || any(&table.email) || any(&table.website);
    let mut reading =
        Reading { title: clean_name(&target.title), is_business, section: Section::Top, facts: Vec::new() };
    for said in &raw.texts {
        reading.take(said);
    }
    let kind = match (any(&table.group), any(&table.contact)) {
        (true, false) => ChatKind::Group,
        (false, true) => ChatKind::Contact,
        _ => ChatKind::Unknown,
    };
    let (members, total) = if kind == ChatKind::Group { members(raw) } else { Default::default() };
    SeenPanel {
        kind,
        facts: reading.facts,
        number_hidden: any(&table.hidden_number),
        members,
        all_members: false,
        total,
    }
}

struct Reading {
    title: String,
    is_business: bool,
    section: Section,
    facts: Vec<SeenFact>,
}

impl Reading {
    fn take(&mut self, said: &raw::Said) {
        let table = &*TABLE;
        let text = plain(&said.text);
        if text.is_empty() || is_in(said, &table.header) || is_in(said, &table.hidden_number) {
            return;
        }
        for (names, kind) in
            [(&table.hours, FactKind::Hours), (&table.email, FactKind::Email), (&table.website, FactKind::Website)]
        {
            if is_in(said, names) {
                return self.add(kind, text);
            }
        }
        let section_of = |is_it: &dyn Fn(&[String]) -> bool| {
            table.sections.iter().find(|(_, names)| is_it(names)).map(|(section, _)| *section)
        };
        let named = section_of(&|names| is_in(said, names));
        let nearest = said.names.first().and_then(|name| section_of(&|names| is_called(name, names)));
        let lower = text.to_lowercase();
        let says = table.headings.iter().find(|(_, words)| words.contains(&lower)).map(|(section, _)| *section);
        let is_heading = nearest.is_some_and(|section| section != Section::Description)
            || (says.is_some() && !is_in(said, &table.selectable) && clean_name(&text) != self.title);
        if is_heading {
            self.section = says.or(named).unwrap_or(Section::Other);
        } else {
            self.take_from(named.unwrap_or(self.section), said, text);
        }
    }

    fn take_from(&mut self, section: Section, said: &raw::Said, text: String) {
        let table = &*TABLE;
        let is_item = said.names.iter().any(|name| name.starts_with('#'));
        if section == Section::Members || is_item {
            return;
        }
        if let Some(number) = phone(&text) {
            return self.add(FactKind::Phone, number);
        }
        let is_plain_text = is_in(said, &table.selectable) || said.names.is_empty();
        match section {
            Section::About if is_plain_text => self.add(FactKind::About, text),
            Section::Description => self.add(FactKind::Description, text),
            Section::Top => self.take_from_top(said, text),
            _ => {}
        }
    }

    fn take_from_top(&mut self, said: &raw::Said, text: String) {
        let table = &*TABLE;
        let named_here = self.facts.iter().any(|fact| fact.kind != FactKind::Hours);
        if let Some(name) = text.strip_prefix('~') {
            self.add(FactKind::PushName, name.trim().to_owned());
        } else if clean_name(&text) == self.title {
            self.add(FactKind::Name, clean_name(&text));
        } else if self.is_business && named_here && is_in(said, &table.selectable) && !is_in(said, &table.subtitle) {
            // Description, hours, address: which of the texts is which only their order says.
            self.add(FactKind::Description, text);
        }
    }

    fn add(&mut self, kind: FactKind, value: String) {
        let value: String = value.chars().take(LONGEST).collect();
        let fact = SeenFact { kind, value };
        if !fact.value.is_empty() && self.facts.len() < MOST_FACTS && !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }
}

/// Lines kept, marks and spaces around them not.
pub(super) fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| !is_bidi_mark(*c) && *c != '\0').collect();
    text.lines().map(str::trim).collect::<Vec<_>>().join("\n").trim().to_owned()
}

#[cfg(test)]
#[path = "panel_tests.rs"]
mod tests;
