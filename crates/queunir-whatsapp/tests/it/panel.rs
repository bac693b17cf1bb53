//! The info panel in the live page of the simulator: read as a whole, closed again, and never in a person's way.

use std::time::Duration;

use queunir_core::{
    chat::ChatKind,
    contact::{FactKind, Member},
};
use queunir_whatsapp::{PageError, Priority, seen::SeenPanel};
use serde_json::json;

use crate::world::{PATIENCE, World, target};

const PEOPLE: &str = r#"
seed = 5
[account]
id = "test"
name = "Loja"
phone = "+55 11 90000-0001"
locale = "en"
time_zone = "America/Sao_Paulo"

[[chats]]
name = "Ana"
phone = "+55 11 91000-0001"
about = "On holiday 🌴"
script = """
@ -10m
< Hello
"""

[[chats]]
phone = "+55 11 91000-0002"
push = "Bia"
script = """
@ -20m
< Are you open?
"""

[[chats]]
name = "Bakery"
phone = "+55 11 91000-0003"
about = "Warm at six"
business = { description = "Bread.\nCakes.", hours = ["Monday 06:00", "Sunday closed"], address = "Rua A 1", email = "a@b.example", websites = ["https://b.example/"] }
script = """
@ -30m
< Your order is ready
"""

[[chats]]
name = "Deliveries"
about = "Of the week"
members = [{ name = "Ana", phone = "+55 11 91000-0001" }, { phone = "+55 11 91000-0009", push = "Zé", admin = true }, { name = "Bruno", phone = "+55 11 91000-0010", about = "Group admin" }]
script = """
@ -40m
<Ana> Gone
"""
"#;

async fn world() -> (tempfile::TempDir, World) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("people.toml");
    std::fs::write(&path, PEOPLE).unwrap();
    let world = World::linked(path.to_str().unwrap()).await;
    (dir, world)
}

async fn read(world: &World, title: &str) -> Result<SeenPanel, PageError> {
    world.page.open_chat(&target(title), Priority::Open, PATIENCE).await.unwrap();
    world.page.read_panel(&target(title), false, Priority::Older, PATIENCE).await
}

fn facts(panel: &SeenPanel) -> Vec<(FactKind, &str)> {
    panel.facts.iter().map(|fact| (fact.kind, fact.value.as_str())).collect()
}

/// What the page shows: whether a panel is there.
async fn panel_is_open(world: &World) -> bool {
    world.page.structure().await.unwrap().html.contains("drawer-right")
}

#[tokio::test]
async fn what_a_panel_says_is_read_and_the_panel_closed_again() {
    let (_dir, mut world) = world().await;
    let ana = read(&world, "Ana").await.unwrap();
    let known = [(FactKind::Name, "Ana"), (FactKind::Phone, "+5511910000001"), (FactKind::About, "On holiday 🌴")];
    assert_eq!((ana.kind, facts(&ana).as_slice()), (ChatKind::Contact, known.as_slice()));
    assert!(!panel_is_open(&world).await);

    let bia = read(&world, "+55 11 91000-0002").await.unwrap();
    assert_eq!(facts(&bia), [(FactKind::Phone, "+5511910000002"), (FactKind::PushName, "Bia")]);

    let bakery = read(&world, "Bakery").await.unwrap();
    let known = [
        (FactKind::Name, "Bakery"),
        (FactKind::Phone, "+5511910000003"),
        (FactKind::Description, "Bread.\nCakes."),
        (FactKind::Hours, "Monday 06:00"),
        (FactKind::Hours, "Sunday closed"),
        (FactKind::Description, "Rua A 1"),
        (FactKind::Email, "a@b.example"),
        (FactKind::Website, "https://b.example/"),
        (FactKind::About, "Warm at six"),
    ];
    assert_eq!(facts(&bakery), known);

    let group = read(&world, "Deliveries").await.unwrap();
    assert_eq!(group.kind, ChatKind::Group);
    assert_eq!(facts(&group), [(FactKind::Name, "Deliveries"), (FactKind::Description, "Of the week")]);
    let member = |name: Option<&str>, admin| Member { name: name.map(Into::into), admin, ..Member::default() };
    let ze = Member { push_name: Some("Zé".into()), phone: Some("+5511910000009".into()), ..member(None, true) };
    let shown = [member(Some("You"), false), member(Some("Ana"), false), ze, member(Some("Bruno"), false)];
    assert_eq!((group.members.as_slice(), group.total), (shown.as_slice(), Some(4)));
    assert!(!panel_is_open(&world).await);

    let bia = "accounts/test/chats/%2B55%2011%2091000-0002";
    world.post(bia, json!({"do": "hide_phone", "shown": "~Bia"})).await;
    world
        .event(|event| {
            let queunir_whatsapp::PageEvent::List(list) = event else { return None };
            list.rows.iter().any(|row| row.title == "~Bia").then_some(())
        })
        .await;
    let hidden = read(&world, "~Bia").await.unwrap();
    assert!(hidden.number_hidden);
    assert_eq!(facts(&hidden), [(FactKind::PushName, "Bia")]);
    world.page.close().await;
}

#[tokio::test]
async fn a_panel_is_read_of_the_open_chat_alone_and_gives_way_to_a_person() {
    let (_dir, world) = world().await;
    world.page.open_chat(&target("Ana"), Priority::Open, PATIENCE).await.unwrap();
    let receipts = world.receipts().await;
    let other = world.page.read_panel(&target("Bakery"), false, Priority::Older, PATIENCE).await;
    assert_eq!(other.unwrap_err(), PageError::WrongChat);
    assert!(!panel_is_open(&world).await);

    let ana = target("Ana");
    let (panel, ticket) = tokio::join!(
        world.page.read_panel(&ana, false, Priority::Fill, PATIENCE),
        world.page.compose(&ana, "one moment", Duration::ZERO, PATIENCE),
    );
    assert_eq!(panel.unwrap_err(), PageError::Cancelled);
    assert!(!panel_is_open(&world).await);
    ticket.unwrap().press(PATIENCE).await.unwrap();
    assert_eq!(world.truth("Ana").await.last().unwrap(), "one moment");
    assert_eq!(world.receipts().await, receipts);
    assert_eq!(world.opened().await, ["Ana"]);
    world.page.close().await;
}

/// The same people with a group of many, of whom two have one name, and one is called almost like the entry.
fn crowd(count: usize) -> String {
    let many = (0..count).map(|n| match n {
        3 | 40 => format!("{{ name = \"Twin\", phone = \"+55 11 93000-{n:04}\" }}"),
        5 => format!("{{ name = \"View all\", phone = \"+55 11 93000-{n:04}\" }}"),
        // The last text of a row without named parts may be what somebody writes of themselves, so it marks nobody.
        50 => r#"{ name = "Neighbour 50", phone = "+55 11 93000-0050", admin = true, about = "Ask me" }"#.to_owned(),
        n if n % 2 == 0 => format!("{{ name = \"Neighbour {n}\", phone = \"+55 11 93000-{n:04}\" }}"),
        n => format!("{{ phone = \"+55 11 93000-{n:04}\", push = \"P{n}\" }}"),
    });
    let many: Vec<String> = many.collect();
    let chat = "[[chats]]\nname = \"Street\"\nmembers = [";
    format!("{PEOPLE}\n{chat}{}]\nscript = \"\"\"\n@ -50m\n<Neighbour 0> Party!\n\"\"\"\n", many.join(", "))
}

async fn street(count: usize) -> (tempfile::TempDir, World) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("street.toml");
    std::fs::write(&path, crowd(count)).unwrap();
    let world = World::linked(path.to_str().unwrap()).await;
    world.page.open_chat(&target("Street"), Priority::Open, PATIENCE).await.unwrap();
    (dir, world)
}

#[tokio::test]
async fn all_members_of_a_large_group_are_read_from_their_dialog_which_is_closed_again() {
    let (_dir, world) = street(61).await;
    let street = target("Street");
    let some = world.page.read_panel(&street, false, Priority::Older, PATIENCE).await.unwrap();
    assert_eq!((some.members.len(), some.total, some.all_members), (10, Some(62), false));

    let all = world.page.read_panel(&street, true, Priority::Older, 4 * PATIENCE).await.unwrap();
    assert_eq!((all.members.len(), all.total, all.all_members), (62, Some(62), true));
    assert_eq!(all.members[..10], some.members[..], "in their order");
    let of = |name: &str| all.members.iter().filter(|member| member.name.as_deref() == Some(name)).count();
    assert_eq!((of("You"), of("Twin"), of("View all"), of("Neighbour 60")), (1, 2, 1, 1));
    assert_eq!(all.members.iter().filter(|member| member.admin).count(), 1);
    let p59 = all.members.iter().find(|member| member.push_name.as_deref() == Some("P59")).unwrap();
    assert_eq!(p59.phone.as_deref(), Some("+5511930000059"));
    let html = world.page.structure().await.unwrap().html;
    assert!(!html.contains("drawer-right") && !html.contains("role=\"dialog\""), "both are closed");
    assert_eq!(world.opened().await, ["Street"], "no member's chat");

    // It gives way to a person, and leaves nothing open.
    let (panel, ticket) = tokio::join!(
        world.page.read_panel(&street, true, Priority::Fill, PATIENCE),
        world.page.compose(&street, "one moment", Duration::ZERO, PATIENCE),
    );
    assert_eq!(panel.unwrap_err(), PageError::Cancelled);
    ticket.unwrap().press(PATIENCE).await.unwrap();
    assert_eq!(world.truth("Street").await.last().unwrap(), "one moment");
    world.page.close().await;
}
