//! Taking one snapshot. Everything here blocks; the caller holds the slice's lock.

use std::{
    fs::{self, OpenOptions},
    io::{self, BufWriter},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use jiff::Timestamp;
use queunir_core::{
    id::SliceId,
    slice::{CLEAN_END, PROFILE_LOCK},
};
use queunir_service::storage;
use queunir_snapshot::{Bounds, Count, Recipient, SnapshotError, Source};
use rustix::{
    fd::{AsFd as _, BorrowedFd, OwnedFd},
    fs::{AtFlags, CWD, FlockOperation, Mode, OFlags, flock, openat, statat},
    io::{Errno, read},
};

use super::{
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
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Outcome {
    /// A new one is there.
    Taken { bytes: u64, count: Count },
    /// The newest one holds the profile as it is. An unchanged profile pushes no other one off the shelf.
    Unchanged,
    /// No browser has used the profile since it was made or deleted.
    Empty,
    /// It was wanted no more.
    GivenUp,
}

pub(super) fn take(wish: &Wish, go_on: &dyn Fn() -> bool) -> anyhow::Result<Outcome> {
    let folders = SliceFolders::new(&wish.state_dir, wish.slice);
    let profile = openat(CWD, folders.session(), DIRECTORY, Mode::empty()).context("cannot open the profile")?;
    if statat(&profile, "Default", AtFlags::SYMLINK_NOFOLLOW).is_err() {
        // Only its tenant's wish takes a login out of a profile (CHR-06).
        shelf::forget_before(&folders, wish.now)?;
        return Ok(Outcome::Empty);
    }
    let _browsers = lock_of_ended_browser(profile.as_fd())?;
    let room = storage::room(&wish.state_dir).context("cannot tell how much room is left")?;
    let bounds = Bounds { bytes: BOUNDS.bytes.min(room.saturating_sub(storage::ENOUGH)), ..BOUNDS };
    let name = name(wish.slice);
    let source = Source { folder: profile.as_fd(), name: &name, leave_out: &is_left_out, bounds, go_on };
    let done = match newest_holds(wish, &folders, &source) {
        Ok(true) => return Ok(Outcome::Unchanged),
        Ok(false) => store(wish, &folders, &source),
        Err(error) => Err(error),
    };
    match done {
        Err(error) if matches!(error.downcast_ref(), Some(SnapshotError::GivenUp)) => Ok(Outcome::GivenUp),
        done => done,
    }
}

const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// The browser's lock, which nothing has that outlived its slice, and whose last holder ended by itself.
fn lock_of_ended_browser(profile: BorrowedFd<'_>) -> anyhow::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let lock = openat(profile, PROFILE_LOCK, flags, Mode::empty()).context("cannot open the browser's lock")?;
    match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(Errno::WOULDBLOCK) => bail!("a browser still has the profile"),
        Err(error) => return Err(error).context("cannot take the browser's lock"),
    }
    let mut said = [0; CLEAN_END.len()];
    let length = read(&lock, &mut said).context("cannot read the browser's lock")?;
    if said.get(..length) == Some(CLEAN_END) { Ok(lock) } else { bail!("the browser did not end by itself") }
}

fn is_left_out(way: &Path) -> bool {
    LEFT_OUT.iter().any(|name| way == Path::new(name)) || caches::holds(way)
}

/// Whether nothing has changed since the newest snapshot was taken; it then counts for this start, too.
fn newest_holds(wish: &Wish, folders: &SliceFolders, source: &Source<'_>) -> anyhow::Result<bool> {
    let Some(newest) = shelf::list(folders)?.into_iter().next() else { return Ok(false) };
    // One of the future was taken before the clock was set back.
    let is_comparable = newest.generation < wish.generation && newest.taken_at <= wish.now;
    if !is_comparable || queunir_snapshot::changed_at(source)? >= newest.taken_at.as_second() {
        return Ok(false);
    }
    let path = newest.path.with_file_name(shelf::name(wish.generation, newest.taken_at));
    fs::rename(&newest.path, path).context("cannot rename the newest snapshot")?;
    sync_folder(&folders.snapshots())?;
    Ok(true)
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
