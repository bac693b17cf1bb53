//! Every kind of message, and what becomes of messages: on the wire, for the customer and in the ledger.

use queunir_sim::wire::{Msg, ToPage, WireAck};
use serde_json::{Value, json};

use crate::page::{PageClient, Running};

const CHAT: &str = "Alice Online";

async fn write(sim: &Running, body: Value) -> String {
    let (status, written) = sim.post("accounts/test/incoming", body).await;
    assert_eq!(status, 200, "{written}");
    written["key"].as_str().unwrap().to_owned()
}

async fn happen(sim: &Running, key: &str, what: Value) -> u16 {
    let chat = sim.get("accounts/test/chats").await;
    let chat = chat.as_array().unwrap().iter().find(|chat| chat["title"] == CHAT).unwrap()["id"].clone();
    sim.post(&format!("accounts/test/chats/{}/messages/{key}", chat.as_str().unwrap()), what).await.0
}

async fn row(page: &mut PageClient) -> Msg {
    page.until(|frame| if let ToPage::Message { message, .. } = frame { Some((**message).clone()) } else { None }).await
}

async fn truth(sim: &Running, key: &str) -> Value {
    let ledger = sim.get("ledger").await;
    let chats = ledger["accounts"][0]["chats"].as_array().unwrap().clone();
    let messages = chats.iter().flat_map(|chat| chat["messages"].as_array().unwrap().clone());
    messages.into_iter().find(|message| message["key"] == key).unwrap()
}

#[tokio::test]
async fn every_kind_reaches_the_page_and_the_ledger() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let bodies = [
        json!({ "kind": "image", "text": "look", "file": "cake-carrot.jpg" }),
        json!({ "kind": "video", "seconds": 9 }),
        json!({ "kind": "gif", "seconds": 2 }),
        json!({ "kind": "voice", "seconds": 14 }),
        json!({ "kind": "audio", "name": "song.mp3", "seconds": 200 }),
        json!({ "kind": "document", "name": "prices.pdf", "pages": 3 }),
        json!({ "kind": "sticker", "file": "heart.webp" }),
        json!({ "kind": "album", "media": [{}, {}, {}] }),
        json!({ "kind": "location", "latitude": "-23.5", "longitude": "-46.6", "name": "Shop" }),
        json!({ "kind": "contact", "cards": [{ "name": "Rui", "phone": "+55 11 97000-0000" }] }),
        json!({ "kind": "poll", "question": "When?", "options": [{ "text": "Now" }, { "text": "Later" }] }),
        json!({ "kind": "call", "missed": true }),
        json!({ "kind": "view_once" }),
        json!({ "kind": "undecrypted" }),
    ];
    for body in bodies {
        let key = write(&sim, json!({ "chat": CHAT, "body": body })).await;
        let seen = row(&mut page).await;
        assert_eq!((seen.key.as_str(), json!(seen.kind)), (key.as_str(), body["kind"].clone()));
        assert_eq!(truth(&sim, &key).await["kind"], body["kind"]);
    }
    let chats = sim.get("accounts/test/chats").await;
    let alice = chats.as_array().unwrap().iter().find(|chat| chat["title"] == CHAT).unwrap().clone();
    let messages = sim.get(&format!("accounts/test/chats/{}/messages", alice["id"].as_str().unwrap())).await;
    assert_eq!(messages.as_array().unwrap().len(), 3 + 13, "a call is no message");
    sim.end().await;
}

#[tokio::test]
async fn files_are_served_once_they_arrived() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let data = "aGVsbG8=";
    let body = json!({ "kind": "document", "name": "hello.txt", "data": data, "late": true });
    let key = write(&sim, json!({ "chat": CHAT, "body": body })).await;
    let media = row(&mut page).await.media[0].clone();
    assert!(media.late);
    let url = format!("http://{}{}", sim.address, media.url);
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 404);
    assert_eq!(truth(&sim, &key).await["media"][0].get("hash"), None);
    assert_eq!(happen(&sim, &key, json!({ "do": "arrive" })).await, 204);
    assert!(!row(&mut page).await.media[0].late);
    assert_eq!(reqwest::get(&url).await.unwrap().text().await.unwrap(), "hello");
    let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    assert_eq!(truth(&sim, &key).await["media"][0]["hash"], hash);
    sim.post("trouble", json!({ "media_never": true })).await;
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 404);
    sim.end().await;
}

#[tokio::test]
async fn a_message_is_edited_reacted_to_and_deleted_under_its_key() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let first =
        write(&sim, json!({ "chat": CHAT, "text": "Hello @Rui", "mentions": [{ "name": "Rui", "id": "2001" }] })).await;
    assert_eq!(row(&mut page).await.mentions[0].id, "2001");
    let answer = json!({ "chat": CHAT, "text": "And?", "quotes": first, "forwarded": 5 });
    let key = write(&sim, answer).await;
    let seen = row(&mut page).await;
    assert_eq!((seen.quoted.unwrap().text.as_str(), seen.forwarded), ("Hello @Rui", 5));

    assert_eq!(happen(&sim, &key, json!({ "do": "edit", "text": "And now?" })).await, 204);
    let seen = row(&mut page).await;
    assert_eq!((seen.text.as_str(), seen.edited, seen.key == key), ("And now?", true, true));
    for who in [Value::Null, json!("")] {
        assert_eq!(happen(&sim, &key, json!({ "do": "react", "emoji": "👍", "who": who })).await, 204);
    }
    row(&mut page).await;
    let reactions = row(&mut page).await.reactions;
    assert_eq!((reactions[0].count, reactions[0].ours), (2, true));
    assert_eq!(happen(&sim, &key, json!({ "do": "star", "on": true })).await, 204);
    assert!(row(&mut page).await.starred);
    assert_eq!(happen(&sim, &key, json!({ "do": "delete" })).await, 204);
    let seen = row(&mut page).await;
    assert!(seen.deleted && seen.text.is_empty() && seen.reactions.is_empty() && !seen.edited);
    assert_eq!(happen(&sim, &key, json!({ "do": "edit", "text": "x" })).await, 422, "what is gone cannot change");
    let told = truth(&sim, &key).await;
    assert_eq!((&told["text"], told["deleted_at"].is_i64()), (&json!("And now?"), true));
    sim.end().await;
}

#[tokio::test]
async fn what_could_not_be_read_becomes_readable_and_polls_are_answered() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let key = write(&sim, json!({ "chat": CHAT, "body": { "kind": "undecrypted" } })).await;
    assert_eq!(row(&mut page).await.text, "");
    assert_eq!(happen(&sim, &key, json!({ "do": "arrive" })).await, 422);
    assert_eq!(
        happen(&sim, &key, json!({ "do": "decrypt", "body": { "kind": "text", "text": "at last" } })).await,
        204
    );
    let seen = row(&mut page).await;
    assert_eq!((seen.key.as_str(), seen.text.as_str()), (key.as_str(), "at last"));

    let body = json!({ "kind": "poll", "question": "When?", "options": [{ "text": "Now" }, { "text": "Later" }] });
    let key = write(&sim, json!({ "chat": CHAT, "body": body })).await;
    let seen = row(&mut page).await;
    assert_eq!(seen.poll.unwrap().options[1].votes, 0);
    let chat = sim.get("ledger").await["accounts"][0]["chats"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["title"] == CHAT)
        .unwrap()["id"]
        .clone();
    page.send(json!({ "type": "vote", "chat": chat, "key": key, "option": 1 })).await;
    assert!(row(&mut page).await.poll.unwrap().options[1].ours);
    assert_eq!(happen(&sim, &key, json!({ "do": "vote", "option": 7 })).await, 422);
    sim.end().await;
}

#[tokio::test]
async fn a_voice_note_is_listened_to_on_either_side() {
    let sim = Running::start(50.0, None).await;
    let (mut page, device) = sim.linked().await;
    let key = write(&sim, json!({ "chat": CHAT, "body": { "kind": "voice", "seconds": 3 } })).await;
    row(&mut page).await;
    let chat = sim.get("ledger").await["accounts"][0]["chats"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["title"] == CHAT)
        .unwrap()["id"]
        .clone();
    page.send(json!({ "type": "play", "chat": chat, "key": key })).await;
    assert!(row(&mut page).await.played);
    let acts = sim.get("ledger").await["accounts"][0]["acts"].as_array().unwrap().clone();
    let act = acts.iter().find(|act| act["act"] == "played").unwrap();
    assert_eq!((&act["key"], &act["device"]), (&json!(key), &json!(device.id)));

    let ours = json!({ "chat": CHAT, "body": { "kind": "voice", "seconds": 3 } });
    let (_, written) = sim.post("accounts/test/own", ours).await;
    let key = written["key"].as_str().unwrap().to_owned();
    assert_eq!(happen(&sim, &key, json!({ "do": "play" })).await, 204);
    page.until(|f| matches!(f, ToPage::Ack { ack: WireAck::Played, .. }).then_some(())).await;
    sim.end().await;
}

#[tokio::test]
async fn chats_change_their_name_their_place_and_their_people() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let happen = async |chat: &str, what: Value| sim.post(&format!("accounts/test/chats/{chat}"), what).await.0;
    assert_eq!(happen("Alice Online", json!({ "do": "rename", "name": "Alicia" })).await, 204);
    let renamed = page.until(|f| if let ToPage::Chat { chat } = f { Some(chat.title.clone()) } else { None }).await;
    assert_eq!(renamed, "Alicia");
    assert_eq!(happen("+55 11 91000-0005", json!({ "do": "hide_phone", "shown": "~Eva" })).await, 204);
    let hidden = page.until(|f| if let ToPage::Chat { chat } = f { Some(chat.clone()) } else { None }).await;
    assert_eq!((hidden.title.as_str(), hidden.phone, hidden.saved), ("~Eva", None, false));
    assert_eq!(happen("Grupo Entregas", json!({ "do": "leave", "who": "Zé" })).await, 204);
    let seen = row(&mut page).await;
    assert_eq!((seen.system.as_deref(), seen.text.as_str()), (Some("leave"), "Zé"));
    assert_eq!(happen("Grupo Entregas", json!({ "do": "leave", "who": "Nobody" })).await, 404);
    sim.end().await;
}

#[tokio::test]
async fn a_page_hands_in_a_file_and_then_the_message_that_names_it() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let client = reqwest::Client::new();
    let upload = client.post(format!("http://{}/_upload", sim.address)).body("hello").send().await.unwrap();
    let id = upload.text().await.unwrap();
    let chats = sim.get("accounts/test/chats").await;
    let chat = chats.as_array().unwrap().iter().find(|chat| chat["title"] == CHAT).unwrap()["id"].clone();
    let attach = json!({ "upload": id, "kind": "document", "mime": "text/plain", "name": "hello.txt" });
    let frame =
        json!({ "type": "send", "chat": chat, "tempId": "3EB00123456789ABCDEF77", "text": "see", "attach": attach });
    page.send(frame.clone()).await;
    page.until(|f| matches!(f, ToPage::Ack { ack: WireAck::Delivered, .. }).then_some(())).await;
    let stored = truth(&sim, "3EB00123456789ABCDEF77").await;
    assert_eq!((&stored["kind"], &stored["text"]), (&json!("document"), &json!("see")));
    let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    assert_eq!(stored["media"][0]["hash"], hash);
    let acts = sim.get("ledger").await["accounts"][0]["acts"].as_array().unwrap().clone();
    assert!(acts.iter().any(|act| act["act"] == "attached" && act["hash"] == hash));
    sim.end().await;
}

#[tokio::test]
async fn a_login_by_number_and_dressed_codes_link_too() {
    let sim = Running::start(50.0, None).await;
    sim.post("look", json!({ "ref_prefix": true })).await;
    let mut page = PageClient::open(sim.address, None).await;
    assert!(page.code().await.starts_with("https://wa.me/settings/linked_devices#2@"));
    page.send(json!({ "type": "linkPhone", "phone": "+55 11 90000-0001" })).await;
    let code = page.until(|f| if let ToPage::LinkCode { code } = f { Some(code.clone()) } else { None }).await;
    assert_eq!(code.len(), 8);
    let shown = format!("{}-{}", &code[..4], &code[4..]);
    assert_eq!(sim.post("scan", json!({ "link_code": shown })).await.0, 200);
    page.device().await;
    assert_eq!(sim.post("look", json!({ "generation": "g9" })).await.0, 422);
    sim.end().await;
}

#[tokio::test]
async fn searches_panels_and_numbers_are_answered() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    page.send(json!({ "type": "search", "query": "ENTREGAR" })).await;
    let hits = page.until(|f| if let ToPage::Found { messages, .. } = f { Some(messages.clone()) } else { None }).await;
    assert_eq!((hits.len(), hits[0].author.as_deref()), (1, Some("Alice Online")));
    page.send(json!({ "type": "info", "chat": hits[0].chat })).await;
    let members = page.until(|f| if let ToPage::Info { members, .. } = f { Some(members.clone()) } else { None }).await;
    assert_eq!(members[1].push.as_deref(), Some("Zé"));
    sim.post("trouble", json!({ "numbers_absent": true })).await;
    for (phone, wanted) in [("5511910000001", true), ("5511988887777", false), ("x", false)] {
        page.send(json!({ "type": "resolve", "phone": phone })).await;
        let chat = page.until(|f| if let ToPage::Resolved { chat, .. } = f { Some(chat.clone()) } else { None }).await;
        assert_eq!(chat.is_some(), wanted, "{phone}");
    }
    sim.end().await;
}
