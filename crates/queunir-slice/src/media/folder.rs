//! The media directory: each file under its hash, its thumbnail beside it, and nothing half written.

use std::{
    collections::HashMap,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use queunir_db::slice::media::Hash;
use sha2::{Digest, Sha256};
use tokio::{fs, io::AsyncWriteExt};
use uuid::Uuid;

use super::sniff::HEAD;

/// Names of files that are being written begin so.
const UNFINISHED: &str = "new-";
/// Names of thumbnails end so.
const THUMBNAIL: &str = ".thumbnail";

/// The media directory of a slice.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// A file that is being written; dropped before [`Self::keep`], nothing of it stays.
pub struct Incoming {
    folder: Folder,
    path: PathBuf,
    file: fs::File,
    hash: Sha256,
    bytes: u64,
    head: Vec<u8>,
    kept: bool,
}

/// A file that lies in the directory.
#[derive(Debug)]
pub struct Kept {
    /// Its name.
    pub hash: Hash,
    /// Its size.
    pub bytes: u64,
    /// Its first bytes.
    pub head: Vec<u8>,
}

impl Folder {
    /// The directory at `path`, which need not be there yet.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Where a file lies.
    #[must_use]
    pub fn file(&self, hash: &Hash) -> PathBuf {
        self.0.join(name(hash))
    }

    /// Where its thumbnail lies.
    #[must_use]
    pub fn thumbnail(&self, hash: &Hash) -> PathBuf {
        self.0.join(name(hash) + THUMBNAIL)
    }

    /// Begins a file.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub async fn begin(&self) -> io::Result<Incoming> {
        fs::create_dir_all(&self.0).await?;
        let path = self.0.join(format!("{UNFINISHED}{}", Uuid::now_v7().simple()));
        let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).await?;
        let folder = self.clone();
        Ok(Incoming { folder, path, file, hash: Sha256::new(), bytes: 0, head: Vec::new(), kept: false })
    }

    /// Puts a thumbnail beside its file.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub async fn put_thumbnail(&self, hash: &Hash, bytes: &[u8]) -> io::Result<()> {
        let mut incoming = self.begin().await?;
        incoming.write(bytes).await?;
        let path = self.thumbnail(hash);
        incoming.keep_as(|_| path).await?;
        Ok(())
    }

    /// Deletes a file and its thumbnail; what is not there is gone.
    pub async fn remove(&self, hash: &Hash) {
        for path in [self.file(hash), self.thumbnail(hash)] {
            remove(&path).await;
        }
    }

    /// Deletes what is unfinished or not noted, and answers the noted files that are not there.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub async fn sweep(&self, noted: &[(Hash, bool)]) -> io::Result<Vec<Hash>> {
        fs::create_dir_all(&self.0).await?;
        let mut missing: HashMap<String, Hash> = noted.iter().map(|(hash, _)| (name(hash), *hash)).collect();
        let thumbnails: HashMap<String, Hash> =
            noted.iter().filter(|(_, has)| *has).map(|(hash, _)| (name(hash) + THUMBNAIL, *hash)).collect();
        let mut without = thumbnails.clone();
        let mut entries = fs::read_dir(&self.0).await?;
        while let Some(entry) = entries.next_entry().await? {
            let file = entry.file_name().to_string_lossy().into_owned();
            if missing.remove(&file).is_none() && without.remove(&file).is_none() {
                remove(&entry.path()).await;
            }
        }
        // A file without its thumbnail is fetched again as well: one way back, and a rare one.
        let mut lost: Vec<Hash> = missing.into_values().chain(without.into_values()).collect();
        lost.sort_unstable();
        lost.dedup();
        Ok(lost)
    }
}

async fn remove(path: &Path) {
    match fs::remove_file(path).await {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(%error, "a file of the media directory was not deleted"),
    }
}

fn name(hash: &Hash) -> String {
    hash.iter().fold(String::with_capacity(64), |text, byte| format!("{text}{byte:02x}"))
}

impl Incoming {
    /// Adds bytes.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await?;
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.head.extend(bytes.iter().take(HEAD.saturating_sub(self.head.len())));
        Ok(())
    }

    /// How many bytes there are by now.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Gives it the name of its content; on the disk for good when this answers.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn keep(self) -> io::Result<Kept> {
        let folder = self.folder.clone();
        self.keep_as(move |hash| folder.file(hash)).await
    }

    async fn keep_as(mut self, place: impl FnOnce(&Hash) -> PathBuf) -> io::Result<Kept> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let hash: Hash = std::mem::take(&mut self.hash).finalize().into();
        fs::rename(&self.path, place(&hash)).await?;
        self.kept = true;
        fs::File::open(&self.folder.0).await?.sync_all().await?;
        Ok(Kept { hash, bytes: self.bytes, head: std::mem::take(&mut self.head) })
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.kept {
            // What stays behind even so is swept at the next start.
            let _gone = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn put(folder: &Folder, bytes: &[u8]) -> Kept {
        let mut incoming = folder.begin().await.unwrap();
        incoming.write(bytes).await.unwrap();
        incoming.keep().await.unwrap()
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut all: Vec<String> =
            std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        all.sort_unstable();
        all
    }

    #[tokio::test]
    async fn only_whole_files_stay_and_each_content_once() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path());
        let first = put(&folder, b"hello").await;
        let again = put(&folder, b"hello").await;
        assert_eq!((first.hash, first.bytes, first.head.as_slice()), (again.hash, 5, &b"hello"[..]));
        let mut broken = folder.begin().await.unwrap();
        broken.write(b"half").await.unwrap();
        drop(broken);
        assert_eq!(names(dir.path()), ["2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"]);
    }

    #[tokio::test]
    async fn a_sweep_leaves_what_is_noted_and_names_what_is_lost() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path());
        let (kept, stray, bare) =
            (put(&folder, b"kept").await, put(&folder, b"stray").await, put(&folder, b"bare").await);
        folder.put_thumbnail(&kept.hash, b"small").await.unwrap();
        folder.put_thumbnail(&stray.hash, b"small").await.unwrap();
        std::fs::write(dir.path().join("new-left-behind"), b"x").unwrap();
        let gone = [7; 32];
        let lost = folder.sweep(&[(kept.hash, true), (bare.hash, true), (gone, false)]).await.unwrap();
        let mut wanted = vec![gone, bare.hash];
        wanted.sort_unstable();
        assert_eq!(lost, wanted);
        assert_eq!(names(dir.path()).len(), 3, "{:?}", names(dir.path()));
        assert!(folder.thumbnail(&kept.hash).exists() && !folder.file(&stray.hash).exists());
    }
}
