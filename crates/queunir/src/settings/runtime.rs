//! What slices are, and what containers get.

use std::{ops::RangeInclusive, path::PathBuf};

use anyhow::{Context, bail};
use queunir_orchestrator::runtime::docker::DockerConfig;
use serde::{Deserialize, Serialize};

/// Cores of a slice's container.
const CORES: RangeInclusive<f64> = 0.1..=64.0;
/// Longest prefix of a block: one slice's.
const LONGEST: u8 = 29;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    pub kind: RuntimeKind,
    pub docker: Docker,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuntimeKind {
    Process,
    Docker,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Docker {
    pub socket: PathBuf,
    pub image: String,
    pub subnets: String,
    pub resolver: String,
    pub cpus: f64,
    pub extra_destinations: Vec<String>,
    pub extra_ca_file: PathBuf,
}

impl Docker {
    /// The settings as the runtime takes them; `whatsapp` says whether slices open the real thing, `memory_mb` is what a
    /// slice gets.
    ///
    /// # Errors
    /// When a value is not what it should be.
    pub fn config(&self, whatsapp: bool, memory_mb: u32) -> anyhow::Result<DockerConfig> {
        let resolver = match self.resolver.as_str() {
            "" => None,
            text => Some(text.parse().context("runtime.docker.resolver must be an IPv4 address")?),
        };
        let places = self.extra_destinations.iter().map(|place| place.parse()).collect::<Result<_, _>>();
        let extra_ca_file = (!self.extra_ca_file.as_os_str().is_empty()).then(|| self.extra_ca_file.clone());
        let config = DockerConfig {
            socket: self.socket.clone(),
            image: self.image.clone(),
            subnets: self.subnets.parse().context("runtime.docker.subnets must be a block like 10.213.0.0/16")?,
            resolver,
            memory_mb,
            cpus: self.cpus,
            extra_destinations: places.context("runtime.docker.extra_destinations must be like 192.168.7.1:3900")?,
            extra_ca_file,
        };
        if config.image.is_empty() {
            bail!("runtime.docker.image must name an image");
        }
        let block = config.subnets;
        if block.prefix_len() > LONGEST || !block.network().is_private() || !block.broadcast().is_private() {
            bail!("runtime.docker.subnets must be a private block with room for at least one /29");
        }
        if !CORES.contains(&config.cpus) {
            bail!("runtime.docker.cpus must be between 0.1 and 64");
        }
        if whatsapp && !config.extra_destinations.is_empty() {
            bail!("runtime.docker.extra_destinations must be empty while whatsapp.url is WhatsApp's");
        }
        if whatsapp && config.extra_ca_file.is_some() {
            bail!("runtime.docker.extra_ca_file must be empty while whatsapp.url is WhatsApp's");
        }
        if whatsapp && config.resolver.is_none() {
            bail!("runtime.docker.resolver must be set: without it slices cannot find WhatsApp's servers");
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::tests::load;

    const PLACE: &str = "resolver = \"10.1.2.3\"\nextra_destinations = [\"192.168.7.1:3900\"]";

    #[test]
    fn the_docker_runtime_is_off_unless_asked_for_and_its_values_must_make_sense() {
        assert_eq!(load("", false).unwrap().docker().unwrap(), None);
        let text = |lines: &str| format!("[runtime]\nkind = \"docker\"\n[runtime.docker]\n{lines}\n");
        let of = |lines: &str| load(&text(lines), false);
        let config = of("resolver = \"10.1.2.3\"").unwrap().docker().unwrap().unwrap();
        assert_eq!((config.image.as_str(), config.memory_mb), ("wank-slice:latest", 1024));
        let more = load(&format!("{}[slices]\nmemory_mb = 1500\n", text("resolver = \"10.1.2.3\"")), false).unwrap();
        assert_eq!(more.docker().unwrap().unwrap().memory_mb, 1500);
        assert_eq!(config.resolver, Some([10, 1, 2, 3].into()));
        for (lines, named) in [
            ("", "resolver"),
            (PLACE, "extra_destinations"),
            ("resolver = \"10.1.2.3\"\nextra_ca_file = \"ca.pem\"", "extra_ca_file"),
            ("resolver = \"dns.example\"", "resolver"),
            ("subnets = \"8.8.0.0/16\"", "subnets"),
            ("subnets = \"10.0.0.0/30\"", "subnets"),
            ("subnets = \"ten\"", "subnets"),
            ("cpus = 0.0", "cpus"),
            ("image = \"\"", "image"),
        ] {
            let refused = of(lines).unwrap_err();
            assert!(format!("{refused:#}").contains(&format!("runtime.docker.{named}")), "{lines}: {refused:#}");
        }
        assert!(of("socket_path = 1").is_err());
        assert!(load("[runtime]\nkind = \"podman\"\n", false).is_err());
    }

    #[test]
    fn a_simulator_may_be_named_and_is_not_the_demos() {
        let text = format!(
            "[whatsapp]\nurl = \"https://192.168.7.1:3900/\"\n[runtime]\nkind = \"docker\"\n[runtime.docker]\n{PLACE}\n"
        );
        let docker = load(&text, false).unwrap().docker().unwrap().unwrap();
        assert_eq!(docker.extra_destinations, ["192.168.7.1:3900".parse().unwrap()]);
        assert!(load(&text, true).unwrap_err().to_string().contains("loopback"));
    }
}
