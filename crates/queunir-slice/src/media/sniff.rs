//! What a file is, by its first bytes; a closed list, in which nothing is that a browser would run.

/// What everything is that is nothing else; browsers only save it.
pub const UNKNOWN: &str = "application/octet-stream";

/// How many first bytes are enough.
pub const HEAD: usize = 16;

/// Finds out what a file is.
#[must_use]
pub fn content_type(head: &[u8]) -> &'static str {
    let part = |from: usize, to: usize| head.get(from..to).unwrap_or_default();
    match head {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => "image/png",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [b'O', b'g', b'g', b'S', ..] => "audio/ogg",
        [b'I', b'D', b'3', ..] => "audio/mpeg",
        [0xFF, 0xF1 | 0xF9, ..] => "audio/aac",
        [0xFF, 0xE2..=0xE7 | 0xF2..=0xF7 | 0xFA..=0xFF, ..] => "audio/mpeg",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "video/webm",
        [b'#', b'!', b'A', b'M', b'R', ..] => "audio/amr",
        [b'%', b'P', b'D', b'F', b'-', ..] => "application/pdf",
        [b'R', b'I', b'F', b'F', ..] if part(8, 12) == b"WEBP" => "image/webp",
        [b'R', b'I', b'F', b'F', ..] if part(8, 12) == b"WAVE" => "audio/wav",
        _ if part(4, 8) == b"ftyp" => match part(8, 11) {
            b"M4A" => "audio/mp4",
            b"3gp" => "video/3gpp",
            _ => "video/mp4",
        },
        _ => UNKNOWN,
    }
}

/// Whether a small picture can be drawn of it.
#[must_use]
pub fn is_picture(content_type: &str) -> bool {
    content_type.starts_with("image/")
}

/// What the name of such a file ends in.
#[must_use]
pub fn extension(content_type: &str) -> &'static str {
    match content_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "audio/ogg" => "ogg",
        "audio/mpeg" => "mp3",
        "audio/aac" => "aac",
        "audio/amr" => "amr",
        "audio/wav" => "wav",
        "audio/mp4" => "m4a",
        "video/mp4" => "mp4",
        "video/webm" => "webm",
        "video/3gpp" => "3gp",
        "application/pdf" => "pdf",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atk_19_what_a_browser_would_run_is_never_named() {
        for text in ["<svg xmlns='x' onload='alert(1)'/>", "<!DOCTYPE html><script>", "<?xml version='1.0'?>", "{}", ""]
        {
            assert_eq!(content_type(text.as_bytes()), UNKNOWN, "{text}");
        }
        assert_eq!(content_type(b"GIF89a/*<svg onload=alert(1)>*/"), "image/gif");
    }

    #[test]
    fn files_are_known_by_their_first_bytes() {
        for (head, wanted) in [
            (&b"\xFF\xD8\xFF\xE0\0\x10JFIF"[..], "image/jpeg"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
            (b"RIFF\0\0\0\0AVI LIST", UNKNOWN),
            (b"OggS\0\x02", "audio/ogg"),
            (b"\0\0\0\x18ftypM4A ", "audio/mp4"),
            (b"\0\0\0\x18ftypisom", "video/mp4"),
            (b"\0\0\0\x18ftyp3gp4", "video/3gpp"),
            (b"%PDF-1.4", "application/pdf"),
            (b"PK\x03\x04", UNKNOWN),
        ] {
            assert_eq!(content_type(head), wanted, "{head:?}");
        }
    }
}
