//! What was seen of each slice and of the host in the last while: what evidence is judged by.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use queunir_core::{id::SliceId, link::Condition, slice::SliceHealth};
use queunir_db::control::telemetry::{Disk, ServerSample, SliceSample};

/// What is seen at once.
#[derive(Clone, Debug, Default)]
pub struct Courses {
    /// Slices that run or are wanted.
    pub slices: BTreeMap<SliceId, Course>,
    /// The host, oldest first.
    pub server: VecDeque<ServerSample>,
    /// What every slice takes on disks, running or not.
    pub disks: BTreeMap<SliceId, Disk>,
}

/// One slice.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// Looks at its present start, oldest first; none while it does not run.
    pub looks: VecDeque<Look>,
    /// When its present start was first looked at.
    pub since: Option<Timestamp>,
}

/// One look at a slice that runs.
#[derive(Clone, Debug)]
pub struct Look {
    /// What is stored of it.
    pub sample: SliceSample,
    /// What else it says of itself; absent while it does not answer.
    pub says: Option<Says>,
    /// Since when it counts as linked.
    pub linked_since: Option<Timestamp>,
}

/// What a slice says for the moment only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Says {
    /// What its link is good for.
    pub condition: Option<Condition>,
    /// Whether an end now would interrupt nobody.
    pub quiet: bool,
    /// Since when its browser runs.
    pub browser_since: Option<Timestamp>,
    /// Whether its room is used up.
    pub over_quota: bool,
}

impl From<&SliceHealth> for Says {
    fn from(health: &SliceHealth) -> Self {
        Self {
            condition: health.condition,
            quiet: health.quiet,
            browser_since: health.browser_since,
            over_quota: health.over_quota,
        }
    }
}

impl Look {
    /// Memory that it alone takes, as far as that was measured; else all it holds.
    #[must_use]
    pub fn memory_bytes(&self) -> i64 {
        let sample = &self.sample;
        sample.pss_bytes.map_or(sample.rss_bytes, |pss| pss.saturating_add(sample.swap_bytes.unwrap_or_default()))
    }
}

impl Course {
    /// The newest look.
    #[must_use]
    pub fn latest(&self) -> Option<&Look> {
        self.looks.back()
    }

    /// Adds a look; one at another start begins anew.
    pub fn add(&mut self, look: Look, keep: SignedDuration) {
        if self.latest().is_some_and(|last| last.sample.generation != look.sample.generation) {
            self.looks.clear();
            self.since = None;
        }
        self.since.get_or_insert(look.sample.at);
        trim(&mut self.looks, look.sample.at, keep, |look| look.sample.at);
        self.looks.push_back(look);
    }

    /// Nothing of it runs.
    pub fn ended(&mut self) {
        self.looks.clear();
        self.since = None;
    }

    /// For how long, up to the newest look, a level has been 1 or more in every look that has one.
    #[must_use]
    pub fn lasts(&self, level: impl Fn(&Look) -> Option<f64>) -> Option<SignedDuration> {
        lasts(self.looks.iter().map(|look| (look.sample.at, level(look))))
    }
}

impl Courses {
    /// Adds a look at the host.
    pub fn add_server(&mut self, sample: ServerSample, keep: SignedDuration) {
        trim(&mut self.server, sample.at, keep, |sample| sample.at);
        self.server.push_back(sample);
    }

    /// As [`Course::lasts`], for the host.
    #[must_use]
    pub fn server_lasts(&self, level: impl Fn(&ServerSample) -> Option<f64>) -> Option<SignedDuration> {
        lasts(self.server.iter().map(|sample| (sample.at, level(sample))))
    }

    /// Everything is as long ago as it was, after the machine's clock was set by `step`.
    pub fn moved(&mut self, step: SignedDuration) {
        let moved = |at: &mut Timestamp| *at = at.saturating_add(step).unwrap_or(*at);
        for course in self.slices.values_mut() {
            course.looks.iter_mut().for_each(|look| moved(&mut look.sample.at));
            course.since.iter_mut().for_each(moved);
        }
        self.server.iter_mut().for_each(|sample| moved(&mut sample.at));
    }
}

fn lasts(levels: impl DoubleEndedIterator<Item = (Timestamp, Option<f64>)> + Clone) -> Option<SignedDuration> {
    let run = levels.rev().filter_map(|(at, level)| Some((at, level?))).take_while(|(_, level)| *level >= 1.0);
    let ats: Vec<Timestamp> = run.map(|(at, _)| at).collect();
    Some(ats.first()?.duration_since(*ats.last()?))
}

fn trim<T>(all: &mut VecDeque<T>, now: Timestamp, keep: SignedDuration, at: impl Fn(&T) -> Timestamp) {
    while all.front().is_some_and(|oldest| now.duration_since(at(oldest)) > keep) {
        all.pop_front();
    }
}
