//! What shows an operator why a slice was given up: its last log lines without anything that people wrote, and counters.

use std::{fs, path::Path};

use jiff::Timestamp;
use queunir_db::control::observed::{Observed, SliceRow};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::files::{self, FileError};

/// So many log lines are kept (ORC-05).
pub const LINES: usize = 200;
/// So many bundles are kept of all slices. Fewer, and a night's trouble is gone in the morning.
const BUNDLES: usize = 100;
/// Longest value of a log line that is kept.
const LONGEST: usize = 300;
/// A number with so many digits may be a telephone's.
const DIGITS: usize = 7;

/// The evidence.
#[derive(Debug, Serialize)]
pub struct Bundle {
    slice: i64,
    at: Timestamp,
    generation: i64,
    failures: i32,
    detail: Option<String>,
    port: Option<u16>,
    phase_before: queunir_core::slice::Phase,
    page_before: Option<queunir_core::link::PageState>,
    contacts: i64,
    messages: i64,
    last_health_at: Option<Timestamp>,
    log: Vec<String>,
}

/// Puts the evidence together.
#[must_use]
pub fn bundle(row: &SliceRow, now: &Observed, lines: Vec<String>, at: Timestamp) -> Bundle {
    Bundle {
        slice: row.id.0,
        at,
        generation: row.generation,
        failures: now.failures,
        detail: now.detail.as_deref().map(reason),
        port: row.port,
        phase_before: row.observed.phase,
        page_before: row.observed.page_state,
        contacts: now.contacts,
        messages: now.messages,
        last_health_at: now.last_health_at,
        log: lines.iter().map(|line| clean(line)).collect(),
    }
}

/// Writes the bundle where only the operator reads it, and tells where that is, below the state directory.
///
/// # Errors
/// When it cannot be written.
pub fn keep(state_dir: &Path, row: &SliceRow, bundle: &Bundle) -> Result<String, FileError> {
    let folder = state_dir.join("evidence");
    files::folder(&folder, 0o700, None)?;
    let name = format!("{}-slice-{}-g{}.json", bundle.at.strftime("%Y%m%dT%H%M%SZ"), row.id, row.generation);
    // The bundle holds numbers and texts only; it always has a JSON form.
    let text = serde_json::to_vec_pretty(bundle).unwrap_or_default();
    files::write(&folder.join(&name), &text, 0o600, None)?;
    forget_oldest(&folder);
    Ok(format!("evidence/{name}"))
}

/// Names begin with the time, so their order is the order of events.
fn forget_oldest(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let surplus = paths.len().saturating_sub(BUNDLES);
    for path in paths.drain(..surplus) {
        if let Err(error) = files::remove(&path) {
            tracing::warn!(error = %error, "old evidence stays");
        }
    }
}

/// One log line without what people wrote. Our own lines are records whose fields are chosen never to hold such things;
/// what else a process writes, as a browser does, is kept as far as its origin goes.
fn clean(line: &str) -> String {
    match serde_json::from_str::<Map<String, Value>>(line) {
        Ok(fields) => {
            let fields = fields.into_iter().map(|(name, value)| match value {
                Value::String(text) if name != "timestamp" => (name, Value::String(without_people(&text))),
                other => (name, other),
            });
            Value::Object(fields.collect()).to_string()
        }
        Err(_) => {
            let origin = line.split_inclusive(']').next();
            let origin = origin.filter(|part| part.starts_with('[') && part.ends_with(']') && !part.contains(' '));
            origin.map_or_else(|| format!("({} characters)", line.chars().count()), str::to_owned)
        }
    }
}

/// Why a slice failed, without the last words of its process; those stand in `log` as far as they may.
fn reason(detail: &str) -> String {
    without_people(detail.split_once("the process ended").map_or(detail, |(ours, _)| ours))
}

/// A text without what stands in quotation marks, without mail addresses and without long numbers.
fn without_people(text: &str) -> String {
    let mut quoted = false;
    let outside: String = text
        .chars()
        .filter(|character| {
            let mark = matches!(character, '"' | '\u{201c}' | '\u{201d}');
            quoted ^= mark;
            mark || !quoted
        })
        .collect();
    let words: Vec<String> = outside
        .split(' ')
        .map(|word| {
            let digits = word.chars().filter(char::is_ascii_digit).count();
            let private = word.contains('@') || digits >= DIGITS && !word.contains("::");
            if private { "…".to_owned() } else { word.to_owned() }
        })
        .collect();
    words.join(" ").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orc_05_evidence_holds_nothing_that_people_wrote() {
        let ours = r#"{"timestamp":"2026-11-23T01:02:03.123456Z","level":"ERROR","message":"cannot read \"my secret order\" of +5511987654321","attempts":5,"target":"queunir_slice::browser"}"#;
        assert_eq!(
            clean(ours),
            r#"{"attempts":5,"level":"ERROR","message":"cannot read \"\" of …","target":"queunir_slice::browser","timestamp":"2026-11-23T01:02:03.123456Z"}"#
        );
        let browser = "[12:34:1123/010203.5:INFO:CONSOLE(7)] \"Maria: see you at six\", source: https://x (1)";
        assert_eq!(clean(browser), "[12:34:1123/010203.5:INFO:CONSOLE(7)]");
        assert_eq!(clean("[Maria: see you at six]"), "(23 characters)");
        assert_eq!(clean("Maria: see you at six"), "(21 characters)");
        assert!(!clean(r#"{"message":"mail to ana@example.org"}"#).contains("ana"));
    }
}
