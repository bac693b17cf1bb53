//! `queunir up` as an operator meets it: started, killed, started again, and ended by Ctrl-C.
#![expect(clippy::unwrap_used, reason = "a failed assumption fails the test")]

use std::{
    collections::HashSet,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;

/// Longest wait for anything; a loaded machine makes a database in seconds.
const PATIENCE: Duration = Duration::from_secs(60);

struct Place {
    dir: TempDir,
    address: SocketAddr,
}

/// A running `queunir up`; killed with everything it started when the test ends early.
struct Up<'a> {
    place: &'a Place,
    child: Child,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        // As root, its roles run as other users and have to come in.
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o711)).unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let settings = format!("[server]\nlisten = \"{address}\"\n[whatsapp]\nurl = \"http://localhost:9/\"\n");
        fs::write(dir.path().join("settings.toml"), settings).unwrap();
        Self { dir, address }
    }

    fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    fn command(&self, state: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_queunir"));
        command.arg("--settings").arg(self.dir.path().join("settings.toml")).arg("--state").arg(state).arg("up");
        command.env_remove("RUST_LOG").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts it and waits until it says that it is ready.
    fn up(&self) -> Up<'_> {
        let mut up = Up { place: self, child: self.command(&self.state()).spawn().unwrap() };
        let out = BufReader::new(up.child.stdout.take().unwrap());
        let said: Vec<String> =
            out.lines().map(Result::unwrap).take_while(|line| !line.contains("Ctrl-C stops everything")).collect();
        if !said.iter().any(|line| line.contains("http://localhost:")) {
            // It has ended, or at least closed what it says things to.
            let mut why = String::new();
            up.child.kill().and_then(|()| up.child.stderr.take().unwrap().read_to_string(&mut why)).unwrap();
            panic!("{said:?} {why}");
        }
        up
    }

    /// The words with which another start is refused.
    fn refused(&self, state: &Path) -> String {
        let output = self.command(state).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    }

    fn is_healthy(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(self.address) else { return false };
        let mut answer = String::new();
        let asked = stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        asked.and_then(|()| stream.read_to_string(&mut answer)).is_ok() && answer.starts_with("HTTP/1.1 200 ")
    }

    /// Processes that name the state directory, with what these started.
    fn processes(&self) -> Vec<(i32, String)> {
        let state = self.state().canonicalize().unwrap().to_str().unwrap().to_owned();
        let mut all = Vec::new();
        for pid in fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        {
            let _: i32 = pid;
            let read = |file: &str| fs::read_to_string(format!("/proc/{pid}/{file}"));
            let (Ok(stat), Ok(command)) = (read("stat"), read("cmdline")) else { continue };
            let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_ascii_whitespace().collect();
            if fields[0] != "Z" {
                all.push((pid, fields[1].parse::<i32>().unwrap(), command.replace('\0', " ")));
            }
        }
        let mut ours: HashSet<i32> = all.iter().filter(|(_, _, line)| line.contains(&state)).map(|one| one.0).collect();
        ours.extend(all.iter().filter(|(_, parent, _)| ours.contains(parent)).map(|one| one.0).collect::<Vec<_>>());
        all.into_iter().filter(|(pid, ..)| ours.contains(pid)).map(|(pid, _, line)| (pid, line)).collect()
    }

    fn pid_of(&self, role: &str) -> Option<i32> {
        self.processes().into_iter().find(|(_, line)| line.trim_end().ends_with(role)).map(|(pid, _)| pid)
    }
}

impl Up<'_> {
    fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }
}

impl Drop for Up<'_> {
    fn drop(&mut self) {
        for (pid, _) in self.place.processes() {
            signal(pid, Signal::KILL);
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn signal(pid: i32, signal: Signal) {
    // One that ended meanwhile is what was wanted.
    let _ = kill_process(Pid::from_raw(pid).unwrap(), signal);
}

fn eventually(what: &str, mut check: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !check() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Files of secrets are their owner's alone, and no folder that root writes into is somebody else's.
fn assert_modes(state: &Path) {
    let secret = |folder: &str, end: &str| {
        let entries = fs::read_dir(state.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.to_str().unwrap().ends_with(end)).collect::<Vec<_>>()
    };
    // The gateway may answer before the orchestrator has written what is its own.
    eventually("all keys", || secret("tls", ".key").len() >= 3);
    let files = [secret("secrets", ".password"), secret("tls", ".key"), secret("logs", ".log")].concat();
    assert!(files.len() >= 3 + 3 + 3, "{files:?}");
    for path in files {
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600, "{}", path.display());
    }
    for folder in ["", "postgres", "secrets", "tls", "bin", "logs"] {
        let found = fs::metadata(state.join(folder)).unwrap();
        assert_eq!((found.uid(), found.mode() & 0o022), (geteuid().as_raw(), 0), "{folder}");
    }
    assert_eq!(fs::metadata(state.join("postgres/data")).unwrap().mode() & 0o777, 0o700);
    assert!(!state.join("postgres/superuser.password").exists());
}

#[test]
fn everything_starts_survives_a_kill_and_ends_without_a_trace() {
    let place = Place::new();
    let mut first = place.up();
    assert!(place.is_healthy());
    assert_modes(&place.state());
    assert!(place.refused(&place.state()).contains("another `queunir up`"));
    assert!(place.refused(&place.dir.path().join("other")).contains("server.listen"));

    // A role that dies comes back, and the operator is told.
    let gateway = place.pid_of(" gateway").unwrap();
    signal(gateway, Signal::KILL);
    eventually("the gateway is back", || {
        place.is_healthy() && place.pid_of(" gateway").is_some_and(|pid| pid != gateway)
    });

    for (pid, _) in place.processes() {
        signal(pid, Signal::KILL);
    }
    let mut told = String::new();
    first.child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(told.contains("gateway") && told.contains("ended by itself"), "{told}");
    first.child.wait().unwrap();
    eventually("the killed tree is gone", || place.processes().is_empty());

    let mut second = place.up();
    assert!(place.is_healthy());
    assert!(place.processes().len() > 4, "{:?}", place.processes());
    signal(second.pid(), Signal::INT);
    assert!(second.child.wait().unwrap().success());
    assert_eq!(place.processes(), [], "left after Ctrl-C");
    assert!(TcpStream::connect(place.address).is_err(), "somebody still listens");
    assert!(!place.state().join("postgres/run/.s.PGSQL.5432").exists());
}

#[test]
fn a_reset_with_settings_that_are_refused_deletes_nothing() {
    let place = Place::new();
    fs::create_dir(place.state()).unwrap();
    for file in ["queunir-state", "everything"] {
        fs::write(place.state().join(file), "").unwrap();
    }
    fs::write(place.dir.path().join("settings.toml"), "[server]\nlisten = \"0.0.0.0:1\"\n").unwrap();
    let output = place.command(&place.state()).args(["--reset", "--yes"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(place.state().join("everything").exists());
}
