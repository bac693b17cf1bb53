//! Snapshots of a profile as an operator handles them, without a service beside.
#![expect(clippy::unwrap_used, reason = "a failed assumption fails the test")]

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use age::secrecy::ExposeSecret as _;
use queunir_snapshot::{Bounds, Source, write};
use rustix::fd::AsFd as _;
use tempfile::{TempDir, tempdir};

const NAME: &str = "g4-20261123T080000Z.tar.zst.age";

/// A state directory with slice 3, a snapshot of it, and the secret key in a file.
struct State {
    dir: TempDir,
    key: PathBuf,
}

impl State {
    fn new() -> Self {
        let dir = tempdir().unwrap();
        let pair = age::x25519::Identity::generate();
        let (key, shelf) = (dir.path().join("key"), dir.path().join("snapshots/3"));
        fs::write(&key, format!("# made today\n{}\n", pair.to_string().expose_secret())).unwrap();
        fs::create_dir_all(&shelf).unwrap();
        let kept = dir.path().join("kept");
        fs::create_dir(&kept).unwrap();
        fs::write(kept.join("Cookies"), "of before").unwrap();
        fs::create_dir_all(dir.path().join("slices/3/session")).unwrap();
        fs::write(dir.path().join("slices/3/session/Cookies"), "of now").unwrap();
        let folder = File::open(&kept).unwrap();
        let bounds = Bounds { entries: 10, bytes: 1 << 20 };
        let source = Source { folder: folder.as_fd(), name: "slice-3", leave_out: &|_| false, bounds, go_on: &|| true };
        let public = pair.to_public().to_string().parse().unwrap();
        write(File::create(shelf.join(NAME)).unwrap(), &public, &source).unwrap();
        Self { dir, key }
    }

    fn run(&self, args: &[&str], answer: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_queunir"));
        command.arg("--state").arg(self.dir.path()).arg("slices").args(args).env_remove("RUST_LOG");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // One that needs no answer may have ended.
        drop(child.stdin.take().unwrap().write_all(answer.as_bytes()));
        child.wait_with_output().unwrap()
    }

    fn restore(&self, more: &[&str], answer: &str) -> (bool, String) {
        let args = [&["restore", "3", "--snapshot", NAME, "--identity", self.key.to_str().unwrap()], more].concat();
        let done = self.run(&args, answer);
        (done.status.success(), both(&done))
    }

    fn present(&self) -> String {
        fs::read_to_string(self.dir.path().join("slices/3/session/Cookies")).unwrap()
    }
}

fn both(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn an_operator_lists_snapshots_and_puts_one_back() {
    let state = State::new();
    let table = both(&state.run(&["snapshots", "3"], ""));
    let line = table.lines().nth(1).unwrap();
    assert!(line.contains("    4  2026-11-23T08:00:00Z") && line.ends_with(&format!("1 MB  {NAME}")), "{table}");
    let json = state.run(&["snapshots", "3", "--json"], "").stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!((json[0]["generation"].as_i64(), json[0]["taken_at"].as_str()), (Some(4), Some("2026-11-23T08:00:00Z")));
    assert!(Path::new(json[0]["file"].as_str().unwrap()).ends_with(format!("snapshots/3/{NAME}")));
    assert!(both(&state.run(&["snapshots", "7"], "")).contains("slice 7 has no folder on this host"));

    // No start is on record here, so the login may be dead.
    let (done, said) = state.restore(&["--yes"], "");
    assert!(!done && said.contains("--login-likely-dead") && said.contains("not known which start"), "{said}");
    for answer in ["", "yes\n", "4\n"] {
        let (done, said) = state.restore(&["--login-likely-dead"], answer);
        assert!(!done && said.contains("expect that the account has to be linked anew"), "{answer:?} {said}");
        assert!(said.contains("nothing was changed"), "{answer:?} {said}");
    }
    assert_eq!(state.present(), "of now");
    let (done, said) = state.restore(&["--login-likely-dead"], "3\n");
    assert!(done && said.contains("session.quarantine-") && said.contains("not on record"), "{said}");
    assert_eq!(state.present(), "of before");
}

#[test]
fn what_does_not_fit_is_told_in_words_and_changes_nothing() {
    let state = State::new();
    let sure = ["--yes", "--login-likely-dead"];
    let other = age::x25519::Identity::generate();
    let own = fs::read_to_string(&state.key).unwrap();
    for (key, told) in [
        (other.to_string().expose_secret().to_owned(), "it was not encrypted for this key"),
        (other.to_public().to_string(), "this holds no secret key of age"),
    ] {
        fs::write(&state.key, key).unwrap();
        let (done, said) = state.restore(&sure, "");
        assert!(!done && said.contains(told), "{said}");
    }
    fs::write(&state.key, own).unwrap();
    let path = state.dir.path().join("snapshots/3").join(NAME);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    let (done, said) = state.restore(&sure, "");
    assert!(!done && said.contains("it is damaged, or no snapshot"), "{said}");
    fs::write(&path, &whole).unwrap();
    let held = File::create(state.dir.path().join("slices/3/lock")).unwrap();
    held.lock().unwrap();
    let (done, said) = state.restore(&[&sure[..], &["--wait", "0"]].concat(), "");
    assert!(!done && said.contains("slice 3 runs"), "{said}");
    drop(held);
    assert_eq!(state.present(), "of now");
    assert!(state.restore(&sure, "").0);
}
