//! The words of the page per meaning, from the profile's label tables.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

/// The tables that the normaliser needs; the reader uses the others.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Labels {
    pub languages: Vec<String>,
    pub you: Vec<String>,
    pub ack: BTreeMap<String, Vec<String>>,
    pub today: Vec<String>,
    pub yesterday: Vec<String>,
    pub weekdays: Vec<Vec<String>>,
    pub am: Vec<String>,
    pub pm: Vec<String>,
    pub day_first: Vec<String>,
    pub month_first: Vec<String>,
    pub edited: Vec<String>,
    pub group_info: Vec<String>,
    pub contact_info: Vec<String>,
    pub group_composer: Vec<String>,
}

static LABELS: LazyLock<Labels> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../profiles/labels.json")).unwrap_or_default());

/// The compiled-in tables.
pub(super) fn labels() -> &'static Labels {
    &LABELS
}

/// Whether `words` has `text`, trimmed, without bidi marks and in any case.
pub(super) fn contains(words: &[String], text: &str) -> bool {
    let text = plain(text);
    words.contains(&text)
}

/// Whether a name is a word for the account itself.
pub(crate) fn is_you(name: &str) -> bool {
    contains(&LABELS.you, name)
}

/// Trimmed, lower case, without bidi marks.
pub(super) fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| !queunir_core::text::is_bidi_mark(*c)).collect();
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_tables_can_be_read() {
        let labels = labels();
        assert_eq!(labels.weekdays.len(), 7);
        assert!(contains(&labels.you, " Você "));
        assert_eq!(labels.ack.len(), 5);
    }

    #[test]
    fn every_word_is_stored_the_way_it_is_compared() {
        let labels = labels();
        let all = labels.weekdays.iter().chain(labels.ack.values()).flatten();
        let all = all.chain(&labels.you).chain(&labels.today).chain(&labels.yesterday).chain(&labels.edited);
        for word in all {
            assert_eq!(&plain(word), word);
        }
    }
}
