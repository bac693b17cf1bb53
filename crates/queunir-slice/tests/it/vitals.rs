//! What the monitor is told of a slice, and what it does when its room on the disk is used up.

use std::time::Duration;

use axum::http::StatusCode;
use queunir_core::{link::ReadingMode, outgoing::OutgoingState, slice::SliceHealth, slice::SliceSpec};
use queunir_slice::vitals;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{Slice, incoming, minute, spec, window, writer};

async fn health(slice: &Slice) -> SliceHealth {
    let (status, json) = slice.call("GET", "/api/health", None).await;
    assert_eq!(status, StatusCode::OK);
    serde_json::from_value(json).unwrap()
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_slice_is_quiet_while_an_end_would_interrupt_nobody(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let seen = health(&slice).await;
    assert!(seen.quiet && seen.browser_since.is_some() && !seen.over_quota, "{seen:?}");
    assert_eq!((seen.contacts, seen.chats, seen.last_inbound_at), (1, 1, None));

    let window = Uuid::now_v7();
    slice.app.presence.works(window, Duration::from_secs(600));
    assert!(!health(&slice).await.quiet, "somebody works");
    slice.app.presence.left(window);
    assert!(health(&slice).await.quiet);

    let turn = slice.app.sending.lock().await;
    slice.send(slice.chat("Ana").await, "k1", "Bom dia").await;
    assert!(!health(&slice).await.quiet, "a message waits");
    drop(turn);
    slice.until_state("k1", OutgoingState::Sent).await;
    assert!(health(&slice).await.quiet);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn when_somebody_last_wrote_is_told(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let ingest = writer(&pool).await;
    ingest.conversation(&window("Ana", vec![incoming("a", "Oi", 3), incoming("b", "Tem pão?", 7)])).await.unwrap();
    vitals::measure(&slice.app).await.unwrap();
    assert_eq!(health(&slice).await.last_inbound_at, Some(minute(7)));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn nothing_new_is_written_from_nine_tenths_of_the_room_on(pool: PgPool) {
    let dir = tempfile::tempdir().unwrap();
    let quota = 60 << 20;
    let spec =
        SliceSpec { profile_dir: dir.path().join("session"), disk_quota_bytes: quota, ..spec(ReadingMode::OnOpen) };
    std::fs::create_dir(&spec.profile_dir).unwrap();
    let slice = Slice::start_with(&pool, spec).await;
    slice.page.add_chat("Ana", queunir_core::chat::ChatKind::Contact);
    slice.page.link("+5511999990000");
    slice.until("the first list is complete", async || slice.app.link.now().first_list_complete).await;
    vitals::measure(&slice.app).await.unwrap();
    assert!(!health(&slice).await.over_quota, "the tables alone are smaller");

    let file = dir.path().join("session/big");
    std::fs::write(&file, vec![1; 55 << 20]).unwrap();
    vitals::measure(&slice.app).await.unwrap();
    let seen = health(&slice).await;
    assert!(seen.over_quota, "{seen:?}");
    let path = format!("/api/chats/{}/messages", slice.chat("Ana").await);
    let asked = slice.call_with("POST", &path, Some(r#"{"text":"Oi"}"#), &[("idempotency-key", "k1")]).await;
    assert_eq!((asked.0, asked.1["code"].as_str()), (StatusCode::INSUFFICIENT_STORAGE, Some("storage_full")));
    slice.until("the browser ends", async || slice.app.page().is_none()).await;
    let seen = health(&slice).await;
    assert!(seen.browser_since.is_none() && seen.quiet, "it may be started anew with its caches cleared: {seen:?}");
    assert_eq!(*slice.pages.profiles_removed.lock().unwrap(), 0, "the login stays");

    slice.pages.add();
    std::fs::remove_file(file).unwrap();
    vitals::measure(&slice.app).await.unwrap();
    slice.until("a browser runs again", async || slice.app.page().is_some()).await;
    slice.stop().await;
}
