//! A connection that gives out checked heads and their bodies, and loses patience.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

use super::{head, patience::Patience, refusal::Refusal};

/// How long and for how many bytes a client that is still sending may read its last answer before the line is cut;
/// closing at once would throw the answer away with the unread bytes.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: usize = 2 * 1024 * 1024;

/// Passes on what it reads, head by head and body by body.
pub(crate) struct StrictStream<I> {
    inner: I,
    patience: Patience,
    /// Read and not given out; the first `cleared` bytes may be.
    raw: BytesMut,
    cleared: usize,
    state: State,
    /// Runs while the client owes us bytes of a head or a body.
    owing: Timer,
    /// How long bodies may still be waited for; each byte buys time.
    credit: Duration,
    /// Runs while the client does not take its answer, then while the line lingers.
    unread: Timer,
    lingered: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A head comes next; this many of its bytes have been looked at.
    Head(usize),
    /// This many bytes of a body are left.
    Body(u64),
    /// Nothing is read any more.
    Refused,
}

impl<I> StrictStream<I> {
    pub(crate) fn new(inner: I, patience: Patience) -> Self {
        Self {
            inner,
            patience,
            raw: BytesMut::new(),
            cleared: 0,
            state: State::Head(0),
            owing: Timer::default(),
            credit: Duration::ZERO,
            unread: Timer::default(),
            lingered: 0,
        }
    }

    /// Clears as much of what was read as is in order.
    fn clear(&mut self) {
        loop {
            let rest = &self.raw[self.cleared..];
            match self.state {
                State::Refused => return,
                State::Body(left) => {
                    let here = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
                    self.cleared += here;
                    match left - here as u64 {
                        0 => self.state = State::Head(0),
                        left => return self.state = State::Body(left),
                    }
                }
                State::Head(seen) => match head::find_end(rest, seen) {
                    Ok(None) => return self.state = State::Head(rest.len()),
                    Ok(Some(end)) => match head::check(&rest[..end]) {
                        Ok(length) => {
                            self.cleared += end;
                            self.credit = self.patience.body;
                            self.state = State::Body(length);
                        }
                        Err(refusal) => self.refuse(refusal),
                    },
                    Err(refusal) => self.refuse(refusal),
                },
            }
        }
    }

    /// Puts a request that will be refused in the place of the present head, and reads nothing after it.
    fn refuse(&mut self, refusal: Refusal) {
        tracing::info!(reason = refusal.code(), "a request was refused for its form");
        self.raw.truncate(self.cleared);
        self.raw.extend_from_slice(refusal.stand_in().as_bytes());
        self.cleared = self.raw.len();
        self.state = State::Refused;
    }

    /// How long the client may leave us waiting now: for ever between requests (that time is the server's to limit).
    fn may_wait(&self) -> Option<Duration> {
        match self.state {
            State::Head(0) | State::Refused => None,
            State::Head(_) => Some(self.patience.head),
            State::Body(_) => Some(self.credit),
        }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for StrictStream<I> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            if this.cleared > 0 {
                let here = this.cleared.min(buf.remaining());
                buf.put_slice(&this.raw[..here]);
                this.raw.advance(here);
                this.cleared -= here;
                return Poll::Ready(Ok(()));
            }
            if this.state == State::Refused {
                // The end of the stream would make the server drop the answer.
                return Poll::Pending;
            }
            let before = buf.filled().len();
            match Pin::new(&mut this.inner).poll_read(cx, buf) {
                Poll::Ready(done) => {
                    done?;
                    let fresh = &buf.filled()[before..];
                    if fresh.is_empty() {
                        return Poll::Ready(Ok(()));
                    }
                    if let State::Body(_) = this.state {
                        let bought = Duration::from_secs(1) * u32::try_from(fresh.len()).unwrap_or(u32::MAX);
                        this.credit = this.credit.saturating_sub(this.owing.stop())
                            + bought / u32::try_from(Patience::BODY_RATE).unwrap_or(u32::MAX);
                    }
                    this.raw.extend_from_slice(fresh);
                    buf.set_filled(before);
                    this.clear();
                    if this.cleared > 0 || this.state == State::Head(0) {
                        this.owing.stop();
                    }
                }
                Poll::Pending => {
                    let Some(limit) = this.may_wait() else { return Poll::Pending };
                    ready!(this.owing.poll(limit, cx));
                    this.owing.stop();
                    if let State::Body(_) = this.state {
                        return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the body came too slowly")));
                    }
                    this.refuse(Refusal::TooSlow);
                }
            }
        }
    }
}

impl<I: AsyncRead + AsyncWrite + Unpin> StrictStream<I> {
    /// An error once the client has taken nothing for too long.
    fn unless_unread<T>(&mut self, cx: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.unread.stop();
            return polled;
        }
        ready!(self.unread.poll(self.patience.unread, cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client does not read")))
    }

    /// Reads and forgets what the client still sends, within limits.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0; 4096];
        while self.lingered < LINGER_BYTES {
            let mut scratch = ReadBuf::new(&mut scratch);
            match Pin::new(&mut self.inner).poll_read(cx, &mut scratch) {
                Poll::Ready(Ok(())) if !scratch.filled().is_empty() => self.lingered += scratch.filled().len(),
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return self.unread.poll(LINGER, cx),
            }
        }
        Poll::Ready(())
    }
}

impl<I: AsyncRead + AsyncWrite + Unpin> AsyncWrite for StrictStream<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.unless_unread(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(cx, parts);
        self.unless_unread(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(cx);
        self.unless_unread(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        ready!(Pin::new(&mut this.inner).poll_shutdown(cx))?;
        if this.state != State::Head(0) {
            ready!(this.poll_linger(cx));
        }
        Poll::Ready(Ok(()))
    }
}

/// Counts from the first time that somebody waits until it is stopped.
#[derive(Default)]
struct Timer(Option<(Instant, Pin<Box<Sleep>>)>);

impl Timer {
    fn poll(&mut self, limit: Duration, cx: &mut Context<'_>) -> Poll<()> {
        let (_, sleep) = self.0.get_or_insert_with(|| (Instant::now(), Box::pin(sleep(limit))));
        sleep.as_mut().poll(cx)
    }

    /// Stops; tells how long it ran.
    fn stop(&mut self) -> Duration {
        self.0.take().map_or(Duration::ZERO, |(since, _)| since.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const GOOD: &[u8] =
        b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nGET /\n\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n";

    /// What comes out when `bytes` arrive in pieces of at most `size`.
    async fn passed(bytes: &[u8], size: usize) -> Vec<u8> {
        let (mut client, server) = tokio::io::duplex(size);
        let mut server = StrictStream::new(server, Patience::default());
        let mut out = Vec::new();
        let send = async {
            // Fails when the reader has had enough.
            drop(client.write_all(bytes).await);
            drop(client.shutdown().await);
        };
        let read = async {
            let mut piece = [0; 64];
            // After a refusal nothing comes, not even the end.
            while server.state != State::Refused || server.cleared > 0 {
                let length = server.read(&mut piece).await.unwrap();
                out.extend_from_slice(&piece[..length]);
                if length == 0 {
                    break;
                }
            }
            // The sender is not held up by what nobody reads.
            drop(server);
        };
        tokio::select! {
            ((), ()) = async { tokio::join!(send, read) } => {}
            () = sleep(Duration::from_secs(5)) => panic!("it hangs"),
        }
        out
    }

    #[tokio::test]
    async fn iso_18_heads_and_bodies_pass_whatever_the_pieces_and_nothing_after_a_bad_one() {
        let bad = b"GET /c HTTP/1.1\nHost: x\r\n\r\n";
        let stand_in = Refusal::LineEnd.stand_in();
        for size in [1, 2, 3, 7, 64, 4096] {
            assert_eq!(passed(GOOD, size).await, GOOD, "{size}");
            let wanted = [GOOD, stand_in.as_bytes()].concat();
            let got = passed(&[GOOD, bad].concat(), size).await;
            assert_eq!(String::from_utf8_lossy(&got), String::from_utf8_lossy(&wanted), "{size}");
        }
    }
}
