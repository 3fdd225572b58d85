import { afterAll, describe, expect, it } from 'vitest';
import { createDecoder } from './client';
import { fileOf, fixture, maxDifference, readAll } from './test-support';

/** In the first second, off any grid, in speech, and near the end. */
const STARTS = [1, 8_000, 33_333, 80_001, 123_456, 187_000];

const decoder = createDecoder();
const ffmpegOnly = createDecoder({ decoder: 'ffmpeg' });
afterAll(() => {
  decoder.dispose();
  ffmpegOnly.dispose();
});

/** Largest difference that a resumed run may have, by format. */
const EXACT = 0;
/** libopus keeps state for ever; two seconds of warm-up leave less than 16 bits can hold. */
const OPUS = 1 / 32_768;

describe('a session that starts late', () => {
  it.each([
    ['speech.wav', EXACT],
    ['speech.flac', EXACT],
    ['speech-cbr.mp3', EXACT],
    ['speech-vbr.mp3', EXACT],
    ['speech.m4a', EXACT],
    ['speech.aac', EXACT],
    ['speech.mp4', EXACT],
    ['speech-vorbis.ogg', EXACT],
    ['speech-opus.ogg', OPUS],
    ['speech.webm', EXACT],
    ['speech-ac3.mkv', EXACT],
    ['speech.avi', EXACT],
  ])('gives the same samples of %s as one from the start', async (file, tolerance) => {
    const source = fileOf(await fixture(file));
    const whole = await decoder.open(source, { startSample: 0 });
    const { pcm } = await readAll(whole);
    await whole.close();
    for (const startSample of STARTS) {
      const late = await decoder.open(source, { startSample });
      const rest = await readAll(late);
      await late.close();
      expect(rest.startSample).toBe(startSample);
      expect(rest.pcm.length).toBe(pcm.length - startSample);
      const difference = maxDifference(rest.pcm, pcm.subarray(startSample));
      console.info(`${file} from ${startSample}: ${difference}`);
      expect(difference).toBeLessThanOrEqual(tolerance);
    }
  });

  it('gives nothing after the end', async () => {
    const source = fileOf(await fixture('speech.m4a'));
    const late = await decoder.open(source, { startSample: 16_000 * 60 });
    expect(await late.read()).toBeNull();
    await late.close();
  });
});

describe('a run that ffmpeg had taken over', () => {
  it('is continued by ffmpeg, sample for sample', async () => {
    const source = fileOf(await fixture('speech-cbr.mp3'));
    const { pcm } = await readAll(await ffmpegOnly.open(source, { startSample: 0 }));
    const late = await decoder.open(source, { startSample: 80_001, decoder: 'ffmpeg' });
    expect(late.info.decoder).toBe('ffmpeg');
    const rest = await readAll(late);
    await late.close();
    expect(maxDifference(rest.pcm, pcm.subarray(80_001))).toBe(0);
  });
});

describe('ffmpeg and WebCodecs', () => {
  it.each(['speech.flac', 'speech.wav'])('give the same samples of %s', async (file) => {
    const source = fileOf(await fixture(file));
    const [ours, theirs] = [
      await decoder.open(source, { startSample: 0 }),
      await ffmpegOnly.open(source, { startSample: 0 }),
    ];
    const [a, b] = [await readAll(ours), await readAll(theirs)];
    expect(a.pcm.length).toBe(b.pcm.length);
    expect(maxDifference(a.pcm, b.pcm)).toBe(0);
    await Promise.all([ours.close(), theirs.close()]);
  });
});
