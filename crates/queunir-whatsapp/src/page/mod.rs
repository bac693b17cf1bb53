//! The script in the page, the shape of what it says, and how that becomes something seen.

pub mod ack;
pub mod clock;
pub mod day;
pub mod direction;
mod kind;
mod labels;
pub mod normalise;
pub mod raw;
mod reactions;
pub(crate) mod rows;

pub use normalise::{Context, observation};
pub use raw::Rejected;

/// The reader: one script for the isolated world `queunir`, built by `npm run build -w @queunir/reader`.
///
/// It pushes observations through the binding [`BINDING`] and installs `globalThis.__qn`.
pub const READER_JS: &str = include_str!("__generated__/reader.js");

/// Name of the binding that the reader pushes through.
pub const BINDING: &str = "qnObserve";

/// Name of the isolated world that the reader lives in.
pub const WORLD: &str = "queunir";
