import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';

/** P-256: the curve that every browser and every Node has in WebCrypto. */
export const kem = new DhkemP256HkdfSha256();

/** DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM of RFC 9180. */
export const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** Bytes of an uncompressed point of P-256: public keys, and what begins a sealed text. */
export const POINT_BYTES = 65;
/** Bytes of a private key of P-256. */
export const SCALAR_BYTES = 32;
