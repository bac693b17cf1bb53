//! Files of messages: fetched beside the texts, stored by content, shown without harm.

use std::{path::PathBuf, sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use image::{DynamicImage, ImageFormat};
use queunir_core::{
    link::ReadingMode,
    media::{Media, MediaState, Thumbnail},
    message::MessageKind,
};
use queunir_db::slice::{SliceDb, messages};
use queunir_slice::media;
use queunir_whatsapp::{
    MediaError,
    fake::FakeFile,
    seen::{SeenFile, SeenMessage, Shown},
};
use sqlx::PgPool;
use tokio::sync::Notify;
use tower::ServiceExt;

use crate::support::*;

/// A slice whose media directory is real; the directory goes with it.
struct World {
    slice: Slice,
    dir: tempfile::TempDir,
}

impl World {
    async fn start(pool: &PgPool, mode: ReadingMode) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let slice = Self::slice(pool, mode, &dir).await;
        Self { slice, dir }
    }

    async fn slice(pool: &PgPool, mode: ReadingMode, dir: &tempfile::TempDir) -> Slice {
        let slice =
            Slice::start_with(pool, queunir_core::slice::SliceSpec { media_dir: dir.path().into(), ..spec(mode) })
                .await;
        slice.page.add_chat("Ana", queunir_core::chat::ChatKind::Contact);
        slice.page.link("+5511999990000");
        slice.until("the first list is complete", async || slice.app.link.now().first_list_complete).await;
        slice
    }

    /// A message in the history, and what the page holds of its file.
    fn put(&self, key: &str, kind: MessageKind, shown: Shown, file: Result<FakeFile, MediaError>) {
        let files = vec![SeenFile { shown, name: None, duration_s: None, size_text: None }];
        self.slice.page.put_file(key, 0, file);
        self.slice.page.history("Ana", SeenMessage { kind, files, ..incoming(key, "", 1) });
    }

    async fn open(&self) {
        let chat = self.slice.chat("Ana").await;
        assert_eq!(self.slice.open(chat, 1).await["opened"], true);
    }

    async fn media(&self, key: &str) -> Option<Media> {
        rows(&self.slice.pool, "Ana").await.iter().find(|row| row.key.as_deref() == Some(key))?.media.first().cloned()
    }

    async fn until_state(&self, key: &str, state: MediaState) -> Media {
        self.slice
            .until(&format!("{key} is {state:?}"), async || self.media(key).await.is_some_and(|one| one.state == state))
            .await;
        self.media(key).await.unwrap()
    }

    fn names(&self) -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> = std::fs::read_dir(self.dir.path()).unwrap().map(|e| e.unwrap().path()).collect();
        all.sort_unstable();
        all
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
        let mut request = Request::builder().uri(path).header("x-qn-user", user().to_string());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.slice.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, to_bytes(body, 10_000_000).await.unwrap().to_vec())
    }
}

/// Lets piece after piece through.
async fn go_on(slow: &Notify) {
    loop {
        slow.notify_one();
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::new_rgb8(width, height).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_picture_is_stored_by_its_content_told_and_served(pool: PgPool) {
    let world = World::start(&pool, ReadingMode::OnOpen).await;
    let bytes = picture(1_000, 500, ImageFormat::Jpeg);
    world.put("1", MessageKind::Image, Shown::Whole, Ok(FakeFile::whole(&bytes)));
    world.put("2", MessageKind::Image, Shown::Whole, Ok(FakeFile::whole(&bytes)));
    let place = last_event(&pool).await;
    world.open().await;
    let first = world.until_state("1", MediaState::Stored).await;
    let second = world.until_state("2", MediaState::Stored).await;
    let file = first.file.clone().unwrap();
    assert_eq!((file.content_type.as_str(), file.bytes), ("image/jpeg", i64::try_from(bytes.len()).unwrap()));
    assert_eq!((file.width, file.height, file.thumbnail), (Some(1_000), Some(500), Thumbnail::Made));
    assert_eq!(second.file.unwrap().version, file.version, "equal content lies there once");
    assert_eq!(world.names().len(), 2, "the file and its thumbnail: {:?}", world.names());
    let told = events_after(&pool, place).await.into_iter().filter(|event| event["type"] == "message.updated");
    let told: Vec<_> = told.filter(|event| event["message"]["media"][0]["state"] == "stored").collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["message"]["media"][0]["file"]["width"], 1_000);

    let path = format!("/api/media/{}", first.id);
    let (status, headers, body) = world.get(&format!("{path}?v={}", file.version), &[]).await;
    assert_eq!((status, body), (StatusCode::OK, bytes.clone()));
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, max-age=31536000, immutable"),
    ] {
        assert_eq!(headers[name], value, "{name}");
    }
    assert!(headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename*=UTF-8''"));
    let (status, headers, body) = world.get(&path, &[("range", "bytes=10-19")]).await;
    assert_eq!(
        (status, &headers["cache-control"]),
        (StatusCode::PARTIAL_CONTENT, &"private, no-cache".parse().unwrap())
    );
    assert_eq!(
        (headers["content-range"].to_str().unwrap(), body),
        (format!("bytes 10-19/{}", bytes.len()).as_str(), bytes[10..20].to_vec())
    );
    let tag = headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(world.get(&path, &[("if-none-match", &tag)]).await.0, StatusCode::NOT_MODIFIED);
    assert_eq!(world.get(&path, &[("range", "bytes=999999-")]).await.0, StatusCode::RANGE_NOT_SATISFIABLE);

    let (status, headers, body) = world.get(&format!("{path}/thumbnail"), &[]).await;
    assert_eq!((status, headers["content-disposition"].to_str().unwrap()), (StatusCode::OK, "inline"));
    let small = image::load_from_memory(&body).unwrap();
    assert_eq!((small.width(), small.height()), (720, 360));
    assert_eq!(world.get("/api/media/media_00000000000000000000000000000000", &[]).await.0, StatusCode::NOT_FOUND);
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn no_text_waits_for_a_file(pool: PgPool) {
    let world = World::start(&pool, ReadingMode::OnOpen).await;
    let slow = Arc::new(Notify::new());
    let file = FakeFile { slow: Some(slow.clone()), ..FakeFile::whole(&picture(20, 20, ImageFormat::Png)) };
    world.put("1", MessageKind::Image, Shown::Whole, Ok(file));
    world.open().await;
    world.slice.until("the file is asked for", async || world.slice.page.files_asked() == 1).await;
    let chat = world.slice.chat("Ana").await;
    world.slice.page.receive("Ana", "how are you?", minute(2));
    world
        .slice
        .until("the text is stored", async || texts(&pool, "Ana").await.contains(&"how are you?".to_owned()))
        .await;
    world.slice.send(chat, "k", "fine").await;
    world.slice.until_state("k", queunir_core::outgoing::OutgoingState::Sent).await;
    assert_eq!(world.media("1").await.unwrap().state, MediaState::Wanted);
    tokio::select! {
        () = go_on(&slow) => {}
        _ = world.until_state("1", MediaState::Stored) => {}
    }
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_preview_is_kept_until_the_page_shows_the_whole(pool: PgPool) {
    let world = World::start(&pool, ReadingMode::OnOpen).await;
    let small = FakeFile { whole: false, ..FakeFile::whole(&picture(40, 30, ImageFormat::Jpeg)) };
    world.put("1", MessageKind::Image, Shown::Preview, Ok(small));
    world.put("2", MessageKind::Voice, Shown::Nothing, Err(MediaError::NotShown));
    world.open().await;
    assert_eq!(world.until_state("2", MediaState::NotShown).await.file, None);
    let before = world.until_state("1", MediaState::Preview).await;
    world.slice.page.put_file("1", 0, Ok(FakeFile::whole(&picture(400, 300, ImageFormat::Jpeg))));
    world.slice.page.change_message("Ana", "1", |message| message.files[0].shown = Shown::Whole);
    let after = world.until_state("1", MediaState::Stored).await;
    assert_eq!((after.id, after.file.unwrap().width), (before.id, Some(400)));
    // Its row is gone before it is.
    world.slice.until("the preview is gone", async || world.names().len() == 2).await;
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_preview_stays_beside_a_file_that_is_too_large_and_nobody_asks_again(pool: PgPool) {
    let world = World::start(&pool, ReadingMode::OnOpen).await;
    let small = FakeFile { whole: false, ..FakeFile::whole(&picture(40, 30, ImageFormat::Jpeg)) };
    world.put("1", MessageKind::Image, Shown::Preview, Ok(small));
    world.open().await;
    world.until_state("1", MediaState::Preview).await;
    world.slice.page.put_file("1", 0, Ok(FakeFile::whole(&vec![1; 100_001])));
    world.slice.page.change_message("Ana", "1", |message| message.files[0].shown = Shown::Whole);
    let large = world.until_state("1", MediaState::TooLarge).await;
    assert_eq!(large.file.unwrap().width, Some(40));
    let asked = world.slice.page.files_asked();
    world.slice.page.change_message("Ana", "1", |message| message.text = "a caption".into());
    world.slice.until("the caption is stored", async || texts(&pool, "Ana").await == ["a caption"]).await;
    assert!(!media::pass(&world.slice.app).await.unwrap());
    assert_eq!(world.slice.page.files_asked(), asked);
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_file_that_breaks_is_tried_again_with_pauses_and_later_by_a_person(pool: PgPool) {
    let world = World::start(&pool, ReadingMode::OnOpen).await;
    let bytes = picture(60, 60, ImageFormat::Png);
    let revoked = || MediaError::Broken("revoked".into());
    let broken = FakeFile { breaks: Some((0, revoked())), ..FakeFile::whole(&bytes) };
    world.put("1", MessageKind::Image, Shown::Whole, Ok(broken));
    world.open().await;
    let attempts = async || {
        let found: Option<(i32, bool)> =
            sqlx::query_as("select attempts, coalesce(not_before > now(), false) from media")
                .fetch_optional(&pool)
                .await
                .unwrap();
        found
    };
    world.slice.until("the first attempt failed", async || attempts().await == Some((1, true))).await;
    // Time passes.
    for _ in 0..5 {
        sqlx::query("update media set not_before = now() - interval '1 second'").execute(&pool).await.unwrap();
        let before = attempts().await.unwrap().0;
        world.slice.app.wake_media.notify_one();
        world.slice.until("another attempt failed", async || attempts().await.is_some_and(|(n, _)| n > before)).await;
    }
    let failed = world.until_state("1", MediaState::Failed).await;
    let asked = world.slice.page.files_asked();
    world.slice.page.put_file("1", 0, Ok(FakeFile::whole(&bytes)));
    assert!(!media::pass(&world.slice.app).await.unwrap());
    assert_eq!(world.slice.page.files_asked(), asked, "only a person makes us try again");
    let (status, _) = world.slice.call("POST", &format!("/api/media/{}/retry", failed.id), None).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    world.until_state("1", MediaState::Stored).await;
    let (status, json) = world.slice.call("POST", &format!("/api/media/{}/retry", failed.id), None).await;
    assert_eq!((status, json["code"].as_str()), (StatusCode::CONFLICT, Some("not_wanted")));
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_reload_or_another_chat_is_no_failure_of_the_file(pool: PgPool) {
    let world = World::start(&pool, ReadingMode::OnOpen).await;
    let bytes = picture(60, 60, ImageFormat::Png);
    world.put(
        "1",
        MessageKind::Image,
        Shown::Whole,
        Ok(FakeFile { breaks: Some((0, MediaError::NotHere)), ..FakeFile::whole(&bytes) }),
    );
    world.open().await;
    world.slice.until("it was tried", async || world.slice.page.files_asked() > 0).await;
    let count = async || sqlx::query_scalar::<_, i32>("select attempts from media").fetch_one(&pool).await.unwrap();
    world
        .slice
        .until("it is put off", async || {
            sqlx::query_scalar::<_, bool>("select coalesce(not_before > now(), false) from media")
                .fetch_one(&pool)
                .await
                .unwrap()
        })
        .await;
    assert_eq!(count().await, 0);
    assert!(world.names().is_empty(), "nothing half written stays: {:?}", world.names());
    world.slice.page.put_file("1", 0, Ok(FakeFile::whole(&bytes)));
    world.until_state("1", MediaState::Stored).await;
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn caps_on_a_file_and_on_all_of_them_hold(pool: PgPool) {
    let world = World::start(&pool, ReadingMode::OnOpen).await;
    world.put("1", MessageKind::Document, Shown::Whole, Ok(FakeFile::whole(&vec![1; 100_001])));
    for n in 2..=12 {
        world.put(&n.to_string(), MessageKind::Document, Shown::Whole, Ok(FakeFile::whole(&vec![n; 100_000])));
    }
    world.open().await;
    world.until_state("1", MediaState::TooLarge).await;
    // The newest first, so the oldest finds no room.
    let last = world.until_state("2", MediaState::NoRoom).await;
    assert_eq!(world.names().len(), 10);
    assert!(last.file.is_none());
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn atk_19_hostile_files_are_kept_and_run_nowhere(pool: PgPool) {
    let world = World::start(&pool, ReadingMode::OnOpen).await;
    let mut huge = picture(1, 1, ImageFormat::Png);
    huge[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    let cut = picture(300, 300, ImageFormat::Png);
    let cases: [(&str, &[u8], &str, Thumbnail); 5] = [
        (
            "svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "application/octet-stream",
            Thumbnail::None,
        ),
        ("html", b"<!DOCTYPE html><script>alert(1)</script>", "application/octet-stream", Thumbnail::None),
        ("polyglot", b"GIF89a/*<svg onload=alert(1)>*/=1;", "image/gif", Thumbnail::Failed),
        ("huge", &huge, "image/png", Thumbnail::Failed),
        ("cut", &cut[..cut.len() / 2], "image/png", Thumbnail::Failed),
    ];
    for (key, bytes, ..) in &cases {
        world.put(key, MessageKind::Image, Shown::Whole, Ok(FakeFile::whole(bytes)));
    }
    world.open().await;
    for (key, bytes, kind, thumbnail) in cases {
        let stored = world.until_state(key, MediaState::Stored).await;
        let file = stored.file.unwrap();
        assert_eq!((file.content_type.as_str(), file.thumbnail), (kind, thumbnail), "{key}");
        let (status, headers, body) = world.get(&format!("/api/media/{}", stored.id), &[]).await;
        assert_eq!(
            (status, body.as_slice(), &headers["content-type"]),
            (StatusCode::OK, bytes, &kind.parse().unwrap()),
            "{key}"
        );
        assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment"), "{key}");
        let (status, ..) = world.get(&format!("/api/media/{}/thumbnail", stored.id), &[]).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{key}");
    }
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn after_a_crash_no_file_is_left_over_and_no_row_lacks_its_file(pool: PgPool) {
    let world = World::start(&pool, ReadingMode::OnOpen).await;
    let bytes = picture(60, 60, ImageFormat::Png);
    world.put("1", MessageKind::Image, Shown::Whole, Ok(FakeFile::whole(&bytes)));
    world.open().await;
    let stored = world.until_state("1", MediaState::Stored).await;
    let World { slice, dir } = world;
    slice.stop().await;
    // As if it had crashed between file and row, while writing, and as if the directory had been lost.
    std::fs::write(dir.path().join("new-0123"), b"half").unwrap();
    std::fs::write(dir.path().join("00".repeat(32)), b"nobody's").unwrap();
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with(&stored.file.as_ref().unwrap().version) {
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
    let slice = World::slice(&pool, ReadingMode::OnOpen, &dir).await;
    let world = World { slice, dir };
    let again = world.until_state("1", MediaState::Wanted).await;
    assert_eq!((again.id, again.file), (stored.id, None));
    world.slice.until("the directory is swept", async || world.names().is_empty()).await;
    world.put("1", MessageKind::Image, Shown::Whole, Ok(FakeFile::whole(&bytes)));
    world.open().await;
    world.until_state("1", MediaState::Stored).await;
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_chat_read_in_the_background_is_left_once_its_files_are_here(pool: PgPool) {
    let world = World::start(&pool, ReadingMode::Background).await;
    let slow = Arc::new(Notify::new());
    let file = FakeFile { slow: Some(slow.clone()), ..FakeFile::whole(b"OggS voice") };
    world.put("1", MessageKind::Audio, Shown::Whole, Ok(file));
    world.slice.page.receive("Ana", "listen", minute(2));
    world.slice.until("the file is asked for", async || world.slice.page.files_asked() > 0).await;
    let _stays = media::stays(&world.slice.app).await;
    assert_eq!(world.slice.page.open_title().as_deref(), Some("Ana"), "it is not left while the file comes");
    tokio::select! {
        () = go_on(&slow) => {}
        _ = world.until_state("1", MediaState::Stored) => {}
    }
    world.slice.until("the chat is left", async || world.slice.page.open_title().is_none()).await;
    let stored = world.media("1").await.unwrap();
    assert_eq!(stored.file.unwrap().content_type, "audio/ogg");
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    assert_eq!(messages::count(&mut tx).await.unwrap(), 2);
    drop(tx);
    world.slice.stop().await;
}
