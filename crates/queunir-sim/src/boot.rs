//! The boot page and the files of the page's bundle, as WhatsApp Web serves them (evidence 1.1).

use axum::extract::{Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use crate::locale;

#[derive(rust_embed::RustEmbed)]
#[folder = "page/dist"]
#[allow_missing = true]
struct Bundle;

/// The revision the page claims to be.
const REVISION: &str = "1045818043_main";

/// The page's query.
#[derive(Debug, Default, Deserialize)]
pub struct BootQuery {
    locale: Option<String>,
}

/// Serves the boot page; the body holds the splash alone.
pub async fn page(default_locale: String, Query(query): Query<BootQuery>) -> Response {
    let chosen = query.locale.as_deref().filter(|text| !text.is_empty()).unwrap_or(&default_locale);
    let style =
        if Bundle::get("page.css").is_some() { r#"<link rel="stylesheet" href="/assets/page.css">"# } else { "" };
    let script = if Bundle::get("page.js").is_some() {
        format!(r#"<script type="module" src="/assets/page.js" data-btmanifest="{REVISION}"></script>"#)
    } else {
        "<!-- the page's bundle is not built -->".to_owned()
    };
    let html = format!(
        r##"<!DOCTYPE html>
<html id="whatsapp-web" lang="{lang}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>WhatsApp Web</title>
<link rel="icon" href="data:,">
<link rel="alternate" hreflang="en" href="/?locale=en_US">
<link rel="alternate" hreflang="es" href="/?locale=es_LA">
<link rel="alternate" hreflang="it" href="/?locale=it_IT">
<link rel="alternate" hreflang="pt-br" href="/?locale=pt_BR">
<link rel="alternate" hreflang="zh-cn" href="/?locale=zh_CN">
{style}
</head>
<body><div id="wa_web_initial_startup">{SPLASH}</div>{script}</body>
</html>
"##,
        lang = locale::html_lang(chosen),
    );
    ([(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
}

/// What is seen until the client has drawn its first screen.
const SPLASH: &str = r##"<div style="position:fixed;inset:0;display:flex;flex-direction:column;align-items:center;justify-content:center;gap:28px;background:#161717;color:#a6abac;font:14px/1.4 system-ui,sans-serif"><svg width="64" height="64" viewBox="0 0 64 64" aria-hidden="true"><path fill="#5b6567" d="M32 6C17.600 6 6 17.200 6 31c0 4.900 1.500 9.500 4 13.300L7 57l13.200-3.300A26.600 26.600 0 0 0 32 56c14.400 0 26-11.200 26-25S46.400 6 32 6Zm-12 21h24v4H20v-4Zm0 9h16v4H20v-4Z"/></svg><div style="font-size:17px;color:#e9edef">WhatsApp</div><progress value="0" max="100" dir="ltr"></progress><div style="display:flex;gap:8px;align-items:center"><svg width="12" height="14" viewBox="0 0 12 14" aria-hidden="true"><path fill="currentColor" d="M6 0a3.500 3.500 0 0 0-3.500 3.500V6H2a2 2 0 0 0-2 2v4a2 2 0 0 0 2 2h8a2 2 0 0 0 2-2V8a2 2 0 0 0-2-2h-.5V3.500A3.500 3.500 0 0 0 6 0Zm2 6H4V3.500a2 2 0 1 1 4 0V6Z"/></svg><span>End-to-end encrypted</span></div></div>"##;

/// Serves a file of the bundle.
pub async fn asset(Path(path): Path<String>) -> Response {
    serve(Bundle::get(&path), &path)
}

/// Answers with an embedded file or with 404.
pub fn serve(file: Option<rust_embed::EmbeddedFile>, path: &str) -> Response {
    let Some(file) = file else { return StatusCode::NOT_FOUND.into_response() };
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let headers = [(header::CONTENT_TYPE, mime.as_ref().to_owned()), (header::CACHE_CONTROL, "no-cache".to_owned())];
    (headers, file.data.into_owned()).into_response()
}
