//! Files from the page's own addresses, in a real browser, on markup written from the evidence (3.6).

use std::{
    os::unix::fs::PermissionsExt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{Request, State},
    response::{Html, IntoResponse, Response},
};
use queunir_core::slice::Engine;
use queunir_whatsapp::{BrowserConfig, MediaError, Page, PageEvent, launch, seen::Shown};
use tokio::sync::mpsc;

use crate::{
    inspect::markup::{Bubble, g3, header, page},
    site::other_user,
    world::{PATIENCE, target},
};

/// Bytes of the picture: more than two pieces.
const BYTES: usize = 700_000;

fn bytes() -> Vec<u8> {
    (0..BYTES).map(|n| u8::try_from(n * 31 % 251).unwrap()).collect()
}

/// What the page's own program does: makes addresses, lets go of one, and reloads when it is told to.
const PROGRAM: &str = r##"<script>
const bytes = new Uint8Array(700000).map((_, n) => (n * 31) % 251);
const address = (part) => URL.createObjectURL(new Blob([part], { type: "image/jpeg" }));
document.querySelector("#picture").src = address(bytes);
document.querySelector("#sticker").src = address(bytes.slice(0, 1000));
const gone = address(bytes);
document.querySelector("#gone").src = gone;
URL.revokeObjectURL(gone);
for (const what of ["click", "play", "scroll"]) addEventListener(what, () => fetch("/touched"), true);
const ask = async () => {
  const told = await (await fetch("/told")).text();
  if (told === "1") location.reload();
  if (told === "2") URL.revokeObjectURL(document.querySelector("#picture").src);
  setTimeout(ask, 25);
};
void ask();
</script>"##;

/// The policy under which scripts of WhatsApp Web may connect, as far as it matters here.
const POLICY: &str =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"connect-src 'self' data: blob: wss://*.web.whatsapp.com\">";

type Told = (Arc<String>, Arc<AtomicU8>, Arc<Mutex<Vec<String>>>);

struct World {
    page: Arc<dyn Page>,
    events: mpsc::Receiver<PageEvent>,
    told: Arc<AtomicU8>,
    asked: Arc<Mutex<Vec<String>>>,
    _dir: tempfile::TempDir,
}

async fn answer(State((document, told, asked)): State<Told>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if path == "/told" {
        // Once each.
        return told.swap(0, Ordering::SeqCst).to_string().into_response();
    }
    // The browser's own idea, not the page's.
    if path != "/favicon.ico" {
        asked.lock().unwrap().push(path);
    }
    Html(document.to_string()).into_response()
}

impl World {
    async fn start() -> Self {
        let clock = Bubble { clock: "15:06", label: "Maria:", ..Bubble::default() };
        let preview = format!("data:image/jpeg;base64,{}", "QUJD".repeat(50));
        let picture = |id: &str| {
            format!(
                "<div data-testid=\"image-thumb\" aria-label=\"Open picture\" role=\"button\">\
                 <div style=\"background-image: url({preview})\"></div><img id=\"{id}\"></div>"
            )
        };
        let blurred =
            "<div data-testid=\"image-thumb\" role=\"button\"><div style=\"background-image: url(PREVIEW)\"></div>\
                       <span data-testid=\"media-state-download\">45 kB</span></div>"
                .replace("PREVIEW", &preview);
        let rows = [
            g3(&Bubble { key: "PICTURE", inside: &picture("picture"), ..clock }),
            g3(&Bubble { key: "GONE", inside: &picture("gone"), ..clock }),
            g3(&Bubble { key: "BLURRED", inside: &blurred, ..clock }),
            g3(&Bubble {
                key: "STICKER",
                inside: "<div data-testid=\"sticker-container\"><img id=\"sticker\" alt=\"gato\"></div>",
                ..clock
            }),
            g3(&Bubble {
                key: "VOICE",
                inside: "<span data-icon=\"ptt-status\"></span><button aria-label=\"Play voice message\"></button><canvas></canvas><div>0:12</div>",
                ..clock
            }),
        ];
        let document = page("en", "", &header("Maria", "online"), &rows.concat());
        let document =
            document.replace("</body>", &format!("{PROGRAM}</body>")).replace("<head>", &format!("<head>{POLICY}"));
        let (told, asked): (Arc<AtomicU8>, Arc<Mutex<Vec<String>>>) = Default::default();
        let router = Router::new().fallback(answer).with_state((Arc::new(document), told.clone(), asked.clone()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}/", listener.local_addr().unwrap().port());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let dir = tempfile::tempdir().unwrap();
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let config = BrowserConfig {
            engine: Engine::Chromium,
            profile_dir: dir.path().join("session"),
            whatsapp_url: url,
            locale: "en".into(),
            time_zone: "America/Sao_Paulo".into(),
            reader_profiles: None,
            locale_in_url: false,
            as_user: other_user(),
            offline: false,
        };
        let (page, events) = launch(config).await.unwrap();
        let mut world = Self { page, events, told, asked, _dir: dir };
        world.drawn().await;
        world
    }

    /// Waits until the reader tells of every file; answers what it tells, in order.
    async fn drawn(&mut self) -> Vec<Shown> {
        let waiting = async {
            loop {
                let Some(PageEvent::Conversation(seen)) = self.events.recv().await else { continue };
                let shown: Vec<Shown> = seen.messages.iter().flat_map(|m| &m.files).map(|file| file.shown).collect();
                if shown.len() == 5 && shown[0] == Shown::Whole {
                    return shown;
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("the files are told")
    }

    async fn all(&self, key: &str) -> Result<(bool, Vec<u8>), MediaError> {
        let mut ticket = self.page.media(&target("Maria"), key, 0).await?;
        let mut all = Vec::new();
        while let Some(piece) = ticket.next().await? {
            assert!(piece.len() <= 256 << 10);
            all.extend(piece);
        }
        assert_eq!(ticket.bytes(), all.len() as u64);
        Ok((ticket.is_whole(), all))
    }

    async fn tell(&self, what: u8) {
        // The page asks again only after it has done what it was told.
        for value in [what, 3] {
            self.told.store(value, Ordering::SeqCst);
            let heard = async {
                while self.told.load(Ordering::SeqCst) != 0 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            tokio::time::timeout(PATIENCE, heard).await.expect("the page asks");
        }
    }
}

#[tokio::test]
async fn files_come_in_pieces_from_what_is_drawn_and_nothing_is_touched_or_asked_for() {
    let world = World::start().await;
    assert_eq!(world.all("PICTURE").await.unwrap(), (true, bytes()));
    assert_eq!(world.all("STICKER").await.unwrap(), (true, bytes()[..1_000].to_vec()));
    assert_eq!(world.all("BLURRED").await.unwrap(), (false, b"ABC".repeat(50)));
    assert_eq!(world.all("VOICE").await.unwrap_err(), MediaError::NotShown);
    assert_eq!(world.all("NOBODY").await.unwrap_err(), MediaError::NotHere);
    assert_eq!(world.page.media(&target("Bia"), "PICTURE", 0).await.err(), Some(MediaError::NotHere), "another chat");
    assert_eq!(world.page.media(&target("Maria"), "PICTURE", 1).await.err(), Some(MediaError::NotShown));
    assert_eq!(*world.asked.lock().unwrap(), ["/"], "nothing else is loaded, clicked or played");
    world.page.close().await;
}

#[tokio::test]
async fn an_address_that_the_page_let_go_of_is_said_to_be_broken_and_what_is_held_still_comes() {
    let world = World::start().await;
    assert!(matches!(world.all("GONE").await, Err(MediaError::Broken(_))));
    let mut ticket = world.page.media(&target("Maria"), "PICTURE", 0).await.unwrap();
    let mut all = ticket.next().await.unwrap().unwrap();
    world.tell(2).await;
    while let Some(piece) = ticket.next().await.unwrap() {
        all.extend(piece);
    }
    assert_eq!(all, bytes());
    assert!(matches!(world.all("PICTURE").await, Err(MediaError::Broken(_))), "the address leads nowhere by now");
    world.page.close().await;
}

#[tokio::test]
async fn one_file_is_held_at_a_time() {
    let world = World::start().await;
    let mut first = world.page.media(&target("Maria"), "PICTURE", 0).await.unwrap();
    let mut second = world.page.media(&target("Maria"), "STICKER", 0).await.unwrap();
    assert_eq!(first.next().await.unwrap_err(), MediaError::NotHere);
    drop(first);
    assert_eq!(second.next().await.unwrap().unwrap().len(), 1_000);
    world.page.close().await;
}

#[tokio::test]
async fn a_page_that_reloads_ends_a_fetch_at_once_and_the_next_one_finds_the_new_address() {
    let mut world = World::start().await;
    let mut ticket = world.page.media(&target("Maria"), "PICTURE", 0).await.unwrap();
    assert!(ticket.next().await.unwrap().is_some());
    while world.events.try_recv().is_ok() {}
    world.tell(1).await;
    world.drawn().await;
    assert_eq!(ticket.next().await.unwrap_err(), MediaError::NotHere);
    assert_eq!(world.all("PICTURE").await.unwrap(), (true, bytes()));
    world.page.close().await;
}
