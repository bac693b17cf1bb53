//! What the processes of slices use, from one look at all processes of this host; it blocks.
//!
//! To a slice belong its root process, everything that descends from it, and what is left in the root's session when a
//! parent in between has died. The time of a child that ended is in its parent's account, so a sum over the tree with
//! those accounts goes on rising whoever comes and goes.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use procfs::process::{Process, Stat, all_processes};
use queunir_core::id::SliceId;

/// What one slice uses.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Use {
    /// Percent of one core since the look before.
    pub cpu_percent: Option<f32>,
    /// Resident memory of all processes.
    pub rss_bytes: u64,
    /// The same with shared memory in parts, if measured.
    pub pss_bytes: Option<u64>,
    /// Memory in swap, measured with it.
    pub swap_bytes: Option<u64>,
    /// How many there are.
    pub processes: usize,
}

/// One process as the tree needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    pid: i32,
    parent: i32,
    session: i32,
    started: u64,
    /// Ticks of its own.
    own: u64,
    /// Ticks of its children that ended and were waited for.
    ended: u64,
    rss_bytes: u64,
}

/// Remembers the look before, to tell what was used since.
#[derive(Debug, Default)]
pub struct Meter {
    before: HashMap<SliceId, Account>,
    looks: u64,
}

/// The time that a slice had used at a look.
#[derive(Clone, Debug)]
struct Account {
    root: (i32, u64),
    at: Instant,
    total: u64,
    /// By pid and start time.
    own: HashMap<(i32, u64), u64>,
}

/// How memory is measured, which costs a walk over all pages of a process.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Slices with more resident memory than this are measured every time.
    pub above_bytes: u64,
    /// The others every so many looks.
    pub every: u64,
    /// No more is measured after this time.
    pub limit: Duration,
}

impl Meter {
    /// Looks at every slice whose root process is given.
    ///
    /// # Errors
    /// When the host's processes cannot be listed.
    pub fn look(&mut self, roots: &[(SliceId, i32)], measured: Measured) -> procfs::ProcResult<HashMap<SliceId, Use>> {
        let (page, ticks) = (procfs::page_size(), procfs::ticks_per_second());
        // A process that is gone between the list and its line is none of anybody's.
        let all: Vec<Seen> = all_processes()?
            .filter_map(|process| process.ok()?.stat().ok())
            .map(|stat| Seen::of(&stat, page))
            .collect();
        let now = Instant::now();
        self.looks += 1;
        let mut uses = HashMap::new();
        let mut before = HashMap::new();
        for ((id, root), members) in roots.iter().zip(trees(&all, roots)) {
            if members.is_empty() {
                continue;
            }
            let account = Account::of(&members, *root, now);
            let cpu_percent = self.before.get(id).and_then(|before| account.since(before, ticks));
            let rss_bytes = members.iter().map(|one| one.rss_bytes).sum();
            let turn = measured.every > 0 && (self.looks + id.0.unsigned_abs()).is_multiple_of(measured.every);
            let memory = (turn || rss_bytes > measured.above_bytes) && now.elapsed() < measured.limit;
            let (pss_bytes, swap_bytes) = if memory { memory_of(&members) } else { (None, None) };
            uses.insert(*id, Use { cpu_percent, rss_bytes, pss_bytes, swap_bytes, processes: members.len() });
            before.insert(*id, account);
        }
        self.before = before;
        Ok(uses)
    }
}

impl Seen {
    fn of(stat: &Stat, page: u64) -> Self {
        let waited = stat.cutime.saturating_add(stat.cstime);
        Self {
            pid: stat.pid,
            parent: stat.ppid,
            session: stat.session,
            started: stat.starttime,
            own: stat.utime.saturating_add(stat.stime),
            ended: u64::try_from(waited).unwrap_or_default(),
            rss_bytes: stat.rss.saturating_mul(page),
        }
    }
}

impl Account {
    fn of(members: &[Seen], root: i32, at: Instant) -> Self {
        let started = members.iter().find(|one| one.pid == root).map_or(0, |one| one.started);
        Self {
            root: (root, started),
            at,
            total: members.iter().map(|one| one.own + one.ended).sum(),
            own: members.iter().map(|one| ((one.pid, one.started), one.own)).collect(),
        }
    }

    /// Percent of one core since an earlier look at the same start. What left the tree without being waited for takes
    /// its time with it, so those who are there are counted by themselves as well, and the larger sum holds.
    fn since(&self, before: &Self, ticks: u64) -> Option<f32> {
        let passed = self.at.duration_since(before.at).as_secs_f64();
        if self.root != before.root || passed <= 0.0 {
            return None;
        }
        let together = self.total.saturating_sub(before.total);
        let alone: u64 = self
            .own
            .iter()
            .map(|(process, own)| own.saturating_sub(before.own.get(process).copied().unwrap_or_default()))
            .sum();
        Some((100.0 * together.max(alone) as f64 / ticks.max(1) as f64 / passed) as f32)
    }
}

/// The members of each root's tree, in the roots' order; a process belongs to one of them at most.
fn trees(all: &[Seen], roots: &[(SliceId, i32)]) -> Vec<Vec<Seen>> {
    let by_pid: HashMap<i32, &Seen> = all.iter().map(|one| (one.pid, one)).collect();
    let index: HashMap<i32, usize> = roots.iter().enumerate().map(|(index, (_, pid))| (*pid, index)).collect();
    let mut members = vec![Vec::new(); roots.len()];
    for one in all {
        if let Some(index) = root_of(one, &by_pid, &index) {
            members[index].push(*one);
        }
    }
    members
}

fn root_of(one: &Seen, by_pid: &HashMap<i32, &Seen>, roots: &HashMap<i32, usize>) -> Option<usize> {
    let mut at = one;
    // Longer than any tree; a list that was read while pids were reused may hold a circle.
    for _ in 0..64 {
        if let Some(index) = roots.get(&at.pid) {
            return Some(*index);
        }
        match by_pid.get(&at.parent) {
            Some(parent) if parent.pid != at.pid => at = parent,
            _ => break,
        }
    }
    roots.get(&one.session).copied()
}

/// Memory and swap of all that let themselves be measured; absent if none does.
fn memory_of(members: &[Seen]) -> (Option<u64>, Option<u64>) {
    let mut sums = (None, None);
    for one in members {
        let Some((pss, swap)) = memory(one.pid) else { continue };
        sums.0 = Some(sums.0.unwrap_or(0) + pss);
        sums.1 = Some(sums.1.unwrap_or(0) + swap);
    }
    sums
}

fn memory(pid: i32) -> Option<(u64, u64)> {
    let maps = Process::new(pid).ok()?.smaps_rollup().ok()?;
    let map = maps.memory_map_rollup.0.first()?;
    let bytes = |name: &str| map.extension.map.get(name).copied();
    Some((bytes("Pss")?, bytes("SwapPss").or_else(|| bytes("Swap")).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(pid: i32, parent: i32, session: i32, own: u64, ended: u64) -> Seen {
        Seen { pid, parent, session, started: 7, own, ended, rss_bytes: 10 }
    }

    fn account(members: &[Seen], at: Instant) -> Account {
        Account::of(members, 10, at)
    }

    #[test]
    fn a_tree_has_descendants_and_what_is_left_in_the_session() {
        let all = [
            seen(1, 0, 1, 0, 0),
            seen(10, 1, 10, 0, 0),
            seen(11, 10, 10, 0, 0),
            seen(12, 11, 12, 0, 0),
            // Its parent died; the session tells.
            seen(13, 1, 10, 0, 0),
            seen(20, 1, 20, 0, 0),
            seen(21, 20, 20, 0, 0),
            // A circle belongs to nobody.
            seen(30, 31, 30, 0, 0),
            seen(31, 30, 30, 0, 0),
        ];
        let found = trees(&all, &[(SliceId(1), 10), (SliceId(2), 20), (SliceId(3), 99)]);
        let pids: Vec<Vec<i32>> = found.iter().map(|tree| tree.iter().map(|one| one.pid).collect()).collect();
        assert_eq!(pids, [vec![10, 11, 12, 13], vec![20, 21], vec![]]);
    }

    #[test]
    fn time_is_counted_whoever_came_and_went() {
        let start = Instant::now();
        let later = start + Duration::from_secs(10);
        let before = account(&[seen(10, 1, 10, 100, 0), seen(11, 10, 10, 1_000, 0)], start);
        let percent = |members: &[Seen]| account(members, later).since(&before, 100);
        // 100 ticks a second, ten seconds: 1,000 ticks are a core.
        assert_eq!(percent(&[seen(10, 1, 10, 100, 0), seen(11, 10, 10, 1_500, 0)]), Some(50.0));
        // The child used 500 more, ended, and its parent waited for it.
        assert_eq!(percent(&[seen(10, 1, 10, 100, 1_500)]), Some(50.0));
        // A new one counts from its first tick.
        let new = seen(12, 10, 10, 250, 0);
        assert_eq!(percent(&[seen(10, 1, 10, 100, 0), seen(11, 10, 10, 1_000, 0), new]), Some(25.0));
        // The child went without being waited for; what the others used is seen all the same.
        assert_eq!(percent(&[seen(10, 1, 10, 600, 0)]), Some(50.0));
        assert_eq!(percent(&[seen(10, 1, 10, 100, 0)]), Some(0.0));
        // Another process under the same pid is another start.
        assert_eq!(percent(&[Seen { started: 8, ..seen(10, 1, 10, 100, 0) }]), None);
    }

    #[test]
    fn this_process_is_measured() {
        let mut meter = Meter::default();
        let measured = Measured { above_bytes: 0, every: 1, limit: Duration::from_secs(5) };
        let roots = [(SliceId(1), std::process::id().cast_signed()), (SliceId(2), i32::MAX)];
        let first = meter.look(&roots, measured).unwrap();
        assert_eq!(first.keys().collect::<Vec<_>>(), [&SliceId(1)], "what does not run is not there");
        let own = first[&SliceId(1)];
        assert!(own.cpu_percent.is_none() && own.processes >= 1, "{own:?}");
        assert!(own.pss_bytes.is_some_and(|pss| pss > 100_000 && pss <= own.rss_bytes), "{own:?}");
        let began = Instant::now();
        let mut sum = 0_u64;
        while began.elapsed() < Duration::from_millis(200) {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        let second = meter.look(&roots, measured).unwrap()[&SliceId(1)];
        assert!(second.cpu_percent.is_some_and(|percent| percent > 5.0), "{second:?}");
    }
}
