//! The one list of Chromium's flags.

use std::path::{Path, PathBuf};

use queunir_core::slice::Engine;

use super::{BrowserConfig, Identity, LaunchError};

/// What every browser is started with, besides profile, language and identity.
const FIXED: [&str; 27] = [
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--no-service-autorun",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-component-extensions-with-background-pages",
    "--disable-client-side-phishing-detection",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-notifications",
    "--disable-search-engine-choice-screen",
    "--disable-session-crashed-bubble",
    "--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication",
    "--metrics-recording-only",
    "--mute-audio",
    "--deny-permission-prompts",
    "--password-store=basic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disk-cache-size=52428800",
    "--media-cache-size=10485760",
];

/// Shared memory below this many free bytes is too little for a page; temporary files are used instead.
const LEAST_SHARED_MEMORY: u64 = 512 << 20;

/// Where the engine's executable is. Debian's `chromium` is a script that only adds flags, so the browser itself is preferred.
pub(super) fn binary(engine: Engine) -> Result<PathBuf, LaunchError> {
    let (name, places): (_, &[&str]) = match engine {
        Engine::Chromium => ("chromium", &["/usr/lib/chromium/chromium", "/usr/bin/chromium"]),
        Engine::HeadlessShell => (
            "chromium-headless-shell",
            &["/usr/lib/chromium/chromium-headless-shell", "/usr/bin/chromium-headless-shell"],
        ),
    };
    places.iter().map(PathBuf::from).find(|path| path.is_file()).ok_or(LaunchError::NotInstalled(name))
}

/// Everything after the executable's name.
pub(super) fn arguments(config: &BrowserConfig, identity: &Identity) -> Vec<String> {
    let mut all: Vec<String> = FIXED.iter().map(|flag| (*flag).to_owned()).collect();
    if config.engine == Engine::Chromium {
        all.push("--headless=new".into());
    }
    if shared_memory_is_small() {
        all.push("--disable-dev-shm-usage".into());
    }
    if config.offline {
        all.push("--host-resolver-rules=MAP * ~NOTFOUND".into());
        all.push("--proxy-server=127.0.0.1:9".into());
        all.push("--proxy-bypass-list=<-loopback>".into());
    }
    all.push("--window-size=1440,987".into());
    all.push("--screen-info={1920x1080}".into());
    all.push(format!("--user-data-dir={}", config.profile_dir.display()));
    all.push(format!("--lang={}", config.locale));
    all.push(format!("--accept-lang={}", super::identity::accept_language(&config.locale)));
    all.push(format!("--user-agent={}", identity.user_agent));
    all.push("about:blank".into());
    all
}

fn shared_memory_is_small() -> bool {
    rustix::fs::statvfs(Path::new("/dev/shm"))
        .is_ok_and(|stat| stat.f_bavail.saturating_mul(stat.f_frsize) < LEAST_SHARED_MEMORY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chr_01_no_forbidden_flag_is_in_the_list() {
        let forbidden = [
            "--no-sandbox",
            "--disable-setuid-sandbox",
            "--disable-web-security",
            "--single-process",
            "--no-zygote",
            "--ignore-certificate-errors",
            "--remote-debugging-port",
            "--remote-debugging-address",
            "--disable-blink-features",
        ];
        for flag in FIXED {
            assert!(!forbidden.iter().any(|bad| flag.starts_with(bad)), "{flag} is forbidden");
        }
    }
}
