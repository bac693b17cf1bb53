//! The browser's start, identity and end.

use std::time::{Duration, Instant};

use queunir_core::slice::{CLEAN_END, PROFILE_LOCK};
use queunir_whatsapp::{
    LaunchError,
    browser::{Browser, kills},
    cdp::{CdpError, Session},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::site::{Site, group_of, processes_on};

const CALL: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
struct Evaluated {
    result: Remote,
}

#[derive(Deserialize)]
struct Remote {
    #[serde(default)]
    value: Value,
}

async fn evaluate(browser: &Browser, expression: &str) -> Value {
    let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
    let done: Evaluated = browser.page().call("Runtime.evaluate", params, CALL).await.unwrap();
    done.result.value
}

/// Navigates and waits for the page's `load`: `Page.navigate` is answered before the body is parsed.
async fn visit(page: &Session, url: &str) {
    let _: Value = page.call("Page.navigate", json!({"url": url}), CALL).await.unwrap();
    let loaded =
        "document.readyState === 'complete' || new Promise(done => addEventListener('load', () => done(true)))";
    let params = json!({"expression": loaded, "awaitPromise": true});
    let _: Value = page.call("Runtime.evaluate", params, CALL).await.unwrap();
}

#[tokio::test]
async fn chr_01_the_browser_is_sandboxed_and_listens_nowhere() {
    let site = Site::start("<title>x</title>").await;
    let config = site.config();
    let browser = Browser::start(&config).await.unwrap();
    let processes = processes_on(&config.profile_dir);
    let (_, words) = processes.iter().find(|(pid, _)| *pid == browser.pid()).expect("it runs");
    let line = words.join(" ");
    for flag in ["--headless=new", "--remote-debugging-pipe"] {
        assert!(line.split(' ').any(|word| word == flag), "{line}");
    }
    for (_, words) in &processes {
        assert!(!words.iter().any(|w| w.contains("no-sandbox") || w.contains("remote-debugging-port")), "{words:?}");
    }
    // A sandboxed renderer lives in a user namespace of its own.
    let own = std::fs::read_link(format!("/proc/{}/ns/user", browser.pid())).unwrap();
    let jailed = group_of(browser.pid())
        .into_iter()
        .filter(|pid| std::fs::read_link(format!("/proc/{pid}/ns/user")).is_ok_and(|ns| ns != own))
        .count();
    assert!(jailed > 0, "no process is in a user namespace of its own");
    assert_eq!(listeners(&group_of(browser.pid())), 0, "it listens");
    browser.close().await;
    assert!(!std::path::Path::new(&format!("/proc/{}", browser.pid())).exists());
}

#[tokio::test]
async fn its_profile_says_whether_it_ended_by_itself() {
    let site = Site::start("<title>x</title>").await;
    let config = site.config();
    let said = || std::fs::read(config.profile_dir.join(PROFILE_LOCK)).unwrap();
    let browser = Browser::start(&config).await.unwrap();
    browser.close().await;
    assert_eq!(said(), CLEAN_END);
    let browser = Browser::start(&config).await.unwrap();
    assert_eq!(said(), b"", "it runs");
    let pid = i32::try_from(browser.pid()).unwrap();
    rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), rustix::process::Signal::KILL).unwrap();
    browser.gone().await;
    browser.close().await;
    assert_eq!(said(), b"", "it was killed");
}

/// How many listening TCP sockets these processes hold.
fn listeners(pids: &[u32]) -> usize {
    let mut listening = std::collections::HashSet::new();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        for line in std::fs::read_to_string(table).unwrap_or_default().lines().skip(1) {
            let columns: Vec<&str> = line.split_whitespace().collect();
            if columns.get(3) == Some(&"0A") {
                listening.insert(format!("socket:[{}]", columns[9]));
            }
        }
    }
    pids.iter()
        .flat_map(|pid| std::fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten())
        .filter_map(|fd| std::fs::read_link(fd.path()).ok())
        .filter(|target| listening.contains(&target.to_string_lossy().into_owned()))
        .count()
}

#[tokio::test]
async fn a_killed_browser_fails_the_call_in_flight_at_once() {
    let site = Site::start("<title>x</title>").await;
    let browser = Browser::start(&site.config()).await.unwrap();
    let pid = rustix::process::Pid::from_raw(i32::try_from(browser.pid()).unwrap()).unwrap();
    let page = browser.page().clone();
    let never = tokio::spawn(async move {
        let params = json!({"expression": "new Promise(() => {})", "awaitPromise": true});
        page.call::<Value>("Runtime.evaluate", params, Duration::from_secs(60)).await
    });
    evaluate(&browser, "1 + 1").await;
    let killed = Instant::now();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    assert_eq!(never.await.unwrap().unwrap_err(), CdpError::Dead);
    // About 100 ms on an idle machine; the call's own limit is 60 s.
    assert!(killed.elapsed() < Duration::from_secs(3), "{:?}", killed.elapsed());
    browser.gone().await;
    let next = browser.page().call::<Value>("Runtime.evaluate", json!({"expression": "1"}), CALL).await;
    assert_eq!(next.unwrap_err(), CdpError::Dead);
}

#[tokio::test]
async fn a_crashed_renderer_fails_calls_and_a_reload_revives_the_page() {
    let site = Site::start("<title>x</title>").await;
    let browser = Browser::start(&site.config()).await.unwrap();
    let page = browser.page();
    let _: Value = page.call("Inspector.enable", json!({}), CALL).await.unwrap();
    visit(page, &site.url).await;
    let waiting = {
        let page = page.clone();
        tokio::spawn(async move {
            let params = json!({"expression": "new Promise(() => {})", "awaitPromise": true});
            page.call::<Value>("Runtime.evaluate", params, Duration::from_secs(60)).await
        })
    };
    let crash = page.call::<Value>("Page.crash", json!({}), CALL).await;
    assert!(crash.is_err(), "{crash:?}");
    assert!(matches!(waiting.await.unwrap().unwrap_err(), CdpError::SessionGone(_)));
    assert!(page.is_crashed());
    let started = Instant::now();
    let refused = page.call::<Value>("Runtime.evaluate", json!({"expression": "1"}), CALL).await;
    assert_eq!(refused.unwrap_err(), CdpError::SessionGone("crashed"));
    assert!(started.elapsed() < Duration::from_secs(1));
    page.forgive_crash();
    visit(page, &site.url).await;
    assert_eq!(evaluate(&browser, "document.title").await, "x");
    browser.close().await;
}

#[tokio::test]
async fn chr_04_a_profile_has_one_browser_and_a_stale_lock_does_not_block() {
    let site = Site::start("<title>x</title>").await;
    let config = site.config();
    let first = Browser::start(&config).await.unwrap();
    assert!(matches!(Browser::start(&config).await, Err(LaunchError::ProfileInUse)));
    let pid = rustix::process::Pid::from_raw(i32::try_from(first.pid()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    first.gone().await;
    drop(first);
    let lock = config.profile_dir.join("SingletonLock");
    let _left = std::fs::remove_file(&lock);
    std::os::unix::fs::symlink("another-host-77", &lock).unwrap();
    let second = Browser::start(&config).await.unwrap();
    second.close().await;
    assert_eq!(kills(), 0);
}

/// What a document says of the browser it is in.
const SELF_PORTRAIT: &str = r#"(async () => {
  const hints = await navigator.userAgentData.getHighEntropyValues(
    ["architecture", "bitness", "formFactors", "fullVersionList", "model", "platformVersion", "uaFullVersion", "wow64"]);
  return {
    hints, ua: navigator.userAgent, appVersion: navigator.appVersion, platform: navigator.platform, vendor: navigator.vendor,
    plugins: navigator.plugins.length, pdf: navigator.pdfViewerEnabled, touch: navigator.maxTouchPoints,
    chrome: typeof globalThis.chrome, webdriver: navigator.webdriver, cookies: navigator.cookieEnabled,
  };
})()"#;

/// The same binary, without any of our flags but those that make it startable here, is the yardstick.
async fn plain_portrait(site: &Site) -> Value {
    use std::os::fd::OwnedFd;

    use command_fds::{CommandFdExt, FdMapping};
    use queunir_whatsapp::cdp::Client;

    let home = site.config().profile_dir.with_file_name("plain");
    std::fs::create_dir(&home).unwrap();
    let user = crate::site::other_user();
    std::os::unix::fs::chown(&home, user, user).unwrap();
    let pipe = || rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).unwrap();
    let ((theirs, our_writer), (our_reader, writer)): ((OwnedFd, OwnedFd), (OwnedFd, OwnedFd)) = (pipe(), pipe());
    for end in [&our_writer, &our_reader] {
        rustix::io::ioctl_fionbio(end, true).unwrap();
    }
    let mut command = std::process::Command::new("setpriv");
    if let Some(uid) = user {
        command.args([format!("--reuid={uid}"), format!("--regid={uid}"), "--clear-groups".into()]);
    }
    command.args(["--pdeathsig", "KILL", "--", "/usr/lib/chromium/chromium", "--headless=new", "--no-first-run"]);
    command.arg("--remote-debugging-pipe").arg(format!("--user-data-dir={}", home.display())).env("HOME", &home);
    command.stderr(std::process::Stdio::null());
    let fds = vec![FdMapping { parent_fd: theirs, child_fd: 3 }, FdMapping { parent_fd: writer, child_fd: 4 }];
    let mut child = command.fd_mappings(fds).unwrap().spawn().unwrap();
    drop(command);
    let client = Client::over_pipe(our_writer, our_reader).unwrap();
    let targets: Value = client.browser().call("Target.getTargets", json!({}), CALL).await.unwrap();
    let target = targets["targetInfos"].as_array().unwrap().iter().find(|t| t["type"] == "page").unwrap();
    let attach = json!({"targetId": target["targetId"], "flatten": true});
    let attached: Value = client.browser().call("Target.attachToTarget", attach, CALL).await.unwrap();
    let page = client.session(attached["sessionId"].as_str().unwrap());
    visit(&page, &site.url).await;
    let params = json!({"expression": SELF_PORTRAIT, "returnByValue": true, "awaitPromise": true});
    let portrait: Evaluated = page.call("Runtime.evaluate", params, CALL).await.unwrap();
    let _: Result<Value, _> = client.browser().call("Browser.close", json!({}), CALL).await;
    tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
    portrait.result.value
}

#[tokio::test]
async fn pol_06_the_browser_is_itself_without_the_word_headless() {
    let site = Site::start("<title>x</title>").await;
    let mut plain = plain_portrait(&site).await;
    for field in ["ua", "appVersion"] {
        let words = plain[field].as_str().unwrap().replace("HeadlessChrome", "Chrome");
        plain[field] = json!(words);
    }
    site.asked.lock().unwrap().clear();

    let (page, mut events) = queunir_whatsapp::launch(site.config()).await.unwrap();
    let first = events.recv().await.unwrap();
    assert!(matches!(first, queunir_whatsapp::PageEvent::State(_)), "{first:?}");
    page.close().await;

    let browser =
        Browser::start(&queunir_whatsapp::BrowserConfig { locale_in_url: false, ..site.config() }).await.unwrap();
    queunir_whatsapp::prepare_for_test(&browser, &site.config()).await.unwrap();
    visit(browser.page(), &site.url).await;
    let mut ours = evaluate(&browser, SELF_PORTRAIT).await;
    // Under remote debugging both say so; it is not hidden.
    assert_eq!(ours["webdriver"], plain["webdriver"]);
    assert_eq!(ours["hints"]["brands"], plain["hints"]["brands"]);
    for portrait in [&mut ours, &mut plain] {
        portrait["hints"]["fullVersionList"].as_array_mut().unwrap().sort_by_key(Value::to_string);
    }
    assert_eq!(ours, plain);

    let there = evaluate(
        &browser,
        r#"(async () => ({
          size: [innerWidth, innerHeight], languages: navigator.languages, seen: document.visibilityState, focus: document.hasFocus(),
          zone: Intl.DateTimeFormat().resolvedOptions().timeZone, locale: Intl.DateTimeFormat().resolvedOptions().locale,
          worker: JSON.parse(await new Promise(done => { new Worker("/worker.js").onmessage = e => done(e.data); })),
          service: await (async () => {
            await navigator.serviceWorker.register("/sw.js");
            const ready = await navigator.serviceWorker.ready;
            return await new Promise(done => { navigator.serviceWorker.onmessage = e => done(e.data); ready.active.postMessage(1); });
          })(),
        }))()"#,
    )
    .await;
    assert!(there["size"][0].as_u64().unwrap() >= 1280 && there["size"][1].as_u64().unwrap() >= 800, "{there}");
    assert_eq!(there["languages"], json!(["pt-BR", "pt", "en-US", "en"]));
    assert_eq!((&there["seen"], &there["focus"]), (&json!("visible"), &json!(true)));
    assert_eq!((&there["zone"], &there["locale"]), (&json!("America/Sao_Paulo"), &json!("pt-BR")));
    assert_eq!(there["worker"]["ua"], ours["ua"]);
    assert_eq!(there["worker"]["languages"], there["languages"]);
    assert_eq!(there["worker"]["zone"], "America/Sao_Paulo");
    assert_eq!(there["service"], ours["ua"]);
    browser.close().await;

    for asked in site.asked.lock().unwrap().iter() {
        assert!(!asked.user_agent.contains("Headless"), "{asked:?}");
        assert!(asked.languages.starts_with("pt-BR,pt;"), "{asked:?}");
        assert!(asked.hints.is_empty() || asked.hints.contains("\"Chromium\""), "{asked:?}");
    }
    assert!(site.asked.lock().unwrap().iter().any(|asked| asked.path == "/?locale=pt_BR"));
}
