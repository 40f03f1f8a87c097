//! What is compared in a filter.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue};
use certgate_api::Timestamp as WireTime;
use certgate_facts::Timestamp;
use certgate_store::TextField;

use super::Reader;
use super::duration::duration_secs;
use super::field::{Column, Field};
use super::refused::Refused;

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    Field(Field),
    /// How long a text is.
    Size(TextField),
    Text(String),
    Number(i64),
    Null,
    Time(Timestamp),
}

impl Operand {
    pub(super) fn text(self) -> Option<String> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl Reader {
    pub(super) fn operand(&self, expression: &IdedExpr) -> Result<Operand, Refused> {
        match &expression.expr {
            Expr::Select(select) if !select.test => match &select.operand.expr {
                Expr::Ident(name) if name == "obj" => self.field(&select.field),
                Expr::Ident(name) if name == "time" => Err(Refused::BareTime),
                Expr::Ident(name) => Err(Refused::Name(name.clone())),
                _ => Err(Refused::Construct("a field of a field")),
            },
            Expr::Literal(LiteralValue::String(text)) => Ok(Operand::Text(text.inner().to_owned())),
            Expr::Literal(LiteralValue::Int(number)) => Ok(Operand::Number(*number.inner())),
            Expr::Literal(LiteralValue::Null) => Ok(Operand::Null),
            Expr::Call(call) => self.value_of(call),
            Expr::Ident(name) => Err(Refused::Name(name.clone())),
            other => Err(Refused::expression(other)),
        }
    }

    fn field(&self, name: &str) -> Result<Operand, Refused> {
        let fields = Field::of(self.kind);
        let found = fields.iter().find(|field| field.name == name);
        found
            .map(|field| Operand::Field(*field))
            .ok_or_else(|| Refused::Field { name: name.to_owned(), fields })
    }

    fn value_of(&self, call: &CallExpr) -> Result<Operand, Refused> {
        match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
            ("size", None, [of]) | ("size", Some(of), []) => match self.operand(of)? {
                Operand::Field(Field { column: Column::Text(column), .. }) => Ok(Operand::Size(column)),
                Operand::Field(field) => Err(Refused::Mismatch { field }),
                _ => Err(Refused::NoField),
            },
            ("timestamp", None, [of]) => self.timestamp(of),
            (name @ ("add" | "subtract"), Some(time), [duration]) => {
                let Operand::Time(time) = self.operand(time)? else { return Err(Refused::call(call)) };
                let text = self.operand(duration)?.text().ok_or(Refused::Duration)?;
                let secs = duration_secs(&text).ok_or(Refused::Duration)?;
                let secs = if name == "add" { secs } else { -secs };
                let sum = time.unix_secs().checked_add(secs).ok_or(Refused::Duration)?;
                Ok(Operand::Time(Timestamp::from_unix_secs(sum)))
            }
            _ => Err(Refused::call(call)),
        }
    }

    fn timestamp(&self, of: &IdedExpr) -> Result<Operand, Refused> {
        match &of.expr {
            Expr::Literal(LiteralValue::String(text)) => {
                let (text, has_fraction) = (text.inner(), text.inner().contains('.'));
                let time: WireTime = text.parse().ok().filter(|_| !has_fraction).ok_or(Refused::Time)?;
                Ok(Operand::Time(Timestamp::from_unix_secs(time.unix_secs())))
            }
            Expr::Select(select) if !select.test && select.field == "now" => match &select.operand.expr {
                Expr::Ident(name) if name == "time" => Ok(Operand::Time(self.now)),
                _ => Err(Refused::Time),
            },
            _ => Err(Refused::Time),
        }
    }
}
