//! Neither the API key nor a private key is shown by anything.

use super::{Shop, tls};
use crate::harness::{API_KEY, Fault, Run, Script};

#[track_caller]
fn has_no_secret(shop: &Shop, run: &Run) {
    let key = String::from_utf8(shop.folder.read("www.key")).unwrap();
    let lines = key.lines().filter(|line| line.len() > 40 && !line.contains(' '));
    for secret in lines.chain([API_KEY]) {
        assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{run:#?}");
    }
}

#[test]
fn a_server_that_echoes_the_key_cannot_make_it_show() {
    for (start, exit) in [("GET", 2), ("POST /tls", 2), ("PATCH", 2), ("DELETE", 2)] {
        let shop = Shop::new();
        shop.declare(&[&tls("www", ""), &tls("api", "")]);
        if exit == 2 && start != "GET" && !start.starts_with("POST") {
            shop.push(&[]);
            shop.declare(&[&tls("www", "description = \"new\"")]);
        }
        shop.server.script(Script::on(start, Fault::EchoesKey).always());
        for arguments in
            [&["push", "--prune", "--yes"][..], &["push", "--prune", "--yes", "--format", "json"]]
        {
            has_no_secret(&shop, &shop.certgate(arguments).exits(exit));
        }
        has_no_secret(&shop, &shop.certgate(&["plan"]).run());
    }
}

#[test]
fn what_succeeds_shows_no_secret_either() {
    let shop = Shop::with_two();
    for arguments in [&["plan", "--format", "json"][..], &["push"], &["push", "--format", "json"], &["plan"]]
    {
        has_no_secret(&shop, &shop.certgate(arguments).exits(0));
    }
}

/// Anyone on the machine may read the arguments of a process.
#[test]
fn a_key_is_no_argument() {
    let shop = Shop::with_two();
    for flag in ["--api-key", "--key", "--token"] {
        shop.certgate(&["plan", flag, API_KEY]).exits(2);
    }
}
