//! Acts on messages in the live page of the simulator: chosen from the row's own menu, seen on the row afterwards.

use std::time::Duration;

use queunir_core::{
    act::{PinFor, Wish},
    message::{Direction, MessageKind},
};
use queunir_whatsapp::{ActError, Acted, Pressed, Priority, seen::SeenMessage};
use serde_json::json;

use crate::world::{PATIENCE, World, target};

const ALICE: &str = "Alice Online";

async fn row(world: &World, text: &str) -> SeenMessage {
    let seen = world.page.open_chat(&target(ALICE), Priority::Open, PATIENCE).await.unwrap();
    seen.messages.into_iter().rfind(|message| message.text == text).unwrap_or_else(|| panic!("no {text}"))
}

async fn act(world: &World, key: &str, wish: Wish) -> Result<Acted, ActError> {
    world.page.act(&target(ALICE), key, &wish, Duration::from_secs(60)).await
}

/// An act that is done by a press, and done already when it is asked for again.
async fn done(world: &World, key: &str, wish: Wish) -> SeenMessage {
    let acted = act(world, key, wish.clone()).await.unwrap_or_else(|error| panic!("{wish:?}: {error}"));
    assert!(acted.pressed && acted.shown, "{wish:?}: {} {}", acted.pressed, acted.shown);
    let again = act(world, key, wish.clone()).await.unwrap();
    assert!(!again.pressed && again.shown, "again {wish:?}: {} {}", again.pressed, again.shown);
    again.seen.messages.into_iter().find(|message| message.key == key).unwrap()
}

async fn send(world: &World, text: &str) -> SeenMessage {
    let ticket = world.page.compose(&target(ALICE), text, Duration::ZERO, PATIENCE).await.unwrap();
    match ticket.press(PATIENCE).await.unwrap() {
        Pressed::Bubble(bubble) => *bubble,
        Pressed::NotSeen => panic!("the bubble was not seen"),
    }
}

#[tokio::test]
async fn a_reaction_is_set_changed_and_taken_back_without_a_second_press() {
    let world = World::linked("test").await;
    world.post("accounts/test/incoming", json!({"chat": ALICE, "text": "is it ready?"})).await;
    let key = row(&world, "is it ready?").await.key;
    let seen = done(&world, &key, Wish::React { emoji: Some("👍".into()) }).await;
    assert_eq!(seen.reactions[0].emoji, "👍");
    let seen = done(&world, &key, Wish::React { emoji: Some("❤".into()) }).await;
    assert!(seen.reactions.len() == 1 && seen.reactions[0].emoji.starts_with('❤'), "{:?}", seen.reactions);
    let seen = done(&world, &key, Wish::React { emoji: None }).await;
    assert!(seen.reactions.is_empty());
    let unknown = act(&world, &key, Wish::React { emoji: Some("🦀".into()) }).await;
    assert_eq!(unknown.unwrap_err(), ActError::NotOffered);
    world.page.close().await;
}

#[tokio::test]
async fn what_the_menu_offers_is_done_and_shown_on_the_row() {
    let world = World::linked("test").await;
    let ours = send(&world, "yes, untill 6").await;
    let seen = done(&world, &ours.key, Wish::Star { on: true }).await;
    assert!(seen.starred);
    done(&world, &ours.key, Wish::Star { on: false }).await;
    let seen = done(&world, &ours.key, Wish::Pin { duration: Some(PinFor::Month) }).await;
    assert!(seen.pinned);
    done(&world, &ours.key, Wish::Pin { duration: None }).await;
    let seen = done(&world, &ours.key, Wish::Edit { text: "yes, until 6 🙂\nand no later".into() }).await;
    assert_eq!((seen.text.as_str(), seen.edited), ("yes, until 6 🙂\nand no later", true));
    assert_eq!(world.truth(ALICE).await.last().unwrap(), "yes, until 6 🙂\nand no later");
    let seen = done(&world, &ours.key, Wish::DeleteForEveryone).await;
    assert_eq!(seen.kind, MessageKind::Deleted);
    world.page.close().await;
}

#[tokio::test]
async fn theirs_goes_for_me_alone_and_neither_edit_nor_revoke_is_offered_for_it() {
    let world = World::linked("test").await;
    world.post("accounts/test/incoming", json!({"chat": ALICE, "text": "delete me"})).await;
    let key = row(&world, "delete me").await.key;
    for wish in [Wish::Edit { text: "no".into() }, Wish::DeleteForEveryone] {
        assert_eq!(act(&world, &key, wish).await.unwrap_err(), ActError::NotOffered);
    }
    let acted = act(&world, &key, Wish::DeleteForMe).await.unwrap();
    assert!(acted.pressed && acted.shown && acted.seen.messages.iter().all(|message| message.key != key));
    assert_eq!(act(&world, &key, Wish::DeleteForMe).await.unwrap_err(), ActError::NoMessage);
    // Nothing is left open: the next message goes out as ever.
    send(&world, "gone").await;
    world.page.close().await;
}

#[tokio::test]
async fn a_forward_goes_to_one_chat_and_its_bubble_is_found_there() {
    let world = World::linked("test").await;
    let ours = send(&world, "the address is Rua A 5").await;
    world.post("accounts/test/incoming", json!({"chat": ALICE, "text": "tell the others"})).await;
    let theirs = row(&world, "tell the others").await;
    let to = target("Carla Off");
    let before = world.truth("Carla Off").await.len();
    let ticket = world.page.forward(&target(ALICE), &ours.key, &to, PATIENCE).await.unwrap();
    // Dropped without a press: nothing is sent, and the dialog is gone.
    drop(ticket);
    for (source, is_marked) in [(&theirs, true), (&ours, false)] {
        let ticket = world.page.forward(&target(ALICE), &source.key, &to, PATIENCE).await.unwrap();
        let Pressed::Bubble(bubble) = ticket.press(PATIENCE).await.unwrap() else {
            panic!("not seen: {:?} {:?}", world.truth("Carla Off").await, world.last(1));
        };
        assert_eq!((bubble.text.as_str(), bubble.direction), (source.text.as_str(), Direction::Out));
        assert!(bubble.forwarded || !is_marked);
    }
    assert_eq!(world.truth("Carla Off").await[before..], ["tell the others", "the address is Rua A 5"]);
    world.page.close().await;
}
