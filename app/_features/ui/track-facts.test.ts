import { describe, expect, it } from 'vitest';
import { channelsText, trackLabel } from './track-facts';

describe('trackLabel', () => {
  it.each([
    [null, null, 'Track 2'],
    ['Commentary', null, 'Track 2 · Commentary'],
    [null, 'eng', 'Track 2 · English'],
    ['Director', 'pt-BR', 'Track 2 · Director · Brazilian Portuguese'],
    [null, 'not a code', 'Track 2 · not a code'],
  ])('shows the name %s and the language %s', (name, language, label) => {
    expect(trackLabel({ name, language }, 1)).toBe(label);
  });
});

describe('channelsText', () => {
  it('has the usual names and counts the others', () => {
    expect([1, 2, 4, 6, 8].map(channelsText)).toEqual([
      'mono',
      'stereo',
      '4 channels',
      '5.1',
      '7.1',
    ]);
  });
});
