//! Taking one snapshot. Everything here blocks; the caller holds the slice's lock.

use std::{
    fs::{self, OpenOptions},
    io::{self, BufWriter},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use jiff::Timestamp;
use queunir_core::{id::SliceId, slice::PROFILE_LOCK};
use queunir_service::storage;
use queunir_snapshot::{Bounds, Count, Recipient, SnapshotError, Source};
use rustix::{
    fd::AsFd as _,
    fs::{AtFlags, statat},
    io::Errno,
};

use super::{
    browser::{Browser, open_profile},
    name,
    shelf::{self, UNFINISHED},
    sync_folder,
};
use crate::{caches, files, folders::SliceFolders};

/// More than this a profile never has by itself: a tenth of it is usual.
const BOUNDS: Bounds = Bounds { entries: 200_000, bytes: 2 << 30 };
/// What is no part of the login: the locks, and the browser's home, which holds copies of files on their way.
const LEFT_OUT: [&str; 5] = [PROFILE_LOCK, ".home", "SingletonLock", "SingletonSocket", "SingletonCookie"];

/// What to keep.
pub(super) struct Wish {
    pub(super) state_dir: PathBuf,
    pub(super) slice: SliceId,
    /// The start that has just ended.
    pub(super) generation: i64,
    pub(super) now: Timestamp,
    pub(super) recipient: Recipient,
    /// So many share the room that is left.
    pub(super) at_once: u64,
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Outcome {
    /// A new one is there.
    Taken { bytes: u64, count: Count },
    /// The profile was deleted on demand since the slice was last asked.
    Empty,
    /// It was wanted no more.
    GivenUp,
}

pub(super) fn take(wish: &Wish, go_on: &dyn Fn() -> bool) -> anyhow::Result<Outcome> {
    let folders = SliceFolders::new(&wish.state_dir, wish.slice);
    let profile = open_profile(&folders.session()).context("cannot open the profile")?;
    let browser = Browser::of(&profile).context("cannot look at the browser's lock")?;
    if matches!(browser, Browser::Alive) {
        bail!("a browser still has the profile");
    }
    let by_itself = matches!(browser, Browser::Ended { by_itself: true, .. });
    match statat(&profile, "Default", AtFlags::SYMLINK_NOFOLLOW) {
        Ok(_) if by_itself => {}
        Ok(_) => bail!("the browser did not end by itself"),
        // Whoever deletes a profile on demand takes its lock, and with it the note of a clean end.
        Err(Errno::NOENT) if !by_itself => {
            shelf::forget_before(&folders, wish.now)?;
            return Ok(Outcome::Empty);
        }
        Err(error) => return Err(error).context("the profile is not as its browser left it"),
    }
    let room = storage::room(&wish.state_dir).context("cannot tell how much room is left")?;
    let share = room.saturating_sub(storage::ENOUGH) / wish.at_once.max(1);
    let bounds = Bounds { bytes: BOUNDS.bytes.min(share), ..BOUNDS };
    let name = name(wish.slice);
    let source = Source { folder: profile.as_fd(), name: &name, leave_out: &is_left_out, bounds, go_on };
    match store(wish, &folders, &source) {
        Err(error) if matches!(error.downcast_ref(), Some(SnapshotError::GivenUp)) => Ok(Outcome::GivenUp),
        done => done,
    }
}

fn is_left_out(way: &Path) -> bool {
    LEFT_OUT.iter().any(|name| way == Path::new(name)) || caches::holds(way)
}

fn store(wish: &Wish, folders: &SliceFolders, source: &Source<'_>) -> anyhow::Result<Outcome> {
    let shelf = folders.snapshots();
    if let Some(parent) = shelf.parent() {
        files::folder(parent, 0o700, None)?;
    }
    files::folder(&shelf, 0o700, None)?;
    let unfinished = shelf.join(UNFINISHED);
    files::remove(&unfinished)?;
    let written = write(&unfinished, &wish.recipient, source).and_then(|outcome| {
        fs::rename(&unfinished, shelf.join(shelf::name(wish.generation, wish.now)))?;
        sync_folder(&shelf)?;
        Ok(outcome)
    });
    if written.is_err() {
        files::remove(&unfinished)?;
        return written;
    }
    shelf::keep_newest(folders)?;
    written
}

fn write(path: &Path, recipient: &Recipient, source: &Source<'_>) -> anyhow::Result<Outcome> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).context("cannot make a file")?;
    let count = queunir_snapshot::write(BufWriter::new(&file), recipient, source)?;
    let synced: io::Result<u64> = file.sync_all().and_then(|()| Ok(file.metadata()?.len()));
    Ok(Outcome::Taken { bytes: synced.context("cannot force a snapshot to the disk")?, count })
}
