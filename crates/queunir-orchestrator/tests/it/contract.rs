//! The runtime's promises, the same suite for every runtime.

use std::{fs, time::Duration};

use queunir_core::id::SliceId;
use queunir_orchestrator::runtime::{RuntimeError, SliceRuntime, Stopped, fake::FakeRuntime, process};

use crate::{
    cluster::until,
    host::{Host, kill},
};

const GRACE: Duration = Duration::from_secs(5);

async fn keeps_its_promises(host: &Host, runtime: &dyn SliceRuntime) {
    let (one, two) = (SliceId(1), SliceId(2));
    assert_eq!(runtime.list().await.unwrap(), [], "nothing runs at first");
    assert_eq!(runtime.pids().await.unwrap(), []);
    assert_eq!(runtime.stop(one, GRACE).await.unwrap(), Stopped::Absent, "stopping what is not there succeeds");

    let spec = host.spec(one, 1);
    let running = runtime.ensure(&spec).await.unwrap();
    assert_eq!((running.id, running.generation, running.port), (one, 1, spec.port));
    assert_eq!(runtime.ensure(&spec).await.unwrap(), running, "ensuring may be repeated");
    assert_eq!(runtime.list().await.unwrap(), [running]);

    let other = runtime.ensure(&host.spec(two, 7)).await.unwrap();
    assert_eq!(runtime.list().await.unwrap(), [running, other]);

    let mut later = spec.clone();
    later.generation = 2;
    assert!(matches!(runtime.ensure(&later).await, Err(RuntimeError::Busy)), "never two of one slice");
    assert_eq!(runtime.list().await.unwrap(), [running, other], "and the first is untouched");

    assert_eq!(runtime.stop(one, GRACE).await.unwrap(), Stopped::Ended);
    assert_eq!(runtime.list().await.unwrap(), [other]);
    let again = runtime.ensure(&host.spec(one, 2)).await.unwrap();
    assert_eq!(again.generation, 2);
    for id in [one, two] {
        assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Ended);
    }
    assert_eq!(runtime.list().await.unwrap(), []);
}

#[tokio::test]
async fn the_fake_runtime_keeps_its_promises() {
    keeps_its_promises(&Host::new(), &FakeRuntime::default()).await;
}

#[tokio::test]
async fn the_process_runtime_keeps_its_promises() {
    let host = Host::new();
    keeps_its_promises(&host, &host.runtime()).await;
    assert!(!host.doubled(SliceId(1)));
}

#[tokio::test]
async fn the_root_process_of_each_slice_is_known() {
    let host = Host::new();
    let (one, two, runtime) = (SliceId(1), SliceId(2), host.runtime());
    for id in [one, two] {
        runtime.ensure(&host.spec(id, 1)).await.unwrap();
    }
    assert_eq!(runtime.pids().await.unwrap(), [(one, host.pid(one)), (two, host.pid(two))]);
    runtime.stop(one, GRACE).await.unwrap();
    assert_eq!(runtime.pids().await.unwrap(), [(two, host.pid(two))]);

    let fake = FakeRuntime::default();
    fake.runs_as(one, 77);
    assert_eq!(fake.pids().await.unwrap(), [], "nothing of it runs");
    fake.ensure(&host.spec(one, 1)).await.unwrap();
    assert_eq!(fake.pids().await.unwrap(), [(one, 77)]);
}

#[tokio::test]
async fn a_new_runtime_adopts_what_runs() {
    let host = Host::new();
    let id = SliceId(1);
    let running = host.runtime().ensure(&host.spec(id, 3)).await.unwrap();
    let next = host.runtime();
    assert_eq!(next.list().await.unwrap(), [running]);
    // Even without its record, which a starter that died early never wrote.
    fs::remove_file(host.folders(id).record()).unwrap();
    assert_eq!(next.list().await.unwrap(), [running]);
    assert!(matches!(next.ensure(&host.spec(id, 4)).await, Err(RuntimeError::Busy)));
    assert_eq!(next.stop(id, GRACE).await.unwrap(), Stopped::Ended);
    assert_eq!(next.list().await.unwrap(), []);
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
async fn a_slice_that_ends_at_once_is_not_ready_and_leaves_nothing() {
    let host = Host::new();
    let (id, runtime) = (SliceId(1), host.runtime());
    let spec = host.spec(id, 1);
    host.tell(id, "crash", "");
    let Err(RuntimeError::NotReady(error)) = runtime.ensure(&spec).await else { panic!("it cannot be ready") };
    assert!(format!("{error:#}").contains("told to crash"), "the operator reads its last words: {error:#}");
    assert_eq!(runtime.list().await.unwrap(), []);
    host.untell(id, "crash");
    runtime.ensure(&host.spec(id, 2)).await.unwrap();
}

#[tokio::test]
async fn a_slice_that_will_not_end_is_killed_and_counted() {
    let host = Host::new();
    let (id, runtime) = (SliceId(1), host.runtime());
    runtime.ensure(&host.spec(id, 1)).await.unwrap();
    host.tell(id, "stubborn", "");
    assert_eq!(runtime.stop(id, Duration::from_millis(200)).await.unwrap(), Stopped::Killed);
    assert_eq!(runtime.list().await.unwrap(), []);
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
