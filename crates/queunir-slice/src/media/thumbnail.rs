//! Small pictures, drawn anew from what strangers send, in a process of its own.
//!
//! The decoder is the one part that works on hostile bytes. It runs as `queunir thumbnail` with a bounded memory and
//! processor time, without files to write and without our environment; whatever it does, the slice goes on.

use std::{
    ffi::OsString,
    io::{self, Cursor, Read, Write},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use image::{
    DynamicImage, GenericImageView, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    imageops::FilterType,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};
use tokio::{io::AsyncReadExt, process::Command};

use super::sniff;

/// Longest side in pixels: twice what a bubble of the app is wide.
const SIDE: u32 = 720;
/// Most pixels of a picture that is drawn. A telephone makes 50 million at most; more is an attack or a poster.
const PIXELS: u64 = 64_000_000;
/// Longest side of a picture that is drawn.
const LONGEST_SIDE: u32 = 20_000;
/// Memory of the decoder, and of its whole process.
const MEMORY: u64 = 384 << 20;
const PROCESS_MEMORY: u64 = 1 << 30;
/// Processor seconds of the process, and how long it may take in all.
const SECONDS: u64 = 10;
const PATIENCE: Duration = Duration::from_secs(20);
/// Largest file that is read, and largest thumbnail.
const LARGEST: u64 = 64 << 20;
const LARGEST_THUMBNAIL: u64 = 4 << 20;
const QUALITY: u8 = 82;

/// What comes before the thumbnail's bytes, in a line of its own.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Size {
    width: u32,
    height: u32,
}

/// A small picture.
#[derive(Debug, PartialEq, Eq)]
pub struct Thumbnail {
    /// Width of the original as people see it.
    pub width: u32,
    /// Height of the original as people see it.
    pub height: u32,
    /// JPEG, or PNG where something shows through.
    pub bytes: Vec<u8>,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum ThumbnailError {
    /// Not a picture, or a broken one, or one that is too large.
    #[error("the picture cannot be drawn")]
    Undrawable(#[from] ImageError),
    /// More pixels than anybody's picture has.
    #[error("the picture is too large to be drawn")]
    TooLarge,
    /// The step ended without a picture.
    #[error("the step ended with {0}")]
    Ended(String),
    /// The step could not be run.
    #[error("the step could not be run")]
    Io(#[from] io::Error),
}

/// The program that draws, with its arguments.
#[derive(Clone, Debug)]
pub struct Step {
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl Step {
    /// Runs this program for each picture; it gets the file as its input.
    #[must_use]
    pub fn new(program: PathBuf, arguments: &[&str]) -> Self {
        Self { program, arguments: arguments.iter().map(OsString::from).collect() }
    }

    /// Draws a thumbnail of a file.
    ///
    /// # Errors
    /// When there can be none; the file is as it was.
    pub async fn draw(&self, file: &Path) -> Result<Thumbnail, ThumbnailError> {
        let input = tokio::fs::File::open(file).await?.into_std().await;
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            .current_dir("/")
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let output = child.stdout.take().ok_or_else(|| io::Error::other("no output"))?;
        let mut bytes = Vec::new();
        let work = async {
            output.take(LARGEST_THUMBNAIL).read_to_end(&mut bytes).await?;
            child.wait().await
        };
        let status =
            tokio::time::timeout(PATIENCE, work).await.map_err(|_| ThumbnailError::Ended("patience".into()))??;
        if !status.success() {
            return Err(ThumbnailError::Ended(status.to_string()));
        }
        taken_apart(&bytes).ok_or_else(|| ThumbnailError::Ended("nonsense".into()))
    }
}

fn taken_apart(bytes: &[u8]) -> Option<Thumbnail> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let Size { width, height } = serde_json::from_slice(&bytes[..end]).ok()?;
    let bytes = bytes[end + 1..].to_vec();
    let drawn = matches!(sniff::content_type(&bytes), "image/jpeg" | "image/png");
    (drawn && width > 0 && height > 0).then_some(Thumbnail { width, height, bytes })
}

/// The whole program: limits itself, reads a picture, writes a thumbnail.
///
/// # Errors
/// When there can be no thumbnail.
pub fn main() -> Result<(), ThumbnailError> {
    let limit = |value| Rlimit { current: Some(value), maximum: Some(value) };
    for (resource, value) in
        [(Resource::As, PROCESS_MEMORY), (Resource::Cpu, SECONDS), (Resource::Fsize, 0), (Resource::Core, 0)]
    {
        setrlimit(resource, limit(value)).map_err(io::Error::from)?;
    }
    let mut bytes = Vec::new();
    io::stdin().lock().take(LARGEST).read_to_end(&mut bytes)?;
    let small = draw(&bytes)?;
    let mut output = io::stdout().lock();
    let size = Size { width: small.width, height: small.height };
    serde_json::to_writer(&mut output, &size).map_err(io::Error::from)?;
    output.write_all(b"\n")?;
    output.write_all(&small.bytes)?;
    Ok(output.flush()?)
}

/// Draws a small picture with nothing in it but pixels, upright.
///
/// # Errors
/// When the bytes are no picture of a listed kind, or too large a one.
pub fn draw(bytes: &[u8]) -> Result<Thumbnail, ThumbnailError> {
    let format = match sniff::content_type(bytes) {
        "image/jpeg" => ImageFormat::Jpeg,
        "image/png" => ImageFormat::Png,
        "image/gif" => ImageFormat::Gif,
        "image/webp" => ImageFormat::WebP,
        _ => return Err(ThumbnailError::Undrawable(ImageError::IoError(io::Error::other("no picture")))),
    };
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(LONGEST_SIDE), Some(LONGEST_SIDE));
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 || u64::from(width) * u64::from(height) > PIXELS {
        return Err(ThumbnailError::TooLarge);
    }
    let turned = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    let small =
        if width.max(height) > SIDE { picture.resize(SIDE, SIDE, FilterType::Triangle) } else { picture.clone() };
    picture = small;
    picture.apply_orientation(turned);
    let sideways = (picture.width() > picture.height()) != (width > height) && width != height;
    let (width, height) = if sideways { (height, width) } else { (width, height) };
    Ok(Thumbnail { width, height, bytes: encoded(&picture)? })
}

fn encoded(picture: &DynamicImage) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    let shows_through = picture.color().has_alpha() && picture.pixels().any(|(_, _, pixel)| pixel.0[3] != 255);
    if shows_through {
        picture.to_rgba8().write_with_encoder(PngEncoder::new(&mut bytes))?;
    } else {
        picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        DynamicImage::new_rgba8(width, height).to_rgba8().write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
        bytes
    }

    #[test]
    fn a_picture_gets_small_and_keeps_its_shape() {
        let small = draw(&png(1_440, 720)).unwrap();
        assert_eq!((small.width, small.height), (1_440, 720));
        let drawn = image::load_from_memory(&small.bytes).unwrap();
        assert_eq!((drawn.width(), drawn.height()), (720, 360));
    }

    #[test]
    fn what_was_hidden_in_the_picture_is_gone_and_it_stands_upright() {
        let mut jpeg = Vec::new();
        DynamicImage::new_rgb8(40, 20).to_rgb8().write_with_encoder(JpegEncoder::new(&mut jpeg)).unwrap();
        // An EXIF block that says "turned by 90 degrees" and where it was taken.
        let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0RUA SECRETA 7";
        let mut marked = jpeg[..2].to_vec();
        marked.extend([0xFF, 0xE1]);
        marked.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        marked.extend(exif);
        marked.extend(&jpeg[2..]);
        let small = draw(&marked).unwrap();
        assert_eq!((small.width, small.height), (20, 40));
        assert!(!small.bytes.windows(6).any(|part| part == b"SECRET"));
        let drawn = image::load_from_memory(&small.bytes).unwrap();
        assert_eq!((drawn.width(), drawn.height()), (20, 40));
    }

    #[test]
    fn what_is_too_large_or_broken_is_refused_before_it_is_drawn() {
        let mut huge = png(1, 1);
        // The same picture claims 60,000 by 60,000 pixels.
        huge[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
        assert!(draw(&huge).is_err());
        let whole = png(300, 300);
        assert!(draw(&whole[..whole.len() / 2]).is_err());
        for bytes in [&b""[..], b"<svg/>", b"GIF89a<script>alert(1)</script>", b"\xFF\xD8\xFF", b"RIFF\0\0\0\0WEBP"] {
            assert!(draw(bytes).is_err(), "{bytes:?}");
        }
    }
}
