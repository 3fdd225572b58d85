/** A text that was encoded again and again by the programs it went through is decoded so often. */
const MAX_ROUNDS = 4;

/** Runs of percent-encoded bytes; what is no UTF-8 stays as it is. */
const PERCENT = /(?:%[0-9a-f]{2})+/gi;

/** What HTML writes for the signs of a link; a mail program that quotes HTML as text leaves them. */
const ENTITY =
  /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|num|equals|lowbar|sol|quot|gt|lt|nbsp|shy));/gi;
const NAMED: Record<string, string> = {
  amp: '&',
  num: '#',
  equals: '=',
  lowbar: '_',
  sol: '/',
  quot: '"',
  gt: '>',
  lt: '<',
  nbsp: ' ',
  shy: '',
};

/** A mail gateway's own spelling (Proofpoint): `-23` for `#`, `-3D` for `=`. */
const GATEWAY = /-23k\d*-3D/;
const GATEWAY_SIGN = /-([0-9A-F]{2})/g;

/**
 * The text of an address before programs on its way rewrote it: percent-encoding and HTML
 * entities undone, wide letters and typographic hyphens back to plain ones.
 */
export function plainText(address: string): string {
  let text = address;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const decoded = text.replace(PERCENT, decodePercent).replace(ENTITY, decodeEntity);
    if (decoded === text) break;
    text = decoded;
  }
  // word processors make one dash of two hyphens
  text = text
    .replace(/[–—]/g, '--')
    .normalize('NFKC')
    .replace(/[\u2010\u2011\u2212]/g, '-');
  return GATEWAY.test(text)
    ? text.replace(GATEWAY_SIGN, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}

function decodePercent(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded; // no UTF-8: it belongs to no link of ours
  }
}

function decodeEntity(entity: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}

/** Letters of a name, and what stands before them. */
const NEXT_PART = /^([^\w-]*)([\w-]+)/;

/** Breaks that programs put into a long word: white space, invisible signs, quoting, escapes. */
const BREAK = /^[\s\p{Cf}\p{Cc}=>\\]*$/u;

/** A name that was read from a text. */
export interface TakenName {
  name: string;
  /** What is behind it. */
  rest: string;
  /** Further letters are glued to it. */
  isGlued: boolean;
}

/**
 * Takes a name of so many letters (of base64url) from the beginning of a text. It may be broken into
 * parts.
 * @param isBreak what may stand between its parts
 * @returns `null` when there are fewer letters, or its parts do not end where it does
 */
export function takeName(text: string, length: number, isBreak: RegExp = BREAK): TakenName | null {
  let name = '';
  let rest = text;
  let isGlued = false;
  while (name.length < length) {
    const [whole = '', between = '', part = ''] = NEXT_PART.exec(rest) ?? [];
    if (part === '' || !isBreak.test(between)) return null;
    const taken = part.slice(0, length - name.length);
    isGlued = taken.length < part.length;
    // letters glued to a whole name belong to what follows; to a broken one nobody could tell
    if (isGlued && name !== '') return null;
    name += taken;
    rest = rest.slice(whole.length - part.length + taken.length);
  }
  return { name, rest, isGlued };
}
