//! `inspect` on saved pages: written by hand from the evidence, recorded from the simulator, and made to do harm.

mod hostile;
mod kinds;
mod lists;

pub mod markup;
mod pages;
mod recorded;
mod tongues;

use std::path::Path;

use queunir_whatsapp::inspect::{InspectError, Request, inspect};
use serde_json::Value;

use crate::site::other_user;

fn request(html: &Path, locale: &str) -> Request {
    Request {
        html: html.to_owned(),
        locale: locale.to_owned(),
        time_zone: "America/Sao_Paulo".into(),
        now: "2026-11-22T03:00:00Z".parse().unwrap(),
        as_user: other_user(),
    }
}

/// What is printed for a page with this text.
async fn look(html: &str, locale: &str) -> Value {
    serde_json::to_value(try_look(html.as_bytes(), locale).await.unwrap()).unwrap()
}

async fn try_look(bytes: &[u8], locale: &str) -> Result<queunir_whatsapp::inspect::Inspection, InspectError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    inspect(&request(file.path(), locale)).await
}

/// The message with this key.
fn message<'a>(seen: &'a Value, key: &str) -> &'a Value {
    seen["messages"].as_array().unwrap().iter().find(|message| message["key"] == key).unwrap_or_else(|| {
        panic!("no message {key} in {seen:#}");
    })
}

/// Asserts that every field named in `wanted` is as it says.
#[track_caller]
fn expect(found: &Value, wanted: &Value) {
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&found[name], value, "{name} of {found:#}");
    }
}
