import 'server-only';
import { AppError } from '@/lib/core';
import type { ListedObject } from './store';

/** One page of a listing. */
export interface ListPage {
  objects: (ListedObject & { etag: string | null })[];
  /** For the next page; `null` at the end. */
  next: string | null;
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function decodeXml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal));
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    return ENTITIES[name] ?? whole;
  });
}

/** The text of the first element with this name, or `null`. */
export function element(xml: string, name: string): string | null {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return found === undefined ? null : decodeXml(found);
}

/** What the store calls the failure (`NoSuchKey`); `null` when no store wrote this. */
export function failureCode(body: string): string | null {
  return /<Error[\s>]/.test(body) ? element(body, 'Code') : null;
}

/**
 * Reads a page of ListObjectsV2.
 * @throws SERVER_BUSY when it is not one, or not whole: that must never look like an empty list
 */
export function parseListPage(xml: string): ListPage {
  const isWhole = /<ListBucketResult[\s>]/.test(xml) && xml.includes('</ListBucketResult>');
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, item = '']) => ({
    key: element(item, 'Key') ?? '',
    sizeBytes: Number(element(item, 'Size') ?? Number.NaN),
    modifiedAt: new Date(element(item, 'LastModified') ?? Number.NaN),
    etag: element(item, 'ETag')?.replaceAll('"', '') ?? null,
  }));
  const isTruncated = element(xml, 'IsTruncated');
  const next = element(xml, 'NextContinuationToken');
  const isSound =
    isTruncated !== null &&
    (isTruncated === 'false' || next !== null) &&
    objects.every(
      ({ key, sizeBytes, modifiedAt }) =>
        key !== '' && Number.isSafeInteger(sizeBytes) && !Number.isNaN(modifiedAt.getTime()),
    );
  if (!isWhole || !isSound) throw notTheStore('with something that is not a list');
  return { objects, next: isTruncated === 'true' ? next : null };
}

/** Something between us and the store answered in its place: a proxy, a network's sign-in page. */
export function notTheStore(how: string, details: AppError['details'] = {}): AppError {
  return new AppError(
    'SERVER_BUSY',
    `What answers at S3_ENDPOINT is not an object store: it answered ${how}.`,
    { details },
  );
}

/** By which the rule is known again that the app has set. */
const RULE_ID = 'ai2text';

/** A bucket's CORS configuration that lets pages of an origin use signed addresses, and no others. */
export function corsRule(origin: string): string {
  const entries: [string, string][] = [
    ['ID', RULE_ID],
    ['AllowedOrigin', origin],
    ['AllowedMethod', 'GET'],
    ['AllowedMethod', 'PUT'],
    ['AllowedHeader', 'content-type'],
    ['AllowedHeader', 'x-amz-content-sha256'],
    ['MaxAgeSeconds', '3600'],
  ];
  // an origin has no characters that XML would take for its own
  const rule = entries.map(([name, value]) => `<${name}>${value}</${name}>`).join('');
  return `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule>${rule}</CORSRule></CORSConfiguration>`;
}

const rulesOf = (configuration: string) =>
  [...configuration.matchAll(/<CORSRule[\s>].*?<\/CORSRule>/gs)].map(([rule]) => rule);

/** Whether pages of an origin may both get and put. */
export function allowsOrigin(configuration: string, origin: string): boolean {
  const rules = rulesOf(configuration).filter((rule) =>
    [origin, '*'].some((one) => rule.includes(`<AllowedOrigin>${one}</AllowedOrigin>`)),
  );
  return ['GET', 'PUT'].every((method) =>
    rules.some((rule) => rule.includes(`<AllowedMethod>${method}</AllowedMethod>`)),
  );
}

/** Whether the one rule is the app's own, of an address that it had before. */
export function isOurRule(configuration: string): boolean {
  const rules = rulesOf(configuration);
  return rules.length === 1 && rules[0]?.includes(`<ID>${RULE_ID}</ID>`) === true;
}
