//! The protocol's envelope: what is parsed of every message; all else stays raw text until somebody wants it.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// One message to the browser.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Command<'a, P: Serialize> {
    pub id: u64,
    pub method: &'a str,
    pub params: P,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<&'a str>,
}

/// One message from the browser: an answer if it has an id, else an event.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Incoming {
    pub id: Option<u64>,
    pub method: Option<String>,
    pub session_id: Option<String>,
    pub params: Option<Box<RawValue>>,
    pub result: Option<Box<RawValue>>,
    pub error: Option<Refusal>,
}

/// The protocol's error object.
#[derive(Deserialize)]
pub(super) struct Refusal {
    #[serde(default)]
    pub code: i64,
    #[serde(default)]
    pub message: String,
}

/// Names the session of `Target.detachedFromTarget`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Detached {
    pub session_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_with_unknown_fields_is_read() {
        let text = r#"{"method":"New.thing","params":{"a":[1]},"sessionId":"S","shiny":true}"#;
        let message: Incoming = serde_json::from_str(text).unwrap();
        assert_eq!(message.method.as_deref(), Some("New.thing"));
        assert_eq!(message.params.unwrap().get(), r#"{"a":[1]}"#);
    }
}
