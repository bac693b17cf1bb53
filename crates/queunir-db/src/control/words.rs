//! Enumerations as the tables spell them: the same words as on the wire.

use serde::{Deserialize, de::value::StrDeserializer};

use crate::DbError;

/// Reads a stored word.
pub(super) fn parse<T: for<'a> Deserialize<'a>>(column: &'static str, text: &str) -> Result<T, DbError> {
    T::deserialize(StrDeserializer::<serde::de::value::Error>::new(text)).map_err(|_| DbError::Corrupt { column })
}
