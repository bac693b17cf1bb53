//! What slices take on disks: folders are walked beside everything else, the one that was walked longest ago first, and
//! never for long; the last figures hold meanwhile, but not longer than the start of the slice that they were taken in.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use queunir_core::id::SliceId;
use queunir_db::control::telemetry::Disk;
use queunir_service::usage::{self, Bounds};
use tokio::{
    task::{JoinHandle, spawn_blocking},
    time::timeout,
};

use super::ledger::Ledger;
use crate::folders::{self, SliceFolders};

/// How long a look waits for folders that are being walked; the walk goes on.
const WALK_LIMIT: Duration = Duration::from_secs(5);

/// How much is walked.
#[derive(Clone, Copy, Debug)]
pub struct Walking {
    /// A slice is not walked again before this time.
    pub again_after: Duration,
    /// Entries of one look, over all slices.
    pub entries: usize,
    /// Time of one look.
    pub time: Duration,
}

impl Default for Walking {
    fn default() -> Self {
        Self { again_after: Duration::from_secs(300), entries: 1_000_000, time: Duration::from_secs(10) }
    }
}

/// Knows what every slice takes, running or not.
pub struct Walker {
    state_dir: PathBuf,
    walking: Walking,
    folders: Folders,
    walk: Option<JoinHandle<Folders>>,
    sizes: HashMap<SliceId, i64>,
    /// When the databases' sizes were asked for: the server looks at every file of each.
    asked: Option<Instant>,
    disks: BTreeMap<SliceId, Disk>,
    /// In which starts they were taken.
    starts: HashMap<SliceId, i64>,
}

impl Walker {
    /// Over the slices of a state directory.
    #[must_use]
    pub fn new(state_dir: &Path, walking: Walking) -> Self {
        Self {
            state_dir: state_dir.to_owned(),
            walking,
            folders: Folders::default(),
            walk: None,
            sizes: HashMap::new(),
            asked: None,
            disks: BTreeMap::new(),
            starts: HashMap::new(),
        }
    }

    /// What every slice takes, as of the last walk.
    #[must_use]
    pub fn disks(&self) -> &BTreeMap<SliceId, Disk> {
        &self.disks
    }

    /// Goes on walking; a walk that takes long is waited for at a later look. `starts` are the slices' present starts.
    pub async fn look(&mut self, ledger: &Ledger, starts: &HashMap<SliceId, i64>) {
        let mut walk = self.walk.take().unwrap_or_else(|| {
            let mut folders = std::mem::take(&mut self.folders);
            let (state_dir, walking, starts) = (self.state_dir.clone(), self.walking, starts.clone());
            spawn_blocking(move || {
                folders.walk(&state_dir, walking, &starts);
                folders
            })
        });
        match timeout(WALK_LIMIT, &mut walk).await {
            Ok(Ok(folders)) => self.folders = folders,
            Ok(Err(error)) => tracing::warn!(%error, "a walk over folders broke off"),
            Err(_) => {
                self.walk = Some(walk);
                self.disks.retain(|id, _| self.starts.get(id) == starts.get(id));
                return;
            }
        }
        if self.asked.is_none_or(|at| at.elapsed() >= self.walking.again_after) {
            self.asked = Some(Instant::now());
            match ledger.database_sizes().await {
                Ok(sizes) => self.sizes = sizes,
                Err(error) => tracing::warn!(%error, "the sizes of databases are not known"),
            }
        }
        let size = |id: SliceId| self.sizes.get(&id).copied();
        let whole = |(id, disk): (SliceId, Disk)| (id, Disk { database_bytes: size(id), ..disk });
        self.disks = self.folders.all(starts).map(whole).collect();
        self.starts.clone_from(starts);
    }
}

/// What is known of the folders of all slices.
#[derive(Debug, Default)]
pub struct Folders {
    known: HashMap<SliceId, Walked>,
}

/// One walk through the folders of a slice.
#[derive(Clone, Copy, Debug)]
struct Walked {
    disk: Disk,
    at: Instant,
    /// The slice's start at that time, if it had one.
    start: Option<i64>,
}

impl Folders {
    /// Every slice that was walked in its present start, with what it takes.
    pub fn all(&self, starts: &HashMap<SliceId, i64>) -> impl Iterator<Item = (SliceId, Disk)> {
        let present = |(id, walked): &(&SliceId, &Walked)| walked.start == starts.get(id).copied();
        self.known.iter().filter(present).map(|(id, walked)| (*id, walked.disk))
    }

    /// Walks those whose turn it is, as far as the bounds go; it blocks.
    pub fn walk(&mut self, state_dir: &Path, walking: Walking, starts: &HashMap<SliceId, i64>) {
        let mut bounds = Bounds::new(walking.entries, walking.time);
        let present = on_disk(state_dir);
        self.known.retain(|id, _| present.contains(id));
        let walked = |id: &SliceId| {
            self.known.get(id).filter(|walked| walked.start == starts.get(id).copied()).map(|walked| walked.at)
        };
        let mut due: Vec<(Option<Instant>, SliceId)> = present
            .iter()
            .map(|id| (walked(id), *id))
            .filter(|(at, _)| at.is_none_or(|at| at.elapsed() >= walking.again_after))
            .collect();
        due.sort_unstable();
        for (_, id) in due {
            if bounds.are_reached() {
                break;
            }
            let disk = measure(&SliceFolders::new(state_dir, id), &mut bounds);
            self.known.insert(id, Walked { disk, at: Instant::now(), start: starts.get(&id).copied() });
        }
    }
}

/// A walk that was cut short counts what it met: one huge folder is told as at least so much.
fn measure(folders: &SliceFolders, bounds: &mut Bounds) -> Disk {
    let mut of = |folder: PathBuf| usage::of(&folder, bounds).bytes;
    let signed = |bytes: u64| Some(i64::try_from(bytes).unwrap_or(i64::MAX));
    Disk {
        session_bytes: signed(of(folders.session()) + of(folders.home())),
        media_bytes: signed(of(folders.media())),
        records_bytes: signed(of(folders.records())),
        database_bytes: None,
    }
}

fn on_disk(state_dir: &Path) -> Vec<SliceId> {
    let Ok(entries) = std::fs::read_dir(folders::all(state_dir)) else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok().map(SliceId)).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn all_are_walked_in_turn_within_bounds() {
        let dir = tempfile::tempdir().unwrap();
        for id in 1..=4 {
            let folders = SliceFolders::new(dir.path(), SliceId(id));
            for folder in [folders.session(), folders.home(), folders.media()] {
                fs::create_dir_all(&folder).unwrap();
                fs::write(folder.join("file"), vec![1; 50_000]).unwrap();
            }
        }
        let mut known = Folders::default();
        // Three entries are enough for one slice.
        let walking = Walking { again_after: Duration::ZERO, entries: 3, time: Duration::from_secs(60) };
        let mut starts = HashMap::from([(SliceId(3), 1)]);
        for round in 1..=4 {
            known.walk(dir.path(), walking, &starts);
            assert_eq!(known.all(&starts).count(), round);
        }
        let of = |known: &Folders, starts: &HashMap<SliceId, i64>, id| {
            known.all(starts).find(|(one, _)| *one == SliceId(id)).map(|(_, disk)| disk)
        };
        let disk = of(&known, &starts, 3).unwrap();
        assert!(disk.session_bytes.is_some_and(|bytes| bytes >= 100_000), "{disk:?}");
        assert!(disk.media_bytes.is_some_and(|bytes| (50_000..80_000).contains(&bytes)), "{disk:?}");
        assert_eq!((disk.records_bytes, disk.database_bytes), (Some(0), None));
        starts.insert(SliceId(3), 2);
        assert_eq!(of(&known, &starts, 3), None, "what an earlier start took is not known to hold");
        known.walk(dir.path(), Walking::default(), &starts);
        assert_eq!(of(&known, &starts, 3), Some(disk), "a new start is walked at once");
        fs::remove_dir_all(folders::all(dir.path()).join("3")).unwrap();
        known.walk(dir.path(), Walking::default(), &starts);
        assert_eq!(of(&known, &starts, 3), None, "a slice that is gone takes nothing");
    }
}
