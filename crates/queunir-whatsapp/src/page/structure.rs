//! What a page is built of, without what it says: for somebody who has to write the anchors of a new look down.

use std::{collections::BTreeSet, sync::LazyLock};

use serde::{Deserialize, Serialize};

use super::raw::{Capped, Rejected};

/// A function that takes the known words and a limit in characters, and returns a [`Structure`] as JSON.
pub(crate) const STRUCTURE_JS: &str = include_str!("structure.js");

/// Where the record is cut, in characters; what is open is closed behind it.
pub(crate) const MOST: usize = 300_000;
/// What closing may add.
const MOST_WITH_ENDS: usize = MOST + 20_000;

/// Words that markup is made of; that somebody has used them says nothing of anybody.
const OF_MARKUP: &str = "a active app area arrow aria attr author avatar back badge banner bar block body border bottom box \
    btn bubble button call canvas card cell center chat check class click close code column compose contact container \
    content context control copyable count cover data date default detail dialog dir div document download draft drawer \
    dropdown edit emoji empty end entry event file filter flex focus footer form frame full g global grid group head header \
    height hidden html icon id image img in info inner input item key label landmark last lazy left lexical line link list \
    loading location main media menu meta mount msg multi mute name nav new next no none note on open out outer overlay \
    page pane panel path pin play popup preview primary progress ptt quoted reaction read region right role root row scroll \
    search secondary section select selectable send set side size span star start state status sticker sub svg tab tail \
    tag test testid text thumb tile time title to toggle top type unread up user value video view virtualized visible voice \
    wa web width window wrapper";

/// Every word of the anchors and icons that are built in, and of markup in general.
pub(crate) static KNOWN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let files = [
        include_str!("../../profiles/g3.json"),
        include_str!("../../profiles/g2.json"),
        include_str!("../../profiles/icons.json"),
    ];
    files
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric()))
        .chain(OF_MARKUP.split_whitespace())
        .map(str::to_ascii_lowercase)
        .filter(|word| !word.is_empty() && !word.bytes().all(|b| b.is_ascii_digit()))
        .collect()
});

/// Whether a word is one that markup is made of: it may stand in a record although somebody has said it.
#[must_use]
pub fn is_known(word: &str) -> bool {
    KNOWN.contains(word)
}

/// A page's elements with the names of their attributes; values only where markup is made of them, `…` for a text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Structure {
    /// As HTML.
    pub html: String,
    /// How many elements there are.
    pub elements: u32,
    /// Whether something was left out: what is alike in a row, too deep, or too much.
    pub cut: bool,
}

impl Capped for Structure {
    fn check(&self) -> Result<(), Rejected> {
        let fits = self.html.chars().count() <= MOST_WITH_ENDS && is_bare(&self.html);
        if fits { Ok(()) } else { Err(Rejected::Cap("html")) }
    }
}

/// Whether there is nothing but tags, marks of texts, and values of the letters that names are made of.
fn is_bare(html: &str) -> bool {
    let of_names = |c: char| c.is_ascii_alphanumeric() || " ?#_.:-".contains(c);
    html.chars().all(|c| of_names(c) || "<>/=\"…".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_more_than_structure_is_refused() {
        let of = |html: &str| Structure { html: html.into(), elements: 1, cut: false }.check();
        assert!(of("<div data-testid=\"chat-list\" title=\"\"><span>…</span></div>").is_ok());
        for other in ["<p>olá</p>", "<p>a, b</p>", "<a href=\"https://x/\u{202a}\">", &"<b>".repeat(MOST)] {
            assert!(of(other).is_err(), "{}", &other[..20.min(other.len())]);
        }
    }

    #[test]
    fn words_of_the_anchors_are_known() {
        for word in ["cell", "frame", "scrolltracepolicy", "wds", "dblcheck"] {
            assert!(KNOWN.contains(word), "{word}");
        }
    }
}
