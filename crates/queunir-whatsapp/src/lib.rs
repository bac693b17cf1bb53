//! WhatsApp Web as a typed source and sink: what the rendered page shows, and the few things a person may do with it.

mod page_api;
pub mod seen;

pub use page_api::{ChatTarget, Page, PageError, PageEvent, Pressed, Priority, SendTicket};
