//! What openssl packs, unpacked: the same certificates and the same key, whatever it is packed with.

mod containers {
    mod keytool;
    pub(crate) mod openssl;
    mod pbmac1;
    mod pkcs12;
    mod pkcs7;
    mod keys;
}
