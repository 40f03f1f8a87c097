//! Values and cells as PostgreSQL has them.

use std::borrow::Cow;
use std::error::Error as StdError;

use tokio_postgres::types::{FromSql, ToSql, Type};

use crate::sql::{Cell, Kind, Row, Value};

/// Stands before what stands for a character that PostgreSQL keeps in no text. A private character of Unicode: nobody uses it,
/// and who does has it back.
const ESCAPE: char = '\u{f8ff}';
/// What stands for U+0000, and for the character before it.
const ESCAPED: [(&str, &str); 2] = [("\0", "\u{f8ff}0"), ("\u{f8ff}", "\u{f8ff}1")];

/// A text as PostgreSQL can keep it.
fn escaped(text: &str) -> Cow<'_, str> {
    let [(nul, instead), (escape, twice)] = ESCAPED;
    match text.contains(['\0', ESCAPE]) {
        true => Cow::Owned(text.replace(escape, twice).replace(nul, instead)),
        false => Cow::Borrowed(text),
    }
}

/// The text that was kept.
fn unescaped(kept: &[u8]) -> Cow<'_, [u8]> {
    let [(nul, instead), (escape, twice)] = ESCAPED;
    match std::str::from_utf8(kept) {
        Ok(text) if text.contains(ESCAPE) => {
            Cow::Owned(text.replace(instead, nul).replace(twice, escape).into_bytes())
        }
        _ => Cow::Borrowed(kept),
    }
}

/// The type that values of a kind are given as: never left to be guessed.
pub(super) const fn type_of(kind: Kind) -> Type {
    match kind {
        Kind::Integer => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Blob => Type::BYTEA,
    }
}

/// A value, as the driver takes it.
pub(super) fn parameter<'v>(value: &'v Value<'_>) -> Box<dyn ToSql + Sync + 'v> {
    match value {
        Value::Null(Kind::Integer) => Box::new(None::<i64>),
        Value::Null(Kind::Text) => Box::new(None::<&str>),
        Value::Null(Kind::Blob) => Box::new(None::<&[u8]>),
        Value::Integer(number) => Box::new(*number),
        Value::Text(text) => Box::new(escaped(text)),
        Value::Blob(bytes) => Box::new(bytes.as_ref()),
    }
}

impl<'r> FromSql<'r> for Cell<'r> {
    fn from_sql(of: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(match *of {
            Type::INT8 => Self::Integer(i64::from_sql(of, raw)?),
            Type::INT4 => Self::Integer(i32::from_sql(of, raw)?.into()),
            Type::TEXT => Self::Text(unescaped(raw)),
            _ => Self::Blob(raw),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(of: &Type) -> bool {
        matches!(*of, Type::INT8 | Type::INT4 | Type::TEXT | Type::BYTEA)
    }
}

impl Row for tokio_postgres::Row {
    fn cell(&self, index: usize) -> Option<Cell<'_>> {
        self.try_get(index).ok()
    }

    fn column(&self, index: usize) -> Option<&str> {
        Some(self.columns().get(index)?.name())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_text_is_kept_without_a_nul_and_comes_back(text in "[a01\\x00\u{f8ff}]{0,12}") {
            let kept = escaped(&text).into_owned();
            prop_assert!(!kept.contains('\0'));
            prop_assert_eq!(unescaped(kept.as_bytes()).into_owned(), text.into_bytes());
        }
    }
}
