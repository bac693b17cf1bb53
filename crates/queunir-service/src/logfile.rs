//! Log files that processes append to, kept within bounds.

use std::{
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// Largest log. Smaller, and the beginning of trouble is gone when somebody looks; larger, and a talkative slice takes
/// the room of others. One earlier file is kept beside it.
pub const MOST: u64 = 10 << 20;

/// Starts a log over when it has grown beyond `most` bytes; what it held is kept as `NAME.1`. Lines that are written
/// at that very moment may be lost. Works for writers that append, and only for those.
///
/// # Errors
/// When the file cannot be read or emptied. That what it held cannot be kept is no error: a full disk is the reason.
pub fn keep_small(path: &Path, most: u64) -> io::Result<bool> {
    let length = match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => found.len(),
        Ok(_) => return Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    if length <= most {
        return Ok(false);
    }
    let earlier = earlier(path);
    if fs::copy(path, &earlier).is_err() {
        tracing::warn!(log = %path.display(), "what a log held could not be kept");
        // Half a copy helps nobody and takes room.
        if let Err(error) = fs::remove_file(&earlier) {
            tracing::debug!(%error, "there is no earlier log");
        }
    }
    OpenOptions::new().write(true).open(path)?.set_len(0)?;
    Ok(true)
}

/// Where what a log held before is kept.
#[must_use]
pub fn earlier(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".1");
    name.into()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_log_starts_over_under_its_writer_and_one_earlier_file_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("role.log");
        assert!(!keep_small(&path, 10).unwrap(), "there is none yet");
        let mut writer = OpenOptions::new().create(true).append(true).open(&path).unwrap();
        for round in 0..3 {
            writeln!(writer, "round {round} is long enough").unwrap();
            assert!(keep_small(&path, 10).unwrap());
            assert!(!keep_small(&path, 10).unwrap());
            assert_eq!(fs::read_to_string(earlier(&path)).unwrap(), format!("round {round} is long enough\n"));
        }
        writeln!(writer, "short").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "short\n");
    }
}
