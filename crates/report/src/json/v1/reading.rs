//! Everything one source holds, unjudged.

use certgate_facts::{Content, Entry, Source};
use serde::Serialize;

use super::{Certificate, PrivateKey, SshLine};

/// What one source holds.
#[derive(Clone, Debug, Serialize)]
pub struct Reading {
    /// The version of this format: 1.
    pub version: u8,
    /// The path as given.
    pub path: String,
    /// The PEM blocks, in order.
    pub blocks: Vec<Block>,
    /// OpenSSH public keys and certificates, in order; none where there is PEM.
    pub ssh_lines: Vec<SshLine>,
    /// What cannot be read outside of blocks.
    pub defects: Vec<String>,
}

/// A PEM block; of the two kinds of facts at most one is there, the other is `null`.
#[derive(Clone, Debug, Serialize)]
pub struct Block {
    /// The line of its BEGIN boundary, counted from 1.
    pub line: usize,
    /// Its label, such as `CERTIFICATE`.
    pub label: String,
    /// The certificate it holds.
    pub certificate: Option<Certificate>,
    /// The private key it holds.
    pub private_key: Option<PrivateKey>,
    /// What is wrong with it.
    pub defects: Vec<String>,
}

impl Reading {
    /// What is to be written of a source.
    #[must_use]
    pub fn of(reading: &certgate_facts::Reading) -> Self {
        let source = reading.source();
        let line = |span| source.location(span).line;
        Self {
            version: 1,
            path: source.name().to_owned(),
            blocks: reading.entries().iter().map(|entry| Block::of(source, entry)).collect(),
            ssh_lines: reading
                .ssh_lines()
                .iter()
                .map(|ssh| SshLine::of(line(ssh.span), &ssh.content))
                .collect(),
            defects: reading.defects().iter().map(|defect| defect.kind.to_string()).collect(),
        }
    }
}

impl Block {
    fn of(source: &Source, entry: &Entry) -> Self {
        let mut defects: Vec<String> =
            entry.block().defects().iter().map(|defect| defect.kind.to_string()).collect();
        if let Content::NotACertificate(defect) = entry.content() {
            let text = defect.kind.to_string();
            if !defects.contains(&text) {
                defects.push(text);
            }
        }
        Self {
            line: source.location(entry.block().begin()).line,
            label: entry.block().label().to_owned(),
            certificate: entry.certificate().map(|certificate| Certificate::of(source, entry, certificate)),
            private_key: entry.is_private_key().then(|| PrivateKey::of(source, entry)),
            defects,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture;
    use crate::show::reading_json;

    #[test]
    fn a_lone_key_as_json_is_its_facts() {
        insta::assert_snapshot!(reading_json(&fixture::reading("keys/p384-a.sec1.key")).unwrap(), @r#"
        {
          "version": 1,
          "path": "p384-a.sec1.key",
          "blocks": [
            {
              "line": 2,
              "label": "EC PRIVATE KEY",
              "certificate": null,
              "private_key": {
                "path": "p384-a.sec1.key",
                "line": 2,
                "format": "sec1",
                "state": "usable",
                "reason": null,
                "public_key": {
                  "type": "ecdsa",
                  "bits": null,
                  "curve": "p384",
                  "spki_sha256": "464fb45c4b586dcd80ef967be89fd167ba9d8883436ba1f0197a33f595067af9"
                }
              },
              "defects": []
            }
          ],
          "ssh_lines": [],
          "defects": []
        }
        "#);
    }

    #[test]
    fn ssh_lines_as_json_are_keys_and_certificates() {
        insta::assert_snapshot!(reading_json(&fixture::reading("ssh/ed25519.pub")).unwrap(), @r#"
        {
          "version": 1,
          "path": "ed25519.pub",
          "blocks": [],
          "ssh_lines": [
            {
              "line": 2,
              "public_key": {
                "type": "ssh-ed25519",
                "kind": "ed25519",
                "fingerprint": "SHA256:Eg3/oUKXZs1CNHZQrvZB8EvC9ZBlGlabfaLZ5TFm6Hg",
                "comment": "gate@example.com"
              },
              "certificate": null,
              "known_host": null,
              "unreadable": null
            }
          ],
          "defects": []
        }
        "#);
        insta::assert_snapshot!(reading_json(&fixture::reading("ssh/ed25519-user-cert-options.pub")).unwrap(), @r#"
        {
          "version": 1,
          "path": "ed25519-user-cert-options.pub",
          "blocks": [],
          "ssh_lines": [
            {
              "line": 2,
              "public_key": null,
              "certificate": {
                "type": "ssh-ed25519-cert-v01@openssh.com",
                "comment": "gate@example.com",
                "role": "user",
                "key_id": "ed25519-user-options",
                "serial": "0",
                "principals": [
                  "alice"
                ],
                "valid_after": "2026-10-01T00:00:00Z",
                "valid_before": "2026-12-30T00:00:00Z",
                "public_key": {
                  "type": "ssh-ed25519",
                  "kind": "ed25519",
                  "fingerprint": "SHA256:Eg3/oUKXZs1CNHZQrvZB8EvC9ZBlGlabfaLZ5TFm6Hg",
                  "comment": ""
                },
                "authority_key": {
                  "type": "ssh-ed25519",
                  "kind": "ed25519",
                  "fingerprint": "SHA256:9iy6xDV6ZJw1470IgfwpLGCAlVZZfGLOdBYUh/H/YuE",
                  "comment": ""
                },
                "signature_algorithm": "ssh-ed25519",
                "critical_options": [
                  {
                    "name": "force-command",
                    "value": "/usr/bin/true"
                  },
                  {
                    "name": "source-address",
                    "value": "192.0.2.0/24"
                  }
                ],
                "extensions": [
                  {
                    "name": "permit-pty",
                    "value": ""
                  }
                ]
              },
              "known_host": null,
              "unreadable": null
            }
          ],
          "defects": []
        }
        "#);
    }

    #[test]
    fn known_hosts_as_json_are_hosts_and_their_key() {
        let json = |name: &str| -> serde_json::Value {
            let reading = fixture::reading(&format!("rules/{name}.known_hosts"));
            serde_json::from_str(&reading_json(&reading).unwrap()).unwrap()
        };
        let line = &json("trust-line-key-revoked/bad-authority")["ssh_lines"][0];
        insta::assert_snapshot!(serde_json::to_string_pretty(line).unwrap(), @r#"
        {
          "certificate": null,
          "known_host": {
            "hashed": false,
            "hosts": [
              "*.example.com",
              "192.0.2.*"
            ],
            "is_certificate": false,
            "key": {
              "comment": "ca@example.com",
              "fingerprint": "SHA256:9iy6xDV6ZJw1470IgfwpLGCAlVZZfGLOdBYUh/H/YuE",
              "kind": "ed25519",
              "type": "ssh-ed25519"
            },
            "marker": "cert-authority"
          },
          "line": 2,
          "public_key": null,
          "unreadable": null
        }
        "#);
        let hashed = &json("trust-line-unreadable/good-hashed-names")["ssh_lines"][0]["known_host"];
        assert_eq!((&hashed["hashed"], &hashed["marker"]), (&true.into(), &serde_json::Value::Null));
        let defect = &json("trust-line-unreadable/bad-tab")["ssh_lines"][0]["unreadable"];
        assert_eq!(defect, "a tab follows the marker, where a space is due");
    }

    #[test]
    fn a_damaged_block_as_json_says_what_is_wrong() {
        let json: serde_json::Value =
            serde_json::from_str(&reading_json(&fixture::reading("damaged/31-truncated.pem")).unwrap())
                .unwrap();
        let block = &json["blocks"][0];
        assert!(block["certificate"].is_null() && block["private_key"].is_null());
        insta::assert_snapshot!(block["defects"], @r#"["not a certificate: the DER value is cut off: 48 more bytes should follow the 443 here"]"#);
    }
}
