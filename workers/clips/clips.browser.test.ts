import { afterAll, expect, it } from 'vitest';
import { createDecoder } from '../decode/client';
import { fileOf, fixture, readAll } from '../decode/test-support';
import { createClipCutter } from './client';

const cutter = createClipCutter();
const decoder = createDecoder();
afterAll(() => {
  cutter.dispose();
  decoder.dispose();
});

const pcmOf = async (bytes: Uint8Array<ArrayBuffer>, startSample = 0) => {
  const session = await decoder.open(fileOf(bytes), { startSample });
  const { pcm } = await readAll(session);
  await session.close();
  return { pcm, info: session.info };
};
const to16 = (value: number) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));

it('holds exactly the samples between its times, in 16 bits', async () => {
  const source = await fixture('speech.m4a');
  const open = await cutter.open({ media: fileOf(source), track: null, decoder: null });
  const clip = await open.cut({ startMs: 1_500, endMs: 4_000 });
  await open.close();
  expect(clip.samples).toBe(40_000);
  const whole = await pcmOf(source);
  const { pcm, info } = await pcmOf(clip.bytes);
  expect(info).toMatchObject({ sampleRateHz: 16_000, channels: 1 });
  expect(Int16Array.from(pcm, to16)).toEqual(
    Int16Array.from(whole.pcm.subarray(24_000, 64_000), to16),
  );
});

it('is the same file however it is come to, and is named by its content', async () => {
  const media = fileOf(await fixture('speech.m4a'));
  const cutAll = async (spans: readonly (readonly [number, number])[]) => {
    const open = await cutter.open({ media, track: null, decoder: null });
    const clips = [];
    for (const [startMs, endMs] of spans) clips.push(await open.cut({ startMs, endMs }));
    await open.close();
    return clips;
  };
  const [alone] = await cutAll([[5_000, 6_500]]);
  // one after another, one that begins in what was decoded already, and one further back
  const clips = await cutAll([
    [1_000, 2_200],
    [2_100, 3_200],
    [5_000, 6_500],
    [1_000, 2_200],
  ]);
  expect(clips[2]?.sha256).toBe(alone?.sha256);
  expect(clips[3]).toEqual(clips[0]);
  expect(clips.map(({ samples }) => samples)).toEqual([19_200, 17_600, 24_000, 19_200]);
  const hash = await crypto.subtle.digest('SHA-256', alone?.bytes ?? new Uint8Array());
  expect(alone?.sha256).toBe(
    [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
  );
});

it('ends with the last whole millisecond of the recording', async () => {
  const source = await fixture('speech.m4a');
  const { pcm } = await pcmOf(source);
  const open = await cutter.open({ media: fileOf(source), track: null, decoder: null });
  const lastMs = Math.floor(pcm.length / 16);
  const clip = await open.cut({ startMs: lastMs - 2_000, endMs: lastMs + 5_000 });
  await open.close();
  expect(clip.samples).toBe(2_000 * 16);
});
