//! Everything that is alive: the world, its journal, the pages and what is due, behind one lock.
//!
//! One lock makes one order: what a page is told comes in the order in which it happened. A change is written to the
//! journal first, then applied, then told.

mod acts;
mod ask;
mod attach;
mod disturb;
mod due;
mod happen;
mod incoming;
mod linking;
mod look;
mod pages;
mod talk;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, broadcast, mpsc};
use utoipa::ToSchema;

use crate::chance::Chance;
use crate::clock::{Factored, now_ms};
use crate::journal::{Journal, JournalError};
use crate::wire::{ChatRow, ToPage};
use crate::world::{Change, World};

pub use attach::Attach;
pub use disturb::{Banner, Dialog, Disturbance};
pub use due::Lag;
pub use incoming::Incoming;
pub use linking::{Code, ScanRequest};
pub use look::Look;
pub use pages::PageId;

/// Why something asked of the simulator was not done.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// Nothing by that name.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The request makes no sense.
    #[error("{0}")]
    Refused(&'static str),
    /// The code on the phone is not on any screen any more.
    #[error("this code is not on a screen any more")]
    CodeExpired,
    /// The change could not be made durable, so it was not made.
    #[error("the change could not be written")]
    Journal(#[from] JournalError),
    /// The simulator is ending.
    #[error("the simulator is ending")]
    Ending,
}

/// What goes wrong on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Trouble {
    /// The customer gets the message, the page shows a failure.
    pub send_delivered_but_error: bool,
    /// The page submits, the server never takes it: the clock stays.
    pub send_never_delivered: bool,
    /// The server gives a submitted message another key than the page drew it with.
    pub rekey: bool,
    /// Pictures, sounds and documents never arrive.
    pub media_never: bool,
    /// Files that pages want to send are refused.
    pub uploads_refused: bool,
    /// A chat that is opened never shows its messages.
    pub rows_never_load: bool,
    /// Older messages are on the phone only; the page offers a button.
    pub older_on_phone: bool,
    /// The phone does not give them.
    pub older_refused: bool,
    /// Unknown numbers in the page's address have no account.
    pub numbers_absent: bool,
    /// Unknown Brazilian mobile numbers have their account without the ninth digit, and the page's address leads to it
    /// with the digit too.
    pub ninth_digit_follows: bool,
    /// The same, but with the digit the page says that nobody has the number.
    pub ninth_digit_absent: bool,
    /// What is done through the menu of a message is done, and the page is told that it failed.
    pub act_done_but_error: bool,
    /// What is done through the menu of a message never reaches the server, and the page hears nothing.
    pub act_never_delivered: bool,
    /// The sync bar stops at this percentage.
    pub sync_stuck_at: Option<u8>,
    /// Every frame to a page arrives this much later (divided by the speed).
    pub slow_ms: u64,
}

/// A frame on its way to a page, not to be written before its time.
#[derive(Debug)]
pub struct Frame {
    /// The JSON.
    pub text: String,
    /// When it may be written.
    pub not_before: Option<Instant>,
}

/// What the phone page is told to look at again.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum PhoneEvent {
    /// Codes on screens or linked devices changed.
    Devices,
    /// A conversation changed.
    Chat {
        /// Account id.
        account: String,
        /// Chat id.
        chat: String,
    },
    /// The seller is typing, or stopped.
    Typing {
        /// Account id.
        account: String,
        /// Chat id.
        chat: String,
        /// Whether.
        on: bool,
    },
    /// Anything may have changed.
    Everything,
}

/// The simulator's heart.
#[derive(Debug)]
pub struct Hub {
    inner: Mutex<Inner>,
    wake: Notify,
    watchers: broadcast::Sender<PhoneEvent>,
}

/// What the lock protects.
#[derive(Debug)]
pub struct Inner {
    /// The state.
    pub world: World,
    /// What goes wrong on purpose.
    pub trouble: Trouble,
    /// What the page looks like.
    pub look: Look,
    /// The clock of everything that is waited for.
    pub clock: Factored,
    /// Language of pages that say none and belong to nobody yet.
    pub locale: String,
    journal: Option<Journal>,
    retired: bool,
    uploads: Vec<(String, Vec<u8>)>,
    chance: Chance,
    pages: BTreeMap<PageId, pages::Page>,
    next_page: PageId,
    due: due::Due,
    lags: VecDeque<f64>,
    started: Instant,
    watchers: broadcast::Sender<PhoneEvent>,
}

impl Hub {
    /// Puts a world to life; unfinished deliveries of an earlier run go on.
    #[must_use]
    pub fn new(world: World, journal: Option<Journal>, speed: f64, locale: String) -> Self {
        let (watchers, _) = broadcast::channel(1024);
        let mut inner = Inner {
            world: World::default(),
            trouble: Trouble::default(),
            look: Look::default(),
            uploads: Vec::new(),
            clock: Factored::new(speed),
            locale,
            journal,
            retired: false,
            chance: Chance::live(),
            pages: BTreeMap::new(),
            next_page: 1,
            due: due::Due::default(),
            lags: VecDeque::new(),
            started: Instant::now(),
            watchers: watchers.clone(),
        };
        inner.world = world;
        inner.resume_deliveries();
        inner.resume_pins();
        Self { inner: Mutex::new(inner), wake: Notify::new(), watchers }
    }

    /// Reads or changes under the lock, then lets the scheduler look at what is due.
    pub fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        let result = work(&mut self.lock());
        self.wake.notify_one();
        result
    }

    /// What the phone page listens to.
    #[must_use]
    pub fn watch(&self) -> broadcast::Receiver<PhoneEvent> {
        self.watchers.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Writes changes to the journal and applies them.
    fn commit(&mut self, changes: Vec<Change>) -> Result<(), SimError> {
        if self.retired {
            return Err(SimError::Ending);
        }
        if let Some(journal) = &mut self.journal {
            journal.append(&changes)?;
        }
        for change in changes {
            self.world.apply(change);
        }
        Ok(())
    }

    /// Closes the journal; nothing changes any more, so that a successor may open it.
    pub fn retire(&mut self) {
        self.retired = true;
        self.journal = None;
    }

    /// Adds an account; its id must be new.
    pub fn add_account(&mut self, account: crate::world::Account) -> Result<(), SimError> {
        if self.world.accounts.contains_key(&account.id) {
            return Err(SimError::Refused("an account with this id exists"));
        }
        self.commit(vec![Change::AccountAdded { account: Box::new(account) }])?;
        self.tell_phone(PhoneEvent::Everything);
        Ok(())
    }

    /// Changes the speed and tells the pages.
    pub fn set_speed(&mut self, speed: f64) {
        self.clock.set_speed(speed);
        let speed = self.clock.speed();
        for (id, _) in self.pages.iter().filter(|(_, page)| page.greeted) {
            self.push(*id, &ToPage::Speed { speed });
        }
    }

    /// Seconds since the start.
    #[must_use]
    pub fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    /// How many pages are connected.
    #[must_use]
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }

    fn tell_phone(&self, event: PhoneEvent) {
        // Without a phone page nobody listens, which is no error.
        drop(self.watchers.send(event));
    }

    fn push(&self, page: PageId, frame: &ToPage) {
        self.push_after(page, frame, 0.0);
    }

    /// Sends a frame that life would take some factored milliseconds to answer.
    fn push_after(&self, page: PageId, frame: &ToPage, delay_ms: f64) {
        if let Ok(text) = serde_json::to_string(frame) {
            self.write(page, text, delay_ms);
        }
    }

    fn push_account(&self, account: &str, frame: &ToPage) {
        let Ok(text) = serde_json::to_string(frame) else { return };
        for id in self.live_pages(account) {
            self.write(id, text.clone(), 0.0);
        }
    }

    fn write(&self, page: PageId, text: String, delay_ms: f64) {
        let Some(page) = self.pages.get(&page).filter(|page| !page.away) else { return };
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of delay are small")]
        let delay = self.clock.real(delay_ms + self.trouble.slow_ms as f64);
        let not_before = (!delay.is_zero()).then(|| Instant::now() + delay);
        // A closed page is removed by its own task.
        drop(page.outbox.send(Frame { text, not_before }));
    }

    fn push_row(&self, account: &str, chat: &str) {
        if let Some(row) = self.world.chat(account, chat).map(ChatRow::of) {
            self.push_account(account, &ToPage::Chat { chat: Box::new(row) });
        }
        self.tell_phone(PhoneEvent::Chat { account: account.to_owned(), chat: chat.to_owned() });
    }

    fn live_pages(&self, account: &str) -> Vec<PageId> {
        let live = |page: &pages::Page| page.ready && page.live && page.account() == Some(account);
        self.pages.iter().filter(|(_, page)| live(page)).map(|(id, _)| *id).collect()
    }

    fn now(&self) -> i64 {
        now_ms()
    }
}

/// The sending half of a page's socket.
pub type Outbox = mpsc::UnboundedSender<Frame>;
