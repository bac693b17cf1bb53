//! Opt-outs as a list and as a file, and numbers that opted out before there is a chat with them (POL-05).

use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_STANDARD};
use queunir_core::{act::ActState, link::ReadingMode, message::Direction};
use queunir_db::slice::{SliceDb, acts, opt_outs};
use queunir_whatsapp::fake;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::*;

async fn import(slice: &Slice, file: &[u8], preview: bool) -> (StatusCode, Value) {
    let body = json!({ "file": BASE64_STANDARD.encode(file), "preview": preview }).to_string();
    slice.call("POST", "/api/opt-outs/import", Some(&body)).await
}

async fn listed(slice: &Slice) -> Vec<(Value, Value)> {
    let (status, list) = slice.call("GET", "/api/opt-outs", None).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    let all = list["opt_outs"].as_array().unwrap();
    assert_eq!(list["total"], all.len());
    let mut all: Vec<_> = all.iter().map(|one| (one["title"].clone(), one["phone"].clone())).collect();
    all.sort_by_key(|(title, phone)| format!("{title}{phone}"));
    all
}

async fn try_send(slice: &Slice, title: &str, key: &str) -> (StatusCode, Value) {
    let path = format!("/api/chats/{}/messages", slice.chat(title).await);
    slice.call_with("POST", &path, Some(r#"{"text": "hello"}"#), &[("idempotency-key", key)]).await
}

async fn trail(pool: &PgPool) -> Vec<(String, String)> {
    sqlx::query_as("select action, result from audit where action like 'opt%' order by id")
        .fetch_all(pool)
        .await
        .unwrap()
}

/// The list shows a number as the chat's name, which is its number.
async fn numbered(slice: &Slice, title: &str, phone: &str) {
    slice.page.change_row(title, |row| row.phone = Some(phone.to_owned()));
    slice
        .until("the number is stored", async || {
            let count: i64 = sqlx::query_scalar("select count(*) from chats where phone = $1")
                .bind(phone)
                .fetch_one(&slice.pool)
                .await
                .unwrap();
            count == 1
        })
        .await;
}

/// Everything that a list may change, to be compared.
async fn everything(pool: &PgPool) -> String {
    sqlx::query_scalar(
        "select concat((select json_agg(c order by id) from chats c), (select json_agg(n order by phone) from opt_out_numbers n),
            (select count(*) from audit), (select count(*) from event_log))",
    )
    .fetch_one(pool)
    .await
    .unwrap()
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_05_a_list_is_looked_at_taken_in_once_and_obeyed(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["+55 11 8765-4321", "+1 202 555 0123", "Ana"]).await;
    numbered(&slice, "+55 11 8765-4321", "+551187654321").await;
    let file = "phone;name;since;reason\n+55 11 98765-4321;João;2026-10-01T00:00:00Z;asked\n+351 912 345 678;;;\n\
        912 345 678;;;\n+5511987654321;again;;\n";
    let before = everything(&pool).await;
    let (status, told) = import(&slice, file.as_bytes(), true).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert_eq!(told["chats"][0]["title"], "+55 11 8765-4321", "the same person without the ninth digit");
    assert_eq!(told["refused"], json!([{"line": 4, "text": "912 345 678", "reason": "not_international"}]));
    let counts = |told: &Value| ["chats_total", "numbers", "known", "refused_total"].map(|name| told[name].clone());
    assert_eq!(counts(&told), [json!(1), json!(1), json!(1), json!(1)]);
    assert_eq!(everything(&pool).await, before, "a look changes nothing");

    let place = last_event(&pool).await;
    let (status, done) = import(&slice, file.as_bytes(), false).await;
    assert_eq!((status, counts(&done)), (StatusCode::OK, counts(&told)), "what was said is what was done");
    let events = events_after(&pool, place).await;
    assert!(events.iter().any(|event| event["chat"]["opt_out"]["reason"] == "asked"), "{events:?}");
    assert_eq!(
        listed(&slice).await,
        [(json!("+55 11 8765-4321"), json!("+551187654321")), (Value::Null, json!("+351912345678"))],
    );
    let (status, problem) = try_send(&slice, "+55 11 8765-4321", "a").await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("opted_out")));
    assert_eq!(try_send(&slice, "+1 202 555 0123", "b").await.0, StatusCode::ACCEPTED);
    let said = |action: &str, result: &str| (action.to_owned(), result.to_owned());
    let imported = said("opt_out", "imported");
    let first = [imported.clone(), imported, said("opt_out_import", "1 chats, 1 numbers, 1 refused")];
    assert_eq!(trail(&pool).await, first);

    // The same once more, and the file that comes out: nothing is new.
    let (_, file_out) = slice.call("GET", "/api/opt-outs/file", None).await;
    let csv = file_out["csv"].as_str().unwrap();
    assert!(csv.contains("'+551187654321,'+55 11 8765-4321,2026-10-01T00:00:00Z,asked\r\n"), "{csv}");
    for again in [file, csv] {
        let (_, again) = import(&slice, again.as_bytes(), false).await;
        assert_eq!((&again["chats_total"], &again["numbers"]), (&json!(0), &json!(0)), "{again}");
    }
    let chat = slice.call("GET", &format!("/api/chats/{}", slice.chat("+55 11 8765-4321").await), None).await.1;
    assert_eq!(chat["opt_out"]["at"], "2026-10-01T00:00:00Z");
    assert_eq!(trail(&pool).await.iter().filter(|(action, _)| action == "opt_out").count(), 2);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_05_a_number_without_a_chat_opts_out_the_chat_that_appears_or_is_begun(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let ana = slice.chat("Ana").await;
    slice.page.receive("Ana", "hi", minute(0));
    slice.open(ana, 1).await;
    slice.until("it is stored", async || rows(&pool, "Ana").await.iter().any(|row| row.key.is_some())).await;
    import(&slice, b"+55 11 98765-4321\n+55 31 98765-4321\n", false).await;

    // One writes to us, whom WhatsApp knows without the ninth digit.
    slice.page.add_chat("+55 11 8765-4321", queunir_core::chat::ChatKind::Contact);
    slice.page.receive("+55 11 8765-4321", "Good morning", minute(1));
    numbered(&slice, "+55 11 8765-4321", "+551187654321").await;
    assert_eq!(try_send(&slice, "+55 11 8765-4321", "a").await.1["code"], "opted_out");

    // The other is begun by number.
    slice.page.put_number("+5531987654321", Ok("+55 31 98765-4321"));
    slice.call("POST", "/api/new-chats", Some(r#"{"phone": "+55 31 8765-4321"}"#)).await;
    slice.until("it is begun", async || chat_id(&pool, "+55 31 98765-4321").await.is_some()).await;
    assert_eq!(try_send(&slice, "+55 31 98765-4321", "b").await.1["code"], "opted_out");
    let shown = listed(&slice).await;
    assert_eq!(
        shown.iter().map(|(title, _)| title.clone()).collect::<Vec<_>>(),
        [json!("+55 11 8765-4321"), json!("+55 31 98765-4321")]
    );
    assert_eq!(trail(&pool).await.iter().filter(|(_, result)| result == "number_known").count(), 2);

    // Nor is anything forwarded to them, and what a person lifts is lifted with the number.
    let message = rows(&pool, "Ana").await[0].id;
    let bruno = slice.chat("+55 11 8765-4321").await;
    let wish = json!({"kind": "forward", "to": bruno}).to_string();
    let path = format!("/api/messages/{message}/acts");
    slice.call_with("POST", &path, Some(&wish), &[("idempotency-key", "f")]).await;
    slice
        .until("the forward is refused", async || {
            let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
            acts::find_by_client_key(&mut tx, "f").await.unwrap().unwrap().act.state == ActState::Failed
        })
        .await;
    assert_eq!(slice.page.presses(), 0);
    slice.call("POST", &format!("/api/chats/{bruno}/opt-out"), Some(r#"{"opted_out": false}"#)).await;
    assert_eq!(try_send(&slice, "+55 11 8765-4321", "c").await.0, StatusCode::ACCEPTED);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_05_the_database_alone_says_no_to_a_number_that_opted_out(pool: PgPool) {
    let ingest = writer(&pool).await;
    let mut seen = window("+55 11 8765-4321", vec![incoming("1", "hi", 0)]);
    seen.phone = Some("+551187654321".into());
    ingest.conversation(&seen).await.unwrap();
    let chat = chat_id(&pool, "+55 11 8765-4321").await.unwrap();
    let may = async |at| {
        let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
        opt_outs::may_be_written_to(&mut tx, chat, at).await.unwrap()
    };
    assert!(may(minute(1)).await);
    sqlx::query(
        "insert into opt_out_numbers values ('+5511987654321', '{+5511987654321,+551187654321}', $1::timestamptz, 'other',
            gen_random_uuid(), now())",
    )
    .bind(minute(2).to_string())
    .execute(&pool)
    .await
    .unwrap();
    assert!(!may(minute(3)).await, "although the chat does not say so");
    // A later message of theirs may be answered for a day.
    seen.messages.push(fake::message("2", Direction::In, "again", Some(minute(5)), None));
    ingest.conversation(&seen).await.unwrap();
    assert!(may(minute(6)).await);
    assert!(!may(minute(6 + 24 * 60)).await);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_file_that_cannot_be_read_as_a_whole_changes_nothing(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["+55 11 98765-4321"]).await;
    numbered(&slice, "+55 11 98765-4321", "+5511987654321").await;
    let before = everything(&pool).await;
    let large = vec![b'\n'; 512 * 1024 + 1];
    let long = "+5511987654321\n".repeat(10_001);
    for (file, status, code) in [
        (&b"+5511987654321\n\xe3"[..], StatusCode::UNPROCESSABLE_ENTITY, "unreadable_file"),
        (b"+5511987654321\n\"+5521987654321\n+55", StatusCode::UNPROCESSABLE_ENTITY, "unreadable_file"),
        (b" \n", StatusCode::UNPROCESSABLE_ENTITY, "empty_list"),
        (long.as_bytes(), StatusCode::UNPROCESSABLE_ENTITY, "too_many_lines"),
        (&large, StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
    ] {
        let (answered, said) = import(&slice, file, false).await;
        assert_eq!((answered, said["code"].as_str()), (status, Some(code)));
    }
    assert_eq!(everything(&pool).await, before);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_number_is_taken_off_the_list_by_a_person_and_on_record(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &[]).await;
    import(&slice, b"+55 11 98765-4321\n", false).await;
    let lift = async |phone: &str| {
        slice.call("POST", "/api/opt-outs/lift", Some(&json!({ "phone": phone }).to_string())).await.0
    };
    assert_eq!(lift("+55 11 8765-4321").await, StatusCode::NO_CONTENT, "in whichever form");
    assert_eq!(lift("+55 11 8765-4321").await, StatusCode::NOT_FOUND);
    assert!(listed(&slice).await.is_empty());
    assert_eq!(trail(&pool).await.last().unwrap(), &("opt_in".to_owned(), "lifted".to_owned()));
    let phone: String = sqlx::query_scalar("select detail ->> 'phone' from audit where action = 'opt_in'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(phone, "+5511987654321");
    slice.stop().await;
}
