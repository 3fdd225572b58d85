import { AppError, fromBase64Url } from '@/lib/core';

/** Random bytes in a link's id and in its secret: 128 bits cannot be guessed. */
export const ID_BYTES = 16;
export const SECRET_BYTES = 16;

/** What follows `/s/`. */
const SHARE_PATH = '/s/';

/** The parts of a share's link, base64url. */
export interface ShareLink {
  /** Which share it is; the server sees it. */
  id: string;
  /** What its keys are made from; it stays behind the `#`, which browsers never send. */
  secret: string;
  /** It needs a password. Stated in the link, so that the server does not have to reveal it to strangers. */
  hasPassword: boolean;
  /** It leads to live text. */
  isLive?: boolean;
}

/** The whole link. @param origin without a last slash */
export function buildShareLink(
  origin: string,
  { id, secret, hasPassword, isLive }: ShareLink,
): string {
  return `${origin}${SHARE_PATH}${id}#k=${secret}${isLive ? '&l' : ''}${hasPassword ? '&p' : ''}`;
}

/** If the `#` was percent-encoded on the way, everything after it is part of the path. */
const ANY_SHARE_PATH = /^\/+s(?:$|\/|(?=[?#]))/i;

/** Whether this is the address of a share's page, however it was spelled on its way here. */
export function isSharePath(path: string): boolean {
  return ANY_SHARE_PATH.test(plainText(path));
}

/** The path of a share's page without anything that only its reader may know. */
export function cleanSharePath(path: string): string {
  const id = idInPath(path);
  return id === null ? SHARE_PATH.slice(0, -1) : `${SHARE_PATH}${id}`;
}

const ID_LETTERS = Math.ceil((ID_BYTES * 4) / 3);
const SECRET_LETTERS = Math.ceil((SECRET_BYTES * 4) / 3);

/** In a path, browsers turn Markdown's backslash into a slash. */
const BREAK_IN_PATH = /^[\s\p{Cf}\p{Cc}=>\\/]*$/u;

/** The id at the beginning of what follows `/s/`, and what follows it. */
function takeId(address: string): { id: string; rest: string } | null {
  const text = plainText(address);
  const [start] = ANY_SHARE_PATH.exec(text) ?? [];
  if (start === undefined) return null;
  const taken = takeName(text.slice(start.length), ID_LETTERS, BREAK_IN_PATH);
  if (!taken || taken.isGlued || fromBase64Url(taken.name, ID_BYTES) === null) return null;
  return { id: taken.name, rest: taken.rest };
}

/** The id in the path of a share's page; `null` when there is none in it. */
export function idInPath(path: string): string | null {
  return takeId(path)?.id ?? null;
}

/** Precedes the secret. A later link format will use the next number: `k2=`. */
const KEY = /(?:^|[^a-z0-9_-])k(\d*)\s*=/gi;

/** Undecoded quoted-printable mail has `=3D` for `=`. */
const UNDECODED_EQUALS = '3D';

/** A flag that has a value is not ours. */
const PASSWORD_FLAG = /[&?;#]p=?(?![\w=-])/i;
const LIVE_FLAG = /[&?;#]l=?(?![\w=-])/i;

/**
 * Reads a share's link, even if a program on the way has rewritten it, broken it into lines or added
 * to it: what cannot belong to it is ignored.
 * @param path of the address, such as `/s/…`
 * @param queryAndFragment what follows the path in the address
 * @throws AppError SHARE_LINK_INVALID when a part is missing or was cut off; SHARE_TOO_NEW for the
 * form of a later version
 */
export function parseShareLink(path: string, queryAndFragment: string): ShareLink {
  const found = takeId(path + queryAndFragment);
  // nothing of it goes into the message: it may be logged
  if (found === null) throw new AppError('SHARE_LINK_INVALID', 'The id of the link is not whole.');
  let isLater = false;
  for (const { 1: version = '', index, 0: key } of found.rest.matchAll(KEY)) {
    isLater ||= Number(version) > 1;
    if (version !== '') continue;
    const taken = takeSecret(found.rest.slice(index + key.length));
    if (taken)
      return {
        id: found.id,
        secret: taken.name,
        hasPassword: PASSWORD_FLAG.test(taken.rest),
        ...(LIVE_FLAG.test(taken.rest) && { isLive: true }),
      };
  }
  throw isLater
    ? new AppError('SHARE_TOO_NEW', 'The link has the form of a later version.')
    : new AppError('SHARE_LINK_INVALID', 'The secret of the link is not whole.');
}

/** The secret at the beginning of what follows `k=`. */
function takeSecret(text: string): TakenName | null {
  const read = (from: string) => {
    const taken = takeName(from, SECRET_LETTERS);
    return taken && fromBase64Url(taken.name, SECRET_BYTES) !== null ? taken : null;
  };
  const whole = read(text);
  if (!text.startsWith(UNDECODED_EQUALS) || whole?.isGlued === false) return whole;
  return read(text.slice(UNDECODED_EQUALS.length)) ?? whole;
}

/** A text may have been encoded by each program on the way: it is decoded up to this many times. */
const MAX_ROUNDS = 4;

/** Runs of percent-encoded bytes; what is not UTF-8 stays as it is. */
const PERCENT = /(?:%[0-9a-f]{2})+/gi;

/** HTML entities for the characters of a link; mail programs that quote HTML as text leave them in. */
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
function plainText(address: string): string {
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
interface TakenName {
  name: string;
  /** What follows it. */
  rest: string;
  /** Further letters are glued to it. */
  isGlued: boolean;
}

/**
 * Takes a name of this many letters (of base64url) from the beginning of a text. It may be broken into
 * parts.
 * @param isBreak what may stand between its parts
 * @returns `null` when there are fewer letters, or its last part continues beyond it
 */
function takeName(text: string, length: number, isBreak: RegExp = BREAK): TakenName | null {
  let name = '';
  let rest = text;
  let isGlued = false;
  while (name.length < length) {
    const [whole = '', between = '', part = ''] = NEXT_PART.exec(rest) ?? [];
    if (part === '' || !isBreak.test(between)) return null;
    const taken = part.slice(0, length - name.length);
    isGlued = taken.length < part.length;
    // letters glued to a whole name belong to what follows; for a broken one nobody could say
    if (isGlued && name !== '') return null;
    name += taken;
    rest = rest.slice(whole.length - part.length + taken.length);
  }
  return { name, rest, isGlued };
}
