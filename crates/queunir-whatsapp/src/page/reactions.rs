//! What the labels of reactions say, in any language.

use queunir_core::message::Reaction;
use unicode_segmentation::UnicodeSegmentation;

/// Labels such as `reaction 👍. View reactions` and `Reactions ❤ 2 in total. View reactions`, in any language.
pub(crate) fn reactions(labels: &[String]) -> Vec<Reaction> {
    let mut all: Vec<Reaction> = Vec::new();
    for label in labels {
        let mut emoji: Vec<&str> = label.graphemes(true).filter(|part| is_emoji(part)).collect();
        emoji.dedup();
        let digits: String = label
            .graphemes(true)
            .filter(|part| !is_emoji(part))
            .skip_while(|part| !is_digit(part))
            .take_while(|part| is_digit(part) || matches!(*part, "." | "," | "\u{a0}" | "\u{202f}"))
            .filter(|part| is_digit(part))
            .collect();
        let total: Option<u32> = if digits.is_empty() { None } else { digits.parse().ok() };
        let count = match (emoji.len(), total) {
            (1, total) => Some(total.unwrap_or(1)),
            (kinds, total) if total.is_none_or(|total| usize::try_from(total) == Ok(kinds)) => Some(1),
            _ => None,
        };
        for emoji in emoji {
            if !all.iter().any(|known| known.emoji == emoji) {
                all.push(Reaction { emoji: emoji.to_owned(), count, ours: false });
            }
        }
    }
    all
}

/// Whether a text is exactly one emoji as a person sees it.
#[must_use]
pub fn is_one_emoji(text: &str) -> bool {
    let mut parts = text.graphemes(true);
    parts.next().is_some_and(is_emoji) && parts.next().is_none() && text.len() <= 64
}

fn is_digit(part: &str) -> bool {
    part.len() == 1 && part.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a grapheme is drawn as a picture.
fn is_emoji(part: &str) -> bool {
    part.chars().any(|c| {
        matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2300}'..='\u{23FF}' | '\u{2B00}'..='\u{2BFF}'
            | '\u{2190}'..='\u{21FF}' | '\u{25A0}'..='\u{25FF}' | '\u{2900}'..='\u{297F}' | '\u{20E3}' | '\u{203C}' | '\u{2049}'
            | '\u{2122}' | '\u{2139}' | '\u{24C2}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{A9}' | '\u{AE}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(labels: &[&str]) -> Vec<(String, Option<u32>)> {
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        reactions(&labels).into_iter().map(|found| (found.emoji, found.count)).collect()
    }

    #[test]
    fn one_emoji_is_one_and_nothing_else() {
        for one in ["👍", "❤️", "👨‍👩‍👧", "1️⃣", "👍🏽"] {
            assert!(is_one_emoji(one), "{one}");
        }
        for other in ["", "a", "👍👍", "👍 ", "1"] {
            assert!(!is_one_emoji(other), "{other}");
        }
    }

    #[test]
    fn reactions_are_read_in_any_language() {
        assert_eq!(read(&["reaction 👍. View reactions"]), [("👍".to_owned(), Some(1))]);
        assert_eq!(read(&["Reactions ❤ 2 in total. View reactions"]), [("❤".to_owned(), Some(2))]);
        assert_eq!(read(&["Reações ❤️ 1.227 no total. Ver reações"]), [("❤️".to_owned(), Some(1227))]);
        assert_eq!(read(&["reacción 1️⃣. Ver"]), [("1️⃣".to_owned(), Some(1))]);
        assert_eq!(read(&["共有 3 个回应 👨‍👩‍👧"]), [("👨‍👩‍👧".to_owned(), Some(3))]);
        assert_eq!(read(&["Reactions 👍, ❤ 2 in total"]), [("👍".to_owned(), Some(1)), ("❤".to_owned(), Some(1))]);
        assert_eq!(read(&["Reactions 👍, ❤ 5 in total"]), [("👍".to_owned(), None), ("❤".to_owned(), None)]);
        assert_eq!(read(&["React"]), []);
    }
}
