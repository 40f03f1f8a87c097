//! Fastly, as certificates of one's own are uploaded to it.

use certgate_facts::Curve;

use super::{Document, KeyKind, Takes, Target};
use crate::rules::{input, target};

const GUIDE: Document = Document {
    title: "Setting up TLS with your own certificates",
    url: "https://docs.fastly.com/en/guides/setting-up-tls-with-your-own-certificates",
};
static UPLOAD: Document = GUIDE;
static CERTIFICATES: Document = Document {
    title: "Custom TLS certificates, API reference",
    url: "https://www.fastly.com/documentation/reference/api/tls/custom-certs/certificates/",
};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "fastly",
    title: "Fastly",
    document: GUIDE,
    takes: Takes {
        keys: &[KeyKind::Rsa(2048), KeyKind::Ecdsa(Curve::P256), KeyKind::Ecdsa(Curve::P384)],
        asks_for_trust: true,
        ..Takes::ANYTHING
    },
    refuses: &[
        (&input::input_needs_converting::RULE, &CERTIFICATES),
        (&target::key_type_not_for_target::RULE, &UPLOAD),
        (&target::root_not_for_target::RULE, &UPLOAD),
    ],
};
