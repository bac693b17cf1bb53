//! Chat lists: whole, as bare rows, and of the archive, in both generations.

use serde_json::{Value, json};

use super::{expect, look, markup::page};

/// A row of the current generation; `second` is the preview line, `badges` stand behind it.
fn row(title: &str, y: u32, hidden: &str, second: &str, badges: &str) -> String {
    format!(
        "<div role=\"row\" data-testid=\"list-item-0\" style=\"z-index: 1; height: 76px; transform: translateY({y}px)\">\
         <div aria-selected=\"false\" tabindex=\"-1\"><div data-testid=\"cell-frame-container\"><div><span data-testid=\"default-contact\" data-icon=\"default-contact\"></span></div><div>\
         <div role=\"gridcell\" aria-colindex=\"2\"><div data-testid=\"cell-frame-title\">{hidden}<span title=\"{title}\" dir=\"auto\">{title}</span></div>\
         <div data-testid=\"cell-frame-primary-detail\"><span>11:58</span></div></div>\
         <div data-testid=\"cell-frame-secondary\">{second}<div role=\"gridcell\" aria-colindex=\"1\">{badges}</div></div></div></div></div></div>"
    )
}

fn preview(text: &str, icon: &str) -> String {
    let icon = if icon.is_empty() { String::new() } else { format!("<div><svg><title>{icon}</title></svg></div>") };
    format!(
        "{icon}<span data-testid=\"last-msg-status\" title=\"\u{202a}{text}\u{202c}\"><span dir=\"ltr\">{text}</span></span>"
    )
}

fn rows() -> String {
    let badge = "<div aria-hidden=\"true\"><span data-testid=\"icon-unread-count\" aria-label=\"1.227 mensagens não lidas\">999+</span></div>\
                 <span data-testid=\"mute-notifications-refreshed\" aria-label=\"Conversa silenciada\"></span><div aria-label=\"Conversa fixada\"><svg><title>ic-push-pin</title></svg></div>";
    let hidden = "<span class=\"hidden\">1.227 mensagens não lidas</span>";
    [
        row("+55 19 99999-0000", 76, hidden, &preview("tem em estoque?", ""), badge),
        row("Ana", 0, "", &preview("ok, obrigada", "wds-ic-read"), ""),
        row("Família", 152, "", "<span data-testid=\"last-msg-status\" title=\"\u{202a}chego já\u{202c}\"><span>Caio</span>:\u{a0}<span>chego já</span></span>", ""),
        row("Equipe", 228, "", "<span data-testid=\"last-msg-status\" title=\"\u{202a}Você:\u{a0}feito\u{202c}\"></span>", "<span data-testid=\"icon-mentions\" aria-label=\"Menção\"></span>"),
        row("Bia", 304, "", "<span>digitando...</span>", ""),
        row("Duda", 380, "", "<span>Rascunho:</span><span>oi</span>", "<div><span data-testid=\"icon-unread-count\" aria-label=\"Não lida\"></span></div>"),
        row("Eva", 456, "", "<svg><title>ic-image</title></svg><span>Foto</span>", "<span>Arquivada</span>"),
        row("Loja (você)", 532, "", &preview("nota", ""), ""),
        "<div role=\"row\" data-testid=\"list-item-9\" style=\"height: 48px; transform: translateY(600px)\"><div><span>Mensagens</span></div></div>".to_owned(),
    ]
    .concat()
}

fn check(chats: &Value) {
    let all = chats.as_array().unwrap();
    let titles: Vec<&str> = all.iter().map(|chat| chat["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Ana", "+55 19 99999-0000", "Família", "Equipe", "Bia", "Duda", "Eva", "Loja (você)"]);
    expect(
        &all[0],
        &json!({"preview": "ok, obrigada", "preview_from_me": true, "unread": 0, "time_text": "11:58", "pinned": false, "muted": false, "archived": false, "kind": "contact"}),
    );
    expect(
        &all[1],
        &json!({"preview": "tem em estoque?", "preview_from_me": false, "unread": 1227, "pinned": true, "muted": true, "marked_unread": false}),
    );
    expect(
        &all[2],
        &json!({"preview": "chego já", "preview_sender": "Caio", "preview_from_me": false, "kind": "group"}),
    );
    expect(
        &all[3],
        &json!({"preview": "feito", "preview_from_me": true, "kind": "group", "unread": 0, "marked_unread": false}),
    );
    expect(&all[4], &json!({"preview": null, "typing": true, "draft": false}));
    expect(&all[5], &json!({"preview": null, "draft": true, "unread": 0, "marked_unread": true}));
    expect(&all[6], &json!({"preview": "Foto", "archived": true}));
    expect(&all[7], &json!({"kind": "yourself", "archived": false}));
}

#[tokio::test]
async fn a_whole_page_and_bare_rows_say_the_same() {
    let seen = look(&page("pt", &rows(), "", ""), "en").await;
    check(&seen["chats"]);
    let seen = look(&rows(), "pt-BR").await;
    check(&seen["chats"]);
    assert_eq!((&seen["screen"], &seen["conversation"], &seen["messages"]), (&json!("main"), &Value::Null, &json!([])));
    let grid = format!(
        "<div class=\"x\"><div data-testid=\"chat-list\"><div role=\"grid\" aria-rowcount=\"9\">{}</div></div></div>",
        rows()
    );
    check(&look(&grid, "pt-BR").await["chats"]);
}

#[tokio::test]
async fn the_archive_is_told_behind_the_list() {
    let drawer = format!(
        "<div data-testid=\"drawer-left\"><header><h1>Arquivadas</h1></header><div role=\"grid\">{}</div></div>\
         <div data-testid=\"drawer-left\"><div role=\"list\"><div role=\"listitem\"><span title=\"Nobody\" dir=\"auto\">Nobody</span></div></div></div>",
        row("Velha", 0, "", &preview("tchau", ""), "")
    );
    let html = page("pt", &row("Nova", 0, "", &preview("oi", ""), ""), "", "")
        .replace("<div id=\"main\"", &format!("{drawer}<div id=\"main\""));
    let seen = look(&html, "pt-BR").await;
    let told: Vec<(&str, bool)> = seen["chats"]
        .as_array()
        .unwrap()
        .iter()
        .map(|chat| (chat["title"].as_str().unwrap(), chat["archived"].as_bool().unwrap()))
        .collect();
    assert_eq!(told, [("Nova", false), ("Velha", true)]);
}

#[tokio::test]
async fn rows_of_the_generation_before() {
    let row = |title: &str, y: u32, second: &str, badges: &str| {
        format!(
            "<div role=\"listitem\" class=\"x10l6tqk xh8yej3 x1g42fcv\" style=\"height: 72px; transform: translateY({y}px)\"><div><div role=\"row\"><div tabindex=\"-1\"><div class=\"_ak72\">\
             <div><span data-icon=\"default-group\"></span></div><div class=\"_ak8l\"><div role=\"gridcell\" aria-colindex=\"2\" class=\"_ak8o\"><div class=\"_ak8q\"><span dir=\"auto\" title=\"{title}\" class=\"x1iyjqo2\">{title}</span></div>\
             <div class=\"_ak8i\">Yesterday</div></div><div class=\"_ak8j\"><div class=\"_ak8k\">{second}</div><div role=\"gridcell\" aria-colindex=\"1\" class=\"_ak8i\">{badges}</div></div></div></div></div></div></div></div>"
        )
    };
    let ticks = "<span class=\"x78zum5\" title=\"\u{202a}see you\u{202c}\"><div><span data-icon=\"status-dblcheck\"></span></div><span dir=\"ltr\">see you</span></span>";
    let marks = "<span data-icon=\"muted\"></span><span data-icon=\"pinned2\"></span><span><span aria-label=\"3 unread messages\">3</span></span>";
    let html = row("Team", 0, ticks, marks)
        + &row("Zoë", 72, "<span class=\"x78zum5\" title=\"hello\"><span dir=\"ltr\">hello</span></span>", "");
    let seen = look(&html, "en").await;
    assert_eq!(seen["generation"], "g2");
    expect(
        &seen["chats"][0],
        &json!({"title": "Team", "preview": "see you", "preview_from_me": true, "unread": 3, "muted": true, "pinned": true, "time_text": "Yesterday", "kind": "group"}),
    );
    expect(
        &seen["chats"][1],
        &json!({"title": "Zoë", "preview": "hello", "preview_from_me": false, "unread": 0, "muted": false, "pinned": false}),
    );
}

#[tokio::test]
async fn both_panes_may_come_without_their_frame() {
    let message = super::markup::g3(&super::markup::Bubble {
        key: "A1",
        tail: true,
        pre: "[11:58, 21/11/2026] Ana: ",
        body: "oi",
        clock: "11:58",
        ..Default::default()
    });
    let seen = look(&format!("{}{message}", rows()), "pt-BR").await;
    check(&seen["chats"]);
    expect(&seen["messages"][0], &json!({"key": "A1", "text": "oi", "direction": "in"}));
    let framed = format!(
        "<div class=\"two\"><div>{}</div><div><header><span dir=\"auto\" title=\"Ana\">Ana</span></header><div>{message}</div></div></div>",
        rows()
    );
    let seen = look(&framed, "pt-BR").await;
    check(&seen["chats"]);
    expect(&seen["messages"][0], &json!({"key": "A1", "text": "oi"}));
    assert_eq!(seen["conversation"]["title"], "Ana");
}
