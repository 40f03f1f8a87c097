//! Certificates and how they relate.

use certgate_facts::{Certificate, EmbeddedSct, Entry, ExtendedKeyUsage, Extensions, Source, hex};
use certgate_rules::{CtLog, TlsUpload};

use super::sheet::Sheet;

/// What a certificate is by itself.
pub(super) fn role(certificate: &Certificate) -> &'static str {
    match (certificate.is_ca(), certificate.is_self_signed()) {
        (true, true) => "root",
        (true, false) => "intermediate",
        (false, true) => "self-signed certificate",
        (false, false) => "certificate",
    }
}

pub(super) fn sheet(source: &Source, entry: &Entry, certificate: &Certificate, what: &str) -> Sheet {
    let extensions = certificate.extensions();
    let mut sheet = Sheet::at(source, entry.block().begin(), what);
    sheet.row("subject", certificate.subject().to_string());
    sheet.row("issuer", certificate.issuer().to_string());
    sheet.rows("names", extensions.subject_alternative_names().iter().map(ToString::to_string));
    sheet.row("valid", format!("{} to {}", certificate.not_before(), certificate.not_after()));
    sheet.row("serial", certificate.serial().to_string());
    sheet.row("key", certificate.public_key().key_type().to_string());
    sheet.row("signature", certificate.signature_algorithm().to_string());
    usages(&mut sheet, extensions);
    sheet.row("key id", extensions.subject_key_id().map(hex).unwrap_or_default());
    sheet.row("issuer key id", extensions.authority_key_id().map(hex).unwrap_or_default());
    sheet.rows("ocsp", extensions.ocsp().iter().cloned());
    sheet.rows("issuer at", extensions.ca_issuers().iter().cloned());
    sheet.rows("crl", extensions.crl_points().iter().cloned());
    sheet.rows("policies", extensions.policies().iter().cloned());
    let log = |sct: &EmbeddedSct| match CtLog::of_id(&sct.log_id) {
        Some(log) => log.name.to_owned(),
        None => format!("log {}", hex(&sct.log_id)),
    };
    sheet.rows("logged in", extensions.scts().iter().map(log));
    sheet.row("must staple", if extensions.must_staple() { "yes" } else { "" });
    sheet.rows("not understood", extensions.unknown_critical().iter().map(|oid| format!("{oid} (critical)")));
    sheet.row("sha256", hex(&certificate.sha256()));
    sheet.row("spki sha256", hex(&certificate.public_key().spki_sha256()));
    sheet
}

fn usages(sheet: &mut Sheet, extensions: &Extensions) {
    let purpose = |usage: &ExtendedKeyUsage| usage.name().unwrap_or_else(|| usage.oid()).to_owned();
    let bits = extensions.key_usage().into_iter().flat_map(|usage| usage.names());
    sheet.rows("usages", bits.map(str::to_owned));
    sheet.rows("purposes", extensions.extended_key_usages().unwrap_or_default().iter().map(purpose));
    if let Some(constraints) = extensions.basic_constraints() {
        let below = constraints.path_length_max.map(|count| match count {
            0 => ", of leaves only".to_owned(),
            count => format!(", with at most {count} intermediates below"),
        });
        let authority = if constraints.is_ca { "yes" } else { "no" };
        sheet.row("authority", format!("{authority}{}", below.unwrap_or_default()));
    }
    if let Some(constraints) = extensions.name_constraints() {
        sheet.rows("permitted", constraints.permitted.iter().map(ToString::to_string));
        sheet.rows("excluded", constraints.excluded.iter().map(ToString::to_string));
    }
}

/// How the certificates of an upload relate; `None` where there are fewer than two.
pub(super) fn chain(upload: &TlsUpload) -> Option<Sheet> {
    let certificates: Vec<&Certificate> = upload.certificates().map(|(_, certificate)| certificate).collect();
    if certificates.len() < 2 {
        return None;
    }
    let chain = upload.chain();
    let list = |indices: &mut dyn Iterator<Item = usize>| -> Vec<String> {
        indices
            .filter_map(|index| {
                Some(format!("{} `{}`", index + 1, certificates.get(index)?.subject().title()))
            })
            .collect()
    };
    let mut sheet = Sheet::titled("chain".to_owned());
    sheet.rows("order", list(&mut chain.order().iter().copied()));
    sheet.rows("self-signed", list(&mut chain.self_signed().iter().copied()));
    sheet.rows("repeated", list(&mut chain.duplicates().iter().map(|duplicate| duplicate.again)));
    sheet.rows("unrelated", list(&mut chain.unrelated()));
    sheet.row(
        "signatures",
        match chain.first_broken_link() {
            None => "each is signed by the next".to_owned(),
            Some(below) => format!("{} is not signed by {}", below + 1, below + 2),
        },
    );
    Some(sheet)
}
