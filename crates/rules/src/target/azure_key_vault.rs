//! Azure Key Vault, as certificates are imported into it.

use certgate_facts::{Curve, KeyFormat};

use super::{Document, Files, KeyKind, Lines, Takes, Target};
use crate::rules::{input, key, leaf, target};

const SCENARIOS: Document = Document {
    title: "Get started with Key Vault certificates, formats of import",
    url: "https://learn.microsoft.com/azure/key-vault/certificates/certificate-scenarios#formats-of-import-we-support",
};
static FORMATS: Document = SCENARIOS;
static KEYS: Document = Document {
    title: "About keys, key types and protection methods",
    url: "https://learn.microsoft.com/azure/key-vault/keys/about-keys",
};
static QUESTIONS: Document = Document {
    title: "Importing Azure Key Vault certificates FAQ",
    url: "https://learn.microsoft.com/azure/key-vault/certificates/faq",
};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "azure-key-vault",
    title: "Azure Key Vault",
    document: SCENARIOS,
    takes: Takes {
        keys: &[
            KeyKind::Rsa(2048),
            KeyKind::Rsa(3072),
            KeyKind::Rsa(4096),
            KeyKind::Ecdsa(Curve::P256),
            KeyKind::Ecdsa(Curve::P384),
            KeyKind::Ecdsa(Curve::P521),
            KeyKind::Ecdsa(Curve::Secp256k1),
        ],
        key_formats: &[KeyFormat::Pkcs8],
        files: Files::Together,
        lines: Lines::EndInFeeds,
        ..Takes::ANYTHING
    },
    refuses: &[
        (&input::text_around_blocks::RULE, &FORMATS),
        (&leaf::leaf_expired::RULE, &QUESTIONS),
        (&key::key_encrypted::RULE, &FORMATS),
        (&target::key_type_not_for_target::RULE, &KEYS),
        (&target::key_format_not_for_target::RULE, &FORMATS),
        (&target::files_not_for_target::RULE, &FORMATS),
        (&target::lines_not_for_target::RULE, &QUESTIONS),
    ],
};
