import type { PcmChunk } from '@/lib/engine/audio/types';
import type { DecodeSession } from '@/lib/engine/pipeline/stages';

/** One of the committed recordings, as the browser's tests get it. */
export async function fixture(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(`../../e2e/fixtures/audio/${name}`, import.meta.url));
  if (!response.ok) throw new Error(`No fixture ${name}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** A `File` whose name and type say nothing. */
export function fileOf(...parts: BlobPart[]): File {
  return new File(parts, 'source');
}

/** All that a session still gives, joined; checks that chunks follow on each other. */
export async function readAll(
  session: DecodeSession,
  maxSamples = Number.POSITIVE_INFINITY,
): Promise<{ pcm: Float32Array; chunks: PcmChunk[]; startSample: number }> {
  const chunks: PcmChunk[] = [];
  let length = 0;
  while (length < maxSamples) {
    const chunk = await session.read();
    if (!chunk) break;
    const last = chunks.at(-1);
    if (last && chunk.startSample !== last.startSample + last.pcm.length)
      throw new Error(`Chunk at ${chunk.startSample} does not follow on the one before.`);
    chunks.push(chunk);
    length += chunk.pcm.length;
  }
  const pcm = new Float32Array(length);
  let at = 0;
  for (const chunk of chunks) {
    pcm.set(chunk.pcm, at);
    at += chunk.pcm.length;
  }
  return { pcm, chunks, startSample: chunks[0]?.startSample ?? 0 };
}

/** The largest |a - b| over the shorter of the two. */
export function maxDifference(a: Float32Array, b: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < Math.min(a.length, b.length); i++)
    largest = Math.max(largest, Math.abs((a[i] ?? 0) - (b[i] ?? 0)));
  return largest;
}

/** How alike two signals are, and at which shift of `b` they are most so. */
export function bestLag(
  a: Float32Array,
  b: Float32Array,
  maxLag: number,
): { lag: number; correlation: number } {
  let best = { lag: 0, correlation: -1 };
  const from = maxLag;
  const to = Math.min(a.length, b.length) - maxLag;
  for (let lag = -maxLag; lag <= maxLag; lag++) {
    let ab = 0;
    let aa = 0;
    let bb = 0;
    for (let i = from; i < to; i++) {
      const x = a[i] ?? 0;
      const y = b[i + lag] ?? 0;
      ab += x * y;
      aa += x * x;
      bb += y * y;
    }
    const correlation = ab / Math.sqrt(aa * bb || 1);
    if (correlation > best.correlation) best = { lag, correlation };
  }
  return best;
}
