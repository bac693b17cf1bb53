//! Conversation rows: direction, author, kind, time and state of each message, in the light of its neighbours.

use jiff::{Timestamp, civil::Date};
use queunir_core::{
    message::{Ack, Direction, MessageKind, Quote},
    text::clean_name,
};

use super::{
    ack::ack,
    clock::{Evidence, Minute, PrePlain, Reckoner, minute, page_zone, pre_plain, written},
    day::{DayWord, day_word},
    direction::{Signals, combine, data_id},
    labels,
    normalise::{Context, storable},
    raw,
    reactions::reactions,
};
use crate::seen::{SeenFile, SeenMessage, Shown};

/// One row with its `data-pre-plain-text` taken apart.
struct Parsed<'a> {
    raw: &'a raw::Row,
    pre: Option<PrePlain>,
}

/// The message rows of a conversation, oldest first.
pub(super) fn messages(conversation: &raw::Conversation, title: &str, ctx: &Context) -> Vec<SeenMessage> {
    read(conversation, title, ctx).into_iter().map(|(_, seen)| seen).collect()
}

/// The same, each with the row that it was read from.
pub(crate) fn read<'a>(
    conversation: &'a raw::Conversation,
    title: &str,
    ctx: &Context,
) -> Vec<(&'a raw::Row, SeenMessage)> {
    let rows: Vec<Parsed<'_>> =
        conversation.rows.iter().map(|raw| Parsed { raw, pre: raw.pre.as_deref().and_then(pre_plain) }).collect();
    let reckoner = reckoner(&rows, conversation.lang.as_deref(), ctx);
    let names = Names {
        own: own_names(&rows, ctx),
        you: own_labels(&rows),
        title,
        spoken: is_spoken(conversation.lang.as_deref(), &ctx.locale),
    };
    let mut place = Place::default();
    let mut messages = Vec::new();
    for row in &rows {
        match row.raw.row.as_str() {
            "marker" => {
                place.day = reckoner.day(&row.raw.text);
                place.run = None;
            }
            "message" => messages.extend(message(row, &names, &reckoner, &mut place).map(|seen| (row.raw, seen))),
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
    /// Labels on bubbles that are ours by other signals: the page's word for "you".
    you: Vec<String>,
    title: &'a str,
    /// Whether the page speaks a language whose word for "you" is in the tables.
    spoken: bool,
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
    // A call stands between runs, and what is ours shows its state unless it is deleted or failed.
    let in_run = raw.tail.is_none() && kind != MessageKind::Call;
    let stateless = kind == MessageKind::Deleted || raw.failed || raw.clock.is_none();
    let run = place.run.filter(|run| in_run && (*run == Direction::In || stateless));
    let signals = signals(row, names, run);
    let direction = combine(&signals);
    place.run = Some(direction).filter(|direction| *direction != Direction::Unknown && kind != MessageKind::Call);
    let (sent_at, sent_at_certain) = sent_at(row, reckoner, place);
    let ours = direction == Direction::Out;
    let by_label = || raw.meta_labels.iter().find_map(|label| ack(Some(label), None, &[]));
    let label = ack(raw.ack_label.as_deref(), raw.ack_icon.as_deref(), &raw.ack_colours).or_else(by_label);
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
        ack: label.filter(|_| ours),
        failed: raw.failed,
        quoted: raw.quoted.as_ref().map(quote),
        edited: raw.meta.iter().chain(&raw.clock).any(|text| without_edited(text).is_some()),
        forwarded: raw.forwarded,
        reactions: reactions(&raw.reactions),
        starred: raw.starred,
        pinned: raw.pinned,
        files: files(kind, raw.media.as_ref()),
    })
}

/// The files of a message; what tells of one file is of no use for several.
fn files(kind: MessageKind, facts: Option<&raw::RawMedia>) -> Vec<SeenFile> {
    if !kind.has_media() {
        return Vec::new();
    }
    let text = |text: Option<&String>| text.map(|text| storable(text)).filter(|text| !text.is_empty());
    let facts = facts.cloned().unwrap_or_default();
    let shown = |word: &String| match word.as_str() {
        "whole" => Shown::Whole,
        "preview" => Shown::Preview,
        _ => Shown::Nothing,
    };
    let shown: Vec<Shown> = facts.files.iter().map(shown).collect();
    if kind == MessageKind::Album {
        return shown
            .into_iter()
            .map(|shown| SeenFile { shown, name: None, duration_s: None, size_text: None })
            .collect();
    }
    let shown = shown.first().copied().unwrap_or(Shown::Nothing);
    let duration_s = facts.duration.as_deref().and_then(seconds);
    vec![SeenFile { shown, name: text(facts.name.as_ref()), duration_s, size_text: text(facts.size.as_ref()) }]
}

/// `0:07` or `1:02:03`.
pub(crate) fn seconds(text: &str) -> Option<u32> {
    text.split(':').try_fold(0_u32, |sum, part| sum.checked_mul(60)?.checked_add(part.parse().ok()?))
}

/// What a text of the meta line says besides "Edited"; nothing when it does not say that.
fn without_edited(text: &str) -> Option<String> {
    let text = labels::plain(text);
    let said = |word: &String| {
        let rest = text.strip_prefix(word).or_else(|| text.strip_suffix(word))?.trim();
        (rest.is_empty() || minute(rest).is_some()).then(|| rest.to_owned())
    };
    labels::labels().edited.iter().find_map(said)
}

/// Whether a delivery state is drawn, by its icon or by its label alone.
fn has_state(raw: &raw::Row) -> bool {
    // The words "Waiting for this message" have a clock of their own, which is nobody's delivery state.
    let waits = raw.kind.as_deref() == Some("undecrypted")
        && ack(None, raw.ack_icon.as_deref(), &raw.ack_colours) == Some(Ack::Pending);
    (raw.status && !waits) || raw.meta_labels.iter().any(|label| ack(Some(label), None, &[]).is_some())
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
        reactions: Vec::new(),
        starred: false,
        pinned: false,
        files: Vec::new(),
    }
}

/// A quote as a person reads it.
pub(crate) fn quote(raw: &raw::RawQuote) -> Quote {
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
        status: has_state(row.raw),
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
    let pre = row.pre.as_ref().and_then(|pre| pre.name.as_deref());
    if labels::contains(&labels::labels().you, &name) {
        return Some(Direction::Out);
    }
    // A word for "you" in a language without a table must not be taken for somebody's name.
    let known = pre == Some(name.as_str()) || same_name(names.title, &name) || row.raw.author.as_deref() == Some(&name);
    let learnt = !names.you.is_empty() && !names.you.contains(&name);
    (known || learnt || names.spoken || name.starts_with(['+', '~'])).then_some(Direction::In)
}

/// Whether a page in this language, or if it does not say in the one it was opened with, is in the tables.
fn is_spoken(lang: Option<&str>, locale: &str) -> bool {
    let tag = lang.filter(|lang| !lang.is_empty()).unwrap_or(locale);
    let primary = tag.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    labels::labels().languages.contains(&primary)
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
    for row in rows.iter().filter(|row| is_plainly_ours(row)) {
        if let Some(name) = row.pre.as_ref().and_then(|pre| pre.name.clone())
            && !own.contains(&name)
        {
            own.push(name);
        }
    }
    own
}

/// The labels of bubbles that are ours without the label's help.
fn own_labels(rows: &[Parsed<'_>]) -> Vec<String> {
    let label = |row: &Parsed<'_>| row.raw.author_label.as_deref().map(label_name).filter(|name| !name.is_empty());
    let mut own: Vec<String> = rows.iter().filter(|row| is_plainly_ours(row)).filter_map(label).collect();
    own.sort_unstable();
    own.dedup();
    own
}

fn is_plainly_ours(row: &Parsed<'_>) -> bool {
    is_plainly(row.raw, Direction::Out)
}

/// Whose it is by the page's own knowledge, names aside.
pub(super) fn is_plainly(raw: &raw::Row, direction: Direction) -> bool {
    let signals = Signals {
        id: data_id(&raw.id).direction,
        class: side(raw.class.as_deref(), "out", "in"),
        tail: side(raw.tail.as_deref(), "out", "in"),
        status: has_state(raw),
        ..Signals::default()
    };
    combine(&signals) == direction
}

/// The author: of ours the name that we write under, of all others what a person reads.
fn sender(row: &Parsed<'_>, direction: Direction) -> Option<String> {
    match direction {
        Direction::Out => row.pre.as_ref().and_then(|pre| pre.name.clone()).map(|name| storable(&name)),
        _ => written_sender(row.raw),
    }
    .filter(|name| !name.is_empty())
}

/// The author as a person reads it: hidden label, then `data-pre-plain-text`, then the drawn name (which may join two).
pub(crate) fn written_sender(raw: &raw::Row) -> Option<String> {
    let of_label = |label: &Option<String>| label.as_deref().map(|label| label_name(&storable(label)));
    let pre = || raw.pre.as_deref().and_then(pre_plain).and_then(|pre| pre.name).map(|name| storable(&name));
    of_label(&raw.author_label)
        .filter(|name| !name.is_empty())
        .or_else(pre)
        .or_else(|| of_label(&raw.author))
        .filter(|name| !name.is_empty())
}

/// Time of a row, and the day for the rows below it.
fn sent_at(row: &Parsed<'_>, reckoner: &Reckoner, place: &mut Place) -> (Option<Timestamp>, bool) {
    let dated = row.pre.as_ref().and_then(|pre| reckoner.date(pre.date?));
    if let Some(dated) = dated {
        // A date in the row itself beats the marker; it also holds for rows below that have none.
        place.day = Some(dated);
    }
    let clock: Option<Minute> =
        row.pre.as_ref().and_then(|pre| pre.minute).or_else(|| shown_minute(row.raw.clock.as_deref()?));
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

/// The clock, which may stand in one text with "Edited".
fn shown_minute(clock: &str) -> Option<Minute> {
    minute(clock).or_else(|| minute(&without_edited(clock)?))
}

/// Collects what the batch tells about the order of dates.
fn reckoner(rows: &[Parsed<'_>], lang: Option<&str>, ctx: &Context) -> Reckoner {
    let day = |at: Timestamp| at.to_zoned(page_zone(&ctx.time_zone)).date();
    let today = day(ctx.now);
    let mut evidence = Evidence { saved: ctx.saved.map(day), ..Evidence::default() };
    let mut marker: Option<DayWord> = None;
    for row in rows {
        if row.raw.row == "marker" {
            marker = day_word(&row.raw.text);
            evidence.ascending.extend(written(&row.raw.text));
            continue;
        }
        if row.raw.row == "message" && !row.raw.drawn {
            marker = None;
        }
        let Some(pre) = &row.pre else { continue };
        evidence.ascending.extend(pre.date);
        evidence.upper = evidence.upper.or(pre.minute.and_then(|minute| minute.upper));
        if ctx.saved.is_some() {
            evidence.words.extend(pre.date.zip(marker));
        } else {
            evidence.known.extend(pre.date.zip(marker.and_then(|word| word.on(today))));
        }
    }
    Reckoner::new(&ctx.time_zone, ctx.now, &ctx.locale, lang, &evidence)
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
