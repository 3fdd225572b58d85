import type { Transcript } from '@/lib/transcript/types';

/** Bytes that differ from place to place, the same each time. */
export function patterned(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) bytes[at] = at * 31 + (at >> 8);
  return bytes;
}

/** Bytes as a stream, cut into pieces of these lengths, again and again. */
export function streamOf(
  bytes: Uint8Array,
  pieces: readonly number[] = [65_536],
): ReadableStream<Uint8Array> {
  let at = 0;
  let turn = 0;
  return new ReadableStream({
    pull(out) {
      if (at >= bytes.length) {
        out.close();
        return;
      }
      const length = Math.max(1, pieces[turn % pieces.length] ?? bytes.length);
      out.enqueue(bytes.subarray(at, at + length));
      at += length;
      turn += 1;
    },
  });
}

/** All bytes of a stream. */
export async function bytesOf(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(
    await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
  );
}

/** A short transcript. */
export function sampleTranscript(): Transcript {
  const words = [
    { text: 'Heavy', startMs: 100, endMs: 400, confidence: 0.9 },
    { text: 'rain.', startMs: 420, endMs: 900, confidence: 0.4 },
  ];
  return {
    version: 1,
    id: '6f2c1f0e-5b0f-4a53-9a50-0c6f6f2f7a11',
    title: 'Mưa lớn',
    language: 'en',
    createdAt: '2026-11-27T08:00:00.000Z',
    durationMs: 1000,
    source: { name: 'rain.mp3', mediaType: 'audio/mpeg', sizeBytes: 4096, sha256: null },
    model: { id: 'ai2text-en', backend: 'wasm', precision: 'q8' },
    speakers: [],
    segments: [
      {
        id: 's1',
        startMs: 100,
        endMs: 900,
        speakerId: null,
        text: 'Heavy rain.',
        edited: false,
        words,
      },
    ],
  };
}
