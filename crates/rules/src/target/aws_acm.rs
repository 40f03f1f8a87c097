//! AWS Certificate Manager, as certificates are imported into it.

use certgate_facts::Curve;

use super::{Document, Files, KeyKind, Lines, Takes, Target};
use crate::rules::{chain, input, key, leaf, target};

const PREREQUISITES: Document = Document {
    title: "Prerequisites for importing ACM certificates",
    url: "https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html",
};
static FORMAT: Document = Document {
    title: "Certificate and key format for importing",
    url: "https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-format.html",
};
static CRITERIA: Document = PREREQUISITES;

/// The target.
pub(super) static TARGET: Target = Target {
    name: "aws-acm",
    title: "AWS Certificate Manager",
    document: PREREQUISITES,
    takes: Takes {
        keys: &[
            KeyKind::Rsa(1024),
            KeyKind::Rsa(2048),
            KeyKind::Rsa(3072),
            KeyKind::Rsa(4096),
            KeyKind::Ecdsa(Curve::P256),
            KeyKind::Ecdsa(Curve::P384),
            KeyKind::Ecdsa(Curve::P521),
        ],
        key_bytes_max: Some(5120),
        files: Files::Apart,
        lines: Lines::WithoutBlanks,
        ..Takes::ANYTHING
    },
    refuses: &[
        (&input::input_needs_converting::RULE, &FORMAT),
        (&leaf::leaf_expired::RULE, &CRITERIA),
        (&leaf::leaf_not_yet_valid::RULE, &CRITERIA),
        (&chain::chain_out_of_order::RULE, &FORMAT),
        (&chain::chain_duplicate::RULE, &FORMAT),
        (&key::key_encrypted::RULE, &CRITERIA),
        (&target::key_type_not_for_target::RULE, &CRITERIA),
        (&target::key_too_long_for_target::RULE, &CRITERIA),
        (&target::files_not_for_target::RULE, &FORMAT),
        (&target::lines_not_for_target::RULE, &FORMAT),
    ],
};
