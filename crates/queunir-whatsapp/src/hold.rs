//! Places in a send where a test can stop the process, so that it is ended exactly there (DEL-07).
//!
//! A place is held by a file of its name in the folder `holds` beside the browser's profile: the file is renamed to
//! `<place>.reached`, and the send goes on when that is gone. Optimised builds hold nowhere, and no build does on another
//! page than one of this machine.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// How often a held process looks whether it may go on.
const LOOK: Duration = Duration::from_millis(5);

/// The places that are held; none unless a test asks.
#[derive(Clone, Debug, Default)]
pub struct Holds {
    folder: Option<PathBuf>,
}

impl Holds {
    /// Those of the slice with this profile, which shows this address.
    #[must_use]
    pub fn beside(profile: &Path, address: &str) -> Self {
        let local = ["http://localhost:", "http://127.0.0.1:"].iter().any(|start| address.starts_with(start));
        let folder = (cfg!(debug_assertions) && local).then(|| profile.with_file_name("holds"));
        Self { folder }
    }

    /// Goes on at once, or when the place is no longer held.
    pub async fn at(&self, place: &'static str) {
        let Some(folder) = &self.folder else { return };
        let reached = folder.join(format!("{place}.reached"));
        if std::fs::rename(folder.join(place), &reached).is_err() {
            return;
        }
        tracing::warn!(place, "held by a test");
        while reached.exists() {
            tokio::time::sleep(LOOK).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_held_on_whatsapps_own_page() {
        let profile = Path::new("/tmp/profile");
        assert_eq!(Holds::beside(profile, "https://web.whatsapp.com/").folder, None);
        assert_eq!(Holds::beside(profile, "http://localhost.example/").folder, None);
        assert!(Holds::beside(profile, "http://localhost:3900/").folder.is_some());
    }
}
