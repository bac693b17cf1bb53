//! The live path on the simulator: link, list, open, read, send.

use std::time::Duration;

use queunir_core::{
    link::PageState,
    message::{Ack, Direction},
};
use queunir_whatsapp::{PageError, PageEvent, Pressed, Priority};
use serde_json::json;

use crate::world::{PATIENCE, World, large_scenario, target};

#[tokio::test]
async fn from_the_code_to_the_sent_message() {
    let mut world = World::linked("test").await;

    let list = world.page.walk_list(Priority::Fill, PATIENCE).await.unwrap();
    assert!(list.complete, "{list:#?}");
    let ledger = world.ledger().await;
    let mut titles: Vec<&str> = list.rows.iter().map(|row| row.title.as_str()).collect();
    let mut truth: Vec<&str> = ledger.accounts[0].chats.iter().map(|chat| chat.title.as_str()).collect();
    titles.sort_unstable();
    truth.sort_unstable();
    assert_eq!(titles, truth);
    assert!(world.receipts().await.is_empty(), "reading the list sends no receipt");

    let open = world.page.open_chat(&target("Alice Online"), Priority::Open, PATIENCE).await.unwrap();
    assert_eq!(open.title, "Alice Online");
    let texts: Vec<&str> = open.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, world.truth("Alice Online").await);
    assert_eq!(open.messages[1].direction, Direction::Out);
    assert_eq!(open.messages[2].direction, Direction::In);
    assert!(open.at_start && open.at_end && open.writable);

    let text = "Olá, está pronto 😀👨‍👩‍👧\nsegunda linha\n\nשלום";
    let ticket = world.page.compose(&target("Alice Online"), text, Duration::from_millis(300), PATIENCE).await.unwrap();
    assert_eq!(ticket.anchor(), open.messages.last().map(|m| m.key.as_str()));
    let Pressed::Bubble(bubble) = ticket.press(PATIENCE).await.unwrap() else { panic!("the bubble was not seen") };
    assert_eq!((bubble.text.as_str(), bubble.direction), (text, Direction::Out));
    assert!(bubble.ack >= Some(Ack::Sent), "{bubble:?}");
    assert_eq!(world.truth("Alice Online").await.last().map(String::as_str), Some(text));

    world
        .event(|event| match event {
            PageEvent::Conversation(now) => {
                now.messages.iter().find(|m| m.key == bubble.key && m.ack >= Some(Ack::Delivered)).map(drop)
            }
            _ => None,
        })
        .await;

    world.page.leave_chat().await.unwrap();
    world.forget();
    world.post("accounts/test/incoming", json!({"chat": "Carla Off", "text": "are you there?"})).await;
    world
        .event(|event| match event {
            PageEvent::List(list) => list
                .rows
                .iter()
                .find(|row| {
                    row.title == "Carla Off" && row.unread == 1 && row.preview.as_deref() == Some("are you there?")
                })
                .map(drop),
            _ => None,
        })
        .await;
    assert!(!world.receipts().await.contains(&"Carla Off".to_owned()));
    world.page.close().await;
}

#[tokio::test]
async fn a_chat_that_begins_with_a_card_about_its_sender_holds_its_messages_only() {
    let mut world = World::start("test", 4.0).await;
    // The page that comes after the scan is drawn in the new look.
    world.post("look", json!({"stranger_card": true})).await;
    world.link().await;
    let title = "+55 11 91000-0005";
    let seen = world.page.open_chat(&target(title), Priority::Open, PATIENCE).await.unwrap();
    let texts: Vec<&str> = seen.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, world.truth(title).await);
    assert!(seen.messages.iter().all(|message| message.direction != Direction::Unknown), "{seen:#?}");
    world.page.close().await;
}

#[tokio::test]
async fn a_restart_on_the_same_profile_is_still_linked() {
    let mut world = World::linked("test").await;
    world.page.close().await;
    world.state(|state| state.state == PageState::Linked).await;
    let (page, mut events) = queunir_whatsapp::launch(world.config.clone()).await.unwrap();
    let linked = tokio::time::timeout(PATIENCE, async {
        loop {
            match events.recv().await.expect("it lives") {
                PageEvent::State(state) if state.state == PageState::Linked => return true,
                PageEvent::State(state) if state.state == PageState::Qr => return false,
                _ => {}
            }
        }
    });
    assert!(linked.await.unwrap(), "it asks for a code again");
    page.close().await;
}

#[tokio::test]
async fn what_does_not_exist_is_not_opened_and_a_dropped_ticket_leaves_no_text() {
    let world = World::linked("test").await;
    let missing = world.page.open_chat(&target("Nobody"), Priority::Open, PATIENCE).await;
    assert_eq!(missing.unwrap_err(), PageError::ChatNotFound);

    let ticket = world.page.compose(&target("Alice Online"), "not sent", Duration::ZERO, PATIENCE).await.unwrap();
    drop(ticket);
    let ticket = world.page.compose(&target("Alice Online"), "sent", Duration::ZERO, PATIENCE).await.unwrap();
    assert!(matches!(ticket.press(PATIENCE).await.unwrap(), Pressed::Bubble(_)));
    let truth = world.truth("Alice Online").await;
    assert_eq!(truth.last().map(String::as_str), Some("sent"));
    assert!(!truth.contains(&"not sent".to_owned()));
    world.page.close().await;
}

#[tokio::test]
async fn a_long_list_is_walked_whole_and_a_long_history_is_loaded_to_its_start() {
    let (_dir, scenario) = large_scenario(160, 260);
    let world = World::linked(&scenario).await;
    let list = world.page.walk_list(Priority::Fill, PATIENCE).await.unwrap();
    assert!(list.complete, "{} of {:?}", list.rows.len(), list.total);
    assert_eq!(list.rows.len(), 161);
    assert_eq!(list.rows[0].title, "Customer 0001");
    assert_eq!(list.rows.last().unwrap().title, "Long Story");
    assert!(list.rows.iter().enumerate().all(|(place, row)| row.position as usize == place));

    let target = target("Long Story");
    let mut seen = world.page.open_chat(&target, Priority::Open, PATIENCE).await.unwrap();
    assert!(!seen.at_start && seen.at_end);
    let mut bodies = std::collections::HashMap::new();
    for _ in 0..40 {
        bodies.extend(seen.messages.iter().filter(|m| m.drawn).map(|m| (m.key.clone(), m.text.clone())));
        if seen.at_start {
            break;
        }
        seen = world.page.load_older(&target, Priority::Older, PATIENCE).await.unwrap();
    }
    assert!(seen.at_start);
    let mut found: Vec<String> = bodies.into_values().collect();
    let mut truth = world.truth("Long Story").await;
    found.sort();
    truth.sort();
    assert_eq!(found, truth);
    world.page.close().await;
}

#[tokio::test]
async fn unusual_texts_go_in_unharmed_or_are_refused() {
    let world = World::linked("test").await;
    let long: String =
        (0..65_000).map(|n| if n % 80 == 79 { '\n' } else { char::from(b'a' + (n % 26) as u8) }).collect();
    let texts = [
        "😀😃😄👩‍👩‍👦🏳️‍🌈",
        "שלום עולם, مرحبا بالعالم",
        "*bold* _italic_ ~gone~ `code`",
        "<b>not html</b> & \"quotes\" 'too' \\ {{x}} :) (y)",
        "- one\n- two\n\n\n> quoted\n1. first",
        "zero\u{200b}width e\u{301} \u{feff}end",
        "   spaces   inside   and\ttab",
        &long,
    ];
    let mut expected = world.truth("Alice Online").await;
    for text in texts {
        // Eight hundred line breaks take the editor a while on a busy machine.
        match world.page.compose(&target("Alice Online"), text, Duration::ZERO, 4 * PATIENCE).await {
            Ok(ticket) => {
                let pressed = ticket.press(PATIENCE).await.unwrap();
                assert!(
                    matches!(pressed, Pressed::Bubble(_)),
                    "not seen: {:?}",
                    text.chars().take(60).collect::<String>()
                );
                expected.push(text.to_owned());
            }
            Err(PageError::TextMismatch) => eprintln!("refused: {:?}", text.chars().take(60).collect::<String>()),
            Err(error) => panic!("{error} for {text:?}"),
        }
    }
    let truth = world.truth("Alice Online").await;
    assert_eq!(truth.len(), expected.len());
    for (truth, expected) in truth.iter().zip(&expected) {
        let comparable = queunir_core::text::comparable_body;
        assert_eq!(comparable(truth), comparable(expected));
    }
    world.page.close().await;
}

#[tokio::test]
async fn a_composer_that_comes_late_is_waited_for_and_a_chat_without_one_is_read_only() {
    let world = World::linked("test").await;
    let alice = target("Alice Online");
    let ledger = world.ledger().await;
    let chat = ledger.accounts[0].chats.iter().find(|chat| chat.title == alice.title).unwrap();
    let path = format!("accounts/test/chats/{}", chat.id);
    world.post(&path, json!({"do": "writable", "on": false})).await;
    let refused = world.page.compose(&alice, "into nothing", Duration::ZERO, PATIENCE).await;
    assert!(matches!(refused, Err(PageError::ReadOnly)), "{:?}", refused.err());

    world.page.leave_chat().await.unwrap();
    let opened = world.opened().await.len();
    let late = async {
        while world.opened().await.len() == opened {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Its rows are under way already and are not delayed; the composer is, by a second and a half.
        world.post("trouble", json!({"slow_ms": 6_000})).await;
        world.post(&path, json!({"do": "writable", "on": true})).await;
    };
    let (ticket, ()) = tokio::join!(world.page.compose(&alice, "after all", Duration::ZERO, PATIENCE), late);
    assert!(matches!(ticket.unwrap().press(PATIENCE).await, Ok(Pressed::Bubble(_))));
    world.page.close().await;
}

#[tokio::test]
async fn texts_that_are_drawn_in_part_are_pressed_open_in_both_generations() {
    for generation in ["g3", "g2"] {
        let mut world = World::start("test", 4.0).await;
        world.post("look", json!({"generation": generation})).await;
        world.link().await;
        let long = |n: usize| format!("{n} {}", "the long story goes on. ".repeat(200)).trim().to_owned();
        for n in 0..6 {
            world.post("accounts/test/incoming", json!({"chat": "Carla Off", "text": long(n)})).await;
        }
        let open = world.page.open_chat(&target("Carla Off"), Priority::Open, PATIENCE).await.unwrap();
        assert!(open.messages.iter().any(|message| message.cut), "{generation}: nothing to unfold");
        let whole = world.page.unfold(&target("Carla Off"), Priority::Open, PATIENCE).await.unwrap();
        let texts: Vec<&str> =
            whole.messages.iter().map(|message| message.text.as_str()).filter(|text| text.len() > 1_000).collect();
        assert_eq!(texts, (0..6).map(long).collect::<Vec<_>>(), "{generation}");
        let cut: Vec<_> = whole.messages.iter().filter(|message| message.cut).collect();
        assert!(cut.is_empty(), "{generation}: {cut:?}");
        assert!(whole.at_end, "{generation}");
        world.page.close().await;
    }
}

#[tokio::test]
async fn a_new_key_for_a_row_is_waited_for_and_a_lost_send_is_not_called_sent() {
    let world = World::linked("test").await;
    world.post("trouble", json!({"rekey": true})).await;
    let ticket = world.page.compose(&target("Alice Online"), "with a new key", Duration::ZERO, PATIENCE).await.unwrap();
    let Pressed::Bubble(bubble) = ticket.press(PATIENCE).await.unwrap() else { panic!("not seen") };
    let ledger = world.ledger().await;
    let truth = &ledger.accounts[0].chats.iter().find(|chat| chat.title == "Alice Online").unwrap().messages;
    assert_eq!(truth.last().unwrap().key, bubble.key);

    world.post("trouble", json!({"send_never_delivered": true})).await;
    let ticket = world.page.compose(&target("Alice Online"), "swallowed", Duration::ZERO, PATIENCE).await.unwrap();
    match ticket.press(Duration::from_secs(8)).await.unwrap() {
        Pressed::Bubble(bubble) => assert!(bubble.ack <= Some(Ack::Pending), "{bubble:?}"),
        Pressed::NotSeen => {}
    }
    world.page.close().await;
}

#[tokio::test]
async fn jobs_end_with_the_browser_and_the_stream_says_gone() {
    let mut world = World::linked("test").await;
    let page = world.page.clone();
    let job = tokio::spawn(async move {
        page.compose(&target("Alice Online"), &"slow ".repeat(400), Duration::from_secs(20), PATIENCE).await.map(drop)
    });
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let killed = std::time::Instant::now();
    for (pid, words) in crate::site::processes_on(&world.config.profile_dir) {
        if !words.iter().any(|word| word.contains("--type=")) {
            let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
            rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        }
    }
    assert_eq!(job.await.unwrap().unwrap_err(), PageError::Gone);
    world.event(|event| matches!(event, PageEvent::Gone { .. }).then_some(())).await;
    assert!(killed.elapsed() < Duration::from_secs(3), "{:?}", killed.elapsed());
    let next = world.page.walk_list(Priority::Fill, PATIENCE).await;
    assert_eq!(next.unwrap_err(), PageError::Gone);
}

#[tokio::test]
async fn after_the_sixth_code_the_reload_button_is_pressed_and_the_phone_can_log_us_out() {
    let mut world = World::start("test", 40.0).await;
    world.state(|state| state.state == PageState::QrTimeout).await;
    world.forget();
    world.page.reload_qr().await.unwrap();
    let code = world.state(|state| state.state == PageState::Qr).await.qr.unwrap();
    // Slow enough for what follows; the code on screen stays.
    world.post("speed", json!({"speed": 2.0})).await;
    let device = world.post("scan", json!({"code": code})).await;
    world.state(|state| state.state == PageState::Linked).await;
    world.forget();
    world.post("logout", device).await;
    world.state(|state| matches!(state.state, PageState::LoggedOut | PageState::Qr)).await;
    assert_eq!(world.page.walk_list(Priority::Fill, PATIENCE).await.unwrap_err(), PageError::NotLinked);
    world.page.close().await;
}

#[tokio::test]
async fn a_crashed_page_comes_back_by_itself_and_a_stopped_one_is_reported() {
    let mut world = World::linked("test").await;
    world.forget();
    signal_renderers(&world, rustix::process::Signal::KILL);
    world.state(|state| state.state == PageState::Unknown).await;
    world.state(|state| state.state == PageState::Linked).await;
    world.page.open_chat(&target("Alice Online"), Priority::Open, PATIENCE).await.unwrap();

    world.forget();
    signal_renderers(&world, rustix::process::Signal::STOP);
    let stuck = world.page.open_chat(&target("Carla Off"), Priority::Open, Duration::from_secs(2)).await;
    assert_eq!(stuck.unwrap_err(), PageError::Deadline);
    world.state(|state| state.state == PageState::Unknown).await;
    signal_renderers(&world, rustix::process::Signal::CONT);
    world.state(|state| state.state == PageState::Linked).await;
    world.page.open_chat(&target("Carla Off"), Priority::Open, PATIENCE).await.unwrap();
    world.page.close().await;
    assert_eq!(queunir_whatsapp::browser::kills(), 0);
}

fn signal_renderers(world: &World, signal: rustix::process::Signal) {
    let mut hit = 0;
    for (pid, words) in crate::site::children_of(&world.config.profile_dir) {
        if words.iter().any(|word| word.contains("--type=renderer")) {
            let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
            rustix::process::kill_process(pid, signal).unwrap();
            hit += 1;
        }
    }
    assert!(hit > 0, "no renderer");
}

#[tokio::test]
async fn a_page_that_navigates_under_a_job_ends_it_with_an_error() {
    let mut world = World::linked("test").await;
    let device = world.http_get("accounts").await[0]["devices"][0]["id"].clone();
    let page = world.page.clone();
    let typing = tokio::spawn(async move {
        page.compose(&target("Alice Online"), &"slow ".repeat(400), Duration::from_secs(20), PATIENCE).await.map(drop)
    });
    world
        .event(|event| matches!(event, PageEvent::Conversation(now) if now.title == "Alice Online").then_some(()))
        .await;
    world.post("logout", json!({"device": device})).await;
    let ended = tokio::time::timeout(Duration::from_secs(12), typing).await.expect("it does not hang").unwrap();
    assert!(ended.is_err());
    world.page.close().await;
}

#[tokio::test]
async fn a_send_overtakes_a_walk_and_a_cancelled_wait_is_not_begun() {
    let (_dir, scenario) = large_scenario(160, 3);
    let world = World::linked(&scenario).await;
    let page = world.page.clone();
    let walking = tokio::spawn(async move { page.walk_list(Priority::Fill, PATIENCE).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let page = world.page.clone();
    let unwanted =
        tokio::spawn(async move { page.open_chat(&target("Customer 0007"), Priority::Open, PATIENCE).await });
    let page = world.page.clone();
    let sending =
        tokio::spawn(async move { page.compose(&target("Customer 0003"), "first", Duration::ZERO, PATIENCE).await });
    tokio::time::sleep(Duration::from_millis(20)).await;
    unwanted.abort();
    assert_eq!(walking.await.unwrap().unwrap_err(), PageError::Cancelled);
    let ticket = sending.await.unwrap().unwrap();
    assert!(matches!(ticket.press(PATIENCE).await.unwrap(), Pressed::Bubble(_)));
    assert!(world.page.walk_list(Priority::Fill, PATIENCE).await.unwrap().complete);
    assert_eq!(world.opened().await, ["Customer 0003"]);
    world.page.close().await;
}

#[tokio::test]
async fn every_chat_of_the_demo_reads_as_the_ledger_has_it() {
    let mut world = World::start_in("demo", 4.0, "pt-BR").await;
    world.link().await;
    let list = world.page.walk_list(Priority::Fill, PATIENCE).await.unwrap();
    assert!(list.complete, "{} of {:?}", list.rows.len(), list.total);
    let ledger = world.ledger().await;
    let chats = &ledger.accounts[0].chats;
    // One chat is archived and not in the list.
    assert_eq!(list.rows.len() + 1, chats.len());
    let mut wrong = Vec::new();
    for row in &list.rows {
        let Some(truth) = chats.iter().find(|chat| queunir_core::text::clean_name(&chat.title) == row.title) else {
            wrong.push(format!("no chat is called {:?}", row.title));
            continue;
        };
        let seen = match world.page.open_chat(&target(&row.title), Priority::Collect, PATIENCE).await {
            Ok(seen) => seen,
            Err(error) => {
                wrong.push(format!("{}: {error}", row.title));
                continue;
            }
        };
        let truth: Vec<_> = truth
            .messages
            .iter()
            .filter(|message| !matches!(message.kind.as_str(), "system" | "call"))
            .map(|message| (message.key.as_str(), format!("{:?}", message.direction), message.text.as_str()))
            .collect();
        let seen: Vec<_> = seen
            .messages
            .iter()
            .filter(|message| message.drawn)
            .map(|message| (message.key.as_str(), format!("{:?}", message.direction), message.text.as_str()))
            .collect();
        if !truth.ends_with(&seen) || seen.is_empty() != truth.is_empty() {
            wrong.push(format!("{}: {seen:?}\n instead of {truth:?}", row.title));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world.page.close().await;
}
