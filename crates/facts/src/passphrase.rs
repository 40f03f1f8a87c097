//! Passphrases to try, and the forms in which formats take them.

use zeroize::Zeroizing;

/// Passphrases to try one after the other; wiped on drop, and shown by no formatting.
#[derive(Default)]
pub struct Passphrases(Vec<Zeroizing<Vec<u8>>>);

impl Passphrases {
    /// No passphrase: only what is under none, or under the empty one, opens.
    pub const NONE: Self = Self(Vec::new());

    /// Adds one, as bytes: UTF-8 where it has other characters than those of ASCII.
    #[must_use]
    pub fn with(mut self, passphrase: Zeroizing<Vec<u8>>) -> Self {
        self.0.push(passphrase);
        self
    }

    /// Whether there is none to try.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those given, as they were given.
    pub(crate) fn given(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|passphrase| passphrase.as_slice())
    }

    /// Every form of every passphrase, then those of none at all and of an empty one, which writers take for each other.
    pub(crate) fn forms(&self) -> Vec<Form> {
        let mut forms: Vec<Form> = self.given().flat_map(Form::all_of).collect();
        let empty = || Zeroizing::new(Vec::new());
        forms.push(Form { bytes: empty(), bmp: Zeroizing::new(vec![0, 0]) });
        forms.push(Form { bytes: empty(), bmp: empty() });
        forms
    }
}

/// One passphrase as key derivations take it.
pub(crate) struct Form {
    /// For PKCS #5.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    /// For PKCS #12 (RFC 7292 §B.1): UTF-16, high byte first, with a zero character behind it.
    pub(crate) bmp: Zeroizing<Vec<u8>>,
}

impl Form {
    /// The form that is right comes first; behind it are those that writers mistake for it where the text is not ASCII.
    fn all_of(passphrase: &[u8]) -> Vec<Self> {
        let copy = |bytes: &[u8]| Zeroizing::new(bytes.to_vec());
        // Every byte a character: what OpenSSL 1.0 made of UTF-8.
        let of_bytes =
            Self { bytes: copy(passphrase), bmp: bmp(passphrase.iter().map(|byte| (*byte).into())) };
        let Ok(text) = str::from_utf8(passphrase) else { return vec![of_bytes] };
        if text.is_ascii() {
            return vec![of_bytes];
        }
        let right = bmp(text.encode_utf16());
        let mut forms = vec![Self { bytes: copy(passphrase), bmp: copy(&right) }, of_bytes];
        if text.chars().all(|character| u8::try_from(character).is_ok()) {
            // ISO 8859-1, where the locale says so.
            let bytes = text.chars().filter_map(|character| u8::try_from(character).ok());
            let mut latin = Zeroizing::new(Vec::with_capacity(passphrase.len()));
            latin.extend(bytes);
            forms.push(Self { bytes: latin, bmp: right });
        }
        forms
    }
}

fn bmp(units: impl Iterator<Item = u16> + Clone) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * units.clone().count() + 2));
    for unit in units.chain(std::iter::once(0)) {
        bytes.extend_from_slice(&unit.to_be_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_those_that_writers_make() {
        let forms = Passphrases::NONE.with(Zeroizing::new("é".as_bytes().to_vec())).forms();
        let seen: Vec<(&[u8], &[u8])> = forms.iter().map(|form| (&form.bytes[..], &form.bmp[..])).collect();
        assert_eq!(
            seen,
            [
                (&[0xc3, 0xa9][..], &[0, 0xe9, 0, 0][..]),
                (&[0xc3, 0xa9], &[0, 0xc3, 0, 0xa9, 0, 0]),
                (&[0xe9], &[0, 0xe9, 0, 0]),
                (&[], &[0, 0]),
                (&[], &[]),
            ]
        );
        assert_eq!(Passphrases::NONE.forms().len(), 2);
        assert_eq!(Passphrases::NONE.with(Zeroizing::new(b"a".to_vec())).forms().len(), 3);
    }
}
