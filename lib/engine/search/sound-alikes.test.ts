import { describe, expect, it } from 'vitest';
import {
  doubtful,
  readBuiltInModel,
  readGolden,
  SMALL_PHONES,
  scoresOf,
  smallModel,
} from '@/lib/engine/families/ctc/test-model';
import { LanguageModel, UNKNOWN_WORD } from './language-model';
import { buildLexicon } from './lexicon-build';
import { SoundAlikes } from './sound-alikes';

const PHONES = SMALL_PHONES.length;
const OPTIONS = { weight: 1, blankPenalty: 0, newWordScore: -11 };
const small = new LanguageModel(smallModel().buffer);
const [BAN, PAN, TAN] = ['ban', 'pan', 'tan'].map((word) => small.words.indexOf(word));
const soundAlikes = new SoundAlikes(small, buildLexicon(small, PHONES), PHONES, OPTIONS);

const place = (word = UNKNOWN_WORD, confidence = 0.2) => ({
  word,
  firstFrame: 1,
  lastFrame: 3,
  confidence,
});

describe('SoundAlikes', () => {
  it('finds what else a doubtful word may be, the likeliest first, and not the word itself', () => {
    const scores = doubtful(1, 0.5, 2, 0.4);
    const found = soundAlikes.ofDoubtful(scores, 5, [place(BAN)]);
    expect(found.get(0)?.[0]).toBe(PAN);
    expect(found.get(0)).not.toContain(BAN);
    // where another word was written, the two that were in doubt come first
    expect(
      soundAlikes
        .ofDoubtful(scores, 5, [place(TAN)])
        .get(0)
        ?.slice(0, 2),
    ).toEqual([BAN, PAN]);
  });

  it('looks for none beside a word that is sure', () => {
    expect(soundAlikes.ofDoubtful(doubtful(1, 0.5, 2, 0.4), 5, [place(BAN, 0.5)]).size).toBe(0);
  });

  it('leaves the sound of the words around alone', () => {
    const two = Float32Array.from([...doubtful(1, 0.9, 2, 0.05), ...doubtful(2, 0.6, 1, 0.3)]);
    const words = [
      place(BAN, 0.9),
      { word: PAN ?? 0, firstFrame: 6, lastFrame: 8, confidence: 0.3 },
    ];
    const found = soundAlikes.ofDoubtful(two, 10, words);
    expect([...found.keys()]).toEqual([1]);
    expect(found.get(1)?.[0]).toBe(BAN);
  });

  it('finds none in frames without room, and in a span as long as several words', () => {
    expect(soundAlikes.ofDoubtful(scoresOf([[0, 0.9]]), 1, [place(BAN)]).size).toBe(0);
    const long = scoresOf(Array.from({ length: 80 }, () => [4, 0.9] as const));
    expect(soundAlikes.ofDoubtful(long, 80, [{ ...place(BAN), lastFrame: 79 }]).size).toBe(0);
  });

  it('gives the spoken word of the built-in model for one that was written wrongly', () => {
    const { model, lexicon } = readBuiltInModel();
    const { units, search, recordings } = readGolden();
    const real = new SoundAlikes(model, lexicon, units, search);
    let offered = 0;
    let asked = 0;
    for (const { logProbs, frames, words } of recordings.filter(({ words: all }) => all.length > 3))
      for (const at of words.keys()) {
        const ids = words.map(({ word }) => model.words.indexOf(word));
        if (ids[at] === -1) continue;
        const placed = words.map(({ frame }, index) => ({
          word: index === at ? UNKNOWN_WORD : (ids[index] ?? UNKNOWN_WORD),
          firstFrame: frame,
          lastFrame: Math.max(frame, (words[index + 1]?.frame ?? frames) - 3),
          confidence: index === at ? 0 : 1,
        }));
        asked++;
        if (
          real
            .ofDoubtful(logProbs, frames, placed)
            .get(at)
            ?.includes(ids[at] ?? -1)
        )
          offered++;
      }
    expect(asked).toBeGreaterThan(20);
    expect(offered / asked).toBeGreaterThan(0.8);
  });
});
