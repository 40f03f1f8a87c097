//! Schemes under which data stands: an `AlgorithmIdentifier` names the key derivation and the cipher.

use zeroize::Zeroizing;

use super::scrypt::{self, Costs};
use super::{Budget, Cipher, Digest, Purpose, naming, pbkdf2, pkcs12_derivation};
use crate::container::ContainerFault;
use crate::der::{self, DerDefect, Tlv};
use crate::key::{AlgorithmIdentifier, algorithm};
use crate::passphrase::Form;

/// Decrypts `data` with the first of `forms` that makes sense of it, and says which.
///
/// A wrong passphrase passes for a right one once in 256 times by its padding alone: `is_right` looks at what comes out.
pub(crate) fn decrypt(
    algorithm: AlgorithmIdentifier<'_>,
    data: &[u8],
    forms: &[&Form],
    budget: &mut Budget,
    is_right: impl Fn(&[u8]) -> bool,
) -> Result<(usize, Zeroizing<Vec<u8>>), ContainerFault> {
    let scheme = Scheme::of(algorithm)?;
    for (index, form) in forms.iter().enumerate() {
        let decrypted = scheme.decrypt(data, form, budget)?;
        if let Some(decrypted) = decrypted.filter(|decrypted| is_right(decrypted)) {
            return Ok((index, decrypted));
        }
    }
    Err(ContainerFault::PassphraseWrong)
}

enum Scheme<'a> {
    /// PBES1 (RFC 8018 §6.1): PBKDF1 gives key and IV.
    Pbes1 { digest: Digest, cost: Cost<'a>, cipher: Cipher },
    /// PBES2 (RFC 8018 §6.2).
    Pbes2 { derivation: Derivation<'a>, cipher: Cipher, iv: &'a [u8] },
    /// PKCS #12 (RFC 7292 §C).
    Pkcs12 { cost: Cost<'a>, cipher: Cipher },
}

#[derive(Clone, Copy)]
struct Cost<'a> {
    salt: &'a [u8],
    iterations: u64,
}

/// How PBES2 and PBMAC1 make a key.
#[derive(Clone, Copy)]
pub(crate) enum Derivation<'a> {
    Pbkdf2 { salt: &'a [u8], iterations: u64, key_len: Option<u64>, prf: Digest },
    Scrypt { salt: &'a [u8], costs: Costs },
}

impl<'a> Scheme<'a> {
    fn of(algorithm: AlgorithmIdentifier<'a>) -> Result<Self, ContainerFault> {
        let oid = algorithm.dotted()?;
        let unsupported = || ContainerFault::unsupported(naming::in_words(algorithm));
        let parameters = algorithm.parameters().ok_or_else(unsupported)?;
        if oid == naming::PBES2 {
            return Self::pbes2(parameters);
        }
        let rc2 = |bytes: usize| Cipher::Rc2 { key_bytes: bytes, effective_bits: 8 * bytes };
        let pbes1 = |digest, cipher| Ok(Self::Pbes1 { digest, cost: cost(parameters)?, cipher });
        let pkcs12 = |cipher| Ok(Self::Pkcs12 { cost: cost(parameters)?, cipher });
        match oid.as_str() {
            "1.2.840.113549.1.5.3" => pbes1(Digest::Md5, Cipher::Des),
            "1.2.840.113549.1.5.6" => pbes1(Digest::Md5, rc2(8)),
            "1.2.840.113549.1.5.10" => pbes1(Digest::Sha1, Cipher::Des),
            "1.2.840.113549.1.5.11" => pbes1(Digest::Sha1, rc2(8)),
            "1.2.840.113549.1.12.1.1" => pkcs12(Cipher::Rc4 { key_bytes: 16 }),
            "1.2.840.113549.1.12.1.2" => pkcs12(Cipher::Rc4 { key_bytes: 5 }),
            "1.2.840.113549.1.12.1.3" => pkcs12(Cipher::DesEde3),
            "1.2.840.113549.1.12.1.4" => pkcs12(Cipher::DesEde2),
            "1.2.840.113549.1.12.1.5" => pkcs12(rc2(16)),
            "1.2.840.113549.1.12.1.6" => pkcs12(rc2(5)),
            _ => Err(unsupported()),
        }
    }

    fn pbes2(parameters: Tlv<'a>) -> Result<Self, ContainerFault> {
        let mut walk = parameters.walk();
        let derivation = Derivation::of(algorithm(&mut walk)?)?;
        let scheme = algorithm(&mut walk)?;
        let oid = scheme.dotted()?;
        let unsupported = || ContainerFault::unsupported(naming::named(&oid, naming::cipher_name));
        let parameters = scheme.parameters().ok_or_else(unsupported)?;
        let (cipher, iv) = match oid.as_str() {
            "1.2.840.113549.3.2" => rc2(parameters, derivation.key_len())?,
            "1.2.840.113533.7.66.10" => (Cipher::Cast5, cast5_iv(parameters)?),
            _ if parameters.tag() == der::OCTET_STRING => {
                (Cipher::of_oid(&oid).ok_or_else(unsupported)?, parameters.content())
            }
            _ => return Err(unsupported()),
        };
        if derivation.key_len().is_some_and(|stated| usize::try_from(stated) != Ok(cipher.key_len())) {
            return Err(ContainerFault::malformed(
                "the length of the derived key is not that of the cipher's",
            ));
        }
        if iv.len() != cipher.iv_len() {
            return Err(ContainerFault::malformed("the IV has not the length of the cipher's"));
        }
        Ok(Self::Pbes2 { derivation, cipher, iv })
    }

    fn decrypt(
        &self,
        data: &[u8],
        form: &Form,
        budget: &mut Budget,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, ContainerFault> {
        match self {
            Self::Pbes1 { digest, cost, cipher } => {
                budget.spend(cost.iterations)?;
                let mut key = digest.of(&[&form.bytes, cost.salt]);
                for _ in 1..cost.iterations {
                    key = digest.of(&[&key]);
                }
                Ok(key.get(..16).and_then(|key| cipher.decrypt(&key[..8], &key[8..], data)))
            }
            Self::Pbes2 { derivation, cipher, iv } => {
                let key = derivation.derive(&form.bytes, cipher.key_len(), budget)?;
                Ok(cipher.decrypt(&key, iv, data))
            }
            Self::Pkcs12 { cost: Cost { salt, iterations }, cipher } => {
                let mut derive = |purpose, length| {
                    pkcs12_derivation(Digest::Sha1, &form.bmp, salt, *iterations, purpose, length, budget)
                };
                let key = derive(Purpose::Key, cipher.key_len())?;
                let iv = derive(Purpose::Iv, cipher.iv_len())?;
                Ok(cipher.decrypt(&key, &iv, data))
            }
        }
    }
}

/// `PBEParameter` (RFC 8018 §A.3) and `pkcs-12PbeParams` (RFC 7292 §C).
fn cost(parameters: Tlv<'_>) -> Result<Cost<'_>, ContainerFault> {
    let mut walk = parameters.walk();
    let salt = walk.due(der::OCTET_STRING)?.content();
    match walk.due(der::INTEGER)?.small()? {
        0 => Err(ContainerFault::malformed("the key derivation takes no steps")),
        iterations => Ok(Cost { salt, iterations }),
    }
}

/// `cast5CBCParameters` (RFC 2144 §4.1) begin with the IV; openssl writes the IV alone.
fn cast5_iv(parameters: Tlv<'_>) -> Result<&[u8], DerDefect> {
    match parameters.tag() {
        der::OCTET_STRING => Ok(parameters.content()),
        _ => Ok(parameters.walk().due(der::OCTET_STRING)?.content()),
    }
}

/// `RC2-CBC-Parameter` (RFC 8018 §B.2.3): a version that stands for the effective size of the key, and the IV.
fn rc2(parameters: Tlv<'_>, stated: Option<u64>) -> Result<(Cipher, &[u8]), ContainerFault> {
    let mut walk = parameters.walk();
    let effective_bits = match walk.optional(der::INTEGER)?.map(Tlv::small).transpose()? {
        None => 32,
        Some(160) => 40,
        Some(120) => 64,
        Some(58) => 128,
        Some(bits @ 256..=1024) => usize::try_from(bits).map_err(|_| DerDefect::Integer)?,
        Some(_) => {
            return Err(ContainerFault::malformed("the version of RC2's parameters is none that is known"));
        }
    };
    let key_bytes = match stated {
        None => effective_bits / 8,
        Some(bytes) => {
            usize::try_from(bytes).ok().filter(|bytes| (1..=128).contains(bytes)).ok_or(DerDefect::Integer)?
        }
    };
    Ok((Cipher::Rc2 { key_bytes, effective_bits }, walk.due(der::OCTET_STRING)?.content()))
}

impl<'a> Derivation<'a> {
    pub(crate) fn of(algorithm: AlgorithmIdentifier<'a>) -> Result<Self, ContainerFault> {
        let oid = algorithm.dotted()?;
        let unsupported = || ContainerFault::unsupported(format!("the key derivation {oid}"));
        let parameters = algorithm.parameters().ok_or_else(unsupported)?;
        match oid.as_str() {
            "1.2.840.113549.1.5.12" => Self::pbkdf2(parameters),
            "1.3.6.1.4.1.11591.4.11" => {
                let mut walk = parameters.walk();
                let salt = walk.due(der::OCTET_STRING)?.content();
                let mut number = || walk.due(der::INTEGER)?.small();
                let costs = Costs { n: number()?, r: number()?, p: number()? };
                Ok(Self::Scrypt { salt, costs })
            }
            _ => Err(unsupported()),
        }
    }

    fn pbkdf2(parameters: Tlv<'a>) -> Result<Self, ContainerFault> {
        let mut walk = parameters.walk();
        let salt = walk.due(der::OCTET_STRING)?.content();
        let iterations = walk.due(der::INTEGER)?.small()?;
        let key_len = walk.optional(der::INTEGER)?.map(Tlv::small).transpose()?;
        let prf = match walk.next_tag() {
            None => Digest::Sha1,
            Some(_) => {
                let oid = algorithm(&mut walk)?.dotted()?;
                Digest::of_hmac_oid(&oid).ok_or_else(|| {
                    ContainerFault::unsupported(format!(
                        "PBKDF2 with {}",
                        naming::named(&oid, naming::prf_name)
                    ))
                })?
            }
        };
        Ok(Self::Pbkdf2 { salt, iterations, key_len, prf })
    }

    /// The length of the key, where it is said.
    pub(crate) fn key_len(&self) -> Option<u64> {
        match self {
            Self::Pbkdf2 { key_len, .. } => *key_len,
            Self::Scrypt { .. } => None,
        }
    }

    pub(crate) fn derive(
        &self,
        passphrase: &[u8],
        length: usize,
        budget: &mut Budget,
    ) -> Result<Zeroizing<Vec<u8>>, ContainerFault> {
        match *self {
            Self::Pbkdf2 { salt, iterations, prf, .. } => {
                pbkdf2(prf, passphrase, salt, iterations, length, budget)
            }
            Self::Scrypt { salt, costs } => scrypt::scrypt(passphrase, salt, costs, length, budget),
        }
    }
}
