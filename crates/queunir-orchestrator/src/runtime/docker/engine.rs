//! The Engine API as this runtime uses it: every answer becomes what it means for a slice.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use anyhow::anyhow;
use bollard::{
    API_DEFAULT_VERSION, Docker,
    errors::Error,
    models::{
        ContainerCreateBody, ContainerInspectResponse, ContainerSummary, ContainerSummaryStateEnum, EventMessage,
        NetworkCreateRequest, NetworkInspect,
    },
    query_parameters::{
        CreateContainerOptionsBuilder, EventsOptionsBuilder, InspectContainerOptions, InspectNetworkOptions,
        KillContainerOptionsBuilder, ListContainersOptionsBuilder, LogsOptionsBuilder, RemoveContainerOptionsBuilder,
        StartContainerOptions,
    },
};
use futures::{Stream, StreamExt};
use queunir_core::{id::SliceId, slice::SliceSpec};

use crate::runtime::{RunningSlice, RuntimeError};

/// Seconds for one answer. Too small gives up on a busy engine, too large delays saying that it is away.
const LIMIT: u64 = 30;
/// How much of a container's output is kept when it is removed.
const WORDS: usize = 1 << 20;

/// Which slice a container is.
const SLICE: &str = "queunir.slice";
/// Which start of it.
const GENERATION: &str = "queunir.generation";
/// Which leader ordered it.
const EPOCH: &str = "queunir.epoch";
/// Whose it is: the state directory, because an engine may serve two installations.
const STATE: &str = "queunir.state";

/// The labels by which an engine remembers for us.
#[derive(Clone, Debug)]
pub(super) struct Labels {
    state: String,
}

impl Labels {
    /// Those of an installation.
    pub fn new(state_dir: &Path) -> Self {
        Self { state: state_dir.to_string_lossy().into_owned() }
    }

    /// What belongs to a slice, whatever its start.
    pub fn of_slice(&self, slice: SliceId) -> HashMap<String, String> {
        [(STATE, self.state.clone()), (SLICE, slice.to_string())].map(|(name, value)| (name.to_owned(), value)).into()
    }

    /// Whether labels are those of this installation.
    pub fn are_of(&self, found: Option<&HashMap<String, String>>) -> bool {
        found.and_then(|labels| labels.get(STATE)) == Some(&self.state)
    }

    /// What belongs to one start.
    pub fn of_start(&self, spec: &SliceSpec) -> HashMap<String, String> {
        let mut labels = self.of_slice(spec.slice);
        labels.insert(GENERATION.to_owned(), spec.generation.to_string());
        labels.insert(EPOCH.to_owned(), spec.epoch.to_string());
        labels
    }
}

/// A container of ours.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub id: String,
    pub slice: RunningSlice,
    /// Whether anything of it lives.
    pub lives: bool,
}

/// The line to an engine; opened with the first question, because the engine may come later than we do.
pub(super) struct Engine {
    socket: PathBuf,
    docker: OnceLock<Docker>,
    labels: Labels,
}

impl Engine {
    /// The engine that listens on a socket.
    pub fn new(socket: &Path, labels: Labels) -> Self {
        Self { socket: socket.to_owned(), docker: OnceLock::new(), labels }
    }

    fn docker(&self) -> Result<&Docker, RuntimeError> {
        if let Some(docker) = self.docker.get() {
            return Ok(docker);
        }
        // Bollard leaves the version out of its paths, so the engine answers as its own newest, whichever that is.
        let opened = Docker::connect_with_unix(&self.socket.to_string_lossy(), LIMIT, API_DEFAULT_VERSION);
        let opened = opened.map_err(unreachable)?;
        Ok(self.docker.get_or_init(|| opened))
    }

    /// Every container of this installation, or of one slice of it.
    pub async fn containers(&self, slice: Option<SliceId>) -> Result<Vec<Found>, RuntimeError> {
        let mut labels = vec![format!("{STATE}={}", self.labels.state), SLICE.to_owned()];
        labels.extend(slice.map(|slice| format!("{SLICE}={slice}")));
        let options = ListContainersOptionsBuilder::new().all(true).filters(&HashMap::from([("label", labels)]));
        let found = self.docker()?.list_containers(Some(options.build())).await.map_err(unreachable)?;
        Ok(found.into_iter().filter_map(read).collect())
    }

    /// Whether the image is there.
    pub async fn has_image(&self, image: &str) -> Result<bool, RuntimeError> {
        absent_or(self.docker()?.inspect_image(image).await).map(|found| found.is_some())
    }

    /// Makes a container; answers its id, or `None` if another one has its name.
    pub async fn create(&self, name: &str, body: ContainerCreateBody) -> Result<Option<String>, RuntimeError> {
        let options = CreateContainerOptionsBuilder::new().name(name).build();
        match self.docker()?.create_container(Some(options), body).await {
            Ok(made) => Ok(Some(made.id)),
            Err(Error::DockerResponseServerError { status_code: 409, .. }) => Ok(None),
            Err(Error::DockerResponseServerError { status_code: 400 | 404, message }) => {
                Err(RuntimeError::Refused(anyhow!("the engine does not take the container: {message}")))
            }
            Err(error) => Err(unreachable(error)),
        }
    }

    /// Starts a container. What the engine answers to that is about this container, a taken port for one.
    pub async fn start(&self, id: &str) -> Result<(), RuntimeError> {
        match self.docker()?.start_container(id, None::<StartContainerOptions>).await {
            Ok(()) => Ok(()),
            Err(Error::DockerResponseServerError { message, .. }) => {
                Err(RuntimeError::NotReady(anyhow!("the engine could not start it: {message}")))
            }
            Err(error) => Err(unreachable(error)),
        }
    }

    /// How a container is; `None` if there is none.
    pub async fn inspect(&self, id: &str) -> Result<Option<ContainerInspectResponse>, RuntimeError> {
        absent_or(self.docker()?.inspect_container(id, None::<InspectContainerOptions>).await)
    }

    /// Whether anything of a container lives.
    pub async fn lives(&self, id: &str) -> Result<bool, RuntimeError> {
        let state = self.inspect(id).await?.and_then(|found| found.state);
        Ok(state.is_some_and(|state| state.running == Some(true) || state.paused == Some(true)))
    }

    /// The process that a container began with, as the host numbers it; `None` if it has ended.
    pub async fn pid(&self, id: &str) -> Result<Option<i32>, RuntimeError> {
        let state = self.inspect(id).await?.and_then(|found| found.state);
        Ok(state.and_then(|state| i32::try_from(state.pid?).ok()).filter(|pid| *pid > 0))
    }

    /// Signals a container; one that does not run has ended already.
    pub async fn kill(&self, id: &str, signal: &str) -> Result<(), RuntimeError> {
        let options = KillContainerOptionsBuilder::new().signal(signal).build();
        match self.docker()?.kill_container(id, Some(options)).await {
            Ok(()) | Err(Error::DockerResponseServerError { status_code: 404 | 409, .. }) => Ok(()),
            Err(error) => Err(unreachable(error)),
        }
    }

    /// The end of what a container said.
    pub async fn words(&self, id: &str) -> Result<Vec<u8>, RuntimeError> {
        let options = LogsOptionsBuilder::new().stdout(true).stderr(true).tail("2000").build();
        let mut lines = self.docker()?.logs(id, Some(options));
        let mut words = Vec::new();
        while let Some(line) = lines.next().await {
            words.extend_from_slice(line.map_err(unreachable)?.as_ref());
            if words.len() > 2 * WORDS {
                words.drain(..words.len() - WORDS);
            }
        }
        Ok(words)
    }

    /// Removes a container that has ended; one that is gone already counts as removed.
    pub async fn remove(&self, id: &str) -> Result<(), RuntimeError> {
        let options = RemoveContainerOptionsBuilder::new().v(true).build();
        absent_or(self.docker()?.remove_container(id, Some(options)).await).map(drop)
    }

    /// A network by its name.
    pub async fn network(&self, name: &str) -> Result<Option<NetworkInspect>, RuntimeError> {
        absent_or(self.docker()?.inspect_network(name, None::<InspectNetworkOptions>).await)
    }

    /// Makes a network.
    pub async fn create_network(&self, request: NetworkCreateRequest) -> Result<(), RuntimeError> {
        match self.docker()?.create_network(request).await {
            Ok(_) => Ok(()),
            Err(Error::DockerResponseServerError { message, .. }) => {
                let why =
                    anyhow!("the engine does not make the slice's network: {message}; look at runtime.docker.subnets");
                Err(RuntimeError::Refused(why))
            }
            Err(error) => Err(unreachable(error)),
        }
    }

    /// Removes a network; one that is gone already counts as removed.
    pub async fn remove_network(&self, name: &str) -> Result<(), RuntimeError> {
        absent_or(self.docker()?.remove_network(name).await).map(drop)
    }

    /// Tells of every container of ours that ends, from now on; breaks off with the engine.
    pub fn ends(&self) -> Result<impl Stream<Item = Result<EventMessage, Error>> + use<>, RuntimeError> {
        let filters = HashMap::from([
            ("type", vec!["container".to_owned()]),
            ("event", vec!["die".to_owned()]),
            ("label", vec![format!("{STATE}={}", self.labels.state)]),
        ]);
        Ok(self.docker()?.events(Some(EventsOptionsBuilder::new().filters(&filters).build())))
    }
}

/// What labels tell of a container; one whose number makes no sense is not ours to touch.
fn read(summary: ContainerSummary) -> Option<Found> {
    use ContainerSummaryStateEnum as State;

    let (id, labels) = (summary.id?, summary.labels?);
    let slice = SliceId(labels.get(SLICE)?.parse().ok()?);
    // None or nonsense is no generation that any row has: a stray.
    let generation = labels.get(GENERATION).and_then(|text| text.parse().ok()).unwrap_or_default();
    let port = summary.ports.unwrap_or_default().iter().find_map(|port| port.public_port).unwrap_or_default();
    let lives = matches!(summary.state?, State::RUNNING | State::PAUSED | State::RESTARTING | State::STOPPING);
    Some(Found { id, slice: RunningSlice { id: slice, generation, port }, lives })
}

/// An answer, or `None` where the engine knows nothing of that name.
fn absent_or<T>(answer: Result<T, Error>) -> Result<Option<T>, RuntimeError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Error::DockerResponseServerError { status_code: 404, .. }) => Ok(None),
        Err(error) => Err(unreachable(error)),
    }
}

fn unreachable(error: Error) -> RuntimeError {
    RuntimeError::Unreachable(anyhow::Error::new(error).context("the container engine"))
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
        net::UnixListener,
    };

    use super::*;

    /// If this fails, Bollard names a version again: then it has to be negotiated, because older engines refuse its own.
    #[tokio::test]
    async fn requests_name_no_version() {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("engine.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let engine = Engine::new(&socket, Labels::new(dir.path()));
        let answer = async {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            let mut line = String::new();
            stream.read_line(&mut line).await.unwrap();
            let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n[]";
            stream.get_mut().write_all(answer.as_bytes()).await.unwrap();
            line
        };
        let (found, line) = tokio::join!(engine.containers(None), answer);
        assert!(found.unwrap().is_empty());
        assert!(line.starts_with("GET /containers/json?"), "{line}");
    }
}
