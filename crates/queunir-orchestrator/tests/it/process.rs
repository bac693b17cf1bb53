//! What only the process runtime promises: records of pids, and who a process is.

use std::fs;

use queunir_core::id::SliceId;
use queunir_orchestrator::runtime::{RuntimeError, SliceRuntime, Stopped, fake::FakeRuntime, process};

use crate::{
    cluster::until,
    contract::GRACE,
    host::{Host, kill},
};

#[tokio::test]
async fn a_process_without_its_record_is_found_by_its_lock() {
    let host = Host::new();
    let id = SliceId(1);
    let running = host.runtime().ensure(&host.spec(id, 3)).await.unwrap();
    let next = host.runtime();
    // A starter that died early never wrote it.
    fs::remove_file(host.folders(id).record()).unwrap();
    assert_eq!(next.list().await.unwrap(), [running]);
    assert!(matches!(next.ensure(&host.spec(id, 4)).await, Err(RuntimeError::Busy)));
    assert_eq!(next.stop(id, GRACE).await.unwrap(), Stopped::Ended);
    assert_eq!(next.list().await.unwrap(), []);
}

#[tokio::test]
async fn the_root_process_of_each_slice_is_the_one_on_record() {
    let host = Host::new();
    let (one, two, runtime) = (SliceId(1), SliceId(2), host.runtime());
    for id in [one, two] {
        runtime.ensure(&host.spec(id, 1)).await.unwrap();
    }
    assert_eq!(runtime.pids().await.unwrap(), [(one, host.pid(one)), (two, host.pid(two))]);

    let fake = FakeRuntime::default();
    fake.runs_as(one, 77);
    assert_eq!(fake.pids().await.unwrap(), [], "nothing of it runs");
    fake.ensure(&host.spec(one, 1)).await.unwrap();
    assert_eq!(fake.pids().await.unwrap(), [(one, 77)]);
}

#[tokio::test]
async fn what_nobody_leads_any_more_can_be_ended_by_its_folder_alone() {
    let host = Host::new();
    let spec = host.spec(SliceId(1), 1);
    let runtime = host.runtime();
    runtime.ensure(&spec).await.unwrap();
    assert_eq!(process::end_all(host.dir.path()).await.unwrap(), 1);
    assert_eq!(runtime.list().await.unwrap(), []);
    assert_eq!(process::end_all(host.dir.path()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_record_of_a_reused_pid_is_not_believed() {
    let host = Host::new();
    let (id, runtime) = (SliceId(1), host.runtime());
    runtime.ensure(&host.spec(id, 1)).await.unwrap();
    kill(host.pid(id));
    until("it is gone", async || runtime.list().await.unwrap().is_empty().then_some(())).await;
    // The same pid, as if the machine had given it to our own test process.
    let record = format!(r#"{{"pid":{},"start_time":1,"generation":1,"port":5001}}"#, std::process::id());
    fs::write(host.folders(id).record(), record).unwrap();
    assert_eq!(runtime.list().await.unwrap(), []);
    assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Absent);
    fs::write(host.folders(id).record(), "{}").unwrap();
}

#[tokio::test]
async fn a_slice_runs_as_its_own_user_in_its_own_session() {
    let host = Host::new();
    let (id, runtime) = (SliceId(42), host.runtime());
    runtime.ensure(&host.spec(id, 1)).await.unwrap();
    let pid = host.pid(id);
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    assert_eq!(fields[3], pid.to_string(), "leader of its own session");
    if rustix::process::geteuid().is_root() {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let line = |name: &str| status.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
        assert_eq!(line("Uid:"), "Uid:\t200042\t200042\t200042\t200042");
        assert_eq!(line("Gid:"), "Gid:\t200042\t200042\t200042\t200042");
        assert_eq!(line("Groups:").trim_end(), "Groups:\t".trim_end());
    }
    let environment = fs::read_to_string(format!("/proc/{pid}/environ")).unwrap();
    let mut names: Vec<&str> =
        environment.split('\0').filter_map(|pair| pair.split_once('=').map(|(name, _)| name)).collect();
    names.sort_unstable();
    assert_eq!(names, ["HOME", "LANG", "PATH"]);
    runtime.stop(id, GRACE).await.unwrap();
}
