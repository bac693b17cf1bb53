//! Two stop signals and one tracker: soft drains, hard drops, a crashed task stops its role.

use std::{future::Future, io, time::Duration};

use axum::{Router, extract::connect_info::Connected, serve::IncomingStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long open requests may take to finish after the soft stop.
/// Too small cuts answers off; too large makes every restart wait for one slow client.
pub const DRAIN: Duration = Duration::from_secs(10);

/// The tasks of one role and the signals that end them.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    soft: CancellationToken,
    hard: CancellationToken,
    tracker: TaskTracker,
}

impl Lifecycle {
    /// A lifecycle whose soft stop is `stop`.
    #[must_use]
    pub fn new(stop: CancellationToken) -> Self {
        Self { soft: stop, hard: CancellationToken::new(), tracker: TaskTracker::new() }
    }

    /// Stop taking new work, finish what runs.
    #[must_use]
    pub fn soft(&self) -> CancellationToken {
        self.soft.clone()
    }

    /// Drop what runs.
    #[must_use]
    pub fn hard(&self) -> CancellationToken {
        self.hard.clone()
    }

    /// Runs a task until it ends or the hard stop comes; its panic is everybody's soft stop.
    pub fn spawn<F>(&self, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (soft, hard) = (self.soft.clone(), self.hard.clone());
        self.tracker.spawn(async move {
            let stop_on_panic = soft.drop_guard();
            tokio::select! {
                () = hard.cancelled() => {}
                () = task => {}
            }
            stop_on_panic.disarm();
        });
    }

    /// Stops softly, waits at most `drain`, then stops hard; true if everything ended by itself.
    pub async fn shut_down(&self, drain: Duration) -> bool {
        self.soft.cancel();
        self.tracker.close();
        if tokio::time::timeout(drain, self.tracker.wait()).await.is_ok() {
            return true;
        }
        tracing::warn!("tasks did not end in time and are dropped");
        self.hard.cancel();
        self.tracker.wait().await;
        false
    }
}

/// A token that the first SIGINT or SIGTERM cancels.
///
/// # Errors
/// When the handlers cannot be installed.
pub fn stop_on_signal() -> io::Result<CancellationToken> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let stop = CancellationToken::new();
    let cancel = stop.clone();
    #[expect(clippy::disallowed_methods, reason = "waits as long as the process lives, and for nothing else")]
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        cancel.cancel();
    });
    Ok(stop)
}

/// Serves `router` until `stop`, then lets open requests finish within [`DRAIN`].
/// Streams have to end by themselves on `stop`; those that do not are cut off at the deadline.
///
/// # Errors
/// When the server fails.
pub async fn serve<L, C>(listener: L, router: Router, stop: CancellationToken) -> io::Result<()>
where
    L: axum::serve::Listener,
    L::Addr: std::fmt::Debug,
    C: for<'a> Connected<IncomingStream<'a, L>> + Clone + Send + Sync + 'static,
{
    let graceful = stop.clone();
    let server = axum::serve(listener, router.into_make_service_with_connect_info::<C>())
        .with_graceful_shutdown(async move { graceful.cancelled().await });
    let deadline = async {
        stop.cancelled().await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        done = async { server.await } => done,
        () = deadline => {
            tracing::warn!("open requests did not end in time and are dropped");
            Ok(())
        }
    }
}
