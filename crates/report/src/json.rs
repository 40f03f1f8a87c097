//! Verdicts for programs, as JSON (RFC 8259).
//!
//! The format has a version number of its own. Within a version, fields are added but neither change their meaning nor
//! go away; [`SCHEMA_V1`] says exactly what a reader may meet.

mod schema;
pub mod v1;

use std::io::{self, Write};

use certgate_facts::Timestamp;
use serde::Serialize;

use crate::judged::Judged;
use crate::tally::Tally;

pub use schema::SCHEMA_V1;

/// Writes verdicts given at the instant `at`, as [version 1](v1::Report).
///
/// # Errors
/// What `out` answers.
pub fn write(out: &mut dyn Write, verdicts: &[Judged], at: Timestamp) -> io::Result<()> {
    let mut sheet = Sheet::begin(at);
    verdicts.iter().try_for_each(|verdict| sheet.add(out, verdict))?;
    sheet.end(out)
}

/// The same, written case by case: nothing is kept but counts.
pub struct Sheet {
    at: Timestamp,
    tally: Tally,
}

/// What stands around cases.
const CASES: &str = "\n  \"cases\": [";

impl Sheet {
    /// For verdicts given at the instant `at`.
    #[must_use]
    pub fn begin(at: Timestamp) -> Self {
        Self { at, tally: Tally::default() }
    }

    /// Writes the next case.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn add(&mut self, out: &mut dyn Write, verdict: &Judged) -> io::Result<()> {
        self.go_on(out)?;
        self.tally.add(verdict);
        // No string in JSON has a line end.
        let case = serde_json::to_string_pretty(&v1::Case::of(verdict))?.replace('\n', "\n    ");
        write!(out, "\n    {case}")
    }

    /// Writes what is to be said of all.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn end(self, out: &mut dyn Write) -> io::Result<()> {
        let frame = self.frame()?;
        let (_, after) = frame.split_once(CASES).unwrap_or_default();
        if self.tally.cases == 0 {
            return out.write_all(frame.as_bytes());
        }
        write!(out, "\n  {after}")
    }

    /// What stands in front of the next case.
    fn go_on(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.tally.cases > 0 {
            return out.write_all(b",");
        }
        let frame = self.frame()?;
        let (before, _) = frame.split_once(CASES).unwrap_or_default();
        write!(out, "{before}{CASES}")
    }

    /// All but the cases.
    fn frame(&self) -> io::Result<String> {
        pretty(&v1::Report::without_cases(self.tally, self.at))
    }
}

/// Indented by two spaces, with a line feed at the end.
pub(crate) fn pretty(value: &impl Serialize) -> io::Result<String> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use certgate_rules::{TlsUpload, Verdict};
    use serde_json::Value;

    use super::*;
    use crate::fixture;

    fn written(verdict: Verdict<TlsUpload>) -> Value {
        let mut out = Vec::new();
        write(&mut out, &[verdict.into()], fixture::at()).unwrap();
        assert!(out.ends_with(b"}\n"));
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn a_refused_upload_says_by_whom_why_and_where() {
        let mut output = written(fixture::rule("key-does-not-match-leaf", "bad-another-curve"));
        output["cases"][0]["facts"].take();
        insta::assert_snapshot!(serde_json::to_string_pretty(&output).unwrap(), @r#"
        {
          "at": "2026-11-01T00:00:00Z",
          "cases": [
            {
              "api": {
                "accepted": false,
                "code": "ERR_NGROK_1923"
              },
              "clients": {
                "trusted": false
              },
              "facts": null,
              "findings": [
                {
                  "api_code": "ERR_NGROK_1923",
                  "code": "CG301",
                  "fingerprint": "0ffc157e2a168c153080249c33bb8604",
                  "fix": null,
                  "help": "the key fits no certificate of the chain: it is ecdsa p384, the leaf wants ecdsa p521",
                  "message": "the private key does not match the leaf",
                  "primary": {
                    "column": 1,
                    "end_column": 28,
                    "end_line": 3,
                    "label": "this key is ecdsa p384",
                    "length": 27,
                    "line": 3,
                    "offset": 153,
                    "part": null,
                    "path": "bad-another-curve.key"
                  },
                  "refused_by": null,
                  "related": [
                    {
                      "column": 1,
                      "end_column": 28,
                      "end_line": 3,
                      "label": "the leaf, `gate.example.com`, holds another key: ecdsa p521",
                      "length": 27,
                      "line": 3,
                      "offset": 113,
                      "part": null,
                      "path": "bad-another-curve.pem"
                    }
                  ],
                  "rule": "key-does-not-match-leaf",
                  "severity": "error"
                },
                {
                  "api_code": null,
                  "code": "CG202",
                  "fingerprint": "7547e2f0718b260f67975b72f8617775",
                  "fix": null,
                  "help": "leave it out: it is sent with every handshake for nothing",
                  "message": "the chain includes its root, `Test root rsa-2048-c`",
                  "primary": {
                    "column": 1,
                    "end_column": 28,
                    "end_line": 22,
                    "label": "self-signed: clients trust it because they have it, not because it is sent",
                    "length": 27,
                    "line": 22,
                    "offset": 1246,
                    "part": null,
                    "path": "bad-another-curve.pem"
                  },
                  "refused_by": null,
                  "related": [],
                  "rule": "chain-includes-root",
                  "severity": "warning"
                },
                {
                  "api_code": null,
                  "code": "CG310",
                  "fingerprint": "516cdcd775436cbe9995a4f3cd5a4310",
                  "fix": null,
                  "help": "have a key on P-256 certified: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`",
                  "message": "the key of the leaf is ecdsa p521, which Chrome and Edge refuse",
                  "primary": {
                    "column": 1,
                    "end_column": 28,
                    "end_line": 3,
                    "label": "",
                    "length": 27,
                    "line": 3,
                    "offset": 113,
                    "part": null,
                    "path": "bad-another-curve.pem"
                  },
                  "refused_by": null,
                  "related": [],
                  "rule": "key-type-refused-by-browsers",
                  "severity": "warning"
                }
              ],
              "inputs": [
                {
                  "path": "bad-another-curve.pem",
                  "slot": "certificate"
                },
                {
                  "path": "bad-another-curve.key",
                  "slot": "private_key"
                }
              ],
              "kind": "tls-upload",
              "target": {
                "accepted": false,
                "name": "ngrok"
              }
            }
          ],
          "summary": {
            "accepted": 0,
            "cases": 1,
            "errors": 1,
            "ignored": 0,
            "known": 0,
            "refused": 1,
            "warnings": 2
          },
          "version": 1
        }
        "#);
    }

    #[test]
    fn facts_of_the_example_are_all_there() {
        let output = written(fixture::seed());
        insta::assert_snapshot!(serde_json::to_string_pretty(&output["cases"][0]["facts"]).unwrap(), @r#"
        {
          "certificates": [
            {
              "authority_key_id": "abfa46cbc40ba4fecc2b49670074142475b04921",
              "basic_constraints": {
                "ca": true,
                "path_length_max": null
              },
              "ca_issuers": [],
              "common_name": "example.com",
              "crl_points": [],
              "extended_key_usages": null,
              "issuer": "CN=example.com",
              "key_usages": null,
              "line": 1,
              "must_staple": false,
              "name_constraints": null,
              "not_after": "2020-04-23T18:18:19Z",
              "not_before": "2020-03-24T18:18:19Z",
              "ocsp": [],
              "path": "example.com.pem",
              "policies": [],
              "public_key": {
                "bits": 2048,
                "curve": null,
                "spki_sha256": "13b8a80f9d0ae224f2be9ec1e4a48f7d3ef92cd40ccce08e732bbd40c5d3a0cf",
                "type": "rsa"
              },
              "sct_count": 0,
              "serial_number": "054ba70dd03882382d11b640f30f4b8e1be5ddb1",
              "sha256": "0af3e2ffa86bb839fc0ff655cec228e04d6391b26880ec7ccd04b2162bc82373",
              "signature_algorithm": "rsa with sha256",
              "subject": "CN=example.com",
              "subject_alternative_names": {
                "directory_names": [],
                "dns_names": [],
                "emails": [],
                "ips": [],
                "others": [],
                "uris": []
              },
              "subject_key_id": "abfa46cbc40ba4fecc2b49670074142475b04921",
              "unknown_critical": []
            }
          ],
          "chain": {
            "duplicates": [],
            "leaf": 0,
            "links": [],
            "order": [
              0
            ],
            "self_signed": [
              0
            ],
            "unrelated": []
          },
          "private_key": {
            "format": "pkcs8",
            "line": 1,
            "path": "example.com.key",
            "public_key": {
              "bits": 2048,
              "curve": null,
              "spki_sha256": "13b8a80f9d0ae224f2be9ec1e4a48f7d3ef92cd40ccce08e732bbd40c5d3a0cf",
              "type": "rsa"
            },
            "reason": null,
            "state": "usable"
          }
        }
        "#);
    }

    #[test]
    fn places_of_a_file_in_utf16_count_its_own_bytes() {
        let output = written(fixture::rule("text-encoding-unsupported", "bad-utf16-le"));
        let finding = &output["cases"][0]["findings"][0];
        assert_eq!(finding["rule"], "text-encoding-unsupported");
        assert_eq!((&finding["primary"]["offset"], &finding["primary"]["column"]), (&2.into(), &1.into()));
    }
}
