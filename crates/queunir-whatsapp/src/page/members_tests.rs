use super::*;

const SECTION: &str = "group-info-participants-section";

fn said(text: &str, names: &[&str]) -> raw::Said {
    raw::Said { text: text.to_owned(), names: names.iter().map(|name| (*name).to_owned()).collect() }
}

/// A row whose parts are named, or not: texts with the name of their part.
fn row(item: &str, texts: &[(&str, &str)]) -> Vec<raw::Said> {
    texts.iter().map(|(part, text)| said(text, &[part, item, SECTION])).collect()
}

fn read(subtitle: &str, rows: Vec<Vec<raw::Said>>) -> (Vec<Member>, Option<u32>) {
    let mut texts = vec![
        said("Deliveries", &["group-subject"]),
        said(subtitle, &["group-info-top-card-subtitle"]),
        said("9 members", &["section-participants", SECTION]),
    ];
    texts.extend(rows.into_iter().flatten());
    members(&raw::Texts { present: true, texts })
}

fn known(name: Option<&str>, push_name: Option<&str>, phone: Option<&str>, admin: bool) -> Member {
    Member { name: name.map(Into::into), push_name: push_name.map(Into::into), phone: phone.map(Into::into), admin }
}

const TITLE: &str = "cell-frame-title";
const SECOND: &str = "cell-frame-secondary";
const BESIDE: &str = "cell-frame-primary-detail";

#[test]
fn a_row_says_a_saved_name_or_a_number_and_a_name_of_their_own() {
    let (members, total) = read(
        "Group · 23 members",
        vec![
            row("#4", &[(TITLE, "Ana  Reis"), (SECOND, "Busy")]),
            row("#6", &[(TITLE, "\u{202a}+55 11 92000-0012\u{202c}"), (SECOND, "~Zé")]),
            row("#8", &[(TITLE, "~Bia"), (BESIDE, "+55 11 92000-0013"), (SECOND, "Hello")]),
            row("#11", &[(TITLE, "~Cid")]),
        ],
    );
    let shown = [
        known(Some("Ana Reis"), None, None, false),
        known(None, Some("Zé"), Some("+5511920000012"), false),
        known(None, Some("Bia"), Some("+5511920000013"), false),
        known(None, Some("Cid"), None, false),
    ];
    assert_eq!((members.as_slice(), total), (shown.as_slice(), Some(23)));
}

#[test]
fn who_runs_the_group_is_marked_and_nobody_marks_themselves() {
    let (members, _) = read(
        "Grupo · 9 membros",
        vec![
            row("#4", &[(TITLE, "Ana"), (BESIDE, "Admin do grupo"), (SECOND, "Ocupada")]),
            row("#7", &[(TITLE, "Bruno"), (SECOND, "Admin do grupo")]),
            row("#9", &[(TITLE, "Caio"), (BESIDE, "Admin do grupo")]),
            // Parts without names: the last text may be anybody's own words.
            row("#11", &[("", "+55 11 92000-0012"), ("", "Group admin"), ("", "~Zé")]),
            row("#14", &[("", "Davi"), ("", "Group admin")]),
        ],
    );
    let marked: Vec<_> = members.iter().map(|one| one.admin).collect();
    assert_eq!(marked, [true, false, true, true, false]);
}

#[test]
fn a_number_in_what_somebody_writes_of_themselves_is_not_theirs() {
    let (members, _) = read(
        "Group · 9 members",
        vec![
            row("#4", &[(TITLE, "Ana"), (SECOND, "+55 11 92000-0099")]),
            row("#6", &[(TITLE, "~Bia"), (SECOND, "+55 11 92000-0099")]),
            row("#8", &[("", "~Cid"), ("", "+55 11 92000-0099")]),
            row("#10", &[(SECOND, "+55 11 92000-0099")]),
        ],
    );
    let shown = [
        known(Some("Ana"), None, None, false),
        known(None, Some("Bia"), None, false),
        known(None, Some("Cid"), None, false),
    ];
    assert_eq!(members, shown);
}

#[test]
fn more_rows_than_members_are_not_members() {
    let rows = || vec![row("#4", &[(TITLE, "Ana")]), row("#5", &[(TITLE, "Add member")])];
    assert_eq!(read("Group · 1 member", rows()), (Vec::new(), Some(1)));
    assert_eq!(read("Group · 2 members", rows()).0.len(), 2);
}

#[test]
fn texts_outside_the_section_are_nobody() {
    let mut texts = row("#4", &[(TITLE, "Ana")]);
    texts.push(said("A document", &["#9", "section-media"]));
    texts.push(said("View all", &[SECTION]));
    assert_eq!(members(&raw::Texts { present: true, texts }).0, [known(Some("Ana"), None, None, false)]);
}

#[test]
fn how_many_is_read_only_where_one_number_says_it() {
    for (text, number) in [
        ("Group · 23 members", Some(23)),
        ("23 участника", Some(23)),
        ("Grupo · 1.024 membros", Some(1_024)),
        ("Group · 1,024 members", Some(1_024)),
        ("Groupe · 1\u{202f}024 membres", Some(1_024)),
        ("群组 · 23 位成员", Some(23)),
        ("Group", None),
        ("Ana, Bruno", None),
        ("2 of 23 members", None),
        ("1.02 members", None),
        ("٢٣ عضوًا", None),
        ("٢ 3", None),
        ("99999999999 members", None),
    ] {
        assert_eq!(number_in(text), number, "{text}");
    }
}
