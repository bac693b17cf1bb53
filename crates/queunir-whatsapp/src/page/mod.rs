//! The script in the page, the shape of what it says, and how that becomes something seen.

pub mod ack;
mod address;
pub mod clock;
pub mod day;
pub mod direction;
pub mod facts;
mod kind;
mod labels;
pub(crate) mod members;
pub mod normalise;
pub(crate) mod panel;
pub mod raw;
pub(crate) mod reactions;
pub(crate) mod rows;
mod script;
pub mod structure;

pub(crate) use labels::is_you;
pub use normalise::{Context, observation};
pub use raw::Rejected;
pub(crate) use script::script;

/// Name of the binding that the reader pushes through.
pub const BINDING: &str = "qnObserve";

/// Name of the isolated world that the reader lives in.
pub const WORLD: &str = "queunir";
