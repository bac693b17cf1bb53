//! Wake-ups from the control tables: a hint which slice or user changed, never the truth.

use queunir_core::id::{SliceId, UserId};
use sqlx::postgres::{PgListener, PgNotification, PgPoolOptions};

use super::ControlDb;
use crate::DbError;

/// What to be woken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A wanted column changed, or a slice was added.
    Wanted,
    /// An observed column changed.
    Observed,
    /// A user changed, or a session of theirs did or ended.
    Users,
}

impl Channel {
    fn name(self) -> &'static str {
        match self {
            Self::Wanted => "slices_wanted",
            Self::Observed => "slices_observed",
            Self::Users => "users_changed",
        }
    }
}

/// A notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// This slice's row changed.
    Slice(SliceId),
    /// This user's row changed, or a session's of theirs.
    User(UserId),
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
    pub async fn listen(db: &ControlDb, channels: &[Channel]) -> Result<Self, DbError> {
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with((*db.pool().connect_options()).clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen_all(channels.iter().map(|channel| channel.name())).await?;
        Ok(Self { listener })
    }

    /// Waits for the next notice; may be dropped and called again.
    ///
    /// # Errors
    /// When the connection was lost and cannot be made again; call again after a pause.
    pub async fn next(&mut self) -> Result<Notice, DbError> {
        Ok(self.listener.try_recv().await?.as_ref().and_then(read).unwrap_or(Notice::Everything))
    }
}

fn read(notice: &PgNotification) -> Option<Notice> {
    let payload = notice.payload();
    if notice.channel() == Channel::Users.name() {
        return Some(Notice::User(UserId(payload.parse().ok()?)));
    }
    Some(Notice::Slice(SliceId(payload.parse().ok()?)))
}
