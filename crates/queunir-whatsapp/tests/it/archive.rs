//! The drawer of archived chats on the simulator.

use queunir_whatsapp::{ChatTarget, Priority};
use serde_json::json;

use crate::world::{PATIENCE, World, large_scenario, target};

async fn archive(world: &World, title: &str) {
    let ledger = world.ledger().await;
    let id = &ledger.accounts[0].chats.iter().find(|chat| chat.title == title).unwrap().id;
    world.post(&format!("accounts/test/chats/{id}"), json!({"do": "archive", "on": true})).await;
}

/// Whether a drawer covers the list.
async fn covered(world: &World) -> bool {
    let structure = world.page.structure().await.unwrap();
    structure.html.contains("data-testid=\"drawer-left\"")
}

#[tokio::test]
async fn archived_chats_are_listed_opened_and_the_drawer_is_left_again() {
    let (_dir, scenario) = large_scenario(50, 3);
    let mut world = World::linked(&scenario).await;
    let empty = world.page.walk_archive(Priority::Fill, PATIENCE).await.unwrap();
    assert!(empty.complete && empty.rows.is_empty());
    // More than the drawer draws at once.
    for number in 1..=45 {
        archive(&world, &format!("Customer {number:04}")).await;
    }
    world
        .event(|event| match event {
            queunir_whatsapp::PageEvent::List(list) => (list.total == Some(6)).then_some(()),
            _ => None,
        })
        .await;
    assert!(world.page.archive_label().await.unwrap().is_some());
    let archived = world.page.walk_archive(Priority::Fill, PATIENCE).await.unwrap();
    assert!(archived.complete && archived.rows.iter().all(|row| row.archived));
    assert_eq!(archived.rows.len(), 45);
    assert!(!covered(&world).await, "the drawer is left");
    let list = world.page.walk_list(Priority::Fill, PATIENCE).await.unwrap();
    assert!(list.complete && list.rows.len() == 6);
    assert!(world.receipts().await.is_empty());

    let far = ChatTarget { archived: true, ..target("Customer 0044") };
    let seen = world.page.open_chat(&far, Priority::Open, PATIENCE).await.unwrap();
    assert_eq!(seen.messages.last().map(|message| message.text.as_str()), Some("hello from 44"));
    assert!(!covered(&world).await, "the drawer is left");
    let seen = world.page.open_chat(&target("Long Story"), Priority::Open, PATIENCE).await.unwrap();
    assert_eq!(seen.messages.last().map(|message| message.text.as_str()), Some("message 3"));
    world.page.close().await;
}
