//! Tests of the boundary: the schema's refusals, states, the list, and that no input panics.

use proptest::prelude::*;
use queunir_core::message::{Ack, MessageKind};
use serde_json::json;

use super::*;

fn ctx() -> Context {
    Context {
        locale: "pt-BR".into(),
        time_zone: "America/Sao_Paulo".into(),
        now: "2026-11-21T15:00:00Z".parse().unwrap(),
        own_names: Vec::new(),
        saved: None,
    }
}

fn state_of(fields: &serde_json::Value) -> SeenState {
    let mut body = json!({"v": 1, "kind": "state", "visible": true, "generation": "g3"});
    for (name, value) in fields.as_object().unwrap() {
        body.as_object_mut().unwrap().insert(name.clone(), value.clone());
    }
    match observation(&body.to_string(), &ctx()).unwrap().remove(0) {
        PageEvent::State(state) => state,
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_a_real_code_makes_the_state_qr() {
    let real = "2@abc/def,noise,identity,secret,1";
    assert_eq!(state_of(&json!({"screen": "qr", "qr": real})).qr.as_deref(), Some(real));
    let broken = state_of(&json!({"screen": "qr", "qr": "undefined,noise,identity,secret,1"}));
    assert_eq!((broken.state, broken.qr), (PageState::Starting, None));
    assert_eq!(state_of(&json!({"screen": "qr_idle", "qr": real})).qr, None);
    assert_eq!(state_of(&json!({"screen": "qr_idle"})).state, PageState::QrTimeout);
}

#[test]
fn states_of_the_main_screen() {
    assert_eq!(state_of(&json!({"screen": "main"})).state, PageState::Linked);
    assert_eq!(state_of(&json!({"screen": "main", "offline": true})).state, PageState::Offline);
    assert_eq!(state_of(&json!({"screen": "another_session"})).state, PageState::Conflict);
    let own = state_of(&json!({"screen": "main", "own_title": "+55 11 99999-0000 (você)", "sync_percent": 61}));
    assert_eq!((own.phone.as_deref(), own.sync_percent), (Some("+5511999990000"), Some(61)));
    assert_eq!(state_of(&json!({"screen": "syncing", "sync_percent": 160})).sync_percent, None);
}

#[test]
fn what_is_not_of_the_schema_is_refused() {
    let refused = |json: &str| observation(json, &ctx()).unwrap_err();
    assert_eq!(refused(r#"{"v":2,"kind":"state"}"#), Rejected::Version(2));
    assert_eq!(refused(r#"{"v":1,"kind":"other"}"#), Rejected::Kind);
    assert!(matches!(refused("<html>"), Rejected::Malformed(_)));
    assert!(matches!(
        refused(r#"{"v":1,"kind":"state","visible":true,"generation":"g3","screen":"main","x":1}"#),
        Rejected::Malformed(_)
    ));
    assert_eq!(refused(&" ".repeat(raw::MAX_BATCH + 1)), Rejected::TooLarge(raw::MAX_BATCH + 1));
    let long =
        json!({"v":1,"kind":"list","visible":true,"present":true,"rows":[{"title":"x".repeat(raw::MAX_LABEL + 1)}]});
    assert_eq!(refused(&long.to_string()), Rejected::Cap("list.title"));
    let rows = vec![json!({"title":"x"}); raw::MAX_LIST + 1];
    let many = json!({"v":1,"kind":"list","visible":true,"present":true,"rows":rows});
    assert_eq!(refused(&many.to_string()), Rejected::Cap("list.rows"));
}

#[test]
fn a_function_that_answered_with_an_error_is_refused_by_its_code() {
    assert_eq!(raw::answer::<raw::Point>(json!({"error": "no_page"})), Err(Rejected::Reader("no_page".into())));
    assert_eq!(raw::answer::<Option<raw::LastMessage>>(serde_json::Value::Null), Ok(None));
    assert_eq!(raw::answer::<bool>(json!(true)), Ok(true));
    let row: raw::ChatRow = raw::answer(json!({"found": "one", "x": 1, "y": 2.5, "position": 3, "clickable": true, "top": 0, "height": 76, "inView": true})).unwrap();
    assert_eq!((row.found, row.in_view), (raw::Found::One, true));
}

fn chat_of(fields: serde_json::Value) -> SeenChat {
    let row: raw::ListRow = serde_json::from_value(fields).unwrap();
    chats(&[row], Some("pt"), &ctx()).remove(0)
}

#[test]
fn a_list_row_becomes_a_chat() {
    let chat = chat_of(json!({
        "title": "\u{202a}+55 19 99999-0000\u{202c}", "time": "11:58", "position": 4,
        "preview": "\u{202a}Oi, tudo bem?\u{202c}",
        "unread_badge": true, "unread_label": "1.227 mensagens não lidas", "muted": true,
    }));
    assert_eq!(chat.title, "+55 19 99999-0000");
    assert_eq!(chat.phone.as_deref(), Some("+5519999990000"));
    assert_eq!(chat.unread, 1227);
    assert!(!chat.marked_unread && chat.muted && !chat.preview_from_me);
    assert_eq!(chat.preview.as_deref(), Some("Oi, tudo bem?"));
    assert_eq!(chat.preview_kind, MessageKind::Text);
    assert_eq!(chat.time.unwrap().to_string(), "2026-11-21T14:58:00Z");
}

#[test]
fn ticks_and_authors_tell_whose_the_preview_is() {
    let ours = chat_of(
        json!({"title": "Ana", "preview": "ok", "ack_icon": "wds-ic-read", "ack_colours": ["rgb(0, 123, 252)"]}),
    );
    assert_eq!((ours.preview_from_me, ours.preview_ack), (true, Some(Ack::Read)));
    let group = chat_of(json!({"title": "Família", "preview": "Bia:\u{a0}chego já"}));
    assert_eq!((group.preview_sender.as_deref(), group.preview.as_deref()), (Some("Bia"), Some("chego já")));
    let you = chat_of(json!({"title": "Família", "author": "Você", "preview": "chego já"}));
    assert_eq!((you.preview_from_me, you.preview_sender), (true, None));
    let marked = chat_of(json!({"title": "Ana", "unread_badge": true, "unread_label": "Não lida"}));
    assert_eq!((marked.unread, marked.marked_unread), (0, true));
}

#[test]
fn hidden_pages_and_searches_are_silence_not_emptiness() {
    let hidden = json!({"v":1,"kind":"conversation","visible":false,"open":true,"title":"Ana","rows":[]});
    assert!(observation(&hidden.to_string(), &ctx()).unwrap().is_empty());
    let search = json!({"v":1,"kind":"list","visible":true,"present":true,"searching":true,"rows":[]});
    assert!(observation(&search.to_string(), &ctx()).unwrap().is_empty());
}

#[test]
fn phones_come_from_titles_and_composer_labels_only_in_international_form() {
    assert_eq!(phone("+91 70000 00000").as_deref(), Some("+917000000000"));
    assert_eq!(phone("4 unread messages+55 19"), None);
    assert_eq!(phone("12345678"), None);
    assert_eq!(label_phone("Digite uma mensagem para +55 19 99999-0000").as_deref(), Some("+5519999990000"));
    assert_eq!(label_phone("向+55 19 99999-0000发送消息").as_deref(), Some("+5519999990000"));
    assert_eq!(label_phone("Digite uma mensagem para Ana"), None);
}

#[test]
fn a_walk_is_complete_only_when_the_count_is_exact() {
    let window = |from: u32, to: u32| {
        let rows = (from..to).map(|n| raw::ListRow {
            title: format!("c{n}"),
            y: f64::from(n * 76),
            ..raw::ListRow::default()
        });
        raw::List {
            v: 1,
            kind: "list".into(),
            document: "one".into(),
            look: u64::from(from),
            visible: true,
            present: true,
            searching: false,
            lang: None,
            total: Some(5),
            complete: false,
            rows: rows.collect(),
            health: None,
        }
    };
    let mut walk = ListWalk::default();
    walk.add(window(0, 3));
    assert!(!walk.complete());
    walk.add(window(2, 5));
    let list = walk.finish(&ctx());
    assert!(list.complete);
    assert_eq!(
        list.rows.iter().map(|row| (row.title.as_str(), row.position)).collect::<Vec<_>>().last(),
        Some(&("c4", 4))
    );
}

#[test]
fn a_walk_that_met_a_row_twice_may_have_missed_another() {
    let window = |look: u64, rows: &[(&str, u32)]| raw::List {
        v: 1,
        kind: "list".into(),
        document: "one".into(),
        look,
        visible: true,
        present: true,
        searching: false,
        lang: None,
        total: Some(4),
        complete: false,
        health: None,
        rows: rows
            .iter()
            .map(|(title, place)| raw::ListRow {
                title: (*title).into(),
                y: f64::from(place * 76),
                ..raw::ListRow::default()
            })
            .collect(),
    };
    // "d" was last and went to the top between two looks, so "b" was met twice and "d" never.
    let mut walk = ListWalk::default();
    walk.add(window(1, &[("a", 0), ("b", 1)]));
    walk.add(window(2, &[("b", 2), ("c", 3)]));
    assert_eq!(walk.len(), 4);
    assert!(!walk.complete());
    // Two people of one name stand in one look.
    let mut walk = ListWalk::default();
    walk.add(window(1, &[("a", 0), ("a", 1)]));
    walk.add(window(2, &[("b", 2), ("c", 3)]));
    assert!(walk.complete());
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        ".{0,40}".prop_map(Into::into),
        "(main|qr|message|marker|\\[1:2, 3/4/2026\\] a: |true_1@c.us_A|Hoje)".prop_map(Into::into),
    ];
    let name = "(v|kind|visible|present|open|rows|title|row|id|drawn|text|pre|clock|qr|screen|health|y|position|time|lang|generation)";
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Into::into),
            prop::collection::btree_map(name, inner, 0..10)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_taken_or_refused_but_never_panics(value in any_json(), kind in "(state|list|conversation|health|x)") {
        let _ = observation(&value.to_string(), &ctx());
        if let serde_json::Value::Object(mut map) = value {
            map.insert("v".into(), 1.into());
            map.insert("kind".into(), kind.into());
            map.entry("visible").or_insert(true.into());
            map.entry("present").or_insert(true.into());
            map.entry("open").or_insert(true.into());
            let _ = observation(&serde_json::Value::Object(map).to_string(), &ctx());
        }
    }

    #[test]
    fn any_text_is_refused_or_taken(text in any::<String>()) {
        let _ = observation(&text, &ctx());
        let _ = phone(&text);
        let _ = count(&text);
        let _ = label_phone(&text);
        let _ = own_phone(&text);
    }
}
