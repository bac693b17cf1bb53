//! The facts that are relied on hold on a page that is drawn as it is today, and the canary falls when they do not.

use queunir_whatsapp::{
    PageEvent, Priority, launch,
    page::facts::{FactReport, Holds},
};
use serde_json::json;

use crate::world::{PATIENCE, World, target};

/// What a page in this look shows with a chat open.
async fn facts_of(world: &World, look: &str) -> Vec<FactReport> {
    world.post("look", json!({"generation": look})).await;
    let (page, mut events) = launch(world.config.clone()).await.unwrap();
    let heard = async { while !matches!(events.recv().await, Some(PageEvent::List(list)) if list.rows.len() > 4) {} };
    tokio::time::timeout(PATIENCE, heard).await.unwrap();
    page.open_chat(&target("Bruno Away"), Priority::Open, PATIENCE).await.unwrap();
    let facts = page.facts().await.unwrap();
    page.close().await;
    facts
}

/// Messages enough for everything that only some of them have.
async fn write_much(world: &World, title: &str) {
    let ledger = world.ledger().await;
    let account = &ledger.accounts[0];
    let chat = account.chats.iter().find(|chat| chat.title == title).unwrap();
    for n in 0..60 {
        let message = json!({"chat": chat.id, "text": format!("one of many: {n}")});
        world.post(&format!("accounts/{}/incoming", account.id), message).await;
    }
}

/// Elements that were looked at for a fact, and those that are as it says.
fn count(facts: &[FactReport], id: &str) -> (u32, u32) {
    let fact = facts.iter().find(|fact| fact.id == id).unwrap();
    (fact.looked, fact.held)
}

fn ids(facts: &[FactReport], holds: Holds) -> Vec<&str> {
    facts.iter().filter(|fact| fact.holds == holds).map(|fact| fact.id.as_str()).collect()
}

#[tokio::test]
async fn the_facts_hold_today_and_those_that_a_new_look_breaks_are_named() {
    let world = World::linked("test").await;
    world.page.close().await;
    write_much(&world, "Bruno Away").await;
    let today = facts_of(&world, "g3").await;
    assert!(ids(&today, Holds::No).is_empty(), "{today:#?}");
    // Some bubbles carry their id twice; the one inside is no row.
    let (ids_drawn, (rows, held)) = (count(&today, "3.2 bare").0, count(&today, "3.2 virtual"));
    assert!(
        ids_drawn > rows && rows == held,
        "{ids_drawn} ids, {rows} rows, {held} of them say whether they are drawn"
    );
    assert!(ids(&today, Holds::Yes).len() > 30, "{today:#?}");
    assert!(ids(&today, Holds::NotShown).contains(&"1.3 canvas"), "{today:#?}");

    let other = facts_of(&world, "unknown:3").await;
    let broken = ids(&other, Holds::No);
    for id in ["1.2 main", "2.2 cell", "3.1 header", "3.8 meta"] {
        assert!(broken.contains(&id), "{id}: {other:#?}");
    }
    for id in ["2.1 side", "3.2 id", "3.4 stamp", "3.4 form", "8 visible"] {
        assert!(ids(&other, Holds::Yes).contains(&id), "{id}: {other:#?}");
    }
}
