//! What a pass costs: rows, runtime, plan and admission over a thousand slices.

use std::{collections::HashMap, time::Instant};

use queunir_core::{id::SliceId, time::Clock as _};
use queunir_db::control::observed;
use queunir_orchestrator::{
    admission::{Pace, Scene, admit},
    plan::{Memory, Rules, Step, Wanted, plan},
    runtime::{SliceRuntime, fake::FakeRuntime},
};
use queunir_service::clock::SystemClock;

use crate::{cluster::Cluster, host::Host};

const SLICES: i64 = 1_000;

#[tokio::test]
async fn a_pass_over_a_thousand_slices_takes_less_than_a_second() {
    let (cluster, host, runtime) = (Cluster::start().await, Host::new(), FakeRuntime::default());
    let owner = cluster.superuser("wank_saas").pool(Some("gateway"), 1).await.unwrap();
    sqlx::query(
        "with u as (insert into users (id, email, password_hash)
             select gen_random_uuid(), n || '@example.org', '' from generate_series(1, $1) n returning id)
         insert into slices (user_id, desired, phase, page_state, generation)
             select id, 'linked', 'linked', 'linked', 1 from u",
    )
    .bind(SLICES)
    .execute(&owner)
    .await
    .unwrap();
    // Half of them run; the host comes back with the others.
    let spec = host.spec(SliceId(1), 1);
    for id in 1..=SLICES / 2 {
        let mut one = spec.clone();
        one.slice = SliceId(id);
        runtime.ensure(&one).await.unwrap();
    }
    let (db, rules) = (cluster.control().await, Rules { linked_cap: 10_000, ..Rules::default() });
    let mut times = Vec::new();
    for _ in 0..5 {
        let began = Instant::now();
        let mut tx = db.begin().await.unwrap();
        let rows = observed::list_active(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let listed = runtime.list().await.unwrap();
        let running = listed.iter().map(|slice| (slice.id, *slice)).collect();
        let wanted: Vec<Wanted> =
            rows.into_iter().map(|row| Wanted { row, memory: Memory { seen: false, ..Memory::default() } }).collect();
        let now = SystemClock.now();
        let steps = plan(&rules, &wanted, &listed, now);
        let starting = HashMap::new();
        let scene = Scene { wanted: &wanted, running: &running, starting: &starting, pace: Pace::default(), now };
        let admission = admit(&rules, &scene, steps);
        times.push(began.elapsed());
        let looks = admission.steps.iter().filter(|(_, step)| *step == Step::Look).count();
        assert_eq!((looks, admission.steps.len(), admission.queue.len()), (500, 501, 499));
    }
    times.sort_unstable();
    println!("a pass over {SLICES} slices takes {:?}", times[2]);
    assert!(times[2].as_secs_f64() < 1.0, "{:?}", times[2]);
}
