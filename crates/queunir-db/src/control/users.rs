//! Accounts.

use queunir_core::{
    id::UserId,
    user::{Me, Role},
};

use super::{ControlTx, words};
use crate::DbError;

/// An account to be.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// Lower case.
    pub email: String,
    /// PHC string.
    pub password_hash: String,
    /// Language of the app.
    pub locale: String,
    /// IANA zone.
    pub time_zone: String,
}

/// What a sign-in is checked against.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Whose.
    pub user: UserId,
    /// PHC string.
    pub password_hash: String,
}

/// Adds an account; false if the mail address has one.
///
/// # Errors
/// When the statement fails.
pub async fn insert(tx: &mut ControlTx, user: &NewUser) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "insert into users (id, email, password_hash, locale, time_zone, last_login_at)
         values ($1, $2, $3, $4, $5, now()) on conflict (email) do nothing",
        user.id.0,
        user.email,
        user.password_hash,
        user.locale,
        user.time_zone,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Finds what a sign-in is checked against.
///
/// # Errors
/// When the statement fails.
pub async fn find_credentials(tx: &mut ControlTx, email: &str) -> Result<Option<Credentials>, DbError> {
    let row =
        sqlx::query!("select id, password_hash from users where email = $1", email).fetch_optional(tx.conn()).await?;
    Ok(row.map(|row| Credentials { user: UserId(row.id), password_hash: row.password_hash }))
}

/// Finds an account as its owner sees it.
///
/// # Errors
/// When the statement fails.
pub async fn find_me(tx: &mut ControlTx, user: UserId) -> Result<Option<Me>, DbError> {
    let row = sqlx::query!(
        r#"select u.id, u.email, u.role, u.locale, s.id as "slice_id?", s.reading_mode
           from users u left join slices s on s.id = u.slice_id and s.phase <> 'deleted' where u.id = $1"#,
        user.0,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        Ok(Me {
            id: UserId(row.id),
            email: row.email,
            role: words::parse("users.role", &row.role)?,
            locale: row.locale,
            has_slice: row.slice_id.is_some(),
            reading_mode: row.reading_mode.map(|text| words::parse("slices.reading_mode", &text)).transpose()?,
        })
    })
    .transpose()
}

/// Notes a sign-in and, where one is given, replaces the hash by one with today's parameters.
///
/// # Errors
/// When the statement fails.
pub async fn set_signed_in(tx: &mut ControlTx, user: UserId, new_hash: Option<&str>) -> Result<(), DbError> {
    sqlx::query!(
        "update users set last_login_at = now(), password_hash = coalesce($2, password_hash) where id = $1",
        user.0,
        new_hash,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Changes the language of the app.
///
/// # Errors
/// When the statement fails.
pub async fn set_locale(tx: &mut ControlTx, user: UserId, locale: &str) -> Result<(), DbError> {
    sqlx::query!("update users set locale = $2 where id = $1", user.0, locale).execute(tx.conn()).await?;
    Ok(())
}

/// Role as the tables spell it.
pub(super) fn role(text: &str) -> Result<Role, DbError> {
    words::parse("users.role", text)
}
