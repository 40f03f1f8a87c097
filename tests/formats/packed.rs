//! Findings in what has no lines: a part is named, and no line of it.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::harness::{Certgate, Run, fixtures, openssl};

/// A chain with an expired leaf as PKCS#12 and, one certificate behind the other, one with its root as DER.
fn packed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("pass"), "secret\n").unwrap();
    std::fs::set_permissions(path("pass"), PermissionsExt::from_mode(0o600)).unwrap();
    let expired = "rules/leaf-expired/bad-last-year";
    let seal = format!(
        "pkcs12 -export -in {expired}.pem -inkey {expired}.key -passout file:{} -out {}",
        path("pass"),
        path("bundle.p12")
    );
    assert!(openssl(seal.split(' ')).status.success());
    let chain = std::fs::read_to_string(fixtures().join("chain/p256-depth-3.pem")).unwrap();
    let mut der = Vec::new();
    for block in chain.split_inclusive("-----END CERTIFICATE-----\n") {
        std::fs::write(path("one.pem"), block).unwrap();
        der.extend(openssl(["x509", "-in", &path("one.pem"), "-outform", "der"]).stdout);
    }
    std::fs::write(path("chain.der"), der).unwrap();
    folder
}

fn check(folder: &Path, file: &str, format: &str) -> Run {
    let options = ["--allow", "private-key-missing", "--passphrase-file", "pass", "--format", format];
    Certgate::check([file]).arguments(options).folder(folder).exits(0)
}

#[test]
fn a_part_is_named_in_every_format_and_no_line() {
    let folder = packed();
    for (file, part) in [
        ("bundle.p12", "certificate 1 \"gate.example.com\""),
        ("chain.der", "certificate 3 \"Test root p256-c\""),
    ] {
        let check = |format: &str| check(folder.path(), file, format);
        let sarif = check("sarif").json();
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        let locations: Vec<&Value> = results.iter().map(|result| &result["locations"][0]).collect();
        assert!(
            locations.iter().any(|location| location["logicalLocations"][0]["name"] == part),
            "{sarif:#}"
        );
        let beginning = serde_json::json!({"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1});
        for location in locations {
            assert_eq!(location["physicalLocation"]["artifactLocation"]["uri"], file);
            assert_eq!(location["physicalLocation"]["region"], beginning);
        }
        let github = check("github").stdout;
        assert!(github.contains(&format!("file={file},title=")), "{github}");
        assert!(github.contains(&format!("%0Ain: {part}%0A")) && !github.contains("line="), "{github}");
        let gitlab = check("gitlab").json();
        let issues = gitlab.as_array().unwrap();
        let describes =
            |issue: &&Value| issue["description"].as_str().unwrap().contains(&format!("in: {part};"));
        let issue = issues.iter().find(describes).unwrap();
        assert_eq!(issue["location"], serde_json::json!({"path": file, "lines": {"begin": 1, "end": 1}}));
        let junit = check("junit").stdout;
        let name = format!("({})\" classname=\"{file}\"", part.replace('"', "&quot;"));
        assert!(junit.contains(&name) && !junit.contains("1:1"), "{junit}");
    }
}

/// GitLab and Jenkins take two tests of one name for the same.
#[test]
fn findings_of_one_rule_in_several_parts_are_tests_of_several_names() {
    let folder = tempfile::tempdir().unwrap();
    let read = |path: &str| std::fs::read_to_string(fixtures().join(path)).unwrap();
    let chain = read("chain/p256-depth-3.pem").repeat(3);
    std::fs::write(folder.path().join("chain.pem"), chain).unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let pack = [
        "crl2pkcs7",
        "-nocrl",
        "-certfile",
        &path("chain.pem"),
        "-outform",
        "der",
        "-out",
        &path("chain.p7b"),
    ];
    assert!(openssl(pack).status.success());
    let run = Certgate::check(["chain.p7b", "--allow", "private-key-missing", "--format", "junit"]);
    let junit = run.folder(folder.path()).run().stdout;
    let names: Vec<&str> =
        junit.lines().filter_map(|line| line.trim().strip_prefix("<testcase name=\"")).collect();
    let rules: BTreeSet<&str> = names.iter().filter_map(|name| name.split(' ').next()).collect();
    assert!(rules.len() < names.len(), "one rule finds several: {junit}");
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{junit}");
}
