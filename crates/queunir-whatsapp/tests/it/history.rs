//! Reading a conversation back on the simulator: what stands above it, the phone, and rows that are not drawn.

use std::collections::BTreeSet;

use queunir_whatsapp::{Asked, ChatTarget, HistoryTop, Page, Priority, seen::SeenConversation};
use serde_json::json;

use crate::world::{PATIENCE, World, large_scenario, target};

fn drawn(seen: &SeenConversation) -> BTreeSet<String> {
    seen.messages.iter().filter(|message| message.drawn).map(|message| message.text.clone()).collect()
}

/// Scrolls up until the page has no more; answers the last look.
async fn to_the_top(page: &dyn Page, target: &ChatTarget, texts: &mut BTreeSet<String>) -> SeenConversation {
    loop {
        let seen = page.load_older(target, Priority::Older, PATIENCE).await.unwrap();
        let more = drawn(&seen);
        let news = !more.is_subset(texts);
        texts.extend(more);
        if seen.at_start || !news {
            return seen;
        }
    }
}

#[tokio::test]
async fn the_phone_is_asked_by_the_pages_own_button_and_what_it_answers_is_told() {
    let (_dir, scenario) = large_scenario(3, 120);
    let mut world = World::start_in(&scenario, 4.0, "pt-BR").await;
    world.link().await;
    let chat = target("Long Story");
    world.post("trouble", json!({"older_on_phone": true, "older_refused": true})).await;
    let mut texts = drawn(&world.page.open_chat(&chat, Priority::Open, PATIENCE).await.unwrap());
    let asked = world.page.ask_phone(&chat, Priority::Older, PATIENCE).await.unwrap();
    assert_eq!(asked, Asked::NoButton, "the top was not reached yet");
    assert_eq!(world.page.history_top(&chat).await.unwrap(), HistoryTop::More);

    let top = to_the_top(world.page.as_ref(), &chat, &mut texts).await;
    assert!(!top.at_start);
    assert_eq!(world.page.history_top(&chat).await.unwrap(), HistoryTop::Phone);
    assert_eq!(world.page.ask_phone(&chat, Priority::Older, PATIENCE).await.unwrap(), Asked::Refused);
    assert_eq!(world.page.history_top(&chat).await.unwrap(), HistoryTop::Phone, "the dialog is gone, the button stays");

    world.post("trouble", json!({"older_on_phone": true})).await;
    let Asked::Given(seen) = world.page.ask_phone(&chat, Priority::Older, PATIENCE).await.unwrap() else {
        panic!("the phone gave nothing")
    };
    texts.extend(drawn(&seen));
    while !to_the_top(world.page.as_ref(), &chat, &mut texts).await.at_start {
        world.page.ask_phone(&chat, Priority::Older, PATIENCE).await.unwrap();
    }
    assert_eq!(world.page.history_top(&chat).await.unwrap(), HistoryTop::Start);
    assert_eq!(texts, world.truth("Long Story").await.into_iter().collect());
    world.page.close().await;
}

#[tokio::test]
async fn history_that_is_still_arriving_is_told_as_that() {
    let (_dir, scenario) = large_scenario(1, 120);
    let world = World::linked(&scenario).await;
    let chat = target("Long Story");
    world.page.open_chat(&chat, Priority::Open, PATIENCE).await.unwrap();
    world.post("disturb", json!({"history": 99})).await;
    to_the_top(world.page.as_ref(), &chat, &mut BTreeSet::new()).await;
    assert_eq!(world.page.history_top(&chat).await.unwrap(), HistoryTop::Syncing);
    world.page.close().await;
}

#[tokio::test]
async fn a_row_that_is_loaded_and_not_drawn_is_shown_when_it_is_asked_for() {
    let (_dir, scenario) = large_scenario(1, 200);
    let world = World::linked(&scenario).await;
    let chat = target("Long Story");
    world.page.open_chat(&chat, Priority::Open, PATIENCE).await.unwrap();
    let top = to_the_top(world.page.as_ref(), &chat, &mut BTreeSet::new()).await;
    let hidden = top.messages.iter().rev().find(|message| !message.drawn).unwrap().key.clone();
    let seen = world.page.show_row(&chat, &hidden, Priority::Older, PATIENCE).await.unwrap();
    assert!(seen.messages.iter().any(|message| message.key == hidden && message.drawn));
    world.page.close().await;
}
