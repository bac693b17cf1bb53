//! From what the reader says to what was seen: cleaned, combined, dated, and never guessed.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use queunir_core::{chat::ChatKind, link::PageState, message::MessageKind, text::clean_name};

use super::{
    ack::ack,
    address,
    clock::{Evidence, Reckoner, written},
    kind, labels,
    raw::{self, Rejected, Screen},
    rows,
};
use crate::{
    page_api::PageEvent,
    seen::{ReaderHealth, RowPicture, SeenChat, SeenConversation, SeenList, SeenState},
};

/// What the browser was started with, the present moment, and what is known of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// Language of the page, as in `pt-BR`.
    pub locale: String,
    /// IANA zone of the browser.
    pub time_zone: String,
    /// The present moment.
    pub now: Timestamp,
    /// Names that the account is known to write under; may be empty.
    pub own_names: Vec<String>,
    /// For a saved page, when its file was written: words like "today" count from there at best.
    pub saved: Option<Timestamp>,
}

/// Why there is no conversation to speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoConversation {
    /// None is open.
    #[error("no conversation is open")]
    NotOpen,
    /// The page is hidden and has stopped drawing rows (evidence 3.2).
    #[error("the page is hidden")]
    Hidden,
}

/// Turns one pushed observation into events.
///
/// A list or conversation is followed by the health of its read. A hidden page's conversation, a list under a search,
/// and a page without list or conversation give no such event: absence is never reported as emptiness.
///
/// # Errors
/// [`Rejected`] for everything that is not exactly of the schema and within its caps.
pub fn observation(json: &str, ctx: &Context) -> Result<Vec<PageEvent>, Rejected> {
    if json.len() > raw::MAX_BATCH {
        return Err(Rejected::TooLarge(json.len()));
    }
    let envelope: raw::Envelope = serde_json::from_str(json).map_err(|_| Rejected::Malformed("envelope".into()))?;
    if envelope.v != raw::VERSION {
        return Err(Rejected::Version(envelope.v));
    }
    let mut events = Vec::new();
    let report = match envelope.kind.as_str() {
        "state" => {
            events.push(PageEvent::State(state(&raw::decode(json)?)));
            None
        }
        "list" => {
            let list: raw::List = raw::decode(json)?;
            let report = list.health.clone();
            events.extend(self::list(&list, ctx).map(PageEvent::List));
            report
        }
        "conversation" => {
            let conversation: raw::Conversation = raw::decode(json)?;
            let report = conversation.health.clone();
            events.extend(self::conversation(&conversation, ctx).ok().map(PageEvent::Conversation));
            report
        }
        "health" => Some(raw::decode::<raw::Health>(json)?.health),
        _ => return Err(Rejected::Kind),
    };
    events.extend(report.map(|report| PageEvent::Health(health(report))));
    Ok(events)
}

/// The page's state.
#[must_use]
pub fn state(raw: &raw::State) -> SeenState {
    let qr = raw.qr.as_ref().filter(|value| raw.screen == Screen::Qr && is_code(value)).cloned();
    let state = match raw.screen {
        Screen::Qr if qr.is_some() => PageState::Qr,
        Screen::Qr | Screen::QrWait | Screen::Blank | Screen::Startup => PageState::Starting,
        Screen::QrIdle => PageState::QrTimeout,
        Screen::Syncing => PageState::Syncing,
        Screen::Main if raw.offline => PageState::Offline,
        Screen::Main => PageState::Linked,
        Screen::AnotherSession | Screen::Conflict => PageState::Conflict,
        Screen::Offline => PageState::Offline,
        Screen::Blocked => PageState::Blocked,
        Screen::LoggedOut => PageState::LoggedOut,
        Screen::Passkey => PageState::PasskeyRequired,
        Screen::Unsupported => PageState::UnsupportedBrowser,
        Screen::PhoneLogin => PageState::Pairing,
        Screen::Locked | Screen::Unknown => PageState::Unknown,
    };
    SeenState {
        state,
        qr,
        link_code: raw
            .link_code
            .as_ref()
            .filter(|code| raw.screen == Screen::PhoneLogin && is_link_code(code))
            .cloned(),
        sync_percent: raw.sync_percent.and_then(percent),
        phone: raw.own_title.as_deref().and_then(own_phone),
    }
}

/// Only the two known beginnings; `undefined,...` is on screen right after a scan (evidence 1.3).
fn is_code(value: &str) -> bool {
    (value.starts_with("2@") || value.starts_with("https://wa.me/")) && value.len() > 10
}

/// Eight letters and digits, nothing else (evidence 1.4).
fn is_link_code(value: &str) -> bool {
    value.len() == 8 && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 to 100 by the filter")]
fn percent(value: f64) -> Option<u8> {
    (0.0..=100.0).contains(&value).then_some(value as u8)
}

/// `+55 ... (você)` without what is in brackets.
fn own_phone(title: &str) -> Option<String> {
    phone(title.split('(').next().unwrap_or(title)).or_else(|| {
        let end = title.rfind('(')?;
        phone(title.get(..end)?)
    })
}

/// The list as rendered; nothing while a search hides it.
#[must_use]
pub fn list(raw: &raw::List, ctx: &Context) -> Option<SeenList> {
    if !raw.present || raw.searching {
        return None;
    }
    let mut rows = chats(&raw.rows, raw.lang.as_deref(), ctx);
    rows.iter_mut().for_each(|row| row.look = raw.look);
    Some(SeenList { rows, total: raw.total, complete: raw.complete, document: raw.document.clone() })
}

pub(crate) fn chats(rows: &[raw::ListRow], lang: Option<&str>, ctx: &Context) -> Vec<SeenChat> {
    let loose = rows.iter().filter_map(|row| written(&row.time)).collect();
    let reckoner =
        Reckoner::new(&ctx.time_zone, ctx.now, &ctx.locale, lang, &Evidence { loose, ..Evidence::default() });
    rows.iter().filter_map(|row| chat(row, &reckoner)).collect()
}

fn chat(row: &raw::ListRow, reckoner: &Reckoner) -> Option<SeenChat> {
    let title = clean_name(&storable(&row.title));
    if title.is_empty() {
        return None;
    }
    let (author, preview) = preview(row);
    let by_us = author.as_deref().is_some_and(|author| labels::contains(&labels::labels().you, author));
    let preview_ack = ack(None, row.ack_icon.as_deref(), &row.ack_colours);
    let unread = row.unread_label.as_deref().map_or(0, count);
    Some(SeenChat {
        phone: if row.yourself { own_phone(&title) } else { phone(&title) },
        title,
        kind: kind::of_row(row, author.is_some()),
        preview_from_me: preview_ack.is_some() || by_us,
        preview_sender: author.filter(|_| !by_us),
        preview_kind: list_media(row.media_icon.as_deref(), preview.is_some()),
        preview,
        preview_ack,
        unread,
        marked_unread: row.unread_badge && unread == 0,
        pinned: row.pinned,
        muted: row.muted,
        archived: row.archived,
        typing: row.typing,
        time_text: clean_name(&storable(&row.time)),
        time: reckoner.list_time(&row.time),
        position: row.position,
        picture: match (&row.picture, &row.avatar) {
            (Some(token), _) => RowPicture::Own(storable(token)),
            (None, Some(_)) => RowPicture::Icon,
            (None, None) => RowPicture::Unknown,
        },
        look: row.look,
    })
}

/// Author and text of the preview; in groups the text may begin with `Name:` and a no-break space.
fn preview(row: &raw::ListRow) -> (Option<String>, Option<String>) {
    let text = row.preview.as_deref().map(without_marks).filter(|text| !text.is_empty());
    let author = row.author.as_deref().map(clean_name).filter(|author| !author.is_empty());
    match (author, text) {
        (Some(author), Some(text)) => {
            let rest = text.strip_prefix(&author).and_then(|rest| rest.strip_prefix(':')).map(str::trim_start);
            let text = rest.map_or_else(|| text.clone(), str::to_owned);
            (Some(author), Some(text))
        }
        (None, Some(text)) => match text.split_once(":\u{00A0}") {
            Some((name, rest)) if !name.is_empty() && name.chars().count() < 80 && !name.contains('\n') => {
                (Some(clean_name(name)), Some(rest.trim_start().to_owned()))
            }
            _ => (None, Some(text)),
        },
        (author, None) => (author, None),
    }
}

fn without_marks(text: &str) -> String {
    let text: String = text.chars().filter(|c| !queunir_core::text::is_bidi_mark(*c) && *c != '\0').collect();
    text.trim().to_owned()
}

fn list_media(icon: Option<&str>, has_text: bool) -> MessageKind {
    let names = icon.unwrap_or_default();
    let known = names.split_whitespace().find_map(|name| match name {
        "ic-image" | "status-image" => Some(MessageKind::Image),
        "ic-videocam-filled" | "ic-videocam" | "status-video" => Some(MessageKind::Video),
        "ic-gif" | "status-gif" => Some(MessageKind::Gif),
        "ic-headphones" | "status-audio" => Some(MessageKind::Audio),
        "ic-mic" | "ptt-status" | "status-ptt" => Some(MessageKind::Voice),
        "ic-description" | "status-document" => Some(MessageKind::Document),
        "recalled" | "recalled-in" => Some(MessageKind::Deleted),
        _ => None,
    });
    known.unwrap_or(if names.is_empty() && has_text { MessageKind::Text } else { MessageKind::Unknown })
}

/// The number in `1.227 mensagens não lidas`, whatever the separator; 0 when there is none.
fn count(label: &str) -> u32 {
    let rest = label.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = rest.find(|c: char| !c.is_ascii_digit() && !".,\u{00A0}\u{202F}'’ ".contains(c)).unwrap_or(rest.len());
    let number = rest.get(..end).unwrap_or_default();
    number.chars().filter_map(|c| c.to_digit(10)).fold(0_u32, |sum, digit| sum.saturating_mul(10).saturating_add(digit))
}

/// `+digits` when the whole text is a phone in international form.
#[must_use]
pub fn phone(text: &str) -> Option<String> {
    let text = clean_name(text);
    let rest = text.strip_prefix('+')?;
    if rest.chars().any(|c| !c.is_ascii_digit() && !" ()-.\u{2011}\u{2010}\u{2013}".contains(c)) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    (7..=15).contains(&digits.len()).then(|| format!("+{digits}"))
}

/// The phone in the composer's label.
fn label_phone(label: &str) -> Option<String> {
    let label = clean_name(label);
    let rest = label.get(label.rfind('+')?..)?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && !"+ ()-.\u{2011}".contains(c)).unwrap_or(rest.len());
    phone(rest.get(..end)?)
}

/// Kind of the open conversation.
pub(crate) fn conversation_kind(raw: &raw::Conversation, title: &str) -> queunir_core::chat::ChatKind {
    kind::of_conversation(raw, title)
}

/// The open conversation.
///
/// # Errors
/// [`NoConversation`] when none is open or the page is hidden.
pub fn conversation(raw: &raw::Conversation, ctx: &Context) -> Result<SeenConversation, NoConversation> {
    if !raw.visible {
        return Err(NoConversation::Hidden);
    }
    let title = clean_name(&storable(&raw.title));
    if !raw.open || title.is_empty() {
        return Err(NoConversation::NotOpen);
    }
    let messages = rows::messages(raw, &title, ctx);
    let kind = conversation_kind(raw, &title);
    let named = address::named(&raw.rows);
    let labelled = || raw.composer_label.as_deref().and_then(label_phone);
    Ok(SeenConversation {
        phone: phone(&title).or_else(labelled).or(named.phone.filter(|_| kind == ChatKind::Contact)),
        address: named.address,
        title,
        subtitle: raw.subtitle.as_deref().map(|text| clean_name(&storable(text))).filter(|text| !text.is_empty()),
        kind,
        messages,
        at_start: raw.at_start,
        at_end: raw.at_end,
        offline: raw.offline,
        writable: raw.writable,
    })
}

/// Health of the latest reads.
#[must_use]
pub fn health(report: raw::HealthReport) -> ReaderHealth {
    ReaderHealth {
        generation: report.generation,
        rows_seen: report.rows_seen,
        rows_read: report.rows_read,
        anchors: report.anchors,
        empty: report.empty,
        tallies: report.tallies,
        alarm: report.alarm,
    }
}

/// Text that any database takes: without NUL.
pub(super) fn storable(text: &str) -> String {
    text.replace('\0', "")
}

/// Collects the windows of one walk over the list into the whole.
#[derive(Clone, Debug, Default)]
pub struct ListWalk {
    rows: BTreeMap<i64, raw::ListRow>,
    total: Option<u32>,
    lang: Option<String>,
    document: String,
    hidden: bool,
}

impl ListWalk {
    /// Adds one window; what it shows replaces what stood at the same offsets.
    pub fn add(&mut self, list: raw::List) {
        if !list.present || list.searching {
            self.hidden = true;
            return;
        }
        if list.document != self.document {
            self.rows.clear();
            self.document = list.document;
        }
        self.total = list.total.or(self.total);
        self.lang = list.lang.or(self.lang.take());
        #[expect(clippy::cast_possible_truncation, reason = "a saturating cast of an offset in pixels")]
        let rows = list.rows.into_iter().map(|row| (row.y as i64, raw::ListRow { look: list.look, ..row }));
        self.rows.extend(rows);
    }

    /// How many rows were collected.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing was collected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether every row was collected: as many as the page says there are, and none twice.
    #[must_use]
    pub fn complete(&self) -> bool {
        let counted = self.total.is_some_and(|total| usize::try_from(total) == Ok(self.rows.len()));
        counted && !self.hidden && !self.moved()
    }

    /// Whether one row was met in two places: it made room for another, which the walk may have missed.
    fn moved(&self) -> bool {
        let mut met: HashMap<(&str, Option<&str>, &str), u64> = HashMap::new();
        self.rows.values().any(|row| {
            let before = met.insert((&row.title, row.preview.as_deref(), &row.time), row.look);
            before.is_some_and(|look| look != row.look)
        })
    }

    /// The list; `complete` only when the count is exactly the page's own (rows that moved meanwhile make it differ).
    #[must_use]
    pub fn finish(self, ctx: &Context) -> SeenList {
        let complete = self.complete();
        let rows: Vec<raw::ListRow> =
            (0..).zip(self.rows.into_values()).map(|(position, row)| raw::ListRow { position, ..row }).collect();
        SeenList { rows: chats(&rows, self.lang.as_deref(), ctx), total: self.total, complete, document: self.document }
    }
}

#[cfg(test)]
#[path = "normalise_tests.rs"]
mod tests;
