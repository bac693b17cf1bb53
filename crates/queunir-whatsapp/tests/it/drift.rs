//! Pages drawn in ways that nobody has seen: what is dead is named, what is read is right, and a profile heals it.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use queunir_core::{link::PageState, message::Direction};
use queunir_sim::ledger::StoredDirection;
use queunir_whatsapp::{
    Page, PageEvent, Priority,
    drift::{SURE_AFTER, Verdict, Watch},
    launch,
    seen::{SeenConversation, SeenList},
};
use serde_json::json;
use tokio::sync::mpsc;

use crate::world::{PATIENCE, World, target};

/// Seeds of unknown looks; the soak tries twenty.
fn seeds() -> std::ops::RangeInclusive<u32> {
    let long = std::env::var("QUEUNIR_SOAK").is_ok();
    1..=if long { 20 } else { 2 }
}

/// A browser on the world's linked profile, with what its page says.
struct Visit {
    page: Arc<dyn Page>,
    events: mpsc::Receiver<PageEvent>,
    watch: Watch,
    list: Option<SeenList>,
    profiles: usize,
}

/// Any moment; only differences count.
fn at(offset: Duration) -> Timestamp {
    Timestamp::UNIX_EPOCH + offset
}

impl Visit {
    async fn of(world: &World) -> Self {
        let (page, events) = launch(world.config.clone()).await.unwrap();
        let mut visit = Self { page, events, watch: Watch::default(), list: None, profiles: 0 };
        visit.hear(|event| matches!(event, PageEvent::State(state) if state.state == PageState::Linked)).await;
        visit.watch = Watch::default();
        visit.hear(|event| matches!(event, PageEvent::List(list) if list.rows.len() > 4)).await;
        visit
    }

    /// Takes what the page says, until something fits.
    async fn hear(&mut self, fits: impl Fn(&PageEvent) -> bool) {
        let waiting = async {
            loop {
                let event = self.events.recv().await.expect("the page lives");
                match &event {
                    PageEvent::Health(health) => self.watch.hear(health, at(Duration::ZERO)),
                    PageEvent::Conversation(seen) => self.watch.hear_conversation(seen, at(Duration::ZERO)),
                    PageEvent::List(list) => self.list = Some(list.clone()),
                    PageEvent::Profiles { .. } => {
                        self.profiles += 1;
                        self.watch = Watch::default();
                    }
                    _ => {}
                }
                if fits(&event) {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("it is said in time");
    }

    /// Opens a chat and hears what the reader says of it.
    async fn open(&mut self, title: &str) -> SeenConversation {
        let seen = self.page.open_chat(&target(title), Priority::Open, PATIENCE).await.unwrap();
        self.hear_the_rest().await;
        seen
    }

    /// Hears what comes until nothing new has come for a moment.
    async fn hear_the_rest(&mut self) {
        while let Ok(Some(event)) = tokio::time::timeout(Duration::from_millis(1_200), self.events.recv()).await {
            match event {
                PageEvent::Health(health) => self.watch.hear(&health, at(Duration::ZERO)),
                PageEvent::Conversation(seen) => self.watch.hear_conversation(&seen, at(Duration::ZERO)),
                PageEvent::List(list) => self.list = Some(list),
                _ => {}
            }
        }
    }

    /// What is wrong once it has lasted.
    fn verdict(&self) -> Verdict {
        self.watch.verdict(Timestamp::UNIX_EPOCH + SURE_AFTER)
    }
}

/// Every message as it was written, or with less said of it; none that does not exist.
async fn is_true(world: &World, seen: &SeenConversation, look: &str) {
    let ledger = world.ledger().await;
    let chat = ledger.accounts[0].chats.iter().find(|chat| chat.title == seen.title).unwrap();
    for message in seen.messages.iter().filter(|message| message.drawn) {
        let truth = chat.messages.iter().find(|truth| truth.key == message.key && truth.kind != "system");
        let truth = truth.unwrap_or_else(|| panic!("{look}: invented: {message:#?}"));
        let right = if truth.direction == StoredDirection::Out { Direction::Out } else { Direction::In };
        assert!(message.direction == right || message.direction == Direction::Unknown, "{look}: {message:#?}");
        assert!(message.text == truth.text || message.text.is_empty(), "{look}: {message:#?} is {truth:#?}");
        let minute = |at: Timestamp| at.as_second().div_euclid(60);
        let written = Timestamp::from_millisecond(truth.at).unwrap();
        assert!(message.sent_at.is_none_or(|at| minute(at) == minute(written)), "{look}: {message:#?} is {truth:#?}");
    }
}

#[tokio::test]
async fn known_looks_raise_no_alarm_and_unknown_ones_name_what_is_dead_and_are_read_right() {
    let world = World::linked("test").await;
    world.page.close().await;
    let known = ["g3".to_owned(), "g2".to_owned()];
    for look in known.into_iter().chain(seeds().map(|seed| format!("unknown:{seed}"))) {
        world.post("look", json!({"generation": look, "stranger_card": true})).await;
        let mut visit = Visit::of(&world).await;
        for title in ["Bruno Away", "+55 11 91000-0005", "Alice Online"] {
            is_true(&world, &visit.open(title).await, &look).await;
        }
        let verdict = visit.verdict();
        if look.starts_with("unknown") {
            for dead in ["list.title:testid", "header:testid", "row.bubble:testid", "row.meta:testid"] {
                assert!(verdict.dead.iter().any(|name| name == dead), "{look}: {dead} is not in {verdict:?}");
            }
            assert_eq!(verdict.unreadable, ["list.icon"], "{look}: {verdict:?}");
        } else {
            assert!(verdict.is_well(), "{look}: {verdict:?}");
        }
        visit.page.close().await;
    }
}

/// The look of seed 1, as somebody would write it down who has looked at the page.
const SEED_1: &str = r#"{
  "version": 1,
  "generation": "seed-1",
  "about": "Test names are gone and icons renamed; roles, stamps and the order of a bubble's parts are as before.",
  "detect": ["[data-icon='sym-1jh6ge']"],
  "fields": {
    "row.bubble": [["stamp", "div:has(> [data-pre-plain-text])"]],
    "row.meta": [["stamp", "[data-pre-plain-text] + div"]]
  },
  "icons": {
    "sym-1jh6ge": "default-contact",
    "sym-1errb7x": "wds-ic-delivered",
    "sym-1v2t883": "wds-ic-read",
    "sym-dxxut0": "tail-out",
    "sym-3c5jnz": "tail-in"
  }
}"#;

#[tokio::test]
async fn a_profile_that_is_dropped_in_place_heals_the_page_that_is_open() {
    let mut world = World::linked("test").await;
    world.page.close().await;
    let folder = tempfile::tempdir().unwrap();
    world.config.reader_profiles = Some(folder.path().to_owned());
    world.post("look", json!({"generation": "unknown:1"})).await;
    let mut visit = Visit::of(&world).await;
    visit.open("Bruno Away").await;
    assert!(!visit.verdict().is_well());
    let ours = |visit: &Visit| {
        let rows = &visit.list.as_ref().unwrap().rows;
        rows.iter().find(|row| row.title == "Diego NoBlue").unwrap().preview_from_me
    };
    assert!(!ours(&visit), "nothing says whose it is");

    std::fs::write(folder.path().join("seed-1.json"), SEED_1).unwrap();
    visit.hear(|event| matches!(event, PageEvent::Profiles { taken } if taken == &["seed-1"])).await;
    visit.hear_the_rest().await;
    assert!(ours(&visit), "the open page is read anew");
    visit.open("Bruno Away").await;
    assert!(visit.verdict().is_well(), "{:?}", visit.verdict());
    visit.page.close().await;

    // The next document has it from its beginning.
    let mut visit = Visit::of(&world).await;
    assert!(ours(&visit));
    visit.open("Bruno Away").await;
    assert!(visit.verdict().is_well(), "{:?}", visit.verdict());
    visit.page.close().await;
}
