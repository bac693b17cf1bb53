//! Bad input gets a clear answer and changes nothing.

use axum::http::StatusCode;
use queunir_core::{link::ReadingMode, outgoing::OutgoingState};
use sqlx::PgPool;

use crate::support::*;

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn bad_input_is_refused_in_words_of_ours(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let chat = slice.chat("Ana").await;
    let path = format!("/api/chats/{chat}/messages");
    let place = last_event(&pool).await;
    let key = [("idempotency-key", "k")];
    let long = serde_json::json!({ "text": "x".repeat(70_000) }).to_string();
    for (body, status, code) in [
        (long.as_str(), 422, "text_too_long"),
        (r#"{"text":""}"#, 422, "empty_text"),
        (r#"{"text":" \n "}"#, 422, "empty_text"),
        (r#"{"text":"a\u0000b"}"#, 422, "unsupported_text"),
        (r#"{"text":"#, 400, "bad_json"),
        ("", 400, "bad_json"),
        (r#"{"text":7}"#, 422, "invalid"),
        (r#"{"text":"a","slice_id":3}"#, 422, "invalid"),
        // The text may be absent, because a file needs none.
        (r#"{}"#, 422, "empty_text"),
    ] {
        let (got, json) = slice.call_with("POST", &path, Some(body), &key).await;
        let shown: String = body.chars().take(40).collect();
        assert_eq!((got.as_u16(), json["code"].as_str()), (status, Some(code)), "{shown}: {json}");
        assert!(json["request_id"].as_str().is_some_and(|id| !id.is_empty()));
    }
    let (status, json) = slice.call("POST", &path, Some(r#"{"text":"a"}"#)).await;
    assert_eq!((status, json["code"].as_str()), (StatusCode::BAD_REQUEST, Some("idempotency_key_required")));
    for path in [
        "/api/chats/chat_00000000000000000000000000000000/messages",
        "/api/chats/none",
        "/api/chats/..%2f..%2fetc",
        "/api/nothing",
        "/internal/browser/stop",
    ] {
        let (status, _) = slice.call("GET", path, None).await;
        assert!(matches!(status.as_u16(), 404 | 405), "{path}: {status}");
    }
    let (status, _) = slice.call("GET", &format!("{path}?limit=abc"), None).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (status, _) = slice.call("PUT", "/api/settings/reading-mode", Some(r#"{"reading_mode":"all"}"#)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(last_event(&pool).await, place, "nothing changed");
    assert!(slice.page.sent().is_empty());
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_key_belongs_to_one_message(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana", "Bia"]).await;
    let (ana, bia) = (slice.chat("Ana").await, slice.chat("Bia").await);
    let first = slice.send(ana, "k", "hello").await;
    let again = slice.send(ana, "k", "hello").await;
    assert_eq!(first.id, again.id);
    for (chat, text) in [(ana, "other"), (bia, "hello")] {
        let body = serde_json::json!({ "text": text }).to_string();
        let (status, json) = slice
            .call_with("POST", &format!("/api/chats/{chat}/messages"), Some(&body), &[("idempotency-key", "k")])
            .await;
        assert_eq!((status, json["code"].as_str()), (StatusCode::CONFLICT, Some("key_reused")));
    }
    slice.until_state("k", OutgoingState::Sent).await;
    assert_eq!(slice.page.sent().len(), 1);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn messages_come_page_by_page(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    let ingest = writer(&pool).await;
    let all = (0..25).map(|n| incoming(&format!("k{n}"), &format!("m{n}"), n)).collect();
    ingest.conversation(&window("Ana", all)).await.unwrap();
    let chat = slice.chat("Ana").await;
    let mut before = String::new();
    let mut texts = Vec::new();
    loop {
        let path = format!("/api/chats/{chat}/messages?limit=10{before}");
        let (status, json) = slice.call("GET", &path, None).await;
        assert_eq!(status, StatusCode::OK);
        let page = json["messages"].as_array().unwrap().clone();
        let mut page_texts: Vec<_> = page.iter().map(|m| m["text"].as_str().unwrap().to_owned()).collect();
        page_texts.append(&mut texts);
        texts = page_texts;
        if json["more"] == false {
            break;
        }
        before = format!("&before={}", page[0]["order_key"].as_str().unwrap());
    }
    assert_eq!(texts, (0..25).map(|n| format!("m{n}")).collect::<Vec<_>>());
    slice.stop().await;
}

#[test]
fn every_route_is_described() {
    let api = serde_json::to_value(queunir_slice::openapi()).unwrap();
    let paths: Vec<_> = api["paths"].as_object().unwrap().keys().cloned().collect();
    for path in [
        "/api/chats",
        "/api/chats/{id}",
        "/api/chats/{id}/close",
        "/api/chats/{id}/messages",
        "/api/chats/{id}/older",
        "/api/chats/{id}/open",
        "/api/chats/{id}/outgoing",
        "/api/events",
        "/api/health",
        "/api/outgoing/{id}/cancel",
        "/api/outgoing/{id}/resolve",
        "/api/settings/reading-mode",
        "/api/status/initialize",
        "/api/status/retry",
        "/api/status/state",
    ] {
        assert!(paths.contains(&path.to_owned()), "{path} is missing in {paths:?}");
    }
    for schema in ["Event", "Snapshot", "Message", "Chat", "Outgoing", "Link", "Problem"] {
        assert!(api["components"]["schemas"][schema].is_object(), "{schema} is missing");
    }
}
