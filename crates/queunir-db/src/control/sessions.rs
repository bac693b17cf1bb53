//! Sessions: one row per issued token, found by the token's SHA-256, timed by the database's clock.

use std::{collections::HashMap, net::IpAddr, time::Duration};

use queunir_core::{id::UserId, user::Role};
use sqlx::PgConnection;

use super::{
    ControlReads, ControlTx, users,
    wanted::{Place, PlaceRow},
};
use crate::DbError;

/// SHA-256 of a token.
pub type TokenHash = [u8; 32];

/// A session to be.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// SHA-256 of its token.
    pub token: TokenHash,
    /// Whose.
    pub user: UserId,
    /// Ends after this long without a request.
    pub idle_seconds: i64,
    /// Ends after this long in any case.
    pub absolute_seconds: i64,
    /// Where the sign-in came from.
    pub ip: Option<IpAddr>,
    /// What the browser called itself, cut.
    pub user_agent: String,
}

/// Who is asking, and where their slice is.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The user.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// Their zone, handed to a new slice.
    pub time_zone: String,
    /// Their language.
    pub locale: String,
    /// Their slice, if they have one.
    pub place: Option<Place>,
    /// Whether the last noted activity is more than a minute ago.
    pub stale: bool,
    /// How long the session lasts without another request, counted from when it was looked for.
    pub left: Duration,
}

/// Adds a session for the audience `user`.
///
/// # Errors
/// When the statement fails.
pub async fn insert(tx: &mut ControlTx, session: &NewSession) -> Result<(), DbError> {
    sqlx::query!(
        "insert into sessions (id, user_id, audience, expires_at, idle_seconds, ip, user_agent)
         values ($1, $2, 'user', now() + make_interval(secs => $3), $4, $5::text::inet, $6)",
        session.token.as_slice(),
        session.user.0,
        session.absolute_seconds as f64,
        session.idle_seconds,
        session.ip.map(|ip| ip.to_string()),
        session.user_agent,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Finds the valid session of a token, with its user and the address of the user's slice.
///
/// # Errors
/// When the statement fails or a stored word is unknown.
pub async fn find(tx: &mut ControlTx, token: &TokenHash) -> Result<Option<SignedIn>, DbError> {
    Ok(find_on(tx.conn(), &[*token]).await?.remove(token))
}

/// Finds the valid sessions among tokens, each as [`find`] does, with one statement.
///
/// # Errors
/// When the statement fails or a stored word is unknown.
pub async fn find_all(reads: &mut ControlReads, tokens: &[TokenHash]) -> Result<HashMap<TokenHash, SignedIn>, DbError> {
    find_on(&mut reads.connection, tokens).await
}

async fn find_on(connection: &mut PgConnection, tokens: &[TokenHash]) -> Result<HashMap<TokenHash, SignedIn>, DbError> {
    let tokens: Vec<Vec<u8>> = tokens.iter().map(|token| token.to_vec()).collect();
    let rows = sqlx::query!(
        r#"select t.id as token, u.id as user_id, u.role, u.time_zone, u.locale,
                  s.id as "slice_id?", s.desired as "desired?", s.phase as "phase?", s.port,
                  s.generation as "generation?", s.reading_mode,
                  s.last_request_at < now() - interval '1 minute' as "slice_stale?",
                  t.last_seen_at < now() - interval '1 minute' as "stale!",
                  extract(epoch from least(t.expires_at, t.last_seen_at + make_interval(secs => t.idle_seconds))
                                     - now())::float8 as "left!"
           from sessions t
           join users u on u.id = t.user_id
           left join slices s on s.id = u.slice_id and s.phase <> 'deleted'
           where t.id = any($1) and t.audience = 'user' and t.expires_at > now()
             and t.last_seen_at + make_interval(secs => t.idle_seconds) > now()"#,
        &tokens,
    )
    .fetch_all(connection)
    .await?;
    let mut found = HashMap::with_capacity(rows.len());
    for row in rows {
        let token = TokenHash::try_from(row.token).map_err(|_| DbError::Corrupt { column: "sessions.id" })?;
        let place = match (row.slice_id, row.desired, row.phase, row.generation) {
            (Some(id), Some(desired), Some(phase), Some(generation)) => Some(Place::try_from(PlaceRow {
                id,
                desired,
                phase,
                port: row.port,
                generation,
                reading_mode: row.reading_mode,
                stale: row.slice_stale.unwrap_or(false),
            })?),
            _ => None,
        };
        let signed_in = SignedIn {
            user: UserId(row.user_id),
            role: users::role(&row.role)?,
            time_zone: row.time_zone,
            locale: row.locale,
            place,
            stale: row.stale,
            left: Duration::try_from_secs_f64(row.left).unwrap_or_default(),
        };
        found.insert(token, signed_in);
    }
    Ok(found)
}

/// Whether a valid session of the token was begun less than this long ago.
///
/// # Errors
/// When the statement fails.
pub async fn is_younger(tx: &mut ControlTx, token: &TokenHash, seconds: i64) -> Result<bool, DbError> {
    let young = sqlx::query_scalar!(
        r#"select exists (select from sessions where id = $1 and expires_at > now()
                          and created_at > now() - make_interval(secs => $2)) as "young!""#,
        token.as_slice(),
        seconds as f64,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(young)
}

/// Notes activity, at most once a minute.
///
/// # Errors
/// When the statement fails.
pub async fn touch(tx: &mut ControlTx, token: &TokenHash) -> Result<(), DbError> {
    sqlx::query!(
        "update sessions set last_seen_at = now() where id = $1 and last_seen_at < now() - interval '1 minute'",
        token.as_slice(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Ends a session; tells whose it was.
///
/// # Errors
/// When the statement fails.
pub async fn delete(tx: &mut ControlTx, token: &TokenHash) -> Result<Option<UserId>, DbError> {
    let row = sqlx::query!("delete from sessions where id = $1 returning user_id", token.as_slice())
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.map(|row| UserId(row.user_id)))
}

/// Removes sessions that have ended, at most 1,000 at once; tells how many.
///
/// # Errors
/// When the statement fails.
pub async fn delete_ended(tx: &mut ControlTx) -> Result<u64, DbError> {
    let done = sqlx::query!(
        "delete from sessions where id in (
             select id from sessions
             where expires_at <= now() or last_seen_at + make_interval(secs => idle_seconds) <= now()
             limit 1000)"
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}
