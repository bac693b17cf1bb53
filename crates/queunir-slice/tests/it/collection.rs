//! Collecting the past while nobody works in the app: what is touched, when it stops, and counts that can be checked.

use std::time::Duration;

use axum::http::StatusCode;
use queunir_core::{
    chat::ChatKind,
    collection::{CollectionLimits, CollectionState},
    id::ChatId,
    link::ReadingMode,
    message::MessageKind,
    slice::SliceSpec,
};
use queunir_db::slice::{SliceDb, settings};
use queunir_slice::{collection, reading};
use queunir_whatsapp::{
    PageError,
    fake::{FakeFile, FakePhone},
    seen::{SeenFile, SeenMessage, Shown},
};
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::*;

/// Touches last until they are taken back, so that nothing hangs on the speed of the machine.
const LIMITS: CollectionLimits = CollectionLimits { pause_ms: 0, idle_ms: 3_600_000, messages: 1_000 };

fn collecting(mode: ReadingMode, collection: CollectionLimits) -> SliceSpec {
    SliceSpec { collection, ..spec(mode) }
}

/// Chats with so many messages each, that nobody has opened yet; somebody works in the app.
async fn begin(pool: &PgPool, spec: SliceSpec, chats: &[(&str, usize)]) -> Slice {
    let slice = Slice::start_with(pool, spec).await;
    touch(&slice, 1, true).await;
    put(&slice, chats);
    link(&slice).await;
    slice
}

fn put(slice: &Slice, chats: &[(&str, usize)]) {
    for (title, messages) in chats {
        slice.page.add_chat(title, ChatKind::Contact);
        for n in 0..*messages {
            slice.page.history(title, incoming(&format!("{title}{n}"), &format!("m{n}"), i64::try_from(n).unwrap()));
        }
    }
}

async fn link(slice: &Slice) {
    slice.page.link("+5511999990000");
    slice.until("the first list is complete", async || slice.app.link.now().first_list_complete).await;
}

/// Somebody touches a window of the app, or leaves it.
async fn touch(slice: &Slice, window: u128, working: bool) {
    let body = serde_json::json!({ "window": Uuid::from_u128(window), "working": working }).to_string();
    assert_eq!(slice.call("POST", "/api/status/presence", Some(&body)).await.0, StatusCode::NO_CONTENT);
}

async fn view(slice: &Slice) -> Value {
    let (status, view) = slice.call("GET", "/api/settings/collection", None).await;
    assert_eq!(status, StatusCode::OK, "{view}");
    view
}

async fn pause(slice: &Slice, paused: bool) -> Value {
    let body = serde_json::json!({ "paused": paused }).to_string();
    let (status, view) = slice.call("PUT", "/api/settings/collection", Some(&body)).await;
    assert_eq!(status, StatusCode::OK, "{view}");
    view
}

async fn until_state(slice: &Slice, state: &str) {
    slice.until(&format!("collecting is {state}"), async || view(slice).await["state"] == state).await;
}

async fn collected(slice: &Slice, title: &str) -> Value {
    let chat = slice.chat(title).await;
    slice.call("GET", &format!("/api/chats/{chat}/history"), None).await.1["collected"].clone()
}

/// Waits until a chat is being collected and something of it is stored.
async fn until_under_way(slice: &Slice, title: &str) -> ChatId {
    let chat = slice.chat(title).await;
    let under_way = async || slice.app.collection.chat() == Some(chat) && texts(&slice.pool, title).await.len() > 20;
    slice.until(&format!("{title} is being collected"), under_way).await;
    chat
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn every_conversation_is_collected_to_its_end_and_the_counts_are_those_of_the_page(pool: PgPool) {
    let chats = [("Ana", 50), ("Bia", 60), ("Cid", 0), ("Dan", 150), ("Eva", 30)];
    let spec = collecting(ReadingMode::Background, CollectionLimits { messages: 100, ..LIMITS });
    let slice = begin(&pool, spec, &chats).await;
    slice.page.keep_on_phone("Bia", 20, FakePhone::Gives);
    slice.page.change_row("Eva", |row| row.archived = true);
    touch(&slice, 1, false).await;
    slice.until("all are collected", async || view(&slice).await["collected"] == chats.len()).await;
    until_state(&slice, "done").await;
    for (title, boundary, messages) in [
        ("Ana", "start", 50),
        ("Bia", "on_phone", 40),
        ("Cid", "start", 0),
        ("Dan", "limit", 100),
        ("Eva", "start", 30),
    ] {
        let told = collected(&slice, title).await;
        assert_eq!((&told["boundary"], &told["messages"]), (&boundary.into(), &messages.into()), "{title}: {told}");
        assert_eq!(rows(&pool, title).await.len(), messages, "{title}");
    }
    let now = view(&slice).await;
    assert_eq!((&now["chats"], &now["collected"], &now["failed"]), (&5.into(), &5.into(), &0.into()), "{now}");
    assert_eq!(now["messages"], 220, "{now}");
    assert_eq!(
        slice.page.panels_read().len(),
        4,
        "of those in the list, what is known of the people is read by the way"
    );
    slice.until("the last one is left", async || slice.page.open_title().is_none()).await;
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn it_stops_as_soon_as_somebody_works_and_goes_on_with_what_is_left(pool: PgPool) {
    let spec = collecting(ReadingMode::Background, LIMITS);
    let slice = begin(&pool, spec, &[("Ana", 400), ("Bia", 30)]).await;
    for _ in 0..5 {
        assert!(!reading::pass(&slice.app).await.unwrap());
    }
    assert!(slice.page.opened().is_empty(), "somebody works");
    assert_eq!(view(&slice).await["state"], "working");

    touch(&slice, 1, false).await;
    until_under_way(&slice, "Ana").await;
    // Another window than the one that was closed.
    touch(&slice, 2, true).await;
    slice.until("it stops", async || slice.app.collection.chat().is_none()).await;
    let stored = texts(&pool, "Ana").await.len();
    assert!(stored < 400, "in the middle");
    assert_eq!(view(&slice).await["state"], "working");
    for _ in 0..5 {
        assert!(!reading::pass(&slice.app).await.unwrap());
    }
    assert_eq!(texts(&pool, "Ana").await.len(), stored);
    assert_eq!(collected(&slice, "Ana").await, Value::Null);
    slice.until("nothing is left open", async || slice.page.open_title().is_none()).await;

    touch(&slice, 2, false).await;
    until_state(&slice, "done").await;
    assert_eq!(slice.page.opened(), ["Ana", "Ana", "Bia"], "the one that was begun first");
    assert_eq!((texts(&pool, "Ana").await.len(), texts(&pool, "Bia").await.len()), (400, 30));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn it_rests_while_messages_come_to_a_chat_that_somebody_looks_at(pool: PgPool) {
    let spec = collecting(ReadingMode::Background, LIMITS);
    let slice = begin(&pool, spec, &[("Ana", 400), ("Bia", 1)]).await;
    let bia = slice.chat("Bia").await;
    slice.open(bia, 1).await;
    touch(&slice, 1, false).await;
    until_under_way(&slice, "Ana").await;
    slice.page.receive("Bia", "hello?", minute(500));
    slice.until("the message is read", async || texts(&pool, "Bia").await.contains(&"hello?".to_owned())).await;
    until_state(&slice, "working").await;
    let stored = texts(&pool, "Ana").await.len();
    for _ in 0..5 {
        reading::pass(&slice.app).await.unwrap();
    }
    assert_eq!(slice.page.open_title().as_deref(), Some("Bia"), "the next message finds the page there");
    assert_eq!(texts(&pool, "Ana").await.len(), stored);
    assert_eq!(collected(&slice, "Ana").await, Value::Null);
    slice.close(bia, 1).await;
    slice.until("it goes on when nobody follows", async || view(&slice).await["collected"] == 2).await;
    assert_eq!(texts(&pool, "Ana").await.len(), 400);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn in_on_open_mode_only_a_chat_that_somebody_looks_at_is_collected(pool: PgPool) {
    let spec = collecting(ReadingMode::OnOpen, LIMITS);
    let slice = begin(&pool, spec, &[("Ana", 50), ("Bia", 50)]).await;
    touch(&slice, 1, false).await;
    until_state(&slice, "only_opened").await;
    for _ in 0..5 {
        assert!(!reading::pass(&slice.app).await.unwrap());
    }
    assert!(slice.page.opened().is_empty(), "a receipt that the mode forbids");

    let ana = slice.chat("Ana").await;
    slice.open(ana, 1).await;
    slice.until("Ana is collected", async || collected(&slice, "Ana").await["boundary"] == "start").await;
    until_state(&slice, "only_opened").await;
    assert_eq!(view(&slice).await["collected"], 1);
    slice.close(ana, 1).await;
    slice.until("Ana is left", async || slice.page.open_title().is_none()).await;
    for _ in 0..5 {
        assert!(!reading::pass(&slice.app).await.unwrap());
    }
    assert_eq!(slice.page.opened(), ["Ana"]);
    assert!(texts(&pool, "Bia").await.is_empty());
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_chat_that_nobody_looks_at_any_more_is_left_in_the_middle_in_on_open_mode(pool: PgPool) {
    let spec = collecting(ReadingMode::OnOpen, LIMITS);
    let slice = begin(&pool, spec, &[("Ana", 400)]).await;
    let ana = slice.chat("Ana").await;
    slice.open(ana, 1).await;
    touch(&slice, 1, false).await;
    until_under_way(&slice, "Ana").await;
    slice.close(ana, 1).await;
    slice.until("Ana is left", async || slice.page.open_title().is_none()).await;
    assert!(texts(&pool, "Ana").await.len() < 400);
    assert_eq!(collected(&slice, "Ana").await, Value::Null);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn news_go_first_and_what_was_begun_is_brought_to_its_end(pool: PgPool) {
    let spec = collecting(ReadingMode::Background, LIMITS);
    let slice = begin(&pool, spec, &[("Ana", 400), ("Bia", 0)]).await;
    touch(&slice, 1, false).await;
    until_under_way(&slice, "Ana").await;
    slice.page.receive("Bia", "are you there?", minute(500));
    let read = async || rows(&pool, "Bia").await.iter().any(|row| row.key.is_some());
    slice.until("Bia's message is read", read).await;
    assert_eq!(collected(&slice, "Ana").await, Value::Null, "it did not wait for Ana's past");
    until_state(&slice, "done").await;
    assert_eq!(texts(&pool, "Ana").await.len(), 400);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn whoever_looks_at_another_chat_and_does_nothing_does_not_take_the_page_away(pool: PgPool) {
    let spec = collecting(ReadingMode::Background, LIMITS);
    let slice = begin(&pool, spec, &[("Ana", 400), ("Bia", 1)]).await;
    let bia = slice.chat("Bia").await;
    slice.open(bia, 1).await;
    touch(&slice, 1, false).await;
    until_under_way(&slice, "Ana").await;
    // The app renews its look every 15 seconds, whether anybody is there or not.
    assert_eq!(slice.open(bia, 1).await["opened"], true);
    assert_eq!(slice.page.open_title().as_deref(), Some("Ana"));
    touch(&slice, 1, true).await;
    slice.until("whoever is back finds the chat", async || slice.page.open_title().as_deref() == Some("Bia")).await;
    assert!(texts(&pool, "Ana").await.len() < 400);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_pause_is_on_record_and_outlives_the_process_and_what_is_collected_stays_so(pool: PgPool) {
    let spec = collecting(ReadingMode::Background, LIMITS);
    let chats = [("Ana", 30), ("Bia", 400), ("Cid", 30)];
    let slice = begin(&pool, spec.clone(), &chats).await;
    touch(&slice, 1, false).await;
    until_under_way(&slice, "Bia").await;
    assert_eq!(pause(&slice, true).await["state"], "paused");
    slice.until("it stops", async || slice.app.collection.chat().is_none()).await;
    assert!(texts(&pool, "Bia").await.len() < 400);
    slice.stop().await;

    let slice = Slice::start_with(&pool, spec).await;
    put(&slice, &chats);
    link(&slice).await;
    until_state(&slice, "paused").await;
    for _ in 0..5 {
        assert!(!reading::pass(&slice.app).await.unwrap());
    }
    assert!(slice.page.opened().is_empty());
    pause(&slice, false).await;
    until_state(&slice, "done").await;
    assert_eq!(slice.page.opened(), ["Bia", "Cid"], "Ana was collected before");
    assert_eq!(texts(&pool, "Bia").await.len(), 400);
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    assert_eq!(settings::changes(&mut tx, collection::SETTING).await.unwrap(), 2);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_text_whose_rest_was_not_asked_for_when_the_process_ended_is_made_whole_first(pool: PgPool) {
    let spec = collecting(ReadingMode::Background, LIMITS);
    let chats = [("Ana", 30), ("Bia", 30), ("Cid", 30)];
    let slice = begin(&pool, spec.clone(), &chats).await;
    touch(&slice, 1, false).await;
    until_state(&slice, "done").await;
    slice.stop().await;
    // The process was killed between storing the beginning of a text and asking for its rest.
    sqlx::query("update messages set cut = true, text = 'm' where wa_msg_id = 'Cid4'").execute(&pool).await.unwrap();
    sqlx::query(
        "update collections set completed_at = null, boundary = null where chat_id in
         (select id from chats where title <> 'Cid')",
    )
    .execute(&pool)
    .await
    .unwrap();
    sqlx::query("update collections set begun_at = now()").execute(&pool).await.unwrap();

    let slice = Slice::start_with(&pool, spec).await;
    put(&slice, &chats);
    link(&slice).await;
    until_state(&slice, "done").await;
    assert_eq!(slice.page.opened().first().map(String::as_str), Some("Cid"));
    assert_eq!(texts(&pool, "Cid").await[4], "m4");
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_fails_rests_and_is_given_up_until_a_person_says_so(pool: PgPool) {
    let spec = collecting(ReadingMode::Background, LIMITS);
    let slice = begin(&pool, spec, &[("Ana", 30)]).await;
    slice.page.refuse("Ana", Some(PageError::Deadline));
    for round in 1..=3 {
        touch(&slice, 1, false).await;
        let attempts = async || {
            let attempts = sqlx::query_scalar::<_, i32>("select attempts from collections").fetch_optional(&pool).await;
            attempts.unwrap().unwrap_or(0)
        };
        slice.until(&format!("attempt {round} is in vain"), async || attempts().await == round).await;
        until_state(&slice, if round < 3 { "later" } else { "done" }).await;
        touch(&slice, 1, true).await;
        // Its rest is over.
        sqlx::query("update collections set not_before = null").execute(&pool).await.unwrap();
    }
    let now = view(&slice).await;
    assert_eq!((&now["failed"], &now["collected"]), (&1.into(), &0.into()), "{now}");
    slice.page.refuse("Ana", None);
    touch(&slice, 1, false).await;
    for _ in 0..5 {
        assert!(!reading::pass(&slice.app).await.unwrap());
    }
    assert!(slice.page.opened().is_empty(), "only a person makes us try again");
    pause(&slice, false).await;
    slice.until("it is collected", async || view(&slice).await["collected"] == 1).await;
    assert_eq!(view(&slice).await["failed"], 0);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn files_of_old_messages_are_fetched_before_they_are_scrolled_away(pool: PgPool) {
    let dir = tempfile::tempdir().unwrap();
    let spec = SliceSpec { media_dir: dir.path().into(), ..collecting(ReadingMode::Background, LIMITS) };
    let slice = begin(&pool, spec, &[("Ana", 0)]).await;
    for n in 0..50 {
        let message = incoming(&format!("k{n}"), "", n);
        // Of the second there is nothing to be had.
        let files = (n < 2).then_some(SeenFile { shown: Shown::Whole, name: None, duration_s: None, size_text: None });
        let kind = if n < 2 { MessageKind::Document } else { MessageKind::Text };
        slice.page.history("Ana", SeenMessage { kind, files: files.into_iter().collect(), ..message });
    }
    slice.page.put_file("k0", 0, Ok(FakeFile::whole(b"%PDF-1.7 a small one")));
    touch(&slice, 1, false).await;
    slice.until("Ana is collected", async || collected(&slice, "Ana").await["boundary"] == "start").await;
    let told = collected(&slice, "Ana").await;
    assert_eq!((&told["files"], &told["files_missing"]), (&1.into(), &1.into()), "{told}");
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn how_far_it_is_is_told_as_it_goes_and_switched_off_it_says_so(pool: PgPool) {
    let slice = begin(&pool, collecting(ReadingMode::Background, LIMITS), &[("Ana", 50), ("Bia", 50)]).await;
    let mut told = slice.app.collection.listen();
    told.borrow_and_update();
    touch(&slice, 1, false).await;
    let mut seen = Vec::new();
    let all = tokio::time::timeout(Duration::from_secs(20), async {
        while seen.last().is_none_or(|last: &queunir_core::collection::Collection| last.state != CollectionState::Done)
        {
            told.changed().await.unwrap();
            seen.push(told.borrow_and_update().clone());
        }
    });
    assert!(all.await.is_ok(), "{seen:?}");
    let rising = |figures: Vec<u64>| figures.is_sorted() && figures.first() < figures.last();
    assert!(rising(seen.iter().map(|one| one.messages).collect()), "{seen:?}");
    assert!(rising(seen.iter().map(|one| u64::from(one.collected)).collect()), "{seen:?}");
    let (ana, bia) = (slice.chat("Ana").await, slice.chat("Bia").await);
    assert!([ana, bia].iter().all(|chat| seen.iter().any(|one| one.chat_id == Some(*chat))));
    slice.stop().await;

    let off = CollectionLimits { messages: 0, ..LIMITS };
    let slice = Slice::start_with(&pool, collecting(ReadingMode::Background, off)).await;
    link(&slice).await;
    until_state(&slice, "off").await;
    slice.stop().await;
}
