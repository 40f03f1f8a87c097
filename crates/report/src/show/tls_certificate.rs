//! An upload as the API's resource shows it.

use std::net::IpAddr;

use certgate_facts::{ExtendedKeyUsage, KeyType, PublicKey};
use certgate_rules::TlsUpload;
use serde::Serialize;

/// The fields of the API's TLS certificate that follow from certificate and private key, in the order of the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TlsCertificate {
    /// The certificates, written anew: 64 columns, line feeds, nothing in between.
    pub certificate_pem: String,
    /// The leaf's common name; empty without one.
    pub subject_common_name: String,
    /// The leaf's names.
    pub subject_alternative_names: SubjectAlternativeNames,
    /// When the API's own issuer issued it; never for an upload.
    pub issued_at: Option<String>,
    /// First second of the leaf's validity, RFC 3339 in UTC.
    pub not_before: String,
    /// Last second of the leaf's validity.
    pub not_after: String,
    /// The leaf's key usages, in bit order.
    pub key_usages: Vec<String>,
    /// The leaf's extended key usages that have a name, in certificate order.
    pub extended_key_usages: Vec<String>,
    /// `rsa`, `ecdsa` or `ed25519`: the type of the private key, or where it is not known that of the leaf's key;
    /// empty for other types.
    pub private_key_type: String,
    /// The common name of the leaf's issuer; empty without one.
    pub issuer_common_name: String,
    /// The leaf's serial number in hexadecimal.
    pub serial_number: String,
    /// The leaf's organization; empty without one, like the fields that follow.
    pub subject_organization: String,
    /// The leaf's organizational unit.
    pub subject_organizational_unit: String,
    /// The leaf's locality.
    pub subject_locality: String,
    /// The leaf's state or province.
    pub subject_province: String,
    /// The leaf's country.
    pub subject_country: String,
}

/// The names of a leaf that have a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SubjectAlternativeNames {
    /// Host names, in certificate order.
    pub dns_names: Vec<String>,
    /// IP addresses in canonical form, in certificate order.
    pub ips: Vec<String>,
}

impl TlsCertificate {
    /// What the API would answer of an upload; `None` where the leaf does not read.
    #[must_use]
    pub fn of(upload: &TlsUpload) -> Option<Self> {
        let (_, leaf) = upload.leaf()?;
        let extensions = leaf.extensions();
        let purposes = extensions.extended_key_usages().unwrap_or_default();
        let subject = |short_name| leaf.subject().first(short_name).unwrap_or_default().to_owned();
        let key = upload.public_key().unwrap_or_else(|| leaf.public_key());
        let canonical = |address: IpAddr| address.to_canonical().to_string();
        Some(Self {
            certificate_pem: certificate_pem(upload),
            subject_common_name: subject("CN"),
            subject_alternative_names: SubjectAlternativeNames {
                dns_names: leaf.dns_names().map(str::to_owned).collect(),
                ips: leaf.ip_addresses().map(canonical).collect(),
            },
            issued_at: None,
            not_before: leaf.not_before().to_string(),
            not_after: leaf.not_after().to_string(),
            key_usages: extensions
                .key_usage()
                .into_iter()
                .flat_map(|usage| usage.names())
                .map(str::to_owned)
                .collect(),
            extended_key_usages: purposes
                .iter()
                .filter_map(ExtendedKeyUsage::name)
                .map(str::to_owned)
                .collect(),
            private_key_type: api_name(key).to_owned(),
            issuer_common_name: leaf.issuer().first("CN").unwrap_or_default().to_owned(),
            serial_number: leaf.serial().to_string(),
            subject_organization: subject("O"),
            subject_organizational_unit: subject("OU"),
            subject_locality: subject("L"),
            subject_province: subject("ST"),
            subject_country: subject("C"),
        })
    }
}

fn api_name(key: &PublicKey) -> &'static str {
    KeyType::api_name(key.key_type()).unwrap_or_default()
}

fn certificate_pem(upload: &TlsUpload) -> String {
    let blocks = upload.certificate().entries().filter(|entry| entry.is_certificate());
    certificates_pem(blocks.filter_map(|entry| entry.block().der()))
}

/// Certificates as PEM, in the order given: 64 columns, each line with a line feed at its end.
pub fn certificates_pem(ders: impl IntoIterator<Item = impl AsRef<[u8]>>) -> String {
    let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    let armor = |der: &[u8]| pem::encode_config(&pem::Pem::new("CERTIFICATE", der), config);
    ders.into_iter().map(|der| armor(der.as_ref())).collect()
}

#[cfg(test)]
mod tests {
    use certgate_rules::Slot;
    use serde_json::{Value, json};

    use super::*;
    use crate::fixture;
    use crate::show::tls_certificate_json;

    #[test]
    fn the_example_is_shown_as_the_api_answered_it() {
        let upload = fixture::upload("seed/example.com.pem", "seed/example.com.key");
        let shown: Value = serde_json::from_str(&tls_certificate_json(&upload).unwrap()).unwrap();
        let response = std::fs::read(fixture::folder().join("seed/response.json")).unwrap();
        let mut response: Value = serde_json::from_slice(&response).unwrap();
        for of_the_account in ["id", "uri", "created_at"] {
            response.as_object_mut().unwrap().remove(of_the_account).unwrap();
        }
        assert_eq!(shown, response);
    }

    #[test]
    fn fields_stand_in_the_order_of_the_wire() {
        let upload = fixture::upload("seed/example.com.pem", "seed/example.com.key");
        let text = tls_certificate_json(&upload).unwrap();
        let fields = text.lines().filter_map(|line| line.trim_start().strip_prefix('"')?.split_once("\": "));
        let names: Vec<&str> = fields.map(|(name, _)| name).collect();
        let wire = [
            "certificate_pem",
            "subject_common_name",
            "subject_alternative_names",
            "dns_names",
            "ips",
            "issued_at",
            "not_before",
            "not_after",
            "key_usages",
            "extended_key_usages",
            "private_key_type",
            "issuer_common_name",
            "serial_number",
            "subject_organization",
            "subject_organizational_unit",
            "subject_locality",
            "subject_province",
            "subject_country",
        ];
        assert_eq!(names, wire);
    }

    #[test]
    fn text_between_blocks_is_dropped_and_line_ends_are_line_feeds() {
        let good = fixture::reading("chain/p256-depth-3.pem");
        let text = String::from_utf8(good.source().bytes().to_vec()).unwrap();
        let spread = text.replace("-----BEGIN", "words\n-----BEGIN").replace('\n', "\r\n");
        let upload = TlsUpload::new(Slot::whole(fixture::text("crlf.pem", &spread)), Slot::absent());
        let pem = TlsCertificate::of(&upload).unwrap().certificate_pem;
        assert_eq!(pem.matches("-----BEGIN CERTIFICATE-----\n").count(), 3);
        assert!(pem.starts_with("-----BEGIN ") && pem.ends_with("-----END CERTIFICATE-----\n"));
        assert!(pem.lines().all(|line| line.len() <= 64) && !pem.contains('\r') && !pem.contains("\n\n"));
    }

    #[test]
    fn without_a_private_key_its_type_is_that_of_the_leaf() {
        let certificate = Slot::whole(fixture::reading("chain/p256-depth-1.pem"));
        let upload = TlsUpload::new(certificate, Slot::absent());
        assert_eq!(TlsCertificate::of(&upload).unwrap().private_key_type, "ecdsa");
    }

    #[test]
    fn names_addresses_and_usages_of_a_rich_leaf_are_all_there() {
        let upload = fixture::upload("chain/rich.pem", "chain/rich.key");
        let shown = serde_json::to_value(TlsCertificate::of(&upload).unwrap()).unwrap();
        insta::assert_snapshot!(json!([shown["subject_alternative_names"], shown["key_usages"], shown["extended_key_usages"], shown["subject_organization"]]), @r#"[{"dns_names":["gate.example.com","www.gate.example.com","*.gate.example.com","xn--tr-xka.example.com"],"ips":["192.0.2.10","2001:db8::10"]},["digital_signature","content_commitment","data_encipherment","key_agreement","decipher_only"],["server_auth","client_auth"],"Example Gates"]"#);
    }

    #[test]
    fn an_unreadable_leaf_shows_nothing() {
        let upload = fixture::upload(
            "rules/certificate-unreadable/bad-not-der.pem",
            "rules/certificate-unreadable/bad-not-der.key",
        );
        assert_eq!(TlsCertificate::of(&upload), None);
    }
}
