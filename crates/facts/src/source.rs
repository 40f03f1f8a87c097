//! One input: its name, its bytes, and the text they hold.

use std::fmt;
use std::io::{self, Read};
use std::sync::OnceLock;

use zeroize::Zeroizing;

use crate::origin::Origin;
use crate::span::{Location, Span};

/// The most bytes one source may hold: 16 MiB, some ten thousand certificates.
pub const SOURCE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How the text of a source is encoded, told from its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// ASCII, UTF-8 or bytes without any such meaning, read as they stand.
    Plain,
    /// UTF-16, high byte first, with or without a byte order mark.
    Utf16Be,
    /// UTF-16, low byte first, with or without a byte order mark.
    Utf16Le,
    /// UTF-8 behind the byte order mark `EF BB BF`.
    Utf8WithMark,
}

/// One input. Its bytes may be a private key: they are wiped on drop, and no formatting shows them.
pub struct Source {
    name: String,
    bytes: Zeroizing<Vec<u8>>,
    encoding: Encoding,
    /// UTF-16 turned into UTF-8; other encodings are read in place.
    decoded: Option<Zeroizing<Vec<u8>>>,
    /// Where lines and columns are, found when first asked for.
    lines: OnceLock<Lines>,
    origin: Option<Box<Origin>>,
    is_file: bool,
}

/// Why a source could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum SourceError {
    /// The operating system refused.
    Io(io::Error),
    /// More than [`SOURCE_BYTES_MAX`] bytes.
    TooLarge,
}

impl fmt::Display for SourceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(formatter),
            Self::TooLarge => write!(formatter, "larger than the limit of {SOURCE_BYTES_MAX} bytes"),
        }
    }
}

impl std::error::Error for SourceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::TooLarge => None,
        }
    }
}

/// What is read at first, before it is known how much there is: an OpenSSH key, a short certificate.
const FIRST_READ_BYTES: usize = 1024;

impl Source {
    /// Reads all of `reader`, and not a byte more than [`SOURCE_BYTES_MAX`] plus one.
    ///
    /// # Errors
    /// [`SourceError::Io`] from the reader; [`SourceError::TooLarge`] past the limit.
    pub fn read(name: impl Into<String>, reader: impl Read) -> Result<Self, SourceError> {
        Self::read_expecting(name, reader, FIRST_READ_BYTES)
    }

    /// The same of what should have so many bytes, as a file's size says: then nothing is copied, whatever comes in truth.
    ///
    /// # Errors
    /// Those of [`Source::read`].
    pub fn read_expecting(
        name: impl Into<String>,
        mut reader: impl Read,
        bytes_expected: usize,
    ) -> Result<Self, SourceError> {
        // Grown by hand: a vector that reallocates on its own leaves copies of secrets behind. One byte more tells the end.
        let mut bytes = Zeroizing::new(vec![0; bytes_expected.min(SOURCE_BYTES_MAX) + 1]);
        let mut length = 0;
        loop {
            if length == bytes.len() {
                if length > SOURCE_BYTES_MAX {
                    return Err(SourceError::TooLarge);
                }
                let larger_len = (length * 4).clamp(FIRST_READ_BYTES, SOURCE_BYTES_MAX + 1);
                let mut larger = Zeroizing::new(vec![0; larger_len]);
                larger[..length].copy_from_slice(&bytes);
                bytes = larger;
            }
            match reader.read(&mut bytes[length..]) {
                Ok(0) => break,
                Ok(count) => length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(SourceError::Io(error)),
            }
        }
        // As large as it is: thousands of small files may be held at once.
        if bytes.len() > length + 1 {
            bytes = Zeroizing::new(bytes[..length].to_vec());
        }
        bytes.truncate(length);
        Self::from_zeroizing(name.into(), bytes)
    }

    /// A source out of bytes in memory.
    ///
    /// # Errors
    /// [`SourceError::TooLarge`] past [`SOURCE_BYTES_MAX`].
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, SourceError> {
        Self::from_zeroizing(name.into(), Zeroizing::new(bytes))
    }

    /// What stands in no file, such as an argument; `name` is what the user knows it by.
    ///
    /// # Errors
    /// [`SourceError::TooLarge`] past [`SOURCE_BYTES_MAX`].
    pub fn of_argument(name: impl Into<String>, text: &str) -> Result<Self, SourceError> {
        let source = Self::from_bytes(name, text.as_bytes().to_vec())?;
        Ok(Self { is_file: false, ..source })
    }

    /// A source that holds nothing, and is no file.
    #[must_use]
    pub fn empty(name: impl Into<String>) -> Self {
        let bytes = Zeroizing::new(Vec::new());
        Self {
            name: name.into(),
            bytes,
            encoding: Encoding::Plain,
            decoded: None,
            lines: OnceLock::new(),
            origin: None,
            is_file: false,
        }
    }

    /// What was unpacked from the source called `name`; `None` past [`SOURCE_BYTES_MAX`].
    pub(crate) fn out_of(name: &str, text: Zeroizing<Vec<u8>>, origin: Origin) -> Option<Self> {
        let source = Self::from_zeroizing(name.to_owned(), text).ok()?;
        Some(Self { origin: Some(Box::new(origin)), ..source })
    }

    /// What it was unpacked from; its text is then as it would be uploaded, and its places are those in there.
    #[must_use]
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_deref()
    }

    pub(crate) fn from_zeroizing(name: String, bytes: Zeroizing<Vec<u8>>) -> Result<Self, SourceError> {
        if bytes.len() > SOURCE_BYTES_MAX {
            return Err(SourceError::TooLarge);
        }
        let encoding = sniff(&bytes);
        let decoded = match encoding {
            Encoding::Plain | Encoding::Utf8WithMark => None,
            Encoding::Utf16Be => Some(decode_utf16(&bytes, u16::from_be_bytes)),
            Encoding::Utf16Le => Some(decode_utf16(&bytes, u16::from_le_bytes)),
        };
        Ok(Self { name, bytes, encoding, decoded, lines: OnceLock::new(), origin: None, is_file: true })
    }

    /// What the input is called: a path, or `-` for standard input.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether its name is the path of a file: not that of standard input, `-`, nor of an argument.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.is_file && self.name != "-"
    }

    /// What the input is called that a place is in: another name where several were put together.
    #[must_use]
    pub fn name_at(&self, span: Span) -> &str {
        self.origin.as_ref().and_then(|origin| origin.path_of(span)).unwrap_or(&self.name)
    }

    /// The input as it was given.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How the text is encoded.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The text, which spans count in: without byte order mark, UTF-16 turned into UTF-8.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        match &self.decoded {
            Some(text) => text,
            None => self.bytes.get(self.mark_len()..).unwrap_or_default(),
        }
    }

    /// Whether the source holds text that can be shown in lines: no zero byte, and no SEQUENCE at its start as DER has.
    #[must_use]
    pub fn is_text(&self) -> bool {
        !self.text().contains(&0) && self.text().first() != Some(&0x30)
    }

    /// Line, column and original bytes of a span of the text; of what was unpacked, of the part it is in.
    #[must_use]
    pub fn location(&self, span: Span) -> Location {
        let inner = self.location_in_text(span);
        self.origin.as_ref().map_or(inner, |origin| origin.location(span, inner))
    }

    /// The same in the text as it was unpacked.
    pub(crate) fn location_in_text(&self, span: Span) -> Location {
        let (line, column) = self.position(span.start());
        let (end_line, end_column) = self.position(span.end());
        let offset = self.original_offset(span.start());
        let length = self.original_offset(span.end()) - offset;
        Location { line, column, end_line, end_column, offset, length }
    }

    /// The span of a line counted from 1, without its line end; `None` past the last line.
    #[must_use]
    pub fn line(&self, number: usize) -> Option<Span> {
        let starts = &self.lines().starts;
        let start = *starts.get(number.checked_sub(1)?)?;
        let next = starts.get(number).copied().unwrap_or_else(|| self.text().len());
        let line = self.text().get(start..next)?;
        let ends = line.iter().rev().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        Some(Span::new(start, next - ends))
    }

    fn position(&self, offset: usize) -> (usize, usize) {
        let text = self.text();
        let lines = self.lines();
        let offset = offset.min(text.len());
        let line = lines.starts.partition_point(|start| *start <= offset);
        let start = lines.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        (line, 1 + lines.characters_before(text, offset) - lines.characters_before(text, start))
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(self.text()))
    }

    pub(crate) fn original_offset(&self, offset: usize) -> usize {
        match &self.decoded {
            None => self.mark_len() + offset,
            Some(text) => {
                let before = text.get(..offset).unwrap_or(text);
                let units: usize = before.iter().map(|byte| utf16_units_begun_by(*byte)).sum();
                self.mark_len() + 2 * units
            }
        }
    }

    fn mark_len(&self) -> usize {
        let mark: &[u8] = match self.encoding {
            Encoding::Plain => &[],
            Encoding::Utf16Be => &[0xFE, 0xFF],
            Encoding::Utf16Le => &[0xFF, 0xFE],
            Encoding::Utf8WithMark => &[0xEF, 0xBB, 0xBF],
        };
        if self.bytes.starts_with(mark) { mark.len() } else { 0 }
    }
}

/// Tells UTF-16 by its mark, or by the zero bytes that ASCII has in it.
fn sniff(bytes: &[u8]) -> Encoding {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Encoding::Utf8WithMark,
        [0xFE, 0xFF, ..] => Encoding::Utf16Be,
        [0xFF, 0xFE, ..] => Encoding::Utf16Le,
        [0, first, 0, second, ..] if first.is_ascii_graphic() && second.is_ascii_graphic() => {
            Encoding::Utf16Be
        }
        [first, 0, second, 0, ..] if first.is_ascii_graphic() && second.is_ascii_graphic() => {
            Encoding::Utf16Le
        }
        _ => Encoding::Plain,
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Zeroizing<Vec<u8>> {
    const MARK: u16 = 0xFEFF;
    let (pairs, _) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    // Three bytes of UTF-8 at the most for two of UTF-16: the vector never grows and leaves no copy.
    let mut text = Zeroizing::new(Vec::with_capacity(pairs.len() * 3));
    let mut buffer = [0; 4];
    for (index, character) in char::decode_utf16(units).enumerate() {
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        if index > 0 || character != char::from_u32(MARK.into()).unwrap_or_default() {
            text.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
        }
    }
    text
}

/// Where lines begin, and how many characters stand before places all along the text, so that no column costs more
/// than a step to find.
struct Lines {
    starts: Vec<usize>,
    /// Offset, and characters before it; at offset 0 first.
    steps: Vec<(usize, usize)>,
}

/// Bytes between two steps.
const STEP: usize = 4096;

impl Lines {
    fn of(text: &[u8]) -> Self {
        let ends_line = |index: usize, byte: u8| match byte {
            b'\n' => true,
            b'\r' => text.get(index + 1) != Some(&b'\n'),
            _ => false,
        };
        let ends = text.iter().enumerate().filter(|(index, byte)| ends_line(*index, **byte));
        let starts = std::iter::once(0).chain(ends.map(|(index, _)| index + 1)).collect();
        let mut steps = vec![(0, 0)];
        let (mut at, mut characters) = (0, 0);
        while text.len() - at > STEP {
            // Characters are told apart with certainty in front of ASCII.
            let Some(len) = text[at + STEP..].iter().position(u8::is_ascii).map(|len| len + STEP) else {
                break;
            };
            characters += count_characters(&text[at..at + len]);
            at += len;
            steps.push((at, characters));
        }
        Self { starts, steps }
    }

    fn characters_before(&self, text: &[u8], offset: usize) -> usize {
        let step = self.steps.partition_point(|(at, _)| *at <= offset);
        let (at, characters) = self.steps.get(step.saturating_sub(1)).copied().unwrap_or_default();
        characters + count_characters(&text[at..offset])
    }
}

/// How many characters bytes show as, where each run of bytes that is no UTF-8 shows as one.
fn count_characters(bytes: &[u8]) -> usize {
    bytes
        .utf8_chunks()
        .map(|chunk| chunk.valid().chars().count() + usize::from(!chunk.invalid().is_empty()))
        .sum()
}

fn utf16_units_begun_by(byte: u8) -> usize {
    match byte {
        0x80..0xC0 => 0,
        0xF0.. => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests;
