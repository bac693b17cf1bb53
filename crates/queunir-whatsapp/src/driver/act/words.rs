//! How the page names what can be done to a message, from the profile's table.

use std::{collections::BTreeMap, sync::LazyLock};

use queunir_core::text::is_bidi_mark;
use serde::Deserialize;

use crate::page::raw::Control;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Name {
    MenuButton,
    ReactButton,
    Reply,
    Pin,
    Unpin,
    Star,
    Unstar,
    Edit,
    Forward,
    Delete,
    ForEveryone,
    ForMe,
    PinConfirm,
    EditConfirm,
    ForwardSend,
}

#[derive(Debug, Default, Deserialize)]
struct Known {
    names: Vec<String>,
    words: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Table {
    #[serde(rename = "about")]
    _about: String,
    #[serde(flatten)]
    known: BTreeMap<Name, Known>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../profiles/acts.json")).unwrap_or_default());

/// The control of a name: by test id or icon, else by a word that it says and no other means.
pub(super) fn find(controls: &[Control], name: Name) -> Option<&Control> {
    let known = TABLE.known.get(&name)?;
    let named = |control: &&Control| control.names.iter().any(|name| known.names.contains(name));
    let said = |control: &&Control| says(&control.label, name, &known.words);
    let usable = || controls.iter().filter(|control| !control.off && !control.live);
    usable().find(named).or_else(|| usable().find(said))
}

fn says(label: &str, name: Name, words: &[String]) -> bool {
    let label: String = label.chars().filter(|c| !is_bidi_mark(*c)).collect::<String>().trim().to_lowercase();
    match name {
        // The sender's name may follow.
        Name::MenuButton => words.iter().any(|word| label.starts_with(word.as_str())),
        _ => words.contains(&label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(label: &str, names: &[&str]) -> Control {
        Control { label: label.into(), names: names.iter().map(|name| (*name).into()).collect(), ..Control::default() }
    }

    #[test]
    fn every_name_is_in_the_table_in_lower_case() {
        assert_eq!(TABLE.known.len(), 15);
        for word in TABLE.known.values().flat_map(|known| &known.words) {
            assert_eq!(&word.to_lowercase(), word);
        }
    }

    #[test]
    fn an_icon_goes_before_a_word_and_a_word_is_the_whole_label() {
        let menu = [control("Pin", &[]), control("?", &["ic-push-pin"]), control("Unpin", &["wds-ic-push-pin-slash"])];
        assert_eq!(find(&menu, Name::Pin).unwrap().label, "?");
        assert_eq!(find(&menu, Name::Unpin).unwrap().label, "Unpin");
        let words =
            [control("Desafixar", &[]), control(" Fixar ", &[]), control("Abrir opções da mensagem de Ana", &[])];
        assert_eq!(find(&words, Name::Pin).unwrap().label, " Fixar ");
        assert!(find(&words, Name::MenuButton).is_some());
        assert_eq!(find(&words, Name::Delete), None);
        assert_eq!(find(&[Control { off: true, ..control("Edit", &[]) }], Name::Edit), None);
    }
}
