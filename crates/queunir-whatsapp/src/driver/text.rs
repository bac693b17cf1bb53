//! Texts on their way into the composer: how they are cut into pieces, and when two of them are the same.

use queunir_core::text::comparable_body;
use unicode_segmentation::UnicodeSegmentation;

/// Most characters in one piece.
const LARGEST_PIECE: usize = 2_000;
/// Most pieces that a text is spread over for its typing time.
const MOST_PIECES: usize = 80;
/// Shortest pause between two pieces, in milliseconds.
const SHORTEST_PAUSE: usize = 60;

/// One thing to enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text without a line break.
    Text(String),
    /// Shift and Enter.
    LineBreak,
}

/// Cuts a text into pieces that together take about the typing time; never inside a character as a person sees it.
pub(super) fn pieces(text: &str, typing_ms: usize) -> Vec<Piece> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let wanted = (typing_ms / SHORTEST_PAUSE).clamp(1, MOST_PIECES);
    let size = text.graphemes(true).count().div_ceil(wanted).clamp(1, LARGEST_PIECE);
    let mut all = Vec::new();
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            all.push(Piece::LineBreak);
        }
        let graphemes: Vec<&str> = line.graphemes(true).collect();
        all.extend(graphemes.chunks(size).map(|chunk| Piece::Text(chunk.concat())));
    }
    all
}

/// Whether what stands in the composer is what was to be typed, apart from what nobody can see.
pub(super) fn same(one: &str, other: &str) -> bool {
    bare(one) == bare(other)
}

fn bare(text: &str) -> String {
    comparable_body(text).replace('\u{FE0F}', "")
}

/// Whether a bubble may be what was typed: exactly, cut by "Read more", or with its formatting marks drawn as formatting.
pub(super) fn same_in_bubble(typed: &str, bubble: &str, cut: bool) -> bool {
    if same(typed, bubble) {
        return true;
    }
    let (typed, bubble) = (loose(typed), loose(bubble.trim_end_matches(['…', '.'])));
    if cut { !bubble.is_empty() && typed.starts_with(&bubble) } else { typed == loose(&bubble) && !typed.is_empty() }
}

/// Without white space and the marks that WhatsApp turns into formatting.
fn loose(text: &str) -> String {
    bare(text).chars().filter(|c| !c.is_whitespace() && !"*_~`>-•".contains(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_never_split_an_emoji_and_keep_every_line_break() {
        let text = "ab👨‍👩‍👧‍👦\n\nc";
        let all = pieces(text, 10_000);
        let back: String = all
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.as_str(),
                Piece::LineBreak => "\n",
            })
            .collect();
        assert_eq!(back, text);
        assert!(all.contains(&Piece::Text("👨‍👩‍👧‍👦".into())));
    }

    #[test]
    fn a_short_typing_time_makes_few_pieces() {
        assert_eq!(pieces("hello", 0), [Piece::Text("hello".into())]);
        assert_eq!(pieces(&"x".repeat(70_000), 0).len(), 35);
    }

    #[test]
    fn bubbles_are_recognised_with_formatting_and_when_cut() {
        assert!(same_in_bubble("*oi*\n- um", "oi\n• um", false));
        assert!(same_in_bubble("a long text that goes on", "a long text that…", true));
        assert!(!same_in_bubble("yes", "no", false));
        assert!(!same_in_bubble("yes", "", true));
        assert!(same("❤️ ok\u{a0}", "❤ ok"));
        assert!(!same("ok", "ok!"));
    }
}
