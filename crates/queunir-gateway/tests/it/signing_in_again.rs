//! What a session of an hour ago may not do (AUTH-12).

use reqwest::Method;
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::{
    slice::Slice,
    world::{Browser, PASSWORD, World, cookie, problem},
};

const GRAVE: [&str; 3] = ["/api/status/account", "/api/status/disconnect", "/api/status/wipe"];

#[sqlx::test(migrations = false)]
async fn auth_12_ending_a_link_and_erasing_want_a_sign_in_of_the_last_five_minutes(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::new(options).await;
    let before = world.register("ana@example.org").await;
    let slice = Slice::of(&before).await;
    for path in GRAVE {
        assert_eq!(before.post(path, &json!({})).await.status(), 200, "{path}");
    }
    world.run("update sessions set created_at = now() - interval '4 minutes 50 seconds'").await;
    assert_eq!(before.post(GRAVE[0], &json!({})).await.status(), 200);

    world.run("update sessions set created_at = now() - interval '5 minutes 1 second'").await;
    let arrived = slice.arrived();
    for path in GRAVE {
        let answer = before.post(path, &json!({})).await;
        assert_eq!(problem(answer).await, (403, "sign_in_again".to_owned()), "{path}");
    }
    assert_eq!(slice.arrived(), arrived, "a refused request reached the slice");
    assert_eq!(before.get("/api/status/state").await.status(), 200);

    let body = json!({"email": "ana@example.org", "password": PASSWORD});
    let answer = before.request(Method::POST, "/auth/login").json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let after = Browser { world: &world, cookie: cookie(&answer).unwrap() };
    for path in GRAVE {
        assert_eq!(after.post(path, &json!({})).await.status(), 200, "{path}");
        assert_eq!(before.post(path, &json!({})).await.status(), 401, "{path}");
    }
}
