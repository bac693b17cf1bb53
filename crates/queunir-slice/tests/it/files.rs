//! Files on their way out: taken whole or not at all, sent once, recognised afterwards; and answers to messages.

use std::{path::PathBuf, sync::Arc};

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use image::{DynamicImage, ImageFormat};
use queunir_core::{
    chat::ChatKind,
    id::ChatId,
    link::ReadingMode,
    media::{MediaState, Thumbnail},
    message::{Ack, Direction, MessageKind},
    outgoing::{Outgoing, OutgoingState, Upload},
    slice::SliceSpec,
};
use queunir_slice::media;
use queunir_whatsapp::{
    PageError,
    fake::{self, AfterPress, FakePage},
    seen::{SeenFile, SeenMessage, Shown},
};
use serde_json::{Value, json};
use sqlx::PgPool;
use tower::ServiceExt;

use crate::support::*;

/// A slice whose media directory is real; the directory goes with it.
struct World {
    slice: Slice,
    dir: tempfile::TempDir,
}

impl World {
    async fn start(pool: &PgPool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let spec = SliceSpec { media_dir: dir.path().into(), ..spec(ReadingMode::OnOpen) };
        let slice = Slice::start_with(pool, spec).await;
        slice.page.add_chat("Ana", ChatKind::Contact);
        slice.page.add_chat("Ben", ChatKind::Contact);
        slice.page.link("+5511999990000");
        slice.until("the first list is complete", async || slice.app.link.now().first_list_complete).await;
        Self { slice, dir }
    }

    /// Hands a file over; `length` is what the head says of its length.
    async fn hand_over(&self, name: &str, pieces: Vec<Vec<u8>>, length: Option<usize>) -> (StatusCode, Value) {
        let mut request = Request::builder()
            .method("POST")
            .uri(format!("/api/media?name={name}"))
            .header("x-qn-user", user().to_string())
            .header("content-type", "application/octet-stream");
        if let Some(length) = length {
            request = request.header("content-length", length.to_string());
        }
        let body = Body::from_stream(futures::stream::iter(pieces.into_iter().map(Ok::<_, std::io::Error>)));
        self.answer(request.body(body).unwrap()).await
    }

    async fn answer(&self, request: Request<Body>) -> (StatusCode, Value) {
        let response = self.slice.router().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 10_000_000).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    async fn upload(&self, name: &str, bytes: &[u8]) -> Upload {
        let (status, json) = self.hand_over(name, vec![bytes.to_vec()], Some(bytes.len())).await;
        assert_eq!(status, StatusCode::CREATED, "{json}");
        serde_json::from_value(json).unwrap()
    }

    async fn ask(&self, chat: ChatId, key: &str, body: Value) -> (StatusCode, Value) {
        let path = format!("/api/chats/{chat}/messages");
        self.slice.call_with("POST", &path, Some(&body.to_string()), &[("idempotency-key", key)]).await
    }

    async fn send(&self, chat: ChatId, key: &str, body: Value) -> Outgoing {
        let (status, json) = self.ask(chat, key, body).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{json}");
        serde_json::from_value(json).unwrap()
    }

    async fn get(&self, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = Request::builder().uri(path).header("x-qn-user", user().to_string());
        let response = self.slice.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, to_bytes(body, 10_000_000).await.unwrap().to_vec())
    }

    fn names(&self) -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> = std::fs::read_dir(self.dir.path()).unwrap().map(|e| e.unwrap().path()).collect();
        all.sort_unstable();
        all
    }
}

fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::new_rgb8(width, height).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn sent_file(key: &str, kind: MessageKind, name: Option<&str>, caption: &str) -> SeenMessage {
    let name = name.map(str::to_owned);
    let files = vec![SeenFile { shown: Shown::Nothing, name, duration_s: None, size_text: None }];
    SeenMessage { kind, files, ..fake::message(key, Direction::Out, caption, Some(minute(1)), Some(Ack::Sent)) }
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_picture_is_handed_over_sent_with_its_caption_and_is_here_afterwards(pool: PgPool) {
    let world = World::start(&pool).await;
    let chat = world.slice.chat("Ana").await;
    let bytes = picture(400, 200);
    let upload = world.upload("holiday.jpg", &bytes).await;
    assert_eq!((upload.kind, upload.name.as_str()), (MessageKind::Image, "holiday.jpg.png"));
    assert_eq!((upload.file.width, upload.file.thumbnail), (Some(400), Thumbnail::Made));
    let (status, headers, body) = world.get(&format!("/api/media/{}", upload.id)).await;
    assert_eq!((status, &body), (StatusCode::OK, &bytes));
    assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert_eq!(world.get(&format!("/api/media/{}/thumbnail", upload.id)).await.0, StatusCode::OK);

    let place = last_event(&pool).await;
    let line = world.send(chat, "k", json!({"text": "at the sea", "file": upload.id})).await;
    let file = line.file.unwrap();
    assert_eq!((file.id, file.kind, file.file), (Some(upload.id), MessageKind::Image, Some(upload.file.clone())));
    world.slice.until_state("k", OutgoingState::Sent).await;
    assert_eq!(world.slice.page.sent(), [("Ana".to_owned(), "at the sea".to_owned())]);
    assert_eq!(world.slice.page.sent_files(), [("holiday.jpg.png".to_owned(), bytes.clone())]);

    let stored = rows(&pool, "Ana").await;
    let [message] = stored.as_slice() else { panic!("{stored:?}") };
    assert_eq!(Some(message.id), world.slice.outgoing("k").await.message_id);
    assert_eq!((message.kind, message.text.as_str()), (MessageKind::Image, "at the sea"));
    let media = &message.media[0];
    assert_eq!((media.state, media.file.as_ref()), (MediaState::Stored, Some(&upload.file)));
    let (_, _, body) = world.get(&format!("/api/media/{}", media.id)).await;
    assert_eq!(body, bytes, "what was sent can be had from the message");
    let told = events_after(&pool, place).await;
    let last = told.iter().rfind(|event| event["message"]["id"] == message.id.to_string()).unwrap();
    assert_eq!(last["message"]["media"][0]["state"], "stored");

    // The same request again is the same message; another file under its key is not.
    let again = world.send(chat, "k", json!({"text": "at the sea", "file": upload.id})).await;
    assert_eq!(again.id, line.id);
    let other = world.upload("b.png", &picture(10, 10)).await;
    let (status, answer) = world.ask(chat, "k", json!({"text": "at the sea", "file": other.id})).await;
    assert_eq!((status.as_u16(), answer["code"].as_str()), (409, Some("key_reused")));
    assert_eq!(world.slice.page.presses(), 1);
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn several_files_are_several_messages_in_order_each_with_its_own_state(pool: PgPool) {
    let world = World::start(&pool).await;
    let chat = world.slice.chat("Ana").await;
    for (number, name) in ["one.pdf", "two.pdf", "three.pdf"].into_iter().enumerate() {
        let upload = world.upload(name, format!("%PDF-1.4 {number}").as_bytes()).await;
        assert_eq!(upload.kind, MessageKind::Document);
        world.send(chat, name, json!({"file": upload.id})).await;
    }
    for name in ["one.pdf", "two.pdf", "three.pdf"] {
        world.slice.until_state(name, OutgoingState::Sent).await;
    }
    let sent: Vec<String> = world.slice.page.sent_files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(sent, ["one.pdf", "two.pdf", "three.pdf"]);
    // One that the page does not take is not tried again; those behind it go out.
    world.slice.page.fail_next_press(PageError::FileRefused);
    let upload = world.upload("odd.pdf", b"%PDF-1.4 odd").await;
    world.send(chat, "odd", json!({"file": upload.id})).await;
    world.slice.until_state("odd", OutgoingState::Failed).await;
    assert_eq!(world.slice.outgoing("odd").await.reason.as_deref(), Some("file_refused"));
    world.send(chat, "text", json!({"text": "after all"})).await;
    world.slice.until_state("text", OutgoingState::Sent).await;
    assert_eq!(world.slice.page.sent_files().len(), 3);
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_is_not_taken_leaves_nothing_and_says_why(pool: PgPool) {
    let world = World::start(&pool).await;
    let largest = usize::try_from(spec(ReadingMode::OnOpen).media.file_bytes).unwrap();
    let code = |(status, json): (StatusCode, Value)| (status.as_u16(), json["code"].as_str().unwrap_or("").to_owned());
    let halves = vec![vec![1; largest / 2 + 1]; 2];
    for (what, pieces, length, wanted) in [
        ("empty", vec![], Some(0), (422, "empty_file")),
        ("too large, as it says", vec![vec![1]], Some(largest + 1), (413, "too_large")),
        ("too large, and silent about it", halves.clone(), None, (413, "too_large")),
        ("too large, and lying about it", halves, Some(10), (413, "too_large")),
        ("cut short", vec![vec![1; 5]], Some(10), (400, "bad_body")),
    ] {
        let answer = code(world.hand_over("a", pieces, length).await);
        assert_eq!((answer.0, answer.1.as_str()), wanted, "{what}");
        assert_eq!(world.names(), Vec::<PathBuf>::new(), "{what}");
    }
    for number in 0..10 {
        let (status, _) = world.hand_over("a", vec![vec![number; largest]], None).await;
        assert_eq!(status, StatusCode::CREATED);
    }
    let full = world.names();
    let answer = code(world.hand_over("a", vec![vec![99; largest]], None).await);
    assert_eq!((answer.0, answer.1.as_str()), (422, "no_room"));
    assert_eq!(world.names(), full);
    let form = Request::builder().method("POST").uri("/api/media").header("x-qn-user", user().to_string());
    let form = form.header("content-type", "multipart/form-data; boundary=x").body(Body::from("--x--")).unwrap();
    assert_eq!(world.answer(form).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);

    let chat = world.slice.chat("Ana").await;
    let gone = "media_00000000000000000000000000000000";
    for (body, wanted) in [
        (json!({"file": gone}), "file_not_found"),
        (json!({"text": ""}), "empty_text"),
        (json!({}), "empty_text"),
        (json!({"file": gone, "text": "x".repeat(1_025)}), "caption_too_long"),
    ] {
        assert_eq!(world.ask(chat, "k", body).await.1["code"], wanted);
    }
    assert_eq!(world.slice.page.presses(), 0);
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn atk_19_what_a_browser_would_run_goes_out_as_a_document_and_is_only_saved(pool: PgPool) {
    let world = World::start(&pool).await;
    let svg: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    // The beginning of a picture and nothing of it: WhatsApp could not draw it.
    for (name, bytes) in
        [("page.html", &b"<!doctype html><script>"[..]), ("drawing.svg", svg), ("false.png", b"\x89PNG\r\n\x1a\nnone")]
    {
        let upload = world.upload(name, bytes).await;
        assert_eq!((upload.kind, upload.name.as_str()), (MessageKind::Document, name));
        let (_, headers, _) = world.get(&format!("/api/media/{}", upload.id)).await;
        assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment"), "{name}");
        assert!(headers["content-security-policy"].to_str().unwrap().contains("sandbox"), "{name}");
        assert!(!headers["content-type"].to_str().unwrap().contains("ml"), "{name}");
        assert_eq!(world.get(&format!("/api/media/{}/thumbnail", upload.id)).await.0, StatusCode::NOT_FOUND);
    }
    world.slice.stop().await;
}

/// What the page holds after a press of a file whose outcome nobody saw.
fn after(page: &Arc<FakePage>, title: &str, left: Vec<SeenMessage>) {
    page.add_chat(title, ChatKind::Contact);
    page.history(title, fake::message("anchor", Direction::In, "when?", Some(minute(0)), None));
    for message in left {
        page.history(title, message);
    }
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_07_a_file_that_was_pressed_is_found_or_doubted_and_never_sent_twice(pool: PgPool) {
    use MessageKind::{Album, Document, Image};
    let world = World::start(&pool).await;
    let upload = world.upload("bill.pdf", b"%PDF-1.4 bill").await;
    let again = world.upload("again.pdf", b"%PDF-1.4 bill").await;
    let World { slice, dir } = world;
    slice.stop().await;
    let right = || sent_file("new", Document, Some("bill.pdf"), "as agreed");
    let cases: [(&str, Vec<SeenMessage>, OutgoingState, usize); 8] = [
        ("there", vec![right()], OutgoingState::Sent, 0),
        ("uploading", vec![SeenMessage { ack: Some(Ack::Pending), ..right() }], OutgoingState::Sent, 0),
        ("absent", vec![], OutgoingState::Sent, 1),
        (
            "only a text",
            vec![fake::message("t", Direction::Out, "as agreed", None, Some(Ack::Sent))],
            OutgoingState::Sent,
            1,
        ),
        ("twice", vec![right(), SeenMessage { key: "b".into(), ..right() }], OutgoingState::Uncertain, 0),
        ("other name", vec![sent_file("new", Document, Some("bill2.pdf"), "as agreed")], OutgoingState::Uncertain, 0),
        ("other kind", vec![sent_file("new", Image, None, "as agreed")], OutgoingState::Uncertain, 0),
        ("in an album", vec![sent_file("new", Album, None, "")], OutgoingState::Uncertain, 0),
    ];
    let pages = Arc::new(Pages::default());
    let page = pages.add();
    let ingest = writer(&pool).await;
    for (title, left, _, _) in &cases {
        after(&page, title, left.clone());
        ingest.conversation(&window(title, vec![incoming("anchor", "when?", 0)])).await.unwrap();
        sqlx::query(
            "insert into outgoing (id, chat_id, client_key, text, body_hash, user_id, state, generation, anchor_key,
                intent_at, upload_id, file_kind, file_name)
             values (gen_random_uuid(), $1, $2, 'as agreed', sha256('x'), $3, 'intent', 0, 'anchor',
                now() - interval '2 minutes', $4, 'document', 'bill.pdf')",
        )
        .bind(chat_id(&pool, title).await.unwrap().0)
        .bind(title)
        .bind(user().0)
        .bind(upload.id.0)
        .execute(&pool)
        .await
        .unwrap();
    }
    let spec = SliceSpec { media_dir: dir.path().into(), ..spec(ReadingMode::OnOpen) };
    let slice = Slice::start_on(&pool, spec, pages, page).await;
    slice.page.link("+55");
    for (title, _, state, _) in &cases {
        slice.until_state(title, *state).await;
    }
    let sent: Vec<String> = slice.page.sent().into_iter().map(|(title, _)| title).collect();
    for (title, _, state, presses) in &cases {
        assert_eq!(sent.iter().filter(|one| one == title).count(), *presses, "{title}");
        assert_eq!(slice.outgoing(title).await.message_id.is_some(), *state == OutgoingState::Sent, "{title}");
    }
    assert!(slice.page.sent_files().iter().all(|(name, bytes)| name == "bill.pdf" && bytes == b"%PDF-1.4 bill"));
    // Whoever finds the bubble has the file too.
    let found = rows(&pool, "there").await.into_iter().find(|row| row.key.as_deref() == Some("new")).unwrap();
    assert_eq!(found.media[0].state, MediaState::Stored);
    assert_eq!(found.media[0].file.as_ref().unwrap().version, again.file.version);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_browser_that_dies_after_the_press_of_a_file_leaves_one_file(pool: PgPool) {
    let world = World::start(&pool).await;
    let chat = world.slice.chat("Ana").await;
    let second = world.slice.pages.add();
    second.add_chat("Ana", ChatKind::Contact);
    second.history("Ana", sent_file("3EB00000000000000001", MessageKind::Document, Some("bill.pdf"), "here"));
    let upload = world.upload("bill.pdf", b"%PDF-1.4 bill").await;
    world.slice.page.after_press(AfterPress::DieAfter);
    world.send(chat, "k", json!({"text": "here", "file": upload.id})).await;
    until("the second browser runs", async || *world.slice.pages.launches.lock().unwrap() == 2).await;
    second.link("+55");
    world.slice.until_state("k", OutgoingState::Sent).await;
    assert_eq!((world.slice.page.presses(), second.presses()), (1, 0));
    assert_eq!(rows(&pool, "Ana").await.len(), 1);
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_file_that_is_lost_fails_and_is_never_sent_as_a_text(pool: PgPool) {
    let world = World::start(&pool).await;
    let chat = world.slice.chat("Ana").await;
    let upload = world.upload("bill.pdf", b"%PDF-1.4 bill").await;
    for name in world.names() {
        std::fs::remove_file(name).unwrap();
    }
    world.send(chat, "k", json!({"text": "here", "file": upload.id})).await;
    world.slice.until_state("k", OutgoingState::Failed).await;
    assert_eq!(world.slice.outgoing("k").await.reason.as_deref(), Some("file_lost"));
    // Neither once its row is gone as well, while the message still waits.
    sqlx::query("update outgoing set state = 'leased'").execute(&pool).await.unwrap();
    media::sweep(&world.slice.app).await.unwrap();
    assert!(world.slice.outgoing("k").await.file.unwrap().id.is_none());
    sqlx::query("update outgoing set state = 'queued', reason = null").execute(&pool).await.unwrap();
    world.slice.app.wake_outgoing.notify_one();
    world.slice.until_state("k", OutgoingState::Failed).await;
    assert_eq!(world.slice.page.presses(), 0);
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn uploads_that_nothing_waits_with_go_after_two_days(pool: PgPool) {
    let world = World::start(&pool).await;
    let chat = world.slice.chat("Ana").await;
    let waits = world.upload("waits.pdf", b"%PDF-1.4 waits").await;
    let idle = world.upload("idle.png", &picture(20, 20)).await;
    let fresh = world.upload("fresh.pdf", b"%PDF-1.4 fresh").await;
    sqlx::query("update uploads set created_at = now() - interval '49 hours' where id <> $1")
        .bind(fresh.id.0)
        .execute(&pool)
        .await
        .unwrap();
    world.slice.page.show(queunir_core::link::PageState::Unknown, None, None);
    world
        .slice
        .until("nothing can be sent", async || world.slice.app.link.state() != queunir_core::link::PageState::Linked)
        .await;
    world.send(chat, "k", json!({"file": waits.id})).await;
    assert_eq!(world.names().len(), 4, "three files and a thumbnail");
    media::upload::retire(&world.slice.app).await.unwrap();
    assert_eq!(world.names().len(), 2);
    assert_eq!(world.get(&format!("/api/media/{}", idle.id)).await.0, StatusCode::NOT_FOUND);
    for upload in [waits, fresh] {
        assert_eq!(world.get(&format!("/api/media/{}", upload.id)).await.0, StatusCode::OK);
    }
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn an_answer_quotes_the_message_it_was_meant_for_or_is_not_sent(pool: PgPool) {
    let world = World::start(&pool).await;
    let slice = &world.slice;
    let (ana, ben) = (slice.chat("Ana").await, slice.chat("Ben").await);
    slice.page.receive("Ana", "are you open?", minute(0));
    let second = slice.page.receive("Ana", "and tomorrow?", minute(1));
    slice.open(ana, 1).await;
    slice.until("both are stored", async || rows(&pool, "Ana").await.len() == 2).await;
    let question = rows(&pool, "Ana").await.into_iter().find(|row| row.page_key == Some(second.clone())).unwrap();
    let line = world.send(ana, "k", json!({"text": "from 9", "reply_to": question.id})).await;
    let reply = line.reply_to.unwrap();
    assert_eq!((reply.message_id, reply.text.as_deref()), (question.id, Some("and tomorrow?")));
    slice.until_state("k", OutgoingState::Sent).await;
    let sent = rows(&pool, "Ana").await.into_iter().find(|row| row.text == "from 9").unwrap();
    assert_eq!(sent.quoted.unwrap().text, "and tomorrow?");

    let (status, answer) = world.ask(ben, "other", json!({"text": "no", "reply_to": question.id})).await;
    assert_eq!((status.as_u16(), answer["code"].as_str()), (422, Some("quote_not_found")));
    let file = world.upload("a.pdf", b"%PDF-1.4 from 9").await;
    let (_, answer) = world.ask(ana, "file", json!({"text": "", "file": file.id, "reply_to": question.id})).await;
    assert_eq!(answer["code"], "file_cannot_answer");
    let (_, answer) = world.ask(ana, "k", json!({"text": "from 9"})).await;
    assert_eq!(answer["code"], "key_reused", "with and without the quote are two messages");
    slice.page.change_message("Ana", &second, |message| message.kind = MessageKind::Deleted);
    slice.until("the deletion is stored", async || rows(&pool, "Ana").await[1].deleted).await;
    let (_, answer) = world.ask(ana, "late", json!({"text": "no", "reply_to": question.id})).await;
    assert_eq!(answer["code"], "not_quotable");

    // Its bubble is not seen after the press: it is known again by its words and its quote.
    let first = rows(&pool, "Ana").await[0].id;
    slice.page.after_press(AfterPress::LoseBubble);
    world.send(ana, "unseen", json!({"text": "yes", "reply_to": first})).await;
    slice.until_state("unseen", OutgoingState::Sent).await;
    slice.page.after_press(AfterPress::Bubble);

    // The page does not find it any more: nothing goes out without the quote.
    slice.page.fail_next_press(PageError::QuoteNotFound);
    world.send(ana, "lost", json!({"text": "yes", "reply_to": first})).await;
    slice.until_state("lost", OutgoingState::Failed).await;
    assert_eq!(slice.outgoing("lost").await.reason.as_deref(), Some("quote_not_found"));
    assert_eq!(slice.page.presses(), 2);
    world.slice.stop().await;
}
