//! The repairs there are.

use std::fmt;

use certgate_facts::{Certificate, Passphrases};

use crate::rule::Rule;
use crate::rules::{chain, input, key, target};

/// How far repairs may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Every certificate and every key stays, byte by byte; only its text and its place change.
    Safe,
    /// Certificates and other blocks may be dropped, and private keys decrypted, written in another format, and moved.
    Unsafe,
}

/// How far repairs may go, and what they have at hand.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// How far they may go.
    pub scope: Scope,
    /// What opens private keys that are to lie there decrypted.
    pub passphrases: &'a Passphrases,
    /// Certificates to complete chains with, in any order: one is taken only if its key signed what stands last.
    pub intermediates: &'a [Certificate],
}

impl Means<'_> {
    /// Nothing but the sources themselves.
    #[must_use]
    pub fn none_but(scope: Scope) -> Self {
        static NO_PASSPHRASES: Passphrases = Passphrases::NONE;
        Self { scope, passphrases: &NO_PASSPHRASES, intermediates: &[] }
    }
}

/// One way to repair a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Repair {
    /// The text is written without byte order mark, UTF-16 and lines that end in carriage returns alone.
    TextReencoded,
    /// Blocks that are indented, glued together, wrongly dashed or otherwise passed over are written again.
    BlocksRewritten,
    /// Headers inside certificate blocks are left out.
    HeadersDropped,
    /// Certificates get the label that readers look for.
    LabelsCorrected,
    /// Certificates that stand there twice stand there once.
    DuplicatesDropped,
    /// The leaf comes first, each issuer behind what it signed.
    ChainReordered,
    /// Certificates that the chain does not need are left out.
    UnrelatedDropped,
    /// The trust anchor that clients have already is left out.
    RootDropped,
    /// Parameters, which are part of the key already, are left out of the chain.
    ParametersDropped,
    /// Intermediates that were missing follow what they issued.
    ChainCompleted,
    /// A private key under a passphrase lies there without.
    KeyDecrypted,
    /// The block with the key's curve is left out, which the key names itself.
    KeyParametersDropped,
    /// The same private key is written in the format that the target of the upload reads.
    KeyConverted,
    /// Lines end as the target of the upload reads them.
    LinesTrimmed,
    /// What stands around the blocks is left out.
    TextStripped,
    /// A private key in the certificate file is taken out, into a file of its own.
    KeyTakenOut,
    /// The chain and the private key change files.
    SlotsSwapped,
}

impl Repair {
    /// Every repair.
    pub const ALL: [Self; 17] = [
        Self::TextReencoded,
        Self::BlocksRewritten,
        Self::HeadersDropped,
        Self::LabelsCorrected,
        Self::DuplicatesDropped,
        Self::ChainReordered,
        Self::UnrelatedDropped,
        Self::RootDropped,
        Self::ParametersDropped,
        Self::ChainCompleted,
        Self::KeyDecrypted,
        Self::KeyParametersDropped,
        Self::KeyConverted,
        Self::LinesTrimmed,
        Self::TextStripped,
        Self::KeyTakenOut,
        Self::SlotsSwapped,
    ];

    /// What it is called, such as `reorder-chain`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TextReencoded => "encode-as-utf-8",
            Self::BlocksRewritten => "rewrite-blocks",
            Self::HeadersDropped => "drop-headers",
            Self::LabelsCorrected => "correct-labels",
            Self::DuplicatesDropped => "drop-duplicates",
            Self::ChainReordered => "reorder-chain",
            Self::UnrelatedDropped => "drop-unrelated",
            Self::RootDropped => "drop-root",
            Self::ParametersDropped => "drop-parameters",
            Self::ChainCompleted => "complete-chain",
            Self::KeyDecrypted => "decrypt-key",
            Self::KeyParametersDropped => "drop-key-parameters",
            Self::KeyConverted => "convert-key",
            Self::LinesTrimmed => "trim-lines",
            Self::TextStripped => "strip-text",
            Self::KeyTakenOut => "take-key-out",
            Self::SlotsSwapped => "swap-files",
        }
    }

    /// What has to be allowed for it.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::UnrelatedDropped
            | Self::RootDropped
            | Self::ParametersDropped
            | Self::KeyDecrypted
            | Self::KeyParametersDropped
            | Self::KeyConverted
            | Self::KeyTakenOut => Scope::Unsafe,
            _ => Scope::Safe,
        }
    }

    /// What it repairs: the rules that find nothing any more where it was done.
    #[must_use]
    pub fn rule(self) -> &'static Rule {
        match self {
            Self::TextReencoded => &input::text_encoding_unsupported::RULE,
            Self::BlocksRewritten => &input::pem_block_damaged::RULE,
            Self::HeadersDropped => &input::pem_block_has_headers::RULE,
            Self::LabelsCorrected | Self::ParametersDropped => &input::pem_block_type_unexpected::RULE,
            Self::DuplicatesDropped => &chain::chain_duplicate::RULE,
            Self::ChainReordered | Self::UnrelatedDropped => &chain::chain_out_of_order::RULE,
            Self::RootDropped => &chain::chain_includes_root::RULE,
            Self::ChainCompleted => &chain::chain_incomplete::RULE,
            Self::KeyDecrypted => &key::key_encrypted::RULE,
            Self::KeyParametersDropped => &input::key_parameters_apart::RULE,
            Self::KeyConverted => &target::key_format_not_for_target::RULE,
            Self::LinesTrimmed => &target::lines_not_for_target::RULE,
            Self::TextStripped => &input::text_around_blocks::RULE,
            Self::KeyTakenOut | Self::SlotsSwapped => &input::certificate_slot_holds_key::RULE,
        }
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
