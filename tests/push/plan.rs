//! What is planned is done, and done once.

use serde_json::json;

use super::{Shop, actions, once, tls, tls_from};

#[test]
fn what_is_planned_is_done_and_the_second_time_there_is_nothing_to_do() {
    let shop = Shop::with_two();
    let all = ["create tls_certificate.www", "create ssh_host_certificate.web-1"];
    assert_eq!(shop.plan(&[]), all);
    assert_eq!(shop.changes(), 0);
    let run = shop.push(&[]);
    assert!(run.stdout.ends_with("\nshop: 2 created\n"), "{}", run.stdout);
    assert_eq!(shop.held(), once(&["shop/web-1", "shop/www"]));
    assert_eq!(shop.plan(&[]), ["keep tls_certificate.www", "keep ssh_host_certificate.web-1"]);
    let before = shop.changes();
    assert_eq!(shop.push(&[]).stdout, "shop: nothing done, 2 unchanged\n");
    assert_eq!(shop.changes(), before);
}

#[test]
fn the_plan_is_shown_like_those_of_other_tools() {
    let shop = Shop::with_two();
    let run = shop.certgate(&["plan"]).exits(0);
    insta::assert_snapshot!(run.stdout, @"
    + tls_certificate.www: create: gate.example.com, 9fb95824cf29… until 2026-12-30T00:00:00Z
    + ssh_host_certificate.web-1: create: web-1.example.com 192.0.2.7

    shop: 2 to create
    ");
}

#[test]
fn the_exit_code_tells_changes_where_it_is_asked_to() {
    let shop = Shop::with_two();
    shop.certgate(&["plan", "--detailed-exit-code"]).exits(1);
    shop.certgate(&["plan"]).exits(0);
    shop.push(&[]);
    shop.certgate(&["plan", "--detailed-exit-code"]).exits(0);
}

#[test]
fn description_and_metadata_are_changed_in_place() {
    let shop = Shop::with_two();
    shop.push(&[]);
    let id = shop.only("tls_certificates", "shop/www")["id"].clone();
    shop.declare(&[
        &tls("www", "description = \"the shop\"\nmetadata.team = \"web\""),
        &shop.host("web-1", "description = \"a host\""),
    ]);
    assert_eq!(shop.plan(&[]), ["update tls_certificate.www", "update ssh_host_certificate.web-1"]);
    let run = shop.push(&[]);
    assert!(run.stdout.contains("~ tls_certificate.www: updated cert_"), "{}", run.stdout);
    assert!(run.stdout.contains(": description; metadata\n"), "{}", run.stdout);
    let www = shop.only("tls_certificates", "shop/www");
    assert_eq!((&www["id"], &www["description"]), (&id, &json!("the shop")));
    assert_eq!(www["metadata"], r#"{"certgate":"shop/www","team":"web"}"#);
    assert_eq!(shop.server.requests_of("PATCH").len(), 2);
    assert_eq!(shop.push(&[]).stdout, "shop: nothing done, 2 unchanged\n");
    // What is not declared any more is cleared.
    shop.declare(&[&tls("www", ""), &shop.host("web-1", "")]);
    shop.push(&[]);
    assert!(shop.only("tls_certificates", "shop/www").get("description").is_none());
}

#[test]
fn another_leaf_is_a_replacement_and_the_old_one_stays_until_it_may_go() {
    let shop = Shop::with_two();
    shop.push(&[]);
    let old = shop.only("tls_certificates", "shop/www")["id"].as_str().unwrap().to_owned();
    shop.declare(&[&tls_from("www", "api", ""), &shop.host("web-1", "")]);
    assert_eq!(
        shop.plan(&[]),
        ["replace tls_certificate.www", "keep ssh_host_certificate.web-1", "leave tls_certificate.www"]
    );
    let run = shop.push(&[]);
    assert!(
        run.stdout.contains(&format!("± tls_certificate.www: replaced {old} by cert_")),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains(&format!("left over {old}: superseded")), "{}", run.stdout);
    assert_eq!(shop.held().get("shop/www"), Some(&2));
    let again = ["keep tls_certificate.www", "keep ssh_host_certificate.web-1", "leave tls_certificate.www"];
    assert_eq!(shop.plan(&[]), again);
    assert_eq!(shop.certgate(&["plan", "--detailed-exit-code"]).exits(0).code, 0);
    let run = shop.push(&["--prune", "--yes"]);
    assert!(
        run.stdout.contains(&format!("- tls_certificate.www: deleted {old}: superseded")),
        "{}",
        run.stdout
    );
    assert_eq!(shop.held(), once(&["shop/web-1", "shop/www"]));
}

#[test]
fn a_host_certificate_is_replaced_once_it_is_due() {
    let shop = Shop::with_two();
    shop.push(&[]);
    let host = shop.only("ssh_host_certificates", "shop/web-1");
    let ends = host["valid_until"].as_str().unwrap();
    assert_eq!(shop.plan(&["--at", ends])[1], "replace ssh_host_certificate.web-1");
    let json = shop.certgate(&["plan", "--format", "json", "--at", ends]).exits(0).json();
    assert_eq!(json["items"][1]["reasons"], json!([format!("it is due: it ended {ends}")]));
    shop.declare(&[&tls("www", ""), &shop.host("web-1", "lifetime = \"20d\"")]);
    let json = shop.certgate(&["plan", "--format", "json"]).exits(0).json();
    assert_eq!(json["items"][1]["reasons"], json!(["its lifetime changes"]));
}

#[test]
fn what_others_hold_is_counted_and_never_touched() {
    let shop = Shop::with_two();
    for metadata in ["", "{}", r#"{"certgate":"other/www"}"#, "certgate: shop/www"] {
        let read = |name: &str| String::from_utf8(shop.folder.read(name)).unwrap();
        let body = json!({ "certificate_pem": read("www.pem"), "private_key_pem": read("www.key"), "metadata": metadata });
        shop.server.create("tls_certificates", body);
    }
    let before = shop.server.held("tls_certificates");
    assert!(shop.push(&["--prune", "--yes"]).stdout.ends_with("shop: 2 created, 4 foreign, left alone\n"));
    let after = shop.server.held("tls_certificates");
    assert_eq!(after.len(), 5);
    assert_eq!(after[1..], before);
    shop.declare(&[&shop.host("web-1", "")]);
    shop.push(&["--prune", "--yes"]);
    assert_eq!(shop.server.held("tls_certificates"), before);
}

#[test]
fn of_two_for_one_declaration_the_newest_is_kept() {
    let shop = Shop::with_two();
    shop.push(&[]);
    let first = shop.only("tls_certificates", "shop/www");
    let newer = {
        let mut twin = first.clone();
        twin.as_object_mut()
            .unwrap()
            .retain(|field, _| !["id", "uri", "created_at"].contains(&field.as_str()));
        shop.server.hold("tls_certificates", twin)
    };
    let json = shop.certgate(&["plan", "--prune", "--format", "json"]).exits(0).json();
    assert_eq!(actions(&json)[2], "delete tls_certificate.www");
    assert_eq!((&json["items"][0]["id"], &json["items"][2]["id"]), (&json!(newer), &first["id"]));
    shop.push(&["--prune", "--yes"]);
    assert_eq!(shop.only("tls_certificates", "shop/www")["id"], newer);
}

#[test]
fn the_order_of_creation_is_that_of_the_manifest() {
    let shop = Shop::new();
    shop.declare(&[
        &tls("rsa", ""),
        &tls("www", ""),
        &tls("api", ""),
        &shop.host("b", ""),
        &shop.host("a", ""),
    ]);
    shop.push(&["--concurrency", "1"]);
    let created = shop.server.requests_of("POST");
    let markers: Vec<String> =
        created.iter().map(|request| request.json()["metadata"].as_str().unwrap().to_owned()).collect();
    let expected = ["rsa", "www", "api", "b", "a"].map(|name| format!("{{\"certgate\":\"shop/{name}\"}}"));
    assert_eq!(markers, expected);
}

#[test]
fn the_key_is_needed_and_looked_for_where_it_may_be() {
    let shop = Shop::with_two();
    let url = shop.server.url();
    let bare = || crate::harness::Certgate::new(["plan", "--api-url", &url]).folder(shop.folder.root());
    let run = bare().exits(2);
    assert!(run.stderr.contains("there is no API key") && run.stderr.contains("CERTGATE_API_KEY"), "{run:?}");
    bare().variable("NGROK_API_KEY", crate::harness::API_KEY).exits(0);
    shop.folder.write_secret("key", crate::harness::API_KEY);
    bare().arguments(["--api-key-file", "key"]).exits(0);
    shop.folder.write("open", crate::harness::API_KEY);
    let run = bare().arguments(["--api-key-file", "open"]).exits(2);
    assert!(run.stderr.contains("chmod 600"), "{run:?}");
}

#[test]
fn paths_are_from_the_folder_of_the_manifest() {
    let shop = Shop::with_two();
    std::fs::create_dir(shop.folder.path("elsewhere")).unwrap();
    let elsewhere = |arguments: &[&str]| shop.certgate(arguments).folder(&shop.folder.path("elsewhere"));
    let run = elsewhere(&["plan", "../certgate.toml"]).exits(0);
    assert!(run.stdout.ends_with("shop: 2 to create\n"), "{run:#?}");
    let run = elsewhere(&["export", "terraform", "../certgate.toml"]).exits(0);
    assert!(run.stdout.contains("file(\"${path.module}/../www.key\")"), "{run:#?}");
}
