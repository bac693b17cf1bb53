//! The live page: a browser, its driver and the stream of what the reader sees.

mod feed;
mod heart;
mod profiles;
mod setup;
mod wire;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use queunir_core::{act::Wish, phone::PhoneNumber};
use serde_json::json;
use tokio::sync::{mpsc, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    browser::{Browser, BrowserConfig, LaunchError, Outbox},
    driver::{Belongings, Driver, ReadingContext},
    hold::Holds,
    page::{facts::FactReport, normalise::Context, raw, structure::Structure},
    page_api::{
        ActError, Acted, Asked, ByNumber, ChatTarget, Draft, HistoryTop, MediaError, MediaTicket, Page, PageError,
        PageEvent, Priority, SendTicket,
    },
    seen::{Captured, SeenConversation, SeenList, SeenPanel},
};

/// Events that wait for the slice before the feed waits too.
const EVENTS: usize = 256;
/// How long a short job may take.
const SHORT_JOB: Duration = Duration::from_secs(15);

/// A page in a running browser.
struct LivePage {
    browser: Arc<Browser>,
    driver: Arc<Driver>,
    /// Ends the feed without a report of something unexpected.
    closing: CancellationToken,
    tracker: TaskTracker,
}

/// Starts a browser, goes to WhatsApp Web and reports from then on; the channel ends after `Gone`.
///
/// Dropping the page without [`Page::close`] ends the browser as well, but without waiting for it.
///
/// # Errors
/// [`LaunchError`]; no browser is left behind.
pub async fn launch(config: BrowserConfig) -> Result<(Arc<dyn Page>, mpsc::Receiver<PageEvent>), LaunchError> {
    let browser = Browser::start(&config).await?;
    let folder = profiles::Folder::look(config.reader_profiles.clone());
    let (events, script) = setup::prepare(&browser, &config, folder.profiles()).await?;
    let browser = Arc::new(browser);
    let (tell_world, world) = watch::channel(None);
    let (sender, receiver) = mpsc::channel(EVENTS);
    let tracker = TaskTracker::new();
    let closing = CancellationToken::new();
    let outbox = Outbox::of(&config)?;
    let holds = Holds::beside(&config.profile_dir, &config.whatsapp_url);
    let hands = Belongings { outbox, tracker: tracker.clone(), holds, number_address: setup::number_address(&config) };
    let driver = Driver::new(browser.page().clone(), world, reading_context(&config), hands);
    tracker.spawn(profiles::watch(folder, script, browser.clone(), driver.clone(), sender.clone(), closing.clone()));
    let feed = feed::Feed {
        browser: browser.clone(),
        driver: driver.clone(),
        context: reading_context(&config),
        url: setup::address(&config),
        events: sender,
        world: tell_world,
        closing: closing.clone(),
        tracker: tracker.clone(),
    };
    tracker.spawn(feed.run(events));
    Ok((Arc::new(LivePage { browser, driver, closing, tracker }), receiver))
}

/// Prepares a browser's page as [`launch`] does, for tests that look at it from inside.
///
/// # Errors
/// [`LaunchError`] when the browser refuses.
#[doc(hidden)]
pub async fn prepare_for_test(browser: &Browser, config: &BrowserConfig) -> Result<(), LaunchError> {
    setup::prepare(browser, config, &[]).await.map(drop)
}

fn reading_context(config: &BrowserConfig) -> ReadingContext {
    let (locale, time_zone) = (config.locale.clone(), config.time_zone.clone());
    Arc::new(move || Context {
        locale: locale.clone(),
        time_zone: time_zone.clone(),
        now: now(),
        own_names: Vec::new(),
        saved: None,
    })
}

#[expect(clippy::disallowed_methods, reason = "the page itself lives on the system's clock")]
fn now() -> Timestamp {
    Timestamp::now()
}

impl Drop for LivePage {
    fn drop(&mut self) {
        self.closing.cancel();
    }
}

#[async_trait]
impl Page for LivePage {
    async fn open_chat(
        &self,
        target: &ChatTarget,
        priority: Priority,
        deadline: Duration,
    ) -> Result<SeenConversation, PageError> {
        let target = target.clone();
        self.driver.run(priority, deadline, |driver| async move { driver.open(&target).await }).await
    }

    async fn open_number(
        &self,
        number: &PhoneNumber,
        priority: Priority,
        deadline: Duration,
    ) -> Result<ByNumber, PageError> {
        let number = number.clone();
        self.driver.run(priority, deadline, |driver| async move { driver.open_number(&number).await }).await
    }

    async fn leave_chat(&self) -> Result<(), PageError> {
        self.driver.run(Priority::Open, SHORT_JOB, |driver| async move { driver.leave().await }).await
    }

    async fn load_older(
        &self,
        target: &ChatTarget,
        priority: Priority,
        deadline: Duration,
    ) -> Result<SeenConversation, PageError> {
        let target = target.clone();
        self.driver.run(priority, deadline, move |driver| async move { driver.older(&target, priority).await }).await
    }

    async fn unfold(
        &self,
        target: &ChatTarget,
        priority: Priority,
        deadline: Duration,
    ) -> Result<SeenConversation, PageError> {
        let target = target.clone();
        self.driver.run(priority, deadline, move |driver| async move { driver.unfold(&target, priority).await }).await
    }

    async fn show_row(
        &self,
        target: &ChatTarget,
        key: &str,
        priority: Priority,
        deadline: Duration,
    ) -> Result<SeenConversation, PageError> {
        let (target, key) = (target.clone(), key.to_owned());
        self.driver.run(priority, deadline, |driver| async move { driver.show_row(&target, &key).await }).await
    }

    async fn history_top(&self, target: &ChatTarget) -> Result<HistoryTop, PageError> {
        self.driver.history_top(target).await
    }

    async fn ask_phone(&self, target: &ChatTarget, priority: Priority, deadline: Duration) -> Result<Asked, PageError> {
        let target = target.clone();
        let job = move |driver: Arc<Driver>| async move { driver.ask_phone(&target, priority).await };
        self.driver.run(priority, deadline, job).await
    }

    async fn read_panel(
        &self,
        target: &ChatTarget,
        all_members: bool,
        priority: Priority,
        deadline: Duration,
    ) -> Result<SeenPanel, PageError> {
        let target = target.clone();
        let job = move |driver: Arc<Driver>| async move { driver.read_panel(&target, all_members, priority).await };
        self.driver.run(priority, deadline, job).await
    }

    async fn walk_list(&self, priority: Priority, deadline: Duration) -> Result<SeenList, PageError> {
        self.driver.run(priority, deadline, move |driver| async move { driver.walk(priority).await }).await
    }

    async fn prepare(
        &self,
        target: &ChatTarget,
        draft: &Draft,
        typing: Duration,
        deadline: Duration,
    ) -> Result<Box<dyn SendTicket>, PageError> {
        let ticket = self.driver.prepare(target.clone(), draft.clone(), typing, deadline).await?;
        Ok(Box::new(ticket))
    }

    async fn act(&self, target: &ChatTarget, key: &str, wish: &Wish, deadline: Duration) -> Result<Acted, ActError> {
        self.driver.act(target, key, wish, deadline).await
    }

    async fn forward(
        &self,
        target: &ChatTarget,
        key: &str,
        to: &ChatTarget,
        deadline: Duration,
    ) -> Result<Box<dyn SendTicket>, ActError> {
        Ok(Box::new(self.driver.forward(target, key, to, deadline).await?))
    }

    async fn media(&self, target: &ChatTarget, key: &str, place: u32) -> Result<Box<dyn MediaTicket>, MediaError> {
        Ok(Box::new(self.driver.media(target, key, place).await?))
    }

    async fn picture(
        &self,
        target: &ChatTarget,
        priority: Priority,
        deadline: Duration,
    ) -> Result<Option<Captured>, PageError> {
        let target = target.clone();
        self.driver.run(priority, deadline, move |driver| async move { driver.picture(&target, priority).await }).await
    }

    async fn walk_archive(&self, priority: Priority, deadline: Duration) -> Result<SeenList, PageError> {
        self.driver.run(priority, deadline, move |driver| async move { driver.walk_archive(priority).await }).await
    }

    async fn archive_label(&self) -> Result<Option<String>, PageError> {
        self.driver.run(Priority::Fill, SHORT_JOB, |driver| async move { driver.archive_label().await }).await
    }

    async fn structure(&self) -> Result<Structure, PageError> {
        self.driver.structure().await
    }

    async fn facts(&self) -> Result<Vec<FactReport>, PageError> {
        self.driver.facts().await
    }

    async fn reload_qr(&self) -> Result<(), PageError> {
        self.driver.run(Priority::Open, SHORT_JOB, |driver| async move { driver.reload_qr().await }).await
    }

    async fn link_by_phone(&self, number: &str, deadline: Duration) -> Result<(), PageError> {
        let number = number.to_owned();
        self.driver.run(Priority::Open, deadline, |driver| async move { driver.link_by_phone(&number).await }).await
    }

    async fn use_here(&self) -> Result<(), PageError> {
        self.driver.run(Priority::Open, SHORT_JOB, |driver| async move { driver.use_here().await }).await
    }

    async fn reload(&self) -> Result<(), PageError> {
        self.driver.run(Priority::Open, SHORT_JOB, |driver| async move { driver.reload_page().await }).await
    }

    fn is_gone(&self) -> bool {
        self.browser.is_gone()
    }

    async fn close(&self) {
        self.closing.cancel();
        self.browser.close().await;
        self.tracker.close();
        if tokio::time::timeout(SHORT_JOB, self.tracker.wait()).await.is_err() {
            tracing::warn!("a job of the driver did not end with its browser");
        }
    }
}

/// Whether the reader answers at all, and what it sees.
async fn state(driver: &Driver) -> Result<raw::State, PageError> {
    driver.ask("state", json!(null)).await
}
