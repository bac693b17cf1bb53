//! Two stop signals and one tracker: soft drains, hard drops, a crashed task stops its role.

use std::{future::Future, io, pin::pin, time::Duration};

use axum::{Router, extract::ConnectInfo, serve::Listener};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    signal::unix::{SignalKind, signal},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::strict::{Patience, StrictStream};

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

/// A token that the first SIGINT, SIGTERM or SIGHUP (the terminal was closed) cancels.
///
/// # Errors
/// When the handlers cannot be installed.
pub fn stop_on_signal() -> io::Result<CancellationToken> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let mut hangup = signal(SignalKind::hangup())?;
    let stop = CancellationToken::new();
    let cancel = stop.clone();
    #[expect(clippy::disallowed_methods, reason = "waits as long as the process lives, and for nothing else")]
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
        cancel.cancel();
    });
    Ok(stop)
}

/// Serves `router` until `stop`, then lets open requests finish within [`DRAIN`].
/// Streams have to end by themselves on `stop`; those that do not are cut off at the deadline.
/// Every request passes the front line ([`crate::strict`]), so `router` has the route [`crate::strict::REFUSED`].
///
/// # Errors
/// Never; trouble with one connection is that connection's alone.
pub async fn serve<L, C>(listener: L, router: Router, stop: CancellationToken) -> io::Result<()>
where
    L: Listener,
    C: From<L::Addr> + Clone + Send + Sync + 'static,
{
    serve_patiently::<L, C>(listener, router, stop, Patience::default()).await;
    Ok(())
}

/// As [`serve`], with other limits on what clients may take their time for.
pub async fn serve_patiently<L, C>(mut listener: L, router: Router, stop: CancellationToken, patience: Patience)
where
    L: Listener,
    C: From<L::Addr> + Clone + Send + Sync + 'static,
{
    let (connections, drop_all) = (TaskTracker::new(), CancellationToken::new());
    loop {
        let (stream, address) = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let connection = serve_connection(stream, C::from(address), router.clone(), stop.clone(), patience);
        connections.spawn(drop_all.clone().run_until_cancelled_owned(connection));
    }
    connections.close();
    if tokio::time::timeout(DRAIN, connections.wait()).await.is_err() {
        tracing::warn!("open requests did not end in time and are dropped");
        drop_all.cancel();
    }
}

async fn serve_connection<I, C>(stream: I, client: C, router: Router, stop: CancellationToken, patience: Patience)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    C: Clone + Send + Sync + 'static,
{
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(client.clone()));
        router.call(request)
    });
    let mut server = http1::Builder::new();
    let connection = server.timer(TokioTimer::new()).header_read_timeout(patience.idle);
    let mut connection = pin!(connection.serve_connection(TokioIo::new(StrictStream::new(stream, patience)), service));
    let done = tokio::select! {
        done = connection.as_mut() => done,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = done {
        tracing::debug!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, net::SocketAddr, time::Instant};

    use axum::{body::Body, routing::get};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };

    use super::*;

    const SHORT: Duration = Duration::from_millis(300);

    /// What the server says to these bytes until it closes the connection, and how long that took.
    async fn say(address: SocketAddr, bytes: &[u8]) -> (String, Duration) {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let began = Instant::now();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer));
        read.await.expect("the connection is closed").unwrap();
        (String::from_utf8(answer).unwrap(), began.elapsed())
    }

    #[tokio::test]
    async fn atk_10_a_client_that_says_nothing_holds_no_connection_and_a_long_answer_is_not_cut() {
        let slow = || async {
            Body::from_stream(futures::stream::unfold(0, |count| async move {
                tokio::time::sleep(SHORT).await;
                (count < 4).then_some((Ok::<_, Infallible>(format!("part {count}")), count + 1))
            }))
        };
        let router = Router::new().route("/", get(|| async { "here" })).route("/slow", get(slow));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let patience = Patience { idle: SHORT, head: SHORT, ..Patience::default() };
        let server = serve_patiently::<_, SocketAddr>(listener, router, stop.clone(), patience);
        let idle = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        let long = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";
        let clients = async {
            let said =
                tokio::join!(say(address, b""), say(address, b"GET / HT"), say(address, idle), say(address, long));
            stop.cancel();
            said
        };
        let ((), (nothing, half, idle, long)) = tokio::join!(server, clients);
        for (what, (answer, took)) in [("nothing", &nothing), ("half", &half), ("idle", &idle)] {
            assert!(*took < SHORT * 4, "{what} was kept for {took:?}");
            assert_eq!(answer.ends_with("here"), what == "idle", "{what}: {answer}");
        }
        assert!(long.0.contains("part 3") && long.1 >= SHORT * 4, "{long:?}");
    }
}
