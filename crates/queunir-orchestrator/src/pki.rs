//! The private CA and the leafs it signs: one for the gateway, one for the orchestrator, one per slice start (ISO-15).

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use queunir_core::{id::SliceId, time::Clock as _};
use queunir_service::{
    clock::SystemClock,
    tls::{GATEWAY, ORCHESTRATOR, slice_name},
};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};

use crate::files::{self, FileError, Owner};

/// How long the CA is good for; a new one means new leafs for everybody.
const CA_DAYS: i64 = 3650;
/// How long a leaf is good for (ISO-15). Shorter than a slice's uptime, and a slice loses its gateway.
const LEAF_DAYS: i64 = 30;
/// Leafs of gateway and orchestrator are signed anew after this time.
const RENEW_AFTER_DAYS: i64 = 10;

/// A certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Signing failed, or the CA's files are not a CA.
    #[error("cannot sign with the CA in {folder}")]
    Sign {
        /// Where the CA is.
        folder: PathBuf,
        /// Why.
        #[source]
        source: rcgen::Error,
    },
}

/// Paths of one identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Certificate (PEM).
    pub cert: PathBuf,
    /// Private key (PEM).
    pub key: PathBuf,
    /// The CA's certificate (PEM).
    pub ca: PathBuf,
}

impl Identity {
    /// The orchestrator's, where it lies; whether it is there shows when it is read.
    #[must_use]
    pub fn orchestrator(tls_dir: &Path) -> Self {
        Self {
            cert: tls_dir.join(format!("{ORCHESTRATOR}.pem")),
            key: tls_dir.join(format!("{ORCHESTRATOR}.key")),
            ca: tls_dir.join("ca.pem"),
        }
    }
}

/// The CA, ready to sign.
pub struct Pki {
    folder: PathBuf,
    issuer: Issuer<'static, KeyPair>,
}

/// Makes CA and leafs in `tls_dir` where they are missing or old; safe to repeat, also while others read them.
///
/// # Errors
/// When a file cannot be written or the CA's files do not belong together.
pub fn ensure(tls_dir: &Path) -> Result<Pki, PkiError> {
    ensure_for(tls_dir, None)
}

/// Like [`ensure`], with the gateway's key owned by the gateway's user.
///
/// # Errors
/// As [`ensure`].
pub fn ensure_for(tls_dir: &Path, gateway: Option<Owner>) -> Result<Pki, PkiError> {
    let now = SystemClock.now();
    let pki = Pki::open(tls_dir, now)?;
    pki.renew(gateway, now)?;
    Ok(pki)
}

impl Pki {
    /// Opens the CA, making it on first use.
    fn open(folder: &Path, now: Timestamp) -> Result<Self, PkiError> {
        let failed = |source| PkiError::Sign { folder: folder.to_owned(), source };
        files::folder(folder, 0o711, None)?;
        let (cert_path, key_path) = (folder.join("ca.pem"), folder.join("ca.key"));
        if let (Some(cert), Some(key)) = (files::read(&cert_path)?, files::read(&key_path)?) {
            let key = KeyPair::from_pem(&key).map_err(failed)?;
            let issuer = Issuer::from_ca_cert_pem(&cert, key).map_err(failed)?;
            return Ok(Self { folder: folder.to_owned(), issuer });
        }
        let key = KeyPair::generate().map_err(failed)?;
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "queunir internal CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        limit(&mut params, now, CA_DAYS);
        let cert = params.self_signed(&key).map_err(failed)?;
        files::write_durably(&key_path, key.serialize_pem().as_bytes(), 0o600)?;
        files::write_durably(&cert_path, cert.pem().as_bytes(), 0o644)?;
        Ok(Self { folder: folder.to_owned(), issuer: Issuer::new(params, key) })
    }

    /// Signs the two standing leafs anew where they are missing, old, or of another CA.
    /// Their keys stay, so that certificate and key always fit whichever of them a reader sees first.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn renew(&self, gateway: Option<Owner>, now: Timestamp) -> Result<(), PkiError> {
        for (name, owner) in [(GATEWAY, gateway), (ORCHESTRATOR, None)] {
            let (cert, key) = (self.folder.join(format!("{name}.pem")), self.folder.join(format!("{name}.key")));
            let known = files::read(&key)?.map(|pem| KeyPair::from_pem(&pem)).transpose();
            let known = known.map_err(|source| self.failed(source))?;
            let fresh = known.is_none();
            let pair = known.map_or_else(KeyPair::generate, Ok).map_err(|source| self.failed(source))?;
            if fresh || owner.is_some() {
                files::write(&key, pair.serialize_pem().as_bytes(), 0o600, owner)?;
            }
            if fresh || self.is_old(&cert, now) {
                let pem = self.sign(name, &pair, ExtendedKeyUsagePurpose::ClientAuth, now)?;
                files::write(&cert, pem.as_bytes(), 0o644, None)?;
            }
        }
        Ok(())
    }

    /// Signs the leaf of one start of a slice into `folder`, readable by its user only; earlier ones are removed.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn issue_slice(
        &self,
        folder: &Path,
        slice: SliceId,
        generation: i64,
        owner: Option<Owner>,
        now: Timestamp,
    ) -> Result<Identity, PkiError> {
        let pair = KeyPair::generate().map_err(|source| self.failed(source))?;
        let pem = self.sign(&slice_name(slice, generation), &pair, ExtendedKeyUsagePurpose::ServerAuth, now)?;
        let identity = Identity {
            cert: folder.join(format!("g{generation}.pem")),
            key: folder.join(format!("g{generation}.key")),
            ca: self.folder.join("ca.pem"),
        };
        for entry in std::fs::read_dir(folder).map_err(|source| FileError::new("read", folder, source))?.flatten() {
            files::remove(&entry.path())?;
        }
        files::write(&identity.key, pair.serialize_pem().as_bytes(), 0o400, owner)?;
        files::write(&identity.cert, pem.as_bytes(), 0o444, owner)?;
        Ok(identity)
    }

    /// The orchestrator's own identity.
    #[must_use]
    pub fn orchestrator(&self) -> Identity {
        Identity::orchestrator(&self.folder)
    }

    fn sign(
        &self,
        name: &str,
        key: &KeyPair,
        usage: ExtendedKeyUsagePurpose,
        now: Timestamp,
    ) -> Result<String, PkiError> {
        let mut params = CertificateParams::new([name.to_owned()]).map_err(|source| self.failed(source))?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![usage];
        params.use_authority_key_identifier_extension = true;
        limit(&mut params, now, LEAF_DAYS);
        let cert = params.signed_by(key, &self.issuer).map_err(|source| self.failed(source))?;
        Ok(cert.pem())
    }

    /// Whether a leaf is missing, signed long ago, or older than the CA. A file's own time is evidence enough here.
    fn is_old(&self, cert: &Path, now: Timestamp) -> bool {
        let modified = |path: &Path| std::fs::metadata(path).and_then(|found| found.modified()).ok();
        let (Some(leaf), Some(ca)) = (modified(cert), modified(&self.folder.join("ca.pem"))) else { return true };
        let Ok(signed) = Timestamp::try_from(leaf) else { return true };
        leaf < ca || now.duration_since(signed) > SignedDuration::from_hours(24 * RENEW_AFTER_DAYS)
    }

    fn failed(&self, source: rcgen::Error) -> PkiError {
        PkiError::Sign { folder: self.folder.clone(), source }
    }
}

/// Valid from yesterday, because clocks differ, for `days` days from now.
fn limit(params: &mut CertificateParams, now: Timestamp, days: i64) {
    let date = |days: i64| {
        let day = (now + SignedDuration::from_hours(24 * days)).to_zoned(TimeZone::UTC).date();
        date_time_ymd(i32::from(day.year()), day.month().unsigned_abs(), day.day().unsigned_abs())
    };
    params.not_before = date(-1);
    params.not_after = date(days);
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::MetadataExt};

    use queunir_service::tls;

    use super::*;

    #[test]
    fn the_ca_is_made_once_and_its_leafs_work_together() {
        let dir = tempfile::tempdir().unwrap();
        let tls_dir = dir.path().join("tls");
        ensure(&tls_dir).unwrap();
        let first = fs::read_to_string(tls_dir.join("ca.pem")).unwrap();
        let pki = ensure(&tls_dir).unwrap();
        assert_eq!(first, fs::read_to_string(tls_dir.join("ca.pem")).unwrap());
        for key in ["ca.key", "gateway.key", "orchestrator.key"] {
            assert_eq!(fs::metadata(tls_dir.join(key)).unwrap().mode() & 0o777, 0o600, "{key}");
        }
        let own = pki.orchestrator();
        tls::client_config(&own.cert, &own.key, &own.ca).unwrap();
        let slice = pki.issue_slice(dir.path(), SliceId(7), 3, None, SystemClock.now());
        assert!(slice.is_err(), "the folder holds more than leafs");
        let folder = dir.path().join("leafs");
        fs::create_dir(&folder).unwrap();
        pki.issue_slice(&folder, SliceId(7), 3, None, SystemClock.now()).unwrap();
        let leaf = pki.issue_slice(&folder, SliceId(7), 4, None, SystemClock.now()).unwrap();
        tls::server_config(&leaf.cert, &leaf.key, &leaf.ca, &[tls::GATEWAY]).unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "the earlier start's leaf is gone");
    }

    #[test]
    fn a_leaf_is_signed_anew_after_a_while_and_keeps_its_key() {
        let dir = tempfile::tempdir().unwrap();
        let pki = ensure(dir.path()).unwrap();
        let (cert, key) = (dir.path().join("gateway.pem"), dir.path().join("gateway.key"));
        let before = (fs::read(&cert).unwrap(), fs::read(&key).unwrap());
        let soon = SystemClock.now() + SignedDuration::from_hours(24);
        pki.renew(None, soon).unwrap();
        assert_eq!(before.0, fs::read(&cert).unwrap());
        pki.renew(None, soon + SignedDuration::from_hours(24 * 11)).unwrap();
        assert_ne!(before.0, fs::read(&cert).unwrap());
        assert_eq!(before.1, fs::read(&key).unwrap());
    }
}
