//! What every handler shares.

use std::{ops::Deref, sync::Arc};

use queunir_core::id::{SliceId, UserId};
use queunir_db::control::{ControlDb, throttles::Rate};
use queunir_service::{lifecycle::Lifecycle, storage::Gauge};
use tokio::sync::broadcast;

use crate::{
    GatewayConfig,
    session::{hasher::Hasher, lookup::Lookup, memory::Memory},
    strangers::Strangers,
    streams::Streams,
    upstream::Slices,
    web::WebApp,
};

/// Hints that may wait for a slow stream. Too few only costs that stream one look at the table.
const HINTS: usize = 256;

/// Attempts allowed (AUTH-08).
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Sign-ins per client network.
    pub sign_in_per_prefix: Rate,
    /// Sign-ins per account from one client network.
    pub sign_in_per_account_and_prefix: Rate,
    /// Sign-ins per account from everywhere.
    pub sign_in_per_account: Rate,
    /// Sign-ups per client network.
    pub sign_up_per_prefix: Rate,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_in_per_prefix: Rate::new(5, 3, 60),
            sign_in_per_account_and_prefix: Rate::new(5, 5, 900),
            sign_in_per_account: Rate::new(100, 100, 3_600),
            sign_up_per_prefix: Rate::new(3, 3, 3_600),
        }
    }
}

/// A hint what may be different from what somebody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    /// This slice's row.
    Slice(SliceId),
    /// This user, their sessions, or that they have a slice.
    User(UserId),
    /// Perhaps anything.
    Everything,
}

/// What every handler shares; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// The inside of [`App`].
pub struct Shared {
    pub(crate) config: GatewayConfig,
    pub(crate) db: ControlDb,
    pub(crate) hasher: Hasher,
    pub(crate) lookup: Lookup,
    pub(crate) memory: Memory,
    pub(crate) slices: Slices,
    pub(crate) web: WebApp,
    pub(crate) streams: Streams,
    pub(crate) strangers: Strangers,
    /// The disk that certificates, slices and the database share.
    pub(crate) storage: Gauge,
    pub(crate) changed: broadcast::Sender<Changed>,
    pub(crate) lifecycle: Lifecycle,
}

impl App {
    /// Puts the parts together; nothing runs yet.
    #[must_use]
    pub fn new(config: GatewayConfig, db: ControlDb, lifecycle: Lifecycle) -> Self {
        Self(Arc::new(Shared {
            slices: Slices::new(&config.tls_dir, config.slice_patience),
            hasher: Hasher::new(),
            lookup: Lookup::default(),
            memory: Memory::new(config.session_memory),
            web: WebApp::load(),
            streams: Streams::default(),
            strangers: Strangers::default(),
            storage: Gauge::new(&config.tls_dir),
            changed: broadcast::channel(HINTS).0,
            config,
            db,
            lifecycle,
        }))
    }

    /// Forgets the sessions and wakes the streams that may be concerned. To be called after the commit.
    pub(crate) fn hint(&self, changed: Changed) {
        self.memory.forget(changed);
        // No receiver means that nobody has to be woken.
        let _ = self.changed.send(changed);
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
