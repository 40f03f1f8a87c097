//! The query parameter `filter`: the API's part of CEL, the Common Expression Language, as a filter of the store.
//!
//! A resource is called `obj`. There are `!`, `&&`, `||`, parentheses; `==`, `!=`, `<`, `<=`, `>`, `>=` between a field, or
//! `size()` of one, and a value; `in` and a list of values; `contains`, `startsWith`, `endsWith`, but not of ids and serial
//! numbers; `timestamp("…")`, and `timestamp(time.now)` with `add` and `subtract`. What else CEL has is refused.
//!
//! Every field that can be asked for is there on each resource of its kind: a text that was not given is the empty one, and
//! `null` is another word for that. No time is ever `null`. `size` counts Unicode scalar values. Texts are compared in the
//! order of their bytes, times in whole seconds.

mod duration;
mod field;
mod operand;
mod refused;

use cel::common::ast::{CallExpr, Expr, IdedExpr, operators};
use cel::parser::PrattParser;
use certgate_api::{Id, Ksuid, Resource, Timestamp as WireTime};
use certgate_facts::Timestamp;
use certgate_store::{Relation, ResourceFilter, ResourceKind, TextField, TextTest, TimeField};

use self::field::Column;
use self::operand::Operand;
use self::refused::Refused;
use crate::problem::Refusal;
use crate::served::Served;

/// Most bytes of a filter.
pub(crate) const FILTER_BYTES_MAX: usize = 4096;
/// How deep parentheses, calls and lists may be in each other.
const NESTED_MAX: u16 = 32;

/// Reads a filter of resources of one kind. `now` is what it calls `time.now`.
pub(crate) fn read<R: Served>(text: &str, now: Timestamp) -> Result<ResourceFilter, Refusal> {
    let reader = Reader { kind: R::KIND, now, prefix: R::COLLECTION.prefix, id_at: id_at::<R> };
    reader.filter(text).map_err(|refused| Refusal::coded(250, format!("invalid filter: {refused}")))
}

/// The id of something made then, with these bytes for chance; nothing where no id tells that time.
fn id_at<R: Resource>(at: Timestamp, random: [u8; 16]) -> Option<String> {
    let at = WireTime::from_unix_secs(at.unix_secs())?;
    Ksuid::new(at, random).map(|ksuid| Id::<R>::new(ksuid).to_string())
}

/// What a filter is read with.
struct Reader {
    kind: ResourceKind,
    now: Timestamp,
    /// What ids begin with, but for the underscore.
    prefix: &'static str,
    id_at: fn(Timestamp, [u8; 16]) -> Option<String>,
}

impl Reader {
    fn filter(&self, text: &str) -> Result<ResourceFilter, Refused> {
        if text.len() > FILTER_BYTES_MAX {
            return Err(Refused::TooLong { bytes: text.len() });
        }
        let parsed = PrattParser::new().max_recursion_depth(NESTED_MAX).parse(text);
        let expression = parsed.map_err(|errors| Refused::unreadable(&errors))?;
        let filter = self.condition(&expression, false)?;
        match filter.check() {
            Ok(()) => Ok(filter),
            Err(_) => Err(Refused::TooMuch),
        }
    }

    /// A condition, or its opposite. No `Not` stays around `&&` and `||`, nor around what has an opposite of its own.
    fn condition(&self, expression: &IdedExpr, is_not: bool) -> Result<ResourceFilter, Refused> {
        let Expr::Call(call) = &expression.expr else { return Err(Refused::no_condition(&expression.expr)) };
        match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
            (operators::LOGICAL_NOT, None, [part]) => self.condition(part, !is_not),
            (operators::LOGICAL_AND, None, parts) => self.parts(parts, is_not, !is_not),
            (operators::LOGICAL_OR, None, parts) => self.parts(parts, is_not, is_not),
            (operators::IN, None, [value, list]) => self.is_in(value, list, is_not),
            (name, None, [left, right]) => match Comparison::of(name) {
                Some(comparison) => {
                    let (left, right) = (self.operand(left)?, self.operand(right)?);
                    self.compared(&left, comparison.opposite_if(is_not), &right)
                }
                None => Err(Refused::call(call)),
            },
            (_, Some(target), [part]) => self.part_of(call, target, part, is_not),
            _ => Err(Refused::call(call)),
        }
    }

    fn parts(&self, parts: &[IdedExpr], is_not: bool, is_all: bool) -> Result<ResourceFilter, Refused> {
        let mut flat = Vec::new();
        for part in parts {
            match (self.condition(part, is_not)?, is_all) {
                (ResourceFilter::All(parts), true) | (ResourceFilter::Any(parts), false) => {
                    flat.extend(parts)
                }
                (part, _) => flat.push(part),
            }
        }
        Ok(if is_all { ResourceFilter::All(flat) } else { ResourceFilter::Any(flat) })
    }

    /// `field in [value, …]`.
    fn is_in(&self, value: &IdedExpr, list: &IdedExpr, is_not: bool) -> Result<ResourceFilter, Refused> {
        let field = match (self.operand(value), &list.expr) {
            (Ok(Operand::Field(field)), Expr::List(_)) => field,
            (Ok(Operand::Text(_)), Expr::Select(_)) => {
                return Err(match self.operand(list)? {
                    Operand::Field(field) => Refused::NoList { field },
                    _ => Refused::In,
                });
            }
            (Err(refused), _) => return Err(refused),
            _ => return Err(Refused::In),
        };
        let Expr::List(list) = &list.expr else { return Err(Refused::In) };
        let values: Vec<Operand> =
            list.elements.iter().map(|value| self.operand(value)).collect::<Result<_, _>>()?;
        let found = match field.column {
            Column::Text(column) => {
                let texts = values.into_iter().map(|value| value.text().ok_or(Refused::Mismatch { field }));
                ResourceFilter::Text(column, TextTest::In(texts.collect::<Result<_, _>>()?))
            }
            Column::Time(_) => {
                let equal = |value: &Operand| {
                    self.compared(&Operand::Field(field), Comparison::Is(Relation::Equal), value)
                };
                ResourceFilter::Any(values.iter().map(equal).collect::<Result<_, _>>()?)
            }
        };
        Ok(opposite_if(is_not, found))
    }

    /// `field.contains("…")` and the like.
    fn part_of(
        &self,
        call: &CallExpr,
        target: &IdedExpr,
        part: &IdedExpr,
        is_not: bool,
    ) -> Result<ResourceFilter, Refused> {
        let test = match call.func_name.as_str() {
            "contains" => TextTest::Contains,
            "startsWith" => TextTest::StartsWith,
            "endsWith" => TextTest::EndsWith,
            _ => return Err(Refused::call(call)),
        };
        let Operand::Field(field) = self.operand(target)? else { return Err(Refused::call(call)) };
        let column = match field.column {
            Column::Text(TextField::Id | TextField::SerialNumber) => {
                return Err(Refused::HighEntropy { field, function: call.func_name.clone() });
            }
            Column::Text(column) => column,
            Column::Time(_) => return Err(Refused::Mismatch { field }),
        };
        let text = self.operand(part)?.text().ok_or(Refused::Mismatch { field })?;
        Ok(opposite_if(is_not, ResourceFilter::Text(column, test(text))))
    }

    fn compared(&self, left: &Operand, by: Comparison, right: &Operand) -> Result<ResourceFilter, Refused> {
        match (left, right) {
            (Operand::Field(_) | Operand::Size(_), Operand::Field(_) | Operand::Size(_)) => {
                Err(Refused::TwoFields)
            }
            (Operand::Field(field), value) => match (field.column, value, by) {
                (Column::Text(column), Operand::Text(text), by) => Ok(by.filter(|relation| {
                    ResourceFilter::Text(column, TextTest::Compare(relation, text.clone()))
                })),
                (
                    Column::Text(column),
                    Operand::Null,
                    by @ (Comparison::Is(Relation::Equal) | Comparison::IsNot),
                ) => {
                    let none =
                        |relation| ResourceFilter::Text(column, TextTest::Compare(relation, String::new()));
                    Ok(by.filter(none))
                }
                (Column::Time(_), Operand::Null, Comparison::Is(Relation::Equal)) => {
                    Ok(ResourceFilter::Any(Vec::new()))
                }
                (Column::Time(_), Operand::Null, Comparison::IsNot) => Ok(ResourceFilter::EVERYTHING),
                (Column::Time(column), Operand::Time(at), by) => {
                    Ok(by.filter(|relation| self.time(column, relation, *at)))
                }
                _ => Err(Refused::Mismatch { field: *field }),
            },
            (Operand::Size(column), Operand::Number(number)) => {
                Ok(by.filter(|relation| length(*column, relation, *number)))
            }
            (Operand::Size(_), _) => Err(Refused::SizeMismatch),
            (_, Operand::Field(_) | Operand::Size(_)) => self.compared(right, by.turned(), left),
            _ => Err(Refused::NoField),
        }
    }

    /// A test of a time. Ids tell when they were made: with what they may be then, no list has to be read from its start.
    fn time(&self, column: TimeField, relation: Relation, at: Timestamp) -> ResourceFilter {
        let test = ResourceFilter::Time(column, relation, at);
        if column != TimeField::CreatedAt {
            return test;
        }
        let plus = |secs| Timestamp::from_unix_secs(at.unix_secs().saturating_add(secs));
        let bounds = match relation {
            Relation::Less => [self.made_before(at), None],
            Relation::AtMost => [self.made_before(plus(1)), None],
            Relation::Equal => [self.made_after(plus(-1)), self.made_before(plus(1))],
            Relation::AtLeast => [self.made_after(plus(-1)), None],
            Relation::Greater => [self.made_after(at), None],
        };
        ResourceFilter::All(bounds.into_iter().flatten().chain([test]).collect())
    }

    /// What the id is of whatever was made before. No id tells a time before 2014.
    fn made_before(&self, at: Timestamp) -> Option<ResourceFilter> {
        let none = || (at < self.now).then(|| self.prefix.to_owned());
        let id = (self.id_at)(at, [0; 16]).or_else(none)?;
        Some(ResourceFilter::Text(TextField::Id, TextTest::Compare(Relation::Less, id)))
    }

    /// What the id is of whatever was made after. No id tells a time after 2150.
    fn made_after(&self, at: Timestamp) -> Option<ResourceFilter> {
        let none = || (at > self.now).then(|| format!("{}~", self.prefix));
        let id = (self.id_at)(at, [u8::MAX; 16]).or_else(none)?;
        Some(ResourceFilter::Text(TextField::Id, TextTest::Compare(Relation::Greater, id)))
    }
}

/// A test of how long a text is. A number that no length can have is more, or less, than all of them.
fn length(column: TextField, relation: Relation, number: i64) -> ResourceFilter {
    let always = match relation {
        Relation::Less | Relation::AtMost => number > 0,
        Relation::Equal => false,
        Relation::AtLeast | Relation::Greater => number < 0,
    };
    match u32::try_from(number) {
        Ok(letters) => ResourceFilter::Text(column, TextTest::Length(relation, letters)),
        Err(_) if always => ResourceFilter::EVERYTHING,
        Err(_) => ResourceFilter::Any(Vec::new()),
    }
}

fn opposite_if(is_not: bool, filter: ResourceFilter) -> ResourceFilter {
    if is_not { ResourceFilter::Not(Box::new(filter)) } else { filter }
}

/// How two things are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Is(Relation),
    /// Not the same.
    IsNot,
}

impl Comparison {
    fn of(operator: &str) -> Option<Self> {
        Some(match operator {
            operators::EQUALS => Self::Is(Relation::Equal),
            operators::NOT_EQUALS => Self::IsNot,
            operators::LESS => Self::Is(Relation::Less),
            operators::LESS_EQUALS => Self::Is(Relation::AtMost),
            operators::GREATER => Self::Is(Relation::Greater),
            operators::GREATER_EQUALS => Self::Is(Relation::AtLeast),
            _ => return None,
        })
    }

    const fn opposite_if(self, is_not: bool) -> Self {
        match self {
            _ if !is_not => self,
            Self::Is(Relation::Less) => Self::Is(Relation::AtLeast),
            Self::Is(Relation::AtMost) => Self::Is(Relation::Greater),
            Self::Is(Relation::Equal) => Self::IsNot,
            Self::Is(Relation::AtLeast) => Self::Is(Relation::Less),
            Self::Is(Relation::Greater) => Self::Is(Relation::AtMost),
            Self::IsNot => Self::Is(Relation::Equal),
        }
    }

    /// The same, with its sides changed over.
    const fn turned(self) -> Self {
        match self {
            Self::Is(Relation::Less) => Self::Is(Relation::Greater),
            Self::Is(Relation::AtMost) => Self::Is(Relation::AtLeast),
            Self::Is(Relation::AtLeast) => Self::Is(Relation::AtMost),
            Self::Is(Relation::Greater) => Self::Is(Relation::Less),
            Self::Is(Relation::Equal) | Self::IsNot => self,
        }
    }

    fn filter(self, of: impl FnOnce(Relation) -> ResourceFilter) -> ResourceFilter {
        match self {
            Self::Is(relation) => of(relation),
            Self::IsNot => ResourceFilter::Not(Box::new(of(Relation::Equal))),
        }
    }
}

#[cfg(test)]
mod tests;
