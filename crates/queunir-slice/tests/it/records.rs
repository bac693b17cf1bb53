//! Records of the page's structure: few, not for ever, for their tenant to fetch.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use jiff::ToSpan;
use queunir_core::{link::ReadingMode, slice::SliceSpec};
use queunir_whatsapp::drift::Verdict;
use serde_json::{Value, json};
use sqlx::PgPool;
use tower::ServiceExt;

use crate::support::*;

fn missing(name: &str) -> Verdict {
    Verdict { dead: vec![name.to_owned()], unreadable: Vec::new() }
}

async fn start(pool: &PgPool, dir: &tempfile::TempDir) -> Slice {
    Slice::start_with(pool, SliceSpec { records_dir: dir.path().join("records"), ..spec(ReadingMode::OnOpen) }).await
}

async fn listed(slice: &Slice) -> Vec<Value> {
    let (status, body) = slice.call("GET", "/api/reader/records", None).await;
    assert_eq!(status, StatusCode::OK);
    body["records"].as_array().unwrap().clone()
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_record_is_listed_and_saved_and_nothing_else_in_the_folder_is(pool: PgPool) {
    let dir = tempfile::tempdir().unwrap();
    let slice = start(&pool, &dir).await;
    assert!(listed(&slice).await.is_empty(), "no folder yet");
    slice.app.records.take(slice.page.as_ref(), &missing("list.title:testid"), slice.app.now()).await;
    std::fs::write(dir.path().join("records/notes.json"), "{}").unwrap();
    std::fs::write(dir.path().join("secret.json"), "secret").unwrap();
    let records = listed(&slice).await;
    assert_eq!(records.len(), 1);
    assert_eq!((&records[0]["dead"], &records[0]["elements"]), (&json!(["list.title:testid"]), &json!(2)));
    assert!(records[0].get("html").is_none());

    let id = records[0]["id"].as_str().unwrap();
    let ask = |id: &str| Request::get(format!("/api/reader/records/{id}")).body(Body::empty()).unwrap();
    let answer = slice.router().oneshot(ask(id)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let saved_as = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(saved_as.starts_with("attachment"), "{saved_as}");
    let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    let record: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(record["html"], "<html><body></body></html>");
    let (status, _) = slice.call("GET", "/internal/canary", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "that is the operator's");
    for other in ["notes", "..%2Fsecret", "20000101T000000Z", "00000000000000000"] {
        let answer = slice.router().oneshot(ask(other)).await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{other}");
    }
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn records_are_few_and_not_for_ever(pool: PgPool) {
    let dir = tempfile::tempdir().unwrap();
    let slice = start(&pool, &dir).await;
    // The slice itself tidies up by the clock.
    let start = slice.app.now();
    let after = |minutes: i64| start + minutes.minutes();
    let take = async |name: &str, at: i64| {
        slice.app.records.take(slice.page.as_ref(), &missing(name), after(at)).await;
        listed(&slice).await.len()
    };
    assert_eq!(take("a", 0).await, 1);
    assert_eq!(take("b", 9).await, 1, "one of just now");
    assert_eq!(take("a", 60).await, 1, "the same again");
    assert_eq!(take("b", 60).await, 2);
    assert_eq!(take("a", 24 * 60).await, 3, "the same on another day may be another page");
    for n in 0..20 {
        take(&format!("c{n}"), 24 * 60 + 30 + 11 * n).await;
    }
    let kept = listed(&slice).await;
    assert_eq!(kept.len(), 10);
    assert_eq!(kept[0]["dead"], json!(["c19"]), "the newest first");
    slice.app.records.forget(after(24 * 60 + 30 + 11 * 19 + 30 * 24 * 60 + 1)).await.unwrap();
    assert!(listed(&slice).await.is_empty());
    slice.stop().await;
}
