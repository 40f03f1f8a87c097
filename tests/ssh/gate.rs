//! The gate before the signature: what the rules find in a request, `certgate ssh issue` finds, and does not sign.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::{Folder, Kind, RuleFixture, fixtures, rule_fixtures};

/// The requests whose fault, if any, is in the key or the principals: what an inventory says of a host.
fn requests() -> Vec<RuleFixture> {
    let of_host = |fixture: &RuleFixture| {
        let rule = fixture.rule();
        let about_key = rule.starts_with("host-key-") && rule != "host-key-shared";
        fixture.kind == Kind::HostCertificateRequest && (about_key || rule.starts_with("principal"))
    };
    rule_fixtures().into_iter().filter(of_host).collect()
}

/// An inventory with one host for each request, called after its fixture.
fn inventory(folder: &Folder, requests: &[RuleFixture]) -> String {
    let mut hosts = String::new();
    for (number, request) in requests.iter().enumerate() {
        let text = std::fs::read(fixtures().join(&request.path)).unwrap();
        let json: Value = serde_json::from_slice(&text).unwrap();
        folder.write(&format!("{number}.pub"), json["public_key"].as_str().unwrap_or_default());
        let quoted = |text: &str| {
            let escaped: String =
                text.chars().map(|letter| format!("\\U{:08X}", u32::from(letter))).collect();
            format!("\"{escaped}\"")
        };
        let names = json["principals"].as_array().cloned().unwrap_or_default();
        let names: Vec<String> = names.iter().map(|name| quoted(name.as_str().unwrap())).collect();
        hosts.push_str(&format!(
            "[[host]]\nkey_id = \"{}\"\npublic_key = \"{number}.pub\"\nprincipals = [{}]\n",
            request.path,
            names.join(", ")
        ));
    }
    hosts
}

#[test]
fn every_request_with_a_faulty_key_or_name_is_refused_and_every_repaired_one_is_signed() {
    let folder = Folder::new();
    folder.authority("hosts", &[]);
    let requests = requests();
    assert!(requests.len() > 100, "{} requests", requests.len());
    folder.write("hosts.toml", inventory(&folder, &requests));
    let run = folder.certgate(["issue", "--inventory", "hosts.toml", "--format", "json"]).exits(1);
    let json = run.json();
    let hosts: BTreeMap<&str, &Value> = json["hosts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|host| (host["key_id"].as_str().unwrap(), host))
        .collect();
    for request in &requests {
        let host = hosts[request.path.as_str()];
        let findings = host["findings"].as_array().unwrap();
        let own = findings.iter().find(|finding| finding["rule"] == request.rule());
        let has_error = findings.iter().any(|finding| finding["severity"] == "error");
        assert_eq!(own.is_some(), request.is_bad(), "{}: {host}", request.path);
        assert_eq!(host["action"], if has_error { "refuse" } else { "issue" }, "{}: {host}", request.path);
        assert!(request.is_bad() || !has_error, "{}: {host}", request.path);
    }
    let signed = json["hosts"].as_array().unwrap().iter().filter(|host| host["action"] == "issue").count();
    assert_eq!(folder.listed(&[]).len(), signed, "what is refused is not in the ledger");
}
