//! What is not declared any more.

use super::{Shop, once, tls};
use crate::harness::{Fault, Script};

#[test]
fn what_is_not_declared_stays_until_somebody_says_otherwise() {
    let shop = Shop::with_two();
    shop.push(&[]);
    shop.declare(&[&tls("api", "")]);
    let stays =
        ["create tls_certificate.api", "leave tls_certificate.www", "leave ssh_host_certificate.web-1"];
    assert_eq!(shop.plan(&[]), stays);
    let goes =
        ["create tls_certificate.api", "delete tls_certificate.www", "delete ssh_host_certificate.web-1"];
    assert_eq!(shop.plan(&["--prune"]), goes);
    let run = shop.push(&[]);
    assert!(run.stdout.ends_with("shop: 1 created, 2 left over (--prune deletes)\n"), "{}", run.stdout);
    assert_eq!(shop.held(), once(&["shop/api", "shop/web-1", "shop/www"]));
    assert!(shop.push(&["--prune", "--yes"]).stdout.ends_with("shop: 2 deleted, 1 unchanged\n"));
    assert_eq!(shop.held(), once(&["shop/api"]));
}

#[test]
fn deletions_ask_for_a_yes_on_the_terminal_and_nothing_is_done_without_one() {
    let shop = Shop::with_two();
    shop.push(&[]);
    shop.declare(&[&tls("api", "")]);
    let before = shop.changes();
    // In a session of its own there is no terminal.
    let run = crate::harness::Certgate::after(&["setsid", "--wait"], ["push", "--prune"])
        .folder(shop.folder.root());
    let run = shop.server.with(run).exits(2);
    assert!(run.stderr.contains("Delete 2 resources") && run.stderr.contains("--yes"), "{run:?}");
    assert_eq!((shop.changes(), run.stdout.as_str()), (before, ""));
}

#[test]
fn what_is_asked_on_a_terminal_is_answered_there() {
    for (answer, exit, left) in [("n", 2, 3), ("y", 0, 2), ("", 2, 3)] {
        let shop = Shop::with_two();
        shop.push(&[]);
        shop.declare(&[&shop.host("web-1", ""), &tls("api", "")]);
        let typed = format!("sleep 0.5; echo {answer}");
        let command = format!("'{}' push --prune", env!("CARGO_BIN_EXE_certgate"));
        let output = std::process::Command::new("bash")
            .args([
                "-c",
                &format!("({typed}; sleep 1) | script --quiet --return --command \"$0\" /dev/null"),
                &command,
            ])
            .current_dir(shop.folder.root())
            .env("CERTGATE_API_URL", shop.server.url())
            .env("CERTGATE_API_KEY", crate::harness::API_KEY)
            .output()
            .unwrap();
        let shown = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(exit), "{answer}: {shown}");
        assert!(shown.contains("Delete 1 resource that is not declared or superseded? [y/N]"), "{shown}");
        assert_eq!(shop.held().len(), if exit == 0 { left } else { 2 }, "{answer}");
    }
}

#[test]
fn nothing_is_deleted_before_everything_is_created_nor_after_a_failure() {
    let shop = Shop::with_two();
    shop.push(&[]);
    shop.declare(&[&tls("api", ""), &tls("rsa", "")]);
    shop.server.script(Script::on("POST /tls_certificates", Fault::problem(400, 1904, "not on this plan")));
    let run = shop.certgate(&["push", "--prune", "--yes", "--concurrency", "1"]).exits(2);
    assert!(run.stdout.contains("! tls_certificate.api: could not create: "), "{}", run.stdout);
    assert!(run.stdout.contains("ERR_NGROK_1904"), "{}", run.stdout);
    assert!(run.stdout.contains("- tls_certificate.www: not tried: delete cert_"), "{}", run.stdout);
    assert!(run.stdout.ends_with("shop: 1 created, 1 failed, 2 not tried\n"), "{}", run.stdout);
    assert!(shop.server.requests_of("DELETE").is_empty());
    assert!(shop.push(&["--prune", "--yes"]).stdout.ends_with("shop: 1 created, 2 deleted, 1 unchanged\n"));
    let requests = shop.server.requests();
    let last_post = requests.iter().rposition(|request| request.method == "POST");
    let first_delete = requests.iter().position(|request| request.method == "DELETE");
    assert!(last_post < first_delete);
    assert_eq!(shop.held(), once(&["shop/api", "shop/rsa"]));
}

#[test]
fn what_somebody_else_deleted_is_gone_as_wanted() {
    let shop = Shop::with_two();
    shop.push(&[]);
    shop.declare(&[&tls("www", "")]);
    let id = shop.only("ssh_host_certificates", "shop/web-1")["id"].as_str().unwrap().to_owned();
    shop.server.script(Script::on("DELETE", Fault::problem(404, 1966, "no such certificate")));
    let run = shop.push(&["--prune", "--yes"]);
    assert!(run.stdout.contains(&format!("deleted {id}")), "{}", run.stdout);
}
