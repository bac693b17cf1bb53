//! Pages recorded from the simulator, in each generation and language: what is read of them is what its ledger says.
//!
//! `tests/pages` holds the pages without scripts, invented class names and picture bytes, the scenario they were
//! recorded from, and the account's part of the ledger. `node --run record -- FOLDER` in the simulator's page makes
//! them anew.

use std::path::{Path, PathBuf};

use queunir_sim::ledger::{LedgerAccount, LedgerMessage, StoredDirection};
use queunir_sim::world::Ack;
use queunir_whatsapp::inspect::{Request, inspect};
use serde_json::{Value, json};

use crate::site::other_user;

const LOCALES: [&str; 5] = ["en", "pt-BR", "es", "it", "zh-CN"];
const ZONE: &str = "America/Sao_Paulo";
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages")
}

fn truth() -> LedgerAccount {
    serde_json::from_slice(&std::fs::read(folder().join("truth.json")).unwrap()).unwrap()
}

/// The messages of a chat, calls included, without what the system says.
fn messages<'a>(account: &'a LedgerAccount, title: &str) -> Vec<&'a LedgerMessage> {
    let chat = account.chats.iter().find(|chat| chat.title == title).unwrap();
    chat.messages.iter().filter(|message| message.kind != "system").collect()
}

async fn read(generation: &str, page: &str, locale: &str) -> Value {
    let account = truth();
    let last = account.chats.iter().flat_map(|chat| &chat.messages).map(|message| message.at).max().unwrap();
    let request = Request {
        html: folder().join(generation).join(format!("{page}-{locale}.html")),
        locale: locale.to_owned(),
        time_zone: ZONE.into(),
        now: jiff::Timestamp::from_millisecond(last).unwrap(),
        as_user: other_user(),
    };
    serde_json::to_value(inspect(&request).await.unwrap()).unwrap()
}

/// What the page must be read as.
fn expected(truth: &LedgerMessage, all: &[&LedgerMessage]) -> Value {
    let deleted = truth.deleted_at.is_some();
    let ours = truth.direction == StoredDirection::Out;
    let minute = jiff::Timestamp::from_millisecond(truth.at).unwrap().to_zoned(jiff::tz::TimeZone::get(ZONE).unwrap());
    let ack = truth.acks.last().filter(|_| ours && !deleted).map(|state| match state.ack {
        Ack::Pending => "pending",
        Ack::Sent => "sent",
        Ack::Delivered => "delivered",
        Ack::Read => "read",
        Ack::Played => "played",
    });
    json!({
        "direction": if ours { "out" } else { "in" },
        "kind": if deleted { "deleted" } else { &truth.kind },
        "text": if deleted { "" } else { &truth.text },
        "sent_at": minute.strftime("%Y-%m-%dT%H:%M:00%:z").to_string(),
        "ack": ack,
        "forwarded": truth.forwarded > 0 && !deleted,
        "edited": !truth.edited_at.is_empty() && !deleted,
        "deleted": deleted,
        "reactions": truth.reactions.iter().map(|one| json!({"emoji": one.emoji, "count": 1})).collect::<Vec<_>>(),
        "quoted": truth.quotes.as_ref().filter(|_| !deleted).map(|key| {
            let answered = all.iter().find(|message| message.key == *key).unwrap();
            json!({"sender": "You", "text": answered.text})
        }),
    })
}

/// The key in a `data-id`.
fn bare<'a>(generation: &str, id: &'a str) -> &'a str {
    if generation == "g2" { id.split('_').nth(2).unwrap() } else { id }
}

/// Whether a field says that it does not know.
fn silent(found: &Value) -> bool {
    found.is_null()
        || *found == ""
        || *found == "unknown"
        || *found == false
        || found.as_array().is_some_and(Vec::is_empty)
}

/// Who answers whom is drawn in the language of the page.
fn same(name: &str, found: &Value, wanted: &Value) -> bool {
    match name {
        "quoted" if wanted.is_object() => found["text"] == wanted["text"] && found["sender"].is_string(),
        "text" if *wanted == "" => silent(found),
        _ => found == wanted,
    }
}

/// Compares what was read with what is true; gives the shortfalls by kind and field.
fn differences(generation: &str, seen: &Value, truth: &[&LedgerMessage]) -> Vec<(String, String, String)> {
    let found = seen["messages"].as_array().unwrap();
    let keys: Vec<&str> = found.iter().map(|one| bare(generation, one["key"].as_str().unwrap())).collect();
    let mut wanted = truth.iter().map(|message| message.key.as_str());
    // In order, nothing twice, nothing that is not there.
    for key in &keys {
        assert!(wanted.any(|one| one == *key), "{key} is out of place");
    }
    let mut all = Vec::new();
    for message in truth {
        let at = keys.iter().position(|key| *key == message.key);
        let at = at.unwrap_or_else(|| panic!("{} of {generation} is left out", message.kind));
        for (name, value) in expected(message, truth).as_object().unwrap() {
            let told = &found[at][name];
            // A call belongs to nobody; and of markup that nobody has seen, what is read is true, or nothing.
            let quiet = silent(told) && (generation == "unknown" || (message.kind == "call" && name == "direction"));
            if !same(name, told, value) && !quiet {
                all.push((message.kind.clone(), name.clone(), format!("{told} instead of {value}")));
            }
        }
        let named = message.media.first().and_then(|media| media.name.as_deref());
        assert!(named.is_none() || found[at]["media"]["name"] == json!(named), "{:#}", found[at]);
    }
    all
}

/// Reads the contact's page of a generation in each language.
async fn hold(generation: &str) {
    let account = truth();
    let messages = messages(&account, "Marta Souza");
    assert!(messages.len() > 20);
    for locale in LOCALES {
        let seen = read(generation, "contact", locale).await;
        assert_eq!((&seen["screen"], &seen["generation"]), (&json!("main"), &json!(generation)));
        assert_eq!(seen["conversation"]["title"], "Marta Souza", "{locale}");
        assert_eq!(differences(generation, &seen, &messages), [], "{generation} {locale}");
        let rows = seen["system_rows"].as_array().unwrap();
        for kind in ["date", "encryption"] {
            assert!(generation == "unknown" || rows.iter().any(|row| row["kind"] == kind), "{locale}: no {kind}");
        }
        check_list(generation, &seen, &account);
    }
}

fn check_list(generation: &str, seen: &Value, account: &LedgerAccount) {
    let chats = seen["chats"].as_array().unwrap();
    let mut titles: Vec<&str> = chats.iter().map(|chat| chat["title"].as_str().unwrap()).collect();
    let mut wanted: Vec<&str> = account.chats.iter().map(|chat| chat.title.as_str()).collect();
    titles.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(titles, wanted);
    let chat = |title: &str| chats.iter().find(|chat| chat["title"] == title).unwrap();
    if generation == "unknown" {
        return;
    }
    assert_eq!(chat("+55 11 94000-0021")["unread"], 2);
    assert_eq!(chat("Paulo 🎂")["muted"], true);
    assert_eq!(chat("Fornecedor")["pinned"], true);
    assert_eq!(chat("Marta Souza")["preview_from_me"], true);
}

#[tokio::test]
async fn the_page_of_today_is_read_as_the_ledger_says_in_each_language() {
    hold("g3").await;
}

#[tokio::test]
async fn the_page_before_is_read_as_the_ledger_says_in_each_language() {
    hold("g2").await;
}

#[tokio::test]
async fn of_a_page_that_nobody_has_seen_what_is_read_is_true() {
    hold("unknown").await;
}

#[tokio::test]
async fn a_group_tells_who_wrote_in_each_generation() {
    let account = truth();
    let truth = messages(&account, "Entregas");
    for generation in ["g3", "g2", "unknown"] {
        let seen = read(generation, "group", "pt-BR").await;
        assert_eq!(differences(generation, &seen, &truth), []);
        let found = seen["messages"].as_array().unwrap();
        assert_eq!(found.len(), truth.len());
        for (found, truth) in found.iter().zip(&truth) {
            let sender = truth.author.as_deref().unwrap_or("Doces da Lia");
            let told = found["sender"].as_str().unwrap();
            assert!(
                told == sender || (truth.direction == StoredDirection::Out && told == "Você"),
                "{told} for {sender}"
            );
        }
    }
}
