//! When a certificate is to be renewed.

use certgate_facts::SshCertificateFields;
use certgate_rules::Fraction;

/// When a certificate is to be renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// From this second on, since 1970-01-01T00:00:00Z.
    DueFrom(u64),
    /// Never: the certificate is valid forever.
    Never,
    /// Nobody can tell: the certificate has an end and no beginning, so that no fraction of its lifetime is known.
    Unknown,
}

impl Renewal {
    /// When no more than the fraction `left` of a certificate's lifetime is left.
    #[must_use]
    pub fn of(certificate: &SshCertificateFields, left: Fraction) -> Self {
        match (certificate.valid_after(), certificate.valid_before()) {
            (_, u64::MAX) => Self::Never,
            (0, _) => Self::Unknown,
            (after, before) => {
                Self::DueFrom(before.saturating_sub(left.of_secs(before.saturating_sub(after))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use certgate_facts::SshCertificate;

    use super::*;

    fn string(out: &mut Vec<u8>, bytes: &[u8]) {
        out.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
        out.extend(bytes);
    }

    fn renewal(after: u64, before: u64, left: &str) -> Renewal {
        let mut blob = Vec::new();
        for field in [&b"ssh-ed25519-cert-v01@openssh.com"[..], &[0; 32], &[2; 32]] {
            string(&mut blob, field);
        }
        blob.extend(1u64.to_be_bytes());
        blob.extend(2u32.to_be_bytes());
        (0..2).for_each(|_| string(&mut blob, b""));
        blob.extend(after.to_be_bytes());
        blob.extend(before.to_be_bytes());
        (0..3).for_each(|_| string(&mut blob, b""));
        let mut authority = Vec::new();
        string(&mut authority, b"ssh-ed25519");
        string(&mut authority, &[1; 32]);
        string(&mut blob, &authority);
        string(&mut blob, b"");
        let certificate = SshCertificate::from_blob(&blob).unwrap();
        Renewal::of(certificate.fields().unwrap(), left.parse().unwrap())
    }

    #[test]
    fn a_certificate_is_due_when_no_more_than_the_fraction_is_left() {
        assert_eq!(renewal(1_000, 2_000, "0.33"), Renewal::DueFrom(1_670));
        assert_eq!(renewal(1_000, 2_000, "0.5"), Renewal::DueFrom(1_500));
        assert_eq!(renewal(1_000, 1_001, "0.5"), Renewal::DueFrom(1_001));
        assert_eq!(renewal(1_000, 900, "0.5"), Renewal::DueFrom(900));
        assert_eq!(renewal(1, u64::MAX - 1, "0.000001"), Renewal::DueFrom(u64::MAX - 1 - 18_446_744_073_709));
        assert_eq!(renewal(1_000, u64::MAX, "0.5"), Renewal::Never);
        assert_eq!(renewal(0, u64::MAX, "0.5"), Renewal::Never);
        assert_eq!(renewal(0, 2_000, "0.5"), Renewal::Unknown);
    }
}
