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
