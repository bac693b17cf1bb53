//! Rounds of migrations over many tenants: nobody twice, nobody left behind, whatever dies (ISO-14).

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use futures::{StreamExt as _, stream};
use queunir_core::{
    id::SliceId,
    slice::TenancyMode::{self, Database, Schema},
};
use queunir_db::{
    Endpoint,
    control::ControlDb,
    provision::{Layout, ProvisionError, Provisioner},
};
use sqlx::Connection as _;

use crate::world::{MODES, World, assert_sound, layout, migration, secret, with_steps};

async fn make_many(provisioner: &Provisioner, slices: i64) {
    let made = stream::iter(1..=slices)
        .map(async |slice| provisioner.provision(SliceId(slice), &secret(), 1).await)
        .buffer_unordered(4);
    assert!(made.all(async |outcome| outcome.is_ok()).await);
}

/// What each tenant's migrations have left: all of them once.
async fn assert_uniform(world: &World, latest: i64) {
    let wanted: Vec<i64> = (2..=latest).collect();
    let this = world.provisioner.clone().with_layout(layout(latest));
    for tenant in this.status().await.unwrap() {
        let inside = world.inside(&tenant).await;
        let runs: Vec<i64> =
            sqlx::query_scalar("select version from runs order by version").fetch_all(&inside).await.unwrap();
        inside.close().await;
        assert_eq!(runs, wanted, "slice {}", tenant.slice);
        assert_eq!(tenant.fingerprint.as_deref(), Some(this.layout().fingerprint()), "slice {}", tenant.slice);
        assert_eq!((tenant.version, tenant.failure), (Some(latest), None));
    }
    assert_sound(&this).await;
}

#[tokio::test]
async fn a_round_brings_all_tenants_to_this_version_once() {
    for mode in MODES {
        let world = World::new(mode).await;
        make_many(&world.provisioner.clone().with_layout(layout(1)), 12).await;
        let next = world.provisioner.clone().with_layout(layout(3));
        let (one, other) = tokio::join!(next.migrate_all(), next.migrate_all());
        assert!(one.unwrap().failed.is_empty() && other.unwrap().failed.is_empty());
        assert_uniform(&world, 3).await;
        assert_eq!(next.migrate_all().await.unwrap().migrated, 0);
    }
}

#[tokio::test]
async fn a_tenant_that_fails_stays_behind_alone_and_says_why() {
    for mode in MODES {
        let world = World::new(mode).await;
        make_many(&world.provisioner.clone().with_layout(layout(1)), 8).await;
        let broken = world.provisioner.place(SliceId(2)).await.unwrap();
        let inside = world.inside(&broken).await;
        sqlx::raw_sql("alter table runs add check (version < 2)").execute(&inside).await.unwrap();
        let next = world.provisioner.clone().with_layout(layout(3));
        let round = next.migrate_all().await.unwrap();
        assert_eq!((round.migrated, round.held_back), (7, 0), "{mode:?}");
        assert_eq!(round.failed.iter().map(|(slice, _)| *slice).collect::<Vec<_>>(), [SliceId(2)]);
        let told = next.status().await.unwrap().into_iter().find(|tenant| tenant.slice == SliceId(2)).unwrap();
        assert!(told.failure.is_some_and(|why| why.contains("runs_version_check")), "{mode:?}");
        assert_eq!(told.version, Some(1));
        let start = next.provision(SliceId(2), &secret(), 2).await.unwrap_err();
        assert!(
            start.is_lasting() && matches!(start, ProvisionError::Migrate { .. }),
            "its slice does not start: {start}"
        );
        // The earlier version goes on with it.
        world.provisioner.clone().with_layout(layout(1)).provision(SliceId(2), &secret(), 3).await.unwrap();

        sqlx::raw_sql("alter table runs drop constraint runs_version_check").execute(&inside).await.unwrap();
        inside.close().await;
        next.provision(SliceId(2), &secret(), 4).await.unwrap();
        assert_uniform(&world, 3).await;
    }
}

#[tokio::test]
async fn most_of_the_first_ones_failing_holds_the_others_back() {
    let world = World::new(Schema).await;
    make_many(&world.provisioner.clone().with_layout(layout(1)), 8).await;
    let wrong = with_steps(vec![migration(2, "alter table nowhere add column x int".to_owned())]);
    let round = world.provisioner.clone().with_layout(wrong).migrate_all().await.unwrap();
    assert_eq!((round.migrated, round.failed.len(), round.held_back), (0, 5, 3));
    let untouched = world.provisioner.status().await.unwrap().into_iter().filter(|tenant| tenant.failure.is_none());
    assert_eq!(untouched.count(), 3);
    world.provisioner.clone().with_layout(layout(2)).migrate_all().await.unwrap();
    assert_uniform(&world, 2).await;
}

#[tokio::test]
async fn a_slice_that_holds_its_tables_is_waited_for_and_then_left() {
    let world = World::new(Database).await;
    let first = world.provisioner.clone().with_layout(layout(1));
    let tenant = first.provision(SliceId(1), &secret(), 1).await.unwrap();
    let mut own = sqlx::PgConnection::connect_with(&world.way(&tenant).options(None)).await.unwrap();
    let steps = vec![migration(2, "alter table runs add column more int".to_owned())];
    let next = world.provisioner.clone().with_layout(with_steps(steps));
    let mut tx = own.begin().await.unwrap();
    sqlx::raw_sql("insert into runs values (7)").execute(&mut *tx).await.unwrap();
    let round = next.migrate_all().await.unwrap();
    assert_eq!((round.migrated, round.failed.len()), (0, 1), "nobody is thrown out of a running slice");
    sqlx::raw_sql("insert into runs values (8)").execute(&mut *tx).await.unwrap();
    // Its next start does not wait for what the one before has left open.
    next.provision(SliceId(1), &secret(), 2).await.unwrap();
    assert!(tx.commit().await.is_err());
    let failure = next.status().await.unwrap().remove(0).failure;
    assert_eq!(failure, None, "what was noted is taken back");
}

#[tokio::test]
async fn tables_that_were_put_back_to_an_earlier_version_are_brought_up_again() {
    for mode in MODES {
        let world = World::new(mode).await;
        let this = world.provisioner.clone().with_layout(layout(2));
        let tenant = this.provision(SliceId(1), &secret(), 1).await.unwrap();
        let inside = world.inside(&tenant).await;
        // The stamp stays where only the tables are restored.
        sqlx::raw_sql("delete from _sqlx_migrations where version = 2; delete from runs")
            .execute(&inside)
            .await
            .unwrap();
        inside.close().await;
        this.provision(SliceId(1), &secret(), 2).await.unwrap();
        assert_uniform(&world, 2).await;
    }
}

#[tokio::test]
async fn tables_of_a_later_version_are_left_alone_with_clear_words() {
    let world = World::new(Database).await;
    world.provisioner.clone().with_layout(layout(3)).provision(SliceId(1), &secret(), 1).await.unwrap();
    let earlier = world.provisioner.clone().with_layout(layout(2));
    let error = earlier.provision(SliceId(1), &secret(), 2).await.unwrap_err();
    assert!(error.is_lasting() && error.to_string().contains("migration 3"), "{error}");
}

#[tokio::test]
async fn a_round_that_is_killed_anywhere_is_finished_by_the_next() {
    let soak = std::env::var("QUEUNIR_SOAK").is_ok();
    let (slices, kills) = if soak { (200, 50) } else { (24, 6) };
    let modes: &[TenancyMode] = if soak { &MODES } else { &[Database] };
    for mode in modes {
        let world = World::new(*mode).await;
        make_many(&world.provisioner.clone().with_layout(layout(1)), slices).await;
        let mut latest = 2;
        for _ in 0..kills {
            let this = world.provisioner.clone().with_layout(layout(latest));
            if this.status().await.unwrap().iter().all(|tenant| tenant.version == Some(latest)) {
                latest += 1;
            }
            kill_a_round(&world.cluster.orchestrator(), latest);
        }
        let done = world.provisioner.clone().with_layout(layout(latest)).migrate_all().await.unwrap();
        println!("{mode:?}: version {latest} after {kills} kills; the last round had {} to do", done.migrated);
        assert_uniform(&world, latest).await;
    }
}

/// Starts a round in a process of its own, and kills it after a moment of chance.
fn kill_a_round(way: &Endpoint, latest: i64) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "rounds::the_round_that_is_killed", "--ignored", "--nocapture"])
        .env("QN_ROUND", way.socket.join(latest.to_string()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    assert!(said.lines().map_while(Result::ok).any(|line| line.contains("round begins")));
    std::thread::sleep(Duration::from_millis(rand::random_range(0..400)));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
#[ignore = "the process that the test above kills"]
async fn the_round_that_is_killed() {
    let Ok(asked) = std::env::var("QN_ROUND") else { return };
    let (socket, latest) = asked.rsplit_once('/').unwrap();
    let way = Endpoint {
        socket: socket.into(),
        port: 5432,
        database: queunir_db::control::DATABASE.to_owned(),
        role: "queunir_orch".to_owned(),
        password: "orchestrator".to_owned().into(),
    };
    let control = ControlDb::open(&way, 3).await.unwrap();
    let provisioner = Provisioner::new(&way, &control, Database).with_layout(layout(latest.parse().unwrap()));
    println!("round begins");
    provisioner.migrate_all().await.unwrap();
}

#[tokio::test]
#[ignore = "prints figures; run it alone on a quiet machine"]
async fn figures() {
    for mode in MODES {
        let world = World::new(mode).await;
        let mut steps: Vec<_> = queunir_db::slice::MIGRATIONS.iter().cloned().collect();
        let stepwise = timed(&world.provisioner, 1..=20).await;
        world.provisioner.prepare_template().await.unwrap();
        let copied = timed(&world.provisioner, 21..=40).await;
        let again = timed(&world.provisioner, 21..=40).await;
        println!(
            "{mode:?}: a tenant without template {stepwise:?}, with {copied:?}, its next start {again:?} (p50 of 20)"
        );
        make_many_more(&world.provisioner, 41..=200).await;
        steps.push(migration(
            9_999,
            "alter table chats add column figures text; create index on chats (figures)".to_owned(),
        ));
        let began = Instant::now();
        let round =
            world.provisioner.clone().with_layout(Layout::of(steps, queunir_db::slice::GRANTS)).migrate_all().await;
        println!("{mode:?}: {} tenants migrated in {:?}", round.unwrap().migrated, began.elapsed());
    }
}

async fn timed(provisioner: &Provisioner, slices: std::ops::RangeInclusive<i64>) -> Duration {
    let mut took = Vec::new();
    for slice in slices {
        let began = Instant::now();
        provisioner.provision(SliceId(slice), &secret(), 1).await.unwrap();
        took.push(began.elapsed());
    }
    took.sort();
    took[took.len() / 2]
}

async fn make_many_more(provisioner: &Provisioner, slices: std::ops::RangeInclusive<i64>) {
    for slice in slices {
        provisioner.provision(SliceId(slice), &secret(), 1).await.unwrap();
    }
}
