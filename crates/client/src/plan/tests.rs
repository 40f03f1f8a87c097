//! Plans for what is held and what is declared.

use std::sync::Arc;

use certgate_api::{SshHostCertificate, TlsCertificate};
use certgate_facts::{Reading, Source};
use certgate_rules::{Field, HostCertificateRequest, Moment, Slot, TlsUpload};
use serde_json::json;

use super::*;

const AT: &str = "2026-11-01T00:00:00Z";
const CA: &str = "sshca_2rwwl5w69mehWeDVlbshgAxOzQS";
const DAY_SECS: i64 = 86_400;

fn at() -> Timestamp {
    AT.parse().unwrap()
}

fn text(name: &str) -> String {
    let path = format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn reading(name: &str) -> Arc<Reading> {
    Arc::new(Reading::of(Source::from_bytes(name, text(name).into_bytes()).unwrap()))
}

fn metadata(name: &str) -> String {
    format!(r#"{{"certgate":"shop/{name}"}}"#)
}

fn tls(name: &str, stem: &str) -> DeclaredTls {
    let slot = |extension| Slot::whole(reading(&format!("{stem}.{extension}")));
    let upload =
        TlsUpload::new(slot("pem"), slot("key")).with_description("the shop").with_metadata(metadata(name));
    DeclaredTls::of(name, &upload)
}

/// An id that orders by its number.
fn id(prefix: &str, number: u32) -> String {
    format!("{prefix}_{number:0>27}")
}

fn held_tls(number: u32, metadata: &str, stem: &str) -> TlsCertificate {
    serde_json::from_value(json!({
        "id": id("cert", number), "created_at": AT, "description": "the shop", "metadata": metadata,
        "certificate_pem": text(&format!("{stem}.pem")), "not_before": AT, "not_after": AT,
    }))
    .unwrap()
}

fn host(key: &str, principals: &[&str]) -> DeclaredHost {
    let field = |text: &str| Field::new("test", text).unwrap();
    let begins = u64::try_from(at().unix_secs()).unwrap();
    let request = HostCertificateRequest::new(
        reading(key),
        field("web-1"),
        principals.iter().map(|name| field(name)).collect(),
        Moment::at(begins),
        Moment::at(begins + 30 * 86_400),
    );
    let request = request.with_authority_id(field(CA)).with_metadata(field(&metadata("web-1")));
    DeclaredHost::of("web-1", &request, 10 * 86_400)
}

fn held_host(changed: serde_json::Value) -> SshHostCertificate {
    let key = text("ssh/ed25519.pub");
    let moment = |days: i64| Timestamp::from_unix_secs(at().unix_secs() + days * DAY_SECS).to_string();
    let mut resource = json!({
        "id": id("shcrt", 1), "created_at": AT, "metadata": metadata("web-1"),
        "public_key": key.lines().last().unwrap(), "ssh_certificate_authority_id": CA,
        "principals": ["a.example.com", "192.0.2.1"], "valid_after": moment(-5), "valid_until": moment(25),
    });
    resource.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
    serde_json::from_value(resource).unwrap()
}

fn planned<D: Declaration>(declared: &[D], resources: Vec<D::Resource>) -> Plan<D::Resource> {
    let mut held = Held::of("shop");
    resources.into_iter().for_each(|resource| held.insert(resource));
    plan(declared, held, at())
}

/// A line for each step and leftover.
fn shown<D: Declaration>(declared: &[D], resources: Vec<D::Resource>) -> Vec<String> {
    let plan = planned(declared, resources);
    let short = |id: Id<D::Resource>| {
        id.to_string().trim_start_matches(|letter: char| !('1'..='9').contains(&letter)).to_owned()
    };
    let steps = plan.steps.iter().map(|step| match &step.action {
        Action::Create => format!("create {}", step.name),
        Action::Replace { held, reasons } => {
            format!("replace {} {}: {}", step.name, short(*held), reasons.join("; "))
        }
        Action::Update { held, update } => {
            format!("update {} {}: {:?} {:?}", step.name, short(*held), update.description, update.metadata)
        }
        Action::Keep { held } => format!("keep {} {}", step.name, short(*held)),
    });
    let leftovers =
        plan.leftovers.iter().map(|left| format!("{:?} {} {}", left.reason, left.name, short(left.id)));
    steps.chain(leftovers).chain((plan.foreign > 0).then(|| format!("foreign {}", plan.foreign))).collect()
}

const ONE: &str = "chain/p256-depth-2";
const OTHER: &str = "chain/p384-depth-2";

#[test]
fn what_is_missing_is_created_and_what_is_there_is_kept() {
    let declared = [tls("www", ONE), tls("api", OTHER)];
    assert_eq!(shown(&declared, Vec::new()), ["create www", "create api"]);
    let held = vec![held_tls(2, &metadata("api"), OTHER), held_tls(1, &metadata("www"), ONE)];
    assert_eq!(shown(&declared, held), ["keep www 1", "keep api 2"]);
}

#[test]
fn what_bears_no_marker_of_the_project_is_counted_and_nothing_else() {
    let foreign =
        ["", "not JSON", r#"{"certgate":"other/www"}"#, r#"{"certgate":"shop"}"#, r#"{"team":"shop/www"}"#];
    let held = (1..).zip(foreign).map(|(number, metadata)| held_tls(number, metadata, ONE)).collect();
    assert_eq!(shown(&[tls("www", ONE)], held), ["create www", "foreign 5"]);
}

#[test]
fn description_and_metadata_are_updated() {
    let with_more = r#"{"certgate":"shop/www","team":"web"}"#;
    let held = vec![held_tls(1, with_more, ONE)];
    assert_eq!(shown(&[tls("www", ONE)], held), [format!("update www 1: None Some({:?})", metadata("www"))]);
    let without = TlsCertificate { description: String::new(), ..held_tls(1, &metadata("www"), ONE) };
    assert_eq!(shown(&[tls("www", ONE)], vec![without]), ["update www 1: Some(\"the shop\") None"]);
}

#[test]
fn another_chain_is_a_replacement_that_says_what_differs() {
    let replaced = |declared: &str, held: TlsCertificate| shown(&[tls("www", declared)], vec![held]);
    insta::assert_debug_snapshot!(replaced(ONE, held_tls(1, &metadata("www"), OTHER)), @r#"
    [
        "replace www 1: another leaf: 9fb95824cf29… until 2026-12-30T00:00:00Z, held 04cbff8225b8… until 2026-12-30T00:00:00Z",
        "Superseded www 1",
    ]
    "#);
    let mut shorter = held_tls(1, &metadata("www"), ONE);
    let end = shorter.certificate_pem.find("-----END CERTIFICATE-----").unwrap()
        + "-----END CERTIFICATE-----\n".len();
    shorter.certificate_pem.truncate(end);
    assert_eq!(
        replaced(ONE, shorter.clone()),
        ["replace www 1: a chain of 2, held one of 1", "Superseded www 1"]
    );
    let leaf = shorter.certificate_pem.clone();
    shorter.certificate_pem += &leaf;
    assert_eq!(
        replaced(ONE, shorter.clone()),
        ["replace www 1: another certificate behind the same leaf", "Superseded www 1"]
    );
    shorter.certificate_pem = "gone".to_owned();
    assert_eq!(
        replaced(ONE, shorter),
        ["replace www 1: the certificate that is held does not read", "Superseded www 1"]
    );
}

#[test]
fn text_around_the_armor_and_its_width_make_no_difference() {
    let mut held = held_tls(1, &metadata("www"), ONE);
    held.certificate_pem = format!("a comment\n\n{}\n\n", held.certificate_pem.trim());
    assert_eq!(shown(&[tls("www", ONE)], vec![held]), ["keep www 1"]);
}

#[test]
fn of_several_that_are_held_the_newest_that_fits_is_kept() {
    let www = || metadata("www");
    let held = vec![held_tls(3, &www(), OTHER), held_tls(1, &www(), ONE), held_tls(2, &www(), ONE)];
    assert_eq!(shown(&[tls("www", ONE)], held), ["keep www 2", "Superseded www 1", "Superseded www 3"]);
    let held = vec![held_tls(5, &www(), OTHER), held_tls(4, &www(), OTHER)];
    let lines = shown(&[tls("www", ONE)], held);
    assert!(lines[0].starts_with("replace www 5: another leaf"), "{lines:?}");
    assert_eq!(lines[1..], ["Superseded www 4", "Superseded www 5"]);
}

#[test]
fn what_is_listed_twice_is_there_once() {
    let held = || held_tls(1, &metadata("www"), ONE);
    assert_eq!(shown(&[tls("www", ONE)], vec![held(), held()]), ["keep www 1"]);
}

#[test]
fn what_is_not_declared_any_more_is_left_over() {
    let held = vec![
        held_tls(3, &metadata("b"), ONE),
        held_tls(1, &metadata("b"), ONE),
        held_tls(2, &metadata("a"), ONE),
        held_tls(4, &metadata("www"), ONE),
    ];
    let lines = shown(&[tls("www", ONE)], held);
    assert_eq!(lines, ["keep www 4", "Undeclared a 2", "Undeclared b 1", "Undeclared b 3"]);
}

#[test]
fn a_host_certificate_that_fits_is_kept_until_it_is_due() {
    let declared = || [host("ssh/ed25519.pub", &["a.example.com", "192.0.2.1"])];
    let moment = |secs: i64| Timestamp::from_unix_secs(at().unix_secs() + secs).to_string();
    let until = |secs: i64| {
        let times = json!({ "valid_after": moment(secs - 30 * DAY_SECS), "valid_until": moment(secs) });
        shown(&declared(), vec![held_host(times)])
    };
    assert_eq!(shown(&declared(), vec![held_host(json!({}))]), ["keep web-1 1"]);
    assert_eq!(until(10 * DAY_SECS + 1), ["keep web-1 1"]);
    assert_eq!(until(10 * DAY_SECS)[0], "replace web-1 1: it is due: it ends 2026-11-11T00:00:00Z");
    assert_eq!(until(-1)[0], "replace web-1 1: it is due: it ended 2026-10-31T23:59:59Z");
}

#[test]
fn a_host_certificate_of_another_key_authority_lifetime_or_other_principals_is_replaced() {
    let replaced = |changed| {
        let declared = [host("ssh/ed25519.pub", &["a.example.com", "192.0.2.1"])];
        shown(&declared, vec![held_host(changed)]).remove(0)
    };
    let other = text("ssh/ecdsa-p256.pub");
    for (changed, expected) in [
        (json!({ "public_key": other.lines().last().unwrap() }), "another key"),
        (json!({ "public_key": "ssh-ed25519 AAAA" }), "another key"),
        (json!({ "principals": ["a.example.com", "b"] }), "the principals change: +192.0.2.1 -b"),
        (json!({ "principals": ["192.0.2.1", "a.example.com"] }), "the principals change their order"),
        (json!({ "valid_after": "2026-09-01T00:00:00Z" }), "its lifetime changes"),
        (
            json!({ "ssh_certificate_authority_id": id("sshca", 7) }),
            &format!("the authority changes from {} to {CA}", id("sshca", 7)),
        ),
    ] {
        assert_eq!(replaced(changed), format!("replace web-1 1: {expected}"));
    }
}

#[test]
fn the_comment_of_a_key_makes_no_difference() {
    let key = text("ssh/ed25519.pub");
    let mut words = key.lines().last().unwrap().split(' ').take(2).collect::<Vec<_>>();
    words.push("another comment");
    let held = held_host(json!({ "public_key": words.join(" ") }));
    assert_eq!(
        shown(&[host("ssh/ed25519.pub", &["a.example.com", "192.0.2.1"])], vec![held]),
        ["keep web-1 1"]
    );
}
