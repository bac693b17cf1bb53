//! The record of a started process, and how to be sure that a pid still is that process.

use std::{fs, path::Path};

use rustix::{
    fd::OwnedFd,
    process::{Pid, PidfdFlags, pidfd_open},
};
use serde::{Deserialize, Serialize};

use crate::files::{self, FileError};

/// What was started; kept in `slices/N/process.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its process.
    pub pid: i32,
    /// Clock ticks between the machine's start and the process's: a pid alone may be somebody else's by now.
    pub start_time: u64,
    /// Which start of the slice.
    pub generation: i64,
    /// Port of its API.
    pub port: u16,
}

impl Record {
    /// The record of a process that just started.
    pub fn of(pid: i32, generation: i64, port: u16) -> Option<Self> {
        Some(Self { pid, start_time: start_time(pid)?, generation, port })
    }

    /// Reads a record; one that makes no sense counts as none.
    pub fn read(path: &Path) -> Result<Option<Self>, FileError> {
        Ok(files::read(path)?.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Writes it.
    pub fn write(&self, path: &Path) -> Result<(), FileError> {
        // A record holds numbers only; it always has a JSON form.
        files::write(path, serde_json::to_string(self).unwrap_or_default().as_bytes(), 0o600, None)
    }

    /// Whether the process lives and is the slice that `spec` describes.
    pub fn lives(&self, spec: &Path) -> bool {
        self.is_same() && arguments(self.pid).is_none_or(|arguments| names(&arguments, spec))
    }

    /// Whether a process of this pid and start time lives: enough for one that was seen to be ours since the
    /// machine started.
    pub fn is_same(&self) -> bool {
        start_time(self.pid) == Some(self.start_time)
    }

    /// A handle on the process that no other process can take over; `None` if it is gone.
    pub fn open(&self, spec: &Path) -> Option<OwnedFd> {
        let handle = pidfd_open(Pid::from_raw(self.pid)?, PidfdFlags::empty()).ok()?;
        // Looked at after the handle was opened: what is true now is true of what the handle means.
        self.lives(spec).then_some(handle)
    }
}

/// Finds the process that runs `spec` without a record of it: its starter died between starting and recording.
pub fn find(spec: &Path, generation: i64, port: u16) -> Option<Record> {
    fs::read_dir("/proc")
        .ok()?
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid| arguments(*pid).is_some_and(|arguments| names(&arguments, spec)))
        .find_map(|pid| Record::of(pid, generation, port))
}

/// Start time of a process that lives; a zombie does not.
fn start_time(pid: i32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything; what follows the last one does not.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X" | "x") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

/// What a process was started with; none while it replaces itself by another program, for a moment.
fn arguments(pid: i32) -> Option<Vec<u8>> {
    fs::read(format!("/proc/{pid}/cmdline")).ok().filter(|line| !line.is_empty())
}

/// Whether arguments hold `slice --spec SPEC`.
fn names(arguments: &[u8], spec: &Path) -> bool {
    let arguments: Vec<&[u8]> = arguments.split(|byte| *byte == 0).collect();
    arguments
        .windows(3)
        .any(|three| three[0] == b"slice" && three[1] == b"--spec" && three[2] == spec.as_os_str().as_encoded_bytes())
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_pid_is_believed_only_with_its_start_time_and_its_spec() {
        let spec = Path::new("/nowhere/spec.json");
        let mut child = Command::new("sh")
            .args(["-c", "read line", "slice", "--spec"])
            .arg(spec)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let pid = child.id().cast_signed();
        let record = Record::of(pid, 1, 5001).unwrap();
        assert!(record.lives(spec));
        // The kernel shows the arguments a moment after it began the program.
        while arguments(pid).is_none() {
            std::thread::yield_now();
        }
        assert!(record.open(spec).is_some());
        assert!(!record.lives(Path::new("/nowhere/else.json")));
        assert!(!Record { start_time: record.start_time + 1, ..record }.lives(spec));
        assert_eq!(find(spec, 1, 5001), Some(record));
        child.kill().unwrap();
        while record.lives(spec) {
            std::thread::yield_now();
        }
        assert!(record.open(spec).is_none(), "a zombie is gone");
        child.wait().unwrap();
        assert!(!record.lives(spec));
    }
}
