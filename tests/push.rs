//! `certgate plan`, `push` and `export`, against a server that answers as the API is documented to.

mod cut;
mod export;
mod judged;
mod many;
mod plan;
mod prune;
mod secrets;
mod served;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::{ApiServer, Certgate, Folder, Run, fixtures};

/// The chains that declarations are about: name of the file, and the fixture.
const CHAINS: [(&str, &str); 3] =
    [("www", "chain/p256-depth-2"), ("api", "chain/p384-depth-2"), ("rsa", "chain/rsa-2048-depth-2")];

/// A project in a folder, and the API that it is pushed to.
struct Shop {
    folder: Folder,
    server: ApiServer,
    /// The authority of its host certificates.
    authority: String,
}

impl Shop {
    /// Chains and keys as named above, the host key `web-1.pub`, and nothing declared.
    fn new() -> Self {
        let folder = Folder::new();
        for (name, stem) in CHAINS {
            for extension in ["pem", "key"] {
                let text = std::fs::read(fixtures().join(format!("{stem}.{extension}"))).unwrap();
                folder.write(&format!("{name}.{extension}"), text);
            }
        }
        let key = std::fs::read(fixtures().join("ssh/ed25519.pub")).unwrap();
        folder.write("web-1.pub", key);
        let server = ApiServer::start();
        let authority = server.ssh_authority();
        Self { folder, server, authority }
    }

    /// With one declaration of each kind.
    fn with_two() -> Self {
        let shop = Self::new();
        shop.declare(&[&tls("www", ""), &shop.host("web-1", "")]);
        shop
    }

    fn declare(&self, entries: &[&str]) {
        self.folder.write("certgate.toml", format!("project = \"shop\"\n\n{}", entries.join("\n")));
    }

    /// A host that is declared; `more` are further lines.
    fn host(&self, name: &str, more: &str) -> String {
        format!(
            "[[ssh_host_certificate]]\nname = \"{name}\"\npublic_key = \"web-1.pub\"\n\
             principals = [\"{name}.example.com\", \"192.0.2.7\"]\nca = \"{}\"\n{more}\n",
            self.authority
        )
    }

    fn certgate(&self, arguments: &[&str]) -> Certgate {
        self.server.with(Certgate::new(arguments).folder(self.folder.root()))
    }

    /// What `plan --format json` says of each item: `action kind.name`.
    #[track_caller]
    fn plan(&self, arguments: &[&str]) -> Vec<String> {
        let run = self.certgate(&["plan", "--format", "json"]).arguments(arguments).exits(0);
        actions(&run.json())
    }

    /// Pushes, and expects it to succeed.
    #[track_caller]
    fn push(&self, arguments: &[&str]) -> Run {
        self.certgate(&["push"]).arguments(arguments).exits(0)
    }

    /// How many resources the API holds by marker.
    fn held(&self) -> BTreeMap<String, usize> {
        let mut held = BTreeMap::new();
        for collection in ["tls_certificates", "ssh_host_certificates"] {
            for resource in self.server.held(collection) {
                let metadata = resource["metadata"].as_str().unwrap_or_default();
                let metadata: Value = serde_json::from_str(metadata).unwrap_or_default();
                let marker = metadata["certgate"].as_str().unwrap_or("-").to_owned();
                *held.entry(marker).or_default() += 1;
            }
        }
        held
    }

    /// The only resource with a marker.
    #[track_caller]
    fn only(&self, collection: &str, marker: &str) -> Value {
        let mut held = self.server.held(collection);
        held.retain(|one| {
            one["metadata"].as_str().is_some_and(|text| text.contains(&format!("\"{marker}\"")))
        });
        assert_eq!(held.len(), 1, "{held:#?}");
        held.remove(0)
    }

    /// How many requests changed something, or tried to.
    fn changes(&self) -> usize {
        self.server.requests().iter().filter(|request| request.method != "GET").count()
    }
}

/// A TLS certificate that is declared, from the files of its name; `more` are further lines.
fn tls(name: &str, more: &str) -> String {
    tls_from(name, name, more)
}

fn tls_from(name: &str, file: &str, more: &str) -> String {
    format!(
        "[[tls_certificate]]\nname = \"{name}\"\ncertificate = \"{file}.pem\"\nprivate_key = \"{file}.key\"\n{more}\n"
    )
}

fn actions(json: &Value) -> Vec<String> {
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    let action = |item: &Value| {
        let outcome = match text(item, "outcome").as_str() {
            "planned" => String::new(),
            outcome => format!(" {outcome}"),
        };
        format!("{} {}.{}{outcome}", text(item, "action"), text(item, "kind"), text(item, "name"))
    };
    json["items"].as_array().unwrap().iter().map(action).collect()
}

fn once(markers: &[&str]) -> BTreeMap<String, usize> {
    markers.iter().map(|marker| ((*marker).to_owned(), 1)).collect()
}
