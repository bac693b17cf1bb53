//! HTTPS with a CA of the simulator's own, so that a browser in a container reaches it as a secure context.

mod authority;
mod listener;

use std::path::PathBuf;

pub use authority::{Authority, AuthorityError};
pub use listener::TlsListener;

/// Where the CA lives and which names the server answers to.
#[derive(Clone, Debug)]
pub struct TlsSettings {
    /// Folder of the CA: `ca.pem`, `ca.spki` and, readable by its owner only, `ca.key`; made on first use.
    pub dir: PathBuf,
    /// DNS names or addresses besides `localhost`, `127.0.0.1` and `::1`.
    pub names: Vec<String>,
}
