//! Calls, answers and events over one pipe.
//!
//! A pending call ends in exactly one of these ways: its answer, its time-out, the end of its session
//! (`Inspector.targetCrashed`, `Target.detachedFromTarget`), or the end of the pipe.

use std::{
    collections::{HashMap, HashSet},
    os::fd::OwnedFd,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::unix::pipe,
    sync::{mpsc, oneshot},
};
use tokio_util::sync::CancellationToken;

use super::{
    CdpError,
    wire::{Command, Detached, Incoming, Refusal},
};

/// Longest message taken from the browser; a longer one ends the connection.
const MAX_MESSAGE: u64 = 128 << 20;
/// Events kept for a subscriber that does not keep up; later ones are dropped and `lagged` is set.
const EVENT_QUEUE: usize = 512;

type Answer = Result<Box<RawValue>, Failure>;

enum Failure {
    Refused(Refusal),
    SessionGone(&'static str),
}

struct Pending {
    session: Option<String>,
    answer: oneshot::Sender<Answer>,
}

struct Subscriber {
    session: Option<String>,
    methods: &'static [&'static str],
    queue: mpsc::Sender<Event>,
    lagged: Arc<AtomicBool>,
}

#[derive(Default)]
struct State {
    dead: bool,
    pending: HashMap<u64, Pending>,
    crashed: HashSet<String>,
    detached: HashSet<String>,
    subscribers: Vec<Subscriber>,
}

struct Inner {
    next: AtomicU64,
    state: Mutex<State>,
    outgoing: mpsc::UnboundedSender<Vec<u8>>,
    dead: CancellationToken,
}

/// One browser connection; cheap to clone.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

/// One attached target, or the browser itself.
#[derive(Clone)]
pub struct Session {
    client: Client,
    id: Option<Arc<str>>,
}

/// Something the browser reported.
#[derive(Debug)]
pub struct Event {
    /// As in `Page.frameNavigated`.
    pub method: String,
    params: Option<Box<RawValue>>,
}

/// A stream of events; ends when the browser is gone.
pub struct Events {
    queue: mpsc::Receiver<Event>,
    lagged: Arc<AtomicBool>,
}

impl Event {
    /// The event's parameters; absent when they have another shape.
    #[must_use]
    pub fn params<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.params.as_ref()?.get()).ok()
    }
}

impl Events {
    /// The next event; `None` when the browser is gone.
    pub async fn next(&mut self) -> Option<Event> {
        self.queue.recv().await
    }

    /// Whether events were dropped since the last call because nobody took them.
    #[must_use]
    pub fn lagged(&self) -> bool {
        self.lagged.swap(false, Ordering::AcqRel)
    }
}

impl Client {
    /// Speaks over the two ends of the debugging pipe that stay with us.
    ///
    /// # Errors
    /// When the descriptors are no pipes or cannot be made non-blocking.
    pub fn over_pipe(write_end: OwnedFd, read_end: OwnedFd) -> std::io::Result<Self> {
        let writer = pipe::Sender::from_owned_fd(write_end)?;
        let reader = pipe::Receiver::from_owned_fd(read_end)?;
        let (outgoing, queue) = mpsc::unbounded_channel();
        let inner = Arc::new(Inner {
            next: AtomicU64::new(1),
            state: Mutex::default(),
            outgoing,
            dead: CancellationToken::new(),
        });
        let dead = inner.dead.clone();
        #[expect(clippy::disallowed_methods, reason = "both end with the pipe, which ends with the browser")]
        let _line = (tokio::spawn(write_all(writer, queue, dead)), tokio::spawn(read_all(reader, inner.clone())));
        Ok(Self { inner })
    }

    /// The session of the browser itself.
    #[must_use]
    pub fn browser(&self) -> Session {
        Session { client: self.clone(), id: None }
    }

    /// The session with this id.
    #[must_use]
    pub fn session(&self, id: &str) -> Session {
        Session { client: self.clone(), id: Some(id.into()) }
    }

    /// Ends when the browser is gone.
    pub async fn dead(&self) {
        self.inner.dead.cancelled().await;
    }

    /// Whether the browser still answers, as far as the pipe tells.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !self.inner.dead.is_cancelled()
    }
}

impl Session {
    /// Calls a method and returns what of its answer `T` names.
    ///
    /// # Errors
    /// [`CdpError`]; every one of them within `within`.
    pub async fn call<T: DeserializeOwned>(
        &self,
        method: &'static str,
        params: impl Serialize,
        within: Duration,
    ) -> Result<T, CdpError> {
        let id = self.client.inner.next.fetch_add(1, Ordering::Relaxed);
        let command = Command { id, method, params, session_id: self.id.as_deref() };
        let mut bytes = serde_json::to_vec(&command).map_err(|_| CdpError::Shape(method))?;
        bytes.push(0);
        let answer = self.client.inner.register(id, self.id.as_deref())?;
        let waiting = Waiting { inner: &self.client.inner, id };
        self.client.inner.outgoing.send(bytes).map_err(|_| CdpError::Dead)?;
        let answer = tokio::time::timeout(within, answer).await;
        drop(waiting);
        match answer {
            Err(_) => Err(CdpError::Timeout(method)),
            Ok(Err(_)) => Err(CdpError::Dead),
            Ok(Ok(Err(Failure::SessionGone(why)))) => Err(CdpError::SessionGone(why)),
            Ok(Ok(Err(Failure::Refused(refusal)))) => Err(CdpError::Refused {
                method,
                code: refusal.code,
                message: refusal.message.chars().take(300).collect(),
            }),
            Ok(Ok(Ok(result))) => serde_json::from_str(result.get()).map_err(|_| CdpError::Shape(method)),
        }
    }

    /// Events of this session with one of these names, from now on.
    #[must_use]
    pub fn subscribe(&self, methods: &'static [&'static str]) -> Events {
        let (queue, receiver) = mpsc::channel(EVENT_QUEUE);
        let lagged = Arc::new(AtomicBool::new(false));
        let mut state = self.client.inner.lock();
        if !state.dead {
            let session = self.id.as_deref().map(str::to_owned);
            state.subscribers.push(Subscriber { session, methods, queue, lagged: lagged.clone() });
        }
        Events { queue: receiver, lagged }
    }

    /// Whether the renderer of this session has crashed and was not revived.
    #[must_use]
    pub fn is_crashed(&self) -> bool {
        self.id.as_deref().is_some_and(|id| self.client.inner.lock().crashed.contains(id))
    }

    /// Forgets a crash, so that the call that revives the page is let through.
    pub fn forgive_crash(&self) {
        if let Some(id) = self.id.as_deref() {
            self.client.inner.lock().crashed.remove(id);
        }
    }

    /// The connection this session belongs to.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }
}

/// Takes a call out of the table when nobody waits for it any more.
struct Waiting<'a> {
    inner: &'a Inner,
    id: u64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.inner.lock().pending.remove(&self.id);
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn register(&self, id: u64, session: Option<&str>) -> Result<oneshot::Receiver<Answer>, CdpError> {
        let mut state = self.lock();
        if state.dead {
            return Err(CdpError::Dead);
        }
        if let Some(session) = session {
            if state.crashed.contains(session) {
                return Err(CdpError::SessionGone("crashed"));
            }
            if state.detached.contains(session) {
                return Err(CdpError::SessionGone("detached"));
            }
        }
        let (sender, receiver) = oneshot::channel();
        state.pending.insert(id, Pending { session: session.map(str::to_owned), answer: sender });
        Ok(receiver)
    }

    /// Takes one message from the browser; what is not understood is dropped.
    fn take(&self, bytes: &[u8]) {
        let Ok(message) = serde_json::from_slice::<Incoming>(bytes) else {
            tracing::debug!(bytes = bytes.len(), "a message from the browser is not understood");
            return;
        };
        if let Some(id) = message.id {
            let Some(pending) = self.lock().pending.remove(&id) else { return };
            let answer = match message.error {
                Some(refusal) => Err(Failure::Refused(refusal)),
                None => Ok(message.result.unwrap_or_else(empty)),
            };
            let _too_late = pending.answer.send(answer);
            return;
        }
        if let Some(method) = message.method {
            self.event(method, message.session_id, message.params);
        }
    }

    fn event(&self, method: String, session: Option<String>, params: Option<Box<RawValue>>) {
        match (method.as_str(), &session) {
            ("Inspector.targetCrashed", Some(session)) => self.end_session(session, "crashed"),
            ("Inspector.targetReloadedAfterCrash", Some(session)) => {
                self.lock().crashed.remove(session);
            }
            ("Target.detachedFromTarget", _) => {
                let named = params.as_ref().and_then(|p| serde_json::from_str::<Detached>(p.get()).ok());
                if let Some(named) = named {
                    self.end_session(&named.session_id, "detached");
                }
            }
            _ => {}
        }
        let mut state = self.lock();
        state.subscribers.retain(|subscriber| !subscriber.queue.is_closed());
        for subscriber in &state.subscribers {
            if subscriber.session != session || !subscriber.methods.contains(&method.as_str()) {
                continue;
            }
            let event = Event { method: method.clone(), params: params.clone() };
            if subscriber.queue.try_send(event).is_err() {
                subscriber.lagged.store(true, Ordering::Release);
            }
        }
    }

    fn end_session(&self, session: &str, why: &'static str) {
        let mut state = self.lock();
        if why == "crashed" {
            state.crashed.insert(session.to_owned());
        } else {
            state.detached.insert(session.to_owned());
        }
        let ended: Vec<u64> =
            state.pending.iter().filter(|(_, p)| p.session.as_deref() == Some(session)).map(|(id, _)| *id).collect();
        for id in ended {
            if let Some(pending) = state.pending.remove(&id) {
                let _nobody = pending.answer.send(Err(Failure::SessionGone(why)));
            }
        }
    }

    fn die(&self) {
        let mut state = self.lock();
        state.dead = true;
        state.pending.clear();
        state.subscribers.clear();
        drop(state);
        self.dead.cancel();
    }
}

fn empty() -> Box<RawValue> {
    RawValue::from_string("{}".to_owned()).unwrap_or_default()
}

async fn write_all(mut pipe: pipe::Sender, mut queue: mpsc::UnboundedReceiver<Vec<u8>>, dead: CancellationToken) {
    loop {
        let bytes = tokio::select! {
            () = dead.cancelled() => return,
            bytes = queue.recv() => bytes,
        };
        let Some(bytes) = bytes else { return };
        if pipe.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

async fn read_all(pipe: pipe::Receiver, inner: Arc<Inner>) {
    let mut reader = BufReader::with_capacity(64 << 10, pipe);
    let mut message = Vec::new();
    loop {
        message.clear();
        match (&mut reader).take(MAX_MESSAGE).read_until(0, &mut message).await {
            Ok(0) | Err(_) => break,
            Ok(_) if message.last() != Some(&0) => break,
            Ok(_) => {
                message.pop();
                inner.take(&message);
            }
        }
    }
    inner.die();
}
