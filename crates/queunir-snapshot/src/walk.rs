//! The one way through a folder that belongs to somebody else: by descriptors, never through a link.

use std::{
    ffi::OsStr,
    fs::File,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use rustix::{
    fd::{AsFd as _, BorrowedFd, OwnedFd},
    fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat, fstat, openat, statat},
    io::Errno,
};

use crate::{Bounds, Count, LONGEST, SnapshotError};

/// How deep folders are followed; each level keeps two descriptors open.
const DEEPEST: usize = 32;
/// Never through a link, never waiting for the other end of a pipe.
const CAREFUL: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

/// What to take.
pub struct Source<'a> {
    /// The folder, opened without following a link.
    pub folder: BorrowedFd<'a>,
    /// What the folder is called in the stream; whoever unpacks it must name the same.
    pub name: &'a str,
    /// What of it is not wanted, by the way below the folder.
    pub leave_out: &'a dyn Fn(&Path) -> bool,
    /// How much to take.
    pub bounds: Bounds,
    /// Whether it is still wanted; asked between any two pieces.
    pub go_on: &'a dyn Fn() -> bool,
}

/// What is met on the way, parents first.
pub(crate) enum Met {
    Folder,
    File(File),
}

type Visit<'a> = dyn FnMut(&Path, &Stat, Met) -> Result<(), SnapshotError> + 'a;

/// Shows everything in the folder that is kept.
pub(crate) fn walk(source: &Source<'_>, visit: &mut Visit<'_>) -> Result<Count, SnapshotError> {
    let device = fstat(source.folder).map_err(|error| io("look at the folder", error))?.st_dev;
    let mut walk = Walk { source, device, count: Count::default(), visit };
    walk.folder(source.folder, Path::new(""), 0)?;
    Ok(walk.count)
}

struct Walk<'a, 'b> {
    source: &'a Source<'a>,
    device: u64,
    count: Count,
    visit: &'a mut Visit<'b>,
}

impl Walk<'_, '_> {
    fn folder(&mut self, folder: BorrowedFd<'_>, way: &Path, depth: usize) -> Result<(), SnapshotError> {
        let entries = Dir::read_from(folder).map_err(|error| io("read a folder", error))?;
        for entry in entries {
            let entry = entry.map_err(|error| io("read a folder", error))?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name == "." || name == ".." {
                continue;
            }
            if !(self.source.go_on)() {
                return Err(SnapshotError::GivenUp);
            }
            let way = way.join(name);
            if (self.source.leave_out)(&way) {
                continue;
            }
            // Whoever reads the stream takes no longer ones.
            if self.source.name.len() + way.as_os_str().len() + 2 > LONGEST {
                self.skip()?;
            } else {
                self.entry(folder, name, way, depth)?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, folder: BorrowedFd<'_>, name: &OsStr, way: PathBuf, depth: usize) -> Result<(), SnapshotError> {
        let Some((opened, found)) = self.open(folder, name)? else { return self.skip() };
        if kind(&found) == FileType::RegularFile {
            self.count.add(u64::try_from(found.st_size).unwrap_or_default(), self.source.bounds)?;
            return (self.visit)(&way, &found, Met::File(opened.into()));
        }
        if depth >= DEEPEST {
            return self.skip();
        }
        self.count.add(0, self.source.bounds)?;
        (self.visit)(&way, &found, Met::Folder)?;
        self.folder(opened.as_fd(), &way, depth + 1)
    }

    /// What is not kept takes time as well.
    fn skip(&mut self) -> Result<(), SnapshotError> {
        self.count.skipped += 1;
        let bounds = self.source.bounds;
        if self.count.skipped <= bounds.entries { Ok(()) } else { Err(SnapshotError::TooLarge(bounds)) }
    }

    /// Opens a folder, or a file with one name, of the same disk; nothing else.
    fn open(&self, folder: BorrowedFd<'_>, name: &OsStr) -> Result<Option<(OwnedFd, Stat)>, SnapshotError> {
        // Looked at first, because opening a pipe or a device may do something.
        let flags = match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) if kind(&found) == FileType::Directory => CAREFUL | OFlags::DIRECTORY,
            Ok(found) if kind(&found) == FileType::RegularFile => CAREFUL,
            Ok(_) | Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(io("look at a file", error)),
        };
        let opened = match openat(folder, name, flags | OFlags::RDONLY, Mode::empty()) {
            Ok(opened) => opened,
            // Something else since it was looked at.
            Err(Errno::NOENT | Errno::LOOP | Errno::NOTDIR | Errno::NXIO) => return Ok(None),
            Err(error) => return Err(io("open a file", error)),
        };
        let found = fstat(&opened).map_err(|error| io("look at a file", error))?;
        let plain = match kind(&found) {
            FileType::Directory => true,
            // Another name may be somebody else's file.
            FileType::RegularFile => found.st_nlink == 1,
            _ => false,
        };
        Ok((plain && found.st_dev == self.device).then_some((opened, found)))
    }
}

fn kind(found: &Stat) -> FileType {
    FileType::from_raw_mode(found.st_mode)
}

fn io(doing: &'static str, error: Errno) -> SnapshotError {
    SnapshotError::Io(doing, error.into())
}
