//! Gives the running page the reader profiles of a folder, again whenever a file there changes.

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::setup::carry_reader;
use crate::{
    browser::Browser,
    driver::Driver,
    page_api::PageEvent,
    profiles::{Listing, Profile},
};

/// How often the folder is looked at. Longer, and a dropped profile heals that much later.
const LOOK: Duration = Duration::from_secs(3);

/// A folder as it was when it was looked at last.
pub(super) struct Folder {
    path: Option<PathBuf>,
    listing: Listing,
    profiles: Vec<Profile>,
}

impl Folder {
    /// Reads a folder; without one there are no profiles.
    pub(super) fn look(path: Option<PathBuf>) -> Self {
        let mut folder = Self { path, listing: Listing::default(), profiles: Vec::new() };
        folder.changed();
        folder
    }

    pub(super) fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// Looks again; whether other profiles are to be used now.
    fn changed(&mut self) -> bool {
        let Some(path) = &self.path else { return false };
        let listing = Listing::of(path);
        if listing == self.listing {
            return false;
        }
        let (profiles, unfit) = listing.read();
        for (path, why) in unfit {
            tracing::warn!(file = %path.display(), %why, "a reader profile was refused");
        }
        self.listing = listing;
        std::mem::replace(&mut self.profiles, profiles) != self.profiles
    }

    fn taken(&self) -> Vec<String> {
        self.profiles.iter().map(|profile| profile.generation.clone()).collect()
    }
}

/// Runs until the page is closed.
pub(super) async fn watch(
    mut folder: Folder,
    mut script: String,
    browser: Arc<Browser>,
    driver: Arc<Driver>,
    events: mpsc::Sender<PageEvent>,
    closing: CancellationToken,
) {
    let mut told = true;
    loop {
        tokio::select! {
            () = closing.cancelled() => return,
            () = browser.gone() => return,
            () = events.closed() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        if !folder.changed() && told {
            continue;
        }
        // New documents first, then the one that is open: none is left out.
        told = match carry_reader(browser.page(), folder.profiles(), Some(&script)).await {
            Ok(carried) => {
                script = carried;
                driver.use_profiles(folder.profiles()).await.is_ok()
            }
            Err(_) => false,
        };
        if told {
            tracing::info!(generations = ?folder.taken(), "other reader profiles are in use");
            let _unheard = events.send(PageEvent::Profiles { taken: folder.taken() }).await;
        } else {
            tracing::info!("the page did not take the reader profiles yet");
        }
    }
}
