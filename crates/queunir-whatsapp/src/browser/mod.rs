//! Starts Chromium on one profile and ends it in order; never a TCP port, never without its sandbox (CHR-01, CHR-04, CHR-05).

mod flags;
mod identity;
mod outbox;
mod process;
mod profile;

use std::{
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use queunir_core::slice::{Engine, SliceSpec};
use serde::Deserialize;
use serde_json::json;

pub use self::identity::Identity;
pub(crate) use self::outbox::{HandedOver, Outbox};
use self::{process::Process, profile::ProfileLock};
use crate::cdp::{CdpError, Client, Session};

/// How long a browser may take until it answers the first call.
const START: Duration = Duration::from_secs(30);
/// How long one ordinary call may take.
const CALL: Duration = Duration::from_secs(10);
/// How long a clean end may take after `Browser.close`.
const CLEAN_END: Duration = Duration::from_secs(30);
/// How long it may take after TERM, before KILL.
const AFTER_TERM: Duration = Duration::from_secs(15);

/// How many browsers of this process had to be killed; not one of them may be part of a normal stop.
static KILLS: AtomicU64 = AtomicU64::new(0);

/// What a browser is started from.
#[derive(Clone, Debug)]
pub struct BrowserConfig {
    /// Which Chromium.
    pub engine: Engine,
    /// User-data directory; created if absent. The caller has checked the fence generation.
    pub profile_dir: PathBuf,
    /// Address to show.
    pub whatsapp_url: String,
    /// Language of the page, as in `pt-BR`.
    pub locale: String,
    /// IANA zone of the page.
    pub time_zone: String,
    /// Folder of reader profiles that are used besides those built in, from when they are put there; none if absent.
    pub reader_profiles: Option<PathBuf>,
    /// Whether the language is also put into the address as `?locale=pt_BR`, so that dates are read in a known order.
    pub locale_in_url: bool,
    /// Run the browser under this uid and gid; for tests that run as root. The product leaves it empty.
    pub as_user: Option<u32>,
    /// Reach no address at all, for pages that are not WhatsApp's; the product leaves it off.
    pub offline: bool,
}

impl From<&SliceSpec> for BrowserConfig {
    fn from(spec: &SliceSpec) -> Self {
        Self {
            engine: spec.engine,
            profile_dir: spec.profile_dir.clone(),
            whatsapp_url: spec.whatsapp_url.clone(),
            locale: spec.locale.clone(),
            time_zone: spec.time_zone.clone(),
            reader_profiles: Some(spec.reader_profiles.clone()),
            locale_in_url: true,
            as_user: None,
            offline: false,
        }
    }
}

/// Why no browser came up; the profile is untouched or intact.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// Another process of ours holds the profile.
    #[error("the profile is in use by another slice process")]
    ProfileInUse,
    /// Something of the file system.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        source: std::io::Error,
    },
    /// Chromium is not installed.
    #[error("{0} is not installed")]
    NotInstalled(&'static str),
    /// It started and ended, or did not answer.
    #[error("the browser did not start: {0}")]
    Start(String),
}

impl From<CdpError> for LaunchError {
    fn from(error: CdpError) -> Self {
        Self::Start(error.to_string())
    }
}

/// A running browser with one page; its profile is locked as long as it lives.
pub struct Browser {
    client: Client,
    process: Process,
    page: Session,
    identity: Identity,
    /// Let go when the process has ended.
    lock: Mutex<Option<ProfileLock>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Targets {
    target_infos: Vec<Target>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    target_id: String,
    r#type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attached {
    session_id: String,
}

impl Browser {
    /// Locks the profile, starts Chromium on it and attaches to its one page.
    ///
    /// # Errors
    /// [`LaunchError`]; the browser, if it started, is ended.
    pub async fn start(config: &BrowserConfig) -> Result<Self, LaunchError> {
        let binary = flags::binary(config.engine)?;
        let identity = Identity::of(&binary).await?;
        let lock = ProfileLock::take(&config.profile_dir, config.as_user).await?;
        lock.remove_singletons()?;
        let arguments = flags::arguments(config, &identity);
        let (process, client) = Process::start(&binary, &arguments, config, &lock)?;
        let page = tokio::select! {
            () = process.exited() => Err(LaunchError::Start(process.last_words())),
            page = tokio::time::timeout(START, attach(&client)) => {
                page.unwrap_or_else(|_| Err(LaunchError::Start("no answer".into())))
            }
        }?;
        let mut browser = Self { client, process, page, identity, lock: Mutex::new(Some(lock)) };
        // The lighter engine has no page of its own that could tell.
        if config.engine == Engine::Chromium {
            browser.identity.learn_brands(&browser.page).await?;
        }
        Ok(browser)
    }

    /// The session of its one page.
    #[must_use]
    pub fn page(&self) -> &Session {
        &self.page
    }

    /// What it says of itself.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Process id, for tests and the log.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Ends when the process has ended or its pipe is closed.
    pub async fn gone(&self) {
        tokio::select! {
            () = self.process.exited() => {}
            () = self.client.dead() => {}
        }
    }

    /// Whether its pipe is closed.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        !self.client.is_alive()
    }

    /// Why it ended, for the log.
    #[must_use]
    pub fn last_words(&self) -> String {
        self.process.last_words()
    }

    /// Ends it in order: `Browser.close`, TERM after 30 s, KILL after 45 s; then lets go of the profile, in which it is
    /// noted if the browser ended by itself.
    pub async fn close(&self) {
        self.end().await;
        let lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(lock) = lock.filter(|_| self.process.ended_in_order()) {
            lock.note_clean_end();
        }
    }

    async fn end(&self) {
        let asked: Result<serde_json::Value, _> =
            self.client.browser().call("Browser.close", json!({}), Duration::from_secs(5)).await;
        if let Err(error) = asked {
            tracing::debug!(%error, "the browser did not confirm its end");
        }
        if tokio::time::timeout(CLEAN_END, self.process.exited()).await.is_ok() {
            return;
        }
        tracing::warn!("the browser did not end by itself, sending TERM");
        self.process.terminate();
        if tokio::time::timeout(AFTER_TERM, self.process.exited()).await.is_ok() {
            return;
        }
        let kills = KILLS.fetch_add(1, Ordering::Relaxed) + 1;
        tracing::error!(kills, "the browser had to be killed; its session may be lost");
        self.process.kill();
        self.process.exited().await;
    }
}

/// Deletes a profile with everything in it. Only what a person asked for may call this (CHR-06).
///
/// # Errors
/// [`LaunchError::ProfileInUse`] while a browser runs on it, else what the disk refuses; then part of it is left, and
/// another call goes on.
pub async fn remove_profile(config: &BrowserConfig) -> Result<(), LaunchError> {
    let lock = ProfileLock::take(&config.profile_dir, config.as_user).await?;
    lock.remove_everything(config.as_user)
}

/// How many browsers of this process had to be killed.
#[must_use]
pub fn kills() -> u64 {
    KILLS.load(Ordering::Relaxed)
}

async fn attach(client: &Client) -> Result<Session, LaunchError> {
    let browser = client.browser();
    loop {
        let targets: Targets = browser.call("Target.getTargets", json!({}), START).await?;
        let Some(target) = targets.target_infos.into_iter().find(|t| t.r#type == "page") else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let params = json!({"targetId": target.target_id, "flatten": true});
        let attached: Attached = browser.call("Target.attachToTarget", params, CALL).await?;
        return Ok(client.session(&attached.session_id));
    }
}
