//! Reader profiles as files: anchors of a markup generation that can be dropped into a folder while slices run.
//!
//! A file is data only (selectors, attribute names, icon names), checked and capped before any page gets it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

/// Largest file in bytes.
const MOST_BYTES: u64 = 64 << 10;
/// Most files that are looked at, in the order of their names.
const MOST_FILES: usize = 20;

/// Family, selector, and for values the attribute to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Anchor(Vec<String>);

/// Anchors of one markup generation; the reader's `profile.ts` says what each part is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    version: u32,
    /// Name of the generation; one that is built in is replaced.
    pub generation: String,
    detect: Vec<String>,
    fields: BTreeMap<String, Vec<Anchor>>,
    #[serde(default)]
    icons: BTreeMap<String, String>,
    /// For people.
    #[serde(default, skip_serializing)]
    about: String,
}

/// Why a file is no profile.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// It is larger than 64 KiB.
    #[error("it is larger than {MOST_BYTES} bytes")]
    TooLarge,
    /// It is not JSON of the known shape.
    #[error("it is not a profile: {0}")]
    Shape(#[from] serde_json::Error),
    /// A part is missing, too long or too many.
    #[error("{0} is not as a profile has it")]
    Part(&'static str),
}

fn is_text(text: &str, most: usize) -> bool {
    !text.is_empty() && text.encode_utf16().count() <= most
}

impl Profile {
    /// Reads and checks a profile's text.
    ///
    /// # Errors
    /// [`Unfit`] for everything that is not exactly a profile within its caps.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let profile: Self = serde_json::from_str(text)?;
        let anchor =
            |anchor: &Anchor| matches!(anchor.0.len(), 2 | 3) && anchor.0.iter().all(|part| is_text(part, 500));
        let field = |(name, anchors): (&String, &Vec<Anchor>)| {
            is_text(name, 60) && !anchors.is_empty() && anchors.len() <= 20 && anchors.iter().all(anchor)
        };
        let checks = [
            (profile.version == 1, "version"),
            (is_text(&profile.generation, 40), "generation"),
            (
                (1..=40).contains(&profile.detect.len()) && profile.detect.iter().all(|mark| is_text(mark, 500)),
                "detect",
            ),
            ((1..=200).contains(&profile.fields.len()) && profile.fields.iter().all(field), "fields"),
            (
                profile.icons.len() <= 200 && profile.icons.iter().flat_map(|(a, b)| [a, b]).all(|n| is_text(n, 80)),
                "icons",
            ),
        ];
        match checks.into_iter().find(|(fits, _)| !fits) {
            Some((_, part)) => Err(Unfit::Part(part)),
            None => Ok(profile),
        }
    }
}

/// What a folder held at one look: names with the time and size of each file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing(Vec<(PathBuf, Option<SystemTime>, u64)>);

impl Listing {
    /// Looks at the `*.json` files of a folder; one that is not there is empty.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|end| end == "json"))
            .filter_map(|path| {
                let about = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file)?;
                Some((path, about.modified().ok(), about.len()))
            })
            .collect();
        files.sort();
        files.truncate(MOST_FILES);
        Self(files)
    }

    /// The profiles in it, and what is none with the reason. Of two for one generation the later name counts.
    #[must_use]
    pub fn read(&self) -> (Vec<Profile>, Vec<(PathBuf, Unfit)>) {
        let (mut profiles, mut unfit): (Vec<Profile>, _) = (Vec::new(), Vec::new());
        for (path, _, size) in &self.0 {
            let profile = if *size > MOST_BYTES {
                Err(Unfit::TooLarge)
            } else {
                std::fs::read_to_string(path).map_err(Unfit::from).and_then(|text| Profile::parse(&text))
            };
            match profile {
                Ok(profile) => {
                    profiles.retain(|known| known.generation != profile.generation);
                    profiles.push(profile);
                }
                Err(why) => unfit.push((path.clone(), why)),
            }
        }
        (profiles, unfit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(generation: &str, more: &str) -> String {
        format!(
            "{{\"version\": 1, \"generation\": {generation:?}, \"detect\": [\"#app\"], \
             \"fields\": {{\"header\": [[\"id\", \"header\"]]}}{more}}}"
        )
    }

    #[test]
    fn the_profiles_that_are_built_in_would_be_taken() {
        for own in [include_str!("../profiles/g3.json"), include_str!("../profiles/g2.json")] {
            Profile::parse(own).unwrap();
        }
    }

    #[test]
    fn what_is_not_exactly_a_profile_is_refused() {
        assert!(Profile::parse(&text("g9", "")).is_ok());
        let long = "x".repeat(501);
        for unfit in [
            "{}".to_owned(),
            text("g9", ", \"run\": \"alert(1)\""),
            text("", ""),
            text("g9", "").replace("\"#app\"", ""),
            text("g9", "").replace("\"header\": [", "\"header\": [], \"x\": ["),
            text("g9", "").replace("[\"id\", \"header\"]", "[\"id\"]"),
            text("g9", "").replace("#app", &long),
            text("g9", ", \"icons\": {\"\": \"wds-ic-read\"}"),
            text("g9", "").replace("\"version\": 1", "\"version\": 2"),
        ] {
            assert!(Profile::parse(&unfit).is_err(), "{unfit}");
        }
    }

    #[test]
    fn a_folder_is_read_in_order_and_one_bad_file_costs_itself_only() {
        let folder = tempfile::tempdir().unwrap();
        let listing = || Listing::of(folder.path());
        assert_eq!(Listing::of(&folder.path().join("none")), Listing::default());
        let empty = listing();
        std::fs::write(folder.path().join("a.json"), text("g3", "")).unwrap();
        std::fs::write(folder.path().join("b.json"), "not yet written to its e").unwrap();
        std::fs::write(folder.path().join("c.json"), text("g3", ", \"icons\": {\"tick\": \"wds-ic-read\"}")).unwrap();
        std::fs::write(folder.path().join("notes.txt"), "x").unwrap();
        assert_ne!(listing(), empty);
        assert_eq!(listing(), listing(), "nothing changed");
        let (profiles, unfit) = listing().read();
        assert_eq!((profiles.len(), unfit.len()), (1, 1));
        assert!(!profiles[0].icons.is_empty(), "the later name counts");
        assert!(unfit[0].0.ends_with("b.json"));
    }
}
