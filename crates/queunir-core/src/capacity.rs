//! How many more slices fit on a host, from what slices cost; pure.
//!
//! Memory and processor time are counted separately, once with what a slice usually takes (the median) and once with what
//! it takes at its worst (the 95th percentile). What fits by the tightest of them is what fits.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{link::PageState, operator::SliceCard};

/// What the host keeps for itself, the database and the gateway; of a small host a quarter.
const RESERVE: u64 = 4 << 30;
/// Share of the processor that slices may take on average, in percent. More, and starts and passwords wait.
const CPU_SHARE: f64 = 80.0;
/// Samples of a level that make a measurement: half an hour of one slice.
const ENOUGH: i64 = 30;

/// A host.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HostSize {
    /// Memory.
    pub memory_bytes: u64,
    /// Cores.
    pub cores: u32,
    /// Slices that may have a browser at once, where the orchestrator tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linked_cap: Option<u32>,
}

/// Slices that run now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Running {
    /// Without a browser.
    pub service: u32,
    /// With one.
    pub linked: u32,
}

impl Running {
    /// Counts what runs.
    #[must_use]
    pub fn of(cards: &[SliceCard]) -> Self {
        let mut running = Self::default();
        for page in cards.iter().filter_map(|card| card.page_state) {
            if page == PageState::NoBrowser { running.service += 1 } else { running.linked += 1 }
        }
        running
    }
}

/// What one slice takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Cost {
    /// Memory with shared parts counted once.
    pub memory_bytes: u64,
    /// Percent of one core.
    pub cpu_percent: f64,
}

/// Where figures come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// From slices of this host.
    Measured,
    /// From the project's own measurements on another one, because too little was measured here.
    Assumed,
}

/// What slices of one level take.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LevelCost {
    /// What they usually take.
    pub median: Cost,
    /// What they take at their worst.
    pub p95: Cost,
    /// Where that comes from.
    pub basis: Basis,
    /// Samples behind it.
    pub samples: i64,
}

/// What slices of both levels take.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Costs {
    /// Without a browser.
    pub service: LevelCost,
    /// With one.
    pub linked: LevelCost,
}

/// What keeps more from fitting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Memory.
    Memory,
    /// Processor time.
    Cpu,
    /// The number that may have a browser at once.
    Cap,
}

/// How many more fit, and why not more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fit {
    /// So many.
    pub more: u32,
    /// By this.
    pub limited_by: Limit,
}

/// How many more of one level fit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LevelFit {
    /// If all take what is usual.
    pub usual: Fit,
    /// If all are at their worst at once; what an operator should promise.
    pub careful: Fit,
    /// What was counted with.
    pub cost: LevelCost,
}

/// How many more slices fit: of the one level or of the other, not of both.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Capacity {
    /// The host.
    pub host: HostSize,
    /// What it keeps for itself.
    pub reserve_bytes: u64,
    /// What runs now.
    pub running: Running,
    /// Without a browser.
    pub service: LevelFit,
    /// With one.
    pub linked: LevelFit,
}

impl LevelCost {
    /// What was measured, if that is enough to go by.
    #[must_use]
    pub fn measured(median: Cost, p95: Cost, samples: i64) -> Option<Self> {
        let usable = |cost: Cost| cost.memory_bytes > 0 && cost.cpu_percent.is_finite() && cost.cpu_percent >= 0.0;
        let sound = samples >= ENOUGH && usable(median) && usable(p95);
        sound.then_some(Self { median, p95, basis: Basis::Measured, samples })
    }
}

/// What a slice without a browser takes where nothing was measured: 10 MB (docs/measurements.md), at its worst the 25 MB
/// that are the bound for it.
pub const SERVICE: LevelCost = LevelCost {
    median: Cost { memory_bytes: 10 << 20, cpu_percent: 0.5 },
    p95: Cost { memory_bytes: 25 << 20, cpu_percent: 5.0 },
    basis: Basis::Assumed,
    samples: 0,
};

/// The same with its browser: 553 MB (docs/measurements.md), at its worst half as much again. Processor time was not
/// measured for days on end yet: at its worst the 30 % of a core that another product publishes for one browser.
pub const LINKED: LevelCost = LevelCost {
    median: Cost { memory_bytes: 553 << 20, cpu_percent: 10.0 },
    p95: Cost { memory_bytes: 830 << 20, cpu_percent: 30.0 },
    basis: Basis::Assumed,
    samples: 0,
};

/// How many more slices fit.
#[must_use]
pub fn estimate(host: HostSize, running: Running, costs: Costs) -> Capacity {
    let reserve = RESERVE.min(host.memory_bytes / 4);
    let fit = |quantile: fn(&LevelCost) -> Cost, level: &LevelCost, cap: Option<u32>| {
        let (service, linked, one) = (quantile(&costs.service), quantile(&costs.linked), quantile(level));
        let taken =
            |of: fn(&Cost) -> f64| f64::from(running.service) * of(&service) + f64::from(running.linked) * of(&linked);
        let memory = (host.memory_bytes - reserve) as f64 - taken(|cost| cost.memory_bytes as f64);
        let cpu = f64::from(host.cores) * CPU_SHARE - taken(|cost| cost.cpu_percent);
        let by = |left: f64, each: f64| (left.max(0.0) / each.max(f64::MIN_POSITIVE)).min(f64::from(u32::MAX)) as u32;
        let bounds = [
            Some((by(memory, one.memory_bytes as f64), Limit::Memory)),
            Some((by(cpu, one.cpu_percent), Limit::Cpu)),
            cap.map(|cap| (cap.saturating_sub(running.linked), Limit::Cap)),
        ];
        let tightest = bounds.into_iter().flatten().min_by_key(|(more, _)| *more);
        tightest.map_or(Fit { more: 0, limited_by: Limit::Memory }, |(more, limited_by)| Fit { more, limited_by })
    };
    let level = |cost: LevelCost, cap: Option<u32>| LevelFit {
        usual: fit(|cost| cost.median, &cost, cap),
        careful: fit(|cost| cost.p95, &cost, cap),
        cost,
    };
    Capacity {
        host,
        reserve_bytes: reserve,
        running,
        service: level(costs.service, None),
        linked: level(costs.linked, host.linked_cap),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GB: u64 = 1 << 30;

    fn cost(megabytes: u64, cpu_percent: f64) -> Cost {
        Cost { memory_bytes: megabytes << 20, cpu_percent }
    }

    fn level(median: Cost, p95: Cost) -> LevelCost {
        LevelCost::measured(median, p95, 1_000).unwrap()
    }

    #[test]
    fn the_tightest_bound_counts() {
        let costs =
            Costs { service: level(cost(10, 1.0), cost(20, 2.0)), linked: level(cost(512, 10.0), cost(1_024, 40.0)) };
        let host = |gigabytes, cores, linked_cap| HostSize { memory_bytes: gigabytes * GB, cores, linked_cap };
        let (none, some) = (Running::default(), Running { service: 10, linked: 20 });
        let fit = |more, limited_by| Fit { more, limited_by };
        // Host, what runs, then more without and with a browser: usual, careful.
        let table = [
            (
                host(64, 16, None),
                none,
                (fit(1_280, Limit::Cpu), fit(640, Limit::Cpu)),
                (fit(120, Limit::Memory), fit(32, Limit::Cpu)),
            ),
            (
                host(64, 64, None),
                none,
                (fit(5_120, Limit::Cpu), fit(2_560, Limit::Cpu)),
                (fit(120, Limit::Memory), fit(60, Limit::Memory)),
            ),
            (
                host(64, 16, None),
                some,
                (fit(1_070, Limit::Cpu), fit(230, Limit::Cpu)),
                (fit(99, Limit::Memory), fit(11, Limit::Cpu)),
            ),
            (
                host(64, 16, Some(25)),
                some,
                (fit(1_070, Limit::Cpu), fit(230, Limit::Cpu)),
                (fit(5, Limit::Cap), fit(5, Limit::Cap)),
            ),
            (
                host(64, 16, Some(3)),
                some,
                (fit(1_070, Limit::Cpu), fit(230, Limit::Cpu)),
                (fit(0, Limit::Cap), fit(0, Limit::Cap)),
            ),
            // A quarter of a small host stays free.
            (
                host(4, 2, None),
                none,
                (fit(160, Limit::Cpu), fit(80, Limit::Cpu)),
                (fit(6, Limit::Memory), fit(3, Limit::Memory)),
            ),
            // More runs than should.
            (
                host(4, 2, None),
                some,
                (fit(0, Limit::Memory), fit(0, Limit::Memory)),
                (fit(0, Limit::Memory), fit(0, Limit::Memory)),
            ),
            (
                host(0, 0, None),
                none,
                (fit(0, Limit::Memory), fit(0, Limit::Memory)),
                (fit(0, Limit::Memory), fit(0, Limit::Memory)),
            ),
        ];
        for (host, running, service, linked) in table {
            let found = estimate(host, running, costs);
            assert_eq!((found.service.usual, found.service.careful), service, "{host:?} {running:?}");
            assert_eq!((found.linked.usual, found.linked.careful), linked, "{host:?} {running:?}");
        }
    }

    #[test]
    fn too_little_was_measured_to_go_by() {
        let sound = cost(10, 1.0);
        for (median, p95, samples, enough) in [
            (sound, sound, 30, true),
            (sound, sound, 29, false),
            (cost(0, 1.0), sound, 99, false),
            (sound, cost(10, f64::NAN), 99, false),
            (cost(10, 0.0), cost(10, 0.0), 99, true),
        ] {
            assert_eq!(LevelCost::measured(median, p95, samples).is_some(), enough, "{median:?} {p95:?} {samples}");
        }
    }

    #[test]
    fn what_is_assumed_gives_the_host_of_the_reference_fewer_than_it_hoped_for() {
        let host = HostSize { memory_bytes: 64 * GB, cores: 16, linked_cap: None };
        let found = estimate(host, Running::default(), Costs { service: SERVICE, linked: LINKED });
        assert_eq!(found.linked.usual, Fit { more: 111, limited_by: Limit::Memory });
        assert_eq!(found.linked.careful, Fit { more: 42, limited_by: Limit::Cpu });
        assert_eq!(found.linked.cost.basis, Basis::Assumed);
    }
}
