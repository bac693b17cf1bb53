//! Why a statement failed, without the words of the driver.

/// A failed statement.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// No connection could be had, or no room; try again later.
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
            sqlx::Error::Database(inner) if inner.code().is_some_and(|code| is_away(&code)) => Self::Unavailable(error),
            sqlx::Error::Database(inner) => match inner.constraint() {
                Some(name) => Self::Constraint(name.to_owned()),
                None => Self::Failed(error),
            },
            _ => Self::Failed(error),
        }
    }
}

impl DbError {
    /// Whether the server has no room left on its disk.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Unavailable(sqlx::Error::Database(inner)) if inner.code().as_deref() == Some(DISK_FULL))
    }

    /// Whether the named constraint refused the row.
    #[must_use]
    pub fn is_constraint(&self, name: &str) -> bool {
        matches!(self, Self::Constraint(found) if found == name)
    }
}

/// The server's code for a file that cannot grow.
const DISK_FULL: &str = "53100";

/// Whether a code of the server means that it ends, starts, or lacks connections, memory or disk: trouble that passes,
/// and no fault of the statement.
fn is_away(code: &str) -> bool {
    matches!(code, "57P01" | "57P02" | "57P03") || code.starts_with("53") || code.starts_with("08")
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    #[sqlx::test(migrations = false)]
    async fn a_connection_that_the_server_ends_is_an_outage_and_no_fault_of_the_statement(pool: PgPool) {
        let ended = sqlx::query("select pg_terminate_backend(pg_backend_pid())").execute(&pool).await.unwrap_err();
        assert!(matches!(DbError::from(ended), DbError::Unavailable(_)));
        let full = "do $$ begin raise exception 'no space left' using errcode = 'disk_full'; end $$";
        let full = DbError::from(sqlx::query(full).execute(&pool).await.unwrap_err());
        assert!(full.is_full() && matches!(full, DbError::Unavailable(_)));
        let wrong = sqlx::query("select 1 / 0").execute(&pool).await.unwrap_err();
        assert!(matches!(DbError::from(wrong), DbError::Failed(_)));
    }
}
