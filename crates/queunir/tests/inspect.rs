//! `queunir inspect` as whoever calls it meets it: one object on the output, or one sentence on the error stream.
#![expect(clippy::unwrap_used, reason = "a failed assumption fails the test")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

const ROW: &str = "<div role=\"row\"><div data-id=\"3EB0A1\" data-testid=\"conv-msg-3EB0A1\"><span data-icon=\"tail-in\"></span>\
    <div data-testid=\"msg-container\"><div class=\"copyable-text\" data-pre-plain-text=\"[15:06, 03/07/2026] Maria: \">\
    <span data-testid=\"selectable-text\">oi</span></div><div data-testid=\"msg-meta\"><span>15:06</span></div></div></div></div>";

fn run(html: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_queunir"));
    command.arg("inspect").arg("--html").arg(html).args(more).env_remove("RUST_LOG").output().unwrap()
}

#[test]
fn a_saved_row_is_printed_as_one_object() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("row.html");
    fs::write(&file, ROW).unwrap();
    let said = run(&file, &["--locale", "pt-BR", "--time-zone", "America/Sao_Paulo"]);
    assert!(said.status.success(), "{said:?}");
    let seen: Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(seen["messages"][0]["text"], "oi");
    assert_eq!(seen["messages"][0]["sent_at"], "2026-07-03T15:06:00-03:00");
    let fields: Vec<&String> = seen.as_object().unwrap().keys().collect();
    assert_eq!(fields.len(), 7, "{fields:?}");
    assert!(said.stderr.is_empty(), "{said:?}");
}

#[test]
fn what_cannot_be_read_is_one_sentence_and_code_2() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let good = file("good.html", ROW.as_bytes());
    let refused = [
        run(&dir.path().join("missing.html"), &[]),
        run(dir.path(), &[]),
        run(&file("empty.html", b""), &[]),
        run(&file("binary.html", &[0x7F, b'E', b'L', b'F', 0, 1, 2, 0xFF]), &[]),
        run(&file("words.txt", b"no page at all"), &[]),
        run(&good, &["--locale", "xx-YY"]),
        run(&good, &["--time-zone", "Europe/Nowhere"]),
        run(&good, &["--unknown"]),
    ];
    for said in refused {
        assert_eq!(said.status.code(), Some(2), "{said:?}");
        assert!(said.stdout.is_empty(), "{said:?}");
        assert!(!said.stderr.is_empty(), "{said:?}");
    }
    let said = run(&dir.path().join("missing.html"), &[]);
    assert_eq!(String::from_utf8(said.stderr).unwrap().lines().count(), 1);
}
