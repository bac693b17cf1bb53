//! Starts Chromium on one profile and ends it in order; never a TCP port, never without its sandbox (CHR-01, CHR-04, CHR-05).

use std::path::PathBuf;

use queunir_core::slice::{Engine, SliceSpec};

/// What a browser is started from.
#[derive(Clone, Debug)]
pub struct BrowserConfig {
    /// Which Chromium.
    pub engine: Engine,
    /// User-data directory; created if absent. The caller has checked the fence generation.
    pub profile_dir: PathBuf,
    /// Address to show.
    pub whatsapp_url: String,
    /// Language of the page, as in `pt-BR`.
    pub locale: String,
    /// IANA zone of the page.
    pub time_zone: String,
    /// Whether the language is also put into the address as `?locale=pt_BR`, so that dates are read in a known order.
    pub locale_in_url: bool,
    /// Run the browser under this uid and gid; for tests that run as root. The product leaves it empty.
    pub as_user: Option<u32>,
}

impl From<&SliceSpec> for BrowserConfig {
    fn from(spec: &SliceSpec) -> Self {
        Self {
            engine: spec.engine,
            profile_dir: spec.profile_dir.clone(),
            whatsapp_url: spec.whatsapp_url.clone(),
            locale: spec.locale.clone(),
            time_zone: spec.time_zone.clone(),
            locale_in_url: true,
            as_user: None,
        }
    }
}

/// Why no browser came up; the profile is untouched or intact.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// Another process of ours holds the profile.
    #[error("the profile is in use by another slice process")]
    ProfileInUse,
    /// Something of the file system.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        source: std::io::Error,
    },
    /// Chromium is not installed.
    #[error("{0} is not installed")]
    NotInstalled(&'static str),
    /// It started and ended, or did not answer.
    #[error("the browser did not start: {0}")]
    Start(String),
}
