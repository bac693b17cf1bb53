//! Messages, ticks, receipts and trouble.

use queunir_sim::wire::{ToPage, WireAck};
use serde_json::{Value, json};

use crate::page::{PageClient, Running};

const TEMP: &str = "3EB00123456789ABCDEF01";

fn chat_of<'a>(ledger: &'a Value, title: &str) -> &'a Value {
    ledger["accounts"][0]["chats"].as_array().unwrap().iter().find(|chat| chat["title"] == title).unwrap()
}

async fn chat_id(sim: &Running, title: &str) -> String {
    chat_of(&sim.get("ledger").await, title)["id"].as_str().unwrap().to_owned()
}

async fn submit(page: &mut PageClient, chat: &str, temp_id: &str, text: &str) {
    page.send(json!({ "type": "send", "chat": chat, "tempId": temp_id, "text": text })).await;
}

async fn ack(page: &mut PageClient) -> WireAck {
    page.until(|frame| if let ToPage::Ack { ack, .. } = frame { Some(*ack) } else { None }).await
}

async fn rekey(page: &mut PageClient) -> String {
    page.until(|frame| if let ToPage::Rekey { key, .. } = frame { Some(key.clone()) } else { None }).await
}

async fn message(page: &mut PageClient) -> String {
    page.until(|frame| if let ToPage::Message { message, .. } = frame { Some(message.key.clone()) } else { None }).await
}

#[tokio::test]
async fn a_message_goes_through_all_its_states() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let chat = chat_id(&sim, "Alice Online").await;
    submit(&mut page, &chat, TEMP, "Olá\nlinha dois").await;
    assert_eq!(rekey(&mut page).await, TEMP);
    assert_eq!(ack(&mut page).await, WireAck::Sent);
    assert_eq!(ack(&mut page).await, WireAck::Delivered);
    assert_eq!(ack(&mut page).await, WireAck::Read);
    let ledger = sim.get("ledger").await;
    let stored = chat_of(&ledger, "Alice Online")["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(stored["text"], "Olá\nlinha dois");
    let states: Vec<&str> = stored["acks"].as_array().unwrap().iter().map(|a| a["ack"].as_str().unwrap()).collect();
    assert_eq!(states, ["pending", "sent", "delivered", "read"]);
    sim.end().await;
}

#[tokio::test]
async fn a_repeated_submission_is_one_message_and_a_second_one_is_counted() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let chat = chat_id(&sim, "Carla Off").await;
    submit(&mut page, &chat, TEMP, "same").await;
    rekey(&mut page).await;
    submit(&mut page, &chat, TEMP, "same").await;
    assert_eq!(rekey(&mut page).await, TEMP);
    assert_eq!(sim.get("ledger").await["accounts"][0]["submissions"][0]["count"], 1);
    submit(&mut page, &chat, "3EB00123456789ABCDEF02", "same").await;
    rekey(&mut page).await;
    let ledger = sim.get("ledger").await;
    assert_eq!(ledger["accounts"][0]["submissions"][0]["count"], 2);
    assert_eq!(chat_of(&ledger, "Carla Off")["messages"].as_array().unwrap().len(), 5);
    sim.end().await;
}

#[tokio::test]
async fn the_customer_who_is_away_reads_when_somebody_acts_for_them() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let chat = chat_id(&sim, "Bruno Away").await;
    submit(&mut page, &chat, TEMP, "pronto").await;
    assert_eq!(ack(&mut page).await, WireAck::Sent);
    assert_eq!(ack(&mut page).await, WireAck::Delivered);
    assert_eq!(sim.post(&format!("accounts/test/chats/{chat}/read"), json!({})).await.0, 204);
    assert_eq!(ack(&mut page).await, WireAck::Read);
    sim.end().await;
}

#[tokio::test]
async fn who_hides_read_receipts_never_turns_blue() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let chat = chat_id(&sim, "Diego NoBlue").await;
    submit(&mut page, &chat, TEMP, "ok").await;
    assert_eq!(ack(&mut page).await, WireAck::Sent);
    assert_eq!(ack(&mut page).await, WireAck::Delivered);
    sim.post("accounts/test/incoming", json!({ "chat": "Diego NoBlue", "text": "thanks" })).await;
    let ledger = sim.get("ledger").await;
    let messages = chat_of(&ledger, "Diego NoBlue")["messages"].as_array().unwrap().clone();
    let sent = messages.iter().find(|message| message["key"] == TEMP).unwrap();
    assert_eq!(sent["acks"].as_array().unwrap().last().unwrap()["ack"], "delivered");
    sim.end().await;
}

#[tokio::test]
async fn only_an_open_focused_and_visible_chat_is_marked_read_as_messages_arrive() {
    let sim = Running::start(50.0, None).await;
    let (mut page, device) = sim.linked().await;
    let chat = chat_id(&sim, "Bruno Away").await;
    let receipts = async |sim: &Running| sim.get("ledger").await["accounts"][0]["receipts"].as_array().unwrap().len();
    assert_eq!(receipts(&sim).await, 0);

    page.send(json!({ "type": "openChat", "chat": chat })).await;
    let unread = page.until(|f| if let ToPage::Messages { unread, .. } = f { Some(*unread) } else { None }).await;
    assert_eq!(unread, 2);
    page.until(|f| matches!(f, ToPage::Chat { chat } if chat.unread == 0).then_some(())).await;
    assert_eq!(receipts(&sim).await, 2);

    // Open, but the document has no focus.
    sim.post("accounts/test/incoming", json!({ "chat": chat, "text": "one" })).await;
    message(&mut page).await;
    assert_eq!(receipts(&sim).await, 2);

    page.send(json!({ "type": "focus", "chat": chat, "visible": true })).await;
    page.until(|f| matches!(f, ToPage::Chat { chat } if chat.unread == 0).then_some(())).await;
    assert_eq!(receipts(&sim).await, 3);
    let (_, written) = sim.post("accounts/test/incoming", json!({ "chat": chat, "text": "two" })).await;
    message(&mut page).await;
    let ledger = sim.get("ledger").await;
    let last = ledger["accounts"][0]["receipts"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["key"], &last["device"]), (&written["key"], &json!(device.id)));

    page.send(json!({ "type": "leaveChat" })).await;
    page.send(json!({ "type": "loadOlder", "chat": chat, "beforeKey": "none", "count": 5 })).await;
    page.until(|f| matches!(f, ToPage::Messages { .. }).then_some(())).await;
    sim.post("accounts/test/incoming", json!({ "chat": chat, "text": "three" })).await;
    message(&mut page).await;
    assert_eq!(receipts(&sim).await, 4);
    sim.end().await;
}

#[tokio::test]
async fn an_unknown_number_starts_a_chat_and_unknown_names_do_not() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let (status, written) =
        sim.post("accounts/test/incoming", json!({ "chat": "+55 21 98888-0000", "text": "oi" })).await;
    assert_eq!(status, 200);
    assert!(written["key"].as_str().unwrap().len() >= 20);
    let row = page.until(|f| if let ToPage::Chat { chat } = f { Some(chat.clone()) } else { None }).await;
    assert_eq!((row.title.as_str(), row.unread, row.saved), ("+55 21 98888-0000", 1, false));
    assert_eq!(sim.post("accounts/test/incoming", json!({ "chat": "Nobody", "text": "x" })).await.0, 404);
    assert_eq!(sim.post("accounts/none/incoming", json!({ "chat": "Alice Online", "text": "x" })).await.0, 404);
    assert_eq!(sim.post("accounts/test/incoming", json!({ "chat": "Alice Online", "text": "" })).await.0, 422);
    sim.end().await;
}

#[tokio::test]
async fn a_group_message_names_its_author() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let body = json!({ "chat": "Grupo Entregas", "text": "cheguei", "author": "Zé" });
    assert_eq!(sim.post("accounts/test/incoming", body).await.0, 200);
    let found =
        page.until(|f| if let ToPage::Message { message, .. } = f { Some(message.clone()) } else { None }).await;
    assert_eq!((found.author.as_str(), found.author_push.as_deref()), ("+55 11 91000-0099", Some("Zé")));
    let body = json!({ "chat": "Grupo Entregas", "text": "x", "author": "Stranger" });
    assert_eq!(sim.post("accounts/test/incoming", body).await.0, 404);
    sim.end().await;
}

#[tokio::test]
async fn trouble_never_delivered_keeps_the_clock_and_out_of_the_ledger() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let chat = chat_id(&sim, "Alice Online").await;
    sim.post("trouble", json!({ "send_never_delivered": true })).await;
    submit(&mut page, &chat, TEMP, "lost?").await;
    page.send(json!({ "type": "loadOlder", "chat": chat, "beforeKey": "none", "count": 5 })).await;
    let answered = page.until(|f| match f {
        ToPage::Rekey { .. } | ToPage::Ack { .. } => Some(true),
        ToPage::Messages { .. } => Some(false),
        _ => None,
    });
    assert!(!answered.await, "the server must not answer");
    let ledger = sim.get("ledger").await;
    assert_eq!(chat_of(&ledger, "Alice Online")["messages"].as_array().unwrap().len(), 4);
    assert_eq!(ledger["accounts"][0]["submissions"][0]["accepted"], 0);
    sim.end().await;
}

#[tokio::test]
async fn trouble_delivered_but_error_lies_to_the_page_only() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let chat = chat_id(&sim, "Alice Online").await;
    sim.post("trouble", json!({ "send_delivered_but_error": true })).await;
    submit(&mut page, &chat, TEMP, "arrives").await;
    assert_eq!(ack(&mut page).await, WireAck::Failed);
    let seen = sim.get(&format!("accounts/test/chats/{chat}/messages")).await;
    assert_eq!(seen.as_array().unwrap().last().unwrap()["text"], "arrives");
    sim.end().await;
}

#[tokio::test]
async fn trouble_rekey_gives_another_key() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let chat = chat_id(&sim, "Alice Online").await;
    sim.post("trouble", json!({ "rekey": true })).await;
    submit(&mut page, &chat, TEMP, "x").await;
    let key = rekey(&mut page).await;
    assert!(key != TEMP && key.starts_with("3EB0") && key.len() == 22);
    sim.end().await;
}

#[tokio::test]
async fn nonsense_from_a_page_changes_nothing() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let before = sim.get("ledger").await;
    page.send(json!({ "type": "dance" })).await;
    page.send(json!([1, 2])).await;
    page.send(json!({ "type": "openChat" })).await;
    page.send(json!({ "type": "openChat", "chat": "c_0" })).await;
    submit(&mut page, "c_0", TEMP, "x").await;
    let chat = chat_id(&sim, "Alice Online").await;
    submit(&mut page, &chat, TEMP, "   ").await;
    submit(&mut page, &chat, TEMP, &"x".repeat(65_537)).await;
    let mut stranger = PageClient::open(sim.address, None).await;
    stranger.code().await;
    submit(&mut stranger, &chat, TEMP, "from nobody").await;
    stranger.send(json!({ "type": "reloadQr" })).await;
    stranger.code().await;
    page.send(json!({ "type": "loadOlder", "chat": chat, "beforeKey": "none", "count": 5 })).await;
    page.until(|f| matches!(f, ToPage::Messages { .. }).then_some(())).await;
    assert_eq!(sim.get("ledger").await, before);
    sim.end().await;
}

#[tokio::test]
async fn disturbances_reach_the_pages_and_a_cut_line_comes_back() {
    let sim = Running::start(50.0, None).await;
    let (mut page, device) = sim.linked().await;
    let dialog = json!({ "id": "fresh", "title": "A fresh look", "text": "…", "ok": "Continue" });
    let greed = json!({ "account": "test", "eat_mb": 7, "spin": true, "fill_mb": 8 });
    sim.post("disturb", greed).await;
    page.until(|f| matches!(f, ToPage::Eat { mb: 7 }).then_some(())).await;
    page.until(|f| matches!(f, ToPage::Spin).then_some(())).await;
    page.until(|f| matches!(f, ToPage::Fill { mb: 8 }).then_some(())).await;
    let (_, answer) =
        sim.post("disturb", json!({ "account": "test", "dialog": dialog, "blank": true, "swallow": true })).await;
    assert_eq!(answer["pages"], 1);
    page.until(|f| matches!(f, ToPage::Dialog { .. }).then_some(())).await;
    page.until(|f| matches!(f, ToPage::Blank).then_some(())).await;
    page.until(|f| matches!(f, ToPage::Swallow).then_some(())).await;
    page.send(json!({ "type": "dialogClosed", "id": "fresh", "button": "ok" })).await;
    sim.post("disturb", json!({ "cut": true })).await;
    page.ended().await;
    let mut page = PageClient::open(sim.address, Some(&device)).await;
    page.ready().await;
    let acts = sim.get("ledger").await["accounts"][0]["acts"].clone();
    assert!(acts.as_array().unwrap().iter().any(|act| act["act"] == "dialog_closed" && act["button"] == "ok"));
    sim.end().await;
}
