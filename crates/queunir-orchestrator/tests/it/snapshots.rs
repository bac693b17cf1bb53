//! Snapshots of profiles: after which ends, what waits for them, and when they go.

use std::{
    fs::{self, File},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use age::secrecy::ExposeSecret as _;
use jiff::Timestamp;
use queunir_core::{
    id::SliceId,
    slice::{CLEAN_END, PROFILE_LOCK},
    time::Clock as _,
};
use queunir_orchestrator::{
    plan::Rules,
    snapshots::{
        Identities, Recipient,
        shelf::{self, Snapshot},
    },
};
use queunir_service::clock::SystemClock;
use queunir_snapshot::Bounds;
use sqlx::PgPool;

use crate::{
    cluster::{Cluster, until},
    host::Host,
    orchestrator::{Orchestrator, look, phase, quick, wish},
};

/// A pair of keys.
pub fn keys() -> (Recipient, Identities) {
    let secret = age::x25519::Identity::generate();
    (secret.to_public().to_string().parse().unwrap(), secret.to_string().expose_secret().parse().unwrap())
}

struct World {
    host: Host,
    gateway: PgPool,
    secret: Identities,
    orchestrator: Orchestrator,
    cluster: Cluster,
}

impl World {
    async fn start(rules: Rules) -> Self {
        let (cluster, host) = (Cluster::start().await, Host::new());
        let gateway = cluster.as_gateway().await;
        let (public, secret) = keys();
        let orchestrator = Orchestrator::keeping(&cluster, &host, rules, public);
        Self { host, gateway, secret, orchestrator, cluster }
    }

    /// Goes on with an orchestrator of other rules.
    async fn lead_anew(&mut self, rules: Rules) {
        let next = Orchestrator::keeping(&self.cluster, &self.host, rules, keys().0);
        std::mem::replace(&mut self.orchestrator, next).end().await;
    }

    /// A slice that is linked, with a login in its profile, whose browser will end by itself.
    async fn linked(&self) -> SliceId {
        let id = self.cluster.want(&self.gateway, "linked").await;
        phase(&self.gateway, id, "qr").await;
        self.put(id, "Default/IndexedDB/000003.log", b"a login");
        self.put(id, "Default/Cache/data", b"a cache");
        self.put(id, PROFILE_LOCK, CLEAN_END);
        self.link(id).await;
        id
    }

    async fn link(&self, id: SliceId) {
        self.host.page(id, "linked", None);
        phase(&self.gateway, id, "linked").await;
    }

    fn profile(&self, id: SliceId, way: &str) -> PathBuf {
        self.host.folders(id).session().join(way)
    }

    fn put(&self, id: SliceId, way: &str, content: &[u8]) {
        fs::create_dir_all(self.profile(id, way).parent().unwrap()).unwrap();
        fs::write(self.profile(id, way), content).unwrap();
    }

    async fn stop(&self, id: SliceId) {
        wish(&self.gateway, id, "stopped").await;
        phase(&self.gateway, id, "stopped").await;
    }

    /// Starts it again when nothing of it is being kept any more.
    async fn start_again(&self, id: SliceId) {
        wish(&self.gateway, id, "linked").await;
        phase(&self.gateway, id, "qr").await;
        self.link(id).await;
    }

    fn snapshots(&self, id: SliceId) -> Vec<Snapshot> {
        shelf::list(&self.host.folders(id)).unwrap()
    }

    async fn kept(&self, id: SliceId, generations: &[i64]) -> Vec<Snapshot> {
        until("the snapshots are there", async || {
            let found = self.snapshots(id);
            let of: Vec<i64> = found.iter().map(|one| one.generation).collect();
            (of == generations).then_some(found)
        })
        .await
    }

    /// Waits until a snapshot has the ended slice's lock; with no turns it keeps it until it is given up.
    async fn waits_for_its_turn(&self, id: SliceId) -> File {
        let lock = File::open(self.host.folders(id).lock()).unwrap();
        until("a snapshot waits for its turn", async || {
            let held = lock.try_lock().is_err();
            lock.unlock().unwrap();
            held.then_some(())
        })
        .await;
        lock
    }

    /// Whether no snapshot was ever taken; of a slice that has been started since.
    async fn took_none(&self, id: SliceId) -> bool {
        self.snapshots(id).is_empty() && !self.events(id).await.contains(&"slice.snapshot".to_owned())
    }

    /// What happened, in its order.
    async fn events(&self, id: SliceId) -> Vec<String> {
        sqlx::query_scalar("select kind from events where slice_id = $1 order by id")
            .bind(id.0)
            .fetch_all(&self.gateway)
            .await
            .unwrap()
    }
}

fn unpacked(snapshot: &Path, keys: &Identities, id: SliceId) -> tempfile::TempDir {
    let into = tempfile::tempdir().unwrap();
    let bounds = Bounds { entries: 100, bytes: 1 << 20 };
    queunir_snapshot::read(File::open(snapshot).unwrap(), keys, &format!("slice-{id}"), into.path(), None, bounds)
        .unwrap();
    into
}

fn now() -> Timestamp {
    SystemClock.now()
}

/// Waits until what was changed is certain to be older than what is done next.
async fn next_second() {
    let began = now().as_second();
    until("the next second", async || (now().as_second() > began).then_some(())).await;
}

#[tokio::test]
async fn a_clean_end_keeps_the_profile_and_the_last_two_are_kept() {
    let world = World::start(quick()).await;
    let id = world.linked().await;
    world.stop(id).await;
    let first = world.kept(id, &[1]).await;
    let folder = fs::metadata(world.host.folders(id).snapshots()).unwrap();
    let file = fs::metadata(&first[0].path).unwrap();
    assert_eq!((folder.mode() & 0o7777, file.mode() & 0o7777), (0o700, 0o600));
    if rustix::process::geteuid().is_root() {
        assert_eq!((folder.uid(), file.uid()), (0, 0));
    }
    let held = unpacked(&first[0].path, &world.secret, id);
    assert_eq!(fs::read(held.path().join("Default/IndexedDB/000003.log")).unwrap(), b"a login");
    assert!(!held.path().join("Default/Cache").exists(), "caches are left out");

    for generation in 2..=3 {
        world.start_again(id).await;
        world.put(id, "Default/IndexedDB/000003.log", format!("login {generation}").as_bytes());
        world.stop(id).await;
        world.kept(id, &[generation, generation - 1]).await;
    }
    let newest = world.kept(id, &[3, 2]).await;
    let held = unpacked(&newest[0].path, &world.secret, id);
    assert_eq!(fs::read(held.path().join("Default/IndexedDB/000003.log")).unwrap(), b"login 3");
    world.orchestrator.end().await;
}

#[tokio::test]
async fn none_is_taken_after_a_kill_or_a_crash() {
    let mut world = World::start(Rules { end_grace: Duration::from_millis(300), ..quick() }).await;
    let id = world.linked().await;
    world.host.tell(id, "stubborn", "");
    world.stop(id).await;
    let kills = async |world: &World| world.events(id).await.iter().filter(|kind| *kind == "slice.killed").count();
    assert_eq!(kills(&world).await, 1);
    world.host.untell(id, "stubborn");
    world.lead_anew(quick()).await;
    world.start_again(id).await;
    assert!(world.took_none(id).await);
    world.host.tell(id, "end", "");
    until("it is started again", async || (look(&world.gateway, id).await.generation > 2).then_some(())).await;
    world.host.untell(id, "end");
    phase(&world.gateway, id, "qr").await;
    world.link(id).await;
    assert!(world.took_none(id).await);
    // The slice ended in order, but its browser had to be killed.
    world.put(id, PROFILE_LOCK, b"");
    world.stop(id).await;
    world.start_again(id).await;
    assert!(world.took_none(id).await);
    world.put(id, PROFILE_LOCK, CLEAN_END);
    world.stop(id).await;
    world.kept(id, &[look(&world.gateway, id).await.generation]).await;
    assert_eq!(kills(&world).await, 1, "all other ends were clean");
    world.orchestrator.end().await;
}

#[tokio::test]
async fn a_profile_that_is_gone_takes_its_snapshots_with_it_only_if_it_was_deleted_on_demand() {
    let world = World::start(quick()).await;
    let id = world.linked().await;
    world.stop(id).await;
    world.kept(id, &[1]).await;
    let aside = world.host.folders(id).root().join("session.quarantine-20261123T090000Z");
    fs::create_dir(&aside).unwrap();
    // The browser ended by itself, and then something else took its profile away.
    world.start_again(id).await;
    fs::remove_dir_all(world.profile(id, "Default")).unwrap();
    world.stop(id).await;
    world.start_again(id).await;
    assert!(world.kept(id, &[1]).await.len() == 1 && aside.exists());
    // As a profile is deleted on demand: under its lock.
    world.put(id, PROFILE_LOCK, b"");
    world.stop(id).await;
    world.kept(id, &[]).await;
    until("the one aside is gone", async || (!aside.exists()).then_some(())).await;
    world.orchestrator.end().await;
}

#[tokio::test]
async fn a_profile_that_is_linked_no_more_pushes_none_off_the_shelf() {
    let world = World::start(quick()).await;
    let id = world.linked().await;
    world.stop(id).await;
    world.kept(id, &[1]).await;
    for page in ["qr", "unknown"] {
        world.start_again(id).await;
        world.put(id, "Default/IndexedDB/000003.log", b"a broken login");
        world.host.page(id, page, None);
        world.stop(id).await;
    }
    world.start_again(id).await;
    let kept = world.kept(id, &[1]).await;
    let held = unpacked(&kept[0].path, &world.secret, id);
    assert_eq!(fs::read(held.path().join("Default/IndexedDB/000003.log")).unwrap(), b"a login");
    world.orchestrator.end().await;
}

#[tokio::test]
async fn a_start_waits_for_a_snapshot_and_nobody_else_does() {
    let rules = Rules { snapshots_at_once: 0, snapshot_wait: Duration::from_secs(600), ..quick() };
    let world = World::start(rules).await;
    let id = world.linked().await;
    let other = world.cluster.want(&world.gateway, "stopped").await;
    world.stop(id).await;
    world.waits_for_its_turn(id).await;
    wish(&world.gateway, id, "linked").await;
    wish(&world.gateway, other, "linked").await;
    phase(&world.gateway, other, "qr").await;
    let seen = look(&world.gateway, id).await;
    assert_eq!((seen.generation, seen.failures), (1, 0), "it waits, and that is no failure");
    world.orchestrator.end().await;
}

#[tokio::test]
async fn a_start_that_has_waited_long_enough_has_its_way() {
    let wait = Duration::from_millis(1500);
    let world = World::start(Rules { snapshots_at_once: 0, snapshot_wait: wait, ..quick() }).await;
    let id = world.linked().await;
    let began = Instant::now();
    world.stop(id).await;
    world.waits_for_its_turn(id).await;
    world.start_again(id).await;
    assert!(began.elapsed() >= wait, "{:?}", began.elapsed());
    assert_eq!(look(&world.gateway, id).await.failures, 0);
    assert!(world.snapshots(id).is_empty());
    world.orchestrator.end().await;
}

#[tokio::test]
async fn a_deletion_gives_a_snapshot_up_and_erases_all_of_them() {
    let rules = Rules { snapshots_at_once: 0, snapshot_wait: Duration::from_secs(600), ..quick() };
    let mut world = World::start(rules).await;
    let id = world.linked().await;
    let shelf = world.host.folders(id).snapshots();
    fs::create_dir_all(&shelf).unwrap();
    fs::write(shelf.join("g1-20261123T090000Z.tar.zst.age"), "an earlier one").unwrap();
    world.stop(id).await;
    let lock = world.waits_for_its_turn(id).await;
    wish(&world.gateway, id, "deleted").await;
    phase(&world.gateway, id, "deleting").await;
    until("nothing of it goes on", async || lock.try_lock().ok()).await;
    drop(lock);
    assert_eq!(world.snapshots(id).len(), 1, "what is there stays until everything is erased");

    world.lead_anew(Rules { deletion_delay: Duration::ZERO, ..quick() }).await;
    phase(&world.gateway, id, "deleted").await;
    assert!(!world.host.folders(id).root().exists() && !shelf.exists());
    let other = world.linked().await;
    wish(&world.gateway, other, "deleted").await;
    phase(&world.gateway, other, "deleted").await;
    assert!(!world.events(other).await.contains(&"slice.snapshot".to_owned()), "none of what is to be deleted");
    world.orchestrator.end().await;
}

#[tokio::test]
async fn nothing_is_erased_while_somebody_has_the_profile() {
    let world = World::start(Rules { deletion_delay: Duration::ZERO, ..quick() }).await;
    let (id, other) = (world.linked().await, world.linked().await);
    world.stop(id).await;
    world.kept(id, &[1]).await;
    let lock = File::open(world.host.folders(id).lock()).unwrap();
    until("nothing of the slice has it", async || lock.try_lock().ok()).await;
    wish(&world.gateway, id, "deleted").await;
    phase(&world.gateway, id, "deleting").await;
    // Its own turn has come by the time that another's is over.
    wish(&world.gateway, other, "deleted").await;
    phase(&world.gateway, other, "deleted").await;
    assert!(world.profile(id, "Default").exists() && world.snapshots(id).len() == 1);
    drop(lock);
    phase(&world.gateway, id, "deleted").await;
    assert!(!world.host.folders(id).root().exists() && world.snapshots(id).is_empty());
    world.orchestrator.end().await;
}

#[tokio::test]
async fn what_holds_a_lock_for_longer_than_anything_of_ours_keeps_nothing() {
    let world = World::start(Rules { deletion_delay: Duration::ZERO, ..quick() }).await;
    let id = world.linked().await;
    world.stop(id).await;
    world.kept(id, &[1]).await;
    let lock = File::open(world.host.folders(id).lock()).unwrap();
    until("nothing of the slice has it", async || lock.try_lock().ok()).await;
    wish(&world.gateway, id, "deleted").await;
    phase(&world.gateway, id, "deleting").await;
    let control = world.cluster.superuser(queunir_db::control::DATABASE).pool(Some("gateway"), 1).await.unwrap();
    let earlier = sqlx::query("update slices set phase_since = phase_since - interval '11 minutes' where id = $1");
    earlier.bind(id.0).execute(&control).await.unwrap();
    phase(&world.gateway, id, "deleted").await;
    assert!(!world.host.folders(id).root().exists() && world.snapshots(id).is_empty());
    world.orchestrator.end().await;
}

#[tokio::test]
async fn what_was_kept_of_a_profile_goes_when_its_tenant_ends_the_link() {
    let mut world = World::start(quick()).await;
    let id = world.linked().await;
    world.stop(id).await;
    world.kept(id, &[1]).await;
    let aside = world.host.folders(id).root().join("session.quarantine-20261123T090000Z");
    let unfinished = world.host.folders(id).snapshots().join("unfinished");
    fs::write(&unfinished, "as a crash left it").unwrap();
    fs::create_dir(&aside).unwrap();
    fs::create_dir(world.host.folders(id).incoming()).unwrap();
    world.start_again(id).await;
    world.host.tell(id, "unlinked_at", &now().to_string());
    world.kept(id, &[]).await;
    let left = [aside, unfinished, world.host.folders(id).incoming()];
    until("the rest is gone", async || (!left.iter().any(|path| path.exists())).then_some(())).await;

    // Told only when it is asked for the last time: nothing looks at it meanwhile.
    next_second().await;
    world.stop(id).await;
    world.kept(id, &[2]).await;
    let slow = Duration::from_secs(600);
    let rules = Rules { look_starting: slow, look_linking: slow, look_settled: slow, ..quick() };
    world.lead_anew(rules).await;
    wish(&world.gateway, id, "service").await;
    phase(&world.gateway, id, "service").await;
    world.host.tell(id, "unlinked_at", &now().to_string());
    fs::remove_dir_all(world.profile(id, "Default")).unwrap();
    world.stop(id).await;
    world.kept(id, &[]).await;
    world.orchestrator.end().await;
}
