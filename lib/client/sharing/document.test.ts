import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { packDocument, type ShareDocument, unpackDocument } from './document';
import {
  deriveShareKeys,
  newShareSecret,
  openStream,
  type ShareKeys,
  sealStream,
} from './envelope';
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
    const { segments, ...facts } = DOCUMENT.transcript;
    for (const value of [
      null,
      {},
      { ...DOCUMENT, version: 0 },
      { ...DOCUMENT, transcript: {} },
      { ...DOCUMENT, transcript: facts },
      { ...DOCUMENT, transcript: { ...facts, segments: {} } },
      { ...DOCUMENT, transcript: { ...facts, segments: [...segments, { id: 's2' }] } },
    ])
      await expect(unpackDocument(pack(value))).rejects.toMatchObject({
        code: 'SHARE_DECRYPT_FAILED',
      });
    await expect(unpackDocument(new Blob(['abc']).stream())).rejects.toMatchObject({
      code: 'SHARE_DECRYPT_FAILED',
    });
  });

  it('is distinguished from one that a later version made, whatever else that one holds', async () => {
    const { transcript } = DOCUMENT;
    for (const value of [
      { version: 2 },
      { ...DOCUMENT, version: 2, transcript: { ...transcript, segments: [{ from: 1 }] } },
      { transcript: { segments: [7], words: { packed: '…' } }, version: 3 },
      { ...DOCUMENT, transcript: { ...transcript, version: 2 } },
    ])
      await expect(unpackDocument(pack(value))).rejects.toMatchObject({ code: 'SHARE_TOO_NEW' });
  });

  it('says that it is too large when it unpacks to far more than a transcript can be', async () => {
    const { transcript } = DOCUMENT;
    const long = 'a'.repeat(2 ** 20 + 1);
    for (const text of [
      new Uint8Array(129 * 2 ** 20),
      JSON.stringify({ ...DOCUMENT, name: long }),
      JSON.stringify({ ...DOCUMENT, transcript: { ...transcript, segments: [{ id: long }] } }),
    ]) {
      const bomb = gzipSync(text, { level: 1 });
      await expect(unpackDocument(new Blob([bomb]).stream())).rejects.toMatchObject({
        code: 'SHARE_TOO_LARGE',
      });
    }
  });

  it('leaves the page its turns while it is read', async () => {
    const [segment] = DOCUMENT.transcript.segments;
    const words = Array.from({ length: 20 }, () => segment?.words[0]);
    const segments = Array.from({ length: 3000 }, (_, at) => ({ ...segment, id: `s${at}`, words }));
    const packed = gzipSync(
      JSON.stringify({ ...DOCUMENT, transcript: { ...DOCUMENT.transcript, segments } }),
    );
    const startedMs = performance.now();
    let turnMs = startedMs;
    let longestMs = 0;
    let isRead = false;
    const turn = () => {
      const nowMs = performance.now();
      longestMs = Math.max(longestMs, nowMs - turnMs);
      turnMs = nowMs;
      if (!isRead) setImmediate(turn);
    };
    turn();
    const read = await unpackDocument(new Blob([packed]).stream());
    isRead = true;
    turn();
    expect(read.transcript.segments).toHaveLength(3000);
    // in one piece, parsing and checking are three quarters of the time
    expect(longestMs).toBeLessThan((performance.now() - startedMs) / 2);
  });

  it('stops when it is asked to', async () => {
    const given = unpackDocument(pack(DOCUMENT), AbortSignal.abort());
    await expect(given).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('distinguishes a broken connection from a broken envelope', async () => {
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
