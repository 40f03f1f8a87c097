//! PKCS #12 as it is written today: AES-256 and SHA-256, which OpenSSL, Java and Windows since 2019 open.

use zeroize::Zeroizing;

use crate::certificate::Certificate;
use crate::der::{
    CONTEXT_0, CONTEXT_0_PRIMITIVE, INTEGER, NULL, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, write,
};
use crate::encryption::{Budget, Digest, Purpose, encrypt_aes_256, pbkdf2, pkcs12_derivation};
use crate::passphrase::Passphrases;

/// Steps of each of the three key derivations: a tenth of a second together, and what old readers still allow.
const ITERATIONS: u32 = 100_000;

/// What has to be random: salts and IVs. Each bundle takes its own.
pub struct Pkcs12Randomness {
    /// The salt of the key that the certificates are under.
    pub certificates_salt: [u8; 16],
    /// The IV of the same.
    pub certificates_iv: [u8; 16],
    /// The salt of the key that the private key is under.
    pub key_salt: [u8; 16],
    /// The IV of the same.
    pub key_iv: [u8; 16],
    /// The salt of the MAC.
    pub mac_salt: [u8; 16],
}

/// Certificates, leaf first, and the leaf's private key in PKCS #8, as PKCS #12 under a passphrase. `None` where the passphrase is
/// no UTF-8, of which readers would make different things.
#[must_use]
pub fn pkcs12(
    certificates: &[&Certificate],
    private_key: Option<&[u8]>,
    passphrase: Zeroizing<Vec<u8>>,
    randomness: &Pkcs12Randomness,
) -> Option<Vec<u8>> {
    str::from_utf8(&passphrase).ok()?;
    let forms = Passphrases::NONE.with(passphrase).forms();
    let form = forms.first()?;
    let leaf = certificates.first();
    let marks = private_key.and(leaf).map(|leaf| attributes(leaf));
    let bags = certificates.iter().enumerate().map(|(index, certificate)| {
        let marks = marks.as_deref().filter(|_| index == 0).unwrap_or_default();
        bag(3, &certificate_bag(certificate.der()), marks)
    });
    let bags = write(SEQUENCE, &[&bags.collect::<Vec<_>>().concat()]);
    let (scheme, encrypted) =
        encrypted(&form.bytes, &randomness.certificates_salt, randomness.certificates_iv, &bags)?;
    let encrypted = write(SEQUENCE, &[&pkcs(&[7, 1]), &scheme, &write(CONTEXT_0_PRIMITIVE, &[&encrypted])]);
    let mut safe = content(6, &write(SEQUENCE, &[&[INTEGER, 1, 0], &encrypted]));
    if let Some(key) = private_key {
        let (scheme, encrypted) = self::encrypted(&form.bytes, &randomness.key_salt, randomness.key_iv, key)?;
        let key = write(SEQUENCE, &[&scheme, &write(OCTET_STRING, &[&encrypted])]);
        let bags = write(SEQUENCE, &[&bag(2, &key, marks.as_deref().unwrap_or_default())]);
        safe.extend(content(1, &write(OCTET_STRING, &[&bags])));
    }
    let safe = write(SEQUENCE, &[&safe]);
    let mac = mac(&form.bmp, &randomness.mac_salt, &safe)?;
    Some(write(SEQUENCE, &[&[INTEGER, 1, 3], &content(1, &write(OCTET_STRING, &[&safe])), &mac]))
}

/// `1.2.840.113549.1.` and what follows.
fn pkcs(arcs: &[u8]) -> Vec<u8> {
    write(OBJECT_IDENTIFIER, &[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1], arcs])
}

/// A `ContentInfo`: 1 is data, 6 is encrypted data.
fn content(kind: u8, value: &[u8]) -> Vec<u8> {
    write(SEQUENCE, &[&pkcs(&[7, kind]), &write(CONTEXT_0, &[value])])
}

/// A `SafeBag`: 2 is an encrypted key, 3 a certificate.
fn bag(kind: u8, value: &[u8], attributes: &[u8]) -> Vec<u8> {
    write(SEQUENCE, &[&pkcs(&[12, 10, 1, kind]), &write(CONTEXT_0, &[value]), attributes])
}

fn certificate_bag(der: &[u8]) -> Vec<u8> {
    let value = write(CONTEXT_0, &[&write(OCTET_STRING, &[der])]);
    write(SEQUENCE, &[&pkcs(&[9, 22, 1]), &value])
}

/// `friendlyName` and `localKeyId`, by which readers put leaf and key together: the name of the subject, and a digest.
fn attributes(leaf: &Certificate) -> Vec<u8> {
    const BMP_STRING: u8 = 0x1e;
    let name: Vec<u8> = leaf.subject().title().encode_utf16().flat_map(u16::to_be_bytes).collect();
    let attribute = |arcs: &[u8], value: &[u8]| write(SEQUENCE, &[&pkcs(arcs), &write(SET, &[value])]);
    let name = attribute(&[9, 20], &write(BMP_STRING, &[&name]));
    let key_id = attribute(&[9, 21], &write(OCTET_STRING, &[&Digest::Sha1.of(&[leaf.der()])]));
    // Sorted, as a SET OF is in DER.
    let mut attributes = [name, key_id];
    attributes.sort();
    write(SET, &[&attributes.concat()])
}

fn iterations() -> Vec<u8> {
    crate::der::write_unsigned(&ITERATIONS.to_be_bytes())
}

/// PBES2 with AES-256-CBC and PBKDF2 with HMAC-SHA-256: the scheme, and the data under it.
fn encrypted(passphrase: &[u8], salt: &[u8; 16], iv: [u8; 16], data: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    const HMAC_SHA_256: [u8; 12] = [OBJECT_IDENTIFIER, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9, NULL, 0];
    const AES_256_CBC: [u8; 11] = [OBJECT_IDENTIFIER, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42];
    let key = pbkdf2(Digest::Sha256, passphrase, salt, ITERATIONS.into(), 32, &mut Budget::new()).ok()?;
    let data = encrypt_aes_256(&key, iv, data)?;
    let prf = write(SEQUENCE, &[&HMAC_SHA_256]);
    let parameters = write(SEQUENCE, &[&write(OCTET_STRING, &[salt]), &iterations(), &prf]);
    let derivation = write(SEQUENCE, &[&pkcs(&[5, 12]), &parameters]);
    let cipher = write(SEQUENCE, &[&AES_256_CBC, &write(OCTET_STRING, &[&iv])]);
    Some((write(SEQUENCE, &[&pkcs(&[5, 13]), &write(SEQUENCE, &[&derivation, &cipher])]), data))
}

/// `MacData` with HMAC-SHA-256.
fn mac(passphrase: &[u8], salt: &[u8; 16], safe: &[u8]) -> Option<Vec<u8>> {
    const SHA_256: [u8; 13] = [OBJECT_IDENTIFIER, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, NULL, 0];
    let key = pkcs12_derivation(
        Digest::Sha256,
        passphrase,
        salt,
        ITERATIONS.into(),
        Purpose::Mac,
        32,
        &mut Budget::new(),
    );
    let value = Digest::Sha256.hmac(&key.ok()?, safe);
    let digest = write(SEQUENCE, &[&write(SEQUENCE, &[&SHA_256]), &write(OCTET_STRING, &[&value])]);
    Some(write(SEQUENCE, &[&digest, &write(OCTET_STRING, &[salt]), &iterations()]))
}
