use super::*;

fn source(bytes: &[u8]) -> Source {
    Source::from_bytes("test", bytes.to_vec()).unwrap()
}

fn utf16le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn lines_end_at_lf_crlf_and_lone_cr() {
    let source = source(b"a\nb\r\nc\rd");
    let lines: Vec<_> = (1..=5).map(|line| source.line(line).map(|span| span.of(source.text()))).collect();
    assert_eq!(lines, [Some(&b"a"[..]), Some(b"b"), Some(b"c"), Some(b"d"), None]);
    let location = source.location(Span::new(7, 8));
    assert_eq!((location.line, location.column, location.end_column, location.offset), (4, 1, 2, 7));
}

#[test]
fn a_byte_order_mark_moves_offsets_but_no_columns() {
    let source = source("\u{FEFF}abc".as_bytes());
    let location = source.location(Span::new(1, 2));
    assert_eq!((location.line, location.column, location.offset, location.length), (1, 2, 4, 1));
}

#[test]
fn utf16_is_decoded_and_points_back_at_its_own_bytes() {
    let bytes = utf16le("\u{FEFF}é𝄞x\ny");
    let source = source(&bytes);
    assert_eq!(source.text(), "é𝄞x\ny".as_bytes());
    let location = source.location(Span::new(6, 7));
    assert_eq!((location.line, location.column, location.offset, location.length), (1, 3, 8, 2));
    assert_eq!(&bytes[8..10], b"x\0");
}

#[test]
fn utf16_without_a_mark_is_told_by_its_zero_bytes() {
    assert_eq!(source(&utf16le("-----BEGIN")).encoding(), Encoding::Utf16Le);
    assert_eq!(source(b"\0-\0-\0-").encoding(), Encoding::Utf16Be);
    assert_eq!(source(b"\x30\x82\0\0").encoding(), Encoding::Plain);
}

#[test]
fn reading_stops_at_the_limit() {
    let endless = io::repeat(b'-');
    assert!(matches!(Source::read("endless", endless), Err(SourceError::TooLarge)));
    let exact = io::repeat(b'-').take(u64::try_from(SOURCE_BYTES_MAX).unwrap());
    assert_eq!(Source::read("exact", exact).unwrap().bytes().len(), SOURCE_BYTES_MAX);
}

#[test]
fn only_what_has_a_path_is_a_file() {
    let file = |name: &str| Source::from_bytes(name, Vec::new()).unwrap().is_file();
    assert!(file("a.pem") && file("./-"));
    assert!(!file("-"));
    assert!(!Source::of_argument("--principal", "host").unwrap().is_file());
    assert!(!Source::empty("(not given)").is_file());
}
