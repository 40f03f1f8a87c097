//! Why a filter is none.

use std::fmt;

use cel::common::ast::{CallExpr, Expr, operators};
use cel::parser::ParseErrors;

use super::FILTER_BYTES_MAX;
use super::field::{Column, Field};

/// What is wrong with a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It has too many bytes.
    TooLong { bytes: usize },
    /// It has too many tests, or too many in each other.
    TooMuch,
    /// It is no CEL, from here on.
    Unreadable { line: isize, column: isize },
    /// It has something that CEL has, and that no filter may have.
    Construct(&'static str),
    /// It calls a function that there is not.
    Function(String),
    /// It names something that there is not.
    Name(String),
    /// It asks for a field that may not be asked for.
    Field { name: String, fields: &'static [Field] },
    /// It looks into texts that are no words.
    HighEntropy { field: Field, function: String },
    /// It compares a field with something of another kind.
    Mismatch { field: Field },
    /// It compares a length with something else than a number.
    SizeMismatch,
    /// It looks for a value in a field that is no list.
    NoList { field: Field },
    /// It uses `in` otherwise than for a field and a list of values.
    In,
    /// It compares two fields.
    TwoFields,
    /// It compares no field.
    NoField,
    /// It says a time otherwise than can be.
    Time,
    /// It says `time.now` outside of `timestamp`.
    BareTime,
    /// It says a duration otherwise than can be.
    Duration,
}

/// What a filter may have.
const PERMITTED: &str = "permitted: !, &&, ||, parentheses, ==, !=, <, <=, >, >=, in, size(), contains(), \
    startsWith(), endsWith(), timestamp()";
/// How a time is said.
const TIMES: &str = "timestamp(\"2026-11-01T00:00:00Z\"), or timestamp(time.now), with .add(\"24h\") or .subtract(\"7d\") behind it";

impl Refused {
    pub(super) fn unreadable(errors: &ParseErrors) -> Self {
        let (line, column) = errors.errors.first().map_or((1, 1), |error| error.pos);
        match (line, column) {
            // Too much of it has no place.
            (0, _) => Self::TooMuch,
            _ => Self::Unreadable { line, column },
        }
    }

    /// An expression that is no condition.
    pub(super) fn no_condition(expression: &Expr) -> Self {
        match expression {
            Expr::Select(select) if !select.test => Self::Construct("a field without a comparison"),
            Expr::Literal(_) => Self::Construct("a value without a comparison"),
            Expr::Ident(name) => Self::Name(name.clone()),
            other => Self::expression(other),
        }
    }

    /// An expression of a sort that no filter may have.
    pub(super) fn expression(expression: &Expr) -> Self {
        Self::Construct(match expression {
            Expr::Comprehension(_) => "a macro such as all() or exists()",
            Expr::Select(_) => "has()",
            Expr::List(_) => "a list outside of `in`",
            Expr::Map(_) | Expr::Struct(_) => "a map or message",
            Expr::Literal(_) => "a value that is neither a string nor a whole number",
            Expr::Call(_) | Expr::Ident(_) | Expr::Unspecified => "this expression",
        })
    }

    /// A call of something that no filter may call, or not like that.
    pub(super) fn call(call: &CallExpr) -> Self {
        Self::Construct(match call.func_name.as_str() {
            operators::ADD | operators::SUBSTRACT | operators::MULTIPLY => "arithmetic",
            operators::DIVIDE | operators::MODULO | operators::NEGATE => "arithmetic",
            operators::CONDITIONAL => "a condition with ? and :",
            operators::INDEX | operators::OPT_INDEX => "an index in brackets",
            operators::OPT_SELECT => "an optional field",
            operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT | operators::IN => {
                "a condition inside of a comparison"
            }
            name if super::Comparison::of(name).is_some() => "a comparison inside of a comparison",
            name => return Self::Function(name.to_owned()),
        })
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { bytes } => {
                write!(formatter, "it has {bytes} bytes, and may have {FILTER_BYTES_MAX}; make it shorter")
            }
            Self::TooMuch => {
                formatter.write_str("it has too many tests, or too many in each other; make it simpler")
            }
            Self::Unreadable { line, column } => {
                write!(formatter, "it is no CEL from line {line}, column {column}, on; {PERMITTED}")
            }
            Self::Construct(what) => write!(formatter, "{what} is not supported; {PERMITTED}"),
            Self::Function(name) => {
                write!(formatter, "'{}' cannot be called like that here; {PERMITTED}", name.escape_debug())
            }
            Self::Name(name) => {
                write!(
                    formatter,
                    "there is no '{}'; the fields of a resource are obj.id and the like",
                    name.escape_debug()
                )
            }
            Self::Field { name, fields } => {
                let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
                let (name, names) = (name.escape_debug(), names.join(", "));
                write!(formatter, "'obj.{name}' cannot be asked for here; permitted fields: {names}")
            }
            Self::HighEntropy { field, function } => {
                write!(formatter, "{function}() is not permitted on {field}; compare it with ==, != or in")
            }
            Self::Mismatch { field } => match field.column {
                Column::Text(_) => write!(formatter, "{field} is a text; compare it with a string"),
                Column::Time(_) => write!(formatter, "{field} is a time; compare it with {TIMES}"),
            },
            Self::SizeMismatch => formatter.write_str("size() is a number; compare it with a whole number"),
            Self::NoList { field } => {
                write!(formatter, "{field} is no list; ask whether it is in [\"a\", \"b\"]")
            }
            Self::In => formatter
                .write_str("`in` takes a field and a list of values: obj.description in [\"a\", \"b\"]"),
            Self::TwoFields => formatter.write_str("two fields cannot be compared; compare one with a value"),
            Self::NoField => {
                formatter.write_str("two values are compared; compare a field such as obj.id with one")
            }
            Self::Time => {
                write!(formatter, "timestamp() takes whole seconds as RFC 3339 writes them: {TIMES}")
            }
            Self::BareTime => write!(formatter, "`time` is known inside of timestamp() alone: {TIMES}"),
            Self::Duration => formatter.write_str(
                "add() and subtract() take a duration such as \"7d\" or \"1h30m\"; units: d, h, m, s",
            ),
        }
    }
}
