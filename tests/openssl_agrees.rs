//! OpenSSL as the witness: which key belongs to which leaf, who signed whom, and what a certificate says.
//!
//! Where the two differ on purpose the case stands in a table with its reason; to agree there is a failure too.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::PathBuf;

use serde_json::Value;

use crate::harness::{Armor, Case, Upload, armors, fixtures, openssl, openssl_says, pairs_in};

/// A case in which the two differ, and why.
type Row = (&'static str, &'static str);

const KEY_UNSUPPORTED: &str = "such a key cannot be used at all, and `key-unsupported` says that instead";
const PASSED_OVER: &str = "openssl passes over the leaf, whose BEGIN line is damaged, and reads its issuer";

const SELF_SIGNED_GIVEN: &str =
    "it is self-signed, and openssl looks no further; the next one has its name and its key";

/// Where one of the two says that the key matches the leaf.
const KEYS: [Row; 9] = [
    ("rules/key-unsupported/bad-dsa", KEY_UNSUPPORTED),
    ("rules/key-unsupported/bad-dsa-traditional", KEY_UNSUPPORTED),
    ("rules/key-unsupported/bad-ed448", KEY_UNSUPPORTED),
    ("rules/key-unsupported/bad-explicit-parameters", KEY_UNSUPPORTED),
    ("rules/key-unsupported/bad-rsa-pss", KEY_UNSUPPORTED),
    ("rules/key-unsupported/bad-secp256k1", KEY_UNSUPPORTED),
    ("rules/key-unsupported/bad-x25519", KEY_UNSUPPORTED),
    ("rules/pem-block-damaged/bad-em-dashes", PASSED_OVER),
    ("rules/pem-block-damaged/bad-four-dashes", PASSED_OVER),
];

/// Where one of the two says that the certificate with this index is signed by the next.
const LINKS: [Row; 4] = [
    (
        "rules/chain-not-trusted/bad-intermediate-no-authority 0",
        "the next one is no CA, and openssl stops there; the signature is right",
    ),
    ("rules/chain-member-unrelated/bad-crossed-root 2", SELF_SIGNED_GIVEN),
    ("rules/chain-member-unrelated/bad-renewed 0", SELF_SIGNED_GIVEN),
    (
        "rules/chain-out-of-order/bad-leaf-twice 0",
        "the next one is the same: told to trust it, openssl takes it without looking at the signature",
    ),
];

/// Where one of the two says that the certificate with this index signed itself.
const SELF_SIGNED: [Row; 1] = [(
    "rules/leaf-is-a-ca/bad-self-signed 0",
    "its key usage leaves out the signing of certificates, and openssl stops there; the signature is right",
)];

/// What was compared so far.
struct Comparison {
    rows: &'static [Row],
    differing: BTreeSet<String>,
    faults: Vec<String>,
    /// How often both say yes, and how often both say no.
    yes: usize,
    no: usize,
}

impl Comparison {
    fn new(rows: &'static [Row]) -> Self {
        Self { rows, differing: BTreeSet::new(), faults: Vec::new(), yes: 0, no: 0 }
    }

    /// Both answers to one question; `case` is its name in the table.
    fn hear(&mut self, case: String, openssl: bool, certgate: bool) {
        match (openssl, certgate) {
            (true, true) => self.yes += 1,
            (false, false) => self.no += 1,
            _ => self.differ(case, openssl),
        }
    }

    fn differ(&mut self, case: String, openssl: bool) {
        if !self.rows.iter().any(|(row, _)| *row == case) {
            self.faults.push(format!("{case}: openssl says {openssl}, certgate {}", !openssl));
        }
        self.differing.insert(case);
    }

    /// Fails where a difference has no row, a row no difference, or where too little was compared.
    #[track_caller]
    fn agrees(mut self, yes_min: usize, no_min: usize) {
        let settled = self.rows.iter().filter(|(row, _)| !self.differing.contains(*row));
        let settled =
            settled.map(|(row, reason)| format!("{row}: they do not differ any more; was: {reason}"));
        self.faults.extend(settled);
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
        let Self { yes, no, .. } = self;
        assert!(yes >= yes_min && no >= no_min, "both say {yes} times yes and {no} times no");
    }
}

/// A chain whose certificates all read, one file for each.
struct Chain {
    stem: String,
    facts: Value,
    folder: tempfile::TempDir,
    length: usize,
}

impl Chain {
    /// `None` where a certificate does not read.
    fn of(upload: &Upload) -> Option<Self> {
        let (blocks, case) = (certificates(upload), judged(upload));
        let facts = case.json()["facts"].clone();
        let is_read = facts["certificates"].as_array().is_some_and(|read| read.len() == blocks.len());
        if !is_read || case.finding("certificate-unreadable").is_some() {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        for (index, block) in blocks.iter().enumerate() {
            std::fs::write(folder.path().join(format!("{index}.pem")), block.text()).unwrap();
        }
        Some(Self { stem: upload.stem.clone(), facts, folder, length: blocks.len() })
    }

    fn file(&self, index: usize) -> PathBuf {
        self.folder.path().join(format!("{index}.pem"))
    }

    fn facts(&self, index: usize) -> &Value {
        &self.facts["certificates"][index]
    }

    /// Whether the certificate behind `below` signed it: `facts.chain.links`.
    fn is_signed(&self, below: usize) -> bool {
        match self.facts["chain"]["links"][below].as_str() {
            Some("signed") => true,
            Some("not-signed") => false,
            other => panic!("{} {below}: the signature was not checked: {other:?}", self.stem),
        }
    }

    fn is_self_signed(&self, index: usize) -> bool {
        self.facts["chain"]["self_signed"].as_array().unwrap().contains(&index.into())
    }

    /// `openssl verify` of one under another, asked for as little beside the signature as can be.
    fn verifies(&self, below: usize, above: usize, option: &str) -> bool {
        let quiet = ["-no_check_time", "-ignore_critical", "-purpose", "any", "-auth_level", "0"];
        let options = ["verify", option].into_iter().chain(quiet).map(PathBuf::from);
        let files = [PathBuf::from("-trusted"), self.file(above), self.file(below)];
        openssl(options.chain(files)).status.success()
    }
}

/// The blocks of certificates, as they stand in the file.
fn certificates(upload: &Upload) -> Vec<Armor> {
    let bytes = std::fs::read(fixtures().join(upload.certificate())).unwrap();
    let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)).into_owned();
    armors(&text).into_iter().filter(|armor| armor.label == "CERTIFICATE").collect()
}

fn judged(upload: &Upload) -> Case {
    upload.check().arguments(["--format", "json"]).run().case()
}

/// The chains to ask about signatures.
fn chains() -> Vec<Chain> {
    let is_about_chains = |upload: &Upload| {
        let rule = upload.rule();
        ["chain-", "leaf-", "key-does-not-match-leaf"].iter().any(|start| rule.starts_with(start))
    };
    let of_rules = pairs_in("rules").into_iter().filter(is_about_chains);
    pairs_in("chain").into_iter().chain(of_rules).filter_map(|upload| Chain::of(&upload)).collect()
}

#[test]
fn a_key_matches_the_leaf_where_openssl_prints_the_same_public_key_for_both() {
    let (mut comparison, folder) = (Comparison::new(&KEYS), tempfile::tempdir().unwrap());
    let leaf = folder.path().join("leaf.pem");
    for upload in ["chain", "rules", "seed"].into_iter().flat_map(pairs_in) {
        // In a file of its own: from the upload openssl would read the first that it can.
        let Some(first) = certificates(&upload).into_iter().next() else { continue };
        std::fs::write(&leaf, first.text()).unwrap();
        let of_leaf = openssl_says(["x509", "-noout", "-pubkey", "-in", leaf.to_str().unwrap()]);
        let of_key = openssl_says(["pkey", "-pubout", "-passin", "pass:certgate-test", "-in", &upload.key()]);
        if let (Some(of_leaf), Some(of_key)) = (of_leaf, of_key) {
            let certgate = judged(&upload).finding("key-does-not-match-leaf").is_none();
            comparison.hear(upload.stem, of_leaf == of_key, certgate);
        }
    }
    comparison.agrees(170, 8);
}

#[test]
fn a_certificate_signed_another_where_openssl_verifies_it_under_that_one() {
    let mut comparison = Comparison::new(&LINKS);
    for chain in chains() {
        for below in 1..chain.length {
            let below = below - 1;
            let openssl = chain.verifies(below, below + 1, "-partial_chain");
            comparison.hear(format!("{} {below}", chain.stem), openssl, chain.is_signed(below));
        }
    }
    comparison.agrees(120, 15);
}

#[test]
fn a_certificate_signed_itself_where_openssl_verifies_it_under_itself() {
    let mut comparison = Comparison::new(&SELF_SIGNED);
    for chain in chains() {
        for index in 0..chain.length {
            // As part of a chain it would be trusted unread: to be its own root it must have signed itself.
            let openssl = chain.verifies(index, index, "-check_ss_sig");
            comparison.hear(format!("{} {index}", chain.stem), openssl, chain.is_self_signed(index));
        }
    }
    comparison.agrees(80, 130);
}

#[test]
fn fingerprint_serial_number_dates_and_names_are_those_that_openssl_prints() {
    let mut compared = 0;
    for upload in ["chain", "seed"].into_iter().flat_map(pairs_in) {
        let chain = Chain::of(&upload).expect("a sound chain reads");
        for index in 0..chain.length {
            let (ours, theirs) = (told_by_us(chain.facts(index)), told_by_openssl(&chain.file(index)));
            assert_eq!(ours, theirs, "{} {index}", chain.stem);
            compared += 1;
        }
    }
    assert!(compared >= 60, "{compared} certificates compared");
}

/// What both say of a certificate.
#[derive(Debug, PartialEq)]
struct Told {
    sha256: String,
    serial_number: String,
    not_before: String,
    not_after: String,
    common_name: Option<String>,
    names: BTreeSet<String>,
}

fn told_by_openssl(path: &std::path::Path) -> Told {
    let wanted = "-fingerprint -sha256 -serial -dates -dateopt iso_8601 -ext subjectAltName \
                  -subject -nameopt sep_multiline,utf8,sname";
    let path = path.to_str().unwrap();
    let arguments = ["x509", "-noout", "-in", path].into_iter().chain(wanted.split_whitespace());
    let printed = openssl_says(arguments).expect("openssl reads a sound certificate");
    let value = |name: &str| {
        let value = printed.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        value.unwrap_or_else(|| panic!("no {name} in {printed}"))
    };
    let moment = |name: &str| value(name).replace(' ', "T");
    let names =
        printed.lines().skip_while(|line| !line.contains("Alternative Name")).nth(1).unwrap_or_default();
    Told {
        sha256: value("sha256 Fingerprint").replace(':', "").to_lowercase(),
        serial_number: value("serial").to_lowercase(),
        not_before: moment("notBefore"),
        not_after: moment("notAfter"),
        common_name: printed.lines().find_map(|line| line.trim().strip_prefix("CN=")).map(str::to_owned),
        names: names.split(", ").map(comparable).filter(|name| !name.is_empty()).collect(),
    }
}

/// OpenSSL writes addresses in full.
fn comparable(name: &str) -> String {
    let name = name.trim();
    match name.strip_prefix("IP Address:") {
        Some(address) => format!("IP:{}", address.parse::<IpAddr>().expect("an address")),
        None => name.to_owned(),
    }
}

fn told_by_us(facts: &Value) -> Told {
    let text =
        |field: &str| facts[field].as_str().unwrap_or_else(|| panic!("no {field} in {facts}")).to_owned();
    let kinds = [("dns_names", "DNS"), ("ips", "IP"), ("emails", "email"), ("uris", "URI")];
    let names = kinds.into_iter().flat_map(|(field, kind)| {
        let names = facts["subject_alternative_names"][field].as_array().expect("a list of names");
        names.iter().map(move |name| format!("{kind}:{}", name.as_str().expect("a name")))
    });
    Told {
        sha256: text("sha256"),
        serial_number: text("serial_number"),
        not_before: text("not_before"),
        not_after: text("not_after"),
        common_name: facts["common_name"].as_str().map(str::to_owned),
        names: names.collect(),
    }
}
