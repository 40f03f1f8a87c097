//! Texts that are longer than the API takes, as findings.

use crate::case::Field;
use crate::finding::{Finding, Label};
use crate::rule::Rule;

/// What a rule finds in a text that may have `bytes_max` bytes of UTF-8; `name` is the API's for it.
pub(crate) fn of_text(
    rule: &'static Rule,
    name: &str,
    text: &str,
    bytes_max: usize,
    label: impl FnOnce() -> Label,
) -> Vec<Finding> {
    let bytes = text.len();
    if bytes <= bytes_max {
        return Vec::new();
    }
    let message = format!(
        "the {name} has {bytes} bytes, {} more than the {bytes_max} the API takes",
        bytes - bytes_max
    );
    let help = "shorten it; the API counts bytes of UTF-8, of which characters beyond ASCII take two to four";
    vec![Finding::new(rule, message, label()).with_help(help)]
}

/// The same of a field that may be absent.
pub(crate) fn of_field(
    rule: &'static Rule,
    name: &str,
    field: Option<&Field>,
    bytes_max: usize,
) -> Vec<Finding> {
    field.map_or_else(Vec::new, |field| {
        of_text(rule, name, field.text(), bytes_max, || field.label(format!("the {name}")))
    })
}
