//! The control API is what its description says.

use reqwest::{Method, StatusCode};

use crate::page::Running;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

#[tokio::test]
async fn every_described_route_is_served_and_no_other_method_of_it() {
    let sim = Running::start(50.0, None).await;
    let document = sim.get("openapi.json").await;
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 20, "{} paths", paths.len());
    let client = reqwest::Client::new();
    for (path, described) in paths {
        let url = format!("http://{}{}", sim.address, path.replace(['{', '}'], "-"));
        for method in METHODS {
            let request = client.request(Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(), &url);
            let response = request.send().await.unwrap();
            let status = response.status();
            if described.get(method).is_none() {
                assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path} is served and not described");
            } else if status == StatusCode::NOT_FOUND {
                // What a handler does not find it says so itself; the router's own answer is empty.
                let body = response.text().await.unwrap();
                assert!(body.contains("not_found"), "{method} {path} is described and not served");
            } else {
                assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path} is described and not served");
            }
        }
    }
    sim.end().await;
}

/// The router cannot be asked for its routes, so the list is here: whoever adds one sees it in the description.
#[test]
fn the_description_names_every_route() {
    let document = serde_json::to_value(queunir_sim::control::openapi()).unwrap();
    let mut found: Vec<String> = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let of = |method: &&String| METHODS.contains(&method.as_str());
        found.extend(methods.as_object().unwrap().keys().filter(of).map(|method| format!("{method} {path}")));
    }
    found.sort();
    let account = "/_sim/accounts/{account}";
    let mut wanted = vec![
        "get /_sim/accounts".to_owned(),
        "get /_sim/codes".to_owned(),
        "get /_sim/events".to_owned(),
        "get /_sim/health".to_owned(),
        "get /_sim/ledger".to_owned(),
        "get /_sim/look".to_owned(),
        "get /_sim/openapi.json".to_owned(),
        "get /_sim/speed".to_owned(),
        "get /_sim/trouble".to_owned(),
        "post /_sim/accounts".to_owned(),
        "post /_sim/disturb".to_owned(),
        "post /_sim/logout".to_owned(),
        "post /_sim/look".to_owned(),
        "post /_sim/scan".to_owned(),
        "post /_sim/speed".to_owned(),
        "post /_sim/trouble".to_owned(),
        format!("get {account}/chats"),
        format!("get {account}/chats/{{chat}}/messages"),
        format!("post {account}/chats/{{chat}}"),
        format!("post {account}/chats/{{chat}}/messages/{{key}}"),
        format!("post {account}/chats/{{chat}}/read"),
        format!("post {account}/chats/{{chat}}/typing"),
        format!("post {account}/incoming"),
        format!("post {account}/own"),
    ];
    wanted.sort();
    assert_eq!(found, wanted);
    let table = include_str!("../../src/control/mod.rs");
    assert!(!table.contains(".route("), "a route beside the table is missing in the description");
}
