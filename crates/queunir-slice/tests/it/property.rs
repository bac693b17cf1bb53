//! Any order, repetition and splitting of windows converges to the same rows (DEL-02).

use std::collections::{BTreeMap, HashMap};

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use queunir_core::message::{Ack, Direction, MessageKind};
use queunir_whatsapp::{
    fake,
    seen::{SeenConversation, SeenMessage},
};
use sqlx::PgPool;

use crate::support::*;

/// How one message comes to be what it is in the end.
#[derive(Clone, Debug)]
struct Story {
    mine: bool,
    first_unknown: bool,
    acks: u8,
    edits: bool,
    deleted: bool,
    minute: i64,
}

impl Story {
    fn last(&self) -> usize {
        4
    }

    /// What the page shows of it at a moment of its life.
    fn at(&self, n: usize, moment: usize) -> SeenMessage {
        let direction = match (self.mine, self.first_unknown && moment == 0) {
            (_, true) => Direction::Unknown,
            (true, _) => Direction::Out,
            (false, _) => Direction::In,
        };
        let acks = [Ack::Pending, Ack::Sent, Ack::Delivered, Ack::Read];
        let ack = self.mine.then(|| acks[usize::from(self.acks).min(moment).min(3)]);
        let edited = self.edits && moment >= 2;
        let text = if edited { format!("edited {n}") } else { format!("text {n}") };
        let message = fake::message(&format!("k{n}"), direction, &text, Some(minute(self.minute)), ack);
        let message = SeenMessage { edited, ..message };
        if self.deleted && moment >= 3 {
            return SeenMessage { kind: MessageKind::Deleted, text: String::new(), edited: false, ..message };
        }
        message
    }
}

#[derive(Clone, Debug)]
struct Case {
    stories: Vec<Story>,
    windows: Vec<(usize, usize, usize, bool)>,
}

fn story() -> impl Strategy<Value = Story> {
    (any::<bool>(), any::<bool>(), 0u8..4, prop::bool::weighted(0.2), prop::bool::weighted(0.1), 0i64..2).prop_map(
        |(mine, first_unknown, acks, edits, deleted, step)| Story {
            mine,
            first_unknown,
            acks,
            edits,
            deleted,
            minute: step,
        },
    )
}

/// Windows over the messages at moments of their lives, in any order, with repetitions; together they show every
/// neighbourhood and the end of every story.
fn case(most: usize) -> impl Strategy<Value = Case> {
    (2..most, 1usize..7).prop_flat_map(|(count, width)| {
        let stories = prop::collection::vec(story(), count);
        let extra = prop::collection::vec((0..count, 1usize..9, 0usize..5, any::<bool>()), 0..12);
        (stories, extra).prop_flat_map(move |(mut stories, extra)| {
            let mut at = 0;
            for story in &mut stories {
                at += story.minute;
                story.minute = at;
            }
            let mut windows: Vec<(usize, usize, usize, bool)> = extra
                .into_iter()
                .map(|(from, width, moment, gap)| (from, (from + width).min(count), moment, gap))
                .collect();
            let mut from = 0;
            while from + 1 < count {
                let end = (from + width + 1).min(count);
                windows.push((from, end, 4, false));
                from = end - 1;
            }
            let stories = Just(stories);
            (stories, Just(windows).prop_shuffle()).prop_map(|(stories, windows)| Case { stories, windows })
        })
    })
}

impl Case {
    fn window(&self, title: &str, (from, end, moment, gap): (usize, usize, usize, bool)) -> SeenConversation {
        let messages = (from..end)
            .map(|n| {
                let message = self.stories[n].at(n, moment.min(self.stories[n].last()));
                // Sometimes a row in the middle is not drawn yet.
                SeenMessage { drawn: !(gap && n == usize::midpoint(from, end) && end - from > 2), ..message }
            })
            .collect();
        let mut seen = window(title, messages);
        seen.at_start = from == 0;
        seen.at_end = end == self.stories.len();
        seen
    }
}

type Shown = (String, Direction, String, Option<Ack>, bool, MessageKind);

async fn shown(pool: &PgPool, title: &str) -> Vec<Shown> {
    rows(pool, title)
        .await
        .iter()
        .map(|row| {
            let message = row.message();
            (
                message.key.unwrap_or_default(),
                message.direction,
                message.text,
                message.ack,
                message.edited,
                message.kind,
            )
        })
        .collect()
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
async fn del_02_windows_in_any_order_converge(pool: PgPool) {
    let ingest = writer(&pool).await;
    let mut runner = TestRunner::new(Config::default());
    let cases = 40 * soak();
    for number in 0..cases {
        let case = case(if number % 10 == 9 { 60 } else { 14 }).new_tree(&mut runner).unwrap().current();
        let (title, canon) = (format!("Case {number}"), format!("Canon {number}"));
        let place = last_event(&pool).await;
        for window in &case.windows {
            ingest.conversation(&case.window(&title, *window)).await.unwrap();
            let place = last_event(&pool).await;
            ingest.conversation(&case.window(&title, *window)).await.unwrap();
            assert_eq!(last_event(&pool).await, place, "a replay wrote events in {case:?}");
        }
        // In order, step by step, each moment after the other.
        for moment in 0..=4 {
            ingest.conversation(&case.window(&canon, (0, case.stories.len(), moment, false))).await.unwrap();
        }
        let (mut got, wanted) = (shown(&pool, &title).await, shown(&pool, &canon).await);
        // A message that was only ever seen deleted has no body; one that was seen before has.
        for (got, wanted) in got.iter_mut().zip(&wanted) {
            if got.5 == MessageKind::Deleted {
                got.2.clone_from(&wanted.2);
                got.4 = wanted.4;
            }
        }
        assert_eq!(got, wanted, "{case:?}");
        let chat = chat_id(&pool, &title).await.unwrap().to_string();
        let fresh: Vec<_> =
            rows(&pool, &title).await.iter().map(|row| serde_json::to_value(row.message()).unwrap()).collect();
        assert_eq!(applied(&pool, place, &chat).await, fresh, "{case:?}");
    }
    println!("{cases} cases converged");
}
