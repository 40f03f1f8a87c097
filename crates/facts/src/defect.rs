//! What makes an input, or a part of it, unreadable: a fact like any other, with its place.

use std::fmt;

use crate::blank::is_space;
use crate::container::{Container, ContainerFault};
use crate::span::Span;

/// Something that cannot be read as its format asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// What is wrong.
    pub kind: DefectKind,
    /// The characters at fault.
    pub span: Span,
}

/// The ways in which PEM text (RFC 7468) and what it wraps go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DefectKind {
    /// Base64 data whose symbols are not a multiple of four; the symbols counted.
    Base64Length {
        /// How many symbols there are, padding included.
        symbols: usize,
    },
    /// A `=` that does not stand at the end of the data.
    Base64Padding,
    /// A character outside the base64 alphabet of RFC 4648 §4.
    Base64Symbol {
        /// The character.
        symbol: char,
    },
    /// Nothing between BEGIN and END.
    BlockEmpty,
    /// A block that strict readers pass over though nothing else is wrong with it: a character between its lines that
    /// they do not count as white space, or lines that end in another way than those around them.
    BlockHidden,
    /// More blocks than are read from one source; those behind are not read.
    BlocksOverLimit {
        /// The limit.
        blocks_max: usize,
    },
    /// A BEGIN or END line whose dashes are not five hyphens on each side.
    BoundaryDashes,
    /// A BEGIN or END line that stands behind other text on its line.
    BoundaryGlued,
    /// A BEGIN or END line that stands behind spaces or tabs.
    BoundaryIndented,
    /// Text behind the closing dashes of a BEGIN or END line.
    BoundaryTrailed,
    /// A UTF-8 byte order mark at the start.
    ByteOrderMark,
    /// Lines that end in a carriage return alone.
    CarriageReturns,
    /// DER that is no certificate of RFC 5280; why, in words.
    Certificate {
        /// What the parser stumbled over.
        reason: String,
    },
    /// What is no PEM, and cannot be unpacked.
    Container {
        /// What it is.
        container: Container,
        /// Why it stays closed.
        fault: ContainerFault,
    },
    /// An END line whose label is not that of its BEGIN line.
    EndLabel {
        /// The label of the BEGIN line.
        begin: String,
        /// The label of the END line.
        end: String,
    },
    /// A BEGIN line without an END line.
    EndMissing,
    /// An END line without a BEGIN line.
    EndStray,
    /// Lines that end in a backslash and a letter, as strings of JSON and of shells write a line feed.
    LineEndsEscaped {
        /// Whether the line holds more than blocks, such as the name of a field.
        is_embedded: bool,
    },
    /// A space other than that of ASCII, as word processors and web pages put it.
    SpaceUnsupported {
        /// The character.
        symbol: char,
    },
    /// More OpenSSH lines than are read from one source; those behind are not read.
    SshLinesOverLimit {
        /// The limit.
        lines_max: usize,
    },
    /// Bytes behind the DER value.
    TrailingBytes {
        /// How many.
        count: usize,
    },
    /// UTF-16 text.
    Utf16,
}

impl fmt::Display for DefectKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base64Length { symbols } => {
                write!(formatter, "the base64 data ends early: {symbols} symbols, not a multiple of four")
            }
            Self::Base64Padding => formatter.write_str("`=` may only stand at the end of base64 data"),
            Self::Base64Symbol { symbol } => {
                write!(formatter, "{} is not a base64 symbol", Named(*symbol))
            }
            Self::BlockEmpty => formatter.write_str("nothing stands between BEGIN and END"),
            Self::BlockHidden => formatter.write_str(
                "strict readers pass over this block: its line ends or white space are not theirs",
            ),
            Self::BlocksOverLimit { blocks_max } => {
                write!(formatter, "more than {blocks_max} blocks in one input; the rest is not read")
            }
            Self::BoundaryDashes => {
                formatter.write_str("a BEGIN or END line takes exactly five hyphens on each side")
            }
            Self::BoundaryGlued => formatter.write_str("a BEGIN or END line must start its own line"),
            Self::BoundaryIndented => formatter.write_str("a BEGIN or END line must not be indented"),
            Self::BoundaryTrailed => formatter.write_str("text stands behind the closing dashes"),
            Self::ByteOrderMark => formatter.write_str("the text begins with a UTF-8 byte order mark"),
            Self::CarriageReturns => formatter.write_str("lines end in a carriage return alone"),
            Self::Certificate { reason } => write!(formatter, "not a certificate: {reason}"),
            Self::Container { container, fault } => write!(formatter, "this is {container}, and it {fault}"),
            Self::EndLabel { begin, end } => write!(formatter, "BEGIN says `{begin}` but END says `{end}`"),
            Self::EndMissing => formatter.write_str("the BEGIN line has no END line"),
            Self::EndStray => formatter.write_str("the END line has no BEGIN line"),
            Self::LineEndsEscaped { .. } => {
                formatter.write_str("lines end in a backslash and an `n` instead of a line feed")
            }
            Self::SpaceUnsupported { symbol } => {
                write!(formatter, "{} stands where only ASCII may", Named(*symbol))
            }
            Self::SshLinesOverLimit { lines_max } => {
                write!(formatter, "more than {lines_max} OpenSSH lines in one input; the rest is not read")
            }
            Self::TrailingBytes { count: 1 } => formatter.write_str("1 byte follows the DER value"),
            Self::TrailingBytes { count } => write!(formatter, "{count} bytes follow the DER value"),
            Self::Utf16 => formatter.write_str("the text is encoded as UTF-16"),
        }
    }
}

/// A character as it can be told from its look-alikes.
struct Named(char);

impl fmt::Display for Named {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            '\u{a0}' => formatter.write_str("a non-breaking space (U+00A0)"),
            '\u{2013}' | '\u{2014}' => write!(formatter, "a long dash (U+{:04X})", u32::from(self.0)),
            symbol if is_space(symbol) => {
                write!(formatter, "a space that is not ASCII (U+{:04X})", u32::from(symbol))
            }
            symbol if symbol.is_ascii_graphic() => write!(formatter, "`{symbol}`"),
            symbol if symbol.is_alphanumeric() => {
                write!(formatter, "`{symbol}` (U+{:04X})", u32::from(symbol))
            }
            symbol => write!(formatter, "U+{:04X}", u32::from(symbol)),
        }
    }
}
