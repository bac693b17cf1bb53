//! The wall around what a slice takes on the disk, where the file system has one.
//!
//! The slice measures what it takes and stops writing at nine tenths of its quota; the wall is further out and the last
//! line: there the kernel refuses its writes, whatever it does between two measurements. btrfs has such walls. Everywhere
//! else, and where anything of it is missing, slices are measured only, and the operator is told so once.

mod btrfs;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use anyhow::Context;
use procfs::process::Process;
use tokio::{sync::Notify, time::sleep};

use crate::{
    files,
    folders::{self, SliceFolders},
};

/// What a wall leaves beyond the quota besides a tenth of it: for what stands in the folder and is not measured, as logs,
/// the spec, and what the file system itself needs. Smaller, and a slice with a small quota meets the wall before it stops
/// by itself.
const BESIDE: u64 = 64 << 20;
/// Pause before the file system is asked again to forget slices that were erased; it frees their blocks in the background.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// The longest one. Longer, and forgotten groups are listed for longer; they cost nothing.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// What bounds slices on the disk of one state directory.
pub struct Room {
    slices: PathBuf,
    /// The same file system, there from the start.
    place: PathBuf,
    quota_bytes: u64,
    has_walls: bool,
    warned: AtomicBool,
    erased: Notify,
}

impl Room {
    /// Finds out whether slices under `state_dir` can have walls, and tells the operator. `quota_bytes` is the room of each;
    /// 0 is no bound.
    pub async fn of(state_dir: &Path, quota_bytes: u64) -> Self {
        let slices = folders::all(state_dir);
        let place = if slices.exists() { slices.clone() } else { state_dir.to_owned() };
        let kind = file_system(&place).unwrap_or_else(|error| {
            tracing::debug!(%error, "the kind of the disk is not known");
            "unknown".to_owned()
        });
        let has_walls = kind == btrfs::NAME && files::is_root();
        let (warned, erased) = (AtomicBool::new(false), Notify::new());
        let room = Self { slices, place, quota_bytes, has_walls, warned, erased };
        if !has_walls {
            tracing::info!(file_system = kind, "what slices take on the disk is measured only");
        } else if let Err(error) = btrfs::groups(&room.place).await {
            room.warn(&error);
        } else if quota_bytes > 0 {
            tracing::info!(file_system = kind, quota_bytes, "the file system itself holds slices within their room");
        }
        room
    }

    /// Makes the folder of a slice that has none with a wall around it, and sets the wall of one that has to where it
    /// belongs now. A start never fails of it: what cannot have a wall is measured only.
    pub async fn prepare(&self, folders: &SliceFolders) {
        if !self.has_walls {
            return;
        }
        if let Err(error) = self.wall(folders.root()).await {
            self.warn(&error);
        }
    }

    async fn wall(&self, folder: &Path) -> anyhow::Result<()> {
        if !folder.exists() {
            files::folder(&self.slices, 0o711, None)?;
            btrfs::make(folder).await?;
        }
        // One that was made without stays as it is.
        if btrfs::is_subvolume(folder) {
            let wall = (self.quota_bytes > 0).then(|| self.quota_bytes + self.quota_bytes / 10 + BESIDE);
            btrfs::bound(folder, wall).await?;
        }
        Ok(())
    }

    /// Tells the operator the first time, if there is a room to hold slices in.
    fn warn(&self, error: &anyhow::Error) {
        if self.quota_bytes > 0 && !self.warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                error = format!("{error:#}"),
                "the file system could hold slices within their room and does not; they are measured only"
            );
        }
    }

    /// Notes that a slice's folder was removed.
    pub fn note_erased(&self) {
        self.erased.notify_one();
    }

    /// Takes away what the file system remembers of slices that were erased; never returns.
    pub async fn tidy(&self) {
        loop {
            let mut pause = FIRST_PAUSE;
            while self.has_walls && !self.is_tidy().await {
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            self.erased.notified().await;
        }
    }

    async fn is_tidy(&self) -> bool {
        match btrfs::sweep(&self.place).await {
            Ok(left) => left == 0,
            Err(error) => {
                tracing::debug!(error = format!("{error:#}"), "erased slices are not asked for");
                true
            }
        }
    }
}

/// What bounds one slice's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The kernel refuses what goes beyond.
    Wall {
        /// The bound.
        bytes: u64,
        /// What is taken of it.
        taken_bytes: u64,
    },
    /// The slice measures itself and stops; the file system, of this kind, knows no bound.
    Measured(String),
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wall { bytes, taken_bytes } => {
                write!(f, "{} MB by the file system, {} MB taken", bytes >> 20, taken_bytes >> 20)
            }
            Self::Measured(kind) => write!(f, "measured only ({kind})"),
        }
    }
}

/// What bounds a slice's folder on this host; none if there is no such folder. The file system tells root alone.
pub async fn bound(folder: &Path) -> Option<Bound> {
    let kind = file_system(folder).ok()?;
    let group = if kind == btrfs::NAME && btrfs::is_subvolume(folder) { btrfs::group(folder).await.ok() } else { None };
    let wall = group.and_then(|group| Some(Bound::Wall { bytes: group.wall?, taken_bytes: group.taken }));
    Some(wall.unwrap_or(Bound::Measured(kind)))
}

/// What the kernel calls the file system that a path is on.
fn file_system(path: &Path) -> anyhow::Result<String> {
    let path = path.canonicalize()?;
    let above = Process::myself()?.mountinfo()?.0.into_iter().filter(|mount| path.starts_with(&mount.mount_point));
    // Of several at one place the last one is seen.
    let nearest = above.max_by_key(|mount| mount.mount_point.components().count());
    Ok(nearest.context("no file system holds it")?.fs_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_system_of_a_path_is_that_of_the_nearest_mount() {
        assert_eq!(file_system(Path::new("/proc/self/status")).unwrap(), "proc");
        assert_ne!(file_system(Path::new("/")).unwrap(), "proc");
        assert!(file_system(Path::new("/nowhere/at/all")).is_err());
    }

    #[tokio::test]
    async fn what_has_no_wall_is_left_to_be_made_as_ever() {
        let dir = tempfile::tempdir().unwrap();
        let folders = SliceFolders::new(dir.path(), queunir_core::id::SliceId(1));
        assert_eq!(bound(folders.root()).await, None);
        let room = Room { has_walls: false, ..Room::of(dir.path(), 1 << 30).await };
        room.prepare(&folders).await;
        assert!(!folders.root().exists());
        folders.prepare().unwrap();
        assert!(matches!(bound(folders.root()).await, Some(Bound::Measured(_))));
    }
}
