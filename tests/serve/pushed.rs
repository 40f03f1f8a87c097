//! `certgate push` and `certgate api`, against `certgate serve`: two halves that know of each other by the wire alone.

use serde_json::Value;

use crate::harness::{Certgate, Folder, Served, fixtures};

/// A project with a certificate for TLS and a host, and the server it is pushed to.
struct Project {
    folder: Folder,
    served: Served,
}

impl Project {
    fn new() -> Self {
        let (folder, served) = (Folder::new(), Served::new());
        for (name, stem) in [("old", "chain/p256-depth-2"), ("new", "chain/p384-depth-2")] {
            for extension in ["pem", "key"] {
                let text = std::fs::read(fixtures().join(format!("{stem}.{extension}"))).unwrap();
                folder.write(&format!("{name}.{extension}"), text);
            }
        }
        folder.key("web-1", &["ed25519"]);
        Self { folder, served }
    }

    fn declare(&self, chain: &str, description: &str, authority: &str) {
        let text = format!(
            r#"
            project = "shop"

            [[tls_certificate]]
            name = "www"
            certificate = "{chain}.pem"
            private_key = "{chain}.key"
            description = "{description}"

            [[ssh_host_certificate]]
            name = "web-1"
            public_key = "web-1.pub"
            principals = ["web-1.example.com", "192.0.2.7"]
            lifetime = "7d"
            ca = "{authority}"
            "#
        );
        self.folder.write("certgate.toml", text);
    }

    fn certgate(&self, arguments: &[&str]) -> Certgate {
        Certgate::new(arguments)
            .folder(self.folder.root())
            .variable("CERTGATE_API_URL", &self.served.origin)
            .variable("CERTGATE_API_KEY", &self.served.key)
    }

    fn held(&self, path: &str) -> Vec<Value> {
        let page = self.served.get(path).is(200).json();
        page[&path[1..]].as_array().unwrap().clone()
    }
}

#[test]
fn what_is_declared_is_there_after_a_push_and_nothing_else_after_a_prune() {
    let project = Project::new();
    let authority = project.served.authority();
    project.declare("old", "the shop", &authority);
    assert!(project.certgate(&["push"]).exits(0).stdout.ends_with("\nshop: 2 created\n"));
    assert_eq!(project.certgate(&["push"]).exits(0).stdout, "shop: nothing done, 2 unchanged\n");

    project.declare("old", "the new shop", &authority);
    assert!(project.certgate(&["push"]).exits(0).stdout.ends_with("\nshop: 1 updated, 1 unchanged\n"));
    assert_eq!(project.held("/tls_certificates")[0]["description"], "the new shop");

    project.declare("new", "the new shop", &authority);
    project.certgate(&["push"]).exits(0);
    assert_eq!(project.held("/tls_certificates").len(), 2, "what was replaced stays until it is pruned");
    project.certgate(&["push", "--prune", "--yes"]).exits(0);
    let [left] = &project.held("/tls_certificates")[..] else { panic!("more than one is left") };
    let chain = std::fs::read_to_string(project.folder.path("new.pem")).unwrap();
    let served = left["certificate_pem"].as_str().unwrap();
    assert!(served.lines().all(|line| chain.contains(line)), "{left}");
    assert_eq!(project.certgate(&["push"]).exits(0).stdout, "shop: nothing done, 2 unchanged\n");
}

#[test]
fn a_host_certificate_that_the_server_signed_is_verified_by_certgate_and_read_by_openssh() {
    let project = Project::new();
    let authority = project.served.authority();
    let run = project
        .certgate(&["api", "ssh-host-certificates", "create", "--public-key", "web-1.pub"])
        .arguments(["--principals", "web-1.example.com", "--ssh-certificate-authority-id", &authority])
        .arguments(["--format", "json"])
        .exits(0);
    assert!(run.stderr.contains("verified: signed by SHA256:"), "{}", run.stderr);
    let created = run.json();
    project.folder.write("web-1-cert.pub", created["certificate"].as_str().unwrap());
    let listed = project.folder.keygen_ok(&["-L", "-f", "web-1-cert.pub"]);
    assert!(listed.contains("web-1.example.com"), "{listed}");
    let id = created["id"].as_str().unwrap();
    assert!(listed.contains(&format!("Key ID: \"{id}\"")), "{listed}");

    let get = project.certgate(&["api", "ssh-host-certificates", "get", id, "--format", "json"]).exits(0);
    assert_eq!(get.json(), created);
    project.certgate(&["api", "ssh-host-certificates", "delete", id, "--yes"]).exits(0);
    project.certgate(&["api", "ssh-host-certificates", "get", id]).exits(1);
}

#[test]
fn a_user_certificate_is_judged_signed_verified_changed_and_deleted() {
    let project = Project::new();
    let authority = project.served.authority();
    let command = |words: &[&str]| project.certgate(&[&["api", "ssh-user-certificates"], words].concat());
    let create = |words: &[&str]| {
        let run =
            command(&["create", "--public-key", "web-1.pub", "--ssh-certificate-authority-id", &authority]);
        run.arguments(["--format", "json", "--principals", "alice"]).arguments(words)
    };
    let run =
        create(&["--critical-options", "force-command=/bin/echo a=b", "--extensions", "permit-pty"]).exits(0);
    let created = run.json();
    assert!(run.stderr.contains("servers that trust it take it for alice"), "{}", run.stderr);
    assert_eq!(created["critical_options"], serde_json::json!({ "force-command": "/bin/echo a=b" }));
    assert_eq!(created["extensions"], serde_json::json!({ "permit-pty": "" }));
    let by_default = create(&[]).exits(0).json();
    assert_eq!(by_default["extensions"], serde_json::json!({ "permit-pty": "", "permit-user-rc": "" }));

    for (words, code, told) in [
        (["--critical-options", "permit-pty"], 1, "CG471 critical-option-unknown"),
        (["--extensions", "force-command=x"], 1, "CG472 extension-unknown"),
        (["--critical-options", "source-address=10.1.2.3/8"], 1, "CG475 source-address-malformed"),
        (["--principals", "a,b"], 1, "CG416 principal-has-comma"),
        (["--valid-until", "2020-01-01T00:00:00Z"], 1, "ERR_NGROK_1962"),
    ] {
        let run = create(&words).exits(code);
        assert!(run.stderr.contains(told) && run.stdout.is_empty(), "{words:?}: {}", run.stderr);
    }
    let twice = create(&["--extensions", "permit-pty", "--extensions", "permit-pty=x"]).exits(2);
    assert!(twice.stderr.contains("`permit-pty` is given twice"), "{}", twice.stderr);

    let id = created["id"].as_str().unwrap();
    let listed = command(&["list"]).exits(0).stdout;
    assert!(listed.lines().any(|line| line.starts_with(id) && line.ends_with("alice")), "{listed}");
    command(&["update", id, "--description", "of alice"]).exits(0);
    assert_eq!(command(&["get", id, "--format", "json"]).exits(0).json()["description"], "of alice");
    command(&["delete", id, "--yes"]).exits(0);
    command(&["get", id]).exits(1);
}
