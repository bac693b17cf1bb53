//! A slice's log: its end, and what is added to it.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::MetadataExt,
    path::Path,
    time::Duration,
};

use anyhow::{Context, bail};
use queunir_core::id::SliceId;
use queunir_orchestrator::folders::SliceFolders;

use super::may_read;

/// How often to look for more. Longer, and a person waits for lines that are there.
const LOOK: Duration = Duration::from_millis(200);
/// A log starts over at 10 MB; of a longer one only this much of its end is looked at.
const LONGEST: u64 = 16 << 20;

/// Prints the last `lines` lines, then what is added if `follow` says so; a start of the slice begins a new file.
///
/// # Errors
/// When there is no log, or rights are missing.
pub async fn print(state: &Path, slice: SliceId, lines: usize, follow: bool) -> anyhow::Result<()> {
    let path = SliceFolders::new(state, slice).log();
    if fs::metadata(&path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        bail!("slice {slice} has no log on this host; `queunir slices list` shows all slices");
    }
    let mut file = may_read(&path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST)))?;
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    if !write(last(&text, lines))? {
        return Ok(());
    }
    if !follow {
        return Ok(());
    }
    loop {
        tokio::time::sleep(LOOK).await;
        file = newest(&path, file).context("following the log")?;
        let mut added = Vec::new();
        file.read_to_end(&mut added)?;
        if !write(&added)? {
            return Ok(());
        }
    }
}

/// The same file where it was left, or from its beginning if it started over or another took its place.
fn newest(path: &Path, mut file: File) -> io::Result<File> {
    let Ok(fresh) = File::open(path) else { return Ok(file) };
    let (old, new) = (file.metadata()?, fresh.metadata()?);
    if old.ino() != new.ino() {
        // What was written last before the change is told first.
        let mut rest = Vec::new();
        file.read_to_end(&mut rest)?;
        write(&rest)?;
        return Ok(fresh);
    }
    if new.len() < file.stream_position()? {
        file.rewind()?;
    }
    Ok(file)
}

/// The last `lines` lines; one without an end counts.
fn last(text: &[u8], lines: usize) -> &[u8] {
    let whole = text.strip_suffix(b"\n").unwrap_or(text);
    let starts = whole.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    match lines.checked_sub(1) {
        None => &[],
        Some(before) => text.get(starts.chain([0]).nth(before).unwrap_or(0)..).unwrap_or_default(),
    }
}

/// Prints; false when nobody reads any more.
fn write(text: &[u8]) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        done => done.map(|()| true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_whole() {
        let table: [(&str, usize, &str); 7] = [
            ("a\nb\nc\n", 2, "b\nc\n"),
            ("a\nb\nc", 2, "b\nc"),
            ("a\nb\n", 5, "a\nb\n"),
            ("a\n", 1, "a\n"),
            ("a\n", 0, ""),
            ("", 3, ""),
            ("a\n\n", 1, "\n"),
        ];
        for (text, lines, wanted) in table {
            assert_eq!(last(text.as_bytes(), lines), wanted.as_bytes(), "{text:?} {lines}");
        }
    }
}
