//! Server-sent events as bytes: reads a slice's stream event by event, writes the browser's.

use bytes::{Bytes, BytesMut};

/// Largest event. A stored message with all its parts fits; a slice that never ends its event is cut off (ATK-27).
const LARGEST: usize = 1024 * 1024;

/// A slice's stream cannot be read any further.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// An event without an end.
    #[error("an event is too large")]
    TooLarge,
    /// Not text.
    #[error("an event is not UTF-8")]
    NotText,
}

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) event: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) data: String,
}

impl Frame {
    /// A snapshot: without id.
    pub(crate) fn snapshot(event: &str, data: String) -> Self {
        Self { event: Some(event.to_owned()), id: None, data }
    }

    /// The event as it goes over the wire.
    pub(crate) fn to_bytes(&self) -> Bytes {
        let mut text = String::with_capacity(self.data.len() + 64);
        for (name, value) in [("event", &self.event), ("id", &self.id)] {
            if let Some(value) = value {
                text.push_str(name);
                text.push_str(": ");
                text.push_str(value);
                text.push('\n');
            }
        }
        for line in self.data.split('\n') {
            text.push_str("data: ");
            text.push_str(line);
            text.push('\n');
        }
        text.push('\n');
        text.into()
    }
}

/// Cuts a stream into events; comments and retry hints are dropped.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    unread: BytesMut,
    searched: usize,
    frame: Frame,
    has_data: bool,
}

impl Reader {
    /// Takes more bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.unread.extend_from_slice(bytes);
    }

    /// The next whole event, if there is one.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, Unreadable> {
        while let Some(line) = self.line()? {
            if line.is_empty() {
                let frame = std::mem::take(&mut self.frame);
                if std::mem::take(&mut self.has_data) {
                    return Ok(Some(frame));
                }
            } else {
                self.field(&line)?;
            }
        }
        Ok(None)
    }

    fn line(&mut self) -> Result<Option<String>, Unreadable> {
        let end = self.unread.iter().skip(self.searched).position(|byte| *byte == b'\n');
        let Some(end) = end.map(|offset| self.searched + offset) else {
            self.searched = self.unread.len();
            return if self.searched > LARGEST { Err(Unreadable::TooLarge) } else { Ok(None) };
        };
        let line = self.unread.split_to(end + 1);
        self.searched = 0;
        let text = std::str::from_utf8(&line).map_err(|_| Unreadable::NotText)?;
        Ok(Some(text.trim_end_matches(['\n', '\r']).replace('\r', "")))
    }

    fn field(&mut self, line: &str) -> Result<(), Unreadable> {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => self.frame.event = Some(value.to_owned()),
            "id" if !value.contains('\0') => self.frame.id = Some(value.to_owned()),
            "data" => {
                if self.has_data {
                    self.frame.data.push('\n');
                }
                self.frame.data.push_str(value);
                self.has_data = true;
                if self.frame.data.len() > LARGEST {
                    return Err(Unreadable::TooLarge);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(chunks: &[&[u8]]) -> Vec<Frame> {
        let mut reader = Reader::default();
        let mut found = Vec::new();
        for chunk in chunks {
            reader.push(chunk);
            while let Some(frame) = reader.next().unwrap() {
                found.push(frame);
            }
        }
        found
    }

    #[test]
    fn events_survive_being_cut_anywhere() {
        let stream = "retry: 3000\n: hello\n\nevent: message.stored\nid: 7\ndata: {\"a\":\ndata: \"é\"}\n\r\nevent: link\ndata: {}\n\n".as_bytes();
        let whole = frames(&[stream]);
        assert_eq!(whole.len(), 2);
        assert_eq!(whole[0].data, "{\"a\":\n\"é\"}");
        assert_eq!((whole[0].id.as_deref(), whole[1].id.as_deref()), (Some("7"), None));
        for cut in 0..stream.len() {
            let (a, b) = stream.split_at(cut);
            assert_eq!(frames(&[a, b]), whole, "cut at {cut}");
        }
        let again: Vec<u8> = whole.iter().flat_map(|frame| frame.to_bytes().to_vec()).collect();
        assert_eq!(frames(&[&again]), whole);
    }

    #[test]
    fn an_event_without_end_is_refused() {
        let mut reader = Reader::default();
        reader.push(&vec![b'a'; LARGEST + 2]);
        assert_eq!(reader.next(), Err(Unreadable::TooLarge));
        let mut reader = Reader::default();
        let line = [b"data: ".as_slice(), &[b'a'; 1000], b"\n"].concat();
        let outcome = (0..2_000).find_map(|_| {
            reader.push(&line);
            reader.next().err()
        });
        assert_eq!(outcome, Some(Unreadable::TooLarge));
    }
}
