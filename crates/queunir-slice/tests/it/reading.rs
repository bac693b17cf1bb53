//! What is opened, when, and what never is (decision 9, DEL-04).

use std::sync::Arc;

use queunir_core::{link::ReadingMode, message::Direction};
use queunir_db::slice::{SliceDb, chats, gaps};
use queunir_slice::{app::App, reading::JOB};
use queunir_whatsapp::{
    ChatTarget, Page, Priority,
    fake::{self, FakePage},
    seen::{SeenList, SeenMessage, SeenState},
};
use sqlx::PgPool;

use crate::support::*;

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn in_on_open_mode_nothing_is_opened_that_nobody_opened(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana", "Bia", "Caio"]).await;
    for n in 0..5 {
        slice.page.receive("Ana", &format!("a{n}"), minute(n));
        slice.page.receive("Bia", &format!("b{n}"), minute(n));
    }
    until("the previews are stored", async || texts(&pool, "Bia").await.last().is_some_and(|text| text == "b4")).await;
    // Several rounds of the reading loop find nothing to do.
    for _ in 0..5 {
        assert!(!queunir_slice::reading::pass(&slice.app).await.unwrap());
    }
    assert!(slice.page.opened().is_empty(), "{:?}", slice.page.opened());

    let ana = slice.chat("Ana").await;
    assert_eq!(slice.open(ana, 1).await["opened"], true);
    assert_eq!(texts(&pool, "Ana").await, ["a0", "a1", "a2", "a3", "a4"]);
    slice.page.receive("Ana", "live", minute(9));
    until("a live message arrives", async || texts(&pool, "Ana").await.len() == 6).await;

    slice.open(ana, 2).await;
    slice.close(ana, 1).await;
    assert_eq!(slice.page.open_title().as_deref(), Some("Ana"), "somebody still looks");
    slice.close(ana, 2).await;
    until("the chat is left", async || slice.page.open_title().is_none()).await;
    // The reading loop may have come to it at the same moment as the person's own request.
    let opened = slice.page.opened();
    assert!(opened.iter().all(|title| title == "Ana"), "{opened:?}");
    slice.page.receive("Ana", "after", minute(10));
    until("the preview is stored", async || texts(&pool, "Ana").await.len() == 7).await;
    assert_eq!(slice.page.opened(), opened);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn in_background_mode_everything_that_arrives_is_read_and_left(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::Background, &["Ana", "Bia"]).await;
    for n in 0..8 {
        slice.page.receive(if n % 2 == 0 { "Ana" } else { "Bia" }, &format!("m{n}"), minute(n));
    }
    until("all are read", async || texts(&pool, "Ana").await.len() == 4 && texts(&pool, "Bia").await.len() == 4).await;
    assert!(rows(&pool, "Ana").await.iter().all(|row| row.key.is_some()));
    until("the page is on no chat", async || slice.page.open_title().is_none()).await;
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_text_that_the_page_shows_in_part_is_stored_whole_and_asked_for_once(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let whole = "a long story with an end";
    let cut =
        |key: &str| SeenMessage { cut: true, ..fake::message(key, Direction::In, "a long st", Some(minute(1)), None) };
    slice.page.history("Ana", cut("k1"));
    slice.page.put_whole("k1", whole);
    let ana = slice.chat("Ana").await;
    slice.open(ana, 1).await;
    until("the text is whole", async || texts(&pool, "Ana").await == [whole]).await;

    // One that arrives while the chat is open, and one that the page never shows whole.
    let arrives = |key: &str| {
        slice.page.history("Ana", cut(key));
        slice.page.change_message("Ana", key, |_| {});
    };
    slice.page.put_whole("k2", whole);
    arrives("k2");
    until("the live text is whole", async || texts(&pool, "Ana").await == [whole, whole]).await;
    arrives("k3");
    until("it is stored", async || rows(&pool, "Ana").await.last().is_some_and(|row| row.cut)).await;
    until("it was asked for", async || slice.page.unfolds() == 3).await;
    for n in 0..3 {
        slice.page.change_message("Ana", "k3", |message| message.sent_at = Some(minute(4 + n)));
        queunir_slice::reading::pass(&slice.app).await.unwrap();
    }
    assert_eq!(slice.page.unfolds(), 3);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_comes_while_the_page_leaves_a_chat_is_stored_by_its_preview(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana", "Bia"]).await;
    let ana = slice.chat("Ana").await;
    assert_eq!(slice.open(ana, 1).await["opened"], true);
    let _way = slice.app.on_the_way();
    // The list tells of it; the chat's rows do not, because the page shows another one by now.
    slice.page.change_row("Ana", |row| {
        row.preview = Some("late".into());
        row.time = Some(minute(3));
        row.unread = 1;
    });
    // Not for long: the chat is looked at, and the next look finds no such row in this page.
    let stored = |event: &serde_json::Value| event["type"] == "message.stored" && event["message"]["text"] == "late";
    until("the preview is stored", async || events_after(&pool, 0).await.iter().any(stored)).await;
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_04_a_chat_is_read_back_until_known_ground(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::Background, &["Ana"]).await;
    slice.page.receive("Ana", "known", minute(0));
    until("it is read", async || rows(&pool, "Ana").await.iter().any(|row| row.key.is_some())).await;
    until("and left", async || slice.page.open_title().is_none()).await;
    // An outage: many messages arrive unseen, more than one screen.
    for n in 0..90 {
        slice.page.history("Ana", incoming(&format!("old{n}"), &format!("missed {n}"), 1));
    }
    slice.page.receive("Ana", "newest", minute(2));
    until("everything is there", async || texts(&pool, "Ana").await.len() == 92).await;
    let stored = texts(&pool, "Ana").await;
    assert_eq!((stored[0].as_str(), stored[1].as_str(), stored[91].as_str()), ("known", "missed 0", "newest"));
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    assert_eq!(gaps::count_open(&mut tx).await.unwrap(), 0);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_04_reading_back_goes_on_where_it_was_interrupted(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let ana = slice.chat("Ana").await;
    slice.page.receive("Ana", "known", minute(0));
    slice.open(ana, 1).await;
    until("it is read", async || rows(&pool, "Ana").await.iter().any(|row| row.key.is_some())).await;
    slice.close(ana, 1).await;
    until("and left", async || slice.page.open_title().is_none()).await;
    for n in 0..90 {
        slice.page.history("Ana", incoming(&format!("old{n}"), &format!("missed {n}"), 1));
    }
    slice.page.receive("Ana", "newest", minute(2));
    until("the list showed it", async || texts(&pool, "Ana").await.len() == 2).await;
    // Somebody else opened the chat, and what it showed at its end was stored; the reading comes after that.
    let shown = slice
        .page
        .open_chat(
            &ChatTarget { title: "Ana".into(), phone: None, unlisted: false, archived: false },
            Priority::Send,
            JOB,
        )
        .await;
    slice.app.ingest.conversation(&shown.unwrap()).await.unwrap();
    assert!(texts(&pool, "Ana").await.len() < 92);
    slice.open(ana, 2).await;
    until("everything is there", async || texts(&pool, "Ana").await.len() == 92).await;
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_waits_in_a_chat_that_leaves_the_list_and_comes_back_is_read(pool: PgPool) {
    let (app, page, _hand) = by_hand(&pool, &["Ana", "Bia"]).await;
    news(&app, &["Ana", "Bia"], 1).await;
    let without_ana = crate::ingest::list(vec![crate::ingest::row("Bia", "news 1", 2, 0)]);
    app.ingest.list(&without_ana, None).await.unwrap();
    assert!(waits(&pool, "Ana").await);
    while queunir_slice::reading::pass(&app).await.unwrap() {}
    assert_eq!(page.opened(), ["Bia"], "a chat that is not in the list cannot be opened");
    news(&app, &["Ana"], 1).await;
    while queunir_slice::reading::pass(&app).await.unwrap() {}
    assert_eq!(page.opened(), ["Bia", "Ana"]);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn the_choice_can_be_changed_and_is_on_record(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    slice.page.receive("Ana", "waiting", minute(0));
    until("the preview is stored", async || texts(&pool, "Ana").await.len() == 1).await;
    let (status, _) = slice.call("PUT", "/api/settings/reading-mode", Some(r#"{"reading_mode":"background"}"#)).await;
    assert_eq!(status.as_u16(), 200);
    until("what waited is read", async || rows(&pool, "Ana").await[0].key.is_some()).await;
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    assert_eq!(queunir_db::slice::settings::changes(&mut tx, "reading_mode").await.unwrap(), 1);
    drop(tx);
    slice.stop().await;
    let again = Slice::start(&pool, ReadingMode::OnOpen).await;
    assert_eq!(again.app.mode(), ReadingMode::Background, "the tenant's later choice wins over the spec");
    again.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_the_list_showed_of_an_open_chat_is_read_even_if_its_rows_never_came(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.conversation(&window("Ana", vec![incoming("1", "known", 0)])).await.unwrap();
    let open = chat_id(&pool, "Ana").await;
    let row = crate::ingest::row("Ana", "lost on the way", 0, 0);
    ingest.list(&crate::ingest::list(vec![row]), open).await.unwrap();
    // The browser dies here; the next one shows the same list.
    let pages = std::sync::Arc::new(Pages::default());
    let page = pages.add();
    page.add_chat("Ana", queunir_core::chat::ChatKind::Contact);
    page.history("Ana", incoming("1", "known", 0));
    page.history("Ana", incoming("2", "lost on the way", 0));
    page.change_row("Ana", |row| row.preview = Some("lost on the way".into()));
    let slice = Slice::start_on(&pool, spec(ReadingMode::Background), pages, page).await;
    slice.page.link("+55");
    until("it is read", async || texts(&pool, "Ana").await == ["known", "lost on the way"]).await;
    slice.stop().await;
}

/// A clock that only the test moves.
struct Hand(std::sync::Mutex<jiff::Timestamp>);

impl Hand {
    fn turn(&self, by: jiff::SignedDuration) {
        let mut now = self.0.lock().unwrap();
        *now += by;
    }
}

impl queunir_core::time::Clock for Hand {
    fn now(&self) -> jiff::Timestamp {
        *self.0.lock().unwrap()
    }
}

/// A slice whose loops the test runs by hand, with all chats of a page in its list, top first.
async fn by_hand(pool: &PgPool, titles: &[&str]) -> (App, Arc<FakePage>, Arc<Hand>) {
    fence(pool, GENERATION).await;
    let hand = Arc::new(Hand(std::sync::Mutex::new(minute(0))));
    let clock: queunir_core::time::SharedClock = hand.clone();
    let life = queunir_service::lifecycle::Lifecycle::new(tokio_util::sync::CancellationToken::new());
    let db = SliceDb::from_pool(pool.clone());
    let (app, _orders) = App::assemble(spec(ReadingMode::Background), db, clock, life, thumbnails()).await.unwrap();
    let (page, _events) = FakePage::new();
    for title in titles {
        page.add_chat(title, queunir_core::chat::ChatKind::Contact);
    }
    page.link("+55");
    app.page.send_replace(Some(page.clone()));
    app.link.seen(&SeenState::plain(queunir_core::link::PageState::Linked), None, app.now());
    (app, page, hand)
}

/// The list shows another message in each of these chats, the first at the top.
async fn news(app: &App, titles: &[&str], round: u32) {
    let row = |(title, at)| crate::ingest::row(title, &format!("news {round}"), round + 1, at);
    let rows = titles.iter().copied().zip(0..).map(row).collect();
    app.ingest.list(&SeenList { complete: false, ..crate::ingest::list(rows) }, app.open_chat()).await.unwrap();
}

async fn waits(pool: &PgPool, title: &str) -> bool {
    let id = chat_id(pool, title).await.unwrap();
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    chats::find(&mut tx, id).await.unwrap().unwrap().to_read_since.is_some()
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_chat_that_waits_is_overtaken_by_each_other_chat_once_at_most(pool: PgPool) {
    // Two that somebody looks at, three that are busy, two that cannot be opened, and one low in the list.
    let open = ["Ana", "Bia", "Caio", "Davi", "Eva", "Zoe"];
    let all = ["Ana", "Bia", "Caio", "Davi", "Eva", "Gone", "Lost", "Zoe"];
    let (app, page, hand) = by_hand(&pool, &open).await;
    news(&app, &all, 0).await;
    let viewed = [chat_id(&pool, "Ana").await.unwrap(), chat_id(&pool, "Bia").await.unwrap()];
    let mut turns = 0;
    while waits(&pool, "Zoe").await {
        turns += 1;
        assert!(turns <= 14, "after {turns} turns it still waits; read were {:?}", page.opened());
        hand.turn(jiff::SignedDuration::from_secs(3));
        for chat in viewed {
            app.viewers.look(chat, uuid::Uuid::nil(), app.now());
        }
        news(&app, &all[..7], turns).await;
        queunir_slice::reading::pass(&app).await.unwrap();
    }
    assert!(page.opened().iter().filter(|title| *title == "Ana").count() > 1, "{:?}", page.opened());
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn nothing_is_tried_on_a_browser_that_has_ended(pool: PgPool) {
    let (app, page, hand) = by_hand(&pool, &["Ana"]).await;
    hand.turn(jiff::SignedDuration::from_secs(1));
    news(&app, &["Ana"], 0).await;
    // Nobody has heard of it yet.
    page.die("killed");
    assert!(!queunir_slice::reading::pass(&app).await.unwrap());
    assert!(app.page().is_none());
    assert!(waits(&pool, "Ana").await);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn the_chat_that_waits_longest_is_read_first_and_before_it_the_one_that_somebody_looks_at(pool: PgPool) {
    let titles = ["Ana", "Bia", "Caio", "Davi"];
    let (app, page, hand) = by_hand(&pool, &titles).await;
    for (round, title) in (0..).zip(["Davi", "Bia", "Caio", "Ana"]) {
        hand.turn(jiff::SignedDuration::from_secs(1));
        news(&app, &[title], round).await;
    }
    app.viewers.look(chat_id(&pool, "Caio").await.unwrap(), uuid::Uuid::nil(), app.now());
    while queunir_slice::reading::pass(&app).await.unwrap() {}
    assert_eq!(page.opened()[..4], ["Caio", "Davi", "Bia", "Ana"]);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn news_goes_before_the_history_of_chats_that_are_seen_for_the_first_time(pool: PgPool) {
    let titles = ["Ana", "Bia", "Caio", "Davi", "Eva", "Fred", "Gil", "Hugo"];
    let (app, page, hand) = by_hand(&pool, &titles).await;
    let first = titles.iter().zip(0..).map(|(title, at)| crate::ingest::row(title, "old", 0, at)).collect();
    app.ingest.list(&crate::ingest::list(first), None).await.unwrap();
    let late = ["Hugo", "Gil", "Fred", "Eva", "Davi"];
    for (round, title) in (0..).zip(late) {
        hand.turn(jiff::SignedDuration::from_secs(1));
        news(&app, &[title], round).await;
    }
    while queunir_slice::reading::pass(&app).await.unwrap() {}
    let opened = page.opened();
    assert_eq!(opened[..4], late[..4]);
    assert!(["Ana", "Bia", "Caio"].contains(&opened[4].as_str()), "history has its turn too: {opened:?}");
    assert_eq!(opened[5], late[4]);
    assert_eq!(opened.len(), titles.len());
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_page_that_is_away_costs_no_chat_its_turn_and_the_next_page_tries_what_failed(pool: PgPool) {
    let (app, page, _hand) = by_hand(&pool, &["Ana"]).await;
    news(&app, &["Ana"], 0).await;
    let id = chat_id(&pool, "Ana").await.unwrap();
    let stored = async || {
        let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
        chats::find(&mut tx, id).await.unwrap().unwrap()
    };
    page.fail_next(queunir_whatsapp::PageError::NotLinked);
    assert!(!queunir_slice::reading::pass(&app).await.unwrap());
    assert_eq!((stored().await.read_attempts, stored().await.read_not_before), (0, None));
    page.fail_next(queunir_whatsapp::PageError::WrongChat);
    queunir_slice::reading::pass(&app).await.unwrap();
    assert!(stored().await.read_attempts == 1 && stored().await.read_not_before.is_some());
    queunir_slice::reading::forgive(&app).await.unwrap();
    queunir_slice::reading::pass(&app).await.unwrap();
    assert_eq!(page.opened().last().map(String::as_str), Some("Ana"));
    assert!(!waits(&pool, "Ana").await);
}
