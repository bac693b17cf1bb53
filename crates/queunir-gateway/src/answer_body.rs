//! A slice's answer on its way to the browser: its data alone, within limits of size and time.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::upstream::SlicePatience;

/// Largest answer; a hostile slice could send for ever.
pub(crate) const LARGEST: usize = 64 * 1024 * 1024;

/// The data of an answer; trailers are not passed on. Breaks off when a limit is reached, and the browser sees that.
pub(crate) struct AnswerBody {
    inner: Incoming,
    left: usize,
    patience: SlicePatience,
    end: Instant,
    /// Runs while the slice keeps us waiting.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl AnswerBody {
    pub(crate) fn new(inner: Incoming, patience: SlicePatience) -> Self {
        Self { inner, left: LARGEST, patience, end: Instant::now() + patience.whole, waiting: None }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        let broken = |why: &str| Poll::Ready(Some(Err(axum::Error::new(io::Error::other(why.to_owned())))));
        loop {
            let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) else {
                let until = this.end.min(Instant::now() + this.patience.stall);
                ready!(this.waiting.get_or_insert_with(|| Box::pin(sleep_until(until))).as_mut().poll(cx));
                tracing::warn!("a slice left an answer unfinished");
                return broken("the slice is too slow");
            };
            this.waiting = None;
            let Some(frame) = frame else { return Poll::Ready(None) };
            let Ok(data) = frame.map_err(axum::Error::new)?.into_data() else { continue };
            let Some(left) = this.left.checked_sub(data.remaining()) else {
                tracing::warn!("a slice's answer is too large");
                return broken("the answer is too large");
            };
            this.left = left;
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
