//! Values and cells as PostgreSQL has them.

use std::error::Error as StdError;

use tokio_postgres::types::{FromSql, ToSql, Type};

use crate::sql::{Cell, Kind, Row, Value};

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
        Value::Text(text) => Box::new(text.as_ref()),
        Value::Blob(bytes) => Box::new(bytes.as_ref()),
    }
}

impl<'r> FromSql<'r> for Cell<'r> {
    fn from_sql(of: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(match *of {
            Type::INT8 => Self::Integer(i64::from_sql(of, raw)?),
            Type::INT4 => Self::Integer(i32::from_sql(of, raw)?.into()),
            Type::TEXT => Self::Text(raw),
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

    fn index(&self, column: &str) -> Option<usize> {
        self.columns().iter().position(|one| one.name() == column)
    }
}
