//! When a bubble may be what was sent.

use queunir_core::{message::MessageKind, text::comparable_body};

use crate::seen::SeenMessage;

/// Whether a bubble's kind, and its file's name where the page shows one, may be those of a file that was sent as
/// `kind` under `name`. Its caption is another matter.
#[must_use]
pub fn may_be_file(kind: MessageKind, name: &str, bubble: &SeenMessage) -> bool {
    use MessageKind::{Audio, Document, Gif, Image, Video};
    let fits = match kind {
        Image => matches!(bubble.kind, Image | Gif),
        Video => matches!(bubble.kind, Video | Gif),
        // The page draws a player for a sound that was sent as a document.
        _ => matches!(bubble.kind, Document | Audio),
    };
    let shown = bubble.files.first().and_then(|file| file.name.as_deref());
    fits && bubble.files.len() <= 1 && shown.is_none_or(|shown| same_name(shown, name))
}

/// Whether a quote with these words may be of a message of this kind and text; `cut` if only its beginning is known. The
/// page has words of its own for what has no text, and for documents.
#[must_use]
pub fn may_quote(kind: MessageKind, text: &str, cut: bool, shown: &str) -> bool {
    let (text, shown_whole) = (bare(text), bare(shown));
    if text.is_empty() || kind == MessageKind::Document || text == shown_whole {
        return true;
    }
    let shown_cut = bare(shown.trim_end().trim_end_matches(['…', '.']));
    let is_cut = shown_cut != shown_whole && !shown_cut.is_empty();
    (is_cut && text.starts_with(&shown_cut)) || (cut && shown_whole.starts_with(text.trim_end_matches('…')))
}

/// Without white space and the marks that WhatsApp turns into formatting.
fn bare(text: &str) -> String {
    comparable_body(text).chars().filter(|c| !c.is_whitespace() && !"*_~`>-•\u{FE0F}".contains(*c)).collect()
}

/// Whether two names are one, as far as a page that cuts long ones tells.
fn same_name(shown: &str, name: &str) -> bool {
    let (shown, name) = (comparable_body(shown), comparable_body(name));
    if shown == name {
        return true;
    }
    match shown.split_once('…').or_else(|| shown.split_once("...")) {
        Some((from, to)) => !from.is_empty() && name.starts_with(from.trim_end()) && name.ends_with(to.trim_start()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use queunir_core::message::Direction;

    use super::*;
    use crate::{
        fake,
        seen::{SeenFile, Shown},
    };

    fn bubble(kind: MessageKind, name: Option<&str>) -> SeenMessage {
        let file = SeenFile { shown: Shown::Nothing, name: name.map(str::to_owned), duration_s: None, size_text: None };
        SeenMessage { kind, files: vec![file], ..fake::message("1", Direction::Out, "", None, None) }
    }

    #[test]
    fn a_quote_is_of_the_message_whose_words_it_has() {
        use MessageKind::{Document, Image, Text};
        for (kind, text, cut, shown, wanted) in [
            (Text, "and tomorrow?", false, "and tomorrow?", true),
            (Text, "*and*\ntomorrow ❤️", false, "and tomorrow ❤", true),
            (Text, "and tomorrow?", false, "and today?", false),
            (Text, "and tomorrow?", false, "and", false),
            (Text, "and tomorrow?", false, "and tom…", true),
            (Text, "and tom", true, "and tomorrow?", true),
            (Text, "and tom", false, "and tomorrow?", false),
            (Text, "yes", false, "…", false),
            (Text, "yes", false, "", false),
            (Image, "", false, "Photo", true),
            (Image, "the bill", false, "Photo", false),
            (Document, "the bill", false, "bill.pdf", true),
        ] {
            assert_eq!(may_quote(kind, text, cut, shown), wanted, "{text:?} {shown:?}");
        }
    }

    #[test]
    fn kind_and_shown_name_decide() {
        use MessageKind::{Album, Audio, Document, Image, Text, Video};
        for (kind, name, shown, wanted) in [
            (Image, "a.jpg", bubble(Image, None), true),
            (Image, "a.jpg", bubble(Document, Some("a.jpg")), false),
            (Image, "a.jpg", bubble(Album, None), false),
            (Image, "a.jpg", bubble(Text, None), false),
            (Video, "a.mp4", bubble(Video, None), true),
            (Document, "bill.pdf", bubble(Document, Some("bill.pdf")), true),
            (Document, "bill.pdf", bubble(Document, Some("other.pdf")), false),
            (Document, "bill.pdf", bubble(Document, None), true),
            (Document, "song.mp3", bubble(Audio, None), true),
            (Document, "a very long name of a bill.pdf", bubble(Document, Some("a very long…bill.pdf")), true),
            (Document, "a very long name of a bill.pdf", bubble(Document, Some("another long…bill.pdf")), false),
        ] {
            assert_eq!(may_be_file(kind, name, &shown), wanted, "{kind:?} {name} {shown:?}");
        }
    }
}
