//! A database that is put back to an earlier time sends nothing a second time (DEL-08).

use std::sync::Arc;

use queunir_core::{
    chat::ChatKind,
    link::ReadingMode,
    message::{Ack, Direction},
    outgoing::OutgoingState,
    slice::SliceSpec,
};
use queunir_slice::restored::Mark;
use queunir_whatsapp::fake::{self, FakePage};
use sqlx::PgPool;

use crate::support::*;

/// Every table of the tenant and its copy.
const COPIES: &str = "select format('%I', tablename) from pg_tables
    where schemaname = current_schema() and tablename <> '_sqlx_migrations'";

async fn tables(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(COPIES).fetch_all(pool).await.unwrap()
}

async fn run(pool: &PgPool, sql: String) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

/// Statements that are sent together are one transaction.
async fn back_up(pool: &PgPool) {
    let copies: Vec<String> =
        tables(pool).await.iter().map(|table| format!("create table backup.{table} as table {table};")).collect();
    let sql = copies.join("");
    run(pool, format!("create schema backup; {sql}")).await;
}

async fn restore(pool: &PgPool) {
    let tables = tables(pool).await;
    let back: Vec<String> = tables
        .iter()
        .map(|table| format!("insert into {table} overriding system value select * from backup.{table};"))
        .collect();
    let (all, back) = (tables.join(", "), back.join(""));
    run(pool, format!("set local session_replication_role = replica; truncate {all}; {back}")).await;
}

async fn start(pool: &PgPool, spec: &SliceSpec) -> Slice {
    fence(pool, spec.generation).await;
    let pages = Arc::new(Pages::default());
    let page = pages.add();
    Slice::start_on(pool, spec.clone(), pages, page).await
}

/// The same WhatsApp in another browser: what was sent is in its chats.
fn world(before: &FakePage, titles: &[String], page: &FakePage) {
    for title in titles {
        page.add_chat(title, ChatKind::Contact);
    }
    for (n, (title, text)) in before.sent().into_iter().enumerate() {
        let key = format!("sent{n}");
        page.history(&title, fake::message(&key, Direction::Out, &text, Some(minute(1)), Some(Ack::Sent)));
    }
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_08_after_a_restore_of_a_hundred_messages_on_their_way_none_is_sent_twice(pool: PgPool) {
    let titles: Vec<String> = (0..10).map(|n| format!("Customer {n}")).collect();
    let names: Vec<&str> = titles.iter().map(String::as_str).collect();
    let spec = spec(ReadingMode::OnOpen);
    let ingest = writer(&pool).await;
    let slice = start(&pool, &spec).await;
    for name in &names {
        // Whoever wrote may be answered without a limit.
        ingest.conversation(&window(name, vec![incoming("first", "are you open?", 0)])).await.unwrap();
        slice.page.add_chat(name, ChatKind::Contact);
    }
    slice.page.link("+5511999990000");
    slice.until("the first list is complete", async || slice.app.link.now().first_list_complete).await;
    // Everything is asked for before anything can be sent.
    let hold = slice.app.sending.lock().await;
    for n in 0..100 {
        let chat = slice.chat(names[n % 10]).await;
        slice.send(chat, &format!("k{n}"), &format!("text {n}")).await;
    }
    back_up(&pool).await;
    drop(hold);
    for n in 0..100 {
        slice.until_state(&format!("k{n}"), OutgoingState::Sent).await;
    }
    let before = slice.page.clone();
    assert_eq!(before.sent().len(), 100);
    let cursor = last_event(&pool).await;
    slice.stop().await;

    restore(&pool).await;
    assert_eq!(outgoing_by_key(&pool, "k99").await.state, OutgoingState::Queued, "the backup is of before");
    let slice = start(&pool, &spec).await;
    world(&before, &titles, &slice.page);
    slice.page.link("+5511999990000");
    // Something new goes out, behind everything that was there before.
    let chat = slice.chat(names[0]).await;
    slice.send(chat, "new", "after the restore").await;
    slice.until_state("new", OutgoingState::Sent).await;
    assert_eq!(slice.page.sent(), [(titles[0].clone(), "after the restore".to_owned())]);
    for n in 0..100 {
        let row = slice.outgoing(&format!("k{n}")).await;
        assert_eq!((row.state, row.reason.as_deref()), (OutgoingState::Uncertain, Some("restored")), "{n}");
    }
    let events: i64 = sqlx::query_scalar("select floor from event_counter").fetch_one(&pool).await.unwrap();
    assert!(events > cursor, "a browser would go on with {cursor} as if nothing had happened");
    slice.stop().await;
    assert!(Mark::of(&spec).read().await.unwrap().is_some_and(|mark| mark > cursor));

    // An ordinary start doubts nothing, not even after a kill: the mark is not ahead of the store.
    let slice = start(&pool, &spec).await;
    let chat = slice.chat(names[0]).await;
    slice.send(chat, "waits", "until somebody links").await;
    slice.stop().await;
    let slice = start(&pool, &spec).await;
    assert_eq!(slice.outgoing("waits").await.state, OutgoingState::Queued);
    slice.stop().await;
}
