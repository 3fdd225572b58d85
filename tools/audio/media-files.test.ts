import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWavPcm } from '../../lib/engine/audio/wav-layout';
import { loopMp3, loopWav, mp3Frames, silentWav, soundWav } from './media-files';

const audio = join(import.meta.dirname, '..', '..', 'e2e', 'fixtures', 'audio');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ai2text-media-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A file as the app's own reader of clips reads it. */
const samplesOf = (bytes: Buffer) => readWavPcm(new Blob([Uint8Array.from(bytes)]));
const SPEECH = join(audio, 'speech.wav');

describe('WAV files', () => {
  it('of silence have their length and format in the header', async () => {
    const samples = await samplesOf(silentWav(1.5));
    expect(samples).toHaveLength(1.5 * 16_000);
    expect(samples.every((sample) => sample === 0)).toBe(true);
  });

  it('of a sound have its samples', async () => {
    const samples = await samplesOf(soundWav(Float32Array.of(0, 0.5, -0.25, 2)));
    expect([...samples].map((sample) => sample.toFixed(3))).toEqual([
      '0.000',
      '0.500',
      '-0.250',
      '1.000',
    ]);
  });

  it('are repeated sample for sample', async () => {
    const sound = readFileSync(SPEECH).subarray(44);
    const [source, target] = [join(folder, 'sound.pcm'), join(folder, 'long.wav')];
    writeFileSync(source, sound);
    loopWav(source, { rateHz: 16_000, channels: 1 }, target, (2.5 * sound.length) / 32_000);
    const long = readFileSync(target);
    expect(long).toHaveLength(44 + 3 * sound.length);
    expect(await samplesOf(long)).toHaveLength((3 * sound.length) / 2);
    for (const turn of [0, 1, 2]) {
      const from = 44 + turn * sound.length;
      expect(long.subarray(from, from + sound.length).equals(sound)).toBe(true);
    }
  });
});

describe('mp3 files', () => {
  const source = readFileSync(join(audio, 'speech-cbr.mp3'));

  it('lose tags and the frame that has their length', async () => {
    const { frames, seconds } = mp3Frames(source);
    expect(frames.includes('Info')).toBe(false);
    expect(frames.length).toBeLessThan(source.length);
    // the speech lasts as long as in the WAV it was made from, but for the coder's padding
    const wavSeconds = (await samplesOf(readFileSync(SPEECH))).length / 16_000;
    expect(Math.abs(seconds - wavSeconds)).toBeLessThan(0.1);
  });

  it('are repeated frame for frame', () => {
    const { frames, seconds } = mp3Frames(source);
    const long = loopMp3(source, 2.5 * seconds);
    expect(long.length).toBe(3 * frames.length);
    expect(mp3Frames(long).seconds).toBeCloseTo(3 * seconds, 6);
  });

  it('without frames are refused', () => {
    expect(() => mp3Frames(Buffer.from('no sound in here'))).toThrow('No mp3 frames');
  });

  it('that are cut off end at the last whole frame', () => {
    const { seconds } = mp3Frames(source);
    writeFileSync(join(folder, 'cut.mp3'), source.subarray(0, source.length / 2));
    const cut = mp3Frames(readFileSync(join(folder, 'cut.mp3')));
    expect(cut.seconds).toBeGreaterThan(0.4 * seconds);
    expect(cut.seconds).toBeLessThan(0.6 * seconds);
  });
});
