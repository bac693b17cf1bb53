//! What survives the end of the process.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use queunir_sim::wire::ToPage;
use serde_json::{Value, json};

use crate::page::{PageClient, Running};

/// The executable on a free port.
fn spawn(state: &Path) -> (Child, SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_queunir-sim"))
        .args(["--listen", "127.0.0.1:0", "--scenario", "test", "--speed", "50", "--state"])
        .arg(state)
        .env("RUST_LOG", "info")
        .env("NO_COLOR", "1")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let line = lines.by_ref().map(Result::unwrap).find(|line| line.contains("address=")).unwrap();
    let address = line.split("address=").nth(1).unwrap().split_whitespace().next().unwrap();
    let address = address.parse().unwrap();
    // Keeps the pipe empty for as long as the process lives.
    std::thread::spawn(move || lines.for_each(drop));
    (child, address)
}

async fn get(address: SocketAddr, path: &str) -> Value {
    reqwest::get(format!("http://{address}/_sim/{path}")).await.unwrap().json().await.unwrap()
}

async fn post(address: SocketAddr, path: &str, body: Value) -> Value {
    let request = reqwest::Client::new().post(format!("http://{address}/_sim/{path}")).json(&body);
    request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
}

#[tokio::test]
async fn killing_the_process_loses_nothing_it_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state");
    let (mut child, address) = spawn(&state);
    let mut page = PageClient::open(address, None).await;
    let code = page.code().await;
    post(address, "scan", json!({ "code": code })).await;
    let device = page.device().await;
    let mut page = PageClient::open(address, Some(&device)).await;
    let chats = page.ready().await;
    let carla = chats.iter().find(|chat| chat.title == "Carla Off").unwrap().id.clone();
    let mut keys = Vec::new();
    for n in 0..30 {
        let written =
            post(address, "accounts/test/incoming", json!({ "chat": "Alice Online", "text": format!("n {n}") })).await;
        keys.push(written["key"].as_str().unwrap().to_owned());
    }
    page.send(json!({ "type": "send", "chat": carla, "tempId": "3EB0AAAAAAAAAAAAAAAAAA", "text": "out" })).await;
    page.until(|f| matches!(f, ToPage::Rekey { .. }).then_some(())).await;
    child.kill().unwrap();
    child.wait().unwrap();

    let (mut child, address) = spawn(&state);
    let ledger = get(address, "ledger").await;
    let chats = ledger["accounts"][0]["chats"].as_array().unwrap();
    let alice = chats.iter().find(|chat| chat["title"] == "Alice Online").unwrap();
    let found: Vec<&str> = alice["messages"].as_array().unwrap().iter().map(|m| m["key"].as_str().unwrap()).collect();
    assert_eq!(&found[found.len() - 30..], keys);
    assert_eq!(alice["unread"], 30);
    // The device is still linked, and the message under way goes on.
    let mut page = PageClient::open(address, Some(&device)).await;
    page.ready().await;
    let sent = |ledger: &Value| {
        let chats = ledger["accounts"][0]["chats"].as_array().unwrap();
        let carla = chats.iter().find(|chat| chat["title"] == "Carla Off").unwrap();
        carla["messages"].as_array().unwrap().last().unwrap()["acks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|a| a["ack"] == "sent")
    };
    if !sent(&get(address, "ledger").await) {
        page.until(|f| matches!(f, ToPage::Ack { .. }).then_some(())).await;
        assert!(sent(&get(address, "ledger").await));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn the_ledger_is_the_same_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state");
    let sim = Running::start(50.0, Some(&state)).await;
    let (mut page, _) = sim.linked().await;
    let bruno = sim.get("ledger").await["accounts"][0]["chats"][1]["id"].clone();
    page.send(json!({ "type": "openChat", "chat": bruno })).await;
    page.until(|f| matches!(f, ToPage::Messages { .. }).then_some(())).await;
    sim.post("accounts/test/incoming", json!({ "chat": "Grupo Entregas", "text": "a\nb" })).await;
    let before = sim.get("ledger").await;
    sim.end().await;
    let sim = Running::start(50.0, Some(&state)).await;
    assert_eq!(sim.get("ledger").await, before);
    sim.end().await;
}
