//! Resources as answers show them.
//!
//! What is kept of a resource is the JSON of the fields that never change, in the order of the wire. The others are put in
//! front of it: nothing is parsed to be shown.

use certgate_api::Resource;
use certgate_store::ResourceRecord;
use serde_json::error::Error;

use crate::fields::Fields;
use crate::problem::Refusal;

/// Fields that are not part of what is kept.
const COMMON: [&str; 5] = ["id", "uri", "created_at", "description", "metadata"];

/// What is kept of a resource.
pub(crate) fn kept(resource: &impl Resource) -> Result<Vec<u8>, Error> {
    let json = serde_json::to_vec(resource)?;
    let fields = Fields::read(&json)?;
    let mut kept = String::with_capacity(json.len());
    for (name, text) in fields.iter().filter(|(name, _)| !COMMON.contains(name)) {
        kept.push(if kept.is_empty() { '{' } else { ',' });
        push_field(&mut kept, name, text)?;
    }
    kept.push('}');
    Ok(kept.into_bytes())
}

/// The JSON of a resource, as the API has it.
pub(crate) fn shown<R: Resource>(
    record: &ResourceRecord,
    origin: &str,
    emit_empty: bool,
) -> Result<String, Refusal> {
    let kept = std::str::from_utf8(&record.content).ok().and_then(|kept| kept.strip_prefix('{'));
    let kept = kept.ok_or_else(|| Refusal::fault(format!("{} does not read", record.id)))?;
    let text = |text: &str| serde_json::to_string(text).map_err(Refusal::fault);
    let mut json = String::with_capacity(record.content.len() + 512);
    json.push_str("{\"id\":");
    json.push_str(&text(record.id.as_str())?);
    json.push_str(",\"uri\":");
    json.push_str(&text(&uri::<R>(origin, record.id.as_str()))?);
    json.push_str(",\"created_at\":");
    json.push_str(&text(&record.created_at.to_string())?);
    for (name, value) in [("description", &record.description), ("metadata", &record.metadata)] {
        if emit_empty || !value.is_empty() {
            json.push(',');
            push_field(&mut json, name, &text(value)?).map_err(Refusal::fault)?;
        }
    }
    json.push(',');
    json.push_str(kept);
    Ok(json)
}

/// Where a resource is; with an empty id, the list of all of its kind.
pub(crate) fn uri<R: Resource>(origin: &str, id: &str) -> String {
    let name = R::COLLECTION.name;
    match id {
        "" => format!("{origin}/{name}"),
        id => format!("{origin}/{name}/{id}"),
    }
}

fn push_field(json: &mut String, name: &str, text: &str) -> Result<(), Error> {
    json.push_str(&serde_json::to_string(name)?);
    json.push(':');
    json.push_str(text);
    Ok(())
}

#[cfg(test)]
mod tests {
    use certgate_api::SshCertificateAuthority;
    use certgate_facts::Timestamp;
    use certgate_store::{ResourceFacts, ResourceKind};

    use super::*;

    fn authority() -> SshCertificateAuthority {
        serde_json::from_str(
            r#"{"id":"sshca_2rwwl5w69mehWeDVlbshgAxOzQS","uri":"http://h:1/ssh_certificate_authorities/sshca_2rwwl5w69mehWeDVlbshgAxOzQS",
            "created_at":"2025-01-21T18:19:52Z","description":"d \"1\"","metadata":"{}","public_key":"ssh-ed25519 AAAA","key_type":"ed25519"}"#,
        )
        .unwrap()
    }

    fn record(authority: &SshCertificateAuthority) -> ResourceRecord {
        ResourceRecord {
            kind: ResourceKind::SshCertificateAuthority,
            id: authority.id.to_string().parse().unwrap(),
            created_at: Timestamp::from_unix_secs(authority.created_at.unix_secs()),
            description: authority.description.clone(),
            metadata: authority.metadata.clone(),
            facts: ResourceFacts::default(),
            content: kept(authority).unwrap(),
        }
    }

    #[test]
    fn what_is_shown_is_what_the_wire_shapes_write() {
        let full = authority();
        let bare =
            SshCertificateAuthority { description: String::new(), metadata: String::new(), ..authority() };
        for due in [full, bare] {
            let shown = shown::<SshCertificateAuthority>(&record(&due), "http://h:1", false).unwrap();
            assert_eq!(shown, serde_json::to_string(&due).unwrap());
        }
    }

    #[test]
    fn empty_texts_are_shown_where_clients_need_them() {
        let bare =
            SshCertificateAuthority { description: String::new(), metadata: String::new(), ..authority() };
        let shown = shown::<SshCertificateAuthority>(&record(&bare), "http://h:1", true).unwrap();
        assert!(
            shown.contains(
                r#""created_at":"2025-01-21T18:19:52Z","description":"","metadata":"","public_key""#
            )
        );
    }

    #[test]
    fn what_is_kept_has_none_of_the_common_fields() {
        let kept = String::from_utf8(kept(&authority()).unwrap()).unwrap();
        assert_eq!(kept, r#"{"public_key":"ssh-ed25519 AAAA","key_type":"ed25519"}"#);
    }
}
