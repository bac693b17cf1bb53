//! What Chromium says of contexts, frames and navigations, as far as the feed reads it.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ContextCreated {
    pub(super) context: NewContext,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewContext {
    pub(super) id: i64,
    pub(super) unique_id: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) aux_data: AuxData,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AuxData {
    pub(super) frame_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ContextDestroyed {
    pub(super) execution_context_unique_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BindingCalled {
    pub(super) name: String,
    pub(super) payload: String,
    pub(super) execution_context_id: i64,
}

#[derive(Deserialize)]
pub(super) struct FrameNavigated {
    pub(super) frame: Frame,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Frame {
    pub(super) id: String,
    pub(super) parent_id: Option<String>,
    pub(super) unreachable_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FrameTree {
    pub(super) frame_tree: Root,
}

#[derive(Deserialize)]
pub(super) struct Root {
    pub(super) frame: Frame,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Navigated {
    pub(super) error_text: Option<String>,
}
