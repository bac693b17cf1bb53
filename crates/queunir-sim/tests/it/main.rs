//! The simulator from outside: through its socket and its control API.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod linking;
mod page;
mod state;
mod talk;
