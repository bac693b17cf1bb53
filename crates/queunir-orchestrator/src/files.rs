//! Folders and files that other users may read or own: written whole or not at all.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
};

use queunir_service::logfile;
use rustix::fs::OFlags;

/// A user with the group of the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner(pub u32);

/// A file or folder could not be made as wanted.
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing} {path}")]
pub struct FileError {
    doing: &'static str,
    path: PathBuf,
    #[source]
    source: io::Error,
}

impl FileError {
    /// Names what was tried and where.
    pub fn new(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self { doing, path: path.to_owned(), source }
    }
}

/// Writes a file beside its place and moves it there; a reader sees the old or the new one, never a half.
/// Not forced to the disk: what is written here is written anew at the next start, and a person waits.
///
/// Only root can give files away; for others `owner` is ignored, because everything runs as one user then.
pub fn write(path: &Path, content: &[u8], mode: u32, owner: Option<Owner>) -> Result<(), FileError> {
    replace(path, content, mode, owner, false)
}

/// Like [`write`], for what must survive a loss of power.
pub fn write_durably(path: &Path, content: &[u8], mode: u32) -> Result<(), FileError> {
    replace(path, content, mode, None, true)
}

fn replace(path: &Path, content: &[u8], mode: u32, owner: Option<Owner>, durably: bool) -> Result<(), FileError> {
    let unfinished = path.with_extension(format!("new{}", std::process::id()));
    let attempt = || -> io::Result<()> {
        if let Err(error) = fs::remove_file(&unfinished)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        // Never through a link: the folder may belong to a tenant's process.
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
            .open(&unfinished)?;
        file.write_all(content)?;
        if let Some(Owner(id)) = owner.filter(|_| is_root()) {
            fchown(&file, Some(id), Some(id))?;
        }
        file.set_permissions(fs::Permissions::from_mode(mode))?;
        if durably {
            file.sync_all()?;
        }
        fs::rename(&unfinished, path)
    };
    attempt().map_err(|source| FileError::new("write", path, source))
}

/// Makes a folder, or gives an existing one the mode and owner it should have.
pub fn folder(path: &Path, mode: u32, owner: Option<Owner>) -> Result<(), FileError> {
    let attempt = || -> io::Result<()> {
        match DirBuilder::new().mode(mode).create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            other => other?,
        }
        let flags = (OFlags::NOFOLLOW | OFlags::DIRECTORY).bits().cast_signed();
        let folder = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
        let found = folder.metadata()?;
        if let Some(Owner(id)) = owner.filter(|_| is_root())
            && (found.uid(), found.gid()) != (id, id)
        {
            fchown(&folder, Some(id), Some(id))?;
        }
        if found.mode() & 0o7777 != mode {
            folder.set_permissions(fs::Permissions::from_mode(mode))?;
        }
        Ok(())
    };
    attempt().map_err(|source| FileError::new("make the folder", path, source))
}

/// Reads a text file; `None` if there is none.
pub fn read(path: &Path) -> Result<Option<String>, FileError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FileError::new("read", path, error)),
    }
}

/// Removes a file; one that is not there counts as removed.
pub fn remove(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FileError::new("remove", path, error)),
        _ => Ok(()),
    }
}

/// Removes a folder with everything in it; one that is not there counts as removed.
pub fn remove_tree(path: &Path) -> Result<(), FileError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FileError::new("remove", path, error)),
        _ => Ok(()),
    }
}

/// Opens a new file for the output of a process, readable by its owner only; the one before it is kept beside it.
pub fn log(path: &Path) -> Result<File, FileError> {
    let attempt = || -> io::Result<File> {
        match fs::rename(path, logfile::earlier(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        OpenOptions::new().create_new(true).append(true).mode(0o600).open(path)
    };
    attempt().map_err(|source| FileError::new("open", path, source))
}

/// Whether files can be given away and processes started as somebody else.
#[must_use]
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The first folder on the way to `path` that other users cannot enter.
#[must_use]
pub fn closed_ancestor(path: &Path) -> Option<PathBuf> {
    path.ancestors()
        .skip(1)
        .find(|folder| fs::metadata(folder).is_ok_and(|found| found.mode() & 0o001 == 0))
        .map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_not_written_through_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let (victim, path) = (dir.path().join("victim"), dir.path().join("secret"));
        fs::write(&victim, "untouched").unwrap();
        std::os::unix::fs::symlink(&victim, &path).unwrap();
        write(&path, b"new", 0o640, None).unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::symlink_metadata(&path).unwrap().mode() & 0o7777, 0o640);
    }

    #[test]
    fn a_folder_gets_its_mode_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("folder");
        folder(&path, 0o711, None).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
        folder(&path, 0o700, None).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o700);
        assert_eq!(closed_ancestor(&path.join("file")), Some(path));
    }
}
