//! Codes, scanning, devices.

use queunir_sim::wire::{DeviceKeys, ToPage};
use serde_json::json;

use crate::page::{PageClient, Running};

#[tokio::test]
async fn six_refs_then_idle_then_a_new_batch() {
    let sim = Running::start(400.0, None).await;
    let mut page = PageClient::open(sim.address, None).await;
    assert!(matches!(page.next().await, ToPage::Config { .. }));
    let mut lives = Vec::new();
    let mut refs = std::collections::HashSet::new();
    loop {
        match page.next().await {
            ToPage::Qr { r#ref, index, of, ttl_ms } => {
                assert_eq!((index, of), (lives.len(), 6));
                assert!(r#ref.starts_with("2@") && r#ref.ends_with(",1") && r#ref.split(',').count() == 5);
                refs.insert(r#ref);
                lives.push(ttl_ms);
            }
            ToPage::QrIdle => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(lives, [150, 50, 50, 50, 50, 50]);
    assert_eq!(refs.len(), 6);
    assert_eq!(sim.get("codes").await, json!([]));
    page.send(json!({ "type": "reloadQr" })).await;
    assert!(matches!(page.next().await, ToPage::Qr { index: 0, .. }));
    sim.end().await;
}

#[tokio::test]
async fn scanning_pairs_and_the_page_comes_back_with_its_keys() {
    let sim = Running::start(100.0, None).await;
    let mut page = PageClient::open(sim.address, None).await;
    let code = page.code().await;
    assert_eq!(sim.get("codes").await[0]["code"], code);
    let (status, _) =
        sim.post("scan", json!({ "code": format!("https://wa.me/settings/linked_devices#{code}") })).await;
    assert_eq!(status, 200);
    let device = page.device().await;
    drop(page);

    let mut page = PageClient::open(sim.address, Some(&device)).await;
    let own_name = page
        .until(|frame| if let ToPage::Config { own_name, .. } = frame { Some(own_name.clone()) } else { None })
        .await;
    assert_eq!(own_name.as_deref(), Some("Loja Teste"));
    let mut percents = Vec::new();
    let chats = loop {
        match page.next().await {
            ToPage::Sync { percent } => percents.push(percent),
            ToPage::Ready { chats, .. } => break chats,
            other => panic!("{other:?}"),
        }
    };
    assert!(percents.len() > 5 && percents.is_sorted() && percents.last() == Some(&100), "{percents:?}");
    assert_eq!(chats.len(), 8);
    assert!(chats[0].pinned, "pinned first");
    assert!(chats[1..].is_sorted_by(|a, b| a.last_at >= b.last_at));
    assert_eq!(sim.get("accounts").await[0]["devices"][0]["connected"], true);
    sim.end().await;
}

#[tokio::test]
async fn a_code_that_is_gone_is_refused() {
    let sim = Running::start(1.0, None).await;
    let mut page = PageClient::open(sim.address, None).await;
    let old = page.code().await;
    page.send(json!({ "type": "reloadQr" })).await;
    let new = page.code().await;
    assert_eq!(sim.post("scan", json!({ "code": old })).await.0, 410);
    assert_eq!(sim.post("scan", json!({ "code": "" })).await.0, 410);
    assert_eq!(sim.post("scan", json!({})).await.0, 410);
    assert_eq!(sim.post("scan", json!({ "code": new, "account": "nobody" })).await.0, 404);
    assert_eq!(sim.post("scan", json!({ "code": new })).await.0, 200);
    assert_eq!(sim.post("scan", json!({ "code": new })).await.0, 410, "a code pairs once");
    sim.end().await;
}

#[tokio::test]
async fn logging_out_on_the_phone_ends_the_page_and_its_keys() {
    let sim = Running::start(100.0, None).await;
    let (mut page, device) = sim.linked().await;
    assert_eq!(sim.post("logout", json!({ "device": device.id })).await.0, 204);
    page.logged_out().await;
    let mut again = PageClient::open(sim.address, Some(&device)).await;
    again.logged_out().await;
    let mut wrong = PageClient::open(sim.address, Some(&DeviceKeys { id: device.id, secret: "x".into() })).await;
    wrong.logged_out().await;
    assert_eq!(sim.post("logout", json!({ "device": "d_none" })).await.0, 404);
    sim.end().await;
}

#[tokio::test]
async fn the_newer_of_two_pages_wins_until_the_older_is_used() {
    let sim = Running::start(100.0, None).await;
    let (mut first, device) = sim.linked().await;
    let mut second = PageClient::open(sim.address, Some(&device)).await;
    second.ready().await;
    let another = |frame: &ToPage| matches!(frame, ToPage::AnotherSession).then_some(());
    first.until(another).await;
    first.send(json!({ "type": "useHere" })).await;
    first.ready().await;
    second.until(another).await;
    sim.end().await;
}

#[tokio::test]
async fn several_accounts_live_side_by_side() {
    let sim = Running::start(100.0, None).await;
    let more = json!({ "scenario": "test", "id": "second", "name": "Second", "phone": "+44 7700 900123" });
    assert_eq!(sim.post("accounts", more.clone()).await.0, 200);
    assert_eq!(sim.post("accounts", more).await.0, 422);
    let mut page = PageClient::open(sim.address, None).await;
    let code = page.code().await;
    assert_eq!(sim.post("scan", json!({ "code": code })).await.0, 422, "which account must be said");
    assert_eq!(sim.post("scan", json!({ "code": code, "account": "second" })).await.0, 200);
    let device = page.device().await;
    let mut page = PageClient::open(sim.address, Some(&device)).await;
    page.ready().await;
    sim.post("accounts/test/incoming", json!({ "chat": "Alice Online", "text": "to the first" })).await;
    sim.post("accounts/second/incoming", json!({ "chat": "Alice Online", "text": "to the second" })).await;
    let text = page
        .until(|frame| if let ToPage::Message { message, .. } = frame { Some(message.text.clone()) } else { None })
        .await;
    assert_eq!(text, "to the second");
    sim.end().await;
}
