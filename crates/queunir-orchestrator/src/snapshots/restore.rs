//! Putting a snapshot in the place of a profile, by an operator's hand. It blocks its thread for as long as that takes.
//!
//! Everything is unpacked and proven whole before anything is moved, and one exchange of names is the moment at which it
//! happens. The profile that was there is moved aside; after 14 days it goes (CHR-06).

use std::{
    fs::{self, DirBuilder, File},
    io,
    os::unix::fs::{DirBuilderExt, chown},
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use queunir_core::{id::SliceId, slice::SliceSpec};
use queunir_snapshot::{Bounds, Count, Identities, SnapshotError};
use rustix::fs::{CWD, RenameFlags, renameat_with, syncfs};

use super::{
    browser::{Browser, open_profile},
    name, shelf, sync_folder,
};
use crate::{
    files::{self, FileError, Owner},
    folders::SliceFolders,
    runtime::{RuntimeError, lock},
};

/// What may be unpacked: twice what is taken.
const BOUNDS: Bounds = Bounds { entries: 400_000, bytes: 4 << 30 };

/// What an operator wants.
pub struct Restore<'a> {
    /// The state directory.
    pub state_dir: &'a Path,
    /// The slice.
    pub slice: SliceId,
    /// The snapshot; its name says after which start it was taken.
    pub snapshot: &'a Path,
    /// The secret keys.
    pub keys: &'a Identities,
    /// Whether it is known that later starts may have made this login worthless.
    pub may_be_dead: bool,
    /// How long to wait for the slice to end.
    pub patience: Duration,
    /// The present moment.
    pub now: Timestamp,
}

/// What came of it.
#[derive(Debug)]
pub struct Restored {
    /// What was unpacked.
    pub count: Count,
    /// Where the profile of before is now, if there was one.
    pub aside: Option<PathBuf>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// Nothing of such a slice is here.
    #[error("slice {0} has no folder on this host")]
    NoSlice(SliceId),
    /// The snapshot was renamed.
    #[error(
        "{0:?} does not say after which start it was taken; give it the name back that it was written under (gN-TIME.tar.zst.age)"
    )]
    Name(PathBuf),
    /// Something of the slice lives.
    #[error("slice {0} runs, or a snapshot of it is just being taken; stop it first (queunir slices stop {0})")]
    Runs(SliceId),
    /// Its login has moved on.
    #[error("start {ran} of slice {slice} has run since this was taken after start {kept}: its login is likely dead")]
    Older {
        /// The slice.
        slice: SliceId,
        /// The last start.
        ran: i64,
        /// The snapshot's start.
        kept: i64,
    },
    /// No start is on record here.
    #[error("it is not known which start of slice {0} ran last: the login may be dead")]
    Unknown(SliceId),
    /// Nothing that was moved aside is removed for one more.
    #[error("two profiles of this slice are aside already ({0}); remove the one that nobody needs")]
    Crowded(String),
    /// The snapshot itself.
    #[error("cannot use {0}")]
    Snapshot(PathBuf, #[source] SnapshotError),
    /// The disk.
    #[error(transparent)]
    File(#[from] FileError),
    /// The lock.
    #[error("cannot lock slice {0}")]
    Lock(SliceId, #[source] RuntimeError),
}

/// Puts a snapshot in the place of the profile. Nothing of the slice can start meanwhile.
///
/// # Errors
/// Nothing is changed then.
pub async fn restore(wish: &Restore<'_>) -> Result<Restored, RestoreError> {
    let folders = SliceFolders::new(wish.state_dir, wish.slice);
    if !folders.root().is_dir() {
        return Err(RestoreError::NoSlice(wish.slice));
    }
    let kept = shelf::Snapshot::named(wish.snapshot).ok_or_else(|| RestoreError::Name(wish.snapshot.to_owned()))?;
    let input = File::open(wish.snapshot).map_err(|error| FileError::new("read", wish.snapshot, error))?;
    let _held = lock::hold_within(&folders.lock(), wish.patience).await.map_err(|error| match error {
        RuntimeError::Busy => RestoreError::Runs(wish.slice),
        other => RestoreError::Lock(wish.slice, other),
    })?;
    match last_start(&folders)? {
        _ if wish.may_be_dead => {}
        None => return Err(RestoreError::Unknown(wish.slice)),
        Some(ran) if ran > kept.generation => {
            return Err(RestoreError::Older { slice: wish.slice, ran, kept: kept.generation });
        }
        Some(_) => {}
    }
    let _browser = without_browser(wish.slice, &folders)?;
    let aside = place_aside(wish, &folders)?;
    let fresh = Incoming::new(&folders)?;
    let count = unpack(wish, &folders, &fresh.0, input)?;
    let aside = exchange(&folders, &fresh.0, aside)?;
    Ok(Restored { count, aside })
}

/// The start that ran last: its spec is written when its lock is held.
fn last_start(folders: &SliceFolders) -> Result<Option<i64>, FileError> {
    let spec = files::read(&folders.spec())?.and_then(|text| serde_json::from_str::<SliceSpec>(&text).ok());
    Ok(spec.map(|spec| spec.generation))
}

/// The lock of the profile that is there: what outlived its slice must not write into it where nobody looks for it.
fn without_browser(slice: SliceId, folders: &SliceFolders) -> Result<Browser, RestoreError> {
    let profile = match open_profile(&folders.session()) {
        Ok(profile) => profile,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Browser::None),
        Err(error) => return Err(FileError::new("open", &folders.session(), error).into()),
    };
    match Browser::of(&profile).map_err(|error| FileError::new("look at the lock in", &folders.session(), error))? {
        Browser::Alive => Err(RestoreError::Runs(slice)),
        ended => Ok(ended),
    }
}

/// Where the profile that is there will be; none that was moved before goes for it.
fn place_aside(wish: &Restore<'_>, folders: &SliceFolders) -> Result<PathBuf, RestoreError> {
    let aside = shelf::quarantined(folders)?;
    if aside.len() >= shelf::ASIDE_MOST {
        let paths = aside.into_iter().map(|(_, path)| path.display().to_string()).collect::<Vec<_>>();
        return Err(RestoreError::Crowded(paths.join(", ")));
    }
    let place = folders.root().join(shelf::quarantine(wish.now));
    let taken = || FileError::new("move a profile to", &place, io::ErrorKind::AlreadyExists.into());
    if place.exists() { Err(taken().into()) } else { Ok(place) }
}

/// The folder of a profile that is not whole; removed with all that is in it, unless it became the profile.
struct Incoming(PathBuf);

impl Incoming {
    fn new(folders: &SliceFolders) -> Result<Self, FileError> {
        let place = folders.incoming();
        files::remove_tree(&place)?;
        DirBuilder::new().mode(0o700).create(&place).map_err(|error| FileError::new("make", &place, error))?;
        Ok(Self(place))
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // The next attempt removes what cannot be removed now.
        drop(fs::remove_dir_all(&self.0));
    }
}

fn unpack(wish: &Restore<'_>, folders: &SliceFolders, fresh: &Path, input: File) -> Result<Count, RestoreError> {
    let failed = |error: io::Error| FileError::new("force to the disk", fresh, error);
    let owner = folders.owner().map(|Owner(id)| id);
    let count = queunir_snapshot::read(input, wish.keys, &name(wish.slice), fresh, owner, BOUNDS)
        .map_err(|error| RestoreError::Snapshot(wish.snapshot.to_owned(), error))?;
    chown(fresh, owner, owner).map_err(|error| FileError::new("give away", fresh, error))?;
    File::open(fresh).and_then(|folder| Ok(syncfs(folder)?)).map_err(failed)?;
    Ok(count)
}

/// The moment at which it happens; `aside` is where the profile of before is then, if there was one.
fn exchange(folders: &SliceFolders, fresh: &Path, aside: PathBuf) -> Result<Option<PathBuf>, FileError> {
    let place = folders.session();
    let failed = |error: io::Error| FileError::new("replace", &place, error);
    if !place.exists() {
        renameat_with(CWD, fresh, CWD, &place, RenameFlags::NOREPLACE).map_err(|error| failed(error.into()))?;
        settle(folders, None);
        return Ok(None);
    }
    // Under its later name before it has it, so that a crash at any moment leaves both whole and neither to be removed.
    fs::rename(fresh, &aside).map_err(failed)?;
    if let Err(error) = renameat_with(CWD, &aside, CWD, &place, RenameFlags::EXCHANGE) {
        drop(fs::remove_dir_all(&aside));
        return Err(failed(error.into()));
    }
    settle(folders, Some(&aside));
    Ok(Some(aside))
}

/// What is left to do when it has happened: nothing of it can turn it back.
fn settle(folders: &SliceFolders, aside: Option<&Path>) {
    // Out of its slice's reach, whatever mode that gave it.
    let owned = aside.map_or(Ok(()), |aside| files::folder(aside, 0o700, Some(Owner(0))));
    let synced = sync_folder(folders.root()).map_err(|error| FileError::new("sync", folders.root(), error));
    if let Err(error) = owned.and(synced) {
        let error = format!("{:#}", anyhow::Error::new(error));
        tracing::warn!(error, "the profile was replaced, but the one of before is not put away as it should be");
    }
}
