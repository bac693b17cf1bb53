//! What a slice reaches from its own network (ISO-05, ATK-22).

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    os::fd::AsFd,
    process::{Child, Command},
    thread,
    time::Duration,
};

use queunir_core::id::SliceId;
use queunir_orchestrator::runtime::{
    SliceRuntime, Stopped,
    docker::{DockerConfig, Firewall},
};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::{
    cluster::until,
    contract::GRACE,
    engine::{TestEngine, docker},
    host::Host,
};

const PROBE: &str = "/usr/local/bin/queunir";
/// Our side of the line to the world outside, and the world's; both count as public.
const UPLINK: &str = "198.51.100.1";
const WORLD: &str = "198.51.100.2";
/// What else is outside: each an address of one of the ranges that are closed.
const CLOSED: [&str; 6] = ["169.254.169.254", "10.99.0.1", "172.20.0.1", "192.168.99.1", "100.64.0.1", "198.18.0.1"];
/// A port that the world and the host serve and slices have no business with.
const OTHER: u16 = 7001;

#[tokio::test]
async fn a_slice_reaches_nothing_but_what_is_meant_for_it() {
    let Some(engine) = TestEngine::take("the walls of the network") else { return };
    let (host, world) = (Host::new(), World::new());
    let config = DockerConfig {
        resolver: Some(WORLD.parse().unwrap()),
        extra_destinations: vec![format!("{WORLD}:7002").parse().unwrap(), format!("{UPLINK}:7002").parse().unwrap()],
        ..engine.config.clone()
    };
    let runtime = engine.runtime_with(&host, config.clone());
    runtime.ensure(&host.spec(SliceId(1), 1)).await.unwrap();
    let neighbour = host.spec(SliceId(2), 1);
    runtime.ensure(&neighbour).await.unwrap();
    // The runtime would put up again what is taken down here; its slices go on without it.
    drop(runtime);
    let walls = Walls { firewall: Firewall::new(&config) };
    walls.whole().await;

    for port in [OTHER, 7002] {
        serve(Ipv4Addr::UNSPECIFIED, port);
    }
    // What is open: WhatsApp's ports, names from the resolver, and what an operator has named.
    for place in ["443", "5222", "53", "7002"].map(|port| format!("{WORLD}:{port}")) {
        assert!(opens(&place).await, "{place} is meant to be reached");
    }
    assert!(opens(&format!("{UPLINK}:7002")).await, "a named destination on the host");

    // The host, by the slice's own bridge and by another address: one wall, around everything that listens everywhere.
    for place in ["10.213.0.1", UPLINK].map(|address| format!("{address}:{OTHER}")) {
        walls.without("to_host", "counter").await;
        assert!(opens(&place).await, "{place} is there");
        walls.whole().await;
        assert!(!open(&place), "the host's {place} is walled off");
    }
    // What only the range's rule closes: the port is open to everybody else.
    for place in CLOSED.map(|address| format!("{address}:443")) {
        walls.without("outward", "ip daddr { 0.0.0.0/8").await;
        assert!(opens(&place).await, "{place} is there");
        walls.whole().await;
        assert!(!open(&place), "{place} is walled off");
    }
    // Other ports of the world, and other servers of names.
    for place in [format!("{WORLD}:{OTHER}"), format!("{WORLD}:80"), "198.51.100.3:53".to_owned()] {
        walls.without("outward", "counter").await;
        assert!(opens(&place).await, "{place} is there");
        walls.whole().await;
        assert!(!open(&place), "{place} is walled off");
    }
    // More connections than a browser has, which would fill the host's table of them; the neighbour's are its own.
    let crowd = || docker(["exec", "wank-slice-1", PROBE, "probe", "crowd", &format!("{WORLD}:443"), "600"]);
    walls.without("outward", "ct state new").await;
    assert_eq!(crowd(), "600");
    walls.whole().await;
    assert_eq!(crowd(), "512");
    assert_eq!(docker(["exec", "wank-slice-2", PROBE, "probe", "tcp", &format!("{WORLD}:443")]), "open");
    // Another slice. The engine keeps bridges apart as well; its wall is down for all of this, so that ours is what holds.
    run("iptables", &["-I", "DOCKER-USER", "-j", "ACCEPT"]);
    let place = format!("10.213.0.10:{}", neighbour.port);
    walls.flush(&["outward", "inward"]).await;
    assert!(opens(&place).await, "the other slice is there");
    for down in ["inward", "outward"] {
        walls.whole().await;
        walls.flush(&[down]).await;
        assert!(!open(&place), "without {down} the other wall holds");
    }
    // A neighbour of the host who routes to the bridges.
    walls.flush(&["inward"]).await;
    assert!(until_true(|| world.reaches(&place)).await, "a neighbour finds the way");
    walls.whole().await;
    assert!(!world.reaches(&place), "a neighbour is walled off");
    run("iptables", &["-D", "DOCKER-USER", "-j", "ACCEPT"]);
    walls.flush(&["outward", "inward"]).await;
    assert!(!open(&place), "the engine's own wall stands too");
    walls.whole().await;
    let runtime = engine.runtime_with(&host, config);
    for id in [1, 2] {
        assert_eq!(runtime.stop(SliceId(id), GRACE).await.unwrap(), Stopped::Ended);
    }
    run("nft", &["delete", "table", "inet", "queunir"]);
}

/// Our table, with which one wall at a time is taken down.
struct Walls {
    firewall: Firewall,
}

impl Walls {
    /// As the runtime keeps them: it sees that one is down, and puts up all of them.
    async fn whole(&self) {
        self.firewall.ensure().await.unwrap();
    }

    /// All walls but the one rule of a chain that begins like this.
    async fn without(&self, chain: &str, rule: &str) {
        self.whole().await;
        let listed = run("nft", &["-a", "list", "chain", "inet", "queunir", chain]);
        let line = listed.lines().map(str::trim).find(|line| line.starts_with(rule)).expect("the wall is there");
        let handle = line.rsplit_once("# handle ").unwrap().1;
        run("nft", &["delete", "rule", "inet", "queunir", chain, "handle", handle]);
    }

    async fn flush(&self, chains: &[&str]) {
        for chain in chains {
            run("nft", &["flush", "chain", "inet", "queunir", chain]);
        }
    }
}

/// Hosts outside, in a network of their own behind one line.
struct World {
    life: Child,
}

impl World {
    fn new() -> Self {
        let life = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "unshare", "--net", "sleep", "infinity"])
            .spawn()
            .unwrap();
        let world = Self { life };
        let ours = std::fs::read_link("/proc/self/ns/net").unwrap();
        while std::fs::read_link(world.network()).is_ok_and(|theirs| theirs == ours) {
            thread::yield_now();
        }
        let pid = world.life.id().to_string();
        run("ip", &["link", "add", "qn-up", "type", "veth", "peer", "name", "qn-world", "netns", &pid]);
        run("ip", &["addr", "add", &format!("{UPLINK}/24"), "dev", "qn-up"]);
        run("ip", &["link", "set", "qn-up", "up"]);
        let inside = |arguments: &[&str]| {
            run("nsenter", &[&["--target", &pid, "--net", "ip"], arguments].concat());
        };
        inside(&["link", "set", "lo", "up"]);
        inside(&["link", "set", "qn-world", "up"]);
        for address in [format!("{WORLD}/24"), "198.51.100.3/24".to_owned()] {
            inside(&["addr", "add", &address, "dev", "qn-world"]);
        }
        inside(&["route", "add", "10.213.0.0/16", "via", UPLINK]);
        for address in CLOSED {
            inside(&["addr", "add", &format!("{address}/32"), "dev", "lo"]);
            run("ip", &["route", "add", &format!("{address}/32"), "via", WORLD]);
        }
        for port in [53, 80, 443, 5222, OTHER, 7002] {
            world.within(move || serve(Ipv4Addr::UNSPECIFIED, port));
        }
        world
    }

    fn network(&self) -> String {
        format!("/proc/{}/ns/net", self.life.id())
    }

    /// Does something in the world's network, on a thread that goes there.
    fn within<T: Send + 'static>(&self, act: impl FnOnce() -> T + Send + 'static) -> T {
        let network = std::fs::File::open(self.network()).unwrap();
        thread::spawn(move || {
            move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network)).unwrap();
            act()
        })
        .join()
        .unwrap()
    }

    /// Whether somebody out there can connect to a place.
    fn reaches(&self, place: &str) -> bool {
        let place: SocketAddr = place.parse().unwrap();
        self.within(move || TcpStream::connect_timeout(&place, Duration::from_secs(1)).is_ok())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.life.kill().ok();
        self.life.wait().ok();
        Command::new("ip").args(["link", "delete", "qn-up"]).status().ok();
    }
}

/// Listens until the test ends, in the network of the thread that asks; the listener stays there.
fn serve(address: Ipv4Addr, port: u16) {
    let listener = TcpListener::bind((address, port)).unwrap();
    thread::spawn(move || while listener.accept().is_ok() {});
}

/// Whether slice 1 can connect to a place, asked once.
fn open(place: &str) -> bool {
    docker(["exec", "wank-slice-1", PROBE, "probe", "tcp", place]) == "open"
}

/// Whether it can at all, on a host that may be busy.
async fn opens(place: &str) -> bool {
    until_true(|| open(place)).await
}

async fn until_true(mut look: impl FnMut() -> bool) -> bool {
    until("a door that is open", async || look().then_some(true)).await
}

fn run(program: &str, arguments: &[&str]) -> String {
    let done = Command::new(program).args(arguments).output().unwrap();
    assert!(done.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}
