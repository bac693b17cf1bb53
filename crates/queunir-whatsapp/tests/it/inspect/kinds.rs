//! Every kind of message, and everything else that a row can tell, by the marks of the evidence.

use serde_json::{Value, json};

use super::{
    expect, look,
    markup::{Bubble, g2, g3, header, marker, page},
    message,
};

const PRE: &str = "[15:06, 03/07/2026] Maria: ";

/// Marks in the bubble, the kind, and the file.
fn kinds() -> Vec<(&'static str, Value)> {
    let media = |kind: &str, name: Value, seconds: Value| json!({"kind": kind, "name": name, "duration_s": seconds});
    let none = || Value::Null;
    vec![
        (
            "<div data-testid=\"image-thumb\" aria-label=\"Open picture\" role=\"button\"><img src=\"blob:https://web.whatsapp.com/1\"></div>",
            media("image", none(), none()),
        ),
        (
            "<div data-testid=\"image-thumb\" role=\"button\" style=\"background-image: url(data:image/jpeg;base64,AA)\"><span data-testid=\"media-state-download\">45 kB</span></div>",
            media("image", none(), none()),
        ),
        ("<div data-testid=\"video-content\"><span>1:02</span></div>", media("video", none(), json!(62))),
        (
            "<div data-testid=\"video-content\"><div data-testid=\"image-thumb-gif\"></div><span data-testid=\"media-gif\"></span></div>",
            media("gif", none(), none()),
        ),
        (
            "<span data-icon=\"ptt-status\"></span><button aria-label=\"Reproducir mensaje de voz\"><svg><title>ic-play-arrow-filled</title></svg></button><canvas></canvas><div>0:12</div>",
            media("voice", none(), json!(12)),
        ),
        (
            "<div data-testid=\"media-canvas-audio-thumb\"></div><span data-icon=\"audio-play\"></span><span title=\"canção.mp3\">canção.mp3</span><div>3:45</div>",
            media("audio", json!("canção.mp3"), json!(225)),
        ),
        (
            "<div role=\"button\" title=\"Download\"><span title=\"nota fiscal.pdf\" dir=\"auto\">nota fiscal.pdf</span><span>2 pages • PDF • 120 kB</span></div>",
            media("document", json!("nota fiscal.pdf"), none()),
        ),
        (
            "<div><span title=\"LEIAME\">LEIAME</span><span>TXT</span><span>1,2 MB</span><button title=\"Download\"></button></div>",
            media("document", json!("LEIAME"), none()),
        ),
        (
            "<div data-testid=\"sticker-container\"><img alt=\"gato\" src=\"blob:x\"></div>",
            media("sticker", none(), none()),
        ),
        (
            "<div data-testid=\"media-album\"><div style=\"grid-area: a\" data-testid=\"image-thumb\"></div><div style=\"grid-area: b\" data-testid=\"image-thumb\"></div><span>+3</span></div>",
            media("album", none(), none()),
        ),
        (
            "<div data-testid=\"vcard-msg\"><span dir=\"auto\" class=\"selectable-text\">Bia Prado</span><button>Message</button></div>",
            media("contact", json!("Bia Prado"), none()),
        ),
        ("<a data-testid=\"location-msg\" href=\"https://maps.google.com/maps?q=-23.5,-46.6\"><img></a>", none()),
    ]
}

#[tokio::test]
async fn every_kind_is_told_with_its_file() {
    let kinds = kinds();
    let keys: Vec<String> = (0..kinds.len()).map(|n| format!("3A{n:016}")).collect();
    let clock = Bubble { clock: "15:06", label: "Maria:", ..Bubble::default() };
    let mut rows: Vec<String> = vec![marker("03/07/2026")];
    rows.extend(kinds.iter().zip(&keys).map(|((inside, _), key)| g3(&Bubble { key, inside, ..clock })));
    let poll = "<div data-testid=\"poll-bubble\"><div>Que dia? <img class=\"emoji\" alt=\"🎉\" data-plain-text=\"🎉\"></div><div data-testid=\"poll-option-0\"><span data-testid=\"poll-option-row-label-0\">Sexta</span></div><button data-testid=\"poll-view-votes\">View votes</button></div>";
    rows.push(g3(&Bubble { key: "POLL", inside: poll, pre: PRE, ..clock }));
    rows.push(g3(&Bubble { key: "CAPTION", inside: kinds[0].0, body: "legenda\ncom linha", pre: PRE, ..clock }));
    rows.push(g3(&Bubble { key: "FILE", inside: kinds[6].0, body: "segue a nota", pre: PRE, ..clock }));
    let link = "<div data-testid=\"link-preview-container\"><div data-testid=\"link-preview-thumbnail\"></div><span title=\"example.com\" data-testid=\"selectable-text\">Cartão</span></div>";
    rows.push(g3(&Bubble {
        key: "LINK",
        inside: link,
        body: "veja <a href=\"https://example.com\" dir=\"ltr\">https://example.com</a>",
        pre: PRE,
        ..clock
    }));
    let lone = "<div><img class=\"emoji\" alt=\"❤️\" data-plain-text=\"❤️\" draggable=\"false\"></div>";
    rows.push(g3(&Bubble { key: "EMOJI", inside: lone, pre: PRE, ..clock }));
    let formatted = "<strong data-app-text-template=\"*${appText}*\">forte</strong> <span role=\"button\"><span data-plain-text=\"@Ana\" data-app-text-template=\"5@lid\">@Ana</span></span><ul><li data-pre-plain-text=\"- \">um</li><li data-pre-plain-text=\"- \">dois</li></ul>fim";
    rows.push(g3(&Bubble { key: "FORMAT", body: formatted, pre: PRE, ..clock }));
    let call = "<div role=\"row\"><div data-id=\"CALL\"><div data-virtualized=\"false\"><div data-testid=\"msg-notification-container\"><div data-testid=\"call-log-system-message\"><span>Missed voice call at 15:06</span></div></div></div></div></div>";
    rows.push(call.to_owned());
    rows.push("<div role=\"row\"><div data-id=\"FAR\"><div data-virtualized=\"true\" style=\"min-height: 60px\"><div></div></div></div></div>".to_owned());
    rows.push(g3(&Bubble {
        key: "FAILED",
        ours: true,
        tail: true,
        body: "não foi",
        pre: "[15:06, 03/07/2026] Loja: ",
        outside: "<span data-icon=\"message-fail\"></span>",
        clock: "15:06",
        ..Bubble::default()
    }));
    let seen = look(&page("pt", "", &header("Maria", "online"), &rows.join("")), "pt-BR").await;

    for ((inside, media), key) in kinds.iter().zip(&keys) {
        let kind = if media.is_null() { json!("location") } else { media["kind"].clone() };
        let wanted = json!({"kind": kind, "media": media, "text": "", "direction": "in", "sender": "Maria", "sent_at": "2026-07-03T15:06:00-03:00"});
        let found = message(&seen, key);
        expect(found, &wanted);
        assert!(!inside.is_empty());
    }
    expect(message(&seen, "POLL"), &json!({"kind": "poll", "text": "Que dia? 🎉", "media": null}));
    expect(message(&seen, "CAPTION"), &json!({"kind": "image", "text": "legenda\ncom linha"}));
    expect(
        message(&seen, "FILE"),
        &json!({"kind": "document", "text": "segue a nota", "media": {"kind": "document", "name": "nota fiscal.pdf", "duration_s": null}}),
    );
    expect(message(&seen, "LINK"), &json!({"kind": "text", "text": "veja https://example.com"}));
    expect(message(&seen, "EMOJI"), &json!({"kind": "text", "text": "❤️"}));
    expect(message(&seen, "FORMAT"), &json!({"text": "*forte* @Ana\n- um\n- dois\nfim"}));
    expect(message(&seen, "CALL"), &json!({"kind": "call", "direction": "unknown", "text": "", "media": null}));
    expect(message(&seen, "FAILED"), &json!({"failed": true, "direction": "out", "ack": null}));
    // What is far from the view has no content in the file: it is counted, and is no empty message.
    assert!(!seen["messages"].as_array().unwrap().iter().any(|message| message["key"] == "FAR"));
    assert_eq!(seen["health"]["rows_undrawn"], 1);
    expect(&seen["conversation"], &json!({"title": "Maria", "subtitle": "online", "kind": "contact"}));
    assert_eq!((&seen["screen"], &seen["generation"]), (&json!("main"), &json!("g3")));
}

#[tokio::test]
async fn kinds_of_the_generation_before() {
    let id = |n: usize| format!("false_120363000000000001@g.us_3EB0{n}_5511900000001@lid");
    let ids: Vec<String> = (0..8).map(id).collect();
    let base = Bubble { clock: "8:05 pm", pre: "[8:05 pm, 14/12/2025] Bia ~: ", ..Bubble::default() };
    let file = Bubble { pre: "", label: "Bia ~:", ..base };
    let rows = [
        g2(&Bubble { key: &ids[0], inside: "<div role=\"button\" aria-label=\"Open picture\"><img src=\"blob:x\"></div>", ..base }),
        g2(&Bubble { key: &ids[1], inside: "<div role=\"button\"><img src=\"blob:x\"></div>", body: "legenda", ..base }),
        g2(&Bubble { key: &ids[2], inside: "<div><span data-icon=\"media-play\"></span><span data-icon=\"msg-video\"></span><span>0:31</span></div>", ..base }),
        g2(&Bubble { key: &ids[3], inside: "<div><span data-icon=\"audio-play\"></span><span aria-label=\"Voice message\"></span><div>1:07</div></div>", ..file }),
        g2(&Bubble { key: &ids[4], inside: "<div><span data-icon=\"audio-play\"></span><div>2:00</div></div>", ..file }),
        g2(&Bubble { key: &ids[5], inside: "<div title=\"Download &quot;a.xlsx&quot;\" role=\"button\"><span data-icon=\"document-XLSX-icon\"></span><span title=\"a.xlsx\" dir=\"auto\">a.xlsx</span><span>XLSX</span><span>12 kB</span></div>", ..file }),
        g2(&Bubble { key: &ids[6], inside: "<a href=\"https://maps.google.com/maps?q=1,2\"><img></a>", ..base }),
        g2(&Bubble { key: &ids[7], inside: "<div><span data-icon=\"media-gif\"></span></div>", outside: "<div><button aria-haspopup=\"true\" aria-label=\"reaction 👍. View reactions\"></button></div>", ..base }),
        "<div role=\"row\"><div data-id=\"false_120363000000000001@g.us_N_5@lid\"><div class=\"_amjw\"><span dir=\"auto\">Bia added Caio</span></div></div></div>".to_owned(),
    ];
    let seen = look(&rows.join(""), "en").await;
    let file = |n: usize| message(&seen, &ids[n]).clone();
    expect(
        &file(0),
        &json!({"kind": "image", "text": "", "sender": "Bia ~", "direction": "in", "sent_at": "2025-12-14T20:05:00-03:00"}),
    );
    expect(&file(1), &json!({"kind": "image", "text": "legenda"}));
    expect(&file(2), &json!({"kind": "video", "media": {"kind": "video", "name": null, "duration_s": 31}}));
    expect(&file(3), &json!({"kind": "voice", "media": {"kind": "voice", "name": null, "duration_s": 67}}));
    expect(&file(4), &json!({"kind": "audio", "media": {"kind": "audio", "name": null, "duration_s": 120}}));
    expect(
        &file(5),
        &json!({"kind": "document", "text": "", "media": {"kind": "document", "name": "a.xlsx", "duration_s": null}}),
    );
    expect(&file(6), &json!({"kind": "location", "text": ""}));
    expect(&file(7), &json!({"kind": "gif", "reactions": [{"emoji": "👍", "count": 1}]}));
    assert_eq!(seen["messages"].as_array().unwrap().len(), ids.len());
    assert_eq!(
        seen["system_rows"],
        json!([{"kind": "notice", "text": "Bia added Caio", "subtype": null, "key": "false_120363000000000001@g.us_N_5@lid"}])
    );
    assert_eq!(seen["conversation"]["kind"], "group");
    assert_eq!(seen["generation"], "g2");
}

#[tokio::test]
async fn signals_that_disagree_stay_unknown_and_dates_that_cannot_be_known_are_not_told() {
    let base = Bubble { clock: "9:00", body: "x", ..Bubble::default() };
    let rows = [
        // The packed id says ours, the class theirs.
        g2(&Bubble { key: "true_5511900000001@c.us_A1", ours: false, pre: "[9:00, 3/7/2026] Maria: ", ..base }),
        // A tail of theirs and a tick of ours.
        g3(&Bubble {
            key: "A2",
            ours: false,
            tail: true,
            ack: Some(("wds-ic-read", " Read ")),
            pre: "[9:00, 3/7/2026] Maria: ",
            ..base
        }),
        // Nothing says whose it is.
        g3(&Bubble { key: "A3", pre: "[9:00, 3/7/2026] Somebody: ", ..base }),
    ];
    let seen = look(&rows.join(""), "en").await;
    for key in ["true_5511900000001@c.us_A1", "A2", "A3"] {
        expect(
            message(&seen, key),
            &json!({"direction": "unknown", "ack": null, "sent_at": null, "sent_at_certain": false}),
        );
    }
    // The same stamps under a marker that fits one order only: 3 July 2026 was a Friday.
    let known = format!("{}{}", marker("Friday"), rows[2]);
    expect(
        message(&look(&known, "en").await, "A3"),
        &json!({"sent_at": "2026-07-03T09:00:00-03:00", "sent_at_certain": true}),
    );
}

/// The card of an unknown sender as the simulator draws it in each generation: a key, words and buttons.
#[tokio::test]
async fn a_card_about_an_unknown_sender_is_no_message_in_any_generation() {
    let card = |key: &str, frame: &str, marks: [&str; 3]| {
        let [block, report, add] = marks;
        format!(
            "<div role=\"row\"><div data-id=\"{key}\" tabindex=\"-1\"><div{frame}><div class=\"x970a1qt xek9muv1\">\
             <div class=\"xas1s60r xcj03e17 xdx41yjx\"><div dir=\"auto\">This sender is not in your contacts</div>\
             <div><button type=\"button\"{block}>Block</button><button type=\"button\"{report}>Report</button>\
             <button type=\"button\"{add}>Add</button></div></div></div></div></div></div>"
        )
    };
    let named = [" data-testid=\"block-btn\"", " data-testid=\"report-btn\"", " data-testid=\"add-contact-btn\""];
    let bare = ["", "", ""];
    let stamped = g3(&Bubble {
        key: "3AC9D3A53C0DD162E7E0",
        clock: "9:00",
        pre: "[9:00, 18/07/2026] +55 11 91000-0005: ",
        label: "+55 11 91000-0005:",
        body: "Oi",
        ..Bubble::default()
    });
    for (frame, marks) in [(" data-virtualized=\"false\"", named), (" data-virtualized=\"false\"", bare), ("", bare)] {
        // Beside a message, so that a run or a learnt name could tempt the reader.
        let seen = look(&format!("{}{stamped}", card("3EB0DE449CACA105CECA4D", frame, marks)), "en").await;
        let keys: Vec<&Value> = seen["messages"].as_array().unwrap().iter().map(|message| &message["key"]).collect();
        assert_eq!(keys, ["3AC9D3A53C0DD162E7E0"], "{seen:#}");
        let cards = seen["system_rows"].as_array().unwrap().iter().filter(|row| row["key"] == "3EB0DE449CACA105CECA4D");
        assert_eq!(cards.count(), 1, "{seen:#}");
    }
}

#[tokio::test]
async fn notices_cards_and_nested_ids_are_no_messages() {
    let base = Bubble {
        clock: "9:00",
        pre: "[9:00, 18/07/2026] +91 70000 00000: ",
        label: "+91 70000 00000:",
        ..Bubble::default()
    };
    let notice = |id: &str, inner: &str| {
        format!(
            "<div role=\"row\"><div data-id=\"{id}\"><div data-virtualized=\"false\"><div data-testid=\"msg-notification-container\">{inner}</div></div></div></div>"
        )
    };
    let rows = [
        notice("N1", "<div data-testid=\"subtype-add\">+91 70000 00000 added you</div>"),
        "<div role=\"row\"><div data-id=\"N2\"><div data-testid=\"system_message\"><span>Ana changed the subject</span></div></div></div>".to_owned(),
        // A card about the sender in a new chat has an id and no stamp.
        "<div role=\"row\"><div data-id=\"N3\"><div><span>Not a contact</span><button data-testid=\"block-btn\">Block</button><button data-testid=\"report-btn\">Report</button></div></div></div>".to_owned(),
        g3(&Bubble { key: "M1", body: "one", inside: "<div data-id=\"M1\"></div><div data-id=\"M1-inner\"></div>", ..base }),
        "<div role=\"row\"><div data-id=\"M1\"><div data-testid=\"msg-container\">again</div></div></div>".to_owned(),
        "<div><span>typing…</span></div>".to_owned(),
    ];
    let seen = look(&rows.join(""), "en").await;
    let messages = seen["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 1, "{seen:#}");
    expect(&messages[0], &json!({"key": "M1", "text": "one", "sender": "+91 70000 00000", "direction": "in"}));
    let told: Vec<(Value, Value)> = seen["system_rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["key"].clone(), row["subtype"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (json!("N1"), json!("add")),
            (json!("N2"), json!("system_message")),
            (json!("N3"), Value::Null),
            (Value::Null, Value::Null)
        ]
    );
}
