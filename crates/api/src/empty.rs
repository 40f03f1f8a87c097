//! Omitted, `null` and empty are one: how fields are read that a server may leave out.

use serde::{Deserialize, Deserializer, de};

use crate::timestamp::Timestamp;

/// `null` as the empty value; with `#[serde(default)]`, an omitted field, too.
pub(crate) fn or_null<'de, T: Deserialize<'de> + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A moment, or none for `null` and the empty text.
pub(crate) fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(de::Error::custom)).transpose()
}

/// Whether a number stands for none.
pub(crate) fn is_zero(number: &i64) -> bool {
    *number == 0
}
