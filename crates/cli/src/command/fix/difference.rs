//! What a repair changes, in the manner of `diff -u`.

use std::io::{self, Write};

use certgate_facts::Reading;
use certgate_rules::Fix;
use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};

/// Lines that are shown around a change.
const CONTEXT_LINES: usize = 3;

/// Writes the lines that go and those that come. Of private keys no line is shown: their symbols are starred out. Lines that
/// differ in their encoding alone are the same.
pub(super) fn write(out: &mut impl Write, fix: &Fix) -> io::Result<()> {
    let (before, after) = (lines(fix.before()), lines(fix.after()));
    let operations = capture_diff_slices(Algorithm::Myers, &before, &after);
    let hunks = group_diff_ops(operations, CONTEXT_LINES);
    let name = fix.before().source().name().escape_debug().to_string();
    if !hunks.is_empty() {
        writeln!(out, "\u{1b}[1m--- {name}\u{1b}[0m\n\u{1b}[1m+++ {name}\u{1b}[0m")?;
    }
    for hunk in hunks {
        write_hunk(out, fix, &hunk)?;
    }
    Ok(())
}

fn write_hunk(out: &mut impl Write, fix: &Fix, hunk: &[DiffOp]) -> io::Result<()> {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return Ok(()) };
    let range = |start: usize, end: usize| match end - start {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        count => format!("{},{count}", start + 1),
    };
    let old = range(first.old_range().start, last.old_range().end);
    let new = range(first.new_range().start, last.new_range().end);
    writeln!(out, "\u{1b}[36m@@ -{old} +{new} @@\u{1b}[0m")?;
    for operation in hunk {
        if operation.tag() == DiffTag::Equal {
            for index in operation.new_range() {
                writeln!(out, " {}", shown(fix.after(), index))?;
            }
            continue;
        }
        for index in operation.old_range() {
            writeln!(out, "\u{1b}[31m-{}\u{1b}[0m", shown(fix.before(), index))?;
        }
        for index in operation.new_range() {
            writeln!(out, "\u{1b}[32m+{}\u{1b}[0m", shown(fix.after(), index))?;
        }
    }
    Ok(())
}

/// The lines of a text, without their ends.
fn lines(reading: &Reading) -> Vec<&[u8]> {
    let source = reading.source();
    let mut lines: Vec<&[u8]> =
        (1..).map_while(|number| source.line(number)).map(|line| line.of(source.text())).collect();
    // What stands behind the last line end is no line if it is nothing.
    lines.pop_if(|line| line.is_empty());
    lines
}

/// A line, counted from 0, as anyone may see it.
fn shown(reading: &Reading, index: usize) -> String {
    reading.line_without_secrets(index + 1).unwrap_or_else(|| "(a line too long to be shown)".to_owned())
}
