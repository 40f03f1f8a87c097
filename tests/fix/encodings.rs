//! The ways in which the text of a chain gets lost on its way, each: what `check` says and where, what openssl finds in the file,
//! and what both say once it is repaired.

use super::Bench;
use crate::harness::openssl_says;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const CERTIFICATES: usize = 3;

/// The chain, the leaf's BEGIN on line 1.
fn chain() -> String {
    let bench = Bench::of("chain/p256-depth-3.pem");
    let text = String::from_utf8(std::fs::read(bench.path("a.pem")).unwrap()).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(unit).collect()
}

/// The name of a fault, and the chain with it.
fn faults() -> Vec<(&'static str, Vec<u8>)> {
    let text = chain();
    let edited = |from: &str, to: &str| text.replacen(from, to, 1).into_bytes();
    vec![
        ("plain", text.clone().into_bytes()),
        ("CRLF", text.replace('\n', "\r\n").into_bytes()),
        ("blanks behind lines", text.replace('\n', "  \n").into_bytes()),
        ("byte order mark", format!("\u{feff}{text}").into_bytes()),
        ("UTF-16, little end first", utf16(&text, u16::to_le_bytes)),
        ("UTF-16, big end first", utf16(&text, u16::to_be_bytes)),
        ("carriage returns alone", text.replace('\n', "\r").into_bytes()),
        ("END and BEGIN glued", edited("-----\n-----", "----------")),
        ("indented", text.lines().map(|line| format!("  {line}\n")).collect::<String>().into_bytes()),
        ("header in the first block", edited(BEGIN, &format!("{BEGIN}\nfriendlyName: leaf\n"))),
        ("backslash and n", text.replace('\n', "\\n").into_bytes()),
        ("a string of JSON", format!("\"{}\"", text.replace('\n', "\\n").replace('/', "\\/")).into_bytes()),
        ("backslash, r, backslash and n", text.replace('\n', "\\r\\n").into_bytes()),
        ("long dashes", edited(BEGIN, "\u{2014}BEGIN CERTIFICATE\u{2014}")),
        ("no-break space in the label", edited("BEGIN CERTIFICATE", "BEGIN\u{a0}CERTIFICATE")),
        ("no-break space in the data", edited("\nMII", "\n\u{a0}MII")),
        ("no-break space behind END", edited("-----END CERTIFICATE-----", "-----END CERTIFICATE-----\u{a0}")),
        ("no-break spaces as indent", edited("\nMII", "\n\u{a0}\u{a0}MII")),
        ("damaged leaf", edited("\nMII", "\nM*I")),
    ]
}

/// The DER of what openssl finds.
fn ders(bench: &Bench) -> Option<String> {
    openssl_says(["storeutl", "-noout", "-text", "-certs", bench.path("a.pem").to_str().unwrap()])
}

#[test]
fn every_way_to_lose_the_text_has_a_name_a_place_and_a_repair() {
    let mut table = String::new();
    let sound = Bench::of("chain/p256-depth-3.pem");
    for (fault, bytes) in faults() {
        let bench = Bench::of("chain/p256-depth-3.pem");
        std::fs::write(bench.path("a.pem"), bytes).unwrap();
        let case = bench.command("check", &["--format", "json"]).run().case();
        let first = case.findings().into_iter().find(|finding| finding.code().starts_with("CG00"));
        let found = first.map_or_else(
            || "-".to_owned(),
            |finding| {
                let (line, column) = finding.place();
                format!("{} {line}:{column} {}", finding.rule(), finding.message())
            },
        );
        table.push_str(&format!("{fault}: openssl {}: {found}\n", bench.found_by_openssl()));
        let is_repaired = bench.fix(&["--write"]).stdout.contains("repaired");
        let is_sound = bench.is_accepted();
        assert_eq!(is_sound, fault != "damaged leaf", "{fault}");
        assert_eq!(is_repaired, found != "-" && is_sound, "{fault}");
        if is_sound {
            assert_eq!(bench.found_by_openssl(), CERTIFICATES, "{fault}");
            assert_eq!(ders(&bench), ders(&sound), "{fault}");
        }
    }
    insta::assert_snapshot!(table, @"
    plain: openssl 3: -
    CRLF: openssl 3: -
    blanks behind lines: openssl 3: -
    byte order mark: openssl 3: text-encoding-unsupported 1:1 the text begins with a UTF-8 byte order mark: OpenSSL reads it, readers in Go lose the first block
    UTF-16, little end first: openssl 0: text-encoding-unsupported 1:1 the text is encoded as UTF-16: no reader of PEM finds a block in it
    UTF-16, big end first: openssl 0: text-encoding-unsupported 1:1 the text is encoded as UTF-16: no reader of PEM finds a block in it
    carriage returns alone: openssl 0: text-encoding-unsupported 1:1 lines end in a carriage return alone: GnuTLS reads it, readers in Go and OpenSSL find no block in it
    END and BEGIN glued: openssl 1: pem-block-damaged 13:26 a BEGIN or END line must start its own line
    indented: openssl 0: pem-block-damaged 1:3 a BEGIN or END line must not be indented
    header in the first block: openssl 2: pem-block-has-headers 2:1 a PEM header stands inside the block: `friendlyName`
    backslash and n: openssl 0: text-encoding-unsupported 1:28 lines end in a backslash and an `n` instead of a line feed: no reader of PEM finds a block in it
    a string of JSON: openssl 0: text-encoding-unsupported 1:29 lines end in a backslash and an `n` instead of a line feed: no reader of PEM finds a block in it
    backslash, r, backslash and n: openssl 0: text-encoding-unsupported 1:28 lines end in a backslash and an `n` instead of a line feed: no reader of PEM finds a block in it
    long dashes: openssl 2: pem-block-damaged 1:1 a BEGIN or END line takes exactly five hyphens on each side
    no-break space in the label: openssl 2: pem-block-damaged 1:11 a non-breaking space (U+00A0) stands where only ASCII may
    no-break space in the data: openssl 2: pem-block-damaged 2:1 a non-breaking space (U+00A0) stands where only ASCII may
    no-break space behind END: openssl 3: pem-block-damaged 13:26 a non-breaking space (U+00A0) stands where only ASCII may
    no-break spaces as indent: openssl 2: pem-block-damaged 2:1 a non-breaking space (U+00A0) stands where only ASCII may
    damaged leaf: openssl 2: pem-block-damaged 2:2 `*` is not a base64 symbol
    ");
}
