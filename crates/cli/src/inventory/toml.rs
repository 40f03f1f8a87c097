//! Inventories in TOML.
//!
//! ```toml
//! ca = "hosts"            # for all hosts that name none
//! valid_for = "30d"
//!
//! [[host]]
//! public_key = "web-1.pub"
//! principals = ["web-1.example.com", "192.0.2.7"]
//! key_id = "web-1"        # else the first principal
//! valid_for = "7d"
//! out = "web-1-cert.pub"  # else beside the key
//! ```

use certgate_facts::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Fault, Value};

/// All hosts, with what stands above them for those that do not say.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>, Fault> {
    let table = DeTable::parse(text).map_err(|error| {
        let span = error.span().map_or_else(|| Span::new(0, 0), |range| Span::new(range.start, range.end));
        Fault::new(span, format!("no TOML: {}", error.message()))
    })?;
    let mut defaults = Entry::at(Span::new(0, 0));
    let mut hosts = Vec::new();
    for (key, value) in table.get_ref() {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("ca", _) => defaults.ca = Some(text_of(value)?),
            ("valid_for", _) => defaults.valid_for = Some(text_of(value)?),
            ("host", DeValue::Array(array)) => hosts.extend(array.iter()),
            ("host", _) => return Err(at(value, "`host` is a list of tables: write each as [[host]]")),
            (other, _) => {
                return Err(Fault::new(
                    span(key.span()),
                    format!("`{other}` is unknown here: expected ca, valid_for or [[host]]"),
                ));
            }
        }
    }
    hosts.into_iter().map(|host| entry(host, &defaults)).collect()
}

fn entry(host: &Spanned<DeValue<'_>>, defaults: &Entry) -> Result<Entry, Fault> {
    let DeValue::Table(table) = host.get_ref() else {
        return Err(at(host, "a host is a table: write it as [[host]]"));
    };
    let mut entry = Entry::at(span(host.span()));
    entry.ca = defaults.ca.clone();
    entry.valid_for = defaults.valid_for.clone();
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "ca" => entry.ca = Some(text_of(value)?),
            "public_key" => entry.public_key = Some(text_of(value)?),
            "key_id" => entry.key_id = Some(text_of(value)?),
            "valid_for" => entry.valid_for = Some(text_of(value)?),
            "out" => entry.out = Some(text_of(value)?),
            "principals" => {
                let DeValue::Array(array) = value.get_ref() else {
                    return Err(at(
                        value,
                        "`principals` is a list: write it in brackets, each name in quotes",
                    ));
                };
                entry.principals = array.iter().map(text_of).collect::<Result<_, _>>()?;
            }
            other => {
                let what = format!(
                    "`{other}` is unknown: expected public_key, principals, key_id, ca, valid_for or out"
                );
                return Err(Fault::new(span(key.span()), what));
            }
        }
    }
    Ok(entry)
}

fn text_of(value: &Spanned<DeValue<'_>>) -> Result<Value, Fault> {
    match value.get_ref() {
        DeValue::String(text) => Ok(Value { text: text.clone().into_owned(), span: span(value.span()) }),
        _ => Err(at(value, "expected a text in quotes")),
    }
}

fn at(value: &Spanned<DeValue<'_>>, what: &str) -> Fault {
    Fault::new(span(value.span()), what)
}

fn span(range: std::ops::Range<usize>) -> Span {
    Span::new(range.start, range.end)
}
