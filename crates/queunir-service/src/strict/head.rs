//! The grammar of a request's head, without anything to forgive. Pure.

use super::refusal::Refusal;

/// Longest head. A browser's cookies and headers fit many times.
pub(super) const LONGEST: usize = 32 * 1024;
/// Most headers; what the HTTP library takes, too.
const MOST_HEADERS: usize = 100;

/// Looks for the end of a head whose first `seen` bytes have been looked at without finding it: the length of the
/// head with its empty line, or none yet.
pub(super) fn find_end(bytes: &[u8], seen: usize) -> Result<Option<usize>, Refusal> {
    let looked_at = &bytes[..bytes.len().min(LONGEST)];
    let mut from = seen.min(looked_at.len());
    while let Some(step) = looked_at[from..].iter().position(|byte| *byte == b'\n') {
        let at = from + step;
        from = at + 1;
        let Some(line) = bytes[..at].strip_suffix(b"\r") else { return Err(Refusal::LineEnd) };
        if line.is_empty() {
            return Err(Refusal::RequestLine);
        }
        if line.ends_with(b"\n") {
            return Ok(Some(at + 1));
        }
    }
    if bytes.len() >= LONGEST { Err(Refusal::TooLarge) } else { Ok(None) }
}

/// Checks a whole head; tells how many bytes of body follow.
pub(super) fn check(head: &[u8]) -> Result<u64, Refusal> {
    let mut lines = head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let is_1_1 = request_line(lines.next().unwrap_or_default())?;
    let (mut hosts, mut length, mut encoded) = (0, None, false);
    for (count, line) in lines.take_while(|line| !line.is_empty()).enumerate() {
        if count == MOST_HEADERS {
            return Err(Refusal::TooLarge);
        }
        let (name, value) = header(line)?;
        if name.eq_ignore_ascii_case(b"host") {
            hosts += 1;
            is_host(value).then_some(()).ok_or(Refusal::Host)?;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            let given = number(value).ok_or(Refusal::ContentLength)?;
            if length.replace(given).is_some() {
                return Err(Refusal::ContentLength);
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            encoded = true;
        }
    }
    if encoded {
        return Err(Refusal::TransferEncoding);
    }
    if hosts > 1 || (is_1_1 && hosts == 0) {
        return Err(Refusal::Host);
    }
    Ok(length.unwrap_or(0))
}

/// Method, origin-form target, version; tells whether it is HTTP/1.1.
fn request_line(line: &[u8]) -> Result<bool, Refusal> {
    let parts: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    let [method, target, version] = parts[..] else { return Err(Refusal::RequestLine) };
    let target_ok = target.first() == Some(&b'/') && target.iter().all(|byte| (0x21..0x7f).contains(byte));
    if !is_token(method) || !target_ok || target.contains(&b'#') {
        return Err(Refusal::RequestLine);
    }
    match version {
        b"HTTP/1.1" => Ok(true),
        b"HTTP/1.0" => Ok(false),
        _ => Err(Refusal::RequestLine),
    }
}

/// Name and value of a header line.
fn header(line: &[u8]) -> Result<(&[u8], &[u8]), Refusal> {
    let colon = line.iter().position(|byte| *byte == b':').ok_or(Refusal::HeaderLine)?;
    let (name, value) = (&line[..colon], trim(&line[colon + 1..]));
    if !is_token(name) {
        return Err(Refusal::HeaderLine);
    }
    if value.contains(&b'\r') {
        return Err(Refusal::LineEnd);
    }
    let printable = |byte: &u8| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f);
    if value.iter().all(printable) { Ok((name, value)) } else { Err(Refusal::ControlByte) }
}

/// Without spaces and tabs around it, and nothing else.
fn trim(value: &[u8]) -> &[u8] {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let from = value.iter().position(|byte| !blank(byte)).unwrap_or(value.len());
    let to = value.iter().rposition(|byte| !blank(byte)).map_or(from, |last| last + 1);
    &value[from..to]
}

/// The bytes of methods and header names, as a table: this is asked for every byte of every head.
const TOKEN: [bool; 256] = {
    let (mut table, marks) = ([false; 256], b"!#$%&'*+-.^_`|~");
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut mark = 0;
    while mark < marks.len() {
        table[marks[mark] as usize] = true;
        mark += 1;
    }
    table
};

fn is_token(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|byte| TOKEN[usize::from(*byte)])
}

/// A name or an address, with or without a port. Whose it is, the server in front decides.
fn is_host(value: &[u8]) -> bool {
    let (name, port) = match value.iter().rposition(|byte| *byte == b':') {
        Some(at) if !value.ends_with(b"]") => (&value[..at], &value[at + 1..]),
        _ => (value, &b"0"[..]),
    };
    let inner = name.strip_prefix(b"[").and_then(|name| name.strip_suffix(b"]"));
    let name_ok = match inner {
        Some(address) => address.iter().all(|byte| byte.is_ascii_hexdigit() || b":.".contains(byte)),
        None => name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(byte)),
    };
    name_ok && !inner.unwrap_or(name).is_empty() && !port.is_empty() && port.iter().all(u8::is_ascii_digit)
}

fn number(value: &[u8]) -> Option<u64> {
    let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    digits.then(|| std::str::from_utf8(value).ok()?.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(head: &str) -> Result<u64, Refusal> {
        match find_end(head.as_bytes(), 0)? {
            Some(end) => check(&head.as_bytes()[..end]),
            None => panic!("no end in {head:?}"),
        }
    }

    fn with(lines: &str) -> Result<u64, Refusal> {
        judge(&format!("POST /api/x?a=%20 HTTP/1.1\r\nHost: x\r\n{lines}\r\n"))
    }

    #[test]
    fn iso_18_a_plain_head_passes_and_tells_its_length() {
        assert_eq!(with(""), Ok(0));
        assert_eq!(with("Content-Length: 12\r\nCookie: a=b; c=d\r\nX:\r\nY:\t a\tb \r\nZ: \u{e9}\r\n"), Ok(12));
        assert_eq!(judge("GET / HTTP/1.0\r\n\r\n"), Ok(0));
        for host in ["a", "a.example:3000", "127.0.0.1:1", "[::1]", "[::1]:3000", "A-b_c.localhost"] {
            assert_eq!(judge(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")), Ok(0), "{host}");
        }
    }

    #[test]
    fn iso_18_what_could_be_read_in_two_ways_is_refused() {
        for (lines, why) in [
            ("A: b\n", Refusal::LineEnd),
            ("A: b\rC: d\r\n", Refusal::LineEnd),
            ("A: b\r\r\n", Refusal::LineEnd),
            (" A: b\r\n", Refusal::HeaderLine),
            ("A: b\r\n folded\r\n", Refusal::HeaderLine),
            ("A : b\r\n", Refusal::HeaderLine),
            (": b\r\n", Refusal::HeaderLine),
            ("A\r\n", Refusal::HeaderLine),
            ("A\0: b\r\n", Refusal::HeaderLine),
            ("A: \0\r\n", Refusal::ControlByte),
            ("A: \u{7f}\r\n", Refusal::ControlByte),
            ("Host: y\r\n", Refusal::Host),
            ("Content-Length: 1\r\ncontent-length: 1\r\n", Refusal::ContentLength),
            ("Content-Length: 1, 1\r\n", Refusal::ContentLength),
            ("Content-Length: +1\r\n", Refusal::ContentLength),
            ("Content-Length:\r\n", Refusal::ContentLength),
            ("Content-Length: 18446744073709551616\r\n", Refusal::ContentLength),
            ("Transfer-Encoding: chunked\r\n", Refusal::TransferEncoding),
            ("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", Refusal::TransferEncoding),
        ] {
            assert_eq!(with(lines), Err(why), "{lines:?}");
        }
        for host in ["", "a b", "a/b", "a@b", "a,b", "a:", "a:b", "[::1", "::1", "[]", "[x]", "a?b"] {
            let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
            assert_eq!(judge(&head), Err(Refusal::Host), "{host}");
        }
        for line in [
            "GET /",
            "GET  / HTTP/1.1",
            "GET / HTTP/1.1 ",
            "GET / HTTP/1.2",
            "GET / http/1.1",
            "GET x HTTP/1.1",
            "GET http://x/ HTTP/1.1",
            "CONNECT x:1 HTTP/1.1",
            "OPTIONS * HTTP/1.1",
            "G(T / HTTP/1.1",
            " / HTTP/1.1",
            "GET /\t HTTP/1.1",
            "GET /\u{e9} HTTP/1.1",
            "GET /#a HTTP/1.1",
            "PRI * HTTP/2.0",
        ] {
            assert_eq!(judge(&format!("{line}\r\nHost: x\r\n\r\n")), Err(Refusal::RequestLine), "{line}");
        }
        assert_eq!(judge("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"), Err(Refusal::RequestLine));
        assert_eq!(judge("GET / HTTP/1.1\r\n\r\n"), Err(Refusal::Host));
        assert_eq!(with(&"A: b\r\n".repeat(100)), Err(Refusal::TooLarge));
        assert_eq!(with(&"A: b\r\n".repeat(99)), Ok(0));
        assert_eq!(with(&format!("A: {}\r\n", "b".repeat(LONGEST))), Err(Refusal::TooLarge));
    }

    #[test]
    fn the_end_is_found_whatever_the_pieces() {
        let bytes = b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET";
        for cut in 0..bytes.len() {
            let first = find_end(&bytes[..cut], 0).unwrap();
            assert_eq!(first.is_some(), cut >= 27, "{cut}");
            assert_eq!(find_end(bytes, cut.min(26)).unwrap(), Some(27), "{cut}");
        }
    }
}
