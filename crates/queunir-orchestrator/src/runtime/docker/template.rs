//! The one form that every slice's container has (ISO-02). What a user or the gateway writes reaches the slice through
//! its spec file; nothing of that is looked at here.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bollard::models::{
    ContainerCreateBody, HealthConfig, HostConfig, HostConfigCgroupnsModeEnum, HostConfigLogConfig, Mount,
    MountBindOptions, MountBindOptionsPropagationEnum, MountType, PortBinding, ResourcesUlimits, RestartPolicy,
    RestartPolicyNameEnum,
};
use queunir_core::slice::SliceSpec;
use rustls_pki_types::CertificateDer;

use super::{
    config::DockerConfig,
    engine::Labels,
    network::{self, Addresses},
};
use crate::{files::Owner, folders::SliceFolders};

/// Where the slice finds its spec.
const SPEC: &str = "/run/queunir/spec.json";
/// The addresses that the image lets its browser open, and whose they are.
const ORIGINS: &str = "/etc/chromium/policies/managed/origins.json";
const WHATSAPP: &str = "web.whatsapp.com";
/// System calls that slices may make (ISO-03).
const SECCOMP: &str = include_str!("../../../../../deploy/docker/seccomp.json");
/// Room in `/tmp` and in `/dev/shm`. Less, and the browser fails on large pages; both count as the slice's memory.
const SCRATCH: &str = "256m";
const SHARED: i64 = 256 << 20;
/// Processes and threads of a slice; an idle browser has about a hundred.
const TASKS: i64 = 512;
/// Files that each of its processes may have open.
const FILES: i64 = 8192;
/// Weight against other slices when the host is busy; the engine's own default, said so that it is no accident.
const CPU_WEIGHT: i64 = 1024;
/// What the engine keeps of a slice's output.
const LOG: [(&str, &str); 2] = [("max-size", "10m"), ("max-file", "3")];
/// Name of the host inside; the same for all, so that it tells nothing.
const HOSTNAME: &str = "slice";
/// A slice without a resolver asks its own loopback, where nobody answers; given none, the engine would use its host's.
const NO_RESOLVER: &str = "127.0.0.1";

/// Name of a slice's container; the engine gives a name once.
pub(super) fn name(spec: &SliceSpec) -> String {
    format!("wank-slice-{}", spec.slice)
}

/// The spec as the slice reads it in its container.
pub(super) fn inside(spec: &SliceSpec, folders: &SliceFolders) -> SliceSpec {
    SliceSpec { bind: std::net::Ipv4Addr::UNSPECIFIED, lock_file: Some(folders.lock()), ..spec.clone() }
}

/// The browser's list of addresses and whom it trusts for them, for a page that is not WhatsApp's: a simulator's.
pub(super) fn origins(spec: &SliceSpec, extra_ca: Option<&CertificateDer<'_>>) -> Option<String> {
    let page: http::Uri = spec.whatsapp_url.parse().ok()?;
    let (scheme, place) = (page.scheme_str()?, page.authority()?);
    let mut list =
        serde_json::json!({ "URLAllowlist": [format!("{scheme}://{place}"), "about:blank", "chrome://version"] });
    if let Some(ca) = extra_ca {
        list["CACertificates"] = serde_json::json!([STANDARD.encode(ca)]);
    }
    (!place.host().eq_ignore_ascii_case(WHATSAPP)).then(|| list.to_string())
}

/// The container of a start.
pub(super) fn container(
    config: &DockerConfig,
    folders: &SliceFolders,
    owner: Owner,
    spec: &SliceSpec,
    addresses: &Addresses,
    labels: &Labels,
    log_filter: Option<&str>,
) -> ContainerCreateBody {
    let Owner(id) = owner;
    let port = format!("{}/tcp", spec.port);
    let filter = log_filter.map(|filter| format!("RUST_LOG={filter}"));
    let environment = ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/tmp"];
    ContainerCreateBody {
        hostname: Some(HOSTNAME.to_owned()),
        user: Some(format!("{id}:{id}")),
        env: Some(environment.map(str::to_owned).into_iter().chain(filter).collect()),
        // Said in full, so that it is not the image's to choose.
        entrypoint: Some(vec!["queunir".to_owned()]),
        cmd: Some(["slice", "--spec", SPEC].map(str::to_owned).to_vec()),
        image: Some(config.image.clone()),
        working_dir: Some("/".to_owned()),
        // Health is asked for over mutual TLS; a check of the image's own would be a second opinion.
        healthcheck: Some(HealthConfig { test: Some(vec!["NONE".to_owned()]), ..Default::default() }),
        exposed_ports: Some(vec![port.clone()]),
        labels: Some(labels.of_start(spec)),
        host_config: Some(HostConfig {
            port_bindings: Some(published(port, spec.port)),
            ..host(config, folders, id, spec)
        }),
        networking_config: Some(network::endpoint(spec.slice, addresses)),
        ..Default::default()
    }
}

/// On the host's loopback alone.
fn published(port: String, number: u16) -> HashMap<String, Option<Vec<PortBinding>>> {
    let binding = PortBinding { host_ip: Some("127.0.0.1".to_owned()), host_port: Some(number.to_string()) };
    HashMap::from([(port, Some(vec![binding]))])
}

fn host(config: &DockerConfig, folders: &SliceFolders, id: u32, spec: &SliceSpec) -> HostConfig {
    let memory = i64::from(config.memory_mb) << 20;
    let limit = |name: &str, most| ResourcesUlimits { name: Some(name.to_owned()), soft: Some(most), hard: Some(most) };
    let scratch = format!("rw,nosuid,nodev,noexec,size={SCRATCH},mode=0700,uid={id},gid={id}");
    let resolver = config.resolver.map_or_else(|| NO_RESOLVER.to_owned(), |resolver| resolver.to_string());
    HostConfig {
        privileged: Some(false),
        cap_drop: Some(vec!["ALL".to_owned()]),
        security_opt: Some(vec!["no-new-privileges".to_owned(), format!("seccomp={SECCOMP}")]),
        readonly_rootfs: Some(true),
        ipc_mode: Some("private".to_owned()),
        cgroupns_mode: Some(HostConfigCgroupnsModeEnum::PRIVATE),
        init: Some(true),
        restart_policy: Some(RestartPolicy { name: Some(RestartPolicyNameEnum::NO), maximum_retry_count: None }),
        auto_remove: Some(false),
        network_mode: Some(network::name(spec.slice)),
        dns: Some(vec![resolver]),
        dns_search: Some(vec![".".to_owned()]),
        memory: Some(memory),
        memory_swap: Some(memory),
        pids_limit: Some(TASKS),
        cpu_shares: Some(CPU_WEIGHT),
        nano_cpus: Some(nano(config.cpus)),
        shm_size: Some(SHARED),
        tmpfs: Some(HashMap::from([("/tmp".to_owned(), scratch)])),
        ulimits: Some(vec![limit("nofile", FILES), limit("core", 0)]),
        log_config: Some(HostConfigLogConfig {
            typ: Some("local".to_owned()),
            config: Some(LOG.map(|(name, value)| (name.to_owned(), value.to_owned())).into()),
        }),
        mounts: Some(mounts(folders, spec)),
        ..Default::default()
    }
}

/// Its own folders, what it is started from, and the database's socket. Paths are those of the host, so that one spec
/// serves every runtime.
fn mounts(folders: &SliceFolders, spec: &SliceSpec) -> Vec<Mount> {
    let own = [folders.session(), folders.media(), folders.records()].map(|path| mount(path.clone(), path, false));
    let read = [
        folders.tls(),
        folders.password(),
        folders.lock(),
        spec.ca_file.clone(),
        spec.database_socket.clone(),
        spec.reader_profiles.clone(),
    ];
    // What an operator may leave out is not there to be mounted.
    let read = read.into_iter().filter(|path| path.exists()).map(|path| mount(path.clone(), path, true));
    let origins = folders.origins().exists().then(|| mount(folders.origins(), ORIGINS.into(), true));
    own.into_iter().chain(read).chain(origins).chain([mount(folders.spec(), SPEC.into(), true)]).collect()
}

fn mount(source: PathBuf, target: PathBuf, read_only: bool) -> Mount {
    let text = |path: &Path| Some(path.to_string_lossy().into_owned());
    Mount {
        typ: Some(MountType::BIND),
        source: text(&source),
        target: text(&target),
        read_only: Some(read_only),
        bind_options: Some(MountBindOptions {
            propagation: Some(MountBindOptionsPropagationEnum::RPRIVATE),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// Cores in billionths.
fn nano(cpus: f64) -> i64 {
    (cpus * 1e9) as i64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use queunir_core::{
        collection::CollectionLimits,
        id::SliceId,
        link::ReadingMode,
        media::MediaLimits,
        slice::{Egress, Engine, Pacing},
    };

    use super::*;

    fn made(spec: &SliceSpec) -> ContainerCreateBody {
        let config = DockerConfig {
            socket: "/nowhere".into(),
            image: "wank-slice:latest".to_owned(),
            subnets: "10.213.0.0/16".parse().unwrap(),
            resolver: None,
            memory_mb: 1024,
            cpus: 1.5,
            extra_destinations: Vec::new(),
            extra_ca_file: None,
        };
        let state = Path::new("/nowhere");
        let (folders, addresses) = (SliceFolders::new(state, spec.slice), Addresses::of(config.subnets, spec.slice));
        container(&config, &folders, Owner(200_001), spec, &addresses.unwrap(), &Labels::new(state), None)
    }

    fn spec() -> SliceSpec {
        SliceSpec {
            slice: SliceId(1),
            generation: 1,
            epoch: 1,
            port: 5001,
            bind: std::net::Ipv4Addr::LOCALHOST,
            lock_file: None,
            database_socket: "/nowhere".into(),
            database_port: 5432,
            database: "none".into(),
            role: "none".into(),
            password_file: "/nowhere".into(),
            profile_dir: "/nowhere".into(),
            media_dir: "/nowhere".into(),
            records_dir: "/nowhere".into(),
            ca_file: "/nowhere".into(),
            cert_file: "/nowhere".into(),
            key_file: "/nowhere".into(),
            whatsapp_url: "http://localhost/".into(),
            reader_profiles: "/nowhere".into(),
            locale: "en".into(),
            time_zone: "UTC".into(),
            engine: Engine::Chromium,
            egress: Egress::Direct,
            reading_mode: None,
            start_linked: true,
            pacing: Pacing::default(),
            media: MediaLimits::default(),
            collection: CollectionLimits::default(),
            disk_quota_bytes: 0,
        }
    }

    #[test]
    fn memory_and_swap_are_one_limit_and_cores_are_counted_in_billionths() {
        let host = made(&spec()).host_config.unwrap();
        assert_eq!((host.memory, host.memory_swap), (Some(1 << 30), Some(1 << 30)));
        assert_eq!(host.nano_cpus, Some(1_500_000_000));
    }

    #[test]
    fn a_simulator_takes_the_place_of_whatsapp_in_the_browsers_list() {
        let ca = CertificateDer::from_slice(b"der");
        let of = |url: &str, ca| origins(&SliceSpec { whatsapp_url: url.to_owned(), ..spec() }, ca);
        for own in ["https://web.whatsapp.com/", "https://WEB.WhatsApp.com/"] {
            assert_eq!(of(own, Some(&ca)), None);
        }
        let list = r#""URLAllowlist":["https://192.168.7.1:3900","about:blank","chrome://version"]"#;
        let page = "https://192.168.7.1:3900/page?x=1";
        assert_eq!(of(page, None).unwrap(), format!("{{{list}}}"));
        assert_eq!(of(page, Some(&ca)).unwrap(), format!("{{\"CACertificates\":[\"ZGVy\"],{list}}}"));
    }

    proptest! {
        #[test]
        fn what_users_and_the_gateway_write_changes_nothing_of_a_container(
            locale in ".*",
            time_zone in "(--privileged|/etc:/mnt|\\PC*)",
            start_linked: bool,
            mode in proptest::option::of(prop_oneof![Just(ReadingMode::Background), Just(ReadingMode::OnOpen)]),
        ) {
            let written = SliceSpec { locale, time_zone, start_linked, reading_mode: mode, ..spec() };
            prop_assert_eq!(made(&written), made(&spec()));
        }
    }
}
