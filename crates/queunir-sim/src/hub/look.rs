//! What the page looks like, for everybody who loads it from now on.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Inner, SimError};

/// Variants of the page that life hands out by account, region or experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Look {
    /// `g3` (today's markup), `g2` (the one before), or `unknown:SEED`: another that nobody has seen.
    pub generation: String,
    /// The clock's style, whatever language and account say.
    pub hour12: Option<bool>,
    /// Share of list rows that expose their preview, 0 to 1; the page's own if absent.
    pub preview_share: Option<f64>,
    /// Who types shows as a bubble at the end of the conversation too.
    pub typing_bubble: bool,
    /// An unknown sender's chat begins with a card that has a key like a message.
    pub stranger_card: bool,
    /// Codes begin with the address of the phone's settings.
    pub ref_prefix: bool,
    /// Codes end with the address of a help page.
    pub ref_suffix: bool,
    /// For a moment after a scan the page shows a code that begins with `undefined`.
    pub ref_undefined: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            generation: "g3".to_owned(),
            hour12: None,
            preview_share: None,
            typing_bubble: false,
            stranger_card: false,
            ref_prefix: false,
            ref_suffix: false,
            ref_undefined: false,
        }
    }
}

impl Inner {
    /// Changes the look; pages that are open keep theirs until they are loaded again.
    pub fn set_look(&mut self, look: Look) -> Result<(), SimError> {
        let seed = look.generation.strip_prefix("unknown:").map(str::parse::<u32>);
        if !matches!(look.generation.as_str(), "g2" | "g3") && !matches!(seed, Some(Ok(_))) {
            return Err(SimError::Refused("the generation is g2, g3 or unknown:NUMBER"));
        }
        self.look = look;
        Ok(())
    }

    /// A code as the page is to show it.
    pub(super) fn dressed(&self, code: &str) -> String {
        let prefix = if self.look.ref_prefix { "https://wa.me/settings/linked_devices#" } else { "" };
        let suffix = if self.look.ref_suffix { ",https://faq.whatsapp.com/r/ld" } else { "" };
        format!("{prefix}{code}{suffix}")
    }
}
