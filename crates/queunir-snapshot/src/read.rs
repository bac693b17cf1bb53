//! From a stream to a folder. Anybody can write such a stream for a public key, so nothing in it is believed.

use std::{
    ffi::OsStr,
    fs::{DirBuilder, File, OpenOptions},
    io::{self, BufReader, Read, Write},
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, OpenOptionsExt, chown, fchown},
    },
    path::{Component, Path, PathBuf},
};

use tar::{Archive, Entry, EntryType};
use zstd::stream::read::Decoder;

use crate::{Bounds, Count, Identities, LONGEST, SnapshotError};

/// How much is unpacked at once.
const PIECE: usize = 64 << 10;

/// Unpacks a stream of the folder called `name` into `into`, an empty folder that nobody else may enter. Everything in it
/// is for its owner alone (0700 and 0600), which is the user and group `owner` if one is given.
///
/// # Errors
/// When no key fits, the stream is cut off, changed or of something else, or the disk refuses; part of it may be in the
/// folder then.
pub fn read(
    input: impl Read,
    keys: &Identities,
    name: &str,
    into: &Path,
    owner: Option<u32>,
    bounds: Bounds,
) -> Result<Count, SnapshotError> {
    let sealed = age::Decryptor::new_buffered(BufReader::new(input)).map_err(damaged)?;
    let plain = sealed.decrypt(keys.0.iter().map(|key| key as &dyn age::Identity)).map_err(|error| match error {
        age::DecryptError::NoMatchingKeys => SnapshotError::WrongKey,
        other => damaged(other),
    })?;
    let mut archive = Archive::new(Decoder::new(plain).map_err(damaged)?);
    let (mut count, mut long) = (Count::default(), None);
    // One header after the other: the crate itself would read a name of any length into memory.
    for entry in archive.entries().map_err(damaged)?.raw(true) {
        let mut entry = entry.map_err(damaged)?;
        if entry.header().entry_type() == EntryType::GNULongName {
            if long.replace(long_name(&mut entry)?).is_some() {
                return Err(damaged("a name in it is of a name"));
            }
            continue;
        }
        count.add(entry.size(), bounds)?;
        let path = match long.take() {
            Some(path) => path,
            None => entry.path().map_err(damaged)?.into_owned(),
        };
        unpack(&mut entry, &path, Target { name, into, owner })?;
    }
    if long.is_some() {
        return Err(damaged("a name in it is of nothing"));
    }
    // Only its very end shows that nothing is cut off. An archive ends with empty blocks.
    let mut rest = Vec::new();
    archive.into_inner().take(PIECE as u64).read_to_end(&mut rest).map_err(damaged)?;
    let ends = rest.len() < PIECE && rest.iter().all(|byte| *byte == 0);
    if ends { Ok(count) } else { Err(damaged("there is more after its end")) }
}

/// The name of the next entry, where it is longer than a header has room for: GNU tar's `L`, ended by a zero byte.
fn long_name(entry: &mut Entry<'_, impl Read>) -> Result<PathBuf, SnapshotError> {
    let mut name = Vec::new();
    entry.take(LONGEST as u64 + 1).read_to_end(&mut name).map_err(damaged)?;
    if name.len() > LONGEST {
        return Err(damaged("a name in it is longer than any file's"));
    }
    let name = name.strip_suffix(b"\0").unwrap_or(&name);
    Ok(PathBuf::from(OsStr::from_bytes(name)))
}

/// Where to, and for whom.
struct Target<'a> {
    name: &'a str,
    into: &'a Path,
    owner: Option<u32>,
}

fn unpack(entry: &mut Entry<'_, impl Read>, path: &Path, target: Target<'_>) -> Result<(), SnapshotError> {
    let Target { name, into, owner } = target;
    let failed = |error: io::Error| SnapshotError::Io("unpack", error);
    let kind = entry.header().entry_type();
    let foreign = || SnapshotError::Foreign { found: path.display().to_string(), wanted: name.to_owned() };
    let way = inside(path, name).ok_or_else(foreign)?;
    let place = into.join(way);
    match kind {
        EntryType::Directory => {
            DirBuilder::new().mode(0o700).create(&place).map_err(failed)?;
            chown(&place, owner, owner).map_err(failed)
        }
        EntryType::Regular => {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&place).map_err(failed)?;
            copy(entry, &mut file)?;
            fchown(&file, owner, owner).map_err(failed)
        }
        _ => Err(foreign()),
    }
}

/// All of a file; what cannot be read is the stream's fault, what cannot be written the disk's.
fn copy(entry: &mut Entry<'_, impl Read>, file: &mut File) -> Result<(), SnapshotError> {
    let (mut left, mut buffer) = (entry.size(), vec![0; PIECE]);
    while left > 0 {
        let read = entry.read(&mut buffer).map_err(damaged)?;
        let piece = buffer.get(..read).filter(|piece| !piece.is_empty());
        let piece = piece.ok_or_else(|| damaged("a file in it is cut off"))?;
        file.write_all(piece).map_err(|error| SnapshotError::Io("unpack", error))?;
        left = left.saturating_sub(read as u64);
    }
    Ok(())
}

/// The way below the folder `name`; none for what is not below it.
fn inside(path: &Path, name: &str) -> Option<PathBuf> {
    let below = path.strip_prefix(name).ok()?;
    let plain = below.components().all(|part| matches!(part, Component::Normal(_)));
    (plain && !below.as_os_str().is_empty()).then(|| below.to_owned())
}

fn damaged(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> SnapshotError {
    SnapshotError::Damaged(error.into())
}
