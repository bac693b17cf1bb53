//! What `--demo` adds: the simulator, and an account to sign in with.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    net::SocketAddr,
    os::unix::fs::OpenOptionsExt,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use rustix::process::Signal;
use serde::{Deserialize, Serialize};

use super::{
    SIMULATOR,
    child::ChildSpec,
    state::{State, is_root, random_text},
};
use crate::settings::Settings;

/// How long a freshly started role may take to answer.
const START_LIMIT: Duration = Duration::from_secs(30);

/// The simulator, found beside our own executable.
pub fn child(state: &State, settings: &Settings) -> anyhow::Result<ChildSpec> {
    let own = std::env::current_exe()?;
    let beside = own.with_file_name("queunir-sim");
    if !beside.exists() {
        bail!("{} is missing; build it with `cargo build -p queunir-sim`", beside.display());
    }
    let user = is_root().then_some(SIMULATOR);
    let home = state.subdir("simulator", 0o700, user)?;
    Ok(ChildSpec {
        name: "simulator",
        program: state.executable(&beside)?,
        args: [
            "--listen".into(),
            settings.demo.listen.to_string().into(),
            "--scenario".into(),
            settings.demo.scenario.clone().into(),
            "--speed".into(),
            settings.demo.speed.to_string().into(),
            "--state".into(),
            home.join("world.jsonl").into(),
        ]
        .into(),
        env: Vec::new(),
        user,
        stop_signal: Signal::TERM,
        grace: Duration::from_secs(5),
        log: state.subdir("logs", 0o700, None)?.join("simulator.log"),
    })
}

/// The demo account.
#[derive(Serialize, Deserialize)]
pub struct SignIn {
    pub email: String,
    pub password: String,
}

/// The demo account of this state directory, made on first use; `None` when sign-up is switched off.
pub async fn sign_in(state: &State, settings: &Settings) -> anyhow::Result<Option<SignIn>> {
    let path = state.dir().join("demo-sign-in.json");
    if path.exists() {
        return Ok(Some(serde_json::from_str(&fs::read_to_string(&path)?)?));
    }
    if !settings.server.sign_up {
        return Ok(None);
    }
    let sign_in = SignIn { email: "demo@queunir.test".into(), password: random_text(16) };
    let body = serde_json::json!({
        "email": sign_in.email, "password": sign_in.password, "locale": "en", "time_zone": "America/Sao_Paulo",
    });
    let answer = reqwest::Client::builder()
        .no_proxy()
        .build()?
        .post(format!("http://{}/auth/register", settings.server.listen))
        .header("origin", settings.public_url())
        .header("x-qn", "1")
        .json(&body)
        .timeout(Duration::from_secs(15))
        .send()
        .await
        .context("cannot make the demo account")?;
    if !answer.status().is_success() {
        bail!("the gateway refused the demo account: {}", answer.status());
    }
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path)?;
    file.write_all(serde_json::to_string_pretty(&sign_in)?.as_bytes())?;
    Ok(Some(sign_in))
}

/// Waits until an address answers a GET with success.
pub async fn wait_for(address: SocketAddr, path: &str) -> anyhow::Result<()> {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(2)).build()?;
    let deadline = Instant::now() + START_LIMIT;
    loop {
        match client.get(format!("http://{address}{path}")).send().await {
            Ok(answer) if answer.status().is_success() => return Ok(()),
            _ if Instant::now() > deadline => bail!("no answer from {address} within {} s", START_LIMIT.as_secs()),
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
