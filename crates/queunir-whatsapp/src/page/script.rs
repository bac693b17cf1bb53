//! The reader as a page gets it: the data first (anchors, icons, words), then the script that reads by it.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::profiles::Profile;

/// The reader: one script for the isolated world [`super::WORLD`], built by `npm run build -w @queunir/reader`.
///
/// It pushes observations through the binding [`super::BINDING`] and installs `globalThis.__qn`.
pub(crate) const READER_JS: &str = include_str!("__generated__/reader.js");

/// Tables of words that only the Rust side uses.
const RUST_ONLY: &[&str] = &[
    "you",
    "ack",
    "today",
    "yesterday",
    "weekdays",
    "am",
    "pm",
    "day_first",
    "month_first",
    "edited",
    "group_info",
    "contact_info",
    "group_composer",
];

/// What is built in, without what is for people only.
static BUILT_IN: LazyLock<[Value; 3]> = LazyLock::new(|| {
    let read = |text: &str, without: &[&str]| {
        let mut value: Value = serde_json::from_str(text).unwrap_or_default();
        if let Some(tables) = value.as_object_mut() {
            tables.retain(|name, _| name != "about" && !without.contains(&name.as_str()));
        }
        value
    };
    let generations =
        [include_str!("../../profiles/g3.json"), include_str!("../../profiles/g2.json")].map(|text| read(text, &[]));
    [
        Value::from(generations.to_vec()),
        read(include_str!("../../profiles/icons.json"), &[]),
        read(include_str!("../../profiles/labels.json"), RUST_ONLY),
    ]
});

/// The script with the data beside it; `given` are profiles besides those that are built in.
pub(crate) fn script(given: &[Profile]) -> String {
    let [built_in, icons, words] = &*BUILT_IN;
    let beside = json!({"builtIn": built_in, "given": given, "icons": icons, "words": words});
    format!("globalThis.__qnBeside = {beside};\n{READER_JS}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_document_gets_stays_small() {
        assert!(READER_JS.len() < 40_000, "the script has {} bytes", READER_JS.len());
        let whole = script(&[]).len();
        assert!(whole < 60_000, "the script and its data have {whole} bytes");
    }

    #[test]
    fn the_data_is_complete_and_has_nothing_that_ends_it() {
        let [built_in, icons, words] = &*BUILT_IN;
        assert_eq!(built_in[0]["generation"], "g3");
        assert_eq!(built_in[1]["generation"], "g2");
        assert!(icons["ack"].is_array() && words["dialogs"].is_object() && words.get("weekdays").is_none());
        assert_eq!(script(&[]).lines().next().unwrap().matches("__qnBeside").count(), 1);
    }
}
