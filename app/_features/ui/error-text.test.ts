import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '@/lib/core/errors';
import { errorSentence, errorText, workerFailure } from './error-text';

describe('error texts', () => {
  it.each(ERROR_CODES)('says %s in one or two plain sentences', (code) => {
    const { happened, next } = errorText(code);
    for (const sentence of next === null ? [happened] : [happened, next]) {
      expect(sentence).toMatch(/^[A-Z][^!?]*\.$/);
      expect(sentence.split('. ')).toHaveLength(1);
      // no words of programmers
      expect(sentence).not.toMatch(/decode|worker|quota|IndexedDB|exception|null|[A-Z]+_[A-Z]+/);
    }
  });

  // what people come across with files of their own
  it.each<[ErrorCode, RegExp]>([
    ['SOURCE_EMPTY', /This file is empty/],
    ['SOURCE_GONE', /moved, changed.*Choose it again/],
    ['DECODE_UNSUPPORTED', /not a recording that can be read/],
    ['DECODE_INCOMPLETE', /incomplete.*Copy or download it again/],
    ['DECODE_NO_AUDIO', /This video has no sound/],
    ['NO_SPEECH', /No speech found/],
    ['MODEL_DOWNLOAD_FAILED', /model could not be loaded.*connection/],
    ['MODEL_HASH_MISMATCH', /model is damaged or was altered/],
    ['STORE_QUOTA', /storage of this browser is full.*finished work is kept/],
    ['STORE_BLOCKED', /Close the other AI2Text tab/],
    ['MIC_DENIED', /may not use the microphone/],
    ['SHARE_DECRYPT_FAILED', /is damaged or was altered/],
    ['SHARE_LINK_INVALID', /This link is not complete/],
  ])('say what %s means to its user, and what can be done', (code, words) => {
    expect(errorSentence(code)).toMatch(words);
  });

  it('does not recommend WASM for a lost GPU: where WASM works, the app uses it by itself', () => {
    expect(errorSentence('GPU_DEVICE_LOST')).not.toMatch(/WASM/);
  });

  it('gives no two failures the same words', () => {
    const sentences = ERROR_CODES.map((code) => errorSentence(code));
    expect(new Set(sentences).size).toBe(ERROR_CODES.length);
  });
});

const facts = {
  durationMs: 42_000,
  channels: 2,
  track: 1,
  tracks: 1,
  tracksLookedAt: 1,
  loudestDbfs: -12,
};
const text = (details: Partial<Record<keyof typeof facts, number | null>>) =>
  errorText('NO_SPEECH', { ...facts, ...details });

describe('what is said where no speech was found', () => {
  it('names length, channels and level', () => {
    expect(text({}).happened).toBe(
      'No speech found. Looked at 42 s of sound on its only audio track (stereo); its loudest moment is -12 dBFS.',
    );
    expect(text({}).next).toMatch(/^Listen to it/);
  });

  it.each([
    [412.4, '412 ms'],
    [0.25, '1 ms'],
    [1000, '1 s'],
  ])('does not call a click of %s ms no sound at all', (durationMs, length) => {
    expect(text({ durationMs }).happened).toContain(`Looked at ${length} of sound`);
  });

  it('says that it is nearly silent, and to look after the level', () => {
    const { happened, next } = text({ loudestDbfs: -62, channels: 1 });
    expect(happened).toContain('(mono); its loudest moment is -62 dBFS, nearly silent.');
    expect(next).toMatch(/microphone.*level/);
    expect(text({ loudestDbfs: null }).happened).toContain('; all of it is silence.');
  });

  it('names the track that the user chose, and offers the others', () => {
    const { happened, next } = text({ track: 2, tracks: 3 });
    expect(happened).toContain('on track 2 of 3 (stereo)');
    expect(next).toBe('Choose another audio track.');
  });

  it('says that all tracks were searched', () => {
    const { happened, next } = text({ track: 2, tracks: 2, tracksLookedAt: 2 });
    expect(happened).toContain('on each of its 2 audio tracks;');
    expect(next).not.toMatch(/track/);
  });

  it('says less where an older build stored less', () => {
    expect(errorSentence('NO_SPEECH', { durationMs: 42_000 })).toBe(
      'No speech found in this recording.',
    );
  });
});

it('says in a sentence what is wrong with a recording, or with who was to transcribe it', () => {
  expect(workerFailure('DECODE_NO_AUDIO')).toBe('This video has no sound.');
  expect(workerFailure('MODEL_NOT_INSTALLED')).toMatch(/^The server that transcribes/);
  expect(workerFailure('SERVER_BUSY')).toBe('The recording could not be transcribed.');
  // nobody is sent to the settings of a browser that had no part in it
  for (const code of ERROR_CODES)
    expect(workerFailure(code)).toMatch(/^(?!.*(browser|Settings|tab|file again))[A-Z].*\.$/);
});
