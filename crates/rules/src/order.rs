//! The order in which certificates would pass, in words.

use certgate_facts::Certificate;

use crate::case::TlsUpload;

/// What is wrong, the order that would pass, and what would be left over.
pub(crate) fn that_would_pass(upload: &TlsUpload, below: usize) -> String {
    let chain = upload.chain();
    let titles: Vec<String> =
        upload.certificates().map(|(_, certificate)| certificate.subject().title()).collect();
    let title = |index: usize| titles.get(index).map_or("", String::as_str);
    let list = |indices: &[usize]| {
        indices
            .iter()
            .map(|index| format!("{} `{}`", index + 1, title(*index)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let unrelated: Vec<usize> = chain.unrelated().collect();
    let repeated: Vec<usize> = chain.duplicates().iter().map(|duplicate| duplicate.again).collect();
    let order = format!("this order passes: {}", list(chain.order()));
    let mut help = match missing_issuer(upload, below) {
        Some(Missing::Absent(issuer)) => {
            format!("insert the certificate of `{issuer}` behind it; as things stand, {order}")
        }
        Some(Missing::Namesake(index)) => {
            format!(
                "certificate {} has the issuer's name but not its key: take the one that signed this; as things stand, {order}",
                index + 1
            )
        }
        None => order,
    };
    if !repeated.is_empty() {
        help.push_str(&format!("; drop the repeated {}", list(&repeated)));
    }
    if !unrelated.is_empty() {
        help.push_str(&format!("; drop {}, which the rest does not need", list(&unrelated)));
    }
    help
}

enum Missing {
    /// Nothing here has the issuer's name.
    Absent(String),
    /// Something here has its name, and did not sign.
    Namesake(usize),
}

/// The issuer that the path from the leaf breaks off at, where the break is the one found.
fn missing_issuer(upload: &TlsUpload, below: usize) -> Option<Missing> {
    if upload.chain().order().last() != Some(&below) || upload.chain().self_signed().contains(&below) {
        return None;
    }
    let certificates: Vec<&Certificate> = upload.certificates().map(|(_, certificate)| certificate).collect();
    let certificate = certificates.get(below)?;
    let namesake = certificates.iter().position(|issuer| certificate.names_as_issuer(issuer));
    Some(namesake.map_or_else(|| Missing::Absent(certificate.issuer().title()), Missing::Namesake))
}
