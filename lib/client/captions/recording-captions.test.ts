import { describe, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { type LiveWord, NO_RECORDING, type RecordingState } from '@/lib/client/recording';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import { captionsOf } from './recording-captions';

/** Words of half a second each. */
function words(texts: string, fromS = 0, more: Partial<LiveWord> = {}): LiveWord[] {
  return texts.split(' ').map((text, at) => ({
    text,
    startSample: (fromS + at / 2) * SAMPLE_RATE_HZ,
    endSample: (fromS + at / 2 + 0.5) * SAMPLE_RATE_HZ,
    ...more,
  }));
}

const NAMES = (input: 'microphone' | 'display') => (input === 'microphone' ? 'Here' : 'Call');

function setUp() {
  const recording = createStore<RecordingState>(() => NO_RECORDING);
  const captions = captionsOf(recording, async () => 'en', NAMES);
  const change = (state: Partial<RecordingState>) => recording.setState(state);
  const start = (id = 'one') =>
    change({ ...NO_RECORDING, phase: 'recording', id, title: 'Talk', liveModel: 'Draft' });
  /** Final words, then unsure ones in brackets; a line for each paragraph. */
  const shown = () => {
    const { words, finalCount } = captions.getState();
    return words
      .map((word, at) => {
        const text = typeof word === 'string' ? word : word.text;
        const starts = typeof word === 'object' && at > 0;
        const name = typeof word === 'object' && word.speaker ? `${word.speaker}: ` : '';
        return `${starts ? '/ ' : ''}${name}${at < finalCount ? text : `(${text})`}`;
      })
      .join(' ');
  };
  return { captions, change, start, shown };
}

const FOLLOWING = { name: 'Large', state: 'following' } as const;

describe('captions of a recording', () => {
  test('show partial words as unsure and final ones as such', () => {
    const { change, start, shown } = setUp();
    start();
    change({
      paragraphs: [{ startSample: 0, words: words('Good morning') }],
      partial: words('ever', 1),
    });
    expect(shown()).toBe('Good morning (ever)');
  });

  test('hold words unsure until the better model has written them, and then keep them', () => {
    const { change, start, shown } = setUp();
    start();
    change({
      secondModel: FOLLOWING,
      paragraphs: [{ startSample: 0, words: words('god mourning every one') }],
    });
    expect(shown()).toBe('(god) (mourning) (every) (one)');
    const better = [...words('Good morning', 0, { isSecond: true }), ...words('every one', 1)];
    change({ paragraphs: [{ startSample: 0, words: better }] });
    expect(shown()).toBe('Good morning (every) (one)');
    const rewritten = [...words('God mourning', 0), ...words('everyone', 1, { isSecond: true })];
    change({ paragraphs: [{ startSample: 0, words: rewritten }] });
    expect(shown()).toBe('Good morning everyone');
  });

  test('are final where the better model gives up', () => {
    const { change, start, shown } = setUp();
    start();
    change({
      secondModel: FOLLOWING,
      paragraphs: [{ startSample: 0, words: words('one two') }],
    });
    change({ secondModel: { ...FOLLOWING, state: 'behind' } });
    expect(shown()).toBe('one two');
  });

  test('leave old words alone while the better model loads', () => {
    const { change, start, shown } = setUp();
    start();
    change({
      secondModel: { ...FOLLOWING, state: 'loading' },
      paragraphs: [{ startSample: 0, words: [...words('old'), ...words('new', 40)] }],
    });
    expect(shown()).toBe('old (new)');
  });

  test('start a paragraph where the recording does', () => {
    const { change, start, shown } = setUp();
    start();
    const first = { startSample: 0, words: words('one two') };
    change({
      paragraphs: [first, { startSample: first.words[1]?.endSample ?? 0, words: [] }],
      partial: words('three', 3),
    });
    expect(shown()).toBe('one two / (three)');
    change({
      paragraphs: [first, { startSample: SAMPLE_RATE_HZ, words: words('three', 3) }],
      partial: words('four', 4),
    });
    expect(shown()).toBe('one two / three (four)');
  });

  test('keep the last lines when the recording ends, and drop them when the next begins', async () => {
    const { captions, change, start, shown } = setUp();
    start();
    change({
      secondModel: FOLLOWING,
      paragraphs: [{ startSample: 0, words: words('the end') }],
    });
    change({ phase: 'idle' });
    await Promise.resolve();
    expect(captions.getState()).toMatchObject({ phase: 'ended', title: 'Talk', language: 'en' });
    expect(shown()).toBe('the end');
    start('two');
    expect(captions.getState()).toMatchObject({ phase: 'listening', words: [] });
  });

  test('say who speaks where there are several inputs, and start a paragraph with each', () => {
    const { change, start, shown } = setUp();
    start();
    change({
      turns: [
        { input: 'display', startSample: 0 },
        { input: 'microphone', startSample: 1.4 * SAMPLE_RATE_HZ },
      ],
      paragraphs: [{ startSample: 0, words: words('How are you Fine') }],
      partial: words('thanks', 2),
    });
    expect(shown()).toBe('Call: How are you / Here: Fine (thanks)');
  });

  test('begin in the middle of a recording, too', () => {
    const recording = createStore<RecordingState>(() => ({
      ...NO_RECORDING,
      phase: 'paused' as const,
      id: 'one',
      paragraphs: [{ startSample: 0, words: words('so far') }],
    }));
    const captions = captionsOf(recording, async () => null, NAMES);
    expect(captions.getState()).toMatchObject({ phase: 'paused', finalCount: 2 });
  });

  test('say that there is no live text, and when the model is loading', () => {
    const { captions, change, start } = setUp();
    start();
    change({ liveModel: null });
    expect(captions.getState().phase).toBe('waiting');
    change({ notices: [{ kind: 'no-live-text', input: null }] });
    expect(captions.getState().phase).toBe('unavailable');
  });
});
