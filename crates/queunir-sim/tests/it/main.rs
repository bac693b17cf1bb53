//! The simulator from outside: through its socket and its control API.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]
#![expect(clippy::disallowed_methods, reason = "a test owns what it starts and may ask chance and the environment")]

mod acts;
mod api;
mod kinds;
mod linking;
mod page;
mod scenarios;
mod state;
mod store;
mod talk;
mod tls;
