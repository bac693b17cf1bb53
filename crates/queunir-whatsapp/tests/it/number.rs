//! Beginning a chat by its number on the simulator: the page's own address, its dialogs, and the header that proves it.

use std::time::Duration;

use queunir_core::{link::PageState, phone::PhoneNumber};
use queunir_whatsapp::{ByNumber, ChatTarget, PageError, Pressed, Priority};
use serde_json::json;

use crate::world::World;

const LIMIT: Duration = Duration::from_secs(60);

async fn open(world: &World, number: &str) -> Result<ByNumber, PageError> {
    world.page.open_number(&PhoneNumber::parse(number).unwrap(), Priority::Open, LIMIT).await
}

async fn linked_in(locale: &str) -> World {
    let mut world = World::start_in("test", 4.0, locale).await;
    world.link().await;
    world
}

/// How many chats the account has, by the ledger.
async fn chats(world: &World) -> usize {
    world.ledger().await.accounts[0].chats.len()
}

#[tokio::test]
async fn a_number_opens_its_chat_and_the_first_message_reaches_it_even_after_the_page_left_it() {
    let mut world = linked_in("pt-BR").await;
    let found = open(&world, "+55 21 95555-0101").await.unwrap();
    assert_eq!(found.number, "+5521955550101");
    assert_eq!((found.seen.title.as_str(), found.seen.phone.as_deref()), ("+55 21 95555-0101", Some("+5521955550101")));
    assert!(found.seen.writable && found.seen.messages.iter().all(|message| message.text.is_empty()), "{found:#?}");

    // The list does not have it yet: it is found by its number, and without that it is not there.
    world.page.leave_chat().await.unwrap();
    let listed = ChatTarget {
        title: found.seen.title.clone(),
        phone: found.seen.phone.clone(),
        unlisted: false,
        archived: false,
    };
    let missing = world.page.open_chat(&listed, Priority::Open, LIMIT).await;
    assert_eq!(missing.unwrap_err(), PageError::ChatNotFound);
    let target = ChatTarget { unlisted: true, ..listed.clone() };
    let ticket = world.page.compose(&target, "Olá!", Duration::ZERO, LIMIT).await.unwrap();
    assert!(matches!(ticket.press(LIMIT).await.unwrap(), Pressed::Bubble(_)));
    assert_eq!(world.truth("+55 21 95555-0101").await, ["Olá!"]);

    // A reload of the page opens nothing by itself, and from now on the list has it.
    let opened = world.opened().await.len();
    world.forget();
    world.page.reload().await.unwrap();
    world.state(|state| state.state == PageState::Linked).await;
    world.page.walk_list(Priority::Open, LIMIT).await.unwrap();
    assert_eq!(world.opened().await.len(), opened, "the number is still in the address");
    world.page.open_chat(&listed, Priority::Open, LIMIT).await.unwrap();
    world.page.close().await;
}

#[tokio::test]
async fn a_known_number_opens_the_chat_that_bears_a_name() {
    let world = linked_in("en").await;
    let ledger = world.http_get("ledger").await;
    let chats = ledger["accounts"][0]["chats"].as_array().unwrap();
    let alice = chats.iter().find(|chat| chat["title"] == "Alice Online").unwrap();
    let number = format!("+{}", alice["id"].as_str().unwrap().trim_start_matches("c_"));
    let found = open(&world, &number).await.unwrap();
    assert_eq!((found.number.as_str(), found.seen.title.as_str()), (number.as_str(), "Alice Online"));
    let texts: Vec<&str> = found.seen.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, world.truth("Alice Online").await);
    world.page.close().await;
}

#[tokio::test]
async fn both_forms_of_a_brazilian_mobile_number_are_tried_and_the_one_the_page_opens_counts() {
    let world = linked_in("en").await;
    let before = chats(&world).await;
    world.post("trouble", json!({"ninth_digit_follows": true})).await;
    assert_eq!(open(&world, "+55 21 96666-0001").await.unwrap().number, "+552166660001");
    world.post("trouble", json!({"ninth_digit_absent": true})).await;
    assert_eq!(open(&world, "+55 21 96666-0002").await.unwrap().number, "+552166660002");
    assert_eq!(chats(&world).await, before + 2);
    world.page.close().await;
}

/// The dialog is recognised in every language, closed, and leaves a page that works.
async fn refused_in(locale: &str) {
    let world = linked_in(locale).await;
    let before = chats(&world).await;
    world.post("trouble", json!({"numbers_absent": true})).await;
    assert_eq!(open(&world, "+55 21 95555-0000").await.unwrap_err(), PageError::NotOnWhatsApp, "{locale}");
    assert_eq!(open(&world, "+290 51234").await.unwrap_err(), PageError::NotOnWhatsApp, "{locale}: an invalid one");
    assert_eq!(chats(&world).await, before);
    let target = ChatTarget { title: "Alice Online".into(), phone: None, unlisted: false, archived: false };
    world.page.open_chat(&target, Priority::Open, LIMIT).await.unwrap();
    world.page.close().await;
}

#[tokio::test]
async fn a_number_that_is_not_on_whatsapp_is_told_in_english() {
    refused_in("en").await;
}

#[tokio::test]
async fn a_number_that_is_not_on_whatsapp_is_told_in_portuguese() {
    refused_in("pt-BR").await;
}

#[tokio::test]
async fn a_number_that_is_not_on_whatsapp_is_told_in_spanish() {
    refused_in("es").await;
}

#[tokio::test]
async fn a_number_that_is_not_on_whatsapp_is_told_in_italian() {
    refused_in("it").await;
}

#[tokio::test]
async fn a_number_that_is_not_on_whatsapp_is_told_in_chinese() {
    refused_in("zh-CN").await;
}

#[tokio::test]
async fn a_dialog_that_is_not_in_the_catalogue_is_reported_and_not_clicked() {
    let world = linked_in("en").await;
    let number = PhoneNumber::parse("+55 21 95555-0303").unwrap();
    let dialog = json!({"dialog": {"id": "odd", "title": "Something new", "text": "Do you agree?", "ok": "Yes"}});
    let opening = world.page.open_number(&number, Priority::Open, LIMIT);
    // Again and again, so that it is there before the chat is.
    let disturbing = async {
        loop {
            world.post("disturb", dialog.clone()).await;
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    };
    let opened = tokio::select! {
        opened = opening => opened,
        () = disturbing => unreachable!(),
    };
    assert_eq!(opened.unwrap_err(), PageError::UnknownDialog);
    let ledger = world.http_get("ledger").await;
    let acts = ledger["accounts"][0]["acts"].as_array().unwrap();
    assert!(acts.iter().all(|act| act["act"] != "dialog_closed"), "{acts:#?}");
    world.page.close().await;
}

#[tokio::test]
async fn a_page_that_does_not_answer_in_time_leaves_the_matter_open() {
    let world = linked_in("en").await;
    world.post("trouble", json!({"slow_ms": 60_000})).await;
    let number = PhoneNumber::parse("+55 21 95555-0202").unwrap();
    let late = world.page.open_number(&number, Priority::Open, Duration::from_secs(6)).await;
    assert_eq!(late.unwrap_err(), PageError::Deadline);
    world.page.close().await;
}
