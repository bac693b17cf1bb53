//! Any order, repetition, splitting and lateness of looks converges to the same rows (DEL-02), in memory and in
//! PostgreSQL alike.

use std::collections::{BTreeMap, HashMap};

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use queunir_core::{id::MessageId, media::Media, message::Source};
use queunir_db::slice::{SliceDb, chats, chats::StoredChat, messages, messages::StoredMessage};
use queunir_slice::ingest::Ingest;
use sqlx::PgPool;

use crate::{
    memory::Memory,
    support::*,
    world::{Case, End, Seen, case, now},
};

/// Mostly small cases: they hold every contradiction and are quickly told. Some are longer than any window.
fn cases() -> impl Strategy<Value = Case> {
    prop_oneof![89 => case(14), 10 => case(60), 1 => case(200)]
}

/// The generator of a run: the same in every test, so that a change is red by its own fault, another in each soak. A red
/// run is repeated with its number.
fn generator(what: &str) -> TestRng {
    let any = if soak() > 1 { rand::random::<u64>() } else { 4_341_476_860_474_375_111 };
    let seed = std::env::var("QN_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(any);
    println!("{what}: QN_SEED={seed}");
    let bytes: Vec<u8> = seed.to_le_bytes().into_iter().cycle().take(32).collect();
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

/// What is known of stored messages, in order; previews and what never left are not among them.
fn known(rows: &[StoredMessage]) -> Vec<End> {
    let told = |row: &StoredMessage| {
        let key = row.page_key.clone().unwrap_or_default();
        (key, row.direction, row.text.clone(), row.ack, row.edited, row.deleted, row.sender.clone())
    };
    rows.iter().map(told).collect()
}

/// A message that was only ever seen deleted has no body; one that was seen before has, of any age.
fn but_bodies_of_deleted(mut got: Vec<End>, wanted: &[End]) -> Vec<End> {
    for (got, wanted) in got.iter_mut().zip(wanted).filter(|(got, _)| got.5) {
        got.2.clone_from(&wanted.2);
        got.4 = wanted.4;
    }
    got
}

fn converges(case: &Case) {
    let mut memory = Memory::new("Ana");
    for look in &case.looks {
        let seen = case.seen("Ana", look);
        memory.take(&seen);
        assert!(!memory.take(&seen), "seen again, {look:?} changed something");
    }
    let wanted = case.end();
    if case.is_plain() {
        assert_eq!(but_bodies_of_deleted(known(&memory.rows), &wanted), wanted);
    }
    memory.take(&case.seen("Ana", &case.sweep()));
    assert!(memory.rows.iter().all(|row| row.source == Source::Row), "a preview stayed");
    assert_eq!(but_bodies_of_deleted(known(&memory.rows), &wanted), wanted);
}

#[test]
fn del_02_ten_thousand_interleavings_converge() {
    let config = Config {
        cases: u32::try_from(10_000 * soak()).unwrap(),
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, generator("merge rule"));
    let run = runner.run(&cases(), |case| {
        std::panic::catch_unwind(|| converges(&case)).map_err(|_| TestCaseError::fail("the last panic above"))
    });
    if let Err(error) = run {
        panic!("{error}");
    }
}

/// A row with its ids told by places, which are the same wherever it is stored.
fn without_ids(
    rows: &[StoredMessage],
    revisions: &HashMap<MessageId, Vec<String>>,
) -> Vec<impl PartialEq + std::fmt::Debug> {
    let place = |id: MessageId| rows.iter().position(|row| row.id == id);
    let media = |one: &Media| (one.state, one.name.clone(), one.duration_s, one.size_text.clone());
    let row = |row: &StoredMessage| {
        let mut row = row.clone();
        let files: Vec<_> = row.media.drain(..).map(|one| media(&one)).collect();
        let texts = revisions.get(&row.id).cloned().unwrap_or_default();
        let after = row.after.take().map(place);
        // A made-up key ends in its own row's id.
        if row.synthetic {
            row.key = row.key.as_deref().and_then(|key| key.rsplit_once(':')).map(|(known, _)| known.to_owned());
        }
        row.id = MessageId(uuid::Uuid::nil());
        row.chat_id = queunir_core::id::ChatId(uuid::Uuid::nil());
        (row, after, files, texts)
    };
    rows.iter().map(row).collect()
}

async fn take(ingest: &Ingest, seen: &Seen) {
    match seen {
        Seen::Conversation(seen) => drop(ingest.conversation(seen).await.unwrap()),
        Seen::List(seen) => drop(ingest.list(seen, None).await.unwrap()),
    }
}

async fn chat(pool: &PgPool, title: &str) -> StoredChat {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let chat = chats::list(&mut tx).await.unwrap().into_iter().find(|chat| chat.title == title).unwrap();
    StoredChat { id: queunir_core::id::ChatId(uuid::Uuid::nil()), rank: None, ..chat }
}

async fn revisions(pool: &PgPool, rows: &[StoredMessage]) -> HashMap<MessageId, Vec<String>> {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let mut all = HashMap::new();
    for row in rows {
        let texts = messages::revisions(&mut tx, row.id).await.unwrap();
        if !texts.is_empty() {
            all.insert(row.id, texts);
        }
    }
    all
}

/// What a browser has after applying every event to an empty cache.
async fn applied(pool: &PgPool, place: i64, chat: &str) -> Vec<serde_json::Value> {
    let mut cache: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    let mut last: HashMap<String, serde_json::Value> = HashMap::new();
    for event in events_after(pool, place).await {
        // A bubble of ours that is still on its way may be dropped while its place is not known, and comes back.
        if event["type"] == "message.removed" && event["chat_id"] == chat {
            cache.remove(event["message_id"].as_str().unwrap()).expect("only what was stored is removed");
            continue;
        }
        let message = event["message"].clone();
        if message["chat_id"] != chat {
            continue;
        }
        let id = message["id"].as_str().unwrap().to_owned();
        assert_eq!(event["type"] == "message.stored", !last.contains_key(&id), "stored exactly once");
        assert_ne!(last.insert(id.clone(), message.clone()), Some(message.clone()), "an event without a change");
        cache.insert(id, message);
    }
    let mut messages: Vec<_> = cache.into_values().collect();
    messages.sort_by(|a, b| a["order_key"].as_str().unwrap().cmp(b["order_key"].as_str().unwrap()));
    messages
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_02_two_hundred_interleavings_are_the_same_in_postgresql(pool: PgPool) {
    let ingest = writer_at(&pool, now()).await;
    let mut runner = TestRunner::new_with_rng(Config::default(), generator("merge rule in PostgreSQL"));
    let cases = prop_oneof![95 => case(14), 5 => case(60)];
    for number in 0..200 * soak() {
        let case = cases.new_tree(&mut runner).unwrap().current();
        let title = format!("Case {number}");
        let mut memory = Memory::new(&title);
        let begin = last_event(&pool).await;
        for look in case.looks.iter().chain([&case.sweep()]) {
            let seen = case.seen(&title, look);
            let changed = memory.take(&seen);
            let place = last_event(&pool).await;
            take(&ingest, &seen).await;
            assert!(changed || last_event(&pool).await == place, "{look:?} is told although nothing changed, {case:?}");
            let place = last_event(&pool).await;
            ingest.forget().await;
            take(&ingest, &seen).await;
            assert_eq!(last_event(&pool).await, place, "a replay of {look:?} wrote events, {case:?}");
        }
        let stored = rows(&pool, &title).await;
        let (here, there) = (&memory.rows, &stored);
        let texts = revisions(&pool, there).await;
        assert_eq!(without_ids(there, &texts), without_ids(here, &memory.revisions), "{case:?}");
        let mut known = memory.chat.clone();
        known.rank = None;
        assert_eq!(chat(&pool, &title).await, known, "{case:?}");
        let id = chat_id(&pool, &title).await.unwrap().to_string();
        let fresh: Vec<_> = stored.iter().map(|row| serde_json::to_value(row.message()).unwrap()).collect();
        assert_eq!(applied(&pool, begin, &id).await, fresh, "{case:?}");
    }
}
