//! `certgate api-key`.

use crate::harness::{Answer, Served, base64};

fn with(served: &Served, key: &str, method: &str, path: &str) -> Answer {
    let asked = served.ask(method, path).without("Authorization");
    asked.header(&format!("Authorization: Bearer {key}")).json(&serde_json::json!({})).answer()
}

fn id_of(key: &str) -> String {
    format!("ak_{}", key.split_once('_').unwrap().0)
}

#[test]
fn a_key_is_written_alone_and_listed_without_its_secret() {
    let served = Served::new();
    let made = served.certgate(&["api-key", "create", "--description", "of ci"]).exits(0);
    let key = made.stdout.trim_end();
    assert_eq!(made.stdout.lines().count(), 1);
    assert_eq!((key.len(), key.find('_')), (27 + 1 + 21, Some(27)));
    assert!(made.stderr.contains(&id_of(key)) && !made.stderr.contains(key), "{}", made.stderr);
    let listed = served.certgate(&["api-key", "list"]).exits(0).stdout;
    assert_eq!(listed.lines().count(), 2);
    let line = listed.lines().last().unwrap();
    assert!(line.starts_with(&id_of(key)) && line.ends_with("of ci"), "{line}");
    assert!(!listed.contains(key));
}

#[test]
fn a_key_opens_the_api_until_it_is_revoked_while_the_server_runs() {
    let served = Served::new();
    let key = served.another_key(&[]);
    with(&served, &key, "POST", "/ssh_certificate_authorities").is(201);
    served.certgate(&["api-key", "revoke", &id_of(&key)]).exits(0);
    with(&served, &key, "POST", "/ssh_certificate_authorities").refuses(403, 203);
    served.get("/ssh_certificate_authorities").is(200);
    let listed = served.certgate(&["api-key", "list"]).exits(0).stdout;
    assert!(
        listed.lines().any(|line| line.starts_with(&id_of(&key)) && line.contains("revoked 2")),
        "{listed}"
    );
    for id in [id_of(&key).as_str(), "ak_1", "x y"] {
        let run = served.certgate(&["api-key", "revoke", id]).exits(2);
        assert!(run.stderr.contains("no API key"), "{}", run.stderr);
    }
}

#[test]
fn a_key_that_differs_in_one_letter_of_its_secret_opens_nothing() {
    let served = Served::new();
    let key = served.another_key(&[]);
    let (id, secret) = key.split_once('_').unwrap();
    for place in [0, 10, 20] {
        let other = if secret.as_bytes()[place] == b'a' { "b" } else { "a" };
        let mut forged = secret.to_owned();
        forged.replace_range(place..=place, other);
        with(&served, &format!("{id}_{forged}"), "POST", "/ssh_certificate_authorities").refuses(403, 203);
    }
    let of_another = served.another_key(&[]);
    let crossed = format!("{id}_{}", of_another.split_once('_').unwrap().1);
    with(&served, &crossed, "POST", "/ssh_certificate_authorities").refuses(403, 203);
    with(&served, &key, "POST", "/ssh_certificate_authorities").is(201);
}

#[test]
fn a_key_that_reads_changes_nothing() {
    let served = Served::new();
    let key = served.another_key(&["--read-only"]);
    let asked = served.ask("GET", "/tls_certificates").without("Authorization");
    asked.header(&format!("Authorization: Bearer {key}")).answer().is(200);
    let one = "/tls_certificates/cert_2rwwl6y1UCOM1WjSQhSj2VPegVh";
    for (method, path) in [("POST", "/tls_certificates"), ("PATCH", one), ("DELETE", one)] {
        with(&served, &key, method, path).refuses(403, 635);
    }
}

#[test]
fn a_key_may_be_sent_as_the_user_or_the_password_of_basic() {
    let served = Served::new();
    let key = &served.key;
    let asked = |pair: &str| {
        let asked = served.ask("GET", "/tls_certificates").without("Authorization");
        asked.header(&format!("Authorization: Basic {}", base64(pair.as_bytes()))).answer()
    };
    for pair in [format!("{key}:"), format!(":{key}"), format!("api:{key}")] {
        asked(&pair).is(200);
    }
    asked("alice:secret").refuses(403, 202);
    asked(&format!("{}:", id_of(key))).refuses(403, 208);
    let (start, last) = key.split_at(key.len() - 1);
    let other = if last == "a" { "b" } else { "a" };
    let refused = asked(&format!("{start}{other}:")).refuses(403, 203);
    assert!(!refused.body.contains(&key[..40]), "{refused:?}");
    for header in ["Basic ***", "Digest x", "Basic YQ=="] {
        let asked = served.ask("GET", "/tls_certificates").without("Authorization");
        asked.header(&format!("Authorization: {header}")).answer().refuses(403, 201);
    }
}
