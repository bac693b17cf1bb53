//! How many more slices fit, as text for a person.

use queunir_core::capacity::{Basis, Capacity, Fit, LevelFit, Limit};

use super::table::{aligned, word};

/// The table, and what it was counted with.
pub fn text(capacity: &Capacity) -> String {
    let head = ["LEVEL", "RUNNING", "MORE (USUAL)", "MORE (CAREFUL)", "MEMORY EACH", "CPU EACH", "BASIS"];
    let rows = [
        row("service", capacity.running.service, &capacity.service),
        row("linked", capacity.running.linked, &capacity.linked),
    ];
    let host = capacity.host;
    let cap = host.linked_cap.map_or_else(String::new, |cap| format!(", at most {cap} slices with a browser"));
    format!(
        "{}\n\nThis host: {} MB of memory ({} MB of it kept free), {} cores (four fifths of them counted){cap}.\n\
         Usual counts with the median of what slices take, careful with what they take at their worst (95th percentile).\n\
         The two lines exclude each other: what one level takes is not there for the other.",
        aligned(&head, &rows),
        host.memory_bytes >> 20,
        capacity.reserve_bytes >> 20,
        host.cores,
    )
}

fn row(name: &str, running: u32, level: &LevelFit) -> Vec<String> {
    let (median, p95) = (level.cost.median, level.cost.p95);
    let basis = match level.cost.basis {
        Basis::Measured => format!("{} samples of this host", level.cost.samples),
        Basis::Assumed => "assumed: too little was measured here".to_owned(),
    };
    vec![
        name.to_owned(),
        running.to_string(),
        fit(level.usual),
        fit(level.careful),
        format!("{} / {} MB", median.memory_bytes >> 20, p95.memory_bytes >> 20),
        format!("{:.1} / {:.1} %", median.cpu_percent, p95.cpu_percent),
        basis,
    ]
}

fn fit(fit: Fit) -> String {
    let by = match fit.limited_by {
        Limit::Memory => "memory".to_owned(),
        Limit::Cpu => "CPU".to_owned(),
        other => word(&other),
    };
    format!("{} (by {by})", fit.more)
}

#[cfg(test)]
mod tests {
    use queunir_core::capacity::{Costs, HostSize, LINKED, Running, SERVICE, estimate};

    use super::*;

    #[test]
    fn the_basis_and_the_tightest_bound_are_said() {
        let host = HostSize { memory_bytes: 64 << 30, cores: 16, linked_cap: Some(72) };
        let running = Running { service: 1, linked: 40 };
        let said = text(&estimate(host, running, Costs { service: SERVICE, linked: LINKED }));
        let linked = said.lines().find(|line| line.starts_with("linked")).unwrap();
        assert!(
            linked.contains("32 (by cap)") && linked.contains("2 (by CPU)") && linked.contains("assumed"),
            "{said}"
        );
        assert!(said.contains("65536 MB") && said.contains("4096 MB") && said.contains("at most 72 slices"), "{said}");
    }
}
