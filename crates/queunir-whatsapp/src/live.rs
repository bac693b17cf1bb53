//! The live page: a browser, its driver and the stream of what the reader sees.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::{
    browser::{BrowserConfig, LaunchError},
    page_api::{Page, PageEvent},
};

/// Starts a browser, goes to WhatsApp Web and reports from then on; the channel ends after `Gone`.
pub async fn launch(config: BrowserConfig) -> Result<(Arc<dyn Page>, mpsc::Receiver<PageEvent>), LaunchError> {
    drop(config);
    Err(LaunchError::Start("not built yet".into()))
}
