//! Times as the page writes them: language, clock and day order vary, and an order that cannot be known is not guessed
//! (evidence 3.4).

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use super::{
    day::{DayWord, day_word},
    labels::{self, contains},
};

/// Whether the day or the month comes first in a numeric date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As in Brazil.
    DayFirst,
    /// As in the United States.
    MonthFirst,
}

/// A numeric date as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// Year first: nothing to find out.
    Full(Date),
    /// Two numbers whose order has to be learnt, and the year.
    Pair(i8, i8, i16),
}

impl Written {
    fn as_order(self, order: Order) -> Option<Date> {
        match (self, order) {
            (Self::Full(date), _) => Some(date),
            (Self::Pair(day, month, year), Order::DayFirst) | (Self::Pair(month, day, year), Order::MonthFirst) => {
                Date::new(year, month, day).ok()
            }
        }
    }

    /// Whether one of its readings is `day`.
    #[must_use]
    pub fn may_be(self, day: Date) -> bool {
        [Order::DayFirst, Order::MonthFirst].into_iter().any(|order| self.as_order(order) == Some(day))
    }

    /// The date, when only one order makes one or both make the same.
    fn evident(self) -> Option<Date> {
        match (self.as_order(Order::DayFirst), self.as_order(Order::MonthFirst)) {
            (Some(a), Some(b)) if a != b => None,
            (a, b) => a.or(b),
        }
    }
}

/// A clock time to the minute, and how its day part was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minute {
    /// 0 to 23.
    pub hour: i8,
    /// 0 to 59.
    pub minute: i8,
    /// `Some(true)` for an upper-case Latin AM or PM, `Some(false)` for a lower-case one.
    pub upper: Option<bool>,
}

/// `data-pre-plain-text`, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrePlain {
    /// The time.
    pub minute: Option<Minute>,
    /// The date.
    pub date: Option<Written>,
    /// The sender's name.
    pub name: Option<String>,
}

/// Takes `[<time>, <date>] <name>: ` apart. Names may hold `]`, `:` and emoji; the end is always `: `.
#[must_use]
pub fn pre_plain(text: &str) -> Option<PrePlain> {
    let inner = text.trim_start().strip_prefix('[')?;
    let (stamp, rest) = inner.split_once(']')?;
    let (time, date) = stamp.split_once([',', '，', '،', '、']).unwrap_or((stamp, ""));
    let name = rest.trim();
    let name = name.strip_suffix(':').unwrap_or(name).trim();
    Some(PrePlain {
        minute: minute(time),
        date: written(date),
        name: (!name.is_empty()).then(|| queunir_core::text::clean_name(name)),
    })
}

/// Reads `15:06`, `8:19 PM`, `3:06 p. m.`, `15.06` or `下午1:23`; a word that is no known day part makes it unreadable.
#[must_use]
pub fn minute(text: &str) -> Option<Minute> {
    let pieces = digits(text);
    let [hour, minute] = pieces.numbers.as_slice() else { return None };
    let (hour, minute) = (i8::try_from(*hour).ok()?, i8::try_from(*minute).ok()?);
    if !(0..24).contains(&hour) || !(0..60).contains(&minute) {
        return None;
    }
    let word: String = pieces.words.chars().filter(|c| c.is_alphabetic()).collect();
    if word.is_empty() {
        return Some(Minute { hour, minute, upper: None });
    }
    let tables = labels::labels();
    let pm = contains(&tables.pm, &word);
    if (!pm && !contains(&tables.am, &word)) || hour > 12 {
        return None;
    }
    let upper = word.is_ascii().then(|| word.chars().all(|c| c.is_ascii_uppercase()));
    let hour = if pm && word != "中午" {
        hour % 12 + 12
    } else if pm {
        noon(hour)
    } else {
        hour % 12
    };
    Some(Minute { hour, minute, upper })
}

/// 中午 covers 11:00 to 12:59.
fn noon(hour: i8) -> i8 {
    if hour < 3 { hour + 12 } else { hour }
}

/// Reads a numeric date with any separator: `03/07/2026`, `14.9.2026`, `2026年9月18日`, `14-09-26`.
#[must_use]
pub fn written(text: &str) -> Option<Written> {
    let pieces = digits(text);
    let [a, b, c] = pieces.numbers.as_slice() else { return None };
    if pieces.words.chars().any(|c| c.is_alphabetic() && !"年月日년월일".contains(c)) {
        return None;
    }
    if *a > 999 {
        let date = Date::new(i16::try_from(*a).ok()?, i8::try_from(*b).ok()?, i8::try_from(*c).ok()?).ok()?;
        return Some(Written::Full(date));
    }
    let year = if *c < 100 { c + 2000 } else { *c };
    let pair = Written::Pair(i8::try_from(*a).ok()?, i8::try_from(*b).ok()?, i16::try_from(year).ok()?);
    (pair.as_order(Order::DayFirst).is_some() || pair.as_order(Order::MonthFirst).is_some()).then_some(pair)
}

/// A short text's numbers, and everything between them.
struct Pieces {
    numbers: Vec<u32>,
    words: String,
}

fn digits(text: &str) -> Pieces {
    let mut pieces = Pieces { numbers: Vec::new(), words: String::new() };
    let mut run: Option<u32> = None;
    for c in text.chars().take(100).filter(|c| !queunir_core::text::is_bidi_mark(*c)) {
        if let Some(digit) = digit(c) {
            run = Some(run.unwrap_or(0).saturating_mul(10).saturating_add(digit));
        } else {
            pieces.numbers.extend(run.take());
            pieces.words.push(c);
        }
    }
    pieces.numbers.extend(run);
    pieces
}

/// Latin, Arabic-Indic, Persian and Devanagari digits.
fn digit(c: char) -> Option<u32> {
    let code = u32::from(c);
    [0x30, 0x660, 0x6F0, 0x966].into_iter().find_map(|zero| code.checked_sub(zero).filter(|digit| *digit < 10))
}

/// The zone in which the page formats times: it maps three of Brazil's to others without daylight saving.
#[must_use]
pub fn page_zone(name: &str) -> TimeZone {
    let name = match name {
        "America/Sao_Paulo" | "Brazil/East" => "America/Belem",
        "America/Campo_Grande" | "America/Cuiaba" => "America/Porto_Velho",
        other => other,
    };
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// What one batch shows about the order of its dates.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Numeric dates in page order, oldest first; empty for lists.
    pub ascending: Vec<Written>,
    /// Numeric dates in no order.
    pub loose: Vec<Written>,
    /// Numeric dates that stand below a marker whose day is known by a word.
    pub known: Vec<(Written, Date)>,
    /// How day parts are written in this batch.
    pub upper: Option<bool>,
    /// Set for a saved page: the day on which its file was written, which words like "today" need not count from.
    pub saved: Option<Date>,
    /// For a saved page: numeric dates that stand below a marker in words.
    pub words: Vec<(Written, DayWord)>,
}

/// Turns written times into instants, with what was learnt from a batch.
#[derive(Clone, Debug)]
pub struct Reckoner {
    zone: TimeZone,
    today: Date,
    /// Whether words count from `today` for certain.
    today_certain: bool,
    now: Timestamp,
    order: Option<Order>,
    certain: bool,
}

impl Reckoner {
    /// Learns from a batch; `lang` is the page's language, `locale` the one it was opened with.
    #[must_use]
    pub fn new(zone: &str, now: Timestamp, locale: &str, lang: Option<&str>, evidence: &Evidence) -> Self {
        let zone = page_zone(zone);
        let today = now.to_zoned(zone.clone()).date();
        let (order, certain) = match learn(evidence, today) {
            Learnt::Order(order) => (Some(order), true),
            Learnt::Conflict => (None, false),
            Learnt::Nothing => match by_locale(locale, lang) {
                Some(order) => (Some(order), true),
                None => (by_day_part(locale, lang, evidence.upper), false),
            },
        };
        let page_today = order.and_then(|order| page_today(&evidence.words, order)).filter(|_| certain);
        let (today, today_certain) = match evidence.saved {
            None => (today, true),
            Some(saved) => (page_today.unwrap_or(saved), page_today.is_some()),
        };
        Self { zone, today, today_certain, now, order, certain }
    }

    /// A day that a marker names: a word, a weekday of the last seven days, or a numeric date; with its certainty.
    ///
    /// A weekday on a saved page is nothing unless the page's own day is known.
    #[must_use]
    pub fn day(&self, text: &str) -> Option<(Date, bool)> {
        match day_word(text) {
            Some(DayWord::Weekday(_)) if !self.today_certain => None,
            Some(word) => word.on(self.today).map(|day| (day, self.today_certain)),
            None => self.date(written(text)?),
        }
    }

    /// A written date, with its certainty.
    #[must_use]
    pub fn date(&self, date: Written) -> Option<(Date, bool)> {
        if let Some(date) = date.evident() {
            return Some((date, true));
        }
        Some((date.as_order(self.order?)?, self.certain))
    }

    /// A day and a clock time as an instant.
    #[must_use]
    pub fn instant(&self, day: Date, minute: Minute) -> Option<Timestamp> {
        let time = day.at(minute.hour, minute.minute, 0, 0);
        Some(time.to_zoned(self.zone.clone()).ok()?.timestamp())
    }

    /// A list row's time: a clock of today, else the start of the day that it names.
    #[must_use]
    pub fn list_time(&self, text: &str) -> Option<Timestamp> {
        if let Some(minute) = minute(text) {
            let at = self.instant(self.today, minute)?;
            // Later than now means the page has not noticed midnight yet: the day is unknown.
            return (at <= self.now.checked_add(10.minutes()).ok()?).then_some(at);
        }
        let (day, certain) = self.day(text)?;
        if !certain {
            return None;
        }
        Some(day.to_zoned(self.zone.clone()).ok()?.timestamp())
    }
}

/// The day on which a page was saved, by the dates below its markers; nothing when they do not say one day.
fn page_today(words: &[(Written, DayWord)], order: Order) -> Option<Date> {
    let mut said = words.iter().filter_map(|(date, word)| {
        let date = date.as_order(order)?;
        match word {
            DayWord::Today => Some(date),
            DayWord::Yesterday => date.tomorrow().ok(),
            DayWord::Weekday(_) => None,
        }
    });
    let first = said.next()?;
    said.all(|other| other == first).then_some(first)
}

/// Whether the dates below a saved page's markers make sense in an order.
fn agree(words: &[(Written, DayWord)], order: Order) -> bool {
    let today = page_today(words, order);
    let counted = words.iter().any(|(_, word)| !matches!(word, DayWord::Weekday(_)));
    (today.is_some() || !counted)
        && words.iter().all(|(date, word)| match (date.as_order(order), word, today) {
            (None, ..) => false,
            (Some(date), DayWord::Weekday(day), None) => date.weekday() == *day,
            (Some(date), word, Some(today)) => word.on(today) == Some(date),
            _ => true,
        })
}

enum Learnt {
    Order(Order),
    Conflict,
    Nothing,
}

/// Days above twelve, then known days, then the future, then the order of rows.
fn learn(evidence: &Evidence, today: Date) -> Learnt {
    let dates = || evidence.ascending.iter().chain(&evidence.loose).copied();
    let limit = today.tomorrow().unwrap_or(today);
    let possible = |order: Order| dates().all(|date| date.as_order(order).is_some());
    let fits = |order: Order| {
        evidence.known.iter().all(|(date, day)| date.as_order(order) == Some(*day)) && agree(&evidence.words, order)
    };
    let past = |order: Order| dates().all(|date| date.as_order(order).is_none_or(|date| date <= limit));
    let rising = |order: Order| {
        evidence.ascending.windows(2).all(|pair| match pair {
            [a, b] => a.as_order(order) <= b.as_order(order),
            _ => true,
        })
    };
    let mut candidates = vec![Order::DayFirst, Order::MonthFirst];
    for test in [&possible as &dyn Fn(Order) -> bool, &fits, &past, &rising] {
        candidates.retain(|order| test(*order));
        match candidates.as_slice() {
            [] => return Learnt::Conflict,
            [order] => return Learnt::Order(*order),
            _ => {}
        }
    }
    Learnt::Nothing
}

/// By the region of the known locale, or by languages that write one order everywhere.
fn by_locale(locale: &str, lang: Option<&str>) -> Option<Order> {
    let locale = locale.replace('_', "-");
    let lang = lang.filter(|lang| !lang.is_empty()).map(|lang| lang.replace('_', "-"));
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_lowercase();
    // A page in another language than asked for says nothing by the asked region.
    let tags = match lang {
        Some(lang) if primary(&lang) == primary(&locale) => vec![lang, locale],
        Some(lang) => vec![lang],
        None => vec![locale],
    };
    let tables = labels::labels();
    let named = |words: &[String], tag: &str| words.iter().any(|word| word.eq_ignore_ascii_case(tag));
    tags.iter().find_map(|tag| {
        if named(&tables.month_first, tag) {
            Some(Order::MonthFirst)
        } else if named(&tables.day_first, tag) || named(&tables.day_first, &primary(tag)) {
            Some(Order::DayFirst)
        } else {
            None
        }
    })
}

/// English without a region: `PM` is written in the United States, `pm` elsewhere. Never certain.
fn by_day_part(locale: &str, lang: Option<&str>, upper: Option<bool>) -> Option<Order> {
    let tag = lang.filter(|lang| !lang.is_empty()).unwrap_or(locale);
    if !tag.to_lowercase().starts_with("en") {
        return None;
    }
    upper.map(|upper| if upper { Order::MonthFirst } else { Order::DayFirst })
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
