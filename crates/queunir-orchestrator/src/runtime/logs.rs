//! What a slice logged last, whatever it runs in.

use std::{fs, path::Path};

use queunir_service::logfile;

/// The last lines of a log and of the one before it, at most so many, oldest first; `more` is what was said and is in
/// neither of them yet. What cannot be read is left out.
pub fn tail(log: &Path, more: &[u8], lines: usize) -> Vec<String> {
    let mut tail = Vec::new();
    // A loop's starts are short: each left its own log, and the one before it is kept, too.
    let earlier = || fs::read(logfile::earlier(log)).unwrap_or_default();
    let newest_first: [&dyn Fn() -> Vec<u8>; 3] = [&|| more.to_vec(), &|| fs::read(log).unwrap_or_default(), &earlier];
    for read in newest_first {
        if tail.len() < lines {
            let text = read();
            let text = String::from_utf8_lossy(&text);
            tail.extend(text.lines().rev().take(lines - tail.len()).map(str::to_owned));
        }
    }
    tail.reverse();
    tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_lines_come_last_and_from_as_few_places_as_needed() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("slice.log");
        assert!(tail(&log, b"", 9).is_empty());
        fs::write(logfile::earlier(&log), "one\ntwo\n").unwrap();
        fs::write(&log, "three\nfour\n").unwrap();
        assert_eq!(tail(&log, b"five\n", 9), ["one", "two", "three", "four", "five"]);
        assert_eq!(tail(&log, b"five\n", 4), ["two", "three", "four", "five"]);
        assert_eq!(tail(&log, b"", 1), ["four"]);
    }
}
