//! What the reader sees in a saved page: the file is put into a browser without network, read, and told as one object.
//!
//! The file is a stranger's: nothing in it runs, nothing is fetched, and it has one deadline.

mod file;
mod told;
mod window;

use std::{path::PathBuf, time::Duration};

use jiff::{Timestamp, tz::TimeZone};

pub use self::told::{Chat, Conversation, Health, Inspection, Media, Message, Quoted, Reaction, SystemRow};
use crate::{browser::LaunchError, page::normalise::Context};

/// Longest time for one file, from its first byte to the answer. Shorter, and ten thousand rows are not read on a busy
/// machine; longer, and a file made to stop the browser holds up whoever asked.
pub const DEADLINE: Duration = Duration::from_secs(90);

/// Languages of ISO 639-1, and the one of three letters that WhatsApp has.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
    dv dz ee el en eo es et eu fa ff fi fil fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io \
    is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my \
    na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq \
    sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// What to read and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// The saved page.
    pub html: PathBuf,
    /// Language for a page that does not name its own, as in `pt-BR`.
    pub locale: String,
    /// IANA zone that the page's times are written in, and told in.
    pub time_zone: String,
    /// The present moment.
    pub now: Timestamp,
    /// Run the browser under this uid and gid; needed as root, where Chromium refuses its sandbox.
    pub as_user: Option<u32>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// The file cannot be taken for a page.
    #[error("{0}")]
    File(String),
    /// No such language.
    #[error("{0:?} is not a locale such as en or pt-BR")]
    Locale(String),
    /// No such zone.
    #[error("{0:?} is not a time zone such as America/Sao_Paulo")]
    TimeZone(String),
    /// The file kept the browser busy for too long.
    #[error("the page could not be read within {} seconds", DEADLINE.as_secs())]
    Deadline,
    /// The file broke the browser's page.
    #[error("the page could not be read: {0}")]
    Page(String),
    /// No browser, through no fault of the file.
    #[error(transparent)]
    Browser(#[from] LaunchError),
}

impl InspectError {
    /// Whether what was asked for is at fault, rather than this machine.
    #[must_use]
    pub fn is_of_input(&self) -> bool {
        !matches!(self, Self::Browser(_))
    }
}

/// Reads a saved page, or a piece of one, as the reader reads the live page.
///
/// # Errors
/// [`InspectError`], within [`DEADLINE`] and the time that a browser takes to end.
pub async fn inspect(request: &Request) -> Result<Inspection, InspectError> {
    if !is_locale(&request.locale) {
        return Err(InspectError::Locale(shortened(&request.locale)));
    }
    let zone = TimeZone::get(&request.time_zone).map_err(|_| InspectError::TimeZone(shortened(&request.time_zone)))?;
    let saved = file::read(&request.html)?;
    let context = Context {
        locale: request.locale.clone(),
        time_zone: request.time_zone.clone(),
        now: request.now,
        own_names: Vec::new(),
        saved: Some(saved.written.filter(|at| *at <= request.now).unwrap_or(request.now)),
    };
    let window = window::Window::open(request.as_user, &request.locale).await?;
    let seen = tokio::time::timeout(DEADLINE, window.read(&saved.html, &request.locale)).await;
    window.close().await;
    let seen = seen.unwrap_or(Err(InspectError::Deadline))?;
    Ok(told::tell(&seen, &context, &zone))
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

/// `xx`, `xx-YY` or `xx-Script-YY` of a known language.
fn is_locale(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '_']).collect();
    let letters = |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_alphabetic());
    let region = |part: &str| letters(part, 2) || (part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit()));
    let known = |part: &str| LANGUAGES.split_whitespace().any(|language| language.eq_ignore_ascii_case(part));
    match parts.as_slice() {
        [language] => known(language),
        [language, rest] => known(language) && (region(rest) || letters(rest, 4)),
        [language, script, rest] => known(language) && letters(script, 4) && region(rest),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_are_known_languages_in_a_known_form() {
        for locale in ["en", "pt-BR", "pt_BR", "zh-CN", "zh-Hans-CN", "es-419", "it", "fil"] {
            assert!(is_locale(locale), "{locale}");
        }
        for locale in ["", "xx", "klingon", "pt-", "pt-BRA", "-BR", "en-US-x-y", "../en", "zz-ZZ"] {
            assert!(!is_locale(locale), "{locale}");
        }
    }
}
