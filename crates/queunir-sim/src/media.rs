//! The bytes of pictures, sounds and documents: given by somebody, drawn in advance, or made up on demand.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

use crate::hub::Hub;
use crate::world::body::Media;

#[derive(rust_embed::RustEmbed)]
#[folder = "scenarios/media"]
#[allow_missing = true]
struct Drawn;

/// Pictures to choose from when a message names none.
const PLAIN: [&str; 3] = ["cake-chocolate.jpg", "bouquet-field.jpg", "shop-window.jpg"];
const VOICE_RATE: u32 = 8_000;
/// No made-up sound is longer; the claimed length may be.
const VOICE_MOST_SECONDS: u32 = 60;

/// Serves one file of one message to the page; 404 while it has not arrived.
pub async fn serve(
    State(hub): State<Arc<Hub>>,
    Path((account, chat, key, index)): Path<(String, String, String, usize)>,
) -> Response {
    let found = hub.with(|inner| {
        if inner.trouble.media_never {
            return None;
        }
        let chat = inner.world.chat(&account, &chat)?;
        let message = &chat.messages[chat.position(&key)?];
        let media = message.body.media().get(index).filter(|media| !media.late)?;
        Some((message.body.kind(), media.clone()))
    });
    let Some((kind, media)) = found else { return StatusCode::NOT_FOUND.into_response() };
    match bytes(kind, &media, &key) {
        Some(bytes) => ([(header::CONTENT_TYPE, mime(kind, &media))], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Takes the bytes of a file that a page is about to send; answers with their id, or 503 while they are refused.
pub async fn upload(State(hub): State<Arc<Hub>>, bytes: axum::body::Bytes) -> Response {
    let id = hub.with(|inner| (!inner.trouble.uploads_refused).then(|| inner.upload(bytes.to_vec())));
    id.map_or_else(|| StatusCode::SERVICE_UNAVAILABLE.into_response(), IntoResponse::into_response)
}

/// The type of a file.
#[must_use]
pub fn mime(kind: &str, media: &Media) -> String {
    if !media.mime.is_empty() {
        return media.mime.clone();
    }
    let by_name = media.name.as_deref().or(media.file.as_deref());
    if let Some(mime) = by_name.and_then(|name| mime_guess::from_path(name).first()) {
        return mime.essence_str().to_owned();
    }
    match kind {
        "video" | "gif" => "video/mp4",
        "voice" | "audio" => "audio/wav",
        "sticker" => "image/webp",
        "document" => "application/pdf",
        _ => "image/jpeg",
    }
    .to_owned()
}

/// How large the page says a file is.
#[must_use]
pub fn size(kind: &str, media: &Media, key: &str) -> u64 {
    match (media.bytes, kind) {
        (Some(bytes), _) => bytes,
        (None, "voice" | "audio") if media.data.is_none() && media.file.is_none() => {
            u64::from(media.seconds.unwrap_or(3)) * u64::from(VOICE_RATE)
        }
        _ => bytes(kind, media, key).map_or(0, |bytes| bytes.len() as u64),
    }
}

/// The tiny picture that comes with the message itself, as a data URL.
#[must_use]
pub fn thumb(media: &Media) -> Option<String> {
    let drawn = || {
        let name = media.file.as_deref()?;
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let file = Drawn::get(&format!("thumbs/{stem}.jpg"))?;
        Some(format!("data:image/jpeg;base64,{}", STANDARD.encode(&file.data)))
    };
    media.thumb.clone().or_else(drawn)
}

/// Whether a scenario may name this file.
#[must_use]
pub fn exists(file: &str) -> bool {
    Drawn::get(file).is_some()
}

/// The bytes that somebody gave, or that were drawn in advance; none while they have not arrived.
#[must_use]
pub fn given(media: &Media) -> Option<Vec<u8>> {
    if media.late {
        return None;
    }
    if let Some(data) = &media.data {
        return STANDARD.decode(data).ok();
    }
    Drawn::get(media.file.as_deref()?).map(|file| file.data.into_owned())
}

/// The bytes of a file.
#[must_use]
pub fn bytes(kind: &str, media: &Media, key: &str) -> Option<Vec<u8>> {
    if let Some(data) = &media.data {
        return STANDARD.decode(data).ok();
    }
    if let Some(file) = &media.file {
        return Drawn::get(file).map(|file| file.data.into_owned());
    }
    Some(match kind {
        "voice" | "audio" => murmur(media.seconds.unwrap_or(3), key),
        "document" => document(media.name.as_deref().unwrap_or("document")),
        _ => {
            let choice = key.bytes().map(usize::from).sum::<usize>() % PLAIN.len();
            return Drawn::get(PLAIN[choice]).map(|file| file.data.into_owned());
        }
    })
}

/// A humming voice as a WAV file; the same key hums the same.
fn murmur(seconds: u32, key: &str) -> Vec<u8> {
    let count = seconds.clamp(1, VOICE_MOST_SECONDS) * VOICE_RATE;
    let pitch = 110.0 + f64::from(key.bytes().map(u32::from).sum::<u32>() % 90);
    let mut wav = Vec::with_capacity(44 + count as usize);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(36 + count).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    wav.extend_from_slice(&16_u32.to_le_bytes());
    for field in [1_u16, 1] {
        wav.extend_from_slice(&field.to_le_bytes());
    }
    for field in [VOICE_RATE, VOICE_RATE] {
        wav.extend_from_slice(&field.to_le_bytes());
    }
    for field in [1_u16, 8] {
        wav.extend_from_slice(&field.to_le_bytes());
    }
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&count.to_le_bytes());
    wav.extend((0..count).map(|sample| hum(f64::from(sample) / f64::from(VOICE_RATE), pitch)));
    wav
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value lies between 0 and 255")]
fn hum(second: f64, pitch: f64) -> u8 {
    let syllable = (second * 3.1 * std::f64::consts::TAU).sin().max(0.0);
    let tone = (second * pitch * std::f64::consts::TAU).sin() + (second * pitch * 2.0 * std::f64::consts::TAU).sin();
    (128.0 + tone * syllable * 40.0).clamp(0.0, 255.0) as u8
}

/// A page of PDF with its own name on it.
fn document(name: &str) -> Vec<u8> {
    let shown: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || " .-_".contains(*c)).collect();
    let words = format!("BT /F1 24 Tf 72 720 Td ({shown}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{words}\nendstream", words.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let table = pdf.len();
    pdf.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        pdf.push_str(&format!("{place:010} 00000 n \n"));
    }
    pdf.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1));
    pdf.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_up_is_what_it_says() {
        let voice = bytes("voice", &Media { seconds: Some(2), ..Media::default() }, "3A01").unwrap();
        assert!(voice.starts_with(b"RIFF") && voice.len() == 44 + 16_000);
        let pdf = bytes("document", &Media { name: Some("a(b).pdf".into()), ..Media::default() }, "3A01").unwrap();
        assert!(pdf.starts_with(b"%PDF") && pdf.windows(6).any(|part| part == b"ab.pdf"));
    }

    #[test]
    fn given_bytes_come_back() {
        let media = Media { data: Some(STANDARD.encode("hello")), ..Media::default() };
        assert_eq!(bytes("document", &media, "K").unwrap(), b"hello");
        assert_eq!(size("document", &media, "K"), 5);
    }
}
