//! One browser's life: what it sees is stored, what it shows becomes the link, orders are obeyed.

use std::{sync::Arc, time::Duration};

use queunir_core::{
    link::{PageState, PairingStep},
    phone::PhoneNumber,
    slice::StopReason,
};
use queunir_db::slice::link_state::LinkState;
use queunir_whatsapp::{Page, PageError, PageEvent, drift::Watch, seen::SeenList};
use tokio::{sync::mpsc, time::Instant};

use super::{Command, End, account::remembered, insist::insist};
use crate::{
    app::App,
    collection,
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

/// One browser's life.
pub(super) struct Session<'a> {
    pub(super) app: &'a App,
    pub(super) page: Arc<dyn Page>,
    pub(super) codes: Codes,
    pub(super) remembered: LinkState,
    pub(super) walked: mpsc::Sender<Option<SeenList>>,
    pub(super) walking: bool,
    pub(super) paired: mpsc::Sender<Result<(), PageError>>,
    pub(super) walk_again_at: Option<Instant>,
    pub(super) short_walks: u32,
    pub(super) alone_since: Option<Instant>,
    pub(super) began: Instant,
    /// Our last browser went without being closed, and this one's lock proves that it is gone (CHR-04).
    pub(super) after_lost: bool,
    /// The number that the page has shown of the account that is linked, or that was typed to link it.
    pub(super) number: Option<String>,
    pub(super) drift: Watch,
    /// When it began anew.
    pub(super) drift_since: Instant,
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
                        collection::heard(app, &read);
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

    /// Presses "Use here": the other window is ours, or a person decided.
    async fn use_here(&self, why: &str) {
        match self.page.use_here().await {
            Ok(()) => tracing::info!(why, "going on in this window"),
            Err(error) => tracing::warn!(%error, why, "the page did not take the press on its own window"),
        }
    }

    /// A screen replaced another.
    pub(super) async fn turned(&mut self, turn: Turn) -> Option<End> {
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
