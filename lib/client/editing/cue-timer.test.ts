// With the built-in network and a clip whose words are known.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openAligner, type WordAligner } from '@/lib/engine/alignment/align';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import { readBuiltInModel, readBytes } from '@/lib/engine/families/ctc/test-model';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { wordsOf } from '@/lib/transcript';
import type { TranscriptSegment } from '@/lib/transcript/types';
import { CueTimer, type TimedCues } from './cue-timer';
import type { Aligner } from './word-timer';

const { entry } = readBuiltInModel();
const { files } = entry.backends.wasm;
const bytesOf = (path: string) => new Uint8Array(readBytes(`public/models/${path}`));
const once = await readWavPcm(new Blob([readBytes(`public/models/${entry.knownClip.path}`)]));
// twice, so that there are enough words to tell a language by
const clip = new Float32Array(2 * once.length);
clip.set(once);
clip.set(once, once.length);
const TEXT = [entry.knownClip.text, entry.knownClip.text].join(' ').split(' ');

let network: WordAligner;
/** When each word of the clip begins, in ms, with all of it aligned at once. */
let starts: number[];

beforeAll(async () => {
  network = await openAligner(
    nodeRuntime,
    {
      network: bytesOf(files.network.path),
      vocabulary: bytesOf(files.vocabulary.path),
      languageModel: bytesOf(files.languageModel.path),
    },
    entry,
  );
  const times = await network.align(clip.slice(), TEXT);
  starts = times.map(({ startSample }) => Math.round(startSample / 16));
});

afterAll(() => network.release());

const aligner = (): Aligner => ({
  languages: async () => entry.languages,
  align: (pcm, words) => network.align(pcm, words),
  dispose: () => undefined,
});

/** Subtitles of some words each, over the clip; their words have shares of their time. */
function cues(texts: readonly string[], each = 6): TranscriptSegment[] {
  const made: TranscriptSegment[] = [];
  for (let from = 0; from < texts.length; from += each) {
    const text = texts.slice(from, from + each).join(' ');
    const span = {
      startMs: starts[from] ?? 0,
      endMs: starts[from + each] ?? Math.round(clip.length / 16),
      text,
    };
    const words = wordsOf(span, []);
    made.push({ id: `c${from}`, ...span, speakerId: null, edited: false, words });
  }
  return made;
}

/** Gives the clip in chunks of half a second. */
async function timed(
  segments: readonly TranscriptSegment[],
  language: string,
  by = aligner(),
): Promise<TimedCues> {
  const timer = new CueTimer(segments, language, by);
  for (let at = 0; at < clip.length; at += 8000)
    await timer.take({ startSample: at, pcm: clip.slice(at, at + 8000) });
  return timer.end();
}

const offMs = (segments: readonly TranscriptSegment[]) => {
  const off = segments
    .flatMap(({ words }) => words)
    .map(({ startMs }, at) => Math.abs(startMs - (starts[at] ?? 0)))
    .sort((a, b) => a - b);
  return off[Math.floor(off.length * 0.9)] ?? 0;
};

it('words of subtitles get their times from the sound, and the cues keep theirs', async () => {
  const given = cues(TEXT);
  const { segments, language } = await timed(given, 'en-GB');
  expect(offMs(given)).toBeGreaterThan(150);
  expect(offMs(segments)).toBeLessThan(60);
  expect(language).toBe('en-GB');
  const spans = (all: readonly TranscriptSegment[]) =>
    all.map(({ startMs, endMs, text }) => [startMs, endMs, text]);
  expect(spans(segments)).toEqual(spans(given));
});

it('a text that the sound agrees with is in the language of the network', async () => {
  const { segments, language } = await timed(cues(TEXT), 'und');
  expect(language).toBe('en');
  expect(offMs(segments)).toBeLessThan(60);
});

it('subtitles of another language, and of another recording, keep their times', async () => {
  const given = cues(TEXT);
  expect(await timed(given, 'de')).toEqual({ segments: given, language: 'de' });
  const other = cues(
    TEXT.map((_, at) => ['Donnerstag', 'fünfzehn', 'überall', 'Wasser'][at % 4] ?? ''),
  );
  expect(await timed(other, 'und')).toEqual({ segments: other, language: 'und' });
});

it('a network that does not load leaves the subtitles as they are', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const given = cues(TEXT);
  const broken = { ...aligner(), languages: () => Promise.reject(new Error('A test wants it.')) };
  expect(await timed(given, 'en', broken)).toEqual({ segments: given, language: 'en' });
  expect(warn).toHaveBeenCalledOnce();
  warn.mockRestore();
});
