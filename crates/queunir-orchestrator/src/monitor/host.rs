//! What the host has and uses; it blocks.

use std::path::Path;

use jiff::Timestamp;
use procfs::{Current as _, CurrentSI as _, KernelStats, LoadAverage, Meminfo};
use queunir_db::control::telemetry::ServerSample;
use rustix::fs::statvfs;

/// Remembers the look before, to tell what was used since.
#[derive(Debug, Default)]
pub struct Meter {
    before: Option<Ticks>,
}

/// Time of all cores.
#[derive(Clone, Copy, Debug)]
struct Ticks {
    busy: u64,
    all: u64,
}

impl Meter {
    /// Looks at the host; `state_dir` says which disk.
    ///
    /// # Errors
    /// When the host does not tell.
    pub fn look(&mut self, state_dir: &Path, at: Timestamp) -> anyhow::Result<ServerSample> {
        let (memory, load) = (Meminfo::current()?, LoadAverage::current()?);
        let stats = KernelStats::current()?;
        let ticks = Ticks::of(&stats);
        let cpu_percent = self.before.and_then(|before| ticks.percent_since(before));
        self.before = Some(ticks);
        let disk = statvfs(state_dir)?;
        let total = disk.f_blocks.saturating_mul(disk.f_frsize);
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        Ok(ServerSample {
            at,
            cores: i32::try_from(stats.cpu_time.len()).unwrap_or(i32::MAX),
            cpu_percent,
            load_1: load.one,
            load_5: load.five,
            load_15: load.fifteen,
            ram_total_bytes: signed(memory.mem_total),
            ram_used_bytes: signed(memory.mem_total.saturating_sub(memory.mem_available.unwrap_or(memory.mem_free))),
            swap_total_bytes: signed(memory.swap_total),
            swap_used_bytes: signed(memory.swap_total.saturating_sub(memory.swap_free)),
            disk_total_bytes: signed(total),
            disk_used_bytes: signed(total.saturating_sub(free)),
        })
    }
}

impl Ticks {
    fn of(stats: &KernelStats) -> Self {
        let total = &stats.total;
        let idle = total.idle.saturating_add(total.iowait.unwrap_or_default());
        let busy = [total.user, total.nice, total.system]
            .into_iter()
            .chain([total.irq, total.softirq, total.steal].into_iter().flatten())
            .fold(0_u64, u64::saturating_add);
        Self { busy, all: busy.saturating_add(idle) }
    }

    fn percent_since(self, before: Self) -> Option<f32> {
        let all = self.all.saturating_sub(before.all);
        (all > 0).then(|| (100.0 * self.busy.saturating_sub(before.busy) as f64 / all as f64) as f32)
    }
}

/// Bytes as the tables take them.
fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_tells() {
        let mut meter = Meter::default();
        let first = meter.look(Path::new("/"), Timestamp::UNIX_EPOCH).unwrap();
        assert!(first.cpu_percent.is_none() && first.cores >= 1);
        assert!(first.ram_used_bytes > 0 && first.ram_used_bytes < first.ram_total_bytes);
        assert!(first.disk_used_bytes > 0 && first.disk_used_bytes < first.disk_total_bytes);
        let before = Ticks { busy: 100, all: 1_000 };
        assert_eq!(Ticks { busy: 150, all: 1_200 }.percent_since(before), Some(25.0));
        assert_eq!(before.percent_since(before), None);
    }
}
