//! Conversation rows: direction, author, kind, time and state of each message, in the light of its neighbours.

use jiff::{Timestamp, civil::Date};
use queunir_core::{
    message::{Direction, MessageKind, Quote},
    text::clean_name,
};

use super::{
    ack::ack,
    clock::{Evidence, Minute, PrePlain, Reckoner, minute, named_day, page_zone, pre_plain, written},
    direction::{Signals, combine, data_id},
    labels,
    normalise::{Context, storable},
    raw,
};
use crate::seen::SeenMessage;

/// One row with its `data-pre-plain-text` taken apart.
struct Parsed<'a> {
    raw: &'a raw::Row,
    pre: Option<PrePlain>,
}

/// The message rows of a conversation, oldest first.
pub(super) fn messages(conversation: &raw::Conversation, title: &str, ctx: &Context) -> Vec<SeenMessage> {
    let rows: Vec<Parsed<'_>> =
        conversation.rows.iter().map(|raw| Parsed { raw, pre: raw.pre.as_deref().and_then(pre_plain) }).collect();
    let reckoner = reckoner(&rows, conversation.lang.as_deref(), ctx);
    let names = Names { own: own_names(&rows, ctx), title };
    let mut place = Place::default();
    let mut messages = Vec::new();
    for row in &rows {
        match row.raw.row.as_str() {
            "marker" => {
                place.day = reckoner.day(&row.raw.text);
                place.run = None;
            }
            "message" => messages.extend(message(row, &names, &reckoner, &mut place)),
            _ => place.run = None,
        }
    }
    messages
}

/// What the rows above say about the next one.
#[derive(Default)]
struct Place {
    day: Option<(Date, bool)>,
    run: Option<Direction>,
}

struct Names<'a> {
    own: Vec<String>,
    title: &'a str,
}

fn message(row: &Parsed<'_>, names: &Names<'_>, reckoner: &Reckoner, place: &mut Place) -> Option<SeenMessage> {
    let raw = row.raw;
    let id = data_id(&raw.id);
    let key = storable(id.key);
    if key.is_empty() {
        return None;
    }
    if !raw.drawn {
        // A marker may be among what is not drawn, and a run may end there.
        *place = Place::default();
        return Some(undrawn(key));
    }
    let kind = kind(raw);
    let signals = signals(row, names, place.run.filter(|_| raw.tail.is_none()));
    let direction = combine(&signals);
    place.run = Some(direction).filter(|direction| *direction != Direction::Unknown);
    let (sent_at, sent_at_certain) = sent_at(row, reckoner, place);
    let ours = direction == Direction::Out;
    let label = if ours { ack(raw.ack_label.as_deref(), raw.ack_icon.as_deref(), &raw.ack_colours) } else { None };
    Some(SeenMessage {
        key,
        drawn: true,
        direction,
        sender: sender(row, direction),
        kind,
        text: storable(&raw.text),
        cut: raw.cut,
        sent_at,
        sent_at_certain,
        ack: label,
        failed: raw.failed,
        quoted: raw.quoted.as_ref().map(quote),
        edited: raw.meta.iter().any(|text| labels::contains(&labels::labels().edited, text)),
        forwarded: raw.forwarded,
    })
}

fn undrawn(key: String) -> SeenMessage {
    SeenMessage {
        key,
        drawn: false,
        direction: Direction::Unknown,
        sender: None,
        kind: MessageKind::Unknown,
        text: String::new(),
        cut: false,
        sent_at: None,
        sent_at_certain: false,
        ack: None,
        failed: false,
        quoted: None,
        edited: false,
        forwarded: false,
    }
}

fn quote(raw: &raw::RawQuote) -> Quote {
    Quote {
        sender: raw.sender.as_deref().map(|name| clean_name(&storable(name))).filter(|name| !name.is_empty()),
        text: storable(&raw.text),
    }
}

/// The kind that the markers name; a body without a marker is text.
fn kind(raw: &raw::Row) -> MessageKind {
    match raw.kind.as_deref() {
        None | Some("none" | "text") if !raw.text.is_empty() => MessageKind::Text,
        None | Some("none" | "text") => MessageKind::Unknown,
        Some(name) => {
            serde_json::from_value(serde_json::Value::String(name.to_owned())).unwrap_or(MessageKind::Unknown)
        }
    }
}

fn signals(row: &Parsed<'_>, names: &Names<'_>, run: Option<Direction>) -> Signals {
    Signals {
        id: data_id(&row.raw.id).direction,
        class: side(row.raw.class.as_deref(), "out", "in"),
        tail: side(row.raw.tail.as_deref(), "out", "in"),
        status: row.raw.status,
        label: label_direction(row, names),
        sender: sender_direction(row, names),
        side: side(row.raw.side.as_deref(), "end", "start"),
        run,
    }
}

fn side(value: Option<&str>, ours: &str, theirs: &str) -> Option<Direction> {
    match value {
        Some(value) if value == ours => Some(Direction::Out),
        Some(value) if value == theirs => Some(Direction::In),
        _ => None,
    }
}

/// The hidden label says "You:" in a known language, or a name that is certainly another's.
fn label_direction(row: &Parsed<'_>, names: &Names<'_>) -> Option<Direction> {
    let name = label_name(row.raw.author_label.as_deref()?);
    if name.is_empty() {
        return None;
    }
    if labels::contains(&labels::labels().you, &name) {
        return Some(Direction::Out);
    }
    // A word for "you" in a language without a table must not be taken for somebody's name.
    let pre = row.pre.as_ref().and_then(|pre| pre.name.as_deref());
    let known = pre == Some(name.as_str()) || same_name(names.title, &name) || row.raw.author.as_deref() == Some(&name);
    (known || name.starts_with(['+', '~'])).then_some(Direction::In)
}

fn label_name(label: &str) -> String {
    let name = clean_name(label);
    name.strip_suffix([':', '：']).map(|name| name.trim().to_owned()).unwrap_or(name)
}

/// The sender in `data-pre-plain-text`: ours by a known own name, theirs by the header's title or by not being ours.
fn sender_direction(row: &Parsed<'_>, names: &Names<'_>) -> Option<Direction> {
    let name = row.pre.as_ref()?.name.as_deref()?;
    let ours = names.own.iter().any(|own| own == name);
    let theirs = same_name(names.title, name);
    match (ours, theirs) {
        (true, true) => None,
        (true, false) => Some(Direction::Out),
        (false, true) => Some(Direction::In),
        (false, false) => (!names.own.is_empty()).then_some(Direction::In),
    }
}

fn same_name(title: &str, name: &str) -> bool {
    title == name || title.strip_prefix('~').is_some_and(|title| title.trim() == name)
}

/// The names that the account writes under: those known, and those on bubbles that are ours without the name's help.
fn own_names(rows: &[Parsed<'_>], ctx: &Context) -> Vec<String> {
    let mut own: Vec<String> = ctx.own_names.iter().map(|name| clean_name(name)).collect();
    for row in rows {
        let signals = Signals {
            id: data_id(&row.raw.id).direction,
            class: side(row.raw.class.as_deref(), "out", "in"),
            tail: side(row.raw.tail.as_deref(), "out", "in"),
            status: row.raw.status,
            ..Signals::default()
        };
        let name = row.pre.as_ref().and_then(|pre| pre.name.clone());
        if let (Direction::Out, Some(name)) = (combine(&signals), name)
            && !own.contains(&name)
        {
            own.push(name);
        }
    }
    own
}

/// The author as a person reads it: hidden label, then `data-pre-plain-text`, then the drawn name (which may join two).
fn sender(row: &Parsed<'_>, direction: Direction) -> Option<String> {
    let pre = row.pre.as_ref().and_then(|pre| pre.name.clone());
    let shown = row.raw.author.as_deref().map(|name| label_name(&storable(name)));
    let label = row.raw.author_label.as_deref().map(|label| label_name(&storable(label)));
    let name = match direction {
        Direction::Out => pre,
        _ => label.filter(|name| !name.is_empty()).or(pre).or(shown),
    };
    name.map(|name| storable(&name)).filter(|name| !name.is_empty())
}

/// Time of a row, and the day for the rows below it.
fn sent_at(row: &Parsed<'_>, reckoner: &Reckoner, place: &mut Place) -> (Option<Timestamp>, bool) {
    let dated = row.pre.as_ref().and_then(|pre| reckoner.date(pre.date?));
    if let Some(dated) = dated {
        // A date in the row itself beats the marker; it also holds for rows below that have none.
        place.day = Some(dated);
    }
    let clock: Option<Minute> =
        row.pre.as_ref().and_then(|pre| pre.minute).or_else(|| row.raw.clock.as_deref().and_then(minute));
    // A date of unknown order may still be the day that the marker names, in one of its readings.
    let possible = |day: Date| match row.pre.as_ref().and_then(|pre| pre.date) {
        Some(date) if dated.is_none() => date.may_be(day),
        _ => true,
    };
    match (place.day, clock) {
        (Some((day, certain)), Some(clock)) if possible(day) => (reckoner.instant(day, clock), certain),
        _ => (None, false),
    }
}

/// Collects what the batch tells about the order of dates.
fn reckoner(rows: &[Parsed<'_>], lang: Option<&str>, ctx: &Context) -> Reckoner {
    let today = ctx.now.to_zoned(page_zone(&ctx.time_zone)).date();
    let mut evidence = Evidence::default();
    let mut marker = None;
    for row in rows {
        if row.raw.row == "marker" {
            marker = named_day(&row.raw.text, today);
            evidence.ascending.extend(written(&row.raw.text));
            continue;
        }
        if row.raw.row == "message" && !row.raw.drawn {
            marker = None;
        }
        let Some(pre) = &row.pre else { continue };
        evidence.ascending.extend(pre.date);
        evidence.upper = evidence.upper.or(pre.minute.and_then(|minute| minute.upper));
        evidence.known.extend(pre.date.zip(marker));
    }
    Reckoner::new(&ctx.time_zone, ctx.now, &ctx.locale, lang, &evidence)
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
