//! Where files lie while the page takes them: copies under the names they are sent under, which the browser may read
//! whoever it runs as. The page reads a file when it sends it, not when it is chosen, so a copy stays until its bubble
//! has left, or for an hour if nobody saw that.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use uuid::Uuid;

use super::{BrowserConfig, LaunchError, profile};

/// How long a copy stays whose message nobody saw leave.
const KEPT: Duration = Duration::from_secs(3_600);

/// The folder of one browser.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    dir: PathBuf,
    owner: Option<u32>,
}

/// A copy in the outbox; gone when this is dropped.
#[derive(Debug)]
pub(crate) struct HandedOver {
    dir: PathBuf,
    path: PathBuf,
    stays: bool,
}

impl Outbox {
    /// The outbox of a browser, empty.
    pub(crate) fn of(config: &BrowserConfig) -> Result<Self, LaunchError> {
        let outbox =
            Self { dir: profile::home(&config.profile_dir, config.as_user)?.join("outbox"), owner: config.as_user };
        outbox.sweep(Duration::ZERO);
        Ok(outbox)
    }

    /// Copies a file there under a name.
    pub(crate) async fn hand_over(&self, file: &Path, name: &str) -> io::Result<HandedOver> {
        let (outbox, file, name) = (self.clone(), file.to_owned(), name.to_owned());
        let copying = tokio::task::spawn_blocking(move || outbox.copy(&file, &name));
        copying.await.map_err(io::Error::other)?
    }

    fn copy(&self, file: &Path, name: &str) -> io::Result<HandedOver> {
        self.sweep(KEPT);
        let dir = self.dir.join(Uuid::now_v7().simple().to_string());
        let path = dir.join(name);
        if path.parent() != Some(dir.as_path()) || path.file_name().is_none_or(|last| last != name) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a plain file name"));
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&dir)?;
        let handed = HandedOver { dir, path, stays: false };
        fs::copy(file, &handed.path)?;
        fs::set_permissions(&handed.path, Permissions::from_mode(0o600))?;
        if self.owner.is_some() {
            for path in [self.dir.as_path(), &handed.dir, &handed.path] {
                chown(path, self.owner, self.owner)?;
            }
        }
        Ok(handed)
    }

    /// Deletes copies that are older.
    fn sweep(&self, older: Duration) {
        let Ok(entries) = fs::read_dir(&self.dir) else { return };
        for entry in entries.flatten() {
            let made = entry.metadata().and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
            if made.elapsed().is_ok_and(|age| age >= older) || older.is_zero() {
                remove(&entry.path());
            }
        }
    }
}

impl HandedOver {
    /// Where the browser finds it.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves it there, because the page may still read it.
    pub(crate) fn stay(mut self) {
        self.stays = true;
    }
}

impl Drop for HandedOver {
    fn drop(&mut self) {
        if !self.stays {
            remove(&self.dir);
        }
    }
}

fn remove(dir: &Path) {
    if let Err(error) = fs::remove_dir_all(dir) {
        tracing::warn!(%error, "a copy of a file that was sent stays for now");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_copy_has_its_own_name_and_goes_unless_it_stays() {
        let dir = tempfile::tempdir().unwrap();
        let outbox = Outbox { dir: dir.path().join("outbox"), owner: None };
        let file = dir.path().join("0a1b");
        fs::write(&file, b"hello").unwrap();
        let one = outbox.hand_over(&file, "Nota nº 1.pdf").await.unwrap();
        assert_eq!(fs::read(one.path()).unwrap(), b"hello");
        assert_eq!(one.path().file_name().unwrap(), "Nota nº 1.pdf");
        let (gone, kept) = (one.path().to_owned(), outbox.hand_over(&file, "b.pdf").await.unwrap());
        drop(one);
        let path = kept.path().to_owned();
        kept.stay();
        assert!(!gone.exists() && path.exists());
        outbox.sweep(KEPT);
        assert!(path.exists());
        outbox.sweep(Duration::ZERO);
        assert!(!path.exists());
        for name in ["../x", "a/b", "", ".."] {
            assert!(outbox.hand_over(&file, name).await.is_err(), "{name}");
        }
    }
}
