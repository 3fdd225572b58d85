import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newShareSecret } from './crypto';
import { buildShareLink, idInPath, parseShareLink } from './link';

const invalid = expect.objectContaining({ code: 'SHARE_LINK_INVALID' });

describe('the link of a share', () => {
  it('is read back as it was built, with and without a password', () => {
    for (const hasPassword of [true, false]) {
      const link = { ...newShareSecret(), hasPassword };
      const { pathname, hash, origin } = new URL(buildShareLink('https://a.example', link));
      expect(origin).toBe('https://a.example');
      expect(parseShareLink(pathname, hash)).toEqual(link);
    }
  });

  it('has its secret behind the # and nowhere else', () => {
    const link = { ...newShareSecret(), hasPassword: true };
    const url = new URL(buildShareLink('https://a.example', link));
    expect(url.hash).toContain(link.secret);
    expect(url.pathname + url.search).not.toContain(link.secret);
  });

  it('is refused when any part of it is missing', () => {
    const link = { ...newShareSecret(), hasPassword: false };
    const whole = buildShareLink('', link);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (end) => {
        const [path = '', fragment] = whole.slice(0, end).split('#');
        expect(() => parseShareLink(path, fragment === undefined ? '' : `#${fragment}`)).toThrow(
          invalid,
        );
      }),
    );
  });

  it('is refused with anything behind it that it does not know', () => {
    const { id, secret } = newShareSecret();
    for (const fragment of [`#k=${secret}&q`, `#k=${secret}&p&p`, `#${secret}`, `#k=${secret} `])
      expect(() => parseShareLink(`/s/${id}`, fragment)).toThrow(invalid);
    for (const path of [`/t/${id}`, `/s/${id}/x`, '/s/', '/s/../settings'])
      expect(() => parseShareLink(path, `#k=${secret}`)).toThrow(invalid);
  });

  it('says nothing of its secret when it is refused', () => {
    const { id, secret } = newShareSecret();
    try {
      parseShareLink(`/s/${id}`, `#k=${secret}x`);
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toContain(secret);
      expect(String(error)).not.toContain(id);
    }
  });

  it('has an id also without its fragment', () => {
    const { id } = newShareSecret();
    expect(idInPath(`/s/${id}`)).toBe(id);
    expect(idInPath(`/s/${id}/`)).toBe(id);
    expect(idInPath('/s/short')).toBeNull();
  });
});
