//! What slices may reach, as a table of nftables of our own (ISO-05).
//!
//! A packet passes every base chain of its hook, ours before the engine's: an `accept` ends ours alone, a `drop` is final.
//! So the table only takes away, whatever the engine's own rules allow, and nothing of the engine's is changed. The rules
//! go by the name of the bridges, so they hold for a slice that is started later, and are the same at every time.

use std::{net::SocketAddrV4, process::Stdio, time::Duration};

use anyhow::{Context, anyhow};
use tokio::{io::AsyncWriteExt, process::Command, sync::Mutex, time::timeout};

use super::config::DockerConfig;
use crate::runtime::RuntimeError;

/// How the names of slices' bridges begin.
pub(super) const BRIDGE: &str = "qn-slice-";
/// Time for the tool; it works on the kernel alone.
const LIMIT: Duration = Duration::from_secs(10);

/// Tells the walls without what they counted.
const LIST: [&str; 6] = ["--stateless", "--terse", "list", "table", "inet", "queunir"];

/// Where no slice may connect to: this network, the private, shared, link-local and reserved ones, and all receivers at
/// once. The host's own addresses, public ones too, are not forwarded to but taken in, where everything is dropped.
const CLOSED: &str = "0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, \
                      192.168.0.0/16, 198.18.0.0/15, 224.0.0.0/3";
/// Connections of a slice that the kernel remembers at once: a browser has some dozens. Its table is the host's, with room
/// for 262,144 by default; much more, and a few slices fill it, so that nobody connects any more.
const MOST_CONNECTIONS: u32 = 512;
/// Where WhatsApp's servers listen.
const OPEN_PORTS: &str = "443, 5222";

/// The walls of one installation.
pub struct Firewall {
    rules: String,
    /// How the kernel tells them, once they stood.
    standing: Mutex<Option<String>>,
}

impl Firewall {
    /// Walls that do not stand yet.
    #[must_use]
    pub fn new(config: &DockerConfig) -> Self {
        Self { rules: rules(config), standing: Mutex::new(None) }
    }

    /// Puts the walls up in one step, without a moment between old and new ones. Those that stand are left as they are,
    /// with their counters.
    ///
    /// # Errors
    /// `Refused` when there is no `nft`, or it may not.
    pub async fn ensure(&self) -> Result<(), RuntimeError> {
        let mut standing = self.standing.lock().await;
        if standing.is_some() && nft(&LIST, "").await.ok() == *standing {
            return Ok(());
        }
        let set = async {
            nft(&["-f", "-"], &self.rules).await?;
            nft(&LIST, "").await
        };
        let told = set
            .await
            .context("slices need the firewall: install nftables, and let the orchestrator run as root")
            .map_err(RuntimeError::Refused)?;
        *standing = Some(told);
        Ok(())
    }
}

async fn nft(arguments: &[&str], input: &str) -> anyhow::Result<String> {
    let mut nft = Command::new("nft")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("cannot run nft")?;
    let mut pipe = nft.stdin.take().context("nft takes no input")?;
    let exchange = async {
        pipe.write_all(input.as_bytes()).await?;
        drop(pipe);
        anyhow::Ok(nft.wait_with_output().await?)
    };
    let done = timeout(LIMIT, exchange).await.context("nft does not answer")??;
    if done.status.success() {
        return Ok(String::from_utf8(done.stdout)?);
    }
    Err(anyhow!("nft: {}", String::from_utf8_lossy(&done.stderr).trim()))
}

fn rules(config: &DockerConfig) -> String {
    let resolver = config.resolver.map(|resolver| {
        format!("ip daddr {resolver} udp dport 53 accept\n\t\tip daddr {resolver} tcp dport 53 accept")
    });
    let extra: Vec<String> = config.extra_destinations.iter().map(destination).collect();
    let extra = (!extra.is_empty()).then(|| format!("ip daddr . tcp dport {{ {} }} accept", extra.join(", ")));
    let exceptions = [resolver, extra].into_iter().flatten().collect::<Vec<_>>().join("\n\t\t");
    format!(
        "table inet queunir
delete table inet queunir
table inet queunir {{
	set crowds {{
		type ipv4_addr
		size 65536
		flags dynamic
	}}
	chain input {{
		type filter hook input priority -10; policy accept;
		iifname \"{BRIDGE}*\" jump to_host
	}}
	chain forward {{
		type filter hook forward priority -10; policy accept;
		iifname \"{BRIDGE}*\" jump outward
		oifname \"{BRIDGE}*\" jump inward
	}}
	chain to_host {{
		ct state established,related accept
		meta nfproto ipv6 counter drop
		ct state new add @crowds {{ ip saddr ct count over {MOST_CONNECTIONS} }} counter drop
		{exceptions}
		counter drop
	}}
	chain outward {{
		ct state established,related accept
		meta nfproto ipv6 counter drop
		ct state new add @crowds {{ ip saddr ct count over {MOST_CONNECTIONS} }} counter drop
		oifname \"{BRIDGE}*\" counter drop
		{exceptions}
		ip daddr {{ {CLOSED} }} counter drop
		tcp dport {{ {OPEN_PORTS} }} accept
		counter drop
	}}
	chain inward {{
		ct state established,related accept
		counter drop
	}}
}}
"
    )
}

fn destination(place: &SocketAddrV4) -> String {
    format!("{} . {}", place.ip(), place.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> DockerConfig {
        DockerConfig {
            socket: "/nowhere".into(),
            image: "none".to_owned(),
            subnets: "10.213.0.0/16".parse().unwrap(),
            resolver: None,
            memory_mb: 1024,
            cpus: 1.0,
            extra_destinations: Vec::new(),
            extra_ca_file: None,
        }
    }

    #[test]
    fn nothing_but_the_two_ports_is_open_unless_it_was_named() {
        let plain = rules(&config());
        let accepting: Vec<&str> = plain.lines().map(str::trim).filter(|line| line.ends_with("accept")).collect();
        let established = "ct state established,related accept";
        assert_eq!(accepting, [established, established, "tcp dport { 443, 5222 } accept", established]);
        let named = rules(&DockerConfig {
            resolver: Some([10, 9, 8, 7].into()),
            extra_destinations: vec!["192.168.7.1:3900".parse().unwrap(), "192.168.7.2:3901".parse().unwrap()],
            ..config()
        });
        for line in [
            "ip daddr 10.9.8.7 udp dport 53 accept",
            "ip daddr . tcp dport { 192.168.7.1 . 3900, 192.168.7.2 . 3901 } accept",
        ] {
            assert_eq!(named.lines().filter(|found| found.trim() == line).count(), 2, "{line}");
        }
    }
}
