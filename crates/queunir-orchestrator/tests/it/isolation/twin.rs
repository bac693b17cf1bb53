//! A container made from the very description of a slice's, but for what a test takes down, and what is tried in either.

use std::process::Command;

use bollard::{
    API_DEFAULT_VERSION, Docker,
    models::ContainerCreateBody,
    query_parameters::{CreateContainerOptionsBuilder, InspectContainerOptions, StartContainerOptions},
};
use serde_json::{Value, json};

use crate::engine::TestEngine;

/// The program that attempts something, in every container.
pub const ATTEMPT: &str = "/usr/local/bin/attempt";

/// A change of what a container is made from.
pub type Change = Box<dyn Fn(&mut Value) + Send + Sync>;

/// How a slice's container was made.
pub struct Pattern {
    docker: Docker,
    body: Value,
}

impl Pattern {
    /// Asks the engine how it has made the container of slice 1. What is not a wall and would be in the way is another: who
    /// it is to the runtime, what runs in it, and its network, which has one address.
    pub async fn of_slice_1(engine: &TestEngine) -> Self {
        let docker =
            Docker::connect_with_unix(engine.config.socket.to_str().unwrap(), 60, API_DEFAULT_VERSION).unwrap();
        let found = docker.inspect_container("wank-slice-1", None::<InspectContainerOptions>).await.unwrap();
        let mut body = serde_json::to_value(found.config.unwrap()).unwrap();
        body["HostConfig"] = serde_json::to_value(found.host_config.unwrap()).unwrap();
        body["Labels"] = json!({ "queunir.slice": "twin" });
        body["Cmd"] = json!(["probe", "wait"]);
        body["ExposedPorts"] = Value::Null;
        body["HostConfig"]["PortBindings"] = Value::Null;
        body["HostConfig"]["NetworkMode"] = json!("none");
        Self { docker, body }
    }

    /// Starts a container like it, with these changes.
    pub async fn twin(&self, name: &str, changes: &[&Change]) -> Twin {
        let mut body = self.body.clone();
        for change in changes {
            change(&mut body);
        }
        let body: ContainerCreateBody = serde_json::from_value(body).unwrap();
        let twin = Twin { name: format!("twin-{}", name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-")) };
        let options = CreateContainerOptionsBuilder::new().name(&twin.name).build();
        self.docker.create_container(Some(options), body).await.unwrap();
        self.docker.start_container(&twin.name, None::<StartContainerOptions>).await.unwrap();
        twin
    }
}

/// A container that runs until it is dropped.
pub struct Twin {
    pub name: String,
}

impl Drop for Twin {
    fn drop(&mut self) {
        Command::new("docker").args(["container", "rm", "--force", &self.name]).output().ok();
    }
}

/// Runs a program in a container; what it says, a line each.
pub fn run_in(container: &str, command: &[&str]) -> Vec<String> {
    let done = Command::new("docker").args(["exec", container]).args(command).output().unwrap();
    let told = String::from_utf8(done.stdout).unwrap();
    let trouble = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?} in {container}: {} {told}{trouble}", done.status);
    told.lines().map(str::to_owned).collect()
}

/// Attempts something in a container as the user it runs as: "done", or "refused: " and why, for each.
pub fn attempt(container: &str, program: &str, attempts: &[&str]) -> Vec<String> {
    let told = run_in(container, &[&[program], attempts].concat());
    assert_eq!(told.len(), attempts.len(), "{attempts:?} in {container}: {told:?}");
    let outcome = |(attempt, line): (&&str, &String)| line.strip_prefix(*attempt).unwrap()[2..].to_owned();
    attempts.iter().zip(&told).map(outcome).collect()
}
