//! Whether the leaf that is served is the one that was pushed.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::{Shop, tls};

/// `openssl s_server` on a port of this machine, until it is dropped.
struct TlsServer {
    child: Child,
    port: u16,
}

impl TlsServer {
    /// Serves the leaf in `name.pem`, and nothing of its chain.
    fn start(shop: &Shop, name: &str) -> Self {
        let mut child = Command::new("openssl")
            .args([
                "s_server",
                "-accept",
                "127.0.0.1:0",
                "-cert",
                &format!("{name}.pem"),
                "-key",
                &format!("{name}.key"),
            ])
            .current_dir(shop.folder.root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let place =
            lines.map_while(Result::ok).find_map(|line| line.strip_prefix("ACCEPT ").map(str::to_owned));
        let port = place.unwrap().rsplit_once(':').unwrap().1.parse().unwrap();
        Self { child, port }
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn shop() -> Shop {
    let shop = Shop::new();
    shop.declare(&[&tls("www", ""), &tls("api", "")]);
    shop
}

#[test]
fn the_leaf_that_is_served_is_compared_with_the_one_that_is_declared() {
    let shop = shop();
    let server = TlsServer::start(&shop, "www");
    let place = format!("127.0.0.1:{}", server.port);
    let run = shop.certgate(&["push", "--verify-served", &format!("www={place}")]).exits(1);
    let expected =
        format!("served by {place} for tls_certificate.www: the leaf that is declared, clients refuse\n");
    assert!(run.stdout.contains(&expected), "{run:#?}");
    assert!(
        run.stdout.contains("chain-incomplete") && run.stdout.contains(&format!("served by {place}:1:1")),
        "{run:#?}"
    );
    let run = shop.certgate(&["push", "--verify-served", &format!("api={place}")]).exits(1);
    assert!(
        run.stdout.contains(&format!("served by {place} for tls_certificate.api: another leaf: ")),
        "{run:#?}"
    );
    let arguments = ["push", "--format", "json", "--verify-served"];
    let json = shop.certgate(&arguments).arguments([format!("api={place}")]).exits(1).json();
    assert_eq!(json["served"][0]["is_as_declared"], false);
    assert_eq!(json["served"][0]["clients"]["trusted"], false);
}

#[test]
fn a_server_that_does_not_answer_is_a_failure_after_the_push_was_done() {
    let shop = shop();
    let run = shop.certgate(&["push", "--verify-served", "www=127.0.0.1:1"]).exits(2);
    assert!(
        run.stdout.contains(
            "shop: 2 created\nserved by 127.0.0.1:1 for tls_certificate.www: could not tell: no connection"
        ),
        "{run:#?}"
    );
    assert_eq!(shop.held().len(), 2);
}

#[test]
fn a_server_that_fits_no_declaration_or_several_is_refused_before_anything_is_sent() {
    let shop = shop();
    for (host, expected) in [
        (
            "shop.example.org",
            "no declared leaf is good for it\nhint: say which it is to serve: NAME=shop.example.org:443",
        ),
        (
            "gate.example.com",
            "several declared leaves are good for it: www, api\nhint: say which it is to serve: www=gate.example.com:443",
        ),
        ("ww=gate.example.com", "no TLS certificate is declared as `ww`\nhint: did you mean `www`?"),
    ] {
        let run = shop.certgate(&["push", "--verify-served", host]).exits(2);
        assert!(run.stderr.contains(expected), "{run:#?}");
    }
    assert_eq!(shop.server.requests().len(), 0);
    let run = shop.certgate(&["push", "--verify-served", "www=https://gate.example.com"]).exits(2);
    assert!(run.stderr.contains("not a server: expected HOST, HOST:PORT or NAME=HOST:PORT"), "{run:#?}");
}
