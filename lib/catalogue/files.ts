import { AppError, isAbort } from '@/lib/core';
import { type Catalogue, catalogueSchema, type ModelFile } from './catalogue';

/**
 * Reads the catalogue.
 * @param url absolute
 * @throws OFFLINE, MODEL_DOWNLOAD_FAILED; MODEL_HASH_MISMATCH when it is not a catalogue
 */
export async function fetchCatalogue(url: string, signal?: AbortSignal): Promise<Catalogue> {
  const bytes = await download(url, signal);
  try {
    return catalogueSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new AppError('MODEL_HASH_MISMATCH', `${url} is not a catalogue.`, { cause });
  }
}

/**
 * Fetches one file of a model and makes sure that it is the one the catalogue means.
 *
 * Its SHA-256 is compared where the browser offers one, which it does on https and on localhost.
 * On plain http there is none, and only the length is compared: anyone who could change the model on
 * the way there could change this code too, and damage shows in the self-test.
 * @param baseUrl absolute address of the catalogue's folder, with a last slash
 * @throws OFFLINE, MODEL_DOWNLOAD_FAILED, MODEL_HASH_MISMATCH
 */
export async function fetchModelFile(
  file: ModelFile,
  baseUrl: string,
  signal?: AbortSignal,
): Promise<ArrayBuffer> {
  const url = new URL(file.path, baseUrl).href;
  const bytes = await download(url, signal);
  if (bytes.byteLength !== file.bytes)
    throw new AppError('MODEL_HASH_MISMATCH', `${url} has the wrong length.`, {
      details: { bytes: bytes.byteLength, expected: file.bytes },
    });
  await requireSha256(bytes, file.sha256, url);
  return bytes;
}

/**
 * Makes sure that bytes are those that they should be; where the browser offers no hash, they pass.
 * @param expected lower-case hex @param name for the log
 * @throws MODEL_HASH_MISMATCH
 */
export async function requireSha256(
  bytes: ArrayBuffer,
  expected: string,
  name: string,
): Promise<void> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!subtle) return;
  const sha256 = toHex(await subtle.digest('SHA-256', bytes));
  if (sha256 !== expected)
    throw new AppError('MODEL_HASH_MISMATCH', `${name} is not the file that it should be.`, {
      details: { sha256, expected },
    });
}

async function download(url: string, signal: AbortSignal | undefined): Promise<ArrayBuffer> {
  let response: Response;
  let bytes: ArrayBuffer;
  try {
    response = await fetch(url, signal ? { signal } : {});
    bytes = await response.arrayBuffer();
  } catch (cause) {
    if (isAbort(cause))
      throw new AppError('ABORTED', `The download of ${url} was aborted.`, { cause });
    throw navigator.onLine === false
      ? new AppError('OFFLINE', `${url} cannot be fetched: the network is off.`, { cause })
      : new AppError('MODEL_DOWNLOAD_FAILED', `${url} cannot be fetched.`, { cause });
  }
  // a server that answers every address with a page would otherwise pass for a damaged file
  const isPage = response.headers.get('content-type')?.includes('text/html') ?? false;
  if (!response.ok || isPage)
    throw new AppError('MODEL_DOWNLOAD_FAILED', `${url} is not there.`, {
      details: { status: response.status, isPage },
    });
  return bytes;
}

function toHex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
