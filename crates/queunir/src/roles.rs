//! The single roles, each put together from the settings and the state directory.

use std::{fs, path::Path};

use anyhow::{Context, bail};
use queunir_core::slice::SliceSpec;
use queunir_db::{Endpoint, control};
use queunir_gateway::{Limits, Patience, Rate, SlicePatience};
use queunir_orchestrator::Owner;
use queunir_service::{lifecycle, telemetry};
use secrecy::SecretString;

use crate::{
    openapi,
    settings::Settings,
    up::{GATEWAY, is_root},
};

/// The database role that writes what is wanted.
pub const GATEWAY_ROLE: &str = "queunir_gw";
/// Fewest characters of the operator's key; shorter ones can be guessed.
const SHORTEST_KEY: usize = 32;
/// The secret with its password.
pub const GATEWAY_PASSWORD: &str = "gateway.password";

/// Runs the gateway until it is told to stop.
pub fn gateway(state: &Path, settings: &Settings) -> anyhow::Result<()> {
    let config = queunir_gateway::GatewayConfig {
        listen: settings.server.listen,
        database: endpoint(state, settings, GATEWAY_ROLE, GATEWAY_PASSWORD)?,
        tls_dir: state.join("tls"),
        public_url: settings.public_url(),
        sign_up: settings.server.sign_up,
        orchestrator_key: orchestrator_key(&settings.server.orchestrator_key_file)?,
        phone_url: settings.demo.enabled.then(|| format!("http://localhost:{}/phone", settings.demo.listen.port())),
        limits: limits(settings),
        client_patience: Patience::default(),
        slice_patience: SlicePatience::default(),
        session_memory: queunir_gateway::SESSION_MEMORY,
        openapi: openapi::document()?,
    };
    serve(async |stop| queunir_gateway::run(config, stop).await)
}

/// Runs the orchestrator until it is told to stop; `end_slices` says whether the slices end with it.
pub fn orchestrator(state: &Path, settings: &Settings, end_slices: bool) -> anyhow::Result<()> {
    let config = queunir_orchestrator::OrchestratorConfig {
        database: endpoint(state, settings, "queunir_orch", "orchestrator.password")?,
        tenancy: settings.tenancy.mode,
        state_dir: state.to_owned(),
        tls_dir: state.join("tls"),
        executable: std::env::current_exe()?,
        docker: settings.docker()?,
        whatsapp_url: settings.whatsapp.url.clone(),
        reader_profiles: settings.reader_profiles(state),
        engine: settings.slices.engine,
        pacing: settings.pacing(),
        media: settings.media(),
        collection: settings.collection(),
        disk_quota_bytes: settings.disk_quota(),
        snapshots: settings.snapshots.recipient()?,
        monitor: settings.monitor(),
        base_port: settings.slices.base_port,
        gateway_user: is_root().then_some(Owner(GATEWAY.uid)),
        stop_slices: end_slices,
        rules: settings.rules(),
    };
    serve(async |stop| queunir_orchestrator::run(config, stop).await)
}

/// Runs one slice until it is told to stop.
pub fn slice(spec: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(spec).with_context(|| format!("cannot read {}", spec.display()))?;
    let spec: SliceSpec = serde_json::from_str(&text).context("the slice's spec is not valid")?;
    serve(async |stop| queunir_slice::run(spec, stop).await)
}

/// The key of the operator's routes, if there is to be one.
fn orchestrator_key(path: &Path) -> anyhow::Result<Option<SecretString>> {
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read {} (server.orchestrator_key_file)", path.display()))?;
    let key = text.trim();
    if key.len() < SHORTEST_KEY || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        bail!(
            "{} (server.orchestrator_key_file) must hold one line of at least {SHORTEST_KEY} characters without spaces",
            path.display()
        );
    }
    Ok(Some(SecretString::from(key.to_owned())))
}

/// The gateway's limits; a client network gets the burst, then three fifths of it each minute.
fn limits(settings: &Settings) -> Limits {
    let (sign_ups, burst) = (settings.limits.sign_ups_per_hour, settings.limits.sign_in_burst);
    Limits {
        sign_up_per_prefix: Rate::new(sign_ups, sign_ups, 3_600),
        sign_in_per_prefix: Rate::new(burst, (burst * 3 / 5).max(1), 60),
        sign_in_per_account_and_prefix: Rate::new(burst, burst, 900),
        ..Limits::default()
    }
}

fn serve<F>(role: F) -> anyhow::Result<()>
where
    F: AsyncFnOnce(tokio_util::sync::CancellationToken) -> anyhow::Result<()>,
{
    #[expect(clippy::disallowed_methods, reason = "the log's filter is set where every Rust program has it")]
    let filter = std::env::var("RUST_LOG").ok();
    telemetry::init(filter.as_deref());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let stop = lifecycle::stop_on_signal().context("cannot listen for signals")?;
        role(stop).await
    })
}

/// Where a role finds the control tables; its password is in the state directory.
///
/// # Errors
/// When that cannot be read.
pub fn endpoint(state: &Path, settings: &Settings, role: &str, password: &str) -> anyhow::Result<Endpoint> {
    let path = state.join("secrets").join(password);
    let password = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Endpoint {
        socket: settings.database.socket.clone(),
        port: settings.database.port,
        database: control::DATABASE.into(),
        role: role.into(),
        password: SecretString::from(password),
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_key_that_could_be_guessed_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let read = |text: &str| {
            fs::write(&path, text).unwrap();
            orchestrator_key(&path)
        };
        let key = "k".repeat(32);
        assert_eq!(read(&format!("{key}\n")).unwrap().unwrap().expose_secret(), key);
        for wrong in ["", "short", &"k".repeat(31), &format!("{key} {key}"), &format!("{key}\n{key}")] {
            assert!(read(wrong).unwrap_err().to_string().contains("orchestrator_key_file"), "{wrong}");
        }
        assert!(orchestrator_key(&dir.path().join("none")).unwrap_err().to_string().contains("orchestrator_key_file"));
        assert!(orchestrator_key(Path::new("")).unwrap().is_none());
    }
}
