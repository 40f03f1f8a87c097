use certgate_sign::krl::{CertificateSection, CertificateSubsection, Extension, Header, Section};

use super::*;

/// A list with every kind of section, odd values among them.
fn list() -> RevocationList {
    let header = Header::of_fields(u64::MAX, 1_780_000_000, 3, b"\xff", b"since \"Monday\"\0").unwrap();
    let extension = || Extension::new(b"new@example.com", 1, &[0, 1]);
    let authority = b"\0\0\0\x0bssh-ed25519\0\0\0\x2001234567890123456789012345678901";
    let certificates = CertificateSection::new(
        authority,
        b"",
        vec![
            CertificateSubsection::SerialList(vec![9, 3, u64::MAX]),
            CertificateSubsection::SerialRange { first: 100, last: 200 },
            CertificateSubsection::SerialBitmap { offset: 1000, bits: Box::from([0, 0, 5]) },
            CertificateSubsection::KeyIds(vec![
                Box::from(*b"web-1"),
                Box::from(*b"\xfe"),
                Box::from(*b"a\0"),
            ]),
            CertificateSubsection::Extension(extension()),
            CertificateSubsection::Unknown { kind: 0x24, body: Box::from([7]) },
        ],
    );
    let sections = vec![
        Section::Certificates(certificates),
        Section::Certificates(CertificateSection::new(b"", b"r", Vec::new())),
        Section::Keys(vec![Box::from(*authority), Box::from(*b"nonsense")]),
        Section::Sha1(vec![[1; 20]]),
        Section::Sha256(vec![[2; 32]]),
        Section::Signature { key: Box::from([1]), signature: Box::from([2]) },
        Section::Extension(extension()),
        Section::Unknown { kind: 77, body: Box::from([1, 2]) },
    ];
    RevocationList::of_sections(header, sections).unwrap()
}

#[test]
fn every_list_comes_back_from_its_json_byte_for_byte() {
    let list = list();
    let json = json("krl", &list).unwrap();
    assert_eq!(rebuild(json.as_bytes()).unwrap().to_bytes(), list.to_bytes());
}

#[test]
fn what_is_derived_may_be_left_out_and_must_not_contradict() {
    let list = list();
    let json: serde_json::Value = serde_json::from_str(&json("krl", &list).unwrap()).unwrap();
    let derived = [
        ("", "path"),
        ("", "generated_at"),
        ("/sections/0/subsections/2", "serials"),
        ("/sections/2/keys/0", "fingerprint"),
        ("/sections/2/keys/0", "type"),
    ];
    let mut without = json.clone();
    for (pointer, field) in derived {
        without.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(field).unwrap();
    }
    assert_eq!(rebuild(without.to_string().as_bytes()).unwrap(), list);
    for (pointer, value, expected) in [
        ("/version", serde_json::json!(2), "version is not 1"),
        ("/krl_version", "18446744073709551616".into(), "krl_version is not a number"),
        ("/krl_version", "+1".into(), "krl_version is not a number"),
        ("/generated_at", "2026-01-01T00:00:00Z".into(), "generated_at is not the time"),
        ("/comment", serde_json::json!({ "text": "a\0b" }), "NUL"),
        ("/comment", serde_json::json!({ "base64": "!" }), "comment is not base64"),
        (
            "/sections/0/subsections/2/serials",
            serde_json::json!(["1000"]),
            "sections[0].subsections[2].serials",
        ),
        ("/sections/0/subsections/0/serials/1", "0".into(), "serial 0"),
        ("/sections/0/subsections/1/first", "201".into(), "ends before it starts"),
        ("/sections/2/keys/0/fingerprint", "SHA256:x".into(), "sections[2].keys[0] is not a key"),
        ("/sections/3/fingerprints/0", "SHA1:AAAA".into(), "sections[3].fingerprints[0] is not `SHA1:`"),
        ("/sections/7/kind", "new".into(), "unknown variant `new`"),
        ("/sections/7/more", "new".into(), "unknown field `more`"),
    ] {
        let mut altered = json.clone();
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        match altered.pointer_mut(parent).unwrap() {
            serde_json::Value::Object(object) => {
                object.insert(field.to_owned(), value);
            }
            list => list[field.parse::<usize>().unwrap()] = value,
        }
        let error = rebuild(altered.to_string().as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{pointer}: {error}");
    }
}

#[test]
fn a_list_for_people_has_a_block_for_each_section() {
    let mut out = Vec::new();
    write_text(&mut out, "krl", &list()).unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
    krl: ssh key revocation list
      version        18446744073709551615
      generated      2026-05-28T20:26:40Z
      comment        since "Monday"
      flags          0x3, which mean nothing
      reserved       1 bytes, which mean nothing
      refused        all clients refuse the list, and with it every host: an unknown critical extension

    krl, section 1: certificates of ed25519 SHA256:Zja0OrW5XrGS57NvNXi6kPnu92fyDGNb2kWJVLeeEpk
      serials        3, 9, 100-200, 1000, 1002, 18446744073709551615
      key ids        `web-1`, `�`, `a\u{0}`
      extension      new@example.com
      unknown        kind 0x24, 1 bytes

    krl, section 2: certificates of any authority

    krl, section 3: keys
      keys           ed25519 SHA256:Zja0OrW5XrGS57NvNXi6kPnu92fyDGNb2kWJVLeeEpk,
                     no key, so that nothing is revoked: the key ends inside one of its parts

    krl, section 4: keys by SHA-1
      keys           SHA1:AQEBAQEBAQEBAQEBAQEBAQEBAQE

    krl, section 5: keys by SHA-256
      keys           SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI

    krl, section 6: a signature, not verified
      bytes          1

    krl, section 7: an extension
      name           new@example.com

    krl, section 8: of the unknown kind 0x4d
      bytes          2
    "#);
}
