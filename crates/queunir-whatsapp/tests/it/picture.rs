//! The picture of a chat, photographed where the list draws it: the right face on the right chat, or none.

use std::time::Duration;

use image::{GenericImageView, ImageFormat};
use queunir_sim::picture::middle;
use queunir_whatsapp::{
    PageError, PageEvent, Priority,
    seen::{Captured, RowPicture},
};
use serde_json::json;

use crate::world::{PATIENCE, World, large_scenario, target};

/// Whether a photograph shows that picture of the simulator, by its plain middle.
fn shows(captured: &Captured, number: u32) -> bool {
    let image = image::load_from_memory_with_format(&captured.bytes, ImageFormat::WebP).unwrap();
    assert_eq!((image.width(), image.height()), (160, 160));
    let [red, green, blue, _] = image.get_pixel(80, 80).0;
    [red, green, blue].into_iter().zip(middle(number)).all(|(found, drawn)| found.abs_diff(drawn) < 12)
}

/// What a row shows as its picture, as soon as it is something else than `before`.
async fn picture_in_list(world: &mut World, title: &str, before: &RowPicture) -> RowPicture {
    world
        .event(|event| match event {
            PageEvent::List(list) => {
                list.rows.iter().find(|row| row.title == title && row.picture != *before).map(|row| row.picture.clone())
            }
            _ => None,
        })
        .await
}

impl World {
    async fn photograph(&self, title: &str) -> Option<Captured> {
        self.page.picture(&target(title), Priority::Fill, PATIENCE).await.unwrap()
    }

    /// The same, when the row has come to rest.
    async fn photograph_at_rest(&self, title: &str) -> Captured {
        for _ in 0..100 {
            if let Some(captured) = self.photograph(title).await {
                return captured;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no photograph of {title}");
    }
}

#[tokio::test]
async fn the_list_says_who_has_a_picture_and_each_is_photographed_where_it_is_drawn() {
    let mut world = World::linked("test").await;
    let own = picture_in_list(&mut world, "Alice Online", &RowPicture::Unknown).await;
    let RowPicture::Own(token) = &own else { panic!("{own:?}") };
    assert_eq!(picture_in_list(&mut world, "Carla Off", &RowPicture::Unknown).await, RowPicture::Icon);

    let alice = world.photograph_at_rest("Alice Online").await;
    assert_eq!(&alice.token, token);
    assert!(shows(&alice, 1) && !shows(&alice, 2));
    assert!(shows(&world.photograph_at_rest("Bruno Away").await, 2));
    assert!(shows(&world.photograph_at_rest("Grupo Entregas").await, 3));
    assert_eq!(world.photograph("Carla Off").await, None, "an icon is no picture");
    assert_eq!(world.photograph("Nobody").await, None);

    world.post("accounts/test/chats/Alice%20Online", json!({"do": "picture", "number": 9})).await;
    assert_ne!(picture_in_list(&mut world, "Alice Online", &own).await, RowPicture::Icon);
    let changed = world.photograph_at_rest("Alice Online").await;
    assert!(shows(&changed, 9) && changed.token != alice.token);
    world.forget();
    world.post("accounts/test/chats/Alice%20Online", json!({"do": "picture", "number": null})).await;
    let now = RowPicture::Own(changed.token);
    assert_eq!(picture_in_list(&mut world, "Alice Online", &now).await, RowPicture::Icon);

    assert!(world.opened().await.is_empty() && world.receipts().await.is_empty(), "nothing was clicked for it");
    world.page.close().await;
}

#[tokio::test]
async fn a_row_that_moved_meanwhile_is_not_photographed() {
    let mut world = World::linked("test").await;
    let bruno = world.photograph_at_rest("Bruno Away").await;
    let holds = world.config.profile_dir.with_file_name("holds");
    std::fs::create_dir_all(&holds).unwrap();
    std::fs::write(holds.join("photograph"), "").unwrap();
    let reached = holds.join("photograph.reached");
    let page = world.page.clone();
    let held =
        tokio::spawn(async move { page.picture(&target("Bruno Away"), Priority::Fill, PATIENCE).await.unwrap() });
    let held_there = async {
        while !reached.exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, held_there).await.expect("the photograph is held");
    // Others rise above it, so that another chat stands at its place; the list says so when it is drawn.
    world.forget();
    for chat in ["Diego NoBlue", "Carla Off"] {
        world.post("accounts/test/incoming", json!({"chat": chat, "text": "hello"})).await;
    }
    let risen = |event: &PageEvent| match event {
        PageEvent::List(list) => {
            let place = |title: &str| list.rows.iter().position(|row| row.title == title);
            (place("Carla Off") < place("Bruno Away")).then_some(())
        }
        _ => None,
    };
    world.event(risen).await;
    std::fs::remove_file(&reached).unwrap();
    assert!(held.await.unwrap().is_none(), "a photograph of what stands there now");
    let again = world.photograph_at_rest("Bruno Away").await;
    assert!(shows(&again, 2) && again.token == bruno.token);
    world.page.close().await;
}

#[tokio::test]
async fn what_is_not_in_view_waits_and_a_person_goes_first() {
    let (_dir, scenario) = large_scenario(60, 3);
    let world = World::linked(&scenario).await;
    for (title, number) in [("Customer 0001", 4), ("Customer 0060", 5)] {
        let chat = format!("accounts/test/chats/{}", title.replace(' ', "%20"));
        world.post(&chat, json!({"do": "picture", "number": number})).await;
    }
    assert!(shows(&world.photograph_at_rest("Customer 0001").await, 4));
    assert_eq!(world.photograph("Customer 0060").await, None, "the list is not scrolled for it");

    // Between the two looks somebody wants the page.
    let (page, other) = (world.page.clone(), world.page.clone());
    let wish = tokio::spawn(async move { page.picture(&target("Customer 0001"), Priority::Fill, PATIENCE).await });
    tokio::task::yield_now().await;
    let open = tokio::spawn(async move { other.open_chat(&target("Customer 0002"), Priority::Open, PATIENCE).await });
    assert_eq!(open.await.unwrap().unwrap().title, "Customer 0002");
    assert_eq!(wish.await.unwrap().unwrap_err(), PageError::Cancelled);
    world.page.close().await;
}
