//! One orchestrator acts at a time, and an earlier one's writes come to nothing.

use queunir_core::{link::PageState, slice::Phase, time::Clock as _};
use queunir_db::control::{
    leadership::Leadership,
    listen::{Channel, Notice, Notices},
    observed,
};
use queunir_service::clock::SystemClock;

use crate::cluster::Cluster;

#[tokio::test]
async fn orc_03_what_a_stopped_leader_had_locked_keeps_nobody_out() {
    let cluster = Cluster::start().await;
    let (stopped, db) = (cluster.orchestrator().pool(Some("gateway"), 1).await.unwrap(), cluster.control().await);
    let mut tx = stopped.begin().await.unwrap();
    sqlx::query("select from leadership for update").execute(&mut *tx).await.unwrap();
    let taken = tokio::time::timeout(std::time::Duration::from_secs(9), Leadership::try_take(&db)).await;
    assert!(taken.expect("the row is free again").unwrap().is_some());
    assert!(sqlx::query("select 1").execute(&mut *tx).await.is_err(), "its transaction is gone");
}

#[tokio::test]
async fn only_one_leads_and_the_earlier_ones_are_fenced_off() {
    let cluster = Cluster::start().await;
    let (gateway, db) = (cluster.as_gateway().await, cluster.control().await);
    let id = cluster.want(&gateway, "linked").await;
    let mut first = Leadership::try_take(&db).await.unwrap().expect("nobody leads yet");
    assert!(Leadership::try_take(&db).await.unwrap().is_none(), "the lock is taken");
    assert!(first.still_leads().await.unwrap());
    let old = first.epoch();
    first.resign().await.unwrap();
    let mut second = Leadership::try_take(&db).await.unwrap().expect("the lock is free again");
    assert!(second.epoch() > old);
    assert!(second.still_leads().await.unwrap());

    let mut tx = db.begin().await.unwrap();
    let now = SystemClock.now();
    let row = observed::list_active(&mut tx).await.unwrap().remove(0);
    assert_eq!((row.id, row.observed.phase), (id, Phase::Requested));
    let mut seen = row.observed.clone();
    seen.phase = Phase::Linked;
    seen.page_state = Some(PageState::Linked);
    assert_eq!(observed::begin_start(&mut tx, old, id, 5001, "wa_slice_1", now).await.unwrap(), None);
    assert!(!observed::set_observed(&mut tx, old, id, &seen, now).await.unwrap());
    assert!(!observed::withdraw_link(&mut tx, old, id, row.wanted_at).await.unwrap());
    assert_eq!(observed::begin_start(&mut tx, second.epoch(), id, 5001, "wa_slice_1", now).await.unwrap(), Some(1));
    assert!(observed::set_observed(&mut tx, second.epoch(), id, &seen, now).await.unwrap());
    tx.commit().await.unwrap();

    // A killed leader's connection goes, and its lock with it; here the server ends it.
    let superuser = cluster.superuser("wank_saas").pool(None, 1).await.unwrap();
    sqlx::raw_sql("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted")
        .execute(&superuser)
        .await
        .unwrap();
    assert!(second.still_leads().await.is_err(), "it notices before it acts again");
    assert!(Leadership::try_take(&db).await.unwrap().is_some());
}

#[tokio::test]
async fn only_the_oldest_events_are_forgotten() {
    let cluster = Cluster::start().await;
    let (gateway, db) = (cluster.as_gateway().await, cluster.control().await);
    for days in [500, 401, 399, 10, 0] {
        sqlx::query("insert into events (kind, at) values ($1, now() - make_interval(days => $2))")
            .bind(format!("{days} days ago"))
            .bind(days)
            .execute(&gateway)
            .await
            .unwrap();
    }
    let left = async || -> Vec<String> {
        sqlx::query_scalar("select kind from events order by id").fetch_all(&gateway).await.unwrap()
    };
    for (rows, forgotten, oldest) in [(1_000, 2, "399 days ago"), (1_000, 0, "399 days ago"), (1, 2, "0 days ago")] {
        let mut tx = db.begin().await.unwrap();
        assert_eq!(observed::forget_events(&mut tx, 400, rows).await.unwrap(), forgotten);
        tx.commit().await.unwrap();
        assert_eq!(left().await.first().map(String::as_str), Some(oldest));
    }
}

#[tokio::test]
async fn a_clock_that_is_set_moves_attempts_and_leaves_nothing_in_the_future() {
    let cluster = Cluster::start().await;
    let (gateway, db) = (cluster.as_gateway().await, cluster.control().await);
    cluster.want(&gateway, "linked").await;
    let epoch = Leadership::try_take(&db).await.unwrap().expect("nobody leads yet").epoch();
    let owner = cluster.superuser("wank_saas").pool(Some("gateway"), 1).await.unwrap();
    // Set back by an hour: what was to come in 10 s now seems to come in an hour.
    sqlx::query(
        "update slices set next_attempt_at = now() + interval '3610 s', phase_since = now() + interval '3500 s'",
    )
    .execute(&owner)
    .await
    .unwrap();
    let (now, hour) = (SystemClock.now(), jiff::SignedDuration::from_hours(1));
    for step in [-hour, jiff::SignedDuration::ZERO] {
        let mut tx = db.begin().await.unwrap();
        observed::follow_clock(&mut tx, epoch, step, now, now + hour).await.unwrap();
        let row = observed::list_active(&mut tx).await.unwrap().remove(0);
        tx.commit().await.unwrap();
        let wait = row.observed.next_attempt_at.unwrap().duration_since(now).as_secs();
        assert!((5..=11).contains(&wait), "{wait}");
        assert!(row.phase_since <= now);
    }
    let mut tx = db.begin().await.unwrap();
    observed::follow_clock(&mut tx, epoch - 1, hour, now, now).await.unwrap();
    let row = observed::list_active(&mut tx).await.unwrap().remove(0);
    assert!(row.observed.next_attempt_at.unwrap() > now, "an earlier leader moves nothing");
}

#[tokio::test]
async fn notices_wake_and_survive_a_lost_connection() {
    let cluster = Cluster::start().await;
    let (gateway, db) = (cluster.as_gateway().await, cluster.control().await);
    let mut wanted = Notices::listen(&db, &[Channel::Wanted]).await.unwrap();
    let id = cluster.want(&gateway, "linked").await;
    assert_eq!(wanted.next().await.unwrap(), Notice::Slice(id));
    sqlx::query("update slices set desired = 'service' where id = $1").bind(id.0).execute(&gateway).await.unwrap();
    assert_eq!(wanted.next().await.unwrap(), Notice::Slice(id));

    let superuser = cluster.superuser("wank_saas").pool(None, 1).await.unwrap();
    sqlx::raw_sql("select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%'")
        .execute(&superuser)
        .await
        .unwrap();
    assert_eq!(wanted.next().await.unwrap(), Notice::Everything, "what was missed must be looked at");
    sqlx::query("update slices set desired = 'linked' where id = $1").bind(id.0).execute(&gateway).await.unwrap();
    assert_eq!(wanted.next().await.unwrap(), Notice::Slice(id));
}

#[tokio::test]
async fn the_roles_may_write_their_own_columns_only() {
    let cluster = Cluster::start().await;
    let gateway = cluster.as_gateway().await;
    cluster.want(&gateway, "linked").await;
    for statement in
        ["update slices set phase = 'linked'", "update slices set port = 5001", "update leadership set epoch = 9"]
    {
        assert!(sqlx::raw_sql(statement).execute(&gateway).await.is_err(), "gateway: {statement}");
    }
    let orchestrator = cluster.orchestrator().pool(Some("gateway"), 1).await.unwrap();
    for statement in [
        "update slices set wanted_at = now()",
        "update slices set reading_mode = 'background'",
        "select * from users",
        "select * from sessions",
    ] {
        assert!(sqlx::raw_sql(statement).execute(&orchestrator).await.is_err(), "orchestrator: {statement}");
    }
}
