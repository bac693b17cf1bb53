//! Days as the page names them in words.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

use super::labels::{self, contains};

/// A day named by a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayWord {
    /// "Today".
    Today,
    /// "Yesterday".
    Yesterday,
    /// A weekday of the last seven days.
    Weekday(Weekday),
}

impl DayWord {
    /// The day that is meant on a given day.
    #[must_use]
    pub fn on(self, today: Date) -> Option<Date> {
        match self {
            Self::Today => Some(today),
            Self::Yesterday => today.yesterday().ok(),
            Self::Weekday(weekday) => {
                let back = i64::from(weekday.until(today.weekday()));
                today.checked_sub(if back == 0 { 7.days() } else { back.days() }).ok()
            }
        }
    }
}

/// The word for a day in a text that is nothing else.
#[must_use]
pub fn day_word(text: &str) -> Option<DayWord> {
    let tables = labels::labels();
    if contains(&tables.today, text) {
        return Some(DayWord::Today);
    }
    if contains(&tables.yesterday, text) {
        return Some(DayWord::Yesterday);
    }
    let index = tables.weekdays.iter().position(|names| contains(names, text))?;
    Weekday::from_monday_zero_offset(i8::try_from(index).ok()?).ok().map(DayWord::Weekday)
}
