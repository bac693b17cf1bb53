//! WhatsApp Web as a typed source and sink: what the rendered page shows, and the few things a person may do with it.

mod browser;
pub mod fake;
mod live;
mod page_api;
pub mod seen;

pub use browser::{BrowserConfig, LaunchError};
pub use live::launch;
pub use page_api::{ChatTarget, Page, PageError, PageEvent, Pressed, Priority, SendTicket};
