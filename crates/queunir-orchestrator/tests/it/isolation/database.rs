//! The walls of PostgreSQL, tried from inside a container over the mounted socket (ISO-06, ISO-08, ISO-09; ATK-23, ATK-24,
//! ATK-26). What a hostile role meets in both modes of tenancy is told in full by queunir-db's own tests.

use std::fs;

use queunir_core::{id::SliceId, slice::TenancyMode};
use queunir_db::{
    control::tenants::Tenant,
    provision::{Provisioner, hba},
};
use queunir_orchestrator::runtime::{SliceRuntime, Stopped, docker::DockerRuntime};
use sqlx::AssertSqlSafe;

use super::twin::{Pattern, run_in};
use crate::{
    cluster::{Cluster, until},
    contract::GRACE,
    engine::TestEngine,
    host::Host,
};

const PROBE: &str = "/usr/local/bin/queunir";
/// Refusals by PostgreSQL: pg_hba, a wrong password, a right that is missing, no more connections.
const HBA: &str = "refused: 28000";
const PASSWORD: &str = "refused: 28P01";
const RIGHT: &str = "refused: 42501";
const LINES: &str = "refused: 53300";

/// What a role may not do in its own database, the right that would let it, and how that is taken back. ROLE, SCHEMA and DB
/// are the tenant's.
const RIGHTS: [(&str, &str, &str); 17] = [
    ("create table loot (x int)", "grant create on schema SCHEMA to ROLE", "revoke create on schema SCHEMA from ROLE"),
    (
        "create function loot() returns int language sql as 'select 1'",
        "grant create on schema SCHEMA to ROLE",
        "revoke create on schema SCHEMA from ROLE",
    ),
    (
        "create view loot as select 1",
        "grant create on schema SCHEMA to ROLE",
        "revoke create on schema SCHEMA from ROLE",
    ),
    (
        "create operator @#@ (leftarg = int, rightarg = int, function = int4pl)",
        "grant create on schema SCHEMA to ROLE",
        "revoke create on schema SCHEMA from ROLE",
    ),
    (
        "create trigger loot before insert on chats for each row execute function suppress_redundant_updates_trigger()",
        "grant trigger on chats to ROLE",
        "revoke trigger on chats from ROLE",
    ),
    ("create schema loot", "grant create on database DB to ROLE", "revoke create on database DB from ROLE"),
    (
        "create temporary table loot (x int)",
        "grant temporary on database DB to ROLE",
        "revoke temporary on database DB from ROLE",
    ),
    ("update fence set generation = 99", "grant update on fence to ROLE", "revoke update on fence from ROLE"),
    ("delete from audit", "grant delete on audit to ROLE", "revoke delete on audit from ROLE"),
    (
        "select pg_advisory_lock(1)",
        "grant execute on function pg_advisory_lock(bigint) to ROLE",
        "revoke execute on function pg_advisory_lock(bigint) from ROLE",
    ),
    (
        "select pg_notify('slices_wanted', '1')",
        "grant execute on function pg_notify(text, text) to ROLE",
        "revoke execute on function pg_notify(text, text) from ROLE",
    ),
    (
        "select lo_creat(-1)",
        "grant execute on function lo_creat(integer) to ROLE",
        "revoke execute on function lo_creat(integer) from ROLE",
    ),
    (
        "select pg_read_file('PG_VERSION')",
        "grant execute on function pg_read_file(text) to ROLE",
        "revoke execute on function pg_read_file(text) from ROLE",
    ),
    (
        "copy (select 1) to program 'true'",
        "alter role ROLE inherit; grant pg_execute_server_program to ROLE",
        "revoke pg_execute_server_program from ROLE; alter role ROLE noinherit",
    ),
    (
        "set temp_file_limit = -1",
        "grant set on parameter temp_file_limit to ROLE",
        "revoke set on parameter temp_file_limit from ROLE",
    ),
    ("create role loot", "alter role ROLE createrole", "alter role ROLE nocreaterole"),
    ("set role wa_owner", "grant wa_owner to ROLE", "revoke wa_owner from ROLE"),
];

#[tokio::test]
async fn atk_23_24_26_a_slice_has_its_own_database_and_no_other() {
    let Some(engine) = TestEngine::take("the walls of PostgreSQL") else { return };
    let (cluster, host) = (Cluster::start().await, Host::new());
    let runtime = engine.runtime(&host);
    let walls = Walls::new(&cluster, &host, &runtime).await;
    let Tenant { database: own, role, .. } = &walls.one;

    assert_eq!(walls.ask(&["-", "-", "-"], &["select count(*) from chats"]), ["done"], "its own way leads there");
    let pattern = Pattern::of_slice_1(&engine).await;
    let apart = pattern.twin("no network", &[]).await;
    let told = run_in(&apart.name, &[PROBE, "probe", "sql", "-", "-", "-", "select count(*) from chats"]);
    assert_eq!(told, ["done"], "it needs no network for that");

    // Other databases: pg_hba and the right to connect, each by itself.
    let elsewhere = [walls.two.database.as_str(), "postgres", "wank_saas", "template1"];
    let all = || elsewhere.map(|database| walls.ask(&[database, "-", "-"], &["select 1"]).remove(0));
    assert_eq!(all(), [HBA; 4]);
    for database in elsewhere {
        walls.run("postgres", &format!("grant connect on database {database} to {role}")).await;
    }
    assert_eq!(all(), [HBA; 4], "pg_hba alone");
    walls.hba("local all +slices scram-sha-256").await;
    assert_eq!(all(), ["done"; 4], "without both they are open");
    // Inside of another's database its tables are closed still.
    let [database, schema] = [walls.two.database.as_str(), walls.two.schema.as_str()];
    let rows = format!("select count(*) from {schema}.chats");
    let theirs = || walls.ask(&[database, "-", "-"], &[&rows]).remove(0);
    assert_eq!(theirs(), RIGHT);
    walls
        .run(database, &format!("grant usage on schema {schema} to {role}; grant select on {schema}.chats to {role}"))
        .await;
    assert_eq!(theirs(), "done");
    walls
        .run(database, &format!("revoke all on {schema}.chats from {role}; revoke all on schema {schema} from {role}"))
        .await;
    for database in elsewhere {
        walls.run("postgres", &format!("revoke connect on database {database} from {role}")).await;
    }
    assert_eq!(all(), [RIGHT; 4], "the right to connect alone");

    // Other roles: their passwords.
    let others = [
        [database, walls.two.role.as_str(), "guess"],
        ["wank_saas", "queunir_gw", "guess"],
        ["wank_saas", "queunir_orch", "guess"],
        ["postgres", "postgres", "guess"],
    ];
    let as_others = || others.map(|other| walls.ask(&other, &["select 1"]).remove(0));
    walls.hba("local all all trust").await;
    assert_eq!(as_others(), ["done"; 4], "without passwords one is whoever one says");
    walls.hba("").await;
    assert_eq!(as_others(), [PASSWORD; 4]);

    // As many connections as it needs.
    let five = || run_in("wank-slice-1", &[PROBE, "probe", "lines", "-", "-", "-", "5"]).remove(0);
    walls.run("postgres", &format!("alter role {role} connection limit 9")).await;
    assert_eq!(five(), "done");
    walls.run("postgres", &format!("alter role {role} connection limit 4")).await;
    assert_eq!(five(), LINES);

    // Its rights, one by one.
    let filled = |text: &str| text.replace("ROLE", role).replace("SCHEMA", &walls.one.schema).replace("DB", own);
    for (statement, grant, revoke) in RIGHTS {
        walls.run(own, &filled(grant)).await;
        assert_eq!(walls.ask(&["-", "-", "-"], &[statement]), ["done"], "after {grant}");
        walls.run(own, &filled(revoke)).await;
    }
    let statements = RIGHTS.map(|(statement, ..)| statement);
    for (statement, told) in statements.iter().zip(walls.ask(&["-", "-", "-"], &statements)) {
        assert_eq!(told, RIGHT, "{statement}");
    }
    assert_eq!(walls.provisioner.audit_all().await.unwrap(), [], "every wall stands again");
    for id in [1, 2] {
        assert_eq!(runtime.stop(SliceId(id), GRACE).await.unwrap(), Stopped::Ended);
    }
}

/// Two slices in containers, each with tables of its own, and the walls of their cluster.
struct Walls<'a> {
    cluster: &'a Cluster,
    provisioner: Provisioner,
    one: Tenant,
    two: Tenant,
}

impl<'a> Walls<'a> {
    async fn new(cluster: &'a Cluster, host: &Host, runtime: &DockerRuntime) -> Self {
        let provisioner = Provisioner::new(&cluster.orchestrator(), &cluster.control().await, TenancyMode::Database);
        let mut tenants = Vec::new();
        for id in [1, 2].map(SliceId) {
            let password = format!("the password of {id}").into();
            let tenant = provisioner.provision(id, &password, 1).await.unwrap();
            let mut spec = host.spec(id, 1);
            host.folders(id).write_password(&password).unwrap();
            spec.database_socket = cluster.superuser("postgres").socket;
            (spec.database, spec.role) = (tenant.database.clone(), tenant.role.clone());
            runtime.ensure(&spec).await.unwrap();
            tenants.push(tenant);
        }
        let two = tenants.remove(1);
        Self { cluster, provisioner, one: tenants.remove(0), two }
    }

    /// What slice 1 is answered to statements: database, role and password, each its own with `-`.
    fn ask(&self, way: &[&str; 3], statements: &[&str]) -> Vec<String> {
        run_in("wank-slice-1", &[&[PROBE, "probe", "sql"], &way[..], statements].concat())
    }

    /// Does something as the superuser.
    async fn run(&self, database: &str, statements: &str) {
        let pool = self.cluster.superuser(database).pool(Some(&self.one.schema), 1).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&pool).await.unwrap();
        pool.close().await;
    }

    /// Puts a line before the product's own of pg_hba, and waits until it counts.
    async fn hba(&self, first: &str) {
        let server = self.cluster.superuser("postgres");
        let file = server.socket.parent().unwrap().join("data/pg_hba.conf");
        fs::write(file, format!("{first}\n{}", hba(TenancyMode::Database))).unwrap();
        let pool = server.pool(None, 1).await.unwrap();
        let asked: String = sqlx::query_scalar("select clock_timestamp()::text").fetch_one(&pool).await.unwrap();
        sqlx::raw_sql("select pg_reload_conf()").execute(&pool).await.unwrap();
        pool.close().await;
        until("the server has read it", async || {
            // Told by a connection that is made afterwards.
            let pool = server.pool(None, 1).await.unwrap();
            let read = sqlx::query_scalar("select pg_conf_load_time() > $1::timestamptz").bind(&asked);
            let read: bool = read.fetch_one(&pool).await.unwrap();
            pool.close().await;
            read.then_some(())
        })
        .await;
    }
}
