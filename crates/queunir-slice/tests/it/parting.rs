//! Ending the link, erasing, and the question whose account is linked.

use axum::http::StatusCode;
use queunir_core::{
    chat::ChatKind,
    link::{PageState, PartingKind, PartingStep, ReadingMode},
    slice::StopReason,
};
use queunir_db::slice::{SliceDb, partings};
use serde_json::json;
use sqlx::PgPool;

use crate::support::*;

async fn trail(pool: &PgPool) -> Vec<(String, String)> {
    sqlx::query_as("select action, result from audit where user_id is not null order by id")
        .fetch_all(pool)
        .await
        .unwrap()
}

fn entry(action: &str, result: &str) -> (String, String) {
    (action.to_owned(), result.to_owned())
}

async fn stored(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar("select title from chats order by title").fetch_all(pool).await.unwrap()
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn disconnecting_deletes_the_credential_and_nothing_else(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana", "Bia"]).await;
    let (status, _) = slice.call_with("POST", "/api/status/disconnect", None, &[("x-qn-role", "agent")]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let unlinked_at = async || slice.call("GET", "/api/health", None).await.1["unlinked_at"].clone();
    assert!(unlinked_at().await.is_null());
    let (status, _) = slice.call("POST", "/api/status/disconnect", None).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    until("the link has ended", async || {
        slice.app.link.now().parting.is_some_and(|parting| parting.ended_at.is_some())
            && slice.state() == PageState::NoBrowser
    })
    .await;
    let ended_at = slice.app.link.now().parting.and_then(|parting| parting.ended_at);
    let told: jiff::Timestamp = unlinked_at().await.as_str().unwrap().parse().unwrap();
    assert!(ended_at.is_some_and(|at| at.as_second() == told.as_second()), "what was kept of the profile must go");
    let link = slice.app.link.now();
    assert_eq!((link.stop_reason, link.was_linked), (Some(StopReason::User), false));
    assert_eq!(*slice.pages.profiles_removed.lock().unwrap(), 1);
    assert_eq!(stored(&pool).await, ["Ana", "Bia"]);
    assert_eq!(trail(&pool).await, [entry("disconnect", "asked"), entry("disconnect", "credentials_deleted")]);
    assert_eq!(*slice.pages.launches.lock().unwrap(), 1, "no browser starts by itself");
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_wipe_erases_in_steps_and_keeps_the_trail(pool: PgPool) {
    let dir = tempfile::tempdir().unwrap();
    let spec = queunir_core::slice::SliceSpec { media_dir: dir.path().into(), ..spec(ReadingMode::OnOpen) };
    let slice = Slice::start_with(&pool, spec).await;
    slice.page.add_chat("Ana", ChatKind::Contact);
    slice.page.link("+5511999990000");
    slice.until("the first list is complete", async || slice.app.link.now().first_list_complete).await;
    slice.page.receive("Ana", "hello", minute(1));
    let ana = slice.chat("Ana").await;
    slice.send(ana, "key-1", "an answer").await;
    slice.until_state("key-1", queunir_core::outgoing::OutgoingState::Sent).await;
    let before = last_event(&pool).await;
    let (status, _) = slice.call("POST", "/api/status/wipe", Some(r#"{"confirm":"yes"}"#)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(stored(&pool).await, ["Ana"]);
    std::fs::write(dir.path().join("a-file"), b"private").unwrap();
    let (status, _) = slice.call("POST", "/api/status/wipe", Some(r#"{"confirm":"erase"}"#)).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    until("everything is erased", async || {
        slice.app.link.now().parting.is_some_and(|parting| parting.ended_at.is_some())
    })
    .await;
    assert_eq!(
        slice.app.link.now().parting.unwrap().done,
        [PartingStep::Credentials, PartingStep::Messages, PartingStep::Files]
    );
    let left: i64 = sqlx::query_scalar(
        "select (select count(*) from chats) + (select count(*) from messages) + (select count(*) from outgoing)
              + (select count(*) from media_files)",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!((left, std::fs::read_dir(dir.path()).unwrap().count()), (0, 0));
    assert_eq!(*slice.pages.profiles_removed.lock().unwrap(), 1);
    let link = slice.app.link.now();
    assert_eq!((link.phone, link.first_list_complete), (None, false));
    assert!(last_event(&pool).await > before, "whoever follows the events has to start over");
    let trail = trail(&pool).await;
    assert_eq!(
        trail[trail.len() - 4..],
        [
            entry("wipe", "asked"),
            entry("wipe", "credentials_deleted"),
            entry("wipe", "messages_deleted"),
            entry("wipe", "files_deleted")
        ]
    );
    assert!(trail.iter().any(|(action, _)| action == "send"), "who sent what stays on record");
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_wipe_that_was_cut_off_is_carried_on_before_any_browser_starts(pool: PgPool) {
    Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await.stop().await;
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let id = partings::ask(&mut tx, PartingKind::Wipe, user(), minute(0)).await.unwrap().unwrap();
    assert!(partings::ask(&mut tx, PartingKind::Wipe, user(), minute(0)).await.unwrap().is_none(), "one at a time");
    partings::done(&mut tx, id, PartingStep::Credentials, false, minute(0)).await.unwrap();
    tx.commit().await.unwrap();
    let again = Slice::start(&pool, ReadingMode::OnOpen).await;
    until("the rest is erased", async || {
        again.app.link.now().parting.is_some_and(|parting| parting.ended_at.is_some())
    })
    .await;
    assert!(stored(&pool).await.is_empty());
    assert_eq!(*again.pages.profiles_removed.lock().unwrap(), 0, "that step was done");
    assert_eq!(*again.pages.launches.lock().unwrap(), 0);
    again.stop().await;
}

/// The device is removed on the phone, and a code on screen waits.
async fn removed(slice: &Slice) {
    slice.page.show(PageState::LoggedOut, None, None);
    slice.page.show(PageState::Qr, Some("2@again"), None);
    until("a code is shown", async || slice.state() == PageState::Qr).await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn nothing_of_another_account_is_stored_until_a_person_answers(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    removed(&slice).await;
    slice.page.add_chat("Stranger", ChatKind::Contact);
    slice.page.link("+5511888880000");
    until("somebody is asked", async || slice.state() == PageState::OtherAccount).await;
    let question = slice.app.link.now().account.unwrap();
    assert_eq!(
        (question.before.as_deref(), question.now.as_deref(), question.chats),
        (Some("+5511999990000"), Some("+5511888880000"), 1)
    );
    slice.page.receive("Stranger", "not for them", minute(1));
    // A restart does not answer the question.
    let second = slice.pages.add();
    second.add_chat("Stranger", ChatKind::Contact);
    slice.page.die("killed");
    until("the second browser is heard", async || {
        second.show(PageState::Starting, None, None);
        slice.app.page().is_some() && *slice.pages.launches.lock().unwrap() == 2
    })
    .await;
    second.link("+5511888880000");
    until("somebody is asked again", async || slice.state() == PageState::OtherAccount).await;
    assert_eq!(stored(&pool).await, ["Ana"]);
    let (status, problem) = slice
        .call(
            "POST",
            &format!("/api/chats/{}/open", slice.chat("Ana").await),
            Some(r#"{"viewer":"00000000-0000-0000-0000-000000000001"}"#),
        )
        .await;
    assert_ne!((status, problem["live"].as_bool()), (StatusCode::OK, Some(true)));

    let (status, _) = slice.call("POST", "/api/status/account", Some(r#"{"answer":"keep"}"#)).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    until("what comes is stored", async || stored(&pool).await == ["Ana", "Stranger"]).await;
    until("linked", async || slice.state() == PageState::Linked).await;
    assert_eq!(slice.app.link.now().phone.as_deref(), Some("+5511888880000"));
    assert_eq!(trail(&pool).await.last(), Some(&entry("other_account", "kept")));
    let (status, _) = slice.call("POST", "/api/status/account", Some(r#"{"answer":"wipe"}"#)).await;
    assert_eq!(status, StatusCode::CONFLICT, "answered");
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn the_old_data_can_be_erased_for_another_account_or_that_one_sent_away(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    removed(&slice).await;
    slice.page.link("+5511888880000");
    until("somebody is asked", async || slice.state() == PageState::OtherAccount).await;
    let second = slice.pages.add();
    second.add_chat("Stranger", ChatKind::Contact);
    let (status, _) = slice.call("POST", "/api/status/account", Some(r#"{"answer":"wipe"}"#)).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    until("the second browser is heard", async || {
        second.show(PageState::Starting, None, None);
        slice.app.page().is_some() && *slice.pages.launches.lock().unwrap() == 2
    })
    .await;
    assert_eq!(stored(&pool).await, Vec::<String>::new());
    second.link("+5511888880000");
    until("what comes is stored", async || stored(&pool).await == ["Stranger"]).await;
    assert_eq!(*slice.pages.profiles_removed.lock().unwrap(), 0, "the link stays");

    second.show(PageState::LoggedOut, None, None);
    second.show(PageState::Qr, Some("2@third"), None);
    until("a code is shown", async || slice.state() == PageState::Qr).await;
    second.link("+5511777770000");
    until("somebody is asked", async || slice.state() == PageState::OtherAccount).await;
    slice.call("POST", "/api/status/account", Some(r#"{"answer":"disconnect"}"#)).await;
    until("the link has ended", async || slice.state() == PageState::NoBrowser).await;
    assert_eq!(*slice.pages.profiles_removed.lock().unwrap(), 1);
    assert_eq!(stored(&pool).await, ["Stranger"]);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn the_same_number_goes_on_by_itself_and_an_unseen_one_is_asked_about(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    removed(&slice).await;
    slice.page.add_chat("Bia", ChatKind::Contact);
    slice.page.link("+5511999990000");
    until("what comes is stored", async || stored(&pool).await == ["Ana", "Bia"]).await;
    assert_eq!(slice.app.link.now().account, None);

    removed(&slice).await;
    slice.page.add_chat("Caio", ChatKind::Contact);
    slice.page.link_unseen();
    until("somebody is asked", async || slice.state() == PageState::OtherAccount).await;
    assert_eq!(slice.app.link.now().account.unwrap().now, None);
    assert_eq!(stored(&pool).await, ["Ana", "Bia"]);

    // Who links by a number has said whose account it is.
    slice.page.show(PageState::Qr, Some("2@more"), None);
    until("a code is shown", async || slice.state() == PageState::Qr).await;
    let (status, _) =
        slice.call("POST", "/api/status/pairing", Some(&json!({"phone": "+5511999990000"}).to_string())).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    until("the characters are there", async || {
        slice.app.link.now().pairing.is_some_and(|pairing| pairing.code.is_some())
    })
    .await;
    slice.page.link_unseen();
    until("what comes is stored", async || stored(&pool).await == ["Ana", "Bia", "Caio"]).await;
    slice.stop().await;
}
