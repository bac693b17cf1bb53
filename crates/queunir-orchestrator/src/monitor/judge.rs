//! From what was seen to alerts: pure. An alert opens when its evidence has lasted, and is closed when the evidence is
//! gone; in between, and while nothing can be told, it stays as it is. What takes too long to run, or fails again and
//! again, is the reconciler's to report.

use std::{collections::BTreeSet, time::Duration};

use jiff::{SignedDuration, Timestamp};
use queunir_core::{
    id::SliceId,
    link::{Condition, PageState},
};
use queunir_db::control::telemetry::ServerSample;
use serde_json::{Value, json};

use super::course::{Course, Courses, Look};

/// What slices and the host may use, and for how long more.
#[derive(Clone, Copy, Debug)]
pub struct Budgets {
    /// Memory of a slice with its browser.
    pub slice_memory_bytes: u64,
    /// Percent of one core that a slice may use on end.
    pub slice_cpu_percent: f64,
    /// Room for everything of a slice; 0 is no bound.
    pub slice_disk_bytes: u64,
    /// Room for a browser's profile; 0 is no bound.
    pub profile_bytes: u64,
    /// Percent of the host's memory.
    pub host_memory_percent: f64,
    /// Percent of the disk of the state directory.
    pub host_disk_percent: f64,
    /// Load for each core.
    pub host_load_per_core: f64,
    /// How long memory of a slice or a figure of the host must be over before that is an alert.
    pub over_for: Duration,
    /// The same for CPU of a slice: linking and reading a past take minutes.
    pub spins_for: Duration,
    /// The same for a slice that gives no answer.
    pub silent_for: Duration,
    /// The same for a slice that is linked and gets nothing, by its own word.
    pub deaf_for: Duration,
    /// A linked slice to which nobody has written for so long is called deaf as well.
    pub nothing_for: Duration,
}

impl Default for Budgets {
    fn default() -> Self {
        Self {
            slice_memory_bytes: 1 << 30,
            slice_cpu_percent: 80.0,
            slice_disk_bytes: 10 << 30,
            profile_bytes: 1 << 30,
            host_memory_percent: 90.0,
            host_disk_percent: 90.0,
            host_load_per_core: 2.0,
            over_for: Duration::from_secs(120),
            spins_for: Duration::from_secs(300),
            silent_for: Duration::from_secs(60),
            deaf_for: Duration::from_secs(600),
            nothing_for: Duration::from_secs(24 * 3_600),
        }
    }
}

/// Of memory and disks this share is what may be used in peace (CHR-09, CHR-10).
pub const MEMORY_SHARE: f64 = 0.75;
/// See [`MEMORY_SHARE`].
pub const DISK_SHARE: f64 = 0.9;
/// An alert is over below this share of what opened it, so that nothing opens and closes in turn.
const GONE: f64 = 0.9;
/// How many slices are named beside an alert of the host.
const NAMED: usize = 3;

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A slice takes more memory than it should.
    SliceMemory,
    /// A slice uses a core on end.
    SliceSpins,
    /// A slice fills its room on the disk.
    SliceDisk,
    /// A slice's page is not read as it should be.
    SliceReader,
    /// A slice is linked and gets nothing.
    SliceDeaf,
    /// A slice runs and gives no answer.
    SliceSilent,
    /// The host's memory is short.
    HostMemory,
    /// The disk of the state directory is short.
    HostDisk,
    /// The host has more to do than it can.
    HostLoad,
}

impl Kind {
    const OF_SLICES: [Self; 6] =
        [Self::SliceMemory, Self::SliceSpins, Self::SliceDisk, Self::SliceReader, Self::SliceDeaf, Self::SliceSilent];
    const OF_HOST: [Self; 3] = [Self::HostMemory, Self::HostDisk, Self::HostLoad];

    /// As events are named.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::SliceMemory => "slice.memory",
            Self::SliceSpins => "slice.spins",
            Self::SliceDisk => "slice.disk",
            Self::SliceReader => "slice.reader",
            Self::SliceDeaf => "slice.deaf",
            Self::SliceSilent => "slice.no_answer",
            Self::HostMemory => "host.memory",
            Self::HostDisk => "host.disk",
            Self::HostLoad => "host.load",
        }
    }

    /// The kind of that name, if this version knows it.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::OF_SLICES.into_iter().chain(Self::OF_HOST).find(|kind| kind.word() == word)
    }
}

/// Which alert: of a slice, or of the host.
pub type Key = (Kind, Option<SliceId>);

/// What changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// Alerts to open, with their figures.
    pub opened: Vec<(Key, Value)>,
    /// Alerts whose evidence is gone.
    pub closed: Vec<Key>,
}

/// Whether there is evidence.
enum Evidence {
    There(Value),
    Gone,
    /// Not for long enough, not far enough below, or nothing is known.
    Unclear,
}

/// Judges what was seen against the budgets, given the alerts that are open.
#[must_use]
pub fn judge(courses: &Courses, open: &BTreeSet<Key>, budgets: &Budgets, now: Timestamp) -> Judgement {
    let mut judgement = Judgement::default();
    let mut take = |key: Key, evidence: Evidence| match evidence {
        Evidence::There(detail) if !open.contains(&key) => judgement.opened.push((key, detail)),
        Evidence::Gone if open.contains(&key) => judgement.closed.push(key),
        _ => {}
    };
    for (id, course) in &courses.slices {
        for kind in Kind::OF_SLICES {
            take((kind, Some(*id)), of_slice(kind, course, budgets, now));
        }
    }
    // What is not wanted and does not run has nothing that could be wrong.
    for key @ (_, slice) in open {
        if slice.is_some_and(|id| !courses.slices.contains_key(&id)) {
            take(*key, Evidence::Gone);
        }
    }
    for kind in Kind::OF_HOST {
        take((kind, None), of_host(kind, courses, budgets));
    }
    judgement
}

fn of_slice(kind: Kind, course: &Course, budgets: &Budgets, now: Timestamp) -> Evidence {
    let Some(latest) = course.latest() else { return Evidence::Gone };
    let over = |limit: Duration, level: &dyn Fn(&Look) -> Option<f64>, detail: Value| {
        lasting(course.lasts(level), level(latest), limit, detail)
    };
    let told = latest.sample.told.as_ref();
    match kind {
        Kind::SliceMemory => {
            let detail = json!({ "bytes": latest.memory_bytes(), "limit_bytes": budgets.slice_memory_bytes });
            over(budgets.over_for, &|look| memory_level(look, budgets, MEMORY_SHARE), detail)
        }
        Kind::SliceSpins => {
            let detail = json!({ "cpu_percent": latest.sample.cpu_percent, "limit": budgets.slice_cpu_percent });
            over(budgets.spins_for, &|look| cpu_level(look, budgets), detail)
        }
        Kind::SliceDisk => {
            let detail = json!({
                "bytes": latest.sample.disk.bytes(), "limit_bytes": budgets.slice_disk_bytes,
                "session_bytes": latest.sample.disk.session_bytes, "session_limit_bytes": budgets.profile_bytes,
                "media_bytes": latest.sample.disk.media_bytes, "database_bytes": latest.sample.disk.database_bytes,
            });
            over(Duration::ZERO, &|look| disk_level(look, budgets), detail)
        }
        Kind::SliceReader => {
            let detail = json!({ "misses": told.map(|told| &told.reader_misses) });
            let level = |look: &Look| look.sample.told.as_ref().map(|told| truth(told.reader_alarm));
            over(budgets.silent_for, &level, detail)
        }
        Kind::SliceDeaf => {
            let detail = json!({
                "condition": latest.says.and_then(|says| says.condition),
                "last_inbound_at": told.and_then(|told| told.last_inbound_at), "linked_since": latest.linked_since,
            });
            if hears_nothing(latest, budgets, now) {
                return Evidence::There(detail);
            }
            let level = |look: &Look| Some(truth(look.says?.condition? == Condition::Deaf));
            over(budgets.deaf_for, &level, detail)
        }
        Kind::SliceSilent => over(budgets.silent_for, &|look| Some(truth(look.says.is_none())), json!({})),
        Kind::HostMemory | Kind::HostDisk | Kind::HostLoad => Evidence::Unclear,
    }
}

/// Linked for long, and nobody wrote in all that time; a slice to which nobody ever wrote has nothing to miss.
fn hears_nothing(look: &Look, budgets: &Budgets, now: Timestamp) -> bool {
    let Some(told) = &look.sample.told else { return false };
    let long_ago = |at: Timestamp| now.duration_since(at) >= signed(budgets.nothing_for);
    told.wa_state == PageState::Linked
        && look.linked_since.is_some_and(long_ago)
        && told.last_inbound_at.is_some_and(long_ago)
}

fn of_host(kind: Kind, courses: &Courses, budgets: &Budgets) -> Evidence {
    let Some(latest) = courses.server.back() else { return Evidence::Unclear };
    let level = |sample: &ServerSample| host_level(kind, sample, budgets);
    let mut detail = match kind {
        Kind::HostMemory => json!({
            "used_bytes": latest.ram_used_bytes, "total_bytes": latest.ram_total_bytes,
            "swap_used_bytes": latest.swap_used_bytes,
        }),
        Kind::HostDisk => json!({ "used_bytes": latest.disk_used_bytes, "total_bytes": latest.disk_total_bytes }),
        _ => json!({ "load_5": latest.load_5, "cores": latest.cores, "cpu_percent": latest.cpu_percent }),
    };
    let named = culprits(kind, courses);
    detail["culprit"] = named.first().map_or(Value::Null, |(id, _)| json!(id));
    detail["slices"] = named.iter().map(|(id, takes)| json!({ "slice": id, "takes": takes })).collect();
    lasting(courses.server_lasts(level), level(latest), budgets.over_for, detail)
}

/// The slices that contribute most, with how much: bytes, or percent of one core.
#[must_use]
pub fn culprits(kind: Kind, courses: &Courses) -> Vec<(SliceId, f64)> {
    let mut all: Vec<(SliceId, f64)> = if kind == Kind::HostDisk {
        courses.disks.iter().filter_map(|(id, disk)| Some((*id, disk.bytes()? as f64))).collect()
    } else {
        let takes = |look: &Look| match kind {
            Kind::HostMemory => Some(look.memory_bytes() as f64),
            _ => look.sample.cpu_percent.map(f64::from),
        };
        courses.slices.iter().filter_map(|(id, course)| Some((*id, takes(course.latest()?)?))).collect()
    };
    all.retain(|(_, takes)| *takes > 0.0);
    all.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    all.truncate(NAMED);
    all
}

fn host_level(kind: Kind, sample: &ServerSample, budgets: &Budgets) -> Option<f64> {
    let share = |used: i64, total: i64, percent: f64| (total > 0).then(|| 100.0 * used as f64 / total as f64 / percent);
    match kind {
        Kind::HostMemory => share(sample.ram_used_bytes, sample.ram_total_bytes, budgets.host_memory_percent),
        Kind::HostDisk => share(sample.disk_used_bytes, sample.disk_total_bytes, budgets.host_disk_percent),
        _ => Some(f64::from(sample.load_5) / f64::from(sample.cores.max(1)) / budgets.host_load_per_core),
    }
}

/// Memory as a part of `share` of the limit.
pub(super) fn memory_level(look: &Look, budgets: &Budgets, share: f64) -> Option<f64> {
    part(look.memory_bytes(), budgets.slice_memory_bytes, share)
}

/// CPU as a part of its budget.
pub(super) fn cpu_level(look: &Look, budgets: &Budgets) -> Option<f64> {
    look.sample.cpu_percent.map(|percent| f64::from(percent) / budgets.slice_cpu_percent)
}

/// The profile, or everything, as a part of its room: the larger part.
pub(super) fn disk_level(look: &Look, budgets: &Budgets) -> Option<f64> {
    let disk = &look.sample.disk;
    let all = part(disk.bytes()?, budgets.slice_disk_bytes, DISK_SHARE);
    all.into_iter().chain(profile_level(look, budgets)).reduce(f64::max)
}

/// The profile as a part of its room.
pub(super) fn profile_level(look: &Look, budgets: &Budgets) -> Option<f64> {
    part(look.sample.disk.session_bytes?, budgets.profile_bytes, DISK_SHARE)
}

fn part(bytes: i64, limit: u64, share: f64) -> Option<f64> {
    (limit > 0).then(|| bytes as f64 / (limit as f64 * share))
}

fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

fn lasting(lasts: Option<SignedDuration>, latest: Option<f64>, limit: Duration, detail: Value) -> Evidence {
    match (lasts, latest) {
        (Some(lasts), _) if lasts >= signed(limit) => Evidence::There(detail),
        (None, Some(level)) if level < GONE => Evidence::Gone,
        _ => Evidence::Unclear,
    }
}

pub(super) fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests;
