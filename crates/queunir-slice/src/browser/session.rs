//! One browser's life: what it sees is stored, what it shows becomes the link, orders are obeyed.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use queunir_core::{
    link::{AccountQuestion, PageState, PairingStep},
    phone::PhoneNumber,
    slice::StopReason,
};
use queunir_db::slice::{
    chats,
    link_state::{self, LinkState},
};
use queunir_whatsapp::{
    Page, PageError, PageEvent, Priority,
    drift::{Verdict, Watch},
    seen::{SeenList, SeenState},
};
use tokio::{sync::mpsc, time::Instant};

use super::{Command, End, insist::insist};
use crate::{
    app::App,
    ingest::IngestError,
    link::{Codes, Hold, Turn, is_settled},
    reading,
};

/// How many batches of codes may pass before the browser stops.
const BATCHES: u8 = 3;
/// How many codes of a link by phone number may pass before the browser stops, as with batches of QR codes.
const LINK_CODES: u8 = 3;
/// How long the page may take from a number to a code, the way there included.
const PAIR: Duration = Duration::from_secs(60);
/// How long after its start a browser may find our own last one in its place. Longer, and somebody else's window may be
/// taken for ours.
const OWN_WINDOW: Duration = Duration::from_secs(120);
/// How long codes are shown to nobody. Shorter, and a reload of the app costs a new batch; longer, and an abandoned
/// set-up keeps a browser busy.
const ALONE: Duration = Duration::from_secs(600);
/// How long the walk over the whole list may take.
const WALK: Duration = Duration::from_secs(180);
/// After this many walks that did not see the whole list, what was seen counts as the first list.
const SHORT_WALKS: u32 = 4;
/// How long a page must be read well before an earlier trouble is over. Shorter, and a page that is still drawn in an
/// unknown way is called healed at each reload; longer, and the alarm outlives its cause.
const PROBATION: Duration = Duration::from_secs(20);
/// Longest pause between two walks.
const LONGEST_WALK_PAUSE: Duration = Duration::from_secs(300);

/// One browser's life.
struct Session<'a> {
    app: &'a App,
    page: Arc<dyn Page>,
    codes: Codes,
    remembered: LinkState,
    walked: mpsc::Sender<Option<SeenList>>,
    walking: bool,
    paired: mpsc::Sender<Result<(), PageError>>,
    walk_again_at: Option<Instant>,
    short_walks: u32,
    alone_since: Option<Instant>,
    began: Instant,
    /// Our last browser went without being closed, and this one's lock proves that it is gone (CHR-04).
    after_lost: bool,
    /// The number that the page has shown of the account that is linked, or that was typed to link it.
    number: Option<String>,
    drift: Watch,
    /// When it began anew.
    drift_since: Instant,
}

/// Hears a browser and obeys orders until it ends.
pub(super) async fn attend(
    app: &App,
    page: Arc<dyn Page>,
    mut events: mpsc::Receiver<PageEvent>,
    orders: &mut mpsc::Receiver<Command>,
) -> End {
    let stop = app.life.soft();
    let (walked, mut walks) = mpsc::channel(1);
    let (paired, mut pairings) = mpsc::channel(1);
    let mut session = Session {
        app,
        page: page.clone(),
        codes: Codes::default(),
        remembered: remembered(app).await,
        walked,
        walking: false,
        paired,
        walk_again_at: None,
        short_walks: 0,
        alone_since: Some(Instant::now()),
        began: Instant::now(),
        after_lost: app.take_lost_browser(),
        number: None,
        drift: Watch::default(),
        drift_since: Instant::now(),
    };
    app.link.hold(Hold::Free, app.now());
    app.page.send_replace(Some(page.clone()));
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let end = loop {
        let step = tokio::select! {
            biased;
            () = stop.cancelled() => Some(End::Shutdown),
            order = orders.recv() => session.obey(order).await,
            walk = walks.recv() => session.walked(walk.flatten()).await,
            Some(outcome) = pairings.recv() => session.paired(&outcome),
            event = events.recv() => match event {
                Some(event) => session.hear(event).await,
                None => Some(End::Gone),
            },
            _ = tick.tick() => session.look_at_the_clock().await,
        };
        if let Some(end) = step {
            break end;
        }
    };
    app.page.send_replace(None);
    if !matches!(end, End::Gone) {
        page.close().await;
    }
    end
}

async fn remembered(app: &App) -> LinkState {
    let load = async {
        let mut tx = app.db.begin().await?;
        link_state::load(&mut tx).await
    };
    load.await.unwrap_or_else(|error| {
        tracing::warn!(%error, "what was known of the link could not be read");
        LinkState::default()
    })
}

impl Session<'_> {
    async fn obey(&mut self, order: Option<Command>) -> Option<End> {
        match order {
            None => Some(End::Shutdown),
            Some(Command::Stop(reason)) => Some(End::Stopped(reason)),
            Some(Command::Start) => None,
            Some(Command::Retry) => {
                if self.app.link.state() == PageState::QrTimeout
                    && let Err(error) = self.page.reload_qr().await
                {
                    tracing::warn!(%error, "the page's reload button was not pressed");
                }
                None
            }
            Some(Command::Part) => Some(End::Part),
            Some(Command::UseHere) => {
                self.use_here("a person says so").await;
                None
            }
            Some(Command::SameAccount) => self.same_account().await,
            Some(Command::Pair(number)) => {
                self.pair(number);
                None
            }
            Some(Command::Unpair) => {
                self.number = None;
                self.app.link.pairing(None);
                if let Err(error) = self.page.reload().await {
                    tracing::warn!(%error, "the page was not led back to its QR code");
                }
                None
            }
        }
    }

    /// Leads the page to a code for a number beside the events, which bring the code. The number is kept nowhere.
    fn pair(&mut self, number: PhoneNumber) {
        if !is_waiting(self.app.link.state()) {
            return;
        }
        self.number = Some(number.as_str().to_owned());
        self.app.link.pairing(Some(PairingStep::Typing));
        let (page, paired) = (self.page.clone(), self.paired.clone());
        self.app.life.spawn(async move {
            let outcome = page.link_by_phone(number.as_str(), PAIR).await;
            let _session_is_over = paired.send(outcome).await;
        });
    }

    fn paired(&self, outcome: &Result<(), PageError>) -> Option<End> {
        match outcome {
            Ok(()) => {}
            Err(PageError::NumberRefused) => self.app.link.pairing(Some(PairingStep::NumberRefused)),
            Err(error) => {
                tracing::warn!(%error, "the page was not led to a code for a phone number");
                self.app.link.pairing(Some(PairingStep::Failed));
            }
        }
        None
    }

    async fn hear(&mut self, event: PageEvent) -> Option<End> {
        self.app.link.certain(self.app.now());
        match event {
            PageEvent::Gone { reason } => {
                tracing::warn!(reason, "the browser is gone");
                Some(End::Gone)
            }
            PageEvent::Health(health) => {
                if health.alarm && !*self.app.reader_alarm.borrow() {
                    tracing::error!(
                        generation = health.generation,
                        rows = health.rows_seen,
                        "rows but nothing to read"
                    );
                }
                self.app.reader_alarm.send_replace(health.alarm);
                self.drift.hear(&health, self.app.now());
                None
            }
            PageEvent::Profiles { taken } => {
                tracing::info!(?taken, "reading by other profiles");
                self.watch_anew();
                None
            }
            PageEvent::State(seen) => {
                let code = self.codes.watch(&seen);
                if is_settled(seen.state) {
                    self.app.note_settled();
                }
                self.whose(&seen).await;
                let turn = self.app.link.seen(&seen, code, self.app.now());
                let end = self.turned(turn).await;
                if end.is_none() && self.app.link.held() != Hold::Free && seen.state == PageState::Linked {
                    return self.examine(false).await;
                }
                end
            }
            // What may be somebody else's is not stored.
            PageEvent::List(_) | PageEvent::Conversation(_) if self.app.link.held() != Hold::Free => None,
            PageEvent::List(list) => self.store_list(&list).await.err(),
            PageEvent::Conversation(seen) => {
                self.drift.hear_conversation(&seen, self.app.now());
                if self.app.ingest.is_known(&seen).await {
                    return None;
                }
                let app = self.app;
                match insist(app, || app.ingest.conversation(&seen)).await {
                    Ok(Some(read)) => {
                        app.set_open_chat(Some(read.chat));
                        if app.folded.hear(read.chat, &seen) {
                            app.wake_reading.notify_one();
                        }
                        app.wake_media.notify_one();
                    }
                    Ok(None) => {}
                    Err(end) => return Some(end),
                }
                None
            }
        }
    }

    /// Keeps in mind whose account the page shows, and holds everything back if that may be another one's.
    async fn whose(&mut self, seen: &SeenState) {
        match seen.state {
            PageState::Qr | PageState::QrTimeout | PageState::LoggedOut => {
                if self.app.link.now().pairing.is_none() {
                    self.number = None;
                }
                if self.remembered.was_linked && !self.remembered.relinked {
                    self.remember(LinkState { relinked: true, ..self.remembered.clone() }).await;
                }
            }
            PageState::Linked if self.remembered.relinked && self.app.link.held() == Hold::Free => {
                self.app.link.hold(Hold::Checking, self.app.now());
            }
            _ => {}
        }
        if seen.phone.is_some() && matches!(seen.state, PageState::Linked | PageState::Offline) {
            self.number.clone_from(&seen.phone);
        }
    }

    /// Compares the linked account with that of the stored data: the same goes on, another one is asked about, and so is
    /// one whose number no row shows.
    async fn examine(&mut self, walked: bool) -> Option<End> {
        let chats = i64::from(self.count_chats().await);
        let before = self.remembered.phone.clone();
        if chats == 0 || (before.is_some() && before == self.number) {
            return self.same_account().await;
        }
        if self.number.is_none() && !walked {
            self.walk();
            return None;
        }
        let question = AccountQuestion { before, now: self.number.clone(), chats };
        if self.app.link.hold(Hold::Asked(question), self.app.now()) {
            tracing::warn!("another account than before may be linked; nothing of it is stored until somebody answers");
        }
        None
    }

    /// The linked account is the tenant's: from now on everything is stored.
    async fn same_account(&mut self) -> Option<End> {
        if self.app.link.held() == Hold::Free {
            return None;
        }
        let phone = self.number.clone().or_else(|| self.remembered.phone.clone());
        self.remember(LinkState { relinked: false, phone, ..self.remembered.clone() }).await;
        if self.remembered.relinked {
            // It could not be written; the next look tries again.
            return None;
        }
        self.app.link.recall(&self.remembered);
        let from = self.app.link.state();
        self.app.link.hold(Hold::Free, self.app.now());
        self.turned(Turn { from, to: PageState::Linked }).await
    }

    /// Presses "Use here": the other window is ours, or a person decided.
    async fn use_here(&self, why: &str) {
        match self.page.use_here().await {
            Ok(()) => tracing::info!(why, "going on in this window"),
            Err(error) => tracing::warn!(%error, why, "the page did not take the press on its own window"),
        }
    }

    /// A screen replaced another.
    async fn turned(&mut self, turn: Turn) -> Option<End> {
        let app = self.app;
        if turn.from != turn.to {
            tracing::info!(from = ?turn.from, to = ?turn.to, "the page shows another screen");
            app.wake_outgoing.notify_one();
            app.wake_acts.notify_one();
            app.wake_reading.notify_one();
        }
        match turn.to {
            PageState::Linked => {
                let link = app.link.now();
                self.after_lost = false;
                self.remember(LinkState {
                    was_linked: true,
                    first_list_complete: link.first_list_complete,
                    phone: link.phone.or_else(|| self.remembered.phone.clone()),
                    relinked: false,
                })
                .await;
                if turn.from != PageState::Linked {
                    self.watch_anew();
                    if let Err(error) = reading::forgive(app).await {
                        tracing::warn!(%error, "what was not read keeps its pause");
                    }
                    self.walk();
                }
            }
            // The lock on the profile is ours, and with it went the last browser; nobody else has these keys.
            PageState::Conflict if std::mem::take(&mut self.after_lost) && self.began.elapsed() < OWN_WINDOW => {
                self.use_here("the other window is our last browser, which is gone").await;
            }
            // `was_linked` stays until somebody scans again: it says why there is a code.
            PageState::Qr if self.remembered.first_list_complete => {
                let forgotten = LinkState { first_list_complete: false, ..self.remembered.clone() };
                self.remember(forgotten).await;
            }
            PageState::Pairing if app.link.now().pairing.is_some_and(|pairing| pairing.number > LINK_CODES) => {
                return Some(End::Stopped(self.unscanned()));
            }
            PageState::QrTimeout if self.codes.batches() >= BATCHES => return Some(End::Stopped(self.unscanned())),
            _ => {}
        }
        None
    }

    /// Why codes that nobody scans end the browser.
    fn unscanned(&self) -> StopReason {
        if self.remembered.was_linked { StopReason::LoggedOut } else { StopReason::QrTimeout }
    }

    async fn remember(&mut self, state: LinkState) {
        if state == self.remembered {
            return;
        }
        let app = self.app;
        let save = async {
            let mut tx = app.db.begin().await?;
            link_state::save(&mut tx, &state, app.spec.generation).await?;
            tx.commit().await
        };
        match save.await {
            Ok(()) => self.remembered = state,
            Err(error) => tracing::warn!(%error, "what is known of the link could not be written"),
        }
    }

    /// Reads the whole list beside the events, so that nothing waits for it.
    fn walk(&mut self) {
        if std::mem::replace(&mut self.walking, true) {
            return;
        }
        let (page, walked) = (self.page.clone(), self.walked.clone());
        self.app.life.spawn(async move {
            let list = page.walk_list(Priority::Fill, WALK).await;
            if let Err(error) = &list {
                tracing::info!(%error, "the chat list was not read to its end");
            }
            let _session_is_over = walked.send(list.ok()).await;
        });
    }

    async fn walked(&mut self, list: Option<SeenList>) -> Option<End> {
        self.walking = false;
        if self.app.link.held() != Hold::Free {
            return self.examine(true).await;
        }
        let seen_any = list.as_ref().is_some_and(|list| !list.rows.is_empty());
        let mut complete = list.as_ref().is_some_and(|list| list.complete);
        if let Some(list) = list
            && let Err(end) = self.store_list(&list).await
        {
            return Some(end);
        }
        if !complete {
            self.short_walks += 1;
            let pause = Duration::from_secs(2).saturating_mul(1 << self.short_walks.min(8)).min(LONGEST_WALK_PAUSE);
            self.walk_again_at = Some(Instant::now() + pause);
            // A page that never shows its whole list must not keep the user waiting for ever.
            complete = seen_any && self.short_walks >= SHORT_WALKS;
            if complete {
                tracing::warn!("the list was never seen complete; going on with what there is");
            }
        } else {
            self.short_walks = 0;
        }
        if !complete {
            return None;
        }
        let link = self.app.link.now();
        if link.state == PageState::Linked && !link.first_list_complete {
            self.app.link.first_list_complete(self.count_chats().await);
            let first = LinkState { was_linked: true, first_list_complete: true, phone: link.phone, relinked: false };
            self.remember(first).await;
        }
        self.app.wake_reading.notify_one();
        None
    }

    async fn store_list(&mut self, list: &SeenList) -> Result<(), End> {
        let app = self.app;
        let open = app.heard_chat();
        let read = insist(app, || app.ingest.list(list, open)).await?;
        if let Some(read) = read.flatten() {
            if !app.link.now().first_list_complete {
                app.link.found(self.count_chats().await);
            }
            if read.to_read {
                app.wake_reading.notify_one();
            }
        }
        Ok(())
    }

    async fn count_chats(&self) -> u32 {
        let count = async {
            let mut tx = self.app.db.begin().await?;
            chats::count(&mut tx).await
        };
        count.await.ok().and_then(|count| u32::try_from(count).ok()).unwrap_or(0)
    }

    /// Begins to watch the reader's health anew, because what it said before is void.
    fn watch_anew(&mut self) {
        self.drift = Watch::default();
        self.drift_since = Instant::now();
    }

    /// What was stored in part since a moment is read again, when its chat's turn comes.
    async fn read_again(&self, since: Timestamp) -> Result<(), IngestError> {
        let (turn, mut batch) = self.app.ingest.begin().await?;
        let chats = chats::read_again(&mut batch.tx, since, batch.now).await?;
        self.app.ingest.finish(batch).await?;
        drop(turn);
        if chats > 0 {
            tracing::info!(chats, "chats that were read in part are read again");
            self.app.wake_reading.notify_one();
        }
        Ok(())
    }

    /// Says how well the page is read, if that has changed.
    async fn judge_reader(&self) {
        let now = self.app.now();
        let verdict = self.drift.verdict(now);
        let before = self.app.link.now().reader;
        // What was wrong before another document or profile counts until this one has had its time.
        if verdict.is_well() && (before.is_none() || self.drift_since.elapsed() < PROBATION) {
            return;
        }
        if !self.app.link.reader(&verdict, now) {
            return;
        }
        if verdict.is_well() {
            tracing::info!("everything on the page is found again");
            if let Some(trouble) = before
                && let Err(error) = self.read_again(trouble.since).await
            {
                tracing::warn!(%error, "what was read in part was not marked to be read again");
            }
        } else {
            let Verdict { dead, unreadable } = &verdict;
            tracing::error!(?dead, ?unreadable, "the page is not drawn as it was");
            let (app, page) = (self.app.clone(), self.page.clone());
            self.app.life.spawn(async move { app.records.take(page.as_ref(), &verdict, now).await });
        }
    }

    /// Codes that nobody looks at for ten minutes end the browser, and so does a full disk while it can end well.
    async fn look_at_the_clock(&mut self) -> Option<End> {
        if self.app.storage.is_short() {
            return Some(End::NoRoom);
        }
        self.judge_reader().await;
        let now = Instant::now();
        let state = self.app.link.state();
        if state == PageState::Linked && self.walk_again_at.is_some_and(|at| at <= now) {
            self.walk_again_at = None;
            self.walk();
        }
        if *self.app.streams.borrow() > 0 || !(is_waiting(state) || state == PageState::LoggedOut) {
            self.alone_since = None;
            return None;
        }
        let since = *self.alone_since.get_or_insert(now);
        (now.duration_since(since) >= ALONE).then(|| End::Stopped(self.unscanned()))
    }
}

/// Whether the page waits for a phone.
pub(crate) fn is_waiting(state: PageState) -> bool {
    matches!(state, PageState::Qr | PageState::QrTimeout | PageState::Pairing)
}
