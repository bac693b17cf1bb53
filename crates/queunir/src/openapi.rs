//! One description of the HTTP API, put together from the gateway's and the slice's.

use anyhow::Context;

/// The whole document; the slice's paths are reached through the gateway under the same names.
pub fn document() -> anyhow::Result<serde_json::Value> {
    let mut api = queunir_gateway::openapi();
    api.merge(queunir_slice::openapi());
    serde_json::to_value(api).context("the api description cannot be written as json")
}

/// Prints it, for `make gen`.
pub fn print() -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(&document()?)?);
    Ok(())
}
