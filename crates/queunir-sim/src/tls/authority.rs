//! The test CA: made once, kept in its folder, good for the names it was made for and no others.

use std::fs;
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints, PublicKeyData as _, date_time_ymd,
};
use rustls::client::WebPkiServerVerifier;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{RootCertStore, ServerConfig};
use sha2::{Digest as _, Sha256};

use super::TlsSettings;
use crate::clock;

/// Names that every CA and every certificate has.
const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];
/// How long the CA is good for. Shorter, and a test machine that keeps its folder fails for no visible reason.
const CA_DAYS: i64 = 3650;
/// How long a certificate of the server is good for; each start signs a new one.
const LEAF_DAYS: i64 = 90;

/// The CA cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// A file could not be read or written.
    #[error("cannot use {path}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Others may read the CA's key.
    #[error("{0} may be read by others; a CA whose key is known vouches for nothing")]
    Exposed(PathBuf),
    /// The files are no CA, or signing failed.
    #[error("cannot sign with the CA in {dir}")]
    Sign {
        /// Its folder.
        dir: PathBuf,
        /// Why.
        #[source]
        source: rcgen::Error,
    },
    /// The CA was made for other names, or has expired.
    #[error("the CA in {dir} does not vouch for {name:?}; remove the folder to have one made for the present names")]
    Name {
        /// Its folder.
        dir: PathBuf,
        /// The name.
        name: String,
    },
    /// What was signed is not accepted as a server's certificate.
    #[error("the certificate and its key do not work together")]
    Config(#[from] rustls::Error),
}

/// The CA of a folder.
pub struct Authority {
    dir: PathBuf,
    cert: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Opens the CA of `settings.dir`. A folder without one gets a new CA that is limited to the names of `settings`
    /// and the machine's own; an existing CA stays as it is.
    ///
    /// # Errors
    /// When files cannot be read or written, belong to no CA, or others may read the key.
    pub fn open(settings: &TlsSettings) -> Result<Self, AuthorityError> {
        let dir = settings.dir.clone();
        let at = |name: &str| dir.join(name);
        let failed = |source| AuthorityError::Sign { dir: dir.clone(), source };
        let (cert_path, key_path) = (at("ca.pem"), at("ca.key"));
        fs::DirBuilder::new().recursive(true).mode(0o755).create(&dir).map_err(|source| file(&dir, source))?;
        if !cert_path.exists() {
            let key = KeyPair::generate().map_err(failed)?;
            let cert = ca_params(&settings.names).self_signed(&key).map_err(failed)?;
            write(&key_path, key.serialize_pem().as_bytes(), 0o600)?;
            write(&at("ca.spki"), format!("{}\n", key_hash(&key)).as_bytes(), 0o644)?;
            // Last: a folder with a certificate is complete.
            write(&cert_path, cert.pem().as_bytes(), 0o644)?;
        }
        if fs::metadata(&key_path).map_err(|source| file(&key_path, source))?.mode() & 0o077 != 0 {
            return Err(AuthorityError::Exposed(key_path));
        }
        let key = KeyPair::from_pem(&read(&key_path)?).map_err(failed)?;
        let pem = read(&cert_path)?;
        let cert = CertificateDer::from_pem_slice(pem.as_bytes())
            .map_err(|source| file(&cert_path, io::Error::other(source.to_string())))?;
        let issuer = Issuer::from_ca_cert_der(&cert, key).map_err(failed)?;
        Ok(Self { dir: dir.clone(), cert, issuer })
    }

    /// The CA's certificate (PEM), for whoever shall trust it.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.dir.join("ca.pem")
    }

    /// Base64 of the SHA-256 of the CA's public key, as Chromium's `--ignore-certificate-errors-spki-list` takes it.
    #[must_use]
    pub fn key_hash(&self) -> String {
        key_hash(self.issuer.key())
    }

    /// A server's configuration with a certificate for `names` and the machine's own, signed now; its key is never
    /// written down. The CA's certificate is sent along, for clients that know its hash only.
    ///
    /// # Errors
    /// [`AuthorityError::Name`] when the CA does not vouch for a name.
    pub fn server(&self, names: &[String]) -> Result<Arc<ServerConfig>, AuthorityError> {
        let failed = |source| AuthorityError::Sign { dir: self.dir.clone(), source };
        let key = KeyPair::generate().map_err(failed)?;
        let sign = |names: Vec<String>| leaf_params(names)?.signed_by(&key, &self.issuer);
        for name in all(names) {
            // One name that is refused spoils the certificate for all, so each is tried alone.
            if !self.vouches(sign(vec![name.clone()]).map_err(failed)?.der(), &name)? {
                return Err(AuthorityError::Name { dir: self.dir.clone(), name });
            }
        }
        let leaf = sign(all(names).collect()).map_err(failed)?;
        let chain = vec![leaf.der().clone(), self.cert.clone()];
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        // The page's socket is an upgrade of HTTP/1.1.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// Whether a client that trusts this CA alone takes the certificate for that name's.
    fn vouches(&self, leaf: &CertificateDer<'_>, name: &str) -> Result<bool, AuthorityError> {
        let mut roots = RootCertStore::empty();
        roots.add(self.cert.clone())?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|error| rustls::Error::General(error.to_string()))?;
        let Ok(server) = ServerName::try_from(name) else { return Ok(false) };
        let now = Duration::from_millis(u64::try_from(clock::now_ms()).unwrap_or(0));
        let now = UnixTime::since_unix_epoch(now);
        Ok(rustls::client::danger::ServerCertVerifier::verify_server_cert(&*verifier, leaf, &[], &server, &[], now)
            .is_ok())
    }
}

fn all(names: &[String]) -> impl Iterator<Item = String> {
    OWN_NAMES.iter().map(|name| (*name).to_owned()).chain(names.iter().cloned())
}

fn ca_params(names: &[String]) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "WhatsApp Web simulator test CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    // Whoever gets hold of the key can play these names only.
    let subtree = |name: String| match name.parse::<IpAddr>() {
        Ok(address) => {
            let whole = if address.is_ipv4() { 32 } else { 128 };
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, whole))
        }
        Err(_) => GeneralSubtree::DnsName(name),
    };
    let permitted_subtrees = all(names).map(subtree).collect();
    params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
    limit(&mut params, CA_DAYS);
    params
}

fn leaf_params(names: Vec<String>) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "WhatsApp Web simulator");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    limit(&mut params, LEAF_DAYS);
    Ok(params)
}

/// Valid from yesterday, because clocks differ, for `days` days from now.
fn limit(params: &mut CertificateParams, days: i64) {
    let now = Timestamp::from_millisecond(clock::now_ms()).unwrap_or_default();
    let date = |days: i64| {
        let day = (now + SignedDuration::from_hours(24 * days)).to_zoned(TimeZone::UTC).date();
        date_time_ymd(i32::from(day.year()), day.month().unsigned_abs(), day.day().unsigned_abs())
    };
    params.not_before = date(-1);
    params.not_after = date(days);
}

fn key_hash(key: &KeyPair) -> String {
    STANDARD.encode(Sha256::digest(key.subject_public_key_info()))
}

fn file(path: &Path, source: io::Error) -> AuthorityError {
    AuthorityError::File { path: path.to_owned(), source }
}

fn read(path: &Path) -> Result<String, AuthorityError> {
    fs::read_to_string(path).map_err(|source| file(path, source))
}

/// Writes a whole file or none, with its rights from the first byte on.
fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), AuthorityError> {
    let fresh = path.with_extension("new");
    let written = || {
        if fresh.exists() {
            fs::remove_file(&fresh)?;
        }
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&fresh)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, path)
    };
    written().map_err(|source| file(path, source))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn settings(dir: &Path, names: &[&str]) -> TlsSettings {
        TlsSettings { dir: dir.join("tls"), names: names.iter().map(|name| (*name).to_owned()).collect() }
    }

    #[test]
    fn the_ca_is_made_once_with_a_key_for_its_owner_only() {
        let dir = tempfile::tempdir().unwrap();
        let settings = settings(dir.path(), &["sim.test"]);
        let first = Authority::open(&settings).unwrap();
        first.server(&settings.names).unwrap();
        let again = Authority::open(&settings).unwrap();
        assert_eq!(first.cert, again.cert);
        assert_eq!(read(&settings.dir.join("ca.spki")).unwrap().trim(), again.key_hash());
        for (name, mode) in [("ca.key", 0o600), ("ca.pem", 0o644), ("ca.spki", 0o644)] {
            assert_eq!(fs::metadata(settings.dir.join(name)).unwrap().mode() & 0o777, mode, "{name}");
        }
        assert_eq!(fs::read_dir(&settings.dir).unwrap().count(), 3, "the server's key is nowhere");
        fs::set_permissions(settings.dir.join("ca.key"), fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(Authority::open(&settings), Err(AuthorityError::Exposed(_))));
    }

    #[test]
    fn the_ca_vouches_for_the_names_it_was_made_for_and_no_others() {
        let dir = tempfile::tempdir().unwrap();
        let authority = Authority::open(&settings(dir.path(), &["sim.test", "172.17.0.1"])).unwrap();
        authority.server(&["sim.test".to_owned(), "172.17.0.1".to_owned()]).unwrap();
        for foreign in ["web.whatsapp.com", "172.17.0.2", "not a name"] {
            let refused = authority.server(&[foreign.to_owned()]).expect_err(foreign);
            assert!(matches!(&refused, AuthorityError::Name { name, .. } if name == foreign), "{refused}");
        }
    }
}
