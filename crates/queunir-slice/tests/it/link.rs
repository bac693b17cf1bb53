//! The life of a browser and of its codes.

use axum::{body::Body, http::Request, http::StatusCode};
use queunir_core::{
    chat::ChatKind,
    link::{PageState, PairingStep, ReadingMode},
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

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_phone_is_linked_by_its_number_and_nothing_of_it_is_stored(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    let pair = async |phone: &str| {
        slice.call("POST", "/api/status/pairing", Some(&serde_json::json!({ "phone": phone }).to_string())).await
    };
    let (status, problem) = pair("+55 11 98765-4321").await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::CONFLICT, Some("not_waiting")));
    slice.page.show(PageState::Qr, Some("2@a"), None);
    until("a code is shown", async || slice.state() == PageState::Qr).await;
    for (phone, code) in
        [("11 98765-4321", "not_international"), ("+999 1234567", "unknown_country"), ("+55 11", "wrong_length")]
    {
        let (status, problem) = pair(phone).await;
        assert_eq!(
            (status, problem["fields"]["phone"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some(code)),
            "{phone}: {problem}"
        );
    }
    let agent = r#"{"phone":"+5511987654321"}"#;
    let (status, _) = slice.call_with("POST", "/api/status/pairing", Some(agent), &[("x-qn-role", "agent")]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(slice.page.numbers().is_empty());

    assert_eq!(pair("+55 11 98765-4321").await.0, StatusCode::ACCEPTED);
    until("the characters are there", async || {
        slice.app.link.now().pairing.is_some_and(|pairing| pairing.code.as_deref() == Some("ABCD2345"))
    })
    .await;
    assert_eq!(slice.page.numbers(), ["+5511987654321"]);
    let (status, _) = slice.call("POST", "/api/status/pairing/cancel", None).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    until("the QR code is back", async || slice.state() == PageState::Qr && slice.app.link.now().pairing.is_none())
        .await;

    slice.page.fail_next(queunir_whatsapp::PageError::NumberRefused);
    assert_eq!(pair("+5511987654321").await.0, StatusCode::ACCEPTED);
    let step = || slice.app.link.now().pairing.map(|pairing| pairing.step);
    until("the refusal is told", async || step() == Some(PairingStep::NumberRefused)).await;
    slice.page.fail_next(queunir_whatsapp::PageError::Deadline);
    assert_eq!(pair("+5511987654321").await.0, StatusCode::ACCEPTED);
    until("the failure is told", async || step() == Some(PairingStep::Failed)).await;

    let kept: i64 = sqlx::query_scalar(
        "select count(*) from (select t::text as row from audit t union all select t::text from settings t
             union all select t::text from link_state t union all select t::text from event_log t) rows
         where row ~ '987654321|ABCD2345'",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(kept, 0);
    let asked: i64 =
        sqlx::query_scalar("select count(*) from audit where action = 'link_by_phone'").fetch_one(&pool).await.unwrap();
    assert_eq!(asked, 3);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn three_codes_by_number_that_nobody_types_end_the_browser(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    slice.page.show(PageState::Qr, Some("2@a"), None);
    until("a code is shown", async || slice.state() == PageState::Qr).await;
    for (place, code) in ["AAAA1111", "BBBB2222", "CCCC3333", "DDDD4444"].into_iter().enumerate() {
        slice.page.show_link_code(code);
        if place < 3 {
            until("the code is told", async || {
                slice.app.link.now().pairing.is_some_and(|pairing| pairing.code.as_deref() == Some(code))
            })
            .await;
        }
    }
    until("the browser is stopped", async || slice.state() == PageState::NoBrowser).await;
    assert_eq!(slice.app.link.now().stop_reason, Some(StopReason::QrTimeout));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn chr_08_browsers_that_come_to_nothing_are_bounded_and_then_a_person_is_asked(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    slice.page.show(PageState::Unknown, None, None);
    slice.page.die("the page does not answer");
    let repair = || slice.app.link.now().repair;
    let launches = || *slice.pages.launches.lock().unwrap();
    until("a person is asked", async || repair().is_some_and(|repair| repair.needs_person)).await;
    assert_eq!((repair().unwrap().attempts, launches()), (3, 3));
    assert_eq!(*slice.pages.profiles_removed.lock().unwrap(), 0, "no step of the ladder touches the profile");

    let page = slice.pages.add();
    let (status, _) = slice.call("POST", "/api/status/retry", None).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    until("a browser starts", async || launches() == 4 && slice.app.page().is_some()).await;
    page.link("+5511999990000");
    until("the page has come up", async || repair().is_none() && slice.state() == PageState::Linked).await;
    // One that had come up and dies is simply started again.
    let next = slice.pages.add();
    page.die("killed");
    until("the next one starts", async || launches() == 5 && slice.app.page().is_some()).await;
    assert_eq!(repair(), None);
    next.link("+5511999990000");
    until("linked again", async || slice.state() == PageState::Linked).await;
    slice.stop().await;
}
