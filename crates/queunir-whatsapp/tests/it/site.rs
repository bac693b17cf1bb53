//! A small web server as a stand-in for WhatsApp Web, and a place for profiles.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::{Request, State},
    http::header,
    response::{Html, IntoResponse, Response},
};
use queunir_core::slice::Engine;
use queunir_whatsapp::BrowserConfig;

/// A request as it came in: path and selected headers.
#[derive(Clone, Debug)]
pub struct Asked {
    pub path: String,
    pub user_agent: String,
    pub hints: String,
    pub languages: String,
}

type Log = Arc<Mutex<Vec<Asked>>>;

pub struct Site {
    pub url: String,
    pub asked: Log,
    dir: tempfile::TempDir,
}

impl Site {
    /// Serves one document for every path, except `/sw.js` and `/worker.js`.
    pub async fn start(document: &'static str) -> Self {
        let asked = Log::default();
        let router = Router::new().fallback(answer).with_state((document, asked.clone()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}/", listener.local_addr().unwrap().port());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let dir = tempfile::tempdir().unwrap();
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        Self { url, asked, dir }
    }

    /// A profile that does not exist yet.
    pub fn config(&self) -> BrowserConfig {
        BrowserConfig {
            engine: Engine::Chromium,
            profile_dir: self.dir.path().join("session"),
            whatsapp_url: self.url.clone(),
            locale: "pt-BR".into(),
            time_zone: "America/Sao_Paulo".into(),
            reader_profiles: None,
            locale_in_url: true,
            as_user: other_user(),
            offline: false,
        }
    }
}

/// Another uid when this is root.
pub fn other_user() -> Option<u32> {
    rustix::process::geteuid().is_root().then_some(200_001)
}

async fn answer(State((document, log)): State<(&'static str, Log)>, request: Request) -> Response {
    let text = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let path = request.uri().to_string();
    log.lock().unwrap().push(Asked {
        path: path.clone(),
        user_agent: text("user-agent"),
        hints: text("sec-ch-ua"),
        languages: text("accept-language"),
    });
    let script = |body: &'static str| ([(header::CONTENT_TYPE, "text/javascript")], body).into_response();
    match path.as_str() {
        "/sw.js" => script("self.onmessage = e => e.source.postMessage(navigator.userAgent)"),
        "/worker.js" => script(
            "postMessage(JSON.stringify({ua: navigator.userAgent, languages: navigator.languages, \
             zone: Intl.DateTimeFormat().resolvedOptions().timeZone, \
             brands: navigator.userAgentData.brands.map(b => b.brand)}))",
        ),
        _ => Html(document).into_response(),
    }
}

/// Command line of every live process in the process group of the browser on this directory.
pub fn children_of(dir: &Path) -> Vec<(u32, Vec<String>)> {
    let Some(leader) = processes_on(dir).into_iter().find(|(_, words)| !words.iter().any(|w| w.contains("--type=")))
    else {
        return Vec::new();
    };
    group_of(leader.0).into_iter().map(|pid| (pid, words_of(pid))).collect()
}

/// Every process of this group.
pub fn group_of(leader: u32) -> Vec<u32> {
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok())
        .filter(|pid| {
            std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
                let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
                after.split_whitespace().nth(2) == Some(leader.to_string().as_str())
            })
        })
        .collect()
}

fn words_of(pid: u32) -> Vec<String> {
    let bytes = std::fs::read(PathBuf::from(format!("/proc/{pid}/cmdline"))).unwrap_or_default();
    bytes.split(|b| *b == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}

/// Command line of every live process whose command line names this directory.
pub fn processes_on(dir: &Path) -> Vec<(u32, Vec<String>)> {
    let needle = dir.display().to_string();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let words = words_of(pid);
        if words.iter().any(|word| word.contains(&needle)) {
            found.push((pid, words));
        }
    }
    found
}
