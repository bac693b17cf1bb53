//! The end of a tenant's tables: closed first, then dropped, and nobody else the worse (ISO-12).

use jiff::{Timestamp, ToSpan as _};
use queunir_core::{id::SliceId, slice::TenancyMode::Database};
use queunir_db::provision::ProvisionError;

use crate::world::{MODES, World, assert_sound, secret};

#[tokio::test]
async fn a_retired_slice_is_closed_at_once_and_dropped_later() {
    for mode in MODES {
        let world = World::new(mode).await;
        let (one, other) = (world.make(1).await, world.make(2).await);
        let own = world.way(&one).pool(None, 1).await.unwrap();
        let then = Timestamp::UNIX_EPOCH + 500_000.hours();
        // Twice: whoever was cut off begins again.
        for _ in 0..2 {
            world.provisioner.retire(SliceId(1), then).await.unwrap();
        }
        assert!(sqlx::raw_sql("select 1").execute(&own).await.is_err(), "{mode:?}: it is disconnected");
        assert!(world.way(&one).pool(None, 1).await.is_err(), "{mode:?}: and cannot come back");
        let start = world.provisioner.provision(SliceId(1), &secret(), 2).await;
        assert!(matches!(start, Err(ProvisionError::Retired(SliceId(1)))), "{mode:?}: nor be started");
        world.way(&other).pool(None, 1).await.unwrap();

        assert_eq!(world.provisioner.drop_retired(then).await.unwrap(), 0, "{mode:?}: not before its time");
        let kept = if mode == Database {
            world.count("select count(*) from pg_database where datname = 'wa_retired_1'").await
        } else {
            let inside = world.inside(&other).await;
            sqlx::query_scalar("select count(*) from pg_namespace where nspname = 'retired_1'")
                .fetch_one(&inside)
                .await
                .unwrap()
        };
        assert_eq!(kept, 1, "{mode:?}: its tables wait");

        assert_eq!(world.provisioner.drop_retired(then + 1.second()).await.unwrap(), 1);
        assert_eq!(world.provisioner.drop_retired(then + 1.second()).await.unwrap(), 0);
        let left = "select (select count(*) from pg_roles where rolname ~ '^(wa_)?slice_1$')
            + (select count(*) from pg_database where datname ~ '(slice|retired)_1$')";
        assert_eq!(world.count(left).await, 0, "{mode:?}: role and tables are gone");
        assert_sound(&world.provisioner).await;
        assert_eq!(world.provisioner.status().await.unwrap().len(), 1);
        world.way(&other).pool(None, 1).await.unwrap();
    }
}

#[tokio::test]
async fn a_slice_that_never_had_tables_can_be_retired() {
    for mode in MODES {
        let world = World::new(mode).await;
        world.provisioner.retire(SliceId(1), Timestamp::UNIX_EPOCH).await.unwrap();
        world.provisioner.place(SliceId(2)).await.unwrap();
        world.provisioner.retire(SliceId(2), Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(world.provisioner.drop_retired(Timestamp::UNIX_EPOCH + 1.hour()).await.unwrap(), 1, "{mode:?}");
    }
}

#[tokio::test]
async fn what_is_erased_is_gone_at_once_and_may_be_erased_again() {
    for mode in MODES {
        let world = World::new(mode).await;
        let (_one, other) = (world.make(1).await, world.make(2).await);
        let now = Timestamp::UNIX_EPOCH;
        // The first finds what an earlier attempt closed and did not drop, the second nothing.
        world.provisioner.retire(SliceId(1), now).await.unwrap();
        for _ in 0..2 {
            world.provisioner.erase(SliceId(1), now).await.unwrap();
        }
        let left = "select (select count(*) from pg_roles where rolname ~ '^(wa_)?slice_1$')
            + (select count(*) from pg_database where datname ~ '(slice|retired)_1$')";
        assert_eq!(world.count(left).await, 0, "{mode:?}: role and database are gone");
        let inside = world.inside(&other).await;
        let schemas = "select count(*) from pg_namespace where nspname ~ '(slice|retired)_1$'";
        let schemas: i64 = sqlx::query_scalar(schemas).fetch_one(&inside).await.unwrap();
        assert_eq!(schemas, 0, "{mode:?}: the schema is gone");
        assert_eq!(world.provisioner.status().await.unwrap().len(), 1, "{mode:?}: nothing is noted of it");
        world.way(&other).pool(None, 1).await.unwrap();
    }
}
