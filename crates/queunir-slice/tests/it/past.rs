//! Older messages on demand, and what could not be read at once (DEL-04).

use std::sync::Arc;

use queunir_core::{
    history::{GapState, Older},
    id::ChatId,
    link::ReadingMode,
};
use queunir_db::slice::{
    SliceDb, chats,
    gaps::{self, StoredGap},
};
use queunir_whatsapp::fake::FakePhone;
use serde_json::Value;
use sqlx::PgPool;
use tokio::sync::Notify;

use crate::support::*;

async fn unclosed(pool: &PgPool, title: &str) -> Vec<StoredGap> {
    let chat = chat_id(pool, title).await.unwrap();
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    gaps::unclosed(&mut tx, chat).await.unwrap()
}

async fn what_stands_above(pool: &PgPool, chat: ChatId) -> (Older, bool) {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let chat = chats::find(&mut tx, chat).await.unwrap().unwrap();
    (chat.older, chat.history_complete)
}

fn fill(slice: &Slice, title: &str, from: usize, to: usize) {
    for n in from..to {
        slice.page.history(title, incoming(&format!("k{n}"), &format!("m{n}"), i64::try_from(n).unwrap()));
    }
}

fn expected(from: usize, to: usize) -> Vec<String> {
    (from..to).map(|n| format!("m{n}")).collect()
}

async fn older(slice: &Slice, chat: ChatId) -> (u16, Value) {
    let (status, answer) = slice.call("POST", &format!("/api/chats/{chat}/older"), None).await;
    (status.as_u16(), answer)
}

async fn history(slice: &Slice, chat: ChatId) -> Value {
    slice.call("GET", &format!("/api/chats/{chat}/history"), None).await.1
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn older_messages_come_page_by_page_until_the_start(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    fill(&slice, "Ana", 0, 50);
    let ana = slice.chat("Ana").await;
    let (status, answer) = older(&slice, ana).await;
    assert_eq!((status, answer["code"].as_str()), (409, Some("not_open")), "nobody looks at it");
    assert!(slice.page.opened().is_empty());

    slice.open(ana, 1).await;
    assert_eq!(texts(&pool, "Ana").await, expected(30, 50));
    let (status, answer) = older(&slice, ana).await;
    assert_eq!((status, &answer["outcome"], &answer["messages"]), (200, &"loaded".into(), &20.into()));
    assert_eq!(texts(&pool, "Ana").await, expected(10, 50));
    assert_eq!(what_stands_above(&pool, ana).await, (Older::MayCome, false));
    let (_, answer) = older(&slice, ana).await;
    assert_eq!((&answer["outcome"], &answer["messages"]), (&"loaded".into(), &10.into()));
    assert_eq!(what_stands_above(&pool, ana).await, (Older::MayCome, true));
    let (_, answer) = older(&slice, ana).await;
    assert_eq!((&answer["outcome"], &answer["messages"]), (&"start".into(), &0.into()));
    assert_eq!(texts(&pool, "Ana").await, expected(0, 50));
    assert_eq!(history(&slice, ana).await["messages"], 50);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_the_page_told_by_itself_has_come_too_and_what_was_just_written_has_not(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    fill(&slice, "Ana", 0, 50);
    let ana = slice.chat("Ana").await;
    slice.open(ana, 1).await;
    let gate = Arc::new(Notify::new());
    slice.page.hold_older(&gate);
    let told_first = async {
        until("the page told them", async || texts(&pool, "Ana").await == expected(10, 50)).await;
        slice.page.receive("Ana", "just now", minute(60));
        until("and what was written", async || texts(&pool, "Ana").await.len() == 41).await;
        gate.notify_one();
    };
    let ((_, answer), ()) = tokio::join!(older(&slice, ana), told_first);
    assert_eq!((&answer["outcome"], &answer["messages"]), (&"loaded".into(), &20.into()));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_is_stored_already_is_passed_until_something_new_comes(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana", "Bia"]).await;
    fill(&slice, "Ana", 0, 100);
    let (ana, bia) = (slice.chat("Ana").await, slice.chat("Bia").await);
    slice.open(ana, 1).await;
    older(&slice, ana).await;
    older(&slice, ana).await;
    assert_eq!(texts(&pool, "Ana").await, expected(40, 100));
    // Another chat was open meanwhile: the page begins at the end again.
    slice.open(bia, 1).await;
    slice.open(ana, 2).await;
    let (_, answer) = older(&slice, ana).await;
    assert_eq!((&answer["outcome"], &answer["messages"]), (&"loaded".into(), &20.into()));
    assert_eq!(texts(&pool, "Ana").await, expected(20, 100));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn the_phone_is_asked_when_the_page_has_no_more_and_what_it_says_is_remembered(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    fill(&slice, "Ana", 0, 35);
    slice.page.keep_on_phone("Ana", 15, FakePhone::Refuses);
    let ana = slice.chat("Ana").await;
    slice.open(ana, 1).await;
    let (_, answer) = older(&slice, ana).await;
    assert_eq!(answer["outcome"], "needs_permission");
    assert_eq!(what_stands_above(&pool, ana).await, (Older::NeedsPermission, false));
    slice.page.keep_on_phone("Ana", 15, FakePhone::Silent);
    let (_, answer) = older(&slice, ana).await;
    assert_eq!(answer["outcome"], "on_phone");
    assert_eq!(what_stands_above(&pool, ana).await, (Older::OnPhone, false));
    slice.page.keep_on_phone("Ana", 15, FakePhone::Gives);
    let (_, answer) = older(&slice, ana).await;
    assert_eq!((&answer["outcome"], &answer["messages"]), (&"loaded".into(), &15.into()));
    assert_eq!(what_stands_above(&pool, ana).await, (Older::MayCome, true));
    assert_eq!(texts(&pool, "Ana").await, expected(0, 35));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn rows_that_are_loaded_and_not_drawn_are_looked_at_before_they_count_as_read(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    fill(&slice, "Ana", 0, 60);
    slice.page.draw_only(3);
    let ana = slice.chat("Ana").await;
    slice.open(ana, 1).await;
    older(&slice, ana).await;
    assert_eq!(texts(&pool, "Ana").await, expected(20, 60), "nothing is left out");
    until("and no gap is left", async || unclosed(&pool, "Ana").await.is_empty()).await;
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_04_what_is_too_far_to_read_back_is_shown_as_a_gap_until_it_is_closed(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::Background, &["Ana"]).await;
    slice.page.receive("Ana", "known", minute(-10));
    until("it is read", async || rows(&pool, "Ana").await.iter().any(|row| row.key.is_some())).await;
    until("and left", async || slice.page.open_title().is_none()).await;
    let before = last_event(&pool).await;
    fill(&slice, "Ana", 0, 560);
    slice.page.receive("Ana", "newest", minute(600));
    let told = async || {
        let events = events_after(&pool, before).await;
        events.into_iter().filter(|event| event["type"] == "gap.updated").map(|event| event["gap"].clone()).collect()
    };
    // More than five hundred rows, each window with all that came before it: longer than other conditions may take.
    let closed = async {
        loop {
            let gaps: Vec<Value> = told().await;
            if gaps.last().is_some_and(|gap| gap["state"] == "closed") {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(120), closed).await.expect("the gap is closed");
    let gaps: Vec<Value> = told().await;
    assert_eq!(gaps[0]["state"], "open");
    assert_eq!(gaps[0]["from"], minute(-10).to_string());
    let shrank: Vec<_> = gaps.iter().map(|gap| gap["found"].as_u64().unwrap()).collect();
    assert!(shrank.is_sorted() && shrank.len() > 2, "{shrank:?}");
    let mut all = vec!["known".to_owned()];
    all.extend(expected(0, 560));
    all.push("newest".to_owned());
    assert_eq!(texts(&pool, "Ana").await, all);
    let ana = slice.chat("Ana").await;
    let history = history(&slice, ana).await;
    assert_eq!((&history["messages"], history["gaps"].as_array().unwrap().len()), (&562.into(), 1));
    // What the reading had before the gap was noted, and what was found in it since, is everything that was missed.
    let read_at_once = gaps[0]["found"].as_u64().unwrap();
    let found = history["gaps"][0]["found"].as_u64().unwrap();
    assert!(found > read_at_once && found <= 560, "{found} after {read_at_once}");
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_04_a_hole_that_the_end_of_a_process_left_is_found_and_read(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.conversation(&window("Ana", vec![incoming("k0", "m0", 0)])).await.unwrap();
    // After an outage the newest rows were stored, and nothing could be read above them before the end.
    ingest.conversation(&window("Ana", vec![incoming("k58", "m58", 58), incoming("k59", "m59", 59)])).await.unwrap();
    assert_eq!(unclosed(&pool, "Ana").await.len(), 1);
    let slice = Slice::start(&pool, ReadingMode::Background).await;
    slice.page.add_chat("Ana", queunir_core::chat::ChatKind::Contact);
    fill(&slice, "Ana", 0, 60);
    slice.page.link("+55");
    until("everything is there", async || texts(&pool, "Ana").await == expected(0, 60)).await;
    until("and no gap is left", async || unclosed(&pool, "Ana").await.is_empty()).await;
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn in_on_open_mode_a_gap_waits_until_somebody_looks(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.conversation(&window("Ana", vec![incoming("k0", "m0", 0)])).await.unwrap();
    ingest.conversation(&window("Ana", vec![incoming("k40", "m40", 40)])).await.unwrap();
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    slice.page.add_chat("Ana", queunir_core::chat::ChatKind::Contact);
    fill(&slice, "Ana", 0, 41);
    slice.page.link("+55");
    slice.until("the first list is complete", async || slice.app.link.now().first_list_complete).await;
    for _ in 0..5 {
        assert!(!queunir_slice::reading::pass(&slice.app).await.unwrap());
    }
    assert!(slice.page.opened().is_empty());
    let ana = slice.chat("Ana").await;
    slice.open(ana, 1).await;
    until("everything is there", async || texts(&pool, "Ana").await == expected(0, 41)).await;
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_person_who_tries_a_gap_again_has_the_phone_asked(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.conversation(&window("Ana", vec![incoming("k0", "m0", 0)])).await.unwrap();
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    slice.page.add_chat("Ana", queunir_core::chat::ChatKind::Contact);
    fill(&slice, "Ana", 0, 30);
    slice.page.keep_on_phone("Ana", 15, FakePhone::Gives);
    slice.page.link("+55");
    slice.until("the first list is complete", async || slice.app.link.now().first_list_complete).await;
    let ana = slice.chat("Ana").await;
    let retry = async |gap| slice.call("POST", &format!("/api/chats/{ana}/gaps/{gap}/retry"), None).await;
    slice.open(ana, 1).await;
    until("the gap is shown", async || {
        let gaps = unclosed(&pool, "Ana").await;
        gaps.iter().any(|one| one.gap.state == GapState::Open && one.gap.attempts > 0)
    })
    .await;
    assert_eq!(texts(&pool, "Ana").await.len(), 16, "the phone is not asked unless a person wants it");
    let gap = unclosed(&pool, "Ana").await[0].gap.clone();
    assert_eq!((gap.from, gap.until), (Some(minute(0)), Some(minute(15))));
    slice.close(ana, 1).await;
    assert_eq!(retry(gap.id).await.1["code"], "not_open");
    slice.open(ana, 1).await;
    assert_eq!(retry(gap.id).await.0.as_u16(), 202);
    until("it is closed", async || texts(&pool, "Ana").await == expected(0, 30)).await;
    until("on record", async || history(&slice, ana).await["gaps"][0]["state"] == "closed").await;
    assert_eq!(history(&slice, ana).await["gaps"][0]["found"], 14);
    assert_eq!(retry(gap.id).await.1["code"], "closed");
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn the_chats_in_which_a_time_may_be_missing_are_counted(pool: PgPool) {
    let ingest = writer(&pool).await;
    for title in ["Ana", "Bia"] {
        ingest.conversation(&window(title, vec![incoming("a", "first", 0)])).await.unwrap();
        ingest.conversation(&window(title, vec![incoming("b", "last", 30)])).await.unwrap();
    }
    ingest.conversation(&window("Bia", vec![incoming("a", "first", 0), incoming("b", "last", 30)])).await.unwrap();
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    for (from, until, chats) in [(5, 10, 1), (-9, -5, 0), (-9, 0, 1), (30, 31, 1), (31, 40, 0)] {
        assert_eq!(
            gaps::chats_between(&mut tx, minute(from), minute(until)).await.unwrap(),
            chats,
            "{from} to {until}"
        );
    }
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_is_being_read_is_told_to_everybody(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    fill(&slice, "Ana", 0, 50);
    let ana = slice.chat("Ana").await;
    slice.open(ana, 1).await;
    let mut activity = slice.app.activity.listen();
    activity.borrow_and_update();
    let seen = async {
        let mut seen = Vec::new();
        loop {
            activity.changed().await.unwrap();
            let now = activity.borrow_and_update().clone();
            let over = now.loading.is_empty();
            seen.push(now);
            if over {
                return seen;
            }
        }
    };
    let (seen, _) = tokio::join!(seen, older(&slice, ana));
    assert_eq!(seen[0].loading[0].chat_id, ana);
    assert!(seen.iter().flat_map(|now| &now.loading).all(|one| one.messages <= 20));
    slice.stop().await;
}
