//! PEM as simply as can be, for sound files: the tests must not lean on the reader they test.

/// One block.
#[derive(Clone, Debug)]
pub(crate) struct Armor {
    pub(crate) label: String,
    /// The base64 lines, joined.
    pub(crate) body: String,
}

impl Armor {
    /// The block as a file of its own.
    pub(crate) fn text(&self) -> String {
        let Self { label, body } = self;
        let lines: String =
            body.as_bytes().chunks(64).map(|line| format!("{}\n", String::from_utf8_lossy(line))).collect();
        format!("-----BEGIN {label}-----\n{lines}-----END {label}-----\n")
    }
}

/// The blocks of a text whose BEGIN and END lines are sound; header lines are left out.
pub(crate) fn armors(text: &str) -> Vec<Armor> {
    let mut armors = Vec::new();
    let mut open: Option<Armor> = None;
    for line in text.lines() {
        let boundary =
            |word: &str| line.strip_prefix(word).and_then(|rest| rest.trim_end().strip_suffix("-----"));
        if let Some(label) = boundary("-----BEGIN ") {
            open = Some(Armor { label: label.to_owned(), body: String::new() });
        } else if boundary("-----END ").is_some() {
            armors.extend(open.take());
        } else if let Some(armor) = &mut open
            && !line.contains(':')
        {
            armor.body.push_str(line.trim());
        }
    }
    armors
}

/// The bytes that base64 stands for; what is no symbol is passed over.
pub(crate) fn base64_bytes(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    let value = |symbol: u8| match symbol {
        b'A'..=b'Z' => Some(symbol - b'A'),
        b'a'..=b'z' => Some(symbol - b'a' + 26),
        b'0'..=b'9' => Some(symbol - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    for six in text.bytes().filter_map(value) {
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_le_bytes()[0]);
        }
    }
    bytes
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Base64, padded to a multiple of four symbols.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let triples = bytes.chunks(3).flat_map(|chunk| {
        let bits = chunk.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        [18, 12, 6, 0].map(|shift| bits >> shift & 63).into_iter().take(chunk.len() + 1)
    });
    let mut text: String = triples.map(|six| char::from(SYMBOLS[usize::try_from(six).unwrap()])).collect();
    text.push_str(&"=".repeat((3 - bytes.len() % 3) % 3));
    text
}
