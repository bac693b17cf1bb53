//! Why a head was refused, and the answer to it.

use axum::extract::Path;

use crate::ApiError;

/// The route of [`refused`]; every server behind the front line has it.
pub const REFUSED: &str = "/.refused/{reason}";

/// Why a request does not get past the front line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// LF without CR, or CR without LF.
    LineEnd,
    /// The first line is not a method, an origin-form target and HTTP/1.0 or 1.1, one space apart.
    RequestLine,
    /// A header without a proper name before its colon, or a line that continues the last one.
    HeaderLine,
    /// A control byte in a value.
    ControlByte,
    /// Not exactly one `Host`, or one that is no host.
    Host,
    /// `Content-Length` more than once or not a plain number.
    ContentLength,
    /// `Transfer-Encoding`: no client of ours needs it, and two framings are the start of every smuggling trick.
    TransferEncoding,
    /// The head is too long or has too many headers.
    TooLarge,
    /// The head did not come in time.
    TooSlow,
}

impl Refusal {
    const ALL: [Self; 9] = [
        Self::LineEnd,
        Self::RequestLine,
        Self::HeaderLine,
        Self::ControlByte,
        Self::Host,
        Self::ContentLength,
        Self::TransferEncoding,
        Self::TooLarge,
        Self::TooSlow,
    ];

    /// Its code, also the last segment of its path.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::LineEnd => "bad_line_end",
            Self::RequestLine => "bad_request_line",
            Self::HeaderLine => "bad_header_line",
            Self::ControlByte => "bad_header_value",
            Self::Host => "bad_host",
            Self::ContentLength => "bad_content_length",
            Self::TransferEncoding => "length_required",
            Self::TooLarge => "head_too_large",
            Self::TooSlow => "too_slow",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::LineEnd => "end lines with CR LF",
            Self::RequestLine => "begin with a method, a path and HTTP/1.1, one space apart",
            Self::HeaderLine => "write headers as name, colon, value, each on one line",
            Self::ControlByte => "send no control bytes",
            Self::Host => "send one Host",
            Self::ContentLength => "send one Content-Length, in digits",
            Self::TransferEncoding => "send Content-Length, no Transfer-Encoding",
            Self::TooLarge | Self::TooSlow => "",
        }
    }

    /// What stands in the refused head's place.
    pub(super) fn stand_in(self) -> String {
        let path = REFUSED.replace("{reason}", self.code());
        format!("GET {path} HTTP/1.1\r\nhost: refused\r\nconnection: close\r\n\r\n")
    }
}

/// Handler of [`REFUSED`]: says why. Asking for it oneself is harmless and gets the same.
///
/// # Errors
/// Always; that is its answer.
pub async fn refused(Path(reason): Path<String>) -> Result<(), ApiError> {
    Err(match Refusal::ALL.into_iter().find(|refusal| refusal.code() == reason) {
        Some(Refusal::TooLarge) => ApiError::HeadTooLarge,
        Some(Refusal::TooSlow) => ApiError::TooSlow,
        Some(refusal) => ApiError::Malformed { code: refusal.code(), message: refusal.message().to_owned() },
        None => ApiError::NotFound("resource"),
    })
}
