//! One gateway per test, with its own database.

use std::{
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, Instant},
};

use queunir_db::{Endpoint, control::ControlDb};
use queunir_gateway::{GatewayConfig, Limits, Patience, Rate, SlicePatience};
use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use reqwest::{Method, RequestBuilder, Response};
use secrecy::SecretString;
use serde_json::{Value, json};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// A password that nobody has.
pub const PASSWORD: &str = "rosquinhas de polvilho";

pub struct World {
    pub owner: PgPool,
    pub tls: Authority,
    pub address: SocketAddr,
    pub stop: CancellationToken,
    pub served: JoinHandle<()>,
    client: reqwest::Client,
}

/// Hardly any limit, as in the demo.
pub fn loose() -> Limits {
    let rate = Rate::new(1_000, 1_000, 1);
    Limits {
        sign_in_per_prefix: rate,
        sign_in_per_account_and_prefix: rate,
        sign_in_per_account: rate,
        sign_up_per_prefix: rate,
        operator_calls: rate,
        operator_refusals: rate,
    }
}

impl World {
    pub async fn new(options: PgConnectOptions) -> Self {
        Self::with(options, |_| {}).await
    }

    pub async fn with_limits(options: PgConnectOptions, limits: Limits) -> Self {
        Self::with(options, |config| config.limits = limits).await
    }

    /// A gateway with other settings.
    pub async fn with(options: PgConnectOptions, change: impl FnOnce(&mut GatewayConfig)) -> Self {
        let owner = PgPoolOptions::new()
            .max_connections(3)
            .connect_with(options.clone().options([("search_path", "gateway")]))
            .await
            .unwrap();
        sqlx::raw_sql("create schema if not exists gateway").execute(&owner).await.unwrap();
        queunir_db::control::MIGRATIONS.run(&owner).await.unwrap();
        let tls = Authority::new();
        tls.leaf("gateway", ExtendedKeyUsagePurpose::ClientAuth);
        let (address, stop, served) = start(&options, change, tls.dir()).await;
        let redirects = reqwest::redirect::Policy::none();
        let client = reqwest::Client::builder().no_proxy().redirect(redirects).build().unwrap();
        Self { owner, tls, address, stop, served, client }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A request as the app's own page sends it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).header("x-qn", "1").header("sec-fetch-site", "same-origin")
    }

    /// A request without a word about where it comes from.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    pub async fn register(&self, email: &str) -> Browser<'_> {
        let body = json!({"email": email, "password": PASSWORD, "locale": "pt-BR", "time_zone": "America/Sao_Paulo"});
        let response = self.request(Method::POST, "/auth/register").json(&body).send().await.unwrap();
        assert_eq!(response.status(), 201);
        Browser { world: self, cookie: cookie(&response).expect("a cookie") }
    }

    pub async fn count(&self, from: &str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {from}")))
            .fetch_one(&self.owner)
            .await
            .unwrap()
    }

    pub async fn run(&self, sql: &str) {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&self.owner).await.unwrap();
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Starts a gateway as its own role, on a port that is free.
async fn start(
    options: &PgConnectOptions,
    change: impl FnOnce(&mut GatewayConfig),
    tls_dir: PathBuf,
) -> (SocketAddr, CancellationToken, JoinHandle<()>) {
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .connect_with(options.clone().options([("search_path", "gateway"), ("role", "queunir_gw")]))
        .await
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut config = GatewayConfig {
        listen: address,
        database: Endpoint {
            socket: PathBuf::new(),
            port: 0,
            database: String::new(),
            role: String::new(),
            password: SecretString::from(""),
        },
        tls_dir,
        public_url: format!("http://{address}"),
        sign_up: true,
        phone_url: Some("http://localhost:3900/phone".to_owned()),
        orchestrator_key: None,
        limits: loose(),
        client_patience: Patience::default(),
        slice_patience: SlicePatience::default(),
        // Tests change the tables; remembering.rs has those that remember.
        session_memory: Duration::ZERO,
        openapi: json!({"openapi": "3.1.0"}),
    };
    change(&mut config);
    let stop = CancellationToken::new();
    let until = stop.clone();
    let served = tokio::spawn(async move {
        queunir_gateway::serve(config, ControlDb::from_pool(pool), listener, until).await.unwrap();
    });
    (address, stop, served)
}

/// The session cookie that an answer sets, as `name=value`.
pub fn cookie(response: &Response) -> Option<String> {
    let value = response.headers().get("set-cookie")?.to_str().ok()?;
    value.split(';').next().map(str::to_owned)
}

/// A signed-in browser.
pub struct Browser<'a> {
    pub world: &'a World,
    pub cookie: String,
}

impl Browser<'_> {
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.world.request(method, path).header("cookie", &self.cookie)
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path).json(body).send().await.unwrap()
    }

    /// Presses Connect for the first time.
    pub async fn connect(&self) -> Response {
        self.post("/api/connect", &json!({"reading_mode": "background", "accepted": "2026-11"})).await
    }
}

/// Status and code of a problem answer; everything about its form is checked.
pub async fn problem(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let text = response.text().await.unwrap();
    assert_eq!(headers["content-type"], "application/problem+json", "{status} {text}");
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(body["status"], status);
    assert_eq!(body["request_id"].as_str().unwrap().len(), 32);
    (status, body["code"].as_str().unwrap().to_owned())
}

/// Waits until `check` holds; fails after ten seconds.
pub async fn eventually<F: AsyncFnMut() -> bool>(what: &str, mut check: F) {
    let until = Instant::now() + Duration::from_secs(10);
    while !check().await {
        assert!(Instant::now() < until, "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The orchestrator's certificate authority.
pub struct Authority {
    dir: TempDir,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        std::fs::write(dir.path().join("ca.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { dir, issuer: Issuer::new(params, key) }
    }

    pub fn dir(&self) -> PathBuf {
        self.dir.path().to_owned()
    }

    pub fn leaf(&self, name: &str, usage: ExtendedKeyUsagePurpose) -> (PathBuf, PathBuf) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.extended_key_usages = vec![usage];
        let cert = params.signed_by(&key, &self.issuer).unwrap();
        let paths = (self.dir.path().join(format!("{name}.pem")), self.dir.path().join(format!("{name}.key")));
        std::fs::write(&paths.0, cert.pem()).unwrap();
        std::fs::write(&paths.1, key.serialize_pem()).unwrap();
        paths
    }
}
