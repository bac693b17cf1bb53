//! The life of a browser and of its codes.

use axum::{body::Body, http::Request, http::StatusCode};
use queunir_core::{
    chat::ChatKind,
    link::{PageState, ReadingMode},
    slice::StopReason,
};
use sqlx::PgPool;
use tower::ServiceExt;

use crate::support::*;

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn codes_then_sync_then_the_first_list(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    let number = || slice.app.link.now().qr.map(|code| code.number);
    slice.page.show(PageState::Qr, Some("2@a"), None);
    until("the first code", async || number() == Some(1)).await;
    slice.page.show(PageState::Qr, Some("2@b"), None);
    until("the second code", async || number() == Some(2)).await;
    slice.page.show(PageState::Syncing, None, Some(40));
    until("the percentage", async || slice.app.link.now().sync_percent == Some(40)).await;
    for name in ["Ana", "Bia", "Caio"] {
        slice.page.add_chat(name, ChatKind::Contact);
    }
    slice.page.link("+5511999990000");
    until("the list is complete", async || slice.app.link.now().first_list_complete).await;
    let link = slice.app.link.now();
    assert_eq!((link.state, link.chats_found, link.phone.as_deref()), (PageState::Linked, 3, Some("+5511999990000")));
    slice.stop().await;
    // After a restart the list counts as known before the page has said anything.
    let again = Slice::start(&pool, ReadingMode::OnOpen).await;
    assert!(again.app.link.now().first_list_complete);
    again.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn three_batches_that_nobody_scans_end_the_browser_and_retry_starts_it_again(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    slice.page.show(PageState::Qr, Some("2@a"), None);
    for batch in 1..=3 {
        slice.page.show(PageState::QrTimeout, None, None);
        if batch < 3 {
            until("the codes have expired", async || slice.state() == PageState::QrTimeout).await;
            let (status, _) = slice.call("POST", "/api/status/retry", None).await;
            assert_eq!(status, StatusCode::ACCEPTED);
            until("a new batch begins with code 1", async || {
                slice.app.link.now().qr.is_some_and(|code| code.number == 1)
            })
            .await;
        }
    }
    until("the browser is stopped", async || slice.state() == PageState::NoBrowser).await;
    assert_eq!(slice.app.link.now().stop_reason, Some(StopReason::QrTimeout));
    let page = slice.pages.add();
    slice.call("POST", "/api/status/retry", None).await;
    until("a browser starts", async || slice.state() == PageState::Starting).await;
    page.show(PageState::Qr, Some("2@new"), None);
    until("its code is shown", async || slice.state() == PageState::Qr).await;
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_browser_that_dies_is_started_again_and_the_orchestrator_may_stop_it(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let second = slice.pages.add();
    slice.page.die("killed");
    second.add_chat("Ana", ChatKind::Contact);
    until("the second browser is heard", async || {
        second.show(PageState::Starting, None, None);
        slice.app.page().is_some() && *slice.pages.launches.lock().unwrap() == 2
    })
    .await;
    second.link("+5511999990000");
    until("linked again", async || slice.state() == PageState::Linked).await;

    let stop = |body: &str| {
        Request::post("/internal/browser/stop")
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
    };
    let refused = slice.router().oneshot(stop(r#"{"reason":"billing"}"#).unwrap()).await.unwrap();
    assert_eq!(refused.status(), StatusCode::NOT_FOUND, "the gateway may not");
    let router = queunir_slice::router::router(slice.app.clone()).layer(orchestrator());
    let done = router.oneshot(stop(r#"{"reason":"billing"}"#).unwrap()).await.unwrap();
    assert_eq!(done.status(), StatusCode::ACCEPTED);
    until("the browser is stopped", async || slice.state() == PageState::NoBrowser).await;
    assert_eq!(slice.app.link.now().stop_reason, Some(StopReason::Billing));
    let (status, health) = slice.call("GET", "/api/health", None).await;
    assert_eq!((status, health["stop_reason"].as_str()), (StatusCode::OK, Some("billing")));
    slice.stop().await;
}
