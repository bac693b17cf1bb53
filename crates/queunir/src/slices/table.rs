//! Slices as text for a person.

use jiff::Timestamp;
use queunir_core::{
    operator::{SliceCard, SliceUsage},
    slice::Phase,
};
use queunir_orchestrator::room::Bound;
use serde::Serialize;

const HEAD: [&str; 12] =
    ["NO", "ACCOUNT", "WANTED", "PHASE", "SINCE", "START", "PORT", "PAGE", "NUMBER", "HEALTH", "MEMORY", "CPU"];

/// All slices, one a line.
pub fn list(cards: &[SliceCard], now: Timestamp) -> String {
    if cards.is_empty() {
        return "There are no slices. A slice is made when its owner presses Connect for the first time.".to_owned();
    }
    let rows: Vec<Vec<String>> = cards.iter().map(|card| row(card, now)).collect();
    aligned(&HEAD, &rows)
}

/// Columns that are as wide as they have to be, with two spaces between them.
pub fn aligned(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|&name| name.to_owned()).collect();
    let lines: Vec<&Vec<String>> = std::iter::once(&head).chain(rows).collect();
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..head.len()).map(|column| width(column).unwrap_or_default()).collect();
    let line = |cells: &&Vec<String>| {
        let padded: Vec<String> = cells.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
        padded.join("  ").trim_end().to_owned()
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn row(card: &SliceCard, now: Timestamp) -> Vec<String> {
    vec![
        card.number.to_string(),
        account(card),
        reasoned(&word(&card.desired), card.wanted_reason),
        stopped(card),
        age(card.phase_since, now),
        card.generation.to_string(),
        or_dash(card.port),
        card.page_state.map_or_else(dash, |page| word(&page)),
        card.wa_phone.clone().unwrap_or_else(dash),
        card.last_health_at.map_or_else(dash, |at| age(at, now)),
        card.usage.map_or_else(dash, |usage| memory(&usage)),
        card.usage.and_then(|usage| usage.cpu_percent).map_or_else(dash, |percent| format!("{percent:.1} %")),
    ]
}

/// Everything about one slice; `bound` is of its folder on this host.
pub fn one(card: &SliceCard, bound: Option<&Bound>, now: Timestamp) -> String {
    let since = |at: Timestamp| format!("{at:.0} ({} ago)", age(at, now));
    let mut lines = vec![
        ("slice", card.number.to_string()),
        ("account", account(card)),
        ("status", word(&card.status)),
        ("wanted", format!("{}, since {}", reasoned(&word(&card.desired), card.wanted_reason), since(card.wanted_at))),
        ("phase", format!("{}, since {}", phase(card), since(card.phase_since))),
        ("port", or_dash(card.port)),
        ("number", card.wa_phone.clone().unwrap_or_else(dash)),
        ("stored", format!("{} chats, {} messages", card.chats, card.messages)),
        ("last health", card.last_health_at.map_or_else(dash, since)),
        ("last request", since(card.last_request_at)),
        ("added", since(card.created_at)),
        ("failures", card.failures.to_string()),
    ];
    if let Some(at) = card.next_attempt_at {
        lines.push(("next attempt", format!("{at:.0}")));
    }
    if let Some(detail) = &card.detail {
        lines.push(("remark", plain(detail)));
    }
    if let Some(bound) = bound {
        lines.push(("disk bound", bound.to_string()));
    }
    if let Some(usage) = card.usage {
        let cpu = usage.cpu_percent.map_or_else(dash, |percent| format!("{percent:.1} % of one core"));
        lines.push(("memory", memory(&usage)));
        lines.push(("cpu", cpu));
        lines.push(("disk", usage.disk_bytes.map_or_else(dash, megabytes)));
        lines.push(("measured", since(usage.at)));
    }
    lines.iter().map(|(name, value)| format!("{name:<14}{value}")).collect::<Vec<_>>().join("\n")
}

/// Phase with its reason, start, page and remark, as it is told while somebody waits.
pub fn phase(card: &SliceCard) -> String {
    let mut text = stopped(card);
    if card.generation > 0 {
        text += &format!(", start {}", card.generation);
    }
    if let Some(page) = card.page_state {
        text += &format!(", page {}", word(&page));
    }
    if let Some(detail) = &card.detail {
        text += &format!(": {}", plain(detail));
    }
    text
}

/// The owner's mail address.
pub fn account(card: &SliceCard) -> String {
    card.account.as_deref().map_or_else(|| "nobody".to_owned(), plain)
}

/// A word as the tables and the API spell it.
pub fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => dash(),
    }
}

/// A text of somebody else's without what a terminal would obey.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

/// The phase; why it stopped, if it did. While it runs the reason only tells why it has no browser.
fn stopped(card: &SliceCard) -> String {
    reasoned(&word(&card.phase), card.stop_reason.filter(|_| card.phase == Phase::Stopped))
}

fn reasoned(text: &str, reason: Option<impl Serialize>) -> String {
    reason.map_or_else(|| text.to_owned(), |reason| format!("{text} ({})", word(&reason)))
}

fn memory(usage: &SliceUsage) -> String {
    megabytes(usage.pss_bytes.unwrap_or(usage.rss_bytes))
}

/// In whole megabytes.
pub fn megabytes(bytes: i64) -> String {
    format!("{} MB", bytes / (1 << 20))
}

/// How long ago, in its largest unit.
fn age(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(at).as_secs().max(0);
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

fn or_dash(value: Option<u16>) -> String {
    value.map_or_else(dash, |value| value.to_string())
}

fn dash() -> String {
    "-".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_one_unit() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        for (seconds, wanted) in [
            (0, "0 s"),
            (119, "119 s"),
            (120, "2 min"),
            (7_199, "119 min"),
            (7_200, "2 h"),
            (172_800, "2 d"),
            (-5, "0 s"),
        ] {
            assert_eq!(age(now - jiff::SignedDuration::from_secs(seconds), now), wanted);
        }
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [vec!["1".to_owned(), "ação".to_owned()], vec!["10".to_owned(), "b".to_owned()]];
        assert_eq!(aligned(&["NO", "X"], &rows), "NO  X\n1   ação\n10  b");
        assert_eq!(plain("a\u{1b}[2Jb\nc"), "a?[2Jb?c");
    }
}
