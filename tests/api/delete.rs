//! Deletion: after a yes.

use serde_json::json;

use super::{api, server};
use crate::harness::{ApiServer, Certgate, Run};

fn held(server: &ApiServer) -> String {
    server.hold("ssh_certificate_authorities", json!({ "key_type": "ed25519" }))
}

/// With a terminal on which something is typed.
fn on_terminal(server: &ApiServer, words: &str, typed: &str) -> Run {
    let line = format!("{} api {words}", env!("CARGO_BIN_EXE_certgate"));
    // `script` gives the command a terminal, and types on it what comes in.
    server.with(Certgate::command("script", &["-q", "-e", "-c", &line, "/dev/null"])).stdin(typed).run()
}

#[test]
fn without_a_terminal_a_yes_must_be_said() {
    let server = server();
    let id = held(&server);
    let words = format!("ssh-certificate-authorities delete {id}");
    let run =
        server.with(Certgate::after(&["setsid", "--wait"], ["api"]).arguments(words.split(' '))).exits(2);
    assert!(run.stderr.contains("hint: nothing was done: say --yes"), "{}", run.stderr);
    assert!(server.requests().is_empty());
    let run = api(&server, &format!("{words} --yes")).exits(0);
    assert_eq!(run.stderr, format!("deleted SSH certificate authority {id}\n"));
    let run = api(&server, &format!("{words} --yes")).exits(1);
    assert!(run.stderr.contains("404"), "{}", run.stderr);
}

#[test]
fn on_a_terminal_it_is_asked_for() {
    let server = server();
    let id = held(&server);
    let words = format!("ssh-certificate-authorities delete {id}");
    let run = on_terminal(&server, &words, "n\n");
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stdout.contains(&format!("Delete SSH certificate authority {id}? [y/N]")), "{run:?}");
    assert!(run.stdout.contains("nothing was deleted") && server.requests().is_empty(), "{run:?}");
    assert_eq!(on_terminal(&server, &words, "y\n").code, 0);
    assert!(server.held("ssh_certificate_authorities").is_empty());
}
