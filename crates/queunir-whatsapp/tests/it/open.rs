//! Opening chats while the page does not stand still.

use std::time::Duration;

use queunir_whatsapp::Priority;
use serde_json::json;

use crate::world::{PATIENCE, World, large_scenario, target};

#[tokio::test]
async fn chats_are_opened_in_a_list_that_never_stands_still() {
    let (_dir, scenario) = large_scenario(160, 5);
    let world = World::linked(&scenario).await;
    let meant: Vec<String> = (1..=10).map(|n| format!("Customer {:04}", n * 4)).collect();
    let account = world.ledger().await.accounts.swap_remove(0);
    let opening = async {
        for title in &meant {
            let seen = world.page.open_chat(&target(title), Priority::Open, PATIENCE).await.unwrap();
            assert_eq!(&seen.title, title);
        }
    };
    // In turn, so that it is always the last row that goes to the top, and all others move for 200 ms.
    let writing = async {
        for n in 0.. {
            let chat = &account.chats[n % account.chats.len()].id;
            let path = format!("accounts/{}/incoming", account.id);
            world.post(&path, json!({"chat": chat, "text": format!("message {n}")})).await;
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    };
    tokio::select! {
        () = opening => {}
        () = writing => {}
    }
    let mut read = world.receipts().await;
    read.retain(|title| !meant.contains(title));
    assert!(read.is_empty(), "nobody opened {read:?}");
    world.page.close().await;
}

#[tokio::test]
async fn a_row_that_the_page_draws_late_is_not_taken_for_a_missing_chat() {
    // So long that its first rows are not drawn at its end, and so short that the others still are at its start.
    let (_dir, scenario) = large_scenario(41, 3);
    let world = World::linked(&scenario).await;
    world.post("speed", json!({"speed": 1.0})).await;
    let list = world.page.walk_list(Priority::Fill, PATIENCE).await.unwrap();
    assert!(list.complete, "{} of {:?}", list.rows.len(), list.total);
    let seen = world.page.open_chat(&target("Customer 0001"), Priority::Open, PATIENCE).await.unwrap();
    assert_eq!(seen.messages.last().map(|message| message.text.as_str()), Some("hello from 1"));
    let seen = world.page.open_chat(&target("Long Story"), Priority::Open, PATIENCE).await.unwrap();
    assert_eq!(seen.messages.last().map(|message| message.text.as_str()), Some("message 3"));
    world.page.close().await;
}

#[tokio::test]
async fn a_chat_is_open_although_its_news_never_end() {
    let world = World::linked("test").await;
    let account = world.ledger().await.accounts.swap_remove(0);
    let path = format!("accounts/{}/incoming", account.id);
    let alice = target("Alice Online");
    let opening = world.page.open_chat(&alice, Priority::Open, PATIENCE);
    // More than one between two looks.
    let writing = async {
        for n in 0.. {
            world.post(&path, json!({"chat": "Alice Online", "text": format!("news {n}")})).await;
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    };
    let seen = tokio::select! {
        seen = opening => seen.unwrap(),
        () = writing => unreachable!("news never end"),
    };
    assert_eq!(seen.title, "Alice Online");
    let texts: Vec<&str> = seen.messages.iter().map(|message| message.text.as_str()).collect();
    let truth = world.truth("Alice Online").await;
    assert!(!texts.is_empty() && truth.windows(texts.len()).any(|part| part == texts), "{texts:?} of {truth:?}");
    world.page.close().await;
}
