//! Cloudflare, as custom certificates are uploaded to it.

use certgate_facts::Curve;

use super::{Document, KeyKind, Takes, Target};
use crate::rules::{input, key, leaf, target};

const REQUIREMENTS: Document = Document {
    title: "Manage custom certificates, certificate requirements",
    url: "https://developers.cloudflare.com/ssl/edge-certificates/custom-certificates/uploading/",
};
static LIST: Document = REQUIREMENTS;

/// The target. It puts chains in order itself, unless it is told to serve them as they are.
pub(super) static TARGET: Target = Target {
    name: "cloudflare",
    title: "Cloudflare",
    document: REQUIREMENTS,
    takes: Takes {
        keys: &[
            KeyKind::RsaFrom(2048),
            KeyKind::Ecdsa(Curve::P256),
            KeyKind::Ecdsa(Curve::P384),
            KeyKind::Ecdsa(Curve::P521),
        ],
        days_left_min: 14,
        asks_for_trust: true,
        ..Takes::ANYTHING
    },
    refuses: &[
        (&input::key_parameters_apart::RULE, &LIST),
        (&leaf::leaf_expired::RULE, &LIST),
        (&leaf::leaf_has_no_san::RULE, &LIST),
        (&key::key_encrypted::RULE, &LIST),
        (&target::key_type_not_for_target::RULE, &LIST),
        (&target::expiry_too_near_for_target::RULE, &LIST),
        (&target::root_not_for_target::RULE, &LIST),
    ],
};
