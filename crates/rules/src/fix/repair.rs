//! The repairs there are.

use std::fmt;

use crate::rule::Rule;
use crate::rules::{chain, input};

/// How far repairs may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Every certificate and every key stays, byte by byte; only its text and its place change.
    Safe,
    /// Certificates and other blocks may be dropped.
    Unsafe,
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
}

impl Repair {
    /// Every repair.
    pub const ALL: [Self; 9] = [
        Self::TextReencoded,
        Self::BlocksRewritten,
        Self::HeadersDropped,
        Self::LabelsCorrected,
        Self::DuplicatesDropped,
        Self::ChainReordered,
        Self::UnrelatedDropped,
        Self::RootDropped,
        Self::ParametersDropped,
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
        }
    }

    /// What has to be allowed for it.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::UnrelatedDropped | Self::RootDropped | Self::ParametersDropped => Scope::Unsafe,
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
        }
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
