import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '@/lib/core';
import { newShareSecret } from './envelope';
import {
  buildShareLink,
  cleanSharePath,
  idInPath,
  isSharePath,
  parseShareLink,
  type ShareLink,
} from './link';

const ORIGIN = 'https://a.example';
const invalid = expect.objectContaining({ code: 'SHARE_LINK_INVALID' });

/** Reads an address as a browser's page does. */
function open(address: string): ShareLink {
  const { pathname, search, hash } = new URL(address);
  return parseShareLink(pathname, search + hash);
}

const link: ShareLink = { ...newShareSecret(), hasPassword: true };
const { id, secret } = link;
const whole = buildShareLink(ORIGIN, link);
const page = `${ORIGIN}/s/${id}`;

const name = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => toBase64Url(bytes));
const links = fc.record(
  { id: name, secret: name, hasPassword: fc.boolean(), isLive: fc.constant(true) },
  { requiredKeys: ['id', 'secret', 'hasPassword'] },
);

describe('the link of a share', () => {
  it('is read back as it was built, with and without a password, live or not', () => {
    fc.assert(
      fc.property(links, (given) => {
        expect(open(buildShareLink(ORIGIN, given))).toEqual(given);
      }),
    );
  });

  it('has its secret behind the # and nowhere else', () => {
    const url = new URL(whole);
    expect(url.hash).toContain(secret);
    expect(url.pathname + url.search).not.toContain(secret);
  });

  it('is refused when any part of it is missing, whatever comes after it', () => {
    const plain = buildShareLink(ORIGIN, { ...link, hasPassword: false });
    const start = `${ORIGIN}/s`.length;
    fc.assert(
      fc.property(
        fc.integer({ min: start, max: plain.length - 1 }),
        fc.constantFrom(
          '',
          '.',
          ')',
          '>',
          '"',
          ',',
          '&utm_source=mail',
          '&amp;p',
          '%20',
          '…',
          '#',
          '/',
        ),
        (end, tail) => {
          expect(() => open(plain.slice(0, end) + tail)).toThrow(invalid);
        },
      ),
    );
  });

  it('is refused when a letter is missing and words follow', () => {
    for (const tail of [' is the link', ' see you', '\nBest, Ann'])
      expect(() => parseShareLink(`/s/${id}`, `#k=${secret.slice(0, -1)}${tail}`)).toThrow(invalid);
  });

  it('is refused at another place', () => {
    for (const path of [`/t/${id}`, `/s/x${id}`, '/s/', '/s', '/s/../settings', `/${id}`])
      expect(() => parseShareLink(path, `#k=${secret}`)).toThrow(invalid);
    expect(() => parseShareLink(`/s/${id}`, `#${secret}`)).toThrow(invalid);
    expect(() => parseShareLink(`/s/${id}`, '')).toThrow(invalid);
  });

  it('is distinguished from one that a later version made', () => {
    const later = expect.objectContaining({ code: 'SHARE_TOO_NEW' });
    for (const behind of [`#k2=${secret}`, `%23k2=${secret}${secret}&x`, '#k10=abc.def'])
      expect(() => open(page + behind)).toThrow(later);
  });

  it('says nothing of its secret when it is refused', () => {
    try {
      parseShareLink(`/s/${id}`, `#k=${secret.slice(1)}`);
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toContain(secret.slice(1));
      expect(String(error)).not.toContain(id);
    }
  });

  it('has an id also without its fragment', () => {
    for (const path of [`/s/${id}`, `/s/${id}/`, `/S/${id}`, `/s/${id}%23k=${secret}`])
      expect(idInPath(path)).toBe(id);
    expect(idInPath('/s/short')).toBeNull();
  });
});

/** A link with a password as programs leave it. `p`: whether the password is still mentioned. */
const TOUCHED: [what: string, address: string, p?: boolean][] = [
  ['an encoded #', `${page}%23k=${secret}&p`],
  ['an encoded # and =', `${page}%23k%3D${secret}%26p`],
  ['a # encoded twice', `${page}%2523k%253D${secret}%2526p`],
  ['an encoded slash', `${ORIGIN}/s%2F${id}%23k%3D${secret}%26p`],
  [
    'letters encoded that need not be',
    whole
      .replace(/[a-z]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
      .replace('%68%74%74%70%73://%61.%65%78%61%6d%70%6c%65', ORIGIN),
  ],
  ['two #', `${page}##k=${secret}&p`],
  ['a slash before the #', `${page}/#k=${secret}&p`],
  ['a slash at the end', `${whole}/`],
  ['two slashes before', `${ORIGIN}//s/${id}#k=${secret}&p`],
  ['the host in capitals', `HTTPS://A.EXAMPLE/s/${id}#k=${secret}&p`],
  ['the path in capitals', `${ORIGIN}/S/${id}#k=${secret}&p`],
  ['a full stop', `${whole}.`],
  ['a bracket', `${whole})`],
  ['a bracket and a full stop', `${whole}).`],
  ['an angle bracket', `${whole}>`],
  ['a quotation mark', `${whole}"`],
  ['typographic quotation marks', `${whole}”`],
  ['German quotation marks', `${whole}“,`],
  ['a comma', `${whole},`],
  ['a full stop and no password', `${page}#k=${secret}.`, false],
  ['an ellipsis', `${page}#k=${secret}…`, false],
  ['a Chinese full stop', `${whole}。`],
  ['Markdown’s emphasis', `${page}#k=${secret}_`, false],
  ['Markdown’s bold', `${whole}**`],
  ['Markdown’s closing parts', `${whole}](${whole})`],
  ['a word glued to it', `${page}#k=${secret}thanks`, false],
  ['itself, pasted twice', `${page}#k=${secret}${whole}`],
  ['a zero-width space at its end', `${whole}\u200b`],
  ['a zero-width space within', `${page}#k=${secret.slice(0, 9)}\u200b${secret.slice(9)}&p`],
  ['a soft hyphen within', `${page}#k=${secret.slice(0, 9)}\u00ad${secret.slice(9)}&p`],
  ['marks of direction around', `\u2066${whole}\u2069`.replace('\u2066', '')],
  ['a byte order mark', `${whole}\ufeff`],
  ['a space within', `${page}#k=${secret.slice(0, 9)} ${secret.slice(9)}&p`],
  ['a line break within, encoded', `${page}#k=${secret.slice(0, 9)}%0D%0A${secret.slice(9)}&p`],
  ['a quoted line break', `${page}#k=${secret.slice(0, 9)}%0A%3E%20${secret.slice(9)}&p`],
  ['a soft line break of mail', `${page}#k=${secret.slice(0, 9)}=\n${secret.slice(9)}&p`],
  ['an = of undecoded mail', `${page}#k=3D${secret}&p`],
  ['both', `${page}#k=3D${secret.slice(0, 9)}=\n${secret.slice(9)}&p`],
  ['a space in its id', `${ORIGIN}/s/${id.slice(0, 5)}%20${id.slice(5)}#k=${secret}&p`],
  ['a tracker behind', `${whole}&utm_source=mail&utm_medium=x`],
  ['a tracker between', `${page}#k=${secret}&utm_source=mail&p`],
  ['a tracker before the #', `${page}?utm_source=mail#k=${secret}&p`],
  ['fbclid before the #', `${page}?fbclid=IwAR0k-_${id}#k=${secret}&p`],
  ['fbclid behind', `${whole}?fbclid=IwAR0k`],
  ['gclid behind, with a p', `${page}#k=${secret}&gclid=1&p=x`, false],
  ['a tracker first', `${page}#utm_source=mail&k=${secret}&p`],
  ['an HTML entity', `${page}#k=${secret}&amp;p`],
  ['an HTML entity twice', `${page}#k=${secret}&amp;amp;p`],
  ['a numbered entity', `${page}#k=${secret}&#38;p`],
  ['a # as an entity', `${page}&#35;k=${secret}&p`],
  ['a # as a named entity', `${page}&num;k&equals;${secret}&p`],
  ['a p with an empty value', `${page}#k=${secret}&p=`],
  ['a ? for the #', `${page}?k=${secret}&p`],
  ['SafeLinks’ own parts', `${whole}&data=05%7C02%7Cann%40example.org%7C&sdata=k%3D&reserved=0`],
  ['SafeLinks’ encoding', `${page}%23k%3D${secret}%26p&data=05%7C02&reserved=0`],
  [
    'Proofpoint 2',
    `${ORIGIN}/s/${id.replaceAll('-', '-2D').replaceAll('_', '-5F')}-23k-3D${secret.replaceAll('-', '-2D').replaceAll('_', '-5F')}-26p&d=DwMFaQ`,
  ],
  ['Proofpoint 3', `${page}*k=${secret}&p__;Iw!!Abc`, false],
  ['a fragment for text', `${whole}:~:text=rain`],
  ['wide letters', `${page}＃ｋ＝${secret}＆p`],
  ['bytes that are no UTF-8', `${whole}%ff%`],
];

describe('a link that a program touched on its way', () => {
  it.each(TOUCHED)('opens with %s', (_, address, p = true) => {
    expect(open(address)).toEqual({ id, secret, hasPassword: p });
  });

  it('opens with hyphens that a word processor set', () => {
    const given = {
      id: `${'A-'.repeat(10)}AA`,
      secret: `--${'a-'.repeat(9)}aA`,
      hasPassword: false,
    };
    const typed = buildShareLink(ORIGIN, given);
    expect(open(typed)).toEqual(given);
    for (const hyphen of ['\u2010', '\u2011', '\u2212'])
      expect(open(typed.replaceAll('-', hyphen))).toEqual(given);
    for (const dash of ['–', '—']) expect(open(typed.replaceAll('--', dash))).toEqual(given);
  });

  it('opens with the escapes of Markdown', () => {
    const given = {
      id: `${'A_'.repeat(10)}AA`,
      secret: `${'a_'.repeat(10)}aA`,
      hasPassword: false,
    };
    expect(open(buildShareLink(ORIGIN, given).replaceAll('_', '\\_'))).toEqual(given);
  });

  it('opens after any of these in any order, for every id and secret', () => {
    const changes: ((address: string) => string)[] = [
      (address) => address.replace('#', '%23'),
      (address) => address.replace(/[#=&]/g, encodeURIComponent),
      (address) => encodeURI(address),
      (address) => address.replaceAll('&', '&amp;'),
      (address) => address.replace('#', '/#'),
      (address) => address.replace('#', '##'),
      (address) => address.replace(/#|(?=%23)/, '?utm_source=a$&'),
      (address) => address.replace(/.{7}$/, '\u200b$&'),
      ...['.', ')', '>', ',', '"', '”', ' ', '\u00a0', '/', '&utm_id=7', '&fbclid=p', '%20'].map(
        (tail) => (address: string) => `${address}${tail}`,
      ),
    ];
    fc.assert(
      fc.property(
        links,
        fc.array(fc.constantFrom(...changes), { maxLength: 4 }),
        (given, applied) => {
          const address = applied.reduce(
            (made, change) => change(made),
            buildShareLink(ORIGIN, given),
          );
          const { hasPassword, isLive, ...names } = open(address);
          // flags are never made up
          expect(given.isLive || !isLive).toBe(true);
          expect(names).toEqual({ id: given.id, secret: given.secret });
          // a password is never asked for without reason; where the flag was lost, the server says so
          expect(given.hasPassword || !hasPassword).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never becomes another link by what is added to it', () => {
    const signs = fc.constantFrom(
      ...'aZ9-_&?#%=/.,;:()<>"\'\\ \n\u200b\u00ad–—„“…。＃é世🙂',
      'k=',
      '&p',
      '%23',
      '&#',
    );
    const tails = fc.array(signs, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(links, tails, (given, tail) => {
        const { pathname, hash } = new URL(buildShareLink(ORIGIN, given));
        expect(parseShareLink(pathname, hash + tail)).toMatchObject({
          id: given.id,
          secret: given.secret,
        });
      }),
    );
  });
});

describe('the address of a share’s page', () => {
  it('is known however it is spelled', () => {
    for (const [, address] of TOUCHED) expect(isSharePath(new URL(address).pathname)).toBe(true);
    for (const path of ['/s', '/s/', '/s/x/y', '/%73/x', '/s/%ff', '/s/%'])
      expect(isSharePath(path)).toBe(true);
    for (const path of ['/', '/settings', '/setup', '/sign-in', '/transcripts/s/x', '/api/s/'])
      expect(isSharePath(path)).toBe(false);
  });

  it('is cleaned of everything but the id', () => {
    for (const [, address] of TOUCHED) {
      const { pathname } = new URL(address);
      expect(cleanSharePath(pathname)).toBe(`/s/${id}`);
    }
    for (const path of ['/s/short', `/s/x%23k=${secret}`, '/s', `/s/x${id}/${secret}`])
      expect(cleanSharePath(path)).toBe('/s');
  });
});
