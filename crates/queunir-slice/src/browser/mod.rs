//! Keeps a browser while one is wanted: starts it, hears what it sees, restarts it when it dies, stops it when told.

mod account;
mod health;
mod insist;
mod list;
mod session;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use queunir_core::{
    link::{PartingKind, Repair},
    phone::PhoneNumber,
    slice::{SliceSpec, StopReason},
};
use queunir_whatsapp::{BrowserConfig, Page, PageEvent};
use tokio::{sync::mpsc, time::Instant};

use self::session::attend;
pub(crate) use self::session::is_waiting;
use crate::{
    app::App,
    ingest::IngestError,
    media::thumbnail,
    parting::{self, PartingError},
};

/// Longest pause between two attempts to start a browser that dies.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// The pause between two looks at a full disk, counted like failures: 2 s.
const ROOM_PAUSES: u32 = 3;
/// How many browsers in a row may come to nothing before a person is asked, and how long nothing is tried then (CHR-08).
/// More, and a page that cannot be repaired costs a core; fewer, and a slow evening needs somebody.
const ATTEMPTS: u32 = 3;
const REST: Duration = Duration::from_secs(1_800);
/// A browser that lived this long did not fail at start.
const PROVEN: Duration = Duration::from_secs(60);

/// An order to the keeper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Have a browser.
    Start,
    /// Have a browser, and press the page's reload button if it waits for that.
    Retry,
    /// Link by this phone number instead of a QR code.
    Pair(PhoneNumber),
    /// Show QR codes again.
    Unpair,
    /// Go on in this window, because a person says so.
    UseHere,
    /// The linked account is the one whose data are stored; a person says so.
    SameAccount,
    /// Ending or erasing was asked for: have none until that is done.
    Part,
    /// Have none.
    Stop(StopReason),
}

/// What the keeper starts browsers with, and what else a slice starts.
#[async_trait]
pub trait Launcher: Send + Sync {
    /// Starts a browser on the slice's profile.
    async fn launch(&self) -> anyhow::Result<(Arc<dyn Page>, mpsc::Receiver<PageEvent>)>;

    /// Deletes the browser's profile, which is the credential; no browser runs.
    async fn remove_profile(&self) -> anyhow::Result<()>;

    /// The program that draws thumbnails: this executable under another name.
    fn thumbnails(&self) -> thumbnail::Step {
        thumbnail::Step::new(std::env::current_exe().unwrap_or_else(|_| "queunir".into()), &["thumbnail"])
    }
}

/// Starts Chromium.
pub struct Chromium {
    config: BrowserConfig,
}

impl Chromium {
    /// For a slice.
    #[must_use]
    pub fn new(spec: &SliceSpec) -> Self {
        Self { config: BrowserConfig::from(spec) }
    }
}

#[async_trait]
impl Launcher for Chromium {
    async fn launch(&self) -> anyhow::Result<(Arc<dyn Page>, mpsc::Receiver<PageEvent>)> {
        Ok(queunir_whatsapp::launch(self.config.clone()).await?)
    }

    async fn remove_profile(&self) -> anyhow::Result<()> {
        Ok(queunir_whatsapp::browser::remove_profile(&self.config).await?)
    }
}

/// How a browser's life ended.
enum End {
    /// The slice stops.
    Shutdown,
    /// It was told to end.
    Stopped(StopReason),
    /// Ending or erasing was asked for.
    Part,
    /// It died.
    Gone,
    /// The disk has no room for what it would write (CHR-10).
    NoRoom,
    /// Another generation took over.
    Fenced,
}

/// Runs until the slice stops.
pub async fn keep(app: App, launcher: Arc<dyn Launcher>, mut orders: mpsc::Receiver<Command>) {
    let stop = app.life.soft();
    let _stop_on_panic = stop.clone().drop_guard();
    let mut wanted = app.spec.start_linked;
    let mut failures: u32 = 0;
    loop {
        if app.is_parting() {
            match part(&app, launcher.as_ref(), &mut orders).await {
                Some(kind) => wanted &= kind == PartingKind::WipeData,
                None => return,
            }
            if !wanted {
                app.link.stopped(Some(StopReason::User), app.now());
            }
            continue;
        }
        if !wanted {
            tokio::select! {
                () = stop.cancelled() => return,
                order = orders.recv() => wanted = matches!(order, Some(Command::Start | Command::Retry)),
            }
            failures = 0;
            continue;
        }
        app.link.starting(app.now());
        if app.storage.is_short() {
            if let Some(End::Stopped(reason)) = wait_for_room(&app, &mut orders).await {
                wanted = false;
                app.link.stopped(Some(reason), app.now());
            }
            if stop.is_cancelled() {
                return;
            }
            continue;
        }
        let began = Instant::now();
        let launched = tokio::select! {
            () = stop.cancelled() => return,
            launched = launcher.launch() => launched,
        };
        let end = match launched {
            Ok((page, events)) => {
                app.vitals.browser(Some(app.now()));
                attend(&app, page, events, &mut orders).await
            }
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "the browser did not start");
                End::Gone
            }
        };
        app.vitals.browser(None);
        app.page.send_replace(None);
        app.set_open_chat(None);
        app.ingest.forget().await;
        match end {
            End::Shutdown => return,
            End::Fenced => {
                stop.cancel();
                return;
            }
            End::Stopped(reason) => {
                wanted = false;
                app.link.stopped(Some(reason), app.now());
            }
            End::Part => {}
            End::NoRoom => {
                tracing::error!("the disk is full: the browser rests until there is room");
            }
            End::Gone => {
                app.note_lost_browser(true);
                failures = if began.elapsed() > PROVEN { 1 } else { failures + 1 };
                let rest = climb(&app);
                app.link.starting(app.now());
                let paused =
                    if rest { wait(&app, &mut orders, REST).await } else { pause(&app, &mut orders, failures).await };
                match paused {
                    Some(End::Shutdown) => return,
                    Some(End::Stopped(reason)) => {
                        wanted = false;
                        app.link.stopped(Some(reason), app.now());
                    }
                    _ => {}
                }
            }
        }
    }
}

/// The repair ladder: the page is loaded again by the page itself, then the browser is started again, a few times, then
/// a person is asked. Answers whether to rest. The profile is left as it is on every step.
fn climb(app: &App) -> bool {
    if app.take_settled() {
        app.link.repair(None);
        return false;
    }
    let before = app.link.now().repair;
    let attempts = before.as_ref().map_or(0, |repair| repair.attempts).saturating_add(1);
    let since = before.map_or_else(|| app.now(), |repair| repair.since);
    let needs_person = attempts.is_multiple_of(ATTEMPTS);
    if needs_person {
        tracing::error!(attempts, "the page does not come up; a person is asked");
    }
    app.link.repair(Some(Repair { attempts, since, needs_person }));
    needs_person
}

/// Ends the link or erases, as often as it takes; `None` when the slice stops.
async fn part(app: &App, launcher: &dyn Launcher, orders: &mut mpsc::Receiver<Command>) -> Option<PartingKind> {
    let mut failures = 0;
    loop {
        match parting::carry_out(app, launcher).await {
            Ok(done) => {
                app.set_parting(false);
                app.note_lost_browser(false);
                return Some(done.unwrap_or(PartingKind::WipeData));
            }
            Err(PartingError::Store(IngestError::Fenced)) => {
                app.life.soft().cancel();
                return None;
            }
            Err(error) => {
                failures += 1;
                tracing::error!(%error, failures, "ending or erasing is tried again");
                if let Some(End::Shutdown) = pause(app, orders, failures).await {
                    return None;
                }
            }
        }
    }
}

/// Waits until the disk has room; an order to stop ends the wait.
async fn wait_for_room(app: &App, orders: &mut mpsc::Receiver<Command>) -> Option<End> {
    while app.storage.is_short() {
        let end = pause(app, orders, ROOM_PAUSES).await;
        if end.is_some() {
            return end;
        }
    }
    tracing::info!("the disk has room again");
    None
}

/// Waits before another start; an order to stop ends the wait.
async fn pause(app: &App, orders: &mut mpsc::Receiver<Command>, failures: u32) -> Option<End> {
    wait(app, orders, Duration::from_millis(250).saturating_mul(1 << failures.min(10)).min(LONGEST_PAUSE)).await
}

/// The same for a length of time.
async fn wait(app: &App, orders: &mut mpsc::Receiver<Command>, pause: Duration) -> Option<End> {
    let stop = app.life.soft();
    let until = Instant::now() + pause;
    loop {
        tokio::select! {
            () = stop.cancelled() => return Some(End::Shutdown),
            () = tokio::time::sleep_until(until) => return None,
            order = orders.recv() => match order {
                Some(Command::Stop(reason)) => return Some(End::Stopped(reason)),
                Some(Command::Retry) => return None,
                Some(Command::Part) => return Some(End::Part),
                Some(
                    Command::Start | Command::Pair(_) | Command::Unpair | Command::UseHere | Command::SameAccount,
                ) => {}
                None => return Some(End::Shutdown),
            },
        }
    }
}

/// When a moment is, on the loop's clock.
#[must_use]
pub fn until(moment: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(moment.duration_since(now)).unwrap_or(Duration::ZERO)
}
