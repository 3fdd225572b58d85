import { describe, expect, it } from 'vitest';
import { errorSentence, errorText } from './error-text';

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

  it('says that all tracks were looked at', () => {
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
