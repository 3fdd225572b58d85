import 'server-only';
import { createHash } from 'node:crypto';
import { objectStore } from '@/lib/server/objects';

/** Everything of the dataset lies below this; a copy of the folder is a dataset by itself. */
const ROOT = 'dataset';

/** Where segments, bases and heads of the manifest lie. */
export const MANIFEST = `${ROOT}/manifest`;

/** Where segments lie until they are compacted. */
export const SEGMENTS = `${MANIFEST}/segments/`;

/** Where the versions lie. */
export const VERSIONS = `${ROOT}/manifests`;

/** The object of a file of a version. */
export function versionKey(name: string, path: string): string {
  return `${VERSIONS}/${name}/${path}`;
}

/** Where what versions are made of lies while they are written. */
export const DRAFTS = `${ROOT}/drafts/`;

/** Where that of one version lies. */
export function draftsOf(number: number): string {
  return `${DRAFTS}v${number}/`;
}

/** The version that a draft is of. */
export function versionOfDraft(key: string): number {
  return Number(/\/drafts\/v(\d+)\//.exec(key)?.[1]);
}

/** Clips whose name begins with these two characters. */
export function clipShard(shard: string): string {
  return `${ROOT}/clips/${shard}/`;
}

/** A clip's path from the root of the dataset. */
export function clipPath(sha256: string): string {
  return `clips/${sha256.slice(0, 2)}/${sha256}.flac`;
}

/** The object of a checked clip. */
export function clipKey(sha256: string): string {
  return `${ROOT}/${clipPath(sha256)}`;
}

/** The clip that an object is; `null` for one that is not one. */
export function clipOfKey(key: string): string | null {
  return /\/clips\/[0-9a-f]{2}\/([0-9a-f]{64})\.flac$/.exec(key)?.[1] ?? null;
}

/** Where uploads lie. Never below `clips`: half a clip, or one that was not checked, is found nowhere. */
export const UPLOADS = `${ROOT}/uploads/`;

/** Whose upload of which clip. */
export interface UploadName {
  ownerId: string;
  sha256: string;
}

/** Where everything of an upload lies. */
export function uploadFolder({ ownerId, sha256 }: UploadName): string {
  return `${UPLOADS}${ownerId}/${sha256}/`;
}

/** A part of a clip that is uploaded through the app. */
export function partKey(upload: UploadName, part: number): string {
  return `${uploadFolder(upload)}${part}`;
}

/** A clip that a browser puts into the store itself. */
export function wholeKey(upload: UploadName): string {
  return `${uploadFolder(upload)}whole`;
}

/** The upload that an object belongs to; `null` for one of something else. */
export function uploadOfKey(key: string): UploadName | null {
  const [, ownerId, sha256] = /\/uploads\/([^/]+)\/([0-9a-f]{64})\/[^/]+$/.exec(key) ?? [];
  return ownerId === undefined || sha256 === undefined ? null : { ownerId, sha256 };
}

/** SHA-256, hexadecimal. */
export function sha256Of(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The names of objects whose keys begin with `prefix`. */
export async function keysBelow(prefix: string, signal: AbortSignal): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objectStore().list(prefix, { signal })) keys.push(key);
  return keys;
}
