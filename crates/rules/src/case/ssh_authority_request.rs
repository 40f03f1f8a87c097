//! A request for an SSH certificate authority.

use super::Field;

/// What is asked of the API: that it makes a key, keeps it, and signs SSH certificates with it.
///
/// What is left out, and a text that is empty, is the API's to choose.
#[derive(Default)]
pub struct SshAuthorityRequest {
    private_key_type: Option<Field>,
    elliptic_curve: Option<Field>,
    key_size: Option<(i64, Field)>,
    description: Option<Field>,
    metadata: Option<Field>,
}

impl SshAuthorityRequest {
    /// A request that leaves everything to the API.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What goes into `private_key_type`: `rsa`, `ecdsa` or `ed25519`.
    #[must_use]
    pub fn with_private_key_type(mut self, key_type: Field) -> Self {
        self.private_key_type = Some(key_type);
        self
    }

    /// What goes into `elliptic_curve`, for ECDSA alone: `p256`, `p384` or `p521`.
    #[must_use]
    pub fn with_elliptic_curve(mut self, curve: Field) -> Self {
        self.elliptic_curve = Some(curve);
        self
    }

    /// What goes into `key_size`, for RSA alone, in bits: 2048 or 4096; 0 is the same as none. `written` is how it was
    /// given.
    #[must_use]
    pub fn with_key_size(mut self, bits: i64, written: Field) -> Self {
        self.key_size = Some((bits, written));
        self
    }

    /// What goes into `description`.
    #[must_use]
    pub fn with_description(mut self, description: Field) -> Self {
        self.description = Some(description);
        self
    }

    /// What goes into `metadata`.
    #[must_use]
    pub fn with_metadata(mut self, metadata: Field) -> Self {
        self.metadata = Some(metadata);
        self
    }

    /// The type of key, unless it is left to the API.
    #[must_use]
    pub fn private_key_type(&self) -> Option<&Field> {
        given(self.private_key_type.as_ref())
    }

    /// The curve, unless it is left to the API.
    #[must_use]
    pub fn elliptic_curve(&self) -> Option<&Field> {
        given(self.elliptic_curve.as_ref())
    }

    /// The size in bits, and how it was given, unless it is left to the API.
    #[must_use]
    pub fn key_size(&self) -> Option<(i64, &Field)> {
        self.key_size.as_ref().filter(|(bits, _)| *bits != 0).map(|(bits, written)| (*bits, written))
    }

    /// The field `description`.
    #[must_use]
    pub fn description(&self) -> Option<&Field> {
        given(self.description.as_ref())
    }

    /// The field `metadata`.
    #[must_use]
    pub fn metadata(&self) -> Option<&Field> {
        given(self.metadata.as_ref())
    }
}

/// The API takes an empty text as none.
fn given(field: Option<&Field>) -> Option<&Field> {
    field.filter(|field| !field.text().is_empty())
}
