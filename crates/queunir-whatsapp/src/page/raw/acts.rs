//! What the reader tells of the things that can be pressed around a message.

use serde::{Deserialize, Serialize};

use super::{Capped, Rejected, long, short};

/// Most controls of one part of the page.
const MAX_CONTROLS: usize = 150;
/// Most texts of one part of the page.
const MAX_TEXTS: usize = 1_000;

/// What `__qn.messageRow({key, show?})` returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MessageRow {
    /// Whether the row is in the document.
    pub found: bool,
    /// Whether its content is.
    pub drawn: bool,
    /// Whether enough of it is in view, its top among it.
    pub seen: bool,
    /// A point of its bubble in view.
    pub x: f64,
    /// See `x`.
    pub y: f64,
}

/// Something that can be pressed or read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Control {
    /// Its role, else its tag.
    pub role: String,
    /// Its label, else what it says.
    pub label: String,
    /// Its test ids and the icons in it, by the names that are known.
    pub names: Vec<String>,
    /// Pressed, checked or unfolded, where it has such a state.
    pub on: Option<bool>,
    /// Cannot be pressed.
    pub off: bool,
    /// Of a field: what stands in it.
    pub text: Option<String>,
    /// Of a field: it has the focus.
    pub focused: bool,
    /// It speaks by itself.
    pub live: bool,
    /// Centre.
    pub x: f64,
    /// Centre.
    pub y: f64,
}

/// What `__qn.controls({field, key?})` returns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Controls {
    /// Whether that part of the page is there.
    pub present: bool,
    /// The beginning of what it says.
    pub text: String,
    /// In its order.
    pub controls: Vec<Control>,
}

/// A text of a part of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// As it is read.
    pub text: String,
    /// What holds it, nearest first: test ids, and `#n` for an item of a list.
    pub names: Vec<String>,
}

/// What `__qn.texts({field})` returns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Texts {
    /// Whether that part of the page is there.
    pub present: bool,
    /// In the page's order.
    pub texts: Vec<Said>,
}

impl Capped for Texts {
    fn check(&self) -> Result<(), Rejected> {
        if self.texts.len() > MAX_TEXTS {
            return Err(Rejected::Cap("texts"));
        }
        self.texts.iter().try_for_each(|said| {
            short("texts.text", &said.text)?;
            said.names.iter().take(40).try_for_each(|name| short("texts.name", name))
        })
    }
}

impl Capped for MessageRow {
    fn check(&self) -> Result<(), Rejected> {
        Ok(())
    }
}

impl Capped for Controls {
    fn check(&self) -> Result<(), Rejected> {
        if self.controls.len() > MAX_CONTROLS {
            return Err(Rejected::Cap("controls"));
        }
        short("controls.text", &self.text)?;
        self.controls.iter().try_for_each(|control| {
            short("control.role", &control.role)?;
            short("control.label", &control.label)?;
            control.text.as_ref().map_or(Ok(()), |text| long("control.text", text))?;
            control.names.iter().try_for_each(|name| short("control.name", name))
        })
    }
}
