//! Who a slice may pass for, what is left of it when it ends, and what it leaves behind (ATK-22, ATK-28, ATK-31, ATK-33).

use std::{
    fs,
    io::Read,
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::fs::MetadataExt,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use procfs::process::all_processes;
use queunir_core::{id::SliceId, slice::SliceSpec};
use queunir_orchestrator::{
    client::{Address, CallError},
    runtime::{RuntimeError, SliceRuntime, Stopped},
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::twin::{Change, Pattern, run_in};
use crate::{
    cluster::until,
    contract::GRACE,
    engine::{TestEngine, docker},
    host::{Host, free_port, kill, stub},
};

const PROBE: &str = "/usr/local/bin/queunir";

#[tokio::test]
async fn atk_28_on_a_neighbours_port_a_slice_is_nobody() {
    let Some(engine) = TestEngine::take("a neighbour's port") else { return };
    let host = Host::new();
    let runtime = engine.runtime(&host);
    let spec = host.spec(SliceId(1), 1);
    runtime.ensure(&spec).await.unwrap();
    let neighbour = host.spec(SliceId(2), 1);
    let port = neighbour.port;
    let listen = json!(["probe", "listen", port.to_string()]);
    let (in_host, listening) = (in_the_hosts_network(), change(move |body| body["Cmd"] = listen.clone()));
    let pattern = Pattern::of_slice_1(&engine).await;

    // In the host's network it has the port, before the neighbour comes and instead of it.
    let squatter = pattern.twin("squatter", &[&in_host, &listening]).await;
    until("it has the port", async || (who(port).as_deref() == Some("somebody else")).then_some(())).await;
    assert!(matches!(runtime.ensure(&neighbour).await, Err(RuntimeError::NotReady(_))));
    drop(squatter);

    // In its own network it listens on the same number, and nobody comes.
    docker(["exec", "--detach", "wank-slice-1", PROBE, "probe", "listen", &port.to_string()]);
    let place = format!("127.0.0.1:{port}");
    until("it listens", async || (run_in("wank-slice-1", &[PROBE, "probe", "tcp", &place]) == ["open"]).then_some(()))
        .await;
    assert_eq!(who(port), None);
    runtime.ensure(&neighbour).await.unwrap();
    let address = Address { slice: SliceId(2), generation: 1, port };
    host.client.health(address).await.expect("the neighbour is at its port");
    assert_eq!(runtime.stop(SliceId(2), GRACE).await.unwrap(), Stopped::Ended);

    // With everything that slice 1 has, its key above all, it is slice 1 to whoever asks.
    let own = SliceSpec { port, lock_file: None, ..spec.clone() };
    let file = host.folders(SliceId(1)).records().join("spec.json");
    fs::write(&file, serde_json::to_string(&own).unwrap()).unwrap();
    let serve = json!(["slice", "--spec", file]);
    let impostor = pattern.twin("impostor", &[&in_host, &change(move |body| body["Cmd"] = serve.clone())]).await;
    let as_itself = Address { slice: SliceId(1), generation: 1, port };
    until("it answers", async || host.client.health(as_itself).await.ok()).await;
    for wrong in [address, Address { generation: 2, ..as_itself }] {
        let answer = host.client.health(wrong).await;
        assert!(matches!(answer, Err(CallError::Connect(_))), "{wrong:?}: {answer:?}");
    }
    drop(impostor);
    assert_eq!(runtime.stop(SliceId(1), GRACE).await.unwrap(), Stopped::Ended);
}

#[tokio::test]
async fn atk_22_the_hosts_own_loopback_is_not_a_slices() {
    let Some(engine) = TestEngine::take("the host's loopback") else { return };
    let host = Host::new();
    let runtime = engine.runtime(&host);
    runtime.ensure(&host.spec(SliceId(1), 1)).await.unwrap();
    let port = free_port();
    let _gateway = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    let place = format!("127.0.0.1:{port}");
    let open = |container: &str| run_in(container, &[PROBE, "probe", "tcp", &place]) == ["open"];
    let pattern = Pattern::of_slice_1(&engine).await;
    let inside = pattern.twin("in the host's network", &[&in_the_hosts_network()]).await;
    assert!(open(&inside.name), "the gateway is there");
    assert!(!open("wank-slice-1"), "a slice has a loopback of its own");
    assert_eq!(runtime.stop(SliceId(1), GRACE).await.unwrap(), Stopped::Ended);
}

#[tokio::test]
async fn atk_33_nothing_of_a_slice_outlives_it() {
    let Some(engine) = TestEngine::take("what outlives a slice") else { return };
    let (host, id) = (Host::new(), SliceId(1));
    let runtime = engine.runtime(&host);
    runtime.ensure(&host.spec(id, 1)).await.unwrap();
    // Outside of a container it outlives whoever started it, and minds no TERM.
    let started = Command::new(stub()).args(["probe", "stay"]).stdin(Stdio::null()).status().unwrap();
    assert!(started.success());
    let free = until("it stays", async || stayers(None).pop()).await;
    kill_process(Pid::from_raw(free).unwrap(), Signal::TERM).unwrap();

    run_in("wank-slice-1", &[PROBE, "probe", "stay"]);
    let caught = until("it stays", async || stayers(Some(200_001)).pop()).await;
    kill_process(Pid::from_raw(caught).unwrap(), Signal::TERM).unwrap();
    host.tell(id, "stubborn", "");
    assert_eq!(runtime.stop(id, Duration::from_millis(200)).await.unwrap(), Stopped::Killed);
    assert_eq!(stayers(Some(200_001)), [0; 0], "it ended with its container");
    assert_eq!(stayers(None), [free], "it is what does not mind a TERM");
    kill(free);

    // Also when the slice itself ends in time.
    host.untell(id, "stubborn");
    runtime.ensure(&host.spec(id, 2)).await.unwrap();
    run_in("wank-slice-1", &[PROBE, "probe", "stay"]);
    until("it stays", async || stayers(Some(200_001)).pop()).await;
    assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Ended);
    assert_eq!(stayers(Some(200_001)), [0; 0], "it ended with its container");
}

#[tokio::test]
async fn atk_31_what_a_slice_says_fills_no_disk() {
    let Some(engine) = TestEngine::take("what a slice says") else { return };
    let host = Host::new();
    let runtime = engine.runtime(&host);
    runtime.ensure(&host.spec(SliceId(1), 1)).await.unwrap();
    let pattern = Pattern::of_slice_1(&engine).await;
    let talking = change(|body| body["Cmd"] = json!(["probe", "say", "40"]));
    let endless = change(|body| body["HostConfig"]["LogConfig"]["Config"]["max-size"] = json!("1g"));
    let kept = async |changes: &[&Change]| {
        let twin = pattern.twin("one that talks", changes).await;
        assert_eq!(docker(["wait", &twin.name]), "0");
        let (root, id) = (
            docker(["info", "--format", "{{.DockerRootDir}}"]),
            docker(["inspect", "--format", "{{.Id}}", &twin.name]),
        );
        size(&Path::new(&root).join("containers").join(id)) >> 20
    };
    let unbounded = kept(&[&talking, &endless]).await;
    assert!(unbounded >= 40, "without a bound everything is kept: {unbounded} MiB");
    let bounded = kept(&[&talking]).await;
    assert!(bounded <= 31, "{bounded} MiB are kept");
    assert_eq!(runtime.stop(SliceId(1), GRACE).await.unwrap(), Stopped::Ended);
}

fn change(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Change {
    Box::new(change)
}

fn in_the_hosts_network() -> Change {
    change(|body| body["HostConfig"]["NetworkMode"] = json!("host"))
}

/// What whoever is at a port of the host says first, within a second.
fn who(port: u16) -> Option<String> {
    let line = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    line.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let mut words = String::new();
    (&line).take(64).read_to_string(&mut words).ok()?;
    Some(words)
}

/// Processes that stay and mind no TERM by now, of a user or of root.
fn stayers(user: Option<u32>) -> Vec<i32> {
    let line = ["probe", "stay", "on"].map(str::to_owned);
    let term = 1 << (Signal::TERM.as_raw() - 1);
    all_processes()
        .unwrap()
        .flatten()
        .filter(|process| process.uid().ok() == Some(user.unwrap_or(0)))
        .filter(|process| process.cmdline().is_ok_and(|found| found.ends_with(&line)))
        .filter(|process| process.status().is_ok_and(|status| status.sigcgt & term != 0))
        .map(|process| process.pid)
        .collect()
}

/// Bytes of files in a folder and below.
fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().flatten();
    entries
        .map(|entry| if entry.path().is_dir() { size(&entry.path()) } else { entry.metadata().unwrap().size() })
        .sum()
}
