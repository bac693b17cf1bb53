//! Walls of the file system around slices' folders, on a btrfs of the test's own.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use queunir_core::id::SliceId;
use queunir_orchestrator::{
    Owner,
    folders::SliceFolders,
    plan::Rules,
    room::{Bound, Room, bound},
};
use tempfile::TempDir;

use crate::{
    cluster::{Cluster, until},
    host::Host,
    orchestrator::{Orchestrator, phase, quick, wish},
};

const MB: u64 = 1 << 20;
const QUOTA: u64 = 10 * MB;
const WALL: u64 = 75 * MB;
/// Switches on quotas without counting by references, which Debian's program cannot yet (`BTRFS_IOC_QUOTA_CTL`, 4).
const SIMPLE: &str =
    r#"open(my $d, "<", $ARGV[0]) or die $!; my $q = pack("QQ", 4, 0); ioctl($d, 0xC0109428, $q) or die $!"#;

/// A file system on a loop device, gone with the test.
struct Disk {
    dir: TempDir,
}

impl Disk {
    /// One without quotas, or a word why this machine has none.
    fn take(what: &str) -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            eprintln!("skipped: {what}: file systems are root's");
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o711)).unwrap();
        let (image, place) = (dir.path().join("image"), dir.path().join("disk"));
        File::create(&image).unwrap().set_len(1024 * MB).unwrap();
        fs::create_dir(&place).unwrap();
        let made = try_run("mkfs.btrfs", &["--quiet"], &image)
            .and_then(|_| try_run("mount", &["-o", "loop,commit=1", image.to_str().unwrap()], &place));
        if let Err(why) = made {
            eprintln!("skipped: {what}: no btrfs here: {why}");
            return None;
        }
        Some(Self { dir })
    }

    fn with_quotas(what: &str) -> Option<Self> {
        let disk = Self::take(what)?;
        run("btrfs", &["quota", "enable"], &disk.path());
        Some(disk)
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("disk")
    }

    /// A slice's folders as a start makes them.
    async fn slice(&self, room: &Room, number: i64) -> SliceFolders {
        let folders = SliceFolders::new(&self.path(), SliceId(number));
        room.prepare(&folders).await;
        folders.prepare().unwrap();
        folders
    }

    /// Removes slice 1 of two, and waits until the file system has nothing of it, nor of what it made, any more.
    async fn forgets_slice_1(&self, room: &Room, folders: &SliceFolders) {
        folders.remove().unwrap();
        room.note_erased();
        tokio::select! {
            () = room.tidy() => {}
            () = until("nothing of it is left", async || {
                let (subvolumes, groups) = self.left();
                (subvolumes == ["slices/2"] && groups.len() == 2).then_some(())
            }) => {}
        }
    }

    /// What is left of slices: their subvolumes' paths and all quota groups but the file system's own.
    fn left(&self) -> (Vec<String>, Vec<String>) {
        let words = |text: String, word: fn(&str) -> Option<&str>| -> Vec<String> {
            text.lines().filter_map(word).map(str::to_owned).collect()
        };
        let subvolumes = run("btrfs", &["subvolume", "list"], &self.path());
        let groups = run("btrfs", &["qgroup", "show"], &self.path());
        (
            words(subvolumes, |line| line.split_whitespace().last()),
            words(groups, |line| line.split_whitespace().next().filter(|id| id.contains('/') && *id != "0/5")),
        )
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // What a test left running must not keep the device.
        try_run("umount", &["--lazy"], &self.path()).ok();
    }
}

fn run(program: &str, arguments: &[&str], path: &Path) -> String {
    try_run(program, arguments, path).unwrap()
}

fn try_run(program: &str, arguments: &[&str], path: &Path) -> Result<String, String> {
    let done =
        Command::new(program).args(arguments).arg(path).output().map_err(|error| format!("{program}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if done.status.success() { Ok(text(&done.stdout)) } else { Err(format!("{program}: {}", text(&done.stderr))) }
}

/// Writes into a new file until it is refused or there is enough of it; tells how many bytes went in.
fn fill(path: &Path, most: u64) -> (u64, Option<ErrorKind>) {
    let mut file = File::create(path).unwrap();
    let piece = vec![7; 1 << 18];
    let mut written = 0;
    while written < most {
        match file.write(&piece) {
            Ok(bytes) => written += u64::try_from(bytes).unwrap(),
            Err(error) => return (written, Some(error.kind())),
        }
    }
    (written, None)
}

/// Whether as much went in as the wall leaves to one file and no more.
fn is_walled((written, refused): (u64, Option<ErrorKind>)) -> bool {
    println!("{written} bytes went in, then {refused:?}");
    refused == Some(ErrorKind::QuotaExceeded) && (WALL - 2 * MB..=WALL).contains(&written)
}

#[tokio::test]
async fn a_slice_that_fills_its_room_is_refused_and_nobody_else_is() {
    let Some(disk) = Disk::with_quotas("a slice that fills its room") else { return };
    let room = Room::of(&disk.path(), QUOTA).await;
    let (one, other) = (disk.slice(&room, 1).await, disk.slice(&room, 2).await);
    let top = fs::metadata(one.root()).unwrap();
    assert_eq!((top.mode() & 0o7777, top.uid()), (0o711, 0), "as any slice's folder");
    assert!(is_walled(fill(&one.media().join("file"), 2 * WALL)));
    for neighbour in [other.media(), disk.path()] {
        assert_eq!(fill(&neighbour.join("file"), 16 * MB), (16 * MB, None), "{}", neighbour.display());
    }
    let found = bound(one.root()).await;
    assert!(matches!(found, Some(Bound::Wall { bytes: WALL, .. })), "{found:?}");

    // What the settings say now counts from the next start on.
    Room::of(&disk.path(), 2 * QUOTA).await.prepare(&one).await;
    assert_eq!(fill(&one.media().join("more"), 8 * MB), (8 * MB, None));
    assert!(matches!(bound(one.root()).await, Some(Bound::Wall { bytes, .. }) if bytes == WALL + 11 * MB));
    Room::of(&disk.path(), 0).await.prepare(&one).await;
    assert_eq!(bound(one.root()).await, Some(Bound::Measured("btrfs".to_owned())), "no bound is none here either");

    let before = disk.left();
    assert_eq!((before.0.len(), before.1.len()), (2, 4), "{before:?}");
    disk.forgets_slice_1(&room, &one).await;
    assert!(matches!(bound(other.root()).await, Some(Bound::Wall { .. })), "its neighbour's wall stands");
}

#[tokio::test]
async fn with_simple_quotas_a_subvolume_that_a_slice_makes_is_within_its_room() {
    let what = "subvolumes within subvolumes";
    let Some(disk) = Disk::take(what) else { return };
    if !Path::new("/sys/fs/btrfs/features/simple_quota").exists() {
        return eprintln!("skipped: {what}: this kernel has no simple quotas");
    }
    run("perl", &["-e", SIMPLE], &disk.path());
    let room = Room::of(&disk.path(), QUOTA).await;
    let (one, other) = (disk.slice(&room, 1).await, disk.slice(&room, 2).await);
    let (inner, Owner(user)) = (one.session().join("inner"), one.owner().unwrap());
    let as_slice = [&format!("--reuid={user}"), &format!("--regid={user}"), "--clear-groups"];
    run("setpriv", &[&as_slice[..], &["btrfs", "subvolume", "create"]].concat(), &inner);
    assert!(is_walled(fill(&inner.join("file"), 2 * WALL)));
    assert_eq!(fill(&other.media().join("file"), 16 * MB), (16 * MB, None));

    disk.forgets_slice_1(&room, &one).await;
}

#[tokio::test]
async fn without_quotas_slices_start_all_the_same_and_what_was_made_before_stays_as_it_is() {
    let Some(disk) = Disk::take("a file system whose quotas are off") else { return };
    let measured = Some(Bound::Measured("btrfs".to_owned()));
    let room = Room::of(&disk.path(), QUOTA).await;
    let one = disk.slice(&room, 1).await;
    assert_eq!(bound(one.root()).await, measured);
    let plain = SliceFolders::new(&disk.path(), SliceId(2));
    plain.prepare().unwrap();
    fs::write(plain.media().join("file"), "content").unwrap();

    run("btrfs", &["quota", "enable"], &disk.path());
    for folders in [&one, &plain] {
        room.prepare(folders).await;
        folders.prepare().unwrap();
    }
    assert!(matches!(bound(one.root()).await, Some(Bound::Wall { bytes: WALL, .. })), "its next start has a wall");
    assert_eq!(bound(plain.root()).await, measured);
    assert_eq!(fs::read_to_string(plain.media().join("file")).unwrap(), "content");
}

#[tokio::test]
async fn a_start_puts_the_wall_up_and_a_deletion_leaves_nothing_of_it() {
    let Some(disk) = Disk::with_quotas("the wall of a started slice") else { return };
    let (cluster, host) = (Cluster::start().await, Host::within(&disk.path()));
    let gateway = cluster.as_gateway().await;
    let rules = Rules { deletion_delay: Duration::from_secs(1), ..quick() };
    let orchestrator = Orchestrator::with_quota(&cluster, &host, rules, QUOTA);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    let found = bound(host.folders(id).root()).await;
    assert!(matches!(found, Some(Bound::Wall { bytes: WALL, .. })), "{found:?}");
    wish(&gateway, id, "deleted").await;
    phase(&gateway, id, "deleted").await;
    until("nothing of it is left", async || (disk.left() == (Vec::new(), Vec::new())).then_some(())).await;
    orchestrator.end().await;
}
