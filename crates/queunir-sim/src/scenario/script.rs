//! The little language of conversations.
//!
//! ```text
//! @ -3d 09:14      what follows began three days ago at 09:14 of the owner's clock
//! @ -40m           or forty minutes ago
//! < text           the customer writes
//! > text           the owner writes
//! <Name> text      that member of the group writes
//! | more           another line of the same message
//! + 25             that many minutes pass before the next message
//! < {image a.jpg} words    anything but plain words, see `content`
//! ! react 👍       what happened to the message above: `react [me|<Name>] 👍`, `edit words`, `delete [Admin]`,
//!                  `quote 2` (answers the second above it), `forwarded [5]`, `late`, `star`, `play`, `mention Name`,
//!                  `vote me|<Name> 1`, `preview Title | description | domain`
//! ```

use super::content;
use crate::world::body::Body;

/// When a stretch of conversation begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// So many days ago, at a time of day in minutes.
    Day {
        /// Days back.
        back: i64,
        /// Minutes since midnight.
        minute: i64,
    },
    /// So many minutes ago.
    Minutes(i64),
}

/// Who writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The account's owner.
    Owner,
    /// The contact.
    Contact,
    /// A member of the group, by name or number.
    Member(String),
}

/// One message as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Who.
    pub speaker: Speaker,
    /// What.
    pub body: Body,
    /// Extra minutes before it.
    pub gap: i64,
    /// What happened to it, as written behind the `!`.
    pub marks: Vec<String>,
}

/// Messages that belong together in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// When the first was written.
    pub start: Start,
    /// The messages.
    pub lines: Vec<Line>,
}

/// Reads a script; an error names the line and what is wrong with it.
pub fn parse(script: &str) -> Result<Vec<Stretch>, (usize, String)> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut gap = 0;
    for (index, raw) in script.lines().enumerate() {
        let fail = |why: &str| (index + 1, why.to_owned());
        let line = raw.trim();
        if line.is_empty() {
            continue;
        }
        if let Some(rest) = line.strip_prefix('@') {
            stretches.push(Stretch { start: start(rest.trim()).ok_or_else(|| fail("not a time"))?, lines: Vec::new() });
            continue;
        }
        let stretch = stretches.last_mut().ok_or_else(|| fail("a time must come first"))?;
        if let Some(rest) = line.strip_prefix('+') {
            gap = rest.trim().parse().map_err(|_| fail("not a number of minutes"))?;
        } else if let Some(rest) = line.strip_prefix('|') {
            let last = stretch.lines.last_mut().and_then(|line| line.body.text_mut());
            let last = last.ok_or_else(|| fail("nothing to continue"))?;
            last.push('\n');
            last.push_str(rest.strip_prefix(' ').unwrap_or(rest));
        } else if let Some(rest) = line.strip_prefix("! ") {
            let last = stretch.lines.last_mut().ok_or_else(|| fail("nothing it could happen to"))?;
            last.marks.push(rest.trim().to_owned());
        } else {
            let (speaker, text) = spoken(line).ok_or_else(|| fail("not a message"))?;
            let body = body(&text).map_err(|why| fail(&why))?;
            stretch.lines.push(Line { speaker, body, gap, marks: Vec::new() });
            gap = 0;
        }
    }
    Ok(stretches)
}

fn start(text: &str) -> Option<Start> {
    let back = text.strip_prefix('-')?;
    if let Some(minutes) = back.strip_suffix('m') {
        return minutes.parse().ok().map(Start::Minutes);
    }
    let (days, time) = back.split_once(' ')?;
    let (hour, minute) = time.trim().split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let valid = (0..24).contains(&hour) && (0..60).contains(&minute);
    valid.then_some(())?;
    Some(Start::Day { back: days.strip_suffix('d')?.parse().ok()?, minute: hour * 60 + minute })
}

fn body(text: &str) -> Result<Body, String> {
    match text.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        Some((spec, caption)) => content::parse(spec, caption.trim()),
        None => Ok(Body::words(text)),
    }
}

fn spoken(line: &str) -> Option<(Speaker, String)> {
    if let Some(text) = line.strip_prefix("> ") {
        return Some((Speaker::Owner, text.to_owned()));
    }
    if let Some(text) = line.strip_prefix("< ") {
        return Some((Speaker::Contact, text.to_owned()));
    }
    let (name, text) = line.strip_prefix('<')?.split_once("> ")?;
    Some((Speaker::Member(name.to_owned()), text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_becomes_stretches_of_messages() {
        let stretches = parse("@ -3d 09:14\n< Oi\n| tudo bem?\n+ 25\n> Oi!\n\n@ -40m\n<Rui> eu vou\n").unwrap();
        assert_eq!(stretches.len(), 2);
        assert_eq!(stretches[0].start, Start::Day { back: 3, minute: 554 });
        assert_eq!(stretches[0].lines[0].body.text(), "Oi\ntudo bem?");
        assert_eq!(stretches[0].lines[1].gap, 25);
        assert_eq!(stretches[1].lines[0].speaker, Speaker::Member("Rui".into()));
    }

    #[test]
    fn contents_and_what_happened_to_them_are_kept() {
        let stretches = parse("@ -40m\n< {voice 14}\n! play\n! react me 👍\n> {image} Ready\n| at noon").unwrap();
        assert_eq!(stretches[0].lines[0].marks, ["play", "react me 👍"]);
        assert_eq!(stretches[0].lines[1].body.text(), "Ready\nat noon");
        assert_eq!(parse("@ -40m\n< {nonsense}").unwrap_err().0, 2);
    }

    #[test]
    fn a_wrong_line_is_named() {
        assert_eq!(parse("@ -1d 10:00\nhello").unwrap_err().0, 2);
        assert_eq!(parse("< hello").unwrap_err().0, 1);
        assert_eq!(parse("@ -1d 25:00").unwrap_err().0, 1);
    }
}
