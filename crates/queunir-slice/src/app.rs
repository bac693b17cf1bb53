//! What every part of a slice shares: the store, the link, the page, and the hints that wake the loops.

use std::{
    ops::Deref,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use jiff::Timestamp;
use queunir_core::{
    id::ChatId,
    link::ReadingMode,
    slice::SliceSpec,
    time::{SharedClock, Steps},
};
use queunir_db::{
    DbError,
    slice::{SliceDb, chats::StoredChat, link_state, partings, settings},
};
use queunir_service::{lifecycle::Lifecycle, storage::Gauge};
use queunir_whatsapp::{ChatTarget, Page, hold::Holds};
use tokio::sync::{Notify, mpsc, watch};

use crate::{
    browser::Command,
    collection::{self, Collecting},
    folded::Folded,
    ingest::Ingest,
    link::LinkCell,
    media::{Files, folder::Folder, thumbnail},
    new_chats::NewChats,
    past::activity::ActivityCell,
    people::{AllMembers, Quiet},
    presence::Presence,
    reading::Turns,
    records::Records,
    restored::Mark,
    viewers::Viewers,
    vitals::Vitals,
    wake::EventWake,
};

/// Name of the setting that holds the reading mode.
pub const READING_MODE: &str = "reading_mode";

/// One tenant's slice; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// What the parts of a slice share.
pub struct Shared {
    /// The tenant's database.
    pub db: SliceDb,
    /// What this slice was started from.
    pub spec: SliceSpec,
    /// The time.
    pub clock: SharedClock,
    /// When somebody sets it.
    pub steps: Steps,
    /// Where a test holds a send.
    pub holds: Holds,
    /// Held while moments are moved.
    pub following: tokio::sync::Mutex<()>,
    /// The writer of messages.
    pub ingest: Ingest,
    /// The link to WhatsApp.
    pub link: LinkCell,
    /// The page, while a browser runs.
    pub page: watch::Sender<Option<Arc<dyn Page>>>,
    /// Who looks at which chat.
    pub viewers: Viewers,
    /// Texts that are shown in part.
    pub folded: Folded,
    /// What of the past is being read.
    pub activity: ActivityCell,
    /// Chats that are begun by their numbers.
    pub new_chats: NewChats,
    /// Whose turn it is to be read.
    pub turns: Turns,
    /// Since when nothing was to be read.
    pub quiet: Quiet,
    /// Groups of which all members are wanted.
    pub all_members: AllMembers,
    /// Collecting the past of conversations.
    pub collection: Collecting,
    /// Who works in the app.
    pub presence: Presence,
    /// Open event streams: somebody is there.
    pub streams: watch::Sender<usize>,
    /// New events are stored.
    pub wake: EventWake,
    /// Something may be ready to be sent.
    pub wake_outgoing: Notify,
    /// Something may be to be done to a message.
    pub wake_acts: Notify,
    /// Held by whoever sends: a message or a forward.
    pub sending: tokio::sync::Mutex<()>,
    /// Something may be ready to be read.
    pub wake_reading: Notify,
    /// Something may be ready to be fetched.
    pub wake_media: Notify,
    /// Files of messages.
    pub files: Files,
    /// What the page was built of when it was not known any more.
    pub records: Records,
    /// How far the store had come at the latest press.
    pub mark: Mark,
    /// Orders to the browser's keeper.
    pub commands: mpsc::Sender<Command>,
    /// What the monitor is told.
    pub vitals: Vitals,
    /// The disk of the browser's profile, and what of it the tenant may use.
    pub storage: Gauge,
    /// Stop signals and tasks.
    pub life: Lifecycle,
    /// Whether the reader sees rows and reads nothing.
    pub reader_alarm: watch::Sender<bool>,
    open: Mutex<Option<ChatId>>,
    /// How many tasks lead the page to another chat.
    ways: AtomicUsize,
    /// Ending or erasing was asked for and is not done.
    parting: AtomicBool,
    /// The browser of now came to a screen on which something can be done.
    settled: AtomicBool,
    /// Our last browser went without being closed; WhatsApp may still take it for the one in use.
    lost_browser: AtomicBool,
    mode: watch::Sender<ReadingMode>,
}

impl Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// Puts a slice together from its store; the receiver is for the browser's keeper.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn assemble(
        spec: SliceSpec,
        db: SliceDb,
        clock: SharedClock,
        life: Lifecycle,
        thumbnails: thumbnail::Step,
    ) -> Result<(Self, mpsc::Receiver<Command>), DbError> {
        let mut tx = db.begin().await?;
        let remembered = link_state::load(&mut tx).await?;
        let parting = partings::latest(&mut tx).await?;
        let chosen = settings::find(&mut tx, READING_MODE).await?;
        tx.commit().await?;
        let chosen: Option<ReadingMode> =
            chosen.and_then(|value| serde_json::from_value(value).ok()).or(spec.reading_mode);
        let (commands, orders) = mpsc::channel(32);
        let wake = EventWake::default();
        let app = Self(Arc::new(Shared {
            ingest: Ingest::new(db.clone(), spec.generation, clock.clone(), wake.clone()),
            link: LinkCell::new(&remembered, chosen, clock.now()),
            db,
            steps: Steps::of(&clock),
            holds: Holds::beside(&spec.profile_dir, &spec.whatsapp_url),
            following: tokio::sync::Mutex::default(),
            clock,
            page: watch::Sender::new(None),
            viewers: Viewers::default(),
            folded: Folded::default(),
            activity: ActivityCell::default(),
            new_chats: NewChats::default(),
            turns: Turns::default(),
            quiet: Quiet::default(),
            all_members: AllMembers::default(),
            collection: Collecting::default(),
            presence: Presence::default(),
            streams: watch::Sender::new(0),
            wake,
            wake_outgoing: Notify::new(),
            wake_acts: Notify::new(),
            sending: tokio::sync::Mutex::default(),
            wake_reading: Notify::new(),
            wake_media: Notify::new(),
            files: Files::new(Folder::new(&spec.media_dir), thumbnails),
            records: Records::new(&spec.records_dir),
            mark: Mark::of(&spec),
            commands,
            vitals: Vitals::default(),
            storage: Gauge::with_quota(&spec.profile_dir, spec.disk_quota_bytes),
            life,
            reader_alarm: watch::Sender::new(false),
            open: Mutex::new(None),
            ways: AtomicUsize::new(0),
            parting: AtomicBool::new(parting.as_ref().is_some_and(|asked| asked.parting.ended_at.is_none())),
            settled: AtomicBool::new(false),
            lost_browser: AtomicBool::new(false),
            // Nobody was asked yet: opening nothing is the choice that betrays nothing.
            mode: watch::Sender::new(chosen.unwrap_or(ReadingMode::OnOpen)),
            spec,
        }));
        if !remembered.was_linked {
            app.link.parting(parting.map(|asked| asked.parting));
        }
        collection::recall(&app.collection, &app.db).await?;
        Ok((app, orders))
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether chats may be opened that nobody looks at.
    #[must_use]
    pub fn mode(&self) -> ReadingMode {
        *self.mode.borrow()
    }

    /// The user's choice.
    pub fn set_mode(&self, mode: ReadingMode) {
        self.mode.send_replace(mode);
        self.link.reading_mode(mode);
        self.wake_reading.notify_one();
    }

    /// The page, while a browser runs.
    #[must_use]
    pub fn page(&self) -> Option<Arc<dyn Page>> {
        self.page.borrow().clone().filter(|page| !page.is_gone())
    }

    /// The chat that is open in the page, as far as we know.
    #[must_use]
    pub fn open_chat(&self) -> Option<ChatId> {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The chat whose rows come by themselves: the open one, unless the page may be on its way to another.
    #[must_use]
    pub fn heard_chat(&self) -> Option<ChatId> {
        if self.ways.load(Ordering::SeqCst) > 0 { None } else { self.open_chat() }
    }

    /// Says that the page may leave the open chat at any moment, until what is answered is dropped.
    #[must_use]
    pub fn on_the_way(&self) -> OnTheWay {
        self.ways.fetch_add(1, Ordering::SeqCst);
        OnTheWay(self.clone())
    }

    /// Whether ending or erasing was asked for and is not done.
    #[must_use]
    pub fn is_parting(&self) -> bool {
        self.parting.load(Ordering::SeqCst)
    }

    /// Ending or erasing was asked for, or is done.
    pub fn set_parting(&self, parting: bool) {
        self.parting.store(parting, Ordering::SeqCst);
    }

    /// The browser of now came to a screen on which something can be done.
    pub fn note_settled(&self) {
        self.settled.store(true, Ordering::SeqCst);
    }

    /// Whether the last browser came to a screen; says so once.
    #[must_use]
    pub fn take_settled(&self) -> bool {
        self.settled.swap(false, Ordering::SeqCst)
    }

    /// Notes whether our last browser went without being closed.
    pub fn note_lost_browser(&self, lost: bool) {
        self.lost_browser.store(lost, Ordering::SeqCst);
    }

    /// Whether our last browser went without being closed; says so once.
    #[must_use]
    pub fn take_lost_browser(&self) -> bool {
        self.lost_browser.swap(false, Ordering::SeqCst)
    }

    /// Notes which chat is open in the page.
    pub fn set_open_chat(&self, chat: Option<ChatId>) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = chat;
    }
}

/// See [`App::on_the_way`].
pub struct OnTheWay(App);

impl Drop for OnTheWay {
    fn drop(&mut self) {
        self.0.ways.fetch_sub(1, Ordering::SeqCst);
    }
}

/// How the driver finds a chat.
#[must_use]
pub fn target(chat: &StoredChat) -> ChatTarget {
    ChatTarget {
        title: chat.title.clone(),
        phone: chat.phone.clone(),
        unlisted: is_unlisted(chat),
        archived: chat.archived,
    }
}

/// Whether a chat was begun by its number and the list has never had it.
#[must_use]
pub fn is_unlisted(chat: &StoredChat) -> bool {
    chat.rank.is_none() && chat.preview.is_none() && chat.phone.is_some() && !chat.archived
}
