//! The line to Chromium: the DevTools protocol over a pipe, only the parts we use, and no call that outlives its browser.

mod client;
mod wire;

pub use client::{Client, Event, Events, Session};

/// Why a call brought no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CdpError {
    /// The pipe is closed: the browser is gone.
    #[error("the browser is gone")]
    Dead,
    /// The target crashed or was detached.
    #[error("the page is gone: {0}")]
    SessionGone(&'static str),
    /// No answer within the call's time.
    #[error("no answer to {0} in time")]
    Timeout(&'static str),
    /// The document went away while the call was under way.
    #[error("the page navigated")]
    Navigated,
    /// The browser refused.
    #[error("{method} refused: {message} ({code})")]
    Refused {
        /// What was called.
        method: &'static str,
        /// Protocol code.
        code: i64,
        /// Chromium's words, cut.
        message: String,
    },
    /// The answer was not of the expected shape.
    #[error("the answer to {0} has an unexpected shape")]
    Shape(&'static str),
    /// The script in the page threw or is not there.
    #[error("the reader does not answer: {0}")]
    Script(String),
}
