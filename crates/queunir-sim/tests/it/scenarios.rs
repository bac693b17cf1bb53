//! On each built-in scenario, what a page is told is what the ledger says, after random activity and a lost connection.

use queunir_sim::chance::{Chance, Origin};
use queunir_sim::clock::now_ms;
use queunir_sim::ledger::{self, Options, Scope};
use queunir_sim::wire::{DeviceKeys, ToPage};
use serde_json::{Value, json};

use crate::page::{PageClient, Running, settings};
use crate::store::Store;

/// Steps of activity before, during and after the time without a connection.
const STEPS: [usize; 3] = [60, 15, 60];
/// In how many chats something happens.
const ACTIVE: usize = 24;

#[tokio::test]
async fn nothing_is_lost_or_doubled_in_demo() {
    compared("demo", "ana", Scope::All).await;
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_in_busy_seller() {
    compared("busy-seller", "busy", Scope::All).await;
}

/// Two hundred thousand messages are not read to their starts: of each chat that is active, everything from its end on.
#[tokio::test]
async fn nothing_is_lost_or_doubled_in_huge_history() {
    compared("huge-history", "huge", Scope::Suffix).await;
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_in_hostile() {
    compared("hostile", "hostile", Scope::All).await;
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_in_mixed_generations() {
    compared("mixed-generations", "mixed", Scope::All).await;
}

async fn compared(scenario: &str, account: &'static str, scope: Scope) {
    let seed = u64::from(rand::random::<u32>());
    let since = now_ms();
    let sim = Running::with(settings(scenario)).await;
    let (_, device) = sim.linked().await;
    sim.post("speed", json!({ "speed": 2_000 })).await;
    let mut play = Play::new(sim, account, device, seed);
    play.connect().await;
    play.choose(scope).await;
    play.act(STEPS[0]).await;
    play.page = None;
    play.act(STEPS[1]).await;
    play.connect().await;
    for chat in play.chats.clone() {
        play.open(&chat).await;
    }
    play.sim.post("trouble", json!({ "rekey": true })).await;
    play.act(STEPS[2]).await;
    // The answer comes behind everything that was sent before it.
    play.open(&play.chats[0].clone()).await;

    let truth = play.sim.ledger();
    let options = Options { scope, since: Some(since), ..Options::default() };
    let mut stored = play.store.stored();
    assert_eq!(ledger::compare(&truth, &stored, &options), [], "seed {seed}");
    let busiest = stored.chats.iter_mut().max_by_key(|chat| chat.messages.len()).unwrap();
    busiest.messages.remove(busiest.messages.len() / 2);
    assert_eq!(ledger::compare(&truth, &stored, &options).len(), 1, "seed {seed}: a hole would be seen");
    play.sim.end().await;
}

/// A simulator, a page that keeps what it is told, and chance.
struct Play {
    sim: Running,
    account: &'static str,
    device: DeviceKeys,
    page: Option<PageClient>,
    store: Store,
    chance: Chance,
    /// The chats in which something happens.
    chats: Vec<String>,
    /// Chat and key of words that a customer wrote and nobody deleted.
    texts: Vec<(String, String)>,
}

impl Play {
    fn new(sim: Running, account: &'static str, device: DeviceKeys, seed: u64) -> Self {
        let (store, chance) = (Store::default(), Chance::seeded(seed));
        Self { sim, account, device, page: None, store, chance, chats: Vec::new(), texts: Vec::new() }
    }

    async fn connect(&mut self) {
        self.page = Some(PageClient::open(self.sim.address, Some(&self.device)).await);
        self.until(|frame| matches!(frame, ToPage::Ready { .. })).await;
    }

    /// Reads and keeps everything up to a frame.
    async fn until(&mut self, wanted: impl Fn(&ToPage) -> bool) {
        loop {
            let frame = self.page.as_mut().unwrap().next().await;
            let found = wanted(&frame);
            self.store.take(frame);
            if found {
                return;
            }
        }
    }

    async fn open(&mut self, chat: &str) {
        self.page.as_mut().unwrap().send(json!({ "type": "openChat", "chat": chat })).await;
        self.until(|frame| matches!(frame, ToPage::Messages { chat: of, .. } if of == chat)).await;
    }

    /// Opens what something will happen in; with [`Scope::All`] every chat is read to its start before.
    async fn choose(&mut self, scope: Scope) {
        let writable = |chat: &&String| self.store.chats[*chat].row.as_ref().is_some_and(|row| row.writable);
        let known: Vec<String> = self.store.chats.keys().filter(writable).cloned().collect();
        for _ in 0..ACTIVE {
            let chat = self.pick(&known);
            if !self.chats.contains(&chat) {
                self.chats.push(chat);
            }
        }
        let all: Vec<String> = self.store.chats.keys().cloned().collect();
        for chat in if scope == Scope::All { all } else { self.chats.clone() } {
            self.open(&chat).await;
            while scope == Scope::All && !self.store.shelf(&chat).at_start {
                let before = self.store.shelf(&chat).messages[0].key.clone();
                let older = json!({ "type": "loadOlder", "chat": chat, "beforeKey": before, "count": 200 });
                self.page.as_mut().unwrap().send(older).await;
                self.until(|frame| matches!(frame, ToPage::Messages { .. })).await;
            }
        }
    }

    async fn act(&mut self, steps: usize) {
        for step in 0..steps {
            let chat = self.pick(&self.chats.clone());
            match self.chance.between(0, 15) {
                0..=4 => self.customer(&chat, &format!("step {step}")).await,
                // Two messages in the same minute that nothing but their keys tells apart.
                5 => {
                    self.customer(&chat, "the same words").await;
                    self.customer(&chat, "the same words").await;
                }
                6 => drop(self.incoming(json!({ "chat": chat, "body": { "kind": "image", "text": "look" } })).await),
                7 => drop(self.incoming(json!({ "chat": chat, "body": { "kind": "voice", "seconds": 4 } })).await),
                8 => {
                    let body = json!({ "chat": chat, "text": format!("from the phone {step}") });
                    assert_eq!(self.sim.post(&format!("accounts/{}/own", self.account), body).await.0, 200);
                }
                9 | 10 => self.seller(&chat, &format!("answer {step}")).await,
                11 => self.happen(json!({ "do": "edit", "text": format!("other words {step}") }), false).await,
                12 => self.happen(json!({ "do": "react", "emoji": "👍" }), false).await,
                13 => self.happen(json!({ "do": "delete" }), true).await,
                14 => {
                    let what = json!({ "do": "rename", "name": format!("Renamed {step} <b>") });
                    assert_eq!(self.sim.post(&self.at(&chat), what).await.0, 204);
                }
                _ => self.stranger().await,
            }
        }
    }

    async fn customer(&mut self, chat: &str, text: &str) {
        let key = self.incoming(json!({ "chat": chat, "text": text })).await;
        self.texts.push((chat.to_owned(), key));
    }

    async fn incoming(&self, body: Value) -> String {
        let (status, written) = self.sim.post(&format!("accounts/{}/incoming", self.account), body).await;
        assert_eq!(status, 200, "{written}");
        written["key"].as_str().unwrap().to_owned()
    }

    /// The page draws what it submits at once, as the person at it sees it.
    async fn seller(&mut self, chat: &str, text: &str) {
        let Some(page) = &mut self.page else { return };
        let temp_id = self.chance.key(Origin::Web);
        page.send(json!({ "type": "send", "chat": chat, "tempId": temp_id, "text": text })).await;
        let drawn = json!({
            "key": temp_id, "fromMe": true, "author": "", "authorPhone": null, "authorPush": null, "at": now_ms(),
            "kind": "text", "text": text, "ack": "pending", "deleted": false, "edited": false, "system": null
        });
        // What was on its way before is older than what is drawn now.
        let mut arrived = Vec::new();
        loop {
            let frame = self.page.as_mut().unwrap().next().await;
            let answered = matches!(&frame, ToPage::Rekey { temp_id: of, .. } if *of == temp_id);
            arrived.push(frame);
            if answered {
                break;
            }
        }
        let answer = arrived.pop();
        arrived.into_iter().for_each(|frame| self.store.take(frame));
        self.store.shelf(chat).messages.push(serde_json::from_value(drawn).unwrap());
        answer.into_iter().for_each(|frame| self.store.take(frame));
    }

    /// Something happens to words that are there.
    async fn happen(&mut self, what: Value, gone: bool) {
        if self.texts.is_empty() {
            return;
        }
        let last = i64::try_from(self.texts.len() - 1).unwrap();
        // Not farther back than what opening a chat brings.
        let index = usize::try_from(self.chance.between((last - 8).max(0), last)).unwrap();
        let (chat, key) = self.texts[index].clone();
        assert_eq!(self.sim.post(&format!("{}/messages/{key}", self.at(&chat)), what).await.0, 204);
        if gone {
            self.texts.remove(index);
        }
    }

    /// Somebody writes for the first time; a person at the page opens the new chat.
    async fn stranger(&mut self) {
        if self.page.is_none() {
            return;
        }
        let phone =
            format!("+55 41 9{:04}-{:04}", self.chance.between(1_000, 9_999), self.chance.between(1_000, 9_999));
        let body = json!({ "chat": phone, "text": "hello, are you open?" });
        let (_, written) = self.sim.post(&format!("accounts/{}/incoming", self.account), body).await;
        let chat = written["chat"].as_str().unwrap().to_owned();
        self.open(&chat).await;
        self.chats.push(chat);
    }

    fn at(&self, chat: &str) -> String {
        format!("accounts/{}/chats/{chat}", self.account)
    }

    fn pick(&mut self, list: &[String]) -> String {
        let last = i64::try_from(list.len() - 1).unwrap();
        list[usize::try_from(self.chance.between(0, last)).unwrap()].clone()
    }
}
