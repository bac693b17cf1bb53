//! The file to inspect: what is no page of text is refused in one sentence.

use std::{
    fs::{self, File},
    io::Read,
    path::Path,
};

use jiff::Timestamp;

use super::InspectError;

/// Largest file that is taken. Smaller, and pages saved with their pictures inside are refused; larger, and one file
/// takes the memory of a small machine.
const MAX_FILE: u64 = 64 << 20;

/// Elements that a page of WhatsApp Web, or a piece of one, may begin with.
const ELEMENTS: &[&str] = &[
    "html", "head", "body", "div", "span", "main", "section", "article", "header", "footer", "aside", "nav", "ul",
    "ol", "li", "p", "a", "b", "i", "em", "strong", "img", "button", "form", "input", "label", "table", "meta",
    "title", "link", "style", "script", "noscript", "base", "canvas", "h1", "h2", "h3",
];

/// A file's text and when it was written.
pub(super) struct Saved {
    pub(super) html: String,
    pub(super) written: Option<Timestamp>,
}

/// Reads a file that may be a page.
pub(super) fn read(path: &Path) -> Result<Saved, InspectError> {
    let refuse = |why: &str| InspectError::File(format!("{} {why}", path.display()));
    let facts = match fs::metadata(path) {
        Ok(facts) => facts,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(refuse("does not exist")),
        Err(error) => return Err(refuse(&format!("cannot be read: {error}"))),
    };
    if facts.is_dir() {
        return Err(refuse("is a directory"));
    }
    if !facts.is_file() {
        return Err(refuse("is not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes))
        .map_err(|error| refuse(&format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(refuse("is larger than 64 MiB"));
    }
    let html = text(&bytes).ok_or_else(|| refuse("is not text"))?;
    if html.trim().is_empty() {
        return Err(refuse("is empty"));
    }
    if html.trim_start().starts_with("From: ") || html.trim_start().starts_with("MIME-Version:") {
        return Err(refuse("is an archive of a page, not HTML; save it as a complete page"));
    }
    if !is_html(&html) {
        return Err(refuse("is not HTML"));
    }
    let written = facts.modified().ok().and_then(|at| Timestamp::try_from(at).ok());
    Ok(Saved { html, written })
}

/// UTF-8, or UTF-16 with its mark; anything with NUL in it is no text.
fn text(bytes: &[u8]) -> Option<String> {
    let wide = |of: fn([u8; 2]) -> u16| {
        let units = bytes.get(2..)?.chunks_exact(2).filter_map(|pair| Some(of(pair.try_into().ok()?)));
        String::from_utf16(&units.collect::<Vec<u16>>()).ok()
    };
    let text = match bytes {
        [0xFF, 0xFE, ..] => wide(u16::from_le_bytes)?,
        [0xFE, 0xFF, ..] => wide(u16::from_be_bytes)?,
        _ => std::str::from_utf8(bytes).ok()?.to_owned(),
    };
    let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
    (!text.contains('\0')).then_some(text)
}

/// Whether the first thing in it, comments and declarations aside, is an element of HTML.
fn is_html(text: &str) -> bool {
    let mut rest = text.trim_start();
    loop {
        let Some(inner) = rest.strip_prefix('<') else { return false };
        let skipped = if let Some(comment) = inner.strip_prefix("!--") {
            comment.split_once("-->").map(|(_, rest)| rest)
        } else if inner.starts_with(['!', '?']) {
            inner.split_once('>').map(|(_, rest)| rest)
        } else {
            let name: String = inner.chars().take_while(char::is_ascii_alphanumeric).collect();
            return ELEMENTS.contains(&name.to_ascii_lowercase().as_str());
        };
        match skipped {
            Some(after) => rest = after.trim_start(),
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_told_from_other_text_by_its_first_element() {
        for html in [
            "<!doctype html><html></html>",
            "<!-- saved from url=(0024)https://web.whatsapp.com/ -->\n<HTML>",
            "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\"><html>",
            "  <div role=\"row\"></div>",
        ] {
            assert!(is_html(html), "{html}");
        }
        for other in [
            "{\"a\": \"<div>\"}",
            "hello",
            "# <div>",
            "<rss></rss>",
            "<!doctype svg><svg></svg>",
            "<!-- ",
            "< div>",
            "<",
        ] {
            assert!(!is_html(other), "{other}");
        }
    }

    #[test]
    fn text_is_utf_8_or_marked_utf_16() {
        assert_eq!(text("olá".as_bytes()).as_deref(), Some("olá"));
        assert_eq!(text(&[0xFF, 0xFE, b'<', 0, b'a', 0]).as_deref(), Some("<a"));
        assert_eq!(text(&[0xFE, 0xFF, 0, b'<']).as_deref(), Some("<"));
        assert_eq!(text(&[0xEF, 0xBB, 0xBF, b'<']).as_deref(), Some("<"));
        assert_eq!(text(&[0x89, b'P', b'N', b'G', 0]), None);
        assert_eq!(text(b"<div>\0</div>"), None);
    }
}
