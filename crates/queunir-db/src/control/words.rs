//! Enumerations as the tables spell them: the same words as on the wire.

use serde::{Deserialize, Serialize, de::value::StrDeserializer};

use crate::DbError;

/// Reads a stored word.
pub(super) fn parse<T: for<'a> Deserialize<'a>>(column: &'static str, text: &str) -> Result<T, DbError> {
    T::deserialize(StrDeserializer::<serde::de::value::Error>::new(text)).map_err(|_| DbError::Corrupt { column })
}

/// Reads a stored word that may be absent.
pub(super) fn parse_optional<T: for<'a> Deserialize<'a>>(
    column: &'static str,
    text: Option<&str>,
) -> Result<Option<T>, DbError> {
    text.map(|text| parse(column, text)).transpose()
}

/// The word of a variant without fields.
pub(super) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        // A variant with fields has no word; the column's check refuses the empty text.
        _ => String::new(),
    }
}
