//! What WhatsApp asks of a person is told as what it is, and nothing on it is pressed (POL-07).

use queunir_core::link::PageState;
use queunir_whatsapp::{PageError, Priority};
use serde_json::{Value, json};

use crate::world::{PATIENCE, World, target};

/// Every full screen of the simulator, and what it is.
const SCREENS: [(&str, PageState); 10] = [
    ("conflict", PageState::Conflict),
    ("offline", PageState::Offline),
    ("temp_ban", PageState::Blocked),
    ("tos", PageState::Blocked),
    ("smb_tos", PageState::Blocked),
    ("service_unavailable", PageState::Blocked),
    ("passkey", PageState::PasskeyRequired),
    ("screen_lock", PageState::Unknown),
    ("proxy_block", PageState::Unknown),
    ("call_takeover", PageState::Unknown),
];

/// Everything that the account's pages did, as the simulator has it on record.
async fn acts(world: &World) -> Value {
    serde_json::to_value(&world.ledger().await.accounts[0]).unwrap()["acts"].clone()
}

async fn each_screen(locale: &str) {
    let mut world = World::start_in("test", 4.0, locale).await;
    world.link().await;
    for (screen, state) in SCREENS {
        let before = acts(&world).await;
        world.forget();
        world.post("disturb", json!({"screen": screen})).await;
        let told = tokio::time::timeout(PATIENCE, world.state(|seen| seen.state == state)).await;
        assert!(told.is_ok(), "{screen} in {locale}: {:?}", world.last(2));
        // Nor does a job press anything on it.
        let refused = world.page.open_chat(&target("Alice Online"), Priority::Open, PATIENCE).await;
        if state != PageState::Offline {
            assert_eq!(refused.unwrap_err(), PageError::NotLinked, "{screen} in {locale}");
        }
        assert_eq!(acts(&world).await, before, "{screen} in {locale}");
        world.forget();
        world.post("disturb", json!({"screen": "none"})).await;
        world.state(|seen| seen.state == PageState::Linked).await;
    }
    world.page.close().await;
}

#[tokio::test]
async fn pol_07_each_screen_that_asks_something_is_known_and_not_pressed() {
    each_screen("en").await;
}

#[tokio::test]
async fn pol_07_the_same_in_portuguese_and_spanish() {
    each_screen("pt-BR").await;
    each_screen("es").await;
}

#[tokio::test]
async fn pol_07_a_dialog_that_nobody_knows_is_reported_and_not_pressed() {
    let world = World::linked("test").await;
    let dialog = json!({"id": "odd", "title": "Confirm your address", "text": "Is it still yours?", "ok": "Yes", "cancel": "No"});
    world.post("disturb", json!({"dialog": dialog})).await;
    let before = acts(&world).await;
    for _ in 0..2 {
        let refused = world.page.open_chat(&target("Alice Online"), Priority::Open, PATIENCE).await;
        assert_eq!(refused.unwrap_err(), PageError::UnknownDialog);
    }
    assert_eq!(acts(&world).await, before);
    world.page.close().await;
}
