//! Tests of times: the evidence's own samples, and order learning.

use jiff::civil::{Weekday, date};
use proptest::prelude::*;

use super::*;

fn now() -> Timestamp {
    "2026-11-21T15:00:00Z".parse().unwrap()
}

fn hm(hour: i8, minute: i8) -> impl Fn(Option<Minute>) -> bool {
    move |found| found.is_some_and(|found| (found.hour, found.minute) == (hour, minute))
}

fn pair(text: &str) -> Written {
    written(text).unwrap()
}

#[test]
fn the_samples_of_the_evidence_are_read() {
    let samples = [
        ("[8:19 PM, 6/13/2026] NAME: ", (20, 19), Written::Pair(6, 13, 2026), "NAME"),
        ("[10:54 PM, 12/9/2025] NAME: ", (22, 54), Written::Pair(12, 9, 2025), "NAME"),
        ("[8:05 pm, 14/12/2025] NAME: ", (20, 5), Written::Pair(14, 12, 2025), "NAME"),
        ("[8:05\u{202f}pm, 14/12/2025] NAME: ", (20, 5), Written::Pair(14, 12, 2025), "NAME"),
        ("[13:32, 18/04/2026] +91 70000 00000: ", (13, 32), Written::Pair(18, 4, 2026), "+91 70000 00000"),
        ("[15:06, 03/07/2026] +55 37 9 0000: ", (15, 6), Written::Pair(3, 7, 2026), "+55 37 9 0000"),
        ("[15:33, 14/9/2026] Ana: María: ", (15, 33), Written::Pair(14, 9, 2026), "Ana: María"),
        ("[3:33 p. m., 14/9/2026] Ana]x 🙂: ", (15, 33), Written::Pair(14, 9, 2026), "Ana]x 🙂"),
        ("[15.33, 14/9/2026] Gio: ", (15, 33), Written::Pair(14, 9, 2026), "Gio"),
        ("[下午1:23, 2026年9月18日] Test: ", (13, 23), Written::Full(date(2026, 9, 18)), "Test"),
        ("[12:03 AM, 6/8/2021] Name: ", (0, 3), Written::Pair(6, 8, 2021), "Name"),
    ];
    for (text, (hour, minute), date, name) in samples {
        let pre = pre_plain(text).unwrap();
        assert!(hm(hour, minute)(pre.minute), "{text}: {:?}", pre.minute);
        assert_eq!(pre.date, Some(date), "{text}");
        assert_eq!(pre.name.as_deref(), Some(name), "{text}");
    }
}

#[test]
fn what_is_no_time_is_not_one() {
    assert_eq!(minute("25:00"), None);
    assert_eq!(minute("8:19 xx"), None);
    assert_eq!(minute("14/9/2026"), None);
    assert_eq!(written("15:06"), None);
    assert_eq!(written("99/99/2026"), None);
    assert_eq!(written("14 de 9 de 2026"), None);
    assert_eq!(pre_plain("no brackets"), None);
}

#[test]
fn chinese_day_parts() {
    assert!(hm(12, 10)(minute("中午12:10")));
    assert!(hm(13, 5)(minute("中午1:05")));
    assert!(hm(0, 30)(minute("凌晨12:30")));
    assert!(hm(20, 20)(minute("晚上8:20")));
}

#[test]
fn order_by_locale_and_by_region() {
    let read = |locale: &str, lang: Option<&str>| {
        Reckoner::new("UTC", now(), locale, lang, &Evidence::default()).date(pair("3/7/2026"))
    };
    assert_eq!(read("pt-BR", Some("pt")), Some((date(2026, 7, 3), true)));
    assert_eq!(read("pt_BR", None), Some((date(2026, 7, 3), true)));
    assert_eq!(read("en-US", Some("en")), Some((date(2026, 3, 7), true)));
    assert_eq!(read("en-GB", Some("en")), Some((date(2026, 7, 3), true)));
    assert_eq!(read("en-US", Some("it")), Some((date(2026, 7, 3), true)));
    // English alone does not say, and nothing is guessed.
    assert_eq!(read("en", Some("en")), None);
    assert_eq!(read("pt-BR", Some("en")), None);
}

#[test]
fn order_is_learnt_from_a_day_above_twelve_and_beats_the_locale() {
    let evidence = Evidence { loose: vec![pair("6/13/2026"), pair("3/7/2026")], ..Evidence::default() };
    let reckoner = Reckoner::new("UTC", now(), "pt-BR", Some("pt"), &evidence);
    assert_eq!(reckoner.date(pair("3/7/2026")), Some((date(2026, 3, 7), true)));
}

#[test]
fn order_is_learnt_from_the_future_from_markers_and_from_the_order_of_rows() {
    let learn = |evidence: &Evidence| Reckoner::new("UTC", now(), "en", Some("en"), evidence).date(pair("3/7/2026"));
    let day_first = Some((date(2026, 7, 3), true));
    assert_eq!(
        learn(&Evidence { loose: vec![pair("9/12/2025"), pair("4/12/2026")], ..Evidence::default() }),
        Some((date(2026, 3, 7), true))
    );
    assert_eq!(
        learn(&Evidence { known: vec![(pair("5/11/2026"), date(2026, 11, 5))], ..Evidence::default() }),
        day_first
    );
    let rows = ["1/2/2026", "2/2/2026", "1/3/2026"].map(pair).to_vec();
    assert_eq!(learn(&Evidence { ascending: rows, ..Evidence::default() }), day_first);
}

#[test]
fn contradicting_dates_leave_only_the_evident_ones() {
    let evidence = Evidence { loose: vec![pair("6/13/2026"), pair("13/6/2026")], ..Evidence::default() };
    let reckoner = Reckoner::new("UTC", now(), "pt-BR", Some("pt"), &evidence);
    assert_eq!(reckoner.date(pair("3/7/2026")), None);
    assert_eq!(reckoner.date(pair("3/17/2026")), Some((date(2026, 3, 17), true)));
    assert_eq!(reckoner.date(pair("7/7/2026")), Some((date(2026, 7, 7), true)));
}

#[test]
fn english_without_a_region_is_marked_by_its_day_part() {
    let evidence = Evidence { upper: Some(true), ..Evidence::default() };
    let reckoner = Reckoner::new("UTC", now(), "en", Some("en"), &evidence);
    assert_eq!(reckoner.date(pair("3/7/2026")), Some((date(2026, 3, 7), false)));
}

#[test]
fn words_name_days() {
    let reckoner = Reckoner::new("UTC", now(), "pt-BR", Some("pt"), &Evidence::default());
    // 2026-11-21 is a Saturday.
    assert_eq!(reckoner.day("Hoje"), Some((date(2026, 11, 21), true)));
    assert_eq!(reckoner.day("YESTERDAY"), Some((date(2026, 11, 20), true)));
    assert_eq!(reckoner.day("quinta-feira"), Some((date(2026, 11, 19), true)));
    assert_eq!(reckoner.day("sábado"), Some((date(2026, 11, 14), true)));
    assert_eq!(reckoner.day("星期一"), Some((date(2026, 11, 16), true)));
    assert_eq!(reckoner.day("whenever"), None);
}

#[test]
fn the_day_of_a_saved_page_is_what_its_own_dates_say() {
    let saved = |words: Vec<(Written, DayWord)>, lang: &str| {
        let evidence = Evidence { saved: Some(date(2026, 11, 21)), words, ..Evidence::default() };
        Reckoner::new("UTC", now(), lang, Some(lang), &evidence)
    };
    let known = saved(vec![(pair("14/9/2026"), DayWord::Yesterday)], "es");
    assert_eq!(known.day("Hoy"), Some((date(2026, 9, 15), true)));
    assert_eq!(known.day("viernes"), Some((date(2026, 9, 11), true)));
    let unknown = saved(Vec::new(), "es");
    assert_eq!(unknown.day("Hoy"), Some((date(2026, 11, 21), false)));
    assert_eq!(unknown.day("viernes"), None);
    // Either order is a date, but only one agrees with the marker above it: 4 September 2026 is a Friday.
    let learnt = saved(vec![(pair("9/4/2026"), DayWord::Weekday(Weekday::Friday))], "en");
    assert_eq!(learnt.date(pair("9/4/2026")), Some((date(2026, 9, 4), true)));
}

#[test]
fn sao_paulo_is_formatted_as_belem_without_daylight_saving() {
    let old: Timestamp = "2018-12-10T15:00:00Z".parse().unwrap();
    assert_eq!(old.to_zoned(page_zone("America/Sao_Paulo")).hour(), 12);
    assert_eq!(old.to_zoned(page_zone("America/Cuiaba")).hour(), 11);
    assert_eq!(old.to_zoned(page_zone("no such zone")).hour(), 15);
}

#[test]
fn list_times() {
    let reckoner = Reckoner::new("America/Sao_Paulo", now(), "pt-BR", Some("pt"), &Evidence::default());
    let at = |text: &str| reckoner.list_time(text).map(|at| at.to_string());
    assert_eq!(at("11:58").as_deref(), Some("2026-11-21T14:58:00Z"));
    assert_eq!(at("23:58"), None);
    assert_eq!(at("Ontem").as_deref(), Some("2026-11-20T03:00:00Z"));
    assert_eq!(at("segunda-feira").as_deref(), Some("2026-11-16T03:00:00Z"));
    assert_eq!(at("03/07/2026").as_deref(), Some("2026-07-03T03:00:00Z"));
    assert_eq!(at(""), None);
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC*", other in any::<String>()) {
        for text in [&text, &other] {
            let _ = pre_plain(text);
            let _ = minute(text);
            let _ = written(text);
            let reckoner = Reckoner::new(text, now(), text, Some(text), &Evidence::default());
            let _ = reckoner.day(text);
            let _ = reckoner.list_time(text);
        }
    }

    #[test]
    fn numeric_dates_never_panic(a in any::<u32>(), b in any::<u32>(), c in any::<u32>()) {
        let date = written(&format!("{a}/{b}/{c}"));
        let evidence = Evidence { ascending: date.into_iter().collect(), ..Evidence::default() };
        let reckoner = Reckoner::new("UTC", now(), "en", None, &evidence);
        let _ = date.and_then(|date| reckoner.date(date));
    }

    #[test]
    fn a_name_survives(name in "[a-zA-Z\\]:🙂]{1,20}") {
        let pre = pre_plain(&format!("[15:06, 03/07/2026] {name}: ")).unwrap();
        prop_assert_eq!(pre.name.unwrap_or_default(), queunir_core::text::clean_name(&name));
    }
}
