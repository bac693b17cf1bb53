//! From a folder to a stream. Nothing is held in memory but what is under way, however large the folder is.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

use rustix::fs::Stat;
use tar::{Builder, EntryType, Header};
use zstd::stream::write::Encoder;

use crate::{
    Count, Recipient, SnapshotError, Source,
    walk::{Met, walk},
};

/// How hard zstd tries. More costs several times the processor time for a few percent.
const LEVEL: i32 = 3;

/// Writes the folder; whatever was written before an error is of no use.
///
/// # Errors
/// When it is larger than it may be, changes meanwhile, is wanted no more, or cannot be read or written.
pub fn write(out: impl Write, recipient: &Recipient, source: &Source<'_>) -> Result<Count, SnapshotError> {
    let failed = |error: io::Error| SnapshotError::Io("write the snapshot", error);
    let recipients = std::iter::once(&recipient.0 as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(|error| failed(io::Error::other(error)))?;
    let sealed = encryptor.wrap_output(out).map_err(failed)?;
    let mut archive = Builder::new(Encoder::new(sealed, LEVEL).map_err(failed)?);
    let root = Path::new(source.name);
    let count = walk(source, &mut |way, found, met| append(&mut archive, &root.join(way), found, met, source.go_on))?;
    let mut out = archive.into_inner().and_then(Encoder::finish).and_then(|sealed| sealed.finish()).map_err(failed)?;
    out.flush().map_err(failed)?;
    Ok(count)
}

fn append(
    archive: &mut Builder<impl Write>,
    path: &Path,
    found: &Stat,
    met: Met,
    go_on: &dyn Fn() -> bool,
) -> Result<(), SnapshotError> {
    let mut header = Header::new_gnu();
    header.set_mtime(u64::try_from(found.st_mtime).unwrap_or_default());
    match met {
        Met::Folder => {
            header.set_entry_type(EntryType::Directory);
            header.set_mode(0o700);
            header.set_size(0);
            archive
                .append_data(&mut header, path, io::empty())
                .map_err(|error| SnapshotError::Io("add a folder", error))
        }
        Met::File(file) => {
            let size = u64::try_from(found.st_size).unwrap_or_default();
            header.set_entry_type(EntryType::Regular);
            header.set_mode(0o600);
            header.set_size(size);
            let mut rest = Rest { file, left: size, go_on };
            match archive.append_data(&mut header, path, &mut rest) {
                Err(_) if !go_on() => Err(SnapshotError::GivenUp),
                Err(error) => Err(SnapshotError::Io("add a file", error)),
                Ok(()) if rest.left > 0 => {
                    Err(SnapshotError::Io("add a file", io::Error::other("it became shorter while it was read")))
                }
                Ok(()) => Ok(()),
            }
        }
    }
}

/// As many bytes of a file as it was said to have.
struct Rest<'a> {
    file: File,
    left: u64,
    go_on: &'a dyn Fn() -> bool,
}

impl Read for Rest<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !(self.go_on)() {
            return Err(io::Error::other("given up"));
        }
        let wanted = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let read = self.file.read(buffer.get_mut(..wanted).unwrap_or_default())?;
        self.left -= read as u64;
        Ok(read)
    }
}
