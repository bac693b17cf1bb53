//! How many bytes folders take on the disk, found out within bounds.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// What a folder takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Blocks in use, in bytes; of a folder that was not walked to its end those that were met.
    pub bytes: u64,
    /// Whether everything was met.
    pub whole: bool,
}

/// How far to walk before giving up.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    entries: usize,
    until: Instant,
}

impl Bounds {
    /// At most so many entries, and no longer than so long from now; both hold for all walks with these bounds.
    #[must_use]
    pub fn new(entries: usize, time: Duration) -> Self {
        Self { entries, until: Instant::now() + time }
    }

    /// Whether nothing may be looked at any more.
    #[must_use]
    pub fn are_reached(&self) -> bool {
        self.entries == 0 || Instant::now() >= self.until
    }
}

/// Adds up what is below a folder; it blocks. Links are not followed, what vanishes meanwhile is left out, and a folder
/// that is not there takes nothing.
pub fn of(folder: &Path, bounds: &mut Bounds) -> Usage {
    let mut bytes = 0;
    let mut waiting: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            if bounds.are_reached() {
                return Usage { bytes, whole: false };
            }
            bounds.entries -= 1;
            // Of the entry itself, not of what a link leads to.
            let Ok(found) = entry.metadata() else { continue };
            bytes += found.blocks() * 512;
            if found.is_dir() {
                waiting.push(entry.path());
            }
        }
    }
    Usage { bytes, whole: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_below_are_added_up_links_are_not_followed_and_bounds_hold() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("a/b");
        fs::create_dir_all(&inner).unwrap();
        fs::write(inner.join("file"), vec![1; 300_000]).unwrap();
        fs::write(dir.path().join("other"), vec![1; 100_000]).unwrap();
        std::os::unix::fs::symlink("/usr", dir.path().join("link")).unwrap();
        let wide = || Bounds::new(1_000, Duration::from_secs(60));
        let found = of(dir.path(), &mut wide());
        assert!(found.whole && (400_000..500_000).contains(&found.bytes), "{found:?}");
        assert_eq!(of(&dir.path().join("nothing"), &mut wide()), Usage { bytes: 0, whole: true });
        let mut few = Bounds::new(2, Duration::from_secs(60));
        assert!(!of(dir.path(), &mut few).whole);
        assert!(few.are_reached());
        assert!(!of(dir.path(), &mut Bounds::new(1_000, Duration::ZERO)).whole);
    }
}
