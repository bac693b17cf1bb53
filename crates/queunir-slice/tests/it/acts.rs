//! Acts on messages: goals that the row shows, a forward at most once, each with an accountable human (POL-02, 03, 05).

use axum::http::StatusCode;
use queunir_core::{
    act::{Act, ActState, Wish},
    id::{ActId, ChatId, MessageId},
    link::ReadingMode,
    message::{Ack, Direction, MessageKind},
};
use queunir_db::slice::{SliceDb, acts, audit, messages};
use queunir_whatsapp::{
    PageError,
    fake::{self, AfterPress, OnAct},
};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::*;

/// Asks for an act and answers what was said.
async fn ask(slice: &Slice, message: MessageId, key: &str, wish: Value) -> (StatusCode, Value) {
    let path = format!("/api/messages/{message}/acts");
    slice.call_with("POST", &path, Some(&wish.to_string()), &[("idempotency-key", key)]).await
}

async fn by_key(pool: &PgPool, key: &str) -> acts::StoredAct {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    acts::find_by_client_key(&mut tx, key).await.unwrap().unwrap()
}

async fn until_state(slice: &Slice, key: &str, state: ActState) {
    slice.until(&format!("{key} becomes {state:?}"), async || by_key(&slice.pool, key).await.act.state == state).await;
}

/// An act brought to its end.
async fn done(slice: &Slice, message: MessageId, key: &str, wish: Value) {
    let (status, said) = ask(slice, message, key, wish).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{said}");
    until_state(slice, key, ActState::Done).await;
}

/// A linked slice with one message of theirs and one of ours in the open chat of Ana.
async fn scene(pool: &PgPool, mode: ReadingMode) -> (Slice, ChatId, MessageId, MessageId) {
    let slice = Slice::linked(pool, mode, &["Ana", "Bruno"]).await;
    slice.page.receive("Ana", "are you open?", minute(0));
    slice.page.sent_elsewhere("Ana", "yes, untill 6", minute(1));
    let chat = slice.chat("Ana").await;
    slice.open(chat, 1).await;
    until("both are stored", async || rows(pool, "Ana").await.iter().filter(|row| row.key.is_some()).count() == 2)
        .await;
    let stored = rows(pool, "Ana").await;
    let of = |direction| stored.iter().find(|row| row.direction == direction).unwrap().id;
    (slice, chat, of(Direction::In), of(Direction::Out))
}

async fn stored(pool: &PgPool, id: MessageId) -> messages::StoredMessage {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    messages::find(&mut tx, id).await.unwrap().unwrap()
}

/// Waits for the row: what the page told before the act may be stored after it, and what it tells next is the truth.
async fn shown(pool: &PgPool, id: MessageId, fits: impl Fn(&messages::StoredMessage) -> bool) {
    until("the row shows it", async || fits(&stored(pool, id).await)).await;
}

async fn trail(pool: &PgPool) -> Vec<(String, String)> {
    sqlx::query_as("select action, result from audit where act_id is not null order by id")
        .fetch_all(pool)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_reaction_is_set_changed_and_taken_back_and_is_known_as_ours(pool: PgPool) {
    let (slice, _, theirs, _) = scene(&pool, ReadingMode::OnOpen).await;
    done(&slice, theirs, "set", json!({"kind": "react", "emoji": "👍"})).await;
    let ours = |row: &messages::StoredMessage, emoji: &str| matches!(row.message().reactions.as_slice(), [one] if one.emoji == emoji && one.ours);
    shown(&pool, theirs, |row| ours(row, "👍")).await;
    done(&slice, theirs, "change", json!({"kind": "react", "emoji": "❤️"})).await;
    shown(&pool, theirs, |row| ours(row, "❤️")).await;
    done(&slice, theirs, "back", json!({"kind": "react", "emoji": null})).await;
    shown(&pool, theirs, |row| row.reactions.is_empty() && row.own_reaction.is_none()).await;
    assert_eq!(trail(&pool).await, vec![("react".to_owned(), "done".to_owned()); 3]);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_the_row_shows_already_is_done_without_a_press(pool: PgPool) {
    let (slice, _, theirs, _) = scene(&pool, ReadingMode::OnOpen).await;
    done(&slice, theirs, "one", json!({"kind": "star", "on": true})).await;
    done(&slice, theirs, "two", json!({"kind": "star", "on": true})).await;
    assert_eq!(slice.page.acts().len(), 1);
    shown(&pool, theirs, |row| row.starred).await;
    assert!(!by_key(&pool, "two").await.pressed);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn an_edit_keeps_the_earlier_text_and_a_deletion_shows_as_one(pool: PgPool) {
    let (slice, chat, theirs, ours) = scene(&pool, ReadingMode::OnOpen).await;
    done(&slice, ours, "edit", json!({"kind": "edit", "text": "yes, until 6"})).await;
    let row = stored(&pool, ours).await;
    assert_eq!((row.text.as_str(), row.edited), ("yes, until 6", true));
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    assert_eq!(messages::revisions(&mut tx, ours).await.unwrap(), ["yes, untill 6"]);
    drop(tx);
    done(&slice, ours, "everyone", json!({"kind": "delete_for_everyone"})).await;
    let row = stored(&pool, ours).await;
    assert_eq!((row.message().kind, row.text.as_str()), (MessageKind::Deleted, "yes, until 6"));
    done(&slice, theirs, "me", json!({"kind": "delete_for_me"})).await;
    let (_, page) = slice.call("GET", &format!("/api/chats/{chat}/messages"), None).await;
    let told = page["messages"].as_array().unwrap().iter().find(|row| row["id"] == theirs.to_string()).unwrap();
    assert_eq!((&told["kind"], &told["deleted_for_me"]), (&json!("deleted"), &json!(true)));
    let (status, said) = ask(&slice, theirs, "late", json!({"kind": "star", "on": true})).await;
    assert_eq!((status.as_u16(), said["code"].as_str()), (409, Some("message_deleted")));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn only_what_i_open_allows_acts_only_where_somebody_looks(pool: PgPool) {
    let (slice, chat, theirs, _) = scene(&pool, ReadingMode::OnOpen).await;
    slice.close(chat, 1).await;
    let star = json!({"kind": "star", "on": true});
    let (status, said) = ask(&slice, theirs, "closed", star.clone()).await;
    assert_eq!((status.as_u16(), said["code"].as_str()), (409, Some("not_open")));
    // Asked for while somebody looked, and nobody does when its turn comes.
    until("the chat is left", async || slice.page.open_title().is_none()).await;
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let wish = Wish::Star { on: true };
    let id = ActId(Uuid::now_v7());
    let new = acts::New { id, chat, message: theirs, client_key: "later", wish: &wish, user: user(), at: minute(0) };
    assert!(acts::insert(&mut tx, &new).await.unwrap());
    tx.commit().await.unwrap();
    slice.app.wake_acts.notify_one();
    until_state(&slice, "later", ActState::Failed).await;
    assert_eq!(by_key(&pool, "later").await.act.reason.as_deref(), Some("not_open"));
    assert_eq!((slice.page.opened().len(), slice.page.acts().len()), (1, 0));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_is_not_offered_fails_and_what_cannot_be_told_is_for_a_person(pool: PgPool) {
    let (slice, _, theirs, ours) = scene(&pool, ReadingMode::OnOpen).await;
    slice.page.on_act(OnAct::NotOffered);
    ask(&slice, ours, "late", json!({"kind": "edit", "text": "no"})).await;
    until_state(&slice, "late", ActState::Failed).await;
    assert_eq!(by_key(&pool, "late").await.act.reason.as_deref(), Some("not_offered"));
    // Pressed, and nothing comes of it: looked at again, and at last a person is asked.
    slice.page.on_act(OnAct::Swallow);
    ask(&slice, theirs, "lost", json!({"kind": "pin", "duration": "week"})).await;
    until_state(&slice, "lost", ActState::Uncertain).await;
    let lost = by_key(&pool, "lost").await;
    assert_eq!((lost.act.reason.as_deref(), lost.pressed), (Some("not_shown"), true));
    let path = format!("/api/acts/{}/resolve", lost.act.id);
    let (status, said) = slice.call("POST", &path, Some(&json!({"outcome": "not_done"}).to_string())).await;
    assert_eq!((status.as_u16(), said["state"].as_str()), (200, Some("canceled")));
    // Done, and the page failed before it was seen: the row tells, and nothing is pressed twice.
    slice.page.on_act(OnAct::DoUnseen);
    let before = slice.page.acts().len();
    done(&slice, theirs, "unseen", json!({"kind": "star", "on": true})).await;
    assert_eq!(slice.page.acts().len(), before + 1);
    // Failed before anything was pressed.
    slice.page.on_act(OnAct::Do);
    for _ in 0..3 {
        slice.page.fail_next_press(PageError::Deadline);
    }
    ask(&slice, theirs, "slow", json!({"kind": "star", "on": false})).await;
    until_state(&slice, "slow", ActState::Failed).await;
    assert_eq!(by_key(&pool, "slow").await.act.reason.as_deref(), Some("page_failed"));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_key_is_one_act_and_what_waits_can_be_taken_back(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::Background).await;
    let ingest = writer(&pool).await;
    ingest.conversation(&window("Ana", vec![incoming("1", "hi", 0)])).await.unwrap();
    let message = rows(&pool, "Ana").await[0].id;
    let (_, first) = ask(&slice, message, "k", json!({"kind": "star", "on": true})).await;
    let (_, again) = ask(&slice, message, "k", json!({"kind": "star", "on": true})).await;
    assert_eq!(first, again);
    let (status, said) = ask(&slice, message, "k", json!({"kind": "star", "on": false})).await;
    assert_eq!((status.as_u16(), said["code"].as_str()), (409, Some("key_reused")));
    let act: Act = serde_json::from_value(first).unwrap();
    let (_, listed) = slice.call("GET", &format!("/api/chats/{}/acts", act.chat_id), None).await;
    assert_eq!(listed["acts"].as_array().unwrap().len(), 1);
    let (status, said) = slice.call("POST", &format!("/api/acts/{}/cancel", act.id), None).await;
    assert_eq!((status.as_u16(), said["state"].as_str()), (200, Some("canceled")));
    let (_, said) = slice.call("GET", &format!("/api/acts/{}", act.id), None).await;
    assert_eq!(said["state"], "canceled");
    for (wish, code) in [
        (json!({"kind": "react", "emoji": "no"}), "not_an_emoji"),
        (json!({"kind": "edit", "text": " "}), "empty_text"),
    ] {
        let (status, said) = ask(&slice, message, "bad", wish).await;
        assert_eq!((status.as_u16(), said["code"].as_str()), (422, Some(code)));
    }
    let (status, _) = ask(&slice, message, "many", json!({"kind": "forward", "to": [act.chat_id, act.chat_id]})).await;
    assert!(status.is_client_error(), "one chat at a time (POL-02)");
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_05_an_old_generation_does_no_act(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.conversation(&window("Ana", vec![incoming("1", "hi", 0)])).await.unwrap();
    let row = rows(&pool, "Ana").await.remove(0);
    fence(&pool, 7).await;
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let (wish, id) = (Wish::Star { on: true }, ActId(Uuid::now_v7()));
    let new =
        acts::New { id, chat: row.chat_id, message: row.id, client_key: "k", wish: &wish, user: user(), at: minute(0) };
    assert!(acts::insert(&mut tx, &new).await.unwrap());
    assert!(acts::claim(&mut tx, 6, minute(9), true).await.unwrap().is_none());
    assert!(acts::claim(&mut tx, 7, minute(9), true).await.unwrap().is_some());
    let step = acts::Step::new(id, &[ActState::Doing], ActState::Done);
    assert!(acts::step(&mut tx, &step, 6).await.unwrap().is_none());
    assert!(acts::intend(&mut tx, id, None, minute(9), 6).await.unwrap().is_none());
    assert!(acts::step(&mut tx, &step, 7).await.unwrap().is_some());
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_forward_goes_once_to_one_chat_and_is_bound_to_its_bubble(pool: PgPool) {
    let (slice, _, theirs, _) = scene(&pool, ReadingMode::OnOpen).await;
    let bruno = slice.chat("Bruno").await;
    done(&slice, theirs, "one", json!({"kind": "forward", "to": bruno})).await;
    let copy = rows(&pool, "Bruno").await.remove(0);
    assert_eq!((copy.text.as_str(), copy.forwarded, copy.direction), ("are you open?", true, Direction::Out));
    assert_eq!(trail(&pool).await, [("forward".to_owned(), "done".to_owned())]);
    // Pressed and its bubble not seen: the other chat tells, and nothing is pressed again.
    slice.page.after_press(AfterPress::LoseBubble);
    done(&slice, theirs, "two", json!({"kind": "forward", "to": bruno})).await;
    assert_eq!((slice.page.presses(), rows(&pool, "Bruno").await.len()), (2, 2));
    // Pressed and nothing there: nobody can tell, so a person decides.
    slice.page.after_press(AfterPress::Swallow);
    ask(&slice, theirs, "three", json!({"kind": "forward", "to": bruno})).await;
    until_state(&slice, "three", ActState::Uncertain).await;
    assert_eq!(slice.page.presses(), 3);
    // Certainly not pressed: tried again.
    slice.page.after_press(AfterPress::WrongChat);
    ask(&slice, theirs, "four", json!({"kind": "forward", "to": bruno})).await;
    until("it was tried", async || by_key(&pool, "four").await.attempts > 0).await;
    slice.page.after_press(AfterPress::Bubble);
    until_state(&slice, "four", ActState::Done).await;
    assert_eq!(slice.page.presses(), 4);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_06_a_forward_without_a_confirmed_intent_is_not_pressed(pool: PgPool) {
    let (slice, _, theirs, _) = scene(&pool, ReadingMode::OnOpen).await;
    let bruno = slice.chat("Bruno").await;
    for statement in [
        "create function cut() returns trigger language plpgsql as $$ begin
           if new.intent_at is not null and old.intent_at is null then perform pg_terminate_backend(pg_backend_pid());
           end if; return null; end $$",
        "create constraint trigger cut after update on acts deferrable initially deferred for each row execute function cut()",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    ask(&slice, theirs, "k", json!({"kind": "forward", "to": bruno})).await;
    until("the worker tried twice", async || slice.page.opened().iter().filter(|title| *title == "Bruno").count() >= 2)
        .await;
    assert_eq!(slice.page.presses(), 0);
    sqlx::query("drop trigger cut on acts").execute(&pool).await.unwrap();
    until_state(&slice, "k", ActState::Done).await;
    assert_eq!((slice.page.presses(), rows(&pool, "Bruno").await.len()), (1, 1));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_05_a_forward_obeys_the_opt_out_and_the_pace(pool: PgPool) {
    let mut spec = spec(ReadingMode::Background);
    spec.pacing.per_minute = 2;
    let slice = Slice::start_with(&pool, spec).await;
    for title in ["Ana", "Bruno"] {
        slice.page.add_chat(title, queunir_core::chat::ChatKind::Contact);
    }
    slice.page.history("Ana", fake::message("A", Direction::In, "hello", Some(minute(0)), None));
    slice.page.link("+55");
    until("the list is complete", async || slice.app.link.now().first_list_complete).await;
    let ana = slice.chat("Ana").await;
    slice.open(ana, 1).await;
    until("it is stored", async || !rows(&pool, "Ana").await.is_empty()).await;
    let (message, bruno) = (rows(&pool, "Ana").await[0].id, slice.chat("Bruno").await);
    sqlx::query("update chats set opted_out = true where title = 'Bruno'").execute(&pool).await.unwrap();
    ask(&slice, message, "out", json!({"kind": "forward", "to": bruno})).await;
    until_state(&slice, "out", ActState::Failed).await;
    assert_eq!(by_key(&pool, "out").await.act.reason.as_deref(), Some("chat_not_allowed"));
    sqlx::query("update chats set opted_out = false").execute(&pool).await.unwrap();
    slice.send(ana, "m", "a message").await;
    slice.until_state("m", queunir_core::outgoing::OutgoingState::Sent).await;
    done(&slice, message, "first", json!({"kind": "forward", "to": bruno})).await;
    // Two in a minute, messages and forwards together; what is no message goes on.
    ask(&slice, message, "second", json!({"kind": "forward", "to": bruno})).await;
    slice.send(ana, "n", "another").await;
    let ours = rows(&pool, "Ana").await.last().unwrap().id;
    done(&slice, ours, "star", json!({"kind": "star", "on": true})).await;
    assert_eq!(by_key(&pool, "second").await.act.state, ActState::Queued);
    assert_eq!(slice.outgoing("n").await.state, queunir_core::outgoing::OutgoingState::Queued);
    assert_eq!(slice.page.presses(), 2);
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    assert_eq!(audit::count(&mut tx, "forward").await.unwrap(), 2, "a failure and a success");
    drop(tx);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_07_a_forward_whose_bubble_vanishes_is_for_a_person_and_holds_up_nothing(pool: PgPool) {
    let (slice, ana, theirs, _) = scene(&pool, ReadingMode::OnOpen).await;
    let bruno = slice.chat("Bruno").await;
    slice.page.receive("Bruno", "and?", minute(2));
    slice.page.after_press(AfterPress::Pending);
    done(&slice, theirs, "one", json!({"kind": "forward", "to": bruno})).await;
    slice.open(bruno, 2).await;
    until("the copy is stored", async || rows(&pool, "Bruno").await.len() == 2).await;
    let copy = rows(&pool, "Bruno").await.remove(1);
    assert_eq!((copy.ack, copy.text.as_str()), (Some(Ack::Pending), "are you open?"));
    let above = fake::message(
        &rows(&pool, "Bruno").await[0].key.clone().unwrap(),
        Direction::In,
        "and?",
        Some(minute(2)),
        None,
    );

    // A window that was looked at before the press says nothing of what came after it.
    slice.app.ingest.conversation(&window("Bruno", vec![above])).await.unwrap();
    assert_eq!((by_key(&pool, "one").await.act.state, rows(&pool, "Bruno").await.len()), (ActState::Done, 2));

    // The browser died with what it had not handed in yet. Nothing can prove what became of it.
    sqlx::query("update acts set ended_at = ended_at - interval '1 minute'").execute(&pool).await.unwrap();
    slice.page.lose("Bruno", copy.key.as_deref().unwrap());
    slice.page.receive("Bruno", "well?", minute(9));
    until_state(&slice, "one", ActState::Uncertain).await;
    until("what came after it is stored", async || texts(&pool, "Bruno").await == ["and?", "well?"]).await;
    let lost = by_key(&pool, "one").await.act;
    assert_eq!(lost.reason.as_deref(), Some("vanished"));
    let (_, listed) = slice.call("GET", &format!("/api/chats/{ana}/acts"), None).await;
    assert_eq!((&listed["acts"][0]["state"], &listed["acts"][0]["reason"]), (&json!("uncertain"), &json!("vanished")));
    let (status, said) = slice
        .call("POST", &format!("/api/acts/{}/resolve", lost.id), Some(&json!({"outcome": "not_done"}).to_string()))
        .await;
    assert_eq!((status.as_u16(), said["state"].as_str()), (200, Some("canceled")));

    // What has reached the server is done, whatever becomes of its bubble.
    slice.page.after_press(AfterPress::Bubble);
    done(&slice, theirs, "two", json!({"kind": "forward", "to": bruno})).await;
    sqlx::query("update acts set ended_at = ended_at - interval '1 minute'").execute(&pool).await.unwrap();
    let copy = rows(&pool, "Bruno").await.pop().unwrap();
    slice.page.lose("Bruno", copy.key.as_deref().unwrap());
    slice.page.receive("Bruno", "thanks", minute(12));
    until("the answer is stored", async || texts(&pool, "Bruno").await.contains(&"thanks".to_owned())).await;
    assert_eq!(by_key(&pool, "two").await.act.state, ActState::Done);
    assert_eq!(slice.page.presses(), 2, "never once more by the machine");
    let ends: Vec<String> = trail(&pool).await.into_iter().map(|(_, result)| result).collect();
    assert_eq!(ends, ["done", "vanished", "not_done", "done"]);
    slice.stop().await;
}
