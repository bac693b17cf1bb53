//! A record of a page's structure says how it is built and nothing that anybody wrote.

use std::collections::BTreeSet;

use queunir_core::link::PageState;
use queunir_whatsapp::{PageEvent, Priority, launch, page::structure::Structure};
use serde_json::json;

use crate::{
    site::Site,
    world::{PATIENCE, World, target},
};

/// Somebody's name, number and words in every place that a page has for them, also where markup keeps its own names.
const PLANTED: &str = r#"<!doctype html><html id="whatsapp-web" lang="pt" data-owner="Zebedeu Quaresma">
<head><title>Zebedeu Quaresma (3)</title><meta name="description" content="gergelim"></head>
<body class="web zebedeu"><!-- gergelim -->
<div id="app"><div id="side"><div id="pane-side" data-scrolltracepolicy="wa.web.chatlist">
 <div role="grid" aria-label="Conversas" aria-rowcount="4711" data-jid="5511987654321@c.us">
  <div role="row" class="x10l6tqk xh8yej3 row-zebedeu" style="background: url(data:gergelim); transform: translateY(76px)">
   <div data-testid="cell-frame-title"><span title="Zebedeu Quaresma" dir="auto">Zebedeu Quaresma</span></div>
   <div data-testid="poll-option-gergelim" data-icon="quaresmaIcon"><span>com gergelim, por favor</span></div>
   <a href="https://wa.me/5511987654321" gergelim="1">+55 11 98765-4321</a>
   <img alt="Zebedeu" src="blob:gergelim"><input value="gergelim" placeholder="Zebedeu"><x-zebedeu></x-zebedeu>
   <svg><title>ic-gergelim</title></svg><svg><title>wds-ic-read</title></svg><script>"gergelim"</script>
   <textarea>gergelim</textarea><button aria-describedby="zebedeu" type="gergelim">Zebedeu</button>
  </div></div></div></div>
 <div id="main"><div data-id="3EB0C767D0A1B2C3D4E5" data-testid="conv-msg-3EB0C767D0A1B2C3D4E5">
  <div data-pre-plain-text="[15:06, 03/07/2026] Zebedeu Quaresma: " class="copyable-text"><span>gergelim</span></div>
 </div></div></div></body></html>"#;

async fn structure_of(url: &Site) -> Structure {
    let (page, mut events) = launch(url.config()).await.unwrap();
    let heard = async {
        while !matches!(events.recv().await, Some(PageEvent::State(state)) if state.state != PageState::Starting) {}
    };
    tokio::time::timeout(PATIENCE, heard).await.unwrap();
    // A slow machine tells a screen while the rest of the document is still being parsed.
    let whole = async {
        loop {
            let structure = page.structure().await.unwrap();
            if structure.html.contains("copyable-text") {
                return structure;
            }
        }
    };
    let structure = tokio::time::timeout(PATIENCE, whole).await.unwrap();
    page.close().await;
    structure
}

#[tokio::test]
async fn what_somebody_wrote_is_nowhere_in_a_record_and_the_structure_is() {
    let site = Site::start(PLANTED).await;
    let structure = structure_of(&site).await;
    let html = structure.html.to_lowercase();
    for canary in [
        "zebedeu",
        "quaresma",
        "gergelim",
        "favor",
        "conversas",
        "98765",
        "5511",
        "4711",
        "3eb0",
        "c767",
        "2026",
        "15:06",
    ] {
        assert!(!html.contains(canary), "{canary} in {html}");
    }
    for built in [
        r#"id="pane-side" data-scrolltracepolicy="wa.web.chatlist""#,
        r#"role="grid" aria-label="" aria-rowcount="" data-jid="""#,
        r#"class="x10l6tqk xh8yej3 row-?""#,
        r#"<div data-testid="cell-frame-title"><span title="" dir="auto">…</span></div>"#,
        r#"data-testid="poll-option-?""#,
        "<svg><title>wds-ic-read</title></svg>",
        r#"data-pre-plain-text="""#,
    ] {
        assert!(html.contains(built), "{built} is not in {html}");
    }
}

#[tokio::test]
async fn no_word_of_a_whole_account_is_in_a_record_of_its_page() {
    let world = World::linked("test").await;
    world.post("look", json!({"generation": "unknown:2"})).await;
    world.page.close().await;
    let (page, mut events) = launch(world.config.clone()).await.unwrap();
    let heard = async { while !matches!(events.recv().await, Some(PageEvent::List(list)) if list.rows.len() > 4) {} };
    tokio::time::timeout(PATIENCE, heard).await.unwrap();
    page.open_chat(&target("Bruno Away"), Priority::Open, PATIENCE).await.unwrap();
    let structure = page.structure().await.unwrap();
    assert!(structure.elements > 300, "{structure:?}");
    assert!(structure.html.contains("data-icon=\"sym-"), "the names of a new look are told");

    let ledger = world.ledger().await;
    let chats = &ledger.accounts[0].chats;
    let texts = chats.iter().flat_map(|chat| chat.messages.iter().map(|message| message.text.as_str()));
    let said: BTreeSet<String> = chats
        .iter()
        .map(|chat| chat.title.as_str())
        .chain(texts)
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().count() >= 4)
        .map(str::to_lowercase)
        .collect();
    assert!(said.len() > 20, "{said:?}");
    let told: BTreeSet<String> =
        structure.html.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).filter(|w| !w.is_empty()).collect();
    let leaked: Vec<_> =
        told.intersection(&said).filter(|word| !queunir_whatsapp::page::structure::is_known(word)).collect();
    assert!(leaked.is_empty(), "{leaked:?}");
    assert!(told.iter().all(|word| word.bytes().filter(u8::is_ascii_digit).count() < 6), "{told:?}");
    page.close().await;
}
