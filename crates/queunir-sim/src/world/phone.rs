//! Telephone numbers as a person reads them.

/// The digits of a number, its comparable form.
#[must_use]
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether a text is a telephone number and nothing else.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    let count = digits(text).len();
    (8..=15).contains(&count) && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')'))
}

/// A Brazilian mobile number as it was before the ninth digit; none for others.
#[must_use]
pub fn without_ninth_digit(text: &str) -> Option<String> {
    let digits = digits(text);
    let (area, number) = digits.strip_prefix("55")?.split_at_checked(2)?;
    let older = number.strip_prefix('9').filter(|older| older.len() == 8 && older.starts_with(['6', '7', '8', '9']))?;
    Some(format!("55{area}{older}"))
}

/// Writes a number the way WhatsApp shows it, for the countries our scenarios use; others get only the `+`.
#[must_use]
pub fn format_phone(text: &str) -> String {
    let d = digits(text);
    match (d.len(), d.as_bytes()) {
        (13, [b'5', b'5', ..]) => format!("+55 {} {}-{}", &d[2..4], &d[4..9], &d[9..]),
        (12, [b'5', b'5', ..]) => format!("+55 {} {}-{}", &d[2..4], &d[4..8], &d[8..]),
        (11, [b'1', ..]) => format!("+1 ({}) {}-{}", &d[1..4], &d[4..7], &d[7..]),
        (12, [b'4', b'4', ..]) => format!("+44 {} {}", &d[2..6], &d[6..]),
        (12, [b'3', b'9', ..]) => format!("+39 {} {} {}", &d[2..5], &d[5..8], &d[8..]),
        (11, [b'3', b'3', ..]) => {
            format!("+33 {} {} {} {} {}", &d[2..3], &d[3..5], &d[5..7], &d[7..9], &d[9..])
        }
        (11, [b'3', b'4', ..]) => format!("+34 {} {} {}", &d[2..5], &d[5..8], &d[8..]),
        _ => format!("+{d}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_country() {
        assert_eq!(format_phone("5511998123301"), "+55 11 99812-3301");
        assert_eq!(format_phone("14155550134"), "+1 (415) 555-0134");
        assert_eq!(format_phone("33612345678"), "+33 6 12 34 56 78");
        assert_eq!(format_phone("4915112345678"), "+4915112345678");
    }

    #[test]
    fn only_brazilian_mobile_numbers_have_a_ninth_digit() {
        assert_eq!(without_ninth_digit("+55 11 99812-3301").as_deref(), Some("551198123301"));
        assert_eq!(without_ninth_digit("551198123301"), None);
        assert_eq!(without_ninth_digit("+39 955 555 5500"), None);
    }

    #[test]
    fn a_name_is_not_a_number() {
        assert!(is_phone("+55 11 99812-3301"));
        assert!(!is_phone("Ana 99812-3301"));
        assert!(!is_phone("123"));
    }
}
