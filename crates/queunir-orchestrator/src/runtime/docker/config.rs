//! What the Docker runtime has to be told; nothing of it comes from a user or from the gateway.

use std::{
    net::{Ipv4Addr, SocketAddrV4},
    path::PathBuf,
};

use ipnet::Ipv4Net;

/// The engine and what containers get.
#[derive(Clone, Debug, PartialEq)]
pub struct DockerConfig {
    /// The engine's Unix socket.
    pub socket: PathBuf,
    /// Image of every slice, with `queunir` and a browser on its path.
    pub image: String,
    /// Block from which slice N gets the N-th /29 (ISO-05).
    pub subnets: Ipv4Net,
    /// The only server that slices may ask for names; none if absent.
    pub resolver: Option<Ipv4Addr>,
    /// Memory of a slice with its browser, in MiB; there is no swap beyond it (CHR-09).
    pub memory_mb: u32,
    /// Cores that a slice may use.
    pub cpus: f64,
    /// Further places that slices may connect to, for a simulator; never used with WhatsApp's own address.
    pub extra_destinations: Vec<SocketAddrV4>,
    /// Certificate (PEM) of a CA that browsers trust besides their own, for a simulator behind HTTPS; never used with
    /// WhatsApp's own address.
    pub extra_ca_file: Option<PathBuf>,
}
