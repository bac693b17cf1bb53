//! What a file is, by its first bytes; a closed list, in which nothing is that a browser would run.

use queunir_core::message::MessageKind;

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

/// Endings of names by which programs know the same.
fn endings(content_type: &str) -> &'static [&'static str] {
    match content_type {
        "image/jpeg" => &["jpg", "jpeg", "jfif"],
        "image/png" => &["png"],
        "image/gif" => &["gif"],
        "image/webp" => &["webp"],
        "video/mp4" => &["mp4", "m4v", "mov", "qt"],
        "video/3gpp" => &["3gp"],
        _ => &[],
    }
}

/// As what a file is sent: pictures and films as such where WhatsApp takes them, everything else as a document.
#[must_use]
pub fn sent_as(content_type: &str) -> MessageKind {
    match content_type {
        "image/jpeg" | "image/png" | "image/gif" | "image/webp" => MessageKind::Image,
        "video/mp4" | "video/3gpp" => MessageKind::Video,
        _ => MessageKind::Document,
    }
}

/// The name a file is sent under: what a person called it, without what no system takes. The page goes by the ending,
/// so a picture or film gets the one of its content, and a document one if it has none.
#[must_use]
pub fn sent_name(given: &str, content_type: &str, kind: MessageKind) -> String {
    let plain: String =
        given.chars().filter(|c| !c.is_control() && !"/\\:*?\"<>|".contains(*c) && !is_mark(*c)).collect();
    let plain = plain.trim().trim_matches('.').trim();
    let (stem, ending) = match plain.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && (1..=10).contains(&ending.chars().count()) => (stem, Some(ending)),
        _ => (plain, None),
    };
    let right = |ending: &&str| {
        kind == MessageKind::Document || endings(content_type).iter().any(|one| one.eq_ignore_ascii_case(ending))
    };
    let (stem, ending) = match ending.filter(right) {
        Some(ending) => (stem, ending.to_owned()),
        None => (plain, extension(content_type).to_owned()),
    };
    let mut short: String = stem.chars().take(LONGEST_STEM).collect();
    while short.len() > LONGEST_STEM {
        short.pop();
    }
    let stem = if short.trim().is_empty() { "file" } else { short.trim() };
    format!("{stem}.{ending}")
}

/// Longest name before its ending, in bytes; file systems take 255 in all.
const LONGEST_STEM: usize = 150;

/// Marks that turn the direction of what is read, and could hide an ending.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
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

    #[test]
    fn a_name_is_kept_and_its_ending_tells_the_content() {
        use MessageKind::{Document, Image, Video};
        for (given, content, kind, wanted) in [
            ("holiday.JPG", "image/jpeg", Image, "holiday.JPG"),
            ("holiday.png", "image/jpeg", Image, "holiday.png.jpg"),
            ("photo", "image/png", Image, "photo.png"),
            ("clip.mov", "video/mp4", Video, "clip.mov"),
            ("bill 3/4.pdf", "application/pdf", Document, "bill 34.pdf"),
            ("../../etc/passwd", UNKNOWN, Document, "etcpasswd.bin"),
            ("notes.txt", UNKNOWN, Document, "notes.txt"),
            ("Ata da reunião.docx", UNKNOWN, Document, "Ata da reunião.docx"),
            ("gpj.\u{202e}exe.pdf", "application/pdf", Document, "gpj.exe.pdf"),
            ("", "application/pdf", Document, "file.pdf"),
            (".hidden", UNKNOWN, Document, "hidden.bin"),
            ("a\nb.pdf", "application/pdf", Document, "ab.pdf"),
        ] {
            assert_eq!(sent_name(given, content, kind), wanted, "{given}");
        }
        let long = sent_name(&format!("{}.pdf", "ã".repeat(500)), "application/pdf", Document);
        assert!(long.len() <= 160 && long.ends_with("ã.pdf"), "{long}");
    }
}
