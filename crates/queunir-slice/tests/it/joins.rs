//! Two stored chats that are one person are joined on proof alone, and a person can always take them apart again.

use axum::http::StatusCode;
use queunir_core::{chat::ChatKind, contact::FactKind, id::ChatId, link::ReadingMode, message::Direction};
use queunir_db::slice::{SliceDb, chats, messages};
use queunir_whatsapp::{
    fake,
    seen::{SeenConversation, SeenFact, SeenPanel},
};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{
    ingest::{list, row},
    support::*,
};

const NUMBER: &str = "+5511988887777";
const SHOWN: &str = "+55 11 98888-7777";

fn numbered(seen: SeenConversation) -> SeenConversation {
    SeenConversation { phone: Some(NUMBER.into()), ..seen }
}

/// Ids, titles and phones of all chats.
async fn all(pool: &PgPool) -> Vec<(ChatId, String, Option<String>)> {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    chats::list(&mut tx).await.unwrap().into_iter().map(|chat| (chat.id, chat.title, chat.phone)).collect()
}

async fn said(pool: &PgPool, chat: ChatId) -> Vec<String> {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    messages::page(&mut tx, chat, None, 500).await.unwrap().into_iter().map(|row| row.text).collect()
}

async fn joins(slice: &Slice, chat: ChatId) -> Vec<Value> {
    let (status, body) = slice.call("GET", &format!("/api/chats/{chat}/joins"), None).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body["joins"].as_array().unwrap().clone()
}

async fn say(slice: &Slice, chat: ChatId, join: &Value, say: &str) -> (StatusCode, Value) {
    let id = join["id"].as_str().unwrap();
    slice.call("POST", &format!("/api/chats/{chat}/joins/{id}"), Some(&json!({"say": say}).to_string())).await
}

/// Everything that is stored of a chat and could be moved, apart from the name's alias, which is the number's afterwards.
async fn everything(pool: &PgPool, chat: ChatId) -> Vec<String> {
    let mut found = Vec::new();
    for (table, order) in [
        ("messages", "id"),
        ("outgoing", "id"),
        ("acts", "id"),
        ("gaps", "id"),
        ("contact_facts", "kind, source, place"),
        ("media", "id"),
        ("message_revisions", "message_id, rev"),
    ] {
        let of_chat = match table {
            "media" | "message_revisions" => "message_id in (select id from messages where chat_id = $1)",
            _ => "chat_id = $1",
        };
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "select to_jsonb(t)::text from {table} t where {of_chat} order by {order}"
        )))
        .bind(chat.0)
        .fetch_all(pool)
        .await
        .unwrap();
        found.extend(rows.into_iter().map(|row| format!("{table} {row}")));
    }
    found
}

/// A chat that is known by its number, with three messages, and one that is known by its name alone, with three, of which one
/// is the other's too. The later one of the named chat's was answered, and an answer waits.
async fn two(slice: &Slice, pool: &PgPool) -> (ChatId, ChatId) {
    let ingest = &slice.app.ingest;
    let first = vec![incoming("e", "early", -1), incoming("1", "one", 1), incoming("2", "two", 2)];
    ingest.conversation(&numbered(window(SHOWN, first))).await.unwrap();
    ingest.list(&list(vec![row("Maria", "four", 0, 0)]), None).await.unwrap();
    let mine = fake::message("5", Direction::Out, "five", Some(minute(5)), None);
    let named = vec![incoming("0", "zero", 0), incoming("2", "two", 2), incoming("4", "four", 4), mine];
    ingest.conversation(&window("Maria", named)).await.unwrap();
    let (number, name) = (slice.chat(SHOWN).await, slice.chat("Maria").await);
    for statement in [
        "insert into outgoing (id, chat_id, client_key, text, body_hash, user_id, state, bound_msg_id)
         select gen_random_uuid(), chat_id, 'sent', 'five', sha256('five'), gen_random_uuid(), 'sent', id
           from messages where wa_msg_id = '5'",
        "insert into outgoing (id, chat_id, client_key, text, body_hash, user_id, state)
         select gen_random_uuid(), chat_id, 'kept', 'six', sha256('six'), gen_random_uuid(), 'canceled'
           from messages where wa_msg_id = '5'",
        "insert into acts (id, chat_id, message_id, client_key, wish, state, user_id)
         select gen_random_uuid(), chat_id, id, 'star', '{\"kind\": \"star\"}', 'canceled', gen_random_uuid()
           from messages where wa_msg_id = '2' and chat_id = (select chat_id from messages where wa_msg_id = '4')",
        "insert into gaps (id, chat_id, state, after_id, before_id, found_at)
         select gen_random_uuid(), b.chat_id, 'closed', a.id, b.id, now() from messages b join messages a using (chat_id)
          where b.wa_msg_id = '4' and a.wa_msg_id = '2'",
        "insert into message_revisions (message_id, rev, text) select id, 1, 'fuor' from messages where wa_msg_id = '4'",
    ] {
        assert_eq!(sqlx::query(statement).execute(pool).await.unwrap().rows_affected(), 1, "{statement}");
    }
    (number, name)
}

/// The page shows the number under the name, above messages of the named chat and a new one.
fn proof() -> SeenConversation {
    numbered(window("Maria", vec![incoming("2", "two", 2), incoming("4", "four", 4)]))
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_01_joined_chats_keep_every_message_once_and_in_order(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    let (number, name) = two(&slice, &pool).await;
    slice.app.ingest.conversation(&proof()).await.unwrap();
    assert_eq!(all(&pool).await, [(number, "Maria".to_owned(), Some(NUMBER.to_owned()))]);
    assert_eq!(said(&pool, number).await, ["early", "zero", "one", "two", "four", "five"]);
    let known = joins(&slice, name).await;
    assert_eq!(known, joins(&slice, number).await);
    assert_eq!(
        (&known[0]["state"], &known[0]["evidence"], &known[0]["messages"]),
        (&json!("joined"), &json!("messages"), &json!(3))
    );
    assert_eq!(
        (&known[0]["name"], &known[0]["into_name"], &known[0]["by_person"]),
        (&json!("Maria"), &json!(SHOWN), &json!(false))
    );
    let kept: Vec<String> = everything(&pool, number).await;
    for table in ["outgoing", "acts", "gaps", "message_revisions"] {
        assert!(kept.iter().any(|row| row.starts_with(table)), "{table} went along: {kept:#?}");
    }
    let place = last_event(&pool).await;
    slice.app.ingest.conversation(&proof()).await.unwrap();
    assert_eq!(last_event(&pool).await, place, "seen again, nothing is news");
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_01_taking_apart_what_was_joined_leads_back_to_exactly_what_was(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    let (number, name) = two(&slice, &pool).await;
    let before = (everything(&pool, number).await, everything(&pool, name).await);
    slice.app.ingest.conversation(&proof()).await.unwrap();
    let known = joins(&slice, number).await;
    let (status, undone) = say(&slice, number, &known[0], "two").await;
    assert_eq!((status, &undone["state"], &undone["by_person"]), (StatusCode::OK, &json!("undone"), &json!(true)));
    assert_eq!(everything(&pool, name).await, before.1);
    assert_eq!(texts_of(&everything(&pool, number).await), texts_of(&before.0));
    assert_eq!(said(&pool, name).await, ["zero", "two", "four", "five"]);
    assert_eq!(said(&pool, number).await, ["early", "one", "two"]);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_05_whoever_opted_out_under_one_name_did_under_the_other_and_stays_so_in_both(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    let (number, name) = two(&slice, &pool).await;
    let out = async |chat: ChatId| {
        let (_, chat) = slice.call("GET", &format!("/api/chats/{chat}"), None).await;
        (chat["opt_out"]["reason"].as_str().map(str::to_owned), chat["opt_out"]["at"].clone())
    };
    let wish = json!({"opted_out": true, "reason": "asked"}).to_string();
    slice.call("POST", &format!("/api/chats/{name}/opt-out"), Some(&wish)).await;
    let since = out(name).await;
    assert_eq!(since.0.as_deref(), Some("asked"));
    slice.app.ingest.conversation(&proof()).await.unwrap();
    assert_eq!(out(number).await, since);
    let known = joins(&slice, number).await;
    assert_eq!(say(&slice, number, &known[0], "two").await.0, StatusCode::OK);
    assert_eq!((out(number).await, out(name).await), (since.clone(), since));
    slice.stop().await;
}

/// The rows of messages alone: what is known of the person is told of the name since.
fn texts_of(rows: &[String]) -> Vec<&String> {
    rows.iter().filter(|row| !row.starts_with("contact_facts")).collect()
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_01_what_came_since_goes_to_the_chat_that_it_hangs_together_with(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    let (number, name) = two(&slice, &pool).await;
    slice.app.ingest.conversation(&proof()).await.unwrap();
    let ingest = &slice.app.ingest;
    let mine = fake::message("5", Direction::Out, "five", Some(minute(5)), None);
    ingest.conversation(&window("Maria", vec![mine, incoming("7", "below five", 7)])).await.unwrap();
    ingest.conversation(&numbered(window("Maria", vec![incoming("8", "on its own", 8)]))).await.unwrap();
    assert_eq!(said(&pool, number).await.last().unwrap(), "on its own");
    let known = joins(&slice, number).await;
    assert_eq!(say(&slice, number, &known[0], "two").await.0, StatusCode::OK);
    assert_eq!(said(&pool, name).await, ["zero", "two", "four", "five", "below five"]);
    assert_eq!(said(&pool, number).await, ["early", "one", "two", "on its own"]);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_a_person_took_apart_is_not_joined_again_by_itself(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    let (number, name) = two(&slice, &pool).await;
    slice.app.ingest.conversation(&proof()).await.unwrap();
    let known = joins(&slice, number).await;
    assert_eq!(say(&slice, name, &known[0], "two").await.0, StatusCode::OK);
    let apart = (said(&pool, number).await, said(&pool, name).await);

    slice.app.ingest.list(&list(vec![row("Maria", "nine", 1, 9)]), None).await.unwrap();
    assert!(said(&pool, number).await.contains(&"nine".to_owned()));
    slice.app.ingest.conversation(&numbered(window("Maria", vec![incoming("2", "two", 2)]))).await.unwrap();
    slice.app.ingest.conversation(&proof()).await.unwrap();
    assert_eq!(joins(&slice, number).await[0]["state"], "undone");
    assert_eq!(said(&pool, name).await, apart.1, "what the name leads to now is the number's");
    // Nothing is opened or written there: on the page the name is somebody else's.
    assert_eq!(slice.open(name, 1).await["reason"], "ambiguous_chat");
    assert_ne!(slice.open(number, 1).await["reason"], "ambiguous_chat");

    // A person may think otherwise, and otherwise again.
    assert_eq!(say(&slice, number, &joins(&slice, number).await[0], "one").await.1["state"], "joined");
    assert_eq!(all(&pool).await.len(), 1);
    assert_eq!(say(&slice, number, &joins(&slice, number).await[0], "two").await.1["state"], "undone");
    assert_eq!(said(&pool, name).await, apart.1);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn two_rows_of_the_list_are_two_chats_until_one_of_them_is_gone(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    let ingest = &slice.app.ingest;
    ingest.conversation(&numbered(window(SHOWN, vec![incoming("1", "one", 1)]))).await.unwrap();
    ingest.list(&list(vec![row("Maria", "one", 0, 0), row(SHOWN, "one", 0, 1)]), None).await.unwrap();
    let number = slice.chat(SHOWN).await;
    let shown = numbered(window("Maria", vec![incoming("1", "one", 1)]));
    ingest.conversation(&shown).await.unwrap();
    assert_eq!((all(&pool).await.len(), joins(&slice, number).await.len()), (2, 0));
    ingest.list(&list(vec![row("Maria", "one", 0, 0)]), None).await.unwrap();
    ingest
        .conversation(&numbered(window("Maria", vec![incoming("1", "one", 1), incoming("2", "two", 2)])))
        .await
        .unwrap();
    assert_eq!(all(&pool).await, [(number, "Maria".to_owned(), Some(NUMBER.to_owned()))]);
    assert_eq!(joins(&slice, number).await[0]["evidence"], "number");
    assert_eq!(said(&pool, number).await, ["one", "two"]);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_name_alone_proves_nothing_and_a_person_is_asked(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    let ingest = &slice.app.ingest;
    ingest.conversation(&numbered(window(SHOWN, vec![incoming("1", "one", 1)]))).await.unwrap();
    ingest.list(&list(vec![row("Maria", "of another", 0, 0)]), None).await.unwrap();
    let ours = fake::message("b", Direction::Out, "to everybody", Some(minute(0)), None);
    ingest.conversation(&window("Maria", vec![incoming("x", "of another", 0), ours.clone()])).await.unwrap();
    let (number, name) = (slice.chat(SHOWN).await, slice.chat("Maria").await);
    // The name was given to somebody else. A broadcast has one key in every chat.
    ingest.conversation(&numbered(window("Maria", vec![ours, incoming("1", "one", 1)]))).await.unwrap();
    assert_eq!(said(&pool, name).await, ["of another", "to everybody"]);
    assert_eq!(said(&pool, number).await.len(), 2);
    let asked = joins(&slice, name).await;
    assert_eq!((&asked[0]["state"], &asked[0]["evidence"]), (&json!("suggested"), &json!("name")));
    assert_eq!(slice.open(name, 1).await["reason"], "ambiguous_chat");

    assert_eq!(say(&slice, name, &asked[0], "two").await.1["state"], "declined");
    ingest
        .conversation(&numbered(window("Maria", vec![incoming("1", "one", 1), incoming("2", "new", 2)])))
        .await
        .unwrap();
    assert_eq!(joins(&slice, name).await[0]["state"], "declined");
    assert_eq!(all(&pool).await.len(), 2);
    // Another person's say cannot be about other chats.
    let other = ChatId(uuid::Uuid::now_v7());
    assert_eq!(say(&slice, other, &asked[0], "one").await.0, StatusCode::NOT_FOUND);
    assert_eq!(slice.call("GET", &format!("/api/chats/{other}/joins"), None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(say(&slice, name, &asked[0], "one").await.1["by_person"], true);
    assert_eq!(said(&pool, number).await, ["of another", "to everybody", "one", "new"]);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_saved_name_whose_panel_says_a_known_number_is_joined_with_it(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Maria"]).await;
    let first = numbered(window(SHOWN, vec![incoming("m1", "hello", 0)]));
    slice.app.ingest.conversation(&first).await.unwrap();
    let number = slice.chat(SHOWN).await;
    slice.page.receive("Maria", "hello", minute(0));
    let fact = SeenFact { kind: FactKind::Phone, value: NUMBER.into() };
    let panel = SeenPanel {
        kind: ChatKind::Contact,
        facts: vec![fact],
        number_hidden: false,
        members: Vec::new(),
        all_members: false,
        total: None,
    };
    slice.page.put_panel("Maria", Ok(panel));
    let name = slice.chat("Maria").await;
    assert_eq!(slice.open(name, 1).await["opened"], true);
    let (status, _) = slice.call("POST", &format!("/api/chats/{name}/contact/read"), None).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    until("they have met", async || !joins(&slice, number).await.is_empty()).await;
    let known = &joins(&slice, number).await[0];
    assert_eq!((&known["from_chat"], &known["phone"]), (&json!(name), &json!(NUMBER)));
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn the_same_hidden_id_proves_that_two_chats_are_one(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    let ingest = &slice.app.ingest;
    let under = |seen| SeenConversation { address: Some("77@lid".into()), ..seen };
    ingest.conversation(&numbered(window(SHOWN, vec![incoming("1", "one", 1)]))).await.unwrap();
    ingest.conversation(&under(window("Maria", vec![incoming("2", "two", 2)]))).await.unwrap();
    let (number, name) = (slice.chat(SHOWN).await, slice.chat("Maria").await);
    // No message of both is there, but the number is shown above rows of the id.
    ingest.conversation(&numbered(under(window("Maria", vec![incoming("3", "three", 3)])))).await.unwrap();
    assert_eq!(all(&pool).await, [(number, "Maria".to_owned(), Some(NUMBER.to_owned()))]);
    assert_eq!(said(&pool, number).await, ["one", "two", "three"]);
    let known = joins(&slice, name).await;
    assert_eq!((known[0]["state"].as_str(), known[0]["evidence"].as_str()), (Some("joined"), Some("address")));

    let join = known[0].clone();
    let (status, body) = say(&slice, number, &join, "two").await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(said(&pool, name).await, ["two"], "a person takes them apart, and they stay so");
    ingest.conversation(&numbered(under(window("Maria", vec![incoming("4", "four", 4)])))).await.unwrap();
    assert_eq!(said(&pool, name).await, ["two"]);
}
