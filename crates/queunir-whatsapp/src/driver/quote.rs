//! The quote above the composer: compared with the message that is answered, and taken away when nobody means it. Each
//! chat keeps its own until it is sent or taken away, so every send looks at it.

use std::time::Duration;

use queunir_core::{
    message::{Direction, Quote},
    text::clean_name,
};
use tokio::time::Instant;

use super::{Driver, LOOK, hands::ESCAPE};
use crate::{
    page::{is_you, normalise, raw, rows},
    page_api::{ChatTarget, PageError},
    seen::SeenMessage,
    sent::may_quote,
};

/// How long a quote may take to come or to go.
const SETTLE: Duration = Duration::from_secs(2);

impl Driver {
    /// Waits until what stands above the composer is the quote of a message.
    pub(super) async fn quoted(&self, target: &ChatTarget, answered: &SeenMessage) -> Result<(), PageError> {
        let patience = Instant::now() + SETTLE;
        loop {
            let quote = self.composer().await?.quote;
            if is_meant(quote.as_ref(), Some(answered), target) {
                return Ok(());
            }
            if Instant::now() > patience {
                tracing::warn!(
                    is_there = quote.is_some(),
                    "the page does not quote the message that is to be answered"
                );
                return Err(PageError::QuoteNotFound);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Takes a quote away; the composer has the focus.
    pub(super) async fn unquote(&self) -> Result<(), PageError> {
        for _ in 0..3 {
            // Escape without a quote would leave the chat.
            if self.composer().await?.quote.is_none() {
                return Ok(());
            }
            self.press_key(ESCAPE, 0).await?;
            let patience = Instant::now() + SETTLE;
            while Instant::now() < patience && self.composer().await?.quote.is_some() {
                tokio::time::sleep(LOOK).await;
            }
        }
        Err(PageError::Unexpected("a quote stays above the composer".into()))
    }
}

/// Whether what stands above the composer is what is to be sent along: the quote of a message, or nothing.
pub(super) fn is_meant(shown: Option<&raw::RawQuote>, answered: Option<&SeenMessage>, target: &ChatTarget) -> bool {
    match (shown.map(rows::quote), answered) {
        (None, None) => true,
        (Some(quote), Some(answered)) => is_of(answered, &quote.text) && is_author(&quote, answered, target),
        _ => false,
    }
}

/// Whether words may be those that the page quotes of a message.
pub(super) fn is_of(answered: &SeenMessage, words: &str) -> bool {
    may_quote(answered.kind, &answered.text, answered.cut, words)
}

/// Whether a quote names the message's author: us by a word or our name, others as their row or the header does.
fn is_author(quote: &Quote, answered: &SeenMessage, target: &ChatTarget) -> bool {
    let Some(shown) = quote.sender.as_deref() else { return false };
    let is_named = |name: &str| plain(name) == plain(shown);
    match answered.direction {
        Direction::Out => is_you(shown) || answered.sender.as_deref().is_some_and(is_named),
        Direction::In => {
            !is_you(shown) && (answered.sender.as_deref().is_some_and(is_named) || is_named(&target.title))
        }
        Direction::Unknown => false,
    }
}

/// A name without the mark of one that its bearer chose; of a number its digits.
fn plain(name: &str) -> String {
    let name = clean_name(name);
    normalise::phone(&name).unwrap_or_else(|| name.trim_start_matches('~').trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::message;

    fn shown(sender: Option<&str>, text: &str) -> Option<raw::RawQuote> {
        Some(raw::RawQuote { sender: sender.map(str::to_owned), text: text.to_owned() })
    }

    #[test]
    fn a_quote_is_meant_by_its_author_and_words_together() {
        let target = ChatTarget { title: "Ana".into(), phone: None, unlisted: false, archived: false };
        let theirs = SeenMessage { sender: Some("~ Ana P".into()), ..message("A", Direction::In, "when?", None, None) };
        let ours = message("B", Direction::Out, "when?", None, None);
        for (quote, answered, wanted) in [
            (None, None, true),
            (shown(Some("Ana"), "when?"), None, false),
            (None, Some(&theirs), false),
            (shown(Some("Ana"), "when?"), Some(&theirs), true),
            (shown(Some("Ana P"), "when?"), Some(&theirs), true),
            (shown(Some("Ana"), "where?"), Some(&theirs), false),
            (shown(Some("Ben"), "when?"), Some(&theirs), false),
            (shown(Some("You"), "when?"), Some(&theirs), false),
            (shown(None, "when?"), Some(&theirs), false),
            (shown(Some("Você"), "when?"), Some(&ours), true),
            (shown(Some("Ana"), "when?"), Some(&ours), false),
        ] {
            assert_eq!(is_meant(quote.as_ref(), answered, &target), wanted, "{quote:?} {answered:?}");
        }
    }
}
