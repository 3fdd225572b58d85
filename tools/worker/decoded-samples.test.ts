import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { AppError } from '@/lib/core';
import { RangedBlob } from '@/lib/engine/audio';
import { FfmpegProgram, type FfmpegRunner, openRun } from '@/lib/engine/decode';
import { root } from '../command/root';
import expected from './fixtures/decoded-samples.json';
import { NativeFfmpeg } from './native-ffmpeg';
import { startWasmFfmpeg } from './wasm-ffmpeg';

// workers/decode/formats.browser.test.ts holds the browser to the same samples

const AUDIO = 'e2e/fixtures/audio';
const RESAMPLER = join(root, 'node_modules/@echogarden/speex-resampler-wasm/wasm/');
const never = new AbortController().signal;

const own = () => new FfmpegProgram(true, startWasmFfmpeg);
const installed = () => new NativeFfmpeg('ffmpeg');

/** Decodes a source to its end. @returns how many samples there are, and their hash */
async function decoded(source: Blob, makeFfmpeg: () => FfmpegRunner) {
  const assets = { ffmpegUrl: '', resamplerUrl: pathToFileURL(RESAMPLER).href };
  const choices = { decoder: 'ffmpeg', ffmpegFlow: 'shared' } as const;
  const run = await openRun(
    { source, startSample: 0, track: null, assets, choices, makeFfmpeg },
    never,
  );
  const hash = createHash('sha256');
  let samples = 0;
  for (let part = await run.read(never); part; part = await run.read(never)) {
    hash.update(new Uint8Array(part.pcm.buffer, part.pcm.byteOffset, part.pcm.byteLength));
    samples += part.pcm.length;
  }
  run.close();
  return { samples, sha256: hash.digest('hex') };
}

it.each(Object.entries(expected))(
  'the app’s own ffmpeg gives of %s the samples that a browser gives',
  async (file, wanted) => {
    expect(await decoded(await openAsBlob(`${AUDIO}/${file}`), own)).toEqual(wanted);
  },
);

it('an installed ffmpeg gives all of a file, each time', async () => {
  const source = await openAsBlob(`${AUDIO}/speech.flac`);
  for (let time = 0; time < 5; time += 1)
    expect(await decoded(source, installed)).toEqual(expected['speech.flac']);
});

it('reads what lies elsewhere by ranges, never the whole', async () => {
  const file = await openAsBlob(`${AUDIO}/speech.wav`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const ranges: [number, number][] = [];
  const source = new RangedBlob(bytes.length, async (start, end) => {
    ranges.push([start, end]);
    return bytes.slice(start, end);
  });
  expect((await decoded(source, own)).samples).toBe((bytes.length - 44) / 2);
  expect(Math.max(...ranges.map(([start, end]) => end - start))).toBeLessThanOrEqual(2 ** 20);
});

it('says why a source could not be read to its end', async () => {
  const file = await openAsBlob(`${AUDIO}/speech.flac`);
  const source = new RangedBlob(2 ** 22, async (start, end) => {
    if (start > 0) throw new AppError('SERVER_BUSY', 'The app went away.');
    return new Uint8Array(await file.slice(start, end).arrayBuffer());
  });
  await expect(decoded(source, own)).rejects.toMatchObject({ code: 'SERVER_BUSY' });
});
