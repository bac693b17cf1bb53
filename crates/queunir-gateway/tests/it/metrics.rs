//! The page for Prometheus: what the control tables say, and to whom.

use reqwest::Method;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::world::World;

#[sqlx::test(migrations = false)]
async fn a_program_of_this_machine_reads_what_the_tables_say(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    world.register("ana@example.org").await;
    world
        .run(
            "insert into slices (user_id, desired, phase, generation, queued_at)
                 select id, 'linked', 'linked', 1, now() from users;
             insert into host values (true, 12, 500, 90000, now());
             select telemetry_prepare((now() at time zone 'UTC')::date);
             insert into telemetry (slice_id, at, generation, cpu_percent, rss_bytes, processes, wa_state, messages)
             select id, now() - interval '2 minutes', 1, 99, 1, 1, 'linked', 1 from slices;
             insert into telemetry (slice_id, at, generation, cpu_percent, rss_bytes, processes, disk_bytes, session_bytes,
                 wa_state, reader_alarm, contacts, chats, messages)
             select id, now(), 1, 12.5, 400, 9, 70, 70, 'linked', false, 3, 4, 50 from slices;
             insert into server_telemetry values (now(), 2, 25, 0.5, 0.75, 1, 8000, 2000, 0, 0, 900, 100);
             insert into counters values ('starts', '250', 3), ('starts', '1000', 2), ('starts', 'longer', 1),
                 ('starts', 'sum', 90500), ('browsers', '3000', 2), ('recycles', 'age', 4), ('failures', 'host', 2);
             insert into events (kind, slice_id, alert) select 'slice.memory', id, true from slices;
             insert into events (kind, resolved_at, alert)
                 values ('host.disk', now(), true), ('host.load', null, true), ('sign_up', null, false)",
        )
        .await;
    world.run("update host set linked_cap = 1").await;
    assert_eq!(world.register("bia@example.org").await.connect().await.status(), 429);
    let answer = world.bare(Method::GET, "/metrics").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    let page = answer.text().await.unwrap();
    println!("{page}");
    let slice: i64 = sqlx::query_scalar("select min(id) from slices").fetch_one(&world.owner).await.unwrap();
    for line in [
        "queunir_slices{phase=\"linked\"} 1.0".to_owned(),
        format!("queunir_slice_cpu_percent{{slice=\"{slice}\"}} 12.5"),
        format!("queunir_slice_rss_bytes{{slice=\"{slice}\"}} 400.0"),
        format!("queunir_slice_messages{{slice=\"{slice}\"}} 50.0"),
        "queunir_host_ram_used_bytes 2000.0".to_owned(),
        format!("queunir_alert{{kind=\"slice.memory\",slice=\"{slice}\"}} 1.0"),
        "queunir_alert{kind=\"host.load\",slice=\"\"} 1.0".to_owned(),
        "queunir_places 1.0".to_owned(),
        "queunir_slices_waiting 1.0".to_owned(),
        "queunir_connect_refusals_total{answer=\"queued\"} 1.0".to_owned(),
        "queunir_slice_recycles_total{reason=\"age\"} 4.0".to_owned(),
        "queunir_slice_failures_total{blame=\"host\"} 2.0".to_owned(),
        "queunir_slice_start_seconds_bucket{le=\"0.25\"} 3".to_owned(),
        "queunir_slice_start_seconds_bucket{le=\"1.0\"} 5".to_owned(),
        "queunir_slice_start_seconds_bucket{le=\"+Inf\"} 6".to_owned(),
        "queunir_slice_start_seconds_count 6".to_owned(),
        "queunir_slice_start_seconds_sum 90.5".to_owned(),
        "queunir_browser_start_seconds_bucket{le=\"3.0\"} 2".to_owned(),
        "# EOF".to_owned(),
    ] {
        assert!(page.lines().any(|found| found == line), "{line}");
    }
    assert_eq!(page.lines().filter(|line| line.starts_with("queunir_alert{")).count(), 2, "what is over or no alert");
    assert!(!page.contains("ana@"), "nobody is named");
}

#[sqlx::test(migrations = false)]
async fn nobody_else_finds_that_page(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    for name in ["x-real-ip", "x-forwarded-for", "forwarded", "via"] {
        let answer = world.bare(Method::GET, "/metrics").header(name, "127.0.0.1").send().await.unwrap();
        assert_eq!(answer.status(), 404, "{name}: a proxy passed it on");
    }
    assert_eq!(world.bare(Method::GET, "/metrics").send().await.unwrap().status(), 200);
}

#[sqlx::test(migrations = false)]
async fn a_tenant_whose_room_is_used_up_is_told(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    world
        .run(
            "insert into slices (user_id, desired, phase, generation) select id, 'linked', 'linked', 1 from users;
             update users set slice_id = (select id from slices)",
        )
        .await;
    for (over, trouble) in [(false, None), (true, Some("storage_full")), (false, None)] {
        world.run(&format!("update slices set over_quota = {over}")).await;
        let request = world.bare(Method::GET, "/api/connection").header("cookie", &browser.cookie);
        let view: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(view["trouble"].as_str(), trouble, "{view}");
    }
}
