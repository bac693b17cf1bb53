//! Every SQL statement of Queunir, in query modules that accept only their own side's transaction.

pub mod connect;
pub mod control;
mod error;
pub mod provision;
pub mod slice;

pub use connect::{ConnectError, Endpoint};
pub use error::DbError;
