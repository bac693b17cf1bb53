//! Linking by phone number on the simulator: the form, the number with real keys, the characters, and the way back.

use std::time::Duration;

use queunir_core::link::PageState;
use queunir_whatsapp::PageError;
use serde_json::json;

use crate::world::World;

const LIMIT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_number_becomes_characters_for_the_phone_and_they_link_it() {
    let mut world = World::start_in("test", 4.0, "pt-BR").await;
    world.state(|state| state.state == PageState::Qr).await;
    world.page.link_by_phone("+5511900000001", LIMIT).await.unwrap();
    let first = world.state(|state| state.link_code.is_some()).await;
    assert_eq!(first.state, PageState::Pairing);

    // Another number, or the same once more, begins anew: the code on screen belongs to what was typed before.
    world.forget();
    world.page.link_by_phone("+5511900000001", LIMIT).await.unwrap();
    let second = world.state(|state| state.link_code.is_some() && state.link_code != first.link_code).await;
    world.post("scan", json!({"link_code": second.link_code})).await;
    world.state(|state| state.state == PageState::Linked).await;
    world.page.close().await;
}

#[tokio::test]
async fn a_number_that_the_page_does_not_take_is_refused_and_the_qr_code_comes_back() {
    let mut world = World::start_in("test", 4.0, "es").await;
    world.state(|state| state.state == PageState::Qr).await;
    let refused = world.page.link_by_phone("+5511977777777", LIMIT).await;
    assert_eq!(refused.unwrap_err(), PageError::NumberRefused);
    world.state(|state| state.state == PageState::Pairing).await;
    // The form is still there, and a right number goes into it.
    world.page.link_by_phone("+5511900000001", LIMIT).await.unwrap();
    world.forget();
    world.page.reload().await.unwrap();
    world.state(|state| state.state == PageState::Qr && state.qr.is_some()).await;
    world.page.close().await;
}
