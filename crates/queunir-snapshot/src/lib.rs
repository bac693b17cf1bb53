//! A folder as one encrypted stream, and back: tar in zstd in age, as the standard tools read it.
//!
//! It is written for a public key, so whoever writes it cannot read it. The folder may belong to somebody else who means
//! harm: no link is followed, nothing outside is read, and only folders and files with one name are kept. The stream may
//! come from anybody, because a public key is public: nothing is written outside of the folder that it is unpacked into.

mod keys;
mod read;
mod walk;
mod write;

use std::io;

pub use keys::{Identities, KeyError, Recipient};
pub use read::read;
pub use walk::Source;
pub use write::write;

/// Bytes of a path at most, with the zero byte behind it.
const LONGEST: usize = 4096;

/// How much is taken or unpacked at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Folders and files.
    pub entries: usize,
    /// Bytes of all files.
    pub bytes: u64,
}

/// What was taken or unpacked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Folders and files.
    pub entries: usize,
    /// Bytes of all files.
    pub bytes: u64,
    /// Links, files with several names, pipes and the like, which are not kept.
    pub skipped: usize,
}

impl Count {
    fn add(&mut self, bytes: u64, bounds: Bounds) -> Result<(), SnapshotError> {
        self.entries += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        let fits = self.entries <= bounds.entries && self.bytes <= bounds.bytes;
        if fits { Ok(()) } else { Err(SnapshotError::TooLarge(bounds)) }
    }
}

/// Why a folder was not written or a stream not unpacked.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The disk, or a folder that changes meanwhile.
    #[error("cannot {0}")]
    Io(&'static str, #[source] io::Error),
    /// Whoever wanted it wants it no more.
    #[error("it was given up")]
    GivenUp,
    /// More than may be.
    #[error("it has more than {} entries or {} MiB", .0.entries, .0.bytes >> 20)]
    TooLarge(Bounds),
    /// It was written for somebody else.
    #[error("it was not encrypted for this key")]
    WrongKey,
    /// Cut off, changed, or no snapshot at all.
    #[error("it is damaged, or no snapshot")]
    Damaged(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It is of another folder than wanted, or holds what is never written.
    #[error("it holds {found:?}, which is no file or folder below {wanted:?}")]
    Foreign {
        /// What it holds.
        found: String,
        /// What it should be of.
        wanted: String,
    },
}
