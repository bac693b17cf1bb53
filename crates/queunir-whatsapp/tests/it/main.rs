//! Tests with the real Chromium; as root it runs under another uid, so that its sandbox works.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]
#![expect(clippy::disallowed_methods, reason = "a test owns what it starts and may ask chance and the environment")]

mod acts;
mod archive;
mod browser;
mod drift;
mod driver;
mod facts;
mod files;
mod history;
mod inspect;
mod login;
mod media;
mod number;
mod observations;
mod open;
mod panel;
mod picture;
mod profile;
mod prompts;
mod reply;
mod site;
mod structure;
mod world;
