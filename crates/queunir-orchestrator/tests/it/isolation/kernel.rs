//! The kernel's and the container's walls (ISO-02, ISO-03; ATK-29, ATK-31), and that no slice feels what another tries.

use std::process::Command;

use queunir_core::id::SliceId;
use queunir_orchestrator::{
    client::Address,
    runtime::{SliceRuntime, Stopped, docker::DockerConfig},
};
use serde_json::{Value, json};

use super::{
    twin::{Change, Pattern},
    walls::{Changes, Wall, changes, hold, wall},
};
use crate::{
    contract::GRACE,
    engine::{TestEngine, docker},
    host::Host,
};

const PROBE: &str = "/usr/local/bin/queunir";

#[tokio::test]
async fn a_slice_has_no_rights_inside() {
    let Some(engine) = TestEngine::take("a slice's rights inside") else { return };
    let (host, id) = (Host::new(), SliceId(7));
    let runtime = engine.runtime(&host);
    runtime.ensure(&host.spec(id, 1)).await.unwrap();
    let facts: Value = serde_json::from_str(&docker(["exec", "wank-slice-7", PROBE, "probe", "facts"])).unwrap();
    let status = |name: &str| facts["status"][name].as_str().unwrap().to_owned();
    for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        assert_eq!(status(set), "0000000000000000", "{set}");
    }
    assert_eq!(status("NoNewPrivs"), "1");
    assert_eq!(status("Seccomp"), "2", "a filter");
    assert_eq!(status("Uid"), "200007\t200007\t200007\t200007");
    assert_eq!(status("Gid"), "200007\t200007\t200007\t200007");
    assert_eq!(status("Groups"), "200007", "no other group");
    assert_eq!(facts["hostname"], "slice");
    assert!(facts["init"].as_str().unwrap().contains("init"), "process 1 is an init: {}", facts["init"]);
    assert!(facts["processes"].as_u64().unwrap() <= 3, "it sees its own processes only");
    assert_eq!(facts["sockets"], json!([false, false]), "no engine inside");
    assert_eq!(facts["spec"], true);
    for one in facts["write"].as_array().unwrap() {
        assert!(one[1].as_str().unwrap().contains("Read-only file system"), "{one}");
    }
    let folders = host.folders(id);
    let own = [folders.session(), folders.media(), folders.records()].map(|path| path.to_str().unwrap().to_owned());
    let kernel = ["/proc", "/dev", "/sys"];
    for place in facts["writable"].as_array().unwrap().iter().map(|place| place.as_str().unwrap()) {
        let known = place == "/tmp" || own.iter().any(|own| own == place);
        let known = known || kernel.iter().any(|folder| place == *folder || place.starts_with(&format!("{folder}/")));
        assert!(known, "{place} is mounted to be written to");
    }
    assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Ended);
}

#[tokio::test]
async fn atk_29_31_the_kernel_and_the_container_hold() {
    let Some(engine) = TestEngine::take("the walls of kernel and container") else { return };
    let host = Host::new();
    // More than `/tmp` and `/dev/shm` hold, each, so that it is their own bound that is met.
    let config = DockerConfig { memory_mb: 320, ..engine.config.clone() };
    let runtime = engine.runtime_with(&host, config);
    runtime.ensure(&host.spec(SliceId(1), 1)).await.unwrap();
    let neighbour = host.spec(SliceId(2), 1);
    runtime.ensure(&neighbour).await.unwrap();
    let pids = runtime.pids().await.unwrap();
    let of_neighbour = pids.iter().find(|(id, _)| *id == neighbour.slice).unwrap().1;
    let memory = HostMemory::new();
    let password = host.folders(SliceId(1)).password();

    let pattern = Pattern::of_slice_1(&engine).await;
    let changes = all_changes(engine.config.socket.to_str().unwrap());
    let mut walls = own_walls();
    let attempts = [
        (format!("reach={of_neighbour}"), "EPERM"),
        (format!("trace={of_neighbour}"), "EPERM"),
        (format!("read_file=/proc/{of_neighbour}/environ"), "EACCES"),
    ];
    let others = wall("a user of its own, among all processes", "the neighbour's user", &[]).behind(&["all processes"]);
    walls.insert(0, Wall { attempts: attempts.to_vec(), ..others });
    walls.insert(
        0,
        wall(
            "processes of its own",
            "all processes",
            &[(&format!("read_file=/proc/{of_neighbour}/cmdline"), "ENOENT")],
        ),
    );
    walls.push(wall(
        "memory between processes of its own",
        "the host's memory",
        &[(&format!("shared_memory={}", memory.id), "EINVAL")],
    ));
    walls.push(wall(
        "its password is to be read",
        "all mounts to write",
        &[(&format!("open_to_write={}", password.display()), "EROFS")],
    ));

    let all: usize = walls.iter().map(|wall| wall.attempts.len()).sum();
    let shown = hold(&pattern, &changes, &walls, async |name| {
        // Whatever was tried, both slices go on.
        let running = runtime.list().await.unwrap();
        assert_eq!(running.len(), 2, "{name}");
        for slice in running {
            let address = Address { slice: slice.id, generation: 1, port: slice.port };
            host.client.health(address).await.expect(name);
        }
    });
    eprintln!("isolation: {} of {all} attempts on kernel and container shown with their wall down", shown.await);
    for id in [1, 2] {
        assert_eq!(runtime.stop(SliceId(id), GRACE).await.unwrap(), Stopped::Ended);
    }
}

/// Walls that need nothing of the host to be tried.
fn own_walls() -> Vec<Wall> {
    let system_calls = [
        ("unshare_net", "EPERM"),
        ("unshare_mount", "EPERM"),
        ("clone_ipc", "EPERM"),
        ("clone_uts", "EPERM"),
        ("clone_cgroup", "EPERM"),
        ("clone3", "ENOSYS"),
        ("enter_namespace", "EPERM"),
        ("netfilter", "EPERM"),
        ("netfilter_32", "signal 31"),
        ("xfrm", "EPERM"),
        ("packet", "EPERM"),
        ("vsock", "EPERM"),
        ("add_key", "EPERM"),
        ("keyctl", "EPERM"),
        ("io_uring", "EPERM"),
        ("userfaultfd", "EPERM"),
        ("perf", "EPERM"),
        ("fanotify", "EPERM"),
        ("fixed_addresses", "EPERM"),
        ("foreign_memory", "EPERM"),
    ];
    let rights = [
        ("make_device=/dev/qn", "EPERM"),
        ("give_away=/dev/shm/qn", "EPERM"),
        ("raw_socket", "EPERM"),
        ("other_user", "EPERM"),
    ];
    vec![
        wall("system calls", "no profile", &system_calls),
        wall("system calls of root", "no profile", &[("bpf", "EPERM"), ("kernel_log", "EPERM")])
            .behind(&["root", "all rights"]),
        wall("no rights", "all rights", &rights).behind(&["root"]),
        Wall {
            program: "/usr/local/bin/attempt-as-root",
            ..wall("no new privileges", "new privileges", &[("become_root", "EPERM")])
        },
        wall("a user of its own", "root", &[("become_root", "EPERM"), ("read_file=/for-root", "EACCES")]),
        wall("a root to be read", "a root to write", &[("write_file=/for-all/qn", "EROFS")]),
        wall("devices", "another device", &[("open_device=/dev/qn", "EPERM")]).behind(&["root", "all rights"]),
        wall(
            "settings of the kernel",
            "settings to write",
            &[("open_to_write=/proc/sys/kernel/core_pattern", "EROFS")],
        )
        .behind(&["root"]),
        wall(
            "what the kernel hides",
            "nothing hidden",
            &[("read_file=/proc/keys", "ENODATA"), ("read_file=/proc/timer_list", "ENODATA")],
        )
        .behind(&["root"]),
        wall("the engine", "the engine's socket", &[("talk_to=/engine.sock", "ENOENT")]).behind(&["root"]),
        wall("no programs in /tmp", "programs in /tmp", &[("run_copy=/tmp/qn", "EACCES")]),
        wall("room in /tmp", "more room in /tmp", &[("fill=/tmp/qn=260", "ENOSPC")]),
        wall("room in /dev/shm", "more room in /dev/shm", &[("fill=/dev/shm/qn=260", "ENOSPC")]),
        wall("processes", "more processes", &[("fork_many=600", "EAGAIN")]),
        wall("memory", "more memory", &[("eat=400", "signal 9")]),
        wall("open files", "more open files", &[("open_many=9000", "EMFILE")]),
        wall("no core dumps", "core dumps", &[("raise_core", "EPERM")]),
    ]
}

fn all_changes(engine: &str) -> Changes {
    let mut all = changes();
    let mut add = |name, change: fn(&mut Value)| all.insert(name, Box::new(change) as Change);
    add("no profile", |host| replace_security(host, "seccomp=", Some("seccomp=unconfined")));
    add("new privileges", |host| replace_security(host, "no-new-privileges", None));
    add("a root to write", |body| body["HostConfig"]["ReadonlyRootfs"] = json!(false));
    add("another device", |body| body["HostConfig"]["DeviceCgroupRules"] = json!(["c 10:229 rwm"]));
    add("settings to write", |body| body["HostConfig"]["ReadonlyPaths"] = json!([]));
    add("nothing hidden", |body| body["HostConfig"]["MaskedPaths"] = json!([]));
    add("programs in /tmp", |body| replace_scratch(body, "noexec", "exec"));
    add("more room in /tmp", |body| replace_scratch(body, "size=256m", "size=300m"));
    add("more room in /dev/shm", |body| body["HostConfig"]["ShmSize"] = json!(300 << 20));
    add("more processes", |body| body["HostConfig"]["PidsLimit"] = json!(-1));
    add("more memory", |body| {
        body["HostConfig"]["Memory"] = json!(0);
        body["HostConfig"]["MemorySwap"] = json!(0);
    });
    add("more open files", |body| raise_limit(body, "nofile", 20_000));
    add("core dumps", |body| raise_limit(body, "core", 1 << 30));
    add("all processes", |body| body["HostConfig"]["PidMode"] = json!("host"));
    add("the neighbour's user", |body| body["User"] = json!("200002:200002"));
    add("the host's memory", |body| body["HostConfig"]["IpcMode"] = json!("host"));
    let socket = json!({ "Type": "bind", "Source": engine, "Target": "/engine.sock" });
    let mount = move |body: &mut Value| body["HostConfig"]["Mounts"].as_array_mut().unwrap().push(socket.clone());
    all.insert("the engine's socket", Box::new(mount));
    all
}

fn replace_security(body: &mut Value, old: &str, new: Option<&str>) {
    let options = body["HostConfig"]["SecurityOpt"].as_array_mut().unwrap();
    let before = options.len();
    options.retain(|option| !option.as_str().unwrap().starts_with(old));
    assert_eq!(options.len() + 1, before, "{old} is set");
    options.extend(new.map(|new| json!(new)));
}

fn replace_scratch(body: &mut Value, old: &str, new: &str) {
    let scratch = &mut body["HostConfig"]["Tmpfs"]["/tmp"];
    let text = scratch.as_str().unwrap();
    assert!(text.contains(old), "{text}");
    *scratch = json!(text.replace(old, new));
}

fn raise_limit(body: &mut Value, name: &str, most: u64) {
    let limits = body["HostConfig"]["Ulimits"].as_array_mut().unwrap();
    let limit = limits.iter_mut().find(|limit| limit["Name"] == name).expect("the limit is set");
    (limit["Soft"], limit["Hard"]) = (json!(most), json!(most));
}

/// A piece of memory that processes of the host share.
struct HostMemory {
    id: String,
}

impl HostMemory {
    fn new() -> Self {
        let made = Command::new("ipcmk").args(["--shmem", "4096", "--mode", "0666"]).output().unwrap();
        let told = String::from_utf8(made.stdout).unwrap();
        Self { id: told.trim().rsplit_once(' ').expect("ipcmk tells the id").1.to_owned() }
    }
}

impl Drop for HostMemory {
    fn drop(&mut self) {
        Command::new("ipcrm").args(["--shmem-id", &self.id]).status().ok();
    }
}
