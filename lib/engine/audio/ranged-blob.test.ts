import { expect, it } from 'vitest';
import { joinBlobs, RangedBlob } from './ranged-blob';

const bytes = Uint8Array.from({ length: 3_000_000 }, (_, at) => at % 251);
const reads: [number, number][] = [];
const ranged = new RangedBlob(bytes.length, async (start, end) => {
  reads.push([start, end]);
  return bytes.slice(start, end);
});

it('reads only what is asked for, as a blob of the same bytes does', async () => {
  const whole = new Blob([bytes]);
  for (const [start, end] of [
    [10, 20],
    [2_999_990, 4_000_000],
    [-5, undefined],
    [20, 10],
    [0, 0],
  ] as const) {
    reads.length = 0;
    const slice = ranged.slice(start, end).slice(1);
    const same = whole.slice(start, end).slice(1);
    expect(slice.size).toBe(same.size);
    expect(await slice.arrayBuffer()).toEqual(await same.arrayBuffer());
    expect(reads.reduce((sum, [from, to]) => sum + to - from, 0)).toBe(same.size);
  }
});

it('streams in pieces, each read when it is wanted', async () => {
  reads.length = 0;
  const reader = ranged.stream().getReader();
  await reader.read();
  expect(reads).toHaveLength(1);
  await reader.cancel();
  const streamed = await new Response(ranged.stream()).arrayBuffer();
  expect(Buffer.compare(Buffer.from(streamed), bytes)).toBe(0);
});

it('joins bytes that lie elsewhere with others', async () => {
  const joined = joinBlobs([new Blob(['head']), ranged.slice(5, 9), new Blob(['tail'])]);
  expect(joined.size).toBe(12);
  const expected = [...Buffer.from('head'), ...bytes.subarray(5, 9), ...Buffer.from('tail')];
  expect([...new Uint8Array(await joined.arrayBuffer())]).toEqual(expected);
  expect([...new Uint8Array(await joined.slice(3, 9).arrayBuffer())]).toEqual(expected.slice(3, 9));
});
