import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../core/errors';
import { deriveShareKeys, newShareSecret, type ShareKeys } from './crypto';
import { packDocument, type ShareDocument, unpackDocument } from './document';
import { openStream, sealStream } from './envelope';
import { bytesOf, sampleTranscript, streamOf } from './test-share';

const DOCUMENT: ShareDocument = {
  version: 1,
  transcript: sampleTranscript(),
  audio: {
    name: 'rain.mp3',
    mediaType: 'audio/mpeg',
    sizeBytes: 4096,
    hasVideo: false,
    peaks: [0, 128, 255],
  },
};

let keys: ShareKeys;
beforeAll(async () => {
  keys = await deriveShareKeys(newShareSecret(), null);
});

const seal = (document: ShareDocument) =>
  bytesOf(packDocument(document).pipeThrough(sealStream(keys.document, 'document')));
const open = (sealed: ReadableStream<Uint8Array>) =>
  unpackDocument(sealed.pipeThrough(openStream(keys.document, 'document')));
const pack = (value: unknown) =>
  new Blob([JSON.stringify(value)]).stream().pipeThrough(new CompressionStream('gzip'));

describe('the document of a share', () => {
  it('comes back as it was shared, with and without audio', async () => {
    for (const document of [DOCUMENT, { ...DOCUMENT, audio: null }])
      expect(await open(streamOf(await seal(document), [7, 1000]))).toEqual(document);
  });

  it('shows neither its text nor its names once it is sealed', async () => {
    const sealed = Buffer.from(await seal(DOCUMENT)).toString('latin1');
    for (const word of ['Heavy', 'rain', 'segments', 'audio/mpeg'])
      expect(sealed).not.toContain(word);
  });

  it('is compressed', async () => {
    const segments = Array.from({ length: 2000 }, () => DOCUMENT.transcript.segments[0]);
    const long = { ...DOCUMENT, transcript: { ...DOCUMENT.transcript, segments } };
    const sealed = await seal(long as ShareDocument);
    expect(sealed.length * 20).toBeLessThan(JSON.stringify(long).length);
  });

  it('is refused when it is something else', async () => {
    for (const value of [null, {}, { ...DOCUMENT, version: 2 }, { ...DOCUMENT, transcript: {} }])
      await expect(unpackDocument(pack(value))).rejects.toMatchObject({
        code: 'SHARE_DECRYPT_FAILED',
      });
    await expect(unpackDocument(new Blob(['abc']).stream())).rejects.toMatchObject({
      code: 'SHARE_DECRYPT_FAILED',
    });
  });

  it('is refused when it unpacks to far more than a transcript can be', async () => {
    const bomb = gzipSync(new Uint8Array(129 * 2 ** 20), { level: 1 });
    await expect(unpackDocument(new Blob([bomb]).stream())).rejects.toMatchObject({
      code: 'SHARE_DECRYPT_FAILED',
    });
  });

  it('tells a broken connection from a broken envelope', async () => {
    const sealed = await seal(DOCUMENT);
    const broken = new ReadableStream<Uint8Array>({
      start(out) {
        out.enqueue(sealed.subarray(0, 20));
        out.error(new AppError('OFFLINE', 'The connection broke off.'));
      },
    });
    await expect(open(broken)).rejects.toMatchObject({ code: 'OFFLINE' });
    await expect(open(streamOf(sealed.subarray(0, 40)))).rejects.toMatchObject({
      code: 'SHARE_DECRYPT_FAILED',
    });
  });
});
