use super::*;

fn read(text: &str) -> (Source, Document) {
    let source = Source::from_bytes("test", text.as_bytes().to_vec()).unwrap();
    let document = Document::read(&source);
    (source, document)
}

/// Each block as `LABEL data-length found-by-go`, each defect as `line:column words`.
fn outline(text: &str) -> String {
    let (source, document) = read(text);
    let mut lines = Vec::new();
    for block in &document.blocks {
        let der = block.der().map_or_else(|| "-".to_owned(), |der| der.len().to_string());
        lines.push(format!(
            "{} {der} {}",
            block.label(),
            if block.is_found_by_go() { "go" } else { "hidden" }
        ));
    }
    let blocks = document.blocks.iter().flat_map(|block| block.defects());
    for defect in document.defects.iter().chain(blocks) {
        let location = source.location(defect.span);
        lines.push(format!("{}:{} {}", location.line, location.column, defect.kind));
    }
    lines.join("\n")
}

#[test]
fn blocks_are_found_between_text_with_their_headers() {
    let (source, document) = read(
        "Bag Attributes\n-----BEGIN A B-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X,99\n\nAAAA\nAA==\n-----END A B-----\ntext\n",
    );
    let block = &document.blocks[0];
    assert_eq!(block.label(), "A B");
    assert_eq!(block.der(), Some(&[0, 0, 0, 0][..]));
    let headers: Vec<_> =
        block.headers().iter().map(|header| (header.name.as_str(), header.value.as_str())).collect();
    assert_eq!(headers, [("Proc-Type", "4,ENCRYPTED"), ("DEK-Info", "X,99")]);
    assert_eq!(source.location(block.headers()[1].span).line, 4);
    assert!(!format!("{:?}", block.headers()).contains("X,99"));
    assert_eq!(source.location(block.span()).line, 2);
    assert!(block.defects().is_empty());
    assert!(document.defects.is_empty());
}

#[test]
fn crlf_and_trailing_blanks_are_no_defects() {
    assert_eq!(outline("-----BEGIN X-----  \r\nAAAA \t\r\n-----END X----- \r\n"), "X 3 go");
}

#[test]
fn a_wrong_symbol_is_named_with_its_place() {
    insta::assert_snapshot!(outline("-----BEGIN X-----\nAAAA\nAA*A\n-----END X-----"), @r"
    X - hidden
    3:3 `*` is not a base64 symbol
    ");
    insta::assert_snapshot!(outline("-----BEGIN X-----\nAA\u{a0}AA\n-----END X-----"), @"
    X 3 hidden
    2:3 a non-breaking space (U+00A0) stands where only ASCII may
    ");
}

#[test]
fn padding_and_length_are_told_apart() {
    insta::assert_snapshot!(outline("-----BEGIN X-----\nAA=A\nAAAA\n-----END X-----"), @r"
    X - hidden
    2:3 `=` may only stand at the end of base64 data
    ");
    insta::assert_snapshot!(outline("-----BEGIN X-----\nAAAA\nAAA\n-----END X-----"), @r"
    X - hidden
    3:3 the base64 data ends early: 7 symbols, not a multiple of four
    ");
    insta::assert_snapshot!(outline("-----BEGIN X-----\nA===\n-----END X-----"), @r"
    X - hidden
    2:2 `=` may only stand at the end of base64 data
    ");
}

#[test]
fn a_block_without_end_hides_itself_only() {
    insta::assert_snapshot!(outline("-----BEGIN X-----\nAAAA\n-----BEGIN Y-----\nAAAA\n-----END Y-----\n"), @r"
    X 3 hidden
    Y 3 go
    1:1 the BEGIN line has no END line
    ");
    insta::assert_snapshot!(outline("-----END X-----\n-----BEGIN Y-----\nAAAA\n-----END Z-----\n"), @r"
    Y 3 hidden
    1:1 the END line has no BEGIN line
    4:1 BEGIN says `Y` but END says `Z`
    ");
}

#[test]
fn wrong_dashes_are_still_boundaries() {
    insta::assert_snapshot!(outline("----BEGIN X-----\nAAAA\n-----END X------\n"), @r"
    X 3 hidden
    1:1 a BEGIN or END line takes exactly five hyphens on each side
    3:1 a BEGIN or END line takes exactly five hyphens on each side
    ");
    insta::assert_snapshot!(outline("\u{2014}BEGIN X\u{2014}\nAAAA\n----- END X -----\n"), @r"
    X 3 hidden
    1:1 a BEGIN or END line takes exactly five hyphens on each side
    3:1 a BEGIN or END line takes exactly five hyphens on each side
    ");
    assert_eq!(outline("this is -the END of it, - BEGIN again\n---- BEGIN SSH2 PUBLIC KEY ----\n"), "");
}

#[test]
fn indented_and_glued_boundaries_hide_blocks_from_go() {
    insta::assert_snapshot!(outline("  -----BEGIN X-----\n  AAAA\n  -----END X-----\n"), @r"
    X 3 hidden
    1:3 a BEGIN or END line must not be indented
    3:3 a BEGIN or END line must not be indented
    ");
    insta::assert_snapshot!(outline("-----BEGIN X-----\nAAAA\n-----END X----------BEGIN Y-----\nAAAA\n-----END Y-----\n"), @"
    X 3 hidden
    Y 3 hidden
    3:16 a BEGIN or END line must start its own line
    ");
    insta::assert_snapshot!(outline(r"-----BEGIN X-----\nAAAA\n-----END X-----\n"), @"
    X 3 hidden
    1:18 lines end in a backslash and an `n` instead of a line feed
    ");
}

#[test]
fn a_byte_order_mark_hides_the_first_block_only() {
    let block = "-----BEGIN X-----\nAAAA\n-----END X-----\n";
    insta::assert_snapshot!(outline(&format!("\u{FEFF}{block}{block}")), @r"
    X 3 hidden
    X 3 go
    1:1 the text begins with a UTF-8 byte order mark
    ");
    insta::assert_snapshot!(outline(&format!("\u{FEFF}comment\n{block}")), @r"
    X 3 go
    1:1 the text begins with a UTF-8 byte order mark
    ");
}

#[test]
fn carriage_returns_alone_are_lines_but_not_for_go() {
    insta::assert_snapshot!(outline("-----BEGIN X-----\rAAAA\r-----END X-----\r"), @r"
    X 3 hidden
    1:1 lines end in a carriage return alone
    ");
}

#[test]
fn what_only_strict_readers_stumble_over_is_named() {
    insta::assert_snapshot!(outline("-----BEGIN X-----\nAA\u{c}AA\n-----END X-----\n"), @"
    X 3 hidden
    1:1 strict readers pass over this block: its line ends or white space are not theirs
    ");
    insta::assert_snapshot!(outline("-----BEGIN X-----\nA: b\n c\n\nAAAA\n-----END X-----\n"), @"
    X - hidden
    5:4 the base64 data ends early: 5 symbols, not a multiple of four
    ");
    insta::assert_snapshot!(outline("-----BEGIN X-----\rAAAA\r-----END X-----\r-----BEGIN X-----\nAAAA\n-----END X-----\n"), @"
    X 3 hidden
    X 3 hidden
    1:1 strict readers pass over this block: its line ends or white space are not theirs
    4:1 strict readers pass over this block: its line ends or white space are not theirs
    ");
}

#[test]
fn an_empty_block_is_found_and_named() {
    insta::assert_snapshot!(outline("-----BEGIN X-----\n-----END X-----\n"), @r"
    X - go
    1:1 nothing stands between BEGIN and END
    ");
}

#[test]
fn no_input_of_boundaries_takes_more_than_linear_work() {
    for line in [
        "-----BEGIN CERTIFICATE-----\n",
        "-----END X-----",
        "-----BEGIN  ",
        "-----END -",
        "- BEGIN A\n",
        "A:\n-----BEGIN A-----\n",
    ] {
        let (_, document) = read(&line.repeat(4 * 1024 * 1024 / line.len()));
        assert!(document.blocks.len() <= BLOCKS_MAX);
        assert!(document.defects.len() <= BLOCKS_MAX + 1);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 10_000, failure_persistence: None, ..Default::default() })]

    /// What Go finds is found here too, and where Go does not find all there is a defect.
    #[test]
    fn where_go_passes_over_a_block_there_is_a_defect(pieces in proptest::collection::vec(0..PIECES.len(), 0..12)) {
        let text: String = pieces.iter().map(|piece| PIECES[*piece]).collect();
        let (source, document) = read(&text);
        let begins: Vec<usize> = document.blocks.iter().map(|block| source.location(block.begin()).offset).collect();
        let found = go::find_all(source.bytes(), &[]);
        proptest::prop_assert!(found.iter().all(|begin| begins.contains(begin)), "{:?}", text);
        // What is known to decode is not decoded once more; the answer is the same.
        let blocks = document.blocks.iter().filter(|block| block.is_found_by_go());
        let begins_found: Vec<usize> = blocks.map(|block| source.location(block.begin()).offset).collect();
        proptest::prop_assert_eq!(&found, &begins_found, "{:?}", text);
        let mut defects = document.blocks.iter().flat_map(Block::defects).chain(&document.defects);
        let hides_some = document.blocks.iter().any(|block| !block.is_found_by_go());
        proptest::prop_assert!(!hides_some || defects.next().is_some(), "{:?}", text);
    }
}

const PIECES: [&str; 16] = [
    "-----BEGIN X-----\n",
    "-----END X-----\n",
    "-----BEGIN Y-----\r\n",
    "-----END Y-----\r\n",
    "-----BEGIN X-----\nAAAA\n-----END X-----\n",
    "-----BEGIN X-----\nA: b\n\nAAAA\n-----END X-----\n",
    "AAAA\n",
    "AA==\n",
    "A*AA\n",
    "\n",
    " ",
    "-",
    "text\n",
    "A: b\n",
    "\u{FEFF}",
    "-----BEGIN X-----",
];
