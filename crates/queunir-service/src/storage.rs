//! How much room is left on a disk, and when that is too little to go on writing.

use std::{io, path::Path, time::Duration};

use rustix::fs::statvfs;

/// Below this nothing new is begun. Smaller, and what is under way (a browser that closes, a database that writes its
/// log) has no room to end well; larger, and a small disk is useless.
pub const LEAST: u64 = 128 << 20;
/// Above this everything goes on; further up than [`LEAST`], so that nobody starts and stops in turn.
pub const ENOUGH: u64 = 192 << 20;
/// How often a watch looks. Longer, and an operator is told late.
const LOOK: Duration = Duration::from_secs(5);

/// Bytes that ordinary users may still write to the disk of `path`; none if it has no free inode.
///
/// # Errors
/// When the path is not there.
pub fn room(path: &Path) -> io::Result<u64> {
    let disk = statvfs(path)?;
    // Some file systems count no inodes at all.
    let out_of_inodes = disk.f_files > 0 && disk.f_favail == 0;
    Ok(if out_of_inodes { 0 } else { disk.f_bavail.saturating_mul(disk.f_frsize) })
}

/// Whether less than [`LEAST`] is left. What cannot be found out counts as room.
#[must_use]
pub fn is_short(path: &Path) -> bool {
    room(path).is_ok_and(|left| left < LEAST)
}

/// Whether more than [`ENOUGH`] is left. What cannot be found out counts as room.
#[must_use]
pub fn is_enough(path: &Path) -> bool {
    room(path).map_or(true, |left| left >= ENOUGH)
}

/// Tells the operator when the disk of `path` gets full and when there is room again; never returns.
pub async fn watch(path: &Path) {
    let mut short = false;
    loop {
        if !short && is_short(path) {
            short = true;
            let left_mb = room(path).unwrap_or_default() >> 20;
            tracing::error!(
                path = %path.display(),
                left_mb,
                "the disk is full: nothing more is read from WhatsApp or sent until there is room"
            );
        } else if short && is_enough(path) {
            short = false;
            tracing::warn!(path = %path.display(), "the disk has room again, everything goes on");
        }
        tokio::time::sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_cannot_be_asked_stops_nobody() {
        let nowhere = Path::new("/nowhere/at/all");
        assert!(!is_short(nowhere) && is_enough(nowhere));
        assert!(room(Path::new("/")).unwrap() > 0);
    }
}
