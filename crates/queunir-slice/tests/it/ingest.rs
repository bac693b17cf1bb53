//! Windows of a conversation and sweeps over the list become rows and events, once.

use queunir_core::message::{Ack, Direction, MessageKind, Reaction, Source};
use queunir_whatsapp::{
    fake,
    seen::{RowPicture, SeenChat, SeenList, SeenMessage},
};
use sqlx::PgPool;

use crate::support::*;

pub fn row(title: &str, preview: &str, unread: u32, position: u32) -> SeenChat {
    SeenChat {
        title: title.into(),
        phone: None,
        kind: queunir_core::chat::ChatKind::Unknown,
        preview: Some(preview.into()),
        preview_from_me: false,
        preview_sender: None,
        preview_kind: MessageKind::Text,
        preview_ack: None,
        unread,
        marked_unread: false,
        pinned: false,
        muted: false,
        archived: false,
        typing: false,
        time_text: "10:00".into(),
        time: Some(minute(0)),
        position,
        picture: RowPicture::Unknown,
        look: 0,
    }
}

pub fn list(rows: Vec<SeenChat>) -> SeenList {
    SeenList { total: u32::try_from(rows.len()).ok(), complete: true, rows, document: "one".into() }
}

async fn order(pool: &PgPool) -> Vec<String> {
    let mut tx = queunir_db::slice::SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let chats = queunir_db::slice::chats::list(&mut tx).await.unwrap();
    chats.into_iter().filter(|chat| chat.rank.is_some()).map(|chat| chat.title).collect()
}

async fn chat(pool: &PgPool, title: &str) -> queunir_core::chat::Chat {
    let mut tx = queunir_db::slice::SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let chats = queunir_db::slice::chats::list(&mut tx).await.unwrap();
    chats.into_iter().find(|chat| chat.title == title).unwrap().chat()
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn reactions_stars_and_pins_come_and_go_with_their_row(pool: PgPool) {
    let ingest = writer(&pool).await;
    let plain = incoming("1", "hello", 0);
    let thumb = |count| Reaction { emoji: "👍".into(), count: Some(count), ours: false };
    let marked = SeenMessage { reactions: vec![thumb(2)], starred: true, pinned: true, ..plain.clone() };
    ingest.conversation(&window("Ana", vec![plain.clone()])).await.unwrap();
    let place = last_event(&pool).await;
    ingest.conversation(&window("Ana", vec![marked.clone()])).await.unwrap();
    ingest.conversation(&window("Ana", vec![marked])).await.unwrap();
    let told = events_after(&pool, place).await;
    assert_eq!(told.len(), 1, "one change, told once");
    assert_eq!(told[0]["message"]["reactions"], serde_json::json!([{"emoji": "👍", "count": 2, "ours": false}]));
    let stored = rows(&pool, "Ana").await.remove(0);
    assert_eq!((stored.reactions, stored.starred, stored.pinned), (vec![thumb(2)], true, true));
    // A row far away is not drawn and takes nothing back.
    ingest.conversation(&window("Ana", vec![SeenMessage { drawn: false, ..plain.clone() }])).await.unwrap();
    assert!(rows(&pool, "Ana").await[0].starred);
    ingest.conversation(&window("Ana", vec![plain])).await.unwrap();
    let stored = rows(&pool, "Ana").await.remove(0);
    assert_eq!((stored.reactions, stored.starred, stored.pinned), (Vec::new(), false, false));
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_02_replaying_a_window_writes_no_event(pool: PgPool) {
    let ingest = writer(&pool).await;
    let seen = window("Ana", vec![incoming("1", "hello", 0), incoming("2", "there", 0)]);
    ingest.conversation(&seen).await.unwrap();
    let place = last_event(&pool).await;
    assert_eq!(place, 3, "two messages and one chat");
    ingest.conversation(&seen).await.unwrap();
    ingest.conversation(&window("Ana", vec![incoming("2", "there", 0)])).await.unwrap();
    assert_eq!(last_event(&pool).await, place);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_02_ticks_only_move_forward(pool: PgPool) {
    let ingest = writer(&pool).await;
    let out = |ack| window("Ana", vec![fake::message("1", Direction::Out, "hi", Some(minute(0)), Some(ack))]);
    for ack in [Ack::Sent, Ack::Read, Ack::Delivered, Ack::Pending] {
        ingest.conversation(&out(ack)).await.unwrap();
    }
    assert_eq!(rows(&pool, "Ana").await[0].ack, Some(Ack::Read));
    assert_eq!(last_event(&pool).await, 3, "stored, chat, one update");
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn an_edit_keeps_the_earlier_text(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.conversation(&window("Ana", vec![incoming("1", "helo", 0)])).await.unwrap();
    let edited = SeenMessage { edited: true, ..incoming("1", "hello", 0) };
    ingest.conversation(&window("Ana", vec![edited])).await.unwrap();
    let row = rows(&pool, "Ana").await.remove(0);
    let mut tx = queunir_db::slice::SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    assert_eq!(queunir_db::slice::messages::revisions(&mut tx, row.id).await.unwrap(), ["helo"]);
    assert_eq!(row.text, "hello");
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn undrawn_rows_are_ignored_and_an_unknown_author_becomes_known(pool: PgPool) {
    let ingest = writer(&pool).await;
    let undrawn = SeenMessage { drawn: false, ..incoming("2", "", 0) };
    let unknown = SeenMessage { direction: Direction::Unknown, ..incoming("1", "hello", 0) };
    ingest.conversation(&window("Ana", vec![unknown, undrawn])).await.unwrap();
    assert_eq!(rows(&pool, "Ana").await.len(), 1);
    let id = rows(&pool, "Ana").await[0].id;
    ingest.conversation(&window("Ana", vec![incoming("1", "hello", 0), incoming("2", "b", 0)])).await.unwrap();
    let stored = rows(&pool, "Ana").await;
    assert_eq!(stored.len(), 2);
    assert_eq!((stored[0].id, stored[0].direction), (id, Direction::In));
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_03_sixty_messages_of_one_minute_keep_their_order(pool: PgPool) {
    let all: Vec<SeenMessage> = (0..60).map(|n| incoming(&format!("k{n}"), &format!("m{n}"), 0)).collect();
    let wanted: Vec<String> = all.iter().map(|message| message.text.clone()).collect();
    let ingest = writer(&pool).await;
    // The newest window first, then back-scroll, then a restart in the middle, then a window that joins them.
    ingest.conversation(&window("Ana", all[45..].to_vec())).await.unwrap();
    let mut older = window("Ana", all[28..47].to_vec());
    older.at_end = false;
    ingest.conversation(&older).await.unwrap();
    let ingest = writer(&pool).await;
    let mut first = window("Ana", all[..15].to_vec());
    (first.at_end, first.at_start) = (false, true);
    ingest.conversation(&first).await.unwrap();
    let mut middle = window("Ana", all[10..30].to_vec());
    middle.at_end = false;
    ingest.conversation(&middle).await.unwrap();
    assert_eq!(texts(&pool, "Ana").await, wanted);
    let place = last_event(&pool).await;
    ingest.conversation(&window("Ana", all)).await.unwrap();
    assert_eq!(last_event(&pool).await, place);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_03_rows_that_the_page_shows_in_another_order_later_stand_in_that(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest
        .conversation(&window("Ana", vec![incoming("1", "a", 0), incoming("2", "x", 0), incoming("3", "y", 0)]))
        .await
        .unwrap();
    // Each was seen directly below the other by now; the latest look counts.
    let turned = window("Ana", vec![incoming("3", "y", 0), incoming("2", "x", 0)]);
    ingest.conversation(&turned).await.unwrap();
    assert_eq!(texts(&pool, "Ana").await, ["a", "y", "x"]);
    let place = last_event(&pool).await;
    ingest.conversation(&turned).await.unwrap();
    assert_eq!(last_event(&pool).await, place);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_chat_that_moves_to_the_top_moves_alone(pool: PgPool) {
    let ingest = writer(&pool).await;
    let names = ["A", "B", "C", "D"];
    let rows: Vec<_> = names.iter().zip(0..).map(|(name, at)| row(name, "x", 0, at)).collect();
    ingest.list(&list(rows), None).await.unwrap();
    assert_eq!(order(&pool).await, names);
    let place = last_event(&pool).await;
    let mut window = list(vec![row("D", "news", 0, 0), row("A", "x", 0, 1), row("B", "x", 0, 2)]);
    window.complete = false;
    ingest.list(&window, None).await.unwrap();
    assert_eq!(order(&pool).await, ["D", "A", "B", "C"]);
    assert_eq!(last_event(&pool).await, place + 1, "only D changed");
    // New chats in the middle, and one that left the list.
    ingest
        .list(&list(vec![row("D", "news", 0, 0), row("E", "x", 0, 1), row("B", "x", 0, 2), row("C", "x", 0, 3)]), None)
        .await
        .unwrap();
    assert_eq!(order(&pool).await, ["D", "E", "B", "C"]);
    assert_eq!(chat(&pool, "A").await.position, None);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn the_list_keeps_its_order_through_many_moves(pool: PgPool) {
    let ingest = writer(&pool).await;
    let mut names: Vec<String> = (0..12).map(|n| format!("C{n}")).collect();
    for step in 0..60 * soak() {
        let from = (step * 7 + 3) % names.len();
        let to = (step * 5) % 3;
        let name = names.remove(from);
        names.insert(to, name);
        let rows: Vec<_> = names.iter().zip(0..).map(|(name, at)| row(name, "x", 0, at)).collect();
        ingest.list(&list(rows), None).await.unwrap();
        assert_eq!(order(&pool).await, names, "after step {step}");
    }
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn an_unread_preview_stands_in_until_its_row_is_read(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.list(&list(vec![row("Ana", "Good morning, I would…", 3, 0)]), None).await.unwrap();
    let stored = rows(&pool, "Ana").await;
    assert_eq!((stored.len(), stored[0].source, stored[0].key.clone()), (1, Source::List, None));
    assert_eq!(chat(&pool, "Ana").await.not_read_yet, 2);
    let place = last_event(&pool).await;
    ingest.forget().await;
    ingest.list(&list(vec![row("Ana", "Good morning, I would…", 3, 0)]), None).await.unwrap();
    assert_eq!(last_event(&pool).await, place, "the same list says nothing new");
    ingest.list(&list(vec![row("Ana", "Hello?", 4, 0)]), None).await.unwrap();
    assert_eq!(chat(&pool, "Ana").await.not_read_yet, 2);
    let ids: Vec<_> = rows(&pool, "Ana").await.iter().map(|row| row.id).collect();
    ingest
        .conversation(&window(
            "Ana",
            vec![
                incoming("1", "first", 0),
                incoming("2", "second", 0),
                incoming("3", "Good morning, I would\nlike to order", 0),
                incoming("4", "Hello?", 0),
            ],
        ))
        .await
        .unwrap();
    let stored = rows(&pool, "Ana").await;
    assert_eq!(texts(&pool, "Ana").await, ["first", "second", "Good morning, I would\nlike to order", "Hello?"]);
    assert_eq!((stored[2].id, stored[3].id), (ids[0], ids[1]), "the rows keep the ids of their previews");
    assert!(stored.iter().all(|row| row.source == Source::Row));
    assert_eq!(chat(&pool, "Ana").await.not_read_yet, 0);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_preview_whose_message_is_gone_is_removed_when_the_chat_is_read(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.list(&list(vec![row("Ana", "oops", 1, 0)]), None).await.unwrap();
    let gone = SeenMessage { kind: MessageKind::Deleted, ..incoming("1", "", 0) };
    ingest.conversation(&window("Ana", vec![gone])).await.unwrap();
    let stored = rows(&pool, "Ana").await;
    assert_eq!(stored.len(), 1);
    assert!(stored[0].deleted);
    let names: Vec<_> = events_after(&pool, 0).await.iter().map(|e| e["type"].as_str().unwrap().to_owned()).collect();
    assert!(names.contains(&"message.removed".to_owned()), "{names:?}");
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn the_marker_counts_what_no_preview_stands_for(pool: PgPool) {
    let ingest = writer(&pool).await;
    let shown = async |text: &str, unread: u32| {
        let read = ingest.list(&list(vec![row("Ana", text, unread, 0)]), None).await.unwrap();
        assert!(read.is_none_or(|read| read.to_read));
        (texts(&pool, "Ana").await, chat(&pool, "Ana").await.not_read_yet)
    };
    ingest.conversation(&window("Ana", vec![incoming("1", "ok", 0), incoming("2", "so", 0)])).await.unwrap();
    assert_eq!(shown("so", 0).await.1, 0);
    // The same words in the same minute: this row told late, or another message. Only the marker is certain.
    assert_eq!(shown("ok", 1).await, (vec!["ok".into(), "so".into()], 1));
    assert_eq!(shown("yes", 3).await, (vec!["ok".into(), "so".into(), "yes".into()], 2));
    assert_eq!(shown("yes", 4).await, (vec!["ok".into(), "so".into(), "yes".into(), "yes".into()], 2));
    // Read on the phone while another came: the same count, one message for it.
    let before = shown("done?", 4).await;
    assert_eq!((before.0.len(), before.1), (5, 2));
    assert_eq!(shown("done?", 0).await.1, 0);
    // The badge is back: a page that began anew draws it after the words, and no message was added.
    let again = shown("done?", 4).await;
    assert_eq!((again.0.len(), again.1), (5, 3));
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn strange_texts_are_stored_and_break_nothing(pool: PgPool) {
    let ingest = writer(&pool).await;
    let long_name = "Ñ".repeat(50_000);
    let long_key = "K".repeat(9_000);
    let texts_in =
        ["a\0b", "\u{202E}evil\u{202C}", "👩‍👩‍👧‍👦", "שלום\nעולם", "<script>alert(1)</script>", "'; drop table chats; --"];
    let messages: Vec<_> =
        texts_in.iter().zip(0..).map(|(text, n)| incoming(&format!("{long_key}{n}"), text, 0)).collect();
    let seen = window(&long_name, messages);
    ingest.conversation(&seen).await.unwrap();
    ingest.conversation(&seen).await.unwrap();
    ingest.list(&list(vec![row(&long_name, "x\0", 1, 0), row("", "nameless", 1, 1)]), None).await.unwrap();
    let mut stored = texts(&pool, &long_name).await;
    assert_eq!(stored.remove(0), "a\u{FFFD}b");
    assert_eq!(stored[..5], texts_in[1..]);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn another_generation_may_not_write(pool: PgPool) {
    let ingest = writer(&pool).await;
    fence(&pool, GENERATION + 1).await;
    let refused = ingest.conversation(&window("Ana", vec![incoming("1", "a", 0)])).await;
    assert!(matches!(refused, Err(queunir_slice::ingest::IngestError::Fenced)));
    assert_eq!(last_event(&pool).await, 0);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_bubble_that_gets_another_key_stays_one_message(pool: PgPool) {
    let ingest = writer(&pool).await;
    let mine = |key: &str, ack| fake::message(key, Direction::Out, "hi", Some(minute(0)), Some(ack));
    ingest.conversation(&window("Ana", vec![incoming("1", "a", 0), mine("temp", Ack::Pending)])).await.unwrap();
    let id = rows(&pool, "Ana").await[1].id;
    ingest.conversation(&window("Ana", vec![incoming("1", "a", 0), mine("final", Ack::Sent)])).await.unwrap();
    let stored = rows(&pool, "Ana").await;
    assert_eq!((stored.len(), stored[1].id, stored[1].key.as_deref()), (2, id, Some("final")));
    // The same text once more is another message, because the first one is there as well.
    let both = window("Ana", vec![incoming("1", "a", 0), mine("final", Ack::Sent), mine("temp2", Ack::Pending)]);
    ingest.conversation(&both).await.unwrap();
    assert_eq!(rows(&pool, "Ana").await.len(), 3);
    // It never reached the server and is gone after a restart: it was never a message.
    ingest.conversation(&window("Ana", vec![incoming("1", "a", 0), mine("final", Ack::Sent)])).await.unwrap();
    assert_eq!(rows(&pool, "Ana").await.len(), 2);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn the_list_alone_turns_the_tick_of_our_last_message(pool: PgPool) {
    let ingest = writer(&pool).await;
    let mine = fake::message("1", Direction::Out, "on its way", Some(minute(0)), Some(Ack::Sent));
    ingest.conversation(&window("Ana", vec![mine])).await.unwrap();
    let ours = |ack| SeenChat { preview_from_me: true, preview_ack: Some(ack), ..row("Ana", "on its way", 0, 0) };
    ingest.list(&list(vec![ours(Ack::Read)]), None).await.unwrap();
    assert_eq!(rows(&pool, "Ana").await[0].ack, Some(Ack::Read));
    ingest.list(&list(vec![ours(Ack::Delivered)]), None).await.unwrap();
    assert_eq!(rows(&pool, "Ana").await[0].ack, Some(Ack::Read), "never back");
}

/// A list of one look at the page, from the top.
fn look_at(look: u64, rows: Vec<SeenChat>) -> SeenList {
    let rows = rows.into_iter().map(|row| SeenChat { look, ..row }).collect();
    SeenList { complete: false, ..list(rows) }
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_a_walk_met_before_a_later_look_changes_nothing(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.list(&look_at(1, vec![row("Ana", "first", 1, 0)]), None).await.unwrap();
    ingest.list(&look_at(3, vec![row("Ana", "second", 2, 0)]), None).await.unwrap();
    let before = last_event(&pool).await;
    // The walk began before the second message came, and is over only now.
    ingest.list(&look_at(2, vec![row("Ana", "first", 1, 0)]), None).await.unwrap();
    assert_eq!(last_event(&pool).await, before);
    ingest.list(&look_at(4, vec![row("Ana", "second", 2, 0), row("Bia", "", 0, 1)]), None).await.unwrap();
    assert_eq!(texts(&pool, "Ana").await, ["first", "second"]);
    // Another document counts its looks anew.
    let other = SeenList { document: "two".into(), ..look_at(1, vec![row("Ana", "third", 3, 0)]) };
    ingest.list(&other, None).await.unwrap();
    assert_eq!(texts(&pool, "Ana").await, ["first", "second", "third"]);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_row_that_a_walk_met_in_two_places_is_one_chat(pool: PgPool) {
    let ingest = writer(&pool).await;
    let twice = [row("Ana", "one", 1, 0), row("Bia", "two", 1, 1), row("Bia", "two", 1, 2)];
    let walk = (1..).zip(twice).map(|(look, row)| SeenChat { look, ..row }).collect();
    ingest.list(&SeenList { complete: false, ..list(walk) }, None).await.unwrap();
    let id = chat_id(&pool, "Bia").await.unwrap();
    let mut tx = queunir_db::slice::SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    assert!(!queunir_db::slice::chats::find(&mut tx, id).await.unwrap().unwrap().ambiguous);
    assert_eq!(texts(&pool, "Bia").await, ["two"]);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_preview_without_the_texts_marks_of_direction_is_the_same_message(pool: PgPool) {
    let ingest = writer(&pool).await;
    let ana = |preview: &str, unread| list(vec![row("Ana", preview, unread, 0)]);
    ingest.list(&ana("left right", 1), None).await.unwrap();
    let provisional = rows(&pool, "Ana").await[0].id;
    ingest.conversation(&window("Ana", vec![incoming("1", "left \u{202E}right", 0)])).await.unwrap();
    let stored = rows(&pool, "Ana").await;
    assert_eq!((stored.len(), stored[0].id), (1, provisional));
    ingest.list(&ana("left right", 2), None).await.unwrap();
    assert_eq!(texts(&pool, "Ana").await.len(), 1, "its row is this message");
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_bubble_above_the_window_is_none_of_its_rows_under_another_key(pool: PgPool) {
    let ingest = writer(&pool).await;
    let picture = |key: &str, ack| fake::message(key, Direction::Out, "", Some(minute(0)), Some(ack));
    let before = vec![incoming("1", "a", 0), picture("waits", Ack::Pending), incoming("2", "b", 0)];
    ingest.conversation(&window("Ana", before)).await.unwrap();
    // The window ends with the chat and begins below the picture that waits.
    let mut below = window("Ana", vec![incoming("2", "b", 0), picture("other", Ack::Sent)]);
    below.at_start = false;
    ingest.conversation(&below).await.unwrap();
    let keys: Vec<_> = rows(&pool, "Ana").await.into_iter().map(|row| row.key.unwrap()).collect();
    assert_eq!(keys, ["1", "waits", "2", "other"]);
}
