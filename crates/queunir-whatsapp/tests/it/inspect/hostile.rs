//! Files that are no pages, and pages made to do harm.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use queunir_whatsapp::inspect::{InspectError, inspect};
use serde_json::json;
use tokio::net::TcpListener;

use super::{
    expect, look,
    markup::{Bubble, g3, header, page},
    message, request, try_look,
};

/// Ten thousand rows, on a machine that does other things too; 17 s were measured on one of two cores under a load of 16.
const TEN_THOUSAND_ROWS: Duration = Duration::from_secs(60);

#[tokio::test]
async fn what_is_no_page_is_refused_without_a_browser() {
    let refused = async |bytes: &[u8]| match try_look(bytes, "en").await {
        Err(InspectError::File(why)) => why,
        other => panic!("{other:?}"),
    };
    assert!(refused(b"").await.ends_with("is empty"));
    assert!(refused(b" \n\t").await.ends_with("is empty"));
    assert!(refused(b"\x89PNG\r\n\x1a\n\0\0").await.ends_with("is not text"));
    assert!(refused(b"just words").await.ends_with("is not HTML"));
    assert!(refused(b"{\"html\": \"<div></div>\"}").await.ends_with("is not HTML"));
    let dir = tempfile::tempdir().unwrap();
    let why = |error: InspectError| error.to_string();
    assert!(why(inspect(&request(dir.path(), "en")).await.unwrap_err()).ends_with("is a directory"));
    assert!(why(inspect(&request(&dir.path().join("x"), "en")).await.unwrap_err()).ends_with("does not exist"));
    assert!(matches!(try_look(b"<div>", "klingon").await, Err(InspectError::Locale(_))));
    let mut moon = request(dir.path(), "en");
    moon.time_zone = "Moon/Crater".into();
    assert!(matches!(inspect(&moon).await, Err(InspectError::TimeZone(_))));
}

#[tokio::test]
async fn nothing_in_the_file_runs_or_reaches_the_network() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let row = g3(&Bubble {
        key: "A1",
        tail: true,
        pre: "[11:58, 21/11/2026] Ana: ",
        body: "oi",
        clock: "11:58",
        ..Bubble::default()
    });
    let spoil = format!(
        "document.querySelectorAll('[data-id]').forEach(e => e.remove()); fetch('{at}/f'); new Image().src = '{at}/n'"
    );
    let html = format!(
        "<!doctype html><html lang=\"pt\"><head><base href=\"{at}/\"><meta http-equiv=\"refresh\" content=\"0;url={at}/m\">\
         <link rel=\"stylesheet\" href=\"{at}/l\"><link rel=\"preconnect\" href=\"{at}\"><link rel=\"dns-prefetch\" href=\"{at}\">\
         <style>@import url('{at}/i'); @font-face {{ font-family: x; src: url('{at}/font') }} body {{ background: url('{at}/b'); font-family: x }}</style>\
         <script>{spoil}</script><script src=\"{at}/s\"></script></head><body onload=\"{spoil}\" background=\"{at}/bg\">\
         <img name=\"body\" src=\"{at}/img\" srcset=\"{at}/set 2x\" onerror=\"{spoil}\"><form name=\"querySelectorAll\"><input name=\"attributes\"><input name=\"children\"></form>\
         <iframe src=\"{at}/frame\" srcdoc=\"<script>{spoil}</script>\"></iframe><object data=\"{at}/o\"></object><embed src=\"{at}/e\">\
         <video autoplay src=\"{at}/v\" poster=\"{at}/p\"></video><audio autoplay src=\"{at}/a\"></audio>\
         <svg onload=\"{spoil}\"><script>{spoil}</script><image href=\"{at}/svg\"/><use href=\"{at}/use#x\"/></svg>\
         <div id=\"app\" style=\"background: url('{at}/style')\"><div id=\"main\"><header><span title=\"Ana\" dir=\"auto\">Ana</span></header><div>{row}</div></div></div>\
         <a href=\"javascript:{spoil}\" autofocus onfocus=\"{spoil}\">x</a></body></html>"
    );
    let seen = tokio::select! {
        seen = look(&html, "en") => seen,
        _ = listener.accept() => panic!("the file reached the network"),
    };
    expect(message(&seen, "A1"), &json!({"text": "oi", "direction": "in"}));
    assert_eq!(seen["conversation"]["title"], "Ana");
    assert!(tokio::time::timeout(Duration::from_millis(1), listener.accept()).await.is_err());
}

#[tokio::test]
async fn one_strange_row_costs_one_row() {
    let good = |key: &'static str| {
        g3(&Bubble {
            key,
            tail: true,
            pre: "[11:58, 21/11/2026] Ana: ",
            body: "oi",
            clock: "11:58",
            label: "Ana:",
            ..Bubble::default()
        })
    };
    let long = "x".repeat(300_000);
    let strange = [
        "<div role=\"row\"><div data-id=\"EMPTY\"></div></div>".to_owned(),
        g3(&Bubble { key: &long, body: "id", ..Bubble::default() }),
        g3(&Bubble {
            key: "PRE",
            pre: &format!("[99:99, 99/99/9999] {long}"),
            body: "a",
            clock: "77:77",
            ..Bubble::default()
        }),
        g3(&Bubble {
            key: "LABEL",
            label: &format!("{long}:"),
            body: &long,
            meta: &format!("<span aria-label=\"{long}\">{long}</span>"),
            ack: Some((&long, &long)),
            ..Bubble::default()
        }),
        g3(&Bubble { key: "DEEP", body: &"<span>".repeat(5_000), pre: "[", ..Bubble::default() }),
        "<div role=\"row\"><div data-id=\"OPEN\"><div data-testid=\"msg-container\"><table><tr><td>".to_owned()
            + "</b></p></i>"
            + "</td></tr></table></div></div></div>",
        "<div role=\"row\"><div data-id=\"\u{202e}\u{0}\">".replace('\0', "&#0;") + "</div></div>",
    ];
    let html = format!("{}{}{}", good("FIRST"), strange.join(""), good("LAST"));
    let seen = look(&html, "pt-BR").await;
    for key in ["FIRST", "LAST"] {
        expect(
            message(&seen, key),
            &json!({"text": "oi", "direction": "in", "sender": "Ana", "sent_at": "2026-11-21T11:58:00-03:00"}),
        );
    }
    expect(message(&seen, "PRE"), &json!({"sent_at": null, "text": "a"}));
}

#[tokio::test]
async fn ten_thousand_rows_are_read_in_the_stated_time() {
    let mut rows = String::new();
    for n in 0..10_000 {
        let (key, pre) =
            (format!("3EB0{n:018}"), format!("[{:02}:{:02}, 21/11/2026] Ana: ", n / 600 % 24, n / 10 % 60));
        let body = format!("mensagem {n} <img alt=\"🙂\" data-plain-text=\"🙂\">");
        write!(
            rows,
            "{}",
            g3(&Bubble { key: &key, tail: n % 5 == 0, pre: &pre, body: &body, clock: "11:58", ..Bubble::default() })
        )
        .unwrap();
    }
    let html = page("pt", "", &header("Ana", "online"), &rows);
    let began = Instant::now();
    let seen = look(&html, "pt-BR").await;
    let took = began.elapsed();
    println!("10,000 rows, {} MB: {took:?}", html.len() >> 20);
    assert!(took < TEN_THOUSAND_ROWS, "{took:?}");
    let messages = seen["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 10_000);
    assert!(
        messages
            .iter()
            .enumerate()
            .all(|(n, message)| message["text"] == format!("mensagem {n} 🙂") && message["direction"] == "in")
    );
}

#[tokio::test]
async fn a_huge_file_is_read_and_a_larger_one_refused() {
    let row = g3(&Bubble {
        key: "A1",
        tail: true,
        pre: "[11:58, 21/11/2026] Ana: ",
        body: "oi",
        clock: "11:58",
        ..Bubble::default()
    });
    let picture = format!("<img src=\"data:image/png;base64,{}\">", "A".repeat(40 << 20));
    let seen = look(&format!("{picture}{row}"), "pt-BR").await;
    expect(message(&seen, "A1"), &json!({"text": "oi"}));
    let too_much = try_look(format!("{picture}{picture}{row}").as_bytes(), "en").await;
    assert!(too_much.unwrap_err().to_string().ends_with("is larger than 64 MiB"));
}
