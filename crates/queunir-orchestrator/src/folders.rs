//! Where a slice keeps its things on this host.
//!
//! ```text
//! slices/        root 0711
//!   N/           root 0711; on btrfs a subvolume (`room/`)
//!     session/   slice 0700   Chromium's profile: a credential
//!     session.quarantine-TIME/
//!                root 0700    a profile that a restored one took the place of
//!     session.incoming/
//!                root 0700    a restored profile that is not whole yet; of no use to anybody else
//!     media/     slice 0700
//!     records/   slice 0700   what the page was built of when it was not known any more
//!     run/       slice 0700   the database password, and whatever the process needs while it runs
//!     tls/       root 0750, group of the slice: the leaf of the current start
//!     spec.json process.json origins.json lock slice.log   written by the orchestrator
//! snapshots/     root 0700
//!   N/           root 0700    encrypted profiles as they were after clean ends; outside of the slice's room
//! ```

use std::path::{Path, PathBuf};

use queunir_core::{id::SliceId, slice::SliceSpec};
use rustix::{
    fs::chown,
    process::{Gid, Uid},
};
use secrecy::{ExposeSecret, SecretString};

use crate::files::{self, FileError, Owner};

/// Slice N runs as user and group 200000+N.
const FIRST_USER: i64 = 200_000;

/// How the folders begin that hold profiles which were moved aside.
pub(crate) const QUARANTINE: &str = "session.quarantine-";

/// The folders of one slice.
#[derive(Clone, Debug)]
pub struct SliceFolders {
    slice: SliceId,
    root: PathBuf,
    snapshots: PathBuf,
}

impl SliceFolders {
    /// The folders of `slice` under a state directory.
    #[must_use]
    pub fn new(state_dir: &Path, slice: SliceId) -> Self {
        let name = slice.to_string();
        Self { slice, root: all(state_dir).join(&name), snapshots: state_dir.join("snapshots").join(name) }
    }

    /// Everything of the slice on this host.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The user that the slice runs as, where users can be chosen.
    #[must_use]
    pub fn owner(&self) -> Option<Owner> {
        let id = FIRST_USER.checked_add(self.slice.0).and_then(|id| u32::try_from(id).ok());
        id.filter(|_| files::is_root()).map(Owner)
    }

    /// Makes what is missing and gives everything its owner and mode.
    ///
    /// # Errors
    /// When a folder cannot be made.
    pub fn prepare(&self) -> Result<(), FileError> {
        if let Some(parent) = self.root.parent() {
            files::folder(parent, 0o711, None)?;
        }
        files::folder(&self.root, 0o711, None)?;
        for folder in [self.session(), self.media(), self.records(), self.run()] {
            files::folder(&folder, 0o700, self.owner())?;
        }
        files::folder(&self.tls(), 0o750, None)?;
        self.give_group(&self.tls())
    }

    /// Removes everything of the slice; what is not there is no trouble.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub fn remove(&self) -> Result<(), FileError> {
        files::remove_tree(&self.snapshots)?;
        files::remove_tree(&self.root)
    }

    /// Writes the database password of the next start.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_password(&self, password: &SecretString) -> Result<PathBuf, FileError> {
        let path = self.password();
        files::write(&path, password.expose_secret().as_bytes(), 0o600, self.owner())?;
        Ok(path)
    }

    /// Writes what the next start is started from.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_spec(&self, spec: &SliceSpec) -> Result<(), FileError> {
        // A spec holds texts and numbers only; it always has a JSON form.
        files::write(&self.spec(), &serde_json::to_vec_pretty(spec).unwrap_or_default(), 0o640, None)?;
        self.give_group(&self.spec())
    }

    /// Lets the slice read, and nobody else.
    ///
    /// # Errors
    /// When the group cannot be changed.
    pub fn give_group(&self, path: &Path) -> Result<(), FileError> {
        let Some(Owner(id)) = self.owner() else { return Ok(()) };
        chown(path, Some(Uid::ROOT), Some(Gid::from_raw(id)))
            .map_err(|source| FileError::new("change the group of", path, source.into()))
    }

    /// The database password of the current start.
    #[must_use]
    pub fn password(&self) -> PathBuf {
        self.run().join("database.password")
    }

    /// Chromium's profile.
    #[must_use]
    pub fn session(&self) -> PathBuf {
        self.root.join("session")
    }

    /// The browser's home, made by the slice where it may; else it is in the profile.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.root.join("session.home")
    }

    /// Where a profile is put together that is to take the place of the present one.
    #[must_use]
    pub fn incoming(&self) -> PathBuf {
        self.root.join("session.incoming")
    }

    /// Encrypted profiles.
    #[must_use]
    pub fn snapshots(&self) -> PathBuf {
        self.snapshots.clone()
    }

    /// Files of the tenant.
    #[must_use]
    pub fn media(&self) -> PathBuf {
        self.root.join("media")
    }

    /// Records of the page's structure.
    #[must_use]
    pub fn records(&self) -> PathBuf {
        self.root.join("records")
    }

    /// What the process needs while it runs.
    #[must_use]
    pub fn run(&self) -> PathBuf {
        self.root.join("run")
    }

    /// The leaf of the current start.
    #[must_use]
    pub fn tls(&self) -> PathBuf {
        self.root.join("tls")
    }

    /// What the process is started from.
    #[must_use]
    pub fn spec(&self) -> PathBuf {
        self.root.join("spec.json")
    }

    /// What a container's browser may open, where that is not WhatsApp's own address.
    #[must_use]
    pub fn origins(&self) -> PathBuf {
        self.root.join("origins.json")
    }

    /// What was started.
    #[must_use]
    pub fn record(&self) -> PathBuf {
        self.root.join("process.json")
    }

    /// Locked as long as a process of the slice lives.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// Output of the current start; the one before it is kept as `slice.log.1`.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.root.join("slice.log")
    }
}

/// The folder of all slices.
#[must_use]
pub fn all(state_dir: &Path) -> PathBuf {
    state_dir.join("slices")
}
