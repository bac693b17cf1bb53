//! How much room is left on a disk or of a quota, and when that is too little to go on writing.

use std::{
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

use rustix::fs::statvfs;

/// Below this nothing new is begun. Smaller, and what is under way (a browser that closes, a database that writes its
/// log) has no room to end well; larger, and a small disk is useless.
pub const LEAST: u64 = 128 << 20;
/// Above this everything goes on; further up than [`LEAST`], so that nobody starts and stops in turn.
pub const ENOUGH: u64 = 192 << 20;
/// From this share of a quota on, in percent, nothing new is written; what is under way may fill the rest (ISO-21).
const QUOTA_SHORT: u64 = 90;
/// Below this share everything goes on.
const QUOTA_ENOUGH: u64 = 85;
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

/// One disk as everybody who writes to it should see it: short below [`LEAST`], and from then on until there is
/// [`ENOUGH`] again. What cannot be found out counts as room. With a quota it is also short from nine tenths of that on.
#[derive(Debug)]
pub struct Gauge {
    path: PathBuf,
    short: AtomicBool,
    quota: u64,
    used: AtomicU64,
    over: AtomicBool,
}

impl Gauge {
    /// Watches the disk of `path`, which need not be there yet.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self::with_quota(path, 0)
    }

    /// The same for somebody who may use `quota` bytes of it; 0 is no bound.
    #[must_use]
    pub fn with_quota(path: &Path, quota: u64) -> Self {
        Self {
            path: path.to_owned(),
            short: AtomicBool::new(false),
            quota,
            used: AtomicU64::new(0),
            over: AtomicBool::new(false),
        }
    }

    /// Looks whether nothing new may be written.
    pub fn is_short(&self) -> bool {
        room(&self.path).is_ok_and(|left| self.judge(left)) || self.is_over_quota()
    }

    /// Notes how much of the quota is used; whoever has the quota measures.
    pub fn note_used(&self, bytes: u64) {
        self.used.store(bytes, Ordering::Relaxed);
    }

    /// Whether the quota is used up so far that nothing new may be written.
    pub fn is_over_quota(&self) -> bool {
        let limit = if self.over.load(Ordering::Relaxed) { QUOTA_ENOUGH } else { QUOTA_SHORT };
        let over = self.quota > 0 && self.used.load(Ordering::Relaxed) >= self.quota / 100 * limit;
        self.over.store(over, Ordering::Relaxed);
        over
    }

    fn judge(&self, left: u64) -> bool {
        let least = if self.short.load(Ordering::Relaxed) { ENOUGH } else { LEAST };
        self.short.store(left < least, Ordering::Relaxed);
        left < least
    }
}

/// Tells the operator when the disk of `path` gets full and when there is room again; never returns.
pub async fn watch(path: &Path) {
    let (gauge, mut told) = (Gauge::new(path), false);
    loop {
        let short = gauge.is_short();
        if short && !told {
            let left_mb = room(path).unwrap_or_default() >> 20;
            tracing::error!(
                path = %path.display(),
                left_mb,
                "the disk is full: nothing more is read from WhatsApp or sent until there is room"
            );
        } else if told && !short {
            tracing::warn!(path = %path.display(), "the disk has room again, everything goes on");
        }
        told = short;
        tokio::time::sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_short_until_there_is_enough_and_one_that_cannot_be_asked_stops_nobody() {
        let nowhere = Gauge::new(Path::new("/nowhere/at/all"));
        assert!(!nowhere.is_short());
        assert!(room(Path::new("/")).unwrap() > 0);
        let seen = [ENOUGH, LEAST, LEAST - 1, LEAST, ENOUGH - 1, ENOUGH, LEAST].map(|left| nowhere.judge(left));
        assert_eq!(seen, [false, false, true, true, true, false, false]);
    }

    #[test]
    fn a_quota_is_used_up_from_nine_tenths_on_until_there_is_room_again() {
        let gauge = Gauge::with_quota(Path::new("/"), 1_000);
        let seen = [899, 900, 850, 849, 899].map(|used| {
            gauge.note_used(used);
            (gauge.is_over_quota(), gauge.is_short())
        });
        assert_eq!(seen, [(false, false), (true, true), (true, true), (false, false), (false, false)]);
        let unbounded = Gauge::new(Path::new("/"));
        unbounded.note_used(u64::MAX);
        assert!(!unbounded.is_short());
    }
}
