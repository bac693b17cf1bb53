//! One message is one row and one chat is one chat, whatever they are called (DEL-01).

use queunir_core::message::Direction;
use queunir_db::slice::{SliceDb, audit};
use queunir_whatsapp::{
    fake,
    seen::{SeenConversation, SeenMessage},
};
use sqlx::PgPool;

use crate::{
    ingest::{list, row},
    support::*,
};

fn with_phone(phone: &str, seen: SeenConversation) -> SeenConversation {
    SeenConversation { phone: Some(phone.into()), ..seen }
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_01_equal_keys_in_two_chats_are_two_messages(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.conversation(&window("Ana", vec![incoming("same", "to ana", 0)])).await.unwrap();
    ingest.conversation(&window("Bia", vec![incoming("same", "to bia", 5)])).await.unwrap();
    assert_eq!(texts(&pool, "Ana").await, ["to ana"]);
    assert_eq!(texts(&pool, "Bia").await, ["to bia"]);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_01_a_key_shared_by_two_members_overwrites_nothing(pool: PgPool) {
    let ingest = writer(&pool).await;
    let from = |sender: &str, text: &str, at| SeenMessage { sender: Some(sender.into()), ..incoming("same", text, at) };
    ingest.conversation(&window("Group", vec![from("Ana", "first", 0)])).await.unwrap();
    let both = window("Group", vec![from("Ana", "first", 0), from("Eve", "imitation", 3)]);
    ingest.conversation(&both).await.unwrap();
    let place = last_event(&pool).await;
    ingest.conversation(&both).await.unwrap();
    assert_eq!(texts(&pool, "Group").await, ["first", "imitation"]);
    assert_eq!(last_event(&pool).await, place, "seen again, both are known");
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    assert_eq!(audit::count(&mut tx, "key_collision").await.unwrap(), 1);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_01_a_key_with_a_suffix_that_a_sender_chose_keeps_nothing_from_being_stored(pool: PgPool) {
    let ingest = writer(&pool).await;
    let from = |sender: &str, key: &str| SeenMessage { sender: Some(sender.into()), ..incoming(key, sender, 0) };
    ingest.conversation(&window("Group", vec![from("Ana", "k"), from("Bia", "k")])).await.unwrap();
    let suffixed = rows(&pool, "Group").await[1].key.clone().unwrap();
    // Elsewhere somebody chooses the key that Bia's message would get, before it comes.
    ingest.conversation(&window("Other", vec![from("Ana", "k"), from("Eve", &suffixed)])).await.unwrap();
    let seen = window("Other", vec![from("Ana", "k"), from("Eve", &suffixed), from("Bia", "k"), from("Dora", "new")]);
    ingest.conversation(&seen).await.unwrap();
    let stored = texts(&pool, "Other").await;
    assert!(["Ana", "Bia", "Eve", "Dora"].iter().all(|text| stored.contains(&(*text).to_owned())), "{stored:?}");
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_01_the_same_key_in_both_directions_is_two_messages(pool: PgPool) {
    let ingest = writer(&pool).await;
    let mine = fake::message("same", Direction::Out, "mine", Some(minute(0)), None);
    ingest.conversation(&window("Ana", vec![mine.clone(), incoming("same", "theirs", 0)])).await.unwrap();
    ingest.conversation(&window("Ana", vec![mine, incoming("same", "theirs", 0)])).await.unwrap();
    assert_eq!(texts(&pool, "Ana").await, ["mine", "theirs"]);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_bubble_that_is_drawn_twice_for_a_moment_is_one_message(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.conversation(&window("Ana", vec![incoming("1", "a", 0), incoming("1", "a", 0)])).await.unwrap();
    ingest.conversation(&window("Ana", vec![incoming("1", "a", 0), incoming("1", "a", 0)])).await.unwrap();
    assert_eq!(texts(&pool, "Ana").await, ["a"]);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_01_a_key_that_is_missing_and_then_appears_is_one_message(pool: PgPool) {
    let ingest = writer(&pool).await;
    let keyless = window("Ana", vec![incoming("", "ok", 0), incoming("", "ok", 0), incoming("", "bye", 0)]);
    ingest.conversation(&keyless).await.unwrap();
    ingest.conversation(&keyless).await.unwrap();
    assert_eq!(texts(&pool, "Ana").await, ["ok", "ok", "bye"]);
    let ids: Vec<_> = rows(&pool, "Ana").await.iter().map(|row| row.id).collect();
    let keyed = window("Ana", vec![incoming("1", "ok", 0), incoming("2", "ok", 0), incoming("3", "bye", 0)]);
    ingest.conversation(&keyed).await.unwrap();
    let stored = rows(&pool, "Ana").await;
    assert_eq!(texts(&pool, "Ana").await, ["ok", "ok", "bye"]);
    let mut known: Vec<_> = stored.iter().map(|row| row.id).collect();
    known.sort_unstable();
    let mut before = ids;
    before.sort_unstable();
    assert_eq!(known, before);
    assert!(stored.iter().all(|row| !row.synthetic));
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_01_a_row_that_names_no_author_is_not_taken_for_what_somebody_wrote(pool: PgPool) {
    let ingest = writer(&pool).await;
    let by = |name: &str, message| SeenMessage { sender: Some(name.to_owned()), ..message };
    let unknown = SeenMessage { direction: Direction::Unknown, ..incoming("2", "ok", 0) };
    ingest.conversation(&window("Ana", vec![by("Bia", incoming("", "ok", 0))])).await.unwrap();
    ingest.conversation(&window("Ana", vec![unknown])).await.unwrap();
    let both = vec![by("Bia", incoming("1", "ok", 0)), by("Rui", incoming("2", "ok", 0))];
    ingest.conversation(&window("Ana", both)).await.unwrap();
    let stored = rows(&pool, "Ana").await;
    let told: Vec<_> = stored.iter().map(|row| (row.key.as_deref(), row.sender.as_deref())).collect();
    assert_eq!(told, [(Some("1"), Some("Bia")), (Some("2"), Some("Rui"))]);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_01_a_chat_that_changes_its_name_stays_the_same_chat(pool: PgPool) {
    let ingest = writer(&pool).await;
    let first = with_phone("+5511988887777", window("+55 11 98888-7777", vec![incoming("1", "hello", 0)]));
    ingest.conversation(&first).await.unwrap();
    let id = chat_id(&pool, "+55 11 98888-7777").await.unwrap();
    // The contact is saved: first the list shows the new name alone, then the header shows name and number.
    ingest.list(&list(vec![row("Maria", "hello", 0, 0)]), None).await.unwrap();
    let saved =
        with_phone("+5511988887777", window("Maria", vec![incoming("1", "hello", 0), incoming("2", "again", 0)]));
    ingest.conversation(&saved).await.unwrap();
    assert_eq!(chat_id(&pool, "Maria").await, Some(id));
    assert_eq!(texts(&pool, "Maria").await, ["hello", "again"]);
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    assert_eq!(queunir_db::slice::chats::count(&mut tx).await.unwrap(), 1);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn two_chats_with_one_name_are_flagged_until_one_is_left(pool: PgPool) {
    let ingest = writer(&pool).await;
    let ambiguous = async || {
        let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
        queunir_db::slice::chats::list(&mut tx).await.unwrap().iter().any(|chat| chat.ambiguous)
    };
    ingest.list(&list(vec![row("João", "a", 1, 0), row("João", "b", 1, 1)]), None).await.unwrap();
    assert!(ambiguous().await);
    assert!(rows(&pool, "João").await.is_empty(), "a preview of whom?");
    ingest.list(&list(vec![row("João", "a", 1, 0)]), None).await.unwrap();
    assert!(!ambiguous().await);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn one_name_with_two_numbers_is_two_chats(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.conversation(&with_phone("+551", window("João", vec![incoming("1", "a", 0)]))).await.unwrap();
    ingest.conversation(&with_phone("+552", window("João", vec![incoming("1", "b", 0)]))).await.unwrap();
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let chats = queunir_db::slice::chats::list(&mut tx).await.unwrap();
    assert_eq!(chats.len(), 2);
    assert!(chats.iter().all(|chat| chat.ambiguous));
}

/// Conversations whose rows carry an id of their chat, as the second generation has it.
fn under(address: &str, seen: SeenConversation) -> SeenConversation {
    SeenConversation { address: Some(address.into()), ..seen }
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_01_a_hidden_id_stays_one_chat_under_every_name(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.conversation(&under("77@lid", window("~Bia", vec![incoming("1", "hello", 0)]))).await.unwrap();
    let id = chat_id(&pool, "~Bia").await.unwrap();
    // The contact is saved; nothing but the id says that it is the same one, and later its number is shown.
    ingest.conversation(&under("77@lid", window("Bia Reis", vec![incoming("2", "again", 1)]))).await.unwrap();
    assert_eq!(chat_id(&pool, "Bia Reis").await, Some(id));
    let numbered = with_phone("+5511910000002", under("77@lid", window("Bia Reis", vec![incoming("3", "more", 2)])));
    ingest.conversation(&numbered).await.unwrap();
    assert_eq!(texts(&pool, "Bia Reis").await, ["hello", "again", "more"]);
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let chats = queunir_db::slice::chats::list(&mut tx).await.unwrap();
    assert_eq!(
        chats.iter().map(|chat| (chat.id, chat.phone.as_deref())).collect::<Vec<_>>(),
        [(id, Some("+5511910000002"))]
    );
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_01_two_hidden_ids_under_one_name_are_two_chats(pool: PgPool) {
    let ingest = writer(&pool).await;
    for address in ["77@lid", "78@lid", "1203630@g.us"] {
        ingest.conversation(&under(address, window("Bia", vec![incoming(address, address, 0)]))).await.unwrap();
    }
    ingest.conversation(&under("77@lid", window("Bia", vec![incoming("2", "again", 1)]))).await.unwrap();
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let mut stored = Vec::new();
    for chat in queunir_db::slice::chats::list(&mut tx).await.unwrap() {
        assert!(chat.ambiguous, "nothing is sent to a name that several have");
        let rows = queunir_db::slice::messages::page(&mut tx, chat.id, None, 10).await.unwrap();
        stored.push(rows.into_iter().map(|row| row.text).collect::<Vec<_>>());
    }
    stored.sort();
    assert_eq!(stored, [vec!["1203630@g.us"], vec!["77@lid", "again"], vec!["78@lid"]]);
}
