//! Writes come from our own pages only (AUTH-07, architecture 6.6).

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::Response,
};
use queunir_service::ApiError;

use crate::{app::App, operator::is_operators, proxy::is_file};

const FETCH_SITE: &str = "sec-fetch-site";
const OURS: &str = "x-qn";
/// What a file's body says it is; no form can.
const BYTES: &str = "application/octet-stream";

/// Refuses unsafe methods that no page of ours sent, before anything else looks at them.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Result<Response, ApiError> {
    let (method, headers) = (request.method(), request.headers());
    // A page cannot send the operator's key, and no browser sends it by itself.
    if is_unsafe(method) && !is_operators(request.uri().path()) {
        same_origin(headers, &app.config.public_url, false)?;
        if headers.get(OURS).is_none_or(|value| value != "1") {
            return Err(ApiError::Forbidden { code: "missing_header", message: "send the header X-Qn: 1" });
        }
        let is_file = is_file(method, request.uri().path()) && only(headers, "content-type") == Some(BYTES);
        if headers.contains_key(header::CONTENT_TYPE) && !is_json(headers) && !is_file {
            return Err(ApiError::UnsupportedMediaType);
        }
    }
    Ok(next.run(request).await)
}

/// Whether the browser says that the request is our own page's. `absent` is the answer when it says nothing:
/// reads without a word about their origin are old browsers and programs.
pub(crate) fn same_origin(headers: &HeaderMap, public_url: &str, absent: bool) -> Result<(), ApiError> {
    let own = if headers.contains_key(FETCH_SITE) {
        only(headers, FETCH_SITE) == Some("same-origin")
    } else if headers.contains_key(header::ORIGIN) {
        only(headers, header::ORIGIN.as_str()) == Some(public_url)
    } else {
        absent
    };
    if own {
        Ok(())
    } else {
        Err(ApiError::Forbidden { code: "foreign_origin", message: "this request does not come from our own page" })
    }
}

fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
}

fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    only(headers, header::CONTENT_TYPE.as_str())
        .and_then(|text| text.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    const OWN: &str = "https://app.example.org";

    /// Fetch metadata x origin: 8 x 7 cells, all four methods of each judged alike by [`is_unsafe`].
    #[test]
    fn every_cell_of_fetch_metadata_and_origin_is_decided() {
        let sites = [None, Some("same-origin"), Some("same-site"), Some("cross-site"), Some("none"), Some("")];
        let sites = sites.into_iter().chain([Some("SAME-ORIGIN"), Some("same-origin, cross-site")]);
        let origins = [
            None,
            Some(OWN),
            Some("https://evil.example"),
            Some("https://www.app.example.org"),
            Some("http://app.example.org"),
            Some("https://app.example.org.evil.example"),
            Some("null"),
        ];
        let mut cells = 0;
        for site in sites {
            for origin in origins {
                let mut headers = HeaderMap::new();
                for (name, value) in [(FETCH_SITE, site), ("origin", origin)] {
                    if let Some(value) = value {
                        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
                    }
                }
                let wanted = match site {
                    Some(site) => site == "same-origin",
                    None => origin == Some(OWN),
                };
                assert_eq!(same_origin(&headers, OWN, false).is_ok(), wanted, "{site:?} {origin:?}");
                cells += 1;
            }
        }
        assert_eq!(cells, 56);
    }
}
