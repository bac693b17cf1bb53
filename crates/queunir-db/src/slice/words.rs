//! Core's enums as the words in text columns, by their names on the wire.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::{Serialize, de::DeserializeOwned};

use crate::DbError;

/// The word of a value; enums of core are plain strings on the wire.
pub(super) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The value of a stored word.
pub(super) fn value<T: DeserializeOwned>(word: &str, column: &'static str) -> Result<T, DbError> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).map_err(|_| DbError::Corrupt { column })
}

/// The value of an optional stored word.
pub(super) fn optional<T: DeserializeOwned>(word: Option<String>, column: &'static str) -> Result<Option<T>, DbError> {
    word.map(|word| value(&word, column)).transpose()
}

/// A moment for a column.
pub(super) fn moment(at: Timestamp) -> jiff_sqlx::Timestamp {
    at.to_sqlx()
}

/// An optional moment for a column.
pub(super) fn maybe(at: Option<Timestamp>) -> Option<jiff_sqlx::Timestamp> {
    at.map(ToSqlx::to_sqlx)
}

/// An optional moment from a column.
pub(super) fn jiff(at: Option<jiff_sqlx::Timestamp>) -> Option<Timestamp> {
    at.map(jiff_sqlx::Timestamp::to_jiff)
}
