//! Pages recorded from the simulator: every field of the contract that they show is filled.

use std::{os::unix::fs::PermissionsExt, time::Duration};

use queunir_core::slice::Engine;
use queunir_sim::{
    Settings, Simulator,
    ledger::{Ledger, StoredDirection},
};
use queunir_whatsapp::{BrowserConfig, browser::Browser, prepare_for_test};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::look;
use crate::{site::other_user, world::PATIENCE};

const CALL: Duration = Duration::from_secs(10);
const CHAT: &str = "Alice Online";

/// A browser on the simulator, linked, with one chat open and drawn in this look: its document, and what is true.
async fn record(look: &str) -> (String, Ledger) {
    let stop = CancellationToken::new();
    let _stop = stop.clone().drop_guard();
    let settings = Settings {
        listen: "127.0.0.1:0".parse().unwrap(),
        tls: None,
        scenario: "test".into(),
        state: None,
        speed: 4.0,
        locale: None,
    };
    let simulator = Simulator::start(settings, stop).await.unwrap();
    let url = format!("http://localhost:{}/", simulator.address.port());
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let config = BrowserConfig {
        engine: Engine::Chromium,
        profile_dir: dir.path().join("session"),
        whatsapp_url: url.clone(),
        locale: "en".into(),
        time_zone: "America/Sao_Paulo".into(),
        reader_profiles: None,
        locale_in_url: true,
        as_user: other_user(),
        offline: false,
    };
    let http = reqwest::Client::new();
    let drawn = http.post(format!("{url}_sim/look")).json(&json!({"generation": look})).send().await.unwrap();
    assert!(drawn.status().is_success());
    let browser = Browser::start(&config).await.unwrap();
    prepare_for_test(&browser, &config).await.unwrap();
    let _: Value =
        browser.page().call("Page.navigate", json!({"url": format!("{url}?locale=en")}), CALL).await.unwrap();
    let code = until(&browser, "document.querySelector('[data-ref]')?.getAttribute('data-ref') ?? null").await;
    let scanned = http.post(format!("{url}_sim/scan")).json(&json!({"code": code})).send().await.unwrap();
    assert!(scanned.status().is_success());
    let place = format!(
        "(() => {{ const r = [...document.querySelectorAll('#pane-side span[title]')].find(e => e.title === {CHAT:?})\
         ?.closest('[role=row]')?.getBoundingClientRect(); return r ? [r.x + r.width / 2, r.y + r.height / 2] : null; }})()"
    );
    let point = until(&browser, &place).await;
    let opened = format!(
        "document.querySelector('#main header')?.textContent.includes({CHAT:?}) && document.querySelectorAll('#main [data-id]').length > 2 ? true : null"
    );
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        for kind in ["mousePressed", "mouseReleased"] {
            let click = json!({"type": kind, "x": point[0], "y": point[1], "button": "left", "clickCount": 1});
            let _: Value = browser.page().call("Input.dispatchMouseEvent", click, CALL).await.unwrap();
        }
        // A list that was just scrolled takes no clicks.
        if tokio::time::timeout(Duration::from_secs(2), until(&browser, &opened)).await.is_ok() {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "the chat does not open");
    }
    let html = until(&browser, "document.documentElement.outerHTML").await;
    let ledger = http.get(format!("{url}_sim/ledger")).send().await.unwrap().json().await.unwrap();
    browser.close().await;
    (html.as_str().unwrap().to_owned(), ledger)
}

/// Evaluates until the answer is something.
async fn until(browser: &Browser, expression: &str) -> Value {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let params = json!({"expression": expression, "returnByValue": true});
        let done: Value = browser.page().call("Runtime.evaluate", params, CALL).await.unwrap_or_default();
        let value = &done["result"]["value"];
        if !value.is_null() {
            return value.clone();
        }
        assert!(tokio::time::Instant::now() < deadline, "never: {expression}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Every field of the contract. What a page of the simulator does not show is proven on rows written by hand.
const FIELDS: [(&str, &[&str]); 8] = [
    ("", &["screen", "generation", "chats", "conversation", "messages", "system_rows", "health"]),
    ("chats", &["title", "preview", "preview_from_me", "unread", "time_text", "pinned", "muted", "archived", "kind"]),
    ("conversation", &["title", "subtitle", "kind"]),
    (
        "messages",
        &[
            "key",
            "direction",
            "sender",
            "sent_at",
            "sent_at_certain",
            "kind",
            "text",
            "quoted",
            "ack",
            "reactions",
            "forwarded",
            "edited",
            "deleted",
            "media",
        ],
    ),
    ("quoted", &["sender", "text"]),
    ("reactions", &["emoji", "count"]),
    ("media", &["kind", "name", "duration_s"]),
    ("health", &["rows_seen", "rows_read", "anchors", "empty", "tallies", "alarm"]),
];

#[tokio::test]
async fn a_page_of_today_fills_every_field_that_it_shows() {
    filled("g3").await;
}

#[tokio::test]
async fn a_page_of_the_generation_before_fills_every_field_that_it_shows() {
    filled("g2").await;
}

#[tokio::test]
async fn a_page_that_nobody_knows_is_told_as_far_as_it_can_be_read_and_nothing_is_wrong() {
    let (html, ledger) = record("unknown:4").await;
    let seen = look(&html, "en").await;
    assert_eq!((&seen["screen"], &seen["generation"]), (&json!("main"), &json!("unknown")));
    let account = &ledger.accounts[0];
    let chats = seen["chats"].as_array().unwrap();
    assert_eq!(chats.len(), account.chats.len());
    assert!(chats.iter().all(|chat| account.chats.iter().any(|truth| truth.title == chat["title"].as_str().unwrap())));
    let chat = account.chats.iter().find(|chat| chat.title == CHAT).unwrap();
    let messages = seen["messages"].as_array().unwrap();
    assert!(messages.len() > 2);
    for found in messages {
        let truth = chat.messages.iter().find(|truth| found["key"].as_str().unwrap().contains(&truth.key)).unwrap();
        assert_eq!(found["text"], truth.text);
        let right = if truth.direction == StoredDirection::Out { "out" } else { "in" };
        assert!(found["direction"] == right || found["direction"] == "unknown", "{found:#}");
    }
    let tallies = seen["health"]["tallies"].as_object().unwrap();
    assert_eq!(tallies["list.title:testid"][0], 0, "{tallies:?}");
}

/// A page of a known generation.
async fn filled(generation: &str) {
    let (html, ledger) = record(generation).await;
    let seen = look(&html, "en").await;
    for (of, names) in &FIELDS[..4] {
        let whole = if of.is_empty() { &seen } else { &seen[*of] };
        let objects = whole.as_array().cloned().unwrap_or_else(|| vec![whole.clone()]);
        assert!(!objects.is_empty(), "no {of}");
        for object in objects {
            for name in *names {
                assert!(object.get(name).is_some(), "{of}.{name} of {object:#}");
            }
        }
    }
    for name in FIELDS[7].1 {
        assert!(seen["health"].get(name).is_some(), "{name}");
    }
    assert_eq!((&seen["screen"], &seen["generation"]), (&json!("main"), &json!(generation)));

    let zone = jiff::tz::TimeZone::get("America/Sao_Paulo").unwrap();
    let account = &ledger.accounts[0];
    let mut titles: Vec<&str> =
        seen["chats"].as_array().unwrap().iter().map(|chat| chat["title"].as_str().unwrap()).collect();
    let mut truth: Vec<&str> = account.chats.iter().map(|chat| chat.title.as_str()).collect();
    titles.sort_unstable();
    truth.sort_unstable();
    assert_eq!(titles, truth);
    let ours_last = seen["chats"].as_array().unwrap().iter().filter(|chat| chat["preview_from_me"] == true).count();
    assert!(ours_last > 0, "some chat ends in a message of ours");
    let talked = |chat: &&Value| chat["preview"].is_string();
    let chats = seen["chats"].as_array().unwrap();
    assert!(chats.iter().filter(talked).all(|chat| !chat["time_text"].as_str().unwrap().is_empty()));
    assert!(chats.iter().any(|chat| chat["muted"] == true) && chats.iter().any(|chat| chat["unread"] == 2));

    assert_eq!(seen["conversation"]["title"], CHAT);
    assert!(seen["conversation"]["subtitle"].is_string());
    let chat = account.chats.iter().find(|chat| chat.title == CHAT).unwrap();
    let messages = seen["messages"].as_array().unwrap();
    let truth: Vec<_> = chat.messages.iter().filter(|message| message.kind == "text").collect();
    assert_eq!(messages.len(), truth.len());
    for (found, truth) in messages.iter().zip(truth) {
        // The generation before says in the key whose it is, and in which chat.
        assert!(found["key"].as_str().unwrap().contains(&truth.key), "{found:#}");
        assert_eq!(found["text"], truth.text);
        let ours = truth.direction == StoredDirection::Out;
        assert_eq!(found["direction"], if ours { "out" } else { "in" }, "{found:#}");
        assert_eq!(found["kind"], "text");
        assert_eq!(found["sent_at_certain"], true, "{found:#}");
        let minute = jiff::Timestamp::from_millisecond(truth.at).unwrap().to_zoned(zone.clone());
        assert_eq!(found["sent_at"], minute.strftime("%Y-%m-%dT%H:%M:00%:z").to_string());
        assert_eq!(found["ack"].is_string(), ours, "{found:#}");
        assert!(found["sender"].is_string());
    }
    assert!(seen["system_rows"].as_array().unwrap().iter().any(|row| row["kind"] == "encryption"));
    assert!(seen["system_rows"].as_array().unwrap().iter().any(|row| row["kind"] == "date"));
    assert_eq!(seen["health"]["alarm"], false);
}
