//! The phone page: scan codes, log devices out, and write as a customer.

use axum::extract::Path;
use axum::response::Response;

#[derive(rust_embed::RustEmbed)]
#[folder = "phone"]
#[allow_missing = true]
struct Files;

/// Serves the page itself.
pub async fn page() -> Response {
    crate::boot::serve(Files::get("index.html"), "index.html")
}

/// Serves one of its files.
pub async fn file(Path(path): Path<String>) -> Response {
    crate::boot::serve(Files::get(&path), &path)
}
