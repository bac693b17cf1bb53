//! The history of the link: when it was not good, why, and which chats may lack something since.

use axum::http::StatusCode;
use queunir_core::link::{PageState, ReadingMode};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::*;

async fn spans(slice: &Slice) -> Vec<Value> {
    let (status, body) = slice.call("GET", "/api/status/history", None).await;
    assert_eq!((status, &body["complete"]), (StatusCode::OK, &json!(true)));
    body["spans"].as_array().unwrap().clone()
}

fn told(span: &Value) -> (&str, &str, bool) {
    (span["condition"].as_str().unwrap(), span["reason"].as_str().unwrap(), span["ended_at"].is_string())
}

async fn until_spans(slice: &Slice, what: &str, count: usize) {
    until(what, async || {
        let rows: i64 = sqlx::query_scalar("select count(*) from link_history where condition <> 'connected'")
            .fetch_one(&slice.pool)
            .await
            .unwrap();
        usize::try_from(rows).unwrap() == count
    })
    .await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn times_without_a_link_are_written_down_with_the_chats_in_doubt(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    slice.page.show(PageState::Qr, Some("2@a"), None);
    until("a code is shown", async || slice.state() == PageState::Qr).await;
    assert!(spans(&slice).await.is_empty(), "before the first link nothing is missing");
    slice.page.add_chat("Ana", queunir_core::chat::ChatKind::Contact);
    slice.page.add_chat("Bia", queunir_core::chat::ChatKind::Contact);
    slice.page.link("+5511999990000");
    until("the first list is complete", async || slice.app.link.now().first_list_complete).await;

    slice.page.show(PageState::Offline, None, None);
    until_spans(&slice, "the first trouble is written down", 1).await;
    assert_eq!(told(&spans(&slice).await[0]), ("deaf", "offline", false));
    sqlx::query("update chats set to_read_since = now() where title = 'Ana'").execute(&pool).await.unwrap();
    let bia = chat_id(&pool, "Bia").await.unwrap();
    sqlx::query(
        "insert into gaps (id, chat_id, state, after_id, before_id, found_at)
             values (gen_random_uuid(), $1, 'open', gen_random_uuid(), gen_random_uuid(), now())",
    )
    .bind(bia.0)
    .execute(&pool)
    .await
    .unwrap();
    slice.page.link("+5511999990000");
    slice.until("the link is good again", async || spans(&slice).await[0]["ended_at"].is_string()).await;
    assert_eq!(spans(&slice).await[0]["chats_in_doubt"], json!(2));
    sqlx::query("update gaps set closed_at = now()").execute(&pool).await.unwrap();
    assert_eq!(spans(&slice).await[0]["chats_in_doubt"], json!(1), "what was read since is in doubt no more");

    slice.page.show(PageState::Unknown, None, None);
    until_spans(&slice, "the second trouble is written down", 2).await;
    assert_eq!(told(&spans(&slice).await[0]), ("unknown", "unknown", false));
    let older = spans(&slice).await[0]["id"].as_i64().unwrap();
    let (_, page) = slice.call("GET", &format!("/api/status/history?before={older}"), None).await;
    assert_eq!(page["spans"].as_array().unwrap().len(), 1);
    slice.page.link("+5511999990000");
    slice.until("the link is good again", async || spans(&slice).await[0]["ended_at"].is_string()).await;
    slice.stop().await;

    // The time in which no slice ran is a time without a link, until a page is linked again.
    let again = Slice::start(&pool, ReadingMode::OnOpen).await;
    let found = spans(&again).await;
    assert_eq!((found.len(), told(&found[0])), (3, ("disconnected", "not_running", false)));
    again.page.link("+5511999990000");
    again.until("it is over", async || spans(&again).await[0]["ended_at"].is_string()).await;
    let holes: i64 = sqlx::query_scalar(
        "select count(*) from (select began_at, lag(until_at) over (order by id) as before from link_history) rows
         where began_at <> before",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(holes, 0, "spans follow each other without holes");
    again.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn use_here_is_pressed_for_our_own_lost_browser_once_and_else_by_a_person_alone(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    // Nothing of ours was lost: whoever took over is somebody else.
    slice.page.show(PageState::Conflict, None, None);
    until("the other window is told of", async || slice.state() == PageState::Conflict).await;
    assert_eq!(slice.page.used_here(), 0);
    let (status, _) = slice.call("POST", "/api/status/use-here", None).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    until("a person's press counts", async || slice.state() == PageState::Linked).await;
    assert_eq!(slice.page.used_here(), 1);
    let (status, problem) = slice.call("POST", "/api/status/use-here", None).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::CONFLICT, Some("no_other_window")));

    let second = slice.pages.add();
    slice.page.die("killed");
    until("the second browser is heard", async || {
        second.show(PageState::Starting, None, None);
        slice.app.page().is_some() && *slice.pages.launches.lock().unwrap() == 2
    })
    .await;
    second.show(PageState::Conflict, None, None);
    until("our own last window gives way", async || second.used_here() == 1 && slice.state() == PageState::Linked)
        .await;
    second.show(PageState::Conflict, None, None);
    until("the next one is told of", async || slice.state() == PageState::Conflict).await;
    second.show(PageState::Conflict, None, Some(1));
    assert_eq!(second.used_here(), 1, "once for one browser");
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_slice_that_was_cut_off_counts_its_browser_as_lost_and_one_that_ended_does_not(pool: PgPool) {
    Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await.stop().await;
    let clean = Slice::start(&pool, ReadingMode::OnOpen).await;
    clean.page.show(PageState::Conflict, None, None);
    until("the other window is told of", async || clean.state() == PageState::Conflict).await;
    assert_eq!(clean.page.used_here(), 0, "a browser that was closed holds no window");
    clean.page.link("+5511999990000");
    until("linked", async || clean.state() == PageState::Linked).await;
    clean.stop().await;
    sqlx::query("update link_history set ended = false where id = (select max(id) from link_history)")
        .execute(&pool)
        .await
        .unwrap();
    let cut = Slice::start(&pool, ReadingMode::OnOpen).await;
    cut.page.show(PageState::Conflict, None, None);
    until("our own last window gives way", async || cut.page.used_here() == 1).await;
    cut.stop().await;
}
