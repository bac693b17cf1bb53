//! The front line: what is not plainly one HTTP/1 request after another never reaches the HTTP library (ISO-18).
//!
//! Libraries forgive: a line that ends with LF alone, a length said twice. Where two programs in a row forgive
//! differently, a request can hide in another one's body. So a connection's bytes pass through `StrictStream`, which
//! holds each head back until it is complete and `head::check` finds nothing to forgive. A refused head is replaced
//! by a request for [`REFUSED`], so that the answer comes in its place in the order of answers, through the same
//! middleware as every other; nothing after it is read.

mod head;
mod patience;
mod refusal;
mod stream;

pub use patience::Patience;
pub use refusal::{REFUSED, refused};
pub(crate) use stream::StrictStream;
