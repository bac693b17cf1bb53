//! Keeps a browser while one is wanted: starts it, hears what it sees, restarts it when it dies, stops it when told.

mod insist;
mod session;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use queunir_core::{
    phone::PhoneNumber,
    slice::{SliceSpec, StopReason},
};
use queunir_whatsapp::{BrowserConfig, Page, PageEvent};
use tokio::{sync::mpsc, time::Instant};

use self::session::attend;
pub(crate) use self::session::is_waiting;
use crate::{app::App, media::thumbnail};

/// Longest pause between two attempts to start a browser that dies.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// The pause between two looks at a full disk, counted like failures: 2 s.
const ROOM_PAUSES: u32 = 3;
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
    /// Have none.
    Stop(StopReason),
}

/// What the keeper starts browsers with, and what else a slice starts.
#[async_trait]
pub trait Launcher: Send + Sync {
    /// Starts a browser on the slice's profile.
    async fn launch(&self) -> anyhow::Result<(Arc<dyn Page>, mpsc::Receiver<PageEvent>)>;

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
}

/// How a browser's life ended.
enum End {
    /// The slice stops.
    Shutdown,
    /// It was told to end.
    Stopped(StopReason),
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
            Ok((page, events)) => attend(&app, page, events, &mut orders).await,
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "the browser did not start");
                End::Gone
            }
        };
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
            End::NoRoom => {
                tracing::error!("the disk is full: the browser rests until there is room");
            }
            End::Gone => {
                failures = if began.elapsed() > PROVEN { 1 } else { failures + 1 };
                app.link.starting(app.now());
                match pause(&app, &mut orders, failures).await {
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
    let pause = Duration::from_millis(250).saturating_mul(1 << failures.min(10)).min(LONGEST_PAUSE);
    let stop = app.life.soft();
    let until = Instant::now() + pause;
    loop {
        tokio::select! {
            () = stop.cancelled() => return Some(End::Shutdown),
            () = tokio::time::sleep_until(until) => return None,
            order = orders.recv() => match order {
                Some(Command::Stop(reason)) => return Some(End::Stopped(reason)),
                Some(Command::Retry) => return None,
                Some(Command::Start | Command::Pair(_) | Command::Unpair) => {}
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
