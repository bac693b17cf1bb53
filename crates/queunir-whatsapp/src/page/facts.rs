//! What the reader and the driver rely on, as facts that can be looked up in a live page (`profiles/facts.json`).

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::raw::{Capped, Rejected};

/// A function that takes the facts and returns [`SeenFacts`] as JSON.
pub(crate) const FACTS_JS: &str = include_str!("facts.js");

/// One fact; `profiles/facts.json` says what each part means.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The evidence's section, and a word.
    pub id: String,
    /// The fact, as a sentence.
    pub says: String,
    #[serde(rename = "where")]
    place: String,
    #[serde(default)]
    each: Option<String>,
    #[serde(default)]
    is: Option<String>,
    #[serde(default)]
    share: Option<f64>,
    #[serde(default)]
    attribute: Option<String>,
    #[serde(default)]
    like: Option<String>,
    #[serde(default)]
    absent: bool,
    #[serde(default)]
    visible: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    facts: Vec<Fact>,
}

/// All facts, in the order of the evidence.
pub static FACTS: LazyLock<Vec<Fact>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../profiles/facts.json")).map_or_else(|_| Vec::new(), |file: File| file.facts)
});

/// What the page showed of each.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenFacts {
    seen: Vec<SeenFact>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeenFact {
    id: String,
    looked: u32,
    held: u32,
}

impl Capped for SeenFacts {
    fn check(&self) -> Result<(), Rejected> {
        let known =
            self.seen.len() == FACTS.len() && self.seen.iter().zip(&*FACTS).all(|(seen, fact)| seen.id == fact.id);
        if known { Ok(()) } else { Err(Rejected::Cap("seen")) }
    }
}

/// Whether a fact holds on a live page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// It does.
    Yes,
    /// It does not: the reader may be blind there.
    No,
    /// The page does not show now what it is about.
    NotShown,
}

/// A fact as a live page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactReport {
    /// The evidence's section, and a word.
    pub id: String,
    /// The fact, as a sentence.
    pub says: String,
    /// Whether it holds.
    pub holds: Holds,
    /// Elements that were looked at.
    pub looked: u32,
    /// Those that are as it says.
    pub held: u32,
}

impl SeenFacts {
    /// Judges what was seen.
    #[must_use]
    pub fn judged(&self) -> Vec<FactReport> {
        let judge = |(fact, seen): (&Fact, &SeenFact)| FactReport {
            id: fact.id.clone(),
            says: fact.says.clone(),
            holds: holds(seen.looked, seen.held, fact.share.unwrap_or(1.0)),
            looked: seen.looked,
            held: seen.held,
        };
        FACTS.iter().zip(&self.seen).map(judge).collect()
    }
}

fn holds(looked: u32, held: u32, share: f64) -> Holds {
    match looked {
        0 => Holds::NotShown,
        _ if f64::from(held) >= share * f64::from(looked) => Holds::Yes,
        _ => Holds::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_facts_can_be_read_and_each_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> = FACTS.iter().map(|fact| &fact.id).collect();
        assert!(FACTS.len() >= 40, "{}", FACTS.len());
        assert_eq!(names.len(), FACTS.len());
        for fact in &*FACTS {
            assert!(fact.is.is_some() || fact.like.is_some(), "{}", fact.id);
            assert_eq!(fact.attribute.is_some(), fact.like.is_some(), "{}", fact.id);
            assert!(fact.share.is_none_or(|share| fact.each.is_some() && (0.1..=1.0).contains(&share)), "{}", fact.id);
        }
    }

    #[test]
    fn a_fact_holds_for_its_share_and_is_open_when_nothing_shows_it() {
        assert_eq!(holds(0, 0, 0.5), Holds::NotShown);
        assert_eq!((holds(10, 9, 0.9), holds(10, 8, 0.9), holds(1, 1, 1.0)), (Holds::Yes, Holds::No, Holds::Yes));
    }
}
