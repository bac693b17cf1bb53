//! What only the Docker runtime promises: how a container is made, what is refused, and what stays on the engine.

use std::{path::Path, sync::Arc, time::Duration};

use queunir_core::id::SliceId;
use queunir_orchestrator::runtime::{
    RuntimeError, SliceRuntime, Stopped,
    docker::{self, DockerConfig, DockerRuntime},
};
use serde_json::{Value, json};
use tokio::{sync::Notify, time::timeout};

use crate::{
    contract::GRACE,
    engine::{TestEngine, docker, inspect},
    host::Host,
};

#[tokio::test]
async fn a_container_is_exactly_the_template() {
    let Some(engine) = TestEngine::take("a container is the template") else { return };
    let (host, id) = (Host::new(), SliceId(42));
    let runtime = engine.runtime(&host);
    let spec = host.spec(id, 3);
    runtime.ensure(&spec).await.unwrap();
    let found = inspect("container", "wank-slice-42");
    let config = &found["Config"];
    assert_eq!(config["User"], "200042:200042");
    assert_eq!(config["Entrypoint"], json!(["queunir"]));
    assert_eq!(config["Cmd"], json!(["slice", "--spec", "/run/queunir/spec.json"]));
    assert_eq!(config["Hostname"], "slice");
    assert_eq!(config["Labels"]["queunir.slice"], "42");
    assert_eq!(config["Labels"]["queunir.generation"], "3");
    assert_eq!(config["Labels"]["queunir.epoch"], "1");
    let limits = &found["HostConfig"];
    for (name, value) in [
        ("Privileged", json!(false)),
        ("CapAdd", Value::Null),
        ("CapDrop", json!(["ALL"])),
        ("ReadonlyRootfs", json!(true)),
        ("Init", json!(true)),
        ("PidsLimit", json!(512)),
        ("Memory", json!(256 << 20)),
        ("MemorySwap", json!(256 << 20)),
        ("NanoCpus", json!(1_000_000_000_u64)),
        ("CpuShares", json!(1024)),
        ("ShmSize", json!(256 << 20)),
        ("Tmpfs", json!({ "/tmp": "rw,nosuid,nodev,noexec,size=256m,mode=0700,uid=200042,gid=200042" })),
        (
            "Ulimits",
            json!([{ "Name": "nofile", "Soft": 8192, "Hard": 8192 }, { "Name": "core", "Soft": 0, "Hard": 0 }]),
        ),
        ("IpcMode", json!("private")),
        ("CgroupnsMode", json!("private")),
        ("PidMode", json!("")),
        ("UTSMode", json!("")),
        ("UsernsMode", json!("")),
        ("NetworkMode", json!("queunir-slice-42")),
        ("Devices", Value::Null),
        ("RestartPolicy", json!({ "Name": "no", "MaximumRetryCount": 0 })),
        ("AutoRemove", json!(false)),
        ("LogConfig", json!({ "Type": "local", "Config": { "max-size": "10m", "max-file": "3" } })),
        (
            "PortBindings",
            json!({ format!("{}/tcp", spec.port): [{ "HostIp": "127.0.0.1", "HostPort": spec.port.to_string() }] }),
        ),
        ("Dns", json!(["127.0.0.1"])),
    ] {
        assert_eq!(limits[name], value, "{name}");
    }
    let security: Vec<&str> =
        limits["SecurityOpt"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert_eq!(security[0], "no-new-privileges");
    assert!(security[1].starts_with("seccomp={"));
    let mut mounts: Vec<(&str, bool)> = found["Mounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mount| (mount["Destination"].as_str().unwrap(), mount["RW"].as_bool().unwrap()))
        .collect();
    mounts.sort_unstable();
    let folders = host.folders(id);
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let mut wanted = vec![("/run/queunir/spec.json".to_owned(), false), (text(&spec.ca_file), false)];
    wanted.push(("/etc/chromium/policies/managed/origins.json".to_owned(), false));
    wanted.extend([folders.session(), folders.media(), folders.records()].map(|path| (text(&path), true)));
    wanted.extend([folders.tls(), folders.password(), folders.lock()].map(|path| (text(&path), false)));
    wanted.sort_unstable();
    let wanted: Vec<(&str, bool)> = wanted.iter().map(|(place, writable)| (place.as_str(), *writable)).collect();
    assert_eq!(mounts, wanted, "its own folders, and nothing else to write to");

    let network = inspect("network", "queunir-slice-42");
    assert_eq!(network["IPAM"]["Config"], json!([{ "Subnet": "10.213.1.72/29", "Gateway": "10.213.1.73" }]));
    assert_eq!(network["EnableIPv6"], false);
    assert_eq!(found["NetworkSettings"]["Networks"]["queunir-slice-42"]["IPAddress"], "10.213.1.74");
    assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Ended);
    assert_eq!(docker(["network", "ls", "--quiet", "--filter", "label=queunir.slice"]), "", "its network is gone");
    assert_eq!(docker(["container", "ls", "--all", "--quiet", "--filter", "label=queunir.slice"]), "");
}

#[tokio::test]
async fn an_image_that_is_missing_is_refused_with_the_remedy() {
    let Some(engine) = TestEngine::take("an image that is missing") else { return };
    let (host, id) = (Host::new(), SliceId(1));
    let config = DockerConfig { image: "wank-slice:missing".to_owned(), ..engine.config.clone() };
    let runtime = engine.runtime_with(&host, config);
    let Err(RuntimeError::Refused(error)) = runtime.ensure(&host.spec(id, 1)).await else { panic!("it cannot start") };
    assert!(error.to_string().contains("wank-slice:missing") && error.to_string().contains("make image"), "{error}");
    assert_eq!(docker(["network", "ls", "--quiet", "--filter", "label=queunir.slice"]), "");
}

#[tokio::test]
async fn an_engine_that_is_away_is_unreachable() {
    if !rustix::process::geteuid().is_root() {
        return eprintln!("skipped: the Docker runtime needs root");
    }
    let (host, id) = (Host::new(), SliceId(1));
    let config = DockerConfig {
        socket: host.dir.path().join("nobody.sock"),
        image: "none".to_owned(),
        subnets: "10.213.0.0/16".parse().unwrap(),
        resolver: None,
        memory_mb: 256,
        cpus: 1.0,
        extra_destinations: Vec::new(),
        extra_ca_file: None,
    };
    let of = |error: Option<RuntimeError>| matches!(error, Some(RuntimeError::Unreachable(_)));
    assert!(of(docker::end_all(&config, host.dir.path()).await.err()));
    let Some(_engine) = TestEngine::take("a runtime without its engine") else { return };
    let runtime = DockerRuntime::new(config, host.dir.path(), host.client.clone(), Arc::new(Notify::new())).unwrap();
    assert!(of(runtime.list().await.err()));
    assert!(of(runtime.ensure(&host.spec(id, 1)).await.err()));
    assert!(of(runtime.stop(id, GRACE).await.err()));
}

#[tokio::test]
async fn another_installation_is_left_alone() {
    let Some(engine) = TestEngine::take("another installation") else { return };
    let (ours, theirs, id) = (Host::new(), Host::new(), SliceId(1));
    let running = engine.runtime(&theirs).ensure(&theirs.spec(id, 1)).await.unwrap();
    let runtime = engine.runtime(&ours);
    assert_eq!(runtime.list().await.unwrap(), []);
    let refused = async |taken: &str| {
        let Err(RuntimeError::Refused(error)) = runtime.ensure(&ours.spec(id, 1)).await else {
            panic!("{taken} is taken")
        };
        assert!(error.to_string().contains(taken), "{error}");
        assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Absent);
    };
    refused("queunir-slice-1").await;
    docker(["network", "disconnect", "queunir-slice-1", "wank-slice-1"]);
    docker(["network", "rm", "queunir-slice-1"]);
    refused("wank-slice-1").await;
    assert_eq!(docker::end_all(&engine.config, ours.dir.path()).await.unwrap(), 0);
    let left = engine.runtime(&theirs).list().await.unwrap();
    assert_eq!(left.iter().map(|slice| slice.id).collect::<Vec<_>>(), [running.id]);
    assert_eq!(docker::end_all(&engine.config, theirs.dir.path()).await.unwrap(), 1);
}

#[tokio::test]
async fn neither_runtime_starts_what_the_other_runs() {
    let Some(engine) = TestEngine::take("a slice of the other runtime") else { return };
    let (host, id) = (Host::new(), SliceId(1));
    let (processes, containers) = (host.runtime(), engine.runtime(&host));
    processes.ensure(&host.spec(id, 1)).await.unwrap();
    for generation in [1, 2] {
        assert!(matches!(containers.ensure(&host.spec(id, generation)).await, Err(RuntimeError::Busy)));
    }
    assert_eq!(processes.stop(id, GRACE).await.unwrap(), Stopped::Ended);
    containers.ensure(&host.spec(id, 3)).await.unwrap();
    for generation in [3, 4] {
        assert!(matches!(processes.ensure(&host.spec(id, generation)).await, Err(RuntimeError::Busy)));
    }
    assert_eq!(containers.stop(id, GRACE).await.unwrap(), Stopped::Ended);
    processes.ensure(&host.spec(id, 5)).await.unwrap();
    assert!(!host.doubled(id));
    assert_eq!(processes.stop(id, GRACE).await.unwrap(), Stopped::Ended);
}

#[tokio::test]
async fn an_end_rings_at_once_and_a_renamed_container_is_ended_too() {
    let Some(engine) = TestEngine::take("an end that rings") else { return };
    let (host, id, ended) = (Host::new(), SliceId(1), Arc::new(Notify::new()));
    let runtime =
        DockerRuntime::new(engine.config.clone(), host.dir.path(), host.client.clone(), Arc::clone(&ended)).unwrap();
    let running = runtime.ensure(&host.spec(id, 1)).await.unwrap();
    docker(["container", "rename", "wank-slice-1", "somebody"]);
    assert_eq!(runtime.list().await.unwrap(), [running], "labels tell, not names");
    assert!(matches!(runtime.ensure(&host.spec(id, 2)).await, Err(RuntimeError::Busy)));
    docker(["container", "kill", "somebody"]);
    timeout(Duration::from_secs(10), ended.notified()).await.expect("an end is told");
    assert_eq!(runtime.list().await.unwrap(), []);
    runtime.ensure(&host.spec(id, 3)).await.unwrap();
    assert_eq!(docker(["container", "ls", "--all", "--quiet", "--filter", "label=queunir.slice"]).lines().count(), 1);
    docker(["container", "rename", "wank-slice-1", "somebody"]);
    assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Ended);
    assert_eq!(docker(["container", "ls", "--all", "--quiet", "--filter", "label=queunir.slice"]), "");
}
