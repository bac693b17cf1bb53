//! The web app, from inside the executable.

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use queunir_service::ApiError;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use crate::app::App;

/// The app's page; every address of the app is this file.
const PAGE: &str = "index.html";
/// Addresses that are never a page of the app.
const NOT_PAGES: [&str; 9] =
    ["api", "auth", "assets", "billing", "orchestrator", "socket.io", "metrics", "internal", "_sim"];

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// The built app.
pub(crate) struct WebApp;

impl WebApp {
    pub(crate) fn load() -> Self {
        if Files::get(PAGE).is_none() {
            tracing::warn!("the web app is not built; only the api is served");
        }
        Self
    }

    fn serve(&self, path: &str, request_headers: &HeaderMap) -> Result<Response, ApiError> {
        let path = path.trim_start_matches('/');
        if !path.is_empty()
            && path != PAGE
            && is_plain(path)
            && let Some(file) = Files::get(path)
        {
            return Ok(answer(path, file, request_headers));
        }
        let first = path.split('/').next().unwrap_or_default();
        let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.')) && path != PAGE;
        if NOT_PAGES.contains(&first) || is_file {
            return Err(ApiError::NotFound("resource"));
        }
        match Files::get(PAGE) {
            Some(page) => Ok(answer(PAGE, page, request_headers)),
            None => {
                Ok((StatusCode::SERVICE_UNAVAILABLE, "The web app is not built. Run: make build\n").into_response())
            }
        }
    }
}

/// Serves files and the app's page for everything that is no interface.
pub(crate) async fn serve(State(app): State<App>, request: Request) -> Result<Response, ApiError> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(ApiError::NotFound("resource"));
    }
    app.web.serve(request.uri().path(), request.headers())
}

/// No way out of the folder; in a debug build the files are read from the disk.
fn is_plain(path: &str) -> bool {
    path.split('/').all(|part| !part.is_empty() && !part.starts_with('.'))
        && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./@+".contains(&b))
}

fn answer(path: &str, file: EmbeddedFile, request_headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", BASE64_STANDARD.encode(file.metadata.sha256_hash()));
    let known = request_headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = if kind.type_() == mime_guess::mime::TEXT { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    let policy = (path == PAGE).then(|| page_policy(&String::from_utf8_lossy(&file.data)));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(file.data.into_owned()).into_response()
    };
    let keep = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    let found =
        [(header::CONTENT_TYPE, Some(kind)), (header::ETAG, Some(tag)), (header::CONTENT_SECURITY_POLICY, policy)];
    for (name, value) in found {
        if let Some(value) = value.and_then(|text| HeaderValue::try_from(text).ok()) {
            headers.insert(name, value);
        }
    }
    response
}

/// What the app's page may do: load from here, talk to here; inline scripts and styles only by their hash.
fn page_policy(page: &str) -> String {
    let (scripts, styles) = (inline_hashes(page, "script"), inline_hashes(page, "style"));
    format!(
        "default-src 'none'; script-src 'self'{scripts}; style-src 'self'{styles}; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; media-src 'self' blob:; worker-src 'self'; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

fn inline_hashes(page: &str, element: &str) -> String {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    page.split(&open)
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .filter_map(|(_, rest)| Some(rest.split_once(&close)?.0))
        .filter(|text| !text.trim().is_empty())
        .map(|text| format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_of_the_page_are_allowed_by_hash_only() {
        let policy = page_policy("<html><script>alert(1)</script><script src=\"/assets/a.js\"></script></html>");
        let digest = BASE64_STANDARD.encode(Sha256::digest(b"alert(1)"));
        assert!(policy.contains(&format!("script-src 'self' 'sha256-{digest}';")), "{policy}");
        assert!(policy.contains("style-src 'self';"));
        assert!(!policy.contains("unsafe"));
    }

    #[test]
    fn files_outside_the_folder_have_no_plain_path() {
        for path in ["../Cargo.toml", "assets/../../x", ".env", "a//b", "a%2fb", "a\\b", ""] {
            assert!(!is_plain(path), "{path}");
        }
        assert!(is_plain("assets/index-B1a_2.js"));
    }
}
