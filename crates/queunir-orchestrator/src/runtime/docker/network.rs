//! One bridge for each slice, with a /29 of its own (ISO-05): the engine's default pools end after thirty networks, and on
//! a shared bridge neighbours could talk.

use std::{collections::HashMap, net::Ipv4Addr};

use anyhow::anyhow;
use bollard::models::{EndpointIpamConfig, EndpointSettings, Ipam, IpamConfig, NetworkCreateRequest, NetworkingConfig};
use ipnet::Ipv4Net;
use queunir_core::id::SliceId;

use super::{
    engine::{Engine, Labels},
    firewall::BRIDGE,
};
use crate::runtime::RuntimeError;

/// Length of a slice's prefix: its own address, the bridge's, and nobody else's.
const PREFIX: u8 = 29;

/// The addresses of one slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Addresses {
    pub subnet: Ipv4Net,
    pub bridge: Ipv4Addr,
    pub slice: Ipv4Addr,
}

impl Addresses {
    /// Those of the N-th /29 of a block, counted from one; `None` where the block ends.
    pub fn of(block: Ipv4Net, slice: SliceId) -> Option<Self> {
        let index = usize::try_from(slice.0.checked_sub(1)?).ok()?;
        let subnet = block.subnets(PREFIX).ok()?.nth(index)?;
        let mut hosts = subnet.hosts();
        Some(Self { subnet, bridge: hosts.next()?, slice: hosts.next()? })
    }
}

/// Name of a slice's network.
pub(super) fn name(slice: SliceId) -> String {
    format!("queunir-slice-{slice}")
}

/// Makes the network of a slice unless it is there as it should be.
pub(super) async fn ensure(
    engine: &Engine,
    slice: SliceId,
    addresses: &Addresses,
    labels: &Labels,
) -> Result<(), RuntimeError> {
    let name = name(slice);
    let wanted = addresses.subnet.to_string();
    if let Some(found) = engine.network(&name).await? {
        if !labels.are_of(found.labels.as_ref()) {
            let why = anyhow!("another installation has a network {name} on this engine; end its slices");
            return Err(RuntimeError::Refused(why));
        }
        let subnets = found.ipam.and_then(|ipam| ipam.config).unwrap_or_default();
        if subnets.iter().any(|config| config.subnet.as_deref() == Some(&wanted)) {
            return Ok(());
        }
        // Of an earlier block.
        engine.remove_network(&name).await?;
    }
    engine.create_network(request(slice, addresses, labels)).await
}

/// Removes the network of a slice, if it is ours.
pub(super) async fn remove(engine: &Engine, slice: SliceId, labels: &Labels) -> Result<(), RuntimeError> {
    let name = name(slice);
    match engine.network(&name).await? {
        Some(found) if labels.are_of(found.labels.as_ref()) => engine.remove_network(&name).await,
        _ => Ok(()),
    }
}

/// How a container joins: at the slice's address, which is always the same.
pub(super) fn endpoint(slice: SliceId, addresses: &Addresses) -> NetworkingConfig {
    let ipam = EndpointIpamConfig { ipv4_address: Some(addresses.slice.to_string()), ..Default::default() };
    let settings = EndpointSettings { ipam_config: Some(ipam), ..Default::default() };
    NetworkingConfig { endpoints_config: Some(HashMap::from([(name(slice), settings)])) }
}

fn request(slice: SliceId, addresses: &Addresses, labels: &Labels) -> NetworkCreateRequest {
    let option = |name: &str, value: &str| (format!("com.docker.network.bridge.{name}"), value.to_owned());
    NetworkCreateRequest {
        name: name(slice),
        driver: Some("bridge".to_owned()),
        internal: Some(false),
        attachable: Some(false),
        enable_ipv6: Some(false),
        ipam: Some(Ipam {
            driver: Some("default".to_owned()),
            config: Some(vec![IpamConfig {
                subnet: Some(addresses.subnet.to_string()),
                gateway: Some(addresses.bridge.to_string()),
                ..Default::default()
            }]),
            options: None,
        }),
        options: Some(HashMap::from([
            option("name", &format!("{BRIDGE}{slice}")),
            option("enable_icc", "false"),
            option("enable_ip_masquerade", "true"),
            option("host_binding_ipv4", "127.0.0.1"),
        ])),
        labels: Some(labels.of_slice(slice)),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slice_n_has_the_nth_part_of_the_block() {
        let block: Ipv4Net = "10.213.0.0/16".parse().unwrap();
        let of = |number| Addresses::of(block, SliceId(number));
        let first = of(1).unwrap();
        assert_eq!(first.subnet.to_string(), "10.213.0.0/29");
        assert_eq!((first.bridge.to_string(), first.slice.to_string()), ("10.213.0.1".into(), "10.213.0.2".into()));
        assert_eq!(of(33).unwrap().subnet.to_string(), "10.213.1.0/29");
        assert_eq!(of(8192).unwrap().slice.to_string(), "10.213.255.250");
        for outside in [8193, 0, -1, i64::MIN, i64::MAX] {
            assert_eq!(of(outside), None, "{outside}");
        }
        assert_eq!(Addresses::of("10.0.0.0/30".parse().unwrap(), SliceId(1)), None, "a block too small for one");
    }
}
