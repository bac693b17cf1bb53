//! Pictures of chats: photographed when the page is free, told, served, replaced and let go.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use image::{DynamicImage, ImageFormat};
use queunir_core::{chat::ChatKind, link::ReadingMode, slice::SliceSpec};
use queunir_slice::media::{pictures, sweep};
use queunir_whatsapp::seen::RowPicture;
use sqlx::PgPool;
use tower::ServiceExt;

use crate::support::*;

/// A slice whose media directory is real, with chats in its list; the directory goes with it.
struct World {
    slice: Slice,
    dir: tempfile::TempDir,
}

impl World {
    async fn start(pool: &PgPool, titles: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let spec = SliceSpec { media_dir: dir.path().into(), ..spec(ReadingMode::OnOpen) };
        let slice = Slice::start_with(pool, spec).await;
        slice.app.files.tries.hurry(1_000);
        slice.app.quiet.hurry(1_000);
        for title in titles {
            slice.page.add_chat(title, ChatKind::Contact);
        }
        slice.page.link("+5511999990000");
        slice.until("the first list is complete", async || slice.app.link.now().first_list_complete).await;
        Self { slice, dir }
    }

    /// The version of a chat's picture, as its list says.
    async fn version(&self, title: &str) -> Option<String> {
        let (_, list) = self.slice.call("GET", "/api/chats", None).await;
        let chat = list["chats"].as_array().unwrap().iter().find(|chat| chat["title"] == title).unwrap().clone();
        chat["picture"].as_str().map(str::to_owned)
    }

    /// The version, once it is another than `before`.
    async fn until_other(&self, title: &str, before: Option<&str>) -> Option<String> {
        let what = format!("{title} has another picture than {before:?}");
        self.slice.until(&what, async || self.version(title).await.as_deref() != before).await;
        self.version(title).await
    }

    async fn get(&self, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = Request::builder().uri(path).header("x-qn-user", user().to_string());
        let response = self.slice.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, to_bytes(body, 1_000_000).await.unwrap().to_vec())
    }

    /// What stands for the pictures that are stored.
    async fn tokens(&self) -> Vec<String> {
        let mut tx = self.slice.app.db.begin().await.unwrap();
        queunir_db::slice::pictures::tokens(&mut tx).await.unwrap().into_iter().map(|(_, token)| token).collect()
    }

    fn files(&self) -> usize {
        std::fs::read_dir(self.dir.path()).unwrap().count()
    }
}

/// What a photograph may look like.
fn face(shade: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_pixel(16, 16, image::Rgb([shade; 3]));
    DynamicImage::from(image).write_to(&mut bytes, ImageFormat::WebP).unwrap();
    bytes.into_inner()
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_picture_is_kept_told_served_replaced_and_let_go(pool: PgPool) {
    let world = World::start(&pool, &["Ana", "Bia"]).await;
    let place = last_event(&pool).await;
    world.slice.page.put_picture("Ana", "one", Some(&face(10)));
    let first = world.until_other("Ana", None).await.unwrap();
    assert_eq!(world.version("Bia").await, None);
    let told = events_after(&pool, place).await;
    assert!(told.iter().any(|e| e["type"] == "chat.updated" && e["chat"]["picture"] == first.as_str()), "{told:?}");

    let chat = world.slice.chat("Ana").await;
    let (status, headers, bytes) = world.get(&format!("/api/chats/{chat}/picture?v={first}")).await;
    assert_eq!((status, bytes), (StatusCode::OK, face(10)));
    let head = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(head("content-type"), "image/webp");
    assert_eq!(head("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(head("x-content-type-options"), "nosniff");
    assert!(head("content-security-policy").contains("sandbox"));
    let (_, headers, _) = world.get(&format!("/api/chats/{chat}/picture?v=0000000000000000")).await;
    assert_eq!(headers["cache-control"], "private, no-cache", "another version is not kept for ever under this name");
    let bia = world.slice.chat("Bia").await;
    assert_eq!(world.get(&format!("/api/chats/{bia}/picture")).await.0, StatusCode::NOT_FOUND);

    // Another address of the same picture is no news.
    let place = last_event(&pool).await;
    world.slice.page.put_picture("Ana", "two", Some(&face(10)));
    world.slice.until("it was photographed", async || world.tokens().await == ["two"]).await;
    assert_eq!(world.version("Ana").await.as_deref(), Some(first.as_str()));
    assert!(events_after(&pool, place).await.is_empty());

    world.slice.page.put_picture("Ana", "three", Some(&face(200)));
    let second = world.until_other("Ana", Some(&first)).await.unwrap();
    assert_eq!(world.get(&format!("/api/chats/{chat}/picture?v={second}")).await.2, face(200));
    let told = events_after(&pool, place).await;
    let of_picture = told.iter().filter(|e| e["type"] == "chat.updated" && e["chat"]["picture"] != first.as_str());
    assert_eq!(of_picture.count(), 1, "{told:?}");
    world.slice.until("the old file is gone", async || world.files() == 1).await;

    world.slice.page.change_row("Ana", |row| row.picture = RowPicture::Icon);
    assert_eq!(world.until_other("Ana", Some(&second)).await, None);
    world.slice.until("its file is gone", async || world.files() == 0).await;
    assert!(world.slice.page.opened().is_empty(), "nothing is opened for a picture");
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn what_is_not_known_lets_nothing_go_and_what_is_not_in_view_is_asked_again(pool: PgPool) {
    let world = World::start(&pool, &["Ana", "Bia"]).await;
    world.slice.page.put_picture("Bia", "b", None);
    world.slice.page.put_picture("Ana", "a", Some(&face(10)));
    let version = world.until_other("Ana", None).await;
    world.slice.page.change_row("Ana", |row| row.picture = RowPicture::Unknown);
    let asked = || world.slice.page.pictures_asked().iter().filter(|title| *title == "Bia").count();
    world.slice.until("Bia was asked for again", async || asked() > 3).await;
    assert_eq!(world.version("Ana").await, version);
    assert_eq!(world.version("Bia").await, None);
    world.slice.page.put_picture("Bia", "b", Some(&face(99)));
    assert!(world.until_other("Bia", None).await.is_some());
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn whoever_sends_has_the_page_for_themselves(pool: PgPool) {
    let world = World::start(&pool, &["Ana"]).await;
    let sending = world.slice.app.sending.lock().await;
    world.slice.page.put_picture("Ana", "a", Some(&face(10)));
    let shown = async || {
        let shown = world.slice.app.ingest.shown_pictures().await;
        shown.iter().any(|one| one.picture == RowPicture::Own("a".into()))
    };
    world.slice.until("the list says so", shown).await;
    for _ in 0..5 {
        assert!(!pictures::pass(&world.slice.app).await.unwrap());
    }
    assert!(world.slice.page.pictures_asked().is_empty());
    drop(sending);
    assert!(world.until_other("Ana", None).await.is_some());
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn two_chats_with_one_name_get_no_picture(pool: PgPool) {
    let world = World::start(&pool, &["Ana", "Ana", "Bia"]).await;
    world.slice.page.put_picture("Ana", "a", Some(&face(10)));
    world.slice.page.put_picture("Bia", "b", Some(&face(20)));
    assert!(world.until_other("Bia", None).await.is_some());
    for _ in 0..5 {
        assert!(!pictures::pass(&world.slice.app).await.unwrap());
    }
    assert!(!world.slice.page.pictures_asked().contains(&"Ana".to_owned()));
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_file_that_was_lost_is_told_and_photographed_again(pool: PgPool) {
    let world = World::start(&pool, &["Ana"]).await;
    world.slice.page.put_picture("Ana", "a", Some(&face(10)));
    let version = world.until_other("Ana", None).await.unwrap();
    let chat = world.slice.chat("Ana").await;
    for entry in std::fs::read_dir(world.dir.path()).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let place = last_event(&pool).await;
    sweep(&world.slice.app).await.unwrap();
    let told = events_after(&pool, place).await;
    assert!(told.iter().any(|e| e["type"] == "chat.updated" && e["chat"].get("picture").is_none()), "{told:?}");
    assert_eq!(world.until_other("Ana", None).await.as_deref(), Some(version.as_str()), "the same picture again");
    assert_eq!(world.get(&format!("/api/chats/{chat}/picture")).await.0, StatusCode::OK);
    world.slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_wipe_leaves_no_picture(pool: PgPool) {
    let world = World::start(&pool, &["Ana"]).await;
    world.slice.page.put_picture("Ana", "a", Some(&face(10)));
    world.until_other("Ana", None).await.unwrap();
    let mut tx = world.slice.app.db.begin().await.unwrap();
    queunir_db::slice::partings::erase_messages(&mut tx).await.unwrap();
    queunir_db::slice::partings::erase_files(&mut tx).await.unwrap();
    assert!(queunir_db::slice::pictures::tokens(&mut tx).await.unwrap().is_empty());
    drop(tx);
    world.slice.stop().await;
}
