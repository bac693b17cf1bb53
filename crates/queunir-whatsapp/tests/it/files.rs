//! Files into the real page: chosen through the browser, shown, captioned, sent once, and taken back without a trace.

use std::{path::PathBuf, time::Duration};

use queunir_core::message::{Ack, Direction, MessageKind};
use queunir_whatsapp::{Draft, FileToSend, PageError, Pressed, Priority, seen::SeenMessage};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::world::{PATIENCE, World, target};

const CHAT: &str = "Alice Online";

/// A folder that only this user may enter, as the media directory of a slice is.
struct Shelf(tempfile::TempDir);

impl Shelf {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, bytes: &[u8], name: &str, kind: MessageKind) -> FileToSend {
        use std::os::unix::fs::PermissionsExt;
        let path = self.0.path().join(hash(bytes));
        std::fs::write(&path, bytes).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        FileToSend { path, name: name.to_owned(), kind }
    }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn picture() -> Vec<u8> {
    let place = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../queunir-sim/scenarios/media/receipt.jpg");
    std::fs::read(place).unwrap()
}

fn film() -> Vec<u8> {
    [&[0, 0, 0, 24][..], b"ftypisom", &[7; 5_000]].concat()
}

fn draft(text: &str, file: FileToSend) -> Draft {
    Draft { text: text.to_owned(), file: Some(file), reply: None }
}

async fn send(world: &World, draft: &Draft) -> SeenMessage {
    let ticket = world.page.prepare(&target(CHAT), draft, Duration::ZERO, PATIENCE).await.unwrap();
    match ticket.press(PATIENCE).await.unwrap() {
        Pressed::Bubble(bubble) => *bubble,
        Pressed::NotSeen => panic!("the bubble of {draft:?} was not seen"),
    }
}

/// Our messages by the ledger: kind, words, name and hash of the file.
async fn ours(world: &World) -> Vec<(String, String, Option<String>, Option<String>)> {
    let ledger = world.http_get("ledger").await;
    let chats = ledger["accounts"][0]["chats"].as_array().unwrap().clone();
    let chat = chats.iter().find(|chat| chat["title"] == CHAT).unwrap();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let live = chat["messages"].as_array().unwrap().iter().filter(|m| m["live"] == true && m["direction"] == "out");
    live.map(|m| {
        let media = &m["media"][0];
        (text(&m["kind"]).unwrap(), text(&m["text"]).unwrap_or_default(), text(&media["name"]), text(&media["hash"]))
    })
    .collect()
}

/// Files in the browser's home that were handed over and are still there.
fn handed_over(world: &World) -> usize {
    let name = format!("{}.home", world.config.profile_dir.file_name().unwrap().to_str().unwrap());
    std::fs::read_dir(world.config.profile_dir.with_file_name(name).join("outbox")).map_or(0, Iterator::count)
}

async fn every_kind_of_file(world: &World) {
    let shelf = Shelf::new();
    let (picture, film) = (picture(), film());
    let sound = [&b"OggS"[..], &[3; 2_000]].concat();
    let paper = b"%PDF-1.4 the bill";
    let caption = "Olá 😀\nsegunda linha";
    let sent = [
        send(world, &draft(caption, shelf.put(&picture, "recibo.jpg", MessageKind::Image))).await,
        send(world, &draft("", shelf.put(&film, "clip.mp4", MessageKind::Video))).await,
        send(world, &draft("see page 2", shelf.put(paper, "Conta nº 7 (2026).pdf", MessageKind::Document))).await,
        send(world, &draft("", shelf.put(&sound, "note.ogg", MessageKind::Document))).await,
        send(world, &draft("", shelf.put(paper, "again.pdf", MessageKind::Document))).await,
    ];
    for bubble in &sent {
        assert!(bubble.direction == Direction::Out && bubble.ack >= Some(Ack::Sent), "{bubble:#?}");
    }
    let some = |text: &str| Some(text.to_owned());
    let wanted = [
        ("image", caption, None, hash(&picture)),
        ("video", "", None, hash(&film)),
        ("document", "see page 2", some("Conta nº 7 (2026).pdf"), hash(paper)),
        ("document", "", some("note.ogg"), hash(&sound)),
        ("document", "", some("again.pdf"), hash(paper)),
    ];
    let wanted: Vec<_> = wanted
        .into_iter()
        .map(|(kind, text, name, hash)| (kind.to_owned(), text.to_owned(), name, Some(hash)))
        .collect();
    assert_eq!(ours(world).await, wanted);
    assert_eq!(handed_over(world), 0, "nothing is left behind of files that have arrived");
}

#[tokio::test]
async fn every_kind_of_file_goes_out_as_it_is_with_its_caption() {
    let world = World::linked("test").await;
    every_kind_of_file(&world).await;
    world.page.close().await;
}

#[tokio::test]
async fn every_kind_of_file_goes_out_in_the_older_markup() {
    let mut world = World::start("test", 4.0).await;
    world.post("look", json!({"generation": "g2"})).await;
    world.link().await;
    every_kind_of_file(&world).await;
    world.page.close().await;
}

#[tokio::test]
async fn a_file_that_is_not_to_be_sent_leaves_no_trace() {
    let world = World::linked("test").await;
    let shelf = Shelf::new();
    let file = shelf.put(&picture(), "recibo.jpg", MessageKind::Image);
    let alice = target(CHAT);
    let ticket = world.page.prepare(&alice, &draft("never", file.clone()), Duration::ZERO, PATIENCE).await.unwrap();
    assert_eq!(handed_over(&world), 1);
    drop(ticket);
    // The screen is gone: a text goes into the composer, and another chat opens.
    let ticket = world.page.compose(&alice, "a text", Duration::ZERO, PATIENCE).await.unwrap();
    assert!(matches!(ticket.press(PATIENCE).await.unwrap(), Pressed::Bubble(_)));
    assert_eq!(handed_over(&world), 0);

    // Too late while the file is on the screen: nothing of it stays there either.
    let slow = draft(&"x".repeat(200), file);
    let late = world.page.prepare(&alice, &slow, Duration::from_secs(60), Duration::from_secs(4));
    assert_eq!(late.await.err(), Some(PageError::Deadline));
    let seen = world.page.open_chat(&target("Carla Off"), Priority::Open, PATIENCE).await.unwrap();
    assert_eq!(seen.title, "Carla Off");
    let sent: Vec<String> = ours(&world).await.into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(sent, ["text"]);
    world.page.close().await;
}

#[tokio::test]
async fn a_refused_upload_is_told_by_its_bubble_and_a_slow_one_keeps_its_clock() {
    let world = World::linked("test").await;
    let shelf = Shelf::new();
    world.post("trouble", json!({"uploads_refused": true})).await;
    let refused = send(&world, &draft("refused", shelf.put(&picture(), "a.jpg", MessageKind::Image))).await;
    assert!(refused.failed && refused.ack <= Some(Ack::Pending), "{refused:#?}");
    assert_eq!(ours(&world).await, []);
    // The page may still read what it could not send.
    assert_eq!(handed_over(&world), 1);
    world.post("trouble", json!({"uploads_refused": false})).await;
    let sent = send(&world, &draft("", shelf.put(&film(), "b.mp4", MessageKind::Video))).await;
    assert!(!sent.failed && sent.ack >= Some(Ack::Sent));
    assert_eq!(ours(&world).await.len(), 1);
    world.page.close().await;
}

#[tokio::test]
async fn a_file_that_cannot_be_read_stops_before_anything_is_clicked() {
    let world = World::linked("test").await;
    let shelf = Shelf::new();
    let file = shelf.put(&picture(), "a.jpg", MessageKind::Image);
    let gone = FileToSend { path: shelf.0.path().join("gone"), ..file.clone() };
    let refused = world.page.prepare(&target(CHAT), &draft("", gone), Duration::ZERO, PATIENCE).await;
    assert!(matches!(refused.err(), Some(PageError::Unexpected(_))));
    assert_eq!(ours(&world).await, []);
    send(&world, &draft("", file)).await;
    world.page.close().await;
}
