//! Tests of conversation rows: what becomes of signals, times and neighbours.

use proptest::prelude::*;
use queunir_core::message::Ack;

use super::*;
use crate::page::normalise;

fn ctx() -> Context {
    Context {
        locale: "pt-BR".into(),
        time_zone: "America/Sao_Paulo".into(),
        now: "2026-11-21T15:00:00Z".parse().unwrap(),
        own_names: Vec::new(),
        saved: None,
    }
}

fn row(id: &str) -> raw::Row {
    raw::Row { row: "message".into(), id: id.into(), drawn: true, ..raw::Row::default() }
}

fn text(id: &str, pre: &str, body: &str) -> raw::Row {
    raw::Row { pre: Some(pre.into()), text: body.into(), ..row(id) }
}

fn marker(words: &str) -> raw::Row {
    raw::Row { row: "marker".into(), drawn: true, text: words.into(), ..raw::Row::default() }
}

fn conversation(rows: Vec<raw::Row>) -> raw::Conversation {
    raw::Conversation {
        v: 1,
        kind: "conversation".into(),
        visible: true,
        open: true,
        lang: Some("pt".into()),
        title: "Maria".into(),
        subtitle: None,
        avatar: None,
        composer_label: None,
        rows,
        pieces: None,
        at_start: false,
        at_end: true,
        offline: false,
        writable: true,
        health: None,
    }
}

fn read(rows: Vec<raw::Row>) -> Vec<SeenMessage> {
    normalise::conversation(&conversation(rows), &ctx()).unwrap().messages
}

#[test]
fn the_clock_of_a_message_that_is_waited_for_is_no_delivery_state() {
    let waiting = |id: &str, icon: &str| raw::Row {
        kind: Some("undecrypted".into()),
        status: true,
        ack_icon: Some(icon.into()),
        clock: Some("15:06".into()),
        ..row(id)
    };
    let seen = read(vec![
        waiting("false_5511999990000@c.us_AC620CA5", "status-time"),
        waiting("true_5511999990000@c.us_AC620CA6", "status-dblcheck"),
    ]);
    assert_eq!(seen.iter().map(|message| message.direction).collect::<Vec<_>>(), [Direction::In, Direction::Out]);
}

#[test]
fn an_incoming_text_of_the_middle_of_a_run_is_theirs_by_name_and_time_is_exact() {
    let seen = read(vec![text("3EB0A", "[15:06, 03/07/2026] Maria: ", "oi\n🙂")]);
    assert_eq!(seen.len(), 1);
    let message = seen.first().unwrap();
    assert_eq!(message.direction, Direction::In);
    assert_eq!(message.sender.as_deref(), Some("Maria"));
    assert_eq!(message.sent_at.unwrap().to_string(), "2026-07-03T18:06:00Z");
    assert!(message.sent_at_certain);
    assert_eq!(message.text, "oi\n🙂");
    assert_eq!(message.kind, MessageKind::Text);
}

#[test]
fn our_own_name_is_learnt_from_ticks_and_used_where_no_tick_is_drawn() {
    let ours = raw::Row {
        status: true,
        ack_label: Some(" Lida ".into()),
        ..text("A1", "[15:06, 03/07/2026] Loja da Ana: ", "oi")
    };
    let failed = raw::Row { failed: true, ..text("A2", "[15:07, 03/07/2026] Loja da Ana: ", "segundo") };
    let seen = read(vec![ours, failed]);
    assert_eq!(seen.iter().map(|message| message.direction).collect::<Vec<_>>(), [Direction::Out, Direction::Out]);
    assert_eq!(seen.first().unwrap().ack, Some(Ack::Read));
    assert!(seen.last().unwrap().failed);
}

#[test]
fn a_row_without_pre_plain_text_takes_clock_and_marker() {
    let voice =
        raw::Row { kind: Some("voice".into()), clock: Some("11:58".into()), tail: Some("in".into()), ..row("V1") };
    let seen = read(vec![marker("Ontem"), voice]);
    let message = seen.first().unwrap();
    assert_eq!(message.kind, MessageKind::Voice);
    assert_eq!(message.sent_at.unwrap().to_string(), "2026-11-20T14:58:00Z");
    assert!(message.sent_at_certain);
}

#[test]
fn a_row_that_is_not_drawn_says_nothing_and_ends_day_and_run() {
    let undrawn = raw::Row { drawn: false, ..row("X") };
    let after = raw::Row { kind: Some("sticker".into()), clock: Some("10:00".into()), ..row("S") };
    let seen = read(vec![marker("Hoje"), text("1", "[09:00, 21/11/2026] Maria: ", "a"), undrawn, after]);
    assert!(!seen.get(1).unwrap().drawn);
    let last = seen.last().unwrap();
    assert_eq!((last.sent_at, last.direction), (None, Direction::Unknown));
}

#[test]
fn a_deleted_bubble_inherits_from_its_run_unless_it_begins_one() {
    let deleted = raw::Row { kind: Some("deleted".into()), ..row("D") };
    let seen = read(vec![text("1", "[09:00, 21/11/2026] Maria: ", "a"), deleted.clone()]);
    assert_eq!(seen.last().unwrap().direction, Direction::In);
    let seen = read(vec![text("1", "[09:00, 21/11/2026] Maria: ", "a"), marker("Hoje"), deleted]);
    assert_eq!(seen.last().unwrap().direction, Direction::Unknown);
}

#[test]
fn a_label_in_an_unknown_language_is_not_taken_for_a_name() {
    let row = raw::Row { author_label: Some("Sinä:".into()), ..row("F") };
    let finnish = raw::Conversation { lang: Some("fi".into()), ..conversation(vec![row.clone()]) };
    let seen = normalise::conversation(&finnish, &ctx()).unwrap();
    assert_eq!(seen.messages.first().unwrap().direction, Direction::Unknown);
    // Portuguese calls us "Você", and a bubble of ours shows what an unknown language calls us.
    assert_eq!(read(vec![row.clone()]).first().unwrap().direction, Direction::In);
    let ours = raw::Row { status: true, author_label: Some("Sinä:".into()), ..self::row("O") };
    let theirs = raw::Row { author_label: Some("Aino:".into()), ..self::row("T") };
    let finnish = raw::Conversation { lang: Some("fi".into()), ..conversation(vec![ours, theirs]) };
    let seen = normalise::conversation(&finnish, &ctx()).unwrap();
    assert_eq!(seen.messages.last().unwrap().direction, Direction::In);
}

#[test]
fn a_label_without_icon_is_a_delivery_state_and_a_clock_may_say_edited() {
    let row = raw::Row {
        meta_labels: vec![" Letto ".into()],
        clock: Some("Modificato 11:58".into()),
        ..text("A", "[11:58, 20/11/2026] Loja: ", "oi")
    };
    let seen = read(vec![row]);
    let message = seen.first().unwrap();
    assert_eq!((message.direction, message.ack, message.edited), (Direction::Out, Some(Ack::Read), true));
    let talked = raw::Row { meta: vec!["edited by hand".into()], ..text("B", "[11:58, 20/11/2026] Maria: ", "oi") };
    assert!(!read(vec![talked]).first().unwrap().edited);
}

#[test]
fn words_on_a_saved_page_count_from_its_own_dates() {
    let saved = Context { saved: Some("2026-11-21T15:00:00Z".parse().unwrap()), ..ctx() };
    let voice = |id: &str| raw::Row { kind: Some("voice".into()), clock: Some("11:58".into()), ..row(id) };
    let rows = vec![marker("Ontem"), voice("V"), text("T", "[09:00, 14/09/2026] Maria: ", "a")];
    let seen = normalise::conversation(&conversation(rows), &saved).unwrap().messages;
    let first = seen.first().unwrap();
    assert_eq!(first.sent_at.unwrap().to_string(), "2026-09-14T14:58:00Z");
    assert!(first.sent_at_certain);
    let seen = normalise::conversation(&conversation(vec![marker("Ontem"), voice("V")]), &saved).unwrap().messages;
    assert!(!seen.first().unwrap().sent_at_certain);
}

#[test]
fn what_follows_ours_without_a_state_is_not_taken_for_ours() {
    let ours = raw::Row { status: true, tail: Some("out".into()), ..row("O") };
    let voice = raw::Row { kind: Some("voice".into()), clock: Some("11:58".into()), ..row("V") };
    let deleted = raw::Row { kind: Some("deleted".into()), clock: Some("11:58".into()), ..row("D") };
    assert_eq!(read(vec![ours.clone(), voice]).last().unwrap().direction, Direction::Unknown);
    assert_eq!(read(vec![ours, deleted]).last().unwrap().direction, Direction::Out);
}

#[test]
fn a_call_takes_no_direction_from_its_neighbours() {
    let call = raw::Row { kind: Some("call".into()), ..row("C") };
    let seen = read(vec![text("1", "[09:00, 21/11/2026] Maria: ", "a"), call]);
    assert_eq!((seen.last().unwrap().kind, seen.last().unwrap().direction), (MessageKind::Call, Direction::Unknown));
}

#[test]
fn the_author_is_the_label_before_the_drawn_name() {
    let row = raw::Row {
        author_label: Some("+55 11 91000-0099:".into()),
        author: Some("+55 11 91000-0099 ~Zé".into()),
        ..text("1", "[12:00, 20/11/2026] +55 11 91000-0099: ", "oi")
    };
    let seen = read(vec![row]);
    let message = seen.first().unwrap();
    assert_eq!((message.sender.as_deref(), message.direction), (Some("+55 11 91000-0099"), Direction::In));
}

#[test]
fn packed_ids_give_bare_keys_and_group_chats() {
    let seen = normalise::conversation(
        &conversation(vec![text("false_1203630@g.us_3EB0AA_55@lid", "[09:00, 21/11/2026] Bia: ", "oi")]),
        &ctx(),
    )
    .unwrap();
    assert_eq!(seen.messages.first().unwrap().key, "3EB0AA");
    assert_eq!(seen.kind, queunir_core::chat::ChatKind::Group);
}

#[test]
fn an_order_that_cannot_be_known_is_not_guessed() {
    let mut raw = conversation(vec![text("1", "[15:06, 3/7/2026] Maria: ", "a")]);
    raw.lang = Some("en".into());
    let seen = normalise::conversation(&raw, &Context { locale: "en".into(), ..ctx() }).unwrap();
    let message = seen.messages.first().unwrap();
    assert_eq!((message.sent_at, message.sent_at_certain), (None, false));
}

#[test]
fn ack_of_a_bubble_that_is_not_ours_is_nothing() {
    let row = raw::Row { ack_icon: Some("wds-ic-read".into()), tail: Some("in".into()), ..row("T") };
    assert_eq!(read(vec![row]).first().unwrap().ack, None);
}

proptest! {
    #[test]
    fn any_rows_are_read_without_a_panic_and_one_for_one(
        rows in prop::collection::vec(
            (any::<String>(), any::<Option<String>>(), any::<bool>(), any::<Option<String>>(), any::<String>()), 0..20)
    ) {
        let rows: Vec<raw::Row> = rows
            .into_iter()
            .map(|(id, pre, drawn, label, body)| raw::Row {
                drawn, pre, author_label: label, text: body, ..row(&format!("k{id}"))
            })
            .collect();
        let count = rows.len();
        prop_assert_eq!(read(rows).len(), count);
    }
}
