//! Neither the API key nor a private key is anywhere but in requests.

use std::time::Duration;

use super::{UPLOAD, api, create, create_host, server};
use crate::harness::{API_KEY, ApiServer, Certgate, Fault, Folder, Run, Script, armors};
use crate::secrets::Secret;

/// What must not be seen, in any form.
struct Hidden {
    key: String,
    private_key: Secret,
}

impl Hidden {
    fn new() -> Self {
        let private_key = armors(&super::fixture(UPLOAD[3])).remove(0);
        // The number itself: what stands before it is the same in each such file.
        let bytes = crate::harness::base64_bytes(&private_key.body);
        Self { key: API_KEY.to_owned(), private_key: Secret::of_bytes(&[bytes[16..48].to_vec()]) }
    }

    #[track_caller]
    fn is_not_in(&self, what: &str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let percent: String = self.key.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let base64 = crate::harness::base64(self.key.as_bytes());
        for form in [self.key.as_str(), &percent, &base64, &self.key[28..]] {
            assert!(!text.contains(form), "{what}: {text}");
        }
        assert_eq!(self.private_key.found_in(bytes), None, "{what}");
    }

    #[track_caller]
    fn is_not_said(&self, what: &str, run: &Run) {
        self.is_not_in(what, format!("{}{}", run.stdout, run.stderr).as_bytes());
    }
}

/// One run of each operation.
fn operations(server: &ApiServer) -> Vec<Certgate> {
    let authority = "sshca_2rwwl5w69mehWeDVlbshgAxOzQS";
    let id = "tls-certificates get cert_2rwwl6y1UCOM1WjSQhSj2VPegVh";
    vec![
        create(server, "tls-certificates").arguments(UPLOAD),
        create_host(server, authority).arguments(["--principals", "a.example.com"]),
        create(server, "ssh-certificate-authorities"),
        api(server, "tls-certificates list"),
        api(server, id),
        api(server, &id.replace("get", "update")).arguments(["--description", "x"]),
        api(server, &id.replace("get", "delete")).arguments(["--yes"]),
    ]
}

#[test]
fn no_run_says_a_secret_whether_it_succeeds_or_not() {
    let (hidden, server) = (Hidden::new(), server());
    for run in operations(&server) {
        hidden.is_not_said("a run", &run.run());
    }
    for more in ["--dry-run", "--curl"] {
        for run in operations(&server) {
            hidden.is_not_said(more, &run.arguments([more]).exits(0));
        }
    }
    assert_eq!(server.held("tls_certificates").len(), 1, "it was sent");
}

#[test]
fn a_server_that_says_the_key_is_not_repeated() {
    let (hidden, server) = (Hidden::new(), server());
    server.script(Script::on("", Fault::EchoesKey).always());
    for run in operations(&server) {
        let run = run.exits(1);
        hidden.is_not_said("an echo", &run);
        assert!(run.stderr.contains("***"), "{}", run.stderr);
    }
}

#[test]
fn a_private_key_in_the_field_of_the_certificate_is_not_shown() {
    let (hidden, server) = (Hidden::new(), server());
    let swapped = ["--certificate-pem", UPLOAD[3], "--private-key-pem", UPLOAD[1]];
    let swapped = || create(&server, "tls-certificates").arguments(swapped);
    hidden.is_not_said("refused", &swapped().exits(1));
    let run = swapped().arguments(["--no-gate", "to see", "--dry-run"]).exits(0);
    hidden.is_not_said("dry run", &run);
    assert!(run.stdout.contains("BEGIN PRIVATE KEY") && run.stdout.contains("****"), "{}", run.stdout);
    hidden.is_not_said("sent", &swapped().arguments(["--no-gate", "to see"]).exits(1));
}

#[test]
fn a_private_key_whose_armor_is_damaged_is_not_shown_either() {
    let (hidden, server) = (Hidden::new(), server());
    let folder = Folder::new();
    let (chain, key) = (super::fixture(UPLOAD[1]), super::fixture(UPLOAD[3]));
    let (open, _) = key.split_once("-----END").unwrap();
    let body = armors(&key).remove(0).body;
    for text in
        [format!("{chain}{open}"), format!("{chain}\n{body}\n"), format!("{open}{chain}"), body.clone()]
    {
        let chain = folder.write("chain.pem", text);
        let files = ["--certificate-pem", chain.to_str().unwrap(), "--private-key-pem", UPLOAD[3]];
        let run = create(&server, "tls-certificates").arguments(files);
        hidden.is_not_said(&body[..8], &run.arguments(["--no-gate", "to see", "--dry-run"]).exits(0));
    }
}

#[test]
fn a_process_that_waits_for_the_answer_shows_nothing() {
    let (hidden, server) = (Hidden::new(), server());
    let folder = Folder::new();
    let file = folder.write_secret("key", API_KEY);
    server.script(Script::on("POST", Fault::Waits(Duration::from_secs(2))));
    let run = Certgate::new(["api", "tls-certificates", "create", "--at", certgate_fixtures::JUDGED_AT]);
    let run = run.arguments(UPLOAD).variable("CERTGATE_API_URL", &server.url());
    let process = run.arguments(["--api-key-file", file.to_str().unwrap()]).start();
    while server.requests().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    for name in ["cmdline", "environ", "comm"] {
        hidden.is_not_in(name, &std::fs::read(format!("/proc/{}/{name}", process.id())).unwrap());
    }
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    hidden.is_not_in("output", &[output.stdout, output.stderr].concat());
}
