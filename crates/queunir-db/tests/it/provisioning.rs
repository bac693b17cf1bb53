//! Tenants' roles and tables: made fast, walled in, fenced, and safe to make again (ISO-08, ISO-09, ISO-13).

use std::time::{Duration, Instant};

use queunir_core::{
    id::SliceId,
    slice::TenancyMode::{Database, Schema},
};
use queunir_db::{
    control::tenants::Tenant,
    provision::{ProvisionError, refuse_other_mode},
    slice::SliceDb,
};
use secrecy::SecretString;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};

use crate::{
    cluster::until,
    world::{MODES, World, assert_sound, layout, secret},
};

fn password(text: &str) -> SecretString {
    text.to_owned().into()
}

fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned())
}

async fn refused(pool: &PgPool, statement: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(pool).await;
    let Err(error) = done else { panic!("{statement} is allowed") };
    assert_eq!(code(&error).as_deref(), Some("42501"), "{statement}: {error}");
}

#[tokio::test]
async fn a_tenant_gets_its_own_tables_quickly_and_again() {
    for mode in MODES {
        let World { cluster, provisioner } = World::new(mode).await;
        provisioner.prepare_template().await.unwrap();
        let began = Instant::now();
        let tenant = provisioner.provision(SliceId(1), &password("one"), 1).await.unwrap();
        let first = began.elapsed();
        assert_eq!(provisioner.provision(SliceId(1), &password("other"), 2).await.unwrap().role, tenant.role);
        println!("{mode:?}: provisioned in {first:?}, again in {:?}", began.elapsed() - first);
        let old = cluster.endpoint(&tenant.database, &tenant.role, "one").pool(None, 1).await;
        assert!(old.is_err(), "each start has a new password");
        let own = cluster.endpoint(&tenant.database, &tenant.role, "other").pool(None, 1).await.unwrap();
        let generation: i64 = sqlx::query_scalar("select generation from fence").fetch_one(&own).await.unwrap();
        assert_eq!(generation, 2);
        let closed: Vec<String> = sqlx::query_scalar(
            "select tablename::text from pg_tables where schemaname = current_schema()
                and not has_table_privilege(format('%I.%I', schemaname, tablename), 'select') order by 1",
        )
        .fetch_all(&own)
        .await
        .unwrap();
        assert_eq!(closed, ["_sqlx_migrations"], "every other table is the tenant's to read");
        let mut held = own.acquire().await.unwrap();
        provisioner.provision(SliceId(1), &password("next"), 3).await.unwrap();
        assert!(sqlx::raw_sql("select 1").execute(&mut *held).await.is_err(), "an earlier generation is disconnected");
        let late = provisioner.provision(SliceId(1), &password("late"), 1).await;
        assert!(matches!(late, Err(ProvisionError::Fenced(1))), "an earlier generation comes too late");
    }
}

#[tokio::test]
async fn several_tenants_are_made_side_by_side_and_all_pass_the_audit() {
    for mode in MODES {
        let world = World::new(mode).await;
        world.provisioner.prepare_template().await.unwrap();
        futures::future::join_all((1..=6).map(|slice| world.make(slice))).await;
        assert_sound(&world.provisioner).await;
    }
}

#[tokio::test]
async fn the_audit_names_whatever_is_not_as_it_must_be() {
    for mode in MODES {
        let world = World::new(mode).await;
        let one = world.make(1).await;
        world.make(2).await;
        let superuser = world.inside(&one).await;
        let role = &one.role;
        for (spoil, repair, named) in [
            ("alter role ROLE connection limit 9", "alter role ROLE connection limit 4", "sign in four times"),
            ("alter role ROLE createdb", "alter role ROLE nocreatedb", "sign in four times"),
            ("alter role ROLE reset temp_file_limit", "alter role ROLE set temp_file_limit = '1GB'", "temp_file_limit"),
            ("grant wa_owner to ROLE", "revoke wa_owner from ROLE", "the role is in wa_owner"),
            ("grant delete on audit to ROLE", "revoke delete on audit from ROLE", "may delete audit"),
            ("grant select on chats to public", "revoke select on chats from public", "everybody may select chats"),
            ("revoke insert on chats from ROLE", "grant insert on chats to ROLE", "may not insert chats"),
            ("create table loot (); alter table loot owner to ROLE", "drop table loot", "owns 1 objects"),
            (
                "grant create on schema SCHEMA to ROLE",
                "revoke create on schema SCHEMA from ROLE",
                "may create in schema",
            ),
            ("grant temporary on database DB to public", "revoke temporary on database DB from public", "temporary"),
            ("grant connect on database postgres to ROLE", "revoke connect on database postgres from ROLE", "postgres"),
            (
                "grant execute on function lo_creat(integer) to public",
                "revoke execute on function lo_creat(integer) from public",
                "may call lo_creat",
            ),
        ] {
            let filled =
                |text: &str| text.replace("ROLE", role).replace("SCHEMA", &one.schema).replace("DB", &one.database);
            let run = async |text: &str| sqlx::raw_sql(AssertSqlSafe(filled(text))).execute(&superuser).await.unwrap();
            run(spoil).await;
            let found = world.provisioner.audit(&one).await.unwrap();
            assert!(found.iter().any(|line| line.contains(named)), "{mode:?} {spoil}: {found:?}");
            run(repair).await;
        }
        assert_sound(&world.provisioner).await;
    }
}

#[tokio::test]
async fn a_hostile_tenant_meets_walls_everywhere() {
    for mode in MODES {
        let world = World::new(mode).await;
        world.provisioner.prepare_template().await.unwrap();
        let (one, other) = (world.make(1).await, world.make(2).await);
        let cluster = &world.cluster;
        let elsewhere = ["wank_saas", "postgres", "template1", "wa_template", "wa_base"];
        for database in elsewhere.into_iter().chain([other.database.as_str()].into_iter().filter(|_| mode == Database))
        {
            let way = cluster.endpoint(database, &one.role, "secret").pool(None, 1).await;
            assert!(way.is_err(), "{mode:?}: {database} is closed to another tenant");
        }
        for (role, secret) in [("queunir_gw", "gateway"), ("wa_owner", ""), ("slices", "")] {
            let way = cluster.endpoint(&one.database, role, secret).pool(None, 1).await;
            assert!(way.is_err(), "{mode:?}: a tenant's tables are closed to {role}");
        }
        if mode == Database {
            let way = cluster.endpoint(&one.database, &other.role, "secret").pool(None, 1).await;
            assert!(way.is_err(), "a tenant's database is closed to another");
        }
        let superuser = cluster.superuser("postgres").pool(None, 1).await.unwrap();
        let own = world.way(&one).pool(None, 1).await.unwrap();
        for statement in [
            "create table loot (x int)",
            "create schema loot",
            "create temporary table loot (x int)",
            "create function loot() returns int language sql as 'select 1'",
            "update fence set generation = 99",
            "delete from fence",
            "delete from audit",
            "update _sqlx_migrations set success = false",
            "comment on schema SCHEMA is 'mine'",
            "set role wa_owner",
            "alter role ROLE connection limit 100",
            "alter role ROLE createdb",
            "alter role ROLE set temp_file_limit = -1",
            "set temp_file_limit = -1",
            "copy fence to program 'true'",
            "copy fence to '/tmp/loot'",
            "select pg_read_file('/etc/passwd')",
            "select lo_creat(-1)",
            "select lo_import('/etc/passwd')",
            "select pg_advisory_lock(1)",
            "select pg_try_advisory_xact_lock(1, 1)",
            "select pg_notify('slices_wanted', '1')",
            "create extension dblink",
            "create role loot",
            "create database loot",
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'",
            "select pg_reload_conf()",
        ] {
            refused(&own, &statement.replace("ROLE", &one.role).replace("SCHEMA", &one.schema)).await;
        }
        let seen: Vec<String> =
            sqlx::query_scalar("select query from pg_stat_activity where usename = 'postgres' and query <> ''")
                .fetch_all(&own)
                .await
                .unwrap();
        assert!(!seen.is_empty() && seen.iter().all(|text| text == "<insufficient privilege>"), "{mode:?}: {seen:?}");
        if mode == Schema {
            for statement in ["select * from slice_2.messages", "set search_path = slice_2; delete from chats"] {
                let error = sqlx::raw_sql(statement).execute(&own).await.expect_err(statement);
                // Without the use of the schema its names lead nowhere.
                assert!(matches!(code(&error).as_deref(), Some("42501" | "42P01")), "{statement}: {error}");
            }
        }
        assert_sound(&world.provisioner).await;
        superuser.close().await;
    }
}

#[tokio::test]
async fn a_tenant_has_few_connections() {
    for mode in MODES {
        let world = World::new(mode).await;
        let (one, other) = (world.make(1).await, world.make(2).await);
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(world.way(&one).pool(None, 1).await.unwrap());
        }
        for _ in 0..2 {
            let error =
                PgConnection::connect_with(&world.way(&one).options(None)).await.expect_err("a fifth connection");
            assert_eq!(code(&error).as_deref(), Some("53300"), "{mode:?}");
        }
        let began = Instant::now();
        world.way(&other).pool(None, 1).await.unwrap();
        assert!(began.elapsed().as_secs() < 2, "{mode:?}: another tenant comes in as before");
    }
}

#[tokio::test]
async fn what_one_tenant_writes_no_other_sees() {
    for mode in MODES {
        let world = World::new(mode).await;
        let (one, other) = (world.make(1).await, world.make(2).await);
        let rows = async |tenant: &Tenant, write: bool| {
            let pool = world.way(tenant).pool(None, 1).await.unwrap();
            if write {
                sqlx::raw_sql("insert into settings (key, value) values ('mine', '1')").execute(&pool).await.unwrap();
            }
            let count: i64 = sqlx::query_scalar("select count(*) from settings").fetch_one(&pool).await.unwrap();
            pool.close().await;
            count
        };
        assert_eq!((rows(&one, true).await, rows(&other, false).await), (1, 0), "{mode:?}");
        let db = SliceDb::open(&world.way(&other), 1).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(queunir_db::slice::fence::generation(&mut tx).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_shared_database_takes_so_many_tenants_and_then_there_is_another() {
    let world = World::new(Schema).await;
    let few = world.provisioner.clone().with_layout(layout(1)).with_shared_tenants(2);
    let mut places = Vec::new();
    for slice in 1..=5 {
        places.push(few.provision(SliceId(slice), &secret(), 1).await.unwrap().database);
    }
    assert_eq!(places, ["wa_shared_1", "wa_shared_1", "wa_shared_2", "wa_shared_2", "wa_shared_3"]);
    let stranger = world.cluster.endpoint("wa_shared_2", "slice_1", "secret").pool(None, 1).await;
    assert!(stranger.is_err(), "a shared database is closed to the tenants of another");
    assert_sound(&few).await;
}

#[tokio::test]
async fn the_other_mode_is_refused_while_there_are_tenants() {
    for (mode, other, words) in
        [(Database, Schema, "set it back to \"database\""), (Schema, Database, "set it back to \"schema\"")]
    {
        let world = World::new(mode).await;
        let control = world.cluster.control().await;
        refuse_other_mode(&control, other).await.unwrap();
        world.make(1).await;
        refuse_other_mode(&control, mode).await.unwrap();
        let error = refuse_other_mode(&control, other).await.unwrap_err();
        assert!(
            matches!(error, ProvisionError::OtherMode { tenants: 1, .. }) && error.to_string().contains(words),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_tenants_statement_that_outstays_its_limit_is_ended() {
    let world = World::new(Database).await;
    let own = world.way(&world.make(1).await).pool(None, 1).await.unwrap();
    let long = tokio::spawn(async move { sqlx::raw_sql("select pg_sleep(60)").execute(&own).await });
    let running = "select count(*) from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'";
    until("it runs", async || (world.count(running).await == 1).then_some(())).await;
    assert_eq!(world.provisioner.end_overlong(Duration::from_secs(50)).await.unwrap(), 0);
    assert_eq!(world.provisioner.end_overlong(Duration::ZERO).await.unwrap(), 1);
    assert_eq!(code(&long.await.unwrap().unwrap_err()).as_deref(), Some("57P01"));
}

#[tokio::test]
async fn a_tenants_transaction_that_stays_open_is_ended() {
    let world = World::new(Database).await;
    let mut own = PgConnection::connect_with(&world.way(&world.make(1).await).options(None)).await.unwrap();
    sqlx::raw_sql("set idle_in_transaction_session_timeout = 0; begin; lock table chats")
        .execute(&mut own)
        .await
        .unwrap();
    assert_eq!(world.provisioner.end_overlong(Duration::from_secs(50)).await.unwrap(), 0);
    assert_eq!(world.provisioner.end_overlong(Duration::ZERO).await.unwrap(), 1);
    assert!(sqlx::raw_sql("select 1").execute(&mut own).await.is_err());
}

#[tokio::test]
async fn a_tenant_that_keeps_notices_waiting_is_ended_before_there_is_no_room_for_others() {
    let world = World::new(Database).await;
    let one = world.make(1).await;
    let line = async || PgConnection::connect_with(&world.way(&one).options(None)).await.unwrap();
    let (mut listener, mut talker) = (line().await, line().await);
    let used = async || {
        let pool = world.cluster.superuser("postgres").pool(None, 1).await.unwrap();
        let used: f64 = sqlx::query_scalar("select pg_notification_queue_usage()").fetch_one(&pool).await.unwrap();
        pool.close().await;
        used
    };
    sqlx::raw_sql("set idle_in_transaction_session_timeout = 0; listen loot").execute(&mut listener).await.unwrap();
    sqlx::raw_sql("begin; select 1").execute(&mut listener).await.unwrap();
    let flood: String = (0..300).map(|at| format!("notify loot, '{}{at}';", "x".repeat(7_900))).collect();
    sqlx::raw_sql(AssertSqlSafe(flood)).execute(&mut talker).await.unwrap();
    let most = 0.0001;
    assert!(used().await > most, "two megabytes wait");
    assert_eq!(world.provisioner.free_notices(0.5, Duration::ZERO).await.unwrap(), 0, "there is room");
    assert_eq!(world.provisioner.free_notices(most, Duration::ZERO).await.unwrap(), 1);
    assert!(sqlx::raw_sql("select 1").execute(&mut listener).await.is_err());
    // The next notice of anybody frees what nobody waits for.
    until("there is room again", async || {
        sqlx::raw_sql("notify loot").execute(&mut talker).await.unwrap();
        (used().await < most).then_some(())
    })
    .await;
}
