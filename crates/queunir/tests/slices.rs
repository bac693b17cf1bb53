//! `queunir slices` as a person uses it: beside a running `queunir up`, with real slices at level *service*.
#![expect(clippy::unwrap_used, reason = "a failed assumption fails the test")]

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, geteuid, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// Longest wait for anything; a loaded machine makes a database in seconds.
const PATIENCE: Duration = Duration::from_secs(90);

/// A running `queunir up` with two accounts, each with a slice that nobody wants yet.
struct Running {
    dir: TempDir,
    up: Child,
}

impl Running {
    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o711)).unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        // The other tests of this machine take ports at the same time.
        let base = 20_001 + 2 * (address.port() % 5_000);
        let settings = format!(
            "[server]\nlisten = \"{address}\"\n[whatsapp]\nurl = \"http://localhost:9/\"\n[slices]\nbase_port = {base}\n"
        );
        fs::write(dir.path().join("settings.toml"), settings).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_queunir"));
        command.arg("--settings").arg(dir.path().join("settings.toml")).arg("--state").arg(dir.path().join("state"));
        command.arg("up").env_remove("RUST_LOG").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut up = command.process_group(0).spawn().unwrap();
        let said = BufReader::new(up.stdout.take().unwrap());
        let ready = said.lines().map(Result::unwrap).any(|line| line.contains("Ctrl-C stops everything"));
        let running = Self { dir, up };
        assert!(ready, "it did not start");
        running
    }

    fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    /// What the gateway writes when somebody signs up and connects, but without a browser.
    fn accounts(&self) {
        self.sql(
            "insert into users (id, email, password_hash) values (gen_random_uuid(), 'ana@example.org', ''),
                 (gen_random_uuid(), 'bia@example.org', '');
             insert into slices (user_id, desired, reading_mode) select id, 'stopped', 'background' from users order by email",
        );
    }

    /// Asks the control tables as the gateway may.
    fn sql(&self, statement: &str) -> String {
        let password = fs::read_to_string(self.state().join("secrets/gateway.password")).unwrap();
        let mut psql = Command::new("psql");
        psql.arg("-h").arg(self.state().join("postgres/run")).args(["-U", "queunir_gw", "-d", "wank_saas", "-qtAX"]);
        psql.args(["-v", "ON_ERROR_STOP=1", "-c", statement]);
        let done = psql.env("PGPASSWORD", password).env("PGOPTIONS", "-c search_path=gateway").output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_queunir"));
        command.arg("--state").arg(self.state()).arg("slices").args(args);
        command.env_remove("RUST_LOG").stdin(Stdio::null());
        command
    }

    /// What it prints, which it has to end well for.
    fn says(&self, args: &[&str]) -> String {
        let done = self.command(args).output().unwrap();
        assert!(done.status.success(), "{args:?}: {}", both(&done));
        String::from_utf8(done.stdout).unwrap()
    }

    /// What it prints when it does not end well.
    fn fails(&self, args: &[&str]) -> String {
        let done = self.command(args).output().unwrap();
        assert_eq!(done.status.code(), Some(1), "{args:?}: {}", both(&done));
        both(&done)
    }

    fn card(&self, slice: &str) -> Value {
        serde_json::from_str(&self.says(&["show", slice, "--json"])).unwrap()
    }

    fn pid_of(&self, role: &str) -> i32 {
        let state = self.state().canonicalize().unwrap().to_str().unwrap().to_owned();
        let pids =
            fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let mut found = pids.filter(|pid: &i32| {
            let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default().replace('\0', " ");
            line.contains(&state) && line.contains(role)
        });
        found.next().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        signal(self.up.id().cast_signed(), Signal::CONT);
        signal(self.up.id().cast_signed(), Signal::INT);
        let until = Instant::now() + Duration::from_secs(30);
        while Instant::now() < until && matches!(self.up.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(20));
        }
        drop(self.up.kill());
        drop(self.up.wait());
    }
}

fn signal(pid: i32, signal: Signal) {
    // One that ended meanwhile is what was wanted.
    let _ = kill_process(Pid::from_raw(pid).unwrap(), signal);
}

fn both(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn assert_in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let at = rest.find(part).unwrap_or_else(|| panic!("{part:?} is missing or too early in:\n{text}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn an_operator_starts_looks_into_restarts_stops_and_deletes_a_slice() {
    let running = Running::start();
    assert!(running.says(&["list"]).contains("There are no slices"));
    running.accounts();
    let table = running.says(&["list"]);
    assert_in_order(&table, &["NO", "ACCOUNT", "WANTED", "PHASE", "\n1", "ana@example.org", "stopped", "\n2", "bia@"]);

    // Start: the phases as they come, and the end.
    let said = running.says(&["start", "1"]);
    assert_in_order(
        &said,
        &["Slice 1: wanted at level service", "start 1", "Slice 1 is service, start 1, page no_browser"],
    );
    let card = running.card("1");
    assert_eq!((card["phase"].as_str(), card["wanted_reason"].as_str()), (Some("service"), Some("admin")));
    assert!(card["port"].as_u64().unwrap() % 2 == 1);

    // Looking in, with the orchestrator's certificate.
    let health: Value = serde_json::from_str(&running.says(&["curl", "1", "/api/health"])).unwrap();
    assert_eq!((health["state"].as_str(), health["generation"].as_i64()), (Some("no_browser"), Some(1)));
    assert!(running.fails(&["curl", "1", "/api/none"]).contains("404"));
    assert!(running.fails(&["curl", "1", "api"]).contains("begins with a slash"));
    assert!(running.fails(&["curl", "2", "/api/health"]).contains("slice 2 was never started"));
    let log = running.says(&["logs", "1", "--lines", "1"]);
    assert_eq!(log.lines().count(), 1, "{log}");

    // Restart: a later start at the same level, of this slice alone.
    let said = running.says(&["restart", "1"]);
    assert_in_order(&said, &["a start after number 1 is wanted", "start 2", "Slice 1 is service, start 2"]);
    let health: Value = serde_json::from_str(&running.says(&["curl", "1", "/api/health"])).unwrap();
    assert_eq!(health["generation"], 2);
    assert!(running.fails(&["restart", "2"]).contains("it is not wanted to run; start it instead"));

    let capacity = running.says(&["capacity"]);
    let service = capacity.lines().find(|line| line.starts_with("service")).unwrap();
    assert!(service.contains("service  1 ") && service.contains("assumed"), "{capacity}");
    let capacity: Value = serde_json::from_str(&running.says(&["capacity", "--json"])).unwrap();
    assert_eq!(capacity["running"]["service"], 1);

    // Stop.
    let said = running.says(&["stop", "1"]);
    assert_in_order(&said, &["Slice 1: wanted stopped", "Slice 1 is stopped (admin)"]);
    assert!(running.fails(&["curl", "1", "/api/health"]).contains("gives no answer; does it run?"));
    assert_eq!(running.card("1")["status"], "suspended");
    assert!(running.fails(&["stop", "7"]).contains("there is no slice 7"));

    // Deletion asks for the number first.
    for (answer, sure) in [("", false), ("yes\n", false), ("2\n", false), ("1\n", true)] {
        let mut command = running.command(&["destroy", "1"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap();
        let done = child.wait_with_output().unwrap();
        let said = both(&done);
        assert!(
            said.contains("slice 1 of ana@example.org") && said.contains("Nothing turns a deletion back"),
            "{said}"
        );
        assert_eq!(done.status.success(), sure, "{answer:?} {said}");
        let desired = running.card("1")["desired"].clone();
        assert_eq!(desired == "deleted", sure, "{answer:?} {desired}");
    }
    assert!(running.fails(&["start", "1"]).contains("nothing turns that back"));

    let me = "events where detail->>'by' <> '' and slice_id = 1";
    let kinds = running.sql(&format!("select string_agg(kind, ' ' order by id) from {me}"));
    assert_eq!(
        kinds,
        "slice.start_wanted slice.looked_into slice.looked_into slice.restart_wanted slice.looked_into \
         slice.stop_wanted slice.destroy_wanted"
    );
}

#[test]
fn what_is_not_reached_is_said_and_stays_wanted() {
    let mut running = Running::start();
    running.accounts();
    let json = running.says(&["start", "2", "--no-wait", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap()["desired"], "service");

    // The orchestrator is there and does nothing.
    let orchestrator = running.pid_of(" orchestrator");
    running.says(&["start", "2"]);
    signal(orchestrator, Signal::STOP);
    let said = running.fails(&["restart", "2", "--timeout", "1"]);
    assert!(said.contains("Not reached within 1 s, and still wanted: slice 2 is service, start 1"), "{said}");
    signal(orchestrator, Signal::CONT);
    let until = Instant::now() + PATIENCE;
    while running.card("2")["generation"] != 2 {
        assert!(Instant::now() < until, "the wish was lost");
        thread::sleep(Duration::from_millis(50));
    }

    // Nobody leads: the supervisor cannot start another one.
    signal(running.up.id().cast_signed(), Signal::STOP);
    signal(running.pid_of(" orchestrator"), Signal::KILL);
    let said = running.fails(&["stop", "2"]);
    assert_in_order(&said, &["wanted stopped", "nobody leads"]);
    signal(running.up.id().cast_signed(), Signal::CONT);
    running.says(&["stop", "2"]);

    // Without a database there is nothing to show.
    signal(running.up.id().cast_signed(), Signal::INT);
    running.up.wait().unwrap();
    assert!(running.fails(&["list"]).contains("the control database does not answer"));
}

#[test]
fn a_log_is_followed_through_a_restart_of_its_slice() {
    let running = Running::start();
    running.accounts();
    assert!(running.fails(&["logs", "1"]).contains("slice 1 has no log"));
    running.says(&["start", "1"]);
    let mut follow =
        running.command(&["logs", "1", "--follow", "--lines", "1"]).stdout(Stdio::piped()).spawn().unwrap();
    let (lines, told) = std::sync::mpsc::channel();
    let out = BufReader::new(follow.stdout.take().unwrap());
    let reader = thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| lines.send(line)));
    // It follows once it has told the last line.
    told.recv_timeout(PATIENCE).expect("the last line");
    running.says(&["restart", "1"]);
    let fresh = fs::read_to_string(running.state().join("slices/1/slice.log")).unwrap();
    let first = fresh.lines().next().expect("a start is logged");
    while told.recv_timeout(PATIENCE).expect("the later start's first line") != first {}
    follow.kill().unwrap();
    follow.wait().unwrap();
    // It ended with the pipe; that nobody listened any more is no failure.
    drop(reader.join());
}

#[test]
fn whoever_lacks_the_rights_is_told_which() {
    let running = Running::start();
    running.accounts();
    running.says(&["start", "1"]);
    let stranger = |args: &[&str]| {
        // The state directory's own copy is where every user can reach it.
        let mut command = Command::new(running.state().join("bin/queunir"));
        command.arg("--state").arg(running.state()).arg("slices").args(args).current_dir("/");
        if geteuid().is_root() {
            command.uid(65_534).gid(65_534);
        }
        command.output().unwrap()
    };
    if !geteuid().is_root() {
        for file in ["secrets/gateway.password", "tls/orchestrator.key", "slices/1/slice.log"] {
            fs::set_permissions(running.state().join(file), fs::Permissions::from_mode(0o000)).unwrap();
        }
    }
    let missing = [
        (vec!["list"], "secrets/gateway.password"),
        (vec!["restart", "1"], "secrets/gateway.password"),
        (vec!["destroy", "1", "--yes"], "secrets/gateway.password"),
        (vec!["curl", "1", "/api/health"], "tls/orchestrator.key"),
        (vec!["logs", "1"], "slices/1/slice.log"),
    ];
    for (args, file) in missing {
        let done = stranger(&args);
        let said = both(&done);
        assert_eq!(done.status.code(), Some(1), "{args:?} {said}");
        assert!(
            said.contains("you may not read") && said.contains(file) && said.contains("as root"),
            "{args:?} {said}"
        );
        assert!(!said.contains("panicked"), "{said}");
    }
    let elsewhere = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_queunir"));
    let done = command.arg("--state").arg(elsewhere.path()).args(["slices", "list"]).output().unwrap();
    let said = both(&done);
    assert!(said.contains("give the state directory of this Queunir with --state"), "{said}");
}
