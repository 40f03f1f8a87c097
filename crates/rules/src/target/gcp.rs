//! Google Cloud, as self-managed certificates of its load balancers are uploaded to it.

use certgate_facts::Curve;

use super::{Document, KeyKind, Takes, Target};
use crate::rules::{input, key, target};

const GUIDE: Document = Document {
    title: "Use self-managed SSL certificates",
    url: "https://cloud.google.com/load-balancing/docs/ssl-certificates/self-managed-certs",
};
static CRITERIA: Document = GUIDE;
static RESOURCE: Document = Document {
    title: "SslCertificate, Compute Engine API",
    url: "https://cloud.google.com/compute/docs/reference/rest/v1/sslCertificates",
};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "gcp",
    title: "Google Cloud",
    document: GUIDE,
    takes: Takes {
        keys: &[KeyKind::Rsa(2048), KeyKind::Ecdsa(Curve::P256)],
        certificates_min: 2,
        certificates_max: Some(5),
        ..Takes::ANYTHING
    },
    refuses: &[
        (&input::input_needs_converting::RULE, &CRITERIA),
        (&key::key_encrypted::RULE, &CRITERIA),
        (&target::key_type_not_for_target::RULE, &CRITERIA),
        (&target::chain_length_not_for_target::RULE, &RESOURCE),
    ],
};
