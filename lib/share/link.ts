import { AppError } from '../core/errors';
import { fromBase64Url } from './base64url';

/** Random bytes in a link's id and in its secret: 128 bits cannot be guessed. */
export const ID_BYTES = 16;
export const SECRET_BYTES = 16;

/** What is behind `/s/`. */
const SHARE_PATH = '/s/';

/** The parts of a share's link, base64url. */
export interface ShareLink {
  /** Which share it is; the server sees it. */
  id: string;
  /** What its keys are made from; it stays behind the `#`, which browsers never send. */
  secret: string;
  /** A password is asked for. In the link, so that no server has to say so to strangers. */
  hasPassword: boolean;
}

/** The whole link. @param origin without a last slash */
export function buildShareLink(origin: string, { id, secret, hasPassword }: ShareLink): string {
  return `${origin}${SHARE_PATH}${id}#k=${secret}${hasPassword ? '&p' : ''}`;
}

/** Whether this is the address of a share's page. */
export function isSharePath(path: string): boolean {
  return path.startsWith(SHARE_PATH);
}

/** The id in the path of a share's page; `null` when there is none in it. */
export function idInPath(path: string): string | null {
  if (!isSharePath(path)) return null;
  const id = path.slice(SHARE_PATH.length).replace(/\/$/, '');
  return fromBase64Url(id, ID_BYTES) === null ? null : id;
}

/**
 * Reads a share's link.
 * @param path of the address, such as `/s/…`
 * @param fragment of the address, with its `#`
 * @throws AppError SHARE_LINK_INVALID when a part is missing or was cut off
 */
export function parseShareLink(path: string, fragment: string): ShareLink {
  const id = idInPath(path);
  const [, secret = '', flag] = /^#k=([\w-]+)(&p)?$/.exec(fragment) ?? [];
  // neither goes into the message: it may be logged
  if (id === null) throw new AppError('SHARE_LINK_INVALID', 'The id of the link is not whole.');
  if (fromBase64Url(secret, SECRET_BYTES) === null)
    throw new AppError('SHARE_LINK_INVALID', 'The secret of the link is not whole.');
  return { id, secret, hasPassword: flag !== undefined };
}
