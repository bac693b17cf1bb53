//! Files of messages and files to be sent, as they came and as small pictures. Nothing here is a page: what is not
//! drawn anew is saved, not shown, and runs nothing (ATK-19, ISO-20).

use std::{io::SeekFrom, path::Path as FilePath};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use queunir_core::{id::MediaId, media::Thumbnail, outgoing::Upload};
use queunir_db::slice::{
    media::{self, FoundMedia, StoredFile},
    uploads,
};
use queunir_service::{ApiError, Json, Path, Problem, Query};
use serde::Deserialize;
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};
use tokio_util::io::ReaderStream;
use utoipa::IntoParams;

use super::{Human, failed};
use crate::{
    app::App,
    media::{
        FetchError, retry as try_again, sniff,
        upload::{self, UploadError},
    },
};

/// For an address that names the content: for ever, in this browser alone.
const FOR_EVER: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("private, no-cache");
/// A document of its own it is not.
const NO_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'");

/// Which content.
#[derive(Debug, Deserialize, IntoParams)]
pub struct VersionQuery {
    /// The file's `version`; with it the answer may be kept for ever.
    pub v: Option<String>,
}

/// What a file is called.
#[derive(Debug, Deserialize, IntoParams)]
pub struct NameQuery {
    /// The name it is to be sent under; its ending is made to fit its content.
    pub name: Option<String>,
}

/// Takes a file that a message is to carry. The body is the file itself; what it is follows from its first bytes.
#[utoipa::path(post, path = "/api/media", tag = "media", params(NameQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Upload), (status = 400, body = Problem), (status = 413, body = Problem),
        (status = 415, body = Problem), (status = 422, body = Problem), (status = 507, body = Problem)))]
pub async fn take(
    State(app): State<App>,
    Human(user): Human,
    Query(query): Query<NameQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Upload>), ApiError> {
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != sniff::UNKNOWN) {
        return Err(ApiError::UnsupportedMediaType);
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let name = query.name.unwrap_or_default();
    match upload::take(&app, body, announced, &name, user).await {
        Ok(upload) => Ok((StatusCode::CREATED, Json(upload))),
        Err(error) => Err(refused(error)),
    }
}

fn refused(error: UploadError) -> ApiError {
    match error {
        UploadError::Empty => ApiError::rejected("empty_file", "there is nothing in the file"),
        UploadError::TooLarge(_) => ApiError::TooLarge,
        UploadError::NoRoom => ApiError::rejected("no_room", "the account's files fill the room they may take"),
        UploadError::Cut => ApiError::Malformed { code: "bad_body", message: "the file did not come whole".to_owned() },
        UploadError::DiskFull => ApiError::StorageFull,
        UploadError::Store(FetchError::Ingest(error)) => failed(error),
        UploadError::Store(FetchError::Disk(error)) => ApiError::internal(error),
    }
}

/// Answers a file as it came, to be saved; pictures, sounds and films can be shown by the app.
#[utoipa::path(get, path = "/api/media/{id}", tag = "media", params(("id" = MediaId, Path), VersionQuery,
    ("Range" = Option<String>, Header, description = "One range of bytes")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 206), (status = 304),
        (status = 404, body = Problem), (status = 416)))]
pub async fn file(
    State(app): State<App>,
    Path(id): Path<MediaId>,
    Query(query): Query<VersionQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (name, file) = find_file(&app, id).await?;
    let stored = file.as_ref().ok_or(ApiError::NotFound("file"))?;
    let saved_as = saved_as(name, stored);
    let path = app.files.folder.file(&stored.hash);
    let kind = content_type(&stored.content_type);
    answer(&path, kind, &saved_as, &tag(stored, ""), query.v.as_deref() == Some(&stored.version()), &headers).await
}

/// Answers the small picture of a file, drawn anew without anything that was hidden in it.
#[utoipa::path(get, path = "/api/media/{id}/thumbnail", tag = "media", params(("id" = MediaId, Path), VersionQuery),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 304), (status = 404, body = Problem)))]
pub async fn thumbnail(
    State(app): State<App>,
    Path(id): Path<MediaId>,
    Query(query): Query<VersionQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (_, file) = find_file(&app, id).await?;
    let made = |file: &&StoredFile| file.thumbnail == Thumbnail::Made;
    let stored = file.as_ref().filter(made).ok_or(ApiError::NotFound("thumbnail"))?;
    let path = app.files.folder.thumbnail(&stored.hash);
    let mut head = [0; sniff::HEAD];
    let mut file = open(&path).await?;
    let read = file.read(&mut head).await.map_err(ApiError::internal)?;
    let kind = content_type(sniff::content_type(&head[..read]));
    answer(&path, kind, "inline", &tag(stored, "t"), query.v.as_deref() == Some(&stored.version()), &headers).await
}

/// Tries again to fetch a file that could not be had. It comes when its message is on the page.
#[utoipa::path(post, path = "/api/media/{id}/retry", tag = "media", params(("id" = MediaId, Path)),
    responses((status = 202), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn retry(State(app): State<App>, Path(id): Path<MediaId>) -> Result<StatusCode, ApiError> {
    let found = find(&app, id).await?;
    match try_again(&app, id, found.message).await {
        Ok(true) => Ok(StatusCode::ACCEPTED),
        Ok(false) => Err(ApiError::conflict("not_wanted", "this file does not wait to be fetched")),
        Err(FetchError::Ingest(error)) => Err(failed(error)),
        Err(FetchError::Disk(error)) => Err(ApiError::internal(error)),
    }
}

async fn find(app: &App, id: MediaId) -> Result<FoundMedia, ApiError> {
    let mut tx = app.db.begin().await?;
    media::find(&mut tx, id).await?.ok_or(ApiError::NotFound("file"))
}

/// A file of a message, or one to be sent: its name and what is stored.
async fn find_file(app: &App, id: MediaId) -> Result<(Option<String>, Option<StoredFile>), ApiError> {
    let mut tx = app.db.begin().await?;
    if let Some(found) = media::find(&mut tx, id).await? {
        return Ok((found.name, found.file));
    }
    let upload = uploads::find(&mut tx, id).await?.ok_or(ApiError::NotFound("file"))?;
    Ok((Some(upload.name), Some(upload.file)))
}

pub(super) fn tag(file: &StoredFile, of: &str) -> String {
    format!("\"{}{of}\"", file.version())
}

/// Only kinds that we name ourselves.
fn content_type(stored: &str) -> HeaderValue {
    HeaderValue::from_str(stored).unwrap_or(HeaderValue::from_static(sniff::UNKNOWN))
}

/// `attachment` with a name that every system takes.
fn saved_as(name: Option<String>, file: &StoredFile) -> String {
    let given = name.unwrap_or_default();
    let mut name: String = given.chars().filter(|c| !c.is_control() && !"/\\:*?\"<>|".contains(*c)).take(120).collect();
    name = name.trim().trim_start_matches('.').to_owned();
    if name.is_empty() {
        name = format!("{}.{}", file.version(), sniff::extension(&file.content_type));
    }
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename*=UTF-8''{encoded}")
}

async fn open(path: &FilePath) -> Result<File, ApiError> {
    File::open(path).await.map_err(|error| {
        tracing::error!(%error, "a stored file is not there; the next start fetches it again");
        ApiError::NotFound("file")
    })
}

pub(super) async fn answer(
    path: &FilePath,
    kind: HeaderValue,
    disposition: &str,
    tag: &str,
    named: bool,
    asked: &HeaderMap,
) -> Result<Response, ApiError> {
    let mut file = open(path).await?;
    let size = file.metadata().await.map_err(ApiError::internal)?.len();
    let mut headers = HeaderMap::from_iter([
        (header::CONTENT_TYPE, kind),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, NO_PAGE),
        (header::CACHE_CONTROL, if named { FOR_EVER } else { ASK_AGAIN }),
    ]);
    let mut put = |name: HeaderName, text: &str| {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.insert(name, value);
        }
    };
    put(header::ETAG, tag);
    put(header::CONTENT_DISPOSITION, disposition);
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let range = asked.get(header::RANGE).and_then(|value| value.to_str().ok()).and_then(|text| range(text, size));
    let (status, body) = match range {
        _ if known => (StatusCode::NOT_MODIFIED, Body::empty()),
        Some(Err(())) => {
            put(header::CONTENT_RANGE, &format!("bytes */{size}"));
            (StatusCode::RANGE_NOT_SATISFIABLE, Body::empty())
        }
        Some(Ok((first, last))) => {
            put(header::CONTENT_RANGE, &format!("bytes {first}-{last}/{size}"));
            let count = last - first + 1;
            put(header::CONTENT_LENGTH, &count.to_string());
            file.seek(SeekFrom::Start(first)).await.map_err(ApiError::internal)?;
            (StatusCode::PARTIAL_CONTENT, Body::from_stream(ReaderStream::new(file.take(count))))
        }
        None => {
            put(header::CONTENT_LENGTH, &size.to_string());
            (StatusCode::OK, Body::from_stream(ReaderStream::new(file)))
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

/// First and last byte of the one range that was asked for; several are answered with the whole, as RFC 9110 allows.
fn range(text: &str, size: u64) -> Option<Result<(u64, u64), ()>> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    if last.contains(',') {
        return None;
    }
    let (first, last) = match (first.trim(), last.trim()) {
        ("", "") => return None,
        ("", tail) => (size.saturating_sub(tail.parse().ok()?), size.saturating_sub(1)),
        (first, "") => (first.parse().ok()?, size.saturating_sub(1)),
        (first, last) => (first.parse().ok()?, last.parse::<u64>().ok()?.min(size.saturating_sub(1))),
    };
    if size == 0 || first >= size || last < first { Some(Err(())) } else { Some(Ok((first, last))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood_and_everything_else_is_the_whole() {
        for (text, wanted) in [
            ("bytes=0-9", Some(Ok((0, 9)))),
            ("bytes=90-", Some(Ok((90, 99)))),
            ("bytes=-10", Some(Ok((90, 99)))),
            ("bytes=0-999", Some(Ok((0, 99)))),
            ("bytes=100-", Some(Err(()))),
            ("bytes=9-3", Some(Err(()))),
            ("bytes=0-1,4-5", None),
            ("bytes=-", None),
            ("lines=0-1", None),
            ("bytes=a-b", None),
        ] {
            assert_eq!(range(text, 100), wanted, "{text}");
        }
    }
}
