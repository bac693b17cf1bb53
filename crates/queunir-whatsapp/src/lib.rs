//! WhatsApp Web as a typed source and sink: what the rendered page shows, and the few things a person may do with it.

pub mod browser;
pub mod cdp;
pub mod drift;
mod driver;
pub mod fake;
pub mod hold;
pub mod inspect;
mod live;
pub mod page;
mod page_api;
mod page_error;
pub mod profiles;
pub mod seen;
pub mod sent;

pub use browser::{BrowserConfig, LaunchError};
pub use live::{launch, prepare_for_test};
pub use page::reactions::is_one_emoji;
pub use page_api::{
    ActError, Acted, Asked, ByNumber, ChatTarget, Draft, FileToSend, HistoryTop, MediaError, MediaTicket, Page,
    PageError, PageEvent, Pressed, Priority, SendTicket,
};
