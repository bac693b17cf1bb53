//! Real folders with everything that a hostile owner can put into them, there and back.
#![expect(clippy::unwrap_used, reason = "a failed assumption fails the test")]

use std::{
    cell::Cell,
    collections::BTreeMap,
    ffi::OsStr,
    fs::{self, File},
    os::unix::{
        ffi::OsStrExt,
        fs::{MetadataExt, symlink},
        net::UnixListener,
    },
    path::{Path, PathBuf},
};

use age::secrecy::ExposeSecret as _;
use queunir_snapshot::{Bounds, Count, Identities, KeyError, Recipient, SnapshotError, Source, read, write};
use rustix::{
    fd::{AsFd as _, OwnedFd},
    fs::{CWD, FileType, Mode, OFlags, mkdirat, mknodat, openat},
};
use tempfile::{TempDir, tempdir};

const BOUNDS: Bounds = Bounds { entries: 1_000, bytes: 50 << 20 };

/// A pair of keys.
fn keys() -> (Recipient, Identities) {
    let secret = age::x25519::Identity::generate();
    let file = format!("# made by a test\n{}\n", secret.to_string().expose_secret());
    (secret.to_public().to_string().parse().unwrap(), file.parse().unwrap())
}

fn packed_within(folder: &Path, key: &Recipient, bounds: Bounds) -> Result<(Vec<u8>, Count), SnapshotError> {
    let opened = File::open(folder).unwrap();
    let leave_out = |way: &Path| way.starts_with("left/out");
    let source = Source { folder: opened.as_fd(), name: "slice-3", leave_out: &leave_out, bounds, go_on: &|| true };
    let mut stream = Vec::new();
    let count = write(&mut stream, key, &source)?;
    Ok((stream, count))
}

fn packed(folder: &Path, key: &Recipient) -> (Vec<u8>, Count) {
    packed_within(folder, key, BOUNDS).unwrap()
}

fn unpacked(stream: &[u8], keys: &Identities) -> Result<(TempDir, Count), SnapshotError> {
    let into = tempdir().unwrap();
    let count = read(stream, keys, "slice-3", into.path(), None, BOUNDS)?;
    Ok((into, count))
}

/// Every file with what is in it; folders as nothing.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let way = path.strip_prefix(folder).unwrap().to_owned();
            let is_folder = fs::symlink_metadata(&path).unwrap().is_dir();
            found.insert(way, (!is_folder).then(|| fs::read(&path).unwrap()));
            if is_folder {
                open.push(path);
            }
        }
    }
    found
}

fn file(path: PathBuf, content: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

#[test]
fn a_folder_comes_back_as_it_was_whatever_its_names() {
    let (dir, (public, secret)) = (tempdir().unwrap(), keys());
    let deep = PathBuf::from_iter((0..12).map(|level| format!("a folder with a long name, level {level}")));
    for name in ["with space", "-rf", "new\nline", "quote\"'\\", "ümlaut ☎", ".hidden", "tab\t", "..."] {
        file(dir.path().join(name), name.as_bytes());
        file(dir.path().join(&deep).join(name), b"deep");
    }
    file(dir.path().join(OsStr::from_bytes(b"no \xff\xfe utf-8")), b"bytes");
    file(dir.path().join("x".repeat(255)), b"");
    file(dir.path().join("large"), &vec![7; 3 << 20]);
    fs::create_dir(dir.path().join("empty")).unwrap();
    file(dir.path().join("left/out/cache"), b"cache");

    let (stream, count) = packed(dir.path(), &public);
    let (back, seen) = unpacked(&stream, &secret).unwrap();
    let mut wanted = contents(dir.path());
    wanted.retain(|way, _| !way.starts_with("left/out"));
    assert_eq!(contents(back.path()), wanted);
    assert_eq!((count.entries, count.bytes, count.skipped), (wanted.len(), seen.bytes, 0));
    assert_eq!(seen.entries, count.entries);
    for way in wanted.keys() {
        let found = fs::metadata(back.path().join(way)).unwrap();
        assert_eq!(found.mode() & 0o7777, if found.is_dir() { 0o700 } else { 0o600 }, "{way:?}");
    }
    assert!(stream.len() < 200_000, "it is compressed: {}", stream.len());
    assert!(!stream.windows(5).any(|bytes| bytes == b"bytes"), "and sealed");
}

#[test]
fn links_pipes_and_second_names_are_neither_followed_nor_kept() {
    let (dir, other, (public, secret)) = (tempdir().unwrap(), tempdir().unwrap(), keys());
    file(other.path().join("shadow"), b"somebody else's");
    file(dir.path().join("Default/Cookies"), b"login");
    symlink(other.path().join("shadow"), dir.path().join("to a file")).unwrap();
    symlink(other.path(), dir.path().join("to a folder")).unwrap();
    symlink("nowhere", dir.path().join("to nothing")).unwrap();
    fs::hard_link(other.path().join("shadow"), dir.path().join("second name")).unwrap();
    mknodat(CWD, dir.path().join("pipe"), FileType::Fifo, Mode::RWXU, 0).unwrap();
    let _socket = UnixListener::bind(dir.path().join("socket")).unwrap();

    let (stream, count) = packed(dir.path(), &public);
    let (back, _) = unpacked(&stream, &secret).unwrap();
    let names: Vec<PathBuf> = contents(back.path()).into_keys().collect();
    assert_eq!(names, [PathBuf::from("Default"), PathBuf::from("Default/Cookies")]);
    assert_eq!((count.entries, count.skipped), (2, 6));
}

#[test]
fn what_lies_deeper_than_a_path_can_say_is_not_kept() {
    let (dir, (public, secret)) = (tempdir().unwrap(), keys());
    let mut folder: OwnedFd = File::open(dir.path()).unwrap().into();
    for _ in 0..20 {
        let name = "x".repeat(250);
        mkdirat(&folder, &name, Mode::RWXU).unwrap();
        folder = openat(&folder, &name, OFlags::DIRECTORY, Mode::empty()).unwrap();
    }
    let (stream, count) = packed(dir.path(), &public);
    assert_eq!((count.entries, count.skipped), (16, 1));
    assert_eq!(unpacked(&stream, &secret).unwrap().1.entries, 16);
}

#[test]
fn more_than_may_be_is_refused_and_what_is_not_wanted_is_given_up() {
    let (dir, (public, _)) = (tempdir().unwrap(), keys());
    // A hole takes no room on the disk, and long to read.
    let hole = File::create(dir.path().join("hole")).unwrap();
    hole.set_len(1 << 40).unwrap();
    assert!(matches!(packed_within(dir.path(), &public, BOUNDS), Err(SnapshotError::TooLarge(_))));
    fs::remove_file(dir.path().join("hole")).unwrap();
    for name in 0..5 {
        file(dir.path().join(name.to_string()), b"");
    }
    let few = Bounds { entries: 4, ..BOUNDS };
    assert!(matches!(packed_within(dir.path(), &public, few), Err(SnapshotError::TooLarge(_))));

    file(dir.path().join("long"), &vec![1; 8 << 20]);
    let (opened, asked) = (File::open(dir.path()).unwrap(), Cell::new(0));
    let go_on = || asked.replace(asked.get() + 1) < 50;
    let source =
        Source { folder: opened.as_fd(), name: "slice-3", leave_out: &|_| false, bounds: BOUNDS, go_on: &go_on };
    assert!(matches!(write(Vec::new(), &public, &source), Err(SnapshotError::GivenUp)));
    assert!(asked.get() < 60, "in the middle of a file, too");
}

#[test]
fn only_the_right_key_opens_it_and_only_whole() {
    let (dir, (public, secret)) = (tempdir().unwrap(), keys());
    file(dir.path().join("Default/Cookies"), &(0..200_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
    let (stream, _) = packed(dir.path(), &public);
    assert!(unpacked(&stream, &secret).is_ok());
    assert!(matches!(unpacked(&stream, &keys().1), Err(SnapshotError::WrongKey)));
    let other = tempdir().unwrap();
    let named = read(&stream[..], &secret, "slice-5", other.path(), None, BOUNDS);
    assert!(matches!(named, Err(SnapshotError::Foreign { .. })), "{named:?}");
    for cut in [0, 1, 20, 200, stream.len() / 2, stream.len() - 1] {
        let damaged = unpacked(&stream[..cut], &secret);
        assert!(matches!(damaged, Err(SnapshotError::Damaged(_))), "{cut} {:?}", damaged.map(|_| ()));
    }
    for at in [stream.len() / 3, stream.len() - 10, stream.len() - 1] {
        let mut changed = stream.clone();
        changed[at] ^= 1;
        assert!(matches!(unpacked(&changed, &secret), Err(SnapshotError::Damaged(_))), "{at}");
    }
    assert!(matches!(unpacked(b"hello", &secret), Err(SnapshotError::Damaged(_))));
    // An archive ends with two empty blocks and may be filled up with more; nothing else comes after it.
    for (after, fits) in [(vec![0; 10 << 10], true), (vec![1; 512], false), (vec![0; 1 << 20], false)] {
        let stream = sealed(&public, &[vec![0; 1024], after].concat());
        assert_eq!(unpacked(&stream, &secret).is_ok(), fits);
    }
}

/// What somebody wrote who knows the public key.
fn forged(public: &Recipient, entries: &[(&[u8], tar::EntryType, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, kind, content) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(*kind);
        header.set_size(content.len() as u64);
        header.set_link_name("/etc/passwd").unwrap();
        header.as_mut_bytes()[..path.len()].copy_from_slice(path);
        header.set_cksum();
        archive.append(&header, *content).unwrap();
    }
    sealed(public, &archive.into_inner().unwrap())
}

fn sealed(public: &Recipient, archive: &[u8]) -> Vec<u8> {
    let key: age::x25519::Recipient = public.to_string().parse().unwrap();
    age::encrypt(&key, &zstd::encode_all(archive, 1).unwrap()).unwrap()
}

#[test]
fn nothing_is_written_outside_and_no_link_is_made() {
    use tar::EntryType::{Directory, Fifo, Link, Regular, Symlink};
    let (public, secret) = keys();
    let honest = forged(&public, &[(b"slice-3/a", Directory, b""), (b"slice-3/a/b", Regular, b"x")]);
    assert_eq!(contents(unpacked(&honest, &secret).unwrap().0.path()).len(), 2);
    for (path, kind) in [
        (&b"/tmp/outside"[..], Regular),
        (b"outside", Regular),
        (b"../outside", Regular),
        (b"slice-3/../../outside", Regular),
        (b"slice-3/a/../../../outside", Regular),
        (b"slice-30/inside", Regular),
        (b"slice-3", Regular),
        (b"slice-3/../outside", Directory),
        (b"slice-3/link", Symlink),
        (b"slice-3/link", Link),
        (b"slice-3/pipe", Fifo),
    ] {
        let around = tempdir().unwrap();
        let into = around.path().join("into");
        fs::create_dir(&into).unwrap();
        let stream = forged(&public, &[(path, kind, b"")]);
        let refused = read(&stream[..], &secret, "slice-3", &into, None, BOUNDS);
        let named = String::from_utf8_lossy(path);
        assert!(matches!(refused, Err(SnapshotError::Foreign { .. })), "{named} {refused:?}");
        assert_eq!(contents(around.path()).len(), 1, "{named}");
    }
    let twice = forged(&public, &[(b"slice-3/a", Regular, b"x"), (b"slice-3/a", Regular, b"y")]);
    assert!(matches!(unpacked(&twice, &secret), Err(SnapshotError::Io(..))));
    let bomb = forged(&public, &[(b"slice-3/a", Regular, &vec![0; 51 << 20])]);
    assert!(matches!(unpacked(&bomb, &secret), Err(SnapshotError::TooLarge(_))));
}

#[test]
fn a_long_name_is_taken_to_the_length_that_a_path_may_have() {
    use tar::EntryType::{GNULongName, Regular, XHeader};
    let (public, secret) = keys();
    let long = |length: usize| [&b"slice-3/"[..], "x".repeat(length).as_bytes(), b"\0"].concat();
    let named = |name: &[u8]| forged(&public, &[(b"@", GNULongName, name), (b"cut", Regular, b"x")]);
    let (back, _) = unpacked(&named(&long(200)), &secret).unwrap();
    assert_eq!(contents(back.path()).into_keys().collect::<Vec<_>>(), [PathBuf::from("x".repeat(200))]);
    let outside = unpacked(&named(b"slice-3/../outside"), &secret);
    assert!(matches!(outside, Err(SnapshotError::Foreign { .. })), "{:?}", outside.map(|_| ()));
    for stream in [
        named(&long(5000)),
        named(&vec![0; 40 << 20]),
        forged(&public, &[(b"@", GNULongName, &long(200))]),
        forged(&public, &[(b"@", GNULongName, &long(200)), (b"@", GNULongName, &long(200))]),
    ] {
        let refused = unpacked(&stream, &secret);
        assert!(matches!(refused, Err(SnapshotError::Damaged(_))), "{:?}", refused.map(|_| ()));
    }
    let more = forged(&public, &[(b"slice-3/x", XHeader, &vec![b'0'; 1 << 20])]);
    assert!(matches!(unpacked(&more, &secret), Err(SnapshotError::Foreign { .. })));
}

#[test]
fn a_key_that_is_none_is_told_apart() {
    let pair = age::x25519::Identity::generate();
    let (public, secret) = (pair.to_public().to_string(), pair.to_string().expose_secret().to_owned());
    assert_eq!(format!(" {public}\n").parse::<Recipient>().unwrap().to_string(), public);
    assert_eq!(secret.parse::<Recipient>().unwrap_err(), KeyError::Secret);
    for wrong in ["", "age1", "ssh-ed25519 AAAA", &public[..public.len() - 1], &public.replace("age1", "age2")] {
        assert_eq!(wrong.parse::<Recipient>().unwrap_err(), KeyError::NotPublic, "{wrong}");
    }
    assert!(format!("# created: today\n\n{secret}\n{secret}\n").parse::<Identities>().is_ok());
    for wrong in ["", "# nothing\n", &public, &secret[1..]] {
        assert_eq!(wrong.parse::<Identities>().unwrap_err(), KeyError::NotSecret, "{wrong}");
    }
    let shown = format!("{:?}", secret.parse::<Identities>().unwrap());
    assert!(!shown.contains(&secret), "{shown}");
}
