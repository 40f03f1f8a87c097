//! A title and named values below it.

use std::fmt;
use std::io::{self, Write};

use certgate_facts::{Source, Span};

use crate::printable::printable;

/// A block of lines: a title, and below it names and values in two columns.
pub(crate) struct Sheet {
    title: String,
    rows: Vec<(&'static str, Vec<String>)>,
}

/// Columns from the edge to the values.
const INDENT: usize = 17;
/// Columns after which a list goes on in the next line.
const WIDTH: usize = 100;

impl Sheet {
    /// On something that stands at a place.
    pub(crate) fn at(source: &Source, span: Span, what: &str) -> Self {
        let line = source.location(span).line;
        Self::titled(format!("{}:{line}: {what}", source.name()))
    }

    pub(crate) fn titled(title: String) -> Self {
        Self { title: printable(&title).into_owned(), rows: Vec::new() }
    }

    /// A value; nothing where it is empty.
    pub(crate) fn row(&mut self, name: &'static str, value: impl Into<String>) {
        self.rows(name, [value.into()]);
    }

    /// A list; nothing where it is empty.
    pub(crate) fn rows(&mut self, name: &'static str, values: impl IntoIterator<Item = String>) {
        let values: Vec<String> = values
            .into_iter()
            .filter(|value| !value.is_empty())
            .map(|value| printable(&value).into_owned())
            .collect();
        if !values.is_empty() {
            self.rows.push((name, values));
        }
    }
}

impl fmt::Display for Sheet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.title)?;
        for (name, values) in &self.rows {
            let mut line = format!("  {name:<0$}", INDENT - 2);
            let mut width = INDENT;
            for (index, value) in values.iter().enumerate() {
                let columns = value.chars().count();
                if index > 0 && width + 2 + columns > WIDTH {
                    writeln!(formatter, "{line},")?;
                    line = " ".repeat(INDENT);
                    width = INDENT;
                } else if index > 0 {
                    line.push_str(", ");
                    width += 2;
                }
                line.push_str(value);
                width += columns;
            }
            writeln!(formatter, "{line}")?;
        }
        Ok(())
    }
}

/// Writes blocks with an empty line between them.
pub(crate) fn write_sheets(out: &mut dyn Write, sheets: &[Sheet]) -> io::Result<()> {
    for (index, sheet) in sheets.iter().enumerate() {
        let gap = if index > 0 { "\n" } else { "" };
        write!(out, "{gap}{sheet}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_go_on_below_themselves_and_empty_rows_are_left_out() {
        let mut sheet = Sheet::titled("names".to_owned());
        sheet.row("nothing", "");
        sheet.rows("hosts", (1..=6).map(|number| format!("DNS:a-rather-long-name-{number}.example.com")));
        sheet.row("escaped", "a\u{1b}[2Jb");
        insta::assert_snapshot!(sheet.to_string(), @r"
        names
          hosts          DNS:a-rather-long-name-1.example.com, DNS:a-rather-long-name-2.example.com,
                         DNS:a-rather-long-name-3.example.com, DNS:a-rather-long-name-4.example.com,
                         DNS:a-rather-long-name-5.example.com, DNS:a-rather-long-name-6.example.com
          escaped        a\u{1b}[2Jb
        ");
    }
}
