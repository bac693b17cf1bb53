//! Guards the dependency wall of ARCHITECTURE.md over the resolved manifests.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Direct, non-dev dependencies of a crate of ours.
fn dependencies(of: &str) -> BTreeSet<String> {
    let metadata = MetadataCommand::new().no_deps().exec().expect("cargo reads the manifests");
    let package = metadata.packages.iter().find(|package| package.name.as_str() == of);
    package
        .unwrap_or_else(|| panic!("no crate {of}"))
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind != DependencyKind::Development)
        .map(|dependency| dependency.name.clone())
        .collect()
}

/// Those of ours among them.
fn ours(of: &str) -> Vec<String> {
    dependencies(of).into_iter().filter(|name| name.starts_with("queunir")).collect()
}

#[test]
fn every_crate_uses_only_what_its_row_in_the_table_allows() {
    assert_eq!(ours("queunir-core"), [""; 0]);
    assert_eq!(ours("queunir-db"), ["queunir-core"]);
    assert_eq!(ours("queunir-whatsapp"), ["queunir-core"]);
    assert_eq!(ours("queunir-service"), ["queunir-core", "queunir-db"]);
    assert_eq!(ours("queunir-gateway"), ["queunir-core", "queunir-db", "queunir-service"]);
    assert_eq!(ours("queunir-orchestrator"), ["queunir-core", "queunir-db", "queunir-service", "queunir-snapshot"]);
    assert_eq!(ours("queunir-snapshot"), [""; 0]);
    assert_eq!(ours("queunir-slice"), ["queunir-core", "queunir-db", "queunir-service", "queunir-whatsapp"]);
    assert_eq!(ours("queunir-sim"), ["queunir-core"]);
}

#[test]
fn dangerous_crates_have_only_their_named_users() {
    let crates = ["core", "db", "whatsapp", "service", "gateway", "orchestrator", "slice", "sim", "snapshot"];
    for name in crates {
        let found = dependencies(&format!("queunir-{name}"));
        assert!(!found.contains("sqlx") || name == "db", "queunir-{name} uses sqlx");
        assert!(!found.contains("command-fds") || name == "whatsapp", "queunir-{name} hands file descriptors on");
        assert!(!found.contains("bollard") || name == "orchestrator", "queunir-{name} talks to the container engine");
        assert!(!found.contains("age") || name == "snapshot", "queunir-{name} encrypts files");
        assert!(!found.contains("tar") || name == "snapshot", "queunir-{name} unpacks archives");
    }
    assert!(!dependencies("queunir").contains("sqlx"));
    assert!(!dependencies("queunir").contains("queunir-sim"));
    for forbidden in ["axum", "sqlx", "tokio", "hyper", "reqwest"] {
        assert!(!dependencies("queunir-core").contains(forbidden), "core knows {forbidden}");
        assert!(!dependencies("queunir-snapshot").contains(forbidden), "snapshot knows {forbidden}");
    }
}

#[test]
fn the_merge_rule_asks_nobody() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../queunir-slice/src/merge");
    for file in std::fs::read_dir(folder).expect("the rule has a folder") {
        let path = file.expect("the folder can be read").path();
        let code = std::fs::read_to_string(&path).expect("the file can be read");
        for forbidden in ["async ", ".await", "SliceTx", "Batch", "now_v7()", "Timestamp::now", "rand::"] {
            assert!(!code.contains(forbidden), "{} knows {forbidden}", path.display());
        }
    }
}
