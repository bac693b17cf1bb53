//! All settings: one struct per concern, defaults in one commented file, every check at the start.

mod monitor;
mod runtime;
mod snapshots;

use std::{
    net::SocketAddr,
    num::NonZero,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    thread::available_parallelism,
    time::Duration,
};

use anyhow::{Context, bail};
use monitor::MonitorSettings;
use queunir_core::{
    collection::CollectionLimits,
    media::MediaLimits,
    slice::{Engine, Pacing, TenancyMode},
};
use queunir_orchestrator::{capacity, monitor::MonitorConfig, plan::Rules, runtime::docker::DockerConfig};
use runtime::{Runtime, RuntimeKind};
use serde::{Deserialize, Serialize};
use snapshots::SnapshotSettings;

/// The commented defaults; the settings file of an operator is laid over it.
pub const DEFAULTS: &str = include_str!("../queunir.default.toml");

/// Host of the real WhatsApp Web.
const WHATSAPP_HOST: &str = "web.whatsapp.com";

/// Where ports for slices may begin: above the reserved ones, and low enough that five hundred slices find one.
const PORTS: RangeInclusive<u16> = 1024..=queunir_orchestrator::LAST_PORT - 1_000;

/// Memory of a slice; in less no browser starts.
const SLICE_MB: RangeInclusive<u32> = 128..=65_536;
/// Largest file of all; the gateway passes on no answer of more than 64 MiB.
const FILE_MB: RangeInclusive<u64> = 1..=60;
/// Room for the files of one tenant.
const TENANT_MB: RangeInclusive<u64> = 0..=1_048_576;

/// Everything that can be set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub server: Server,
    pub database: Database,
    pub tenancy: Tenancy,
    pub slices: Slices,
    pub runtime: Runtime,
    pub whatsapp: WhatsApp,
    pub pacing: PacingSettings,
    pub outbox: Outbox,
    pub media: Media,
    pub collection: CollectionSettings,
    pub snapshots: SnapshotSettings,
    pub monitor: MonitorSettings,
    pub limits: Limits,
    pub demo: Demo,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    pub public_url: String,
    pub sign_up: bool,
    pub orchestrator_key_file: PathBuf,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub socket: PathBuf,
    pub port: u16,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenancy {
    pub mode: TenancyMode,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slices {
    pub base_port: u16,
    pub engine: Engine,
    pub memory_mb: u32,
    pub max_linked: usize,
    pub deletion_delay_hours: u64,
    pub disk_quota_mb: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhatsApp {
    pub url: String,
    pub reader_profiles: PathBuf,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PacingSettings {
    pub min_gap_ms: u64,
    pub per_char_ms: u64,
    pub max_typing_ms: u64,
    pub per_minute: u32,
    pub per_hour: u32,
    pub per_day: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbox {
    pub recovery_wait_ms: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Media {
    pub max_file_mb: u64,
    pub max_tenant_mb: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CollectionSettings {
    pub pause_ms: u64,
    pub idle_ms: u64,
    pub messages_per_chat: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub sign_ups_per_hour: u32,
    pub sign_in_burst: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    pub enabled: bool,
    pub listen: SocketAddr,
    pub scenario: String,
    pub speed: f64,
}

impl Settings {
    /// Reads the defaults, then `file`, then `QUEUNIR_*` variables, and refuses what does not fit together.
    ///
    /// # Errors
    /// When the file cannot be read, a key is unknown, or a value breaks a rule.
    pub fn load(file: Option<&std::path::Path>, demo: bool) -> anyhow::Result<Self> {
        let mut layers =
            config::Config::builder().add_source(config::File::from_str(DEFAULTS, config::FileFormat::Toml));
        if let Some(file) = file {
            layers = layers.add_source(config::File::from(file).format(config::FileFormat::Toml));
        }
        let layers = layers.add_source(
            config::Environment::with_prefix("QUEUNIR").prefix_separator("_").separator("__").try_parsing(true),
        );
        let mut settings: Self =
            layers.build().context("cannot read the settings")?.try_deserialize().context("a setting is not valid")?;
        if demo {
            settings.demo.enabled = true;
            settings.whatsapp.url = format!("http://localhost:{}/", settings.demo.listen.port());
        }
        settings.check()?;
        Ok(settings)
    }

    /// The address people type, without a slash at its end.
    pub fn public_url(&self) -> String {
        if self.server.public_url.is_empty() {
            format!("http://localhost:{}", self.server.listen.port())
        } else {
            self.server.public_url.trim_end_matches('/').to_owned()
        }
    }

    /// Folder of reader profiles, for this state directory.
    pub fn reader_profiles(&self, state: &Path) -> PathBuf {
        let set = &self.whatsapp.reader_profiles;
        if set.as_os_str().is_empty() { state.join("reader-profiles") } else { set.clone() }
    }

    /// The pace as the slice takes it.
    pub fn pacing(&self) -> Pacing {
        let p = &self.pacing;
        Pacing {
            min_gap_ms: p.min_gap_ms,
            per_char_ms: p.per_char_ms,
            max_typing_ms: p.max_typing_ms,
            per_minute: p.per_minute,
            per_hour: p.per_hour,
            per_day: p.per_day,
            recovery_wait_ms: self.outbox.recovery_wait_ms,
        }
    }

    /// How patient the orchestrator is, and how much this machine takes.
    pub fn rules(&self) -> Rules {
        let slices = &self.slices;
        let fit = capacity::memory_mb()
            .map(|memory| capacity::linked_cap(memory, slices.memory_mb.into(), slices.max_linked));
        Rules {
            starts_at_once: capacity::starts_at_once(available_parallelism().map_or(1, NonZero::get)),
            linked_cap: fit.unwrap_or(slices.max_linked),
            deletion_delay: Duration::from_secs(slices.deletion_delay_hours * 3_600),
            ..Rules::default()
        }
    }

    /// The room that files may take, as the slice takes it.
    pub fn media(&self) -> MediaLimits {
        MediaLimits { file_bytes: self.media.max_file_mb << 20, tenant_bytes: self.media.max_tenant_mb << 20 }
    }

    /// Pace and bounds of collecting the past, as the slice takes them.
    pub fn collection(&self) -> CollectionLimits {
        let c = &self.collection;
        CollectionLimits { pause_ms: c.pause_ms, idle_ms: c.idle_ms, messages: c.messages_per_chat }
    }

    /// The engine that slices run on, if they are containers.
    ///
    /// # Errors
    /// When a value is not what it should be.
    pub fn docker(&self) -> anyhow::Result<Option<DockerConfig>> {
        match self.runtime.kind {
            RuntimeKind::Process => Ok(None),
            RuntimeKind::Docker => self.runtime.docker.config(self.is_whatsapp(), self.slices.memory_mb).map(Some),
        }
    }

    /// Whether slices open the real thing. A host's name means the same in capitals.
    fn is_whatsapp(&self) -> bool {
        self.whatsapp.url.to_ascii_lowercase().contains(WHATSAPP_HOST)
    }

    /// What one tenant may take of the disk, in bytes; 0 is no bound.
    pub fn disk_quota(&self) -> u64 {
        self.slices.disk_quota_mb << 20
    }

    /// When to look at what is used and what is too much, as the orchestrator takes it.
    pub fn monitor(&self) -> MonitorConfig {
        self.monitor.config(u64::from(self.slices.memory_mb) << 20, self.disk_quota())
    }

    /// With WhatsApp's own address nothing may be faster or looser than the defaults (architecture 6.12).
    fn check(&self) -> anyhow::Result<()> {
        if !self.server.listen.ip().is_loopback() {
            bail!("server.listen must be a loopback address; put nginx in front");
        }
        if self.demo.enabled && !self.demo.listen.ip().is_loopback() {
            bail!("demo.listen must be a loopback address; whoever reaches the simulator holds its telephone");
        }
        if !PORTS.contains(&self.slices.base_port) {
            bail!(
                "slices.base_port must be between {} and {}: slices get the odd ports from there to {}",
                PORTS.start(),
                PORTS.end(),
                queunir_orchestrator::LAST_PORT
            );
        }
        let slices = &self.slices;
        if !SLICE_MB.contains(&slices.memory_mb) || slices.max_linked == 0 || slices.deletion_delay_hours > 8_760 {
            bail!(
                "slices.memory_mb must be between 128 and 65536, slices.max_linked at least 1, \
                 slices.deletion_delay_hours at most 8760"
            );
        }
        if !FILE_MB.contains(&self.media.max_file_mb) || !TENANT_MB.contains(&self.media.max_tenant_mb) {
            bail!("media.max_file_mb must be between 1 and 60, media.max_tenant_mb between 0 and 1048576");
        }
        if self.slices.disk_quota_mb != 0 && !monitor::ROOM_MB.contains(&self.slices.disk_quota_mb) {
            bail!("slices.disk_quota_mb must be 0 or between 128 and 1048576");
        }
        self.monitor.check()?;
        self.snapshots.recipient()?;
        if self.docker()?.is_some() && self.demo.enabled {
            bail!("containers cannot reach the demo's simulator on loopback; set runtime.kind = \"process\" for it");
        }
        if !self.is_whatsapp() {
            return Ok(());
        }
        let (own, floor) = (self.pacing(), Pacing::default());
        let too_fast = own.min_gap_ms < floor.min_gap_ms
            || own.per_char_ms < floor.per_char_ms
            || own.max_typing_ms < floor.max_typing_ms
            || own.per_minute > floor.per_minute
            || own.per_hour > floor.per_hour
            || own.per_day > floor.per_day;
        if too_fast {
            bail!("pacing.* may not be faster than the defaults while whatsapp.url is WhatsApp's");
        }
        let (collection, slowest) = (self.collection(), CollectionLimits::default());
        if collection.pause_ms < slowest.pause_ms || collection.idle_ms < slowest.idle_ms {
            bail!("collection.* may not be faster than the defaults while whatsapp.url is WhatsApp's");
        }
        if own.recovery_wait_ms < floor.recovery_wait_ms {
            bail!("outbox.recovery_wait_ms may not be shorter than 60000 while whatsapp.url is WhatsApp's");
        }
        if self.limits.sign_ups_per_hour > 3 || self.limits.sign_in_burst > 5 {
            bail!("limits.* may not be looser than the defaults while whatsapp.url is WhatsApp's");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    pub(super) fn load(text: &str, demo: bool) -> anyhow::Result<Settings> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        Settings::load(Some(file.path()), demo)
    }

    #[test]
    fn the_defaults_are_the_documented_pace() {
        let settings = load("", false).unwrap();
        assert_eq!(settings.pacing(), Pacing::default());
        assert_eq!(settings.media(), MediaLimits::default());
        assert_eq!(settings.collection(), CollectionLimits::default());
        assert_eq!(settings.public_url(), "http://localhost:3000");
    }

    #[test]
    fn a_faster_pace_is_refused_for_whatsapp_and_allowed_for_the_simulator() {
        let fast = "[pacing]\nmin_gap_ms = 10\n";
        for other in ["", "[whatsapp]\nurl = \"https://WEB.WhatsApp.com/\"\n"] {
            assert!(load(&format!("{fast}{other}"), false).unwrap_err().to_string().contains("pacing"), "{other}");
        }
        assert_eq!(load(fast, true).unwrap().pacing.min_gap_ms, 10);
        for hasty in ["pause_ms = 2999", "idle_ms = 1000"] {
            let text = format!("[collection]\n{hasty}\n");
            assert!(load(&text, false).unwrap_err().to_string().contains("collection"), "{hasty}");
            assert!(load(&text, true).is_ok());
        }
    }

    #[test]
    fn room_for_files_that_does_not_fit_is_refused() {
        for (text, fits) in [("max_file_mb = 60", true), ("max_file_mb = 61", false), ("max_file_mb = 0", false)] {
            assert_eq!(load(&format!("[media]\n{text}\n"), false).is_ok(), fits, "{text}");
        }
        assert!(load("[media]\nmax_tenant_mb = 99999999\n", false).is_err());
    }

    #[test]
    fn what_the_host_takes_follows_from_its_settings() {
        let rules = load("[slices]\nmax_linked = 1\ndeletion_delay_hours = 2\n", false).unwrap().rules();
        assert_eq!((rules.linked_cap, rules.deletion_delay), (1, Duration::from_secs(7_200)));
        assert!(rules.starts_at_once >= 1);
        for wrong in ["memory_mb = 127", "memory_mb = 99999", "max_linked = 0", "deletion_delay_hours = 99999"] {
            assert!(load(&format!("[slices]\n{wrong}\n"), false).is_err(), "{wrong}");
        }
    }

    #[test]
    fn tenants_have_a_database_each_unless_said_otherwise() {
        let mode = |text| load(text, false).map(|settings| settings.tenancy.mode);
        assert_eq!(mode("").unwrap(), TenancyMode::Database);
        assert_eq!(mode("[tenancy]\nmode = \"schema\"\n").unwrap(), TenancyMode::Schema);
        assert!(mode("[tenancy]\nmode = \"table\"\n").is_err());
    }

    #[test]
    fn an_unknown_key_and_a_public_listener_are_refused() {
        assert!(load("[server]\nlisten_on = \"x\"\n", false).is_err());
        assert!(load("[server]\nlisten = \"0.0.0.0:3000\"\n", false).is_err());
        assert!(load("[demo]\nlisten = \"0.0.0.0:3900\"\n", true).is_err());
    }

    #[test]
    fn a_base_port_that_leaves_no_ports_is_refused() {
        for (port, fits) in [(80, false), (1_024, true), (31_767, true), (31_768, false), (40_001, false)] {
            let loaded = load(&format!("[slices]\nbase_port = {port}\n"), false);
            assert_eq!(loaded.is_ok(), fits, "{port}");
            assert!(loaded.err().is_none_or(|error| error.to_string().contains("slices.base_port")));
        }
    }
}
