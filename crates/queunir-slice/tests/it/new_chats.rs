//! Chats that a person begins by a number, and how many people who never wrote may be written to (POL-02, 04, 05).

use axum::http::StatusCode;
use queunir_core::{
    link::{PageState, ReadingMode},
    outgoing::OutgoingState,
};
use queunir_db::slice::{SliceDb, audit};
use queunir_whatsapp::PageError;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::*;

/// Asks for a number and answers the end of the search.
async fn begin(slice: &Slice, phone: &str) -> Value {
    let (status, asked) = ask(slice, phone).await;
    assert!(matches!(status, StatusCode::OK | StatusCode::ACCEPTED), "{status} {asked}");
    if status == StatusCode::OK {
        return asked;
    }
    let path = format!("/api/new-chats/{}", asked["id"].as_str().unwrap());
    slice.until("the number is settled", async || slice.call("GET", &path, None).await.1["state"] != "looking").await;
    slice.call("GET", &path, None).await.1
}

async fn ask(slice: &Slice, phone: &str) -> (StatusCode, Value) {
    slice.call("POST", "/api/new-chats", Some(&json!({ "phone": phone }).to_string())).await
}

async fn try_send(slice: &Slice, chat: &Value, key: &str) -> (StatusCode, Value) {
    let path = format!("/api/chats/{}/messages", chat["chat_id"].as_str().unwrap());
    slice.call_with("POST", &path, Some(r#"{"text": "hello"}"#), &[("idempotency-key", key)]).await
}

async fn chats(slice: &Slice) -> usize {
    slice.call("GET", "/api/chats", None).await.1["chats"].as_array().unwrap().len()
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_number_becomes_a_chat_to_write_to_and_asking_again_doubles_nothing(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    slice.page.put_number("+551187654321", Ok("+55 11 8765-4321"));
    let opened = begin(&slice, "+55 (11) 98765-4321").await;
    assert_eq!((&opened["state"], &opened["number"]), (&json!("opened"), &json!("+5511987654321")));
    assert_eq!(opened["opened_as"], "+551187654321", "the form that the page opened");
    assert_eq!(slice.page.loaded(), ["+5511987654321", "+551187654321"]);

    // With and without the ninth digit it is the same chat, and the page is not asked again.
    for again in ["+55 11 98765-4321", "+55 11 8765-4321"] {
        let known = begin(&slice, again).await;
        assert_eq!((&known["chat_id"], &known["opened_as"]), (&opened["chat_id"], &opened["opened_as"]), "{again}");
    }
    assert_eq!((slice.page.loaded().len(), chats(&slice).await), (2, 2));

    // The page went elsewhere in the meantime: the first message finds the chat by its number.
    slice.open(slice.chat("Ana").await, 1).await;
    assert_eq!(slice.page.open_title().as_deref(), Some("Ana"));
    assert_eq!(try_send(&slice, &opened, "first").await.0, StatusCode::ACCEPTED);
    slice.until_state("first", OutgoingState::Sent).await;
    assert_eq!(slice.page.sent(), [("+55 11 8765-4321".to_owned(), "hello".to_owned())]);
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    assert_eq!(audit::count(&mut tx, "new_chat").await.unwrap(), 2, "asked and opened");
    drop(tx);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn the_chat_of_a_saved_contact_is_found_under_its_name(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    slice.page.receive("Ana", "hi", minute(0));
    let ana = slice.chat("Ana").await.to_string();
    slice.page.put_number("+5511977770000", Ok("Ana"));
    assert_eq!(begin(&slice, "+55 11 97777-0000").await["chat_id"], ana);
    assert_eq!(begin(&slice, "+55 11 7777-0000").await["chat_id"], ana);
    assert_eq!((slice.page.loaded().len(), chats(&slice).await), (1, 1), "known from then on in both forms");
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_the_page_says_is_told_and_nothing_is_stored(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana", "Twin", "Twin"]).await;
    let before = chats(&slice).await;
    slice.page.put_number("+390000000001", Err(PageError::UnknownDialog));
    slice.page.put_number("+390000000002", Err(PageError::Deadline));
    slice.page.put_number("+390000000003", Err(PageError::WrongChat));
    slice.page.put_number("+390000000004", Ok("Twin"));
    for (phone, state, reason) in [
        ("+39 000 000 0000", "failed", "not_on_whatsapp"),
        ("+39 000 000 0001", "failed", "unknown_dialog"),
        ("+39 000 000 0002", "uncertain", "no_answer"),
        ("+39 000 000 0003", "failed", "page_failed"),
        ("+39 000 000 0004", "failed", "ambiguous_chat"),
    ] {
        let ended = begin(&slice, phone).await;
        assert_eq!((&ended["state"], &ended["reason"]), (&json!(state), &json!(reason)), "{phone}: {ended}");
        assert_eq!(ended["chat_id"], Value::Null);
    }
    assert_eq!(chats(&slice).await, before);
    for (phone, code) in
        [("11 98765-4321", "not_international"), ("+999 1234567", "unknown_country"), ("+55 11 876", "wrong_length")]
    {
        let (status, problem) = ask(&slice, phone).await;
        assert_eq!((status, &problem["fields"]["phone"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(code)), "{phone}");
    }
    slice.page.show(PageState::Starting, None, None);
    slice.until("it is not linked", async || slice.state() != PageState::Linked).await;
    let (status, problem) = ask(&slice, "+39 000 000 0009").await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("not_linked")));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_04_few_people_who_never_wrote_are_written_to_in_a_day(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    slice.page.receive("Ana", "hi", minute(0));
    slice.until("she wrote", async || !rows(&pool, "Ana").await.is_empty()).await;
    let mut begun = Vec::new();
    for number in 0..7 {
        let title = format!("+39 000 000 010{number}");
        slice.page.put_number(&title.replace(' ', ""), Ok(&title));
        begun.push(begin(&slice, &title).await);
    }
    // The account is new here: five a day, and the sixth is told when.
    for (number, chat) in begun.iter().take(5).enumerate() {
        let key = format!("k{number}");
        assert_eq!(try_send(&slice, chat, &key).await.0, StatusCode::ACCEPTED);
        slice.until_state(&key, OutgoingState::Sent).await;
    }
    let (status, problem) = try_send(&slice, &begun[5], "k5").await;
    assert_eq!((status, &problem["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("first_contacts")));
    // Whom we wrote to already, and who wrote to us, is no first contact.
    assert_eq!(try_send(&slice, &begun[0], "again").await.0, StatusCode::ACCEPTED);
    slice.send(slice.chat("Ana").await, "ana", "hello").await;
    slice.until_state("ana", OutgoingState::Sent).await;
    let (_, now) = slice.call("GET", "/api/settings/first-contacts", None).await;
    assert_eq!((&now["limit"], &now["used"], &now["per_day"]), (&json!(5), &json!(5), &json!(20)));
    assert!(now["free_at"].is_string());

    // After two weeks the ceiling is twenty, and the tenant's own limit may be lower but not higher.
    sqlx::raw_sql("update chats set created_at = created_at - interval '15 days' where title = 'Ana'")
        .execute(&pool)
        .await
        .unwrap();
    let set = async |count: u32| {
        let body = json!({ "per_day": count }).to_string();
        slice.call("PUT", "/api/settings/first-contacts", Some(&body)).await
    };
    for wrong in [0, 21] {
        assert_eq!(set(wrong).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(set(6).await.1["limit"], 6);
    assert_eq!(try_send(&slice, &begun[5], "k5").await.0, StatusCode::ACCEPTED);
    slice.until_state("k5", OutgoingState::Sent).await;
    assert_eq!(try_send(&slice, &begun[6], "k6").await.0, StatusCode::TOO_MANY_REQUESTS);
    // A day later there is room again.
    sqlx::raw_sql("update outgoing set intent_at = intent_at - interval '25 hours'").execute(&pool).await.unwrap();
    assert_eq!(try_send(&slice, &begun[6], "k6").await.0, StatusCode::ACCEPTED);
    slice.until_state("k6", OutgoingState::Sent).await;
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_04_a_first_message_that_waited_is_held_when_the_limit_was_lowered(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let mut begun = Vec::new();
    for number in 0..2 {
        let title = format!("+39 000 000 020{number}");
        slice.page.put_number(&title.replace(' ', ""), Ok(&title));
        begun.push(begin(&slice, &title).await);
    }
    slice.page.show(PageState::Starting, None, None);
    slice.until("it is not linked", async || slice.state() != PageState::Linked).await;
    for (number, chat) in begun.iter().enumerate() {
        assert_eq!(try_send(&slice, chat, &format!("k{number}")).await.0, StatusCode::ACCEPTED);
    }
    let (status, _) = slice.call("PUT", "/api/settings/first-contacts", Some(r#"{"per_day": 1}"#)).await;
    assert_eq!(status, StatusCode::OK);
    slice.page.link("+5511999990000");
    slice.until("one waits", async || slice.outgoing("k0").await.reason.as_deref() == Some("first_contacts")).await;
    assert_eq!(slice.outgoing("k0").await.state, OutgoingState::Queued);
    assert!(slice.page.sent().is_empty() && slice.page.composer().is_empty(), "{:?}", slice.page.sent());
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_05_a_customer_who_opted_out_is_not_written_to_under_any_form_of_the_number(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &[]).await;
    slice.page.put_number("+551187654321", Ok("+55 11 8765-4321"));
    begin(&slice, "+55 11 8765-4321").await;
    sqlx::raw_sql("update chats set opted_out = true").execute(&pool).await.unwrap();
    let known = begin(&slice, "+55 11 98765-4321").await;
    let (status, problem) = try_send(&slice, &known, "k").await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("opted_out")));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_02_numbers_are_looked_up_one_at_a_time_and_only_so_many_a_day(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let list = r#"{"phone": ["+390000000001", "+390000000002"]}"#;
    assert_eq!(slice.call("POST", "/api/new-chats", Some(list)).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    // A message is being sent: the page is not loaded again under it.
    let sending = slice.app.sending.lock().await;
    let (status, first) = ask(&slice, "+39 000 000 0300").await;
    assert_eq!(status, StatusCode::ACCEPTED);
    assert_eq!(ask(&slice, "+39 000 000 0300").await.1["id"], first["id"], "the same is the same");
    let (status, problem) = ask(&slice, "+39 000 000 0301").await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("new_chat_under_way")));
    assert!(slice.page.loaded().is_empty());
    drop(sending);
    let path = format!("/api/new-chats/{}", first["id"].as_str().unwrap());
    slice.until("it is settled", async || slice.call("GET", &path, None).await.1["state"] == "failed").await;

    sqlx::raw_sql("insert into audit (action, result) select 'new_chat', 'asked' from generate_series(1, 59)")
        .execute(&pool)
        .await
        .unwrap();
    let (status, problem) = ask(&slice, "+39 000 000 0302").await;
    assert_eq!((status, &problem["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("too_many_numbers")));
    slice.stop().await;
}
