use super::*;

fn said(text: &str, names: &[&str]) -> raw::Said {
    raw::Said { text: text.to_owned(), names: names.iter().map(|name| (*name).to_owned()).collect() }
}

fn of(title: &str, texts: Vec<raw::Said>) -> SeenPanel {
    let raw = raw::Texts { present: true, texts };
    let target = ChatTarget { title: title.to_owned(), phone: None, unlisted: false, archived: false };
    assert!(is_of(&raw, &target));
    panel(&raw, &target)
}

fn facts(panel: &SeenPanel) -> Vec<(FactKind, &str)> {
    panel.facts.iter().map(|fact| (fact.kind, fact.value.as_str())).collect()
}

const HEAD: &[&str] = &["contact-info-header", "chat-info-drawer"];
const TEXT: &[&str] = &["select-all selectable-text", "chat-info-drawer"];
const SECOND: &[&str] = &["contact-info-subtitle selectable-text", "chat-info-drawer"];

#[test]
fn a_saved_contact_says_name_number_and_about() {
    let section = "section-about-and-phone-number";
    let seen = of(
        "Ana",
        vec![
            said("Contact info", HEAD),
            said("Ana", TEXT),
            said("\u{202a}+55 11 91000-0001\u{202c}", SECOND),
            said("About", &[section]),
            said("On holiday 🌴", &["select-all selectable-text", section]),
            said("Phone number", &[section]),
            said("+55 11 91000-0001", &["select-all selectable-text", section]),
        ],
    );
    assert_eq!(seen.kind, ChatKind::Contact);
    assert!(!seen.number_hidden);
    let known = [(FactKind::Name, "Ana"), (FactKind::Phone, "+5511910000001"), (FactKind::About, "On holiday 🌴")];
    assert_eq!(facts(&seen), known);
}

#[test]
fn the_name_of_a_section_may_stand_on_its_heading_and_that_of_the_second_line_on_the_first() {
    let seen = of(
        "Ana",
        vec![
            said("Ana", SECOND),
            said("+55 11 91000-0001", &["selectable-text"]),
            said("Recado", &["section-about"]),
            said("Phone number", &["selectable-text"]),
            said("Número de telefone", &["section-phone-number"]),
            said("+55 11 91000-0001", &["selectable-text"]),
        ],
    );
    let known = [(FactKind::Name, "Ana"), (FactKind::Phone, "+5511910000001"), (FactKind::About, "Phone number")];
    assert_eq!(facts(&seen), known);
}

#[test]
fn a_stranger_has_a_name_of_their_own_and_may_hide_the_number() {
    let seen = of("+55 11 92000-0021", vec![said("+55 11 92000-0021", TEXT), said("~Bia", SECOND)]);
    assert_eq!(facts(&seen), [(FactKind::Phone, "+5511920000021"), (FactKind::PushName, "Bia")]);
    let hidden = of("~Bia", vec![said("~Bia", TEXT), said("~Bia", &["contact-info-pnh-info"])]);
    assert!(hidden.number_hidden);
    assert_eq!(facts(&hidden), [(FactKind::PushName, "Bia")]);
}

#[test]
fn a_business_says_more_and_what_is_strange_is_left_out() {
    let texts = |hours: &[&str]| {
        vec![
            said("Bakery", TEXT),
            said("+55 11 91000-0002", SECOND),
            said("@bakery", &["chat-info-drawer"]),
            said("Bread.\nCakes.", TEXT),
            said("Monday 06:00", hours),
            said("Rua A 1", TEXT),
            said("a@b.example", &["business-info-email"]),
            said("https://b.example/", &["business-info-website"]),
            said("About", &["section-about-and-phone-number"]),
            said("Warm at six", TEXT),
            said("Media, links and docs", &["section-media"]),
            said("Somebody else's words", &["block-media", "chat-info-drawer"]),
        ]
    };
    let seen = of("Bakery", texts(&["business-hours-row"]));
    let known = [
        (FactKind::Name, "Bakery"),
        (FactKind::Phone, "+5511910000002"),
        (FactKind::Description, "Bread.\nCakes."),
        (FactKind::Hours, "Monday 06:00"),
        (FactKind::Description, "Rua A 1"),
        (FactKind::Email, "a@b.example"),
        (FactKind::Website, "https://b.example/"),
        (FactKind::About, "Warm at six"),
    ];
    assert_eq!(facts(&seen), known);
}

#[test]
fn a_group_has_a_subject_and_a_description_and_its_people_are_no_facts() {
    let seen = of(
        "Deliveries",
        vec![
            said("Group info", &["group-info-header"]),
            said("Deliveries", &["select-all selectable-text", "group-subject"]),
            said("Group · 2 members", &["group-info-top-card-subtitle"]),
            said("Of the week", &["group-info-drawer-description-container"]),
            said("2 members", &["section-participants", "group-info-participants-section"]),
            said("+55 11 92000-0012", &["#5", "group-info-participants-section"]),
            said("~Zé", &["#5", "group-info-participants-section"]),
        ],
    );
    assert_eq!(seen.kind, ChatKind::Group);
    assert_eq!(facts(&seen), [(FactKind::Name, "Deliveries"), (FactKind::Description, "Of the week")]);
}

#[test]
fn without_test_ids_only_what_the_texts_themselves_say_is_taken() {
    let seen = of(
        "Ana",
        vec![
            said("Ana", &[]),
            said("+55 11 91000-0001", &[]),
            said("About", &[]),
            said("On holiday", &[]),
            said("x", &["y"]),
        ],
    );
    let known = [(FactKind::Name, "Ana"), (FactKind::Phone, "+5511910000001"), (FactKind::About, "On holiday")];
    assert_eq!((facts(&seen).as_slice(), seen.kind), (known.as_slice(), ChatKind::Unknown));
}

#[test]
fn another_chats_panel_is_told_apart() {
    let raw = raw::Texts { present: true, texts: vec![said("Bia", TEXT), said("+55 11 91000-0001", SECOND)] };
    let target = |title: &str, phone: Option<&str>| ChatTarget {
        title: title.into(),
        phone: phone.map(Into::into),
        unlisted: false,
        archived: false,
    };
    assert!(!is_of(&raw, &target("Ana", None)));
    assert!(!is_of(&raw, &target("Ana", Some("+5511910000009"))));
    assert!(is_of(&raw, &target("Ana", Some("+5511910000001"))));
}
