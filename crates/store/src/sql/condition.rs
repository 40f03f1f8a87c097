//! A filter as a condition of SQL. What somebody asked for stands in parameters, and nowhere else.

use std::borrow::Cow;

use super::Value;
use crate::resource_filter::{Relation, ResourceFilter, TextField, TextTest, TimeField};

/// A condition, and the values of its parameters.
///
/// Every test in it is true or false, never unknown, and none of them is for the database to choose an index by: that is
/// done where the plan of a search is made.
pub(super) struct Condition<'f> {
    /// The condition.
    pub(super) sql: String,
    /// The values, the first of them that of the parameter `first`.
    pub(super) values: Vec<Value<'f>>,
    first: usize,
}

impl<'f> Condition<'f> {
    /// That of a filter; its parameters are numbered from `first`.
    pub(super) fn of(filter: &'f ResourceFilter, first: usize) -> Self {
        let mut condition = Self { sql: String::new(), values: Vec::new(), first };
        condition.add(filter);
        condition
    }

    fn add(&mut self, filter: &'f ResourceFilter) {
        match filter {
            ResourceFilter::All(parts) => self.add_parts("TRUE", " AND ", parts),
            ResourceFilter::Any(parts) => self.add_parts("FALSE", " OR ", parts),
            ResourceFilter::Not(part) => {
                self.sql.push_str("NOT (");
                self.add(part);
                self.sql.push(')');
            }
            ResourceFilter::Text(field, test) => {
                let test = self.text(text_column(*field), test);
                self.add_test(&test);
            }
            ResourceFilter::Time(field, relation, at) => {
                let at = self.value(Value::Integer(at.unix_secs()));
                self.add_test(&format!("{} {} {at}", time_column(*field), operator(*relation)));
            }
        }
    }

    fn add_parts(&mut self, none: &str, between: &str, parts: &'f [ResourceFilter]) {
        if parts.is_empty() {
            self.sql.push_str(none);
        }
        for (place, part) in parts.iter().enumerate() {
            self.sql.push_str(if place == 0 { "(" } else { between });
            self.add(part);
        }
        if !parts.is_empty() {
            self.sql.push(')');
        }
    }

    fn add_test(&mut self, test: &str) {
        self.sql.push_str(&format!("coalesce({test}, FALSE)"));
    }

    fn text(&mut self, column: &str, test: &'f TextTest) -> String {
        match test {
            TextTest::In(texts) if texts.is_empty() => "FALSE".to_owned(),
            TextTest::In(texts) => {
                let parameters: Vec<String> = texts.iter().map(|text| self.given(text)).collect();
                format!("{column} IN ({})", parameters.join(", "))
            }
            TextTest::Compare(relation, text) => {
                format!("{column} {} {}", operator(*relation), self.given(text))
            }
            TextTest::Contains(text) => format!("instr({column}, {}) > 0", self.given(text)),
            TextTest::StartsWith(text) => format!("instr({column}, {}) = 1", self.given(text)),
            // Of a text that is shorter, at least nothing comes that is as long.
            TextTest::EndsWith(text) => {
                let letters = text.chars().count();
                format!("substr({column}, length({column}) - {letters} + 1) = {}", self.given(text))
            }
            TextTest::Length(relation, letters) => {
                format!("length({column}) {} {letters}", operator(*relation))
            }
        }
    }

    fn given(&mut self, text: &'f str) -> String {
        self.value(Value::Text(Cow::Borrowed(text)))
    }

    fn value(&mut self, value: Value<'f>) -> String {
        self.values.push(value);
        format!("?{}", self.first + self.values.len() - 1)
    }
}

/// The column of a text.
pub(super) const fn text_column(field: TextField) -> &'static str {
    match field {
        TextField::Id => "name",
        TextField::Description => "description",
        TextField::Metadata => "metadata",
        TextField::SubjectCommonName => "subject_common_name",
        TextField::SerialNumber => "serial_number",
    }
}

/// The column of a time.
pub(super) const fn time_column(field: TimeField) -> &'static str {
    match field {
        TimeField::CreatedAt => "created_at",
        TimeField::NotBefore => "not_before",
        TimeField::NotAfter => "not_after",
    }
}

const fn operator(relation: Relation) -> &'static str {
    match relation {
        Relation::Less => "<",
        Relation::AtMost => "<=",
        Relation::Equal => "=",
        Relation::AtLeast => ">=",
        Relation::Greater => ">",
    }
}
