import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from '@/lib/core';
import { AUTH_KEY_BYTES, deriveShareKeys, hashOf, newShareSecret } from './envelope';

const LINK = { id: 'AAECAwQFBgcICQoLDA0ODw', secret: 'Dw4NDAsKCQgHBgUEAwIBAA' };

describe('the keys of a share', () => {
  it('are the same on every device: these were derived with Node’s own HKDF and PBKDF2', async () => {
    const { hkdfSync, pbkdf2Sync } = await import('node:crypto');
    const id = Buffer.from(LINK.id, 'base64url');
    const secret = Buffer.from(LINK.secret, 'base64url');
    const expected = (material: Buffer) =>
      Buffer.from(hkdfSync('sha256', material, id, 'ai2text share 1 auth', 32)).toString(
        'base64url',
      );
    expect((await deriveShareKeys(LINK, null)).auth).toBe(expected(secret));
    const salt = Buffer.concat([Buffer.from('ai2text share 1 password'), id]);
    const stretched = pbkdf2Sync('mật khẩu'.normalize('NFKC'), salt, 600_000, 32, 'sha256');
    expect((await deriveShareKeys(LINK, 'mật khẩu')).auth).toBe(
      expected(Buffer.concat([secret, stretched])),
    );
  });

  it('differ with the password, the secret and the id', async () => {
    const auths = await Promise.all([
      deriveShareKeys(LINK, null),
      deriveShareKeys(LINK, 'a'),
      deriveShareKeys(LINK, 'b'),
      deriveShareKeys({ ...LINK, secret: newShareSecret().secret }, null),
      deriveShareKeys({ ...LINK, id: newShareSecret().id }, null),
    ]);
    expect(new Set(auths.map(({ auth }) => auth)).size).toBe(auths.length);
  });

  it('are the same for a password in any form of Unicode', async () => {
    const [composed, decomposed] = await Promise.all([
      deriveShareKeys(LINK, 'mật khẩu'.normalize('NFC')),
      deriveShareKeys(LINK, 'mật khẩu'.normalize('NFD')),
    ]);
    expect(composed.auth).toBe(decomposed.auth);
  });

  it('count an empty password as none', async () => {
    expect((await deriveShareKeys(LINK, '')).auth).toBe((await deriveShareKeys(LINK, null)).auth);
  });

  it('cannot be taken out of the browser’s hands, but for the one that is shown', async () => {
    const { document, audio, auth } = await deriveShareKeys(LINK, null);
    expect([document.extractable, audio.extractable]).toEqual([false, false]);
    expect(fromBase64Url(auth, AUTH_KEY_BYTES)).not.toBeNull();
  });

  it('are not made from a link that was cut off', async () => {
    await expect(
      deriveShareKeys({ ...LINK, secret: LINK.secret.slice(1) }, null),
    ).rejects.toMatchObject({ code: 'SHARE_LINK_INVALID' });
  });
});

describe('base64url', () => {
  it('comes back as the bytes it was made from', () => {
    for (let length = 0; length < 40; length += 1) {
      const bytes = crypto.getRandomValues(new Uint8Array(length));
      expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64Url(toBase64Url(bytes), length)).toEqual(bytes);
    }
  });

  it('has one spelling only', () => {
    // the last character carries four bits of nothing: 16 spellings of the same bytes
    expect(fromBase64Url('AAECAwQFBgcICQoLDA0ODx', 16)).toBeNull();
    expect(fromBase64Url('AAECAwQFBgcICQoLDA0ODw==', 16)).toBeNull();
    expect(fromBase64Url('AAECAwQFBgcICQoLDA0O/w', 16)).toBeNull();
    expect(fromBase64Url('', 16)).toBeNull();
  });

  it('hashes to what every other SHA-256 gives', async () => {
    expect(await hashOf('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });
});
