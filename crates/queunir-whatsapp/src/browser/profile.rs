//! The lock on a profile (CHR-04): ours, because Chromium's own fails both ways.

use std::{
    fs::{self, File, OpenOptions},
    io::Write as _,
    os::{
        fd::OwnedFd,
        unix::fs::{DirBuilderExt, OpenOptionsExt, chown},
    },
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::fs::FlockOperation;

use super::LaunchError;

/// Name of the lock's file in the profile.
const LOCK_FILE: &str = queunir_core::slice::PROFILE_LOCK;
/// How long a start waits for the browser of a process that has just died.
const PATIENCE: Duration = Duration::from_secs(3);

/// An exclusive lock; the browser inherits it, so it ends only with the last of both.
pub(super) struct ProfileLock {
    file: File,
    profile: PathBuf,
}

impl ProfileLock {
    /// Creates the profile's directory if need be and locks it.
    pub(super) async fn take(profile: &Path, owner: Option<u32>) -> Result<Self, LaunchError> {
        make_dir(profile, owner)?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(profile.join(LOCK_FILE))
            .map_err(|source| LaunchError::Io { what: "opening the profile's lock", source })?;
        let mut waited = Duration::ZERO;
        loop {
            match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {
                    file.set_len(0).map_err(|source| LaunchError::Io { what: "writing the profile's lock", source })?;
                    return Ok(Self { file, profile: profile.to_owned() });
                }
                Err(rustix::io::Errno::WOULDBLOCK) if waited < PATIENCE => {
                    let pause = Duration::from_millis(50);
                    tokio::time::sleep(pause).await;
                    waited += pause;
                }
                Err(rustix::io::Errno::WOULDBLOCK) => return Err(LaunchError::ProfileInUse),
                Err(errno) => return Err(LaunchError::Io { what: "locking the profile", source: errno.into() }),
            }
        }
    }

    /// Removes what a browser that did not end cleanly left behind; safe because the lock is held.
    pub(super) fn remove_singletons(&self) -> Result<(), LaunchError> {
        for name in ["SingletonLock", "SingletonSocket", "SingletonCookie"] {
            match fs::remove_file(self.profile.join(name)) {
                Ok(()) => tracing::debug!(name, "removed a left-over of an earlier browser"),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(source) => return Err(LaunchError::Io { what: "cleaning the profile", source }),
            }
        }
        Ok(())
    }

    /// Deletes what is in the profile and in the browser's home, but for the lock itself.
    pub(super) fn remove_everything(self, owner: Option<u32>) -> Result<(), LaunchError> {
        let gone = |result: std::io::Result<()>| match result {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(LaunchError::Io { what: "deleting the profile", source: error })
            }
            _ => Ok(()),
        };
        // The home may lie inside the profile, and goes with it then.
        for folder in [home(&self.profile, owner)?, self.profile.clone()] {
            let entries =
                fs::read_dir(&folder).map_err(|source| LaunchError::Io { what: "reading the profile", source })?;
            for entry in entries.flatten().filter(|entry| entry.file_name() != LOCK_FILE) {
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                gone(if is_folder { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) })?;
            }
        }
        Ok(())
    }

    /// Notes that the last browser ended by itself, so that its profile may be kept as it is now.
    pub(super) fn note_clean_end(mut self) {
        if let Err(error) = self.file.write_all(queunir_core::slice::CLEAN_END) {
            tracing::warn!(%error, "nobody will know that the browser ended by itself");
        }
    }

    /// A second descriptor of the same lock, for the browser.
    pub(super) fn share(&self) -> Result<OwnedFd, LaunchError> {
        let file = self.file.try_clone().map_err(|source| LaunchError::Io { what: "sharing the lock", source })?;
        Ok(file.into())
    }
}

/// A home for the browser: beside the profile, or inside it where the parent is not ours.
pub(super) fn home(profile: &Path, owner: Option<u32>) -> Result<PathBuf, LaunchError> {
    let mut name = profile.file_name().unwrap_or_default().to_owned();
    name.push(".home");
    let beside = profile.with_file_name(name);
    if make_dir(&beside, owner).is_ok() {
        return Ok(beside);
    }
    let inside = profile.join(".home");
    make_dir(&inside, owner)?;
    Ok(inside)
}

fn make_dir(path: &Path, owner: Option<u32>) -> Result<(), LaunchError> {
    if !path.is_dir() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(|source| LaunchError::Io { what: "creating the profile's directory", source })?;
    }
    if owner.is_some() {
        chown(path, owner, owner).map_err(|source| LaunchError::Io { what: "handing over the profile", source })?;
    }
    Ok(())
}
