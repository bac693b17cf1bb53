//! The runtime's promises, the same cases for every runtime.

use std::{fs, os::unix::fs::MetadataExt, time::Duration};

use futures::future::LocalBoxFuture;
use queunir_core::id::SliceId;
use queunir_orchestrator::{
    Owner,
    runtime::{RuntimeError, SliceRuntime, Stopped, fake::FakeRuntime},
};
use rustix::fs::{FlockOperation, flock};

use crate::{cluster::until, engine::TestEngine, host::Host};

pub const GRACE: Duration = Duration::from_secs(5);

/// A runtime that can be made anew over the same host, as a restarted orchestrator would.
type Make<'a> = &'a dyn Fn() -> Box<dyn SliceRuntime>;
type Case = (&'static str, for<'a> fn(&'a Host, Make<'a>) -> LocalBoxFuture<'a, ()>);

/// What every runtime promises.
const CASES: [Case; 2] = [
    ("it starts, lists and stops", |host, make| Box::pin(starts_lists_and_stops(host, make))),
    ("never two of one slice", |host, make| Box::pin(never_two_of_one_slice(host, make))),
];
/// What those promise that start something.
const REAL_CASES: [Case; 8] = [
    ("the root process of each slice is known", |host, make| {
        Box::pin(the_root_process_of_each_slice_is_known(host, make))
    }),
    ("a new runtime adopts what runs", |host, make| Box::pin(a_new_runtime_adopts_what_runs(host, make))),
    ("a slice that ends at once", |host, make| Box::pin(a_slice_that_ends_at_once(host, make))),
    ("a slice that ends later", |host, make| Box::pin(a_slice_that_ends_later(host, make))),
    ("a slice that will not end", |host, make| Box::pin(a_slice_that_will_not_end(host, make))),
    ("a port that is taken", |host, make| Box::pin(a_port_that_is_taken(host, make))),
    ("a folder that is locked", |host, make| Box::pin(a_folder_that_is_locked(host, make))),
    ("a lock that is kept", |host, make| Box::pin(a_running_slice_holds_its_folder(host, make))),
];

/// Runs cases, each on a host of its own, and says how many there were.
async fn keeps(runtime: &str, cases: &[Case], make: impl Fn(&Host) -> Box<dyn SliceRuntime>) {
    for (name, case) in cases {
        eprintln!("contract: {runtime}: {name}");
        let host = Host::new();
        case(&host, &|| make(&host)).await;
        for id in [1, 2] {
            assert!(!host.doubled(SliceId(id)), "{name}: two of slice {id} ran at once");
        }
    }
    eprintln!("contract: {runtime} kept {} cases", cases.len());
}

#[tokio::test]
async fn the_fake_runtime_keeps_the_contract() {
    keeps("fake", &CASES, |_| Box::new(FakeRuntime::default())).await;
}

#[tokio::test]
async fn the_process_runtime_keeps_the_contract() {
    let cases = [&CASES[..], &REAL_CASES].concat();
    keeps("process", &cases, |host| Box::new(host.runtime())).await;
}

#[tokio::test]
async fn the_docker_runtime_keeps_the_contract() {
    let cases = [&CASES[..], &REAL_CASES].concat();
    let Some(engine) = TestEngine::take(&format!("the contract's {} cases for docker", cases.len())) else { return };
    keeps("docker", &cases, |host| Box::new(engine.runtime(host))).await;
}

async fn starts_lists_and_stops(host: &Host, make: Make<'_>) {
    let (one, two, runtime) = (SliceId(1), SliceId(2), make());
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
    assert_eq!(runtime.stop(one, GRACE).await.unwrap(), Stopped::Ended);
    assert_eq!(runtime.list().await.unwrap(), [other]);
    let again = runtime.ensure(&host.spec(one, 2)).await.unwrap();
    assert_eq!(again.generation, 2);
    for id in [one, two] {
        assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Ended);
    }
    assert_eq!(runtime.list().await.unwrap(), []);
}

async fn never_two_of_one_slice(host: &Host, make: Make<'_>) {
    let (id, runtime) = (SliceId(1), make());
    let spec = host.spec(id, 1);
    let running = runtime.ensure(&spec).await.unwrap();
    let mut later = spec.clone();
    later.generation = 2;
    assert!(matches!(runtime.ensure(&later).await, Err(RuntimeError::Busy)));
    assert_eq!(runtime.list().await.unwrap(), [running], "the first is untouched");
    assert_eq!(runtime.ensure(&spec).await.unwrap(), running);
    assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Ended);
}

async fn the_root_process_of_each_slice_is_known(host: &Host, make: Make<'_>) {
    let (one, two, runtime) = (SliceId(1), SliceId(2), make());
    for id in [one, two] {
        runtime.ensure(&host.spec(id, 1)).await.unwrap();
    }
    let pids = runtime.pids().await.unwrap();
    assert_eq!(pids.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [one, two]);
    for (id, pid) in &pids {
        let user = fs::metadata(format!("/proc/{pid}")).unwrap().uid();
        assert_eq!(user, host.folders(*id).owner().map_or(rustix::process::geteuid().as_raw(), |Owner(user)| user));
    }
    assert_eq!(runtime.stop(one, GRACE).await.unwrap(), Stopped::Ended);
    assert_eq!(runtime.pids().await.unwrap(), pids[1..]);
    assert_eq!(runtime.stop(two, GRACE).await.unwrap(), Stopped::Ended);
}

async fn a_new_runtime_adopts_what_runs(host: &Host, make: Make<'_>) {
    let id = SliceId(1);
    let running = make().ensure(&host.spec(id, 3)).await.unwrap();
    let next = make();
    assert_eq!(next.list().await.unwrap(), [running]);
    assert!(matches!(next.ensure(&host.spec(id, 4)).await, Err(RuntimeError::Busy)));
    assert_eq!(next.stop(id, GRACE).await.unwrap(), Stopped::Ended);
    assert_eq!(make().list().await.unwrap(), []);
}

async fn a_slice_that_ends_at_once(host: &Host, make: Make<'_>) {
    let (id, runtime) = (SliceId(1), make());
    let spec = host.spec(id, 1);
    host.tell(id, "crash", "");
    let Err(RuntimeError::NotReady(error)) = runtime.ensure(&spec).await else { panic!("it cannot be ready") };
    assert!(format!("{error:#}").contains("told to crash"), "the operator reads its last words: {error:#}");
    let log = fs::read_to_string(host.folders(id).log()).unwrap();
    assert!(log.contains("told to crash"), "and finds them in its log: {log}");
    assert_eq!(runtime.list().await.unwrap(), []);
    assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Absent, "it leaves nothing");
    host.untell(id, "crash");
    runtime.ensure(&host.spec(id, 2)).await.unwrap();
    assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Ended);
}

async fn a_slice_that_ends_later(host: &Host, make: Make<'_>) {
    let (id, runtime) = (SliceId(1), make());
    runtime.ensure(&host.spec(id, 1)).await.unwrap();
    host.tell(id, "end", "");
    until("it is gone", async || runtime.list().await.unwrap().is_empty().then_some(())).await;
    host.untell(id, "end");
    let words = async |lines| runtime.log_tail(id, lines).await.unwrap().join("\n");
    assert!(words(200).await.contains("generation 1"), "what a slice said that fell can be read");
    let again = runtime.ensure(&host.spec(id, 2)).await.unwrap();
    assert_eq!(runtime.list().await.unwrap(), [again]);
    let said = words(200).await;
    assert!(said.find("generation 1") < said.find("generation 2"), "with what the next one says: {said}");
    assert!(!words(1).await.contains('\n'), "no more than was asked for");
    let log = host.folders(id).log();
    assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Ended);
    let (earlier, last) = (log.with_extension("log.1"), log);
    assert!(fs::read_to_string(earlier).unwrap().contains("generation 1"), "the words of the one before are kept");
    assert!(fs::read_to_string(last).unwrap().contains("generation 2"));
}

async fn a_slice_that_will_not_end(host: &Host, make: Make<'_>) {
    let (id, runtime) = (SliceId(1), make());
    runtime.ensure(&host.spec(id, 1)).await.unwrap();
    host.tell(id, "stubborn", "");
    assert_eq!(runtime.stop(id, Duration::from_millis(200)).await.unwrap(), Stopped::Killed);
    assert_eq!(runtime.list().await.unwrap(), []);
}

async fn a_port_that_is_taken(host: &Host, make: Make<'_>) {
    let (id, runtime) = (SliceId(1), make());
    let spec = host.spec(id, 1);
    let squatter = std::net::TcpListener::bind(("127.0.0.1", spec.port)).unwrap();
    assert!(matches!(runtime.ensure(&spec).await, Err(RuntimeError::NotReady(_))));
    assert_eq!(runtime.list().await.unwrap(), []);
    drop(squatter);
    runtime.ensure(&host.spec(id, 2)).await.unwrap();
    assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Ended);
}

async fn a_folder_that_is_locked(host: &Host, make: Make<'_>) {
    let (id, runtime) = (SliceId(1), make());
    let spec = host.spec(id, 1);
    // As something of an earlier start would hold it, whatever started it.
    let lock = fs::File::create(host.folders(id).lock()).unwrap();
    flock(&lock, FlockOperation::NonBlockingLockExclusive).unwrap();
    assert!(matches!(runtime.ensure(&spec).await, Err(RuntimeError::Busy)));
    assert_eq!(runtime.list().await.unwrap(), []);
    drop(lock);
    runtime.ensure(&spec).await.unwrap();
    assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Ended);
}

async fn a_running_slice_holds_its_folder(host: &Host, make: Make<'_>) {
    let (id, runtime) = (SliceId(1), make());
    runtime.ensure(&host.spec(id, 1)).await.unwrap();
    let lock = fs::File::open(host.folders(id).lock()).unwrap();
    let try_lock = || flock(&lock, FlockOperation::NonBlockingLockExclusive);
    assert!(try_lock().is_err(), "nobody else can start it");
    assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Ended);
    until("its end frees the folder", async || try_lock().ok()).await;
}
