//! `queunir canary`: which of the facts that the reader relies on hold on a live page, and a person's answers beside it.

use std::{
    fmt::Write as _,
    fs,
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use queunir_core::{id::SliceId, time::Clock};
use queunir_service::clock::SystemClock;
use queunir_slice::{
    Holds,
    api::canary::Canary,
    guided::{Answer, CHECKS, GuidedRecord},
};

use crate::slices::look;

/// What is asked of `queunir canary`.
pub struct Ask {
    /// Number of the slice; a guided round may do without.
    pub slice: Option<i64>,
    /// JSON instead of a table.
    pub json: bool,
    /// Lead a person through the checks, and write what came of them there.
    pub guided: Option<PathBuf>,
}

/// Prints what holds; exits with 1 when a fact or a check does not.
pub fn run(state: &Path, ask: &Ask) -> anyhow::Result<ExitCode> {
    let canary = ask.slice.map(|slice| look(state, slice)).transpose()?;
    if let Some(canary) = &canary {
        let text = if ask.json { serde_json::to_string_pretty(canary)? } else { table(canary) };
        writeln!(io::stdout().lock(), "{text}")?;
    }
    let mut fine = canary.as_ref().is_none_or(|canary| canary.broken() == 0);
    match &ask.guided {
        Some(path) => fine &= guide(path, canary, &mut io::stdin().lock(), &mut io::stderr().lock())?,
        None if canary.is_none() => bail!("name a slice, or ask for the guided round with --guided FILE"),
        None => {}
    }
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn look(state: &Path, slice: i64) -> anyhow::Result<Canary> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let answer = runtime.block_on(look::ask(state, SliceId(slice), "/internal/canary"))?;
    if !answer.status.is_success() {
        bail!("the slice does not tell ({}); does its browser run?", answer.status);
    }
    serde_json::from_slice(&answer.body).context("the slice said something else")
}

fn table(canary: &Canary) -> String {
    let mut text = String::new();
    for fact in &canary.facts {
        let holds = match fact.holds {
            Holds::Yes => "holds",
            Holds::No => "FAILS",
            Holds::NotShown => "-",
        };
        let of = if fact.looked > 1 { format!(" ({} of {})", fact.held, fact.looked) } else { String::new() };
        let _infallible = writeln!(text, "{holds:<6} {:<16} {}{of}", fact.id, fact.says);
    }
    let count = |holds| canary.facts.iter().filter(|fact| fact.holds == holds).count();
    let _infallible = write!(
        text,
        "{} hold, {} fail, {} are about what the page does not show now",
        count(Holds::Yes),
        count(Holds::No),
        count(Holds::NotShown)
    );
    text
}

/// Asks every check; the record is written at the end, whole or not at all. Says whether nothing was answered with no.
fn guide(
    path: &Path,
    canary: Option<Canary>,
    answers: &mut impl BufRead,
    say: &mut impl Write,
) -> anyhow::Result<bool> {
    writeln!(
        say,
        "{} checks. Answer y (yes), n (no) or s (not now); q ends the round without a record.",
        CHECKS.len()
    )?;
    let mut record = GuidedRecord::begin(env!("CARGO_PKG_VERSION"), SystemClock.now(), canary);
    for (place, check) in CHECKS.iter().enumerate() {
        let answer = loop {
            write!(say, "{}/{} [{}] {} ", place + 1, CHECKS.len(), check.section, check.asks)?;
            say.flush()?;
            let mut line = String::new();
            if answers.read_line(&mut line)? == 0 {
                bail!("the answers ended before the checks did; nothing was written");
            }
            match line.trim().to_lowercase().as_str() {
                "y" | "yes" => break Answer::Yes,
                "n" | "no" => break Answer::No,
                "s" | "not now" => break Answer::NotNow,
                "q" => bail!("ended before the last check; nothing was written"),
                _ => writeln!(say, "y, n, s or q")?,
            }
        };
        record.answer(check, answer);
    }
    let text = serde_json::to_string_pretty(&record)?;
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write {}", path.display()))?;
    writeln!(
        say,
        "{} yes, {} no, {} not now: {}",
        record.count(Answer::Yes),
        record.count(Answer::No),
        record.count(Answer::NotNow),
        path.display()
    )?;
    Ok(record.count(Answer::No) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_asks_every_check_again_until_it_is_answered_and_writes_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("round.json");
        let answers = format!("maybe my name is Ana\ny\nn\ns\n{}", "y\n".repeat(CHECKS.len() - 3));
        let mut said = Vec::new();
        let fine = guide(&path, None, &mut answers.as_bytes(), &mut said).unwrap();
        assert!(!fine, "one was answered with no");
        let text = fs::read_to_string(&path).unwrap();
        let record: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(record["checks"].as_array().unwrap().len(), 30);
        assert_eq!(record["checks"][2]["answer"], "not_now");
        assert!(!text.contains("Ana"), "what was typed is not kept: {text}");
        assert!(guide(&path, None, &mut answers.as_bytes(), &mut said).is_err(), "a record is never written over");
    }

    #[test]
    fn a_round_that_ends_early_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        for answers in ["y\ny\nq\n", "y\n"] {
            let path = dir.path().join("round.json");
            assert!(guide(&path, None, &mut answers.as_bytes(), &mut Vec::new()).is_err());
            assert!(!path.exists());
        }
    }
}
