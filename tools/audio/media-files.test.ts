import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loopMp3, mp3Frames } from './mp3.mjs';
import { loopWav, readWav, silentWav } from './wav.mjs';

const audio = join(import.meta.dirname, '..', '..', 'e2e', 'fixtures', 'audio');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ai2text-media-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('WAV files', () => {
  it('of silence have their length and format in the header', () => {
    const { sampleRateHz, channels, seconds, data } = readWav(silentWav(1.5));
    expect({ sampleRateHz, channels, seconds }).toEqual({
      sampleRateHz: 16_000,
      channels: 1,
      seconds: 1.5,
    });
    expect(data.every((byte) => byte === 0)).toBe(true);
  });

  it('are repeated sample for sample', () => {
    const source = join(audio, 'speech.wav');
    const target = join(folder, 'long.wav');
    const once = readWav(readFileSync(source));
    loopWav(source, target, 2.5 * once.seconds);
    const long = readWav(readFileSync(target));
    expect(long.seconds).toBeCloseTo(3 * once.seconds, 9);
    expect(statSync(target).size).toBe(44 + 3 * once.data.length);
    for (const turn of [0, 1, 2]) {
      const part = long.data.subarray(turn * once.data.length, (turn + 1) * once.data.length);
      expect(part.equals(once.data)).toBe(true);
    }
  });

  it('are told from other files', () => {
    expect(() => readWav(readFileSync(join(audio, 'second.mp3')))).toThrow('Not a WAV file');
  });
});

describe('mp3 files', () => {
  const source = readFileSync(join(audio, 'speech-cbr.mp3'));

  it('lose tags and the frame that tells their length', () => {
    const { frames, seconds } = mp3Frames(source);
    expect(frames.includes('Info')).toBe(false);
    expect(frames.length).toBeLessThan(source.length);
    // the speech lasts as long as in the WAV it was made from, but for the coder's padding
    const wav = readWav(readFileSync(join(audio, 'speech.wav')));
    expect(Math.abs(seconds - wav.seconds)).toBeLessThan(0.1);
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
