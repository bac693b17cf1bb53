//! Why a statement failed, without the words of the driver.

/// A failed statement.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// No connection could be had; try again later.
    #[error("database unavailable")]
    Unavailable(#[source] sqlx::Error),
    /// A named constraint refused the row.
    #[error("constraint {0} refused the row")]
    Constraint(String),
    /// A stored value is not of its type.
    #[error("stored value of {column} is not valid")]
    Corrupt {
        /// Which column.
        column: &'static str,
    },
    /// Anything else.
    #[error("statement failed")]
    Failed(#[source] sqlx::Error),
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Self::Unavailable(error),
            sqlx::Error::Database(inner) => match inner.constraint() {
                Some(name) => Self::Constraint(name.to_owned()),
                None => Self::Failed(error),
            },
            _ => Self::Failed(error),
        }
    }
}

impl DbError {
    /// Whether the named constraint refused the row.
    #[must_use]
    pub fn is_constraint(&self, name: &str) -> bool {
        matches!(self, Self::Constraint(found) if found == name)
    }
}
