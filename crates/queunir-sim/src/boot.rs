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
<body class=""><div id="wa_web_initial_startup">{SPLASH}</div>{script}<div id="has-finished-comet-page" hidden></div></body>
</html>
"##,
        lang = locale::html_lang(chosen),
    );
    ([(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
}

/// What is seen until the client has drawn its first screen; the elements are those of three real boot pages of 2026.
const SPLASH: &str = r##"<div style="transform:translate(calc(50% - 52px / 2))"><span><svg width="250" height="52" viewBox="0 0 250 52"><path d="M26 4C13.800 4 4 13.400 4 25c0 4 1.200 7.700 3.300 10.900L5 46l10.600-2.600A22.600 22.600 0 0 0 26 46c12.200 0 22-9.400 22-21S38.200 4 26 4Zm-9 17h18v4H17v-4Zm0 8h12v4H17v-4Z" fill="currentColor"></path></svg></span></div><div style="font-size:17px">WhatsApp</div><div><progress value="0" max="100" dir="ltr"></progress></div><div style="font-size:14px"><span><svg width="17" height="17" viewBox="0 0 24 24" preserveAspectRatio="xMidYMid meet"><path d="M12 2a5 5 0 0 0-5 5v3H5v12h14V10h-2V7a5 5 0 0 0-5-5Zm3 8H9V7a3 3 0 1 1 6 0v3Z" fill="currentColor"></path></svg></span><span> </span>End-to-end encrypted</div>"##;

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
