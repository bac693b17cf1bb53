//! Answers in the live page: the message that is meant stands above the composer before anything is typed, or nothing is
//! sent. The simulator's ledger knows what was answered.

use std::time::Duration;

use queunir_core::message::{Direction, MessageKind};
use queunir_sim::ledger::StoredDirection;
use queunir_whatsapp::{ChatTarget, Draft, PageError, Pressed, Priority, seen::SeenMessage};
use serde_json::json;

use crate::world::{PATIENCE, World, large_scenario, target};

const ALICE: &str = "Alice Online";
const GROUP: &str = "Grupo Entregas";

async fn rows(world: &World, chat: &str) -> Vec<SeenMessage> {
    world.page.open_chat(&target(chat), Priority::Open, PATIENCE).await.unwrap().messages
}

async fn key_of(world: &World, chat: &str, text: &str) -> String {
    let found = rows(world, chat).await.into_iter().find(|message| message.text == text);
    found.unwrap_or_else(|| panic!("no {text}")).key
}

fn answer(text: &str, to: &str) -> Draft {
    Draft { reply: Some(to.to_owned()), ..Draft::text(text) }
}

/// Sends an answer; its bubble.
async fn send(world: &World, chat: &ChatTarget, draft: &Draft) -> SeenMessage {
    let ticket = world.page.prepare(chat, draft, Duration::ZERO, PATIENCE).await;
    let ticket = ticket.unwrap_or_else(|error| panic!("{draft:?}: {error}"));
    match ticket.press(PATIENCE).await.unwrap() {
        Pressed::Bubble(bubble) => *bubble,
        Pressed::NotSeen => panic!("the bubble of {draft:?} was not seen"),
    }
}

/// What was sent while the simulator ran, oldest first: the words, and the key of what they answer.
async fn sent(world: &World, chat: &str) -> Vec<(String, Option<String>)> {
    let ledger = world.ledger().await;
    let chat = ledger.accounts[0].chats.iter().find(|one| one.title == chat).unwrap();
    let ours = chat.messages.iter().filter(|message| message.live && message.direction == StoredDirection::Out);
    ours.map(|message| (message.text.clone(), message.quotes.clone())).collect()
}

async fn answers(world: &World) {
    let alice = target(ALICE);
    // Two with the same words: the first one is meant.
    for _ in 0..2 {
        world.post("accounts/test/incoming", json!({"chat": ALICE, "text": "and *tomorrow*?\nat 9 😀"})).await;
    }
    let theirs = key_of(world, ALICE, "and *tomorrow*?\nat 9 😀").await;
    let ours = key_of(world, ALICE, "Yes, until 18:00.").await;
    let bubble = send(world, &alice, &answer("yes, at 9", &theirs)).await;
    assert_eq!(bubble.direction, Direction::Out);
    assert!(bubble.quoted.is_some());
    send(world, &alice, &answer("18:30 today", &ours)).await;
    send(world, &alice, &Draft::text("bye")).await;
    let wanted = [("yes, at 9", Some(theirs)), ("18:30 today", Some(ours)), ("bye", None)];
    assert_eq!(sent(world, ALICE).await, wanted.map(|(text, key)| (text.to_owned(), key)));

    let mut wanted = Vec::new();
    for (number, said) in ["Saí para entregar", "Ok, te espero na portaria", "Obrigado, pessoal"].iter().enumerate() {
        let key = key_of(world, GROUP, said).await;
        send(world, &target(GROUP), &answer(&format!("{number}"), &key)).await;
        wanted.push((number.to_string(), Some(key)));
    }
    assert_eq!(sent(world, GROUP).await, wanted);
    world.page.close().await;
}

#[tokio::test]
async fn an_answer_goes_out_with_the_message_it_was_meant_for() {
    answers(&World::linked("test").await).await;
}

#[tokio::test]
async fn answers_go_out_in_the_older_markup_and_in_portuguese() {
    let mut world = World::start_in("test", 4.0, "pt-BR").await;
    world.post("look", json!({"generation": "g2"})).await;
    world.link().await;
    answers(&world).await;
}

#[tokio::test]
async fn what_lies_far_above_and_what_has_no_words_can_be_answered() {
    let (_dir, scenario) = large_scenario(3, 160);
    let mut world = World::start(&scenario, 4.0).await;
    world.link().await;
    let chat = target("Long Story");
    world
        .post(
            "accounts/test/incoming",
            json!({"chat": "Long Story", "body": {"kind": "voice", "media": {"seconds": 4}}}),
        )
        .await;
    let voice = rows(&world, "Long Story").await.pop().unwrap();
    assert_eq!((voice.kind, voice.text.as_str()), (MessageKind::Voice, ""));
    send(&world, &chat, &answer("I cannot listen now", &voice.key)).await;
    let ledger = world.ledger().await;
    let truth = ledger.accounts[0].chats.iter().find(|one| one.title == "Long Story").unwrap();
    let far = truth.messages.iter().find(|message| message.text == "message 20").unwrap().key.clone();
    send(&world, &chat, &answer("that was long ago", &far)).await;
    let wanted = [("I cannot listen now", voice.key), ("that was long ago", far)];
    assert_eq!(sent(&world, "Long Story").await, wanted.map(|(text, key)| (text.to_owned(), Some(key))));
    world.page.close().await;
}

#[tokio::test]
async fn what_cannot_be_quoted_is_not_answered_and_nothing_is_left_above_the_composer() {
    let world = World::linked("test").await;
    let alice = target(ALICE);
    world.post("accounts/test/incoming", json!({"chat": ALICE, "text": "forget it"})).await;
    let gone = key_of(&world, ALICE, "forget it").await;
    let there = key_of(&world, ALICE, "Great, see you later").await;
    let path = format!("accounts/test/chats/{ALICE}/messages/{gone}");
    world.post(&path, json!({"do": "delete"})).await;
    let deleted = rows(&world, ALICE).await.into_iter().find(|message| message.key == gone).unwrap();
    assert_eq!(deleted.kind, MessageKind::Deleted);
    for key in ["3EB0000000000000000000", &gone] {
        let refused = world.page.prepare(&alice, &answer("no", key), Duration::ZERO, PATIENCE).await;
        assert_eq!(refused.err(), Some(PageError::QuoteNotFound));
    }
    // Dropped without a press: neither its words nor its quote go out with the next message.
    drop(world.page.prepare(&alice, &answer("never", &there), Duration::ZERO, PATIENCE).await.unwrap());
    send(&world, &alice, &Draft::text("something else")).await;
    assert_eq!(sent(&world, ALICE).await, [("something else".to_owned(), None)]);
    world.page.close().await;
}
