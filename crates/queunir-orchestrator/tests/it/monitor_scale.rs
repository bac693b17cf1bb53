//! The monitor with many slices, over many days, and beside a database that does not take what it writes.

use std::{
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use queunir_core::{
    capacity::{Basis, HostSize},
    collection::CollectionLimits,
    id::SliceId,
    media::MediaLimits,
    slice::{Engine, Pacing},
    time::Steps,
};
use queunir_db::{
    control::{ControlDb, leadership::Leadership, operator, telemetry},
    provision::Provisioner,
};
use queunir_orchestrator::{
    hands::{Hands, Template},
    monitor::{Monitor, MonitorConfig},
    pki,
    plan::Rules,
    room::Room,
    runtime::{SliceRuntime as _, fake::FakeRuntime},
    snapshots::Snapshots,
};
use queunir_service::clock::SystemClock;
use sqlx::PgPool;
use tokio::sync::Notify;

use crate::{cluster::Cluster, host::Host};

/// What is rolled up together.
const FIVE: Duration = Duration::from_secs(300);

struct World {
    cluster: Cluster,
    gateway: PgPool,
    host: Host,
    runtime: Arc<FakeRuntime>,
    hands: Arc<Hands>,
    _leadership: Leadership,
}

impl World {
    async fn new() -> Self {
        let (cluster, host) = (Cluster::start().await, Host::new());
        let (gateway, db) = (cluster.as_gateway().await, cluster.control().await);
        let leadership = Leadership::try_take(&db).await.unwrap().expect("nobody leads yet");
        let runtime = Arc::new(FakeRuntime::default());
        let clock = SystemClock::shared();
        let hands = Arc::new(Hands {
            provisioner: Provisioner::new(&cluster.orchestrator(), &db, cluster.mode),
            db,
            runtime: Arc::clone(&runtime) as _,
            room: Arc::new(Room::of(host.dir.path(), 0).await),
            client: host.client.clone(),
            pki: Arc::new(pki::ensure(&host.dir.path().join("tls")).unwrap()),
            snapshots: Snapshots::new(None, &Rules::default(), Arc::new(Notify::new())),
            template: Template {
                database: cluster.orchestrator(),
                state_dir: host.dir.path().to_owned(),
                whatsapp_url: String::new(),
                reader_profiles: "/nowhere".into(),
                engine: Engine::Chromium,
                pacing: Pacing::default(),
                media: MediaLimits::default(),
                collection: CollectionLimits::default(),
                disk_quota_bytes: 0,
                base_port: 5_001,
            },
            rules: Rules::default(),
            steps: Steps::of(&clock),
            clock,
            epoch: leadership.epoch(),
            pace: Default::default(),
            memory: Default::default(),
            health: Default::default(),
        });
        Self { cluster, gateway, host, runtime, hands, _leadership: leadership }
    }

    fn monitor(&self) -> Monitor {
        let config = MonitorConfig::default();
        Monitor::new(Arc::clone(&self.hands), Arc::new(Notify::new()), &self.cluster.orchestrator(), config)
    }

    /// So many slices that run as the given processes.
    async fn run(&self, pids: &[i32]) {
        let template = self.host.spec(SliceId(1), 1);
        for (id, pid) in (1..).zip(pids) {
            let id = SliceId(id);
            assert_eq!(self.cluster.want(&self.gateway, "linked").await, id);
            let spec = queunir_core::slice::SliceSpec { slice: id, ..template.clone() };
            self.runtime.ensure(&spec).await.unwrap();
            self.runtime.runs_as(id, *pid);
        }
    }

    async fn tables(&self, like: &str) -> Vec<String> {
        sqlx::query_scalar(
            "select relname::text from pg_class where relkind = 'r' and relname like $1 order by relname",
        )
        .bind(like)
        .fetch_all(&self.gateway)
        .await
        .unwrap()
    }
}

/// Processes that sleep, ended with the test.
struct Sleepers(Vec<Child>);

impl Sleepers {
    fn new(many: usize) -> Self {
        let sleep = || Command::new("sleep").arg("600").stdin(Stdio::null()).spawn().unwrap();
        Self((0..many).map(|_| sleep()).collect())
    }

    fn pids(&self) -> Vec<i32> {
        self.0.iter().map(|child| child.id().cast_signed()).collect()
    }
}

impl Drop for Sleepers {
    fn drop(&mut self) {
        for child in &mut self.0 {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

#[tokio::test]
async fn a_look_at_a_thousand_slices_is_quick() {
    let (world, sleepers) = (World::new().await, Sleepers::new(1_000));
    world.run(&sleepers.pids()).await;
    let mut monitor = world.monitor();
    let now = SystemClock::shared().now();
    for look in 0..3 {
        let began = Instant::now();
        assert_eq!(monitor.pass(now + SignedDuration::from_mins(look)).await.unwrap(), 1_000);
        println!("look {look} at 1,000 slices: {:?}", began.elapsed());
    }
    let stored: (i64, i64) =
        sqlx::query_as("select count(*), count(cpu_percent) from telemetry").fetch_one(&world.gateway).await.unwrap();
    assert_eq!(stored, (3_000, 2_000), "the first look has nothing to compare with");
}

#[tokio::test]
async fn samples_are_rolled_up_and_old_days_go() {
    let (world, sleepers) = (World::new().await, Sleepers::new(1));
    world.run(&sleepers.pids()).await;
    let mut monitor = world.monitor();
    let start: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    let days = |days: i64| start + SignedDuration::from_hours(24 * days);
    for minute in 0..=12 {
        monitor.pass(start + SignedDuration::from_mins(minute)).await.unwrap();
    }
    let db = ControlDb::open(&world.cluster.gateway(), 1).await.unwrap();
    let mut reads = db.reads().await.unwrap();
    let (id, end) = (SliceId(1), days(200));
    let points = telemetry::list_slice_points(&mut reads, id, start, end, FIVE).await.unwrap();
    let at: Vec<i64> = points.iter().map(|point| point.at.duration_since(start).as_mins()).collect();
    assert_eq!(at, [0, 5], "what is not over is not rolled up");
    let raw = telemetry::list_samples(&mut reads, id, start, end).await.unwrap();
    let mean = raw[..5].iter().map(|one| one.rss_bytes).sum::<i64>() / 5;
    assert!((points[0].rss_bytes - mean).abs() <= 1 && raw.len() == 13, "{points:?}");
    assert_eq!(telemetry::list_server_points(&mut reads, start, end, FIVE).await.unwrap().len(), 2);
    let newest = telemetry::latest(&mut reads, start).await.unwrap();
    assert_eq!(newest.iter().map(|one| one.at).collect::<Vec<_>>(), [start + SignedDuration::from_mins(12)]);
    assert!(telemetry::latest_server(&mut reads, start).await.unwrap().is_some_and(|host| host.ram_total_bytes > 0));

    monitor.pass(days(7)).await.unwrap();
    assert_eq!(world.tables("telemetry_2026%").await, ["telemetry_20261120", "telemetry_20261127"]);
    // What was not rolled up when the monitor stood still is rolled up now.
    assert_eq!(telemetry::list_slice_points(&mut reads, id, start, end, FIVE).await.unwrap().len(), 3);
    monitor.pass(days(8)).await.unwrap();
    assert_eq!(world.tables("telemetry_2026%").await, ["telemetry_20261127", "telemetry_20261128"]);
    assert_eq!(world.tables("server_telemetry_2026%").await.len(), 2);
    assert_eq!(world.tables("telemetry_5m_%").await.len(), 3, "rolled up they are kept for longer");
    monitor.pass(days(91)).await.unwrap();
    assert_eq!(world.tables("%telemetry_5m_20261120").await, [""; 0]);
    assert_eq!(world.tables("telemetry_5m_20261127").await.len(), 1);
}

#[tokio::test]
async fn a_table_that_takes_nothing_holds_up_neither_the_monitor_nor_the_control_tables() {
    let (world, sleepers) = (World::new().await, Sleepers::new(1));
    world.run(&sleepers.pids()).await;
    let mut monitor = world.monitor();
    let now = SystemClock::shared().now();
    monitor.pass(now).await.unwrap();
    let superuser = world.cluster.superuser("wank_saas").pool(Some("gateway"), 1).await.unwrap();
    let mut lock = superuser.begin().await.unwrap();
    sqlx::raw_sql("lock telemetry, server_telemetry, telemetry_5m, server_telemetry_5m in access exclusive mode")
        .execute(&mut *lock)
        .await
        .unwrap();
    let later = now + SignedDuration::from_mins(10);
    let began = Instant::now();
    let look = tokio::spawn(async move { monitor.pass(later).await.map(|seen| (seen, monitor)) });
    for _ in 0..5 {
        world.hands.move_rows(SignedDuration::ZERO).await.unwrap();
    }
    assert!(began.elapsed() < Duration::from_secs(2), "control writes wait for nobody: {:?}", began.elapsed());
    let (seen, mut monitor) = look.await.unwrap().unwrap();
    assert_eq!(seen, 1, "what cannot be written is left out");
    assert!(began.elapsed() < Duration::from_secs(9), "and waited for a little only: {:?}", began.elapsed());
    lock.rollback().await.unwrap();
    monitor.pass(later + SignedDuration::from_mins(1)).await.unwrap();
    let stored: i64 = sqlx::query_scalar("select count(*) from telemetry").fetch_one(&world.gateway).await.unwrap();
    assert_eq!(stored, 2, "and the next look is written again");
}

#[tokio::test]
async fn the_orchestrator_cannot_change_what_was_seen_and_the_gateway_can_only_read_it() {
    let world = World::new().await;
    world.monitor().pass(SystemClock::shared().now()).await.unwrap();
    let orchestrator = world.cluster.orchestrator().pool(Some("gateway"), 1).await.unwrap();
    for statement in ["delete from telemetry", "update server_telemetry set load_1 = 0", "drop table server_telemetry"]
    {
        assert!(sqlx::raw_sql(statement).execute(&orchestrator).await.is_err(), "orchestrator: {statement}");
    }
    for statement in [
        "insert into server_telemetry_5m (at) values (now())",
        "select telemetry_forget('2100-01-01', '2100-01-01')",
        "select telemetry_prepare('2100-01-01')",
        "update counters set value = 0",
        "update slices set over_quota = true",
    ] {
        assert!(sqlx::raw_sql(statement).execute(&world.gateway).await.is_err(), "gateway: {statement}");
    }
}

/// ORC-11: 250 slices, 7 days of samples and 30 days of what is rolled up.
#[tokio::test]
#[ignore = "writes some five million rows; run it to measure"]
async fn questions_about_a_month_of_250_slices_are_answered_quickly() {
    let world = World::new().await;
    for _ in 0..250 {
        world.cluster.want(&world.gateway, "linked").await;
    }
    let superuser = world.cluster.superuser("wank_saas").pool(Some("gateway"), 1).await.unwrap();
    sqlx::raw_sql(
        "select telemetry_prepare(day::date) from generate_series(now() - interval '30 days', now() + interval '1 day', interval '1 day') day;
         insert into telemetry (slice_id, at, generation, cpu_percent, rss_bytes, processes, disk_bytes, wa_state, messages)
         select s, at, 1, 3, 400000000, 9, 900000000, 'linked', 5000
         from generate_series(now() - interval '7 days', now(), interval '1 minute') at, generate_series(1, 250) s;
         insert into telemetry_5m (slice_id, at, samples, cpu_percent, rss_bytes, rss_bytes_max, pss_bytes, processes, wa_state)
         select s, date_bin('5 minutes', at, 'epoch'), 5, random(), 400000000, 400000000, 300000000, 9, 'linked'
         from generate_series(now() - interval '30 days', now(), interval '5 minutes') at, generate_series(1, 250) s;
         insert into server_telemetry_5m (at, samples, load_5, ram_total_bytes, ram_used_bytes, ram_used_bytes_max, swap_used_bytes, disk_total_bytes, disk_used_bytes)
         select date_bin('5 minutes', at, 'epoch'), 5, 1, 1, 1, 1, 0, 1, 1
         from generate_series(now() - interval '30 days', now(), interval '5 minutes') at;
         analyze telemetry, telemetry_5m, server_telemetry_5m",
    )
    .execute(&superuser)
    .await
    .unwrap();
    let db = ControlDb::open(&world.cluster.gateway(), 2).await.unwrap();
    let mut reads = db.reads().await.unwrap();
    let host = HostSize { memory_bytes: 64 << 30, cores: 16, linked_cap: None };
    let now = SystemClock::shared().now();
    let hours = |hours: i64| now - SignedDuration::from_hours(hours);
    let mut times: [Vec<Duration>; 5] = Default::default();
    for round in 0..100 {
        let id = SliceId(1 + round * 7 % 250);
        let began = Instant::now();
        assert_eq!(telemetry::latest(&mut reads, hours(1)).await.unwrap().len(), 250);
        times[0].push(began.elapsed());
        let began = Instant::now();
        assert!(telemetry::list_samples(&mut reads, id, hours(24), now).await.unwrap().len() > 1_400);
        times[1].push(began.elapsed());
        let began = Instant::now();
        assert!(
            telemetry::list_slice_points(&mut reads, id, hours(24 * 30), now, 24 * FIVE).await.unwrap().len() >= 360
        );
        times[2].push(began.elapsed());
        let began = Instant::now();
        assert!(telemetry::list_server_points(&mut reads, hours(24 * 7), now, 6 * FIVE).await.unwrap().len() >= 336);
        times[3].push(began.elapsed());
        let began = Instant::now();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(operator::capacity(&mut tx, host).await.unwrap().linked.cost.basis, Basis::Measured);
        times[4].push(began.elapsed());
    }
    let names =
        ["newest of all", "a slice, a day of samples", "a slice, 30 days rolled up", "the host, 7 days", "what fits"];
    for (name, times) in names.into_iter().zip(&mut times) {
        times.sort_unstable();
        println!("{name}: median {:?}, p95 {:?}, longest {:?}", times[50], times[94], times[99]);
        assert!(times[94] < Duration::from_millis(200), "{name}");
    }
}
