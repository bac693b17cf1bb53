//! Sending: at most once, in order, at a human pace, each with an accountable human (DEL-05, 06, POL-03, 04).

use std::time::{Duration, Instant};

use queunir_core::{id::OutgoingId, link::ReadingMode, message::Ack, outgoing::OutgoingState};
use queunir_db::slice::{
    SliceDb, audit,
    outgoing::{self, Step},
};
use queunir_slice::outgoing::body_hash;
use queunir_whatsapp::{PageError, fake::AfterPress};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::*;

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_message_is_typed_sent_bound_and_its_ticks_follow(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let chat = slice.chat("Ana").await;
    slice.page.receive("Ana", "are you open?", minute(0));
    slice.open(chat, 1).await;
    for (key, text) in [("k1", "yes, until 6"), ("k2", "👍"), ("k3", "שלום\n\nשורה"), ("k4", "yes, until 6")]
    {
        slice.send(chat, key, text).await;
    }
    for key in ["k1", "k2", "k3", "k4"] {
        slice.until_state(key, OutgoingState::Sent).await;
    }
    let sent: Vec<_> = slice.page.sent().into_iter().map(|(_, text)| text).collect();
    assert_eq!(sent, ["yes, until 6", "👍", "שלום\n\nשורה", "yes, until 6"]);
    assert_eq!(texts(&pool, "Ana").await.len(), 5);
    let first = slice.outgoing("k1").await;
    let stored = rows(&pool, "Ana").await;
    let bound = stored.iter().find(|row| Some(row.id) == first.message_id).unwrap();
    let key = bound.key.clone().unwrap();
    slice.page.change_message("Ana", &key, |message| message.ack = Some(Ack::Read));
    until("the ticks turn", async || rows(&pool, "Ana").await[1].ack == Some(Ack::Read)).await;
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    assert_eq!(audit::count(&mut tx, "send").await.unwrap(), 4, "one entry per sent message");
    drop(tx);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_certainly_was_not_sent_is_tried_again_or_fails_with_a_reason(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let chat = slice.chat("Ana").await;
    slice.open(chat, 1).await;
    slice.page.fail_next_press(PageError::Deadline);
    slice.send(chat, "again", "hello").await;
    slice.until_state("again", OutgoingState::Sent).await;
    slice.page.fail_next_press(PageError::ReadOnly);
    slice.send(chat, "readonly", "hello?").await;
    slice.until_state("readonly", OutgoingState::Failed).await;
    assert_eq!(slice.outgoing("readonly").await.reason.as_deref(), Some("read_only"));
    // Refused between intent and press: the key was certainly not pressed.
    slice.page.after_press(AfterPress::WrongChat);
    slice.send(chat, "wrong", "hello!").await;
    until("it was tried", async || {
        let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
        outgoing::find_by_client_key(&mut tx, "wrong").await.unwrap().unwrap().attempts > 0
    })
    .await;
    slice.page.after_press(AfterPress::Bubble);
    slice.until_state("wrong", OutgoingState::Sent).await;
    assert_eq!(slice.page.sent().len(), 2);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_05_an_old_generation_changes_nothing(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.conversation(&window("Ana", vec![incoming("1", "hi", 0)])).await.unwrap();
    let chat = chat_id(&pool, "Ana").await.unwrap();
    let db = SliceDb::from_pool(pool.clone());
    let id = OutgoingId(Uuid::now_v7());
    let mut tx = db.begin().await.unwrap();
    let hash = body_hash("x");
    let new = outgoing::New {
        id,
        chat,
        client_key: "k",
        text: "x",
        body_hash: &hash,
        user: user(),
        at: minute(0),
        file: None,
        reply_to: None,
    };
    assert!(outgoing::insert(&mut tx, &new).await.unwrap());
    tx.commit().await.unwrap();
    fence(&pool, 7).await;
    for round in 0..60 * soak() {
        let claim = async |generation: i64| {
            let mut tx = db.begin().await.unwrap();
            let row = outgoing::claim(&mut tx, generation, minute(9), minute(10)).await.unwrap();
            tx.commit().await.unwrap();
            row.is_some()
        };
        let (old, new) = tokio::join!(claim(6), claim(7));
        assert!(!old && new, "round {round}");
        let step = Step::new(id, &[OutgoingState::Leased], OutgoingState::Queued);
        let release = async |generation: i64| {
            let mut tx = db.begin().await.unwrap();
            let row = outgoing::step(&mut tx, &step, generation).await.unwrap();
            tx.commit().await.unwrap();
            row.is_some()
        };
        let (old, new) = tokio::join!(release(6), release(7));
        assert!(!old && new, "round {round}");
    }
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_05_two_claims_at_once_never_take_the_same_message(pool: PgPool) {
    let ingest = writer(&pool).await;
    for name in ["A", "B", "C", "D"] {
        ingest.conversation(&window(name, vec![incoming("1", "hi", 0)])).await.unwrap();
        let chat = chat_id(&pool, name).await.unwrap();
        let db = SliceDb::from_pool(pool.clone());
        let mut tx = db.begin().await.unwrap();
        let hash = body_hash("x");
        let id = OutgoingId(Uuid::now_v7());
        let new = outgoing::New {
            id,
            chat,
            client_key: name,
            text: "x",
            body_hash: &hash,
            user: user(),
            at: minute(0),
            file: None,
            reply_to: None,
        };
        outgoing::insert(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
    }
    let claim = async || {
        let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
        let row = outgoing::claim(&mut tx, GENERATION, minute(9), minute(10)).await.unwrap();
        tx.commit().await.unwrap();
        row.map(|row| row.outgoing.id)
    };
    let (a, b, c, d) = tokio::join!(claim(), claim(), claim(), claim());
    let mut ids: Vec<_> = [a, b, c, d].into_iter().flatten().collect();
    while let Some(id) = claim().await {
        ids.push(id);
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_04_the_pace_holds(pool: PgPool) {
    let mut spec = spec(ReadingMode::OnOpen);
    spec.pacing.min_gap_ms = 300;
    spec.pacing.per_minute = 3;
    let slice = Slice::start_with(&pool, spec).await;
    slice.page.add_chat("Ana", queunir_core::chat::ChatKind::Contact);
    slice.page.link("+55");
    until("the list is complete", async || slice.app.link.now().first_list_complete).await;
    let chat = slice.chat("Ana").await;
    let began = Instant::now();
    for n in 0..5 {
        slice.send(chat, &format!("k{n}"), &format!("text {n}")).await;
    }
    slice.until_state("k2", OutgoingState::Sent).await;
    assert!(began.elapsed() >= Duration::from_millis(600), "two gaps of 300 ms");
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(slice.page.sent().len(), 3, "three in a minute");
    assert_eq!(slice.outgoing("k3").await.state, OutgoingState::Queued);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_06_without_a_confirmed_intent_the_key_is_not_pressed(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let chat = slice.chat("Ana").await;
    // The commit of the intent fails at its very end, when nobody can tell what became of it.
    for statement in [
        "create function cut() returns trigger language plpgsql as
           $$ begin if new.state = 'intent' then perform pg_terminate_backend(pg_backend_pid()); end if; return null; end $$",
        "create constraint trigger cut after update on outgoing deferrable initially deferred for each row execute function cut()",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    slice.send(chat, "k", "hello").await;
    until("the worker tried", async || {
        matches!(slice.outgoing("k").await.state, OutgoingState::Composing) || slice.page.presses() > 0
    })
    .await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(slice.page.presses(), 0);
    sqlx::query("drop trigger cut on outgoing").execute(&pool).await.unwrap();
    slice.until_state("k", OutgoingState::Sent).await;
    assert_eq!((slice.page.presses(), slice.page.sent().len()), (1, 1));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_is_taken_back_in_time_is_not_sent(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    let ingest = writer(&pool).await;
    ingest.conversation(&window("Ana", vec![incoming("1", "hi", 0)])).await.unwrap();
    let chat = slice.chat("Ana").await;
    let first = slice.send(chat, "k", "hello").await;
    let (status, json) = slice.call("POST", &format!("/api/outgoing/{}/cancel", first.id), None).await;
    assert_eq!((status.as_u16(), json["state"].as_str()), (200, Some("canceled")));
    let (status, _) = slice.call("POST", &format!("/api/outgoing/{}/cancel", first.id), None).await;
    assert_eq!(status.as_u16(), 200, "again is the same");
    slice.page.add_chat("Ana", queunir_core::chat::ChatKind::Contact);
    slice.page.link("+55");
    slice.send(chat, "k2", "second").await;
    slice.until_state("k2", OutgoingState::Sent).await;
    assert_eq!(slice.page.sent().len(), 1);
    let (status, json) =
        slice.call("POST", &format!("/api/outgoing/{}/cancel", slice.outgoing("k2").await.id), None).await;
    assert_eq!((status.as_u16(), json["code"].as_str()), (409, Some("too_late")));
    slice.stop().await;
}
