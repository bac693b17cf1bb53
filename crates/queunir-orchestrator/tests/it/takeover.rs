//! A leader that is stopped in its tracks loses its place, and finds that out before it does anything (ORC-03).

use std::{
    fs::{self, File},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{
    cluster::{Cluster, until},
    host::{Host, free_port, kill, stub},
    orchestrator::{Orchestrator, look, phase, quick},
};

/// An orchestrator as a process of its own.
struct Lone(Child);

impl Lone {
    fn start(cluster: &Cluster, host: &Host) -> Self {
        let way = cluster.orchestrator();
        let program = stub().with_file_name("lone_orchestrator");
        let log = File::create(host.dir.path().join("lone.log")).unwrap();
        let child = Command::new(program)
            .arg(way.socket)
            .arg(host.dir.path())
            .arg(stub())
            .arg(free_port().to_string())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        Self(child)
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(self.0.id().cast_signed()).unwrap(), signal).unwrap();
    }
}

impl Drop for Lone {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[tokio::test]
async fn orc_03_a_leader_that_was_stopped_gets_nothing_done_any_more() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let lone = Lone::start(&cluster, &host);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    lone.signal(Signal::STOP);
    let stopped = Instant::now();
    kill(host.pid(id));
    let second = Orchestrator::start(&cluster, &host, quick(), false);
    let seen = until("somebody else leads", async || {
        Some(look(&gateway, id).await).filter(|seen| seen.generation == 2 && seen.phase == "qr")
    })
    .await;
    let failover = stopped.elapsed();
    println!("failover took {failover:?}");
    assert!(failover < Duration::from_secs(15), "{failover:?}");
    let (pid, epoch) = (host.pid(id), epoch(&cluster).await);

    // It wakes with the end of its child in hand, and everything that it believed.
    lone.signal(Signal::CONT);
    until("it notices", async || {
        let log = fs::read_to_string(host.dir.path().join("lone.log")).unwrap();
        log.contains("the term ended").then_some(())
    })
    .await;
    assert_eq!(look(&gateway, id).await, seen);
    assert_eq!((host.pid(id), host.doubled(id)), (pid, false));
    assert_eq!(self::epoch(&cluster).await, epoch);
    second.end().await;
}

async fn epoch(cluster: &Cluster) -> i64 {
    let pool = cluster.orchestrator().pool(Some("gateway"), 1).await.unwrap();
    sqlx::query_scalar("select epoch from leadership").fetch_one(&pool).await.unwrap()
}
