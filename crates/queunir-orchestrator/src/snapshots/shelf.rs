//! What is kept of a slice's profiles: snapshots, and profiles that a restored one took the place of.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use queunir_core::id::SliceId;

use super::sync_folder;
use crate::{
    files::{self, FileError},
    folders::{self, QUARANTINE, SliceFolders},
    runtime::lock,
};

/// So many snapshots of a slice are kept (BKP-04).
const KEPT: usize = 2;
/// So many profiles of a slice may be aside (CHR-06).
pub(super) const ASIDE_MOST: usize = 2;
/// A profile that was moved aside is removed after so long (CHR-06).
const ASIDE_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);
/// No restore takes so long.
const RESTORE_MOST: SignedDuration = SignedDuration::from_mins(10);
/// What is not finished.
pub(super) const UNFINISHED: &str = "unfinished";
/// How names end: what has to be undone to read them, last first.
const END: &str = ".tar.zst.age";
/// How moments are written in names.
const MOMENT: &str = "%Y%m%dT%H%M%SZ";

/// One snapshot on the disk; the newer one is the greater.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Snapshot {
    /// The start after whose end it was taken.
    pub generation: i64,
    /// When it was taken, to the second.
    pub taken_at: Timestamp,
    /// Its size on the disk.
    pub bytes: u64,
    /// Where it is.
    pub path: PathBuf,
}

impl Snapshot {
    /// What its name says; `None` for any other name.
    #[must_use]
    pub fn named(path: &Path) -> Option<Self> {
        let (generation, moment) = path.file_name()?.to_str()?.strip_suffix(END)?.strip_prefix('g')?.split_once('-')?;
        Some(Self {
            generation: generation.parse().ok()?,
            taken_at: read_moment(moment)?,
            bytes: 0,
            path: path.to_owned(),
        })
    }
}

/// The name of a snapshot.
pub(super) fn name(generation: i64, taken_at: Timestamp) -> String {
    format!("g{generation}-{}{END}", taken_at.strftime(MOMENT))
}

/// A folder's name for a profile that is moved aside.
pub(super) fn quarantine(at: Timestamp) -> String {
    format!("{QUARANTINE}{}", at.strftime(MOMENT))
}

fn read_moment(text: &str) -> Option<Timestamp> {
    let moment = DateTime::strptime(MOMENT, text).ok()?;
    Some(moment.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// Every snapshot of a slice, newest first.
///
/// # Errors
/// When the folder cannot be read; one that is not there is empty.
pub fn list(folders: &SliceFolders) -> Result<Vec<Snapshot>, FileError> {
    let folder = folders.snapshots();
    let mut found = Vec::new();
    for path in entries(&folder)? {
        let Some(snapshot) = Snapshot::named(&path) else { continue };
        let bytes = fs::symlink_metadata(&path).map_err(|error| FileError::new("look at", &path, error))?.len();
        found.push(Snapshot { bytes, ..snapshot });
    }
    found.sort_by(|one, other| other.cmp(one));
    Ok(found)
}

/// Removes all but the newest snapshots.
pub(super) fn keep_newest(folders: &SliceFolders) -> Result<(), FileError> {
    for old in list(folders)?.into_iter().skip(KEPT) {
        remove(&old.path)?;
    }
    Ok(())
}

/// Whether anything of earlier profiles is here.
pub(super) fn holds_anything(folders: &SliceFolders) -> bool {
    let is_empty = |found: Result<Vec<PathBuf>, FileError>| found.is_ok_and(|found| found.is_empty());
    let aside = quarantined(folders).map(|found| found.into_iter().map(|(_, path)| path).collect());
    !(is_empty(entries(&folders.snapshots())) && is_empty(aside) && !folders.incoming().exists())
}

/// Removes what was kept before a profile was deleted on demand, and what was not finished; tells how much that was.
/// Nothing of it may be in use: the slice runs, or the caller has its lock.
///
/// # Errors
/// When something cannot be removed; the rest is removed all the same.
pub(super) fn forget_before(folders: &SliceFolders, deleted_at: Timestamp) -> Result<usize, FileError> {
    let unfinished = [folders.snapshots().join(UNFINISHED), folders.incoming()];
    let whole = list(folders)?.into_iter().map(|one| (one.taken_at, one.path)).chain(quarantined(folders)?);
    let older = whole.filter(|(at, _)| *at <= deleted_at).map(|(_, path)| path);
    let gone = remove_all(older.chain(unfinished.into_iter().filter(|path| path.exists())))?;
    if gone > 0 && folders.snapshots().exists() {
        let folder = folders.snapshots();
        sync_folder(&folder).map_err(|error| FileError::new("sync", &folder, error))?;
    }
    Ok(gone)
}

/// Removes profiles of all slices that were moved aside long ago, and what a restore was cut off at; tells how many.
///
/// # Errors
/// When something cannot be read or removed; the rest is removed all the same.
pub fn forget_aside(state_dir: &Path, now: Timestamp) -> Result<usize, FileError> {
    let slices = entries(&folders::all(state_dir))?;
    let numbers = slices.iter().filter_map(|path| path.file_name()?.to_str()?.parse().ok());
    all_of(numbers.map(|number| forget_aside_of(&SliceFolders::new(state_dir, SliceId(number)), now)))
}

fn forget_aside_of(folders: &SliceFolders, now: Timestamp) -> Result<usize, FileError> {
    let old = quarantined(folders)?.into_iter().filter(|(at, _)| now.duration_since(*at) > ASIDE_FOR);
    let mut gone: Vec<PathBuf> = old.map(|(_, path)| path).collect();
    let incoming = folders.incoming();
    if let Ok(found) = fs::symlink_metadata(&incoming) {
        // A restore under way has the lock, but a slice that runs has it as well; no restore takes as long.
        let free = lock::take(&folders.lock()).ok().flatten();
        let is_old = now.as_second().saturating_sub(found.mtime()) > RESTORE_MOST.as_secs();
        gone.extend((free.is_some() || is_old).then_some(incoming));
        return remove_all(gone.into_iter());
    }
    remove_all(gone.into_iter())
}

fn remove_all(paths: impl Iterator<Item = PathBuf>) -> Result<usize, FileError> {
    all_of(paths.map(|path| remove(&path).map(|()| 1)))
}

/// Does all of it, and tells of the first failure.
fn all_of(parts: impl Iterator<Item = Result<usize, FileError>>) -> Result<usize, FileError> {
    let (mut sum, mut failed) = (0, None);
    for part in parts {
        match part {
            Ok(count) => sum += count,
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(sum), Err)
}

/// Profiles that were moved aside, with the moment.
pub(super) fn quarantined(folders: &SliceFolders) -> Result<Vec<(Timestamp, PathBuf)>, FileError> {
    let moment = |path: &Path| read_moment(path.file_name()?.to_str()?.strip_prefix(QUARANTINE)?);
    Ok(entries(folders.root())?.into_iter().filter_map(|path| Some((moment(&path)?, path))).collect())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    match fs::read_dir(folder) {
        Ok(entries) => entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()
            .map_err(|error| FileError::new("read", folder, error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(FileError::new("read", folder, error)),
    }
}

fn remove(path: &Path) -> Result<(), FileError> {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
    if is_folder { files::remove_tree(path) } else { files::remove(path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_name_says_start_and_time_and_any_other_name_is_left_alone() {
        let taken_at = at("2026-11-23T09:05:07Z");
        let name = name(12, taken_at);
        assert_eq!(name, "g12-20261123T090507Z.tar.zst.age");
        let found = Snapshot::named(Path::new(&name)).unwrap();
        assert_eq!((found.generation, found.taken_at), (12, taken_at));
        for other in ["unfinished", "g12.tar.zst.age", "12-20261123T090507Z.tar.zst.age", "g1-2026.tar.zst.age"] {
            assert_eq!(Snapshot::named(Path::new(other)), None, "{other}");
        }
    }

    #[test]
    fn the_last_two_are_kept_by_start_and_then_by_time() {
        let dir = tempfile::tempdir().unwrap();
        let folders = SliceFolders::new(dir.path(), SliceId(3));
        fs::create_dir_all(folders.snapshots()).unwrap();
        let names = [
            name(9, at("2026-11-23T12:00:00Z")),
            name(10, at("2026-11-23T09:00:00Z")),
            name(10, at("2026-11-23T10:00:00Z")),
        ];
        for name in &names {
            fs::write(folders.snapshots().join(name), "x").unwrap();
        }
        fs::write(folders.snapshots().join("notes.txt"), "an operator's").unwrap();
        keep_newest(&folders).unwrap();
        let left: Vec<_> = list(&folders).unwrap().into_iter().map(|one| (one.generation, one.bytes)).collect();
        assert_eq!(left, [(10, 1), (10, 1)]);
        assert!(folders.snapshots().join("notes.txt").exists());
    }

    #[test]
    fn what_was_kept_before_a_profile_was_deleted_goes_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let folders = SliceFolders::new(dir.path(), SliceId(3));
        fs::create_dir_all(folders.snapshots()).unwrap();
        fs::create_dir_all(folders.session()).unwrap();
        for (generation, moment) in [(1, "2026-11-23T09:00:00Z"), (2, "2026-11-23T11:00:00Z")] {
            fs::write(folders.snapshots().join(name(generation, at(moment))), "x").unwrap();
            fs::create_dir(folders.root().join(quarantine(at(moment)))).unwrap();
        }
        assert_eq!(forget_before(&folders, at("2026-11-23T10:00:00Z")).unwrap(), 2);
        assert_eq!(list(&folders).unwrap().len(), 1);
        assert_eq!(quarantined(&folders).unwrap().len(), 1);
        assert_eq!(forget_before(&folders, at("2026-11-23T10:00:00Z")).unwrap(), 0);
        assert!(folders.session().exists(), "the profile itself is not ours to delete");
    }
}
