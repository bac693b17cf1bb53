//! Requests that two parsers could read in two ways, tricks with paths, methods, upgrades and cookies, and what each of
//! them gets (ISO-17, ISO-18, ATK-07 to ATK-10).

/// The request after each case; it always gets its own answer or none.
pub const CANARY: &str = "GET /api/chats/canary HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n";
const HEARD_CANARY: &str = "GET /api/chats/canary ";
/// What would be heard if a case got through.
const SMUGGLED: &str = "GET /api/chats/smuggled HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n";
/// Bytes, the statuses they get (the canary's included), and what the slice hears.
pub struct Case {
    pub bytes: Vec<u8>,
    pub statuses: Vec<u16>,
    pub heard: Vec<String>,
}

/// Refused for its form: one answer, nothing heard, the line closed.
fn refused(bytes: impl AsRef<[u8]>) -> Case {
    Case { bytes: bytes.as_ref().to_vec(), statuses: vec![400], heard: Vec::new() }
}

/// Refused by the gateway's rules: the slice hears nothing of it and the line goes on.
fn turned_away(status: u16, bytes: impl AsRef<[u8]>) -> Case {
    Case { bytes: bytes.as_ref().to_vec(), statuses: vec![status, 200], heard: vec![HEARD_CANARY.to_owned()] }
}

/// Allowed: the slice hears exactly this.
fn passed(bytes: impl AsRef<[u8]>, heard: &str) -> Case {
    let heard = vec![heard.to_owned(), HEARD_CANARY.to_owned()];
    Case { bytes: bytes.as_ref().to_vec(), statuses: vec![200, 200], heard }
}

fn get(target: &str, lines: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: x\r\nCookie: {{cookie}}\r\n{lines}\r\n")
}

/// A write as our own page sends it, with these lines for its framing.
fn post(lines: &str, body: &str) -> String {
    format!(
        "POST /api/chats/c/messages HTTP/1.1\r\nHost: x\r\nCookie: {{cookie}}\r\nX-Qn: 1\r\n\
         Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n{lines}\r\n{body}"
    )
}

fn framings() -> Vec<Case> {
    let chunked = format!("0\r\n\r\n{SMUGGLED}");
    let mut cases: Vec<Case> = [
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: Chunked\r\n",
        "TRANSFER-ENCODING: chunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: identity, chunked\r\n",
        "Transfer-Encoding: identity\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: gzip\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: \"chunked\"\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: chunked;q=1\r\n",
        "Transfer-Encoding:\r\nContent-Length: 4\r\n",
        "Transfer-Encoding:\tchunked\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: chunked \r\nContent-Length: 4\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding\t: chunked\r\nContent-Length: 4\r\n",
        " Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: \u{b}chunked\r\nContent-Length: 4\r\n",
        "Transfer-Encoding:\r\n chunked\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nX: y\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 4\r\nX: y\rTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTE: trailers\r\nTrailer: X-Qn-User\r\n",
        "Content-Length: 4\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\ncontent-length: 4\r\n",
        "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Content-Length: 4, 4\r\n",
        "Content-Length: 4 4\r\n",
        "Content-Length: +4\r\n",
        "Content-Length: -4\r\n",
        "Content-Length: 0x4\r\n",
        "Content-Length: 4a\r\n",
        "Content-Length: 4.0\r\n",
        "Content-Length: ٤\r\n",
        "Content-Length:\r\n",
        "Content-Length: 18446744073709551620\r\n",
        "Content-Length : 4\r\n",
        "Content-Length\0: 4\r\n",
    ]
    .iter()
    .map(|lines| refused(post(lines, &chunked)))
    .collect();
    cases.extend([
        refused(post("Transfer-Encoding: chunked\r\n", &format!("4;a=b\r\nhola\r\n0\r\n\r\n{SMUGGLED}"))),
        refused(post("Transfer-Encoding: chunked\r\n", &format!("-1\r\n{SMUGGLED}"))),
        refused(post("Transfer-Encoding: chunked\r\n", &format!("10000000000000000\r\n{SMUGGLED}"))),
        refused(post("Transfer-Encoding: chunked\r\n", &format!("4\nhola\n0\n\n{SMUGGLED}"))),
        refused(post("Transfer-Encoding: chunked\r\n", "4\r\nhola\r\n0\r\nX-Qn-User: user_0\r\n\r\n")),
        refused(post("Transfer-Encoding: chunked\r\n", "4\r\nhola\r\n0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.0")),
        refused(get("/api/chats", &format!("Transfer-Encoding: chunked\r\n\r\n{chunked}"))),
        passed(post("Content-Length: 4\r\n", "hola"), "POST /api/chats/c/messages hola"),
        passed(post("Content-Length:\t 4 \t\r\n", "hola"), "POST /api/chats/c/messages hola"),
        passed(post("Content-Length: 0004\r\n", "hola"), "POST /api/chats/c/messages hola"),
        passed(post("Content-Length: 4\r\nTransfer_Encoding: chunked\r\n", "hola"), "POST /api/chats/c/messages hola"),
        passed(
            post("Content-Length: 4\r\nX-Transfer-Encoding: chunked\r\n", "hola"),
            "POST /api/chats/c/messages hola",
        ),
        passed(post("", ""), "POST /api/chats/c/messages "),
        passed(
            get("/api/chats/a", "Content-Length: 4\r\n").replace("\r\n\r\n", "\r\n\r\nhola"),
            "GET /api/chats/a hola",
        ),
        Case {
            statuses: vec![200, 400],
            heard: vec!["POST /api/chats/c/messages ".into()],
            ..refused(post("Content-Length: 0\r\n", "{}"))
        },
        Case {
            statuses: vec![200, 400],
            heard: vec!["POST /api/chats/c/messages ho".into()],
            ..refused(post("Content-Length: 2\r\n", "ho(a"))
        },
        Case {
            statuses: vec![200, 400],
            heard: vec!["GET /api/chats/a ".into()],
            ..refused(format!("{}0\r\n\r\n", get("/api/chats/a", "")))
        },
    ]);
    cases
}

fn lines() -> Vec<Case> {
    let with = |lines: &[u8]| {
        let mut bytes = b"GET /api/chats/a HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n".to_vec();
        bytes.extend_from_slice(lines);
        bytes.extend_from_slice(b"\r\n");
        bytes
    };
    let mut cases: Vec<Case> = [
        &b"A: b\n"[..],
        b"A: b\r\r\n",
        b"A: b\rC: d\r\n",
        b"A: b\n\r\n",
        b"A: b\r\n folded\r\n",
        b"A: b\r\n\tfolded\r\n",
        b"A: b\r\n \r\n",
        b" A: b\r\n",
        b"A : b\r\n",
        b"A\t: b\r\n",
        b"A b: c\r\n",
        b": b\r\n",
        b"A\r\n",
        b"A\0: b\r\n",
        b"A: b\0c\r\n",
        b"A: b\x01\r\n",
        b"A: b\x0bc\r\n",
        b"A: b\x0cc\r\n",
        b"A: b\x1b[0m\r\n",
        b"A: b\x7f\r\n",
        b"A\xc3\xa9: b\r\n",
        b"A(: b\r\n",
        b"\"A\": b\r\n",
        b"Host: x\r\n",
        b"Host: y\r\n",
        b"host: x\r\n",
    ]
    .iter()
    .map(|lines| refused(with(lines)))
    .collect();
    let bare = get("/api/chats/a", "");
    cases.extend([
        refused(bare.replace("\r\n", "\n")),
        refused(bare.replace("\r\n\r\n", "\r\n\n")),
        refused(bare.replace("\r\n\r\n", "\n\r\n")),
        refused(bare.replace("\r\n", "\r")),
        refused(bare.replacen("\r\n", "\n", 1)),
        refused(format!("\r\n{bare}")),
        refused(format!("\n{bare}")),
        refused(format!("\0{bare}")),
        passed(with(b"A:b\r\n"), "GET /api/chats/a "),
        passed(with(b"A: \xe9\tb \r\n"), "GET /api/chats/a "),
    ]);
    for host in ["", " ", "a b", "a/b", "user@x", "x, y", "x:port", "x:", "http://x", "[::1", "x?y", "x\\y", "x#y"] {
        cases.push(refused(bare.replace("Host: x", &format!("Host: {host}"))));
    }
    cases.push(refused(bare.replace("Host: x\r\n", "")));
    cases
}

fn request_lines() -> Vec<Case> {
    let line = |line: &str| get("/api/chats/a", "").replace("GET /api/chats/a HTTP/1.1", line);
    let mut cases: Vec<Case> = [
        "GET http://x/api/chats/a HTTP/1.1",
        "GET http://evil.example/api/chats/a HTTP/1.1",
        "GET https://slice-1.g1:5001/internal/browser/stop HTTP/1.1",
        "GET x:80 HTTP/1.1",
        "CONNECT x:80 HTTP/1.1",
        "CONNECT slice-1.g1:5001 HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "PRI * HTTP/2.0",
        "GET /api/chats/a",
        "GET /api/chats/a HTTP/0.9",
        "GET /api/chats/a HTTP/1.2",
        "GET /api/chats/a HTTP/2",
        "GET /api/chats/a http/1.1",
        "GET /api/chats/a HTTP/1.1 ",
        "GET  /api/chats/a HTTP/1.1",
        "GET /api/chats/a  HTTP/1.1",
        "GET\t/api/chats/a\tHTTP/1.1",
        " GET /api/chats/a HTTP/1.1",
        "GET /api/chats/a b HTTP/1.1",
        "GET /api/chats/a\tb HTTP/1.1",
        "GET /api/chats/a\0 HTTP/1.1",
        "GET /api/chats/é HTTP/1.1",
        "GET /api/chats/a#b HTTP/1.1",
        "GET api/chats/a HTTP/1.1",
        "GET ../api/chats/a HTTP/1.1",
        "G{T /api/chats/a HTTP/1.1",
        "GET /api/chats/a HTTP/1.1\r\nX: HTTP/1.1\n",
    ]
    .iter()
    .map(|text| refused(line(text)))
    .collect();
    for target in [
        "/api/chats/../../internal/browser/stop",
        "/api/chats/..",
        "/api/chats/.",
        "/api/chats/%2e%2e/x",
        "/api/chats/%2E%2E/%2e%2e/internal",
        "/api/chats/.%2e/x",
        "/api/chats/%2fx",
        "/api/chats/%5cx",
        "/api/chats/%00",
        "/api/chats/%0d%0aX:%20y",
        "/api/chats//x",
        "/api//chats",
        "/api/chats/",
        "/api/chats/..;/x",
        "/api/chats;x=1/a",
        "/api/chats%2fa",
        "/api/internal/browser/stop",
        "/api/unknown",
        "/api/",
        "/api/Chats",
    ] {
        cases.push(turned_away(404, get(target, "")));
    }
    let ours = "X-Qn: 1\r\nSec-Fetch-Site: same-origin\r\n";
    for method in ["TRACE", "OPTIONS", "DELETE", "PATCH", "PUT", "CONNECT", "get", "Get", "POSTT", "PROPFIND"] {
        cases.push(turned_away(405, get("/api/chats/a", ours).replacen("GET", method, 1)));
        cases.push(turned_away(403, get("/api/chats/a", "").replacen("GET", method, 1)));
    }
    cases.extend([
        passed(get("/api/chats/a?b=/../%2e%2e//%0d%0a&c=%00", ""), "GET /api/chats/a?b=/../%2e%2e//%0d%0a&c=%00 "),
        passed(get("/api/chats/a~b-c_d.e", ""), "GET /api/chats/a~b-c_d.e "),
        Case {
            statuses: vec![200],
            heard: vec!["GET /api/chats/a ".into()],
            ..refused(line("GET /api/chats/a HTTP/1.0").replace("Host: x\r\n", ""))
        },
    ]);
    cases
}

fn connections() -> Vec<Case> {
    let heard = "GET /api/chats/a ";
    let mut cases: Vec<Case> = [
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n",
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n",
        "Connection: x-qn-user, x-qn-request-id, cookie, content-length\r\nX-Qn-User: user_0\r\n",
        "Connection: keep-alive, x-qn-role\r\nKeep-Alive: timeout=9999\r\nProxy-Connection: keep-alive\r\n",
        "X-Qn-User: user_0\r\nX-Qn-Role: owner\r\nX-Qn-Request-Id: forged\r\nX-Qn-Entitlement: all\r\n",
        "X_Qn_User: user_0\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Host: evil\r\nForwarded: for=1\r\n",
        "X-Original-URL: /internal/browser/stop\r\nX-Rewrite-URL: /internal\r\nX-HTTP-Method-Override: DELETE\r\n",
        "Proxy-Authorization: Basic eA==\r\nAuthorization: Bearer x\r\nTE: trailers\r\nTrailer: X-Qn-User\r\n",
        "Expect: 100-continue\r\n",
        "Expect: 200-maybe\r\n",
        "Range: bytes=0-1\r\nRange: bytes=2-3\r\nIf-Match: a\r\nIf-Match: b\r\n",
        "Via: 1.1 x\r\nMax-Forwards: 0\r\nOrigin: null\r\nReferer: https://evil.example/\r\n",
    ]
    .iter()
    .map(|lines| passed(get("/api/chats/a", lines), heard))
    .collect();
    let web_socket = get("/api/chats/a", "Connection: Upgrade\r\nUpgrade: websocket\r\n");
    cases.extend([
        Case {
            statuses: vec![200, 400],
            heard: vec![heard.into()],
            ..refused(format!("{web_socket}\u{1}\u{5}hello\n"))
        },
        Case {
            statuses: vec![200, 400],
            heard: vec![heard.into()],
            ..refused(format!(
                "{}PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                get("/api/chats/a", "Connection: Upgrade\r\nUpgrade: h2c\r\n")
            ))
        },
        Case {
            statuses: vec![200; 4],
            heard: vec![
                heard.into(),
                "POST /api/chats/c/messages hola".into(),
                "GET /api/chats/b ".into(),
                HEARD_CANARY.into(),
            ],
            ..refused(format!(
                "{}{}{}",
                get("/api/chats/a", ""),
                post("Content-Length: 4\r\n", "hola"),
                get("/api/chats/b", "")
            ))
        },
        Case {
            statuses: vec![200, 400],
            heard: vec![heard.into()],
            ..refused(format!("{}{}", get("/api/chats/a", ""), get("/api/chats/smuggled", "A : b\r\n")))
        },
        Case { statuses: vec![413], ..refused(post("Content-Length: 1048577\r\n", "")) },
        Case { statuses: vec![431], ..refused(get("/api/chats/a", &"A: b\r\n".repeat(101))) },
        Case { statuses: vec![431], ..refused(get("/api/chats/a", &format!("A: {}\r\n", "b".repeat(64 * 1024)))) },
        Case { statuses: vec![431], ..refused(get(&format!("/api/chats/{}", "a".repeat(64 * 1024)), "")) },
        Case { statuses: vec![431], ..refused("A".repeat(64 * 1024)) },
        passed(get("/api/chats/a", &"A: b\r\n".repeat(97)), heard),
        turned_away(401, get("/api/chats/a", "Cookie: {cookie}\r\n")),
        turned_away(401, get("/api/chats/a", "").replace("{cookie}", "{cookie}; {cookie}")),
        turned_away(401, get("/api/chats/a", "").replace("{cookie}", "__Host-qn=; {cookie}")),
        turned_away(401, get("/api/chats/a", "").replace("Cookie: {cookie}\r\n", "")),
        turned_away(401, get("/api/chats/a", "").replace("{cookie}", "__host-qn=x")),
        passed(get("/api/chats/a", "").replace("{cookie}", "a=b; {cookie}; __Host-qn2=c"), heard),
    ]);
    cases
}

/// Every case.
pub fn all() -> impl Iterator<Item = Case> {
    [framings(), lines(), request_lines(), connections()].into_iter().flatten()
}
