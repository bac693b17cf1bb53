//! How often the orchestrator looks at what slices and the host use, and what is too much.

use std::{ops::RangeInclusive, time::Duration};

use anyhow::bail;
use queunir_orchestrator::monitor::{MonitorConfig, heal::Healing, judge::Budgets};
use serde::{Deserialize, Serialize};

/// Room on the disk for one slice; with less no browser runs.
pub const ROOM_MB: RangeInclusive<u64> = 128..=1_048_576;
/// How long something must last until it is acted on.
const PATIENCE_S: RangeInclusive<u64> = 30..=86_400;
/// Times that count in hours.
const HOURS: RangeInclusive<u64> = 1..=8_760;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonitorSettings {
    pub every_s: u64,
    pub memory_patience_s: u64,
    pub slice_cpu_percent: f64,
    pub spin_patience_s: u64,
    pub restart_pause_s: u64,
    pub profile_mb: u64,
    pub host_memory_percent: f64,
    pub host_disk_percent: f64,
    pub host_load_per_core: f64,
    pub silent_hours: u64,
    pub browser_hours: u64,
}

impl MonitorSettings {
    /// As the orchestrator takes it, with the memory and the room on the disk of one slice, in bytes.
    pub fn config(&self, memory: u64, disk_quota: u64) -> MonitorConfig {
        let seconds = Duration::from_secs;
        let hours = |hours: u64| seconds(hours * 3_600);
        MonitorConfig {
            every: seconds(self.every_s),
            budgets: Budgets {
                slice_memory_bytes: memory,
                slice_cpu_percent: self.slice_cpu_percent,
                slice_disk_bytes: disk_quota,
                profile_bytes: self.profile_mb << 20,
                host_memory_percent: self.host_memory_percent,
                host_disk_percent: self.host_disk_percent,
                host_load_per_core: self.host_load_per_core,
                over_for: seconds(self.memory_patience_s) / 5,
                spins_for: seconds(self.spin_patience_s) / 6,
                nothing_for: hours(self.silent_hours),
                ..Budgets::default()
            },
            healing: Healing {
                memory_for: seconds(self.memory_patience_s),
                spins_for: seconds(self.spin_patience_s),
                pause: seconds(self.restart_pause_s),
                browser_age: hours(self.browser_hours),
                ..Healing::default()
            },
        }
    }

    /// Refuses figures that would make the monitor blind or restless.
    ///
    /// # Errors
    /// When one is out of its range, with the range.
    pub fn check(&self) -> anyhow::Result<()> {
        if !(10..=3_600).contains(&self.every_s) {
            bail!("monitor.every_s must be between 10 and 3600");
        }
        if [self.memory_patience_s, self.spin_patience_s].iter().any(|patience| !PATIENCE_S.contains(patience)) {
            bail!("monitor.memory_patience_s and monitor.spin_patience_s must be between 30 and 86400");
        }
        if self.restart_pause_s > *PATIENCE_S.end() {
            bail!("monitor.restart_pause_s must be 86400 or less");
        }
        if !ROOM_MB.contains(&self.profile_mb) {
            bail!("monitor.profile_mb must be between 128 and 1048576");
        }
        let percents = [self.slice_cpu_percent, self.host_memory_percent, self.host_disk_percent];
        if percents.iter().any(|percent| !(1.0..=10_000.0).contains(percent)) || self.host_load_per_core <= 0.0 {
            bail!("monitor.*_percent must be 1 or more, monitor.host_load_per_core above 0");
        }
        if !HOURS.contains(&self.silent_hours) || !HOURS.contains(&self.browser_hours) {
            bail!("monitor.silent_hours and monitor.browser_hours must be between 1 and 8760");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::settings::Settings;

    fn load(text: &str) -> anyhow::Result<Settings> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        Settings::load(Some(file.path()), false)
    }

    #[test]
    fn the_monitors_defaults_are_the_documented_ones_and_figures_without_sense_are_refused() {
        let (set, own) = (load("").unwrap().monitor(), MonitorConfig::default());
        assert_eq!(format!("{set:?}"), format!("{own:?}"));
        let without_sense = [
            "every_s = 1",
            "profile_mb = 12",
            "host_disk_percent = 0",
            "browser_hours = 0",
            "memory_patience_s = 5",
            "spin_patience_s = 5",
            "restart_pause_s = 100000",
        ];
        for text in without_sense {
            assert!(load(&format!("[monitor]\n{text}\n")).unwrap_err().to_string().contains("monitor"), "{text}");
        }
        assert!(load("[slices]\ndisk_quota_mb = 5\n").is_err());
        assert_eq!(load("[slices]\ndisk_quota_mb = 0\n").unwrap().disk_quota(), 0);
    }
}
