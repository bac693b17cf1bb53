//! The slice dies at every point of a send; afterwards nothing is there twice and nothing is lost (DEL-07).

use std::sync::Arc;

use queunir_core::{
    chat::ChatKind,
    id::{ChatId, OutgoingId},
    link::ReadingMode,
    message::{Ack, Direction},
    outgoing::OutgoingState,
};
use queunir_db::slice::{SliceDb, outgoing};
use queunir_slice::outgoing::body_hash;
use queunir_whatsapp::fake::{self, AfterPress, FakePage};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::*;

/// Where the process died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Died {
    Queued,
    Leased,
    Composing,
    IntentBeforePress,
    PressedPending,
    PressedSent,
    PressedReadByCustomer,
    BubbleSeenNotBound,
    PressedThenCustomerAnswered,
    SameTextSentBefore,
    SameTextFromThePhoneToo,
    AnchorDeleted,
    EmptyChat,
    EmptyChatPressed,
}

use Died::*;
const POINTS: [Died; 14] = [
    Queued,
    Leased,
    Composing,
    IntentBeforePress,
    PressedPending,
    PressedSent,
    PressedReadByCustomer,
    BubbleSeenNotBound,
    PressedThenCustomerAnswered,
    SameTextSentBefore,
    SameTextFromThePhoneToo,
    AnchorDeleted,
    EmptyChat,
    EmptyChatPressed,
];

const TEXT: &str = "the parcel leaves today";

/// What WhatsApp holds when the slice comes back; answers how often the text is really there.
fn world(page: &Arc<FakePage>, title: &str, died: Died) -> usize {
    let old = |key: &str, text: &str| fake::message(key, Direction::In, text, Some(minute(0)), None);
    let mine = |key: &str, ack| fake::message(key, Direction::Out, TEXT, Some(minute(1)), Some(ack));
    page.add_chat(title, ChatKind::Contact);
    if !matches!(died, EmptyChat | EmptyChatPressed) {
        if died == SameTextSentBefore {
            page.history(title, mine("before", Ack::Read));
        }
        if died != AnchorDeleted {
            page.history(title, old("anchor", "when?"));
        }
    }
    match died {
        PressedPending => page.history(title, mine("new", Ack::Pending)),
        PressedSent | BubbleSeenNotBound | EmptyChatPressed => page.history(title, mine("new", Ack::Sent)),
        PressedReadByCustomer => page.history(title, mine("new", Ack::Read)),
        PressedThenCustomerAnswered => {
            page.history(title, mine("new", Ack::Read));
            page.history(title, old("answer", TEXT));
        }
        SameTextFromThePhoneToo => {
            page.history(title, mine("new", Ack::Sent));
            page.history(title, mine("phone", Ack::Sent));
        }
        AnchorDeleted => {
            for n in 0..300 {
                page.history(title, old(&format!("much{n}"), "much later"));
            }
        }
        _ => return 0,
    }
    match died {
        SameTextFromThePhoneToo => 2,
        AnchorDeleted => 0,
        _ => 1,
    }
}

async fn left_behind(pool: &PgPool, chat: ChatId, key: &str, died: Died) -> OutgoingId {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let id = OutgoingId(Uuid::now_v7());
    let hash = body_hash(TEXT);
    let new = outgoing::New {
        id,
        chat,
        client_key: key,
        text: TEXT,
        body_hash: &hash,
        user: user(),
        at: minute(1),
        file: None,
        reply_to: None,
    };
    assert!(outgoing::insert(&mut tx, &new).await.unwrap());
    tx.commit().await.unwrap();
    let state = match died {
        Queued => "queued",
        Leased => "leased",
        Composing => "composing",
        _ => "intent",
    };
    let anchor = (!matches!(died, EmptyChat | EmptyChatPressed)).then_some("anchor");
    sqlx::query(
        "update outgoing set state = $2, generation = 0, anchor_key = case when $2 = 'intent' then $3 end,
           intent_at = case when $2 = 'intent' then now() - interval '2 minutes' end where id = $1",
    )
    .bind(id.0)
    .bind(state)
    .bind(anchor)
    .execute(pool)
    .await
    .unwrap();
    id
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_07_after_a_death_at_any_point_nothing_is_sent_twice(pool: PgPool) {
    let ingest = writer(&pool).await;
    let pages = Arc::new(Pages::default());
    let page = pages.add();
    let mut there = Vec::new();
    for died in POINTS {
        let title = format!("{died:?}");
        there.push(world(&page, &title, died));
        let mut seen = window(&title, vec![]);
        if died == BubbleSeenNotBound {
            seen.messages = vec![
                incoming("anchor", "when?", 0),
                fake::message("new", Direction::Out, TEXT, Some(minute(1)), Some(Ack::Sent)),
            ];
        }
        ingest.conversation(&seen).await.unwrap();
        left_behind(&pool, chat_id(&pool, &title).await.unwrap(), &title, died).await;
    }
    let slice = Slice::start_on(&pool, spec(ReadingMode::OnOpen), pages, page).await;
    slice.page.link("+55");
    let open = async |state| {
        let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
        outgoing::list_in_state(&mut tx, state).await.unwrap().len()
    };
    until("every fate is settled", async || {
        use OutgoingState::{Composing, Intent, Leased, Queued};
        open(Queued).await + open(Leased).await + open(Composing).await + open(Intent).await == 0
    })
    .await;
    for (died, before) in POINTS.into_iter().zip(there) {
        let title = format!("{died:?}");
        let state = slice.outgoing(&title).await.state;
        let sent_now = slice.page.sent().iter().filter(|(chat, _)| *chat == title).count();
        match died {
            SameTextFromThePhoneToo | AnchorDeleted => {
                assert_eq!((state, sent_now), (OutgoingState::Uncertain, 0), "{died:?}");
            }
            _ => {
                assert_eq!(state, OutgoingState::Sent, "{died:?}");
                assert_eq!(before + sent_now, 1, "{died:?} is there exactly once");
                assert!(slice.outgoing(&title).await.message_id.is_some(), "{died:?}");
            }
        }
    }
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_lost_bubble_is_found_and_a_swallowed_press_is_repeated_once(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let chat = slice.chat("Ana").await;
    slice.page.after_press(AfterPress::LoseBubble);
    slice.send(chat, "lost", "one").await;
    slice.until_state("lost", OutgoingState::Sent).await;
    assert_eq!(slice.page.presses(), 1);
    slice.page.after_press(AfterPress::Swallow);
    slice.send(chat, "swallowed", "two").await;
    slice.until_state("swallowed", OutgoingState::Uncertain).await;
    assert_eq!(slice.page.presses(), 3, "once, and once more after absence was proven");
    let id = slice.outgoing("swallowed").await.id;
    let resolve = async |outcome: &str| {
        slice.call("POST", &format!("/api/outgoing/{id}/resolve"), Some(&format!(r#"{{"outcome":"{outcome}"}}"#))).await
    };
    assert_eq!(resolve("perhaps").await.0.as_u16(), 422);
    let (status, json) = resolve("not_sent").await;
    assert_eq!((status.as_u16(), json["state"].as_str()), (200, Some("canceled")));
    assert_eq!(resolve("sent").await.0.as_u16(), 409);
    assert_eq!(slice.page.sent().len(), 1);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_07_a_bubble_that_vanishes_before_it_reached_the_server_was_not_sent(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let chat = slice.chat("Ana").await;
    let asked = slice.page.receive("Ana", "when?", minute(0));
    slice.open(chat, 1).await;
    slice.page.after_press(AfterPress::Pending);
    slice.send(chat, "one", "tomorrow").await;
    slice.until_state("one", OutgoingState::Sent).await;
    let bubble = rows(&pool, "Ana").await.last().unwrap().clone();
    assert_eq!((bubble.ack, bubble.text.as_str()), (Some(Ack::Pending), "tomorrow"));

    // A window that was looked at before the press says nothing of what came after it.
    let key = bubble.key.as_deref().unwrap();
    slice.app.ingest.conversation(&window("Ana", vec![incoming(&asked, "when?", 0)])).await.unwrap();
    assert_eq!(slice.outgoing("one").await.state, OutgoingState::Sent);

    // The browser died with what it had not handed in yet. Its absence is proven like that of any other intent.
    sqlx::query("update outgoing set sent_at = sent_at - interval '1 minute'").execute(&pool).await.unwrap();
    slice.page.after_press(AfterPress::Pending);
    slice.page.lose("Ana", key);
    slice.until("it is sent again", async || slice.page.presses() == 2).await;
    slice.until_state("one", OutgoingState::Sent).await;
    assert_eq!(texts(&pool, "Ana").await, ["when?", "tomorrow"]);
    let again = rows(&pool, "Ana").await.last().unwrap().clone();
    assert_ne!(again.key, bubble.key);

    // What has reached the server is sent, whatever becomes of its bubble.
    slice.page.change_message("Ana", again.key.as_deref().unwrap(), |message| message.ack = Some(Ack::Sent));
    slice.until("its tick is stored", async || rows(&pool, "Ana").await[1].ack == Some(Ack::Sent)).await;
    slice.page.lose("Ana", again.key.as_deref().unwrap());
    slice.page.receive("Ana", "fine", minute(9));
    slice.until("the answer is stored", async || texts(&pool, "Ana").await.contains(&"fine".to_owned())).await;
    assert_eq!(slice.outgoing("one").await.state, OutgoingState::Sent);
    assert_eq!(slice.page.presses(), 2);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_browser_that_dies_after_the_press_leaves_one_message(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::OnOpen, &["Ana"]).await;
    let chat = slice.chat("Ana").await;
    slice.page.receive("Ana", "when?", minute(0));
    slice.open(chat, 1).await;
    let anchor = rows(&pool, "Ana").await[0].key.clone().unwrap();
    let second = slice.pages.add();
    second.add_chat("Ana", ChatKind::Contact);
    second.history("Ana", fake::message(&anchor, Direction::In, "when?", Some(minute(0)), None));
    second.history(
        "Ana",
        fake::message("3EB00000000000000002", Direction::Out, "today", Some(minute(1)), Some(Ack::Sent)),
    );
    slice.page.after_press(AfterPress::DieAfter);
    slice.send(chat, "k", "today").await;
    until("the second browser runs", async || *slice.pages.launches.lock().unwrap() == 2).await;
    second.link("+55");
    slice.until_state("k", OutgoingState::Sent).await;
    assert_eq!(second.presses(), 0);
    assert_eq!(texts(&pool, "Ana").await, ["when?", "today"]);
    slice.stop().await;
}
