//! What every handler shares.

use std::{ops::Deref, sync::Arc};

use queunir_core::id::{SliceId, UserId};
use queunir_db::control::{ControlDb, throttles::Rate};
use queunir_service::{lifecycle::Lifecycle, storage::Gauge};
use tokio::sync::broadcast;

use crate::{
    GatewayConfig,
    connect::Refusals,
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
    /// Requests with the operator's key.
    pub operator_calls: Rate,
    /// Requests without it where it is wanted.
    pub operator_refusals: Rate,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_in_per_prefix: Rate::new(5, 3, 60),
            sign_in_per_account_and_prefix: Rate::new(5, 5, 900),
            sign_in_per_account: Rate::new(100, 100, 3_600),
            sign_up_per_prefix: Rate::new(3, 3, 3_600),
            operator_calls: Rate::new(120, 120, 60),
            operator_refusals: Rate::new(5, 3, 60),
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
    pub(crate) refusals: Refusals,
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
            refusals: Refusals::default(),
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

#[cfg(test)]
pub(crate) mod fixture {
    //! The shared parts on a database of a test's own, for tests inside this crate.

    use queunir_db::Endpoint;
    use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::{Patience, SlicePatience, session::memory::SESSION_MEMORY};

    pub(crate) async fn app(options: PgConnectOptions, orchestrator_key: Option<&str>) -> App {
        let pool = PgPoolOptions::new().connect_with(options.options([("search_path", "gateway")])).await.unwrap();
        sqlx::raw_sql("create schema gateway").execute(&pool).await.unwrap();
        queunir_db::control::MIGRATIONS.run(&pool).await.unwrap();
        let database = Endpoint {
            socket: "unused".into(),
            port: 1,
            database: String::new(),
            role: String::new(),
            password: String::new().into(),
        };
        let config = GatewayConfig {
            listen: ([127, 0, 0, 1], 0).into(),
            database,
            tls_dir: "unused".into(),
            public_url: String::new(),
            sign_up: true,
            phone_url: None,
            orchestrator_key: orchestrator_key.map(|key| key.to_owned().into()),
            limits: Limits::default(),
            client_patience: Patience::default(),
            slice_patience: SlicePatience::default(),
            session_memory: SESSION_MEMORY,
            openapi: serde_json::Value::Null,
        };
        App::new(config, ControlDb::from_pool(pool), Lifecycle::new(CancellationToken::new()))
    }
}
