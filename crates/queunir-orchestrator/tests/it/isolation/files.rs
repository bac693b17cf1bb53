//! Files of other slices, and links that a slice leaves for whoever comes by (ATK-30).

use std::{fs, os::unix::fs::MetadataExt, path::Path, time::Duration};

use queunir_core::id::SliceId;
use queunir_orchestrator::runtime::{SliceRuntime, Stopped};
use queunir_service::usage::{self, Bounds};
use serde_json::{Value, json};

use super::{
    twin::{ATTEMPT, Pattern, attempt},
    walls::{Changes, Wall, changes, hold, wall},
};
use crate::{contract::GRACE, engine::TestEngine, host::Host};

const SECRET: &str = "a session";

#[tokio::test]
async fn atk_30_what_is_a_neighbours_is_not_there() {
    let Some(engine) = TestEngine::take("the walls of files") else { return };
    let host = Host::new();
    let runtime = engine.runtime(&host);
    let (one, two) = (host.folders(SliceId(1)), host.folders(SliceId(2)));
    let mut spec = host.spec(SliceId(1), 1);
    (spec.database_socket, spec.reader_profiles) = (host.dir.path().join("socket"), host.dir.path().join("profiles"));
    for folder in [&spec.database_socket, &spec.reader_profiles] {
        fs::create_dir(folder).unwrap();
    }
    runtime.ensure(&spec).await.unwrap();
    runtime.ensure(&host.spec(SliceId(2), 1)).await.unwrap();
    let (session, media) = (two.session().join("secret"), two.media().join("secret"));
    for secret in [&session, &media] {
        fs::write(secret, SECRET).unwrap();
    }
    let link = one.session().join("link");
    let planted = format!("symbolic_link={}={}", session.display(), link.display());
    assert_eq!(attempt("wank-slice-1", ATTEMPT, &[&planted]), ["done"]);

    let through = |kept: &str| {
        let mut attempts = vec![
            format!("list_folder={}", two.session().display()),
            format!("write_file={}", two.session().join(kept).display()),
            format!("hard_link={}={}", session.display(), one.session().join(kept).display()),
        ];
        let (key, authority) = (two.tls().join("g1.key"), host.dir.path().join("tls/ca.key"));
        let read = [&session, &media, &link, &two.password(), &key, &two.spec(), &authority];
        attempts.extend(read.map(|path| format!("read_file={}", path.display())));
        attempts
    };
    let all = |attempts: Vec<String>, why| attempts.into_iter().map(|attempt| (attempt, why)).collect::<Vec<_>>();
    let to_read = [
        format!("write_file={}", spec.database_socket.join("qn").display()),
        format!("write_file={}", spec.reader_profiles.join("qn").display()),
        format!("open_to_write={}", spec.ca_file.display()),
        format!("open_to_write={}", spec.key_file.display()),
        "open_to_write=/run/queunir/spec.json".to_owned(),
    ];
    let walls = [
        Wall {
            attempts: all(through("without-folders"), "ENOENT"),
            ..wall("folders of its own", "the whole state", &[]).behind(&["root", "all rights"])
        },
        Wall {
            attempts: all(through("without-user"), "EACCES"),
            ..wall("a user of its own, among all folders", "root with all rights", &[]).behind(&["the whole state"])
        },
        Wall {
            attempts: all(to_read.to_vec(), "EROFS"),
            ..wall("what it reads is not written", "all mounts to write", &[]).behind(&["root", "all rights"])
        },
    ];
    let pattern = Pattern::of_slice_1(&engine).await;
    let shown = hold(&pattern, &all_changes(host.dir.path()), &walls, async |_| {}).await;
    eprintln!("isolation: {shown} attempts on files shown with their wall down");
    for id in [1, 2] {
        assert_eq!(runtime.stop(SliceId(id), GRACE).await.unwrap(), Stopped::Ended);
    }
}

fn all_changes(state: &Path) -> Changes {
    let mut all = changes();
    let state = state.to_str().unwrap().to_owned();
    let mount = move |body: &mut Value| {
        let mounts = body["HostConfig"]["Mounts"].as_array_mut().unwrap();
        mounts.retain(|mount| !mount["Target"].as_str().unwrap().starts_with(&state));
        mounts.push(json!({ "Type": "bind", "Source": state, "Target": state }));
    };
    all.insert("the whole state", Box::new(mount));
    let (root, rights) = (all.remove("root").unwrap(), all.remove("all rights").unwrap());
    let both = move |body: &mut Value| [&root, &rights].into_iter().for_each(|change| change(body));
    all.insert("root with all rights", Box::new(both));
    all.extend(changes().into_iter().filter(|(name, _)| ["root", "all rights"].contains(name)));
    all
}

#[tokio::test]
async fn atk_30_links_that_a_slice_leaves_lead_the_orchestrator_nowhere() {
    let Some(engine) = TestEngine::take("links that a slice leaves") else { return };
    let (host, id) = (Host::new(), SliceId(1));
    let runtime = engine.runtime(&host);
    runtime.ensure(&host.spec(id, 1)).await.unwrap();
    let (one, two) = (host.folders(id), host.folders(SliceId(2)));
    two.prepare().unwrap();
    let secret = two.session().join("secret");
    fs::write(&secret, vec![1; 5_000_000]).unwrap();
    let links = [
        (one.session().join("Default"), two.session()),
        (one.media().join("file"), secret.clone()),
        (one.records().join("record"), two.session()),
    ];
    for (link, target) in &links {
        let plant = format!("symbolic_link={}={}", target.display(), link.display());
        assert_eq!(attempt("wank-slice-1", ATTEMPT, &[&plant]), ["done"]);
        assert!(fs::metadata(link).is_ok(), "the orchestrator would get there by {}", link.display());
    }
    let owners = || {
        let of = |path: &Path| {
            let found = fs::metadata(path).unwrap();
            (found.uid(), found.gid(), found.mode(), found.len())
        };
        [two.session(), secret.clone()].map(|path| of(&path))
    };
    let before = owners();

    for folder in [one.session(), one.media(), one.records()] {
        let used = usage::of(&folder, &mut Bounds::new(1_000, Duration::from_secs(60)));
        assert!(used.whole && used.bytes < 1_000_000, "{}: {used:?}", folder.display());
    }
    assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Ended);
    runtime.ensure(&host.spec(id, 2)).await.unwrap();
    assert_eq!(owners(), before, "a start gives nobody else's files away");
    assert_eq!(runtime.stop(id, GRACE).await.unwrap(), Stopped::Ended);
    one.remove().unwrap();
    assert!(!one.session().exists());
    assert_eq!(owners(), before, "an erased slice takes nobody else's files along");
}
