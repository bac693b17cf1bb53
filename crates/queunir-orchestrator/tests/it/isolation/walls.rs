//! Walls of a container as a table: how one is taken down, what goes through the gap, and how the wall refuses it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::twin::{ATTEMPT, Change, Pattern, Twin, attempt};

/// What a kernel may be built or set up without; then the attempt is not shown, and the test says so by name.
const BY_KERNEL: [&str; 9] = [
    "add_key",
    "fanotify",
    "io_uring",
    "keyctl",
    "netfilter_32",
    "open_device=/dev/qn",
    "perf",
    "userfaultfd",
    "vsock",
];

/// Rights over everything that is tried; not all that there are, because a machine may have given up some for good.
const RIGHTS: [&str; 7] = ["CHOWN", "DAC_OVERRIDE", "MKNOD", "NET_RAW", "SETUID", "SYS_ADMIN", "SYSLOG"];

/// One wall of a slice's container.
pub struct Wall {
    pub name: &'static str,
    /// Walls behind which the same things stand; they are down while this one is tried.
    pub others: Vec<&'static str>,
    /// The name of the change that takes it down.
    pub down: &'static str,
    pub program: &'static str,
    /// What is tried, and how this wall refuses it.
    pub attempts: Vec<(String, &'static str)>,
}

/// A wall on its own.
pub fn wall(name: &'static str, down: &'static str, attempts: &[(&str, &'static str)]) -> Wall {
    let attempts = attempts.iter().map(|(what, why)| ((*what).to_owned(), *why)).collect();
    Wall { name, others: Vec::new(), down, program: ATTEMPT, attempts }
}

impl Wall {
    /// The same with other walls down that would hold as well.
    pub fn behind(self, others: &[&'static str]) -> Self {
        Self { others: others.to_vec(), ..self }
    }
}

/// Changes of a container by name.
pub type Changes = BTreeMap<&'static str, Change>;

/// Tries each wall: what it is about is done with the wall down, refused by it alone, and refused by the slice's container.
/// `after` looks at the slices whenever a wall was tried. Tells how many attempts were shown.
pub async fn hold(pattern: &Pattern, changes: &Changes, walls: &[Wall], mut after: impl AsyncFnMut(&str)) -> usize {
    let mut shown = 0;
    let mut weakened: BTreeMap<Vec<&str>, Twin> = BTreeMap::new();
    for Wall { name, others, down, program, attempts } in walls {
        let these: Vec<&str> = attempts.iter().map(|(what, _)| what.as_str()).collect();
        let with = |names: &[&'static str]| names.iter().map(|name| &changes[name]).collect::<Vec<_>>();
        let open = pattern.twin(&format!("{name} down"), &with(&[&others[..], &[*down]].concat())).await;
        let open = attempt(&open.name, program, &these);
        // A wall alone is the slice's own container's; where others stand before it, they are down in another.
        if !others.is_empty() && !weakened.contains_key(others) {
            weakened.insert(others.clone(), pattern.twin(&others.join(" "), &with(others)).await);
        }
        let alone = weakened.get(others).map_or("wank-slice-1", |twin| twin.name.as_str());
        let alone = attempt(alone, program, &these);
        let whole = if others.is_empty() { alone.clone() } else { attempt("wank-slice-1", program, &these) };
        for (((what, why), open), (alone, whole)) in attempts.iter().zip(open).zip(alone.iter().zip(whole)) {
            assert_eq!(*alone, format!("refused: {why}"), "{name}: {what}");
            assert!(whole.starts_with("refused: "), "{name}: {what}: {whole}");
            if open != "done" && BY_KERNEL.contains(&what.as_str()) {
                eprintln!("isolation: not shown, this kernel has it not: {name}: {what}: {open}");
                continue;
            }
            assert_eq!(open, "done", "{name} is down: {what}");
            shown += 1;
        }
        after(name).await;
    }
    shown
}

/// Changes that several tests take walls down with.
pub fn changes() -> Changes {
    let mut changes = Changes::new();
    let mut add = |name, change: fn(&mut Value)| changes.insert(name, Box::new(change) as Change);
    add("root", |body| body["User"] = json!("0:0"));
    add("all rights", |body| {
        body["HostConfig"]["CapDrop"] = json!([]);
        body["HostConfig"]["CapAdd"] = json!(RIGHTS);
    });
    add("all mounts to write", |body| {
        for mount in body["HostConfig"]["Mounts"].as_array_mut().unwrap() {
            mount["ReadOnly"] = json!(false);
        }
    });
    changes
}
