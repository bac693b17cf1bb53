//! Phone numbers as people give them, brought to one form.

use std::fmt;

/// Calling codes that are assigned to countries, by ITU-T E.164 (annex to Operational Bulletin 930), services left out.
const CALLING_CODES: &str = "1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 \
    63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 \
    232 233 234 235 236 237 238 239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 \
    261 262 263 264 265 266 267 268 269 290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 \
    374 375 376 377 378 380 381 382 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 \
    592 593 594 595 596 597 598 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 \
    692 850 852 853 855 856 880 886 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 992 993 994 \
    995 996 998";

/// Brazil's calling code.
const BRAZIL: &str = "55";

/// A number in the international form `+5511987654321`: a country's calling code and 4 to 12 further digits, 15 in all
/// at most. Whether somebody has it is not known.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPhoneNumber {
    /// It does not begin with `+`, or holds something that is neither digit nor separator.
    #[error("not in the international form")]
    Form,
    /// No country has that code.
    #[error("no country has that calling code")]
    Country,
    /// Too few or too many digits.
    #[error("too short or too long")]
    Length,
}

impl PhoneNumber {
    /// Reads a number in the international form; spaces, hyphens, dots and brackets are let through.
    ///
    /// # Errors
    /// [`NoPhoneNumber`].
    pub fn parse(text: &str) -> Result<Self, NoPhoneNumber> {
        let rest = text.trim().strip_prefix('+').ok_or(NoPhoneNumber::Form)?;
        if rest.len() > 40 || !rest.chars().all(|c| c.is_ascii_digit() || " \u{a0}-.()".contains(c)) {
            return Err(NoPhoneNumber::Form);
        }
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        let code =
            CALLING_CODES.split_whitespace().find(|code| digits.starts_with(code)).ok_or(NoPhoneNumber::Country)?;
        // Brazil: two digits of the area, then eight, or nine of a mobile number.
        let brazilian = code == BRAZIL && !(12..=13).contains(&digits.len());
        if digits.len() > 15 || digits.len() < code.len() + 4 || brazilian {
            return Err(NoPhoneNumber::Length);
        }
        Ok(Self(format!("+{digits}")))
    }

    /// With its plus sign.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The forms under which WhatsApp may know the person, this one first. Brazilian mobile numbers got a ninth digit,
    /// a 9 in front, and older accounts are known without it: with and without are one person.
    #[must_use]
    pub fn forms(&self) -> Vec<Self> {
        let mut forms = vec![self.clone()];
        let national = self.0.strip_prefix('+').and_then(|digits| digits.strip_prefix(BRAZIL)).unwrap_or_default();
        // Eight digits of a mobile number began with 6 to 9; what began with less is a landline and stays as it is.
        let mobile = |number: &str| number.starts_with(['6', '7', '8', '9']);
        match national.split_at_checked(2) {
            Some((area, number)) if number.len() == 8 && mobile(number) => {
                forms.push(Self(format!("+{BRAZIL}{area}9{number}")));
            }
            Some((area, number)) if number.len() == 9 => {
                let old = number.strip_prefix('9').filter(|old| mobile(old));
                forms.extend(old.map(|old| Self(format!("+{BRAZIL}{area}{old}"))));
            }
            _ => {}
        }
        forms
    }

    /// The form with the most digits: one for one person, whichever form was given.
    #[must_use]
    pub fn longest(&self) -> Self {
        self.forms().into_iter().max_by_key(|form| form.0.len()).unwrap_or_else(|| self.clone())
    }

    /// Whether a number in the form `+digits` is one of [`Self::forms`].
    #[must_use]
    pub fn is(&self, other: &str) -> bool {
        self.forms().iter().any(|form| form.0 == other)
    }
}

/// Only its end, so that no log gets the whole.
impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber(…{})", self.0.get(self.0.len().saturating_sub(2)..).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_as_people_write_them() {
        for text in ["+55 11 98765-4321", " +55 (11) 98765.4321", "+5511987654321"] {
            assert_eq!(PhoneNumber::parse(text).map(|number| number.as_str().to_owned()), Ok("+5511987654321".into()));
        }
        assert!(PhoneNumber::parse("+1 202 555 0123").is_ok());
        assert!(PhoneNumber::parse("+290 51234").is_ok(), "the shortest plans have five digits");
    }

    #[test]
    fn a_brazilian_mobile_number_is_one_person_with_and_without_its_ninth_digit() {
        let forms = |text| {
            let number = PhoneNumber::parse(text).unwrap();
            number.forms().iter().map(|form| form.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(forms("+55 11 98765-4321"), ["+5511987654321", "+551187654321"]);
        assert_eq!(forms("+55 31 8765-4321"), ["+553187654321", "+5531987654321"]);
        for alone in ["+55 11 3765-4321", "+55 11 93765-4321", "+1 202 555 0123", "+351 912 345 678"] {
            assert_eq!(forms(alone).len(), 1, "{alone}");
        }
        let number = PhoneNumber::parse("+55 11 98765-4321").unwrap();
        assert!(number.is("+551187654321") && number.is("+5511987654321"));
        for form in number.forms() {
            assert_eq!(form.longest(), number);
        }
        assert!(!number.is("+552187654321") && !number.is("+551198765432"));
    }

    #[test]
    fn what_cannot_be_a_number_is_refused() {
        let refused = |text| PhoneNumber::parse(text).unwrap_err();
        assert_eq!(refused("11 98765-4321"), NoPhoneNumber::Form);
        assert_eq!(refused("+55 11 98765-4321 <b>"), NoPhoneNumber::Form);
        assert_eq!(refused(""), NoPhoneNumber::Form);
        assert_eq!(refused("+999 12345678"), NoPhoneNumber::Country);
        assert_eq!(refused("+0 11 98765 4321"), NoPhoneNumber::Country);
        assert_eq!(refused("+55 11"), NoPhoneNumber::Length);
        assert_eq!(refused("+55 11 8765-432"), NoPhoneNumber::Length);
        assert_eq!(refused("+55 11 98765-43210"), NoPhoneNumber::Length);
        assert_eq!(refused("+55 11 98765 4321 0000"), NoPhoneNumber::Length);
    }

    #[test]
    fn a_log_gets_no_whole_number() {
        assert_eq!(format!("{:?}", PhoneNumber::parse("+5511987654321").unwrap()), "PhoneNumber(…21)");
    }
}
