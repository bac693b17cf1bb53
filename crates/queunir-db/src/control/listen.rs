//! Wake-ups from the control tables: a hint which slice changed, never the truth.

use queunir_core::id::SliceId;
use sqlx::postgres::{PgListener, PgPoolOptions};

use super::ControlDb;
use crate::DbError;

/// What to be woken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A wanted column changed, or a slice was added.
    Wanted,
    /// An observed column changed.
    Observed,
}

impl Channel {
    fn name(self) -> &'static str {
        match self {
            Self::Wanted => "slices_wanted",
            Self::Observed => "slices_observed",
        }
    }
}

/// A notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// This slice's row changed.
    Slice(SliceId),
    /// The connection was lost and made again: anything may have changed.
    Everything,
}

/// A listening connection; it reconnects by itself.
pub struct Notices {
    listener: PgListener,
}

impl Notices {
    /// Listens on a connection of its own.
    ///
    /// # Errors
    /// When no connection can be made.
    pub async fn listen(db: &ControlDb, channel: Channel) -> Result<Self, DbError> {
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with((*db.pool().connect_options()).clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(channel.name()).await?;
        Ok(Self { listener })
    }

    /// Waits for the next notice; may be dropped and called again.
    ///
    /// # Errors
    /// When the connection was lost and cannot be made again; call again after a pause.
    pub async fn next(&mut self) -> Result<Notice, DbError> {
        let notice = self.listener.try_recv().await?;
        Ok(notice
            .and_then(|notice| notice.payload().parse().ok())
            .map_or(Notice::Everything, |number| Notice::Slice(SliceId(number))))
    }
}
