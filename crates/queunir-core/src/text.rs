//! Text as WhatsApp shows it, made comparable.

use unicode_normalization::UnicodeNormalization;

/// Whether a character only steers bidirectional layout (evidence 2.4: U+200E/F, U+202A-E, U+2066-9).
#[must_use]
pub fn is_bidi_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A name without bidi marks, composed (NFC), with white space folded; two names are the same if these are.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let text: String = name.chars().filter(|c| !is_bidi_mark(*c)).nfc().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A body made comparable: line ends unified, trailing space of each line and of the whole removed, composed (NFC).
#[must_use]
pub fn comparable_body(body: &str) -> String {
    let unified: String = body.replace("\r\n", "\n").replace('\r', "\n").replace('\u{00A0}', " ").nfc().collect();
    unified.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Whether two emoji are one, however they ask to be drawn (U+FE0F).
#[must_use]
pub fn same_emoji(one: &str, other: &str) -> bool {
    let bare = |text: &str| text.chars().filter(|c| *c != '\u{FE0F}').collect::<String>();
    bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_without_marks_and_by_composition() {
        assert_eq!(clean_name("\u{202A}Jose\u{301}  Silva\u{202C}"), "José Silva");
    }

    #[test]
    fn a_heart_is_a_heart_however_it_is_drawn() {
        assert!(same_emoji("\u{2764}\u{FE0F}", "\u{2764}"));
        assert!(!same_emoji("\u{1F44D}", "\u{1F44D}\u{1F3FD}"));
    }

    #[test]
    fn bodies_compare_without_trailing_space_but_keep_inner_lines() {
        assert_eq!(comparable_body("a \r\n\r\n b\n"), "a\n\n b");
    }
}
