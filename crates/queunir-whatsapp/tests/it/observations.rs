//! What a page could make the reader say (FLT-07): observations that are bent in every way the mutator knows.
//!
//! `tests/observations` is the corpus; a case that is found to do harm is written there and stays. `make test` replays
//! it and bends it 4,000 times with one seed; `make soak` goes on with other seeds for `QN_FUZZ_S` seconds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use queunir_whatsapp::PageEvent;
use queunir_whatsapp::page::{Context, Rejected, observation, raw};
use serde_json::{Value, json};

/// Bent cases of a short run.
const CASES: usize = 4_000;
/// Reading a batch of a megabyte is a matter of milliseconds; a machine with other work may take far longer.
const PATIENCE: Duration = Duration::from_secs(10);
const LOCALES: [&str; 6] = ["en", "pt-BR", "es", "it", "zh-CN", "xx"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/observations")
}

fn corpus() -> Vec<String> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned()).collect()
}

fn context(locale: &str) -> Context {
    Context {
        locale: locale.to_owned(),
        time_zone: "America/Sao_Paulo".into(),
        now: "2026-11-22T15:00:00Z".parse::<Timestamp>().unwrap(),
        own_names: vec!["Doces da Lia".into()],
        saved: None,
    }
}

/// Reads one case and says what is wrong with how it was read.
fn harm(text: &str, locale: &str) -> Option<String> {
    let ctx = context(locale);
    let begun = Instant::now();
    let read = catch_unwind(AssertUnwindSafe(|| (observation(text, &ctx), observation(text, &ctx))));
    let Ok((first, second)) = read else { return Some("it panics".into()) };
    if begun.elapsed() > PATIENCE {
        return Some(format!("it takes {:?}", begun.elapsed()));
    }
    if format!("{first:?}") != format!("{second:?}") {
        return Some("it is read in two ways".into());
    }
    match first {
        Ok(events) => events.iter().find_map(|event| invented(event, text)),
        // A refusal is counted and logged: nothing of the page may stand in it.
        Err(Rejected::Malformed(place)) if place.len() > 60 || !place.is_ascii() => Some(format!("refused as {place}")),
        Err(_) => None,
    }
}

/// Whether an event says what the page did not say, or more than the caps allow.
fn invented(event: &PageEvent, text: &str) -> Option<String> {
    let said: Value = serde_json::from_str(text).unwrap_or_default();
    let rows = said["rows"].as_array().map_or(&[][..], Vec::as_slice);
    let ids: Vec<&str> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
    match event {
        PageEvent::Conversation(seen) => {
            if seen.messages.len() > rows.len() {
                return Some("more messages than rows".into());
            }
            seen.messages.iter().find_map(|message| {
                let row = ids.iter().position(|id| !message.key.is_empty() && id.contains(&message.key));
                let long = message.text.chars().count() > raw::MAX_TEXT;
                let sure = message.sent_at_certain && message.sent_at.is_none();
                match (row, long, sure) {
                    (None, _, _) => Some(format!("the key {:?} is in no row", message.key)),
                    (_, true, _) => Some("a text over its cap".into()),
                    (_, _, true) => Some("sure of a time that it has not".into()),
                    _ => None,
                }
            })
        }
        PageEvent::List(seen) => (seen.rows.len() > rows.len()).then(|| "more chats than rows".into()),
        PageEvent::State(seen) => {
            let given = |value: &Option<String>| value.as_deref().is_none_or(|one| text.contains(one));
            (!given(&seen.link_code)).then(|| "a code that nobody showed".into())
        }
        _ => None,
    }
}

/// Chance that can be repeated.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(most.max(1)).unwrap()).unwrap()
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Words that have done harm somewhere.
fn nasty(chance: &mut Chance) -> Value {
    let words = [
        "",
        "\0",
        " ",
        "true",
        "-1",
        "__proto__",
        "constructor",
        "toString",
        "' OR 1=1 --",
        "<img src=x onerror=alert(1)>",
        "\u{202e}\u{2066}\u{200b}\u{feff}",
        "[10:00, 31/02/2026] Lia: ",
        "[25:61 PM, 00/00/0000] ]: : ",
        "Yesterday",
        "13/13/2026",
        "３:２３",
        "٢٠٢٦/١١/٢٢",
        "9999999999999999999999",
        "1e400",
        "+55 11 ",
        "🏳️‍🌈👨‍👩‍👧‍👦",
        "e\u{301}\u{301}\u{301}",
        "true_5511940000001@c.us_3EB0",
        "false__",
        "____",
        "reaction 👍. View reactions",
        "Reactions ❤ -2 in total.",
    ];
    match chance.below(12) {
        0 => Value::Null,
        1 => json!(chance.next()),
        2 => json!(-1.5e300),
        3 => json!(true),
        4 => json!([]),
        5 => json!({"a": {"b": [1, 2, {"c": "d"}]}}),
        6 => json!("x".repeat(chance.below(80_000))),
        7 => json!("ß\n".repeat(chance.below(2_100))),
        8 => (0..chance.below(60)).fold(json!("deep"), |inner, _| json!([inner])),
        _ => json!(*chance.of(&words)),
    }
}

/// A place in the tree, chosen evenly among the ways down from the root.
fn somewhere<'a>(value: &'a mut Value, chance: &mut Chance, depth: usize) -> &'a mut Value {
    let stop = depth > 6 || chance.below(if depth == 0 { 24 } else { 6 }) == 0;
    let size = value.as_array().map(Vec::len).or_else(|| value.as_object().map(serde_json::Map::len)).unwrap_or(0);
    if stop || size == 0 {
        return value;
    }
    let at = chance.below(size);
    match value {
        Value::Array(list) => somewhere(&mut list[at], chance, depth + 1),
        Value::Object(map) => somewhere(map.values_mut().nth(at).unwrap(), chance, depth + 1),
        other => other,
    }
}

/// One way of bending a tree.
fn bend(value: &mut Value, others: &[String], chance: &mut Chance) {
    let way = chance.below(10);
    let new = nasty(chance);
    let other: Value = serde_json::from_str(&others[chance.below(others.len())]).unwrap_or_default();
    let times = [1, 2, 40, 1_600][chance.below(4)];
    let place = somewhere(value, chance, 0);
    match (way, place) {
        (0, Value::Array(list)) if !list.is_empty() => {
            let copy = list[chance.below(list.len())].clone();
            list.extend(std::iter::repeat_n(copy, times));
        }
        (1, Value::Array(list)) => list.reverse(),
        (2, Value::Object(map)) => {
            let name = map.keys().nth(chance.below(map.len())).cloned();
            name.map(|name| map.remove(&name));
        }
        (3, Value::Object(map)) => {
            map.insert(new.as_str().unwrap_or("nobody asked").chars().take(40).collect(), new);
        }
        (4, place) => {
            let mut other = other;
            *place = somewhere(&mut other, chance, 0).take();
        }
        // Half of what is bent stays of its kind, so that it comes past the schema.
        (5.., Value::String(text)) => {
            *text = new.as_str().map_or_else(|| text.repeat(2), str::to_owned);
        }
        (5.., Value::Bool(on)) => *on = !*on,
        (5.., Value::Number(_)) => {}
        (5.., Value::Array(list)) if !list.is_empty() => list.truncate(chance.below(list.len())),
        (_, place) => *place = new,
    }
}

/// A case: a file of the corpus, bent some times, and sometimes broken as text.
fn case(corpus: &[String], chance: &mut Chance) -> String {
    let mut value: Value = serde_json::from_str(&corpus[chance.below(corpus.len())]).unwrap_or_default();
    for _ in 0..[1, 1, 2, 5][chance.below(4)] {
        bend(&mut value, corpus, chance);
    }
    let mut text = value.to_string();
    match chance.below(24) {
        0 => text.truncate((0..=chance.below(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)),
        1 => text = text.replacen('"', "\"\\ud800", 3),
        2 => text = format!("{}{text}", "[".repeat(chance.below(5_000))),
        3 => text = text.replacen(':', "::", 1),
        _ => {}
    }
    text
}

/// Bends the corpus until `go_on` says no; stops at the first harm, writes it to the corpus and tells the seed.
fn fuzz(seed: u64, mut go_on: impl FnMut(usize) -> bool) -> usize {
    let corpus = corpus();
    let mut chance = Chance(seed | 1);
    let mut done = 0;
    while go_on(done) {
        let text = case(&corpus, &mut chance);
        let locale = *chance.of(&LOCALES);
        if let Some(what) = harm(&text, locale) {
            let file = folder().join(format!("found-{seed}-{done}.json"));
            std::fs::write(&file, &text).unwrap();
            panic!("{what} (seed {seed}, case {done}, locale {locale}); kept as {}", file.display());
        }
        done += 1;
    }
    done
}

#[test]
fn the_corpus_is_read_without_harm_in_every_language() {
    let corpus = corpus();
    assert!(corpus.len() >= 8);
    for text in &corpus {
        for locale in LOCALES {
            assert_eq!(harm(text, locale), None, "{locale}: {}", text.chars().take(300).collect::<String>());
        }
    }
}

#[test]
fn bent_observations_do_no_harm() {
    let run: Option<Duration> = std::env::var("QN_FUZZ_S").ok().map(|text| Duration::from_secs(text.parse().unwrap()));
    let Some(run) = run else {
        assert_eq!(fuzz(2_611, |done| done < CASES), CASES);
        return;
    };
    let seed = u64::try_from(Timestamp::now().as_nanosecond().rem_euclid(1_000_000_007)).unwrap();
    let begun = Instant::now();
    let done = fuzz(seed, |_| begun.elapsed() < run);
    println!("fuzz: {done} bent observations, seed {seed}, no harm");
}

#[test]
fn the_mutator_reaches_what_is_accepted_and_what_is_refused() {
    let corpus = corpus();
    let mut chance = Chance(7);
    let (mut accepted, mut spoken, mut refused) = (0, 0, 0);
    for _ in 0..1_000 {
        match observation(&case(&corpus, &mut chance), &context("en")) {
            Ok(events) => {
                accepted += 1;
                spoken += events.iter().filter(|event| matches!(event, PageEvent::Conversation(_))).count();
            }
            Err(_) => refused += 1,
        }
    }
    assert!(accepted > 100 && spoken > 40 && refused > 100, "{accepted} accepted, {spoken} spoken, {refused} refused");
}
