//! Checks that only a person with a real phone can make, and the record of a round of them.

use std::sync::LazyLock;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::api::canary::Canary;

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The evidence's section.
    pub section: String,
    /// What is asserted; the answer is yes or no.
    pub asks: String,
}

#[derive(Deserialize)]
struct File {
    checks: Vec<Check>,
}

/// All checks, in the order in which they are asked.
pub static CHECKS: LazyLock<Vec<Check>> = LazyLock::new(|| {
    let file = include_str!("../../queunir-whatsapp/profiles/guided.json");
    serde_json::from_str(file).map_or_else(|_| Vec::new(), |file: File| file.checks)
});

/// What a person said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// It was not looked at.
    NotNow,
}

/// A round, to be kept: the answers and the structure of the page, and nothing that anybody wrote.
#[derive(Debug, Serialize)]
pub struct GuidedRecord {
    version: String,
    at: Timestamp,
    checks: Vec<Answered>,
    page: Option<Canary>,
}

#[derive(Debug, Serialize)]
struct Answered {
    section: String,
    asks: String,
    answer: Answer,
}

impl GuidedRecord {
    /// A round without answers yet.
    #[must_use]
    pub fn begin(version: &str, at: Timestamp, page: Option<Canary>) -> Self {
        Self { version: version.to_owned(), at, checks: Vec::new(), page }
    }

    /// Adds an answer.
    pub fn answer(&mut self, check: &Check, answer: Answer) {
        self.checks.push(Answered { section: check.section.clone(), asks: check.asks.clone(), answer });
    }

    /// How often something was answered.
    #[must_use]
    pub fn count(&self, answer: Answer) -> usize {
        self.checks.iter().filter(|check| check.answer == answer).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_thirty_checks_and_each_is_a_sentence() {
        assert_eq!(CHECKS.len(), 30);
        assert!(CHECKS.iter().all(|check| check.asks.ends_with('.') && !check.section.is_empty()));
    }
}
