//! The browser's one live stream: the orchestrator's view of the slice, merged with everything the slice itself sends.
//!
//! Two loops share a small channel to the browser. *Watch* looks at the session and the slices row, on every hint and
//! every two seconds, sends the snapshot `slice` when it changed and tells the other loop where the slice is. *Relay*
//! keeps a stream to the slice open and passes its events on one by one, remembering the last id, so that it can take
//! up again wherever a restart, a new generation or a broken connection cut it off.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{Request, StatusCode, uri::PathAndQuery};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use queunir_core::{
    event::Snapshot,
    slice::{Phase, SliceView, Trouble},
};
use queunir_db::{
    DbError,
    control::{sessions, wanted},
};
use queunir_service::{ApiError, Problem};
use tokio::{
    sync::{broadcast, mpsc, watch},
    time::{Instant, MissedTickBehavior, interval, interval_at, sleep, timeout},
};
use tokio_stream::{StreamExt, wrappers::ReceiverStream};

use crate::{
    app::{App, Changed},
    connect::NO_SLICE,
    csrf,
    proxy::{no_answer, toward_slice},
    sse::{Frame, Reader},
    tenant::Watcher,
    upstream::Target,
};

/// Events that may wait for a slow browser; then the slice waits, too. Large enough for one flush of a busy chat.
const WAITING: usize = 32;
/// How often session and slice are looked at without a hint; a revoked session's stream ends within this.
const LOOK: Duration = Duration::from_secs(2);
/// How long a look may take before the database counts as away. Shorter, and a busy moment alarms people; longer, and
/// they are told late.
const LOOK_LIMIT: Duration = Duration::from_secs(3);
/// How long a slice that should run may be out of reach before people are told; a restart takes less.
const SILENCE: Duration = Duration::from_secs(4);
/// A slice says something every 15 s; one that is silent for longer hangs.
const HUNG: Duration = Duration::from_secs(35);
/// Keeps proxies from closing a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// First and longest pause before the slice is tried again.
const RETRY: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));
/// Tells the browser how long to wait before it connects again.
const PREAMBLE: &str = "retry: 3000\n\n";

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Live events: the snapshot `slice`, then what the slice sends. Continues after `Last-Event-ID`.
#[utoipa::path(get, path = "/api/events", tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "Number of the last stored event that was seen")),
    responses(
        (status = 200, body = Snapshot, content_type = "text/event-stream"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
    ))]
pub(crate) async fn events(State(app): State<App>, watcher: Watcher, headers: HeaderMap) -> Result<Response, ApiError> {
    csrf::same_origin(&headers, &app.config.public_url, true)?;
    let place = app.streams.enter(watcher.caller.user).ok_or(ApiError::Throttled { retry_after_s: 3 })?;
    let (to_browser, from_loops) = mpsc::channel(WAITING);
    let stream = Stream {
        place: watch::Sender::new(None),
        unreached: watch::Sender::new(None),
        request_headers: toward_slice(&HeaderMap::new(), watcher.caller.user, watcher.caller.role),
        last_id: headers.get(&LAST_EVENT_ID).and_then(|value| value.to_str().ok()).and_then(event_number),
        watcher,
        to_browser,
        app: app.clone(),
    };
    app.lifecycle.spawn(async move {
        stream.run().await;
        drop(place);
    });
    let body = ReceiverStream::new(from_loops).map(Ok::<_, Infallible>);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// An event number as slices count them; anything else is as good as none (ATK-05).
fn event_number(text: &str) -> Option<String> {
    text.parse::<u64>().ok().filter(|number| i64::try_from(*number).is_ok()).map(|number| number.to_string())
}

/// Where a slice continues after telling the browser to fetch everything again.
fn restart(frame: &Frame) -> Option<String> {
    if frame.event.as_deref() != Some("reset") {
        return None;
    }
    match serde_json::from_str(&frame.data) {
        Ok(Snapshot::Reset { last_event_id }) if last_event_id > 0 => Some(last_event_id.to_string()),
        _ => None,
    }
}

/// The browser is gone, or the session is.
struct Ended;

struct Stream {
    app: App,
    watcher: Watcher,
    request_headers: HeaderMap,
    last_id: Option<String>,
    place: watch::Sender<Option<Target>>,
    /// Since when the slice gives no stream.
    unreached: watch::Sender<Option<Instant>>,
    to_browser: mpsc::Sender<Bytes>,
}

impl Stream {
    async fn run(mut self) {
        let stop = self.app.lifecycle.soft();
        let gone = self.to_browser.clone();
        let place = self.place.subscribe();
        let mut last_id = self.last_id.take();
        let mut hints = self.app.changed.subscribe();
        let mut shown = None;
        // The snapshot comes first, whatever the slice has to say.
        if self.offer(|| Bytes::from_static(PREAMBLE.as_bytes())).is_err() || self.show(&mut shown).await.is_err() {
            return;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = gone.closed() => {}
            _ = self.watch(&mut hints, &mut shown) => {}
            _ = self.relay(place, &mut last_id) => {}
        }
    }

    /// Sends if there is room. *Watch* never waits for the browser: one that reads nothing would keep its stream
    /// beyond the end of its session. False: try again at the next look.
    fn offer(&self, bytes: impl FnOnce() -> Bytes) -> Result<bool, Ended> {
        match self.to_browser.try_reserve() {
            Ok(room) => {
                room.send(bytes());
                Ok(true)
            }
            Err(mpsc::error::TrySendError::Full(())) => Ok(false),
            Err(mpsc::error::TrySendError::Closed(())) => Err(Ended),
        }
    }

    /// Looks at the session and the slice until the session ends.
    async fn watch(
        &self,
        hints: &mut broadcast::Receiver<Changed>,
        shown: &mut Option<SliceView>,
    ) -> Result<(), Ended> {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut beat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        loop {
            tokio::select! {
                _ = look.tick() => self.show(shown).await?,
                () = self.hint(hints) => self.show(shown).await?,
                // Where events wait already, the stream is not quiet.
                _ = beat.tick() => drop(self.offer(|| Bytes::from_static(b": \n\n"))?),
            }
        }
    }

    /// Looks, sends the snapshot if it is another one than `shown`, and then lets the relay follow.
    async fn show(&self, shown: &mut Option<SliceView>) -> Result<(), Ended> {
        let (mut view, target) = match timeout(LOOK_LIMIT, self.look()).await {
            Ok(Ok(found)) => found.ok_or(Ended)?,
            outcome => {
                match outcome {
                    Ok(Err(error)) => tracing::warn!(error = %error, "the slice could not be looked at"),
                    _ => tracing::warn!("the slice could not be looked at in time"),
                }
                // Nothing is known any more but what was shown; whether that is still true nobody can say.
                let Some(last) = shown.clone() else { return Ok(()) };
                (SliceView { trouble: Some(Trouble::DatabaseAway), ..last }, *self.place.borrow())
            }
        };
        self.add_trouble(&mut view);
        if shown.as_ref() != Some(&view) {
            let data = serde_json::to_string(&Snapshot::Slice { slice: view.clone() }).map_err(|_| Ended)?;
            if !self.offer(|| Frame::snapshot("slice", data).to_bytes())? {
                return Ok(());
            }
            *shown = Some(view);
        }
        self.place.send_if_modified(|known| std::mem::replace(known, target) != target);
        Ok(())
    }

    /// What else is wrong: a full disk explains everything else, an unreachable slice only itself.
    fn add_trouble(&self, view: &mut SliceView) {
        if self.app.storage.is_short() {
            view.trouble = Some(Trouble::StorageFull);
        }
        let runs = matches!(view.phase, Some(Phase::Service | Phase::Qr | Phase::Linked | Phase::Degraded));
        let unreached = self.unreached.borrow().is_some_and(|since| since.elapsed() >= SILENCE);
        if runs && unreached {
            view.trouble.get_or_insert(Trouble::NotAnswering);
        }
    }

    /// Returns when something that concerns this stream may have changed.
    async fn hint(&self, hints: &mut broadcast::Receiver<Changed>) {
        loop {
            match hints.recv().await {
                Ok(Changed::Slice(slice)) => {
                    if self.place.borrow().is_none_or(|target| target.slice == slice) {
                        return;
                    }
                }
                Ok(Changed::User(user)) => {
                    if user == self.watcher.caller.user {
                        return;
                    }
                }
                Ok(Changed::Everything) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }

    /// The slice as it is now and where, or none when the session has ended.
    async fn look(&self) -> Result<Option<(SliceView, Option<Target>)>, DbError> {
        let mut tx = self.app.db.begin().await?;
        let Some(found) = sessions::find(&mut tx, &self.watcher.token).await? else { return Ok(None) };
        let Some(place) = found.place else { return Ok(Some((NO_SLICE, None))) };
        let view = wanted::find_view(&mut tx, place.slice).await?.unwrap_or(NO_SLICE);
        Ok(Some((view, Target::of(&place))))
    }

    /// Keeps a stream to the slice open and passes its events on.
    async fn relay(
        &self,
        mut place: watch::Receiver<Option<Target>>,
        last_id: &mut Option<String>,
    ) -> Result<(), Ended> {
        let mut pause = RETRY.0;
        loop {
            let target = *place.borrow_and_update();
            if let Some(target) = target {
                let outcome = tokio::select! {
                    changed = place.changed() => {
                        changed.map_err(|_| Ended)?;
                        pause = RETRY.0;
                        continue;
                    }
                    outcome = self.follow(target, last_id) => outcome?,
                };
                pause = if outcome == Followed::Something { RETRY.0 } else { (pause * 2).min(RETRY.1) };
                tokio::select! {
                    changed = place.changed() => changed.map_err(|_| Ended)?,
                    () = sleep(pause) => {}
                }
            } else {
                place.changed().await.map_err(|_| Ended)?;
            }
        }
    }

    /// Passes events on until the slice's stream ends.
    async fn follow(&self, target: Target, last_id: &mut Option<String>) -> Result<Followed, Ended> {
        let attached = self.attach(target, last_id.as_deref()).await;
        self.unreached.send_modify(|since| match attached {
            Some(_) => *since = None,
            None => *since = since.or_else(|| Some(Instant::now())),
        });
        let Some(mut body) = attached else { return Ok(Followed::Nothing) };
        if last_id.is_none() {
            // Nobody knows from where on this stream is complete, so the browser fetches once it is attached.
            self.pass(Frame::snapshot("reset", r#"{"type":"reset","last_event_id":0}"#.to_owned()), last_id).await?;
        }
        let mut reader = Reader::default();
        while let Ok(Some(Ok(frame))) = timeout(HUNG, body.frame()).await {
            let Ok(bytes) = frame.into_data() else { continue };
            reader.push(&bytes);
            loop {
                match reader.next() {
                    Ok(Some(frame)) => self.pass(frame, last_id).await?,
                    Ok(None) => break,
                    Err(error) => {
                        tracing::warn!(slice.id = %target.slice, error = %error, "a slice's stream cannot be read");
                        return Ok(Followed::Nothing);
                    }
                }
            }
        }
        Ok(Followed::Something)
    }

    /// Opens the slice's stream.
    async fn attach(&self, target: Target, last_id: Option<&str>) -> Option<Incoming> {
        let uri = target.uri(&PathAndQuery::from_static("/api/events")).ok()?;
        let mut request = Request::get(uri).body(Body::empty()).ok()?;
        *request.headers_mut() = self.request_headers.clone();
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/event-stream"));
        if let Some(value) = last_id.and_then(|id| HeaderValue::from_str(id).ok()) {
            request.headers_mut().insert(LAST_EVENT_ID, value);
        }
        let response = match self.app.slices.send(request).await {
            Ok(response) => response,
            Err(error) => {
                no_answer(&self.app, target, &error).await;
                return None;
            }
        };
        let is_stream = response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        if response.status() == StatusCode::OK && is_stream {
            return Some(response.into_body());
        }
        tracing::warn!(slice.id = %target.slice, status = response.status().as_u16(), "a slice gave no stream");
        None
    }

    /// Sends an event, then remembers its number; cut off between the two, nothing is lost or sent twice.
    async fn pass(&self, frame: Frame, last_id: &mut Option<String>) -> Result<(), Ended> {
        // This name is ours.
        if frame.event.as_deref() == Some("slice") {
            return Ok(());
        }
        let room = self.to_browser.reserve().await.map_err(|_| Ended)?;
        room.send(frame.to_bytes());
        if let Some(id) = frame.id.as_deref().and_then(event_number).or_else(|| restart(&frame)) {
            *last_id = Some(id);
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Followed {
    /// A stream that ended: try again at once.
    Something,
    /// No stream: try again later and later.
    Nothing,
}
