//! How many slices with a browser fit on a machine (ORC-07).

use std::fs;

/// What the machine keeps for itself, the database and the gateway.
const RESERVE_MB: u64 = 4096;
/// Slices rarely reach their limits together.
const OVERBOOKED: (u64, u64) = (12, 10);
/// A machine that is smaller than the reserve is somebody's trial.
const LEAST: u64 = 2;

/// So many slices may have a browser: the sum of their limits is at most 1.2 times what is left of the memory, and they
/// are never more than `most`.
#[must_use]
pub fn linked_cap(memory_mb: u64, limit_mb: u64, most: usize) -> usize {
    let room = memory_mb.saturating_sub(RESERVE_MB).saturating_mul(OVERBOOKED.0) / OVERBOOKED.1;
    let fit = (room / limit_mb.max(1)).max(LEAST);
    usize::try_from(fit).unwrap_or(usize::MAX).min(most)
}

/// The machine's memory in MiB; none where the kernel does not tell.
#[must_use]
pub fn memory_mb() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / 1024)
}

/// So many starts may be under way at once on a machine with so many cores.
#[must_use]
pub fn starts_at_once(cores: usize) -> usize {
    cores.clamp(1, 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orc_07_limits_fit_into_the_memory_one_fifth_overbooked() {
        assert_eq!(linked_cap(65_536, 1024, 250), 72);
        assert_eq!(linked_cap(65_536, 512, 250), 144);
        assert_eq!(linked_cap(65_536, 1024, 50), 50, "never more than configured");
        assert_eq!(linked_cap(2_048, 1024, 250), 2, "a small machine is a trial");
        assert!(memory_mb().unwrap() > 100);
        assert_eq!([1, 2, 16].map(starts_at_once), [1, 2, 4]);
    }
}
