//! OpenSSH key revocation lists (PROTOCOL.krl): read, written, asked.
//!
//! A [`RevocationList`] is the file as it stands, section by section, and turns back into the same bytes. What it says
//! is a set of [`Revocations`], which can be asked, added to, merged, and made into a list again.

mod defect;
mod section;
mod wire;
mod reader;
mod writer;
mod serials;
mod smallest;
mod revocations;
mod query;

pub use self::defect::{HeaderError, RevocationError, RevocationListError};
pub use self::query::{Cause, RevokedBy};
pub use self::revocations::{Revocations, Scope};
pub use self::section::{CertificateSection, CertificateSubsection, Extension, Section, Unsupported};
pub use self::serials::Serials;
use crate::verify::ClientVersion;

/// The first eight bytes of a list: `SSHKRL`, a newline, a NUL (PROTOCOL.krl §1).
pub const REVOCATION_LIST_MAGIC: [u8; 8] = *b"SSHKRL\n\0";
/// Most bytes of a list that is read: 64 MiB, where OpenSSH stops at 128.
pub const REVOCATION_LIST_BYTES_MAX: usize = 64 << 20;
/// Most entries of a list that is read: sections, keys, hashes, key ids, and runs of consecutive serials together.
pub const REVOCATION_LIST_ENTRIES_MAX: usize = 4 << 20;
/// Most bits of one bitmap of serials; OpenSSH reads no longer number.
pub const BITMAP_BITS_MAX: usize = 16_384;

/// The only format there is.
const FORMAT: u32 = 1;

/// What stands before the sections (PROTOCOL.krl §1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    version: u64,
    generated_at: u64,
    flags: u64,
    reserved: Box<[u8]>,
    comment: Box<[u8]>,
}

impl Header {
    /// A header for a first list. `generated_at` is in seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// [`HeaderError::CommentHasNul`] if the comment holds a NUL byte.
    pub fn new(version: u64, generated_at: u64, comment: &str) -> Result<Self, HeaderError> {
        if comment.contains('\0') {
            return Err(HeaderError::CommentHasNul);
        }
        let comment = comment.as_bytes().into();
        Ok(Self { version, generated_at, flags: 0, reserved: Box::default(), comment })
    }

    /// A header of any fields, so that one that was read can be made again.
    ///
    /// # Errors
    ///
    /// [`HeaderError::CommentHasNul`] if the comment holds a NUL byte before its last.
    pub fn of_fields(
        version: u64,
        generated_at: u64,
        flags: u64,
        reserved: &[u8],
        comment: &[u8],
    ) -> Result<Self, HeaderError> {
        if comment.strip_suffix(&[0]).unwrap_or(comment).contains(&0) {
            return Err(HeaderError::CommentHasNul);
        }
        Ok(Self { version, generated_at, flags, reserved: reserved.into(), comment: comment.into() })
    }

    /// A header for the list that takes the place of one with this header: its version must be higher, so that an old
    /// list can be told from a new one (PROTOCOL.krl §1).
    ///
    /// # Errors
    ///
    /// [`HeaderError::VersionNotHigher`], or [`HeaderError::CommentHasNul`].
    pub fn succeeded_by(&self, version: u64, generated_at: u64, comment: &str) -> Result<Self, HeaderError> {
        if version <= self.version {
            return Err(HeaderError::VersionNotHigher { old: self.version, new: version });
        }
        Self::new(version, generated_at, comment)
    }

    /// The version of the list. `ssh-keygen` leaves it at 0 unless told.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// When the list was made, in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn generated_at(&self) -> u64 {
        self.generated_at
    }

    /// Flags, of which none is defined; ignored by OpenSSH.
    #[must_use]
    pub const fn flags(&self) -> u64 {
        self.flags
    }

    /// The field kept for later use; ignored by OpenSSH.
    #[must_use]
    pub fn reserved(&self) -> &[u8] {
        &self.reserved
    }

    /// The comment as received: text that nothing checks, perhaps with one NUL at its end.
    #[must_use]
    pub fn comment(&self) -> &[u8] {
        &self.comment
    }
}

/// A key revocation list as it stands, in order of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationList {
    header: Header,
    sections: Vec<Section>,
}

impl RevocationList {
    /// Reads a list, all of `bytes`.
    ///
    /// Refuses what OpenSSH refuses at any version. Sections that only some versions know are kept, and
    /// [`RevocationList::unsupported_by`] tells who does not. Bitmaps and ranges are not spread out.
    ///
    /// # Errors
    ///
    /// A [`RevocationListError`] with the offset of the value at fault.
    pub fn read(bytes: &[u8]) -> Result<Self, RevocationListError> {
        reader::list(bytes)
    }

    /// The list of these sections as they stand, for one that was read and is to be made again.
    ///
    /// # Errors
    ///
    /// As for [`RevocationList::read`]; offsets are those in the bytes that the sections make.
    pub fn of_sections(header: Header, sections: Vec<Section>) -> Result<Self, RevocationListError> {
        Self::read(&Self { header, sections }.to_bytes())
    }

    /// The list in bytes. What was read comes out as it went in.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        writer::list(self)
    }

    /// What stands before the sections.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The sections, in order of the wire.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The first thing in the list for which a client of this version refuses the whole of it, and with it every
    /// connection (ssh_config(5), `RevokedHostKeys`).
    #[must_use]
    pub fn unsupported_by(&self, client: ClientVersion) -> Option<Unsupported> {
        self.sections.iter().find_map(|section| section.unsupported_by(client))
    }
}

#[cfg(test)]
mod tests;
