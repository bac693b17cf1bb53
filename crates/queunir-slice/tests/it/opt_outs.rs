//! Customers who do not want to be written to (POL-05): said by a person, kept on record, obeyed by everything that sends.

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use queunir_core::{id::ChatId, link::ReadingMode, outgoing::OutgoingState};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::*;

async fn say(slice: &Slice, chat: ChatId, wish: Value) -> (StatusCode, Value) {
    slice.call("POST", &format!("/api/chats/{chat}/opt-out"), Some(&wish.to_string())).await
}

async fn try_send(slice: &Slice, chat: ChatId, key: &str) -> (StatusCode, Value) {
    let path = format!("/api/chats/{chat}/messages");
    slice.call_with("POST", &path, Some(r#"{"text": "hello"}"#), &[("idempotency-key", key)]).await
}

/// So many hours before now, as messages of the page say it.
fn ago(hours: i64) -> Timestamp {
    Timestamp::now().checked_sub(SignedDuration::from_hours(hours)).unwrap()
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_05_what_a_person_says_is_told_kept_on_record_and_lifted(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let ana = slice.chat("Ana").await;
    let place = last_event(&pool).await;
    assert_eq!(say(&slice, ana, json!({"opted_out": true})).await.0, StatusCode::UNPROCESSABLE_ENTITY, "why?");
    let (status, chat) = say(&slice, ana, json!({"opted_out": true, "reason": "asked"})).await;
    assert_eq!((status, &chat["opt_out"]["reason"]), (StatusCode::OK, &json!("asked")));
    let (status, problem) = try_send(&slice, ana, "a").await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("opted_out")));
    let told = events_after(&pool, place).await;
    assert!(told.iter().any(|event| event["chat"]["opt_out"]["reason"] == "asked"), "{told:?}");

    // Said again with another reason: still since the first moment.
    let (_, again) = say(&slice, ana, json!({"opted_out": true, "reason": "other"})).await;
    assert_eq!(again["opt_out"]["at"], chat["opt_out"]["at"]);
    let (_, lifted) = say(&slice, ana, json!({"opted_out": false})).await;
    assert_eq!(lifted["opt_out"], Value::Null);
    assert_eq!(try_send(&slice, ana, "b").await.0, StatusCode::ACCEPTED);
    assert_eq!(lifted["opt_out_declined"], Value::Null, "nothing was written yet");
    slice.page.receive("Ana", "STOP", minute(0));
    slice.until("it is stored", async || !texts(&pool, "Ana").await.is_empty()).await;
    let (_, declined) = say(&slice, ana, json!({"opted_out": false})).await;
    let stop = rows(&pool, "Ana").await.into_iter().find(|row| row.text == "STOP").unwrap().id;
    assert_eq!(declined["opt_out_declined"], json!(stop));
    let trail: Vec<(String, String, uuid::Uuid)> =
        sqlx::query_as("select action, result, user_id from audit where action like 'opt%' order by id")
            .fetch_all(&pool)
            .await
            .unwrap();
    let said: Vec<(&str, &str)> = trail.iter().map(|(action, result, _)| (&**action, &**result)).collect();
    assert_eq!(said, [("opt_out", "asked"), ("opt_out", "other"), ("opt_in", "lifted"), ("opt_in", "declined")]);
    assert!(trail.iter().all(|(_, _, by)| *by == user().0));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_05_a_later_message_of_the_last_day_may_be_answered_and_no_earlier_one(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana", "Bia", "Cid"]).await;
    for (title, hours) in [("Ana", 3), ("Bia", 3), ("Cid", 50)] {
        slice.page.history(
            title,
            queunir_whatsapp::fake::message(title, queunir_core::message::Direction::In, "hi", Some(ago(hours)), None),
        );
        let chat = slice.chat(title).await;
        slice.open(chat, 1).await;
        say(&slice, chat, json!({"opted_out": true, "reason": "asked"})).await;
    }
    // Ana opted out after her message, Bia before hers, Cid before his, which is too old.
    for (title, hours) in [("Bia", 5), ("Cid", 60)] {
        let sql = format!("update chats set opted_out_at = now() - interval '{hours} hours' where title = '{title}'");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&pool).await.unwrap();
    }
    for (title, status) in [("Ana", StatusCode::CONFLICT), ("Bia", StatusCode::ACCEPTED), ("Cid", StatusCode::CONFLICT)]
    {
        assert_eq!(try_send(&slice, slice.chat(title).await, title).await.0, status, "{title}");
    }
    slice.until_state("Bia", OutgoingState::Sent).await;
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_05_what_waited_when_a_person_said_so_is_not_sent(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let ana = slice.chat("Ana").await;
    slice.page.show(queunir_core::link::PageState::Starting, None, None);
    slice.until("it is not linked", async || slice.state() != queunir_core::link::PageState::Linked).await;
    slice.send(ana, "k", "hello").await;
    say(&slice, ana, json!({"opted_out": true, "reason": "keyword"})).await;
    slice.page.link("+5511999990000");
    slice.until_state("k", OutgoingState::Failed).await;
    assert_eq!((slice.page.presses(), slice.page.sent().len()), (0, 0));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_05_the_words_are_the_tenants_own(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &[]).await;
    let (_, words) = slice.call("GET", "/api/settings/opt-out-words", None).await;
    for word in ["STOP", "PARAR", "SAIR", "BAJA"] {
        assert!(words["words"].as_array().unwrap().contains(&json!(word)), "{words}");
    }
    let put = async |words: Value| {
        slice.call("PUT", "/api/settings/opt-out-words", Some(&json!({ "words": words }).to_string())).await
    };
    assert_eq!(put(json!([" Chega ", ""])).await, (StatusCode::OK, json!({"words": ["Chega"]})));
    assert_eq!(slice.call("GET", "/api/settings/opt-out-words", None).await.1, json!({"words": ["Chega"]}));
    assert_eq!(put(json!(["x".repeat(41)])).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(put(json!(vec!["x"; 51])).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    slice.stop().await;
}
