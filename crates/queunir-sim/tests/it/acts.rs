//! What a page does through the menu of a message, by the server's rules.

use queunir_sim::ledger::{Fault, Options, Scope, Stored, compare};
use queunir_sim::wire::{Refusal, ToPage};
use serde_json::{Value, json};

use crate::page::{PageClient, Running};

async fn chat(sim: &Running, title: &str) -> Value {
    let ledger = sim.get("ledger").await;
    let chats = ledger["accounts"][0]["chats"].as_array().unwrap();
    chats.iter().find(|chat| chat["title"] == title).unwrap().clone()
}

async fn message(sim: &Running, title: &str, text: &str) -> Value {
    let chat = chat(sim, title).await;
    chat["messages"].as_array().unwrap().iter().find(|message| message["text"] == text).unwrap().clone()
}

/// Does something to a message; gives what the page is told, and what the ledger says became of it.
async fn act(
    sim: &Running,
    page: &mut PageClient,
    title: &str,
    text: &str,
    what: Value,
) -> (Result<(), Refusal>, Value) {
    let chat = chat(sim, title).await["id"].clone();
    let key = message(sim, title, text).await["key"].clone();
    page.send(json!({ "type": "act", "id": text, "chat": chat, "key": key, "what": what })).await;
    (acted(page, text).await, last_act(sim).await)
}

async fn acted(page: &mut PageClient, wanted: &str) -> Result<(), Refusal> {
    page.until(|frame| match frame {
        ToPage::Acted { id, ok, reason } if id == wanted => {
            Some(if *ok { Ok(()) } else { Err(reason.expect("a refusal has a reason")) })
        }
        _ => None,
    })
    .await
}

async fn last_act(sim: &Running) -> Value {
    let ledger = sim.get("ledger").await;
    ledger["accounts"][0]["acts"].as_array().unwrap().last().unwrap()["outcome"].clone()
}

async fn write(sim: &Running, page: &mut PageClient, title: &str, text: &str) {
    let chat = chat(sim, title).await["id"].clone();
    let temp_id = "3EB00123456789ABCDEF01";
    page.send(json!({ "type": "send", "chat": chat, "tempId": temp_id, "text": text })).await;
    page.until(|frame| matches!(frame, ToPage::Ack { .. }).then_some(())).await;
}

#[tokio::test]
async fn only_what_is_ours_and_young_is_edited_or_deleted_for_everyone() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let edit = json!({ "do": "edit", "text": "other words" });
    let revoke = json!({ "do": "delete_for_everyone" });
    for (title, text, what, refusal, outcome) in [
        ("Alice Online", "Yes, until 18:00.", edit.clone(), Refusal::Late, "late"),
        ("Diego NoBlue", "R$ 120,00", revoke.clone(), Refusal::Late, "late"),
        ("Alice Online", "Great, see you later", edit.clone(), Refusal::Refused, "refused"),
        ("Alice Online", "Great, see you later", revoke.clone(), Refusal::Refused, "refused"),
    ] {
        let told = act(&sim, &mut page, title, text, what).await;
        assert_eq!(told, (Err(refusal), json!(outcome)), "{title}: {text}");
        assert_eq!(message(&sim, title, text).await["deleted_at"], Value::Null);
    }
    write(&sim, &mut page, "Alice Online", "just now").await;
    assert_eq!(act(&sim, &mut page, "Alice Online", "just now", edit).await, (Ok(()), json!("done")));
    assert_eq!(act(&sim, &mut page, "Alice Online", "other words", revoke).await, (Ok(()), json!("done")));
    let react = json!({ "do": "react", "emoji": "👍" });
    let told = act(&sim, &mut page, "Alice Online", "other words", react).await;
    assert_eq!(told, (Err(Refusal::Gone), json!("gone")));
    sim.end().await;
}

#[tokio::test]
async fn what_is_deleted_for_us_is_nobodys_loss_and_stays_away_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let sim = Running::start(50.0, Some(&state)).await;
    let (mut page, device) = sim.linked().await;
    let told = act(&sim, &mut page, "Alice Online", "Great, see you later", json!({ "do": "delete_for_me" })).await;
    assert_eq!(told, (Ok(()), json!("done")));
    let pin = json!({ "do": "pin", "seconds": 86_400 });
    act(&sim, &mut page, "Alice Online", "Yes, until 18:00.", pin).await.0.unwrap();
    let own = chat(&sim, "Alice Online").await["id"].clone();
    sim.end().await;
    let sim = Running::start(50.0, Some(&state)).await;
    let mut page = PageClient::open(sim.address, Some(&device)).await;
    page.ready().await;
    page.send(json!({ "type": "openChat", "chat": own })).await;
    let (mut texts, mut pins) = (None, None);
    while texts.is_none() || pins.is_none() {
        match page.next().await {
            ToPage::Messages { messages, .. } => {
                texts = Some(messages.into_iter().map(|message| message.text).collect::<Vec<_>>());
            }
            ToPage::Pins { pins: found, .. } => pins = Some(found),
            _ => {}
        }
    }
    assert!(!texts.unwrap().contains(&"Great, see you later".to_owned()));
    assert_eq!(pins.unwrap().into_iter().map(|pin| pin.text).collect::<Vec<_>>(), ["Yes, until 18:00."]);
    let faults = compare(&sim.ledger(), &Stored::default(), &Options { scope: Scope::All, ..Options::default() });
    let missed = faults.iter().find_map(|fault| match fault {
        Fault::LostChat { title, messages } if title == "Alice Online" => Some(*messages),
        _ => None,
    });
    assert_eq!(missed, Some(2), "three were written, and one of them is gone for us");
    sim.end().await;
}

#[tokio::test]
async fn a_message_goes_to_five_chats_at_most_and_never_out_of_what_is_gone() {
    let sim = Running::start(50.0, None).await;
    let (mut page, _) = sim.linked().await;
    let from = chat(&sim, "Alice Online").await["id"].clone();
    let key = message(&sim, "Alice Online", "Great, see you later").await["key"].clone();
    let there = chat(&sim, "Bruno Away").await["id"].clone();
    let to = |count: usize| -> Value {
        (0..count).map(|n| json!({ "chat": there, "tempId": format!("3EB00123456789ABCDEF{n:02}") })).collect()
    };
    let forward = |id: &str, key: &Value, count: usize| json!({ "type": "forward", "id": id, "chat": from, "key": key, "to": to(count) });
    page.send(forward("six", &key, 6)).await;
    assert_eq!(acted(&mut page, "six").await, Err(Refusal::Refused));
    page.send(forward("none", &json!("no such key"), 1)).await;
    assert_eq!(acted(&mut page, "none").await, Err(Refusal::Gone));
    page.send(forward("one", &key, 1)).await;
    assert_eq!(acted(&mut page, "one").await, Ok(()));
    let bruno = chat(&sim, "Bruno Away").await;
    let came: Vec<&Value> =
        bruno["messages"].as_array().unwrap().iter().filter(|m| m["text"] == "Great, see you later").collect();
    assert_eq!((came.len(), &came[0]["forwarded"], &came[0]["direction"]), (1, &json!(1), &json!("out")));
    sim.end().await;
}
