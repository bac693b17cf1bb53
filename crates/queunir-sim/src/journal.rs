//! The journal behind `--state FILE`: one line per change, handed to the operating system before it is acknowledged.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::world::{Change, World};

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file system said no.
    #[error("journal {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// A line in the middle is not a change; the file is not ours or was edited.
    #[error("journal {path}: line {line} is not a change: {source}")]
    Broken {
        /// The file.
        path: PathBuf,
        /// Counted from one.
        line: usize,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// Another simulator uses it.
    #[error("journal {path} is in use by another process")]
    InUse {
        /// The file.
        path: PathBuf,
    },
}

/// An open journal, positioned at its end.
#[derive(Debug)]
pub struct Journal {
    file: File,
    path: PathBuf,
    length: u64,
}

impl Journal {
    /// Opens or creates the file and replays it into a world; a torn last line is cut off.
    pub fn open(path: &Path) -> Result<(Self, World), JournalError> {
        let io = |source| JournalError::Io { path: path.to_owned(), source };
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(io)?;
        if file.try_lock().is_err() {
            return Err(JournalError::InUse { path: path.to_owned() });
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io)?;
        let (world, good) =
            replay(&bytes).map_err(|(line, source)| JournalError::Broken { path: path.to_owned(), line, source })?;
        if good < bytes.len() {
            tracing::warn!(journal.dropped_bytes = bytes.len() - good, "cut a torn last line off the journal");
            file.set_len(good as u64).map_err(io)?;
        }
        file.seek(SeekFrom::Start(good as u64)).map_err(io)?;
        Ok((Self { file, path: path.to_owned(), length: good as u64 }, world))
    }

    /// Writes changes with one call; when it returns, ending the process loses nothing.
    pub fn append(&mut self, changes: &[Change]) -> Result<(), JournalError> {
        let mut lines = Vec::new();
        for change in changes {
            serde_json::to_writer(&mut lines, change)
                .map_err(|source| JournalError::Io { path: self.path.clone(), source: source.into() })?;
            lines.push(b'\n');
        }
        let written = self.file.write_all(&lines);
        if let Err(source) = written {
            self.cut_back();
            return Err(JournalError::Io { path: self.path.clone(), source });
        }
        self.length += lines.len() as u64;
        Ok(())
    }

    /// Takes half a line away after a failed write, so that the next one does not stick to it.
    fn cut_back(&mut self) {
        let cut = self.file.set_len(self.length).and_then(|()| self.file.seek(SeekFrom::Start(self.length)));
        if let Err(error) = cut {
            tracing::error!(error = %error, "the journal could not be cut back after a failed write");
        }
    }
}

/// Applies the lines; gives the world and the length of the part that is whole.
fn replay(bytes: &[u8]) -> Result<(World, usize), (usize, serde_json::Error)> {
    let mut world = World::default();
    let mut good = 0;
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let count = lines.len();
    for (index, line) in lines.into_iter().enumerate() {
        let last = index + 1 == count;
        if line.last() != Some(&b'\n') {
            break;
        }
        match serde_json::from_slice::<Change>(line) {
            Ok(change) => world.apply(change),
            Err(_) if last => break,
            Err(error) => return Err((index + 1, error)),
        }
        good += line.len();
    }
    Ok((world, good))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{Act, ActKind};

    fn did(at: i64) -> Change {
        Change::Did { account: "ana".into(), act: Act { at, device: None, kind: ActKind::Linked } }
    }

    fn account() -> Change {
        let account = crate::scenario::built_in("test").unwrap().account(1_700_000_000_000).unwrap();
        Change::AccountAdded { account: Box::new(account) }
    }

    #[test]
    fn what_was_appended_is_there_after_a_reopen() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state");
        let (mut journal, world) = Journal::open(&path).unwrap();
        assert!(world.accounts.is_empty());
        journal.append(&[account()]).unwrap();
        drop(journal);
        let (_, world) = Journal::open(&path).unwrap();
        assert_eq!(world.accounts.len(), 1);
    }

    #[test]
    fn a_torn_last_line_is_cut_and_the_next_append_is_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state");
        let (mut journal, _) = Journal::open(&path).unwrap();
        journal.append(&[account(), did(1)]).unwrap();
        drop(journal);
        let whole = std::fs::read(&path).unwrap();
        for cut in 1..20 {
            std::fs::write(&path, &whole[..whole.len() - cut]).unwrap();
            let (mut journal, world) = Journal::open(&path).unwrap();
            assert_eq!(world.accounts.len(), 1, "cut {cut}");
            journal.append(&[did(2)]).unwrap();
            drop(journal);
            let (_, world) = Journal::open(&path).unwrap();
            assert_eq!(world.accounts.values().next().unwrap().id, "test");
            assert!(std::fs::read(&path).unwrap().ends_with(b"\n"));
        }
    }

    #[test]
    fn a_broken_line_in_the_middle_is_refused() {
        let error = replay(b"{\"nonsense\":1}\n{\"change\":\"x\"}\n").unwrap_err();
        assert_eq!(error.0, 1);
    }

    #[test]
    fn a_second_process_is_kept_out() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state");
        let _held = Journal::open(&path).unwrap();
        assert!(matches!(Journal::open(&path), Err(JournalError::InUse { .. })));
    }
}
