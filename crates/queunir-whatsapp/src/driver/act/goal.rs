//! Whether a row shows what was wished.

use queunir_core::{act::Wish, message::MessageKind};

use super::super::text::{same, same_in_bubble};
use crate::seen::SeenMessage;

/// Whether nothing needs to be pressed. Of a reaction the row does not tell whose it is.
pub(super) fn is_reached(wish: &Wish, row: &SeenMessage) -> bool {
    match wish {
        Wish::Star { on } => row.starred == *on,
        // How long it stays pinned the row does not tell: a pinned message is not pinned anew.
        Wish::Pin { duration } => row.pinned == duration.is_some(),
        Wish::DeleteForEveryone => row.kind == MessageKind::Deleted,
        Wish::Edit { text } => !row.cut && same(text, &row.text),
        Wish::React { .. } | Wish::DeleteForMe | Wish::Forward { .. } => false,
    }
}

/// Whether the row shows it after the press.
pub(super) fn is_shown(wish: &Wish, before: &SeenMessage, row: &SeenMessage) -> bool {
    match wish {
        Wish::Edit { text } => {
            row.drawn && row.edited && same_in_bubble(text, &row.text, row.cut) && row.text != before.text
        }
        _ => row.drawn && is_reached(wish, row),
    }
}

#[cfg(test)]
mod tests {
    use queunir_core::message::Direction;

    use super::*;
    use crate::fake::message;

    #[test]
    fn an_edit_is_shown_by_another_text_that_is_marked() {
        let before = message("A", Direction::Out, "helo", None, None);
        let wish = Wish::Edit { text: "*hello*".into() };
        assert!(!is_reached(&wish, &before));
        let after = SeenMessage { text: "hello".into(), edited: true, ..before.clone() };
        assert!(is_shown(&wish, &before, &after));
        assert!(!is_shown(&wish, &before, &SeenMessage { edited: false, ..after.clone() }));
        assert!(!is_shown(&wish, &before, &SeenMessage { text: "hallo".into(), ..after.clone() }));
        assert!(!is_shown(&wish, &before, &SeenMessage { drawn: false, ..after }));
        assert!(is_reached(&Wish::Edit { text: "helo".into() }, &before));
    }
}
