//! Chats that go into the archive and come out of it stay the chats that they were.

use queunir_core::{chat::Chat, link::ReadingMode};
use queunir_db::slice::{SliceDb, chats};
use sqlx::PgPool;

use crate::support::*;

async fn all(pool: &PgPool) -> Vec<Chat> {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    chats::list(&mut tx).await.unwrap().iter().map(chats::StoredChat::chat).collect()
}

async fn marks(pool: &PgPool, title: &str) -> (bool, bool) {
    let chat = all(pool).await.into_iter().find(|chat| chat.title == title).unwrap();
    (chat.archived, chat.position.is_some())
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_chat_that_is_archived_and_taken_out_again_is_one_chat(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana", "Bia"]).await;
    slice.page.receive("Ana", "before", minute(0));
    until("it is stored", async || texts(&pool, "Ana").await == ["before"]).await;
    let ana = slice.chat("Ana").await;
    slice.page.change_row("Ana", |row| row.archived = true);
    until("it is archived", async || marks(&pool, "Ana").await == (true, false)).await;
    assert_eq!(marks(&pool, "Bia").await, (false, true));

    slice.page.receive("Ana", "in the archive", minute(1));
    slice.page.change_row("Bia", |row| row.archived = true);
    until("what comes there is stored", async || texts(&pool, "Ana").await.len() == 2).await;
    assert_eq!(slice.open(ana, 1).await["opened"], true);
    assert_eq!(texts(&pool, "Ana").await, ["before", "in the archive"]);

    slice.page.change_row("Ana", |row| row.archived = false);
    until("it is out again", async || marks(&pool, "Ana").await == (false, true)).await;
    assert_eq!(slice.chat("Ana").await, ana);
    assert_eq!(all(&pool).await.len(), 2);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn archived_chats_that_were_never_in_the_list_are_found(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    slice.page.add_chat("Ana", queunir_core::chat::ChatKind::Contact);
    slice.page.add_chat("Old", queunir_core::chat::ChatKind::Contact);
    slice.page.change_row("Old", |row| row.archived = true);
    slice.page.link("+55");
    until("it is found", async || all(&pool).await.len() == 2).await;
    assert_eq!(marks(&pool, "Old").await, (true, false));
    assert!(slice.page.opened().is_empty(), "nothing is opened for that");
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_name_in_the_list_and_in_the_archive_is_two_chats(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.list(&crate::ingest::list(vec![crate::ingest::row("Ana", "here", 0, 0)]), None).await.unwrap();
    let mut there = crate::ingest::row("Ana", "there", 0, 0);
    there.archived = true;
    ingest.archive(&crate::ingest::list(vec![there]), None).await.unwrap();
    let chats = all(&pool).await;
    assert_eq!(chats.len(), 1);
    assert!(chats[0].ambiguous && !chats[0].archived, "neither is opened or written to");
}
