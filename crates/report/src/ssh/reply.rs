//! What the API answers when it has created a host certificate.

use certgate_facts::SshCertificate;
use serde::Deserialize;

use crate::moment::moment;
use crate::printable::printable;

/// The fields of the API's resource that its certificate says, too.
#[derive(Deserialize)]
struct Reply {
    certificate: String,
    #[serde(default)]
    public_key: Option<String>,
    #[serde(default)]
    principals: Option<Vec<String>>,
    #[serde(default)]
    valid_after: Option<String>,
    #[serde(default)]
    valid_until: Option<String>,
}

/// The certificate in a reply, after what stands beside it was found to say the same.
///
/// # Errors
/// In words, for what is no such reply, and for one that contradicts its certificate.
pub fn certificate(json: &[u8]) -> Result<SshCertificate, String> {
    let reply: Reply = serde_json::from_slice(json)
        .map_err(|error| format!("no reply of the API with a `certificate`: {error}"))?;
    let certificate = SshCertificate::read(&reply.certificate)
        .map_err(|defect| format!("the certificate does not read: {defect}"))?;
    let fields = certificate.fields().ok_or("the certificate is of a type that is not known")?;
    let words = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let said = [
        ("public_key", reply.public_key.map(|line| words(&line)), fields.public_key().to_line("")),
        (
            "principals",
            reply.principals.map(|names| names.join(" ")),
            fields.principals().iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        ),
        ("valid_after", reply.valid_after, moment(fields.valid_after())),
        ("valid_until", reply.valid_until, moment(fields.valid_before())),
    ];
    for (field, beside, inside) in said {
        if let Some(beside) = beside.filter(|beside| !beside.is_empty() && *beside != inside) {
            let (beside, inside) = (printable(&beside).into_owned(), printable(&inside).into_owned());
            return Err(format!(
                "the reply contradicts itself: `{field}` is `{beside}`, and in the certificate `{inside}`"
            ));
        }
    }
    Ok(certificate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published() -> serde_json::Value {
        let path = format!("{}/../../fixtures/ssh/ecdsa-p256-host-cert.pub", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let line = text.lines().last().unwrap();
        let certificate = SshCertificate::read(line).unwrap();
        let fields = certificate.fields().unwrap();
        let principals: Vec<String> = fields.principals().iter().map(ToString::to_string).collect();
        serde_json::json!({
            "id": "shcrt_2rwwl4Y81Rw2C9CbleWWfl7v3Js",
            "certificate": line,
            "public_key": fields.public_key().to_line("a comment"),
            "principals": principals,
            "valid_after": moment(fields.valid_after()),
            "valid_until": moment(fields.valid_before()),
        })
    }

    #[test]
    fn a_reply_gives_its_certificate() {
        let json = published();
        let certificate = certificate(json.to_string().as_bytes()).unwrap();
        assert!(json["certificate"].as_str().unwrap().starts_with(&certificate.to_line("")));
    }

    #[test]
    fn a_reply_that_says_something_else_than_its_certificate_is_refused() {
        for (field, value) in [
            ("principals", serde_json::json!(["other.example.com"])),
            ("valid_until", serde_json::json!("2030-01-01T00:00:00Z")),
            ("valid_after", serde_json::json!("2030-01-01T00:00:00Z")),
            ("public_key", serde_json::json!("ssh-ed25519 AAAA")),
        ] {
            let mut json = published();
            json[field] = value;
            let error = certificate(json.to_string().as_bytes()).unwrap_err();
            assert!(error.contains(&format!("`{field}`")), "{error}");
        }
        assert!(certificate(b"{}").is_err());
        assert!(certificate(b"{\"certificate\":\"ssh-ed25519 AAAA\"}").is_err());
    }
}
