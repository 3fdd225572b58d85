import { describe, expect, it } from 'vitest';
import { readBytes } from '@/lib/engine/families/ctc/test-model';
import { readWavPcm } from './wav-layout';

/** A WAV file; `extra` chunks stand before the samples. */
function wave(samples: number[], { channels = 1, rate = 16_000, extra = '' } = {}): ArrayBuffer {
  const extraSize = extra.length === 0 ? 0 : 8 + extra.length + (extra.length % 2);
  const view = new DataView(new ArrayBuffer(44 + extraSize + 2 * samples.length));
  const put = (at: number, text: string) => {
    for (const [index, letter] of [...text].entries())
      view.setUint8(at + index, letter.charCodeAt(0));
  };
  put(0, 'RIFF');
  put(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint16(34, 16, true);
  if (extraSize > 0) {
    put(36, 'LIST');
    view.setUint32(40, extra.length, true);
    put(44, extra);
  }
  const data = 36 + extraSize;
  put(data, 'data');
  view.setUint32(data + 4, 2 * samples.length, true);
  for (const [index, value] of samples.entries()) view.setInt16(data + 8 + 2 * index, value, true);
  return view.buffer;
}

describe('readWavPcm', () => {
  it('reads the samples, also after chunks of odd length', async () => {
    const samples = [0, 16_384, -32_768];
    expect(await readWavPcm(new Blob([wave(samples)]))).toEqual(Float32Array.of(0, 0.5, -1));
    expect(await readWavPcm(new Blob([wave(samples, { extra: 'abc' })]))).toEqual(
      Float32Array.of(0, 0.5, -1),
    );
  });

  it('reads the self-test clip', async () => {
    const bytes = readBytes('public/models/ai2text-en/known-clip.wav');
    const pcm = await readWavPcm(new Blob([bytes]));
    // two bytes a sample, after a header of some dozens
    expect(bytes.byteLength - 2 * pcm.length).toBeGreaterThan(0);
    expect(bytes.byteLength - 2 * pcm.length).toBeLessThan(200);
    expect(pcm.some((sample) => Math.abs(sample) > 0.1)).toBe(true);
  });

  it.each([
    ['two channels', wave([1, 2], { channels: 2 })],
    ['another rate', wave([1, 2], { rate: 44_100 })],
    ['no samples', wave([1, 2]).slice(0, 36)],
    ['nothing', new ArrayBuffer(0)],
  ])('refuses a file with %s', async (_, bytes) => {
    await expect(readWavPcm(new Blob([bytes]))).rejects.toMatchObject({
      code: 'MODEL_HASH_MISMATCH',
    });
  });
});
