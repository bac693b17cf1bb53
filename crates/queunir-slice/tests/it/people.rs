//! What is known of the people behind chats: from titles, the composer and info panels, and when a panel is opened.

use axum::http::StatusCode;
use queunir_core::{
    chat::ChatKind,
    contact::{FactKind, Member},
    link::ReadingMode,
};
use queunir_whatsapp::{
    PageError,
    seen::{SeenConversation, SeenFact, SeenPanel},
};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{
    ingest::{list, row},
    support::*,
};

fn panel(facts: &[(FactKind, &str)]) -> SeenPanel {
    let facts = facts.iter().map(|(kind, value)| SeenFact { kind: *kind, value: (*value).into() }).collect();
    SeenPanel {
        kind: ChatKind::Contact,
        facts,
        number_hidden: false,
        members: Vec::new(),
        all_members: false,
        total: None,
    }
}

async fn contact(slice: &Slice, title: &str) -> Value {
    let chat = slice.chat(title).await;
    let (status, contact) = slice.call("GET", &format!("/api/chats/{chat}/contact"), None).await;
    assert_eq!(status, StatusCode::OK, "{contact}");
    contact
}

/// Kind, source and value of each fact.
fn known(contact: &Value) -> Vec<String> {
    let facts = contact["facts"].as_array().unwrap().iter();
    facts
        .map(|fact| {
            let word = |name: &str| fact[name].as_str().unwrap().to_owned();
            format!("{} {} {}", word("kind"), word("source"), word("value"))
        })
        .collect()
}

async fn ask(slice: &Slice, title: &str) -> StatusCode {
    let chat = slice.chat(title).await;
    slice.call("POST", &format!("/api/chats/{chat}/contact/read"), None).await.0
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_title_and_a_composer_are_sources_and_replaying_them_writes_nothing(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    let ingest = &slice.app.ingest;
    ingest.list(&list(vec![row("Ana", "hello", 0, 0)]), None).await.unwrap();
    let bia = SeenConversation { phone: Some("+5511910000002".into()), ..window("~Bia", vec![incoming("1", "a", 0)]) };
    ingest.conversation(&bia).await.unwrap();
    assert_eq!(known(&contact(&slice, "Ana").await), ["name title Ana"]);
    assert_eq!(known(&contact(&slice, "~Bia").await), ["phone composer +5511910000002", "push_name title Bia"]);
    let since = contact(&slice, "~Bia").await["facts"][0]["since"].clone();

    let place = last_event(&pool).await;
    let later = writer(&pool).await;
    later.conversation(&bia).await.unwrap();
    assert_eq!(last_event(&pool).await, place);
    assert_eq!(contact(&slice, "~Bia").await["facts"][0]["since"], since);

    // Saved under a name: the number stays known, the name that she gave herself is no title any more.
    let saved = SeenConversation { title: "Bia Reis".into(), ..bia };
    later.conversation(&saved).await.unwrap();
    assert_eq!(known(&contact(&slice, "Bia Reis").await), ["name title Bia Reis", "phone composer +5511910000002"]);
    let told = events_after(&pool, place).await;
    assert!(told.iter().any(|event| event["type"] == "contact.updated"), "{told:?}");
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn in_on_open_mode_a_panel_is_read_only_of_a_chat_that_somebody_looks_at(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana", "Bia"]).await;
    slice.app.quiet.hurry(1_000);
    for title in ["Ana", "Bia"] {
        slice.page.put_panel(title, Ok(panel(&[(FactKind::Phone, "+5511910000001"), (FactKind::About, "Busy")])));
    }
    assert_eq!(ask(&slice, "Bia").await, StatusCode::ACCEPTED);
    for _ in 0..5 {
        assert!(!queunir_slice::reading::pass(&slice.app).await.unwrap());
    }
    assert!(slice.page.panels_read().is_empty() && slice.page.opened().is_empty());
    assert_eq!(contact(&slice, "Bia").await["panel"], "wanted");

    let bia = slice.chat("Bia").await;
    slice.open(bia, 1).await;
    slice.until("the panel is read", async || contact(&slice, "Bia").await["panel"] == "read").await;
    assert_eq!(
        known(&contact(&slice, "Bia").await),
        ["name title Bia", "phone panel +5511910000001", "about panel Busy"]
    );
    let (_, chat) = slice.call("GET", &format!("/api/chats/{bia}"), None).await;
    assert_eq!(chat["phone"], "+5511910000001", "a number that nobody else has becomes the chat's");
    for _ in 0..5 {
        queunir_slice::reading::pass(&slice.app).await.unwrap();
    }
    assert_eq!(slice.page.panels_read(), ["Bia"], "once, and only of that one");

    // Asked for again, and something is different.
    slice.page.put_panel("Bia", Ok(panel(&[(FactKind::About, "Free")])));
    assert_eq!(ask(&slice, "Bia").await, StatusCode::ACCEPTED);
    slice
        .until("it is read again", async || {
            known(&contact(&slice, "Bia").await) == ["name title Bia", "about panel Free"]
        })
        .await;
    // The same number elsewhere stays with the chat that had it first.
    let ana = slice.chat("Ana").await;
    slice.close(bia, 1).await;
    slice.open(ana, 1).await;
    slice.until("Ana's is read", async || contact(&slice, "Ana").await["panel"] == "read").await;
    let (_, chat) = slice.call("GET", &format!("/api/chats/{ana}"), None).await;
    assert_eq!(chat["phone"], Value::Null);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn in_background_mode_panels_are_read_once_when_it_is_quiet(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::Background, &["Ana", "Bia"]).await;
    slice.page.receive("Ana", "hello", minute(0));
    slice.until("it is read", async || rows(&pool, "Ana").await.iter().any(|row| row.key.is_some())).await;
    for _ in 0..5 {
        queunir_slice::reading::pass(&slice.app).await.unwrap();
    }
    assert!(slice.page.panels_read().is_empty(), "not before it has been quiet for a while");
    slice.app.quiet.hurry(1_000_000);
    slice.until("both are read", async || slice.page.panels_read().len() == 2).await;
    slice.until("the chat is left", async || slice.page.open_title().is_none()).await;
    for _ in 0..5 {
        queunir_slice::reading::pass(&slice.app).await.unwrap();
    }
    let mut read = slice.page.panels_read();
    read.sort_unstable();
    assert_eq!(read, ["Ana", "Bia"], "each once");
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_panel_that_gives_way_is_tried_again_and_one_that_fails_is_shown_as_failed(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let ana = slice.chat("Ana").await;
    slice.open(ana, 1).await;
    slice.page.put_panel("Ana", Err(PageError::Cancelled));
    assert_eq!(ask(&slice, "Ana").await, StatusCode::ACCEPTED);
    slice.until("it gave way", async || slice.page.panels_read().len() == 1).await;
    assert_eq!(contact(&slice, "Ana").await["panel"], "wanted");

    slice.page.put_panel("Ana", Err(PageError::Unexpected("no panel".into())));
    for tries in 2..=4 {
        // A person's wish waits for no pause; the last of three tries in a row gives it up.
        sqlx::query("update contact_panels set not_before = null").execute(&pool).await.unwrap();
        slice.app.wake_reading.notify_one();
        slice.until("it is tried", async || slice.page.panels_read().len() == tries).await;
    }
    slice.until("it failed", async || contact(&slice, "Ana").await["panel"] == "failed").await;
    assert_eq!(known(&contact(&slice, "Ana").await), ["name title Ana"]);

    slice.page.put_panel("Ana", Ok(panel(&[(FactKind::About, "Back")])));
    assert_eq!(ask(&slice, "Ana").await, StatusCode::ACCEPTED);
    slice.until("it is read", async || contact(&slice, "Ana").await["panel"] == "read").await;
    slice.stop().await;
}

/// A group's panel with these members: names, and numbers for those that begin with "+".
fn group(members: &[&str], total: Option<u32>) -> SeenPanel {
    let member = |text: &&str| {
        let text = Some((*text).to_owned());
        if text.as_ref().is_some_and(|text| text.starts_with('+')) {
            Member { phone: text, ..Member::default() }
        } else {
            Member { name: text, ..Member::default() }
        }
    };
    SeenPanel { kind: ChatKind::Group, members: members.iter().map(member).collect(), total, ..panel(&[]) }
}

/// Has the panel read, and answers what is then known of the members.
async fn reread(slice: &Slice, shown: SeenPanel) -> Value {
    slice.page.put_panel("Deliveries", Ok(shown));
    let before = slice.page.panels_read().len();
    assert_eq!(ask(slice, "Deliveries").await, StatusCode::ACCEPTED);
    slice.until("it is read", async || slice.page.panels_read().len() > before).await;
    slice.until("it is stored", async || contact(slice, "Deliveries").await["panel"] == "read").await;
    contact(slice, "Deliveries").await["members"].clone()
}

fn who(members: &Value) -> Vec<String> {
    let shown = members["shown"].as_array().unwrap().iter();
    shown.map(|one| one["name"].as_str().or(one["phone"].as_str()).unwrap().to_owned()).collect()
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn another_set_of_members_replaces_the_one_before_and_the_same_keeps_its_moment(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Deliveries"]).await;
    let chat = slice.chat("Deliveries").await;
    slice.open(chat, 1).await;
    assert_eq!(contact(&slice, "Deliveries").await["members"], Value::Null);

    let first = reread(&slice, group(&["Ana", "+5511910000009"], Some(23))).await;
    assert_eq!((who(&first), &first["total"]), (vec!["Ana".into(), "+5511910000009".into()], &json!(23)));
    let same = reread(&slice, group(&["+5511910000009", "Ana"], Some(24))).await;
    assert_eq!((&same["since"], &same["total"]), (&first["since"], &json!(24)));
    assert_ne!(same["seen_at"], first["seen_at"]);
    // None shown is nothing said.
    let none = reread(&slice, group(&[], None)).await;
    assert_eq!(none, same);

    let other = reread(&slice, group(&["Ana", "Bruno", "Caio"], None)).await;
    assert_eq!((who(&other), &other["total"]), (vec!["Ana".into(), "Bruno".into(), "Caio".into()], &Value::Null));
    assert_eq!(other["since"], other["seen_at"]);
    let fewer = reread(&slice, group(&["Caio"], Some(3))).await;
    assert_eq!(who(&fewer), ["Caio"]);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_member_leads_to_a_chat_only_if_no_other_has_the_number(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Deliveries", "Ana", "Bia", "Bia of the shop"]).await;
    let number = async |title: &str, phone: &str| {
        sqlx::query("update chats set phone = $2 where title = $1")
            .bind(title)
            .bind(phone)
            .execute(&pool)
            .await
            .unwrap();
    };
    number("Ana", "+5511910000001").await;
    number("Bia", "+5511910000002").await;
    slice.open(slice.chat("Deliveries").await, 1).await;
    let shown = group(&["+5511910000001", "+5511910000002", "+5511910000003", "Ana"], Some(4));
    let members = reread(&slice, shown.clone()).await;
    let (ana, bia) = (slice.chat("Ana").await, slice.chat("Bia").await);
    let links = |members: &Value| -> Vec<Value> {
        members["shown"].as_array().unwrap().iter().map(|one| one["chat_id"].clone()).collect()
    };
    assert_eq!(links(&members), [json!(ana), json!(bia), Value::Null, Value::Null], "a name alone leads nowhere");
    number("Bia of the shop", "+5511910000002").await;
    assert_eq!(
        links(&contact(&slice, "Deliveries").await["members"]),
        [json!(ana), Value::Null, Value::Null, Value::Null]
    );
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn all_members_are_read_because_a_person_asks_and_stand_beside_a_panel_that_shows_some(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Deliveries"]).await;
    let chat = slice.chat("Deliveries").await;
    slice.open(chat, 1).await;
    let all: Vec<String> = (0..40).map(|n| format!("+55119200000{n:02}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let some = reread(&slice, group(&all[..10], Some(40))).await;
    slice.page.put_all_members("Deliveries", Ok(group(&all, None).members));
    assert_eq!(reread(&slice, group(&all[..10], Some(40))).await["since"], some["since"], "nobody asked for all");
    assert_eq!(who(&some).len(), 10);

    let ask_all = async || {
        let before = slice.page.panels_read().len();
        let (status, _) = slice.call("POST", &format!("/api/chats/{chat}/contact/members"), None).await;
        assert_eq!(status, StatusCode::ACCEPTED);
        slice.until("the dialog was asked for", async || slice.page.panels_read().len() > before).await;
        slice.until("it is settled", async || contact(&slice, "Deliveries").await["panel"] != "wanted").await;
        contact(&slice, "Deliveries").await
    };
    let whole = ask_all().await["members"].clone();
    assert_eq!((who(&whole).len(), &whole["total"]), (40, &json!(40)));
    // The next panel shows ten of as many; one with another count is another group of people.
    assert_eq!(reread(&slice, group(&all[..10], Some(40))).await, whole);
    let fewer = reread(&slice, group(&all[..10], Some(39))).await;
    assert_eq!(who(&fewer).len(), 10);
    // Asked again: replaced as one, also by fewer.
    slice.page.put_all_members("Deliveries", Ok(group(&all[..39], None).members));
    assert_eq!(who(&ask_all().await["members"]).len(), 39);

    // A dialog that nobody knows: once, what was known stands, and it is told.
    slice.page.put_all_members("Deliveries", Err(queunir_whatsapp::PageError::UnknownDialog));
    let before = slice.page.panels_read().len();
    let failed = ask_all().await;
    assert_eq!((&failed["panel"], who(&failed["members"]).len()), (&json!("failed"), 39));
    assert_eq!(slice.page.panels_read().len(), before + 1);
    slice.stop().await;
}
