//! The outbox's last lines of defence, each alone: what the tables themselves refuse (DEL-06, DEL-07, POL-05).

use queunir_core::{
    id::{ChatId, OutgoingId},
    link::{PageState, ReadingMode},
    outgoing::OutgoingState,
};
use queunir_db::{
    DbError,
    slice::{
        SliceDb,
        outgoing::{self, Step},
    },
};
use queunir_slice::outgoing::body_hash;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::*;

/// A message that was typed and read back, and not more.
async fn composed(pool: &PgPool, chat: ChatId, key: &str) -> OutgoingId {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let (id, hash) = (OutgoingId(Uuid::now_v7()), body_hash("x"));
    let new = outgoing::New {
        id,
        chat,
        client_key: key,
        text: "x",
        body_hash: &hash,
        user: user(),
        at: minute(0),
        file: None,
        reply_to: None,
    };
    assert!(outgoing::insert(&mut tx, &new).await.unwrap());
    let step = Step::new(id, &[OutgoingState::Queued], OutgoingState::Composing);
    assert!(outgoing::step(&mut tx, &step, GENERATION).await.unwrap().is_some());
    tx.commit().await.unwrap();
    id
}

async fn intend(pool: &PgPool, id: OutgoingId, generation: i64) -> bool {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let row = outgoing::intend(&mut tx, id, Some("anchor"), minute(1), generation).await.unwrap();
    tx.commit().await.unwrap();
    row.is_some()
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_07_a_bubble_belongs_to_one_message(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.conversation(&window("Ana", vec![incoming("1", "hi", 0)])).await.unwrap();
    let chat = chat_id(&pool, "Ana").await.unwrap();
    let bubble = rows(&pool, "Ana").await[0].id;
    let (first, second) = (composed(&pool, chat, "a").await, composed(&pool, chat, "b").await);
    assert!(intend(&pool, first, GENERATION).await && intend(&pool, second, GENERATION).await);
    let bind = async |id| {
        let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
        let bound = outgoing::bind(&mut tx, id, bubble, minute(2), GENERATION).await;
        if bound.is_ok() {
            tx.commit().await.unwrap();
        }
        bound.map(|row| row.is_some())
    };
    assert!(bind(first).await.unwrap());
    assert!(matches!(bind(second).await, Err(DbError::Constraint(_))));
    assert_eq!(outgoing_by_key(&pool, "a").await.message_id, Some(bubble));
    assert_eq!(outgoing_by_key(&pool, "b").await.state, OutgoingState::Intent);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_06_no_intent_for_an_old_generation_or_a_chat_that_may_not_be_written_to(pool: PgPool) {
    let ingest = writer(&pool).await;
    ingest.conversation(&window("Ana", vec![incoming("1", "hi", 0)])).await.unwrap();
    let id = composed(&pool, chat_id(&pool, "Ana").await.unwrap(), "a").await;
    assert!(!intend(&pool, id, GENERATION - 1).await);
    for column in ["ambiguous", "opted_out"] {
        let set = async |value: bool| {
            let sql = sqlx::AssertSqlSafe(format!("update chats set {column} = {value}"));
            sqlx::raw_sql(sql).execute(&pool).await.unwrap();
        };
        set(true).await;
        assert!(!intend(&pool, id, GENERATION).await, "{column}");
        set(false).await;
    }
    assert!(intend(&pool, id, GENERATION).await);
    assert!(!intend(&pool, id, GENERATION).await, "an intent is stored once");
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn pol_05_a_customer_who_opted_out_while_a_message_waited_gets_none(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let chat = slice.chat("Ana").await;
    // Queued while there is no page; then the customer opts out.
    slice.page.show(PageState::Starting, None, None);
    slice.until("it is not linked", async || slice.state() != PageState::Linked).await;
    slice.send(chat, "k", "hello").await;
    sqlx::raw_sql("update chats set opted_out = true").execute(&pool).await.unwrap();
    slice.page.link("+5511999990000");
    slice.until_state("k", OutgoingState::Failed).await;
    assert_eq!(slice.outgoing("k").await.reason.as_deref(), Some("chat_not_allowed"));
    assert_eq!((slice.page.presses(), slice.page.sent().len()), (0, 0));
    slice.stop().await;
}
