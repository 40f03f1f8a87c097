//! Everything is judged before anything is sent.

use super::{Shop, tls, tls_from};
use crate::harness::fixtures;

/// A shop with one good declaration and two bad ones.
fn with_bad() -> Shop {
    let shop = Shop::new();
    let stem = fixtures().join("rules/key-does-not-match-leaf/bad-same-curve");
    for extension in ["pem", "key"] {
        let bad = std::fs::read(stem.with_extension(extension)).unwrap();
        shop.folder.write(&format!("bad.{extension}"), bad);
    }
    shop.declare(&[&tls("www", ""), &tls_from("bad", "bad", ""), &shop.host("web-1", "lifetime = \"90d\"")]);
    shop
}

#[test]
fn one_that_is_refused_stops_all_before_the_network() {
    let shop = with_bad();
    for command in
        [&["plan"][..], &["push"], &["push", "--prune", "--yes"], &["export", "curl"], &["export", "json"]]
    {
        let run = shop.certgate(command).exits(1);
        assert!(run.stdout.contains("error[CG301 key-does-not-match-leaf]"), "{}", run.stdout);
        assert!(run.stdout.contains("error[CG433 lifetime-over-policy]"), "{}", run.stdout);
        assert!(run.stdout.contains("2 cases: 1 accepted, 1 refused"), "{}", run.stdout);
        assert!(run.stderr.contains("2 declarations are refused: nothing was sent"), "{}", run.stderr);
    }
    assert_eq!(shop.server.requests().len(), 0);
}

#[test]
fn what_is_refused_is_written_as_check_writes_it() {
    let shop = with_bad();
    let json = shop.certgate(&["push", "--format", "json"]).exits(1).json();
    assert_eq!((&json["version"], json["cases"].as_array().unwrap().len()), (&1.into(), 2));
    assert_eq!(json["cases"][0]["api"]["code"], "ERR_NGROK_1923");
    assert_eq!(json["cases"][1]["kind"], "ssh-host-certificate-request");
    assert_eq!(json["cases"][1]["findings"][0]["rule"], "lifetime-over-policy");
}

#[test]
fn the_manifest_and_the_arguments_may_say_what_is_let_through() {
    let shop = with_bad();
    shop.declare(&[&shop.host("web-1", "lifetime = \"90d\"")]);
    shop.certgate(&["plan"]).exits(1);
    shop.certgate(&["plan", "--max-lifetime", "90d"]).exits(0);
    shop.certgate(&["plan", "--warn", "lifetime-over-policy"]).exits(0);
    shop.folder.write(
        "certgate.toml",
        format!("project = \"shop\"\nmax_lifetime = \"90d\"\n{}", shop.host("web-1", "lifetime = \"90d\"")),
    );
    shop.certgate(&["plan"]).exits(0);
}

#[test]
fn faults_of_the_manifest_are_told_with_their_place_and_nothing_is_sent() {
    let shop = Shop::new();
    shop.declare(&[
        &tls("www", "hostnames = [\"gate.example.com\", \"shop.example.com\"]"),
        &tls("gone", ""),
    ]);
    for command in ["plan", "push"] {
        let run = shop.certgate(&[command]).exits(2);
        assert!(
            run.stderr.contains("certgate.toml:7:34: the leaf is not good for `shop.example.com`"),
            "{run:?}"
        );
        assert!(run.stderr.contains("certgate.toml:11:15: cannot read `gone.pem`"), "{run:?}");
        assert!(run.stderr.contains("certgate.toml:12:15: cannot read `gone.key`"), "{run:?}");
        assert_eq!(run.stdout, "");
    }
    assert_eq!(shop.server.requests().len(), 0);
}

#[test]
fn what_was_found_in_what_passes_is_told_and_stops_nothing() {
    let shop = Shop::new();
    shop.declare(&[&shop.host("web-1", ""), &shop.host("web-2", "")]);
    let run = shop.push(&[]);
    assert!(run.stderr.contains("warning[CG"), "{}", run.stderr);
    assert!(run.stderr.contains("host-key-shared"), "{}", run.stderr);
    assert!(run.stdout.ends_with("shop: 2 created\n"), "{}", run.stdout);
}

/// Adds settings to what the shop declares.
fn with_settings(shop: &Shop, settings: &str) {
    let declared = String::from_utf8(shop.folder.read("certgate.toml")).unwrap();
    shop.folder.write("certgate.toml", format!("{declared}\n{settings}"));
}

#[test]
fn what_the_manifest_ignores_is_refused_where_the_api_would_refuse_it() {
    let shop = with_bad();
    with_settings(
        &shop,
        "[[ignore]]\nrule = \"CG301\"\npath = \"bad.key\"\nreason = \"a\"\n\n[[ignore]]\nrule = \"CG433\"\npath = \"web-1.pub\"\nreason = \"b\"\n",
    );
    for command in ["plan", "push"] {
        let run = shop.certgate(&[command]).exits(1);
        assert!(
            run.stdout.contains("API refuses (ERR_NGROK_1923), clients not asked; 1 warning, 1 ignored"),
            "{run:#?}"
        );
        assert!(run.stderr.contains("1 declaration is refused: nothing was sent"), "{run:#?}");
    }
    assert_eq!(shop.server.requests().len(), 0);
}

#[test]
fn levels_of_the_manifest_hold_up_and_let_through_and_the_command_line_counts_before_them() {
    let shop = Shop::with_two();
    with_settings(&shop, "[levels]\nleaf-not-yet-valid = \"error\"\n");
    let plan = |arguments: &[&str]| shop.certgate(&["plan", "--at", "2020-01-01"]).arguments(arguments);
    assert!(plan(&[]).exits(1).stdout.contains("error[CG102 leaf-not-yet-valid]"));
    plan(&["--warn", "leaf-not-yet-valid"]).exits(0);
    with_settings(&shop, "\n[[override]]\npath = \"www.pem\"\nlevels.CG102 = \"allow\"\n");
    plan(&[]).exits(0);
    plan(&["--deny", "CG102"]).exits(1);
}

#[test]
fn the_manifest_is_the_nearest_one_upwards() {
    let shop = Shop::with_two();
    std::fs::create_dir(shop.folder.path("tls")).unwrap();
    let below = |arguments: &[&str]| shop.certgate(arguments).folder(&shop.folder.path("tls"));
    assert!(below(&["plan"]).exits(0).stdout.ends_with("shop: 2 to create\n"));
    assert!(below(&["export", "terraform"]).exits(0).stdout.contains("../www.key"));
    std::fs::create_dir(shop.folder.path("tls/.git")).unwrap();
    let run = below(&["plan"]).exits(2);
    assert!(
        run.stderr.contains("`certgate.toml`") && run.stderr.contains("certgate plan --help"),
        "{run:#?}"
    );
}
