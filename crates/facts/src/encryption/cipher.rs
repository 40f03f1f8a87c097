//! Ciphers in the mode of CBC, and RC4.

use aes_provider::{
    DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::cipher as aes_provider;
use des::cipher::{Array, BlockCipherDecrypt, KeyInit};
use rc2::Rc2;
use zeroize::Zeroizing;

use super::rc4;
use super::seed::Seed;

/// A cipher with the size of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    Aria128,
    Aria192,
    Aria256,
    Blowfish,
    Camellia128,
    Camellia192,
    Camellia256,
    Cast5,
    Des,
    DesEde2,
    DesEde3,
    Rc2 { key_bytes: usize, effective_bits: usize },
    Rc4 { key_bytes: usize },
    Seed,
    Sm4,
}

impl Cipher {
    /// The one of PBES2 whose parameters are its IV alone.
    pub(crate) fn of_oid(oid: &str) -> Option<Self> {
        Some(match oid {
            "2.16.840.1.101.3.4.1.2" => Self::Aes128,
            "2.16.840.1.101.3.4.1.22" => Self::Aes192,
            "2.16.840.1.101.3.4.1.42" => Self::Aes256,
            "1.2.410.200046.1.1.2" => Self::Aria128,
            "1.2.410.200046.1.1.7" => Self::Aria192,
            "1.2.410.200046.1.1.12" => Self::Aria256,
            "1.3.6.1.4.1.3029.1.2" => Self::Blowfish,
            "1.2.392.200011.61.1.1.1.2" => Self::Camellia128,
            "1.2.392.200011.61.1.1.1.3" => Self::Camellia192,
            "1.2.392.200011.61.1.1.1.4" => Self::Camellia256,
            "1.2.410.200004.1.4" => Self::Seed,
            "1.3.14.3.2.7" => Self::Des,
            "1.2.840.113549.3.7" => Self::DesEde3,
            "1.2.156.10197.1.104.2" => Self::Sm4,
            _ => return None,
        })
    }

    /// The one that a `DEK-Info` header names.
    pub(crate) fn of_header(name: &str) -> Option<Self> {
        Some(match name.to_ascii_uppercase().as_str() {
            "AES-128-CBC" => Self::Aes128,
            "AES-192-CBC" => Self::Aes192,
            "AES-256-CBC" => Self::Aes256,
            "ARIA-128-CBC" => Self::Aria128,
            "ARIA-192-CBC" => Self::Aria192,
            "ARIA-256-CBC" => Self::Aria256,
            "BF-CBC" => Self::Blowfish,
            "CAMELLIA-128-CBC" => Self::Camellia128,
            "CAMELLIA-192-CBC" => Self::Camellia192,
            "CAMELLIA-256-CBC" => Self::Camellia256,
            "CAST5-CBC" => Self::Cast5,
            "DES-CBC" => Self::Des,
            "DES-EDE-CBC" => Self::DesEde2,
            "DES-EDE3-CBC" => Self::DesEde3,
            "RC2-CBC" => Self::Rc2 { key_bytes: 16, effective_bits: 128 },
            "RC2-64-CBC" => Self::Rc2 { key_bytes: 8, effective_bits: 64 },
            "RC2-40-CBC" => Self::Rc2 { key_bytes: 5, effective_bits: 40 },
            "SEED-CBC" => Self::Seed,
            "SM4-CBC" => Self::Sm4,
            _ => return None,
        })
    }

    /// Bytes of its key.
    pub(crate) fn key_len(self) -> usize {
        match self {
            Self::Des => 8,
            Self::Aes192 | Self::Aria192 | Self::Camellia192 | Self::DesEde3 => 24,
            Self::Aes256 | Self::Aria256 | Self::Camellia256 => 32,
            Self::Rc2 { key_bytes, .. } | Self::Rc4 { key_bytes } => key_bytes,
            _ => 16,
        }
    }

    /// Bytes of its IV.
    pub(crate) fn iv_len(self) -> usize {
        match self {
            Self::Rc4 { .. } => 0,
            Self::Blowfish | Self::Cast5 | Self::Des | Self::DesEde2 | Self::DesEde3 | Self::Rc2 { .. } => 8,
            _ => 16,
        }
    }

    /// Decrypts, and takes the padding off (RFC 8018 §6.1.1); `None` where the padding, or a length, does not fit.
    pub(crate) fn decrypt(self, key: &[u8], iv: &[u8], data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        if key.len() != self.key_len() || iv.len() != self.iv_len() {
            return None;
        }
        match self {
            Self::Aes128 => aes(&aes_provider::AES_128, key, iv, data),
            Self::Aes192 => aes(&aes_provider::AES_192, key, iv, data),
            Self::Aes256 => aes(&aes_provider::AES_256, key, iv, data),
            Self::Aria128 => keyed_cbc::<aria::Aria128>(key, iv, data),
            Self::Aria192 => keyed_cbc::<aria::Aria192>(key, iv, data),
            Self::Aria256 => keyed_cbc::<aria::Aria256>(key, iv, data),
            Self::Blowfish => keyed_cbc::<blowfish::Blowfish>(key, iv, data),
            Self::Camellia128 => keyed_cbc::<camellia::Camellia128>(key, iv, data),
            Self::Camellia192 => keyed_cbc::<camellia::Camellia192>(key, iv, data),
            Self::Camellia256 => keyed_cbc::<camellia::Camellia256>(key, iv, data),
            Self::Cast5 => keyed_cbc::<cast5::Cast5>(key, iv, data),
            Self::Des => keyed_cbc::<des::Des>(key, iv, data),
            Self::DesEde2 => keyed_cbc::<des::TdesEde2>(key, iv, data),
            Self::DesEde3 => keyed_cbc::<des::TdesEde3>(key, iv, data),
            Self::Rc2 { effective_bits, .. } => {
                block_cbc(&Rc2::new_with_eff_key_len(key, effective_bits), iv, data)
            }
            Self::Rc4 { .. } => Some(rc4::decrypt(key, data)),
            Self::Seed => {
                let seed = Seed::new(key.try_into().ok()?);
                cbc(iv, data, |block| seed.decrypt(block))
            }
            Self::Sm4 => keyed_cbc::<sm4::Sm4>(key, iv, data),
        }
    }
}

fn aes(
    algorithm: &'static aes_provider::Algorithm,
    key: &[u8],
    iv: &[u8],
    data: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let key = UnboundCipherKey::new(algorithm, key).ok()?;
    let context = DecryptionContext::Iv128(iv.try_into().ok()?);
    let mut data = Zeroizing::new(data.to_vec());
    let length = PaddedBlockDecryptingKey::cbc_pkcs7(key).ok()?.decrypt(&mut data, context).ok()?.len();
    data.truncate(length);
    Some(data)
}

/// Encrypts under AES-256-CBC; `None` where the provider refuses.
pub(crate) fn encrypt_aes_256(key: &[u8], iv: [u8; 16], data: &[u8]) -> Option<Vec<u8>> {
    let key = UnboundCipherKey::new(&aes_provider::AES_256, key).ok()?;
    // Room for the padding, so that nothing is moved and no copy left behind.
    let mut out = Vec::with_capacity(data.len() + 16);
    out.extend_from_slice(data);
    let context = EncryptionContext::Iv128(iv.into());
    PaddedBlockEncryptingKey::cbc_pkcs7(key).ok()?.less_safe_encrypt(&mut out, context).ok()?;
    Some(out)
}

fn keyed_cbc<C: BlockCipherDecrypt + KeyInit>(
    key: &[u8],
    iv: &[u8],
    data: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    block_cbc(&C::new_from_slice(key).ok()?, iv, data)
}

fn block_cbc<C: BlockCipherDecrypt>(cipher: &C, iv: &[u8], data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    cbc(iv, data, |mut block: Array<u8, C::BlockSize>| {
        cipher.decrypt_block(&mut block);
        block
    })
}

/// Blocks, as large as the IV, decrypted one after the other.
fn cbc<'d, Block: AsRef<[u8]> + TryFrom<&'d [u8]>>(
    iv: &'d [u8],
    data: &'d [u8],
    decrypt: impl Fn(Block) -> Block,
) -> Option<Zeroizing<Vec<u8>>> {
    let size = iv.len();
    if data.is_empty() || !data.len().is_multiple_of(size) {
        return None;
    }
    let mut out = Zeroizing::new(Vec::with_capacity(data.len()));
    let mut before = iv;
    for chunk in data.chunks(size) {
        let block = decrypt(Block::try_from(chunk).ok()?);
        out.extend(block.as_ref().iter().zip(before).map(|(byte, before)| byte ^ before));
        before = chunk;
    }
    unpadded(out, size)
}

fn unpadded(mut out: Zeroizing<Vec<u8>>, size: usize) -> Option<Zeroizing<Vec<u8>>> {
    let padding = *out.last()?;
    let count = usize::from(padding);
    let start = out.len().checked_sub(count)?;
    let fits = (1..=size).contains(&count) && out[start..].iter().all(|byte| *byte == padding);
    if !fits {
        return None;
    }
    out.truncate(start);
    Some(out)
}
