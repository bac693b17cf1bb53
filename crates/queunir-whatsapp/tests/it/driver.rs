//! The live path on the simulator: link, list, open, read, send.

use std::time::Duration;

use queunir_core::{
    link::PageState,
    message::{Ack, Direction},
};
use queunir_whatsapp::{PageError, PageEvent, Pressed, Priority};
use serde_json::json;

use crate::world::{PATIENCE, World, target};

#[tokio::test]
async fn from_the_code_to_the_sent_message() {
    let mut world = World::linked("test").await;

    let list = world.page.walk_list(Priority::Fill, PATIENCE).await.unwrap();
    assert!(list.complete, "{list:#?}");
    let ledger = world.ledger().await;
    let mut titles: Vec<&str> = list.rows.iter().map(|row| row.title.as_str()).collect();
    let mut truth: Vec<&str> = ledger.accounts[0].chats.iter().map(|chat| chat.title.as_str()).collect();
    titles.sort_unstable();
    truth.sort_unstable();
    assert_eq!(titles, truth);
    assert!(world.receipts().await.is_empty(), "reading the list sends no receipt");

    let open = world.page.open_chat(&target("Alice Online"), Priority::Open, PATIENCE).await.unwrap();
    assert_eq!(open.title, "Alice Online");
    let texts: Vec<&str> = open.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, world.truth("Alice Online").await);
    assert_eq!(open.messages[1].direction, Direction::Out);
    assert_eq!(open.messages[2].direction, Direction::In);
    assert!(open.at_start && open.at_end && open.writable);

    let text = "Olá, está pronto 😀👨‍👩‍👧\nsegunda linha\n\nשלום";
    let ticket = world.page.compose(&target("Alice Online"), text, Duration::from_millis(300), PATIENCE).await.unwrap();
    assert_eq!(ticket.anchor(), open.messages.last().map(|m| m.key.as_str()));
    let Pressed::Bubble(bubble) = ticket.press(PATIENCE).await.unwrap() else { panic!("the bubble was not seen") };
    assert_eq!((bubble.text.as_str(), bubble.direction), (text, Direction::Out));
    assert!(bubble.ack >= Some(Ack::Sent), "{bubble:?}");
    assert_eq!(world.truth("Alice Online").await.last().map(String::as_str), Some(text));

    world
        .event(|event| match event {
            PageEvent::Conversation(now) => {
                now.messages.iter().find(|m| m.key == bubble.key && m.ack >= Some(Ack::Delivered)).map(drop)
            }
            _ => None,
        })
        .await;

    world.page.leave_chat().await.unwrap();
    world.forget();
    world.post("accounts/test/incoming", json!({"chat": "Carla Off", "text": "are you there?"})).await;
    world
        .event(|event| match event {
            PageEvent::List(list) => list
                .rows
                .iter()
                .find(|row| {
                    row.title == "Carla Off" && row.unread == 1 && row.preview.as_deref() == Some("are you there?")
                })
                .map(drop),
            _ => None,
        })
        .await;
    assert!(!world.receipts().await.contains(&"Carla Off".to_owned()));
    world.page.close().await;
}

#[tokio::test]
async fn a_restart_on_the_same_profile_is_still_linked() {
    let mut world = World::linked("test").await;
    world.page.close().await;
    world.state(|state| state.state == PageState::Linked).await;
    let (page, mut events) = queunir_whatsapp::launch(world.config.clone()).await.unwrap();
    let linked = tokio::time::timeout(PATIENCE, async {
        loop {
            match events.recv().await.expect("it lives") {
                PageEvent::State(state) if state.state == PageState::Linked => return true,
                PageEvent::State(state) if state.state == PageState::Qr => return false,
                _ => {}
            }
        }
    });
    assert!(linked.await.unwrap(), "it asks for a code again");
    page.close().await;
}

#[tokio::test]
async fn what_does_not_exist_is_not_opened_and_a_dropped_ticket_leaves_no_text() {
    let world = World::linked("test").await;
    let missing = world.page.open_chat(&target("Nobody"), Priority::Open, PATIENCE).await;
    assert_eq!(missing.unwrap_err(), PageError::ChatNotFound);

    let ticket = world.page.compose(&target("Alice Online"), "not sent", Duration::ZERO, PATIENCE).await.unwrap();
    drop(ticket);
    let ticket = world.page.compose(&target("Alice Online"), "sent", Duration::ZERO, PATIENCE).await.unwrap();
    assert!(matches!(ticket.press(PATIENCE).await.unwrap(), Pressed::Bubble(_)));
    let truth = world.truth("Alice Online").await;
    assert_eq!(truth.last().map(String::as_str), Some("sent"));
    assert!(!truth.contains(&"not sent".to_owned()));
    world.page.close().await;
}
