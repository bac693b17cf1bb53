//! Which passwords are accepted (AUTH-01): long ones that are not everybody's.

use std::{collections::HashSet, sync::LazyLock};

/// Code points.
const SHORTEST: usize = 12;
/// Code points; more is refused, never cut.
const LONGEST: usize = 128;
/// Whole passwords seen often, and words that everybody builds theirs on; lower case.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("common_passwords.txt")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
});
/// Words of this product.
const CONTEXT: [&str; 2] = ["queunir", "whatsapp"];
/// Shorter mail names are parts of too many words.
const SHORTEST_CONTEXT: usize = 4;
/// Rows that fingers run along.
const RUNS: [&str; 6] = [
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "1q2w3e4r5t6y7u8i9o0p",
];

/// The code of the reason against a password, if there is one.
pub(super) fn objection(password: &str, email: &str) -> Option<&'static str> {
    match password.chars().count() {
        0..SHORTEST => return Some("too_short"),
        SHORTEST..=LONGEST => {}
        _ => return Some("too_long"),
    }
    let lower = password.to_lowercase();
    let local = email.split('@').next().unwrap_or_default();
    let words = CONTEXT.into_iter().chain((local.len() >= SHORTEST_CONTEXT).then_some(local));
    for word in words {
        // A long passphrase may contain the word; a password that is little more than it may not.
        if lower.contains(word) && lower.chars().count() < word.chars().count() + SHORTEST {
            return Some("contains_context");
        }
    }
    is_common(&lower).then_some("too_common")
}

fn is_common(lower: &str) -> bool {
    let trim = |text: &str| text.trim_matches(|c: char| !c.is_alphabetic()).to_owned();
    let plain = |text: &str| text.chars().map(unleet).collect::<String>();
    let forms = [lower.to_owned(), plain(lower), trim(lower), plain(&trim(lower)), trim(&plain(lower))];
    few_digits(lower)
        || forms
            .iter()
            .filter(|form| !form.is_empty())
            .any(|form| COMMON.contains(form.as_str()) || is_repetition(form) || is_run(form))
}

/// The letter that a digit or sign stands for in "p4$$w0rd".
fn unleet(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Digits only, with few different ones or in a row.
fn few_digits(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit()) && (text.chars().collect::<HashSet<_>>().len() <= 4 || is_run(text))
}

/// One short piece or one common word, again and again.
fn is_repetition(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=chars.len() / 2).any(|size| {
        let repeated = chars.iter().zip(chars.iter().cycle().skip(size)).take(chars.len() - size).all(|(a, b)| a == b);
        let piece: String = chars.iter().take(size).collect();
        repeated && (size <= 4 || COMMON.contains(piece.as_str()) || is_run(&piece))
    })
}

/// At least six in a row that lie side by side, making up nearly everything.
fn is_run(text: &str) -> bool {
    let backwards: String = text.chars().rev().collect();
    let most = text.chars().count().saturating_sub(2).max(5);
    RUNS.iter().any(|run| {
        [text, &backwards].into_iter().any(|text| {
            text.char_indices().any(|(start, _)| {
                text.get(start..)
                    .and_then(|rest| {
                        rest.char_indices().nth(most - 1).and_then(|(end, last)| rest.get(..end + last.len_utf8()))
                    })
                    .is_some_and(|piece| run.contains(piece))
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMAIL: &str = "mariana@example.org";

    #[test]
    fn auth_01_long_and_own_passwords_are_accepted_as_typed() {
        for password in [
            "correct horse battery",
            " leading and trailing ",
            "três tristes tigres",
            "パスワードは十二文字以上です",
            "🦀🦀🐙🐙🦑🦑🐠🐠🐡🐡🐬🐳",
            "zR8!kq2#Lw9$",
            "874512903366",
            "the queunir shop on the left side",
            "mariana walks to the sea every day",
            &"ab1 ".repeat(2).chars().chain("xylophone tango".chars()).collect::<String>(),
            &(0..64).map(|i| char::from(b'!' + (i * 37 % 90) as u8)).collect::<String>(),
            &(0..128).map(|i| char::from(b'!' + (i * 41 % 90) as u8)).collect::<String>(),
            "Sommerregen im Juli",
            "o gato subiu no telhado",
            "rosquinhas de polvilho",
        ] {
            assert_eq!(objection(password, EMAIL), None, "{password}");
        }
    }

    #[test]
    fn auth_01_short_long_common_and_context_passwords_are_refused() {
        let long = (0..129).map(|i| char::from(b'!' + (i * 41 % 90) as u8)).collect::<String>();
        for (password, reason) in [
            ("", "too_short"),
            ("elevenchars", "too_short"),
            ("áéíóúàèìòùã", "too_short"),
            (long.as_str(), "too_long"),
            ("passwordpassword", "too_common"),
            ("Password12345", "too_common"),
            ("P4$$w0rd2024!", "too_common"),
            ("123456789012", "too_common"),
            ("111111111111", "too_common"),
            ("121212121212", "too_common"),
            ("qwertyuiop123", "too_common"),
            ("qwertyuiopas", "too_common"),
            ("1qaz2wsx3edc", "too_common"),
            ("abcdefghijklm", "too_common"),
            ("zyxwvutsrqpo", "too_common"),
            ("iloveyou1234", "too_common"),
            ("aaaaaaaaaaaa", "too_common"),
            ("abcabcabcabc", "too_common"),
            ("welcome20261", "too_common"),
            ("administrator", "too_common"),
            ("mudar1234567", "too_common"),
            ("flamengo2026", "too_common"),
            ("queunir12345", "contains_context"),
            ("WhatsApp2026", "contains_context"),
            ("Mariana12345", "contains_context"),
        ] {
            assert_eq!(objection(password, EMAIL), Some(reason), "{password}");
        }
    }
}
