//! Every route of the API description against every kind of caller: whose slice answers is the session's to say, and
//! nothing in a request can name another (ISO-16).

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::{
    slice::Slice,
    world::{World, problem},
};

/// Open to anybody.
const OPEN: [&str; 5] = ["/health", "/api/config", "/auth/register", "/auth/login", "/auth/logout"];
/// Answered by the gateway itself, for the session's user.
const OWN: [&str; 5] = ["/auth/me", "/api/connect", "/api/connection", "/api/connection/cancel", "/api/events"];
/// The operator's, who is no tenant and has a key instead of a session: see operating.rs.
const OPERATORS: &str = "/orchestrator/";
/// Words that would name a slice or its owner.
const NAMING: [&str; 8] = ["slice", "tenant", "user", "account", "port", "generation", "epoch", "role"];

fn api() -> Value {
    serde_json::from_str(include_str!("../../../../web/openapi.json")).unwrap()
}

/// Method and path of every route.
fn routes(api: &Value) -> Vec<(Method, String)> {
    let paths = api["paths"].as_object().unwrap();
    let methods = |item: &Value| item.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    paths
        .iter()
        .flat_map(|(path, item)| methods(item).into_iter().map(move |method| (method, path.clone())))
        .filter_map(|(method, path)| Some((method.to_ascii_uppercase().parse().ok()?, path)))
        .filter(|(method, _)| [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH].contains(method))
        .collect()
}

#[sqlx::test(migrations = false)]
async fn iso_16_every_route_answers_from_the_sessions_own_slice(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let (ana, bia) = (world.register("ana@example.org").await, world.register("bia@example.org").await);
    let (of_ana, of_bia) = (Slice::of(&ana).await, Slice::of(&bia).await);
    let (mut closed, mut relayed) = (0, 0);
    for (method, path) in routes(&api()) {
        if OPEN.contains(&path.as_str()) {
            continue;
        }
        if path.starts_with(OPERATORS) {
            let of_a_tenant = ana.request(method.clone(), &path.replace("{number}", "1")).send().await.unwrap();
            assert_eq!(problem(of_a_tenant).await, (404, "not_found".to_owned()), "{method} {path}");
            continue;
        }
        let filled = path.split('/').map(|part| if part.starts_with('{') { "chat_0190" } else { part });
        let path = filled.collect::<Vec<_>>().join("/");
        let nobody = world.request(method.clone(), &path).json(&json!({})).send().await.unwrap();
        assert_eq!(problem(nobody).await, (401, "unauthenticated".to_owned()), "{method} {path}");
        closed += 1;
        if OWN.contains(&path.as_str()) {
            continue;
        }
        for (browser, own, other) in [(&ana, &of_ana, &of_bia), (&bia, &of_bia, &of_ana)] {
            let target = format!("{path}?slice={0}&port={1}&tenant={0}", other.number, other.port);
            let request = browser.request(method.clone(), &target).header("x-slice", other.number);
            let body = json!({"slice_id": other.number, "port": other.port, "user_id": "user_0"});
            let echo: Value = request.json(&body).send().await.unwrap().json().await.unwrap();
            assert_eq!(echo["slice"], own.number, "{method} {path}");
        }
        relayed += 1;
    }
    assert!(closed >= 15 && relayed >= 10, "{closed} {relayed}");
}

#[test]
fn iso_16_no_parameter_and_no_field_of_a_request_names_a_slice() {
    let api = api();
    let mut names = Vec::new();
    for item in api["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values()) {
        for parameter in item["parameters"].as_array().into_iter().flatten() {
            names.push(parameter["name"].as_str().unwrap().to_owned());
        }
        // A file's own bytes have no fields.
        let kinds = item["requestBody"]["content"].as_object().into_iter().flatten();
        for (_, content) in kinds.filter(|(kind, _)| *kind != "application/octet-stream") {
            let schema = content["schema"]["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
            let schema = &api["components"]["schemas"][schema];
            // One shape, or one of several.
            let shapes = schema["oneOf"].as_array().map_or_else(|| vec![schema], |shapes| shapes.iter().collect());
            for shape in shapes {
                names.extend(shape["properties"].as_object().unwrap().keys().cloned());
            }
        }
    }
    assert!(names.len() > 20, "{names:?}");
    for name in &names {
        let words: Vec<String> = name.split(['_', '-']).map(str::to_ascii_lowercase).collect();
        assert!(!words.iter().any(|word| NAMING.contains(&word.as_str())), "{name}");
    }
}
