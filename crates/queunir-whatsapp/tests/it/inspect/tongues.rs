//! Bare rows in five languages, both generations and both clocks: what a row says does not depend on how it is said.

use serde_json::json;

use super::{
    expect, look,
    markup::{Bubble, g2, g3, marker},
    message,
};

/// The page's words.
struct Tongue {
    locale: &'static str,
    you: &'static str,
    /// Pending, sent, delivered, read.
    acks: [&'static str; 4],
    edited: &'static str,
    forwarded: &'static str,
    quoted: &'static str,
    voice: &'static str,
    deleted: &'static str,
    waiting: &'static str,
    once: &'static str,
    yesterday: &'static str,
    encrypted: &'static str,
    unread: &'static str,
    more: &'static str,
    reaction: &'static str,
    /// 13:23 of 18 September 2026, with 12 and with 24 hours.
    stamps: [&'static str; 2],
    /// 14:05, the same.
    clocks: [&'static str; 2],
}

const TONGUES: [Tongue; 5] = [
    Tongue {
        locale: "en",
        you: "You:",
        acks: [" Pending ", " Sent ", " Delivered ", " Read "],
        edited: "Edited",
        forwarded: "Forwarded",
        quoted: "Quoted message",
        voice: "Voice message",
        deleted: "This message was deleted",
        waiting: "Waiting for this message. This may take a while.",
        once: "You received a view once message. For added privacy, you can only open it on your phone.",
        yesterday: "Yesterday",
        encrypted: "Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share them.",
        unread: "2 unread messages",
        more: "Read more",
        reaction: "Reactions ❤ 2 in total. View reactions",
        stamps: ["1:23\u{202f}PM, 9/18/2026", "13:23, 18/09/2026"],
        clocks: ["2:05\u{202f}PM", "14:05"],
    },
    Tongue {
        locale: "pt-BR",
        you: "Você:",
        acks: [" Pendente ", " Enviada ", " Entregue ", " Lida "],
        edited: "Editada",
        forwarded: "Encaminhada",
        quoted: "Mensagem citada",
        voice: "Mensagem de voz",
        deleted: "Mensagem apagada",
        waiting: "Aguardando mensagem. Essa ação pode levar alguns instantes.",
        once: "Você recebeu uma mensagem de visualização única. Abra no seu celular.",
        yesterday: "Ontem",
        encrypted: "As mensagens e ligações são protegidas com a criptografia de ponta a ponta.",
        unread: "2 mensagens não lidas",
        more: "Ler mais",
        reaction: "Reações ❤ 2 no total. Ver reações",
        stamps: ["1:23 PM, 18/09/2026", "13:23, 18/09/2026"],
        clocks: ["2:05 PM", "14:05"],
    },
    Tongue {
        locale: "es",
        you: "Tú:",
        acks: [" Pendiente ", " Enviado ", " Entregado ", " Leído "],
        edited: "Editado",
        forwarded: "Reenviado",
        quoted: "Mensaje citado",
        voice: "Mensaje de voz",
        deleted: "Se eliminó este mensaje.",
        waiting: "Esperando el mensaje. Esto puede tomar tiempo.",
        once: "Recibiste un mensaje para ver una vez. Ábrelo en tu teléfono.",
        yesterday: "Ayer",
        encrypted: "Los mensajes y las llamadas están cifrados de extremo a extremo.",
        unread: "2 mensajes no leídos",
        more: "Leer más",
        reaction: "Reacciones ❤ 2 en total. Ver reacciones",
        stamps: ["1:23\u{a0}p.\u{a0}m., 18/9/2026", "13:23, 18/9/2026"],
        clocks: ["2:05\u{a0}p.\u{a0}m.", "14:05"],
    },
    Tongue {
        locale: "it",
        you: "Tu:",
        acks: [" In attesa ", " Inviato ", " Consegnato ", " Letto "],
        edited: "Modificato",
        forwarded: "Inoltrato",
        quoted: "Messaggio citato",
        voice: "Messaggio vocale",
        deleted: "Questo messaggio è stato eliminato",
        waiting: "In attesa del messaggio. Potrebbe richiedere del tempo.",
        once: "Hai ricevuto un messaggio visualizzabile una volta. Aprilo sul tuo telefono.",
        yesterday: "Ieri",
        encrypted: "I messaggi e le chiamate sono protetti dalla crittografia end-to-end.",
        unread: "2 messaggi non letti",
        more: "Leggi tutto",
        reaction: "Reazioni ❤ 2 in totale. Vedi reazioni",
        stamps: ["1:23 PM, 18/9/2026", "13:23, 18/9/2026"],
        clocks: ["2:05 PM", "14:05"],
    },
    Tongue {
        locale: "zh-CN",
        you: "你：",
        acks: [" 等待中 ", " 已发送 ", " 已送达 ", " 已读 "],
        edited: "已编辑",
        forwarded: "已转发",
        quoted: "引用的消息",
        voice: "语音消息",
        deleted: "此消息已删除",
        waiting: "正在等待此消息。可能需要一些时间。",
        once: "你收到了一条仅限查看一次的消息。",
        yesterday: "昨天",
        encrypted: "消息和通话都进行端到端加密。只有此聊天中的成员可以读取、收听或分享。",
        unread: "2 条未读消息",
        more: "阅读更多",
        reaction: "共 2 个回应 ❤。查看回应",
        stamps: ["下午1:23, 2026年9月18日", "13:23, 2026年9月18日"],
        clocks: ["下午2:05", "14:05"],
    },
];

#[tokio::test]
async fn english_rows() {
    read_in_all_forms(&TONGUES[0]).await;
}

#[tokio::test]
async fn brazilian_rows() {
    read_in_all_forms(&TONGUES[1]).await;
}

#[tokio::test]
async fn spanish_rows() {
    read_in_all_forms(&TONGUES[2]).await;
}

#[tokio::test]
async fn italian_rows() {
    read_in_all_forms(&TONGUES[3]).await;
}

#[tokio::test]
async fn chinese_rows() {
    read_in_all_forms(&TONGUES[4]).await;
}

async fn read_in_all_forms(tongue: &Tongue) {
    for packed in [false, true] {
        for clock in 0..2 {
            read(tongue, packed, clock).await;
        }
    }
}

/// Keys of the older generation hold direction and chat.
fn key(packed: bool, ours: bool, bare: &str) -> String {
    if packed { format!("{ours}_5511900000001@c.us_{bare}") } else { bare.to_owned() }
}

async fn read(tongue: &Tongue, packed: bool, clock: usize) {
    let draw = |bubble: &Bubble<'_>| if packed { g2(bubble) } else { g3(bubble) };
    let icons = if packed {
        ["msg-time", "msg-check", "msg-dblcheck", "msg-dblcheck"]
    } else {
        ["wds-ic-status-pending", "wds-ic-delivered", "wds-ic-read", "wds-ic-read"]
    };
    let theirs = format!("[{}] Maria: Souza]: ", tongue.stamps[clock]);
    let ours = format!("[{}] Loja 🛒: ", tongue.stamps[clock]);
    let base = Bubble { clock: tongue.clocks[clock], ..Bubble::default() };
    let edited = format!("<span>{}</span>", tongue.edited);
    let forwarded = format!("<div><span>{}</span></div>", tongue.forwarded);
    let quoted = if packed {
        format!(
            "<div aria-label=\"{}\" role=\"button\"><span dir=\"auto\">Maria</span><span class=\"quoted-mention\" dir=\"ltr\">e então?</span></div>",
            tongue.quoted
        )
    } else {
        format!(
            "<div data-testid=\"quoted-message\"><div role=\"button\" aria-label=\"{}\"><span data-testid=\"author\">Maria</span><span class=\"quoted-mention\">e então?</span></div></div>",
            tongue.quoted
        )
    };
    let voice = format!(
        "<div><button aria-label=\"{0}\"></button><span aria-label=\"{0}\"></span><div>0:07</div></div>",
        tongue.voice
    );
    let reaction = format!(
        "<div><button aria-haspopup=\"true\" aria-label=\"React\"></button></div><div data-testid=\"reaction-bubble\"><button aria-haspopup=\"true\" aria-label=\"{}\"></button></div>",
        tongue.reaction
    );
    let more = format!("começo…<div role=\"button\">{}</div>", tongue.more);
    let deleted = format!("<span data-icon=\"recalled\"></span><div>{}</div>", tongue.deleted);
    let notices = [tongue.deleted, tongue.waiting, tongue.once].map(|words| format!("<div><span>{words}</span></div>"));
    let name = |bare: &str, ours: bool| key(packed, ours, bare);
    let ids: Vec<String> = (0..13).map(|n| name(&format!("3EB0{n:02}"), (2..6).contains(&n))).collect();
    let mut rows = vec![
        format!(
            "<div role=\"row\"><div data-id=\"E2E\"><div role=\"button\"><div data-testid=\"msg-notification-container\"><div>{}</div></div></div></div></div>",
            tongue.encrypted
        ),
        marker(tongue.yesterday),
    ];
    let body = "linha 1 <img alt=\"🙂\" data-plain-text=\"🙂\" src=\"data:,\">\nlinha 2";
    rows.push(draw(&Bubble {
        key: &ids[0],
        tail: true,
        label: "Maria: Souza]:",
        pre: &theirs,
        body,
        outside: &reaction,
        ..base
    }));
    rows.push(draw(&Bubble { key: &ids[1], pre: &theirs, body: "b", inside: &forwarded, meta: &edited, ..base }));
    for state in 0..4 {
        let ack = Some((icons[state], tongue.acks[state]));
        let quote = if state == 3 { quoted.as_str() } else { "" };
        let label = if state == 0 { tongue.you } else { "" };
        let bubble = Bubble {
            key: &ids[2 + state],
            ours: true,
            tail: state == 0,
            label,
            pre: &ours,
            body: "resposta",
            inside: quote,
            ack,
            ..base
        };
        rows.push(draw(&bubble));
    }
    rows.push(format!("<div><span aria-live=\"polite\">{}</span></div>", tongue.unread));
    rows.push(draw(&Bubble { key: &ids[6], tail: true, label: "Maria: Souza]:", inside: &voice, ..base }));
    rows.push(draw(&Bubble { key: &ids[7], inside: &deleted, ..base }));
    rows.push(draw(&Bubble { key: &ids[8], inside: &notices[0], ..base }));
    rows.push(draw(&Bubble { key: &ids[9], inside: &notices[1], ..base }));
    rows.push(draw(&Bubble { key: &ids[10], inside: &notices[2], ..base }));
    rows.push(draw(&Bubble { key: &ids[11], pre: &theirs, body: &more, ..base }));
    // Somebody writes the words of a notice.
    rows.push(draw(&Bubble { key: &ids[12], pre: &theirs, body: tongue.deleted, ..base }));
    let seen = look(&rows.join("\n"), tongue.locale).await;

    assert_eq!(seen["generation"], if packed { "g2" } else { "g3" });
    assert_eq!(seen["messages"].as_array().unwrap().len(), 13, "{seen:#}");
    let at = |id: &str| message(&seen, id).clone();
    let sent_at = "2026-09-18T13:23:00-03:00";
    expect(
        &at(&ids[0]),
        &json!({
            "direction": "in", "sender": "Maria: Souza]", "sent_at": sent_at, "sent_at_certain": true, "kind": "text",
            "text": "linha 1 🙂\nlinha 2", "reactions": [{"emoji": "❤", "count": 2}], "ack": null, "edited": false,
            "forwarded": false, "deleted": false, "media": null, "quoted": null, "cut": false,
        }),
    );
    expect(&at(&ids[1]), &json!({"direction": "in", "edited": true, "forwarded": true, "text": "b", "reactions": []}));
    for (state, ack) in ["pending", "sent", "delivered", "read"].into_iter().enumerate() {
        expect(&at(&ids[2 + state]), &json!({"direction": "out", "ack": ack, "text": "resposta", "sent_at": sent_at}));
    }
    expect(&at(&ids[3]), &json!({"sender": "Loja 🛒"}));
    expect(&at(&ids[2]), &json!({"sender": tongue.you.trim_end_matches([':', '：'])}));
    expect(&at(&ids[5]), &json!({"quoted": {"sender": "Maria", "text": "e então?"}}));
    // No stamp: the day is that of the marker, whose day the stamps below it tell.
    expect(
        &at(&ids[6]),
        &json!({
            "direction": "in", "kind": "voice", "text": "", "sent_at": "2026-09-18T14:05:00-03:00", "sent_at_certain": true,
            "media": {"kind": "voice", "name": null, "duration_s": 7},
        }),
    );
    expect(&at(&ids[7]), &json!({"kind": "deleted", "deleted": true, "text": "", "direction": "in"}));
    expect(&at(&ids[8]), &json!({"kind": "deleted", "deleted": true, "text": ""}));
    expect(&at(&ids[9]), &json!({"kind": "undecrypted", "text": ""}));
    expect(&at(&ids[10]), &json!({"kind": "view_once", "text": "", "media": null}));
    expect(&at(&ids[11]), &json!({"text": "começo…", "cut": true}));
    expect(&at(&ids[12]), &json!({"kind": "text", "text": tongue.deleted, "deleted": false}));
    let system: Vec<(&str, &str)> = seen["system_rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["kind"].as_str().unwrap(), row["text"].as_str().unwrap()))
        .collect();
    assert_eq!(system, [("encryption", tongue.encrypted), ("date", tongue.yesterday), ("unread", tongue.unread)]);
    assert_eq!(seen["health"]["alarm"], false);
}
