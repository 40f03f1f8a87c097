//! Files in any order: what each one is, and which key belongs to which chain, is found by content.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::{Case, Certgate, fixtures, openssl};

const P256: [&str; 2] = ["chain/p256-depth-3.pem", "chain/p256-depth-3.key"];
const RSA: [&str; 2] = ["chain/rsa-2048-depth-2.pem", "chain/rsa-2048-depth-2.key"];

fn cases(files: &[&str]) -> Vec<Case> {
    Certgate::check(files).arguments(["--format", "json"]).run().cases()
}

/// The path in a slot of a case; `None` where nothing was given for it.
fn input<'a>(case: &'a Case, slot: &str) -> Option<&'a str> {
    let inputs = case.json()["inputs"].as_array().expect("there are inputs");
    inputs.iter().find(|input| input["slot"] == slot).and_then(|input| input["path"].as_str())
}

/// Certificate and key of each case, sorted.
fn pairs(cases: &[Case]) -> Vec<[Option<&str>; 2]> {
    let mut pairs: Vec<_> =
        cases.iter().map(|case| [input(case, "certificate"), input(case, "private_key")]).collect();
    pairs.sort();
    pairs
}

fn read(path: &str) -> String {
    std::fs::read_to_string(fixtures().join(path)).unwrap()
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path: PathBuf = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn two_chains_and_two_keys_find_each_other_in_any_order() {
    let [(chain, key), (other_chain, other_key)] = [P256, RSA].map(|[chain, key]| (chain, key));
    let orders = [
        [chain, key, other_chain, other_key],
        [key, other_key, chain, other_chain],
        [other_key, chain, key, other_chain],
        [other_chain, chain, other_key, key],
    ];
    for order in orders {
        let cases = cases(&order);
        assert_eq!(pairs(&cases), [P256.map(Some), RSA.map(Some)], "{order:?}");
        assert!(cases.iter().all(Case::is_accepted), "{order:?}");
    }
}

#[test]
fn names_of_files_mean_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let [chain, key] = [(P256[0], "privkey.pem"), (P256[1], "fullchain.pem")]
        .map(|(path, name)| write(folder.path(), name, &read(path)));
    let cases = cases(&[&chain, &key]);
    assert_eq!(pairs(&cases), [[Some(chain.as_str()), Some(key.as_str())]]);
    assert!(cases[0].is_accepted());
}

#[test]
fn a_file_with_chain_and_key_is_an_upload_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    for (name, order) in [("chain-first", [0, 1]), ("key-first", [1, 0])] {
        let both = write(folder.path(), name, &order.map(|index| read(P256[index])).concat());
        let run = Certgate::check([&both]).arguments(["--format", "json"]).exits(0);
        let case = run.case();
        assert!(case.is_accepted(), "{name}: {:?}", case.rules());
        assert_eq!(pairs(&[case]), [[Some(both.as_str()); 2]], "{name}");
    }
}

#[test]
fn a_chain_without_a_key_is_refused_for_it() {
    let run = Certgate::check([P256[0]]).arguments(["--format", "json"]).exits(1);
    let case = run.case();
    assert_eq!(case.api_code(), Some("ERR_NGROK_1901"));
    assert!(case.finding("private-key-missing").is_some());
    assert_eq!(pairs(&[case]), [[Some(P256[0]), None]]);
}

#[test]
fn a_chain_alone_is_judged_where_the_missing_key_is_allowed() {
    let allowed = ["--allow", "private-key-missing", "--format", "json"];
    let case = Certgate::check([P256[0]]).arguments(allowed).exits(0).case();
    assert!(!case.is_accepted(), "to allow a rule clears nothing");
    assert!(case.finding("private-key-missing").is_none());
}

#[test]
fn a_key_without_a_chain_is_refused_for_it() {
    let run = Certgate::check([RSA[1]]).arguments(["--format", "json"]).exits(1);
    let case = run.case();
    assert_eq!(case.api_code(), Some("ERR_NGROK_1922"));
    assert!(case.finding("certificate-missing").is_some());
    assert_eq!(pairs(&[case]), [[None, Some(RSA[1])]]);
}

#[test]
fn one_key_serves_every_chain_that_holds_its_public_half() {
    let (one, two) = ("chain/rsa-2048-depth-2.pem", "chain/rsa-2048-depth-3.pem");
    let cases = cases(&[two, RSA[1], one]);
    assert_eq!(pairs(&cases), [[Some(one), Some(RSA[1])], [Some(two), Some(RSA[1])]]);
    assert!(cases.iter().all(Case::is_accepted));
}

#[test]
fn a_chain_and_a_key_that_do_not_fit_are_judged_together() {
    let cases = cases(&[P256[0], RSA[1]]);
    assert_eq!(pairs(&cases), [[Some(P256[0]), Some(RSA[1])]]);
    assert_eq!(cases[0].api_code(), Some("ERR_NGROK_1923"));
}

#[test]
fn a_key_that_fits_another_certificate_of_the_chain_goes_with_it() {
    let stem = "rules/key-does-not-match-leaf/bad-of-the-intermediate";
    let [chain, key] = ["pem", "key"].map(|extension| format!("{stem}.{extension}"));
    let cases = cases(&[RSA[0], &key, RSA[1], &chain]);
    assert_eq!(pairs(&cases), [RSA.map(Some), [Some(chain.as_str()), Some(key.as_str())]]);
}

#[test]
fn a_file_named_twice_is_judged_once() {
    assert_eq!(cases(&[P256[0], P256[1], P256[0]]).len(), 1);
}

#[test]
fn standard_input_named_twice_is_read_once() {
    let both = P256.map(read).concat();
    let case = Certgate::check(["-", "-", "--format", "json"]).stdin(both).exits(0).case();
    assert_eq!(pairs(&[case]), [[Some("-"); 2]]);
    let files = ["-", P256[1], "-", P256[1]];
    let case = Certgate::check(files).arguments(["--format", "json"]).stdin(read(P256[0])).exits(0).case();
    assert_eq!(pairs(&[case]), [[Some("-"), Some(P256[1])]]);
}

#[test]
fn slots_are_what_they_are_called_whatever_the_files_hold() {
    let slots = ["--certificate", P256[1], "--private-key", P256[0], "--format", "json"];
    let case = Certgate::check(slots).exits(1).case();
    assert_eq!(pairs(std::slice::from_ref(&case)), [[Some(P256[1]), Some(P256[0])]]);
    assert!(case.finding("certificate-slot-holds-key").is_some(), "{:?}", case.rules());
    assert!(case.finding("key-slot-holds-certificate").is_some(), "{:?}", case.rules());
}

#[test]
fn a_chain_in_another_container_is_named_and_judged_or_said_to_be_closed() {
    let folder = tempfile::tempdir().unwrap();
    let [chain, key] = P256;
    let makers: [(&str, &[&str], &str, &str); 4] = [
        ("x.cer", &["x509", "-in", chain, "-outform", "der"], "a certificate in DER", "ERR_NGROK_1901"),
        (
            "x.pfx",
            &["pkcs12", "-export", "-in", chain, "-inkey", key, "-passout", "pass:x"],
            "this is PKCS#12",
            "ERR_NGROK_1922",
        ),
        (
            "x.p7b",
            &["crl2pkcs7", "-nocrl", "-certfile", chain, "-outform", "der"],
            "this is PKCS#7",
            "ERR_NGROK_1901",
        ),
        ("x.der", &["pkey", "-in", key, "-outform", "der"], "a private key in DER", "ERR_NGROK_1922"),
    ];
    for (name, arguments, said, code) in makers {
        let path = folder.path().join(name);
        let path = path.to_str().expect("the name is plain");
        let output = openssl(arguments.iter().copied().chain(["-out", path]));
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let check =
            || Certgate::after(&["setsid", "--wait"], ["check", "--at", certgate_fixtures::JUDGED_AT, path]);
        let run = check().exits(1);
        assert!(run.stdout.contains("help: ") && run.stdout.contains(said), "{name}: {}", run.stdout);
        let case = check().arguments(["--format", "json"]).exits(1).case();
        assert_eq!(case.api_code(), Some(code), "{name}");
    }
}

#[test]
fn a_file_that_holds_nothing_of_the_kind_is_judged_and_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in
        [("empty", ""), ("blank", " \n\t\r\n"), ("prose", "not a chain\n"), ("zeros", "\0\0\0\0")]
    {
        let path = write(folder.path(), name, bytes);
        let case = Certgate::check([&path]).arguments(["--format", "json"]).exits(1).case();
        assert!(case.finding("certificate-missing").is_some(), "{name}: {:?}", case.rules());
    }
}

#[test]
fn standard_input_is_a_file_called_dash() {
    let both = P256.map(read).concat();
    let run = Certgate::check(["-", "--format", "json"]).stdin(both).exits(0);
    assert_eq!(pairs(&[run.case()]), [[Some("-"); 2]]);

    let run = Certgate::check([P256[0], "-", "--format", "json"]).stdin(read(P256[1])).exits(0);
    assert_eq!(pairs(&[run.case()]), [[Some(P256[0]), Some("-")]]);

    let slots = ["--certificate", "-", "--private-key", P256[1], "--format", "json"];
    let run = Certgate::check(slots).stdin(read(P256[0])).exits(0);
    assert_eq!(pairs(&[run.case()]), [[Some("-"), Some(P256[1])]]);
}

#[test]
fn the_summary_counts_all_cases() {
    let json = Certgate::check([P256[0], RSA[1], "chain/ed25519-depth-1.pem"])
        .arguments(["--format", "json"])
        .run()
        .json();
    let summary = &json["summary"];
    let number = |field: &str| summary[field].as_u64().expect("counts are numbers");
    assert_eq!(number("cases"), u64::try_from(json["cases"].as_array().unwrap().len()).unwrap());
    assert_eq!(number("accepted") + number("refused"), number("cases"));
    assert_eq!(json["version"], Value::from(1));
}
