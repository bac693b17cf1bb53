//! Putting a snapshot in the place of a profile: only of a slice that has ended, only what is whole, and nothing is lost.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use queunir_core::{id::SliceId, slice::PROFILE_LOCK};
use queunir_orchestrator::{
    runtime::SliceRuntime as _,
    snapshots::{Identities, Restore, RestoreError, Restored, restore, shelf},
};
use queunir_snapshot::{Bounds, Recipient, SnapshotError, Source};
use rustix::fd::AsFd as _;

use crate::{host::Host, snapshots::keys};

const ID: SliceId = SliceId(3);
const COOKIES: &str = "Default/Cookies";

struct World {
    host: Host,
    public: Recipient,
    secret: Identities,
    moment: Timestamp,
}

impl World {
    /// A slice that has run once, with a profile.
    async fn ended() -> Self {
        let (public, secret) = keys();
        let world = Self { host: Host::new(), public, secret, moment: "2026-11-23T10:00:00Z".parse().unwrap() };
        world.run(1).await;
        world.login("of now");
        world
    }

    async fn run(&self, generation: i64) {
        let runtime = self.host.runtime();
        runtime.ensure(&self.host.spec(ID, generation)).await.unwrap();
        runtime.stop(ID, Duration::from_secs(20)).await.unwrap();
    }

    fn login(&self, text: &str) {
        let path = self.host.folders(ID).session().join(COOKIES);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A snapshot of slice `of`, as it was after a start.
    fn snapshot(&self, of: i64, generation: i64, login: &str) -> PathBuf {
        let profile = tempfile::tempdir().unwrap();
        fs::create_dir(profile.path().join("Default")).unwrap();
        fs::write(profile.path().join(COOKIES), login).unwrap();
        let (folder, name) = (File::open(profile.path()).unwrap(), format!("slice-{of}"));
        let bounds = Bounds { entries: 10, bytes: 1 << 20 };
        let source = Source { folder: folder.as_fd(), name: &name, leave_out: &|_| false, bounds, go_on: &|| true };
        let path = self.host.dir.path().join(format!("g{generation}-20261123T080000Z.tar.zst.age"));
        queunir_snapshot::write(File::create(&path).unwrap(), &self.public, &source).unwrap();
        path
    }

    async fn restore(&mut self, snapshot: &Path, may_be_dead: bool) -> Result<Restored, RestoreError> {
        self.moment += SignedDuration::from_secs(60);
        restore(&Restore {
            state_dir: self.host.dir.path(),
            slice: ID,
            snapshot,
            keys: &self.secret,
            may_be_dead,
            patience: Duration::from_secs(1),
            now: self.moment,
        })
        .await
    }

    fn present(&self) -> String {
        fs::read_to_string(self.host.folders(ID).session().join(COOKIES)).unwrap()
    }

    /// Everything in the slice's folder, with what is in it.
    fn everything(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let (mut open, mut found) = (vec![self.host.folders(ID).root().to_owned()], BTreeMap::new());
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path.clone());
                }
                found.insert(path.clone(), fs::read(&path).unwrap_or_default());
            }
        }
        found
    }

    fn aside(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.host.folders(ID).root()).unwrap().map(|entry| entry.unwrap().path());
        let mut aside: Vec<_> = entries.filter(|path| path.display().to_string().contains("quarantine")).collect();
        aside.sort();
        aside
    }
}

#[tokio::test]
async fn a_snapshot_takes_the_place_of_the_profile_which_is_moved_aside() {
    let mut world = World::ended().await;
    let snapshot = world.snapshot(3, 1, "of before");
    // As a hostile slice may leave it.
    fs::set_permissions(world.host.folders(ID).session(), fs::Permissions::from_mode(0o777)).unwrap();
    let done = world.restore(&snapshot, false).await.unwrap();
    assert_eq!((world.present().as_str(), done.count.entries), ("of before", 2));
    let aside = done.aside.unwrap();
    assert_eq!(aside.file_name().unwrap(), "session.quarantine-20261123T100100Z");
    assert_eq!(fs::read_to_string(aside.join(COOKIES)).unwrap(), "of now");
    let owner =
        |path: &Path| fs::metadata(path).map(|found| (found.uid(), found.gid(), found.mode() & 0o7777)).unwrap();
    let session = world.host.folders(ID).session();
    let (me, mine) = (rustix::process::geteuid().as_raw(), world.host.folders(ID).owner());
    let user = mine.map_or(me, |owner| owner.0);
    let group = mine.map_or(rustix::process::getegid().as_raw(), |owner| owner.0);
    for (path, mode) in [("", 0o700), ("Default", 0o700), (COOKIES, 0o600)] {
        assert_eq!(owner(&session.join(path)), (user, group, mode), "{path}");
    }
    assert_eq!((owner(&aside).0, owner(&aside).2), (me, 0o700), "out of the slice's reach");

    // The next start takes it as its own. One may go aside besides, and none goes for a third.
    world.run(2).await;
    let later = world.snapshot(3, 2, "of later");
    world.restore(&later, false).await.unwrap();
    let before = world.everything();
    let refused = world.restore(&later, false).await.unwrap_err();
    assert!(matches!(&refused, RestoreError::Crowded(_)) && refused.to_string().contains("20261123T100100Z"));
    assert_eq!((world.everything(), world.aside().len()), (before, 2));
    fs::remove_dir_all(&aside).unwrap();
    world.restore(&later, false).await.unwrap();
    assert_eq!(world.present(), "of later");
}

#[tokio::test]
async fn a_profile_that_is_aside_goes_after_two_weeks() {
    let mut world = World::ended().await;
    let snapshot = world.snapshot(3, 1, "of before");
    world.restore(&snapshot, false).await.unwrap();
    let state = world.host.dir.path().to_owned();
    let days = |days: i64| world.moment + SignedDuration::from_hours(24 * days);
    assert_eq!(shelf::forget_aside(&state, days(14)).unwrap(), 0);
    assert_eq!(world.aside().len(), 1);
    assert_eq!(shelf::forget_aside(&state, days(15)).unwrap(), 1);
    assert_eq!((world.present().as_str(), world.aside().len()), ("of before", 0));
}

#[tokio::test]
async fn nothing_is_changed_by_what_is_refused() {
    let mut world = World::ended().await;
    let good = world.snapshot(3, 1, "of before");
    let (whole, damaged) = (fs::read(&good).unwrap(), world.host.dir.path().join("g1-20261123T080001Z.tar.zst.age"));
    world.run(2).await;
    let before = world.everything();

    let older = world.restore(&good, false).await;
    assert!(matches!(older, Err(RestoreError::Older { ran: 2, kept: 1, .. })), "{older:?}");
    assert_eq!(world.everything(), before);
    for cut in [0, 100, whole.len() / 2, whole.len() - 1] {
        fs::write(&damaged, &whole[..cut]).unwrap();
        let refused = world.restore(&damaged, true).await;
        assert!(matches!(refused, Err(RestoreError::Snapshot(_, SnapshotError::Damaged(_)))), "{cut} {refused:?}");
        assert_eq!(world.everything(), before, "{cut}");
    }
    let mut changed = whole.clone();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(&damaged, &changed).unwrap();
    assert!(matches!(world.restore(&damaged, true).await, Err(RestoreError::Snapshot(_, SnapshotError::Damaged(_)))));
    let foreign = world.snapshot(5, 9, "of a neighbour");
    let refused = world.restore(&foreign, true).await;
    assert!(matches!(refused, Err(RestoreError::Snapshot(_, SnapshotError::Foreign { .. }))), "{refused:?}");
    let renamed = world.host.dir.path().join("backup.age");
    fs::write(&renamed, &whole).unwrap();
    assert!(matches!(world.restore(&renamed, true).await, Err(RestoreError::Name(_))));
    let own = std::mem::replace(&mut world.secret, keys().1);
    assert!(matches!(world.restore(&good, true).await, Err(RestoreError::Snapshot(_, SnapshotError::WrongKey))));
    world.secret = own;
    assert_eq!(world.everything(), before);

    fs::remove_file(world.host.folders(ID).spec()).unwrap();
    assert!(matches!(world.restore(&good, false).await, Err(RestoreError::Unknown(ID))));
    world.restore(&good, true).await.unwrap();
    assert_eq!(world.present(), "of before");
}

#[tokio::test]
async fn a_slice_that_runs_keeps_its_profile() {
    let mut world = World::ended().await;
    let runtime = world.host.runtime();
    runtime.ensure(&world.host.spec(ID, 2)).await.unwrap();
    let snapshot = world.snapshot(3, 2, "of before");
    let refused = world.restore(&snapshot, true).await;
    assert!(matches!(refused, Err(RestoreError::Runs(ID))), "{refused:?}");
    assert_eq!((world.present().as_str(), world.aside().len()), ("of now", 0));
    runtime.stop(ID, Duration::from_secs(20)).await.unwrap();
    world.restore(&snapshot, false).await.unwrap();
    assert_eq!(world.present(), "of before");
}

#[tokio::test]
async fn a_browser_that_outlives_its_slice_keeps_its_profile() {
    let mut world = World::ended().await;
    let snapshot = world.snapshot(3, 1, "of before");
    let lock = File::create(world.host.folders(ID).session().join(PROFILE_LOCK)).unwrap();
    lock.lock().unwrap();
    assert!(matches!(world.restore(&snapshot, true).await, Err(RestoreError::Runs(ID))));
    assert_eq!((world.present().as_str(), world.aside().len()), ("of now", 0));
    drop(lock);
    world.restore(&snapshot, false).await.unwrap();
    assert_eq!(world.present(), "of before");
}

#[tokio::test]
async fn what_a_crash_left_half_unpacked_is_no_profile() {
    let mut world = World::ended().await;
    let snapshot = world.snapshot(3, 1, "of before");
    let left = world.host.folders(ID).incoming();
    fs::create_dir_all(left.join("Default")).unwrap();
    fs::write(left.join(COOKIES), "cut off").unwrap();
    world.restore(&snapshot, false).await.unwrap();
    assert_eq!(world.present(), "of before");
    let kept: Vec<_> = world.aside().iter().map(|path| fs::read_to_string(path.join(COOKIES)).unwrap()).collect();
    assert_eq!(kept, ["of now"]);
    assert!(!left.exists());
    // Nor does it stay until the next attempt, unless one is just being made.
    fs::create_dir(&left).unwrap();
    let held = File::open(world.host.folders(ID).lock()).unwrap();
    held.lock().unwrap();
    File::open(&left).unwrap().set_modified((world.moment - SignedDuration::from_mins(9)).into()).unwrap();
    assert_eq!(shelf::forget_aside(world.host.dir.path(), world.moment).unwrap(), 0);
    // Nor while the slice runs, which has the same lock for longer than any restore.
    let later = world.moment + SignedDuration::from_mins(2);
    assert_eq!(shelf::forget_aside(world.host.dir.path(), later).unwrap(), 1);
    fs::create_dir(&left).unwrap();
    drop(held);
    assert_eq!(shelf::forget_aside(world.host.dir.path(), world.moment).unwrap(), 1);
    assert!(!left.exists());
}
