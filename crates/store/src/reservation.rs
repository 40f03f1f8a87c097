//! What comes of reserving, recording and importing.

use certgate_sign::ToBeSigned;

use crate::certificate::CertificateId;
use crate::revocation::RevocationId;

/// Makes bytes to be signed, under one serial after the other.
pub trait Preparation {
    /// The next bytes, with this serial in them; nothing if that was all.
    ///
    /// The serial is the one asked for before if what was made then could not be reserved.
    fn next(&mut self, serial: u64) -> Option<&ToBeSigned>;
}

/// A serial and the bytes to be signed under it, both durable. Made by a ledger and by nothing else, and spent by
/// recording what was signed.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "reserved and then not signed"]
pub struct Reservation {
    pub(crate) id: CertificateId,
    pub(crate) to_be_signed: Vec<u8>,
}

impl Reservation {
    /// The certificate's number.
    #[must_use]
    pub const fn id(&self) -> CertificateId {
        self.id
    }

    /// The bytes that are to be signed, and no others.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.to_be_signed
    }
}

/// What came of one that was to be reserved.
#[derive(Debug, PartialEq, Eq)]
pub enum Reserving {
    /// It is reserved.
    Reserved(Reservation),
    /// Its host key or its key id is revoked, so that nobody would trust the certificate. Nothing was reserved.
    Revoked(RevocationId),
}

/// What came of one that was to be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// It is recorded, and may be handed out.
    Recorded(CertificateId),
    /// It was closed by somebody else between reserving and recording, and must not be handed out.
    ClosedMeanwhile(CertificateId),
}

/// What came of one that was to be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Importing {
    /// It is in the ledger now.
    Imported(CertificateId),
    /// It had been reserved, and is recorded now.
    Completed(CertificateId),
    /// It was in the ledger before.
    Known(CertificateId),
}

impl Importing {
    /// The certificate's number.
    #[must_use]
    pub const fn id(self) -> CertificateId {
        match self {
            Self::Imported(id) | Self::Completed(id) | Self::Known(id) => id,
        }
    }
}
