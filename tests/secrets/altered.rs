//! What becomes of key files on their way.

use crate::harness::{base64_bytes, fixtures};

/// The ways in which a key file, given as text, can be damaged or misnamed: a name, and the file.
pub(super) fn alterations(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let (first, last) = (lines[0], lines[lines.len() - 1]);
    let inner = &lines[1..lines.len() - 1];
    let middle = lines.len() / 2;
    let joined = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let with_line = |line: &str| joined(&[&lines[..middle], &[line], &lines[middle + 1..]].concat());
    let column = lines[middle].len().min(40) / 2;
    let put = |symbol: &str| format!("{}{symbol}{}", &lines[middle][..column], &lines[middle][column + 1..]);
    let certificate =
        joined(&[&["-----BEGIN CERTIFICATE-----"], inner, &["-----END CERTIFICATE-----"]].concat());
    let bad = put("*");
    let damaged = [&lines[..middle], &[bad.as_str()], &lines[middle + 1..]].concat();
    let with_bad_symbol = certificate.replace(lines[middle], &bad);
    // Its base64 ends without padding: nothing but its length says where it ends.
    let leaf = std::fs::read_to_string(fixtures().join("chain/p521-depth-1.pem")).expect("the chain is text");
    let leaf: Vec<&str> = leaf.lines().filter(|line| !line.starts_with('#')).collect();
    let texts = [
        ("bad-symbol", with_line(&put("*"))),
        ("bad-dash", with_line(&put("\u{2014}"))),
        ("inner-padding", with_line(&put("="))),
        ("truncated", joined(&[&lines[..middle], &[last]].concat())),
        ("truncated-without-end", joined(&lines[..middle])),
        ("without-end", joined(&lines[..lines.len() - 1])),
        ("without-begin", joined(&lines[1..])),
        ("bare", joined(inner)),
        ("line-lost", joined(&[&lines[..middle], &lines[middle + 1..]].concat())),
        ("certificate", certificate.clone()),
        ("certificate-bad-symbol", with_bad_symbol.clone()),
        ("certificate-without-end", certificate.replace("-----END CERTIFICATE-----\n", "")),
        ("certificate-then-key-end", joined(&[&["-----BEGIN CERTIFICATE-----"], inner, &[last]].concat())),
        ("public-key", certificate.replace("CERTIFICATE", "PUBLIC KEY")),
        ("public-key-bad-symbol", with_bad_symbol.replace("CERTIFICATE", "PUBLIC KEY")),
        ("pkcs7-bad-symbol", with_bad_symbol.replace("CERTIFICATE", "PKCS7")),
        ("parameters-bad-symbol", with_bad_symbol.replace("CERTIFICATE", "EC PARAMETERS")),
        ("behind-certificate", joined(&[&leaf[..], &lines].concat())),
        ("behind-certificate-without-end", joined(&[&leaf[..leaf.len() - 1], &damaged].concat())),
        ("certificate-runs-into-key", joined(&[&leaf[..leaf.len() - 1], &damaged[1..]].concat())),
        (
            "certificate-with-key-inside",
            joined(&[&leaf[..3], &damaged[1..damaged.len() - 1], &leaf[3..]].concat()),
        ),
        ("indented", joined(&lines).replace('\n', "\n    ")),
        ("one-line", joined(&lines).replace('\n', "\\n")),
        ("spaces-for-lines", joined(&lines).replace('\n', " ")),
        ("four-dashes", joined(&lines).replace("-----", "----")),
        ("em-dashes", joined(&lines).replace("-----", "\u{2014}")),
        ("header-of-base64", joined(&[&[first, "Comment: x"], inner, &[last]].concat())),
        ("colon-in-base64", with_line(&put(":"))),
        ("carriage-returns", joined(&lines).replace('\n', "\r")),
        ("mark", format!("\u{feff}{}", joined(&lines))),
        ("twice", joined(&[&lines[..], inner, &[last]].concat())),
    ];
    let mut altered: Vec<(&str, Vec<u8>)> =
        texts.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    altered.push(("utf16", joined(&lines).encode_utf16().flat_map(u16::to_le_bytes).collect()));
    altered.push(("der", base64_bytes(&inner.concat())));
    altered
}
